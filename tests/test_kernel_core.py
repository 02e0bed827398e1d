"""With every strength at zero the laboratory is the published core, exactly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from laboratory import CORE, case, null_parameters, simulator

from crosscurrent.kernel import run

HERE = Path(__file__).parent
WEEKS = 520


def plain_euler(weeks: int) -> np.ndarray:
    """The equations of the paper, one-week steps, written out with a dense matrix."""
    groups = case().groups
    count = len(groups)
    weight = np.zeros((count, count))
    allies = np.zeros(count)
    for tie in case().rivalries:
        weight[tie.from_rank - 1, tie.to_rank - 1] = weight[tie.to_rank - 1, tie.from_rank - 1] = tie.weight
    for tie in case().alliances:
        allies[[tie.from_rank - 1, tie.to_rank - 1]] += tie.weight
    conflict = (weight + 1.0) / (allies[:, None] + 1.0)
    np.fill_diagonal(conflict, 0.0)
    members = CORE["initial_members"] * np.array([group.size_share for group in groups])
    for _ in range(weeks):
        growth = CORE["recruitment_rate"] - CORE["arrests_rate"] / members.sum()
        losses = CORE["conflict_rate"] * (conflict @ members) + CORE["saturation_rate"] * members
        members = members + members * (growth - losses)
    return members


def core_members() -> np.ndarray:
    sim = simulator(shocks=False)
    blocks = run.start(sim.kernel, sim.network, null_parameters(64), np.arange(64), 0)
    quiet = sim.setting(None, (0, 0))
    run.advance(sim.kernel, blocks, quiet, 0, WEEKS, 0)
    return np.asarray(blocks["groups"][0]["members"][: len(case().groups), :2], dtype=np.float64)


def test_null_is_the_published_core_in_single_precision() -> None:
    members, expected = core_members(), plain_euler(WEEKS)
    np.testing.assert_allclose(members[:, 0], expected, rtol=1e-4)
    np.testing.assert_array_equal(members[:, 0], members[:, 1])


def test_the_core_reaches_the_published_size() -> None:
    assert plain_euler(WEEKS).sum() == pytest.approx(175_000, rel=0.02)


SCRIPT = """
import sys; sys.path.insert(0, sys.argv[1])
import numpy as np
from test_kernel_core import core_members, plain_euler
print(float(np.abs(core_members()[:, 0] / plain_euler(520) - 1).max()))
"""


@pytest.mark.slow
def test_null_is_the_published_core_in_double_precision() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(HERE)],
        env={**os.environ, "CROSSCURRENT_PRECISION": "float64"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(done.stdout.split()[-1]) < 1e-9
