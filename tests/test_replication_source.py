"""FDA SOURCE: hazards, scenarios and strategies beside the published numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscurrent.errors import InputError
from crosscurrent.replications import fda_source, fda_source_stocks
from crosscurrent.replications.fda_source_stocks import SCENARIOS, Strategy, approach, hazard, project, ramp


@pytest.fixture(scope="module")
def rows():
    return fda_source.REPLICATION.rows()


def test_every_row_that_must_pass_does(rows) -> None:
    assert [row.id for row in rows if row.tier < 3 and row.verdict != "pass"] == []
    assert sum(row.id == "SO-1" for row in rows) == 5
    assert {"SO-2", "SO-3", "SO-4", "SO-5"} <= {row.id for row in rows}


def test_numbers_are_finite_and_anchors_never_fail(rows) -> None:
    assert all(math.isfinite(row.ours) for row in rows)
    assert all(row.verdict != "fail" for row in rows if row.tier == 3)


def test_the_disagreement_of_the_two_models_is_shown_as_a_gap(rows) -> None:
    assert {row.verdict for row in rows if row.id in ("SO-5", "SO-5b")} == {"gap"}


@given(st.floats(0.0, 0.98))
def test_kits_invert_the_chance_of_naloxone(chance: float) -> None:
    from crosscurrent.model.market import KIT_RATE

    assert 1.0 - math.exp(-KIT_RATE * fda_source.kits_giving(chance)) == pytest.approx(chance, abs=1e-9)


@given(st.floats(0.0, 1.0), st.floats(0.0, 3000.0))
def test_hazard_rises_with_fentanyl_falls_with_kits_and_is_a_share(share: float, kits: float) -> None:
    here = hazard(share, kits)
    assert 0.0 < here < 1.0
    assert hazard(min(share + 0.01, 1.0), kits) >= here >= hazard(share, kits + 50.0)


def test_without_fentanyl_its_risk_does_not_matter_and_halved_it_is_that_of_heroin() -> None:
    assert hazard(0.0, 500.0, -0.5) == pytest.approx(hazard(0.0, 500.0))
    # A multiplier of 2 halved is 1: overdoses as often as with heroin, only survived less often.
    assert hazard(1.0, 0.0, -0.5) == pytest.approx(hazard(1.0, 0.0) / 2.0)


def test_inputs_approach_their_ends() -> None:
    assert approach(2020.0, 0.562129, 0.81, 12.0) == pytest.approx(0.562129)
    assert approach(2032.0, 0.562129, 0.81, 12.0) == pytest.approx(0.8067, abs=1e-4)
    # Twice as fast is the same way in half the time.
    assert approach(2024.0, 0.5, 0.9, 6.0) == pytest.approx(approach(2028.0, 0.5, 0.9, 12.0))
    assert [ramp(year) for year in (2020.0, 2022.0, 2025.0)] == [0.0, 0.0, 1.0]


def test_the_fit_is_close_to_the_stocks_it_was_fitted_to() -> None:
    path = project()
    target = np.array(list(fda_source_stocks.BASE_RUN.values())).T
    places = np.round((fda_source_stocks.YEARS - 2020.0) * fda_source_stocks.STEPS_A_YEAR).astype(int)
    assert np.abs(path.stocks[places] / target - 1.0).max() < 0.06
    assert fda_source_stocks.deaths_in(path, 2020.0) == pytest.approx(62_580.0, rel=0.01)


def test_a_strategy_of_nothing_changes_nothing_and_more_does_more() -> None:
    base = fda_source_stocks.cumulative(project())
    assert fda_source_stocks.cumulative(project("base", Strategy())) == base
    falls = [fda_source_stocks.cumulative(project("base", Strategy(naloxone=more))) for more in (0.1, 0.3, 0.6)]
    assert base > falls[0] > falls[1] > falls[2]


def test_steps_are_short_enough(monkeypatch) -> None:
    rates = fda_source_stocks.fitted_rates()
    coarse = fda_source_stocks.cumulative(project("fentanyl high", rates=rates))
    monkeypatch.setattr(fda_source_stocks, "STEPS_A_YEAR", 32)
    fine = fda_source_stocks.cumulative(project("fentanyl high", rates=rates))
    assert coarse == pytest.approx(fine, rel=1e-3)


def test_the_laboratory_agrees_in_sign_with_every_scenario() -> None:
    assert fda_source.laboratory_change("fentanyl low") < 0.0 < fda_source.laboratory_change("fentanyl high")


def test_the_order_would_be_found_broken() -> None:
    changes = dict(fda_source.strategy_changes())
    changes["prescriber capacity"] = -5.0
    assert fda_source.strategy_margin(changes) < 0.0


def test_charts_have_a_value_for_every_x() -> None:
    charts = fda_source.REPLICATION.charts()
    assert len(charts) == 3
    assert all(len(line) == len(chart.x) for chart in charts for line in chart.series.values())


@pytest.mark.parametrize("chance", [-0.1, 1.0, math.nan])
def test_no_chance_outside_its_range(chance: float) -> None:
    with pytest.raises(InputError, match="chance"):
        fda_source.kits_giving(chance)


def test_unknown_scenarios_and_changes_are_refused() -> None:
    with pytest.raises(InputError, match="scenario"):
        project("fentanyl medium")
    with pytest.raises(InputError, match="scenario"):
        fda_source.laboratory_change("medium")
    with pytest.raises(InputError, match="naloxone"):
        Strategy(naloxone=20.0)
    assert "base" in SCENARIOS
