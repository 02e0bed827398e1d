"""Numbers replaced by the place of their bin, so that tens of thousands of worlds are counted and not sorted.

Few different values keep a bin each, and nothing is lost; many are cut at quantiles into bins of equal size.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import InputError

__all__ = ["Bins", "bin_numbers"]

Floats = npt.NDArray[np.float64]


class Bins(NamedTuple):
    """Bins of several numbers."""

    codes: npt.NDArray[np.uint16]
    """[number, world], place of the bin, from 0."""
    counts: npt.NDArray[np.int64]
    """[number], how many bins there are."""
    lowest: tuple[Floats, ...]
    """Smallest value in each bin, by number."""
    highest: tuple[Floats, ...]
    """Largest value in each bin, by number."""

    def cut_below(self, number: int, place: int) -> float:
        """Value half-way between a bin and the one below it; the smallest value of all for the first bin."""
        low = self.lowest[number]
        return float(low[0] if place <= 0 else 0.5 * (self.highest[number][place - 1] + low[place]))

    def cut_above(self, number: int, place: int) -> float:
        """Value half-way between a bin and the one above it; the largest value of all for the last bin."""
        high = self.highest[number]
        last = place >= len(high) - 1
        return float(high[-1] if last else 0.5 * (high[place] + self.lowest[number][place + 1]))


def bin_numbers(values: Floats, most: int) -> Bins:
    """Bins of each row of numbers.

    Parameters
    ----------
    values : float64 array [number, world]
        Finite.
    most : int
        At most so many bins a number, 2-65535.

    Raises
    ------
    InputError
        If a value is not finite, or there is no world.

    >>> bin_numbers(np.array([[3.0, 1.0, 3.0, 2.0]]), 10).codes.tolist()
    [[2, 0, 2, 1]]
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] == 0:
        raise InputError("no worlds to put into bins", given=table.shape, expected="[number, world]")
    if not np.isfinite(table).all():
        row = int(np.flatnonzero(~np.isfinite(table).all(axis=1))[0])
        raise InputError("a factor is not finite in some world", given=f"row {row}", expected="finite numbers")
    codes = np.empty(table.shape, dtype=np.uint16)
    counts = np.empty(len(table), dtype=np.int64)
    lowest, highest = [], []
    for row, column in enumerate(table):
        low, high, places = _bins_of(column, most)
        codes[row], counts[row] = places, len(low)
        lowest.append(low)
        highest.append(high)
    return Bins(codes, counts, tuple(lowest), tuple(highest))


def _bins_of(column: Floats, most: int) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    """Smallest and largest value of every bin, and the bin of every value; equal values share a bin."""
    order = np.argsort(column)
    ordered = column[order]
    new = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    if int(new.sum()) > most:
        place = np.arange(len(ordered)) * most // len(ordered)
        # A run of equal values belongs to the bin in which it starts.
        place = place[np.maximum.accumulate(np.where(new, np.arange(len(ordered)), 0))]
        new = np.concatenate([[True], place[1:] != place[:-1]])
    ranks = np.cumsum(new) - 1
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], len(ordered)) - 1
    places = np.empty(len(column), dtype=np.int64)
    places[order] = ranks
    return ordered[starts], ordered[ends], places
