"""No conclusion is built in: for every policy a belief under which it does well and one under which it does badly.

A belief fixes rivals that serious people hold.  Well: fewer deaths (homicides and overdoses together) in most
worlds.  Badly: a
main measure clearly worse than in the status quo in most worlds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from laboratory import WORLDS, case, future, past

from crosscurrent.study.draws import dimensions, draw_worlds
from crosscurrent.study.sampling import world_points

HOPEFUL = {
    "removal": "weakens", "number-of-groups": "does-not", "grievance": "does-not", "bargaining": "buys",
    "deaths": "supply-led", "risk": "deters", "prevention": "works", "incarceration": "lowers",
    "protection": "does-not", "vacancies": "not-refilled", "designation": "bites", "supply": "slow-rigid",
}  # fmt: skip
FEARFUL = {
    "removal": "splits", "number-of-groups": "drives", "grievance": "recruits", "bargaining": "breaks",
    "deaths": "supply-led", "risk": "does-not", "prevention": "backfires", "incarceration": "raises",
    "protection": "shapes", "vacancies": "over-filled", "designation": "chills", "supply": "fast-fluid",
}  # fmt: skip
BADLY = {
    "surveillance-only": ("homicides", FEARFUL),
    "coordinated-strikes": ("homicides", {"removal": "splits", "number-of-groups": "drives"}),
    "unilateral-strikes": ("deaths", FEARFUL),
    "covert-strikes": ("deaths", FEARFUL),
    "leadership-only": ("deaths", FEARFUL),
    "logistics-only": ("deaths", FEARFUL),
    "law-enforcement-first": ("deaths", FEARFUL),
    "financial-pressure": ("extortion", {"designation": "bites"}),
    "social-prevention": ("homicides", {"prevention": "backfires"}),
    "joint-partnership": ("homicides", FEARFUL),
    "demand-side": ("extortion", {"vacancies": "not-refilled", "deaths": "supply-led"}),
    "combined-cooperative": ("homicides", FEARFUL),
    "consented-campaign": ("homicides", FEARFUL),
    "graduated": ("homicides", FEARFUL),
}
MOST = 0.65
"""Share of worlds that must agree: beyond chance for 64 worlds (0.5 + 2 standard errors = 0.63)."""


def difference(policy: str, measure: str, beliefs: dict[str, str]) -> Any:
    theory = replace(case().theories["even"], fixes=beliefs)
    points = world_points(0, np.arange(WORLDS), dimensions(case()))
    blocks = past(draw_worlds(case(), theory, points).parameters)
    with_policy, without = future(blocks, policy), future(blocks, "status-quo")
    if measure == "deaths":
        return sum(with_policy[name] - without[name] for name in ("homicides", "overdose_deaths"))
    return with_policy[measure] - without[measure]


def test_every_policy_has_a_bad_belief() -> None:
    assert set(BADLY) == set(case().policies) - {"status-quo"}


@pytest.mark.parametrize("policy", BADLY)
def test_there_is_a_belief_under_which_a_policy_does_well(policy: str) -> None:
    assert (difference(policy, "deaths", HOPEFUL) < 0.0).mean() >= MOST


@pytest.mark.parametrize("policy", BADLY)
def test_there_is_a_belief_under_which_a_policy_does_badly(policy: str) -> None:
    measure, beliefs = BADLY[policy]
    assert (difference(policy, measure, beliefs) > 0.0).mean() >= MOST
