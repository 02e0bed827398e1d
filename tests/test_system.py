"""The table of the documents' system is walked: every part of it is there, alive, and visible to a user."""

from __future__ import annotations

import numpy as np
import pytest
from laboratory import case, drawn_parameters, future, made_up, past

from crosscurrent.analysis.explaining import explain
from crosscurrent.analysis.system import KINDS, SystemPart, system_parts
from crosscurrent.kernel.setting import RECORDED
from crosscurrent.model.schema import LEVERS, PARAMETERS, STATES

PARTS = system_parts()
KNOWN = {
    "levers": LEVERS, "states": STATES, "recorded": RECORDED, "parameters": PARAMETERS,
    "policies": case().policies, "claims": case().claims, "series": case().series, "evidence": case().evidence,
}  # fmt: skip
EVERYTHING = {
    "surveillance": 1.0, "leadership_strikes": 6.0, "logistics_strikes": 12.0, "consent_sought": 1.0, "fallback": 2.0,
    "us_presence": 2.0, "joint_enforcement": 2.0, "mexican_enforcement": 1.5, "financial_pressure": 1.0,
    "precursor_control": 1.0, "arms_interdiction": 1.0, "prevention": 0.5, "social_investment": 4.0, "treatment": 0.4,
    "economic_pressure": 0.9, "dialogue": 0.6, "us_border_policy": 0.5,
}  # fmt: skip


def test_the_table_has_the_nineteen_parts() -> None:
    assert len(PARTS) == 19
    assert all(set(part.seen) <= set(KINDS) for part in PARTS)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.id)
def test_every_name_of_a_part_exists_and_is_explained(part: SystemPart) -> None:
    for kind, names in part.seen.items():
        for name in names:
            assert name in KNOWN[kind], f"{kind}: {name}"
            if kind in ("levers", "states", "parameters", "policies", "evidence"):
                assert explain(case(), name).name == name


@pytest.fixture(scope="module")
def outcomes():
    blocks = past(drawn_parameters())
    return future(blocks, "status-quo"), future(blocks, made_up(EVERYTHING))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.id)
def test_every_recorded_quantity_of_a_part_answers(part: SystemPart, outcomes) -> None:
    quiet, busy = outcomes
    for name in part.seen.get("recorded", ()):
        assert not np.array_equal(quiet[name], busy[name]), name
