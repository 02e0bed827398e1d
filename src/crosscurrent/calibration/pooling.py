"""One forecast from several: weights from earlier scores, a mixture, and intervals set by how earlier ones fared.

At every cut-off only what was known then is used.  A member's weight falls with the square of its mean earlier score
and is drawn towards a plain start (half to the theories together, half to the forecast without a model) while
there are few earlier cut-offs.  The pool is the mixture of its members [1]_.  Its intervals are then stretched or
shrunk around the median by the spread of earlier standardised errors, again drawn towards no change: mixtures of sound
members are too wide, and shocks make everything too narrow [2]_.

References
----------
.. [1] Stone M (1961) The opinion pool. Ann. Math. Statist. 32(4). https://doi.org/10.1214/aoms/1177704873
.. [2] Gneiting T, Ranjan R (2013) Combining predictive distributions. Electron. J. Statist. 7.
   https://doi.org/10.1214/13-EJS823
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["START_CUTOFFS", "mixture_quantiles", "pool_weights", "spread_factor", "standardised_errors", "stretched"]

Floats = npt.NDArray[np.float64]
START_CUTOFFS = 2.0
"""The plain start counts as so many earlier cut-offs (an assumption)."""
LEAST_SPREAD, MOST_SPREAD = 0.6, 2.5
"""Intervals are never shrunk or stretched beyond this (an assumption)."""
_LARGEST_ERROR = 3.0


def pool_weights(scores: Mapping[str, Sequence[float]], start: Mapping[str, float]) -> dict[str, float]:
    """Weights of the members of a pool, adding up to 1.

    Parameters
    ----------
    scores : mapping of str to sequence of float
        By member, mean score at each earlier cut-off (lower is better); empty where there is none.
    start : mapping of str to float
        Weights while nothing is known, adding up to 1.

    >>> pool_weights({"a": [0.1, 0.1], "b": [0.2, 0.2]}, {"a": 0.5, "b": 0.5})
    {'a': 0.65, 'b': 0.35}
    """
    count = min((len(scores.get(name, ())) for name in start), default=0)
    if count == 0:
        return dict(start)
    precision = {name: start[name] / max(float(np.mean(scores[name])), 1e-9) ** 2 for name in start}
    whole = sum(precision.values())
    total = count + START_CUTOFFS
    return {
        name: round((count * precision[name] / whole + START_CUTOFFS * start[name]) / total, 6) for name in start
    }


def mixture_quantiles(members: Sequence[Floats], weights: Sequence[float], levels: Floats) -> Floats:
    """Quantiles of a mixture of forecasts, each given by its own quantiles.

    Parameters
    ----------
    members : sequence of float array [period, level]
    weights : sequence of float
        Adding up to 1.
    levels : float array [level]

    Returns
    -------
    float array [period, level]

    >>> one = np.array([[0.0, 1.0, 2.0]])
    >>> mixture_quantiles([one, one], [0.5, 0.5], np.array([0.25, 0.5, 0.75])).round(6).tolist()
    [[0.0, 1.0, 2.0]]
    """
    stacked = np.stack(members)
    found = np.empty(stacked.shape[1:])
    for period in range(stacked.shape[1]):
        values = np.unique(stacked[:, period])
        if not np.isfinite(values).all():
            found[period] = np.nan
            continue
        below = np.zeros(len(values))
        for member, weight in zip(stacked[:, period], weights, strict=True):
            rising = member + 1e-12 * np.arange(len(member)) * max(1.0, float(np.abs(member).max()))
            below += weight * np.interp(values, rising, levels, left=0.0, right=1.0)
        # A level outside all members' quantiles takes the outermost one.
        rising_below = np.maximum.accumulate(below) + 1e-12 * np.arange(len(below))
        found[period] = np.interp(levels, rising_below, values)
    return found


def standardised_errors(quantiles: Floats, observed: Floats, levels: Floats) -> Floats:
    """Observation less median in units of half the central 68 per cent interval [period]; bounded, since one shock is
    one shock."""
    low, middle, high = (np.array([np.interp(level, levels, row) for row in quantiles]) for level in (0.16, 0.5, 0.84))
    errors = (observed - middle) / np.maximum(0.5 * (high - low), 1e-12)
    return np.asarray(np.clip(errors, -_LARGEST_ERROR, _LARGEST_ERROR))


def spread_factor(errors: Sequence[Floats]) -> float:
    """How much to stretch intervals, from the standardised errors at each earlier cut-off.

    >>> spread_factor([]), spread_factor([np.array([2.0, 2.0])] * 2)
    (1.0, 1.58...)
    """
    squares = [float(np.mean(item**2)) for item in errors if len(item)]
    squared = (START_CUTOFFS + sum(squares)) / (START_CUTOFFS + len(squares))
    return float(np.clip(np.sqrt(squared), LEAST_SPREAD, MOST_SPREAD))


def stretched(quantiles: Floats, levels: Floats, factor: float) -> Floats:
    """Quantiles moved away from or towards their median."""
    middle = np.array([np.interp(0.5, levels, row) for row in quantiles])[:, None]
    return np.asarray(middle + factor * (quantiles - middle))
