"""Two organisations and a budget: closed forms, signs and refusals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crosscurrent.errors import InputError
from crosscurrent.replications.two_organisations import REPLICATION, TwoOrganisations, best_social_share, growth, spend

P = TwoOrganisations()


def test_rows_are_anchors_and_none_fails():
    rows = REPLICATION.rows()
    assert {row.tier for row in rows} == {3}
    assert all(row.verdict in ("pass", "gap") for row in rows)


def test_without_arrests_size_settles_where_recruits_balance_losses():
    """Inflow and spending left out, C* = delta rho / (theta + omega)."""
    free = replace(P, inflow=0.0, capture=0.0)
    settled = P.unspent_recruitment * P.recruitment / (P.conflict + P.saturation)
    assert growth(settled, 1e6, 0.0, free) == pytest.approx(0.0, abs=1e-9)
    assert spend(1.0, 0.0, free, 8000).members[-1] == pytest.approx(settled, rel=1e-6)


def test_both_kinds_of_spending_slow_growth():
    assert growth(25_000.0, 2e6, 0.0, P) < growth(25_000.0, 1e6, 0.0, P)
    assert growth(25_000.0, 1e6, 2e6, P) < growth(25_000.0, 1e6, 1e6, P)


def test_undiscounted_cost_of_a_week_by_hand():
    free = replace(P, discount=0.0)
    by_hand = P.cost_pair * 25_000.0**2 + 2.0 * P.cost_member * 25_000.0 + P.budget
    assert spend(P.budget, 0.0, free, 0).discounted_cost == pytest.approx(by_hand, rel=1e-12)


def test_a_strong_social_effect_moves_the_best_split():
    assert best_social_share(P.budget, replace(P, social_effect=50.0 * P.social_effect)) > best_social_share(
        P.budget, P
    )


def test_the_unknown_offset_hardly_matters():
    costs = [spend(P.budget, 0.0, replace(P, offset=offset)).discounted_cost for offset in (0.0, 1.0, 100.0)]
    assert costs == pytest.approx([costs[0]] * 3, rel=2e-3)


def test_charts_have_a_value_for_every_place():
    for chart in REPLICATION.charts():
        assert all(len(values) == len(chart.x) for values in chart.series.values())


@pytest.mark.parametrize(("budget", "share", "words"), [(0.0, 0.0, "too small"), (1e6, 1.2, "not a share")])
def test_wrong_inputs_are_refused(budget, share, words):
    with pytest.raises(InputError, match=words):
        spend(budget, share, P)
