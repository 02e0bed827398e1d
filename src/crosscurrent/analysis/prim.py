"""PRIM: a box of assumptions in which the worlds of interest are dense, found by peeling a little at a time [1]_.

From the whole space a slice of about one in twenty worlds is cut off again and again, always the one whose removal
raises the share of interesting worlds most for the worlds that it costs; at the end slices are pasted back where that
raises the share further.  The trajectory of all boxes shows what is traded: a box that covers many of the interesting
worlds, or one that holds little else [2]_.  A category (a rival of an axis, a theory) is cut off as a whole; dividing
the gain by the worlds removed keeps such large cuts comparable with small ones.

References
----------
.. [1] Friedman JH, Fisher NI (1999) Bump hunting in high-dimensional data. Statistics and Computing 9, 123-143.
   https://doi.org/10.1023/A:1008894516817
.. [2] Bryant BP, Lempert RJ (2010) Thinking inside the box: a participatory, computer-assisted approach to scenario
   discovery. Technological Forecasting and Social Change 77(1). https://doi.org/10.1016/j.techfore.2009.08.002
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from .bins import Bins, bin_numbers

__all__ = [
    "FINEST", "Limits", "Side", "Space", "Step", "coarser", "make_space", "narrowed", "peel", "restricted_factors",
    "rows_inside", "whole",
]  # fmt: skip

Rows = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]
Side = Literal["low", "high", "category"]
FINEST = 2048
"""Bins a number is cut into at most; up to as many worlds nothing is lost."""
PEEL, PASTE, LEAST_MASS = 0.05, 0.05, 0.05


@dataclass(frozen=True)
class Space:
    """Worlds by the bins of their factors: numbers first, then categories."""

    codes: npt.NDArray[np.uint16]
    """[factor, world]."""
    sizes: npt.NDArray[np.int64]
    """[factor], number of bins or categories."""
    ordered: int
    """How many factors are numbers."""
    bins: Bins
    """Where the bins of numbers lie."""

    @functools.cached_property
    def cells(self) -> npt.NDArray[np.int32]:
        """[world, factor], place of each world's bin in a table of all factors and bins, row by row."""
        offsets = np.arange(len(self.sizes), dtype=np.int32) * int(self.sizes.max())
        return np.ascontiguousarray(self.codes.T) + offsets


class Limits(NamedTuple):
    """A box: first and last bin of each number, and the categories that are inside."""

    first: npt.NDArray[np.int64]
    """[number]."""
    last: npt.NDArray[np.int64]
    """[number]."""
    inside: Booleans
    """[category factor, category]."""


class Cut(NamedTuple):
    """What may be cut off a box, or pasted back."""

    score: float
    factor: int
    side: Side
    place: int
    """Bin that becomes the first or last one; the category that goes or comes back."""


@dataclass(frozen=True)
class Step:
    """A box on the trajectory."""

    limits: Limits
    count: int
    """Worlds in the box."""
    hits: int
    """Worlds of interest in the box."""
    pasted: bool = False


def make_space(
    numbers: npt.NDArray[np.float64],
    codes: npt.NDArray[np.int64],
    sizes: Sequence[int],
    most: int = FINEST,
) -> Space:
    """Worlds as a space to peel.

    Parameters
    ----------
    numbers : float64 array [number, world]
        Finite.
    codes : int array [category factor, world]
        From 0.
    sizes : sequence of int
        Categories of each category factor.
    most : int
        At most so many bins a number.

    Raises
    ------
    InputError
        If a number is not finite, a code is out of range or the two have different worlds.
    """
    if numbers.shape[1] != codes.shape[1] or len(sizes) != len(codes):
        raise InputError("factors of different designs", given=(numbers.shape, codes.shape), expected="the same worlds")
    if codes.size and (codes.min() < 0 or (codes.max(axis=1) >= np.asarray(sizes)).any()):
        raise InputError("a category is out of range", expected="0 to the number of categories, less one")
    bins = bin_numbers(numbers, most)
    return Space(
        np.concatenate([bins.codes, codes.astype(np.uint16)]),
        np.concatenate([bins.counts, np.asarray(sizes, dtype=np.int64)]).astype(np.int64),
        len(numbers),
        bins,
    )


def coarser(space: Space, most: int) -> Space:
    """The same worlds with neighbouring bins of numbers joined, at most so many a number: quicker, less sharp.

    Limits of boxes in the coarser space are places of its own bins and not to be read in units.
    """
    codes, sizes = space.codes.copy(), space.sizes.copy()
    for place, size in enumerate(space.sizes[: space.ordered].tolist()):
        wide = min(size, most)
        codes[place] = (np.arange(size) * wide // size).astype(np.uint16)[codes[place]]
        sizes[place] = wide
    return Space(codes, sizes, space.ordered, space.bins)


def narrowed(space: Space, places: Sequence[int]) -> Space:
    """The same worlds with some of the factors only, in their order."""
    chosen = np.sort(np.asarray(places, dtype=np.int64))
    numbers = chosen[chosen < space.ordered].tolist()
    bins = Bins(
        space.bins.codes[numbers], space.bins.counts[numbers],
        tuple(space.bins.lowest[place] for place in numbers), tuple(space.bins.highest[place] for place in numbers),
    )  # fmt: skip
    return Space(space.codes[chosen], space.sizes[chosen], len(numbers), bins)


def restricted_factors(space: Space, limits: Limits) -> Booleans:
    """Whether a box restricts a factor [factor]."""
    base = whole(space)
    moved = (limits.first != base.first) | (limits.last != base.last)
    return np.concatenate([moved, (limits.inside != base.inside).any(axis=1)])


def whole(space: Space) -> Limits:
    """The box that holds every world."""
    sizes = space.sizes[space.ordered :]
    width = int(sizes.max()) if len(sizes) else 0
    return Limits(
        np.zeros(space.ordered, dtype=np.int64),
        space.sizes[: space.ordered] - 1,
        np.arange(width)[None, :] < sizes[:, None],
    )


def rows_inside(space: Space, limits: Limits, rows: Rows | None = None) -> Rows:
    """Which worlds lie in a box; of the given ones if any are given."""
    found = np.arange(space.codes.shape[1]) if rows is None else rows
    base = whole(space)
    for factor in np.flatnonzero((limits.first != base.first) | (limits.last != base.last)).tolist():
        codes = space.codes[factor, found]
        found = found[(codes >= limits.first[factor]) & (codes <= limits.last[factor])]
    for number in np.flatnonzero((limits.inside != base.inside).any(axis=1)).tolist():
        found = found[limits.inside[number][space.codes[space.ordered + number, found]]]
    return found


class _Tables:
    """Worlds and interesting worlds in the box, by factor and bin; slices are taken out as they are peeled."""

    def __init__(self, space: Space, interest: Booleans, rows: Rows) -> None:
        self.space, self.interest = space, interest
        self.width = int(space.sizes.max())
        self.total = self._counted(rows)
        self.hit = self._counted(rows[interest[rows]])

    def _counted(self, rows: Rows) -> npt.NDArray[np.int64]:
        length = len(self.space.sizes) * self.width
        found = np.zeros(length, dtype=np.int64)
        for first in range(0, len(rows), 4096):
            found += np.bincount(self.space.cells[rows[first : first + 4096]].ravel(), minlength=length)
        return found.reshape(-1, self.width)

    def remove(self, rows: Rows) -> None:
        """Take worlds out of the tables."""
        self.total -= self._counted(rows)
        self.hit -= self._counted(rows[self.interest[rows]])


def peel(
    space: Space,
    interest: Booleans,
    rows: Rows | None = None,
    *,
    share: float = PEEL,
    least_mass: float = LEAST_MASS,
) -> list[Step]:
    """Boxes from the whole space to the densest one, with what is pasted back at the end.

    Parameters
    ----------
    space : Space
    interest : bool array [world]
    rows : int array, optional
        Worlds to look at; all by default.
    share : float
        Share of the box's worlds that a slice holds, 0-0.5.
    least_mass : float
        No box holds fewer than this share of the worlds looked at.

    Returns
    -------
    list of Step
        The whole space first; at least that one.

    Raises
    ------
    InputError
        If the interest is of other worlds than the space.
    """
    if interest.shape != (space.codes.shape[1],):
        raise InputError("interest and factors are of different worlds", given=interest.shape)
    inside = np.arange(len(interest)) if rows is None else rows
    everything, fewest = inside, max(1.0, least_mass * len(inside))
    limits, tables = whole(space), _Tables(space, interest, inside)
    steps = [Step(limits, len(inside), int(interest[inside].sum()))]
    while True:
        cut = _best_cut(space, tables, limits, (steps[-1].count, steps[-1].hits), share, fewest)
        if cut is None:
            break
        limits = _applied(space, limits, cut)
        kept = _kept(space, cut, inside)
        tables.remove(inside[~kept])
        inside = inside[kept]
        steps.append(Step(limits, len(inside), int(interest[inside].sum())))
    return steps + _pasted(space, interest, everything, steps[-1])


def _kept(space: Space, cut: Cut, rows: Rows) -> Booleans:
    codes = space.codes[cut.factor, rows]
    if cut.side == "low":
        return np.asarray(codes >= cut.place)
    return np.asarray(codes <= cut.place if cut.side == "high" else codes != cut.place)


def _applied(space: Space, limits: Limits, cut: Cut) -> Limits:
    """The box after a cut, or after a category comes back."""
    if cut.side == "category":
        inside = limits.inside.copy()
        inside[cut.factor - space.ordered, cut.place] ^= True
        return limits._replace(inside=inside)
    ends = (limits.first if cut.side == "low" else limits.last).copy()
    ends[cut.factor] = cut.place
    return limits._replace(first=ends) if cut.side == "low" else limits._replace(last=ends)


def _gain(
    count: npt.NDArray[np.int64], hits: npt.NDArray[np.int64], box: tuple[int, int], fewest: float
) -> npt.NDArray[np.float64]:
    """Rise of the share of interest for each world removed; minus infinity where a cut is not allowed."""
    allowed = (count >= fewest) & (count < box[0]) & (count > 0)
    density = hits / np.maximum(count, 1)
    return np.where(allowed, (density - box[1] / box[0]) / np.maximum(box[0] - count, 1), -np.inf)


def _best_cut(
    space: Space, tables: _Tables, limits: Limits, box: tuple[int, int], share: float, fewest: float
) -> Cut | None:
    """The cut with the largest gain; of equal ones that of a factor restricted already, else the first."""
    if box[1] == box[0]:
        return None
    ordered, count = space.ordered, box[0]
    slice_size = int((count - 1) * share) + 1
    cumulative = np.cumsum(tables.total[:ordered], axis=1)
    hits = np.cumsum(tables.hit[:ordered], axis=1)
    places = np.arange(ordered)
    low = (cumulative < slice_size).sum(axis=1)
    high = (cumulative <= count - slice_size).sum(axis=1) - 1
    top = np.maximum(high, 0)
    low_gain = _gain(count - cumulative[places, low], box[1] - hits[places, low], box, fewest)
    high_gain = np.where(high >= 0, _gain(cumulative[places, top], hits[places, top], box, fewest), -np.inf)
    category_gain = _gain(count - tables.total[ordered:], box[1] - tables.hit[ordered:], box, fewest)
    gains = np.concatenate([low_gain, high_gain, category_gain.ravel()])
    best = float(gains.max()) if gains.size else -np.inf
    if not best > 0:
        return None
    base = whole(space)
    moved = (limits.first != base.first) | (limits.last != base.last)
    used = np.concatenate([moved, moved, np.repeat((limits.inside != base.inside).any(axis=1), tables.width)])
    even = np.flatnonzero(gains >= best * (1 - 1e-12))
    chosen = int(even[used[even]][0] if used[even].any() else even[0])
    if chosen < ordered:
        return Cut(best, chosen, "low", int(low[chosen]) + 1)
    if chosen < 2 * ordered:
        return Cut(best, chosen - ordered, "high", int(high[chosen - ordered]))
    number, place = divmod(chosen - 2 * ordered, tables.width)
    return Cut(best, ordered + number, "category", place)


def _pasted(space: Space, interest: Booleans, everything: Rows, last: Step) -> list[Step]:
    """Boxes widened again as long as that raises the share of interest."""
    steps: list[Step] = []
    box = last
    while box.count < len(everything):
        cut = _best_paste(space, interest, everything, box)
        if cut is None:
            break
        limits = _applied(space, box.limits, cut)
        inside = rows_inside(space, limits, everything)
        box = Step(limits, len(inside), int(interest[inside].sum()), True)
        steps.append(box)
    return steps


def _best_paste(space: Space, interest: Booleans, everything: Rows, box: Step) -> Cut | None:
    """The slice or category whose return raises the share of interest most, if any does."""
    wanted = int((box.count - 1) * PASTE) + 1
    best: Cut | None = None
    for factor, side, beyond in _openings(space, box.limits):
        rows = rows_inside(space, beyond, everything)
        codes = space.codes[factor, rows]
        if len(rows) == 0:
            continue
        if side == "category":
            place, added = int(codes[0]), rows
        else:
            nearest = np.sort(codes)[:: -1 if side == "low" else 1]
            place = int(nearest[min(wanted, len(nearest)) - 1])
            added = rows[codes >= place if side == "low" else codes <= place]
        count, hits = box.count + len(added), box.hits + int(interest[added].sum())
        gain = (hits / count - box.hits / box.count) / len(added)
        if gain > 0 and (best is None or gain > best.score):
            best = Cut(gain, factor, side, place)
    return best


def _openings(space: Space, limits: Limits) -> Iterator[tuple[int, Side, Limits]]:
    """Every restriction with the box of what lies just outside it and inside all others."""
    base = whole(space)
    for factor in np.flatnonzero(limits.first > base.first).tolist():
        first, last = limits.first.copy(), limits.last.copy()
        first[factor], last[factor] = 0, limits.first[factor] - 1
        yield factor, "low", Limits(first, last, limits.inside)
    for factor in np.flatnonzero(limits.last < base.last).tolist():
        first, last = limits.first.copy(), limits.last.copy()
        first[factor], last[factor] = limits.last[factor] + 1, base.last[factor]
        yield factor, "high", Limits(first, last, limits.inside)
    for number, place in np.argwhere(base.inside & ~limits.inside).tolist():
        inside = limits.inside.copy()
        inside[number] = False
        inside[number, place] = True
        yield space.ordered + number, "category", limits._replace(inside=inside)
