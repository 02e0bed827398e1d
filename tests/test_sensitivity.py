"""Sensitivity against closed forms: given-data indices, trees, Sobol' designs, noise floors, refusals, command."""

from __future__ import annotations

import json

import numpy as np
import pytest
from factor_fakes import factor_study
from scipy import integrate, stats

from crosscurrent.analysis.delta import coarse_counts, delta_index
from crosscurrent.analysis.factors import Factor, Factors, gather_factors
from crosscurrent.analysis.noise_floor import noise_floors
from crosscurrent.analysis.pawn import pawn_index
from crosscurrent.analysis.repeated_worlds import design_effect
from crosscurrent.analysis.sensitivity import difference_leaders, sensitivities
from crosscurrent.analysis.slices import (
    count_tables,
    index_with_errors,
    jackknife_error,
    result_bins,
    slices_of,
)
from crosscurrent.analysis.sobol_indices import place_among, sobol_indices
from crosscurrent.analysis.tree_importance import tree_importance
from crosscurrent.cli import main
from crosscurrent.errors import InputError
from crosscurrent.study import open_results
from crosscurrent.study.sampling import scramble_of, world_points


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("sensitivity") / "out"
    factor_study(out, 2048)
    return out


@pytest.fixture(scope="module")
def results(folder):
    return open_results(folder)


def factors_of(points: np.ndarray, worlds: np.ndarray | None = None) -> Factors:
    """Worlds [world, number] as factors."""
    names = tuple(Factor(f"x{number}", "parameter") for number in range(points.shape[1]))
    numbers = np.arange(len(points)) if worlds is None else worlds
    return Factors(names, points.T.copy(), np.zeros((0, len(points)), dtype=np.int64), numbers, ("even",))


def given_data(points, values):
    """Delta and PAWN of every number, and the tables they come from."""
    result = result_bins(values)
    tables = list(count_tables(slices_of(factors_of(points)), result))
    delta = [delta_index(coarse_counts(table.sum(axis=0), result.coarse)) for table in tables]
    return np.array(delta), np.array([pawn_index(table.sum(axis=0)) for table in tables]), tables


# closed forms

WEIGHTS = np.array([2.0, 1.0, 0.5, 0.0])


def linear(worlds=16_384):
    scores = stats.norm.ppf(world_points(3, np.arange(worlds), 4))
    return scores, scores @ WEIGHTS


def linear_truth(weight: float, kind: str) -> float:
    """Delta or PAWN of one term of a sum of normal terms, by quadrature over the term."""
    whole = stats.norm(0, np.sqrt((WEIGHTS**2).sum()))
    rest = np.sqrt((WEIGHTS**2).sum() - weight**2)
    grid = np.linspace(-12, 12, 2001)

    def inside(score):
        part = stats.norm(weight * score, rest)
        if kind == "delta":
            return 0.5 * integrate.trapezoid(np.abs(part.pdf(grid) - whole.pdf(grid)), grid)
        return np.abs(part.cdf(grid) - whole.cdf(grid)).max()

    scores = stats.norm.ppf((np.arange(400) + 0.5) / 400)
    return float(np.mean([inside(score) for score in scores]))


def test_delta_and_pawn_of_a_linear_model_are_those_of_quadrature():
    points, values = linear()
    delta, pawn, _ = given_data(points, values)
    for number, weight in enumerate(WEIGHTS[:3]):
        # Ten slices blur a little, sixteen bins a little more.
        assert delta[number] == pytest.approx(linear_truth(weight, "delta"), abs=0.03)
        assert pawn[number] == pytest.approx(linear_truth(weight, "pawn"), abs=0.02)
    assert delta[3] < 0.04
    assert pawn[3] < 0.03


def test_given_data_indices_do_not_change_with_the_scale_of_the_result():
    points, values = linear(4096)
    first, second = given_data(points, values), given_data(points, np.exp(3 * values))
    np.testing.assert_allclose(first[0], second[0])
    np.testing.assert_allclose(first[1], second[1])


def test_agreement_with_salib():
    """Their PAWN looks at every world and takes slices the same way; only the grid of the result differs."""
    pytest.importorskip("SALib")
    from SALib.analyze import pawn

    points, values = linear(4096)
    names = [f"x{number}" for number in range(4)]
    theirs = pawn.analyze({"num_vars": 4, "names": names}, points, values, S=10, seed=1)
    np.testing.assert_allclose(given_data(points, values)[1], theirs["mean"], atol=0.02)


def ishigami(points, a=7.0, b=0.1):
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_truth(a=7.0, b=0.1):
    first = np.array([0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8, 0.0])
    interaction = 8 * b**2 * np.pi**8 / 225
    variance = first.sum() + interaction
    return first / variance, np.array([first[0] + interaction, first[1], interaction]) / variance


G_WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0])


def sobol_g(points):
    return ((np.abs(4 * points - 2) + G_WEIGHTS) / (1 + G_WEIGHTS)).prod(axis=1)


def sobol_g_truth():
    parts = 1 / (3 * (1 + G_WEIGHTS) ** 2)
    variance = (1 + parts).prod() - 1
    return parts / variance, parts * (1 + parts).prod() / (1 + parts) / variance


def design(model, size, points=2048):
    both = world_points(7, np.arange(points), 2 * size)
    first, second = both[:, :size], both[:, size:]
    mixed = np.repeat(first[None], size, axis=0)
    for number in range(size):
        mixed[number, :, number] = second[:, number]
    return model(first), model(second), np.stack([model(part) for part in mixed]), scramble_of(np.arange(points))


@pytest.mark.parametrize(("model", "truth", "size"), [(ishigami, ishigami_truth, 3), (sobol_g, sobol_g_truth, 5)])
def test_sobol_indices_are_those_of_the_closed_form(model, truth, size):
    found = sobol_indices(*design(model, size))
    first, total = truth()
    for figure, error, expected in ((found.first, found.first_error, first), (found.total, found.total_error, total)):
        np.testing.assert_allclose(figure, expected, atol=0.02)
        assert (np.abs(figure - expected) <= 4 * error + 0.003).all()
        assert (error < 0.03).all()
    assert found.left_out == 0


def test_sobol_indices_of_a_linear_model_add_up_and_a_dummy_has_exactly_none():
    found = sobol_indices(*design(lambda points: points @ WEIGHTS, 4))
    shares = WEIGHTS**2 / (WEIGHTS**2).sum()
    np.testing.assert_allclose(found.first, shares, atol=0.01)
    np.testing.assert_allclose(found.total, shares, atol=0.01)
    assert (found.first[3], found.total[3], found.total_error[3]) == (0.0, 0.0, 0.0)


def test_agreement_with_salib_on_a_design():
    pytest.importorskip("SALib")
    from SALib.analyze import sobol

    first, second, mixed, scrambles = design(ishigami, 3, 1024)
    names = ["x0", "x1", "x2"]
    problem = {"num_vars": 3, "names": names, "bounds": [[0, 1]] * 3}
    values = np.column_stack([first, *mixed, second]).ravel()
    theirs = sobol.analyze(problem, values, calc_second_order=False, seed=1)
    found = sobol_indices(first, second, mixed, scrambles)
    np.testing.assert_allclose(found.total, theirs["ST"], atol=0.01)
    np.testing.assert_allclose(found.first, theirs["S1"], atol=0.02)


def test_errors_of_sobol_indices_are_of_the_right_size():
    """Over other seeds the estimates spread about as far as the error of one says."""
    estimates, errors = [], []
    for seed in range(12):
        both = world_points(seed, np.arange(256), 6)
        first, second = both[:, :3], both[:, 3:]
        mixed = np.repeat(first[None], 3, axis=0)
        for number in range(3):
            mixed[number, :, number] = second[:, number]
        found = sobol_indices(
            ishigami(first), ishigami(second), np.stack([ishigami(part) for part in mixed]), scramble_of(np.arange(256))
        )
        estimates.append(found.total)
        errors.append(found.total_error)
    spread = np.std(estimates, axis=0, ddof=1)
    assert (spread < 2.5 * np.mean(errors, axis=0)).all()
    assert (spread > 0.4 * np.mean(errors, axis=0)).all()


def test_failed_worlds_leave_their_point_out_and_are_counted():
    first, second, mixed, scrambles = design(ishigami, 3, 1024)
    first[5], mixed[1, 9] = np.nan, np.nan
    found = sobol_indices(first, second, mixed, scrambles)
    assert (found.points, found.left_out) == (1022, 2)
    np.testing.assert_allclose(found.total, ishigami_truth()[1], atol=0.03)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda a, b, ab, s: (a[:-1], b, ab, s), "different designs"),
        (lambda a, b, ab, s: (a, b, ab[:, :-1], s), "different designs"),
        (lambda a, b, ab, s: (np.full_like(a, np.nan), b, ab, s), "too few points"),
        (lambda a, b, ab, s: (np.ones_like(a), np.ones_like(b), np.ones_like(ab), s), "the same in every world"),
        (lambda a, b, ab, s: (np.where(a > 0, np.inf, a), b, ab, s), "infinite"),
    ],
)
def test_designs_without_an_answer_are_refused(change, words):
    with pytest.raises(InputError, match=words):
        sobol_indices(*change(*design(ishigami, 3, 64)))


def test_places_have_no_tail_and_keep_failures():
    values = np.array([1.0, 1e9, np.nan, 2.0])
    found = place_among(values, values, np.array([3.0, 4.0, 5.0, np.nan]))
    assert found[:2].tolist() == [0.5 / 6, 5.5 / 6]
    assert np.isnan(found[2])


# noise, repeated worlds, ties


def test_no_idle_factor_rises_above_the_floor_though_worlds_come_again_under_every_theory():
    """Seven theories give seven rows a world; counted as worlds of their own they would make noise look like signal."""
    generator = np.random.default_rng(2)
    points, base = generator.random((1500, 60)), generator.normal(size=1500)
    values = np.concatenate([base + 0.1 * generator.normal(size=1500) for _ in range(7)])
    worlds = np.tile(np.arange(1500), 7)
    slices, result = slices_of(factors_of(np.tile(points, (7, 1)), worlds)), result_bins(values, 1500)
    floors = noise_floors(slices, result, 0)
    delta = np.array([
        delta_index(coarse_counts(table.sum(axis=0), result.coarse)) for table in count_tables(slices, result)
    ])  # fmt: skip
    pawn = np.array([pawn_index(table.sum(axis=0)) for table in count_tables(slices, result)])
    assert (delta > floors.delta).sum() + (pawn > floors.pawn).sum() <= 1
    assert delta.mean() == pytest.approx(floors.dummy_delta, rel=0.1)
    naive = noise_floors(slices._replace(worlds=np.arange(len(worlds))), result, 0)
    assert (delta > naive.delta).mean() > 0.9


def test_the_design_effect_of_identical_theories_is_their_number():
    interest = np.random.default_rng(0).random(500) < 0.3
    assert design_effect(np.tile(interest, 4), np.tile(np.arange(500), 4)) == pytest.approx(4.0, rel=0.01)
    mixed = np.random.default_rng(1).random(2000) < 0.3
    assert design_effect(mixed, np.tile(np.arange(500), 4)) == pytest.approx(1.0, abs=0.15)


def test_the_jackknife_of_a_mean_is_the_error_between_scrambles():
    table = np.zeros((8, 1, 2), dtype=np.int64)
    shares = np.array([3, 5, 4, 6, 2, 5, 4, 3])
    table[:, 0, 0], table[:, 0, 1] = shares, 10 - shares
    figures = index_with_errors(table, lambda counts: counts[:, 0, 0] / counts.sum(axis=(1, 2)))
    assert figures[0] == pytest.approx(0.4)
    assert float(jackknife_error(figures[1:])) == pytest.approx(np.std(shares / 10, ddof=1) / np.sqrt(8))


def test_a_difference_is_ranked_by_its_weights_and_equals_are_tied(results):
    found = sensitivities(
        results, measure="security_cooperation", difference=("demand-side", "status-quo"), trees=False
    )
    assert [row.factor for row in found.factors[:3]] == ["initial_members", "conflict_rate", "idle_0"]
    assert [row.tie for row in found.factors[:3]] == [1, 2, 3]
    assert [row.direction for row in found.factors[:3]] == ["rises"] * 3
    assert found.ties[0] == ("initial_members",)
    assert (found.failed, found.worlds) == (2, 4094)
    assert not any(row.above_floor for row in found.factors[4:])
    level = sensitivities(results, measure="security_cooperation", policy="demand-side", trees=False)
    share = {row.factor: row.delta - row.delta_dummy for row in level.factors}
    assert share["initial_members"] < 0.6 * (found.factors[0].delta - found.factors[0].delta_dummy)


def test_an_axis_and_a_theory_count_where_they_matter(results):
    found = {row.factor: row for row in sensitivities(results, measure="homicides", trees=False).factors}
    assert found["initial_members"].above_floor
    assert found["removal"].above_floor
    assert found["theory"].above_floor
    assert not found["prevention"].above_floor
    assert found["removal"].delta > found["theory"].delta
    assert found["removal"].direction == ""


def test_nothing_stands_out_of_pure_chance(results):
    found = sensitivities(results, measure="overdose_deaths", trees=False)
    assert found.ties == ()
    assert not any(row.above_floor for row in found.factors)


def test_leaders_of_differences_are_those_of_the_whole_ranking(results):
    leaders = difference_leaders(results, gather_factors(results), "security_cooperation", "status-quo")
    assert [name for name, _ in leaders["demand-side"]] == ["initial_members", "conflict_rate", "idle_0"]
    assert difference_leaders(results, gather_factors(results), "groups", "status-quo") == {}


# trees


def test_trees_give_total_shares_of_a_linear_model_and_see_tiny_units():
    pytest.importorskip("sklearn")
    points = world_points(1, np.arange(4096), 4)
    values = points @ WEIGHTS
    columns = points.T * np.array([1e-9, 1.0, 1e9, 1.0])[:, None]
    found = tree_importance(columns, values, np.arange(4096), 0)
    shares = WEIGHTS**2 / (WEIGHTS**2).sum()
    np.testing.assert_allclose(found.share, shares, atol=0.06)
    assert found.share[0] > found.share[1] > found.share[2] > found.floor
    assert abs(found.share[3]) < 0.005
    assert found.explained > 0.9
    assert (found.error < 0.05).all()


@pytest.mark.parametrize(
    ("columns", "values", "words"),
    [
        (np.ones((2, 10)), np.ones(9), "different worlds"),
        (np.full((2, 10), np.nan), np.ones(10), "not finite"),
        (np.ones((2, 10)), np.full(10, np.inf), "not finite"),
    ],
)
def test_trees_refuse_what_libraries_take(columns, values, words):
    with pytest.raises(InputError, match=words):
        tree_importance(columns, values, np.arange(10), 0)


# refusals and seeds


def test_a_result_with_a_nan_is_refused_and_not_answered_with_zeros():
    points, values = linear(512)
    values[3] = np.nan
    with pytest.raises(InputError, match="not finite"):
        result_bins(values)
    with pytest.raises(InputError, match="the same in every world"):
        result_bins(np.ones(100))
    with pytest.raises(InputError, match="different worlds"):
        list(count_tables(slices_of(factors_of(points)), result_bins(np.arange(100.0))))
    points[2, 1] = np.nan
    with pytest.raises(InputError, match="row 1"):
        slices_of(factors_of(points))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"measure": "homicide"}, "did you mean 'homicides'"),
        ({"policy": "demand"}, "did you mean 'demand-side'"),
        ({"measure": "groups"}, "the same in every world"),
        ({"seed": -1}, "not a usable seed"),
        ({"difference": ("demand-side",)}, "between two policies"),
    ],
)
def test_wrong_questions_are_refused(results, options, words):
    with pytest.raises(InputError, match=words):
        sensitivities(results, trees=False, **options)


def test_too_few_worlds_are_refused(tmp_path):
    with pytest.raises(InputError, match="too few worlds"):
        sensitivities(factor_study(tmp_path / "few", 64), trees=False)


def test_the_same_seed_gives_the_same_and_zero_is_a_seed(results):
    pytest.importorskip("sklearn")
    first, again, other = (sensitivities(results, seed=seed) for seed in (0, 0, 1))
    assert first.factors == again.factors
    assert [row.tree for row in first.factors] != [row.tree for row in other.factors]
    assert [row.delta for row in first.factors[:2]] == [row.delta for row in other.factors[:2]]


def call(capsys, *arguments):
    with pytest.raises(SystemExit) as stopped:
        main([str(word) for word in arguments])
    out, err = capsys.readouterr()
    return int(stopped.value.code or 0), out, err


def test_the_command_tells_and_gives_one_document(folder, capsys):
    pytest.importorskip("sklearn")
    code, out, err = call(capsys, "sensitivity", folder, "--measure", "security_cooperation")
    assert code == 0
    assert "What moves the difference from status-quo" in out
    assert "demand-side: initial_members" in out
    assert "Looking at security_cooperation, status-quo" in err
    pair = ("--measure", "security_cooperation", "--difference", "demand-side,status-quo")
    code, out, _ = call(capsys, "sensitivity", folder, *pair, "--json")
    document = json.loads(out)
    assert code == 0
    assert document["factors"][0]["factor"] == "initial_members"
    assert document["factors"][0]["grade"] == "weak"
    assert document["failed_worlds"] == 2


def test_the_command_refuses_in_one_line(folder, capsys):
    for words, expected in ((("--method", "sobl"), "did you mean 'sobol'"), (("--measure", "groups"), "every world")):
        code, out, err = call(capsys, "sensitivity", folder, *words)
        assert (code, out) == (2, "")
        assert expected in err
        assert err.strip().count("\n") <= 1


def test_the_report_ranks_factors_and_says_what_moves_differences(results):
    from crosscurrent.case import load_case
    from crosscurrent.report.sensitivity_section import section

    body = str(section(results, load_case("us_mexico")).body)
    assert "a dummy number" in body
    assert "initial_members" in body
    assert "No policy's difference" in body  # homicides are the same under both policies of this study
    assert len(body) < 30_000
