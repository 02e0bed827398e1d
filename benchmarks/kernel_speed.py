"""Speed of the kernel with all subsystems: world-weeks a second, scaling, nanoseconds by subsystem, against
another engine.

    python benchmarks/kernel_speed.py                       # speed, scaling to 10,000 worlds, subsystems
    python benchmarks/kernel_speed.py --worlds 100000       # scaling further
    python benchmarks/kernel_speed.py --against FOLDER      # alternated with the kernel exemplar kept in FOLDER

World-weeks: requested worlds times weeks advanced, shared history counted once, padding not counted;
compilation excluded.
Never a timed test: read the ratios.
"""

from __future__ import annotations

import argparse
import importlib
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numba
import numpy as np

from crosscurrent.case import load_case
from crosscurrent.kernel import run
from crosscurrent.kernel.assembly import build_kernel
from crosscurrent.kernel.week import GROUP_LOOPS, ROUTE_LOOPS, WEEK
from crosscurrent.lanes.compiler import RealCompiler, scalar_loop
from crosscurrent.lanes.wiring import Loop
from crosscurrent.study.simulation import CaseSimulator
from crosscurrent.study.specification import Study

THREADS = 2
UNSIGNED = np.uint64


def projections(simulator: CaseSimulator, worlds: int, theory: str = "even") -> tuple[float, int]:
    """Seconds and world-weeks of history and all policies of one theory, on two threads."""
    numbers = np.arange(worlds)
    draws = simulator.draw(theory, numbers)
    blocks = run.start(simulator.kernel, simulator.network, draws.parameters, numbers, 0)
    history = simulator.setting(None, (0, 0))
    months = simulator.first_month, simulator.last_month
    settings = [simulator.setting(policy, months) for policy in simulator.study.policies]
    count = simulator.last_month - simulator.first_month

    def block(number: int) -> None:
        here = number, number + 1
        run.advance(simulator.kernel, blocks, history, 0, simulator.decision_week, 0, block_range=here)
        for setting in settings:
            future = run.fork(blocks[number : number + 1])
            run.advance(simulator.kernel, future, setting, simulator.decision_week, simulator.end_week, count)

    begin = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(block, range(len(blocks))))
    weeks = simulator.decision_week + len(settings) * (simulator.end_week - simulator.decision_week)
    return time.perf_counter() - begin, worlds * weeks


def scaling(simulator: CaseSimulator, largest: int) -> None:
    """Speed by number of worlds, in slices of 2,048 so that memory stays flat (as studies do)."""
    print("\nworlds      world-weeks/s   ratio to the first")
    first = 0.0
    for worlds in (1000, 4000, 10_000, 30_000, 100_000):
        if worlds > largest:
            break
        seconds = done = 0.0
        for start in range(0, worlds, 2048):
            took, weeks = projections(simulator, min(2048, worlds - start))
            seconds, done = seconds + took, done + weeks
        speed = done / seconds
        first = first or speed
        print(f"{worlds:>7,}    {speed / 1e6:12.2f} M   {speed / first:12.2f}", flush=True)


def reference_loop() -> float:
    """Nanoseconds a world of a plain loop: one multiply-add over a row of lanes, the unit of the table by subsystem."""

    @scalar_loop
    def add(row: Any, first: Any, last: Any) -> None:
        for lane in range(first, last):
            row[lane] = row[lane] * 0.999 + 0.001

    @numba.njit(pipeline_class=RealCompiler)
    def repeat(row: Any, times: int) -> None:
        for _ in range(times):
            add(row, UNSIGNED(0), UNSIGNED(64))

    row = np.ones(64, np.float32)
    repeat(row, 10)
    begin = time.perf_counter()
    repeat(row, 1_000_000)
    return (time.perf_counter() - begin) / 1e6 / 64 * 1e9


def by_subsystem(simulator: CaseSimulator) -> None:
    """Nanoseconds a world-week of every part of the week, alone, and as ratios to the reference loop."""
    kernel = build_kernel()
    numbers = np.arange(64)
    blocks, _, _ = simulator.past(simulator.draw("even", numbers), numbers)
    setting = simulator.setting("unilateral-strikes", (simulator.first_month, simulator.last_month))
    week = simulator.decision_week + 30
    run.advance(kernel, blocks, setting, simulator.decision_week, week, 121)
    unit = reference_loop()
    print(f"\nreference loop: {unit:.3f} ns a world\n\n{'part of the week':24}{'ns a world-week':>16}{'ratio':>9}")
    total = 0.0
    names = {loop.name for loop in (*GROUP_LOOPS, *ROUTE_LOOPS)}
    parts = [(e.name, "week") if isinstance(e, Loop) else (e.function, "setting, week") for e in WEEK]
    parts += [(name, "setting, week") for name in ("fill_inputs", "check_worlds", "apply_rules")]
    assert not names & {name for name, _ in parts}
    for name, extra in parts:
        space = {"part": getattr(kernel.module, name), "UNSIGNED": UNSIGNED}
        text = (
            "def repeat(blocks, setting, week, times):\n    worlds = blocks[0]\n    for _ in range(times):\n"
            f"        part(worlds, {extra}, UNSIGNED(0), UNSIGNED(64))\n"
        )
        exec(text, space)
        timed = numba.njit(pipeline_class=RealCompiler)(space["repeat"])
        timed(blocks, setting, week, 1)
        begin = time.perf_counter()
        timed(blocks, setting, week, 2000)
        nanoseconds = (time.perf_counter() - begin) / 2000 / 64 * 1e9
        total += nanoseconds
        print(f"{name:24}{nanoseconds:16.2f}{nanoseconds / unit:9.1f}", flush=True)
    print(f"{'sum':24}{total:16.2f}{total / unit:9.1f}")


def against(simulator: CaseSimulator, folder: Path, rounds: int) -> None:
    """Ratio to another kernel (same machine, alternated): both in world-weeks a second on two threads."""
    sys.path[:0] = [str(folder), str(folder.parent)]
    compare = importlib.import_module("compare")
    schema = importlib.import_module("lanes.schema")
    numba.set_num_threads(THREADS)
    rows = compare.parameters(2048)
    compare.ours(rows)
    ratios = []
    for _ in range(rounds):
        begin = time.perf_counter()
        compare.ours(rows)
        theirs = 2048 * schema.WEEKS / (time.perf_counter() - begin)
        seconds, weeks = projections(simulator, 2048)
        ratios.append(weeks / seconds / theirs)
        print(
            f"this kernel {weeks / seconds / 1e6:.2f} M, exemplar {theirs / 1e6:.2f} M, ratio {ratios[-1]:.2f}",
            flush=True,
        )
    print(f"median ratio {np.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=10_000)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    begin = time.perf_counter()
    simulator = CaseSimulator(Study(theories=("even",)), load_case("us_mexico"))
    compiled = simulator.compile()
    print(f"start {time.perf_counter() - begin:.2f} s, of it compiling or loading the kernel {compiled:.2f} s")
    print(f"bytes a world: {simulator.kernel.dtype.itemsize // 64:,}")
    if given.against:
        against(simulator, given.against, given.rounds)
        return
    projections(simulator, 256)
    scaling(simulator, given.worlds)
    by_subsystem(simulator)
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
