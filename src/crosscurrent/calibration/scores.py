"""How good a forecast was: proper scores, coverage of intervals, the place of observations, skill.

A score is a penalty in the unit of the series (on log scale: in logs): lower is better, 0 is perfect.  A
*proper* score is lowest on average for the forecaster who states what is believed [1]_.  Arrays broadcast; a
forecast or an observation that is NaN gives a NaN score, so that a failure is seen and can be counted, and is
never left out here.

References
----------
.. [1] Gneiting T, Raftery AE (2007) Strictly proper scoring rules, prediction, and estimation. J. Am. Stat.
   Assoc. 102(477). https://doi.org/10.1198/016214506000001437
.. [2] Bosse NI et al. (2023) Scoring epidemiological forecasts on transformed scales. PLoS Comput. Biol. 19(8).
   https://doi.org/10.1371/journal.pcbi.1011393
.. [3] Czado C, Gneiting T, Held L (2009) Predictive model assessment for count data. Biometrics 65(4).
   https://doi.org/10.1111/j.1541-0420.2009.01191.x
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InputError

__all__ = [
    "Coverage",
    "checked_levels",
    "crps_from_quantiles",
    "crps_from_samples",
    "interval_coverage",
    "interval_score",
    "level_weights",
    "log_scale",
    "pinball_loss",
    "pit_from_quantiles",
    "pit_from_samples",
    "skill_score",
]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Coverage:
    """How often central intervals held the observation."""

    nominal: float
    """Share that should be inside, 0-1."""
    inside: int
    scored: int
    """Forecasts that have an observation and did not fail."""
    left_out: int
    """Forecasts without an observation, or failed."""

    @property
    def share(self) -> float:
        """Share inside, 0-1; NaN when nothing could be scored."""
        return self.inside / self.scored if self.scored else float("nan")


def log_scale(values: npt.ArrayLike, offset: float = 0.0) -> Floats:
    """Natural logarithm of values, for scores of relative errors [2]_.

    Score a forecast on log scale by passing both the forecast and the observation through this; quantiles stay
    quantiles, since the logarithm keeps their order.

    Parameters
    ----------
    values : float array
        Positive once the offset is added; NaN stays NaN.
    offset : float
        Added before taking logs; 1 for counts that may be 0.

    >>> log_scale([1.0, float("nan")]).tolist()
    [0.0, nan]

    Raises
    ------
    InputError
        If a value plus the offset is not positive, or is infinite.
    """
    shifted = _floats(values, "values") + offset
    if bool((shifted <= 0.0).any()):
        raise InputError(
            "logarithms need positive values", given=float(np.nanmin(shifted) - offset),
            fix="score on the natural scale, or give an offset such as 1 for counts",
        )  # fmt: skip
    return np.log(shifted)


def crps_from_samples(samples: npt.ArrayLike, observed: npt.ArrayLike) -> Floats:
    """Continuous ranked probability score of the distribution that puts equal weight on each sample.

    ``mean |x - y| - mean |x - x'| / 2`` over samples ``x, x'`` and the observation ``y`` [1]_, exact for that
    distribution.

    Parameters
    ----------
    samples : float array [..., sample]
    observed : float array [...]

    >>> crps_from_samples([1.0, 3.0], 2.0).item()                      # one sample on either side
    0.5
    >>> crps_from_samples([2.0], 5.0).item()                           # one sample: the absolute error
    3.0

    Raises
    ------
    InputError
        If there is no sample, or a number is infinite.
    """
    drawn, truth = _floats(samples, "samples"), _floats(observed, "observations")
    if drawn.ndim == 0 or drawn.shape[-1] == 0:
        raise InputError("there are no samples to score", given=list(drawn.shape), expected="[..., sample]")
    count = drawn.shape[-1]
    ordered = np.sort(drawn, axis=-1)  # the mean of |x - x'| needs no pairs once the samples are in order
    spread = (ordered * (2.0 * np.arange(1, count + 1) - count - 1.0)).sum(axis=-1) / count**2
    return np.asarray(np.abs(drawn - truth[..., None]).mean(axis=-1) - spread, dtype=np.float64)


def pinball_loss(quantiles: npt.ArrayLike, observed: npt.ArrayLike, levels: npt.ArrayLike) -> Floats:
    """Loss of each quantile: its distance from the observation, times its level when it is below, one minus its
    level when it is above.

    Parameters
    ----------
    quantiles : float array [..., level]
    observed : float array [...]
    levels : float array [level]
        Rising, between 0 and 1.

    >>> pinball_loss([8.0, 12.0], 10.0, [0.25, 0.75]).tolist()
    [0.5, 0.5]

    Raises
    ------
    InputError
        If levels do not rise within 0-1 or their number differs; if a number is infinite.
    """
    steps, forecast = checked_levels(levels), _floats(quantiles, "quantiles")
    if forecast.ndim == 0 or forecast.shape[-1] != steps.size:
        raise InputError(
            "quantiles and levels differ in number", given=list(forecast.shape),
            expected=f"[..., {steps.size}], one quantile a level",
        )  # fmt: skip
    miss = _floats(observed, "observations")[..., None] - forecast
    return np.asarray(np.maximum(steps * miss, (steps - 1.0) * miss), dtype=np.float64)


def level_weights(levels: npt.ArrayLike) -> Floats:
    """Width of the levels that each one stands for: from the middle to its neighbour before, or 0, to the middle
    to the next, or 1; sums to 1.

    >>> level_weights([0.05, 0.5, 0.95]).round(3).tolist()
    [0.275, 0.45, 0.275]
    """
    steps = checked_levels(levels)
    return np.diff(np.concatenate([[0.0], (steps[1:] + steps[:-1]) / 2.0, [1.0]]))


def crps_from_quantiles(quantiles: npt.ArrayLike, observed: npt.ArrayLike, levels: npt.ArrayLike) -> Floats:
    """Continuous ranked probability score from quantiles: twice the mean pinball loss over levels.

    The exact score is twice the integral of the pinball loss over all levels.  Here each level stands for the
    levels nearer to it than to its neighbours (:func:`level_weights`), so the sum is a midpoint rule: at levels
    (k - 1/2) / n it is the plain mean.  For a normal forecast and observations up to three standard deviations out,
    the sum is within 0.3 % of the exact score with levels 0.01 to 0.99, within 6 % with 0.1 to 0.9, and within 15 %
    with the five levels 0.05, 0.25, 0.5, 0.75, 0.95.  Compare scores only when they come from the same levels.
    With any levels the score is proper for the quantiles stated.

    Parameters
    ----------
    quantiles : float array [..., level]
    observed : float array [...]
    levels : float array [level]

    >>> crps_from_quantiles([1.0, 1.0, 1.0], 3.0, [0.25, 0.5, 0.75]).item()        # a point: the absolute error
    2.0

    Raises
    ------
    InputError
        As :func:`pinball_loss`.
    """
    loss = pinball_loss(quantiles, observed, levels)
    return np.asarray(2.0 * (loss * level_weights(levels)).sum(axis=-1), dtype=np.float64)


def interval_score(low: npt.ArrayLike, high: npt.ArrayLike, observed: npt.ArrayLike, nominal: float = 0.9) -> Floats:
    """Width of a central interval plus a fine of ``2 / (1 - nominal)`` for each unit by which it misses [1]_.

    >>> interval_score(0.0, 10.0, [5.0, 12.0], nominal=0.9).round(9).tolist()
    [10.0, 50.0]

    Raises
    ------
    InputError
        If the nominal coverage is not within 0-1, an interval ends before it begins, or a number is infinite.
    """
    _check_nominal(nominal)
    lower, upper = _floats(low, "lower ends"), _floats(high, "upper ends")
    if bool((upper < lower).any()):
        raise InputError("an interval ends before it begins", expected="low not above high")
    truth = _floats(observed, "observations")
    outside = np.maximum(lower - truth, 0.0) + np.maximum(truth - upper, 0.0)
    return np.asarray(upper - lower + 2.0 / (1.0 - nominal) * outside, dtype=np.float64)


def interval_coverage(
    quantiles: npt.ArrayLike, observed: npt.ArrayLike, levels: npt.ArrayLike, nominal: float = 0.9
) -> Coverage:
    """How many observations fall into the central interval of a given nominal coverage, ends included.

    The two levels that bound the interval must be among those given; nothing is interpolated.

    >>> interval_coverage([[0.0, 9.0], [0.0, 9.0]], [3.0, 11.0], [0.05, 0.95]).share
    0.5

    Raises
    ------
    InputError
        If a bounding level is missing, or shapes do not fit.
    """
    _check_nominal(nominal)
    steps, forecast = checked_levels(levels), _floats(quantiles, "quantiles")
    places = [np.flatnonzero(np.isclose(steps, level)) for level in ((1 - nominal) / 2, (1 + nominal) / 2)]
    if any(place.size == 0 for place in places):
        raise InputError(
            f"the levels do not hold the ends of a {nominal:g} interval", given=steps.tolist(),
            expected=f"{(1 - nominal) / 2:g} and {(1 + nominal) / 2:g} among them",
        )  # fmt: skip
    low, high = forecast[..., places[0][0]], forecast[..., places[1][0]]
    low, high, truth = np.broadcast_arrays(low, high, _floats(observed, "observations"))
    scored = ~(np.isnan(low) | np.isnan(high) | np.isnan(truth))
    inside = int(((low <= truth) & (truth <= high) & scored).sum())
    return Coverage(nominal, inside, int(scored.sum()), int((~scored).sum()))


def pit_from_samples(samples: npt.ArrayLike, observed: npt.ArrayLike, uniforms: npt.ArrayLike) -> Floats:
    """Where the observation falls in the forecast, 0-1: the randomised probability integral transform [3]_.

    With the observation as one more draw beside ``n`` samples, its rank is ``(below + uniform * (equal + 1)) /
    (n + 1)``.  If the observation comes from the same distribution as the samples this is exactly uniform,
    for counts with ties too; a heap at the ends says that the forecast is too narrow, one in the middle too wide.

    Parameters
    ----------
    samples : float array [..., sample]
    observed : float array [...]
    uniforms : float array [...]
        Draws from 0-1, from a seeded generator of the caller; 0.5 everywhere gives the non-random middle.

    >>> pit_from_samples([1.0, 2.0, 3.0], 2.5, 0.5).item()
    0.625

    Raises
    ------
    InputError
        If there is no sample, a uniform is not within 0-1, or a number is infinite.
    """
    drawn, truth, chance = _floats(samples, "samples"), _floats(observed, "observations"), _uniforms(uniforms)
    if drawn.ndim == 0 or drawn.shape[-1] == 0:
        raise InputError("there are no samples to place an observation in", given=list(drawn.shape))
    below = (drawn < truth[..., None]).sum(axis=-1)
    equal = (drawn == truth[..., None]).sum(axis=-1)
    place = (below + chance * (equal + 1)) / (drawn.shape[-1] + 1)
    return np.where(np.isnan(drawn).any(axis=-1) | np.isnan(truth), np.nan, place)


def pit_from_quantiles(
    quantiles: npt.ArrayLike, observed: npt.ArrayLike, levels: npt.ArrayLike, uniforms: npt.ArrayLike
) -> Floats:
    """Where the observation falls in a forecast given by quantiles, 0-1.

    Between two quantiles the level is interpolated; below the first and above the last, where the quantiles
    say nothing more, it is spread over the levels left by ``uniforms``; so is an observation that equals several
    quantiles.

    Parameters
    ----------
    quantiles : float array [..., level]
        Not falling.
    observed, uniforms : float array [...]
    levels : float array [level]

    >>> pit_from_quantiles([10.0, 20.0], [15.0, 30.0], [0.1, 0.9], 0.5).round(9).tolist()
    [0.5, 0.95]

    Raises
    ------
    InputError
        If quantiles fall, shapes do not fit, a uniform is not within 0-1, or a number is infinite.
    """
    steps, forecast = checked_levels(levels), _floats(quantiles, "quantiles")
    if forecast.ndim == 0 or forecast.shape[-1] != steps.size:
        raise InputError("quantiles and levels differ in number", given=list(forecast.shape))
    if bool((np.diff(forecast, axis=-1) < 0.0).any()):
        raise InputError("quantiles fall", expected="quantiles that do not fall as levels rise")
    truth, chance = np.broadcast_arrays(_floats(observed, "observations"), _uniforms(uniforms))
    shape = np.broadcast_shapes(forecast.shape[:-1], truth.shape)
    rows = np.broadcast_to(forecast, (*shape, steps.size)).reshape(-1, steps.size)
    pairs = zip(rows, np.broadcast_to(truth, shape).ravel(), np.broadcast_to(chance, shape).ravel(), strict=True)
    found = [_level_of(row, value, uniform, steps) for row, value, uniform in pairs]
    return np.array(found, dtype=np.float64).reshape(shape)


def _level_of(row: Floats, value: float, uniform: float, levels: Floats) -> float:
    """Level of a value among one forecast's quantiles."""
    if np.isnan(value) or bool(np.isnan(row).any()):
        return float("nan")
    first, last = int(np.searchsorted(row, value, "left")), int(np.searchsorted(row, value, "right"))
    if last - first == 1:
        return float(levels[first])
    if first == last and 0 < first < row.size:
        share = (value - row[first - 1]) / (row[first] - row[first - 1])
        return float(levels[first - 1] + share * (levels[first] - levels[first - 1]))
    if first == last:
        low, high = (0.0, levels[0]) if first == 0 else (levels[-1], 1.0)
    else:
        low, high = levels[first], levels[last - 1]
    return float(low + uniform * (high - low))


def skill_score(scores: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """Share of a reference's mean score that a forecaster saves: 1 perfect, 0 no better, negative worse.

    Both must score the same forecasts.

    >>> skill_score([1.0, 2.0], [2.0, 4.0])
    0.5

    Raises
    ------
    InputError
        If lengths differ, nothing is given, a score is not finite (failed forecasts must be counted and decided
        on before), or the reference is perfect.
    """
    own, other = np.asarray(scores, dtype=np.float64).ravel(), np.asarray(reference, dtype=np.float64).ravel()
    if own.size != other.size or own.size == 0:
        raise InputError("scores do not pair", given=[own.size, other.size], expected="as many of both, at least one")
    if not (np.isfinite(own).all() and np.isfinite(other).all()):
        raise InputError("a score is not finite", fix="decide first how a failed forecast counts, for both forecasters")
    if other.mean() == 0.0:
        raise InputError("the reference is perfect: no share of nothing can be saved", given=0.0)
    return float(1.0 - own.mean() / other.mean())


def checked_levels(levels: npt.ArrayLike) -> Floats:
    """Levels of quantiles as an array.

    Raises
    ------
    InputError
        If there is none, or they do not rise strictly within 0 and 1, both excluded.
    """
    steps = np.atleast_1d(np.asarray(levels, dtype=np.float64))
    inside = bool(((steps > 0.0) & (steps < 1.0)).all())
    if steps.ndim != 1 or steps.size == 0 or not inside or bool((np.diff(steps) <= 0.0).any()):
        raise InputError("levels cannot be used", given=np.asarray(levels).tolist(), expected="rising, between 0 and 1")
    return steps


def _floats(values: npt.ArrayLike, what: str) -> Floats:
    found = np.asarray(values, dtype=np.float64)
    if bool(np.isinf(found).any()):
        raise InputError(f"{what} are infinite", expected="finite numbers, or NaN for what is missing")
    return found


def _uniforms(values: npt.ArrayLike) -> Floats:
    chance = np.asarray(values, dtype=np.float64)
    if not bool(((chance >= 0.0) & (chance <= 1.0)).all()):
        raise InputError("uniforms are not within 0-1", expected="draws from 0 to 1")
    return chance


def _check_nominal(nominal: float) -> None:
    if not 0.0 < nominal < 1.0:
        raise InputError("nominal coverage cannot be used", given=nominal, expected="between 0 and 1")
