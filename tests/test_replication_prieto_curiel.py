"""The published core: its rows, its equations in cases with a known answer, its refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from crosscurrent.errors import InputError
from crosscurrent.replications import core, core_fit, core_rewired, core_scenarios, prieto_curiel_readings
from crosscurrent.replications.prieto_curiel import REPLICATION

TABLE = (
    "PC-1a", "PC-2a", "PC-2b", "PC-3a", "PC-3b", "PC-3c", "PC-3d", "PC-4a", "PC-5a", "PC-6a", "PC-7a", "PC-8a", "PC-9a",
    "PC-10a", "PC-11a", "PC-12a", "PC-13a", "PC-14", "PC-15",
)  # fmt: skip


@pytest.fixture(scope="module")
def rows():
    return REPLICATION.rows()


def found(rows, name):
    return [row for row in rows if row.id == name]


@pytest.mark.parametrize("name", [*TABLE, "PC-1b", "PC-1c"])
def test_targets_of_tiers_1_and_2_are_met(rows, name):
    assert found(rows, name)
    assert all(row.verdict == "pass" and row.tier < 3 for row in found(rows, name))


def test_the_rise_of_8_percent_is_shown_as_not_reproduced(rows):
    (row,) = found(rows, "PC-11b")
    assert (row.published, row.verdict, row.tier) == (8.0, "gap", 3)
    assert 1.0 < row.ours < 4.0
    assert "NOT reproduced" in row.remark


def test_doubled_incapacitation_lowers_deaths_by_a_quarter_beside_the_status_quo(rows):
    since_2022, beside = (row.ours for row in found(rows, "PC-11a"))
    assert since_2022 > 0
    assert beside == pytest.approx(-25.0, abs=2.0)


def test_the_better_lever_changes_with_the_dose(rows):
    assert found(rows, "PC-14")[0].ours > 0 > found(rows, "PC-14b")[0].ours


def test_no_row_is_other_than_a_finite_number(rows):
    assert all(np.isfinite(row.ours) and row.tier in (1, 2, 3) for row in rows)


def test_size_is_not_known_to_the_fit():
    fits = prieto_curiel_readings.fit_profile()
    assert fits[0].members < 130_000
    assert fits[-1].members > 420_000
    assert all(8.45 < fit.error < 8.65 for fit in fits)
    assert all(110 <= fit.rates[1] <= 120 for fit in fits)


def test_charts_have_a_value_for_every_place():
    for chart in REPLICATION.charts():
        assert all(len(values) == len(chart.x) for values in chart.series.values())


def test_the_network_is_that_of_the_paper():
    network = core.national_network()
    assert len(network.shares) == 150
    assert (len(network.rivalries), len(network.alliances)) == (92, 91)
    assert network.start_intensity == pytest.approx(0.3282, abs=5e-5)
    conflict = network.conflict[~np.eye(150, dtype=bool)]
    assert (conflict.mean(), np.median(conflict), conflict.max()) == pytest.approx((0.605, 0.5, 5.0), abs=5e-4)


def test_flows_add_up_to_the_change_of_members():
    network = core.national_network()
    members = network.shares * 115_000.0
    change = core.growth(members, network.conflict, core.DEPOSITED).sum()
    recruits = core.DEPOSITED.recruitment_rate * members.sum()
    lost = core.deaths(members, network.conflict, core.DEPOSITED.conflict_rate)
    lost += core.saturation(members, core.DEPOSITED.saturation_rate) + core.DEPOSITED.arrests_rate
    assert change == pytest.approx(recruits - lost, rel=1e-12)


def test_the_solver_finds_logistic_growth():
    """One organisation without arrests or enemies grows along the logistic curve."""
    alone = core.ConflictNetwork(np.ones(1), (), ())
    rates = replace(core.DEPOSITED, arrests_rate=0.0, initial_members=1000.0)
    rho, limit = rates.recruitment_rate, rates.recruitment_rate / rates.saturation_rate
    weeks = np.arange(1001.0)
    exact = limit / (1.0 + (limit / 1000.0 - 1.0) * np.exp(-rho * weeks))
    np.testing.assert_allclose(core.solver_members(alone, rates, 1000)[:, 0], exact, rtol=1e-8)


def test_the_kernel_is_the_plain_steps():
    network = core.national_network()
    plain = core.euler_members(network, core.DEPOSITED, core.FIT_WEEKS)
    kernel = core_scenarios.kernel_paths()[core_scenarios.STATUS_QUO].members[: core.FIT_WEEKS + 1]
    np.testing.assert_allclose(kernel, plain, rtol=1e-4)


def test_rewiring_keeps_degrees_and_weights():
    network = core.national_network()
    new = core_rewired.rewire(network.rivalries, np.random.default_rng(1))
    assert new != network.rivalries
    degrees = [
        np.bincount([end for tie in ties for end in tie[:2]], minlength=150) for ties in (network.rivalries, new)
    ]
    np.testing.assert_array_equal(*degrees)
    assert [tie[2] for tie in new] == [tie[2] for tie in network.rivalries]
    assert len({frozenset(tie[:2]) for tie in new}) == len(new)
    assert all(tie[0] != tie[1] for tie in new)


def test_the_fit_finds_the_parameters_that_made_its_target(monkeypatch):
    network = core.national_network()
    made = np.array([[2.4e-3, 112.0, 1.5e-8, 5e-8]])
    target = core_fit.fitted_deaths(network, made, 115_000.0)[0][:, 0]
    monkeypatch.setattr(core_fit, "death_target", lambda: target)
    assert core_fit.fit_at(network, 115_000.0, core_fit.BOX).error < 0.02


def test_the_target_passes_through_the_annual_values():
    weekly = 0.10 * (np.array(core_fit.HOMICIDES) + np.array(core_fit.MISSING)) / 52.0
    np.testing.assert_allclose(core_fit.death_target()[::52], weekly)


def test_shares_of_fights_of_two_equal_pairs():
    """Four equal groups that all fight alike: two of them hold half of everything that they can."""
    conflict = core.conflict_matrix(4, [], [])
    shares = core_scenarios.fight_shares(np.ones(4), conflict, top=2)
    assert shares == pytest.approx((50.0, 100.0 / 6.0, 400.0 / 6.0, 50.0))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: core.null_parameters(0), "no worlds"),
        (lambda: core.conflict_matrix(2, [(0, 2, 1.0)], []), "joins groups it cannot"),
        (lambda: core.conflict_matrix(2, [], [(1, 1, 1.0)]), "joins groups it cannot"),
        (lambda: core.kernel_members({}, 0, 10), "scenarios"),
        (lambda: core.kernel_members({"a": core.DEPOSITED}, 11, 10), "outside the run"),
        (lambda: core.kernel_members({"a": core.DEPOSITED}, 0, 1, replace(core.DEPOSITED, arrests_rate=-1.0)), "range"),
        (lambda: core_rewired.rewired_networks(core.national_network(), 0, 0), "no networks"),
        (lambda: core_fit.fit_at(core.national_network(), float("nan"), core_fit.BOX), "start size"),
        (lambda: core_fit.fit_at(core.national_network(), 1e5, core_fit.BOX[::-1]), "wrong way round"),
    ],
)
def test_wrong_inputs_are_refused(call, words):
    with pytest.raises(InputError, match=words):
        call()
