"""Containment by force with imperfect intelligence: vectors, the limit, and that runs end where the formula says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscurrent.errors import InputError
from crosscurrent.replications import kress_szechtman as force
from crosscurrent.replications.kress_szechtman import Insurgency


def test_every_row_that_must_pass_does() -> None:
    rows = force.REPLICATION.rows()
    assert all(row.verdict == "pass" for row in rows)
    assert {row.id[:4] for row in rows} == {"IN-1"}
    assert {row.tier for row in rows[1:]} == {3}, "the form is recalled: only the sign is a test"
    assert force.REPLICATION.charts()


def test_vectors() -> None:
    assert force.containment_share(Insurgency(0.0, 1.0)) == 0.5
    assert force.containment_share(Insurgency(0.5, 0.5)) == 0.0
    assert force.containment_share(Insurgency(1.0, 9.0)) == 0.0


@settings(max_examples=30, deadline=None)
@given(st.floats(0.0, 0.8), st.floats(0.0, 4.0), st.floats(0.05, 0.95))
def test_every_start_ends_at_the_containment_share(intelligence: float, recruits: float, start: float) -> None:
    state = Insurgency(intelligence, recruits)
    end = force.simulate_share(start, state, time=150.0)[-1]
    assert end == pytest.approx(force.containment_share(state), abs=2e-3)


@given(st.floats(0.0, 1.0), st.floats(0.0, 5.0))
def test_force_ends_it_only_with_enough_intelligence(intelligence: float, recruits: float) -> None:
    share = force.containment_share(Insurgency(intelligence, recruits))
    assert 0.0 <= share < 1.0
    if intelligence > recruits / (1.0 + recruits) + 1e-9:
        assert share == 0.0
    if intelligence < recruits / (1.0 + recruits) - 1e-6:
        assert share > 0.0


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: Insurgency(1.2, 1.0), "intelligence"),
        (lambda: Insurgency(0.5, -1.0), "recruitment"),
        (lambda: force.simulate_share(2.0, force.BLIND), "share"),
    ],
)
def test_wrong_inputs_say_what_to_change(call, word: str) -> None:
    with pytest.raises(InputError, match=word):
        call()
