"""ETS and ARIMA forecasts, chosen among a few forms by AICc, with normal errors on the scale they are given.

Intervals take the fitted numbers as known, as is usual for these models, so they tend to be somewhat narrow.

References
----------
.. [1] Hyndman RJ, Koehler AB, Snyder RD, Grose S (2002) A state space framework for automatic forecasting using
   exponential smoothing methods. Int. J. Forecast. 18(3). https://doi.org/10.1016/S0169-2070(01)00110-8
.. [2] Kwiatkowski D, Phillips PCB, Schmidt P, Shin Y (1992) Testing the null hypothesis of stationarity against
   the alternative of a unit root. J. Econom. 54(1-3). https://doi.org/10.1016/0304-4076(92)90104-Y
"""

from __future__ import annotations

import math
import warnings
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import ComputeError, InputError

__all__ = ["arima_forecast", "ets_forecast", "kpss_statistic"]

_STATIONARY_BELOW = 0.463
"""Critical value of the test of stationarity at the 5 % level [2]_."""
_ORDERS = tuple((p, q) for p in range(3) for q in range(3) if p + q <= 2)
_SEASONAL_ORDERS = ((1, 0), (0, 1), (1, 1))
_SEASONS_NEEDED = 3
"""Whole seasons a series must have for a seasonal form to be tried."""

Floats = npt.NDArray[np.float64]


class _Arma(NamedTuple):
    criterion: float
    order: tuple[int, int]
    seasonal: tuple[int, int]
    parameters: Floats
    mean: float


def _statsmodels() -> None:
    try:
        import statsmodels  # noqa: F401
    except ImportError as error:
        raise InputError(
            "ETS and ARIMA need a package that is not installed", given="statsmodels",
            fix="pip install 'crosscurrent[calibration]'",
        ) from error  # fmt: skip


def _normal_quantiles(means: Floats, deviations: Floats, levels: Floats) -> Floats:
    """Quantiles [horizon, level] of normal forecasts."""
    from scipy.stats import norm

    return np.asarray(means[:, None] + deviations[:, None] * norm.ppf(levels), dtype=np.float64)


def ets_forecast(series: Floats, horizon: int, season: int, levels: Floats) -> Floats:
    """Exponential smoothing with additive errors [1]_: a level, a trend (none, straight or damped), a season (none or
    additive).

    Parameters
    ----------
    series : float array [time]
        Without gaps.
    horizon, season : int
        Periods ahead; periods in a year.
    levels : float array [level]

    Returns
    -------
    float array [horizon, level]

    Raises
    ------
    InputError
        If the package that fits them is not installed.
    ComputeError
        If no form can be fitted.
    """
    _statsmodels()
    import pandas
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    data = pandas.Series(series)
    seasonal = [None, "add"] if season > 1 and series.size >= _SEASONS_NEEDED * season else [None]
    best: Any = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for cycle in seasonal:
            for trend, damped in ((None, False), ("add", False), ("add", True)):
                periods = season if cycle else None
                try:
                    model = ETSModel(data, trend=trend, damped_trend=damped, seasonal=cycle, seasonal_periods=periods)
                    fit = model.fit(disp=False)
                except (ValueError, np.linalg.LinAlgError):
                    continue  # this form cannot be fitted to so few values; another may
                better = math.isfinite(fit.aicc) and fit.mle_retvals["converged"]
                if better and (best is None or fit.aicc < best.aicc):
                    best = fit
        if best is None:
            raise ComputeError("no ETS form could be fitted", fix="count it as a failed forecast")
        ahead = best.get_prediction(start=series.size, end=series.size + horizon - 1)
    variance = np.asarray(ahead.forecast_variance, dtype=np.float64)
    return _normal_quantiles(np.asarray(ahead.predicted_mean, dtype=np.float64), np.sqrt(variance), levels)


def kpss_statistic(series: Floats) -> float:
    """Test of stationarity about a level [2]_: large when the series wanders; above 0.463 in 5 of 100 stationary
    series.

    The long-run variance takes Bartlett weights over ``4 (n / 100)^(1/4)`` lags.
    """
    deviations = series - series.mean()
    count = series.size
    lags = int(4.0 * (count / 100.0) ** 0.25)
    variance = float(deviations @ deviations)
    for lag in range(1, lags + 1):
        variance += 2.0 * (1.0 - lag / (lags + 1.0)) * float(deviations[lag:] @ deviations[:-lag])
    if variance <= 0.0:
        return 0.0
    return float((np.cumsum(deviations) ** 2).sum() / (count * variance))


def _fit_arma(
    changes: Floats, order: tuple[int, int], seasonal: tuple[int, int], season: int, mean: float | None
) -> _Arma | None:
    """One form fitted by exact maximum likelihood, with its AICc; None where it cannot be."""
    from statsmodels.tsa.arima.estimators.innovations import innovations_mle

    centred = changes - (mean or 0.0)
    size = float(changes.std())  # in units of its spread the search is quick; the criterion moves by a constant
    cycle = (seasonal[0], 0, seasonal[1], season if any(seasonal) else 0)
    free = sum(order) + sum(seasonal) + 1 + (mean is not None)
    if changes.size <= free + 2 or size == 0.0:
        return None
    try:
        found, details = innovations_mle(centred / size, (order[0], 0, order[1]), seasonal_order=cycle, demean=False)
    except (ValueError, np.linalg.LinAlgError):
        return None
    fitted = details.minimize_results
    loss = float(fitted.fun)  # minus the log-likelihood
    stopped_well = fitted.success or fitted.status == 2  # 2: no better point within the precision of numbers
    if not (stopped_well and math.isfinite(loss) and np.isfinite(found.params).all()):
        return None
    criterion = 2.0 * loss + 2.0 * free + 2.0 * free * (free + 1.0) / (changes.size - free - 1.0)
    parameters = np.array(found.params, dtype=np.float64)
    parameters[-1] *= size**2  # the last one is the variance of the errors
    return _Arma(criterion, order, seasonal, parameters, mean or 0.0)


def _best_arma(changes: Floats, season: int, differenced: bool) -> _Arma:
    """The form of lowest AICc: orders first, then a seasonal part, then a drift."""
    mean = None if differenced else float(changes.mean())
    fits = [fit for order in _ORDERS if (fit := _fit_arma(changes, order, (0, 0), season, mean))]
    if not fits:
        raise ComputeError("no ARIMA form could be fitted", fix="count it as a failed forecast")
    best = min(fits, key=lambda fit: fit.criterion)
    if season > 1 and changes.size >= _SEASONS_NEEDED * season:
        more = (_fit_arma(changes, best.order, seasonal, season, mean) for seasonal in _SEASONAL_ORDERS)
        best = min([best, *(fit for fit in more if fit)], key=lambda fit: fit.criterion)
    if differenced:
        drifting = _fit_arma(changes, best.order, best.seasonal, season, float(changes.mean()))
        best = min([best, *([drifting] if drifting else [])], key=lambda fit: fit.criterion)
    return best


def arima_forecast(series: Floats, horizon: int, season: int, levels: Floats) -> Floats:
    """ARIMA(p, d, q)(P, 0, Q) with p + q up to 2, P and Q up to 1, in steps by AICc.

    The series is differenced once if the test of stationarity refuses its level at the 5 % level; a drift is kept
    if it lowers the criterion.  Fitted by exact maximum likelihood; forecasts are those of the state-space form.

    Parameters
    ----------
    series : float array [time]
        Without gaps.
    horizon, season : int
        Periods ahead; periods in a year.
    levels : float array [level]

    Returns
    -------
    float array [horizon, level]

    Raises
    ------
    InputError
        If the package that fits them is not installed.
    ComputeError
        If no form can be fitted.
    """
    _statsmodels()
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    differenced = kpss_statistic(series) > _STATIONARY_BELOW
    changes = np.diff(series) if differenced else series
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        best = _best_arma(changes, season, differenced)
        places = np.arange(series.size + horizon)
        trend = best.mean * places if differenced else np.full(places.size, best.mean)
        cycle = (best.seasonal[0], 0, best.seasonal[1], season if any(best.seasonal) else 0)
        model = SARIMAX(
            series - trend[: series.size], order=(best.order[0], int(differenced), best.order[1]), seasonal_order=cycle,
            enforce_stationarity=False, enforce_invertibility=False,
        )  # fmt: skip
        ahead = model.filter(best.parameters).get_forecast(horizon)
    means = np.asarray(ahead.predicted_mean, dtype=np.float64) + trend[series.size :]
    return _normal_quantiles(means, np.asarray(ahead.se_mean, dtype=np.float64), levels)
