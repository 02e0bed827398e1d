"""Golden science: medians of one small study.  When they move, the change is reviewed as science.

python tests/test_golden_science.py        # writes the file anew; the difference belongs in the changelog
under Results
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from laboratory import future, past, simulator
from ruamel.yaml import YAML

FILE = Path(__file__).parent / "golden_science.yaml"
POLICIES = ("status-quo", "coordinated-strikes", "unilateral-strikes", "law-enforcement-first", "demand-side")
THEORIES = ("removal-weakens", "force-provokes", "even")
MEASURES = (
    "homicides", "missing", "overdose_deaths", "landed_fentanyl", "members", "groups", "usable_revenue", "trust",
    "security_cooperation", "encounters", "us_support_with_consent", "civilian_strike_deaths", "cost_us",
)  # fmt: skip


def medians() -> dict[str, dict[str, dict[str, float]]]:
    sim, table = simulator(), {}
    for theory in THEORIES:
        blocks = past(sim.draw(theory, np.arange(64)).parameters)
        table[theory] = {}
        for policy in POLICIES:
            after = future(blocks, policy)
            table[theory][policy] = {name: float(f"{np.median(after[name]):.6g}") for name in MEASURES}
    return table


def test_medians_have_not_moved() -> None:
    expected = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    found = medians()
    for theory in THEORIES:
        for policy in POLICIES:
            for name in MEASURES:
                want = expected[theory][policy][name]
                assert found[theory][policy][name] == pytest.approx(want, rel=2e-3, abs=1e-6), (theory, policy, name)


if __name__ == "__main__":
    with FILE.open("w", encoding="utf-8") as out:
        YAML().dump(medians(), out)
