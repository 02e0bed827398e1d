"""Counts by inverse distribution function, against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from crosscurrent.kernel.operations_draws import binomial_quantile, poisson_quantile

U = np.linspace(0.001, 0.999, 97)


@pytest.mark.parametrize("mean", [0.02, 0.7, 3.0, 12.0, 45.0])
def test_poisson_counts(mean: float) -> None:
    ours = [poisson_quantile(np.float32(u), np.float32(mean)) for u in U]
    theirs = stats.poisson.ppf(U, mean)
    assert np.abs(np.array(ours) - theirs).max() <= 1
    assert np.mean(np.array(ours) == theirs) > 0.95


@pytest.mark.parametrize(("trials", "p"), [(1, 0.3), (7, 0.05), (30, 0.4), (60, 0.9)])
def test_binomial_counts(trials: int, p: float) -> None:
    ours = [binomial_quantile(np.float32(u), trials, np.float32(p)) for u in U]
    theirs = stats.binom.ppf(U, trials, p)
    assert np.abs(np.array(ours) - theirs).max() <= 1
    assert np.mean(np.array(ours) == theirs) > 0.95


def test_counts_rise_with_the_rate_for_the_same_draw() -> None:
    for u in U[::8]:
        counts = [poisson_quantile(np.float32(u), np.float32(mean)) for mean in np.linspace(0.0, 20.0, 40)]
        assert counts == sorted(counts)


def test_no_rate_no_count() -> None:
    assert poisson_quantile(np.float32(0.99), np.float32(0.0)) == 0
    assert binomial_quantile(np.float32(0.99), 0, np.float32(0.5)) == 0
