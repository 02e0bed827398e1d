"""Single and double precision agree: medians differ by less than 0.5 % or two Monte-Carlo errors, whichever is
larger."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from laboratory import future, past, simulator

from crosscurrent.model.schema import MEASURES
from crosscurrent.study.sampling import monte_carlo_error

HERE = Path(__file__).parent
WORLDS = 256
POLICIES = ("status-quo", "unilateral-strikes", "combined-cooperative")


def results() -> dict[str, dict[str, list[float]]]:
    blocks = past(simulator().draw("even", np.arange(WORLDS)).parameters)
    found = {}
    for policy in POLICIES:
        after = future(blocks, policy)
        found[policy] = {name: [float(v) for v in after[name]] for name in MEASURES}
    return found


SCRIPT = """
import sys; sys.path.insert(0, sys.argv[1])
import json, test_precision
print(json.dumps(test_precision.results()))
"""


@pytest.mark.slow
def test_medians_of_single_and_double_precision_agree() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(HERE)],
        env={**os.environ, "CROSSCURRENT_PRECISION": "float64"},
        capture_output=True,
        text=True,
        check=True,
    )
    double, single = json.loads(done.stdout.splitlines()[-1]), results()
    worlds = np.arange(WORLDS)
    for policy in POLICIES:
        for name in MEASURES:
            a, b = np.array(single[policy][name]), np.array(double[policy][name])
            error = 2.0 * float(monte_carlo_error(b, worlds))
            allowed = max(0.005 * abs(float(np.median(b))), error, 1e-9)
            assert abs(np.median(a) - np.median(b)) <= allowed, (policy, name)
