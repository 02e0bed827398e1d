"""A reader's own mixture of theories: closed forms, what it must not depend on, what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_server import laboratory
from pydantic import ValidationError

from crosscurrent.errors import InputError
from crosscurrent.report.shapes import GLYPHS
from crosscurrent.web.answers import BAND_LEVELS, band, difference_cell
from crosscurrent.web.blending import BLEND, BLEND_MARK, blended_cell, checked_blend, mixed_band
from crosscurrent.web.questions import Question
from crosscurrent.web.worlds import Ensemble

WORLDS = 64


def ensemble(values, failed=()) -> Ensemble:
    """One measure at one point."""
    table = np.asarray(values, dtype=np.float32).reshape(1, 1, -1)
    return Ensemble(table, np.isin(np.arange(table.shape[-1]), failed))


def blended(a, b, weights) -> dict:
    """The cell of homicides (lower is preferred) at one point, as plain figures."""
    found = blended_cell(a, b, 0, "homicides", checked_blend(weights, list(b)), with_a=True)
    return {key: value if np.ndim(value) == 0 else np.asarray(value)[..., 0] for key, value in found.items()}


def level(value: float) -> Ensemble:
    return ensemble(np.full(WORLDS, value))


def test_all_weight_on_one_theory_is_that_theory():
    """Exactly, for every theory, figure and point of the shipped case."""
    count = len(laboratory().theories)
    for place, theory in enumerate(laboratory().theories):
        weights = tuple(7 * (number == place) for number in range(count))
        answer = laboratory().compare(Question(b="unilateral-strikes", blend=weights))
        assert answer["blend"] == {"weights": list(weights), "failed": answer["failed"][theory]}
        for cells in answer["cells"].values():
            assert cells[BLEND] == cells[theory]


def test_two_known_theories():
    """All worlds lower with B under one, none under the other: shares are the weights, bands the pooled worlds."""
    a, b = {"x": level(10), "y": level(10)}, {"x": level(8), "y": level(13)}
    found = blended(a, b, [2, 1])
    assert (found["better"], found["worse"]) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert found["d"].tolist() == [-2.0, -2.0, -2.0, 3.0, 3.0]
    assert found["b"].tolist() == [8.0, 8.0, 8.0, 13.0, 13.0]
    assert found["a"].tolist() == [10.0] * 5
    assert found["worlds"] == 2 * WORLDS
    assert found["clear"] == 0
    assert blended(a, b, [19, 1])["clear"] == 1
    assert blended(a, b, [1, 19])["clear"] == -1


def test_a_mean_of_bands_would_be_another_figure():
    """The mixture of two narrow theories is wide, with nothing in the middle."""
    low, high = np.arange(100.0)[None], 1000 + np.arange(100.0)[None]
    mixed = mixed_band([low, high], [1, 1])[:, 0]
    assert mixed[0] < 100 < 1000 < mixed[4]
    mean = (band(low) + band(high))[:, 0] / 2
    assert abs(mixed[4] - mean[4]) > 400


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(2, 40))
def test_equal_worlds_and_weights_are_the_pooled_sample(seed, theories, worlds):
    samples = np.random.default_rng(seed).normal(size=(theories, 3, worlds)).astype(np.float32)
    expected = np.quantile(np.concatenate(list(samples), axis=-1), BAND_LEVELS, axis=-1)
    assert mixed_band(list(samples), [1] * theories) == pytest.approx(expected, abs=1e-5)


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, 10_000),
    st.lists(st.integers(0, 11), min_size=3, max_size=3).filter(any),
    st.integers(1, 9),
)
def test_only_ratios_count_and_shares_are_weighted_means(seed, weights, factor):
    draw = np.random.default_rng(seed)
    worlds = np.arange(WORLDS)
    a, b = ({name: ensemble(draw.normal(shift, 1, WORLDS)) for name, shift in
             zip("xyz", draw.normal(size=3), strict=True)} for _ in range(2))  # fmt: skip
    found, scaled = blended(a, b, weights), blended(a, b, [factor * weight for weight in weights])
    assert all(np.array_equal(found[key], scaled[key]) for key in found)
    theories = [difference_cell(a[name].values[0], b[name].values[0], -1, worlds) for name in "xyz"]
    for side in ("better", "worse"):
        mean = np.average([cell[side][0] for cell in theories], weights=weights)
        assert found[side] == pytest.approx(mean)
    bound = np.average([cell["error"][0] for cell in theories], weights=weights)
    assert found["error"] <= bound + 1e-12
    edges = [[cell["d"][number, 0] for cell, weight in zip(theories, weights, strict=True) if weight]
             for number in (0, 4)]  # fmt: skip
    assert min(edges[0]) - 0.2 <= found["d"][0] <= found["d"][2] <= found["d"][4] <= max(edges[1]) + 0.2


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.tuples(st.integers(1, 9), st.integers(1, 9)))
def test_exchanging_the_policies_exchanges_their_parts(seed, weights):
    draw = np.random.default_rng(seed)
    a, b = ({name: ensemble(draw.normal(size=WORLDS)) for name in "xy"} for _ in range(2))
    one, other = blended(a, b, weights), blended(b, a, weights)
    assert (one["better"], one["worse"], one["clear"]) == (other["worse"], other["better"], -other["clear"])
    assert one["d"] == pytest.approx(-other["d"][::-1], abs=1e-5)
    assert np.array_equal(one["a"], other["b"])


def test_theories_that_err_together_are_not_taken_for_independent():
    """The same worlds under both theories: their errors add up. Opposite worlds: they cancel."""
    scramble = np.arange(WORLDS) % 8
    half = np.where(scramble < 4, -1.0, 1.0)
    nothing = {"x": level(0), "y": level(0)}
    alone = difference_cell(nothing["x"].values[0], ensemble(half).values[0], -1, np.arange(WORLDS))["error"][0]
    together = blended(nothing, {"x": ensemble(half), "y": ensemble(half)}, [1, 1])
    against = blended(nothing, {"x": ensemble(half), "y": ensemble(-half)}, [1, 1])
    assert together["error"] == pytest.approx(alone)
    assert alone > 0.15
    assert against["error"] == pytest.approx(3 / (1.645 * WORLDS))


def test_a_failed_world_leaves_its_theory_its_weight():
    a = {"x": level(10), "y": level(10)}
    b = {"x": ensemble(np.full(WORLDS, 8.0), failed=range(32)), "y": level(13)}
    found = blended(a, b, [1, 1])
    assert (found["better"], found["worse"], found["worlds"]) == (0.5, 0.5, 96)


def test_a_theory_without_worlds_leaves_no_blend():
    a = {"x": level(10), "y": level(10)}
    b = {"x": ensemble(np.full(WORLDS, 8.0), failed=range(WORLDS)), "y": level(13)}
    assert blended(a, b, [1, 1]) == {"worlds": 0}
    assert blended(a, b, [0, 1])["worse"] == 1


@pytest.mark.parametrize(
    ("weights", "text"),
    [
        ([1, 2], "one weight for every theory"),
        ([0, 0, 0], "all weights are zero"),
        ([1, -1, 1], "not a weight"),
        ([1, 100, 1], "0 to 99"),
        ([1, 0.5, 1], "whole number"),
    ],
)
def test_weights_are_checked(weights, text):
    with pytest.raises(InputError, match=text):
        checked_blend(weights, ["x", "y", "z"])


@pytest.mark.parametrize("blend", [[1.5] * 6, ["1"] * 6, [True] * 6, [-1] * 6, [100] * 6, [], [1] * 21, 3, "111111"])
def test_questions_take_whole_numbers_only(blend):
    with pytest.raises(ValidationError):
        Question.model_validate_json(json.dumps({"blend": blend}))


def test_nothing_is_blended_without_weights():
    answer = laboratory().compare(Question())
    assert "blend" not in answer
    assert all(set(cells) == set(laboratory().theories) for cells in answer["cells"].values())
    with_blend = laboratory().compare(Question(blend=(1, 2, 0, 0, 3, 1)))
    for measure, cells in answer["cells"].items():
        assert {name: cell for name, cell in with_blend["cells"][measure].items() if name != BLEND} == cells


def test_the_mark_of_a_blend_is_no_theorys():
    assert BLEND_MARK.path not in {mark.path for mark in GLYPHS}
    assert BLEND_MARK.colour not in {mark.colour for mark in GLYPHS}
    assert BLEND not in laboratory().case.theories
    with pytest.raises(ValidationError):
        Question.model_validate({"b": BLEND})
