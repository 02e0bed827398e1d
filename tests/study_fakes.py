"""A small, exact stand-in for the kernel: every number is a formula of seed, theory and world."""

from __future__ import annotations

import sys
import threading
import time
import zlib
from pathlib import Path

import numpy as np

from crosscurrent.errors import Interrupted
from crosscurrent.study import QUANTILE_LEVELS, BatchResult, KnownNames, Label, Study, execute, resume
from crosscurrent.study.sampling import world_points

NAMES = KnownNames(
    ("status-quo", "surveillance-only", "demand-side"),
    ("removal-weakens", "removal-splits", "even"),
    ("homicides", "overdose_deaths", "trust"),
)
LABELS = {
    "homicides": Label("deaths", "homicides over the projection"),
    "overdose_deaths": Label("deaths", "overdose deaths over the projection"),
    "parameter_split": Label("1", "probability of a split"),
}
CASE = "0123456789abcdef"
MONTHS = np.arange(159, 183)


def small_study(**fields: object) -> Study:
    """Three policies, two theories, 600 worlds (three shards a theory)."""
    given = {
        "policies": NAMES.policies,
        "theories": NAMES.theories[:2],
        "measures": NAMES.measures,
        "worlds": 600,
    }
    return Study(**{**given, **fields})


class FakeSimulator:
    """Fails world 5 of every theory under the second policy; sleeps a while, looking at the stop event."""

    def __init__(self, study: Study, seconds: float = 0.0) -> None:
        self.study, self.seconds = study, seconds

    def simulate(self, theory: str, first: int, last: int, stop: threading.Event) -> BatchResult:
        if stop.wait(self.seconds):
            raise Interrupted("stopped")
        study, worlds = self.study, np.arange(first, last)
        points = world_points(study.seed, worlds, 4)
        shift = zlib.crc32(theory.encode()) % 97
        effect = np.arange(len(study.policies))[:, None]
        measures = {
            "homicides": 300_000 * points[:, 0] + shift - 1000.0 * effect * points[:, 1],
            "overdose_deaths": 900_000 * points[:, 2] + shift + 500.0 * effect,
            "trust": np.broadcast_to(points[:, 3], (len(study.policies), len(worlds))).copy(),
        }
        failed_week = np.full((len(study.policies), len(worlds)), -1, dtype=np.int32)
        failed_week[1, worlds == 5] = 700
        for values in measures.values():
            values[failed_week >= 0] = np.nan
        totals = np.stack(list(measures.values()), axis=1)
        growth = np.linspace(0.0, 1.0, len(MONTHS))
        monthly = (totals[..., None] * growth).astype(np.float32)
        count = max(0, min(last, study.full_paths) - first)
        return BatchResult(
            theory, worlds, study.policies,
            {"split": points[:, 0], "mean": 10 * points[:, 1]},
            {"removal": np.where(points[:, 0] < 0.5, "splits", "weakens").astype(object)},
            measures, failed_week, np.where(failed_week >= 0, "violence", "").astype(object),
            np.moveaxis(np.nanquantile(monthly, QUANTILE_LEVELS, axis=2), 0, -1).astype(np.float32),
            (failed_week < 0).sum(axis=1).astype(np.int64),
            np.moveaxis(monthly[:, :, :count], 2, 1), MONTHS, len(worlds) * 520, 0.01,
        )  # fmt: skip


def fast(study: Study) -> FakeSimulator:
    return FakeSimulator(study)


def slow(study: Study) -> FakeSimulator:
    return FakeSimulator(study, seconds=0.25)


def run_fast(study: Study, folder: Path, **options: object):
    return execute(study, fast, folder, case_digest=CASE, labels=LABELS, **options)


def shard_bytes(folder: Path) -> dict[str, bytes]:
    """Every file of numbers in a results folder."""
    return {path.name: path.read_bytes() for path in sorted((folder / "shards").iterdir())}


def main(folder: Path, seconds: float) -> int:
    """Run or resume the small study in a process of its own, as the command line would."""

    def factory(study: Study) -> FakeSimulator:
        return FakeSimulator(study, seconds)

    try:
        if (folder / "study.yaml").exists():
            print("ready", flush=True)
            resume(folder, factory, case_digest=CASE, labels=LABELS)
        else:
            import pyarrow.parquet  # noqa: F401

            print("ready", flush=True)
            execute(small_study(worlds=2560), factory, folder, case_digest=CASE, labels=LABELS)
    except Interrupted as error:
        print(time.time(), error, file=sys.stderr, flush=True)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), float(sys.argv[2])))
