"""Worlds counted by slice of a factor and bin of a result: the tables that given-data indices are read from.

A number is cut into slices of equal size, an axis into its rivals.  Every index here asks how the distribution of the
result in a slice differs from that in all worlds, so counts are all that is needed, kept apart by scramble for the
Monte-Carlo error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..study.sampling import SCRAMBLES, scramble_of
from .bins import bin_numbers
from .factors import Factors

__all__ = [
    "COARSE_BINS", "FINE_BINS", "SLICES", "ResultBins", "Slices", "count_tables", "index_with_errors",
    "jackknife_error", "one_table", "result_bins", "slices_of",
]  # fmt: skip

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
SLICES, FEW_SLICES = 10, 5
"""Slices of a number, and with fewer than 2,048 worlds a theory."""
FINE_BINS, COARSE_BINS, FEW_BINS = 256, 16, 8
"""Bins of the result: fine for distances between distribution functions, coarse for those between densities, fewer
with fewer than 8,192 worlds a theory.
"""


class Slices(NamedTuple):
    """Slice of every factor in every world."""

    codes: npt.NDArray[np.uint16]
    """[factor, world]."""
    sizes: Ints
    """[factor], number of slices."""
    worlds: Ints
    """[row], number of the world: rows of one world under several theories have one number."""

    @property
    def scrambles(self) -> Ints:
        """[row], scramble of the world."""
        return scramble_of(self.worlds)


class ResultBins(NamedTuple):
    """A result cut at its quantiles, equal values together."""

    codes: Ints
    """[world], place of the fine bin."""
    size: int
    """Number of fine bins."""
    coarse: Ints
    """[fine bin], coarse bin that it lies in."""


def slices_of(factors: Factors) -> Slices:
    """Slices of all factors, numbers first.

    Raises
    ------
    InputError
        If a factor is not finite, or there is no world.
    """
    different = len(np.unique(factors.worlds))
    numbers = bin_numbers(factors.numbers, SLICES if different >= 2048 else FEW_SLICES)
    sizes = [len(factor.categories) for factor in factors.factors if factor.kind != "parameter"]
    return Slices(
        np.concatenate([numbers.codes, factors.codes.astype(np.uint16)]),
        np.concatenate([numbers.counts, np.array(sizes, dtype=np.int64)]),
        factors.worlds,
    )


def result_bins(values: Floats, different: int | None = None) -> ResultBins:
    """Bins of a result.

    Parameters
    ----------
    values : float64 array [world]
        Finite.
    different : int, optional
        How many different worlds the rows come from; as many as rows by default.

    Raises
    ------
    InputError
        If a value is not finite (libraries answer a NaN with zeros for every factor), or all are equal.
    """
    if values.ndim != 1 or not np.isfinite(values).all():
        raise InputError("a result is not finite in some world", expected="finite numbers, failed worlds left out")
    fine = bin_numbers(values[None], FINE_BINS)
    count = int(fine.counts[0])
    if count < 2:
        raise InputError("the result is the same in every world, so nothing moves it")
    codes = fine.codes[0].astype(np.int64)
    # Coarse bins hold equal shares of the worlds as far as equal values allow.
    middle = np.cumsum(np.bincount(codes, minlength=count)) - 0.5 * np.bincount(codes, minlength=count)
    bins = COARSE_BINS if (different or len(values)) >= 8192 else FEW_BINS
    coarse = np.minimum((middle / len(values) * bins).astype(np.int64), bins - 1)
    return ResultBins(codes, count, coarse)


def count_tables(slices: Slices, result: ResultBins) -> Iterator[Ints]:
    """For each factor its counts [scramble, slice, fine bin of the result].

    Raises
    ------
    InputError
        If factors and result are of different worlds.
    """
    if slices.codes.shape[1] != len(result.codes):
        raise InputError(
            "factors and result are of different worlds", given=slices.codes.shape[1], expected=str(len(result.codes))
        )
    for codes, size in zip(slices.codes, slices.sizes.tolist(), strict=True):
        yield one_table(codes, size, slices.scrambles, result)


def one_table(codes: npt.NDArray[np.uint16], size: int, scrambles: Ints, result: ResultBins) -> Ints:
    """Counts of one factor."""
    places = (scrambles * size + codes) * result.size + result.codes
    counts = np.bincount(places, minlength=SCRAMBLES * size * result.size)
    return np.asarray(counts.reshape(SCRAMBLES, size, result.size), dtype=np.int64)


def index_with_errors(table: Ints, index: Callable[[Ints], Floats]) -> Floats:
    """An index of all worlds, then of all worlds but one scramble, for each scramble [1 + scramble].

    The scrambles are independent, so leaving out one at a time (a jackknife over groups) gives the error; an index of
    one scramble alone would be lifted by the noise of its few worlds.
    """
    total = table.sum(axis=0)
    return index(np.concatenate([total[None], total - table]))


def jackknife_error(figures: Floats) -> Floats:
    """Standard error from figures with one scramble left out [..., scramble]."""
    away = figures - figures.mean(axis=-1, keepdims=True)
    return np.asarray(np.sqrt((SCRAMBLES - 1) / SCRAMBLES * (away**2).sum(axis=-1)), dtype=np.float64)
