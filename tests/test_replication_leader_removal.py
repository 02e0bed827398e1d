"""The removal experiment: paired, nothing without a removal, local findings rightly scaled, errors clear."""

from dataclasses import replace

import numpy as np
import pytest

from crosscurrent.case import load_case
from crosscurrent.errors import InputError
from crosscurrent.replications import leader_removal
from crosscurrent.replications.leader_removal import REPLICATION, sampling_error, split_figures
from crosscurrent.replications.removal_experiment import (
    CHANNELS,
    HEIR,
    Arms,
    affected_share,
    local_change,
    removal_arms,
    split_arms,
    theory_names,
)

FEW = 128
NO_EFFECT = {
    **CHANNELS["burst"], **CHANNELS["retaliation"], "sibling_rivalry": 0.0, "cohesion_loss_top": 0.0,
    "followup_arrests": 0.0, "cohesion_splinter": 1.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def rows():
    return REPLICATION.rows()


def test_rows_that_must_pass_do(rows):
    assert [row for row in rows if row.tier < 3 and row.verdict != "pass"] == []
    assert any(row.tier == 2 and row.id == "KP-2" for row in rows)


def test_every_number_is_finite_and_every_study_has_rows(rows):
    assert all(np.isfinite(row.ours) for row in rows)
    assert {row.id for row in rows} == {"KP-1", "KP-2", *(f"LR-{number}" for number in range(1, 8))}
    local = [row for row in rows if row.id == "KP-1" and row.published == 80.0]
    assert {row.quantity.split("; ")[-1] for row in local} == set(theory_names())
    first = {name: next(row for row in rows if row.id == name) for name in ("KP-1", "KP-2")}
    assert all(row.quantity.endswith("; even") for row in first.values()), "the row of the table is the mixture's"


def test_theories_are_told_apart_as_they_should_be():
    change = {theory: local_change(removal_arms(theory, worlds=FEW), 0, 12) for theory in leader_removal.CONTRAST}
    assert change["removal-splits"] > change["even"] > change["removal-weakens"]
    assert abs(change["markets-replace"]) < 0.1


def test_months_before_the_event_are_the_same_and_worlds_are_paired():
    one, other = removal_arms(worlds=FEW), removal_arms("even", "small", worlds=FEW)
    assert np.array_equal(one.without, other.without)
    assert not np.array_equal(one.with_event, other.with_event)


def test_a_removal_without_any_effect_changes_nothing():
    arms = removal_arms(worlds=FEW, changes=NO_EFFECT)
    assert np.abs(arms.with_event / arms.without - 1.0).max() < 2e-3


def test_a_clear_heir_prevents_the_rise():
    clear = removal_arms(HEIR, worlds=FEW, changes={"heir_clear_probability": 1.0})
    disputed = removal_arms(HEIR, worlds=FEW, changes={"heir_clear_probability": 0.0})
    assert abs(local_change(clear, 0, 12)) < 0.1 < local_change(disputed, 0, 12)


@pytest.mark.parametrize("size", [0.2, 0.6])
def test_the_burst_alone_is_the_effect_on_the_affected_share(size):
    """Nothing but the burst, no fading: in the first week e^effect - 1 on the group's territory."""
    changes = {
        **NO_EFFECT, "split_probability": 0.0, "removal_violence": size, "removal_violence_spread": 0.0,
        "heir_clear_probability": 0.0, "burst_decay": 0.001,
    }  # fmt: skip
    arms = removal_arms(worlds=FEW, changes=changes)
    assert local_change(arms, 1, 2) == pytest.approx(np.exp(size) - 1.0, rel=0.12)


@pytest.mark.parametrize("effect", [0.5, -0.3])
def test_a_killing_multiplies_the_effect_of_a_capture(effect):
    changes = {"removal_violence": effect, "removal_violence_spread": 0.0, "heir_clear_probability": 0.0}
    changes |= {"sibling_rivalry": 0.0, "kill_factor": 1.5}
    capture = removal_arms(worlds=FEW, changes=changes)
    killing = removal_arms(worlds=FEW, changes=changes, killed=True)
    assert (killing.extra(0, 12) > capture.extra(0, 12)).mean() == (1.0 if effect > 0 else 0.0)
    scaled = removal_arms(worlds=FEW, changes=changes | {"removal_violence": 1.5 * effect})
    assert np.allclose(killing.with_event, scaled.with_event, rtol=1e-6)


def test_the_split_of_2024_is_the_only_difference_and_raises_violence():
    arms = split_arms("removal-splits", worlds=FEW)
    assert arms.without.shape == (4, FEW)
    assert local_change(arms, 1, 2) > 0.5
    assert ((arms.affected > 0.0) & (arms.affected <= 0.5)).all()


def test_local_change_is_a_ratio_of_sums_and_has_an_error():
    arms = Arms(np.full((4, 3), 100.0), np.full((4, 3), 103.0), np.array([0.1, 0.1, 0.1]))
    assert local_change(arms, 0, 4) == pytest.approx(0.3)
    assert sampling_error(arms, 0, 4) == pytest.approx(0.0, abs=1e-12)
    assert affected_share(np.array([0.9]), np.array([1.0]))[0] == 0.5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: removal_arms("removal-split", worlds=FEW), "did you mean 'removal-splits'"),
        (lambda: removal_arms(rank_class="topp", worlds=FEW), "did you mean 'top'"),
        (lambda: removal_arms(worlds=FEW, changes={"kill_facto": 1.0}), "did you mean 'kill_factor'"),
        (lambda: split_arms("none", worlds=FEW), "unknown theory"),
        (lambda: local_change(Arms(np.ones((2, 1)), np.ones((2, 1)), np.ones(1)), 0, 3), "not within the experiment"),
    ],
)
def test_wrong_inputs_say_what_is_wrong(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_figures_of_the_split_come_from_the_state_series():
    series = load_case("us_mexico").series
    before, during = split_figures(series)
    assert before == pytest.approx(338 / 244)
    assert during == pytest.approx([143 / 30, 182 / 31, 174 / 30, 157 / 31])
    with pytest.raises(InputError, match="a series is missing"):
        split_figures({})
    name = leader_removal.SPLIT_SERIES
    short = replace(series[name], points=series[name].points[:-1])
    with pytest.raises(InputError, match=r"lacks a month; given '2024-12'"):
        split_figures({name: short})


def test_charts_hold_one_value_a_month():
    for chart in REPLICATION.charts():
        assert all(len(values) == len(chart.x) for values in chart.series.values())
        assert all(np.isfinite(values).all() for values in chart.series.values())
