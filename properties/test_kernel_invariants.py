"""Invariants of the model (design document): conservation, bounds, independence, pairing, nulls."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from laboratory import drawn_parameters, future, made_up, null_parameters, past, policy_setting, recorded, simulator

from crosscurrent.kernel import run
from crosscurrent.model.schema import LEVERS, STATES

few = settings(max_examples=12, deadline=None)
OPEN = {"leadership_strikes": 6.0, "logistics_strikes": 8.0, "fallback": 1.0, "surveillance": 0.8}
levers = st.fixed_dictionaries(
    {
        name: st.floats(lever.low, min(lever.high, 20.0), allow_nan=False)
        for name, lever in LEVERS.items()
        if not name.startswith("campaign_end") and name not in ("fallback", "consent_sought")
    }
    | {"fallback": st.sampled_from([0.0, 1.0, 2.0]), "consent_sought": st.sampled_from([0.0, 1.0])}
)


def group_members(blocks: Any) -> np.ndarray:
    return np.asarray(blocks["groups"]["members"], dtype=np.float64)


@few
@given(levers=levers, theory=st.sampled_from(["even", "force-provokes", "removal-splits", "force-deters"]))
def test_states_stay_within_their_bounds_under_any_policy(levers: dict[str, float], theory: str) -> None:
    after = future(past(drawn_parameters(theory)), made_up(levers))["blocks"]
    assert (group_members(after) >= 0.0).all()
    for name, state in STATES.items():
        assert (after[name] >= state.low).all(), name
        assert (after[name] <= state.high).all(), name


@few
@given(seed=st.integers(0, 2**63 - 1))
def test_same_seed_same_numbers_other_seed_other_numbers(seed: int) -> None:
    sim, parameters = simulator(), drawn_parameters()
    quiet = sim.setting(None, (0, 0))

    def worlds(s: int) -> Any:
        blocks = run.start(sim.kernel, sim.network, parameters, np.arange(64), s)
        run.advance(sim.kernel, blocks, quiet, 0, 60, 0)
        return blocks["homicides_week"].copy()

    assert np.array_equal(worlds(seed), worlds(seed))
    assert not np.array_equal(worlds(seed), worlds(seed ^ 1))


def test_a_world_does_not_depend_on_other_worlds_threads_or_batches() -> None:
    sim = simulator()
    draws = sim.draw("even", np.arange(200))
    whole, _, _ = sim.past(draws, np.arange(200))
    everything = run.values(whole, "homicides_week", 200)
    part = sim.draw("even", np.arange(70, 140))
    alone, _, _ = sim.past(part, np.arange(70, 140))
    assert np.array_equal(run.values(alone, "homicides_week", 70), everything[70:140])
    quiet = sim.setting(None, (0, 0))
    with ThreadPoolExecutor(4) as pool:
        blocks = run.start(sim.kernel, sim.network, draws.parameters, np.arange(200), 0)
        run.set_references(blocks, whole, 1)
        for name in (
            "reference_total_members",
            "reference_conflict_deaths",
            "reference_effective_groups",
            "reference_pay",
        ):
            blocks[name] = whole[name]
        list(
            pool.map(
                lambda b: run.advance(sim.kernel, blocks, quiet, 0, sim.decision_week, 0, block_range=(b, b + 1)),
                range(len(blocks)),
            )
        )
    assert np.array_equal(run.values(blocks, "homicides_week", 200), everything)


def test_a_longer_horizon_never_changes_earlier_weeks() -> None:
    short, long = simulator(years=3), simulator(years=10)
    parameters = drawn_parameters()
    near = future(past(parameters, short), made_up(OPEN), short)["paths"]
    far = future(past(parameters, long), made_up(OPEN), long)["paths"]
    months = near.shape[1] - 1
    assert np.array_equal(near[:, :months], far[:, :months])


@few
@given(delay=st.integers(26, 300))
def test_policies_identical_up_to_a_week_give_identical_worlds_up_to_it(delay: int) -> None:
    sim = simulator()
    blocks = past(drawn_parameters())
    later = made_up(OPEN, starts=dict.fromkeys(OPEN, delay))
    a, b = future(blocks, "status-quo")["paths"], future(blocks, later)["paths"]
    same = delay * 7 // 31 - 1
    assert np.array_equal(a[:, :same], b[:, :same])
    assert not np.array_equal(a, b)
    assert sim.end_week - sim.decision_week > delay


def test_no_strike_lever_no_strike_outcome() -> None:
    after = future(past(drawn_parameters()), made_up({"surveillance": 1.0, "consent_sought": 1.0, "fallback": 1.0}))
    for name in (
        "strikes",
        "civilian_strike_deaths",
        "campaign_weeks",
        "strikes_without_recognised_basis",
        "consented_weeks",
    ):
        assert not after[name].any(), name
    assert not after["precedent"].any()


def test_null_split_moves_no_national_flow() -> None:
    """Splits without sibling rivalry: other groups, same nation."""
    changes = {
        "sibling_rivalry": 0.0, "cohesion_loss_top": 0.0, "removal_violence": 0.0, "removal_violence_spread": 0.0,
        "succession_war_ratio": 1.0, "cohesion_splinter": 1.0, "merger_rate": 0.2, "retaliation_forces": 0.0,
        "retaliation_others": 0.0,
    }  # fmt: skip
    none = future(past(drawn_parameters(split_probability=0.0, **changes)), made_up(OPEN))
    many = future(past(drawn_parameters(split_probability=1.0, **changes)), made_up(OPEN))
    assert many["groups"].mean() > none["groups"].mean() + 3.0
    for name in (
        "homicides",
        "members",
        "recruits",
        "landed_fentanyl",
        "extortion",
        "overdose_deaths",
        "usable_revenue",
    ):
        np.testing.assert_allclose(many[name], none[name], rtol=2e-4, err_msg=name)


def test_null_removal_changes_nothing() -> None:
    """Removals without any effect: a campaign against leaders that changes no national flow but its own."""
    changes = {
        "split_probability": 0.0, "cohesion_loss_top": 0.0, "cohesion_loss_middle": 0.0, "removal_violence": 0.0,
        "removal_violence_spread": 0.0, "retaliation_forces": 0.0, "retaliation_others": 0.0, "followup_arrests": 0.0,
    }  # fmt: skip
    policy = made_up({"mexican_enforcement": 1.0})
    base = past(drawn_parameters(top_removal_rate=0.0, **changes))
    often = past(drawn_parameters(top_removal_rate=15.0, **changes))
    quiet, busy = future(base, policy), future(often, policy)
    assert busy["top_removals"].mean() > quiet["top_removals"].mean() + 20
    for name in ("homicides", "members", "recruits", "landed_fentanyl", "extortion"):
        np.testing.assert_allclose(busy[name], quiet[name], rtol=1e-5, err_msg=name)


def test_with_all_strengths_at_null_every_policy_but_its_own_accounts_is_the_status_quo() -> None:
    blocks = past(null_parameters(64, implementation_force=1.0, implementation_enforcement=1.0))
    status_quo = future(blocks, "status-quo")
    strikes = future(blocks, made_up(OPEN))
    for name in ("homicides", "members", "recruits", "landed_fentanyl", "overdose_deaths", "extortion", "encounters"):
        assert np.array_equal(status_quo[name], strikes[name]), name


@few
@given(probability=st.floats(0.2, 1.0), rivalry=st.floats(0.0, 100.0))
def test_splits_and_mergers_conserve_members(probability: float, rivalry: float) -> None:
    """One week in which every leader event happens: the sum before and after differs by births and deaths only."""
    sim = simulator()
    blocks = past(drawn_parameters(split_probability=probability, sibling_rivalry=rivalry, merger_rate=1.5))
    setting = policy_setting(made_up({**OPEN, "leadership_strikes": 20.0}))
    run.advance(sim.kernel, blocks, setting, sim.decision_week, sim.decision_week + 200, 121)
    total = group_members(blocks).sum(axis=1)
    np.testing.assert_allclose(blocks["total_members"], total, rtol=2e-5)
    alive = (group_members(blocks)[:, 150:] > 0).sum(axis=1) + 150
    assert np.array_equal(blocks["groups_alive"], alive)


def test_common_draws_pair_policies_closely() -> None:
    """A policy that leaves groups alone leaves every group's history as it was."""
    blocks = past(drawn_parameters())
    a, b = future(blocks, "status-quo"), future(blocks, "demand-side")
    row = recorded("top_removals")
    assert np.array_equal(a["paths"][row], b["paths"][row])


@pytest.mark.parametrize("rule", [True, False])
def test_adaptive_rules_act_per_world(rule: bool) -> None:
    from crosscurrent.case.records import PolicyRule

    answer = PolicyRule(
        when="homicides",
        above=32_000.0,
        below=None,
        for_weeks=8,
        release=25_000.0,
        delay_weeks=4,
        then={"treatment": 0.5},
    )
    policy = made_up({}, rules=(answer,) if rule else ())
    after = future(past(drawn_parameters()), policy)
    acted = after["cost_us"] > 1.0
    assert acted.any() == rule
    assert not acted.all()
