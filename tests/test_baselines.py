"""Baselines against what they must give on made series, and refusals."""

from __future__ import annotations

import builtins
import warnings

import numpy as np
import pytest

from crosscurrent.calibration.baselines import BASELINES, baseline_forecast, empirical_errors
from crosscurrent.calibration.fitted_baselines import _best_arma, _fit_arma, arima_forecast, kpss_statistic
from crosscurrent.errors import ComputeError, InputError

LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
NAIVE = BASELINES[:3]
NAN = float("nan")


def monthly(seed=0, count=96, noise=0.05, cycle=0.3):
    """A positive monthly series with a season and a random walk."""
    generator = np.random.default_rng(seed)
    season = cycle * np.sin(2.0 * np.pi * np.arange(count) / 12.0)
    return np.exp(5.0 + season + np.cumsum(noise * generator.normal(size=count)))


def test_the_last_value_with_its_errors_by_hand():
    """41 values, changes of known size: order statistics of 40 errors at level times 41."""
    changes = np.arange(1.0, 41.0) - 20.5
    series = np.concatenate([[-1.0], -1.0 + np.cumsum(changes)])
    found = baseline_forecast("last_value", series, 1, 1, [4 / 41, 0.5, 40 / 41])
    assert found[0] - series[-1] == pytest.approx([4.0 - 20.5, 0.0, 40.0 - 20.5])


def test_levels_beyond_the_errors_give_the_outermost():
    series = -5.0 + np.cumsum(np.random.default_rng(1).normal(size=30))
    errors = empirical_errors("last_value", series, 1, 1)
    found = baseline_forecast("last_value", series, 1, 1, [1e-6, 1 - 1e-6])
    assert found[0] - series[-1] == pytest.approx([errors.min(), errors.max()])


def test_a_pure_season_repeats():
    series = np.tile(np.arange(1.0, 13.0), 5)
    found = baseline_forecast("seasonal_naive", series, 14, 12, LEVELS)
    assert found == pytest.approx(np.repeat(np.r_[np.arange(1.0, 13.0), 1.0, 2.0], 5).reshape(14, 5))


def test_a_straight_growth_goes_on():
    """In logarithms a steady growth is a straight line; the drift makes no error on it."""
    series = 100.0 * 1.05 ** np.arange(40)
    found = baseline_forecast("drift", series, 3, 1, LEVELS)
    assert found == pytest.approx(np.repeat(100.0 * 1.05 ** np.arange(40, 43), 5).reshape(3, 5))


def test_with_one_period_a_year_the_season_is_the_last_value():
    series = monthly(count=30)
    found = [baseline_forecast(name, series, 4, 1, LEVELS) for name in ("seasonal_naive", "last_value")]
    assert found[0] == pytest.approx(found[1])


def test_few_errors_give_a_student_of_their_size():
    """Nine changes of size 1 in logarithms: t with 9 degrees of freedom, grown with the root of the horizon."""
    from scipy.stats import t

    series = np.exp(np.cumsum([5.0, 1, -1, 1, -1, 1, -1, 1, -1, 1]))
    found = np.log(baseline_forecast("last_value", series, 9, 1, LEVELS)) - np.log(series[-1])
    assert found[0] == pytest.approx(t.ppf(LEVELS, 9))
    size = np.sqrt((empirical_errors("last_value", np.log(series), 5, 1) ** 2).mean())  # the longest with five
    assert found[8] == pytest.approx(size * np.sqrt(9 / 5) * t.ppf(LEVELS, 5))


@pytest.mark.parametrize("name", ["last_value", "drift"])
def test_naive_intervals_hold_what_they_say(name):
    """On 300 random walks the 90 % interval four steps ahead holds the truth in about 90 of 100."""
    generator = np.random.default_rng(2)
    walks = np.cumsum(generator.normal(size=(300, 124)), axis=1) - 500.0
    inside = 0
    for walk in walks:
        low, high = baseline_forecast(name, walk[:120], 4, 1, [0.05, 0.95])[-1]
        inside += low <= walk[123] <= high
    assert 0.85 < inside / 300 < 0.95


def test_missing_values_between_others_leave_errors_out():
    series = monthly()
    gappy = series.copy()
    gappy[40] = NAN
    kept = empirical_errors("last_value", np.log(gappy), 1, 12)
    assert kept.size == 95 - 2
    assert np.isfinite(baseline_forecast("last_value", gappy, 3, 12, LEVELS)).all()


def test_missing_values_before_the_first_are_dropped():
    series = monthly()
    for name in NAIVE:
        padded = baseline_forecast(name, np.r_[NAN, NAN, series], 3, 12, LEVELS)
        assert padded == pytest.approx(baseline_forecast(name, series, 3, 12, LEVELS))


@pytest.mark.parametrize("name", BASELINES)
def test_quantiles_rise_and_follow_the_unit(name):
    series = monthly(seed=3)
    found = baseline_forecast(name, series, 12, 12, LEVELS)
    assert found.shape == (12, 5)
    assert (np.diff(found, axis=1) >= 0.0).all()
    assert (found > 0.0).all()
    assert baseline_forecast(name, 1000.0 * series, 12, 12, LEVELS) == pytest.approx(1000.0 * found, rel=2e-3)


@pytest.mark.parametrize("name", BASELINES)
def test_a_series_with_zeros_is_forecast_as_it_is_and_not_below_zero(name):
    series = np.random.default_rng(4).poisson(1.0, size=60).astype(float)
    assert (baseline_forecast(name, series, 6, 12, LEVELS) >= 0.0).all()


@pytest.mark.parametrize("name", ["ets", "arima"])
def test_a_season_is_found(name):
    """Median forecasts of a strong season follow it a year ahead; a flat forecast would miss by 20 %."""
    series = monthly(seed=5, noise=0.005)
    found = baseline_forecast(name, series[:84], 12, 12, [0.5])[:, 0]
    assert np.abs(np.log(found / series[84:])).mean() < 0.05


def test_ets_of_a_random_walk_spreads_with_the_root_of_time():
    from scipy.stats import norm

    walk = 1000.0 + np.cumsum(np.random.default_rng(6).normal(size=400)) - 2000.0
    low, high = baseline_forecast("ets", walk, 16, 1, [norm.cdf(-1.0), norm.cdf(1.0)])[[0, 15]].T
    assert (high - low)[0] / 2.0 == pytest.approx(1.0, rel=0.1)
    assert (high - low)[1] / (high - low)[0] == pytest.approx(4.0, rel=0.15)


def test_arima_finds_an_autoregression():
    """Noise pulled back by 0.7 a step: the forecast falls back at that rate and spreads to the known size."""
    generator = np.random.default_rng(7)
    series = np.zeros(600)
    for place in range(1, 600):
        series[place] = 0.7 * series[place - 1] + generator.normal()
    series[-1] = 4.0
    median, low = arima_forecast(series, 30, 1, np.array([0.1587, 0.5])).T[::-1]
    assert median[0] == pytest.approx(2.8, abs=0.4)
    assert median[29] == pytest.approx(series.mean(), abs=0.2)
    assert (median - low)[29] == pytest.approx(1.0 / np.sqrt(1.0 - 0.49), rel=0.1)


def test_likelihood_of_a_form_is_that_of_its_state_space():
    """The criterion rests on the exact likelihood: the Kalman filter gives the same at the same numbers."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    changes = np.diff(np.log(monthly(seed=8)))
    found = _fit_arma(changes, (1, 1), (1, 0), 12, None)
    model = SARIMAX(changes, order=(1, 0, 1), seasonal_order=(1, 0, 0, 12))
    free, count = 4, changes.size
    criterion = -2.0 * model.loglike(found.parameters) + 2 * free + 2 * free * (free + 1) / (count - free - 1)
    in_units_of_spread = criterion - 2.0 * count * np.log(changes.std())
    assert found.criterion == pytest.approx(in_units_of_spread, abs=1e-6)


def test_a_drift_is_kept_only_where_there_is_one():
    generator = np.random.default_rng(9)
    noise = generator.normal(size=200)
    assert _best_arma(noise + 1.0, 1, differenced=True).mean == pytest.approx((noise + 1.0).mean())
    assert _best_arma(noise - noise.mean(), 1, differenced=True).mean == 0.0


def test_the_test_of_stationarity():
    """It refuses about 5 of 100 stationary series and most random walks; its number agrees with another code's."""
    from statsmodels.tsa.stattools import kpss

    generator = np.random.default_rng(10)
    noise = generator.normal(size=(400, 150))
    assert 0.02 < np.mean([kpss_statistic(one) > 0.463 for one in noise]) < 0.09
    assert np.mean([kpss_statistic(np.cumsum(one)) > 0.463 for one in noise]) > 0.75
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its table of p-values ends before this one
        other = kpss(np.cumsum(noise[0]), nlags=int(4.0 * 1.5**0.25))[0]
    assert kpss_statistic(np.cumsum(noise[0])) == pytest.approx(other)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("lastvalue", monthly(), 1, 12, LEVELS), "did you mean 'last_value'"),
        (("drift", monthly(), 0, 12, LEVELS), "horizon and season"),
        (("drift", monthly(), 1, 12, [0.5, 0.5]), "levels cannot be used"),
        (("drift", np.ones(7), 1, 1, LEVELS), "too short to forecast"),
        (("drift", np.r_[monthly(), NAN], 1, 12, LEVELS), "ends with a gap"),
        (("drift", np.r_[monthly(), np.inf], 1, 12, LEVELS), "finite numbers"),
        (("drift", np.ones((9, 9)), 1, 12, LEVELS), "one row"),
        (("seasonal_naive", monthly(count=13), 1, 12, LEVELS), "too short for the past errors"),
        (("seasonal_naive", monthly(count=10), 1, 12, LEVELS), "shorter than a season"),
        (("seasonal_naive", np.r_[monthly(), NAN, 5.0], 12, 12, LEVELS), "last season has a gap"),
        (("ets", np.r_[monthly(), NAN, 5.0], 1, 12, LEVELS), "without gaps"),
        (("arima", np.r_[monthly(), NAN, 5.0], 1, 12, LEVELS), "without gaps"),
    ],
)
def test_refusals(arguments, message):
    with pytest.raises(InputError, match=message):
        baseline_forecast(*arguments)


@pytest.mark.parametrize("name", ["ets", "arima"])
def test_what_cannot_be_fitted_is_a_failure(name):
    with pytest.raises(ComputeError, match="never changes"):
        baseline_forecast(name, np.full(40, 7.0), 1, 1, LEVELS)


def test_a_missing_package_is_named(monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name == "statsmodels":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"crosscurrent\[calibration\]"):
        baseline_forecast("ets", monthly(), 1, 12, LEVELS)
