"""Boxes found by PRIM, one after the other, in the units of the factors and with how they hold up.

First all factors are peeled in halves of the worlds; those that recur are peeled alone in all worlds, so that the
trajectory is not spread over hundreds of factors; restrictions that chance explains are dropped from the chosen box;
and the whole is tried on halves held out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..language import msg
from ..study.sampling import scramble_of
from .discovery import Box, Restriction, TrajectoryPoint, box_errors
from .factors import Factor, Factors
from .interest import FEWEST_INTERESTING
from .prim import Booleans, Space, Step, coarser, make_space, narrowed, peel, restricted_factors
from .prim_choice import PrunedBox, Restricted, choose_step, possible, pruned
from .prim_resampling import HeldOut, held_out, recurrence
from .repeated_worlds import design_effect

__all__ = ["NOT_HELD", "NO_RECURRENCE", "NO_RESTRICTION", "boxes_in", "prim_boxes"]

NO_RECURRENCE = msg("no factor is restricted in most of the halves of the worlds")
NO_RESTRICTION = msg("no restriction raises the share of interesting worlds beyond what chance explains")
NOT_HELD = msg("boxes fitted to half of the worlds do not hold in the other half")
NOT_DENSE = msg("what is left holds no box with a larger share of interesting worlds than all worlds have")
TOO_FEW_LEFT = msg("too few interesting worlds are left outside the boxes")
COARSE = 128
"""Bins a number in halves of the worlds."""
RECURS = 0.5
"""A factor is kept if it is restricted in this share of the halves or more."""


@dataclass(frozen=True)
class _Search:
    """What every box of a search shares."""

    space: Space
    rough: Space
    """The same in coarse bins."""
    factors: Sequence[Factor]
    interest: Booleans
    scrambles: npt.NDArray[np.int64]
    effect: float
    """Rows that are worth one independent world."""
    density: float | None
    resamples: int
    seed: int


def prim_boxes(
    factors: Factors, interest: Booleans, *, density: float | None, most: int, resamples: int, seed: int
) -> tuple[tuple[Box, ...], str]:
    """Boxes that hold on worlds held out, and why there are no more.

    Parameters
    ----------
    factors : Factors
    interest : bool array [world]
    density : float, optional
        Smallest density of a box.
    most : int
        At most so many boxes.
    resamples, seed : int
        Halves to try, and which.

    Raises
    ------
    InputError
        If no box is as dense as asked.
    """
    sizes = [len(factor.categories) for factor in factors.factors if factor.kind != "parameter"]
    space = make_space(factors.numbers, factors.codes, sizes)
    return boxes_in(
        space, factors.factors, interest, factors.worlds, density=density, most=most, resamples=resamples, seed=seed
    )


def boxes_in(
    space: Space,
    factors: Sequence[Factor],
    interest: Booleans,
    worlds: npt.NDArray[np.int64],
    *,
    density: float | None,
    most: int,
    resamples: int,
    seed: int,
) -> tuple[tuple[Box, ...], str]:
    """The same in a space that is ready, with a factor for each of its rows; see :func:`prim_boxes`."""
    effect = design_effect(interest, worlds)
    search = _Search(
        space, coarser(space, COARSE), factors, interest, scramble_of(worlds), effect, density, resamples, seed
    )
    left = np.arange(len(interest))
    found: list[Box] = []
    while len(found) < most:
        interesting = int(interest[left].sum())
        if min(interesting, len(left) - interesting) < FEWEST_INTERESTING:
            return tuple(found), TOO_FEW_LEFT
        try:
            box, rows, nothing = _next_box(search, left)
        except InputError as error:
            if not found:
                raise
            return tuple(found), error.message
        if box is None:
            return tuple(found), nothing
        if found and box.density <= float(interest.mean()):
            return tuple(found), NOT_DENSE
        found.append(box)
        left = np.setdiff1d(left, rows, assume_unique=True)
    return tuple(found), ""


def _next_box(search: _Search, left: npt.NDArray[np.int64]) -> tuple[Box | None, npt.NDArray[np.int64], str]:
    """One box among the worlds that are left, the worlds in it, and why there is none."""
    space, interest, seed, count = search.space, search.interest, search.seed, search.resamples
    shares = recurrence(search.rough, interest, left, search.scrambles, seed=seed, count=count, density=search.density)
    places = np.flatnonzero(shares >= RECURS).tolist()
    if not places:
        return None, left[:0], NO_RECURRENCE
    part, tried = narrowed(space, places), possible(space)
    steps = peel(part, interest, left)
    chosen = choose_step(steps, int(interest[left].sum()), search.density)
    box = pruned(part, interest, left, steps[chosen].limits, tried=tried, effect=search.effect)
    if not box.restrictions:
        return None, left[:0], NO_RESTRICTION
    held = held_out(
        coarser(part, COARSE), interest, left, search.scrambles,
        tried=tried, effect=search.effect, seed=seed, count=count, density=search.density,
    )  # fmt: skip
    if not held.holds:
        return None, left[:0], NOT_HELD
    found = _in_units(search, part, [search.factors[place] for place in places], shares[places], box)
    return _box(search, part, steps, chosen, box, found, held), box.rows, ""


def _box(
    search: _Search,
    space: Space,
    steps: list[Step],
    chosen: int,
    box: PrunedBox,
    restrictions: tuple[Restriction, ...],
    held: HeldOut,
) -> Box:
    interest, total, count = search.interest, int(search.interest.sum()), len(search.interest)
    inside = np.zeros(count, dtype=bool)
    inside[box.rows] = True
    coverage_error, density_error = box_errors(inside, interest, search.scrambles)
    trajectory = tuple(
        TrajectoryPoint(
            step.hits / total, step.hits / step.count, step.count / count,
            int(restricted_factors(space, step.limits).sum()),
        )
        for step in steps
    )  # fmt: skip
    return Box(
        restrictions, box.hits / total, coverage_error, box.hits / len(box.rows), density_error,
        len(box.rows) / count, len(box.rows), box.hits, held.density, held.coverage, trajectory, chosen,
    )  # fmt: skip


def _in_units(
    search: _Search, space: Space, factors: list[Factor], shares: npt.NDArray[np.float64], box: PrunedBox
) -> tuple[Restriction, ...]:
    """Restrictions in units, those that matter most first; both ends of a number together."""
    by_factor: dict[int, list[Restricted]] = {}
    for test in sorted(box.restrictions, key=lambda test: test.density_without):
        by_factor.setdefault(test.factor, []).append(test)
    found = []
    for place, tests in by_factor.items():
        factor, sides, codes = factors[place], {test.side for test in tests}, space.codes[place]
        low = high = low_quantile = high_quantile = None
        if "low" in sides:
            bin_ = int(box.limits.first[place])
            low, low_quantile = space.bins.cut_below(place, bin_), float(np.mean(codes < bin_))
        if "high" in sides:
            bin_ = int(box.limits.last[place])
            high, high_quantile = space.bins.cut_above(place, bin_), float(np.mean(codes <= bin_))
        kept, out = _categories(factor, space, box, place) if "category" in sides else ((), ())
        found.append(
            Restriction(
                factor.name, factor.kind, factor.unit, factor.grade, low, high, low_quantile, high_quantile,
                kept, out, max(test.quasi_p for test in tests), min(test.density_without for test in tests),
                float(shares[place]),
            )
        )  # fmt: skip
    return tuple(found)


def _categories(factor: Factor, space: Space, box: PrunedBox, place: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    inside = box.limits.inside[place - space.ordered]
    kept = tuple(name for name, its in zip(factor.categories, inside.tolist(), strict=False) if its)
    return kept, tuple(name for name in factor.categories if name not in kept)
