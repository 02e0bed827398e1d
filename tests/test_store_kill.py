"""A process killed without warning, at random instants, over and over, ends with the undisturbed numbers."""

import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from study_fakes import run_fast, shard_bytes, small_study

from crosscurrent.study import open_results

KILLS = 20
SECONDS_PER_SHARD = 0.25  # twenty shards on two or more threads: a few seconds undisturbed


def start(folder: Path) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        str(Path(__file__).parent / "study_fakes.py"),
        str(folder),
        str(SECONDS_PER_SHARD),
    ]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


@pytest.mark.slow
def test_twenty_kills_change_no_bit(tmp_path):
    direct = run_fast(small_study(worlds=2560), tmp_path / "direct")
    chance = random.Random(20120102)
    folder, landed, finished = tmp_path / "run-0", 0, []
    while landed < KILLS:
        child = start(folder)
        time.sleep(chance.uniform(0.0, 0.9))
        if child.poll() is None:
            child.kill()
            landed += 1
        child.communicate()
        if child.returncode == 0:  # done before the blow fell: take up a new folder
            finished.append(folder)
            folder = tmp_path / f"run-{len(finished)}"
    if folder.exists():
        assert start(folder).wait(timeout=60) == 0
        finished.append(folder)
    for path in finished:
        assert shard_bytes(path) == shard_bytes(direct.folder)
        results = open_results(path)
        for measure in direct.measures:
            assert np.array_equal(results.table(measure), direct.table(measure), equal_nan=True)
