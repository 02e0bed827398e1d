"""Every loop over lanes has become vector code; the check itself fails on loops that have not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

from crosscurrent.lanes import compiler, vector_check
from crosscurrent.lanes.records import LANES, record

HERE = Path(__file__).parent
pytestmark = pytest.mark.skipif(not vector_check.known_processor(), reason="the check does not know this processor")
ROWS = record([("price", compiler.REAL, (LANES,)), ("users", compiler.REAL, (LANES,))])

SCRIPT = """
import sys; sys.path.insert(0, sys.argv[1])
import numpy as np
from laboratory import simulator
from crosscurrent.lanes import compiler, vector_check
simulator().compile()
known = [loop for loop in compiler.LANE_LOOPS.values() if loop.signatures]
reports = vector_check.check(known)
assert len(reports) >= 30, len(reports)
print(min(report.width for report in reports if report.vector_loops > 1), len(reports))
"""


@pytest.mark.slow
def test_every_lane_loop_of_the_week_is_vector_code(tmp_path: Path) -> None:
    """In a process of its own with an empty cache, since code loaded from the disk cannot be inspected."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(HERE)],
        env={**os.environ, "CROSSCURRENT_CACHE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout.split()[0]) >= 4


def branch_with_a_call(worlds: Any, first: Any, last: Any) -> None:
    for lane in range(first, last):
        if worlds.price[lane] > 1.0:
            worlds.users[lane] = np.tanh(worlds.users[lane])


def integer_literal(worlds: Any, first: Any, last: Any) -> None:
    for lane in range(first, last):
        worlds.users[lane] = 2 * worlds.users[lane] / (1 + worlds.price[lane])


def order_between_lanes(worlds: Any, first: Any, last: Any) -> None:
    for lane in range(first, last):
        worlds.users[lane] = worlds.users[lane - 1] + worlds.price[lane]


def one_good_one_bad(worlds: Any, first: Any, last: Any) -> None:
    for lane in range(first, last):
        worlds.price[lane] *= 0.5
    for lane in range(first, last):
        worlds.users[lane] = np.exp(worlds.price[lane])


@pytest.mark.parametrize("body", [branch_with_a_call, integer_literal, order_between_lanes, one_good_one_bad])
def test_the_check_fails_on_broken_loops(body: Any) -> None:
    loop = compiler.scalar_loop(body)
    call = numba.njit(lambda blocks, first, last: loop(blocks[0], first, last))
    call(np.zeros(1, ROWS), np.uint64(0), np.uint64(LANES))
    with pytest.raises(AssertionError, match=body.__name__):
        vector_check.check([loop])


def test_the_check_passes_a_good_loop() -> None:
    def good(worlds: Any, first: Any, last: Any) -> None:
        for lane in range(first, last):
            worlds.users[lane] = 0.5 * worlds.users[lane] + worlds.price[lane]

    loop = compiler.scalar_loop(good)
    call = numba.njit(lambda blocks, first, last: loop(blocks[0], first, last))
    call(np.zeros(1, ROWS), np.uint64(0), np.uint64(LANES))
    vector_check.check([loop])
