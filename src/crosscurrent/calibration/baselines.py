"""What a forecast has to beat: three naive rules and two standard statistical models, as quantiles by horizon.

A series that is positive throughout is forecast in logarithms, any other as it is.  The naive rules carry the
errors that the same rule made at the same horizon earlier in the series, so that their intervals are measured,
not assumed.  ETS and ARIMA are chosen by AICc and take normal errors on the same scale, after [1]_; they are in
``fitted_baselines.py``.

Rolling sums of twelve months are forecast as the sums that they are, with ``season=12``: neighbours share eleven
months, so the change from one sum to the next is a month less the same month a year before.  A moving-average
term at lag 12 (ARIMA) says just that, and the seasonal naive rule says "as a year ago".  Empirical errors need no
correction for the overlap.

References
----------
.. [1] Hyndman RJ, Khandakar Y (2008) Automatic time series forecasting: the forecast package for R. J. Stat.
   Softw. 27(3). https://doi.org/10.18637/jss.v027.i03
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ..errors import ComputeError, InputError, did_you_mean
from .scores import checked_levels

__all__ = ["BASELINES", "FEWEST_ERRORS", "FEWEST_VALUES", "baseline_forecast", "empirical_errors"]

BASELINES = ("last_value", "seasonal_naive", "drift", "ets", "arima")
"""Names of the baselines; the first three are naive rules."""
FEWEST_ERRORS = 20
"""Fewest past errors at a horizon whose own quantiles are used; with fewer a Student t of their size stands in."""
FEWEST_VALUES = 8
"""Fewest values of a series that is forecast at all."""
_FEWEST_FOR_SIZE = 5
"""Fewest past errors that give a size."""

Floats = npt.NDArray[np.float64]


def baseline_forecast(name: str, values: npt.ArrayLike, horizon: int, season: int, levels: npt.ArrayLike) -> Floats:
    """Forecast a series beyond its last value.

    Parameters
    ----------
    name : str
        One of ``BASELINES``.
    values : float array [time]
        The series up to the cut-off, evenly spaced.  Missing values (NaN) before the first value are dropped;
        between values the naive rules leave out the errors that would need them, and ETS and ARIMA refuse.
    horizon : int
        Periods ahead, from 1.
    season : int
        Periods in a year: 12 for months, rolling sums of twelve months included; 1 for years.
    levels : float array [level]
        Rising, between 0 and 1.

    Returns
    -------
    float array [horizon, level]
        Quantiles in the unit of the series, not falling with the level; never below 0 for a series that never is.

    >>> series = 100.0 * 1.02 ** np.arange(40) * np.where(np.arange(40) % 2, 1.01, 0.99)
    >>> baseline_forecast("last_value", series, 2, 1, [0.5]).shape
    (2, 1)

    Raises
    ------
    InputError
        If the name is unknown; the horizon, season or levels cannot be used; the series is too short, infinite,
        ends with a gap or has gaps that the baseline cannot do with; or the package that fits ETS and ARIMA is
        missing.
    ComputeError
        If no ETS or ARIMA model can be fitted.  Count it as a failed forecast.
    """
    if name not in BASELINES:
        raise InputError("unknown baseline", given=name, fix=did_you_mean(name, BASELINES))
    steps = checked_levels(levels)
    if horizon < 1 or season < 1:
        raise InputError("horizon and season cannot be used", given=[horizon, season], expected="1 or more")
    series = _usable(values)
    known = series[~np.isnan(series)]
    logs = bool((known > 0.0).all())
    scaled = np.log(series) if logs else series
    if name in ("ets", "arima"):
        found = _fitted(name, scaled, horizon, season, steps)
    else:
        points = _rule_forecast(name, scaled, horizon, season)
        errors = [_error_quantiles(name, scaled, ahead, season, steps) for ahead in range(1, horizon + 1)]
        found = points[:, None] + np.stack(errors)
    with np.errstate(over="ignore"):
        found = np.exp(found) if logs else found
    if not np.isfinite(found).all():
        raise ComputeError(f"the forecast of {name} is not finite", fix="count it as a failed forecast")
    return np.maximum(found, 0.0) if bool((known >= 0.0).all()) else found


def _usable(values: npt.ArrayLike) -> Floats:
    """The series from its first value on."""
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1 or bool(np.isinf(series).any()):
        raise InputError("a series must be one row of finite numbers", given=list(series.shape))
    places = np.flatnonzero(~np.isnan(series))
    if places.size < FEWEST_VALUES:
        raise InputError(
            "the series is too short to forecast", given=int(places.size), expected=f"{FEWEST_VALUES} values or more"
        )
    if places[-1] != series.size - 1:
        raise InputError(
            "the series ends with a gap", given=int(series.size - 1 - places[-1]),
            expected="a value in the last period", fix="end it at its last value and count the horizon from there",
        )  # fmt: skip
    return series[places[0] :]


def _fitted(name: str, scaled: Floats, horizon: int, season: int, levels: Floats) -> Floats:
    from .fitted_baselines import arima_forecast, ets_forecast

    gaps = int(np.isnan(scaled).sum())
    if gaps:
        raise InputError(f"{name} needs a series without gaps", given=gaps, expected="no value missing between others")
    if float(np.ptp(scaled)) == 0.0:
        raise ComputeError(f"{name} cannot be fitted: the series never changes", fix="count it as a failed forecast")
    return (ets_forecast if name == "ets" else arima_forecast)(scaled, horizon, season, levels)


def _rule_forecast(name: str, series: Floats, horizon: int, season: int) -> Floats:
    """Point forecast of a naive rule [horizon]."""
    ahead = np.arange(1, horizon + 1)
    last = series.size - 1
    if name == "last_value":
        return np.full(horizon, series[last])
    if name == "drift":
        return np.asarray(series[last] + ahead * (series[last] - series[0]) / last, dtype=np.float64)
    if series.size < season:
        raise InputError(
            "the series is shorter than a season", given=int(series.size), expected=f"{season} values or more"
        )
    points = series[last + ahead - season * -(-ahead // season)]
    if bool(np.isnan(points).any()):
        raise InputError(
            "the last season has a gap", given=int(np.isnan(points).sum()), expected="no value missing in it"
        )
    return np.asarray(points, dtype=np.float64)


def empirical_errors(name: str, series: Floats, ahead: int, season: int) -> Floats:
    """Errors that a naive rule made so many periods ahead, at every origin of the past: observed less forecast.

    Origins start after the first season (for the drift, which needs a slope, after at least five values).  Errors at
    horizons above 1 overlap, so they are worth fewer than they are.

    Parameters
    ----------
    name : str
        A naive rule.
    series : float array [time]
        On the scale of the forecast.
    ahead : int
        Periods ahead, from 1.
    season : int
        Periods in a year.

    >>> empirical_errors("last_value", np.array([1.0, 2.0, 4.0]), 1, 1).tolist()
    [1.0, 2.0]
    """
    if name == "last_value":
        errors = series[ahead:] - series[: max(series.size - ahead, 0)]
    elif name == "seasonal_naive":
        back = season * -(-ahead // season)
        errors = series[back:] - series[: max(series.size - back, 0)]
    else:
        origins = np.arange(max(season, _FEWEST_FOR_SIZE) - 1, series.size - ahead)
        slopes = (series[origins] - series[0]) / np.maximum(origins, 1)
        errors = series[origins + ahead] - (series[origins] + ahead * slopes)
    return np.asarray(errors[~np.isnan(errors)], dtype=np.float64)


def _error_quantiles(name: str, series: Floats, ahead: int, season: int, levels: Floats) -> Floats:
    """Quantiles of a naive rule's errors at a horizon.

    From ``FEWEST_ERRORS`` past errors on: their order statistics at level times count plus one, which hold the
    next error with that very chance when it is exchangeable with them; levels beyond the outermost error give the
    outermost error.  With fewer: Student's t with as many degrees of freedom as errors, around zero, of the size
    (root mean square) of the errors at the longest horizon up to this one that has at least five, grown with the
    square root of the horizon.
    """
    errors = empirical_errors(name, series, ahead, season)
    if errors.size >= FEWEST_ERRORS:
        return np.asarray(np.quantile(errors, levels, method="weibull"), dtype=np.float64)
    for shorter in range(ahead, 0, -1):
        errors = empirical_errors(name, series, shorter, season)
        if errors.size >= _FEWEST_FOR_SIZE:
            from scipy.stats import t

            size = math.sqrt(float((errors**2).mean()) * _steps(name, ahead, season) / _steps(name, shorter, season))
            return np.asarray(size * t.ppf(levels, errors.size), dtype=np.float64)
    raise InputError(
        f"the series is too short for the past errors of {name}", given=int(series.size),
        expected=f"{_FEWEST_FOR_SIZE} errors at some horizon, so a season and {_FEWEST_FOR_SIZE} values more",
    )  # fmt: skip


def _steps(name: str, ahead: int, season: int) -> int:
    """Steps that an error has grown over: seasons for the seasonal rule, else periods."""
    return -(-ahead // season) if name == "seasonal_naive" else ahead
