import warnings

import numpy as np
import pytest

from crosscurrent.errors import InputError
from crosscurrent.study import monte_carlo_error, scramble_of, world_points


def test_points_fill_the_space_evenly():
    points = world_points(0, np.arange(2048), 5)
    assert 0 < points.min() < points.max() < 1
    assert np.abs(points.mean(axis=0) - 0.5).max() < 0.002
    # Each scramble alone has one point in each of 256 slices of every axis.
    for scramble in range(8):
        slices = np.floor(points[scramble::8] * 256).astype(int)
        assert all(len(set(column)) == 256 for column in slices.T)


def test_scrambles_and_seeds_differ():
    points = world_points(0, np.arange(16), 3)
    assert len(np.unique(points[:, 0])) == 16
    others = [world_points(seed, np.arange(16), 3) for seed in (1, 2**63 - 1)]
    assert not any(np.isin(points, other).any() for other in others)


def test_seed_zero_is_reproducible_and_pinned():
    # These numbers define every world of every study: they may only move with a note in the changelog.
    points = world_points(0, [0, 7, 99_999], 2)
    assert np.array_equal(points, world_points(0, [0, 7, 99_999], 2))
    expected = [
        [0.8213578821159899, 0.26948220608755946],
        [0.1354831219650805, 0.20400883955881],
        [0.32428566692397, 0.5542088863439858],
    ]
    assert np.allclose(points, expected, rtol=0, atol=1e-9)


def test_no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        world_points(3, np.arange(100), 7)


def test_bad_arguments():
    with pytest.raises(InputError, match="from 0"):
        world_points(0, [-1], 2)
    with pytest.raises(InputError, match="dimensions"):
        world_points(0, [1], 0)
    assert world_points(0, [], 2).shape == (0, 2)


def test_error_of_a_median_is_honest():
    worlds = np.arange(4096)
    medians, errors = [], []
    for seed in range(40):
        points = world_points(seed, worlds, 4)
        values = points.sum(axis=1) + 0.3 * np.sin(9 * points[:, 0] * points[:, 1])
        medians.append(np.median(values))
        errors.append(float(monte_carlo_error(values, worlds)))
    assert 0.6 < np.mean(errors) / np.std(medians, ddof=1) < 1.6


def test_error_leaves_failed_worlds_out():
    worlds = np.arange(64)
    values = np.sin(worlds * 1.7)
    holes = values.copy()
    holes[[3, 40]] = np.nan
    assert np.isfinite(monte_carlo_error(holes, worlds))
    groups = [np.nanmedian(holes[scramble_of(worlds) == s]) for s in range(8)]
    assert np.isclose(monte_carlo_error(holes, worlds), np.std(groups, ddof=1) / np.sqrt(8))
    assert np.isnan(monte_carlo_error(np.full(64, np.nan), worlds))
    assert np.isnan(monte_carlo_error([1.0], [0]))
    assert monte_carlo_error(np.stack([values, 2 * values])[:, None], worlds).shape == (2, 1)
