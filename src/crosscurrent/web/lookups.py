"""What stands behind the figures: explanations, sources, the past, claims and flips.

Claims and flips read a stored study.  The page never computes them from fewer worlds than a study has: where there is
no study, or the method is not installed, the answer says so and names the command.
"""

from __future__ import annotations

import importlib
import threading
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..analysis.explaining import explain
from ..case.evidence import origin_count
from ..errors import InputError
from .questions import FlipQuestion, checked_measures

if TYPE_CHECKING:
    from ..analysis.explaining import Explanation
    from ..study.results import Results
    from .laboratory import Laboratory

__all__ = ["Lookups"]

_PAST_WORLDS = 128
_NEAREST = 14
"""Parameters upstream of a measure that an explanation lists."""


class Lookups:
    """Sources, past and stored results of one laboratory; each is computed once.

    Parameters
    ----------
    laboratory : Laboratory
    results : path, optional
        A results folder of the same case, for claims and flips.
    """

    def __init__(self, laboratory: Laboratory, results: Path | None = None) -> None:
        self.laboratory, self.folder = laboratory, results
        self.case = laboratory.case
        self._kept: dict[Any, Any] = {}
        self._lock = threading.Lock()

    def _once(self, key: Any, make: Any) -> Any:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make()
            return self._kept[key]

    def explain(self, name: str) -> dict[str, Any]:
        """Definition, equations, values by theory and evidence of a name.

        Raises
        ------
        InputError
            If nothing has that name.
        """
        found = explain(self.case, name)
        return self._once(("explain", found.name), lambda: self._explained(found))

    def _explained(self, found: Explanation) -> dict[str, Any]:
        theories = self.laboratory.theories
        return {
            "name": found.name, "kind": found.kind, "title": found.title, "definition": found.definition,
            "facts": [list(fact) for fact in found.facts],
            "equations": [
                {"function": each.function, "place": each.place, "text": each.text}
                for each in found.equations
            ],
            "by_theory": [asdict(value) for value in found.by_theory if value.theory in theories],
            "evidence": [self._record_of(record.id) for record in found.evidence],
            "origins": found.origins,
            "lists": [[heading, list(lines)] for heading, lines in found.lists],
            "assumptions": self._assumptions(found),
        }  # fmt: skip

    def _assumptions(self, found: Explanation) -> list[dict[str, Any]]:
        """Parameters upstream, nearest first, with grade and number of origins."""
        if found.drivers is None:
            return []
        rows = []
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

    def _record_of(self, key: str) -> dict[str, str]:
        record = self.case.evidence[key]
        return {
            "id": record.id, "origin": record.origin, "direction": record.direction, "citation": record.citation,
            "locator": record.locator, "finding": record.mechanism, "estimate": record.estimate,
            "unit": record.unit, "interval": record.interval, "setting": record.setting,
            "verified": record.verified, "note": record.note,
        }  # fmt: skip

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

    def claims(self) -> dict[str, Any]:
        """Claims of the documents; with shares of worlds where a stored study gives them."""
        return dict(self._once("claims", self._claims))

    def _claims(self) -> dict[str, Any]:
        audit = _method("claims", "audit_claims")
        results = self._results() if audit is not None else None
        verdicts = {} if results is None or audit is None else _by_claim(audit(results, self.case))
        rows = []
        for claim in self.case.claims.values():
            test = claim.test
            rows.append(
                {
                    "id": claim.id, "statement": claim.statement, "asserted_by": claim.asserted_by,
                    "stance": claim.stance, "subsystem": claim.subsystem, "documents": list(claim.documents),
                    "origin": claim.origin, "why_not": claim.why_not, "note": claim.note,
                    "test": None if test is None else asdict(test), "result": verdicts.get(claim.id),
                }
            )  # fmt: skip
        return {"computed": bool(verdicts), "rows": rows, **self._about(results)}

    def flips(self, question: FlipQuestion) -> dict[str, Any]:
        """What would turn the comparison of two policies, from the stored study.

        Raises
        ------
        InputError
            If a name is unknown.
        """
        checked_measures((question.measure,))
        for name in (question.a, question.b):
            self.laboratory.blocks.orders(name, {})
        if question.a == question.b:
            raise InputError("the two policies are the same", given=question.a, expected="two policies")
        return dict(self._once(question, lambda: self._flips(question)))

    def _flips(self, question: FlipQuestion) -> dict[str, Any]:
        find = _method("flips", "find_flips")
        results = self._results() if find is not None else None
        usable = results is not None and {question.a, question.b} <= set(results.policies)
        if find is None or results is None or not usable:
            return {"computed": False, "method": find is not None}
        found = find(results, self.case, question.a, question.b, question.measure)
        return {"computed": True, "found": plain(found), **self._about(results)}

    def _results(self) -> Results | None:
        if self.folder is None:
            return None
        from ..study.results import open_results

        return open_results(self.folder)

    @staticmethod
    def _about(results: Results | None) -> dict[str, Any]:
        return {} if results is None else {"worlds": results.study.worlds, "seed": results.study.seed}


def _method(module: str, name: str) -> Any:
    """A function of the analysis package, or None where this version has none."""
    try:
        return getattr(importlib.import_module(f"crosscurrent.analysis.{module}"), name, None)
    except ModuleNotFoundError:
        return None


def _by_claim(audit: Any) -> dict[str, Any]:
    rows = getattr(audit, "rows", audit)
    return {row["claim"] if isinstance(row, dict) else str(getattr(row, "claim", "")): plain(row) for row in rows}


def plain(value: Any) -> Any:
    """Records and arrays as JSON's own kinds; figures that are none become null.

    >>> plain((1.0, float("nan")))
    [1.0, None]
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {key: plain(entry) for key, entry in asdict(value).items()}
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if value - value == 0 else None
    return value if value is None or isinstance(value, str | int | bool) else str(value)
