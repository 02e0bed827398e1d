"""Flips whose answer is known: a threshold, a corner, a theory, pure noise, one side throughout, nothing at all."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import numpy as np
import pytest

from crosscurrent.analysis.flip_map import STEPS, classes_of
from crosscurrent.analysis.flips import find_flips, rank_assumptions, side_of, widest_pair
from crosscurrent.analysis.flips_design import read_design
from crosscurrent.analysis.flips_split import between_share
from crosscurrent.analysis.flips_wording import flip_words, in_hundred, theory_verdict
from crosscurrent.errors import InputError
from crosscurrent.study import QUANTILE_LEVELS, BatchResult, Study, execute
from crosscurrent.study.sampling import world_points

A, B = "status-quo", "demand-side"
THEORIES = ("force-deters", "force-provokes", "even")
MONTHS = np.arange(159, 171)
MEASURES = (
    "homicides", "trust", "extortion", "members", "recruits", "displaced", "missing", "groups", "overdose_deaths",
    "us_casualties",
)  # fmt: skip
WORLDS = 512


def sides(theory: str, points: np.ndarray) -> dict[str, np.ndarray]:
    """For each measure 1 where B is ahead, -1 where A is, 0 where alike: the truth that flips must find."""
    p, q, r = points[:, 0], points[:, 1], points[:, 2]
    coin = np.where((points[:, 3] * 1e6).astype(int) % 2 == 0, 1.0, -1.0)
    return {
        "homicides": np.where(p > 0.3, 1.0, -1.0),
        "trust": np.where(p > 0.3, 1.0, -1.0),
        "groups": np.where(p > 0.3, 1.0, -1.0),
        "extortion": np.where((p > 0.4) & (q < 0.5), 1.0, -1.0),
        "members": np.full(len(p), 1.0 if theory == "force-deters" else -1.0),
        "recruits": coin,
        "displaced": np.where(p > 0.3, 1.0, 0.0),
        "missing": np.zeros(len(p)),
        "us_casualties": np.where(p > 0.3, 1.0, coin),
        "overdose_deaths": np.where(r < 0.5, 1.0, np.where((p > 0.9), 1.0, -1.0)),
    }


class Truth:
    """Six policies' worth of nothing but the sign of one difference; one world fails under B."""

    def __init__(self, study: Study) -> None:
        self.study = study

    def simulate(self, theory: str, first: int, last: int, stop: threading.Event) -> BatchResult:
        worlds = np.arange(first, last)
        points = world_points(self.study.seed, worlds, 24)
        size = 100.0 * (1.0 + points[:, 4])
        measures = {}
        for name, side in sides(theory, points).items():
            better = 1.0 if name in ("trust", "groups") else -1.0
            measures[name] = np.stack([5000.0 + 0.0 * size, 5000.0 + better * side * size])
        failed = np.full((2, len(worlds)), -1, dtype=np.int32)
        failed[1, worlds == 5] = 700
        for values in measures.values():
            values[failed >= 0] = np.nan
        monthly = np.repeat(np.stack(list(measures.values()), axis=1)[..., None], len(MONTHS), axis=-1)
        count = max(0, min(last, self.study.full_paths) - first)
        drawn = {"p": points[:, 0], "q": points[:, 1], "r": points[:, 2]}
        drawn |= {f"idle_{k}": points[:, k] for k in range(5, 24)}
        rivals = np.where(points[:, 2] < 0.5, "works", "null").astype(object)
        return BatchResult(
            theory, worlds, self.study.policies, drawn, {"prevention": rivals}, measures, failed,
            np.where(failed >= 0, "violence", "").astype(object),
            np.moveaxis(np.nanquantile(monthly, QUANTILE_LEVELS, axis=2), 0, -1).astype(np.float32),
            (failed < 0).sum(axis=1).astype(np.int64),
            np.moveaxis(monthly[:, :, :count], 2, 1).astype(np.float32), MONTHS, len(worlds) * 52, 0.01,
        )  # fmt: skip


def stored(folder, worlds=WORLDS, theories=THEORIES, seed=0):
    study = Study(policies=(A, B), theories=theories, worlds=worlds, measures=MEASURES, years=1, seed=seed)
    return execute(study, Truth, folder, case_digest="0")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return stored(tmp_path_factory.mktemp("flips") / "out")


@pytest.fixture(scope="module")
def design(results):
    return read_design(results)


@pytest.mark.parametrize("measure", ["homicides", "trust", "groups"])
def test_a_threshold_is_found_within_its_interval(results, design, measure):
    """Lower preferred, higher preferred, and none preferred: the direction that counts is respected."""
    found = find_flips(results, None, A, B, measure, design=design)
    assert found.state == "flip found"
    (condition,) = found.region.conditions
    assert (condition.name, condition.kind, condition.above) == ("p", "parameter", True)
    assert condition.threshold_low <= 0.3 <= condition.threshold_high
    assert condition.threshold_high - condition.threshold_low < 0.03
    assert condition.stability == 1.0
    assert found.region.inside.leader == "b"
    assert found.region.outside.leader == "a"
    assert found.region.mass.value == pytest.approx(0.7, abs=0.01)
    assert found.region.density.value > 0.99
    assert found.region.coverage.value > 0.99
    assert found.ranked[0].name == "p"
    assert found.ranked[0].score > 0.9
    assert [item.name for item in found.ranked if item.adds] == ["p"]
    assert found.split.theories.value < 0.01
    assert found.split.parameters.value > 0.5


def test_a_corner_of_two_assumptions_is_found(results, design):
    found = find_flips(results, None, A, B, "extortion", design=design)
    assert found.state == "flip found"
    conditions = {condition.name: condition for condition in found.region.conditions}
    assert set(conditions) == {"p", "q"}
    for name, truth, above in (("p", 0.4, True), ("q", 0.5, False)):
        assert conditions[name].threshold_low <= truth <= conditions[name].threshold_high
        assert conditions[name].above is above
    assert found.region.inside.leader == "b"
    assert found.region.mass.value == pytest.approx(0.3, abs=0.05)


def test_what_theories_decide_is_all_structure(results, design):
    found = find_flips(results, None, A, B, "members", design=design)
    assert found.state == "flip found"
    (condition,) = found.region.conditions
    assert (condition.kind, condition.rivals, condition.others) == ("theory", ("force-deters",), ("force-provokes",))
    assert found.split.theories.value == pytest.approx(1.0)
    assert found.split.structure == pytest.approx(1.0)
    assert found.split.parameters.value == 0.0
    assert found.split.rest == pytest.approx(0.0, abs=1e-9)
    assert "contradict" in flip_words(found)[0]


def test_an_axis_is_found_as_structure(results, design):
    found = find_flips(results, None, A, B, "overdose_deaths", design=design)
    assert found.state == "flip found"
    first, second = found.region.conditions
    assert (first.name, first.rivals, first.stability) == ("prevention", ("null",), 1.0)
    assert second.name == "p"
    assert second.threshold_low <= 0.9 <= second.threshold_high
    assert found.region.inside.leader == "a"
    assert found.split.axes.value > 0.5


def test_pure_noise_flips_nothing(results, design):
    found = find_flips(results, None, A, B, "recruits", design=design)
    assert (found.state, found.reason) == ("no flip found", "nothing separates")
    assert found.region is None
    assert found.map is None
    assert not any(item.beyond_noise for item in found.ranked)
    assert found.split.rest > 0.95


@pytest.mark.parametrize("shared", [False, True], ids=["tossed-anew", "one-toss-a-world"])
def test_noise_is_hardly_ever_taken_for_a_flip(design, shared):
    """Of twenty outcomes tossed by coin hardly any passes the level, which one in forty should.

    One toss for a world under all theories is the harder case: such worlds are no independent cases.
    """
    rows, generator = np.arange(len(design.theory)), np.random.default_rng(7)
    passed = 0
    for _ in range(20):
        outcome = generator.integers(0, 2, len(rows)).astype(float)
        outcome = outcome[design.worlds] if shared else outcome
        passed += rank_assumptions(design, rows, outcome, None).ranked[0].beyond_noise
    assert passed <= 3


def test_alike_outside_is_no_overtaking(results, design):
    found = find_flips(results, None, A, B, "displaced", design=design)
    assert (found.state, found.reason) == ("no flip found", "one side throughout")
    assert found.overall.ahead_a.value == 0.0
    assert found.overall.alike == pytest.approx(0.3, abs=0.01)


def test_a_side_that_cannot_be_told_is_not_clear(results, design):
    found = find_flips(results, None, A, B, "us_casualties", design=design)
    assert (found.state, found.reason) == ("not clear", "the side cannot be told somewhere")
    assert {found.region.inside.leader, found.region.outside.leader} == {"b", ""}
    assert "Not clear. What tells most is whether p lies" in " ".join(flip_words(found))


def test_two_policies_that_are_the_same_flip_nothing(results, design):
    found = find_flips(results, None, A, B, "missing", design=design)
    assert (found.state, found.reason, found.region, found.map) == (
        "no flip found", "alike in every world", None, None,
    )  # fmt: skip
    assert flip_words(found)[1] == "No flip found: the two give the same in every world."


@pytest.mark.parametrize("measure", ["homicides", "extortion", "members", "recruits", "overdose_deaths", "displaced"])
def test_swapping_the_policies_mirrors_everything(results, design, measure):
    one, other = (find_flips(results, None, *pair, measure, design=design) for pair in ((A, B), (B, A)))
    assert (one.state, one.reason) == (other.state, other.reason)
    assert one.overall.lead.value == pytest.approx(-other.overall.lead.value)
    assert one.overall.ahead_a == other.overall.ahead_b
    assert one.split.theories == other.split.theories
    assert one.split.parameters.value == pytest.approx(other.split.parameters.value)
    assert {item.name: round(item.score, 9) for item in one.ranked if item.beyond_noise} == {
        item.name: round(item.score, 9) for item in other.ranked if item.beyond_noise
    }
    if one.map is not None:
        np.testing.assert_array_equal(one.map.classes, -other.map.classes)
    if one.region is not None:
        for mine, theirs in zip(one.region.conditions, other.region.conditions, strict=True):
            assert mine.name == theirs.name
            assert (mine.threshold_low, mine.threshold_high) == pytest.approx(
                (theirs.threshold_low, theirs.threshold_high), nan_ok=True
            )
        leads = {round(side.lead.value, 9) for side in (one.region.inside, one.region.outside)}
        assert leads == {-round(side.lead.value, 9) for side in (other.region.inside, other.region.outside)}


def test_failed_worlds_are_counted_and_left_out(results, design):
    found = find_flips(results, None, A, B, "homicides", design=design)
    assert [row.failed for row in found.theories] == [1, 1, 1]
    assert found.overall.worlds == 2 * (WORLDS - 1)
    assert "3 runs in which either policy left the bounds" in flip_words(found)[-1]


def test_the_mixture_is_shown_and_makes_no_rule(results, design):
    assert design.theories == ("force-deters", "force-provokes")
    found = find_flips(results, None, A, B, "homicides", design=design)
    assert [(row.theory, row.pooled) for row in found.theories] == [
        ("force-deters", True), ("force-provokes", True), ("even", False),
    ]  # fmt: skip


def test_a_study_of_the_mixture_alone_has_no_theory_to_tell(tmp_path):
    found = find_flips(stored(tmp_path / "out", 256, ("even",)), None, A, B)
    assert found.state == "flip found"
    assert found.split.theories.value == 0.0
    assert all(item.kind != "theory" for item in found.ranked)


def test_the_map_has_five_classes_and_says_where_it_cannot_tell(results, design):
    drawn = find_flips(results, None, A, B, "extortion", design=design).map
    assert drawn.classes.shape == drawn.lead.shape == drawn.error.shape == (STEPS, STEPS) == (26, 26)
    assert {drawn.across.name, drawn.up.name} == {"p", "q"}
    turned = drawn.classes if drawn.across.name == "p" else drawn.classes.T
    assert turned[3, 22] == 2
    assert turned[22, 22] == turned[3, 3] == -2
    assert set(np.unique(drawn.classes)) <= {-2, -1, 0, 1, 2}
    assert 0 in drawn.classes[:, 9:13]
    assert np.isfinite(drawn.error).all()


def test_few_worlds_leave_the_map_untold():
    lead = np.array([1.0, 1.0, -0.5, 0.1])
    assert classes_of(lead, np.array([0.1, 0.7, 0.2, 0.001])).tolist() == [2, 0, -1, 0]


@pytest.mark.parametrize(
    ("pair", "measure", "message"),
    [
        ((A, "demand-sid"), "homicides", "did you mean 'demand-side'"),
        ((A, A), "homicides", "cannot overtake itself"),
        ((A, B), "homicide", "did you mean 'homicides'"),
    ],
)
def test_names_that_cannot_be_used_are_refused(results, pair, measure, message):
    with pytest.raises(InputError, match=message):
        find_flips(results, None, *pair, measure)


def test_too_few_worlds_are_refused_with_the_command_that_helps(tmp_path):
    with pytest.raises(InputError, match=r"too few worlds.*crosscurrent extend"):
        find_flips(stored(tmp_path / "out", 16), None, A, B)


def test_a_parameter_that_is_not_finite_is_left_out_and_named(results, design):
    values = design.values.copy()
    from crosscurrent.analysis import flips_design

    values[0, 3] = np.nan
    columns = [{item.name: row for item, row in zip(design.assumptions[2:], values, strict=True)}]
    assert not np.isfinite(columns[0]["p"]).all()

    class Broken:
        theories, study = ("even",), replace_worlds(results.study, len(values[0]))

        def parameters(self, theory):
            return columns[0]

        def axes(self, theory):
            return {"prevention": np.where(values[1] > 0.5, "works", "null").astype(object)}

    read = flips_design.read_design(Broken())
    assert read.left_out == ("p",)
    assert "p" not in [item.name for item in read.assumptions]


def replace_worlds(study, worlds):
    return study.with_worlds(worlds)


def test_the_bare_form_picks_the_widest_disagreement(results):
    assert widest_pair(results, "members") == (A, B)


def test_sources_say_how_far_the_best_value_lies(results, design, case):
    """The threshold of p is put on a parameter of the case, so that its distribution and evidence are read."""
    found = find_flips(results, case, A, B, "homicides", design=renamed(design, "p", "split_probability"))
    (condition,) = found.region.conditions
    values = np.sort(np.random.default_rng(0).beta(*case.parameters["split_probability"].distribution.numbers, 200_000))
    below = np.searchsorted(values, condition.threshold) / len(values)
    assert condition.prior_below == pytest.approx(below, abs=0.01)
    assert condition.distance == pytest.approx(max(0.0, below - 0.5), abs=0.01)
    assert condition.sources.grade == case.parameters["split_probability"].grade
    assert [note.id for note in condition.sources.evidence] == list(case.parameters["split_probability"].evidence)
    assert condition.sources.origins == len({note.origin for note in condition.sources.evidence})
    assert any("best-sourced value" in text for text in flip_words(found, case))


@pytest.fixture(scope="module")
def case():
    from crosscurrent.case import load_case

    return load_case("us_mexico")


def renamed(design, old, new):
    found = tuple(replace(item, name=new) if item.name == old else item for item in design.assumptions)
    return replace(design, assumptions=found)


@pytest.mark.parametrize(
    ("measure", "parts"),
    [
        ("homicides", ["Flip found. demand-side would overtake status-quo where p lies above a threshold between"]),
        ("extortion", ["q lies at or below a threshold", "p lies above a threshold", " and "]),
        ("members", ["demand-side would overtake status-quo where the theory is “force-deters”"]),
        ("recruits", ["No flip found: no assumption tells the worlds apart beyond noise."]),
        ("displaced", ["No flip found: no assumption tried changes which policy is ahead."]),
        ("missing", ["No flip found: the two give the same in every world."]),
    ],
)
def test_words(results, design, measure, parts):
    text = " ".join(flip_words(find_flips(results, None, A, B, measure, design=design)))
    for part in parts:
        assert part in text
    for word in ("probab", "will ", "proves", "shows that", "nan", "inf "):
        assert word not in text


@pytest.mark.parametrize(
    ("ahead", "expected"), [(1.0, "b"), (0.0, "a"), (0.85, "b"), (0.803, "not clear"), (0.5, "not clear")]
)
def test_a_theory_is_clear_beyond_eighty_of_a_hundred(ahead, expected):
    worlds = np.arange(800)
    change = np.where((worlds * 7919 % 800) < 800 * ahead, 1.0, -1.0)
    assert theory_verdict(side_of(change, 1.0, worlds % 8)) == expected


def test_shares_are_never_rounded_to_all_or_none():
    assert [in_hundred(x) for x in (0.9999, 1.0, 0.0001, 0.0)] == ["more than 99", "100", "fewer than 1", "0"]


def test_between_share_takes_chance_off():
    generator = np.random.default_rng(1)
    shares = [between_share(generator.normal(size=400), generator.integers(0, 7, 400)) for _ in range(50)]
    assert np.mean(shares) < 0.01


def test_the_command_prints_one_document_that_agrees_with_the_function(results, capsys, monkeypatch):
    from crosscurrent.commands import flips as command

    command.flips(results.folder, A, B, "homicides", as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert (document["state"], document["a"], document["b"]) == ("flip found", A, B)
    assert document["region"]["conditions"][0]["name"] == "p"
    assert document["region"]["lead_gap"] > 10 * document["region"]["lead_gap_error"]
    assert len(document["map"]["classes"]) == 26
    assert document["words"]
    command.flips(results.folder, None, None, "members", as_json=False)
    shown = capsys.readouterr().out
    assert "B was chosen" in shown
    assert "contradict" in shown
    with pytest.raises(InputError, match="one policy alone"):
        command.flips(results.folder, A, None, "homicides", as_json=False)


def test_the_section_says_the_same_and_stays_small(results, case, monkeypatch):
    from crosscurrent.report.flips_section import section

    found = section(results, case)
    assert (found.id, len(found.body) < 60_000) == ("flips", True)
    assert found.body.count("<h3>") == 2
    assert "Flip found." in found.body
    assert 'class="lead-b2"' in found.body
    assert "nan" not in found.body


def test_the_section_says_when_worlds_are_too_few(tmp_path, case):
    from crosscurrent.report.flips_section import section

    assert "too few worlds" in section(stored(tmp_path / "out", 16), case).body
