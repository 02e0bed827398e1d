"""PRIM on boxes that are known, against a published implementation, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from crosscurrent.analysis.bins import bin_numbers
from crosscurrent.analysis.prim import coarser, make_space, narrowed, peel, restricted_factors, rows_inside, whole
from crosscurrent.analysis.prim_choice import choose_step, possible, pruned, quasi_p
from crosscurrent.errors import InputError

WORLDS = 1000
NO_CATEGORIES = np.zeros((0, WORLDS), dtype=np.int64)

# Worlds in the box and interesting ones after every peel, and the last limits, by EMA Workbench 2.5.3
# (ema_workbench.analysis.prim.Prim with peel_alpha 0.05 and its default objective) on the points below.
PLAIN_REFERENCE = (
    (1000, 197), (950, 197), (902, 197), (856, 197), (813, 197), (772, 197), (733, 197), (696, 197), (661, 197),
    (627, 197), (595, 197), (565, 197), (536, 197), (509, 197), (483, 197), (458, 197), (435, 197), (413, 197),
    (392, 197), (372, 197), (353, 197), (335, 197), (318, 197), (302, 197), (286, 197), (271, 197), (257, 197),
    (244, 197), (231, 197), (219, 197), (208, 197), (197, 193), (187, 187),
)  # fmt: skip
PLAIN_LOW, PLAIN_HIGH = 0.6088732276007249, 0.48504123248577
PLAIN_QUASI_P = {"low": 2.087058183997777e-76, "high": 4.5937055218090266e-58}
MIXED_REFERENCE = (
    (1000, 153), (749, 153), (500, 153), (475, 153), (451, 153), (428, 153), (406, 153), (385, 153), (365, 153),
    (346, 153), (328, 153), (311, 153), (295, 153), (280, 153), (266, 153), (252, 153), (239, 153), (227, 153),
    (215, 153), (204, 153), (193, 153), (183, 153), (173, 153), (164, 151), (155, 147), (147, 142), (139, 137),
    (132, 131), (125, 125),
)  # fmt: skip
MIXED_LOW, MIXED_HIGH = 0.5645378815669915, 0.5882722199820023


def fixed_points() -> np.ndarray:
    """Multiples of square roots modulo 1: the same on any machine, without a generator."""
    return (np.arange(1, WORLDS + 1)[:, None] * np.sqrt(np.array([2.0, 3.0, 5.0, 7.0]))) % 1.0


def plain() -> tuple[np.ndarray, np.ndarray]:
    points = fixed_points()
    return points, (points[:, 0] > 0.6) & (points[:, 1] < 0.5)


def mixed() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    points = fixed_points()
    kinds = (points[:, 3] * 4).astype(np.int64)
    sloped = points[:, 1] + 0.2 * points[:, 2] < 0.8
    return points[:, :3], kinds, (points[:, 0] > 0.55) & np.isin(kinds, [0, 2]) & sloped


def test_the_limits_of_a_known_box_come_back():
    points, interest = plain()
    space = make_space(points.T, NO_CATEGORIES, [])
    steps = peel(space, interest)
    box = pruned(space, interest, np.arange(WORLDS), steps[choose_step(steps, int(interest.sum()))].limits)
    assert [(test.factor, test.side) for test in sorted(box.restrictions)] == [(0, "low"), (1, "high")]
    low = space.bins.cut_below(0, int(box.limits.first[0]))
    high = space.bins.cut_above(1, int(box.limits.last[1]))
    assert low == pytest.approx(0.6, abs=0.02)
    assert high == pytest.approx(0.5, abs=0.02)
    assert box.hits / interest.sum() > 0.95
    assert box.hits / len(box.rows) > 0.95


def test_the_trajectory_is_that_of_the_reference():
    points, interest = plain()
    space = make_space(points.T, NO_CATEGORIES, [])
    steps = [step for step in peel(space, interest) if not step.pasted]
    assert [(step.count, step.hits) for step in steps] == list(PLAIN_REFERENCE)
    limits = steps[-1].limits
    # Limits lie half-way between neighbouring worlds; the reference looks at neighbours in the box only.
    assert space.bins.cut_below(0, int(limits.first[0])) == pytest.approx(PLAIN_LOW, abs=2 / WORLDS)
    assert space.bins.cut_above(1, int(limits.last[1])) == pytest.approx(PLAIN_HIGH, abs=3 / WORLDS)
    tests = pruned(space, interest, np.arange(WORLDS), limits).restrictions
    assert {test.side: test.quasi_p for test in tests} == pytest.approx(PLAIN_QUASI_P)


def test_categories_go_as_in_the_reference():
    points, kinds, interest = mixed()
    space = make_space(points.T, kinds[None], [4])
    steps = [step for step in peel(space, interest) if not step.pasted]
    assert [(step.count, step.hits) for step in steps] == list(MIXED_REFERENCE)
    limits = steps[-1].limits
    assert limits.inside.tolist() == [[True, False, True, False]]
    assert space.bins.cut_below(0, int(limits.first[0])) == pytest.approx(MIXED_LOW, abs=3 / WORLDS)
    assert space.bins.cut_above(1, int(limits.last[1])) == pytest.approx(MIXED_HIGH, abs=3 / WORLDS)


def test_an_installed_reference_agrees():
    """Runs only where EMA Workbench is installed; it is no dependency."""
    prim = pytest.importorskip("ema_workbench.analysis.prim")
    pandas = pytest.importorskip("pandas")
    points, kinds, interest = mixed()
    table = pandas.DataFrame(points, columns=list("abc"))
    table["kind"] = pandas.Categorical([f"kind {code}" for code in kinds])
    theirs = prim.Prim(table, interest.astype(int), threshold=0.8, peel_alpha=0.05).find_box().peeling_trajectory
    space = make_space(points.T, kinds[None], [4])
    steps = [step for step in peel(space, interest) if not step.pasted]
    ours = np.array([(step.hits / step.count, step.count / WORLDS) for step in steps])
    np.testing.assert_allclose(theirs[["density", "mass"]].to_numpy()[: len(ours)], ours, atol=1e-9)


def test_pasting_takes_back_what_one_peel_took_too_much():
    """A slice may cut off more than it should; what raises the density comes back."""
    number = np.arange(200.0)
    interest = (number >= 100) & (number < 111)
    space = make_space(number[None], np.zeros((0, 200), dtype=np.int64), [])
    steps = peel(space, interest)
    pasted = [step for step in steps if step.pasted]
    before = next(step for step in reversed(steps) if not step.pasted)
    for step in pasted:
        assert step.hits / step.count > before.hits / before.count
    assert max(step.hits for step in steps[-1:]) >= before.hits


def test_a_whole_category_is_weighed_by_the_worlds_it_costs():
    """A category of half the worlds and a slice of a twentieth compete by gain for each world removed."""
    points = fixed_points()
    kinds = (points[:, 1] < 0.5).astype(np.int64)
    space = make_space(points[:, :1].T, kinds[None], [2])
    first = peel(space, points[:, 0] > 0.5)[1]
    assert restricted_factors(space, first.limits).tolist() == [True, False]
    first = peel(space, kinds == 1)[1]
    assert restricted_factors(space, first.limits).tolist() == [False, True]


def test_without_signal_no_restriction_stands():
    generator = np.random.default_rng(11)
    kept = 0
    for _ in range(20):
        space = make_space(generator.random((40, 600)), np.zeros((0, 600), dtype=np.int64), [])
        interest = generator.random(600) < 0.2
        steps = peel(space, interest)
        limits = steps[choose_step(steps, int(interest.sum()))].limits
        kept += bool(pruned(space, interest, np.arange(600), limits).restrictions)
    assert kept <= 2


def test_a_density_asked_for_takes_the_widest_box():
    points, interest = plain()
    space = make_space(points.T, NO_CATEGORIES, [])
    steps = peel(space, interest)
    chosen = choose_step(steps, int(interest.sum()), 0.5)
    assert steps[chosen].hits / steps[chosen].count >= 0.5
    assert steps[chosen - 1].hits / steps[chosen - 1].count < 0.5
    with pytest.raises(InputError, match="no box is as dense"):
        choose_step(peel(space, points[:, 3] > 0.5)[:3], 500, 0.99)


def test_quasi_p_is_the_binomial_tail():
    assert quasi_p(10, 10, 10, 20) == pytest.approx(0.5**10)
    assert quasi_p(0, 10, 5, 20) == pytest.approx(1.0)


def test_coarser_and_narrower_spaces_hold_the_same_worlds():
    points, kinds, interest = mixed()
    space = make_space(points.T, kinds[None], [4])
    rough = coarser(space, 16)
    assert rough.sizes.tolist() == [16, 16, 16, 4]
    assert np.bincount(rough.codes[0]).min() > 50
    part = narrowed(space, [3, 0])
    assert part.ordered == 1
    np.testing.assert_array_equal(part.codes, space.codes[[0, 3]])
    assert possible(part) == 2 + 4
    assert len(rows_inside(part, whole(part))) == WORLDS
    assert peel(part, interest)[-1].hits > 0


def test_bins_keep_equal_values_together_and_lose_nothing_when_few():
    values = np.array([[5.0, 1.0, 5.0, 3.0]])
    assert bin_numbers(values, 10).codes.tolist() == [[2, 0, 2, 1]]
    many = np.concatenate([np.zeros(500), np.arange(1.0, 501.0)])[None]
    bins = bin_numbers(many, 10)
    assert len(set(bins.codes[0, :500].tolist())) == 1
    assert bins.cut_below(0, 1) == pytest.approx(0.5)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(bad):
    points, interest = plain()
    points[7, 2] = bad
    with pytest.raises(InputError, match="row 2"):
        make_space(points.T, NO_CATEGORIES, [])
    assert interest.any()


def test_designs_that_do_not_match_are_refused():
    points, interest = plain()
    with pytest.raises(InputError, match="different designs"):
        make_space(points.T, np.zeros((1, 7), dtype=np.int64), [2])
    with pytest.raises(InputError, match="out of range"):
        make_space(points.T, np.full((1, WORLDS), 2), [2])
    with pytest.raises(InputError, match="different worlds"):
        peel(make_space(points.T, NO_CATEGORIES, []), interest[:-1])
