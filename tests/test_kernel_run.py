"""Starting, forking and failing: what the kernel does with worlds besides advancing them."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from laboratory import case, drawn_parameters, made_up, past, policy_setting, simulator

from crosscurrent.errors import InputError
from crosscurrent.kernel import run
from crosscurrent.kernel.setting import RECORDED
from crosscurrent.model.schema import PARAMETERS
from crosscurrent.study.batch import StopRequested
from crosscurrent.study.simulation import CaseSimulator
from crosscurrent.study.specification import Study


def test_a_fork_continues_exactly() -> None:
    sim = simulator()
    setting = policy_setting(made_up({"leadership_strikes": 4.0, "fallback": 1.0}))
    months = sim.last_month - sim.first_month
    whole = past(drawn_parameters())
    parts = run.fork(whole)
    middle = sim.decision_week + 200
    run.advance(sim.kernel, whole, setting, sim.decision_week, sim.end_week, months)
    run.advance(sim.kernel, parts, setting, sim.decision_week, middle, months)
    parts = run.fork(parts)
    run.advance(sim.kernel, parts, setting, middle, sim.end_week, months)
    assert whole.tobytes() == parts.tobytes()


def test_monthly_paths_add_up_to_the_totals_of_flows() -> None:
    sim = simulator()
    blocks = past(drawn_parameters())
    months = sim.first_month, sim.last_month
    blocks["month_sum"] = 0.0
    setting = sim.setting("status-quo", months)
    paths = run.advance(sim.kernel, blocks, setting, sim.decision_week, sim.end_week, months[1] - months[0])
    row = list(RECORDED).index("homicides")
    unfinished = blocks["month_sum"][0, row].astype(float)
    np.testing.assert_allclose(paths[row].sum(axis=0) + unfinished, run.totals(blocks, 64)["homicides"], rtol=1e-5)


def test_a_failed_world_is_noted_and_harms_no_other() -> None:
    sim = simulator()
    parameters = drawn_parameters()
    clean = run.start(sim.kernel, sim.network, parameters, np.arange(64), 0)
    broken = run.start(sim.kernel, sim.network, parameters, np.arange(64), 0)
    broken["growth_noise"][0, 3] = np.nan
    broken["trust"][0, 7] = 5.0
    quiet = sim.setting(None, (0, 0))
    for blocks in (clean, broken):
        run.advance(sim.kernel, blocks, quiet, 0, 30, 0)
    failed = run.failures(broken, 64)
    assert failed.week[3] == 0
    assert failed.subsystem[3] == "organizations"
    assert failed.week[7] == 0
    assert failed.state[7] == "trust"
    others = np.setdiff1d(np.arange(64), [3, 7])
    assert (failed.week[others] == -1).all()
    assert np.array_equal(clean["homicides_week"][0, others], broken["homicides_week"][0, others])


def test_failed_worlds_are_counted_and_never_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    sim = simulator()
    real = run.start

    def start_with_a_broken_world(*args):
        blocks = real(*args)
        blocks["migration_noise"][0, 5] = np.inf
        return blocks

    monkeypatch.setattr(run, "start", start_with_a_broken_world)
    batch = sim.simulate("even", 0, 16, threading.Event())
    assert (batch.failed_week[:, 5] >= 0).all()
    assert set(batch.failed_subsystem[:, 5]) == {"migration"}
    assert all(np.isnan(values[:, 5]).all() for values in batch.measures.values())
    assert (batch.world_count == 15).all()
    assert np.isfinite(batch.quantiles).all()


def test_a_stop_is_answered() -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(StopRequested):
        simulator().simulate("even", 0, 64, stop)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -1.0, 2.0])
def test_parameters_are_validated_before_fast_maths(wrong: float) -> None:
    sim = simulator()
    parameters = drawn_parameters()
    parameters["hit_probability"] = parameters["hit_probability"].copy()
    parameters["hit_probability"][9] = wrong
    with pytest.raises(InputError, match=r"'hit_probability' is out of its range in 1 worlds.*from 0 to 1"):
        run.start(sim.kernel, sim.network, parameters, np.arange(64), 0)


def test_a_missing_or_short_parameter_is_refused() -> None:
    sim = simulator()
    parameters = drawn_parameters()
    short = parameters | {"trust_base": np.ones(3)}
    with pytest.raises(InputError, match="wrong number of values"):
        run.start(sim.kernel, sim.network, short, np.arange(64), 0)
    missing = {name: values for name, values in parameters.items() if name != "trust_base"}
    with pytest.raises(InputError, match="trust_base"):
        run.start(sim.kernel, sim.network, missing, np.arange(64), 0)
    assert "trust_base" in PARAMETERS


def test_too_many_rules_are_refused() -> None:
    from crosscurrent.case.records import PolicyRule

    rule = PolicyRule(
        when="trust",
        above=0.5,
        below=None,
        for_weeks=1,
        release=None,
        delay_weeks=0,
        then=dict.fromkeys(["treatment", "dialogue", "prevention"], 0.5),
    )
    with pytest.raises(InputError, match="too many adaptive rules"):
        policy_setting(made_up({}, rules=(rule, rule, rule)))


def test_another_network_needs_no_new_compilation() -> None:
    """Numbers of groups, ties and corridors are run-time counts."""
    sim = simulator()
    before = len(sim.kernel.advance.signatures)
    small = sim.network._replace(
        size_share=np.full(20, 0.05),
        rank_class=np.zeros(20, dtype=np.int64),
        alliance=np.zeros(20),
        ties=[(0, 1, 3.0)],
        corridor_share=np.full((3, 4), 1 / 3),
        corridor_effort=np.ones(3),
    )
    usual, sim.network = sim.network, small
    try:
        blocks = run.start(sim.kernel, small, drawn_parameters(), np.arange(64), 0)
        run.advance(sim.kernel, blocks, sim.setting(None, (0, 0)), 0, 100, 0)
    finally:
        sim.network = usual
    assert (run.failures(blocks, 64).week == -1).all()
    assert len(sim.kernel.advance.signatures) == before
    assert len(case().groups) == 150


def test_weeks_outside_the_tables_are_refused() -> None:
    sim = simulator()
    blocks = run.start(sim.kernel, sim.network, drawn_parameters(), np.arange(64), 0)
    with pytest.raises(InputError, match="weeks outside the tables"):
        run.advance(sim.kernel, blocks, sim.setting(None, (0, 0)), 0, sim.tables.weeks + 1, 0)


@pytest.mark.parametrize(("decision", "years"), [("2012-02", 1), ("2017-01", 1), ("2025-04", 25)])
def test_early_and_long_projections_run(decision: str, years: int) -> None:
    study = Study(policies=("unilateral-strikes",), theories=("even",), worlds=8, decision=decision, years=years)
    batch = CaseSimulator(study, case()).simulate("even", 0, 8, threading.Event())
    assert (batch.failed_week == -1).all()
    assert len(batch.months) in (12 * years, 12 * years + 1)
