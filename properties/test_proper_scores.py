"""What must hold for scores of any forecast."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from crosscurrent.calibration.scores import (
    crps_from_quantiles,
    crps_from_samples,
    interval_score,
    level_weights,
    pinball_loss,
    pit_from_quantiles,
    pit_from_samples,
)

_values = arrays(np.float64, st.integers(1, 12), elements=st.floats(-1e3, 1e3))
_levels = st.lists(st.integers(1, 99), min_size=1, max_size=9, unique=True).map(lambda v: np.sort(v) / 100.0)
_number = st.floats(-1e3, 1e3)


@given(_values, _values)
def test_crps_is_proper(believed, stated):
    """Whoever states what is believed expects no higher score than with anything else: exactly, for equal
    weights on the believed values.
    """
    honest = np.mean([crps_from_samples(believed, value) for value in believed])
    other = np.mean([crps_from_samples(stated, value) for value in believed])
    assert honest <= other + 1e-9 * (1.0 + abs(other))


@given(_values, _levels, st.data())
def test_pinball_loss_is_proper(believed, levels, data):
    """The believed distribution's own quantiles have the lowest mean loss, level by level."""
    honest = np.quantile(believed, levels, method="inverted_cdf")
    moved = honest + data.draw(arrays(np.float64, levels.size, elements=_number))
    losses = [np.mean([pinball_loss(q, value, levels) for value in believed], axis=0) for q in (honest, moved)]
    assert (losses[0] <= losses[1] + 1e-9 * (1.0 + np.abs(losses[1]))).all()


@given(_values, _number)
def test_scores_are_not_negative_and_bounded_by_the_mean_error(samples, observed):
    score = crps_from_samples(samples, observed).item()
    assert -1e-9 <= score <= np.abs(samples - observed).mean() + 1e-9


@given(_values, _number, _number)
def test_scores_move_with_the_series(samples, observed, shift):
    moved = crps_from_samples(samples + shift, observed + shift).item()
    assert moved == pytest.approx(crps_from_samples(samples, observed).item(), abs=1e-8)


@given(_number, _number, _levels)
def test_the_score_of_a_point_is_its_error(point, observed, levels):
    quantiles = np.full(levels.size, point)
    weights = level_weights(levels)
    assert weights.sum() == pytest.approx(1.0)
    found = crps_from_quantiles(quantiles, observed, levels).item()
    share = (weights * levels).sum() if observed >= point else (weights * (1.0 - levels)).sum()
    assert found == pytest.approx(2.0 * share * abs(observed - point), abs=1e-9)


@given(_number, st.floats(0.0, 100.0), _number, st.floats(0.05, 0.95))
def test_the_interval_score_is_the_pinball_loss_of_its_ends(low, width, observed, nominal):
    levels = np.array([(1 - nominal) / 2, (1 + nominal) / 2])
    assume(levels[0] < levels[1])
    ends = np.array([low, low + width])
    loss = pinball_loss(ends, observed, levels).sum().item()
    scaled = 2.0 / (1.0 - nominal) * loss
    assert interval_score(*ends, observed, nominal).item() == pytest.approx(scaled, abs=1e-6)


@given(_values, _number, st.floats(0.0, 1.0), _levels)
def test_places_are_levels(samples, observed, uniform, levels):
    assert 0.0 <= pit_from_samples(samples, observed, uniform).item() <= 1.0
    quantiles = np.quantile(samples, levels, method="inverted_cdf")
    assert 0.0 <= pit_from_quantiles(quantiles, observed, levels, uniform).item() <= 1.0
