"""What the model leaves unexplained of a series: a Gaussian process of few, plain forms.

On its scale (logarithm or logit) an observation is

    y_t = model_t + level + season_m(t) + d_t + e_t

with an unknown level, a seasonal effect of each month, a discrepancy d that wanders, and noise e of single periods
(over-dispersed counts, revisions).  The model is never assumed right: d is its inadequacy in the sense of Kennedy
and O'Hagan [1]_.  Forms of d and their sizes are a grid; a series' own past weighs them.  Everything is linear and
Gaussian, so that level, seasons and d are integrated out exactly, and forecasts follow by conditioning.

References
----------
.. [1] Kennedy MC, O'Hagan A (2001) Bayesian calibration of computer models. J. R. Stat. Soc. B 63(3).
   https://doi.org/10.1111/1467-9868.00294
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Form", "Whitener", "condition", "covariance", "forms_for", "log_likelihoods", "typical_step", "whiteners"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
SEASON_SIZE = 0.15
"""Standard deviation of the effect of a month of the year, on the scale (an assumption)."""
SMALLEST_STEP = 0.004


class Form(NamedTuple):
    """One form of the discrepancy and its sizes, relative to a series' typical step from period to period."""

    kind: Literal["reverting", "wandering"]
    """Reverting: AR(1) around the model.  Wandering: steps that are themselves AR(1); with persistence 0 a random
    walk."""
    persistence: float
    size: float
    """Standard deviation of a step (wandering) or an innovation (reverting), in typical steps."""
    noise: float
    """Standard deviation of the noise of single periods, in typical steps."""


Kind = Literal["reverting", "wandering"]


def _grid(
    persistences: dict[Kind, tuple[float, ...]], sizes: tuple[float, ...], noises: tuple[float, ...]
) -> tuple[Form, ...]:
    return tuple(
        Form(kind, persistence, size, noise)
        for kind, several in persistences.items()
        for persistence, size, noise in itertools.product(several, sizes, noises)
    )


_MONTHLY = _grid(
    {"wandering": (0.0, 0.5, 0.8, 0.95), "reverting": (0.8, 0.95)}, (0.15, 0.4, 0.8, 1.3), (0.05, 0.4, 0.8)
)
_YEARLY = _grid({"wandering": (0.0, 0.5), "reverting": (0.5, 0.8)}, (0.4, 0.8, 1.3), (0.1, 0.5))


def forms_for(frequency: str) -> tuple[Form, ...]:
    """Forms that are tried for a series of a frequency, alike for every series, theory and cut-off."""
    return _MONTHLY if frequency == "month" else _YEARLY


def typical_step(values: Floats) -> float:
    """Root mean square of a series' steps on its scale, the tails pulled in; sets the sizes that are tried."""
    steps = np.abs(np.diff(values[np.isfinite(values)]))
    if len(steps) == 0:
        return 0.1
    bounded = np.minimum(steps, 4.0 * np.median(steps) + SMALLEST_STEP)
    return max(float(np.sqrt(np.mean(bounded**2))), SMALLEST_STEP)


def _wandering(times: Integers, persistence: float, size: float) -> Floats:
    """Covariance of the sum of stationary AR(1) steps since the first time."""
    steps = int(times.max() - times.min())
    lags = np.abs(np.subtract.outer(np.arange(steps), np.arange(steps)))
    growth = size**2 * (persistence**lags if persistence > 0 else (lags == 0).astype(np.float64))
    summed = np.zeros((steps + 1, steps + 1))
    summed[1:, 1:] = np.cumsum(np.cumsum(growth, axis=0), axis=1)
    places = times - times.min()
    return np.asarray(summed[np.ix_(places, places)])


def covariance(form: Form, times: Integers, step: float, level_margin: float, period: int) -> Floats:
    """Covariance of observations at times (periods since the first), level and seasons included.

    Parameters
    ----------
    form : Form
    times : int array [time]
        Number of the period.
    step : float
        Typical step of the series, on its scale.
    level_margin : float
        Standard deviation of the unknown level.
    period : int
        Periods in a year of the seasonal effect; 1 for none.
    """
    lags = np.abs(np.subtract.outer(times, times))
    if form.kind == "wandering":
        wander = _wandering(times, form.persistence, form.size * step)
    else:
        wander = (form.size * step) ** 2 * form.persistence**lags / (1.0 - form.persistence**2)
    total = wander + level_margin**2 + (form.noise * step) ** 2 * (lags == 0)
    if period > 1:
        total = total + SEASON_SIZE**2 * (lags % period == 0)
    return np.asarray(total + 1e-9 * (lags == 0))


@dataclass(frozen=True)
class Whitener:
    """A form made ready for one series: the log density of many residuals in one product."""

    form: Form
    factor: Floats
    """Inverse of the Cholesky factor [time, time]."""
    log_scale: float


def whiteners(
    forms: tuple[Form, ...], times: Integers, step: float, level_margin: float, period: int
) -> tuple[Whitener, ...]:
    """Forms made ready for observations at times."""
    made = []
    for form in forms:
        lower = np.linalg.cholesky(covariance(form, times, step, level_margin, period))
        inverse = np.linalg.solve(lower, np.eye(len(times)))
        log_scale = -float(np.log(np.diag(lower)).sum()) - 0.5 * len(times) * np.log(2.0 * np.pi)
        made.append(Whitener(form, inverse, log_scale))
    return tuple(made)


def log_likelihoods(ready: tuple[Whitener, ...], residuals: Floats) -> Floats:
    """Log density of residuals [time, world] under every form: [form, world]."""
    return np.stack([
        item.log_scale - 0.5 * np.einsum("tw,tw->w", white := item.factor @ residuals, white) for item in ready
    ])  # fmt: skip


def condition(
    form: Form, known: Integers, ahead: Integers, step: float, level_margin: float, period: int
) -> tuple[Floats, Floats]:
    """Forecast of the residual: what known residuals are multiplied by, and a factor of the remaining covariance.

    Returns
    -------
    weights : float array [ahead, known]
    spread : float array [ahead, ahead]
        Lower Cholesky factor of the conditional covariance.
    """
    times = np.concatenate([known, ahead])
    whole = covariance(form, times, step, level_margin, period)
    count = len(known)
    weights = np.linalg.solve(whole[:count, :count], whole[:count, count:]).T
    left = whole[count:, count:] - weights @ whole[:count, count:]
    spread = np.linalg.cholesky(0.5 * (left + left.T) + 1e-10 * np.eye(len(ahead)))
    return np.asarray(weights), np.asarray(spread)
