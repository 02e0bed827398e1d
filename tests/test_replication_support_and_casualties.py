"""Support and casualties: the logarithmic form, the polls, and our coefficient in points a tenfold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscurrent.errors import InputError
from crosscurrent.replications import mueller


def test_every_row_that_must_pass_does() -> None:
    rows = mueller.REPLICATION.rows()
    assert [row for row in rows if row.tier < 3 and row.verdict != "pass"] == []
    assert all(row.tier == 3 for row in rows if row.id.startswith("PS-1")), "the slope is recalled"
    # The early polls do not give the recalled slope; a pass here means that the text beside it must be written anew.
    assert [row.id for row in rows if row.verdict == "gap"] == ["PS-1"]
    for chart in mueller.REPLICATION.charts():
        assert all(len(values) == len(chart.x) for values in chart.series.values())


@given(st.floats(20.0, 120.0), st.floats(1.0, 30.0))
def test_fit_finds_the_line_it_was_given(start: float, slope: float) -> None:
    counts = [10.0, 300.0, 4000.0, 50_000.0]
    support = [mueller.support_by_casualties(count, start, slope) for count in counts]
    assert mueller.log_casualty_fit(counts, support) == pytest.approx((start, slope), rel=1e-6)


def test_shift_and_ratio_are_inverse() -> None:
    assert mueller.intercept_shift(mueller.required_ratio(27.0), 1.0) == pytest.approx(27.0)


def test_each_rival_moves_support_by_what_it_says() -> None:
    casualties = mueller.our_points_per_tenfold("casualties")
    assert casualties > 3.0 * mueller.our_points_per_tenfold("success")
    assert mueller.our_support(0.0, 0.8, "success") - mueller.our_support(0.0, -0.2, "success") > 20.0
    assert mueller.our_support(0.0, 0.0, "duration", 3.0) < mueller.our_support(0.0, 0.0, "casualties", 3.0)


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: mueller.support_by_casualties(0.0, 90.0, 15.0), "logarithm"),
        (lambda: mueller.log_casualty_fit([10.0], [50.0]), "cannot fit"),
        (lambda: mueller.log_casualty_fit([0.0, 10.0], [50.0, 40.0]), "logarithm"),
        (lambda: mueller.our_support(-1.0, 0.0), "negative"),
        (lambda: mueller.our_support(1.0, 2.0), "success"),
        (lambda: mueller.our_support(1.0, 0.0, "casualty"), "did you mean 'casualties'"),
    ],
)
def test_wrong_inputs_say_what_to_change(call, word: str) -> None:
    with pytest.raises(InputError, match=word):
        call()
