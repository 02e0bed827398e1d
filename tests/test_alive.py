"""Alive, not present: moving any parameter, lever, driver, pulse or axis changes something that is recorded."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from laboratory import case, drawn_parameters, future, made_up, outcome, past, policy_setting, simulator

from crosscurrent.case import load_case
from crosscurrent.kernel import run
from crosscurrent.kernel.setting import RECORDED
from crosscurrent.model.schema import DRIVERS, LEVERS, MEASURES, PARAMETERS, PULSES, STATES
from crosscurrent.study.draws import Draws

# Everything that can be set, set: consent asked and refused worlds fly covertly, so that both ways are taken.
STRESS = {
    "surveillance": 1.0, "leadership_strikes": 6.0, "logistics_strikes": 12.0, "consent_sought": 1.0, "fallback": 2.0,
    "us_presence": 2.0, "joint_enforcement": 2.0, "mexican_enforcement": 2.0, "violence_conditioned_share": 0.4,
    "justice_capacity": 2.0, "fto_designation": 1.0, "financial_pressure": 1.0, "precursor_control": 1.0,
    "border_interdiction": 2.5, "arms_interdiction": 1.0, "prevention": 0.5, "social_investment": 4.0, "treatment": 0.4,
    "economic_pressure": 0.8, "dialogue": 0.6, "us_border_policy": 1.0,
}  # fmt: skip


def moves(low: dict[str, Any], high: dict[str, Any]) -> bool:
    """Whether any recorded monthly path differs by more than rounding."""
    a, b = low["paths"].astype(np.float64), high["paths"].astype(np.float64)
    scale = np.abs(a).mean(axis=(1, 2)) + np.abs(b).mean(axis=(1, 2))
    return bool((np.abs(a - b).max(axis=(1, 2)) > 1e-5 * np.maximum(scale, 1e-9)).any())


@functools.cache
def spread(name: str) -> tuple[float, float]:
    """From low to high over all worlds of the mixture."""
    values = drawn_parameters("even", 256)[name]
    return float(np.quantile(values, 0.02)), float(np.quantile(values, 0.98))


def history(**changes: float) -> dict[str, Any]:
    """Months of the past, for what acts only there."""
    _, paths, _ = simulator().past(Draws(drawn_parameters(**changes), {}), np.arange(64), months=(0, 156))
    return {"paths": paths}


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_moves_something(name: str) -> None:
    low, high = spread(name)
    assert high > low, "the case gives this parameter no uncertainty"
    for levers in (STRESS, {**STRESS, "consent_sought": 0.0, "fallback": 1.0}):
        policy = made_up(levers)
        if moves(outcome(policy, **{name: low}), outcome(policy, **{name: high})):
            return
    if moves(history(**{name: low}), history(**{name: high})):
        return
    pytest.fail(f"{name} from {low:g} to {high:g} changes nothing that is recorded")


@functools.cache
def worlds_now() -> Any:
    return past(drawn_parameters())


@pytest.mark.parametrize("name", LEVERS)
def test_every_lever_moves_something(name: str) -> None:
    lever = LEVERS[name]
    base = {"leadership_strikes": 4.0, "logistics_strikes": 4.0, "fallback": 1.0}
    if name.startswith("campaign_end"):
        middle = {"weeks": 52.0, "success": 0.1, "cost": 0.2, "support": 0.6}[name.removeprefix("campaign_end_")]
        values = (0.0, middle)
    else:
        values = (lever.low, lever.high)
    low, high = (future(worlds_now(), made_up({**base, name: value})) for value in values)
    assert moves(low, high)


@pytest.mark.parametrize("name", [*DRIVERS, *PULSES])
def test_every_driver_and_dated_event_moves_something(name: str) -> None:
    sim = simulator()
    parameters = drawn_parameters()
    known = sim.tables.inputs[name].copy()
    months = (0, 156)
    draws = Draws(parameters, {})
    _, usual, _ = sim.past(draws, np.arange(64), months=months)
    try:
        sim.tables.inputs[name][:] = 0.5 * known if name in DRIVERS else 0.0
        if not known.any():
            sim.tables.inputs[name][150] = 1.0
        _, changed, _ = sim.past(draws, np.arange(64), months=months)
    finally:
        sim.tables.inputs[name][:] = known
    assert moves({"paths": usual}, {"paths": changed})


@pytest.mark.parametrize("name", load_case("us_mexico").axes)
def test_every_axis_moves_something(name: str) -> None:
    sim, points = simulator(), np.arange(64)
    policy = made_up({**STRESS, "consent_sought": 0.0, "fallback": 1.0})
    results = []
    for rival in case().axes[name].rivals:
        theory = replace(case().theories["even"], fixes={name: rival})
        from crosscurrent.study.draws import dimensions, draw_worlds
        from crosscurrent.study.sampling import world_points

        drawn = draw_worlds(case(), theory, world_points(0, points, dimensions(case())))
        results.append(future(past(drawn.parameters, sim), policy))
    for number, first in enumerate(results):
        for second in results[number + 1 :]:
            assert moves(first, second), "two rivals give the same worlds"


def test_every_state_changes_under_some_policy() -> None:
    sim = simulator()
    still = set(STATES)
    for levers in (
        STRESS,
        {**STRESS, "consent_sought": 0.0, "fallback": 1.0},
        {**STRESS, "campaign_end_weeks": 60.0, "fallback": 1.0},
    ):
        blocks = run.fork(worlds_now())
        before = {name: blocks[name].copy() for name in still}
        run.advance(sim.kernel, blocks, policy_setting(made_up(levers)), sim.decision_week, sim.end_week, 121)
        still = {name for name in still if np.array_equal(before[name], blocks[name])}
    assert still <= {"pandemic_shock", "supply_at_decision"}, still


def test_every_measure_answers_a_policy() -> None:
    status_quo = future(worlds_now(), "status-quo")
    silent = set(RECORDED)
    for levers in (STRESS, {**STRESS, "consent_sought": 0.0, "fallback": 1.0}):
        answered = future(worlds_now(), made_up(levers))
        silent = {name for name in silent if np.array_equal(status_quo[name], answered[name])}
    assert not silent
    assert len(MEASURES) == 39
