import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from study_fakes import CASE, LABELS, FakeSimulator, fast, run_fast, shard_bytes, slow, small_study

from crosscurrent.errors import ComputeError, InputError, Interrupted, StoreError
from crosscurrent.study import Study, execute, extend, merge, open_results, resume


def go_on(folder, **options):
    return resume(folder, fast, case_digest=CASE, labels=LABELS, **options)


@pytest.fixture
def finished(tmp_path):
    return run_fast(small_study(), tmp_path / "finished")


def test_tables_are_what_the_simulator_said(finished):
    study = finished.study
    for index, theory in enumerate(study.theories):
        batch = fast(study).simulate(theory, 0, 600, threading.Event())
        for measure, values in batch.measures.items():
            assert np.array_equal(finished.table(measure)[:, index], values, equal_nan=True)
        assert np.array_equal(finished.parameters(theory)["mean"], batch.parameters["mean"])
        assert (finished.axes(theory)["removal"] == batch.axes["removal"]).all()
        pooled = finished.quantiles("homicides")
        assert np.allclose(pooled.values[:, index], batch.quantiles[:, 0], rtol=0.02, atol=500)
        assert pooled.counts[:, index].tolist() == [600, 599, 600]
        paths = finished.paths("trust")
        assert np.array_equal(paths.values[:, index], batch.paths[:, :, 2], equal_nan=True)
        assert paths.worlds.tolist() == list(range(16))


def test_failures_are_counted(finished):
    assert [(row.policy, row.theory, row.subsystem, row.worlds, row.first_week) for row in finished.failed] == [
        ("surveillance-only", theory, "violence", 1, 700) for theory in sorted(finished.theories)
    ]
    assert finished.failed_worlds == 2
    assert (finished.failed_weeks()[1, :, 5] == 700).all()


def test_timings(finished):
    timings = finished.timings
    assert timings.world_weeks == 2 * 600 * 520
    assert 0 < timings.kernel_s <= 6 * 0.01 + 1e-9
    assert timings.world_weeks_per_second == timings.world_weeks / timings.kernel_s


@pytest.mark.parametrize("pool", ["two threads", "one thread", "processes"])
def test_any_executor_gives_the_same_bytes(tmp_path, finished, pool):
    if pool == "processes":
        executor = ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    else:
        executor = ThreadPoolExecutor(2 if pool == "two threads" else 1)
    with executor:
        run_fast(small_study(), tmp_path / "again", executor=executor)
    assert shard_bytes(tmp_path / "again") == shard_bytes(finished.folder)


def test_the_same_study_is_reused_without_computing(finished):
    before = shard_bytes(finished.folder)

    def never(study: Study) -> FakeSimulator:
        raise AssertionError("nothing is missing")

    again = execute(small_study(), never, finished.folder, case_digest=CASE)
    assert shard_bytes(finished.folder) == before
    assert np.array_equal(again.table("trust"), finished.table("trust"), equal_nan=True)


def test_fewer_worlds_are_the_first_of_more(tmp_path, finished):
    few = run_fast(small_study(worlds=100), finished.folder)
    alone = run_fast(small_study(worlds=100), tmp_path / "alone")
    assert np.array_equal(few.table("homicides"), alone.table("homicides"), equal_nan=True)
    assert few.parameters("removal-splits")["split"].tolist() == alone.parameters("removal-splits")["split"].tolist()
    assert open_results(finished.folder).study.worlds == 600


@pytest.mark.parametrize("steps", [(600, 1100, 7000), (4096, 5000), (256, 4500)])
def test_extended_equals_direct(tmp_path, steps):
    study = small_study(theories=("even",), policies=("status-quo", "demand-side"), full_paths=300)
    run_fast(study.with_worlds(steps[0]), tmp_path / "steps")
    for worlds in steps[1:]:
        grown = extend(tmp_path / "steps", worlds, fast, case_digest=CASE, labels=LABELS)
    direct = run_fast(study.with_worlds(steps[-1]), tmp_path / "direct")
    assert shard_bytes(tmp_path / "steps") == shard_bytes(tmp_path / "direct")
    for measure in study.measures:
        assert np.array_equal(grown.table(measure), direct.table(measure), equal_nan=True)
        assert np.array_equal(grown.paths(measure).values, direct.paths(measure).values, equal_nan=True)
    assert grown.study == direct.study


def test_a_study_cannot_shrink(finished):
    with pytest.raises(InputError, match="cannot lose worlds"):
        extend(finished.folder, 100, fast, case_digest=CASE)


@pytest.mark.parametrize("machines", [2, 3, 7])
def test_parts_merge_to_the_whole(tmp_path, finished, machines):
    folders = [tmp_path / f"part{index}" for index in range(machines)]
    for index, folder in enumerate(folders):
        part = run_fast(small_study(), folder, shard=f"{index + 1}/{machines}")
        assert part.missing
    whole = merge(folders, tmp_path / "whole")
    assert not whole.missing
    assert shard_bytes(tmp_path / "whole") == shard_bytes(finished.folder)
    assert np.array_equal(whole.dataset().homicides, finished.dataset().homicides, equal_nan=True)
    assert whole.timings.world_weeks == finished.timings.world_weeks
    open_results(tmp_path / "whole")


def test_parts_say_that_they_are_parts(tmp_path):
    run_fast(small_study(), tmp_path / "part", shard="1/2")
    with pytest.raises(StoreError, match=r"3 of 6 shards.*part 1/2"):
        open_results(tmp_path / "part")
    go_on(tmp_path / "part")  # stays with its part
    partial = merge([tmp_path / "part"], tmp_path / "whole")
    assert len(partial.missing) == 3
    assert np.isnan(partial.table("trust")).any()
    with pytest.raises(StoreError, match="incomplete"):
        open_results(tmp_path / "whole")
    assert not go_on(tmp_path / "whole").missing


@pytest.mark.parametrize("share", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2"])
def test_a_wrong_part_is_refused(tmp_path, share):
    with pytest.raises(InputError, match="i/N"):
        run_fast(small_study(), tmp_path / "part", shard=share)


def test_merge_refuses_strangers(tmp_path, finished):
    run_fast(small_study(seed=1), tmp_path / "other")
    with pytest.raises(StoreError, match="different studies"):
        merge([finished.folder, tmp_path / "other"], tmp_path / "whole")
    execute(small_study(), fast, tmp_path / "case", case_digest="another", labels=LABELS)
    with pytest.raises(StoreError, match="different case"):
        merge([finished.folder, tmp_path / "case"], tmp_path / "whole")
    with pytest.raises(InputError, match="not a results folder"):
        merge([tmp_path], tmp_path / "whole")
    with pytest.raises(InputError, match="nothing to merge"):
        merge([], tmp_path / "whole")


def test_progress_reports_every_shard(tmp_path):
    seen = []
    run_fast(small_study(), tmp_path / "out", progress=seen.append)
    assert [step.shards_done for step in seen] == list(range(7))
    assert (seen[-1].worlds_done, seen[-1].worlds_total, seen[-1].failed) == (1200, 1200, 2)


def test_a_failing_simulator_keeps_what_was_finished(tmp_path):
    class Broken(FakeSimulator):
        def simulate(self, theory, first, last, stop):
            if first == 512:
                raise ZeroDivisionError("no members")
            return super().simulate(theory, first, last, stop)

    with pytest.raises(ComputeError, match=r"worlds 512 to 599 failed: ZeroDivisionError: no members"):
        execute(small_study(), Broken, tmp_path / "out", case_digest=CASE, labels=LABELS)
    assert not go_on(tmp_path / "out").missing


def test_a_batch_of_the_wrong_shape_is_refused(tmp_path):
    class Short(FakeSimulator):
        def simulate(self, theory, first, last, stop):
            return super().simulate(theory, first, last - 1, stop)

    with pytest.raises(ComputeError, match="wrong shape"):
        execute(small_study(), Short, tmp_path / "out", case_digest=CASE)


def test_an_event_stops_a_run(tmp_path):
    stop = threading.Event()
    threading.Timer(0.4, stop.set).start()
    with pytest.raises(Interrupted, match="crosscurrent resume"):
        execute(small_study(), slow, tmp_path / "out", case_digest=CASE, labels=LABELS, stop=stop)
    assert not go_on(tmp_path / "out").missing


@pytest.mark.parametrize("seconds", [0.3, 30.0])
def test_ctrl_c_answers_within_two_seconds(tmp_path, seconds):
    folder = tmp_path / "my results"
    command = [sys.executable, str(Path(__file__).parent / "study_fakes.py"), str(folder), str(seconds)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(0.8)
    sent = time.time()
    os.kill(child.pid, signal.SIGINT)
    _, said = child.communicate(timeout=20)
    assert time.time() - sent < 2.0
    assert child.returncode == 130
    assert f"crosscurrent resume '{folder}'" in said
    assert "Traceback" not in said
    assert not list(folder.rglob("*.partial"))
    assert json.loads((folder / "manifest.json").read_text())["study_digest"]
