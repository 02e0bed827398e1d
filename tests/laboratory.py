"""What the scientific tests share: the published core's parameters, worlds with chosen values, and what becomes
of them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from crosscurrent.case import load_case
from crosscurrent.case.records import Case, Policy
from crosscurrent.kernel import run
from crosscurrent.kernel.setting import RECORDED, Setting
from crosscurrent.replications import core
from crosscurrent.study.simulation import CaseSimulator
from crosscurrent.study.specification import Study

WORLDS = 64
CORE = {field.name: getattr(core.DEPOSITED, field.name) for field in fields(core.DEPOSITED)}
"""Published parameters of the core (Prieto-Curiel, Campedelli and Hope 2023)."""


@functools.cache
def case() -> Case:
    return load_case("us_mexico")


@functools.cache
def simulator(shocks: bool = True, years: int = 10) -> CaseSimulator:
    return CaseSimulator(Study(worlds=WORLDS, years=years), case(), shocks=shocks)


def null_parameters(count: int, **changes: float) -> dict[str, Any]:
    """Every strength at its null; the rest at the lower end of what the equations can bear."""
    return core.null_parameters(count) | {name: np.full(count, float(value)) for name, value in changes.items()}


def drawn_parameters(theory: str = "even", count: int = WORLDS, **changes: float) -> dict[str, Any]:
    """Parameters drawn for a theory, some of them set to one value in all worlds."""
    drawn = simulator().draw(theory, np.arange(count)).parameters
    return drawn | {name: np.full(count, float(value)) for name, value in changes.items()}


def policy_setting(policy: str | Policy, sim: CaseSimulator | None = None) -> Setting:
    """Kernel tables of a policy of the case, or of one made up by a test."""
    sim = sim or simulator()
    months = sim.first_month, sim.last_month
    if isinstance(policy, str):
        return sim.setting(policy, months)
    known = sim.case
    sim.case = replace(known, policies={**known.policies, policy.id: policy})
    try:
        return sim.setting(policy.id, months)
    finally:
        sim.case = known


def made_up(levers: Mapping[str, float], base: str = "status-quo", **fields: Any) -> Policy:
    """A policy for a test: levers on top of those of a policy of the case."""
    policy = case().policies[base]
    return replace(policy, id="made-up", levers={**policy.levers, **levers}, **fields)


def past(parameters: dict[str, Any], sim: CaseSimulator | None = None, seed: int = 0) -> Any:
    """Worlds at the decision date."""
    from crosscurrent.study.draws import Draws

    sim = sim or simulator()
    worlds = np.arange(len(next(iter(parameters.values()))))
    blocks, _, _ = sim.past(Draws(parameters, {}), worlds)
    run.begin_projection(blocks)
    return blocks


def future(blocks: Any, policy: str | Policy, sim: CaseSimulator | None = None) -> dict[str, Any]:
    """Measures at the end of the projection, and monthly paths under ``paths``."""
    sim = sim or simulator()
    forked = run.fork(blocks)
    months = sim.last_month - sim.first_month
    setting = policy_setting(policy, sim)
    paths = run.advance(sim.kernel, forked, setting, sim.decision_week, sim.end_week, months)
    count = blocks.shape[0] * 64
    failed = run.failures(forked, count)
    assert (failed.week < 0).all(), f"failed worlds: {set(failed.state)}"
    return {**run.totals(forked, count), "paths": paths, "blocks": forked}


def outcome(policy: str | Policy = "status-quo", theory: str = "even", **changes: float) -> dict[str, Any]:
    """Measures of one policy with some parameters fixed."""
    return future(past(drawn_parameters(theory, **changes)), policy)


def recorded(name: str) -> int:
    """Row of a recorded quantity in ``paths``."""
    return list(RECORDED).index(name)
