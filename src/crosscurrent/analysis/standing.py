"""Theory by policy: where a policy stands lowest or highest, and where the worlds cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..model.schema import MEASURES, OBSERVABLES
from ..study.results import Results
from ..study.sampling import monte_carlo_error
from ..study.specification import STATUS_QUO
from .summary import Floats, chosen_measures, distinguishable, measure_tables, quantiles

__all__ = ["Cell", "Mark", "matrices", "matrix", "preferred_direction"]

Mark = Literal["best", "worst", "between", "not distinguishable", "no preference"]
Side = Literal["preferred", "other", "higher", "lower", "not distinguishable"]


@dataclass(frozen=True)
class Cell:
    """Where a policy stands under a theory.

    ``best``: told from the status quo on the preferred side (or being it, with most others told from it),
    not told from the policy with the preferred median, but told from the one at the other end; ``worst``
    likewise at the other end.  ``between`` is told from both ends.  All the rest is not distinguishable,
    that is alike the status quo or alike both ends.
    """

    policy: str
    theory: str
    measure: str
    mark: Mark
    shared: int
    """How many policies cannot be told from that end, marked or not; 1 if it stands there alone, 0 without
    a mark.
    """
    against_status_quo: Side
    """Side of the paired difference from the status quo; ``higher`` or ``lower`` where no direction is
    preferred.
    """
    difference_p05: float
    difference_p50: float
    difference_p95: float
    mc_error: float


def preferred_direction(measure: str) -> Literal["lower", "higher", "none"]:
    """Direction that nobody disputes, if there is one; ``none`` for names that the model does not know."""
    known = MEASURES.get(measure) or OBSERVABLES.get(measure)
    return known.preferred if known is not None else "none"


def matrix(results: Results, measure: str) -> list[list[Cell]]:
    """Cells [policy][theory] of a measure.

    Two policies are told apart when the 5-95 % interval of their paired difference leaves out 0 and its
    median is beyond two Monte-Carlo errors.  Measures without a preferred direction have no best and no
    worst.

    Raises
    ------
    InputError
        If the measure is not in the results.
    """
    chosen_measures(results, [measure])
    return _cells(results, measure, results.table(measure))


def matrices(results: Results, measures: tuple[str, ...]) -> Mapping[str, list[list[Cell]]]:
    """Matrices of several measures in one pass over the files."""
    names = chosen_measures(results, measures)
    return {name: _cells(results, name, table) for name, table in measure_tables(results, names)}


def _cells(results: Results, measure: str, table: Floats) -> list[list[Cell]]:
    preferred = preferred_direction(measure)
    sign = -1.0 if preferred == "higher" else 1.0
    reference = results.policies.index(STATUS_QUO)
    columns = []
    for t, theory in enumerate(results.theories):
        values = table[:, t]
        change = values - values[reference]
        figures = quantiles(change)
        error = monte_carlo_error(change, results.worlds)
        told = distinguishable(figures[:, 0], figures[:, 1], figures[:, 2], error)
        if preferred == "none":
            marks: list[tuple[Mark, int]] = [("no preference", 0)] * len(values)
        else:
            marks = _marks(sign * values, results.worlds, told, reference)
        columns.append([
            Cell(
                policy, theory, measure, *marks[p], _side(bool(told[p]), float(figures[p, 1]), preferred),
                float(figures[p, 0]), float(figures[p, 1]), float(figures[p, 2]), float(error[p]),
            )
            for p, policy in enumerate(results.policies)
        ])  # fmt: skip
    return [[column[p] for column in columns] for p in range(len(results.policies))]


def _side(told: bool, median: float, preferred: str) -> Side:
    if not told:
        return "not distinguishable"
    rises = median > 0
    if preferred == "none":
        return "higher" if rises else "lower"
    return "preferred" if rises == (preferred == "higher") else "other"


def _marks(
    values: Floats, worlds: npt.NDArray[np.int64], told: npt.NDArray[np.bool_], reference: int
) -> list[tuple[Mark, int]]:
    """Marks of policies under one theory, with the size of their end; the least value [policy, world] is
    preferred.

    A policy alike the status quo has no mark of its own, even if its median happens to be the lowest of many
    alike: that is no finding.  By the same bar the status quo has one only where most others are told from
    it.
    """
    medians = quantiles(values, (50.0,))[:, 0]
    if not np.isfinite(medians).any():
        return [("not distinguishable", 0)] * len(values)
    leaders = int(np.nanargmin(medians)), int(np.nanargmax(medians))
    ends = [_level_with(values, leader, worlds) for leader in leaders]
    most_differ = 2 * int(told.sum()) > len(values) - 1
    names: tuple[Mark, Mark] = ("best", "worst")
    toward = quantiles(values - values[reference], (50.0,))[:, 0] < 0

    def _stands(policy: int, side: int) -> bool:
        if policy == reference:
            return most_differ
        return bool(told[policy] and toward[policy] == (side == 0))

    marks: list[tuple[Mark, int]] = []
    for policy in range(len(values)):
        inside = [bool(end[policy]) for end in ends]
        side = inside.index(True) if sum(inside) == 1 else None
        if not any(inside):
            marks.append(("between", 0))
        elif side is not None and _stands(policy, side):
            marks.append((names[side], int(ends[side].sum())))
        else:
            marks.append(("not distinguishable", 0))
    return marks


def _level_with(values: Floats, one: int, worlds: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which policies cannot be told from one of them; that one included."""
    change = values - values[one]
    figures = quantiles(change)
    told = distinguishable(figures[:, 0], figures[:, 1], figures[:, 2], monte_carlo_error(change, worlds))
    return np.asarray(~told)
