"""Doses made comparable: variants of policies scaled to the same cost, or to the same number of members removed
or kept out.

A policy's changes of levers are scaled by one factor until a target is met on average over worlds of the theory
``even``.  What
cannot be scaled (whether consent is sought, what follows a refusal, when a campaign ends) stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..case.records import Policy
from ..kernel import run
from ..model.schema import LEVERS
from .simulation import CaseSimulator
from .tables import RELATIVE

__all__ = ["EQUAL_COST", "EQUAL_MEMBERS", "added_cost", "match_policy", "members_removed_or_kept_out", "scaled_levers"]

EQUAL_COST = 1400.0
"""Added cost of both countries over ten years that cost-matched variants meet, million USD."""
EQUAL_MEMBERS = 1000.0
"""Members removed or kept out over ten years that dose-matched variants meet."""
NOT_SCALED = ("consent_sought", "fallback", "economic_pressure", *(n for n in LEVERS if n.startswith("campaign_end")))
Measures = Mapping[str, npt.NDArray[np.float64]]


def added_cost(measures: Measures, status_quo: Measures) -> npt.NDArray[np.float64]:
    """Cost to both countries above the status quo, million USD [world]."""
    return measures["cost_us"] + measures["cost_mx"] - status_quo["cost_us"] - status_quo["cost_mx"]


def members_removed_or_kept_out(measures: Measures, status_quo: Measures) -> npt.NDArray[np.float64]:
    """Members arrested or killed by the state more, plus recruits fewer, than in the status quo [world]."""
    removed = measures["arrests"] - status_quo["arrests"]
    return removed + status_quo["recruits"] - measures["recruits"]


def scaled_levers(policy: Policy, usual: Mapping[str, float], factor: float) -> dict[str, float]:
    """A policy's levers with their changes scaled.

    >>> from crosscurrent.case import load_case
    >>> treatment = load_case().policies["demand-side"]
    >>> scaled_levers(treatment, {"treatment": 0.0}, 0.5)
    {'treatment': 0.15}
    """
    levers: dict[str, float] = {}
    for name, value in policy.levers.items():
        lever = LEVERS[name]
        start = 1.0 if lever.unit == RELATIVE else usual[name]
        moved = value if name in NOT_SCALED else start + factor * (value - start)
        levers[name] = round(float(np.clip(moved, lever.low, lever.high)), 5)
    return levers


def match_policy(
    simulator: CaseSimulator,
    policy: Policy,
    quantity: Callable[[Measures, Measures], npt.NDArray[np.float64]],
    target: float,
    *,
    worlds: int = 256,
) -> dict[str, float] | None:
    """Levers of a policy scaled so that a quantity meets its target on average; None if no scale within range does.

    Parameters
    ----------
    simulator
        Simulator of the case.
    policy
        Policy to scale.
    quantity
        What is matched, from the measures of the policy and of the status quo.
    target : float
        Value to meet, to one part in two hundred.
    worlds : int
        Worlds of the theory ``even`` that the average is over.
    """
    numbers = np.arange(worlds)
    past, _, _ = simulator.past(simulator.draw("even", numbers), numbers)
    run.begin_projection(past)
    usual = {name: float(simulator.tables.usual[name][simulator.decision_week]) for name in LEVERS}

    def measures(levers: Mapping[str, float], rules: Any = policy.rules) -> Any:
        known = simulator.case
        trial = replace(policy, id="trial", levers=dict(levers), rules=rules)
        simulator.case = replace(known, policies={**known.policies, "trial": trial})
        try:
            setting = simulator.setting("trial", (0, 0))
        finally:
            simulator.case = known
        blocks = run.fork(past)
        run.advance(simulator.kernel, blocks, setting, simulator.decision_week, simulator.end_week, 0)
        return run.totals(blocks, worlds)

    status_quo = measures({}, ())

    def reached(factor: float) -> float:
        return float(quantity(measures(scaled_levers(policy, usual, factor)), status_quo).mean())

    low, high = 0.0, 1.0
    while reached(high) < target:
        low, high = high, 2.0 * high
        if high > 16.0:
            return None
    for _ in range(18):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if reached(middle) < target else (low, middle)
    found = reached(high)
    return scaled_levers(policy, usual, high) if abs(found - target) <= 0.005 * target else None
