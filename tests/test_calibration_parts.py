"""Parts of the calibration on cases whose answer is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from laboratory import case

from crosscurrent.calibration.discrepancy import (
    Form,
    condition,
    covariance,
    forms_for,
    log_likelihoods,
    typical_step,
    whiteners,
)
from crosscurrent.calibration.driver_forecast import forecast_driver, known_case, realised_case
from crosscurrent.calibration.observations import model_series, observe, period_label, periods_until
from crosscurrent.calibration.pooling import (
    mixture_quantiles,
    pool_weights,
    spread_factor,
    standardised_errors,
    stretched,
)
from crosscurrent.calibration.recovery import coverage_of, rank_of
from crosscurrent.calibration.sampler import SamplerOptions, effective_size, initial_population, sample, to_normals
from crosscurrent.errors import ComputeError
from crosscurrent.study.sampling import world_points


def gaussian(mean: float, size: float):
    """Log likelihood of an observation of the first normal number; the posterior is known in closed form."""

    def evaluate(points, streams):
        found = -0.5 * ((to_normals(points)[:, 0] - mean) / size) ** 2
        return np.zeros(len(points)), found

    return evaluate


def fitted(evaluate, dimensions: int = 40, draws: int = 512, seed: int = 0):
    population = initial_population(world_points(seed, np.arange(draws), dimensions), evaluate)
    return sample(population, evaluate, np.random.default_rng(seed), SamplerOptions(moves=6, final_moves=12))


def test_the_sampler_finds_a_gaussian_posterior():
    """Prior N(0, 1), observation 2 with standard deviation 0.5: posterior N(1.6, sqrt(0.2)), evidence N(2; 0, 1.25)."""
    found = fitted(gaussian(2.0, 0.5))
    first = found.normals[:, 0]
    assert first.mean() == pytest.approx(1.6, abs=0.08)
    assert first.std() == pytest.approx(np.sqrt(0.2), rel=0.15)
    exact = -0.5 * 4.0 / 1.25 - 0.5 * np.log(1.25) + np.log(0.5)
    assert found.log_evidence == pytest.approx(exact, abs=0.15)


def test_the_sampler_leaves_other_dimensions_at_their_prior():
    found = fitted(gaussian(2.0, 0.5))
    others = found.normals[:, 1:]
    assert np.abs(others.mean(axis=0)).max() < 0.3
    assert others.std(axis=0).mean() == pytest.approx(1.0, abs=0.05)


def test_without_data_the_posterior_is_the_prior():
    found = fitted(lambda points, streams: (np.zeros(len(points)), np.zeros(len(points))))
    assert found.steps == (1.0,)
    assert np.abs(found.points.mean(axis=0) - 0.5).max() < 0.06


def test_the_sampler_recovers_known_parameters_with_the_right_coverage():
    """Simulation-based calibration of a reduced form: ranks of the truth are uniform."""
    random = np.random.default_rng(3)
    ranks = []
    for replicate in range(60):
        truth = random.standard_normal()
        seen = truth + 0.5 * random.standard_normal()
        found = fitted(gaussian(seen, 0.5), dimensions=6, draws=128, seed=replicate)
        ranks.append(rank_of(found.normals[:, :1], np.array([truth]), random))
    share, error = coverage_of(np.array(ranks), 0.9)
    assert abs(share - 0.9) < 3 * max(error, 0.04)
    half, error = coverage_of(np.array(ranks), 0.5)
    assert abs(half - 0.5) < 3 * max(error, 0.06)


def test_a_wrong_likelihood_is_noticed_by_the_same_check():
    random = np.random.default_rng(4)
    ranks = []
    for replicate in range(40):
        truth = random.standard_normal()
        seen = truth + 0.5 * random.standard_normal()
        found = fitted(gaussian(seen, 0.1), dimensions=4, draws=128, seed=replicate)  # claims five times the precision
        ranks.append(rank_of(found.normals[:, :1], np.array([truth]), random))
    assert coverage_of(np.array(ranks), 0.9)[0] < 0.7


def test_failed_worlds_never_reach_the_posterior():
    def evaluate(points, streams):
        wanted = np.where(points[:, 0] < 0.5, -np.inf, 0.0)
        return np.zeros(len(points)), wanted

    found = fitted(evaluate, dimensions=3, draws=64)
    assert (found.points[:, 0] >= 0.5).all()


def test_no_possible_world_is_an_error():
    with pytest.raises(ComputeError, match="no world of the prior"):
        fitted(lambda points, streams: (np.zeros(len(points)), np.full(len(points), -np.inf)), draws=16)


def test_effective_size_counts_equal_and_lonely_weights():
    assert effective_size(np.zeros(10)) == pytest.approx(10.0)
    assert effective_size(np.array([0.0, -np.inf, -np.inf])) == pytest.approx(1.0)


# Discrepancy


@pytest.mark.parametrize("form", [Form("wandering", 0.0, 1.0, 0.1), Form("wandering", 0.8, 0.5, 0.4),
                                  Form("reverting", 0.9, 0.7, 0.2)])  # fmt: skip
def test_the_log_likelihood_is_that_of_a_normal(form):
    from scipy.stats import multivariate_normal

    times = np.array([0, 1, 2, 4, 7])
    ready = whiteners((form,), times, 0.1, 0.3, 1)
    residuals = np.random.default_rng(0).standard_normal((5, 3)) * 0.2
    whole = covariance(form, times, 0.1, 0.3, 1)
    expected = [multivariate_normal(np.zeros(5), whole).logpdf(column) for column in residuals.T]
    assert log_likelihoods(ready, residuals)[0] == pytest.approx(expected)


def test_a_random_walk_is_forecast_at_its_last_value_with_growing_spread():
    form = Form("wandering", 0.0, 1.0, 1e-6)
    weights, spread = condition(form, np.arange(10), np.arange(10, 14), 0.1, 5.0, 1)
    known = np.linspace(0.0, 1.0, 10)
    assert weights @ known == pytest.approx(np.full(4, 1.0), abs=1e-3)
    assert np.sqrt((spread**2).sum(axis=1)) == pytest.approx(0.1 * np.sqrt([1, 2, 3, 4]), rel=0.01)


def test_a_reverting_form_returns_to_the_model():
    form = Form("reverting", 0.5, 1.0, 1e-6)
    weights, _ = condition(form, np.arange(30), np.array([60]), 0.1, 1e-6, 1)
    assert abs(float((weights @ np.ones(30))[0])) < 0.05


def test_persistent_steps_go_on():
    form = Form("wandering", 0.95, 1.0, 1e-6)
    weights, _ = condition(form, np.arange(12), np.arange(12, 15), 0.1, 5.0, 1)
    ahead = weights @ (0.1 * np.arange(12))
    assert (np.diff(ahead) > 0.05).all()
    assert ahead[0] > 1.15


def test_seasons_come_back():
    form = Form("wandering", 0.0, 0.15, 0.05)
    months = np.arange(48)
    season = np.where(months % 12 == 6, 0.3, 0.0)
    weights, _ = condition(form, months, np.arange(48, 60), 0.05, 1.0, 12)
    ahead = weights @ season
    assert ahead.argmax() == 6
    assert ahead[6] > 0.15


def test_covariances_are_positive_for_every_form_and_gap():
    for frequency in ("month", "year"):
        for form in forms_for(frequency):
            whole = covariance(form, np.array([0, 3, 4, 20, 21]), 0.05, 0.1, 12)
            assert np.linalg.eigvalsh(whole).min() > 0


def test_one_shock_does_not_set_the_typical_step():
    calm = np.cumsum(np.full(50, 0.01) * np.where(np.arange(50) % 2, 1, -1))
    shocked = calm + np.where(np.arange(50) > 25, 2.0, 0.0)
    assert typical_step(shocked) < 3 * typical_step(calm)


# Drivers and what is known


def test_a_held_driver_keeps_its_value_and_widens():
    rule = case().driver_rules["us_border_policy"]
    found = forecast_driver([0.4, 0.6, 0.5], 3, rule)
    assert found.values == pytest.approx((0.5, 0.5, 0.5))
    assert found.deviations[2] == pytest.approx(found.deviations[0] * 3**0.5)


def test_a_damped_share_goes_on_more_slowly_and_stays_below_one():
    rule = case().driver_rules["fentanyl_share"]
    found = forecast_driver([0.05, 0.1, 0.2, 0.35], 20, rule)
    assert 0.35 < found.values[0] < 0.6
    assert all(later >= earlier for earlier, later in zip(found.values, found.values[1:], strict=False))
    assert found.values[-1] < 1.0


def test_nothing_after_the_cutoff_is_known():
    last = date(2016, 12, 31)
    known = known_case(case(), last, 2020)
    assert all(event.date <= last for event in known.events)
    share = {row.year: row.value for row in known.history if row.name == "fentanyl_share"}
    truth = {row.year: row.value for row in case().history if row.name == "fentanyl_share"}
    assert share[2016] == truth[2016]
    changed = replace(case(), history=tuple(
        replace(row, value=0.0) if row.year > 2016 else row for row in case().history
    ))  # fmt: skip
    again = known_case(changed, last, 2020)
    assert [(row.year, row.name, row.value) for row in again.history] == [
        (row.year, row.name, row.value) for row in known.history
    ]


def test_an_end_that_lies_ahead_is_not_known():
    known = known_case(case(), date(2021, 12, 31), 2023)
    expulsions = next(event for event in known.events if event.sets == "expulsions")
    assert expulsions.until is None
    later = known_case(case(), date(2023, 12, 31), 2025)
    assert next(event for event in later.events if event.sets == "expulsions").until == date(2023, 5, 11)


def test_a_shock_recognised_later_is_not_known_before():
    assert not any(event.sets == "pulse_supply_2023" for event in known_case(case(), date(2023, 12, 31), 2025).events)
    assert any(event.sets == "pulse_supply_2023" for event in known_case(case(), date(2024, 12, 31), 2026).events)


def test_realised_runs_have_the_drivers_but_not_the_shocks():
    found = realised_case(case(), date(2018, 12, 31))
    sets = {event.sets for event in found.events if event.date > date(2018, 12, 31)}
    assert "expulsions" in sets
    assert not any(name and name.startswith("pulse_") for name in sets)


# Observations


def test_model_series_adds_flows_and_averages_stocks():
    target = replace(case().targets["mx_homicide_inegi_annual"], measures={"homicides": 1.0}, background=0.0)
    months = np.tile(np.arange(24.0)[:, None], (1, 2))
    assert model_series(target, {"homicides": months}, np.array([11, 23]))[:, 0].tolist() == [66.0, 210.0]
    stock = replace(target, measures={"trust": 1.0})
    assert model_series(stock, {"trust": months}, np.array([11]))[0, 0] == pytest.approx(5.5)
    rolling = replace(target, frequency="month", rolling_months=12)
    assert model_series(rolling, {"homicides": months}, np.array([12]))[0, 0] == 78.0


def test_a_series_starts_with_the_first_period_within_the_models_time():
    seen = observe(case(), case().targets["mx_homicide_inegi_annual"])
    assert period_label(seen.target, int(seen.ends[0])) == "2012"
    rolling = observe(case(), case().targets["us_overdose_all_12mo"])
    assert period_label(rolling.target, int(rolling.ends[-1])) == "2024-12"


def test_a_difference_of_series_counts_no_death_twice():
    target = case().targets["us_overdose_without_synthetic_annual"]
    whole = observe(case(), replace(target, minus=None))
    rest = observe(case(), target)
    assert (rest.values < whole.values).all()


def test_periods_ahead_follow_the_frequency():
    annual = case().targets["mx_homicide_inegi_annual"]
    assert periods_until(annual, 155, 179).tolist() == [167, 179]
    assert len(periods_until(case().targets["us_overdose_all_12mo"], 155, 179)) == 24


def test_no_death_is_fitted_twice():
    """Of series that count the same thing only one is fitted."""
    fitted_measures = [
        name
        for target in case().targets.values()
        if target.fit
        for name, weight in target.measures.items()
        if weight > 0
    ]
    assert len(fitted_measures) == len(set(fitted_measures))


# Pools


def test_a_better_member_gets_more_weight_as_evidence_grows():
    start = {"a": 0.5, "b": 0.5}
    one = pool_weights({"a": [0.1], "b": [0.2]}, start)
    four = pool_weights({"a": [0.1] * 4, "b": [0.2] * 4}, start)
    assert 0.5 < one["a"] < four["a"] < 0.8
    assert sum(four.values()) == pytest.approx(1.0)


def test_a_mixture_of_two_normals_has_their_quantiles():
    from scipy.stats import norm

    levels = np.linspace(0.01, 0.99, 99)
    first, second = norm(0, 1).ppf(levels), norm(4, 1).ppf(levels)
    found = mixture_quantiles([first[None], second[None]], [0.5, 0.5], levels)[0]
    assert np.interp(0.5, levels, found) == pytest.approx(2.0, abs=0.3)
    middle = 0.5 * norm(0, 1).cdf(found) + 0.5 * norm(4, 1).cdf(found)
    assert middle[5:-5] == pytest.approx(levels[5:-5], abs=0.02)


def test_intervals_are_stretched_by_past_misses_and_never_without_any():
    assert spread_factor([]) == 1.0
    assert spread_factor([np.array([0.1])] * 6) < 0.8
    assert spread_factor([np.array([9.0])] * 6) == 2.5
    levels = np.array([0.05, 0.5, 0.95])
    assert stretched(np.array([[1.0, 2.0, 4.0]]), levels, 2.0).tolist() == [[0.0, 2.0, 6.0]]


def test_standardised_errors_of_a_normal_are_standard():
    from scipy.stats import norm

    levels = np.linspace(0.01, 0.99, 99)
    found = standardised_errors(norm(3, 2).ppf(levels)[None], np.array([5.0]), levels)
    assert found[0] == pytest.approx(1.0, abs=0.02)
