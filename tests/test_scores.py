"""Scores against closed forms, and refusals; whether two forecasters differ, on made losses."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from crosscurrent.calibration.loss_comparison import compare_losses
from crosscurrent.calibration.scores import (
    crps_from_quantiles,
    crps_from_samples,
    interval_coverage,
    interval_score,
    level_weights,
    log_scale,
    pinball_loss,
    pit_from_quantiles,
    pit_from_samples,
    skill_score,
)
from crosscurrent.errors import InputError

FINE = (np.arange(99) + 1.0) / 100.0
NAN = float("nan")


def normal_crps(mean, deviation, observed):
    """Closed form for a normal forecast."""
    z = (observed - mean) / deviation
    return deviation * (z * (2.0 * norm.cdf(z) - 1.0) + 2.0 * norm.pdf(z) - 1.0 / math.sqrt(math.pi))


@pytest.mark.parametrize("observed", [-4.0, 1.0, 3.0, 9.0])
def test_crps_of_a_normal(observed):
    """Quantiles in the middle of 20,000 equal parts stand for the distribution; 99 levels come within 0.3 %."""
    exact = normal_crps(3.0, 2.0, observed)
    samples = norm.ppf((np.arange(20_000) + 0.5) / 20_000, 3.0, 2.0)
    assert crps_from_samples(samples, observed) == pytest.approx(exact, rel=1e-4)
    assert crps_from_quantiles(norm.ppf(FINE, 3.0, 2.0), observed, FINE) == pytest.approx(exact, rel=0.003)


def test_crps_of_samples_is_the_mean_over_pairs():
    generator = np.random.default_rng(1)
    samples, observed = generator.normal(size=(4, 7)), generator.normal(size=4)
    pairs = np.abs(samples[:, :, None] - samples[:, None, :]).mean(axis=(1, 2))
    plain = np.abs(samples - observed[:, None]).mean(axis=1) - pairs / 2.0
    assert crps_from_samples(samples, observed) == pytest.approx(plain)


def test_crps_of_samples_and_of_their_quantiles_agree():
    """With one level in the middle of each sample's share the two are the same formula."""
    samples = np.sort(np.random.default_rng(2).gamma(2.0, size=50))
    levels = (np.arange(50) + 0.5) / 50
    assert crps_from_quantiles(samples, 1.3, levels) == pytest.approx(crps_from_samples(samples, 1.3).item())


def test_pinball_loss_by_hand():
    assert pinball_loss([8.0, 12.0], 11.0, [0.1, 0.9]) == pytest.approx([0.3, 0.1])


def test_weights_of_levels():
    assert level_weights((np.arange(10) + 0.5) / 10) == pytest.approx([0.1] * 10)
    assert level_weights([0.5]) == pytest.approx([1.0])


def test_log_scale_scores_relative_errors():
    """Ten times the level, the same score."""
    near = crps_from_samples(log_scale([80.0, 120.0]), log_scale(100.0))
    far = crps_from_samples(log_scale([800.0, 1200.0]), log_scale(1000.0))
    assert near == pytest.approx(far.item())
    assert log_scale(0.0, offset=1.0).item() == 0.0


def test_interval_score_by_hand():
    found = interval_score([0.0, 0.0, 0.0], 8.0, [4.0, 9.0, -2.0], nominal=0.5)
    assert found == pytest.approx([8.0, 12.0, 16.0])


def test_coverage_counts_what_it_leaves_out():
    forecasts = [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [NAN, NAN, NAN], [1.0, 2.0, 3.0]]
    found = interval_coverage(forecasts, [1.0, 4.0, 2.0, NAN], [0.05, 0.5, 0.95], nominal=0.9)
    assert (found.inside, found.scored, found.left_out, found.share) == (1, 2, 2, 0.5)


def test_failures_stay_visible():
    """A NaN anywhere in a forecast gives a NaN score, not a score of the rest."""
    assert math.isnan(crps_from_samples([1.0, NAN], 1.0))
    assert math.isnan(crps_from_samples([1.0, 2.0], NAN))
    assert math.isnan(crps_from_quantiles([1.0, NAN], 1.0, [0.1, 0.9]))
    assert math.isnan(pit_from_samples([1.0, NAN], 1.0, 0.5))
    assert math.isnan(pit_from_quantiles([1.0, NAN], 1.0, [0.1, 0.9], 0.5))


def distance_from_uniform(places):
    """Largest distance between the shares below and the diagonal."""
    ordered = np.sort(places)
    return np.abs(ordered - (np.arange(ordered.size) + 0.5) / ordered.size).max()


@pytest.mark.parametrize("draw", ["normal", "poisson"])
def test_places_of_calibrated_forecasts_are_uniform(draw):
    """Observation and samples from one distribution, continuous or counts with many ties; the 1 % bound of
    Kolmogorov's distance.
    """
    generator = np.random.default_rng(3)
    count = 4000
    values = generator.normal(size=(count, 20)) if draw == "normal" else generator.poisson(1.5, size=(count, 20))
    places = pit_from_samples(values[:, 1:], values[:, 0], generator.uniform(size=count))
    assert distance_from_uniform(places) < 1.63 / math.sqrt(count)


def test_places_of_a_narrow_forecast_heap_at_the_ends():
    generator = np.random.default_rng(4)
    places = pit_from_samples(
        0.3 * generator.normal(size=(2000, 19)), generator.normal(size=2000), generator.uniform(size=2000)
    )
    assert ((places < 0.1) | (places > 0.9)).mean() > 0.5


def test_places_among_quantiles_are_uniform():
    generator = np.random.default_rng(5)
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    observed, uniforms = generator.uniform(size=4000), generator.uniform(size=4000)
    places = pit_from_quantiles(levels, observed, levels, uniforms)  # the quantiles of a uniform are its levels
    assert distance_from_uniform(places) < 1.63 / math.sqrt(4000)
    inner = (observed > 0.05) & (observed < 0.95)
    assert places[inner] == pytest.approx(observed[inner])


def test_an_observation_equal_to_several_quantiles():
    found = pit_from_quantiles([0.0, 0.0, 0.0, 2.0], [0.0, 0.0, 2.0], [0.1, 0.3, 0.5, 0.9], [0.0, 1.0, 0.3])
    assert found == pytest.approx([0.1, 0.5, 0.9])


def test_skill():
    assert skill_score([1.0, 1.0], [2.0, 2.0]) == 0.5
    assert skill_score([3.0], [2.0]) == -0.5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: crps_from_samples([], 1.0), "no samples"),
        (lambda: crps_from_samples([1.0, math.inf], 1.0), "infinite"),
        (lambda: pinball_loss([1.0], 1.0, [0.1, 0.9]), "differ in number"),
        (lambda: pinball_loss([1.0, 2.0], 1.0, [0.9, 0.1]), "levels cannot be used"),
        (lambda: pinball_loss([1.0, 2.0], 1.0, [0.0, 0.5]), "levels cannot be used"),
        (lambda: interval_score(2.0, 1.0, 1.0), "ends before it begins"),
        (lambda: interval_score(1.0, 2.0, 1.0, nominal=1.0), "nominal coverage"),
        (lambda: interval_coverage([1.0, 2.0], 1.0, [0.1, 0.9], nominal=0.9), "do not hold the ends"),
        (lambda: log_scale([1.0, 0.0]), "positive values"),
        (lambda: pit_from_samples([1.0], 1.0, 1.5), "not within 0-1"),
        (lambda: pit_from_quantiles([2.0, 1.0], 1.0, [0.1, 0.9], 0.5), "quantiles fall"),
        (lambda: skill_score([1.0, NAN], [1.0, 1.0]), "not finite"),
        (lambda: skill_score([1.0], [0.0]), "perfect"),
        (lambda: skill_score([1.0], [1.0, 2.0]), "do not pair"),
        (lambda: compare_losses([1.0], [1.0, 2.0]), "do not pair"),
        (lambda: compare_losses([NAN], [1.0]), "no forecast has both"),
        (lambda: compare_losses([1.0], [1.0], horizon=0), "horizon"),
        (lambda: compare_losses([math.inf], [1.0]), "infinite"),
    ],
)
def test_refusals(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_a_comparison_one_step_ahead_is_the_paired_t_test():
    """Without overlap the corrected statistic is that of a paired t test."""
    from scipy.stats import ttest_rel

    generator = np.random.default_rng(6)
    first, second = generator.gamma(2.0, size=30), generator.gamma(2.5, size=30)
    found, known = compare_losses(first, second), ttest_rel(first, second)
    assert found.statistic == pytest.approx(known.statistic)
    assert found.p_value == pytest.approx(known.pvalue)
    assert found.difference == pytest.approx((first - second).mean())


def overlapping(generator, count, horizon):
    """Losses whose neighbours share all but one of ``horizon`` shocks; their mean difference is 0."""
    shocks = generator.normal(size=count + horizon - 1)
    return np.convolve(shocks, np.ones(horizon), mode="valid")


def test_overlap_is_accounted_for():
    """Of 400 comparisons without a difference about 5 % are called different; with overlap ignored it is far
    more.
    """
    generator = np.random.default_rng(7)
    series = [overlapping(generator, 120, 4) for _ in range(400)]
    aware = np.mean([compare_losses(one, np.zeros(120), horizon=4).p_value < 0.05 for one in series])
    blind = np.mean([compare_losses(one, np.zeros(120), horizon=1).p_value < 0.05 for one in series])
    assert aware < 0.10
    assert blind > 0.25


def test_a_real_difference_is_found():
    generator = np.random.default_rng(8)
    noise = overlapping(generator, 120, 4)
    found = compare_losses(noise - 3.0, np.zeros(120), horizon=4)
    assert found.p_value < 0.01
    assert found.statement.startswith("the first has the lower loss")


def test_too_few_forecasts_are_said_to_be_too_few():
    """Twelve forecasts a year ahead, made monthly, are worth about one."""
    generator = np.random.default_rng(9)
    found = compare_losses(generator.normal(size=12) - 9.0, generator.normal(size=12), horizon=12)
    assert math.isnan(found.p_value)
    assert found.statement == "too few to tell: 12 forecasts 12 periods ahead, at least 48 are needed"


def test_missing_losses_are_counted():
    found = compare_losses([1.0, NAN, 2.0], [1.0, 1.0, NAN])
    assert (found.pairs, found.left_out) == (1, 2)
    assert math.isnan(found.error)


def test_losses_that_always_differ_by_the_same():
    found = compare_losses(np.ones(20), np.zeros(20))
    assert found.error == 0.0
    assert math.isnan(found.p_value)
    assert "same amount" in found.statement
