"""Whether two forecasters differ by more than chance: a comparison of mean losses in the way of Diebold and Mariano.

Forecasts several periods ahead, made every period, overlap, so their losses are correlated: a poor year is
counted in twelve of twelve monthly forecasts.  The error of the mean difference therefore includes the
autocovariances up to one less than the horizon [1]_, with a correction for small samples and Student's t [2]_.
Below a stated size no p-value is given at all.

References
----------
.. [1] Diebold FX, Mariano RS (1995) Comparing predictive accuracy. J. Bus. Econ. Stat. 13(3).
   https://doi.org/10.1080/07350015.1995.10524599
.. [2] Harvey D, Leybourne S, Newbold P (1997) Testing the equality of prediction mean squared errors.
   Int. J. Forecast. 13(2). https://doi.org/10.1016/S0169-2070(96)00719-4
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InputError

__all__ = ["FEWEST_FORECASTS", "FEWEST_SPANS", "LossComparison", "compare_losses"]

FEWEST_FORECASTS = 10
"""Fewest pairs of losses for a p-value."""
FEWEST_SPANS = 4
"""Fewest stretches of one horizon, laid end to end, for a p-value: what overlapping forecasts are worth."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LossComparison:
    """Mean loss of one forecaster less that of another, with its error."""

    difference: float
    """Mean of first less second, in the unit of the loss: negative when the first was better."""
    error: float
    """Standard error of ``difference`` with overlap accounted for; NaN when it cannot be told."""
    statistic: float
    """``difference / error``; NaN when there is no error."""
    p_value: float
    """Two-sided, from Student's t; NaN when there are too few forecasts."""
    pairs: int
    """Forecasts that both have a loss for."""
    left_out: int
    """Forecasts for which one loss or both are missing: failed or not observed.  Read nothing into a difference
    when there are many.
    """
    horizon: int
    """Periods ahead."""
    statement: str
    """The finding in one plain sentence."""


def _autocovariance(deviations: Floats, lag: int) -> float:
    return float(deviations[lag:] @ deviations[: deviations.size - lag]) / deviations.size


def _long_run_variance(deviations: Floats, lags: int) -> float:
    """Variance of the root of n times the mean: all autocovariances at full weight, or, where that sum is not
    positive, at weights that fall in a straight line.
    """
    own = _autocovariance(deviations, 0)
    covariances = [_autocovariance(deviations, lag) for lag in range(1, min(lags, deviations.size - 1) + 1)]
    full = own + 2.0 * sum(covariances)
    if full > 0.0:
        return full
    weights = (1.0 - lag / (len(covariances) + 1.0) for lag in range(1, len(covariances) + 1))
    return own + 2.0 * sum(weight * value for weight, value in zip(weights, covariances, strict=True))


def compare_losses(first: npt.ArrayLike, second: npt.ArrayLike, horizon: int = 1) -> LossComparison:
    """Compare two forecasters by their losses on the same forecasts, in order of time.

    Parameters
    ----------
    first, second : float array [forecast]
        Losses, such as ranked probability scores; NaN where a forecast failed or has no observation.
    horizon : int
        Periods ahead, from 1; forecasts made every period overlap by one less.

    >>> compare_losses([1.0, 2.0], [2.0, 2.0]).statement
    'too few to tell: 2 forecasts 1 period ahead, at least 10 are needed'

    Raises
    ------
    InputError
        If lengths differ, a loss is infinite, the horizon is below 1, or no forecast has both losses.
    """
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if one.ndim != 1 or one.shape != two.shape:
        raise InputError("losses do not pair", given=[list(one.shape), list(two.shape)], expected="two alike rows")
    if horizon < 1:
        raise InputError("the horizon cannot be used", given=horizon, expected="1 or more periods")
    if bool(np.isinf(one).any() or np.isinf(two).any()):
        raise InputError("a loss is infinite", expected="finite losses, or NaN for a failed forecast")
    known = ~(np.isnan(one) | np.isnan(two))
    pairs = int(known.sum())
    if pairs == 0:
        raise InputError("no forecast has both losses", given=one.size, expected="at least one")
    differences = (one - two)[known]
    difference = float(differences.mean())
    error = _error_of_mean(differences, horizon)
    statistic = difference / error if error > 0.0 else float("nan")
    needed = max(FEWEST_FORECASTS, FEWEST_SPANS * horizon)
    p_value = float("nan")
    if pairs >= needed and math.isfinite(statistic):
        from scipy.stats import t

        p_value = float(2.0 * t.sf(abs(statistic), pairs - 1))
    statement = _statement(difference, p_value, pairs, needed, horizon)
    return LossComparison(difference, error, statistic, p_value, pairs, one.size - pairs, horizon, statement)


def _error_of_mean(differences: Floats, horizon: int) -> float:
    """Standard error of the mean difference, corrected for a small sample; NaN when there are too few."""
    count = differences.size
    correction = (count + 1.0 - 2.0 * horizon + horizon * (horizon - 1.0) / count) / count
    if count < 2 or correction <= 0.0:
        return float("nan")
    variance = _long_run_variance(differences - differences.mean(), horizon - 1) / count
    return math.sqrt(max(variance, 0.0) / correction)


def _statement(difference: float, p_value: float, pairs: int, needed: int, horizon: int) -> str:
    ahead = f"{pairs} forecast{'s' if pairs > 1 else ''} {horizon} period{'s' if horizon > 1 else ''} ahead"
    if pairs < needed:
        return f"too few to tell: {ahead}, at least {needed} are needed"
    if not math.isfinite(p_value):
        return f"no error can be computed: the losses differ by the same amount in all of {ahead}"
    better = "the first" if difference < 0.0 else "the second"
    if p_value < 0.05:
        return f"{better} has the lower loss beyond chance at the 5 % level ({ahead}, p = {p_value:.2g})"
    return f"not told apart at the 5 % level ({ahead}, p = {p_value:.2g})"
