"""From worlds of a theory to forecasts of published series, the discrepancy carried forward."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from .discrepancy import condition, forms_for, log_likelihoods, typical_step, whiteners
from .likelihood import observed_scale, period_numbers, residuals_of, season_of
from .observations import Observed, model_series, on_scale
from .worlds import Paths

__all__ = ["LEVELS", "NULL", "SeriesForecaster", "null_samples", "quantiles_of"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

LEVELS = np.array([0.01, 0.025, *np.arange(0.05, 0.951, 0.05).round(2), 0.975, 0.99])
"""Levels of the quantiles that forecasts are kept as."""
NULL = "no-model"
"""Name of the forecast by discrepancy, seasons and level alone: what is left when the model says nothing."""
_NULL_SAMPLES = 4000
_NULL_MARGIN = 2.0
"""Without a model nothing is known of a level beforehand."""


def quantiles_of(samples: Floats) -> Floats:
    """Quantiles [period, level] of samples [period, sample]; NaN where none is finite."""
    found = np.full((len(samples), len(LEVELS)), np.nan)
    for place, row in enumerate(samples):
        kept = row[np.isfinite(row)]
        if len(kept):
            found[place] = np.quantile(kept, LEVELS)
    return found


class SeriesForecaster:
    """One series at one cut-off, made ready for the worlds of any theory.

    Parameters
    ----------
    known : Observed
        Observations up to the cut-off.
    ahead : int array [period]
        Ends of the periods to forecast.
    level_margin : float, optional
        Standard deviation of the unknown level; the target's own if not given.

    Raises
    ------
    InputError
        If fewer than three observations are known.
    """

    def __init__(self, known: Observed, ahead: Integers, level_margin: float | None = None) -> None:
        if len(known.ends) < 3:
            raise InputError(
                "too few observations to forecast", given=f"{known.target.id}: {len(known.ends)}",
                expected="at least 3",
            )  # fmt: skip
        self.known, self.ahead = known, ahead
        target = known.target
        forms = forms_for(target.frequency)
        times, later = period_numbers(target, known.ends), period_numbers(target, ahead)
        margin = target.level_margin if level_margin is None else level_margin
        given = (typical_step(observed_scale(known)), margin, season_of(target))
        self._ready = whiteners(forms, times, *given)
        self._conditions = [condition(form, times, later, *given) for form in forms]

    def _residuals_ahead(self, residuals: Floats, random: np.random.Generator) -> Floats:
        """One draw of the later residuals for every column of known residuals [ahead, world]."""
        density = log_likelihoods(self._ready, residuals)
        own = np.exp(density - density.max(axis=0))
        chosen = (np.cumsum(own / own.sum(axis=0), axis=0) < random.random(residuals.shape[1])).sum(axis=0)
        drawn = np.empty((len(self.ahead), residuals.shape[1]))
        for form in np.unique(chosen):
            here = chosen == form
            weights, spread = self._conditions[form]
            drawn[:, here] = weights @ residuals[:, here] + spread @ random.standard_normal(
                (len(self.ahead), int(here.sum()))
            )
        return drawn

    def _back(self, scaled: Floats) -> Floats:
        """From the scale to the unit of the series."""
        if self.known.target.scale == "logit":
            return np.asarray(100.0 / (1.0 + np.exp(-scaled)))
        return np.asarray(np.exp(np.minimum(scaled, 50.0)))

    def samples(self, paths: Paths, random: np.random.Generator, repeats: int = 2) -> Floats:
        """Later observations under a theory [ahead, sample]: each world with ``repeats`` draws of its discrepancy.

        Failed worlds give none.
        """
        target = self.known.target
        residuals = residuals_of(self.known, paths)
        made = on_scale(model_series(target, paths.measures, self.ahead), target.scale)
        sound = np.isfinite(residuals).all(axis=0) & np.isfinite(made).all(axis=0)
        drawn = [
            self._residuals_ahead(residuals[:, sound], random) + (-1.0 if target.falling else 1.0) * made[:, sound]
            for _ in range(repeats)
        ]
        return self._back(np.concatenate(drawn, axis=1))


def null_samples(known: Observed, ahead: Integers, random: np.random.Generator) -> Floats:
    """Later observations with the model's part left out [ahead, sample]; the level is learned from the series alone."""
    free = SeriesForecaster(known, ahead, level_margin=_NULL_MARGIN)
    seen = observed_scale(known)
    residuals = np.repeat((seen - seen[-1])[:, None], _NULL_SAMPLES, axis=1)
    later = free._residuals_ahead(residuals, random) + seen[-1]
    return free._back(later)
