"""Search: a known front, the same course under a seed and after an interruption, the curse shown, force refused."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscurrent.case import check_case, load_case, new_case
from crosscurrent.commands.search import front_yaml, result_document
from crosscurrent.errors import ComputeError, InputError, Interrupted, StoreError
from crosscurrent.report.search_page import search_page
from crosscurrent.study.batch import StopRequested
from crosscurrent.study.search_algorithm import Generations, tournament
from crosscurrent.study.search_criteria import Criterion, criterion_error, criterion_value
from crosscurrent.study.search_file import read_search
from crosscurrent.study.search_front import Archive, Ruler, hypervolume_share, non_dominated
from crosscurrent.study.search_run import run_search
from crosscurrent.study.search_space import FORCE_LEVERS, default_levers, is_force
from crosscurrent.study.search_worlds import Judged, Verdict

CASE = load_case()
TOY = """
seed: {seed}
worlds: 48
fresh_worlds: 8
population: 40
levers: {{treatment: [0, 1], dialogue: [0, 1]}}
objectives:
  - {{measure: homicides}}
  - {{measure: overdose_deaths}}
constraints: {constraints}
"""


def toy(tmp_path: Path, seed: int = 0, constraints: str = "[]"):
    path = tmp_path / "toy.yaml"
    path.write_text(TOY.format(seed=seed, constraints=constraints), encoding="utf-8")
    return read_search(path, CASE)


class Stand:
    """Figures by formula: the front is f2 = (1 - sqrt(f1))^2, reached where dialogue is a half."""

    def __init__(self, numbers: range, noise: float = 0.0, seconds: float = 0.0, broken: float | None = None) -> None:
        self.fresh, self.noise, self.seconds, self.broken = numbers.start > 0, noise, seconds, broken

    def prepare(self, stop: threading.Event | None = None) -> None:
        pass

    def judge(self, policy, stop: threading.Event | None = None) -> Judged:
        if stop is not None and stop.wait(self.seconds):
            raise StopRequested("stopped")
        a, b = policy.levers.get("treatment", 0.0), policy.levers.get("dialogue", 0.0)
        luck = np.random.default_rng([int(1e4 * a), int(1e4 * b), self.fresh]).normal(0.0, self.noise or 1e-12, 2)
        values = a * a + (b - 0.5) ** 2 + luck[0], (a - 1) ** 2 + (b - 0.5) ** 2 + luck[1]
        return Judged(values, (-0.05,) if self.broken is None else (-0.05, self.broken), 0)

    def judge_all(self, policies, pool, stop):
        jobs = [pool.submit(self.judge, policy, stop) for policy in policies]
        try:
            return [job.result() for job in jobs]
        finally:
            if not all(job.done() for job in jobs):
                stop.set()

    def judge_with_errors(self, policy, stop: threading.Event | None = None) -> Verdict:
        found = self.judge(policy, stop)
        return Verdict(found.objectives, (self.noise, self.noise), found.violations, 0)


def generations(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "generations").glob("*.json"))}


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    folder = tmp_path_factory.mktemp("known")
    return run_search(toy(folder), CASE, folder / "out", 1600, judges=Stand)


def test_a_known_front_is_found(known):
    values = np.array([found.fresh for found in known.front])
    assert len(values) >= 8
    distance = np.abs(np.sqrt(values[:, 0]) + np.sqrt(values[:, 1]) - 1.0)
    assert distance.max() < 0.02
    assert np.ptp(values[:, 0]) > 0.8, "both ends of the front are reached"
    assert all(found.holds and found.on_front for found in known.front)


def test_without_noise_all_of_the_promise_is_kept(known):
    for promise in known.promises:
        assert promise.worse == pytest.approx(0.0, abs=1e-9)
        assert promise.left == pytest.approx(1.0, abs=1e-6) or np.isnan(promise.left)


def test_convergence_only_rises(known):
    volumes = [point.hypervolume for point in known.trace]
    assert volumes[-1] > volumes[0]
    assert all(late >= early - 0.02 for early, late in pairwise(volumes)), "but for what a box may give up"
    progress = [point.progress for point in known.trace]
    assert progress == sorted(progress)


def test_the_optimisers_curse_is_shown(tmp_path):
    result = run_search(toy(tmp_path), CASE, tmp_path / "out", 800, judges=lambda n: Stand(n, noise=0.2))
    for promise in result.promises:
        assert promise.worse > 0.05
        assert promise.share_worse > 0.6
        assert promise.error == pytest.approx(0.2)


@pytest.mark.parametrize("constraints", ["[]", "[{measure: trust, at_least: 0.6}]"])
def test_seed_0_is_a_seed_also_under_constraints(tmp_path, constraints):
    """Where every policy breaks the constraint equally, ties are broken by the seeded generator."""

    def run(name: str, seed: int) -> dict[str, bytes]:
        search = toy(tmp_path, seed, constraints)
        broken = 9.0 if "trust" in constraints else None
        run_search(search, CASE, tmp_path / name, 200, judges=lambda n: Stand(n, broken=broken))
        return generations(tmp_path / name)

    assert run("a", 0) == run("b", 0)
    assert run("a", 0) != run("c", 1)


def test_the_many_objective_algorithm_keeps_its_seed_under_broken_constraints():
    def course() -> list[np.ndarray]:
        found, algorithm = [], Generations(3, 4, 1, 24, 0)
        for _ in range(6):
            points = algorithm.ask()
            found.append(points)
            values = np.stack([((points - c) ** 2).sum(axis=1) for c in (0.0, 0.3, 0.6, 1.0)], axis=1)
            algorithm.tell(values, np.ones((len(points), 1)))
        return found

    assert all(np.array_equal(one, other) for one, other in zip(course(), course(), strict=True))


def test_a_lost_generator_is_an_error_and_not_a_silent_draw():
    with pytest.raises(ComputeError, match="generator of random numbers was lost"):
        tournament(None, np.zeros((1, 2), dtype=np.int64))


def test_going_on_after_an_interruption_changes_no_bit(tmp_path):
    search = toy(tmp_path)
    whole = run_search(search, CASE, tmp_path / "whole", 400, judges=Stand)

    def interrupt(progress) -> None:
        if progress.done >= 120:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match=r"stopped with 120 of 400.*the same command goes on") as left:
        run_search(search, CASE, tmp_path / "parts", 400, interrupt, judges=Stand)
    assert left.value.exit_code == 130
    (tmp_path / "parts" / "generations" / ".00004.json.1.partial").write_bytes(b"half")
    parts = run_search(search, CASE, tmp_path / "parts", 400, judges=Stand)
    assert generations(tmp_path / "parts") == generations(tmp_path / "whole")
    assert len(generations(tmp_path / "whole")) == 10
    assert [(f.id, f.sample, f.fresh) for f in parts.front] == [(f.id, f.sample, f.fresh) for f in whole.front]
    assert parts.trace == whole.trace


def test_more_evaluations_go_on_with_what_is_there(tmp_path):
    search = toy(tmp_path)
    run_search(search, CASE, tmp_path / "out", 80, judges=Stand)
    first = generations(tmp_path / "out")
    assert run_search(search, CASE, tmp_path / "out", 160, judges=Stand).evaluations == 160
    assert first.items() <= generations(tmp_path / "out").items()


def test_an_interrupt_is_answered_at_once(tmp_path):
    search = toy(tmp_path)
    alarm = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    alarm.start()
    begin = time.monotonic()
    with pytest.raises(Interrupted):
        run_search(search, CASE, tmp_path / "out", 4000, judges=lambda n: Stand(n, seconds=0.4))
    assert time.monotonic() - begin < 2.5


def test_other_searches_and_damaged_files_are_refused(tmp_path):
    run_search(toy(tmp_path), CASE, tmp_path / "out", 80, judges=Stand)
    with pytest.raises(StoreError, match=r"holds another search.*--out"):
        run_search(toy(tmp_path, 1), CASE, tmp_path / "out", 80, judges=Stand)
    first = tmp_path / "out" / "generations" / "00001.json"
    text = first.read_text()
    first.write_text(text[: len(text) // 2])
    with pytest.raises(StoreError, match=r"00001\.json: .*damaged.*delete"):
        run_search(toy(tmp_path), CASE, tmp_path / "out", 80, judges=Stand)
    first.write_text(text.replace("0.", "0.1", 1))
    with pytest.raises(StoreError, match="generation 1 is not the one"):
        run_search(toy(tmp_path), CASE, tmp_path / "out", 80, judges=Stand)
    with pytest.raises(InputError, match="too few evaluations"):
        run_search(toy(tmp_path), CASE, tmp_path / "new", 39, judges=Stand)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "search.yaml"
    path.write_text(text, encoding="utf-8")
    return path


_TRIGGER = "triggers:\n  - {when: %s, above: [1, 2], for_weeks: 4, then: {%s: [0, 1]}}\n"
REFUSED = [
    ("levers:\n  treatment: [0, 1]\n  leadership_strikes: [0, 4]\n", r":3: no search is made over levers of force"),
    ("levers: {treatment: [0, 1]}\nstarts: {logistics_strikes: [0, 8]}\n", "no search is made over levers of force"),
    (_TRIGGER % ("homicides", "us_presence"), "no search is made over levers of force"),
    *[(f"levers: {{{name}: [0, 1]}}\n", "only set by the user") for name in sorted(FORCE_LEVERS)],
    (_TRIGGER % ("members_group_3", "treatment"), "may not watch a single group or corridor"),
    (_TRIGGER % ("flow_california", "treatment"), "may not watch a single group or corridor"),
    (_TRIGGER % ("homicide", "treatment"), "unknown state or measure.*did you mean 'homicides'"),
    ("levers: {treatmnt: [0, 1]}\n", "unknown lever.*did you mean 'treatment'"),
    ("levers: {treatment: [0, 2]}\n", "out of its range.*within 0 to 1"),
    ("levers: {treatment: [1, 0]}\n", r"give a number, or \[low, high\]"),
    ("levers: {treatment: [0, .nan]}\n", "finite"),
    ("levers: {treatment: 0.5}\n", "at least one range to search"),
    ("levers: {treatment: [0, 1]}\nstarts: {dialogue: [0, 9]}\n", "a start for a lever that is not searched"),
    ("levers: {treatment: [0, 1]}\nstarts: {treatment: [0, 900]}\n", "outside the horizon"),
    ("theories: [force-deter]\n", "unknown theory.*did you mean 'force-deters'"),
    ("theories: [even, even]\n", "every name once"),
    ("base: demand\n", "unknown policy"),
    ("worlds: 100\n", "a multiple of 48"),
    ("fresh_worlds: 12\n", "a multiple of 8"),
    ("years: 26\n", "1 to 25"),
    ("seed: -1\n", "0 or more"),
    ("population: 4\n", "at least 8"),
    ("objectives: [{measure: homicides}]\n", "2 to 8 objectives"),
    ("objectives: [{measure: homicide}]\n", "unknown measure.*did you mean 'homicides'"),
    ("objectives: [{measure: groups}, {measure: homicides}]\n", "disputed.*direction: lower"),
    ("objectives: [{measure: homicides, direction: higher}]\n", "everybody wants the other"),
    ("objectives: [{measure: homicides, at_most: 3}]\n", "put it under constraints"),
    ("objectives: [{measure: homicides, over_worlds: max}]\n", "over_worlds"),
    ("objectives: [{measure: homicides, step: 0}]\n", "above 0"),
    ("constraints: [{measure: cost}]\n", "either at_most or at_least"),
    ("wrlds: 192\n", "unknown key 'wrlds'; did you mean 'worlds'"),
    ("worlds: many\n", "not a number"),
    ("levers: {treatment: [0, 1]\n", "not YAML"),
    ("", "empty"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[str(n) for n in range(len(REFUSED))])
def test_what_cannot_be_searched_is_refused_with_its_line(tmp_path, text, message):
    with pytest.raises(InputError, match=message) as refused:
        read_search(written(tmp_path, text), CASE)
    assert "search.yaml:" in str(refused.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot read the search file"):
        read_search(tmp_path / "none.yaml", CASE)


def test_the_levers_of_force_are_those_of_the_case_and_no_case_takes_one_away():
    assert frozenset(name for name, lever in CASE.levers.items() if lever.group == "force") == FORCE_LEVERS
    softened = replace(CASE, levers={name: replace(lever, group="pressure") for name, lever in CASE.levers.items()})
    assert all(is_force(softened, name) for name in FORCE_LEVERS)
    hardened = replace(CASE, levers={**CASE.levers, "treatment": replace(CASE.levers["treatment"], group="force")})
    assert is_force(hardened, "treatment")
    assert not FORCE_LEVERS & set(default_levers(CASE))


def test_a_policy_found_sets_no_lever_of_force(tmp_path):
    search = read_search(written(tmp_path, "years: 5\n"), CASE)
    space = search.space(CASE)
    for point in np.random.default_rng(1).random((20, space.size)):
        policy = space.policy(point)
        assert not FORCE_LEVERS & set(policy.levers)
        for name, value in policy.levers.items():
            assert CASE.levers[name].low <= value <= CASE.levers[name].high


def test_the_force_of_the_base_policy_stays_as_the_user_set_it(tmp_path):
    search = read_search(written(tmp_path, "base: coordinated-strikes\nlevers: {treatment: [0, 1]}\n"), CASE)
    policy = search.space(CASE).policy(np.array([0.25]))
    assert policy.levers == {**CASE.policies["coordinated-strikes"].levers, "treatment": 0.25}


def test_timings_and_triggers_are_decoded(tmp_path):
    text = "levers: {treatment: [0, 1]}\nstarts: {treatment: [0, 100]}\n" + (
        "triggers:\n  - {when: homicides, above: [30000, 40000], for_weeks: [10, 20], delay_weeks: 3,\n"
        "     then: {dialogue: [0, 1]}}\n"
    )
    space = read_search(written(tmp_path, text), CASE).space(CASE)
    assert space.size == 5
    policy = space.policy(np.array([0.5, 0.25, 0.1, 0.5, 0.75]))
    assert policy.starts == {"treatment": 25}
    (rule,) = policy.rules
    assert (rule.when, rule.above, rule.for_weeks, rule.delay_weeks) == ("homicides", 31000.0, 15, 3)
    assert rule.then == {"dialogue": 0.75}


def test_the_worst_theory_decides_unless_the_mean_is_asked_for():
    values = np.array([[1.0, 3.0, 5.0], [10.0, 10.0, np.nan]])
    quo = np.zeros_like(values)
    assert criterion_value(Criterion("homicides", "lower"), values, quo) == 10.0
    assert criterion_value(Criterion("homicides", "lower", over_theories="mean"), values, quo) == 6.5
    assert criterion_value(Criterion("trust", "higher"), values, quo) == -3.0
    assert criterion_value(Criterion("homicides", "lower"), values, values) == 0.0
    assert criterion_value(Criterion("homicides", "lower", level=True), values, values) == 10.0
    assert np.isnan(criterion_value(Criterion("homicides", "lower"), np.full((1, 3), np.nan), np.zeros((1, 3))))


def test_the_error_of_a_figure_comes_from_eight_scrambles():
    worlds = list(range(16))
    values = np.array([[float(w % 8) for w in worlds]])
    error = criterion_error(Criterion("homicides", "lower"), values, np.zeros_like(values), worlds)
    assert error == pytest.approx(np.std(range(8), ddof=1) / np.sqrt(8))


points = st.lists(st.tuples(st.floats(0, 10), st.floats(0, 10)), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(points)
def test_the_archive_covers_all_that_was_offered(found):
    """Every policy offered is within a step of one that is kept, and no kept box dominates another."""
    archive = Archive(Ruler(np.zeros(2), np.full(2, 10.0), np.full(2, 0.5)))
    for number, value in enumerate(found):
        archive.add(number, np.array(value), np.array([-1.0]))
    boxes = np.array(archive.boxes)
    for value in found:
        box = np.floor(np.array(value) / 0.5)
        assert (boxes <= box).all(axis=1).any()
    for place, box in enumerate(boxes):
        others = np.delete(boxes, place, axis=0)
        assert not (others <= box).all(axis=1).any()
    chosen = np.array([found[n] for n in archive.front()])
    assert non_dominated(chosen).all()
    assert not archive.add(99, np.full(2, -5.0), np.array([0.1])), "a broken constraint keeps a policy out"


def test_the_share_of_a_box_is_known():
    ruler = Ruler(np.array([1.0, 1.0]), np.array([2.0, 2.0]), np.array([0.1, 0.1]))
    share, error = hypervolume_share(np.array([[0.0, 2.0], [1.0, 1.5]]), ruler)
    assert share == pytest.approx(0.5 * 0.25, abs=4 * error + 0.002)
    assert hypervolume_share(np.array([[0.0, 0.0]]), ruler)[0] == 1.0
    assert hypervolume_share(np.zeros((0, 2)), ruler)[0] == 0.0


def test_the_front_can_be_added_to_a_case(known, tmp_path):
    folder = new_case(tmp_path / "mine")
    with (folder / "policies.yaml").open("a", encoding="utf-8") as file:
        file.write("\n" + front_yaml(known))
    assert check_case(folder).passed
    policies = load_case(folder).policies
    assert all(policies[found.id].levers == found.policy.levers for found in known.front)


def test_the_document_and_the_page_hold_the_front(known):
    document = json.loads(json.dumps(result_document(known)))
    assert [entry["id"] for entry in document["front"]] == [found.id for found in known.front]
    page = search_page(known, "A <case>")
    assert "A &lt;case&gt;" in page
    assert page.count('<path class="run"') == len(known.front)
    assert "<script" not in page
    assert "http://" not in page
    assert page.count("<figure>") == 1 + 2
