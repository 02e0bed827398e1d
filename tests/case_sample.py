"""A small case that passes every check, and a way to break it before it is written."""

from __future__ import annotations

import copy
import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from crosscurrent.case import NameTables
from crosscurrent.model.schema import Driver, Lever, Measure, Parameter, State

NAMES = NameTables(
    parameters={
        "split_probability": Parameter("split_probability", 0.0, 1.0, "1", "organizations"),
        "recovery_weeks": Parameter("recovery_weeks", 1.0, 104.0, "weeks", "trafficking"),
    },
    levers={
        "leadership_strikes": Lever("leadership_strikes", "US", 0.0, 20.0, "strikes/month", "full", 0.0),
        "treatment": Lever("treatment", "US", 0.0, 1.0, "1", "split_probability", 0.0),
    },
    drivers={"naloxone_kits": Driver("naloxone_kits", "thousand", 1.0, 1e6, "history_error_market")},
    measures={
        "homicides": Measure("homicides", "deaths", "flow", "homicides", "lower", "All homicides."),
        "missing": Measure("missing", "persons", "flow", "missing", "lower", "Persons who go missing."),
    },
    pulses=("pulse_rupture",),
    states={"trust": State("trust", "1", 0.0, 1.0, 0.5, "diplomacy", "Trust between the governments.")},
)

GRADED = {"evidence": ["study-one"], "reasoning": "Read off the study.", "grade": "weak"}


def _lever(unit: str, high: float, group: str) -> dict[str, Any]:
    return {
        "label": "A lever", "owner": "US", "unit": unit, "low": 0, "high": high, "status_quo": 0,
        "reference": 0, "cost": 2.5,
        "cost_owner": "US", "implementation": 1, "extrapolation_above": high / 2, "group": group, **GRADED,
    }  # fmt: skip


YAML_DATA: dict[str, Any] = {
    "case.yaml": {
        "id": "small", "title": "A small case", "description": "For tests.", "scope": ["two groups"],
        "boundaries": ["no places"],
        "calendar": {
            "start": "2012-01-02", "reference": ["2015-01-01", "2019-12-31"],
            "default_decision": "2014-06",
            "history_end": "2014-12-31",
        },
        "population": {"mexico": 120e6, "united_states": 320e6},
    },
    "products.yaml": {
        "fentanyl": {"label": "Fentanyl", "unit": "kg", "evidence": ["study-one"],
        "facts": {"purity": 0.1}}
    },
    "corridors.yaml": {
        "west": {"label": "West", "kind": "land", "base_share": {"fentanyl": 0.75}, **GRADED},
        "sea": {"label": "Sea", "kind": "sea", "base_share": {"fentanyl": 0.25}, **GRADED},
    },
    "levers.yaml": {
        "leadership_strikes": _lever("strikes/month", 20, "force"),
        "treatment": {**_lever("1", 1, "health"), "implementation": "split_probability"},
    },
    "parameters/organizations.yaml": {
        "split_probability": {
            "label": "Probability of a split", "unit": 1, "distribution": {"beta": [2, 3]},
            "axis": "removal",
            "rivals": {"splits": {"beta": [6, 3]}}, **GRADED,
        }
    },
    "parameters/trafficking.yaml": {
        "recovery_weeks": {
            "label": "Recovery", "unit": "weeks", "distribution": {"loguniform": [2, 52]}, "evidence": [],
            "reasoning": "A guess.", "grade": "assumption",
        }
    },
    "axes.yaml": {
        "removal": {
            "label": "Removal", "question": "What does a removal do?",
            "rivals": {
                "splits": {"label": "Splits", "statement": "It splits."},
                "weakens": {"label": "Weakens", "statement": "It weakens."},
            },
            "evidence": ["study-one"],
        },
        "number": {
            "label": "Number", "question": "Does the number of groups matter?",
            "rivals": {
                "drives": {"label": "Drives", "statement": "It does."},
                "not": {"label": "Not", "statement": "It does not."},
            },
            "evidence": ["study-two"],
            "weights_given": {
                "axis": "removal",
                "table": {"splits": {"drives": 0.7, "not": 0.3}, "weakens": {"drives": 0.4, "not": 0.6}},
            },
        },
    },
    "theories.yaml": {
        "even": {"label": "Even", "description": "Fixes nothing.", "fixes": {}},
        "removal-splits": {"label": "Splits", "description": "Removal splits.",
        "fixes": {"removal": "splits"}},
    },
    "policies.yaml": {
        "status-quo": {"label": "Status quo", "description": "Nothing new.", "levers": {}},
        "graduated": {
            "label": "Graduated", "description": "Adapts.", "levers": {"leadership_strikes": 2,
            "treatment": 0.5},
            "starts": {"treatment": 8},
            "rules": [
                {"when": "homicides", "above": 500, "for_weeks": 4, "release": 400, "delay_weeks": 2,
                 "then": {"leadership_strikes": 0}},
                {"when": "trust", "below": 0.2, "then": {"treatment": 1}},
            ],
            "variants": {"half": {"leadership_strikes": 1}, "full": {"label": "Full",
            "levers": {"treatment": 1}}},
        },
    },
    "claims.yaml": {
        "strikes-lower": {
            "statement": "Strikes lower homicides.", "documents": ["document-one"],
            "asserted_by": "officials",
            "kind": "prediction", "stance": "supporter", "subsystem": "violence", "origin": "news-one",
            "test": {"measure": "homicides", "policy": "graduated", "versus": "status-quo",
            "at_months": [12],
                     "direction": "lower", "margin": 0.1, "kind": "finding"},
            "contested": True,
        },
        "talks": {
            "statement": "Talks go on.", "documents": ["document-one"], "asserted_by": "officials",
            "kind": "fact",
            "stance": "neutral", "subsystem": "diplomacy", "origin": "news-one", "test": None,
            "why_not": "No outcome.", "note": "", "contested": False,
        },
    },
    "pathways.yaml": {
        "calm": {
            "label": "Calm", "measure": "homicides", "at_most": 400, "from_months": 12, "for_months": 6, **GRADED,
            "pathways": {
                "first-this-then-that": {
                    "label": "This, then that", "description": "One after the other.", "start": "status-quo",
                    "transfers": [
                        {"to": "treat", "keeps": True, "signpost": "homicides", "above": 300, "for_weeks": 13,
                         "release": 200, "lead_weeks": 4, "irreversible": False, "cost": 5, **GRADED},
                        {"to": "strike", "keeps": False, "signpost": "homicides", "above": 300, "for_weeks": 13,
                         "release": 250, "lead_weeks": 4, "irreversible": False, "cost": 5, **GRADED},
                    ],
                }
            },
        }
    },
}  # fmt: skip
YAML_DATA |= {
    "targets.yaml": {
        "deaths_annual": {
            "label": "Deaths", "series": "deaths", "definition": "all",
            "minus": {"series": "deaths", "definition": "month"}, "measures": {"homicides": 1}, "over": {"missing": 1},
            "background": 2, "frequency": "year", "scale": "log", "level_margin": 0.1,
            "published": {"unit": "deaths", "per_unit": 2}, "fit": True, "score": "main",
            "reasoning": "They are counted.",
        }
    },
    "driver_rules.yaml": {
        "naloxone_kits": {"scale": "log", "trend": "damped", "least_change": 0.1, "reasoning": "Grows."},
    },
    "learned.yaml": {
        "organizations": {
            "axes": ["removal", "number"], "parameters": ["split_probability"], "reasoning": "Data show it.",
        }
    },
}  # fmt: skip
YAML_DATA["policies.yaml"] |= {
    "treat": {"label": "Treat", "description": "More treatment.", "levers": {"treatment": 0.3}},
    "strike": {"label": "Strike", "description": "Strikes.", "levers": {"leadership_strikes": 1}},
}

_tie = {"from_rank": 1, "to_rank": 2, "weight": 3, "evidence": "study-one"}
_group = {"rivalry_strength": 3, "alliance_strength": 1, "evidence": "study-one"}
_history = {"plus_minus": 0.1, "unit": "thousand", "basis": "data", "evidence": "study-one;study-two"}
_event = {"owner": "MX", "sets": "", "value": "", "until": "", "known": "", "evidence": "study-one", "verified": "yes"}
_point = {
    "unit": "deaths",
    "definition": "all",
    "publisher": "An office",
    "source": "A table",
    "verified": "yes",
    "note": "",
}
_record = {
    "kind": "estimate", "mechanism": "removal", "setting": "Mexico", "estimate": "0.3", "unit": "1",
    "interval": "",
    "direction": "+", "method": "panel", "citation": "Author 2015", "locator": "Table 2",
    "verified": "yes", "note": "",
}  # fmt: skip

TABLE_DATA: dict[str, list[dict[str, Any]]] = {
    "groups.csv": [
        {"rank": 1, "size_share": 0.5, "rank_class": "top", **_group},
        {"rank": 2, "size_share": 0.3, "rank_class": "large", **_group},
        {"rank": 3, "size_share": 0.2, "rank_class": "small", **_group},
    ],
    "rivalries.csv": [_tie, {**_tie, "to_rank": 3}],
    "alliances.csv": [_tie, {**_tie, "to_rank": 3}],
    "history.csv": [{"year": year, "name": "naloxone_kits", "value": 5, **_history} for year in (2012, 2013, 2014)]
    + [
        {
            "year": year,
            "name": "treatment",
            "value": 0.1,
            **_history,
            "unit": "1",
            "basis": "assumption",
            "evidence": "",
        }
        for year in (2012, 2013)
    ],
    "events.csv": [
        {
            "date": "2012-05-01",
            "kind": "removal_top",
            "rank_class": "top",
            "label": "A leader captured",
            **_event,
            "sets": "treatment",
            "value": 0.2,
            "until": "2012-06-01",
        },
        {
            "date": "2013-05-01",
            "kind": "law",
            "rank_class": "",
            "label": "A law",
            **_event,
            "sets": "pulse_rupture",
            "value": 1,
        },
    ],
    "series/deaths.csv": [{"period": year, "value": 100 + year, **_point} for year in (2012, 2013)]
    + [{"period": period, "value": 3, **_point, "definition": "month"} for period in ("2012-12", "2013-01")]
    + [{"period": period, "value": 9, **_point, "definition": "fiscal"} for period in ("FY2012", "FY2013")],
    "evidence.csv": [
        {"id": "study-one", "origin": "author-2015", **_record},
        {"id": "study-two", "origin": "author-2015", **_record},
        {"id": "study-doubtful", "origin": "author-2016", **_record, "verified": "no"},
    ],
}


class Sample:
    """Data of the small case; ``edits`` change the bytes of a file after it is rendered."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = {
            file: copy.deepcopy(content) for file, content in {**YAML_DATA, **TABLE_DATA}.items()
        }
        self.edits: dict[str, Callable[[bytes], bytes]] = {}
        self.extra: dict[str, bytes] = {}

    def __getitem__(self, file: str) -> Any:
        return self.data[file]

    def entry(self, file: str) -> dict[str, Any]:
        """First entry of a YAML file, the first row of a table, or the whole of case.yaml."""
        content = self.data[file]
        if file == "case.yaml":
            return content
        return content[0] if isinstance(content, list) else next(iter(content.values()))

    def write(self, folder: Path) -> Path:
        """Write the case and return its folder."""
        for file, content in self.data.items():
            raw = _csv(content) if isinstance(content, list) else _yaml(content)
            self._put(folder / file, self.edits.get(file, bytes)(raw))
        for file, raw in self.extra.items():
            self._put(folder / file, raw)
        return folder

    @staticmethod
    def _put(path: Path, raw: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)


def _yaml(content: Any) -> bytes:
    stream = io.BytesIO()
    writer = YAML()
    writer.width = 10_000
    # No anchors: the same list may stand at several places of the data.
    writer.representer.ignore_aliases = lambda _: True
    writer.dump(content, stream)
    return stream.getvalue()


def _csv(rows: list[dict[str, Any]]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, fieldnames=list(dict.fromkeys(key for row in rows for key in row)), restval="x")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()
