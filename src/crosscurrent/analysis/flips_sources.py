"""What is known of an assumption: its best-sourced value, and the records of evidence that bear on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from ..case.distributions import quantile
from ..model.schema import PARAMETERS
from .flips_design import MIXTURE, Floats
from .flips_records import EvidenceNote, Sources

if TYPE_CHECKING:
    from ..case.records import Case

__all__ = ["governing_axis", "prior_distance", "prior_place", "prior_values", "sources_of"]

_LEVELS = np.linspace(0.0, 1.0, 1001)
_NONE = float("nan")


def prior_values(name: str, case: Case | None, drawn: Floats) -> Floats:
    """Values of a parameter at 1,001 even levels of its best-sourced distribution.

    That is the case's common distribution, within the model's bounds; without a case, what was drawn.
    """
    entry = case.parameters.get(name) if case is not None else None
    if entry is None:
        return np.asarray(np.quantile(drawn, _LEVELS), dtype=np.float64)
    bounds = PARAMETERS.get(name)
    inner = np.clip(_LEVELS, 1e-6, 1.0 - 1e-6)
    if bounds is None:
        return quantile(entry.distribution, inner)
    return quantile(entry.distribution, inner, bounds.low, bounds.high)


def prior_place(values: Floats, value: float) -> float:
    """Share of a distribution, given by its values at even levels, below a value.

    >>> round(prior_place(np.linspace(0.0, 2.0, 1001), 0.5), 3)
    0.25
    """
    low, high = np.searchsorted(values, [value], side="left")[0], np.searchsorted(values, [value], side="right")[0]
    if low == 0 and high == 0:
        return 0.0
    if low == len(values):
        return 1.0
    if low < high:
        return float(0.5 * (_LEVELS[low] + _LEVELS[high - 1]))
    share = (value - values[low - 1]) / (values[low] - values[low - 1])
    return float(_LEVELS[low - 1] + share * (_LEVELS[low] - _LEVELS[low - 1]))


def prior_distance(below: float, above: bool) -> float:
    """How far the middle of a distribution is from a region that begins at a share ``below`` of it.

    >>> prior_distance(0.8, above=True), prior_distance(0.8, above=False)
    (0.3, 0.0)
    """
    return round(max(0.0, below - 0.5 if above else 0.5 - below), 12)


def governing_axis(name: str, case: Case | None) -> str:
    """Axis that governs a parameter; empty if none does."""
    entry = case.parameters.get(name) if case is not None else None
    return entry.axis or "" if entry is not None else ""


def sources_of(name: str, kind: str, case: Case | None, drawn: Floats | None = None) -> Sources:
    """Grade, best-sourced value and evidence of an assumption.

    A theory rests on the evidence of the axes it fixes.
    """
    if kind == "parameter":
        values = prior_values(name, case, np.zeros(1) if drawn is None else drawn)
        entry = case.parameters.get(name) if case is not None else None
        grade, ids = (entry.grade, entry.evidence) if entry is not None else ("", ())
        low, best, high = (float(values[round(level * 1000)]) for level in (0.05, 0.5, 0.95))
        return Sources(grade, best, low, high, _notes(ids, case))
    if case is None:
        return Sources("", _NONE, _NONE, _NONE, ())
    if kind == "axis":
        axis = case.axes.get(name)
        return Sources("", _NONE, _NONE, _NONE, _notes(axis.evidence if axis else (), case))
    fixed = {axis for theory in case.theories.values() if theory.id != MIXTURE for axis in theory.fixes}
    records = (record for axis in case.axes.values() if axis.id in fixed for record in axis.evidence)
    return Sources("", _NONE, _NONE, _NONE, _notes(records, case))


def _notes(ids: Iterable[str], case: Case | None) -> tuple[EvidenceNote, ...]:
    if case is None:
        return ()
    found = (case.evidence[record] for record in dict.fromkeys(ids) if record in case.evidence)
    return tuple(EvidenceNote(r.id, r.origin, r.verified, r.setting, r.citation) for r in found)
