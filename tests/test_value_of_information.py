"""Value of information against closed forms, against chance, and as an agenda on a stored study."""

from __future__ import annotations

import json

import numpy as np
import pytest
from decision_fakes import Known, stored

from crosscurrent import cli, load_case
from crosscurrent.analysis.preferences import read_preferences
from crosscurrent.analysis.value_of_information import discoveries, p_value, value_of_information
from crosscurrent.analysis.value_of_information_regression import (
    Judged,
    category_basis,
    closed_form_two_policies,
    spline_basis,
)
from crosscurrent.analysis.value_of_information_theories import hardest_weights, theory_worth
from crosscurrent.analysis.value_of_information_words import agenda_words
from crosscurrent.errors import InputError
from crosscurrent.study.sampling import world_points

POLICIES = ("status-quo", "demand-side", "financial-pressure")
THEORIES = ("force-deters", "force-provokes", "even")


def normal(points: np.ndarray) -> np.ndarray:
    from scipy.stats import norm

    return np.asarray(norm.ppf(points))


def two_policies(mean: float, worlds: int, seed: int = 1) -> tuple[Judged, np.ndarray]:
    """A difference that is normal in two parameters, and noise that both policies share."""
    points = world_points(seed, np.arange(worlds), 4)
    z = normal(points)
    difference = mean + z[:, 0] + 2 * z[:, 1]
    losses = 10 * z[:, 2] + np.stack([0 * difference, -difference])
    return Judged(losses, np.arange(worlds) % 8), points


@pytest.mark.parametrize("mean", [0.0, 0.5, -1.0, 2.0])
def test_one_parameter_has_its_closed_form(mean):
    judged, points = two_policies(mean, 4096)
    found = judged.gain(spline_basis(points[:, 0]))
    truth = closed_form_two_policies(mean, 1.0)
    assert found.value == pytest.approx(truth, abs=max(4 * found.error, 0.01))
    assert found.error < 0.02
    assert found.in_sample == pytest.approx(truth, abs=0.02)


def test_a_group_and_perfect_information_have_theirs():
    judged, points = two_policies(0.5, 4096)
    both = judged.gain(np.hstack([spline_basis(points[:, 0], 4), spline_basis(points[:, 1], 4)]))
    truth = closed_form_two_policies(0.5, 5**0.5)
    assert both.value == pytest.approx(truth, abs=0.015)
    assert judged.perfect().value == pytest.approx(truth, abs=0.015)


def test_a_category_has_its_closed_form():
    """A rival holds in a third of worlds and turns the choice round: 1/3 of 2 is gained."""
    worlds = np.arange(2400)
    rivals = np.where(worlds // 8 % 3 == 0, "one", "other").astype(object)
    effect = np.where(rivals == "one", 2.0, -3.0)
    losses = np.stack([np.zeros(2400), -effect]) + np.sin(worlds)
    found = Judged(losses, worlds % 8).gain(category_basis(rivals))
    assert found.value == pytest.approx(2 / 3, abs=0.01)
    assert found.switched == pytest.approx(1 / 3, abs=0.01)
    assert found.choices == pytest.approx((2 / 3, 1 / 3), abs=0.01)


def test_errors_cover_the_truth_as_often_as_they_say():
    """Over 60 studies of 512 worlds: the mean is right, and so is the size of the error."""
    truth = closed_form_two_policies(0.5, 1.0)
    found = []
    for seed in range(60):
        judged, points = two_policies(0.5, 512, seed)
        found.append(judged.gain(spline_basis(points[:, 0])))
    values, errors = np.array([item.value for item in found]), np.array([item.error for item in found])
    assert values.mean() == pytest.approx(truth, abs=4 * values.std() / np.sqrt(60) + 0.003)
    assert np.sqrt((errors**2).mean()) == pytest.approx(values.std(), rel=0.5)


def test_what_carries_no_information_has_no_value_where_a_fit_to_its_own_worlds_finds_some():
    """Many parameters without effect, few worlds, close policies: judged elsewhere they gain nothing."""
    generator = np.random.default_rng(7)
    outside, inside = [], []
    for _ in range(40):
        losses = generator.normal(size=(6, 128))
        judged = Judged(losses, np.arange(128) % 8)
        found = judged.gain(spline_basis(generator.normal(size=128)))
        outside.append(found.value)
        basis = spline_basis(generator.normal(size=128))
        fitted = np.linalg.lstsq(basis, losses.T, rcond=None)[0]
        inside.append(losses.mean(axis=1).min() - (basis @ fitted).min(axis=1).mean())
    spread = np.std(outside, ddof=1) / np.sqrt(40)
    assert np.mean(outside) < 3 * spread
    assert np.mean(inside) > 0.2


def test_tests_of_many_leave_few_wrong_ones():
    assert discoveries(np.array([0.001, 0.04, 0.9, 0.06])).tolist() == [True, True, False, True]
    assert discoveries(np.array([0.2, 0.3])).tolist() == [False, False]
    assert discoveries(np.zeros(0)).tolist() == []


def test_parameters_that_go_together_by_accident_are_not_taken_for_one_another():
    """276 parameters, three decide: in one scramble others go with them, which shuffled copies do not show."""
    points = world_points(1, np.arange(1024), 276)
    u = points - 0.5
    one, other = 4 * u[:, 3] + 3 * u[:, 100], 3 * u[:, 250] - 2 * u[:, 3]
    judged = Judged(np.stack([0 * one, one, other, 0.5 * one + 0.1]), np.arange(1024) % 8)
    gains = [judged.gain(spline_basis(points[:, place]), in_sample=False) for place in range(276)]
    told = set(np.flatnonzero(discoveries(np.array([p_value(gain) for gain in gains]))).tolist())
    assert {3, 100, 250} <= told
    assert len(told) <= 4
    shuffled = judged.gain(np.random.default_rng(0).permutation(spline_basis(points[:, 0]), axis=0), in_sample=False)
    largest = max(gain.value for place, gain in enumerate(gains) if place not in told)
    assert largest > 2 * max(shuffled.value, 0.05)


def test_the_theory_is_worth_most_at_the_weights_of_the_game():
    """Two theories, each with a policy of its own and a compromise that loses 0.4 under both."""
    expected = np.array([[0.0, 1.0], [1.0, 0.0], [0.4, 0.4]])
    assert hardest_weights(expected)[0] == pytest.approx(0.5, abs=0.11)
    parts, worlds = np.repeat(expected[None], 8, axis=0), np.full((8, 2), 10.0)
    found = theory_worth(parts, worlds, ("a", "b"))
    assert (found.value, found.error, found.stated) == (pytest.approx(0.4), 0.0, False)
    stated = theory_worth(parts, worlds, ("a", "b"), {"a": 0.9, "b": 0.1})
    assert stated.value == pytest.approx(0.1)
    for weight in np.linspace(0, 1, 21):
        assert theory_worth(parts, worlds, ("a", "b"), {"a": weight, "b": 1 - weight}).value <= 0.4 + 1e-9
    assert hardest_weights(np.ones((3, 2))).tolist() == [0.5, 0.5]


CASE = load_case("us_mexico")
DECIDES, IDLE = "treatment_response", "hardening_decay"


def measures_of(theory: str, points: np.ndarray) -> dict[str, np.ndarray]:
    """Only one parameter and the axis of removal decide; another moves all policies alike."""
    decides = 2000 * (points[:, 0] - 0.5) + np.where(points[:, 2] < 0.5, 300, -300)
    level = 100_000 + 50_000 * points[:, 1]
    return {"homicides": np.stack([level, level + decides, level - 0.2 * decides]), "groups": 150 + 0 * level}


KNOWN = Known(
    measures_of, 6,
    lambda points: {DECIDES: points[:, 0], IDLE: points[:, 1], **{
        name: points[:, 3 + n] for n, name in enumerate(("hit_probability", "split_probability", "price_elasticity"))
    }},
    lambda points: {"removal": np.where(points[:, 2] < 0.5, "splits", "weakens")},
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("voi") / "out"
    stored(out, KNOWN, POLICIES, THEORIES, ("homicides", "groups"), 512)
    return out


@pytest.fixture(scope="module")
def found(folder):
    from crosscurrent import open_results

    return value_of_information(open_results(folder), CASE, shuffles=39)


def test_the_agenda_names_what_decides_and_not_what_only_moves_the_level(found):
    assert found.theory == "even"
    assert [item.name for item in found.of_kind("parameter") if item.told] == [DECIDES]
    idle = next(item for item in found.of_kind("parameter") if item.name == IDLE)
    assert idle.value == pytest.approx(0, abs=20)
    assert [(item.name, item.told) for item in found.of_kind("axis")] == [("removal", True)]
    first = found.of_kind("parameter")[0]
    # Status quo, +d and -0.2 d: knowing the uniform part u of d gains E|d| halves of the better side of 1.2.
    u = 2000 * (np.arange(20_000) + 0.5) / 20_000 - 1000
    assert first.value == pytest.approx(np.mean(np.maximum(-u, 0.2 * u)), rel=0.05)
    assert first.floor < first.value


def test_the_agenda_gives_evidence_and_grades(found):
    first = found.of_kind("parameter")[0]
    entry = CASE.parameters[DECIDES]
    assert (first.label, first.grade, first.evidence) == (entry.label, entry.grade, entry.evidence)
    assert 0 < first.origins <= len(first.evidence)
    group = next(item for item in found.of_kind("subsystem") if item.name == entry.subsystem)
    assert DECIDES in group.members
    assert group.told
    assert {item.kind for item in found.worths} == {"axis", "parameter", "axis group", "subsystem"}


def test_no_research_is_worth_more_than_perfect_information(found):
    for item in found.worths:
        assert item.value <= found.perfect.value + 3 * (item.error + found.perfect.error)
    assert [name for name, _, _ in found.perfect_by_theory] == list(THEORIES)


def test_words_name_the_decision_and_what_would_change_it(found):
    text = " ".join(agenda_words(found))
    assert CASE.parameters[DECIDES].label in text
    assert "no research can be worth more" in text
    for word in ("probability", " will ", "proves", "winner"):
        assert word not in text.lower()


def test_a_theory_that_is_known_leaves_its_axes_nothing(folder, tmp_path):
    from crosscurrent import open_results

    results = open_results(folder)
    with pytest.raises(InputError, match="did you mean 'force-deters'"):
        value_of_information(results, CASE, theory="force-deter")
    with pytest.raises(InputError, match="did you mean 'homicides'"):
        value_of_information(results, CASE, measure="homicide")
    with pytest.raises(InputError, match="no direction is agreed"):
        value_of_information(results, CASE, measure="groups")
    file = tmp_path / "only.yaml"
    file.write_text("label: Thresholds only\nmeasures:\n  homicides: {at_most: 0}\n")
    with pytest.raises(InputError, match="weigh nothing"):
        value_of_information(results, CASE, read_preferences(file, results.measures, results.theories))


def test_failed_worlds_are_counted_and_too_few_refused(tmp_path):
    def fails(theory, worlds):
        return np.broadcast_to(np.array([[False], [True], [False]]) & (worlds % 16 == 5), (3, len(worlds)))

    known = Known(KNOWN.formula, 6, KNOWN.parameters, KNOWN.axes, fails)
    results = stored(tmp_path / "out", known, POLICIES, ("even",), ("homicides",), 256)
    found = value_of_information(results, CASE, shuffles=3)
    assert (found.worlds, found.failed) == (240, 16)
    assert found.theories is None
    assert "16 worlds that failed under some policy are left out." in agenda_words(found)
    few = stored(tmp_path / "few", KNOWN, POLICIES, ("even",), ("homicides",), 24)
    with pytest.raises(InputError, match="too few worlds"):
        value_of_information(few, CASE)


def call(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        cli.main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


def test_the_command_prints_one_document(folder, tmp_path, capsys):
    file = tmp_path / "mine.yaml"
    file.write_text(
        "label: Mine\ntheory_weights: {force-deters: 1, force-provokes: 1}\n"
        "measures:\n  homicides: {weight: 1, per: 1000}\n"
    )
    code, out, _ = call(capsys, "value-of-information", folder, "--preferences", file, "--json")
    assert code == 0
    (agenda,) = json.loads(out)["agendas"]
    assert agenda["name"] == "mine"
    assert agenda["which_theory_holds"]["stated"]
    assert agenda["worths"][0]["kind"] == "axis"
    assert {item["name"] for item in agenda["worths"] if item["told"]} >= {DECIDES, "removal"}


def test_the_command_tells_people(folder, capsys):
    code, out, _ = call(capsys, "value-of-information", folder, "--measure", "homicides")
    assert code == 0
    assert "What would it be worth to know?" in out
    assert DECIDES in out
    assert f"crosscurrent explain {DECIDES}" in out


def test_the_command_refuses_what_it_does_not_know(folder, capsys):
    code, _, err = call(capsys, "value-of-information", folder, "--measure", "homicide")
    assert code == 2
    assert "did you mean 'homicides'" in err


def test_the_report_has_a_section(folder, tmp_path):
    from crosscurrent import open_results
    from crosscurrent.report.value_of_information_section import section

    found = section(open_results(folder), CASE)
    assert str(found.body).count('<svg class="worths"') == 1
    assert f"<code>{DECIDES}</code>" in found.body
    assert f'href="#evidence-{CASE.parameters[DECIDES].evidence[0]}"' in found.body
    few = stored(tmp_path / "few", KNOWN, POLICIES, THEORIES, ("homicides",), 16)
    assert "too few worlds" in section(few, CASE).body
