"""Risk, routes and the balloon: published vectors, properties of the rules, and signs in the trafficking equations."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscurrent.errors import InputError
from crosscurrent.replications import narcologic as routes


def test_every_row_that_must_pass_does() -> None:
    rows = routes.REPLICATION.rows()
    assert [row for row in rows if row.tier < 3 and row.verdict != "pass"] == []
    assert {row.id[:4] for row in rows} == {"NL-1", "NL-2", "NL-3", "NL-4"}
    assert all(row.verdict != "fail" for row in rows)


def test_charts_hold_a_value_for_each_x() -> None:
    for chart in routes.REPLICATION.charts():
        assert all(len(values) == len(chart.x) for values in chart.series.values())


@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=13, max_size=13), st.integers(0, 12))
def test_one_more_loss_raises_perceived_risk(losses: list[float], month: int) -> None:
    before = [*losses[:month], 0.0, *losses[month + 1 :]]
    after = [*losses[:month], 1.0, *losses[month + 1 :]]
    assert 0.129 < routes.perceived_risk(before) < routes.perceived_risk(after) < 0.968


def test_old_losses_are_forgotten_and_weigh_less_if_discounted() -> None:
    assert routes.perceived_risk([0.0] * 13 + [1.0] * 20) == routes.perceived_risk([0.0] * 13)
    assert routes.perceived_risk([1.0, *[0.0] * 12], 0.5) > routes.perceived_risk([*[0.0] * 12, 1.0], 0.5)


def test_premium_settles_where_risk_says_and_never_below_one() -> None:
    premium = 1.0
    for _ in range(200):
        premium = routes.risk_premium(premium, 0.86)
    assert premium == pytest.approx((0.86 / 0.43) ** 2)
    assert routes.risk_premium(1.0, 0.1) == 1.0


def test_route_value_without_contrast_is_the_expected_payoff() -> None:
    """Routes alike have no salient outcome: both have salience 0, and the tie counts for the safe outcome."""
    values = routes.route_values(np.full(3, 10.0), np.full(3, 2.0), np.ones(3), np.zeros(3))
    assert values == pytest.approx([8.0, 8.0, 8.0])
    worse = routes.route_values(np.full(3, 10.0), np.full(3, 2.0), np.ones(3), np.array([0.1, 0.5, 0.9]))
    assert worse[0] > worse[1] > worse[2]


@given(st.floats(0.0, 1e6), st.floats(0.1, 1e5), st.integers(1, 300))
def test_network_grows_only_beyond_the_tolerance(loss: float, tolerance: float, active: int) -> None:
    change = routes.routes_changed(loss, tolerance, active)
    assert (1 <= change <= 8) if loss > tolerance else (-(active - 1) <= change <= 0)


def test_interdiction_learns() -> None:
    assert routes.learned_interdiction(0.5, True) == pytest.approx(0.8)
    assert routes.learned_interdiction(0.5, False) == pytest.approx(0.2)


def test_same_seed_same_run() -> None:
    assert routes.simulate_routes(21, 3, 24, 100) == routes.simulate_routes(21, 3, 24, 100)


@pytest.mark.parametrize("product", list(routes.PRODUCTS))
def test_nothing_is_lost_between_corridors(product: str) -> None:
    outcome = routes.corridors_under_interdiction(product, 2.0)
    assert outcome.landed + outcome.seized == pytest.approx(1.0)
    assert sum(outcome.shares) == pytest.approx(1.0)
    usual = routes.corridors_under_interdiction(product, 1.0)
    base = [corridor.base_share[product] for corridor in routes._case().corridors.values()]
    assert list(usual.shares) == pytest.approx(base, rel=1e-4)


@pytest.mark.parametrize("product", list(routes.PRODUCTS))
def test_covering_more_corridors_helps_ever_more(product: str) -> None:
    falls = [routes.fall_when_covered(product, count) for count in range(7)]
    steps = [after - before for before, after in itertools.pairwise(falls)]
    assert falls[0] == pytest.approx(0.0)
    assert all(step > 0.0 for step in steps)
    assert steps[-1] == max(steps)


def test_rigid_routes_lose_more_where_few_are_covered() -> None:
    assert routes.fall_when_covered("cocaine", 1, "slow-rigid") > routes.fall_when_covered("cocaine", 1, "fast-fluid")


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: routes.perceived_risk([2.0]), "loss"),
        (lambda: routes.perceived_risk([0.0], 0.0), "weight"),
        (lambda: routes.route_values(np.ones(1), np.ones(1), np.ones(1), np.ones(1)), "too few routes"),
        (lambda: routes.route_values(np.ones(2), np.ones(2), np.ones(2), np.full(2, 1.5)), "probability"),
        (lambda: routes.simulate_routes(0), "capacity"),
        (lambda: routes.corridors_under_interdiction("cocain", 1.0), "did you mean 'cocaine'"),
        (lambda: routes.corridors_under_interdiction("cocaine", -1.0), "negative"),
        (lambda: routes.corridors_under_interdiction("cocaine", 1.0, ("arizon",)), "did you mean 'arizona'"),
        (lambda: routes.fall_when_covered("cocaine", 9), "0 to 6"),
    ],
)
def test_wrong_inputs_say_what_to_change(call, word: str) -> None:
    with pytest.raises(InputError, match=word):
        call()
