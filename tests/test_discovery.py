"""Scenario discovery on a stored study whose box is known: methods, refusals, command."""

from __future__ import annotations

import json

import numpy as np
import pytest
from factor_fakes import factor_study

from crosscurrent.analysis.cart import cart_boxes
from crosscurrent.analysis.discovery import discover
from crosscurrent.analysis.factors import Factor, Factors, gather_factors
from crosscurrent.analysis.interest import interest_of
from crosscurrent.analysis.oblique import normal_scores, related_parameters, rotation
from crosscurrent.analysis.outcome import Outcome
from crosscurrent.analysis.prim import make_space, peel
from crosscurrent.analysis.prim_boxes import prim_boxes
from crosscurrent.analysis.prim_choice import pruned
from crosscurrent.cli import main
from crosscurrent.errors import InputError
from crosscurrent.study import open_results


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("factors") / "out"
    factor_study(out)
    return out


@pytest.fixture(scope="module")
def results(folder):
    return open_results(folder)


@pytest.fixture(scope="module")
def found(results):
    return discover(results, measure="homicides", threshold=120_000.0)


def restriction(box, name):
    return next(entry for entry in box.restrictions if entry.factor == name)


def test_factors_are_worlds_of_theories_one_after_the_other(results):
    factors = gather_factors(results)
    assert [factor.kind for factor in factors.factors] == ["parameter"] * 10 + ["axis"] * 2 + ["theory"]
    assert factors.factors[-1].categories == ("removal-splits", "even")
    assert factors.numbers.shape == (10, 2048)
    np.testing.assert_array_equal(factors.worlds, np.tile(np.arange(1024), 2))
    np.testing.assert_array_equal(factors.numbers[:, 1024:], [results.parameters("even")[name] for name in (
        factor.name for factor in factors.factors[:10])])  # fmt: skip


def test_an_axis_fixed_by_the_only_theory_is_no_factor(results):
    names = [factor.name for factor in gather_factors(results, theories=["removal-splits"]).factors]
    assert "removal" not in names
    assert "theory" not in names
    assert "prevention" in names


def test_a_known_box_is_found_in_units_and_quantiles(found):
    assert found.interesting / found.worlds == pytest.approx(0.4 * 0.75, abs=0.01)
    box = found.boxes[0]
    assert {entry.factor for entry in box.restrictions} == {"initial_members", "removal"}
    members, removal = restriction(box, "initial_members"), restriction(box, "removal")
    assert members.low == pytest.approx(60.0, abs=1.5)
    assert members.low_quantile == pytest.approx(0.6, abs=0.015)
    assert (members.high, members.high_quantile, members.unit) == (None, None, "members")
    assert (removal.categories, removal.left_out) == (("splits",), ("weakens",))
    assert box.density > 0.96
    assert box.coverage > 0.96
    assert box.held_out_density > 0.94
    assert members.recurrence == removal.recurrence == 1.0
    assert max(members.quasi_p, removal.quasi_p) < 1e-9
    assert removal.density_without == pytest.approx(0.75, abs=0.03)
    assert box.mass == pytest.approx(box.worlds / found.worlds)
    assert 0 <= box.density_error < 0.05


def test_the_trajectory_trades_coverage_for_density(found):
    points = found.boxes[0].trajectory
    assert (points[0].coverage, points[0].mass, points[0].restricted) == (1.0, 1.0, 0)
    assert points[0].density == pytest.approx(found.base)
    assert max(point.density for point in points) > 0.98


@pytest.mark.parametrize("method", ["prim", "cart", "oblique"])
def test_nothing_is_found_where_there_is_nothing(results, method):
    nothing = discover(results, measure="overdose_deaths", method=method)
    assert nothing.boxes == ()
    assert nothing.nothing


def test_cart_finds_the_same_leaf(results):
    pytest.importorskip("sklearn")
    found = discover(results, measure="homicides", threshold=120_000.0, method="cart")
    box = found.boxes[0]
    assert box.density > 0.98
    assert box.coverage > 0.98
    assert restriction(box, "initial_members").low == pytest.approx(60.0, abs=1.0)
    assert restriction(box, "removal").categories == ("splits",)
    assert box.held_out_density > 0.95


def test_oblique_boxes_follow_a_slope_that_straight_ones_cut_into_steps(results):
    options = {"measure": "security_cooperation", "difference": ("demand-side", "status-quo"), "worst": 0.25}
    straight, sloped = (discover(results, **options, method=name).boxes[0] for name in ("prim", "oblique"))
    combination = sloped.restrictions[0]
    assert combination.kind == "combination"
    weights = dict(combination.loadings)
    assert set(list(weights)[:2]) == {"initial_members", "conflict_rate"}
    mean = [2 * box.coverage * box.density / (box.coverage + box.density) for box in (straight, sloped)]
    assert mean[1] > mean[0] + 0.03


def factors_by_hand(numbers: np.ndarray, theories: int = 1) -> Factors:
    """Numbers [number, world], every world again under each theory."""
    names = tuple(Factor(f"x{number}", "parameter") for number in range(len(numbers)))
    count = numbers.shape[1]
    empty = np.zeros((0, theories * count), dtype=np.int64)
    return Factors(names, np.tile(numbers, theories), empty, np.tile(np.arange(count), theories), ("even",))


def test_worlds_that_come_again_under_every_theory_do_not_make_noise_a_finding():
    generator = np.random.default_rng(4)
    options = {"density": None, "most": 1, "resamples": 8, "seed": 0}
    for _ in range(6):
        factors = factors_by_hand(generator.random((50, 400)), theories=7)
        interest = np.tile(generator.random(400) < 0.2, 7)
        assert prim_boxes(factors, interest, **options)[0] == ()
    factors = factors_by_hand(generator.random((50, 200)), theories=14)
    interest, rows = np.tile(generator.random(200) < 0.2, 14), np.arange(2800)
    space = make_space(factors.numbers, factors.codes, [])
    limits = [step.limits for step in peel(space, interest)]
    assert any(pruned(space, interest, rows, its).restrictions for its in limits)
    assert not any(pruned(space, interest, rows, its, effect=14.0).restrictions for its in limits)


@pytest.mark.parametrize("finder", [prim_boxes, cart_boxes])
def test_parameters_in_tiny_units_count_like_any_other(finder):
    """A library that takes values within 1e-7 of each other for constant would miss a rate of conflict."""
    generator = np.random.default_rng(8)
    numbers = generator.random((6, 1600))
    interest = numbers[2] > 0.7
    numbers[2] *= 1e-9
    boxes, _ = finder(factors_by_hand(numbers), interest, density=None, most=1, resamples=8, seed=0)
    assert [entry.factor for entry in boxes[0].restrictions] == ["x2"]
    assert boxes[0].restrictions[0].low == pytest.approx(0.7e-9, rel=0.03)


def test_rotation_finds_the_narrow_direction():
    generator = np.random.default_rng(5)
    scores = generator.normal(size=(2, 4000))
    interest = scores[0] + scores[1] > 1.5
    axes = rotation(scores[:, interest])
    assert abs(axes[0] @ np.array([1.0, 1.0]) / np.sqrt(2)) > 0.99
    many = np.vstack([scores, generator.normal(size=(30, 4000))])
    assert sorted(related_parameters(many, interest).tolist()) == [0, 1]
    assert normal_scores(np.array([1.0, 1.0, 5.0]))[0] == normal_scores(np.array([1.0, 1.0, 5.0]))[1]


def test_differences_are_paired_and_failed_worlds_counted(results):
    options = {"measure": "security_cooperation", "difference": ("demand-side", "status-quo")}
    found = discover(results, **options, worst=0.2)
    assert (found.failed, found.worlds) == (2, 2046)
    assert found.side == "lower"
    assert found.outcome.against == "status-quo"
    assert restriction(found.boxes[0], "initial_members").high < 50


def test_the_same_seed_gives_the_same_and_zero_is_a_seed(results):
    first, again, other = (discover(results, measure="homicides", seed=seed) for seed in (0, 0, 1))
    assert first.boxes == again.boxes
    assert (first.seed, other.seed) == (0, 1)


def outcome(values, measure="homicides"):
    return Outcome(measure, "deaths", "status-quo", None, np.asarray(values, dtype=float))


def test_interest_lies_on_the_side_that_nobody_prefers():
    values = np.arange(1000.0)
    assert interest_of(outcome(values)).mask.sum() == 200
    assert interest_of(outcome(values)).mask[-1]
    assert interest_of(outcome(values, "security_cooperation")).mask[0]
    undecided = interest_of(outcome(values, "groups"))
    assert undecided.mask[-1]
    assert "no direction" in undecided.chosen
    assert interest_of(outcome(values), worst=0.1, side="lower").mask[:100].all()


@pytest.mark.parametrize(
    ("values", "options", "words"),
    [
        (np.arange(1000.0), {"threshold": 1e6}, "no worlds are of interest"),
        (np.arange(1000.0), {"threshold": -1.0}, "all worlds are of interest"),
        (np.arange(1000.0), {"threshold": 990.0}, "too few worlds on one side"),
        (np.arange(100.0), {}, "too few worlds to look for a box"),
        (np.ones(1000), {}, "the same in every world"),
        (np.arange(1000.0), {"threshold": 1.0, "worst": 0.2}, "either --threshold or --worst"),
        (np.arange(1000.0), {"threshold": float("nan")}, "finite number"),
        (np.arange(1000.0), {"worst": 1.0}, "between 0 and 1"),
        (np.full(1000, np.nan), {}, "too few worlds"),
    ],
)
def test_questions_without_an_answer_are_refused(values, options, words):
    with pytest.raises(InputError, match=words):
        interest_of(outcome(values), **options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "prism"}, "did you mean 'prim'"),
        ({"side": "low"}, "did you mean 'lower'"),
        ({"policy": "status"}, "did you mean 'status-quo'"),
        ({"measure": "homicide"}, "did you mean 'homicides'"),
        ({"theories": ["evens"]}, "did you mean 'even'"),
        ({"policy": "status-quo", "difference": ("demand-side", "status-quo")}, "either --policy or --difference"),
        ({"difference": ("demand-side", "demand-side")}, "between two policies"),
        ({"density": 1.5}, "not a usable density"),
        ({"density": 0.5, "method": "cart"}, "smallest density"),
        ({"seed": -1}, "not a usable seed"),
        ({"resamples": 1}, "not a usable number of resamples"),
        ({"measure": "groups"}, "the same in every world"),
    ],
)
def test_wrong_questions_are_refused(results, options, words):
    with pytest.raises(InputError, match=words):
        discover(results, **options)


def call(capsys, *arguments):
    with pytest.raises(SystemExit) as stopped:
        main([str(word) for word in arguments])
    out, err = capsys.readouterr()
    return int(stopped.value.code or 0), out, err


def test_the_command_tells_and_gives_one_document(folder, capsys):
    code, out, err = call(capsys, "discover", folder, "--threshold", 120_000)
    assert code == 0
    assert "Looking at homicides, status-quo" in err
    assert "initial_members" in out
    assert "coverage" in out
    code, out, _ = call(capsys, "discover", folder, "--threshold", 120_000, "--json")
    document = json.loads(out)
    assert code == 0
    assert document["boxes"][0]["restrictions"][0]["factor"] in ("initial_members", "removal")
    assert restriction_grade(document, "initial_members") == "weak"
    assert document["seed"] == 0


def restriction_grade(document, name):
    return next(entry["grade"] for entry in document["boxes"][0]["restrictions"] if entry["factor"] == name)


def test_the_command_says_when_nothing_is_found_and_refuses_in_one_line(folder, capsys):
    code, out, _ = call(capsys, "discover", folder, "--measure", "overdose_deaths")
    assert code == 0
    assert "Nothing found" in out
    code, out, err = call(capsys, "discover", folder, "--threshold", "1e9")
    assert (code, out) == (2, "")
    assert err.strip().count("\n") == 0
    assert "no worlds are of interest" in err


def test_the_report_shows_the_box_and_says_when_there_is_none(results):
    from crosscurrent.case import load_case
    from crosscurrent.report.discovery_section import section

    body = str(section(results, load_case("us_mexico")).body)
    assert body.count("<figure>") == 2
    assert "initial members" in body
    assert "Nothing found" in body  # overdose deaths are chance in this study
    assert len(body) < 30_000
