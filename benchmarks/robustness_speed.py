"""Time and memory of robustness and value of information on a study of 60,000 worlds, stored by formulas.

python benchmarks/robustness_speed.py [--worlds 8572] [--policies 12] [--theories 7] [--parameters 276]
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from decision_fakes import Known, stored

from crosscurrent import load_case, open_results
from crosscurrent.analysis.robustness import robustness
from crosscurrent.analysis.value_of_information import value_of_information

MEASURES = (
    "homicides", "homicides_and_missing", "overdose_deaths", "landed_fentanyl", "security_cooperation", "cost_us",
    "cost_mx", "trust", "members", "usable_revenue", "strikes_without_recognised_basis", "precedent", "ruptures",
)  # fmt: skip


def formula(policies: int) -> Callable[[str, np.ndarray], dict[str, np.ndarray]]:
    """Every measure: a level shared by the policies and an effect of each that depends on what is drawn."""
    steps = np.arange(policies)[:, None]

    def measures(theory: str, points: np.ndarray) -> dict[str, np.ndarray]:
        shift = len(theory) % 5
        return {
            name: 1000.0 + 200 * points[:, n] + steps * (points[:, (3 * n + 1) % points.shape[1]] - 0.5 + 0.01 * shift)
            + 5 * np.sin(steps + 50 * points[:, (n + 7) % points.shape[1]])
            for n, name in enumerate(MEASURES)
        }  # fmt: skip

    return measures


def main() -> None:
    """Store the study in a temporary folder, time both analyses, print what they took."""
    parser = argparse.ArgumentParser()
    for name, value in (("worlds", 8572), ("policies", 12), ("theories", 7), ("parameters", 276)):
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args()
    theories = (*(f"theory-{n}" for n in range(given.theories - 1)), "even")
    policies = ("status-quo", *(f"policy-{n}" for n in range(1, given.policies)))
    case = load_case("us_mexico")
    known = Known(
        formula(given.policies), given.parameters,
        lambda points: {name: points[:, n] for n, name in enumerate(list(case.parameters)[: given.parameters])},
        lambda points: {f"axis-{n}": np.where(points[:, -n - 1] < 0.5, "one", "other") for n in range(14)},
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        stored(Path(folder) / "out", known, policies, theories, MEASURES, given.worlds)
        print(f"stored {given.theories} x {given.worlds} worlds x {given.policies} policies: {_since(begun)}")
        results = open_results(Path(folder) / "out")
        begun = time.perf_counter()
        found = robustness(results)
        print(f"robustness, {len(found.portfolios)} measures and sets of preferences: {_since(begun)}")
        begun = time.perf_counter()
        agenda = value_of_information(results, case, measure="homicides")
        print(f"value of information, {len(agenda.worths)} uncertainties: {_since(begun)}")


def _since(begun: float) -> str:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return f"{time.perf_counter() - begun:.1f} s ({time.process_time():.0f} s of processors in all), {memory:.2f} GB"


if __name__ == "__main__":
    main()
