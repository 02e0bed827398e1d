"""Frozen forecasts are scored where data have come, in their own unit, and never changed."""

from __future__ import annotations

import json
import math
from datetime import date

import pytest

from crosscurrent.calibration.adding import plan_addition, write_addition
from crosscurrent.calibration.frozen import FROZEN_COLUMNS, read_frozen, rescore_frozen
from crosscurrent.case import load_case
from crosscurrent.cli import main
from crosscurrent.errors import InputError

PUBLIC, SEIZURES = "us_overdose_all_12mo", "us_cbp_fentanyl_seizures_monthly"
NATIONWIDE = "seized nationwide, ports of entry and Border Patrol, bulk weight, by month"
HEADER = ",".join(FROZEN_COLUMNS)
ROW = f"{PUBLIC},2025-01,even,deaths,70000,78000,80000,82000,90000"


@pytest.fixture(scope="module")
def case():
    return load_case()


@pytest.fixture(autouse=True)
def _own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("CROSSCURRENT_DATA", str(tmp_path / "data"))


@pytest.fixture
def freeze(tmp_path):
    """Makes a folder with a frozen file of rows."""

    def make(*rows, header=HEADER, name="2024-12.csv"):
        folder = tmp_path / "forecasts"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return folder

    return make


@pytest.fixture
def observe(case, tmp_path):
    """Adds observations."""

    def add(series, *rows, header="period,value,unit"):
        path = tmp_path / "new.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        write_addition(case, plan_addition(case, series, path, date(2026, 11, 1)))

    return add


def test_what_waits_is_counted(case, freeze):
    (score,) = rescore_frozen(case, [freeze(ROW)])
    assert (score.observed, score.waiting, score.last_period) == (0, 1, "")
    assert math.isnan(score.pinball)


def test_a_score_by_hand(case, freeze, observe):
    """Observed 83,000: above four quantiles, below the last one."""
    observe(PUBLIC, "2025-01,83000,deaths")
    (score,) = rescore_frozen(case, [freeze(ROW, ROW.replace("2025-01", "2025-02"))])
    losses = 0.05 * 13000 + 0.25 * 5000 + 0.5 * 3000 + 0.75 * 1000 + 0.05 * 7000
    assert score.pinball == pytest.approx(losses / 5)
    assert (score.observed, score.waiting, score.inside_50, score.inside_90) == (1, 1, 0, 1)
    assert score.last_period == "2025-01"


@pytest.mark.parametrize(("unit", "per_kg"), [("lb", 2.2046226), ("kg", 1.0), ("lb, nationwide", 1 / 0.45359237)])
def test_a_forecast_keeps_its_unit(case, freeze, observe, unit, per_kg):
    observe(SEIZURES, f'2025-01,500,kg,"{NATIONWIDE}"', header="period,value,unit,definition")
    levels = ",".join(str(500 * per_kg + step) for step in (-2, -1, 0, 1, 2))
    (score,) = rescore_frozen(case, [freeze(f'{SEIZURES},2025-01,even,"{unit}",{levels}')])
    assert score.pinball == pytest.approx((0.05 * 2 + 0.25) * 2 / 5, abs=1e-3)
    assert score.inside_50 == 1


def test_theories_and_files_apart(case, freeze, observe):
    observe(PUBLIC, "2025-01,83000,deaths")
    freeze(ROW, name="a.csv")
    scores = rescore_frozen(case, [freeze(ROW, ROW.replace("even", "markets-replace"), name="b.csv")])
    assert [(score.file, score.theory) for score in scores] == [
        ("a.csv", "even"), ("b.csv", "even"), ("b.csv", "markets-replace"),
    ]  # fmt: skip


def test_failed_forecasts_are_counted(case, freeze, observe):
    observe(PUBLIC, "2025-01,83000,deaths")
    (score,) = rescore_frozen(case, [freeze(f"{PUBLIC},2025-01,even,deaths,,,,,")])
    assert (score.observed, score.failed, score.waiting) == (0, 1, 0)
    assert math.isnan(score.pinball)


def test_the_data_of_a_day(case, freeze, observe):
    observe(PUBLIC, "2025-01,83000,deaths")
    (score,) = rescore_frozen(case, [freeze(ROW)], as_of="2026-10-31")
    assert score.waiting == 1


def test_other_files_are_left_alone(case, freeze):
    folder = freeze("a,b", header="x,y", name="other.csv")
    assert read_frozen(folder / "other.csv") == ()
    freeze(ROW.replace(PUBLIC, "another_case_series"), name="another_case.csv")
    assert rescore_frozen(case, [folder]) == ()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ROW + ",1", r"2024-12\.csv:2: a row of a frozen forecast is damaged"),
        (ROW.replace("80000", "many"), r"2024-12\.csv:2: a quantile is not a number"),
        (ROW.replace("80000", "8000"), r"2024-12\.csv:2: quantiles are infinite or fall"),
        (ROW.replace("deaths", "kg"), r"2024-12\.csv:2: the unit of a frozen forecast"),
        (f"{ROW}\n{ROW.replace('_all_', '_al_')}", r"2024-12\.csv:3: unknown series .*did you mean"),
    ],
)
def test_damage_is_seen(case, freeze, row, message):
    with pytest.raises(InputError, match=message):
        rescore_frozen(case, [freeze(row)])


def test_adding_data_scores_what_waited(case, freeze, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("crosscurrent.commands.data.load_case", lambda _: case)
    folder = freeze(ROW)
    before = (folder / "2024-12.csv").read_bytes()
    monkeypatch.setattr("crosscurrent.calibration.frozen.frozen_folders", lambda: (folder,))
    new = tmp_path / "new.csv"
    for value, words in ((83000, ()), (82900, ("--json",))):
        new.write_text(f"period,value,unit\n2025-01,{value},deaths\n", encoding="utf-8")
        with pytest.raises(SystemExit) as stopped:
            main(["data", "add", PUBLIC, str(new), *words])
        assert stopped.value.code == 0
        said = capsys.readouterr().out
        if words:
            (score,) = json.loads(said)["frozen"]
            assert (score["observed"], score["inside_90"]) == (1, 1)
        else:
            assert "Frozen forecasts, scored" in said
            assert "1 of 1" in said
    assert (folder / "2024-12.csv").read_bytes() == before
