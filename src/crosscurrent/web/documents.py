"""Claims and flips as documents for the page: figures and labels; the page writes the sentences in its language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

from ..model.schema import MEASURES, OBSERVABLES

if TYPE_CHECKING:
    from ..analysis.claims_records import Audit, Examination
    from ..analysis.flips_records import Flips
    from ..calibration.scoreboard import Scoreboard
    from ..case.records import Case, ClaimTest

__all__ = ["claim_results", "claim_test", "flip_document", "plain", "score_rows"]

_RANKED = 8
"""Assumptions that are listed."""


def flip_document(found: Flips, case: Case) -> dict[str, Any]:
    """A comparison's flip: state, shares by theory, region with sources, ranked assumptions, map.

    Parameters
    ----------
    found : Flips
    case : Case
        Gives the labels.
    """
    from ..analysis.flips_wording import theory_verdict

    region = None
    if found.region is not None:
        region = plain(found.region) | {
            "conditions": [
                {
                    **plain(each), "label": _label(each.name, each.kind, case), "origins": each.sources.origins,
                    "question": case.axes[each.name].question if each.name in case.axes else "",
                    "sources": plain({name: getattr(each.sources, name) for name in ("grade", "best", "low", "high")}),
                }
                for each in found.region.conditions
            ],
            "leaders": [found.region.inside.leader, found.region.outside.leader],
        }
    return {
        "a": found.a, "b": found.b, "measure": found.measure, "ahead": found.ahead, "state": found.state,
        "reason": found.reason, "overall": plain(found.overall), "region": region,
        "theories": {
            row.theory: {**plain(row.side), "verdict": theory_verdict(row.side), "failed": row.failed}
            for row in found.theories
            if row.pooled
        },
        "ranked": [
            {**plain(row), "label": _label(row.name, row.kind, case)} for row in found.ranked[:_RANKED]
        ],
        "noise": plain(found.noise), "split": plain(found.split), "map": _map(found, case),
    }  # fmt: skip


def _label(name: str, kind: str, case: Case) -> str:
    known = case.parameters.get(name) if kind == "parameter" else case.axes.get(name)
    return known.label if known is not None else name


def _map(found: Flips, case: Case) -> dict[str, Any] | None:
    if found.map is None:
        return None
    axes = {
        key: {**plain(axis), "label": _label(axis.name, axis.kind, case)}
        for key, axis in (("across", found.map.across), ("up", found.map.up))
    }
    return {**axes, "classes": plain(found.map.classes), "theories": plain(found.map.theories)}


def claim_results(audit: Audit, case: Case) -> dict[str, Any]:
    """What the study says of each claim: readings by date and theory, verdict, and on what it depends.

    Parameters
    ----------
    audit : Audit
        From :func:`crosscurrent.analysis.claims.audit_claims`.
    case : Case
        Gives the labels.
    """
    return {
        entry.claim.id: {
            **_examined(entry.main, audit, case),
            "also": [{"test": claim_test(each.test), **_examined(each, audit, case)} for each in entry.also],
        }
        for entry in audit.claims
        if entry.main is not None
    }


def _examined(main: Examination, audit: Audit, case: Case) -> dict[str, Any]:
    """One test: verdict, readings by date and theory, on what it depends."""
    months = sorted({reading.month for reading in main.readings})
    return {
        "verdict": main.verdict, "why": main.why, "kind": main.kind, "unread": list(main.unread),
        "needs": [[need.kind, need.name] for need in main.needs] if main.why != "too few sound worlds" else [],
        "dates": [
            {
                "month": month,
                "theories": {
                    reading.theory: {
                        "share": plain(reading.holds.value), "error": plain(reading.holds.error),
                        "worlds": reading.worlds, "verdict": reading.verdict, "unit": reading.size_unit,
                        "size": [_digits(size) for size in (reading.size_p05, reading.size_p50, reading.size_p95)],
                    }
                    for reading in main.readings
                    if reading.month == month and reading.theory in audit.theories
                },
            }
            for month in months
        ],
        "depends": [
            {**plain(each), "label": _label(each.name, each.kind, case)}
            for each in main.flippers
            if each.kind in ("axis", "parameter")
        ],
    }  # fmt: skip


def _digits(value: float) -> float | None:
    """Four significant digits, or None for what is no figure."""
    return plain(float(f"{value:.4g}"))  # type: ignore[no-any-return]


def claim_test(test: ClaimTest) -> dict[str, Any]:
    """A test of a claim with the unit of its measure; empty where it has none."""
    known = MEASURES.get(test.measure) or OBSERVABLES.get(test.measure)
    return {**plain(test), "unit": known.unit if known is not None else ""}


def score_rows(board: Scoreboard, case: Case, members: Sequence[str]) -> list[dict[str, Any]]:
    """Skill against the best naive rule and share of observations inside the 90 % interval, by series and forecaster.

    Parameters
    ----------
    board : Scoreboard
    case : Case
        Gives labels, and which series count as main.
    members : sequence of str
        Theories, and the forecast without a model.
    """
    from ..calibration.verdicts import against_best_naive

    rows = []
    for series in board.series:
        target = case.targets[series]
        scores = {name: board.of(series, name) for name in members}
        first = next((score for score in scores.values() if score is not None), None)
        rows.append(
            {
                "series": series, "label": target.label, "main": target.score == "main",
                "naive": board.best_naive(series), "cutoffs": 0 if first is None else first.cutoffs,
                "periods": 0 if first is None else first.periods,
                "members": {
                    name: {"skill": plain(against_best_naive(board, series, name)), "inside": plain(score.coverage_90)}
                    for name, score in scores.items()
                    if score is not None
                },
            }
        )  # fmt: skip
    return rows


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
