"""What stands behind the figures: explanations, sources, the past, claims and flips.

Claims read a study of all policies: the one the server was given, or one it computes when it is first asked.  Until
then the answer says so.  Flips are searched in the page's own worlds, or in a study that was given.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..analysis.explaining import explain
from ..case.evidence import effect_words, origin_count
from ..errors import InputError
from .documents import claim_results, claim_test, score_rows
from .facts import fact_said, line_said
from .flipping import ANSWER_SECONDS, FlipSearches
from .pathways import PathwayMaps, PathwayQuestion
from .questions import FlipQuestion
from .source_words import source_words
from .studies import StudyBehind

if TYPE_CHECKING:
    from ..analysis.explaining import Explanation
    from ..study.results import Results
    from .laboratory import Laboratory

__all__ = ["Lookups"]

_PAST_WORLDS = 128
_KEPT = 400
"""Answers kept."""
_NEAREST = 14
"""Parameters upstream of a measure that an explanation lists."""
_NAMES = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
"""What may be the id of a record in a text."""


class Lookups:
    """Sources, past and stored results of one laboratory; each is computed once.

    Parameters
    ----------
    laboratory : Laboratory
    results : path, optional
        A results folder of the same case, for claims and flips.
    """

    def __init__(self, laboratory: Laboratory, results: Path | None = None) -> None:
        self.laboratory, self.case = laboratory, laboratory.case
        behind = laboratory.blocks.simulator.study
        self.study = StudyBehind(self.case, behind.decision, behind.years, behind.seed, results, beliefs=behind.beliefs)
        self.searches = FlipSearches(laboratory, self.study)
        self.pathways = PathwayMaps(laboratory, results)
        self._kept: OrderedDict[Any, Any] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Any, threading.Lock] = {}

    def close(self) -> None:
        """Give up what is being computed."""
        self.searches.close()
        self.study.close()
        self.pathways.close()

    def _once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What was made for a key, made by the one thread that comes first; others go on meanwhile."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._kept:
                    return self._kept[key]
            made = make()
            with self._lock:
                self._kept[key] = made
                self._making.pop(key, None)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            return made

    def explain(self, name: str) -> dict[str, Any]:
        """Definition, equations, values by theory and evidence of a name.

        Raises
        ------
        InputError
            If nothing has that name.
        """
        found = explain(self.case, name)
        return dict(self._once(("explain", found.kind, found.name), lambda: self._explained(found)))

    def _explained(self, found: Explanation) -> dict[str, Any]:
        theories = self.laboratory.theories
        return {
            "name": found.name, "kind": found.kind, "title": found.title, "definition": found.definition,
            "facts": [[label, text, fact_said(found, label, text)] for label, text in found.facts],
            "equations": [
                {"function": each.function, "place": each.place, "text": each.text}
                for each in found.equations
            ],
            "by_theory": [asdict(value) for value in found.by_theory if value.theory in theories],
            "evidence": [self._record_of(record.id) for record in found.evidence],
            "origins": found.origins,
            "lists": [
                [heading, [[line, line_said(found, heading, line)] for line in lines]] for heading, lines in found.lists
            ],
            "assumptions": self._assumptions(found), "observed": self._observed(found),
        }  # fmt: skip

    def _observed(self, found: Explanation) -> dict[str, Any] | None:
        """The public series that the model's past is compared with in a measure, if there is one."""
        from ..analysis.historyfit import observations, targets

        target = next((each for each in targets(self.case) if each.measure == found.name), None)
        if found.kind != "measure" or target is None:
            return None
        seen = observations(self.case, target)
        publishers = dict.fromkeys(point.publisher for point in self.case.series[target.series].points)
        return {
            "series": target.series, "label": target.label, "period": target.period,
            "publisher": "; ".join(publishers), "points": [{"year": each.year, "value": each.value} for each in seen],
        }

    def _assumptions(self, found: Explanation) -> list[dict[str, Any]]:
        """Parameters upstream, nearest first, with grade and number of origins."""
        if found.drivers is None:
            return []
        rows: list[dict[str, Any]] = []
        for driver in found.drivers.of_kind("parameter"):
            parameter = self.case.parameters.get(driver.name)
            if parameter is not None and len(rows) < _NEAREST:
                rows.append(
                    {
                        "id": parameter.id, "label": parameter.label, "grade": parameter.grade,
                        "axis": parameter.axis, "distance": driver.distance,
                        "records": len(parameter.evidence),
                    }
                )  # fmt: skip
        return rows

    def _record_of(self, key: str) -> dict[str, Any]:
        """A record, with the citations of other records that its note or citation names by id."""
        record = self.case.evidence[key]
        words = _NAMES.findall(f"{record.note} {record.citation}")
        named = [name for name in dict.fromkeys(words) if name in self.case.evidence]
        return {
            "id": record.id, "origin": record.origin, "effect": effect_words(record),
            "citation": record.citation, "locator": record.locator, "finding": record.mechanism,
            "estimate": record.estimate, "unit": record.unit, "interval": record.interval, "setting": record.setting,
            "verified": record.verified, "note": record.note, "method": record.method,
            "named": [[name, self.case.evidence[name].citation] for name in named],
        }  # fmt: skip

    def source_words(self, language: str) -> dict[str, str]:
        """Translations of the case's longer texts, by key; what has none is left out."""
        return dict(self._once(("source words", language), lambda: source_words(self.case, language)))

    def sources(self) -> dict[str, Any]:
        """Everything the case rests on."""
        return dict(self._once("sources", self._sources))

    def _sources(self) -> dict[str, Any]:
        case = self.case
        return {
            "parameters": [
                {
                    "id": each.id, "label": each.label, "unit": each.unit, "grade": each.grade,
                    "subsystem": each.subsystem, "evidence": list(each.evidence),
                }
                for each in case.parameters.values()
            ],
            "records": [self._record_of(key) for key in case.evidence],
            "origins": origin_count(tuple(case.evidence.values())),
            "series": [
                {"id": series.id, "points": len(series.points), "publisher": series.points[0].publisher}
                for series in case.series.values()
                if series.points
            ],
        }  # fmt: skip

    def record(self) -> dict[str, Any]:
        """The model's past against public series."""
        return dict(self._once("record", self._record))

    def _record(self) -> dict[str, Any]:
        from ..analysis.historyfit import TARGET_UNTIL, fit_history
        from ..study.history import simulate_history

        study = self.laboratory.blocks.simulator.study
        totals = simulate_history(self.case, self.laboratory.theories, _PAST_WORLDS, study.seed)
        fit = fit_history(self.case, totals)
        return {
            "worlds": fit.worlds, "seed": fit.seed, "until": TARGET_UNTIL, "failed": dict(fit.failed),
            "series": [
                {
                    "measure": target.measure, "series": target.series, "label": target.label,
                    "period": target.period,
                    "theories": {
                        theory: [
                            {
                                "year": row.year, "seen": row.observed, "low": row.p05, "high": row.p95,
                                "missed": row.missed, "verified": row.verified,
                            }
                            for row in fit.of(target.measure, theory)
                        ]
                        for theory in fit.theories
                    },
                }
                for target in fit.targets
            ],
            "misses": {
                theory: {
                    "until": list(fit.misses(theory, is_target=True)),
                    "after": list(fit.misses(theory, is_target=False)),
                }
                for theory in fit.theories
            },
        }  # fmt: skip

    def score(self) -> dict[str, Any]:
        """Scores of the case's back-test on years its forecasts did not see, by series and theory."""
        return dict(self._once("score", self._score))

    def _score(self) -> dict[str, Any]:
        """A case without a back-test of its own has no scores; that is said, nothing is put in their place."""
        from ..calibration.forecasting import NULL
        from ..calibration.scoreboard import score_backtest
        from ..calibration.shipped import shipped_backtest
        from ..calibration.verdicts import nothing_added, statistics_as_good

        try:
            frame, current = shipped_backtest(self.case)
        except InputError:
            return {"computed": False}
        board = score_backtest(frame, self.case)
        members = [*(name for name in self.laboratory.theories if name in board.members), NULL]
        return {
            "computed": True, "current": current, "members": members, "rows": score_rows(board, self.case, members),
            "apart": [list(row) for row in board.theories_apart()], "as_good": statistics_as_good(board, self.case),
            "nothing_added": nothing_added(board),
        }  # fmt: skip

    def claims(self) -> dict[str, Any]:
        """Claims of the documents; with shares of worlds once a stored study gives them."""
        results = self.study.results()
        if results is None:
            return {"computed": False, "computing": self.study.state(), "rows": self._claim_rows({})}
        return dict(self._once("claims", lambda: self._audited(results)))

    def _audited(self, results: Results) -> dict[str, Any]:
        from ..analysis.claims import audit_claims

        rows = self._claim_rows(claim_results(audit_claims(results, self.case), self.case))
        return {"computed": True, "rows": rows, "worlds": results.study.worlds, "seed": results.study.seed}

    def _claim_rows(self, found: dict[str, Any]) -> list[dict[str, Any]]:
        rows = []
        for claim in self.case.claims.values():
            test = claim.test
            rows.append(
                {
                    "id": claim.id, "statement": claim.statement, "asserted_by": claim.asserted_by,
                    "stance": claim.stance, "subsystem": claim.subsystem, "documents": list(claim.documents),
                    "origin": claim.origin, "why_not": claim.why_not, "note": claim.note,
                    "test": None if test is None else claim_test(test), "together": [*map(claim_test, claim.together)],
                    "result": found.get(claim.id),
                }
            )  # fmt: skip
        return rows

    def flips(self, question: FlipQuestion, seconds: float = ANSWER_SECONDS) -> dict[str, Any]:
        """What would turn the comparison of two policies, or how far the search is after so many seconds.

        Raises
        ------
        InputError
            If a name is unknown, a value out of range, or both policies are the same.
        Superseded, Busy
            If a later question of the page has arrived, or too many wait.
        """
        return self.searches.ask(question, seconds)

    def pathway_names(self) -> dict[str, Any]:
        """Objectives and pathways of the case, with the records behind them."""
        records = {key: self._record_of(key) for key in self.pathways.evidence()}
        return {**self.pathways.about(), "records": records}

    def pathway_map(self, question: PathwayQuestion) -> dict[str, Any]:
        """What becomes of an objective under a theory.

        Raises
        ------
        InputError
            If a name is unknown.
        """
        return self.pathways.ask(question)
