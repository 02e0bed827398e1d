"""Sobol' indices: shares of a result's variance, by factor alone and with all its interactions.

The first-order index is the share of variance that knowing a factor removes on average [1]_; the total index the share
that is left when all others are known [2]_.  A total index far above the first-order one says that the factor works
through interactions.  A factor that does nothing gets exactly 0 from both estimators, so the noise floor is the
Monte-Carlo error itself.

References
----------
.. [1] Saltelli A, Annoni P, Azzini I, Campolongo F, Ratto M, Tarantola S (2010) Variance based sensitivity analysis of
   model output. Computer Physics Communications 181(2). https://doi.org/10.1016/j.cpc.2009.09.018
.. [2] Jansen MJW (1999) Analysis of variance designs for model output. Computer Physics Communications 117.
   https://doi.org/10.1016/S0010-4655(98)00154-4
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..study.sampling import SCRAMBLES
from .slices import jackknife_error

__all__ = ["SobolIndices", "first_order", "place_among", "sobol_indices", "total_order"]

Floats = npt.NDArray[np.float64]
FEWEST_POINTS = 32


@dataclass(frozen=True)
class SobolIndices:
    """Indices with their Monte-Carlo errors, by factor."""

    first: Floats
    first_error: Floats
    total: Floats
    total_error: Floats
    variance: float
    """Of the result, in its unit squared."""
    points: int
    """Points behind the figures."""
    left_out: int
    """Points left out because a world failed in one of the samples."""


def first_order(first: Floats, second: Floats, mixed: Floats, variance: float) -> Floats:
    """First-order index of each factor [factor]; estimator (b) of Saltelli and others (2010).

    Parameters
    ----------
    first, second : float64 array [point]
        Results of the two samples, less a common mean: that steadies the estimate.
    mixed : float64 array [factor, point]
        Results of the first sample with one factor from the second.
    variance : float
    """
    return np.asarray((second * (mixed - first)).mean(axis=-1) / variance)


def total_order(first: Floats, mixed: Floats, variance: float) -> Floats:
    """Total index of each factor [factor]; estimator of Jansen (1999)."""
    return np.asarray(0.5 * ((mixed - first) ** 2).mean(axis=-1) / variance)


def sobol_indices(first: Floats, second: Floats, mixed: Floats, scrambles: npt.NDArray[np.int64]) -> SobolIndices:
    """Indices from the results of a design.

    Parameters
    ----------
    first, second : float64 array [point]
    mixed : float64 array [factor, point]
    scrambles : int array [point]
        Independent scramble of every point, 0-7.

    Raises
    ------
    InputError
        If the samples are of different designs, too few points are left without a failed world, or the result is
        the same in all of them.
    """
    if not (first.shape == second.shape == scrambles.shape == mixed.shape[1:]) or first.ndim != 1:
        raise InputError(
            "samples of different designs",
            given=(first.shape, second.shape, mixed.shape, scrambles.shape),
            expected="[point], [point], [factor, point], [point]",
        )
    if np.isinf(first).any() or np.isinf(second).any() or np.isinf(mixed).any():
        raise InputError("a result is infinite", expected="finite numbers, NaN for failed worlds")
    sound = np.isfinite(first) & np.isfinite(second) & np.isfinite(mixed).all(axis=0)
    count = int(sound.sum())
    if count < FEWEST_POINTS or len(np.unique(scrambles[sound])) < SCRAMBLES:
        raise InputError(
            "too few points without a failed world", given=count, expected=f"at least {FEWEST_POINTS} over 8 scrambles"
        )
    a, b, ab, groups = first[sound], second[sound], mixed[:, sound], scrambles[sound]
    if np.ptp(np.concatenate([a, b])) == 0:
        raise InputError("the result is the same in every world, so nothing moves it")
    whole = _indices(a, b, ab)
    parts = [_indices(a[groups != s], b[groups != s], ab[:, groups != s]) for s in range(SCRAMBLES)]
    errors = [jackknife_error(np.stack([part[place] for part in parts], axis=-1)) for place in range(2)]
    variance = float(np.var(np.concatenate([a, b])))
    return SobolIndices(whole[0], errors[0], whole[1], errors[1], variance, count, len(first) - count)


def place_among(values: Floats, first: Floats, second: Floats) -> Floats:
    """Place of results among those of both samples, 0-1, ties in the middle; NaN stays.

    Indices of places do not hang on a few extreme worlds, as those of a heavy-tailed result do.
    """
    both = np.concatenate([first, second])
    ordered = np.sort(both[np.isfinite(both)])
    middle = np.searchsorted(ordered, values, side="left") + np.searchsorted(ordered, values, side="right")
    return np.asarray(np.where(np.isfinite(values), 0.5 * middle / max(len(ordered), 1), np.nan))


def _indices(first: Floats, second: Floats, mixed: Floats) -> tuple[Floats, Floats]:
    both = np.concatenate([first, second])
    mean, variance = float(both.mean()), float(both.var())
    return first_order(first - mean, second - mean, mixed - mean, variance), total_order(first, mixed, variance)
