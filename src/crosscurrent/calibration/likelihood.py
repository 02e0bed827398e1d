"""How likely the known observations are in each world, the discrepancy of every series integrated out.

The forms of a series' discrepancy are weighed once, on the worlds of the prior, and the best of them kept; the log
likelihood of a world is then the log of their weighted mean.  Series are taken as independent given the world.

The model is coarser than its weeks: levers and drivers of the past are known by the year, and how fast a dated
shock arrives is our writing of it.  A month of a series is therefore no look of its own at the model, and monthly
series count with a power below 1 (a coarsened posterior [1]_): wider than the formal one, on purpose.

References
----------
.. [1] Miller JW, Dunson DB (2019) Robust Bayesian inference via coarsening. J. Am. Stat. Assoc. 114(527).
   https://doi.org/10.1080/01621459.2018.1469995
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..case.records import Target
from .discrepancy import Form, Whitener, forms_for, log_likelihoods, typical_step, whiteners
from .observations import Observed, model_series, on_scale
from .worlds import Paths

__all__ = [
    "MONTHLY_POWER",
    "Likelihood",
    "SeriesLikelihood",
    "log_mean_exp",
    "make_likelihood",
    "observed_scale",
    "period_numbers",
    "residuals_of",
    "season_of",
]

Floats = npt.NDArray[np.float64]
KEPT_FORMS = 10
"""Forms of the discrepancy that are kept for each series while worlds are sampled."""
MONTHLY_POWER = 1.0 / 3.0
"""Power of monthly series in the likelihood: a quarter counts as one look (an assumption)."""


def season_of(target: Target) -> int:
    """Periods in a year of the seasonal effect; 1 for none."""
    return 12 if target.seasonal and target.frequency == "month" else 1


def period_numbers(target: Target, ends: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Number of each period counted in its own unit (months or years)."""
    return np.asarray(ends if target.frequency == "month" else ends // 12)


def observed_scale(observed: Observed) -> Floats:
    """Observations on the target's scale; shares are given in per cent."""
    target = observed.target
    return on_scale(observed.values / 100.0 if target.scale == "logit" else observed.values, target.scale)


def residuals_of(observed: Observed, paths: Paths) -> Floats:
    """Observation less model on the target's scale [period, world]; NaN where a world failed."""
    target = observed.target
    made = on_scale(model_series(target, paths.measures, observed.ends), target.scale)
    seen = observed_scale(observed)[:, None]
    found = seen + made if target.falling else seen - made
    found[:, paths.failed] = np.nan
    return np.asarray(found)


def log_mean_exp(values: Floats, log_weights: Floats) -> Floats:
    """Log of the weighted mean of exponentials over the first axis, without overflow."""
    shifted = values + log_weights[:, None]
    top = shifted.max(axis=0)
    return np.asarray(top + np.log(np.exp(shifted - top).sum(axis=0)))


@dataclass(frozen=True)
class SeriesLikelihood:
    """One series made ready."""

    observed: Observed
    ready: tuple[Whitener, ...]
    log_weights: Floats
    """Of the forms kept [form]."""
    power: float = 1.0
    """Power with which the series counts, 0-1."""

    def log_likelihood(self, paths: Paths) -> Floats:
        """[world]; minus infinity where a world failed or has no value."""
        residuals = residuals_of(self.observed, paths)
        sound = np.isfinite(residuals).all(axis=0)
        found = np.full(residuals.shape[1], -np.inf)
        if sound.any():
            density = log_mean_exp(log_likelihoods(self.ready, residuals[:, sound]), self.log_weights)
            found[sound] = self.power * density
        return found


@dataclass(frozen=True)
class Likelihood:
    """All fitted series up to a month."""

    series: tuple[SeriesLikelihood, ...]

    def log_likelihood(self, paths: Paths) -> Floats:
        """Sum over the series [world]."""
        total = np.zeros(len(paths.failed))
        for item in self.series:
            total += item.log_likelihood(paths)
        return total

    def by_series(self, paths: Paths) -> dict[str, Floats]:
        """Log likelihood of each series by target [world]."""
        return {item.observed.target.id: item.log_likelihood(paths) for item in self.series}


def weighed_forms(
    observed: Observed, residuals: Floats, forms: tuple[Form, ...]
) -> tuple[tuple[Whitener, ...], Floats]:
    """All forms for a series, and their weights: the mean over worlds of each world's own."""
    target = observed.target
    step = typical_step(observed_scale(observed))
    ready = whiteners(forms, period_numbers(target, observed.ends), step, target.level_margin, season_of(target))
    sound = np.isfinite(residuals).all(axis=0)
    if not sound.any():
        return ready, np.full(len(forms), 1.0 / len(forms))
    density = log_likelihoods(ready, residuals[:, sound])
    own = np.exp(density - density.max(axis=0))
    return ready, np.asarray((own / own.sum(axis=0)).mean(axis=1))


def make_likelihood(
    observed: Sequence[Observed], paths: Paths, *, kept: int = KEPT_FORMS, monthly_power: float = MONTHLY_POWER
) -> Likelihood:
    """The likelihood of series, their forms weighed on given worlds.

    Parameters
    ----------
    observed : sequence of Observed
        Up to the cut-off; series with fewer than three observations say nothing and are left out.
    paths : Paths
        Worlds of the prior.
    kept : int
        Forms kept for each series.
    monthly_power : float
        Power of monthly series; 1 gives the formal posterior.
    """
    made = []
    for item in observed:
        if len(item.ends) < 3:
            continue
        ready, weights = weighed_forms(item, residuals_of(item, paths), forms_for(item.target.frequency))
        best = np.argsort(weights)[::-1][:kept]
        shares = np.maximum(weights[best], 1e-12)
        power = monthly_power if item.target.frequency == "month" else 1.0
        chosen = tuple(ready[place] for place in best)
        made.append(SeriesLikelihood(item, chosen, np.log(shares / shares.sum()), power))
    return Likelihood(tuple(made))
