"""Every multiplier is 1 in the reference period 2015-2019, so that adding a mechanism moves no baseline."""

from __future__ import annotations

import numpy as np
import pytest
from laboratory import drawn_parameters, recorded, simulator

from crosscurrent import calendar
from crosscurrent.kernel import run
from crosscurrent.study.draws import Draws

QUIET = {
    "growth_noise_size": 0.0,
    "violence_noise_size": 0.0,
    "concealment_size": 0.0,
    "migration_noise_size": 0.0,
    "history_error_enforcement": 0.0,
    "history_error_border": 0.0,
    "history_error_market": 0.0,
    "history_error_social": 0.0,
}
REFERENCE = [month for year in range(2015, 2020) for month in calendar.year_months(year)]


@pytest.fixture(scope="module")
def quiet_past():
    """Drawn worlds without discrepancies and without dated shocks: blocks now, months of the past, parameters."""
    sim = simulator(shocks=False)
    parameters = drawn_parameters("even", 64, **QUIET)
    blocks, paths, _ = sim.past(Draws(parameters, {}), np.arange(64), months=(0, 156))
    return blocks, paths, parameters


def test_homicides_of_the_reference_period_are_the_parameters(quiet_past) -> None:
    _, paths, parameters = quiet_past
    yearly = paths[recorded("homicides")][REFERENCE].sum(axis=0) / 5.0
    expected = parameters["organised_crime_homicides_year"] + parameters["other_homicides_year"]
    ratio = yearly / expected
    assert np.median(ratio) == pytest.approx(1.0, abs=0.03)
    assert (np.abs(ratio - 1.0) < 0.15).all()


def test_references_are_what_the_history_then_shows(quiet_past) -> None:
    """The second pass is close to the first that it is relative to, feedbacks included."""
    blocks, _, parameters = quiet_past
    sim = simulator(shocks=False)
    again = run.start(sim.kernel, sim.network, parameters, np.arange(64), 0)
    for name in ("reference_total_members", "reference_conflict_deaths", "reference_effective_groups", "reference_pay"):
        again[name] = blocks[name]
    setting = sim.setting(None, (0, 0))
    run.advance(sim.kernel, again, setting, 0, sim.reference_weeks[1], 0)
    weeks = sim.reference_weeks[1] - sim.reference_weeks[0]
    for name in ("total_members", "conflict_deaths", "effective_groups", "pay"):
        measured = again[f"sum_reference_{name}"] / weeks
        ratio = measured / blocks[f"reference_{name}"]
        assert np.median(ratio) == pytest.approx(1.0, abs=0.03), name


def test_prices_supply_and_arms_are_undisturbed_before_any_shock() -> None:
    sim = simulator(shocks=False)
    parameters = drawn_parameters(
        "even", 64, **QUIET, lab_loss_enforcement=0.0, precursor_effect=0.0, risk_per_strike=0.0
    )
    blocks = run.start(sim.kernel, sim.network, parameters, np.arange(64), 0)
    run.advance(sim.kernel, blocks, sim.setting(None, (0, 0)), 0, sim.reference_weeks[1], 0)
    np.testing.assert_allclose(blocks["arms_factor"], 1.0, atol=1e-5)
    # Removals from the middle rank wear cohesion a little even in the reference period.
    np.testing.assert_allclose(np.median(blocks["production_capacity"]), 1.0, atol=0.01)
    np.testing.assert_allclose(blocks["production_capacity"], 1.0, atol=0.05)
    np.testing.assert_allclose(np.median(blocks["price_cocaine"]), 1.0, atol=0.02)
    assert (blocks["hardening"] == 0.0).all()
    assert (blocks["grievance"] == 0.0).all()
