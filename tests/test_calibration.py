"""Calibration, back-test and forecast on the shipped case: small runs of the real thing, and what is shipped."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import numpy as np
import pytest
from laboratory import case

from crosscurrent.calibration.backtest import QUANTILE_COLUMNS, BacktestOptions, full_values, run_backtest
from crosscurrent.calibration.calibration import CalibrationOptions, calibrate, what_was_learned
from crosscurrent.calibration.forecast import ForecastOptions, forecast_csv, forecast_cutoff, write_forecast
from crosscurrent.calibration.forecasting import SeriesForecaster, null_samples, quantiles_of
from crosscurrent.calibration.frozen import read_frozen
from crosscurrent.calibration.observations import observe
from crosscurrent.calibration.published import PUBLISHED
from crosscurrent.calibration.sampler import SamplerOptions
from crosscurrent.calibration.scoreboard import COMBINED, Scoreboard, score_backtest
from crosscurrent.calibration.shipped import shipped_backtest
from crosscurrent.calibration.verdicts import verdicts
from crosscurrent.calibration.worlds import Cutoff, CutoffWorlds
from crosscurrent.errors import InputError, StoreError
from crosscurrent.study.posterior import (
    learned_dimensions,
    learned_names,
    posterior_path,
    read_posterior,
    write_posterior,
)
from crosscurrent.study.sampling import world_points
from crosscurrent.study.simulation import CaseSimulator
from crosscurrent.study.specification import Study

ROOT = Path(__file__).resolve().parents[1]
QUICK = CalibrationOptions(draws=32, sampler=SamplerOptions(moves=1, final_moves=1))
THEORIES = ("removal-weakens", "even")


@pytest.fixture(scope="module")
def shipped():
    return read_posterior(posterior_path("us_mexico", "posterior"))


@pytest.fixture(scope="module")
def board() -> Scoreboard:
    frame, _ = shipped_backtest(case())
    return score_backtest(frame, case())


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    folder = tmp_path_factory.mktemp("calibration")
    return folder, calibrate(case(), folder, THEORIES, QUICK)


# Worlds at a cut-off


def test_the_past_is_the_same_whether_or_not_it_runs_on():
    worlds = CutoffWorlds(case(), Cutoff(95, 119), 0, ("homicides", "encounters"))
    points = world_points(0, np.arange(8), worlds.dimensions)
    past = worlds.past("even", points, np.arange(8))
    whole = worlds.past_and_ahead("even", points, np.arange(8))
    assert np.array_equal(past.measures["homicides"], whole.measures["homicides"][:96])
    assert (whole.measures["homicides"] > 0).all()


def test_years_after_the_cutoff_change_nothing():
    from dataclasses import replace

    points = world_points(0, np.arange(8), CutoffWorlds(case(), Cutoff(59, 83), 0, ("homicides",)).dimensions)
    changed = replace(case(), history=tuple(
        replace(row, value=0.0) if row.year > 2016 else row for row in case().history
    ), events=tuple(event for event in case().events if event.date.year <= 2016))  # fmt: skip
    found = [
        CutoffWorlds(given, Cutoff(59, 83), 0, ("homicides", "encounters")).past_and_ahead("even", points, np.arange(8))
        for given in (case(), changed)
    ]
    for name in ("homicides", "encounters"):
        assert np.array_equal(found[0].measures[name], found[1].measures[name])


def test_realised_drivers_do_change_what_follows():
    points = world_points(0, np.arange(8), CutoffWorlds(case(), Cutoff(59, 83), 0, ("encounters",)).dimensions)
    forecast, known = (
        CutoffWorlds(case(), Cutoff(59, 83, realised=realised), 0, ("overdose_deaths",)).past_and_ahead(
            "even", points, np.arange(8)
        )
        for realised in (False, True)
    )
    assert not np.allclose(forecast.measures["overdose_deaths"][70:], known.measures["overdose_deaths"][70:])


# Calibration


def test_a_calibration_is_made_once_and_gone_on_with(quick):
    folder, posterior = quick
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("*-*.npz")}
    again = calibrate(case(), folder, THEORIES, QUICK)
    assert {path.name: path.stat().st_mtime_ns for path in folder.glob("*-*.npz")} == before
    assert np.array_equal(again.points["even"], posterior.points["even"])


def test_a_damaged_part_is_made_anew_with_the_same_numbers(quick):
    folder, posterior = quick
    path = folder / "removal-weakens.npz"
    path.write_bytes(path.read_bytes()[:200])
    again = calibrate(case(), folder, THEORIES, QUICK)
    assert np.array_equal(again.points["removal-weakens"], posterior.points["removal-weakens"])


def test_only_learned_names_have_posterior_values(quick):
    axes, parameters = learned_names(case())
    _, posterior = quick
    assert posterior.names == (*axes, *parameters)
    for name in ("initial_members", "recruitment_rate", "split_probability", "seizure_share_fentanyl",
                 "demand_elasticity_opioids", "hit_probability", "trust_speed", "support_duration"):  # fmt: skip
        assert name not in posterior.names
    assert not {"removal", "bargaining", "opinion", "civilian-harm", "grievance"} & set(axes)


def test_what_was_learned_measures_spread_and_shift():
    prior = (np.arange(800) + 0.5) / 800
    narrow = 0.75 + 0.05 * (prior - 0.5)
    found = what_was_learned(np.column_stack([prior, narrow]), ("wide", "narrow"))
    assert found["wide"]["spread"] == pytest.approx(1.0, abs=0.01)
    assert abs(found["wide"]["shift"]) < 0.01
    assert found["narrow"]["spread"] == pytest.approx(0.05, abs=0.01)
    assert found["narrow"]["shift"] == pytest.approx(0.25 * 12**0.5, abs=0.01)


@pytest.mark.parametrize("draws", [0, 12, 8])
def test_unusable_numbers_of_draws_are_refused(draws):
    with pytest.raises(InputError, match="multiple of 8"):
        CalibrationOptions(draws=draws)


def test_an_unknown_theory_is_refused(tmp_path):
    with pytest.raises(InputError, match="removal-splits"):
        calibrate(case(), tmp_path, ("removal-split",), QUICK)


# The shipped posterior in studies


def test_the_shipped_posterior_fits_the_case(shipped):
    axes, parameters = learned_names(case())
    assert shipped.names == (*axes, *parameters)
    assert set(shipped.theories) == set(case().theories)
    assert shipped.draws >= 1024


def test_data_taught_something_and_what_they_cannot_tell_stays_wide(shipped):
    learned = shipped.record["theories"]["even"]["learned"]
    assert learned["overdose_scale"]["spread"] < 0.95
    assert abs(learned["encounters_year"]["shift"]) > 5 * learned["encounters_year"]["error"]
    study = Study(worlds=256, beliefs="posterior", policies=("status-quo",))
    prior = CaseSimulator(Study(worlds=256, policies=("status-quo",)), case()).draw("even", np.arange(256))
    drawn = CaseSimulator(study, case()).draw("even", np.arange(256))
    for name in ("initial_members", "split_probability", "hit_probability"):
        assert np.array_equal(drawn.parameters[name], prior.parameters[name])
    assert not np.array_equal(drawn.parameters["overdose_scale"], prior.parameters["overdose_scale"])


def test_posterior_worlds_bring_their_streams(shipped):
    simulator = CaseSimulator(Study(worlds=64, beliefs="posterior", policies=("status-quo",)), case())
    drawn = simulator.draw("even", np.arange(16))
    assert drawn.streams is not None
    assert np.array_equal(drawn.streams, shipped.streams["even"][:16])
    later = CaseSimulator(Study(worlds=64, beliefs="posterior", seed=3, policies=("status-quo",)), case())
    assert np.array_equal(later.draw("even", np.arange(16)).streams, shipped.streams["even"][24:40])


def test_posterior_worlds_come_closer_to_the_past(shipped):
    """Synthetic-opioid deaths of 2024 under `demand-decides`: the posterior's worlds lie closer to what was counted."""
    found = {}
    for beliefs in ("prior", "posterior"):
        simulator = CaseSimulator(Study(worlds=128, beliefs=beliefs, policies=("status-quo",)), case())
        draws = simulator.draw("demand-decides", np.arange(128))
        _, paths, _ = simulator.past(draws, np.arange(128), months=(0, 156))
        deaths = paths[simulator.month_names["synthetic_opioid_deaths"], 132:144, :128].sum(axis=0)
        found[beliefs] = np.abs(np.log(deaths / 72_000)).mean()  # 2023, about as counted
    assert found["posterior"] < found["prior"]


def test_more_worlds_than_draws_are_refused_before_any_work(shipped):
    with pytest.raises(InputError, match=f"at most {shipped.draws}"):
        CaseSimulator(Study(worlds=shipped.draws + 1, beliefs="posterior"), case())


def test_extending_beyond_the_draws_leaves_the_folder_as_it_was(tmp_path, quick):
    from crosscurrent import open_results
    from crosscurrent.study.running import extend_study, run_study

    folder, _ = quick
    study = Study(
        worlds=16, years=1, beliefs=str(folder / "posterior.npz"), policies=("status-quo",), theories=("even",)
    )
    run_study(study, tmp_path / "s", case=case())
    before = {path: path.read_bytes() for path in sorted((tmp_path / "s").rglob("*")) if path.is_file()}
    with pytest.raises(InputError, match="at most 32"):
        extend_study(tmp_path / "s", 64)
    assert {path: path.read_bytes() for path in sorted((tmp_path / "s").rglob("*")) if path.is_file()} == before
    extend_study(tmp_path / "s", 32)
    assert open_results(tmp_path / "s").study.worlds == 32
    with pytest.raises(InputError, match="at most 32"):
        run_study(study.with_worlds(64), tmp_path / "t", case=case())
    assert not (tmp_path / "t").exists()


def test_another_calibration_does_not_replace_one(quick):
    folder, posterior = quick
    other = CalibrationOptions(draws=16, sampler=SamplerOptions(moves=1, final_moves=1))
    with pytest.raises(InputError, match="other options"):
        calibrate(case(), folder, THEORIES, other)
    assert read_posterior(folder / "posterior.npz").draws == posterior.draws


def test_a_pathway_study_keeps_the_beliefs():
    from crosscurrent.study.pathway_run import pathway_study
    from crosscurrent.study.sobol_design import run_sobol

    study = Study(worlds=64, beliefs="posterior", theories=("even",)).resolved()
    assert pathway_study(case(), study, 64)[0].beliefs == "posterior"
    with pytest.raises(InputError, match="Sobol"):
        run_sobol(study, case(), "homicides", ("status-quo",), points=64)


def test_beliefs_are_part_of_a_studys_digest_only_where_they_differ():
    assert Study().digest() == Study(beliefs="prior").digest()
    assert Study(beliefs="posterior").digest() != Study().digest()


@pytest.mark.parametrize("beliefs", ["post", "posterior.csv"])
def test_unknown_beliefs_are_refused(beliefs):
    with pytest.raises(InputError, match="prior, posterior"):
        Study(beliefs=beliefs)


def test_a_damaged_posterior_is_refused(tmp_path, shipped):
    path = tmp_path / "p.npz"
    write_posterior(shipped, path)
    assert np.array_equal(read_posterior(path).points["even"], shipped.points["even"])
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(StoreError, match="cannot be read"):
        read_posterior(path)
    with pytest.raises(InputError, match="no posterior here"):
        read_posterior(tmp_path / "none.npz")


def test_learned_dimensions_point_at_their_names():
    from crosscurrent.model.schema import PARAMETERS

    names = (*case().axes, *PARAMETERS)
    axes, parameters = learned_names(case())
    assert tuple(names[place] for place in learned_dimensions(case())) == (*axes, *parameters)


@pytest.mark.parametrize(("name", "words"), [
    ("overdose_scale", "moved by public series"), ("initial_members", "keeps its prior. The fit alone"),
    ("deaths", "demand-led"),
])  # fmt: skip
def test_explain_says_what_was_learned(name, words):
    from crosscurrent.analysis.learning import posterior_words

    assert words in posterior_words(case(), name)[0]
    assert posterior_words(case(), "homicides") == ()


# Forecasts


def test_a_forecast_without_a_model_follows_the_series():
    known = observe(case(), case().targets["mx_homicide_sesnsp_victims_monthly"]).until(131)
    found = quantiles_of(null_samples(known, np.arange(132, 144), np.random.default_rng(0)))
    assert found[0, 11] == pytest.approx(known.values[-12:].mean(), rel=0.15)
    assert (np.diff(found, axis=1) >= 0).all()
    assert found[-1, -1] - found[-1, 0] > found[0, -1] - found[0, 0]


def test_a_model_that_is_right_is_believed():
    """Worlds whose path equals the series leave a small discrepancy; the forecast is then the model's own."""
    from crosscurrent.calibration.worlds import Paths

    target = case().targets["mx_homicide_sesnsp_victims_monthly"]
    known = observe(case(), target).until(131)
    months = np.zeros((144, 4), np.float32)
    months[known.ends] = known.values[:, None]
    months[132:] = 2.0 * known.values[-1]
    paths = Paths({"homicides": months}, np.zeros(4, bool))
    found = SeriesForecaster(known, np.arange(132, 144)).samples(paths, np.random.default_rng(0), repeats=200)
    assert np.median(found[0]) == pytest.approx(2.0 * known.values[-1], rel=0.05)


def test_failed_worlds_give_no_samples():
    from crosscurrent.calibration.worlds import Paths

    known = observe(case(), case().targets["mx_homicide_sesnsp_victims_monthly"]).until(131)
    paths = Paths({"homicides": np.full((144, 4), 2500.0, np.float32)}, np.array([False, True, False, False]))
    assert SeriesForecaster(known, np.arange(132, 135)).samples(paths, np.random.default_rng(0)).shape == (3, 6)


def test_baselines_may_use_the_years_before_the_model():
    values = full_values(case(), case().targets["mx_homicide_inegi_annual"], 155)
    assert len(values) == 25


@pytest.mark.slow
def test_a_small_backtest_is_resumed_and_scored(tmp_path):
    options = BacktestOptions(16, SamplerOptions(moves=1, final_moves=1), 0, (2019,), statistical=False)
    first = run_backtest(case(), tmp_path, options)
    stamp = (tmp_path / "cutoff-2019.parquet").stat().st_mtime_ns
    again = run_backtest(case(), tmp_path, options)
    assert (tmp_path / "cutoff-2019.parquet").stat().st_mtime_ns == stamp
    assert first.equals(again)
    found = score_backtest(first, case())
    assert found.of("mx_homicide_inegi_annual", COMBINED) is not None
    assert set(found.realised) >= {("us_overdose_all_12mo", "even")}


# Scores


def test_quantiles_of_shipped_forecasts_rise(board):
    frame, _ = shipped_backtest(case())
    assert (np.diff(frame[list(QUANTILE_COLUMNS)].to_numpy(), axis=1) >= -1e-3).all()
    assert frame["cutoff"].nunique() == 8


def test_the_goals_hold_on_the_shipped_backtest(board):
    """Better than the last value on every main series, than the best naive rule on most; intervals honest or said."""
    main = [name for name in board.series if case().targets[name].score == "main"]
    assert len(main) == 6
    assert all(board.skill(name, COMBINED, "last_value") > 0 for name in main)
    better = [board.skill(name, COMBINED, board.best_naive(name)) > 0 for name in main]
    assert sum(better) > len(main) / 2
    words = " ".join(verdicts(board, case()))
    for name in main:
        score = board.of(name, COMBINED)
        said = name.removesuffix("_monthly").removesuffix("_annual") in words.split("90 % intervals")[-1]
        assert 0.8 <= score.coverage_90 <= 0.97 or said


def test_pools_use_nothing_from_after_the_cutoff():
    """Changing what was observed after a cut-off leaves that cut-off's pool as it was."""
    frame, _ = shipped_backtest(case())
    from crosscurrent.calibration.observations import case_series
    from crosscurrent.calibration.scoreboard import pooled

    def doctored(given, series, definition):
        return {
            period: value * (3.0 if period[:4] >= "2021" else 1.0)
            for period, value in case_series(given, series, definition).items()
        }

    part = frame[frame["series"].isin(["us_overdose_all_12mo", "mx_homicide_inegi_annual"])]
    plain, _ = pooled(part, case())
    changed, _ = pooled(part, case(), doctored)
    early = plain["cutoff"] <= "2020-12"
    columns = list(QUANTILE_COLUMNS)
    assert np.allclose(plain[early][columns], changed[early][columns])
    assert not np.allclose(plain[~early][columns], changed[~early][columns])


def test_the_published_forecast_is_scored_in_the_same_table(board):
    score = board.of("mx_homicide_inegi_annual", PUBLISHED)
    assert score is not None
    assert score.coverage_90 == 0.0
    assert 0.05 < score.crps < 0.3


def test_theory_weights_add_up_and_are_nearly_equal(board):
    weights = board.theory_weights()
    assert sum(weights.values()) == pytest.approx(1.0, abs=0.001)
    assert "no-model" not in weights


def test_a_perfect_forecaster_wins_and_a_wide_one_loses():
    frame, _ = shipped_backtest(case())
    import pandas as pd

    part = frame[(frame["series"] == "mx_homicide_inegi_annual") & ~frame["realised"]]
    seen = observe(case(), case().targets["mx_homicide_inegi_annual"])
    known = dict(zip(seen.ends.tolist(), seen.values.tolist(), strict=True))
    one = part[part["member"] == "even"].copy()
    rows = []
    for name, spread in (("perfect", 0.001), ("wide", 1.0)):
        made = one.assign(member=name)
        steps = np.linspace(-spread, spread, len(QUANTILE_COLUMNS))
        made[list(QUANTILE_COLUMNS)] = np.array([known[end] for end in made["end"]])[:, None] * np.exp(steps)
        rows.append(made)
    found = score_backtest(pd.concat([part, *rows]), case())
    perfect, wide = (found.of("mx_homicide_inegi_annual", name) for name in ("perfect", "wide"))
    assert perfect.crps < 0.001 < wide.crps
    assert perfect.coverage_90 == wide.coverage_90 == 1.0


# The frozen forecast


def test_the_frozen_forecast_is_untouched_and_whole():
    text = (ROOT / "forecasts" / "2025-01.csv").read_bytes()
    record = json.loads((ROOT / "forecasts" / "2025-01.json").read_text())
    assert hashlib.sha256(text).hexdigest() == record["sha256"]
    assert record["cutoff"] == "2024-12"
    assert record["events_until"] == "2025-04-08"
    rows = list(csv.DictReader(io.StringIO(text.decode())))
    assert {"mx_homicide_sesnsp_victims_monthly", "mx_homicide_inegi_annual", "us_overdose_all_12mo",
            "us_overdose_synthetic_opioid_12mo", "us_cbp_fentanyl_seizures_monthly",
            "us_sw_border_encounters_total_monthly"} <= {row["series"] for row in rows}  # fmt: skip
    theories = {row["theory"] for row in rows}
    assert theories >= {"combined", "no-model", *case().theories}
    monthly = {row["period"] for row in rows if row["series"] == "us_overdose_all_12mo" and row["theory"] == "combined"}
    assert monthly == {f"{year}-{month:02d}" for year in (2025, 2026) for month in range(1, 13)}
    for row in rows:
        figures = [float(row[name]) for name in ("q05", "q25", "q50", "q75", "q95")]
        assert figures == sorted(figures)
        assert figures[0] > 0
    assert len(read_frozen(ROOT / "forecasts" / "2025-01.csv")) == len(rows)


def test_another_forecast_does_not_overwrite_a_frozen_one(tmp_path):
    path = tmp_path / "f.csv"
    write_forecast(path, "a\n", {})
    write_forecast(path, "a\n", {})
    with pytest.raises(InputError, match="another forecast"):
        write_forecast(path, "b\n", {})
    assert path.read_text() == "a\n"


def test_draws_that_islands_cannot_share_are_refused():
    with pytest.raises(InputError, match="multiple of 8"):
        ForecastOptions(draws=7)
    with pytest.raises(InputError, match="multiple of 8"):
        BacktestOptions(draws=12)


@pytest.mark.parametrize(("cutoff", "until"), [("2024-12", "2024-06"), ("2024-12", "2040-01"), ("2013-12", "2015-12")])
def test_unusable_months_are_refused(cutoff, until):
    with pytest.raises(InputError):
        forecast_cutoff(ForecastOptions(cutoff, until))


def test_forecasts_are_written_in_public_units():
    frame, _ = shipped_backtest(case())
    part = frame[(frame["series"] == "us_cbp_fentanyl_seizures_monthly") & (frame["member"] == "even")].head(1)
    row = next(csv.DictReader(io.StringIO(forecast_csv(case(), part))))
    assert row["unit"] == "lb"
    assert float(row["q50"]) == pytest.approx(2.2046226 * float(part["q500"].iloc[0]), rel=1e-4)
