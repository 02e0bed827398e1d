"""What must hold for every distribution a case can write."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscurrent.case.distributions import (
    DISTRIBUTIONS,
    Distribution,
    central_value,
    describe,
    faults,
    quantile,
    summary,
    support,
)
from crosscurrent.errors import InputError

_level = st.floats(-50.0, 50.0)
_size = st.floats(0.05, 20.0)


def _make(kind: str, level: float, one: float, two: float, part: float) -> Distribution:
    """A possible distribution of a family from free numbers."""
    numbers = {
        "constant": (level,),
        "uniform": (level, level + one),
        "loguniform": (one, one * (1 + two)),
        "normal": (level, one),
        "lognormal": (one, min(two, 2.0)),
        "beta": (one, two),
        "scaled_beta": (one, two, level, level + 3.0),
        "triangular": (level, level + part * one, level + one),
    }[kind]
    return Distribution(kind, numbers)


distributions = st.builds(_make, st.sampled_from(sorted(DISTRIBUTIONS)), _level, _size, _size, st.floats(0.0, 1.0))


def _bounds(distribution: Distribution, below: float, above: float) -> tuple[float, float]:
    """Bounds around the centre, as the model's schema must give them."""
    centre = central_value(distribution)
    return centre - below, centre + above


@given(distributions, _size, _size, st.lists(st.floats(0.0, 1.0), min_size=2, max_size=20))
def test_within_bounds_and_rising(distribution: Distribution, below: float, above: float, u: list[float]) -> None:
    low, high = _bounds(distribution, below, above)
    values = quantile(distribution, sorted(u), low, high)
    first, last = support(distribution)
    assert np.all((values >= max(low, first)) & (values <= min(high, last)))
    assert np.all(np.diff(values) >= -1e-9 * (1 + np.abs(values[1:])))


@given(distributions, _size, _size)
@settings(max_examples=60)
def test_mean_and_median_agree_with_a_fine_grid(distribution: Distribution, below: float, above: float) -> None:
    low, high = _bounds(distribution, below, above)
    grid = quantile(distribution, (np.arange(20_000) + 0.5) / 20_000, low, high)
    found = summary(distribution, low, high)
    spread = float(np.ptp(grid)) + 1e-9
    assert abs(found.mean - grid.mean()) < 2e-3 * spread
    assert abs(found.median - float(np.median(grid))) < 2e-3 * spread
    assert found.p05 <= found.median <= found.p95


@pytest.mark.parametrize(
    ("distribution", "median"),
    [
        (Distribution("constant", (3.0,)), 3.0),
        (Distribution("uniform", (1.0, 4.0)), 2.5),
        (Distribution("loguniform", (1.0, 100.0)), 10.0),
        (Distribution("normal", (2.0, 5.0)), 2.0),
        (Distribution("lognormal", (7.0, 1.5)), 7.0),
        (Distribution("beta", (2.0, 2.0)), 0.5),
        (Distribution("beta", (1.0, 3.0)), 1.0 - 0.5 ** (1.0 / 3.0)),
        (Distribution("scaled_beta", (3.0, 3.0, -2.0, 4.0)), 1.0),
        (Distribution("triangular", (0.0, 0.0, 1.0)), 1.0 - math.sqrt(0.5)),
    ],
)
def test_medians_known_in_closed_form(distribution: Distribution, median: float) -> None:
    assert summary(distribution).median == pytest.approx(median, rel=1e-12)


def test_truncated_normal_against_scipy() -> None:
    from scipy.stats import truncnorm

    u = np.linspace(0.01, 0.99, 25)
    ours = quantile(Distribution("normal", (1.0, 2.0)), u, 0.0, 2.5)
    assert np.allclose(ours, truncnorm.ppf(u, -0.5, 0.75, 1.0, 2.0), rtol=1e-12)


@given(distributions)
def test_families_built_here_are_possible_and_described(distribution: Distribution) -> None:
    assert faults(distribution) == []
    assert distribution.kind.removeprefix("scaled_") in describe(distribution)


@pytest.mark.parametrize(
    "call",
    [
        lambda: quantile(Distribution("uniform", (0.0, 1.0)), [1.5]),
        lambda: quantile(Distribution("uniform", (0.0, 1.0)), [math.nan]),
        lambda: quantile(Distribution("uniform", (0.0, 1.0)), [0.5], 2.0, 3.0),
        lambda: quantile(Distribution("normal", (0.0, 1.0)), [0.5], 200.0, 300.0),
        lambda: quantile(Distribution("normal", (0.0, 0.0)), [0.5]),
    ],
)
def test_refuses_what_cannot_be_drawn(call: Callable[[], object]) -> None:
    with pytest.raises(InputError):
        call()
