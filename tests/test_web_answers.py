"""Figures behind the page: blocks are worlds of a study, verdicts are symmetric, questions are checked."""

from __future__ import annotations

import json
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_server import laboratory

from crosscurrent.errors import InputError
from crosscurrent.study.blocks import BLOCK_WORLDS, Orders, WorldBlocks, trailing_years
from crosscurrent.web.answers import band, difference_cell, direction, figures, share_error, verdicts
from crosscurrent.web.questions import Question, SwitchQuestion, TableQuestion, page_theories
from crosscurrent.web.worlds import Superseded, Worlds


def test_a_band_of_known_worlds():
    assert band(np.arange(101.0)).tolist() == [5.0, 25.0, 50.0, 75.0, 95.0]
    assert np.isnan(band(np.zeros((3, 0)))).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([-1, 1]))
def test_exchanging_the_policies_exchanges_their_parts(seed, sign):
    """No verdict depends on which policy is called A."""
    draw = np.random.default_rng(seed)
    a, b = draw.normal(size=(2, 3, 64)) + draw.normal(size=(2, 1, 1))
    worlds = np.arange(64)
    one, other = difference_cell(a, b, sign, worlds), difference_cell(b, a, sign, worlds)
    assert np.array_equal(one["better"], other["worse"])
    assert np.array_equal(one["clear"], -other["clear"])
    assert np.allclose(one["d"], -other["d"][::-1])


def test_the_preferred_direction_is_all_that_a_sign_changes():
    a, b = np.zeros((1, 64)), np.ones((1, 64))
    worlds = np.arange(64)
    assert difference_cell(a, b, 1, worlds)["clear"][0] == 1
    assert difference_cell(a, b, -1, worlds)["clear"][0] == -1
    assert difference_cell(a, a, 1, worlds)["clear"][0] == 0


@pytest.mark.parametrize(
    ("share", "error", "expected"),
    [(0.9, 0.05, 1), (0.9, 0.07, 0), (0.81, 0.001, 1), (0.8, 0.0, 0), (1.0, 0.13, 0), (0.2, 0.0, 0)],
)
def test_clear_means_eight_in_ten_after_sampling_error(share, error, expected):
    table = [np.array([value]) for value in (share, 1 - share, error, error)]
    assert verdicts(*table)[0] == expected


def test_no_share_is_without_error():
    """Sixty-four worlds that agree do not prove that the sixty-fifth does."""
    worlds = np.arange(64)
    assert share_error(np.ones((1, 64), dtype=bool), worlds)[0] == pytest.approx(3 / (1.645 * 64))
    halves = (worlds % 8 < 4)[None]
    assert share_error(halves, worlds)[0] == pytest.approx(np.std([1] * 4 + [0] * 4, ddof=1) / np.sqrt(8))


def test_figures_are_json():
    found = figures({"x": np.array([[1234567.8, 0.000123456], [np.nan, np.inf]]), "n": np.array([1, 2])})
    assert found == {"x": [[1234568.0, 0.0001235], [None, None]], "n": [1, 2]}
    assert json.dumps(figures(np.array([0.1 + 0.2, 12345.6, -0.04567]))) == "[0.3, 12346.0, -0.04567]"
    assert json.dumps(figures(np.array([12345.6, 0.0]))) == "[12346, 0]"


def test_twelve_months_before_a_point():
    months = np.arange(24.0, dtype=np.float32).reshape(1, 24, 1)
    flow = trailing_years(np.repeat(months, 2, axis=0), np.array([True, False]))
    assert flow[0, :, 0].tolist() == [sum(range(k - 11, k + 1)) for k in (11, 14, 17, 20, 23)]
    assert flow[1, :, 0].tolist() == [11, 14, 17, 20, 23]


@pytest.mark.parametrize("beliefs", ["prior", "posterior"])
def test_blocks_hold_the_worlds_of_a_study(beliefs):
    """Ten years of twelve months on the page are the study's total; weeks across the ends are the only difference."""
    from crosscurrent.study.simulation import CaseSimulator
    from crosscurrent.study.specification import Study

    case = laboratory().case
    blocks = WorldBlocks(case, "2025-04", 10, 0, beliefs=beliefs)
    paths = blocks.paths(Orders("demand-side"), "force-deters", 1)
    simulator = CaseSimulator(Study(policies=("status-quo", "demand-side"), beliefs=beliefs), case)
    batch = simulator.simulate("force-deters", 64, 128, threading.Event())
    for name in ("homicides", "overdose_deaths"):
        total = paths.values[blocks.names.index(name), 4::4].sum(axis=0)
        assert total == pytest.approx(batch.measures[name][1], rel=3e-3)
    trust = paths.values[blocks.names.index("trust"), -1]
    assert trust == pytest.approx(batch.measures["trust"][1], abs=0.05)
    assert paths.values.shape == (len(blocks.names), 41, BLOCK_WORLDS)


@pytest.mark.parametrize("decision", ["2025-04", "2024-01", "2023-07"])
def test_points_are_quarters_from_the_decision_whatever_the_weekday(decision):
    """Point 0 is the twelve months before the decision, the last one those before its anniversary; none is missing."""
    blocks = WorldBlocks(laboratory().case, decision, 2, 0)
    assert blocks.points == 9
    force, usual = (blocks.paths(Orders(name), "even", 0).values for name in ("unilateral-strikes", "status-quo"))
    assert force.shape[1] == 9
    place = blocks.names.index("homicides")
    assert force[place, 0] == pytest.approx(usual[place, 0], rel=2e-3)  # a week may hold a day of each side
    assert not np.array_equal(force[place, 1], usual[place, 1])
    assert usual[place, 8].mean() == pytest.approx(usual[place, 7].mean(), rel=0.03)  # a lost month would be 0.08


def test_levers_of_a_policy_set_by_hand_are_that_policy():
    blocks = laboratory().blocks
    own = laboratory().case.policies["demand-side"].levers
    by_hand = blocks.paths(blocks.orders("status-quo", dict(own)), "even", 0)
    assert np.array_equal(by_hand.values, blocks.paths(Orders("demand-side"), "even", 0).values)


def test_a_lever_at_its_own_value_is_no_change():
    blocks = laboratory().blocks
    assert blocks.orders("demand-side", {"treatment": 0.3, "us_presence": 1.0}) == Orders("demand-side")
    assert blocks.orders("demand-side", {"treatment": 0.4}).changed == (("treatment", 0.4),)


@pytest.mark.parametrize(
    ("policy", "levers", "text"),
    [
        ("no-such", {}, "unknown policy"),
        ("status-quo", {"treatmnt": 0.1}, "did you mean 'treatment'"),
        ("status-quo", {"treatment": 1.5}, "0 to 1"),
        ("status-quo", {"leadership_strikes": -1.0}, "0 to 20"),
    ],
)
def test_orders_are_checked(policy, levers, text):
    with pytest.raises(InputError, match=text):
        laboratory().blocks.orders(policy, levers)


def test_the_same_question_has_the_same_answer():
    question = Question(b="social-prevention", levers={"prevention": 0.7})
    assert laboratory().compare(question) == laboratory().compare(question)


def test_more_worlds_contain_the_fewer():
    few = laboratory().compare(Question(worlds=64))
    many = laboratory().compare(Question(worlds=256))
    for theory in laboratory().theories:
        share, more = (found["cells"]["homicides"][theory]["better"][40] for found in (few, many))
        assert abs(share - more) < 0.3
    assert {cell["worlds"] for cell in many["cells"]["homicides"].values()} <= set(range(200, 257))


def test_a_policy_against_itself_is_said_to_be_the_same():
    answer = laboratory().compare(Question(b="status-quo"))
    assert answer["same"]
    cell = answer["cells"]["security_cooperation"]["force-provokes"]
    assert cell["better"][40] == cell["worse"][40] == 0
    assert cell["clear"][40] == 0


def test_the_mixture_is_no_theory_of_the_page():
    case = laboratory().case
    assert "even" not in page_theories(case)
    assert len(page_theories(case)) == len(case.theories) - 1
    assert page_theories(case, ["even"]) == ("even",)


def test_switches_name_every_change_of_b():
    found = laboratory().switches(SwitchQuestion(b="social-prevention", theory="removal-splits"))
    assert set(found["levers"]) == {"prevention", "social_investment"}
    assert all(len(row["d"]) == 5 for row in found["levers"].values())


def test_the_table_has_every_policy_but_the_reference():
    found = laboratory().table(TableQuestion(a="demand-side", measure="trust", point=8))
    assert set(found["rows"]) == set(laboratory().case.policies) - {"demand-side"}
    assert direction("trust") == 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda: laboratory().compare(Question(measures=("homicide",))),
        lambda: laboratory().compare(Question(measures=("trust", "trust"))),
        lambda: laboratory().table(TableQuestion(point=41)),
        lambda: laboratory().switches(SwitchQuestion(theory="even")),
    ],
)
def test_questions_are_checked(ask):
    with pytest.raises(InputError):
        ask()


def test_a_later_question_stops_an_earlier_one():
    worlds = Worlds(laboratory().blocks, threads=1)
    first = worlds.begin("page", 1)
    worlds.begin("page", 2)
    assert first.is_set()
    with pytest.raises(Superseded):
        worlds.ensembles(Orders("status-quo"), laboratory().theories, 64, first)
    with pytest.raises(Superseded):
        worlds.begin("page", 1)
    assert not worlds.begin("another page", 1).is_set()
    worlds.close()


def test_a_stopped_question_leaves_others_their_blocks():
    """Two pages wait for the same blocks; the one that goes away takes nothing from the other."""
    worlds = Worlds(laboratory().blocks, threads=1)
    orders = laboratory().blocks.orders("demand-side", {"dialogue": 0.35})
    stopped, going = worlds.begin("one", 1), worlds.begin("two", 1)

    def leave() -> None:
        with pytest.raises(Superseded):
            worlds.ensembles(orders, ("even",), 256, stopped)

    leaving = threading.Thread(target=leave)
    leaving.start()
    stopped.set()
    found = worlds.ensembles(orders, ("even",), 256, going)
    leaving.join(timeout=10)
    assert found["even"].values.shape[-1] == 256
    worlds.close()


def test_a_server_that_is_stopped_tells_whoever_waits():
    """Nobody waits out the longest time for worlds that nobody computes any more."""
    from crosscurrent.web.worlds import Closing

    worlds = Worlds(laboratory().blocks, threads=1)
    asked = Orders("demand-side", (("treatment", 0.123),))
    said = []

    def ask():
        try:
            worlds.ensembles(asked, laboratory().theories, 1024, threading.Event(), ("homicides",))
        except Closing as error:
            said.append(error)

    waiting = threading.Thread(target=ask)
    waiting.start()
    time.sleep(0.5)
    worlds.give_up()
    waiting.join(timeout=5)
    assert said
    with pytest.raises(Closing):
        worlds.ensembles(asked, ("even",), 64, threading.Event())
    worlds.close()


def test_only_measures_that_are_asked_for_are_held():
    worlds = laboratory().worlds
    found = worlds.ensembles(Orders("status-quo"), ("even",), 64, threading.Event(), ("trust", "homicides"))["even"]
    everything = worlds.ensembles(Orders("status-quo"), ("even",), 64, threading.Event())["even"]
    places = [worlds.blocks.names.index(name) for name in ("trust", "homicides")]
    assert np.array_equal(found.values, everything.values[places], equal_nan=True)


def test_memory_for_blocks_is_bounded():
    worlds = Worlds(laboratory().blocks, threads=1, kept_bytes=1_000_000)
    for value in (0.1, 0.2, 0.3, 0.4):
        orders = laboratory().blocks.orders("status-quo", {"dialogue": value})
        worlds.ensembles(orders, ("even",), 64, threading.Event())
    assert worlds._bytes <= 1_000_000
    assert worlds.computed == 4
    worlds.close()
