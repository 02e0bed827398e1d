"""Drug-market economics: identities, the sign of scarcity, and anchors whose gap is reported."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscurrent.errors import InputError
from crosscurrent.replications import drug_market as market


@pytest.fixture(scope="module")
def rows():
    return market.REPLICATION.rows()


def test_every_row_that_must_pass_does(rows) -> None:
    assert [row.id for row in rows if row.tier < 3 and row.verdict != "pass"] == []
    families = {row.id[:4] for row in rows}
    assert families == {f"EC-{number}" for number in range(1, 7)}


def test_anchors_never_fail_and_gaps_are_shown(rows) -> None:
    assert all(row.verdict != "fail" for row in rows if row.tier == 3)
    assert all(math.isfinite(row.ours) for row in rows)
    # These do not reproduce; a pass here means that the text beside them must be written anew.
    assert {row.id for row in rows if row.verdict == "gap"} == {"EC-1c", "EC-2", "EC-2b", "EC-2c", "EC-5d"}


@settings(deadline=None, max_examples=40)
@given(st.floats(0.3, 1.5), st.floats(-3.0, -0.45))
def test_revenue_is_the_identity(quantity: float, elasticity: float) -> None:
    assert market.revenue_after(quantity, elasticity) == pytest.approx(quantity ** (1.0 + 1.0 / elasticity), rel=1e-4)


@given(st.floats(1.0, 500.0), st.floats(1.0, 500.0), st.floats(1.0, 500.0))
def test_pass_through_rules_agree_where_they_must(wholesale: float, markup: float, later: float) -> None:
    retail = wholesale + markup
    assert market.additive_retail(wholesale, retail, wholesale) == pytest.approx(retail)
    assert market.multiplicative_retail(wholesale, retail, wholesale) == pytest.approx(retail)
    # In dollars a fall reaches the street less than in proportion, and so does a rise.
    further = market.multiplicative_retail(wholesale, retail, later) - retail
    assert abs(further) >= abs(market.additive_retail(wholesale, retail, later) - retail) - 1e-9


def test_scarcity_raises_violence_only_if_demand_is_inelastic() -> None:
    found = [market.violence_after_scarcity(0.8, elasticity) for elasticity in (-0.4, -0.9, -1.1, -2.0)]
    assert found[0] > found[1] > 0.0 > found[2] > found[3]


def test_plenty_is_scarcity_reversed() -> None:
    assert market.violence_after_scarcity(1.2, -0.5) < 0.0 < market.violence_after_scarcity(1.2, -2.0)


def test_a_product_without_revenue_moves_nothing() -> None:
    assert market.violence_after_scarcity(0.5, -0.5, export_share=0.0) == 0.0


def test_more_interdiction_lands_less() -> None:
    assert market.landed_ratio(1.0, 0.2, 0.9) == 1.0
    assert market.landed_ratio(2.0, 0.2, 0.9) == pytest.approx((1.0 - 0.36) / (1.0 - 0.18))
    assert market.landed_ratio(3.0, 0.2, 0.9) < market.landed_ratio(2.0, 0.2, 0.9)


def test_costs_are_marginal() -> None:
    assert market.cost_per_kg_interdicted(0.01) == pytest.approx(market.cost_per_kg_interdicted(0.001), rel=0.01)
    assert market.treatment_for_one_percent(0.1) == pytest.approx(market.treatment_for_one_percent(0.05), rel=0.05)


def test_charts_have_a_value_for_every_x() -> None:
    charts = market.REPLICATION.charts()
    assert len(charts) == 2
    assert all(len(line) == len(chart.x) for chart in charts for line in chart.series.values())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: market.revenue_after(0.9, 0.5), "fall with price"),
        (lambda: market.revenue_after(0.0, -0.5), "quantity"),
        (lambda: market.revenue_after(math.nan, -0.5), "quantity"),
        (lambda: market.additive_retail(-1.0, 10.0, 1.0), "Wholesale"),
        (lambda: market.multiplicative_retail(0.0, 10.0, 1.0), "Wholesale"),
        (lambda: market.revenue_lost(15.0, 0.14), "share"),
        (lambda: market.violence_after_scarcity(0.9, -0.5, 2.0), "share"),
        (lambda: market.interdiction_for_one_percent("heroin"), "product"),
        (lambda: market.cost_per_kg_interdicted(0.0), "interdiction"),
    ],
)
def test_wrong_inputs_are_named(call, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()
