"""Time and memory of flips and of the audit of claims on a study of 60,000 worlds, stored by formulas.

python benchmarks/flips_speed.py [--worlds 8572] [--paths 100] [--folder FOLDER]

What worlds draw comes from the shipped case; the measures are formulas of it, so that nothing is compiled.  With
--folder the study is kept there and used again.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import threading
import time
import zlib
from pathlib import Path

import numpy as np

from crosscurrent import audit_claims, find_flips, load_case, open_results
from crosscurrent.case.records import Case
from crosscurrent.model.schema import MEASURES, OBSERVABLES
from crosscurrent.study import QUANTILE_LEVELS, BatchResult, Results, Study, execute
from crosscurrent.study.draws import dimensions, draw_worlds
from crosscurrent.study.sampling import world_points

POLICIES = (
    "status-quo", "coordinated-strikes", "unilateral-strikes", "covert-strikes", "leadership-only", "logistics-only",
    "law-enforcement-first", "financial-pressure", "social-prevention", "joint-partnership", "demand-side",
    "combined-cooperative",
)  # fmt: skip
NAMES = tuple({**MEASURES, **OBSERVABLES})
MONTHS = np.arange(158, 279)


class Formulas:
    """Every measure: a level, an effect of the policy with a sign from an axis and a parameter, and a bit of noise."""

    def __init__(self, study: Study, case: Case) -> None:
        self.study, self.case = study, case

    def simulate(self, theory: str, first: int, last: int, stop: threading.Event) -> BatchResult:
        worlds = np.arange(first, last)
        points = world_points(self.study.seed, worlds, dimensions(self.case))
        drawn = draw_worlds(self.case, self.case.theories[theory], points)
        step = np.arange(len(POLICIES))[:, None]
        sided = np.where(drawn.axes["risk"] == "deters", -1.0, 1.0) * np.where(points[:, 40] < 0.6, 1.0, -0.4)
        measures = {}
        for number, name in enumerate(NAMES):
            shift = zlib.crc32(f"{name}{theory}".encode()) % 7 / 100
            noise = np.sin(step + 900.0 * points[:, 30 + number % 20])
            measures[name] = 1000.0 + 200.0 * points[:, number] + step * (sided + shift) + 3.0 * noise
        totals = np.stack(list(measures.values()), axis=1)
        share = np.linspace(0.0, 1.0, len(MONTHS))
        count = max(0, min(last, self.study.full_paths) - first)
        ends = np.moveaxis(np.quantile(totals, QUANTILE_LEVELS, axis=2), 0, -1)
        return BatchResult(
            theory, worlds, self.study.policies, dict(drawn.parameters), dict(drawn.axes), measures,
            np.full((len(POLICIES), len(worlds)), -1, dtype=np.int32),
            np.full((len(POLICIES), len(worlds)), "", dtype=object),
            (ends[:, :, None, :] * share[None, None, :, None]).astype(np.float32),
            np.full(len(POLICIES), len(worlds), dtype=np.int64),
            (np.moveaxis(totals[:, :, :count], 2, 1)[..., None] * share).astype(np.float32), MONTHS,
            len(worlds) * 520, 0.01,
        )  # fmt: skip


def make(folder: Path, case: Case, worlds: int, paths: int) -> Results:
    """The stored study; as it is, if it is there already."""
    study = Study(
        policies=POLICIES, theories=tuple(case.theories), worlds=worlds, measures=NAMES[: len(MEASURES)],
        full_paths=paths,
    )  # fmt: skip
    if not (folder / "study.yaml").exists():
        execute(study, lambda wanted: Formulas(wanted, case), folder, case_digest="0")
    return open_results(folder, verify=False)


def memory() -> str:
    """Largest memory of the process so far."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB"


def timed(name: str, begun: tuple[float, float]) -> None:
    """Print wall and processor time since some moment."""
    wall, used = time.perf_counter() - begun[0], time.process_time() - begun[1]
    print(f"{name}: {wall:.1f} s ({used:.1f} s of processor), memory so far {memory()}", flush=True)


def main() -> None:
    """Make the study, then time each method in a process that has done nothing before but read the case."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--worlds", type=int, default=8572, help="worlds a theory")
    parser.add_argument("--paths", type=int, default=100, help="worlds a theory that keep their paths")
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args()
    case = load_case("us_mexico")
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary) / "out"
        begun = time.perf_counter(), time.process_time()
        results = make(folder, case, given.worlds, given.paths)
        timed(f"study of {len(results.theories)} x {given.worlds} worlds x {len(POLICIES)} policies", begun)
        begun = time.perf_counter(), time.process_time()
        found = find_flips(results, case, "status-quo", "unilateral-strikes")
        timed(f"flips ({found.state})", begun)
        begun = time.perf_counter(), time.process_time()
        audit = audit_claims(open_results(folder, verify=False), case)
        timed(f"claims ({len(audit.claims)})", begun)


if __name__ == "__main__":
    main()
