"""Pathways simulated with the kernel: the same worlds, switched when the signpost says so; and the command."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import numpy as np
import pytest

from crosscurrent.analysis.pathways import pathway_map
from crosscurrent.case import load_case
from crosscurrent.cli import main
from crosscurrent.errors import Interrupted
from crosscurrent.kernel import run
from crosscurrent.study import Study, open_results
from crosscurrent.study.pathway_run import STEP, PathwaySimulator, pathway_study, run_pathways, watched_slots
from crosscurrent.study.running import run_study
from crosscurrent.study.sampling import scramble_of

CASE = load_case()
KEY = "cooperation-holds"


def only(name: str, **fields):
    """The case with one pathway of one objective, its transfer changed."""
    goal = CASE.objectives[KEY]
    pathway = goal.pathways[name]
    (step,) = pathway.transfers
    changed = replace(pathway, transfers=(replace(step, **fields),))
    return replace(CASE, objectives={KEY: replace(goal, pathways={name: changed})})


def simulated(case, worlds: int = 64):
    """The batch of one theory, and the simulator."""
    study, policies = pathway_study(case, Study(theories=("even",), years=3), worlds)
    simulator = PathwaySimulator(study, case, policies, watched_slots(case, policies))
    return simulator, simulator.simulate("even", 0, worlds, threading.Event())


def paths_of(simulator, batch, policy: str, measure: str):
    names = [*batch.measures]
    return batch.paths[simulator.study.policies.index(policy), :, names.index(measure)]


NAME = "unilateral-then-talks"


def test_a_signpost_that_is_never_reached_leaves_the_first_policy():
    simulator, batch = simulated(only(NAME, below=-1.0))
    first = paths_of(simulator, batch, "unilateral-strikes", "security_cooperation")
    assert np.array_equal(paths_of(simulator, batch, NAME, "security_cooperation"), first)
    assert not paths_of(simulator, batch, NAME, STEP).any()


def test_worlds_are_those_of_the_first_policy_until_they_switch_and_differ_after():
    simulator, batch = simulated(only(NAME, for_weeks=30, lead_weeks=4))
    steps = paths_of(simulator, batch, NAME, STEP)
    alone = paths_of(simulator, batch, "unilateral-strikes", "security_cooperation")
    along = paths_of(simulator, batch, NAME, "security_cooperation")
    assert 0 < (steps[:, -1] > 0).sum() < 64
    assert (np.diff(steps, axis=1) >= 0).all(), "a step that cannot be taken back stays"
    first = np.where(steps.any(axis=1), steps.argmax(axis=1), steps.shape[1])
    assert first.min() >= 7, "30 weeks of signal and 4 of lead are more than seven months"
    for world, month in enumerate(first):
        assert np.array_equal(alone[world, :month], along[world, :month])
    moved = first < steps.shape[1] - 3
    assert (alone[moved] != along[moved]).any(axis=1).all()


def test_a_step_that_can_be_taken_back_is():
    name = "pressure-then-partnership"
    simulator, batch = simulated(only(name, below=0.45, release=0.46, for_weeks=4))
    steps = paths_of(simulator, batch, name, STEP)
    assert (np.diff(steps, axis=1) < 0).any()


def test_stopping_to_look_changes_no_bit():
    case = only(NAME)
    study, policies = pathway_study(case, Study(theories=("even",), years=3), 64)
    simulator = PathwaySimulator(study, case, policies, watched_slots(case, policies))
    worlds = np.arange(64)
    past, _, _ = simulator.past(simulator.draw("even", worlds), worlds)
    run.begin_projection(past)
    months = simulator.first_month, simulator.last_month
    looked, _ = simulator.future(run.fork(past), NAME, 64, threading.Event())
    straight = run.advance(
        simulator.kernel, run.fork(past), simulator.setting(NAME, months), simulator.decision_week,
        simulator.end_week, months[1] - months[0],
    )  # fmt: skip
    assert np.array_equal(looked, straight)


@pytest.fixture(scope="module")
def study_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study") / "out"
    study = Study(policies=("status-quo",), theories=("even",), worlds=32, years=2, measures=("homicides",))
    run_study(study, folder)
    return folder


def test_only_what_is_missing_is_run(study_folder):
    results = open_results(study_folder)
    first = run_pathways(results, CASE)
    assert first.study.worlds == 32
    files = {path: path.stat().st_mtime_ns for path in first.folder.rglob("*.parquet")}
    again = run_pathways(results, CASE)
    assert {path: path.stat().st_mtime_ns for path in again.folder.rglob("*.parquet")} == files
    known = first.table("homicides")
    more = run_pathways(results, CASE, worlds=40)
    assert more.study.worlds == 40
    assert np.array_equal(more.table("homicides")[..., :32], known, equal_nan=True)
    assert run_pathways(results, CASE).study.worlds == 40, "worlds that are there stay in use"


def test_an_interrupt_names_the_command_that_goes_on(study_folder):
    def interrupt(progress) -> None:
        if progress.world_weeks:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="go on with `crosscurrent pathways "):
        run_pathways(open_results(study_folder), CASE, worlds=48, progress=interrupt)


def test_the_first_policy_of_a_study_is_the_same_world_here(study_folder):
    results = open_results(study_folder)
    found = run_pathways(results, CASE)
    place = found.policies.index("status-quo")
    assert np.array_equal(found.table("homicides")[place, 0, :32], results.table("homicides")[0, 0])


def test_shares_of_a_transfer_and_their_errors_are_read_off_its_paths(study_folder):
    found = run_pathways(open_results(study_folder), CASE)
    outcomes = {each.pathway: each for each in pathway_map(found, CASE, CASE.objectives[KEY]).pathways}
    name = "pressure-then-partnership"
    (step,) = outcomes[name].transfers
    in_force = found.paths(STEP).values[found.policies.index(name), 0] > 0
    made, back = in_force.any(axis=-1), in_force.any(axis=-1) & ~in_force[:, -1]
    assert 0 < back.sum() < made.sum()
    assert (step.share, step.taken_back) == (made.mean(), back.mean())
    scramble = scramble_of(found.paths(STEP).worlds)
    for flags, error in ((made, step.share_error), (back, step.taken_back_error)):
        shares = [flags[scramble == number].mean() for number in range(8)]
        assert error == pytest.approx(np.std(shares, ddof=1) / np.sqrt(8))
    assert 0.0 <= step.too_late <= step.share
    assert (step.too_late_error == 0.0) == (step.too_late in (0.0, 1.0))


def test_the_command_gives_one_document_and_tables(study_folder, capsys):
    for arguments, code in ((["--json"], 0), (["--measure", "homicides"], 0), (["--measure", "trust"], 2)):
        with pytest.raises(SystemExit) as left:
            main(["pathways", str(study_folder), *arguments])
        assert left.value.code == code
        printed = capsys.readouterr()
        if arguments == ["--json"]:
            document = json.loads(printed.out)
            assert document["not_judged"] == ["overdose-deaths-back-to-2019"], "two years are too short for it"
            assert len(document["objectives"]) == len(CASE.objectives) - 1
            point = document["objectives"][0]["lines"][0]["tipping"][0]
            assert point["from_start"] + point["reached"] + point["never"] == pytest.approx(1.0)
        elif code == 0:
            assert "strikes-then-law-enforcement" in printed.out
            assert "Overdose" not in printed.out
        else:
            assert printed.err.count("\n") == 1
