"""The threshold of cooperation: algebra against payoffs played out and against the consent equation."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscurrent.errors import InputError
from crosscurrent.replications import cooperation_threshold as game
from crosscurrent.replications.cooperation_threshold import Stakes


def test_every_row_passes() -> None:
    rows = game.REPLICATION.rows()
    assert all(row.tier == 1 and row.verdict == "pass" for row in rows)
    assert all(abs(row.ours - float(row.published)) < 1e-9 for row in rows)
    (chart,) = game.REPLICATION.charts()
    assert chart.series["formula"] == pytest.approx(chart.series["our consent equation at 1/2"], abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.5, 3.0), st.floats(0.05, 0.5), st.floats(0.05, 0.4))
def test_three_ways_agree(benefit: float, effort_share: float, cost_share: float) -> None:
    stakes = Stakes(benefit, effort_share * benefit, cost_share * benefit)
    exact = game.cooperation_threshold(stakes)
    assert game.simulated_threshold(stakes) == pytest.approx(exact, abs=1e-9)
    assert game.consent_crossing(stakes) == pytest.approx(exact, abs=1e-9)


def test_payoffs_have_their_closed_form() -> None:
    stakes = Stakes(1.0, 0.2, 0.1)
    assert game.payoff(stakes, 0.9, defects=False) == pytest.approx(0.7 / 0.1)
    assert game.payoff(stakes, 0.9, defects=True) == 1.0
    assert game.payoff(stakes, 0.0, defects=False) == pytest.approx(0.7)


def test_a_one_sided_act_ends_cooperation_exactly_at_its_limit() -> None:
    stakes, discount = Stakes(1.0, 0.2, 0.3), 0.8
    rise = game.largest_rise_of_cost(stakes, discount)
    for extra, holds in ((-1e-6, True), (1e-6, False)):
        after = Stakes(1.0, 0.2, 0.3 + rise + extra)
        assert (game.payoff(after, discount, False) >= game.payoff(after, discount, True)) is holds


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: Stakes(0.0, 0.1, 0.1), "benefit"),
        (lambda: Stakes(1.0, -0.1, 0.1), "cost"),
        (lambda: game.payoff(Stakes(1.0, 0.1, 0.1), 1.0, False), "discount"),
    ],
)
def test_wrong_inputs_say_what_to_change(call, word: str) -> None:
    with pytest.raises(InputError, match=word):
        call()
