"""Which assumptions move a result, from the worlds of a stored study.

Three indices that ask different things: *delta* and *PAWN* how far knowing a factor moves the distribution of the
result, *trees* what the factor adds when all others are known.  Every figure has a Monte-Carlo error, every index the
floor that a factor without influence shows, and factors that cannot be told apart are named as ties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from .delta import coarse_counts, delta_index
from .factors import Factor, Factors, gather_factors
from .noise_floor import Floors, noise_floors
from .outcome import Outcome, outcome_of
from .pawn import pawn_index
from .slices import Slices, count_tables, index_with_errors, jackknife_error, result_bins, slices_of

if TYPE_CHECKING:
    from ..case.records import Case
    from ..study.results import Results
    from .tree_importance import TreeImportance

__all__ = ["FEWEST_WORLDS", "FactorIndex", "Sensitivity", "difference_leaders", "sensitivities"]

Floats = npt.NDArray[np.float64]
FEWEST_WORLDS = 256
"""With fewer worlds a slice holds so few that noise hides everything."""
_LEADER_DUMMIES = 16


@dataclass(frozen=True)
class FactorIndex:
    """How much a factor moves the result."""

    factor: str
    kind: Literal["parameter", "axis", "theory"]
    unit: str
    grade: str
    """Grade of the evidence behind a parameter."""
    delta: float
    """0-1; half the area between densities."""
    delta_error: float
    delta_dummy: float
    """What a dummy factor of its kind shows; factors are ranked by how far they exceed it."""
    delta_floor: float
    """A factor without influence stays below this."""
    pawn: float
    """0-1; mean distance between distribution functions."""
    pawn_error: float
    pawn_floor: float
    tree: float | None
    """Share of the variance of ranks lost by shuffling it; None if trees hardly use it or were left out."""
    tree_error: float | None
    direction: Literal["rises", "falls", "mixed", ""]
    """Whether the result rises or falls with a parameter; empty for axes and the theory."""
    tie: int
    """Number of the group of factors that it cannot be told from, from 1, largest first."""

    @property
    def above_floor(self) -> bool:
        """Whether delta or PAWN is beyond what a factor without influence shows."""
        return self.delta > self.delta_floor or self.pawn > self.pawn_floor


@dataclass(frozen=True)
class Sensitivity:
    """Factors by how much they move a result."""

    outcome: Outcome
    theories: tuple[str, ...]
    worlds: int
    """Worlds over all theories that did not fail."""
    failed: int
    factors: tuple[FactorIndex, ...]
    """All of them, those that exceed a dummy of their kind most first."""
    ties: tuple[tuple[str, ...], ...]
    """Groups of factors above the floor whose delta cannot be told apart, in order; a group of one stands alone."""
    dummy_delta: float
    """What a dummy factor shows."""
    dummy_pawn: float
    tree_floor: float | None
    """Largest importance of a dummy factor in the trees."""
    tree_explained: float | None
    """Share of the variance of ranks that the trees predict in worlds held out."""
    seed: int


def sensitivities(
    results: Results,
    case: Case | None = None,
    *,
    measure: str | None = None,
    policy: str | None = None,
    difference: Sequence[str] | None = None,
    theories: Sequence[str] | None = None,
    trees: bool = True,
    seed: int = 0,
    factors: Factors | None = None,
) -> Sensitivity:
    """Rank the factors of a study by how much they move a result.

    Parameters
    ----------
    results : Results
    case : Case, optional
        Gives grades of evidence.
    measure : str, optional
        The first main measure by default.
    policy : str, optional
        Its level; the status quo by default.
    difference : two str, optional
        Policies A and B: the paired difference, A less B, instead of a level.
    theories : sequence of str, optional
        All by default; the theory is then a factor.
    trees : bool
        Whether to grow trees, the slowest part.
    seed : int
        Sets dummies and trees.
    factors : Factors, optional
        As :func:`~crosscurrent.analysis.factors.gather_factors` gives them, where several questions are asked of
        the same worlds; ``theories`` is then left out.

    Raises
    ------
    InputError
        If a name is unknown, there are too few worlds, the result is the same in every world, or scikit-learn is
        not installed while trees are asked for.
    """
    if seed < 0:
        raise InputError("not a usable seed", given=seed, expected="a whole number from 0")
    found = factors if factors is not None else gather_factors(results, case, theories)
    outcome = outcome_of(results, found.theories, measure, policy, difference)
    kept, values = _sound(found, outcome)
    slices = slices_of(kept)
    grown = None
    if trees:
        from .tree_importance import tree_importance

        columns = np.concatenate([kept.numbers, kept.codes.astype(np.float64)])
        grown = tree_importance(columns, values, kept.worlds, seed)
    return _ranked(outcome, kept, slices, values, grown, seed)


def _sound(factors: Factors, outcome: Outcome) -> tuple[Factors, Floats]:
    """Worlds that have a result."""
    sound = np.isfinite(outcome.values)
    if int(sound.sum()) < FEWEST_WORLDS:
        raise InputError(
            "too few worlds to tell what moves a result", given=int(sound.sum()),
            expected=f"at least {FEWEST_WORLDS}", fix="`crosscurrent extend DIR --worlds N` adds some",
        )  # fmt: skip
    return (factors if sound.all() else factors.kept(sound)), outcome.values[sound]


def _ranked(
    outcome: Outcome, kept: Factors, slices: Slices, values: Floats, trees: TreeImportance | None, seed: int
) -> Sensitivity:
    result = result_bins(values, len(np.unique(kept.worlds)))
    ranks = np.cumsum(np.bincount(result.codes, minlength=result.size)) / len(values)
    delta, pawn, directions = [], [], []
    for factor, table in zip(kept.factors, count_tables(slices, result), strict=True):
        delta.append(index_with_errors(coarse_counts(table, result.coarse), delta_index))
        pawn.append(index_with_errors(table, pawn_index))
        directions.append(_direction(table.sum(axis=0), ranks) if factor.kind == "parameter" else "")
    floors = noise_floors(slices, result, seed)
    order, groups = _groups(np.array(delta) - floors.delta_mean[:, None])
    rows = tuple(
        _row(kept.factors[place], (delta[place], pawn[place]), floors, trees, (place, tie), directions[place])
        for place, tie in zip(order, groups, strict=True)
    )
    ties: dict[int, list[str]] = {}
    for row in rows:
        if row.delta > row.delta_floor:
            ties.setdefault(row.tie, []).append(row.factor)
    return Sensitivity(
        outcome, kept.theories, len(values), outcome.failed, rows, tuple(map(tuple, ties.values())),
        floors.dummy_delta, floors.dummy_pawn, None if trees is None else trees.floor,
        None if trees is None else trees.explained, seed,
    )  # fmt: skip


def _row(
    factor: Factor,
    figures: tuple[Floats, Floats],
    floors: Floors,
    trees: TreeImportance | None,
    place: tuple[int, int],
    direction: Literal["rises", "falls", "mixed", ""],
) -> FactorIndex:
    number, tie = place
    delta, pawn = figures
    share = float("nan") if trees is None else float(trees.share[number])
    known = trees is not None and np.isfinite(share)
    return FactorIndex(
        factor.name, factor.kind, factor.unit, factor.grade, float(delta[0]), float(jackknife_error(delta[1:])),
        float(floors.delta_mean[number]), float(floors.delta[number]),
        float(pawn[0]), float(jackknife_error(pawn[1:])), float(floors.pawn[number]),
        share if known else None, float(trees.error[number]) if trees is not None and known else None, direction, tie,
    )  # fmt: skip


def _groups(delta: Floats) -> tuple[list[int], list[int]]:
    """Factors by falling excess over dummies, and for each the number of its group.

    Members cannot be told from the first one: a group ends where the difference from its first member is beyond two
    errors of that difference, factor by factor in the same worlds.
    """
    order = np.argsort(-delta[:, 0], kind="stable").tolist()
    groups, number, first = [], 1, order[0] if order else 0
    for place in order:
        away = delta[first] - delta[place]
        if place != first and away[0] > 2 * float(jackknife_error(away[1:])):
            number, first = number + 1, place
        groups.append(number)
    return order, groups


def _direction(table: npt.NDArray[np.int64], ranks: Floats) -> Literal["rises", "falls", "mixed"]:
    """Whether mean ranks of the result rise or fall over the slices; mixed if neither prevails."""
    sizes = table.sum(axis=1)
    means = (table @ ranks)[sizes > 0] / sizes[sizes > 0]
    steps = np.diff(means)
    whole = np.abs(steps).sum()
    share = steps.sum() / whole if whole > 0 else 0.0
    return "rises" if share > 0.5 else "falls" if share < -0.5 else "mixed"


def difference_leaders(
    results: Results, factors: Factors, measure: str, against: str, *, seed: int = 0, most: int = 3
) -> dict[str, tuple[tuple[str, float], ...]]:
    """For each other policy, the factors with the largest delta for its difference from one policy.

    Parameters
    ----------
    results : Results
    factors : Factors
    measure, against : str
        The measure, and the policy taken away.
    seed, most : int
        Sets dummies; at most so many factors a policy.

    Returns
    -------
    dict
        Factor and delta, those above the floor, by policy; a policy is left out where its difference is the same in
        all worlds or too few worlds are sound.
    """
    table = results.table(measure)[:, [results.theories.index(theory) for theory in factors.theories]]
    change = (table - table[results.policies.index(against)]).reshape(len(table), -1)
    found: dict[str, tuple[tuple[str, float], ...]] = {}
    slices, sound = None, np.zeros(0, dtype=bool)
    for policy, values in zip(results.policies, change, strict=True):
        known = np.isfinite(values)
        if policy == against or known.sum() < FEWEST_WORLDS or np.ptp(values[known]) == 0:
            continue
        if slices is None or not np.array_equal(known, sound):
            slices, sound = slices_of(factors.kept(known)), known
        result = result_bins(values[known], len(np.unique(slices.worlds)))
        floors = noise_floors(slices, result, seed, _LEADER_DUMMIES)
        tables = count_tables(slices, result)
        delta = np.array([delta_index(coarse_counts(counts.sum(axis=0), result.coarse)) for counts in tables])
        order = np.argsort(floors.delta_mean - delta, kind="stable").tolist()
        order = [place for place in order if delta[place] > floors.delta[place]]
        found[policy] = tuple((factors.factors[place].name, float(delta[place])) for place in order[:most])
    return found
