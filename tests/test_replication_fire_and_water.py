"""Two tactics: the ordering, and that the plan is the best one."""

import numpy as np
import pytest

from crosscurrent.errors import InputError
from crosscurrent.replications import fire_and_water as tactics
from crosscurrent.replications.fire_and_water import Tactics, optimal_plan


def test_every_row_that_must_pass_does() -> None:
    rows = tactics.REPLICATION.rows()
    assert [row for row in rows if row.tier < 3 and row.verdict != "pass"] == []
    assert all(row.verdict != "fail" for row in rows)
    assert {row.id[:4] for row in rows} == {"IN-2"}
    for chart in tactics.REPLICATION.charts():
        assert all(len(values) == len(chart.x) for values in chart.series.values())


def test_the_threshold_stands_on_a_coarser_and_a_finer_grid() -> None:
    found = [optimal_plan(None, sizes, levels).threshold for sizes, levels in ((76, 13), (151, 21), (226, 25))]
    assert max(found) - min(found) < 0.15


def test_more_provocation_raises_the_threshold() -> None:
    thresholds = [optimal_plan(Tactics(provocation=value), 101, 13).threshold for value in (0.0, 0.3, 0.6)]
    assert thresholds == sorted(thresholds)
    assert thresholds[0] < thresholds[-1]


def test_no_other_effort_is_cheaper() -> None:
    """The cost of the plan is below that of never using either tactic and below that of water alone."""
    plan, base = optimal_plan(), Tactics()
    for water in (0.0, 0.5):
        size, cost = np.array([1.0]), 0.0
        for step in range(2000):
            cost += tactics.STEP * 0.95 ** (step * 0.1) * float(tactics.running_cost(size, water, 0.0, base)[0])
            size = np.clip(size + tactics.STEP * tactics.growth(size, water, 0.0, base), 0.0, tactics.LARGEST)
        assert float(np.interp(1.0, plan.size, plan.cost_to_go)) < cost


def test_fire_provokes_and_removes_and_water_only_removes() -> None:
    small, large = np.array([0.1]), np.array([2.5])
    base = Tactics()
    assert tactics.growth(small, 0.0, 1.0, base) > tactics.growth(small, 0.0, 0.0, base)
    assert tactics.growth(large, 0.0, 1.0, base) < tactics.growth(large, 0.0, 0.0, base)
    assert tactics.growth(small, 1.0, 0.0, base) < tactics.growth(small, 0.0, 0.0, base)


def test_cost_rises_with_size() -> None:
    assert (np.diff(optimal_plan().cost_to_go) > 0.0).all()


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: Tactics(provocation=-0.1), "rate"),
        (lambda: Tactics(discount=0.0), "discount"),
        (lambda: optimal_plan(None, 5, 3), "coarse"),
    ],
)
def test_wrong_inputs_say_what_to_change(call, word: str) -> None:
    with pytest.raises(InputError, match=word):
        call()
