"""How long discovery and sensitivity take on a large stored study, and how much memory.

    python benchmarks/discovery_speed.py [--worlds 60000] [--keep DIR]

Makes a study of so many worlds over all theories and twelve policies with the case's own parameters and rivals, and
results that depend on a few of them and on noise, so that nothing has to be simulated.  Every command runs in a process
of its own; its memory is the most that the process ever held.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from crosscurrent.case import load_case
from crosscurrent.study import QUANTILE_LEVELS, BatchResult, Study, execute
from crosscurrent.study.draws import dimensions, draw_worlds
from crosscurrent.study.sampling import world_points

COMMANDS = {
    "discover": ["discover"],
    "discover, difference": ["discover", "--difference", "coordinated-strikes,status-quo"],
    "discover, cart": ["discover", "--method", "cart"],
    "discover, oblique": ["discover", "--method", "oblique"],
    "sensitivity": ["sensitivity"],
    "sensitivity, difference": ["sensitivity", "--difference", "coordinated-strikes,status-quo"],
}
POLICIES = 12
MONTHS = np.arange(159, 161)


class StandIn:
    """Draws parameters as the model does; results are sums of places of some of them."""

    def __init__(self, study: Study) -> None:
        self.study, self.case = study, load_case(study.case)

    def simulate(self, theory: str, first: int, last: int, stop: threading.Event) -> BatchResult:
        worlds, study = np.arange(first, last), self.study
        points = world_points(study.seed, worlds, dimensions(self.case))
        draws = draw_worlds(self.case, self.case.theories[theory], points)
        splits = draws.axes["removal"] == "splits"
        common = points[:, 20] + points[:, 40] * points[:, 60] + 0.5 * splits
        effect = np.arange(len(study.policies))[:, None] * (points[:, 30] - 0.5) * np.where(splits, 2.0, 1.0)
        noise = np.random.default_rng([first, len(theory)])
        measures = {
            name: 1e5 * (common + effect + 0.3 * noise.random((len(study.policies), len(worlds))))
            for name in study.measures
        }
        failed = np.full((len(study.policies), len(worlds)), -1, dtype=np.int32)
        shape = (len(study.policies), len(study.measures), len(MONTHS))
        return BatchResult(
            theory, worlds, study.policies, draws.parameters, draws.axes, measures, failed,
            np.full(failed.shape, "", dtype=object), np.zeros((*shape, len(QUANTILE_LEVELS)), np.float32),
            np.full(len(study.policies), len(worlds), dtype=np.int64),
            np.zeros((len(study.policies), 0, *shape[1:]), np.float32), MONTHS, len(worlds) * 520, 0.01,
        )  # fmt: skip


def make_study(folder: Path, worlds: int) -> None:
    """Store the study."""
    case = load_case("us_mexico")
    policies = tuple(case.policies)[:POLICIES]
    study = Study(policies=policies, worlds=-(-worlds // len(case.theories)), full_paths=0).resolved()
    execute(study, StandIn, folder, case_digest=case.digest)


def main() -> None:
    """Make the study and time the commands."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=60_000, help="worlds over all theories")
    parser.add_argument("--keep", type=Path, help="folder to keep the study in, or to find it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary) / "study"
        if not (folder / "manifest.json").exists():
            make_study(folder, options.worlds)
        megabytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
        print(f"{options.worlds} worlds, {POLICIES} policies, {megabytes:.0f} MB")
        for name, words in COMMANDS.items():
            begun = time.perf_counter()
            command = [sys.executable, "-m", "crosscurrent", words[0], str(folder), *words[1:], "--json"]
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, status, used = os.wait4(process.pid, 0)
            if status:
                sys.exit(f"{name} failed")
            wall, processor = time.perf_counter() - begun, used.ru_utime + used.ru_stime
            print(f"{name:26s} {wall:6.1f} s, processor {processor:6.1f} s, {used.ru_maxrss / 1e6:5.2f} GB")


if __name__ == "__main__":
    main()
