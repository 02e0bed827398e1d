"""``explain``, the wiring graph and the fit to the past, on the shipped case."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import crosscurrent
from crosscurrent.analysis import drivers_of, explain, fit_history, targets
from crosscurrent.analysis.explaining import explained_names, parameter_by_theory, rival_weights
from crosscurrent.errors import InputError
from crosscurrent.model.schema import LEVERS, MEASURES, OBSERVABLES, PARAMETERS, STATES
from crosscurrent.study.draws import dimensions, draw_worlds
from crosscurrent.study.history import HistoryTotals
from crosscurrent.study.sampling import world_points
from crosscurrent.study.wiring_graph import kind_of, wiring_graph

SOURCE = Path(crosscurrent.__file__).parent.parent


@pytest.fixture(scope="module")
def case():
    return crosscurrent.load_case("us_mexico")


def test_every_name_of_the_project_is_explained(case):
    for name, kind in explained_names(case).items():
        found = explain(case, name)
        assert found.kind in (kind, "observable"), name
        assert found.definition, name
        assert found.facts or found.lists, name


def test_every_measure_says_what_drives_it_and_whether_it_is_a_flow(case):
    for name in {**MEASURES, **OBSERVABLES}:
        found = explain(case, name)
        assert found.equations, name
        assert dict(found.facts)["flow or stock"].startswith(("a flow", "a stock"))
        assert found.drivers is not None
        assert found.drivers.of_kind("lever"), name


def test_every_parameter_and_lever_is_read_by_an_equation():
    graph = wiring_graph()
    read = {name for found in graph.equations.values() for equation in found for name in equation.reads}
    assert [name for name in PARAMETERS if name not in read] == []
    levers = [name for name in LEVERS if name not in read and f"ordered_{name}" not in read]
    assert levers == []


def test_places_point_at_the_function(case):
    for found in wiring_graph().equations.values():
        for equation in found:
            file, line = equation.place.split(":")
            text = (SOURCE / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
            assert text.startswith(f"def {equation.function.split('.')[1]}("), equation


def test_the_graph_follows_equations_written_by_hand():
    upstream = wiring_graph().upstream("homicides_week")
    for name in ("split_probability", "leadership_strikes", "treatment", "initial_members"):
        assert name in upstream
    assert kind_of("split_probability") == "parameter"
    assert kind_of("leader_hits") == "intermediate"


def test_a_path_leads_from_the_driver_to_the_measure():
    found = drivers_of("overdose_deaths")
    for driver in found.of_kind("lever"):
        assert driver.path[0] == driver.name
        assert driver.path[-1] == found.row
        assert len(driver.path) == driver.distance + 1


def test_unknown_names_get_the_nearest(case):
    with pytest.raises(InputError, match="did you mean 'homicides'"):
        explain(case, "homicdes")
    with pytest.raises(InputError, match="did you mean 'trust'"):
        drivers_of("trst")


def test_values_by_theory_are_those_that_worlds_draw(case):
    worlds = world_points(5, np.arange(4096), dimensions(case))
    moved = [entry for entry in case.parameters.values() if entry.axis and entry.rivals][:12]
    for theory in case.theories.values():
        drawn = draw_worlds(case, theory, worlds).parameters
        for parameter in moved:
            value = {found.theory: found for found in parameter_by_theory(case, parameter)}[theory.id]
            low, _, high = np.percentile(drawn[parameter.id], [5, 50, 95])
            spread = max(high - low, 1e-12)
            assert abs(value.p05 - low) / spread < 0.05, (theory.id, parameter.id)
            assert abs(value.p95 - high) / spread < 0.05, (theory.id, parameter.id)
            assert value.p05 <= value.p50 <= value.p95


def test_rival_weights_sum_to_one_and_follow_the_table(case):
    for theory in case.theories.values():
        for axis in case.axes.values():
            weights = rival_weights(case, axis, theory)
            assert sum(weights.values()) == pytest.approx(1.0)
            if axis.id in theory.fixes:
                assert weights == {theory.fixes[axis.id]: 1.0}


def test_records_of_one_origin_count_once(case):
    shared = [record for record in case.evidence.values() if record.origin == "news-report-2025-04"]
    found = explain(case, shared[0].id)
    assert dict(found.facts)["origin"] == "news-report-2025-04"
    for name in case.parameters:
        entry = explain(case, name)
        assert entry.origins <= len(entry.evidence)
        assert entry.evidence or dict(entry.facts)["grade of evidence"] == "assumption", name


def test_states_and_policy_variants_are_explained(case):
    assert dict(explain(case, "opioid_users").facts)["subsystem"] == STATES["opioid_users"].subsystem
    variants = [f"{p.id}@{key}" for p in case.policies.values() for key in p.variants]
    for name in variants:
        assert explain(case, name).kind == "policy variant"


def totals_with(case, shift: float) -> HistoryTotals:
    """A past whose band is the observation times (1 + shift), 1 % wide."""
    years, spread = tuple(range(2012, 2025)), 1.0 + shift + np.linspace(-0.01, 0.01, 21)
    by_year, by_fiscal_year = {}, {}
    for target in targets(case):
        fiscal = target.period == "fiscal year"
        chosen = years[1:] if fiscal else years
        seen = {
            int(point.period[-4:]): point.value
            for point in case.series[target.series].points
            if point.definition.startswith(target.definition)
        }
        table = np.array([[seen.get(year, np.nan) * spread for year in chosen]])
        (by_fiscal_year if fiscal else by_year)[target.measure] = table
    return HistoryTotals(("even",), 21, True, 0, years, years[1:], by_year, by_fiscal_year, {"even": 0})


@pytest.mark.parametrize(("shift", "share"), [(0.0, 0.0), (0.05, 1.0), (-0.05, 1.0)])
def test_a_miss_is_an_observation_outside_the_band(case, shift, share):
    fit = fit_history(case, totals_with(case, shift))
    missed, compared = fit.misses()
    assert compared > 60
    assert missed == share * compared
    until, later = fit.misses(is_target=True)[1], fit.misses(is_target=False)[1]
    assert until + later == compared
    assert all(row.is_target == (row.year <= 2020) for row in fit.rows)


def test_the_series_asked_for_are_compared(case):
    found = {target.measure: target for target in targets(case)}
    assert set(found) == {
        "homicides", "overdose_deaths", "synthetic_opioid_deaths", "seizures_fentanyl",
        "seizures_methamphetamine", "seizures_cocaine", "seizures_heroin", "encounters",
    }  # fmt: skip
    assert found["seizures_fentanyl"].definition == "seized nationwide"


def test_a_case_without_a_series_is_not_compared_with_it(case):
    assert targets(SimpleNamespace(series={})) == ()


def test_a_name_that_two_kinds_share_leads_to_both(case):
    assert explain(case, "prevention").kind == "axis"
    found = explain(case, "lever.prevention")
    assert (found.kind, found.name) == ("lever", "prevention")
    assert explained_names(case)["lever.prevention"] == "lever"
    reached = {(found.kind, found.name) for found in (explain(case, name) for name in explained_names(case))}
    assert {("lever", name) for name in LEVERS} | {("axis", name) for name in case.axes} <= reached
