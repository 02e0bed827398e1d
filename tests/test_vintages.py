"""Series with a user's additions: the latest vintage counts, and damage is seen."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from crosscurrent.calibration.vintages import (
    COLUMNS,
    AddedRow,
    added_rows,
    data_folder,
    find_series,
    observed_values,
    period_position,
    period_text,
    series_reader,
    series_values,
    user_file,
)
from crosscurrent.case import load_case
from crosscurrent.errors import InputError

SERIES, PUBLIC = "overdose_deaths_synthetic_12mo", "us_overdose_synthetic_opioid_12mo"
PREDICTED = "synthetic opioids other than methadone, 12 months ending in the month, predicted, occurring in the US"
REPORTED = PREDICTED.replace("predicted", "reported")


@pytest.fixture(scope="module")
def case():
    return load_case()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CROSSCURRENT_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def write(case, *rows, series=SERIES):
    """Rows (period, value, definition, vintage) as the user's file."""
    path = user_file(case, series)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [",".join([*COLUMNS, "vintage"])]
    lines += [f'{period},{value},deaths,"{text}",,,no,,{vintage}' for period, value, text, vintage in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_without_additions_the_case_speaks(case):
    periods, values = series_values(case, PUBLIC)
    assert (periods[0], periods[-1], values[-1]) == ("2015-01", "2024-12", 48913.0)
    assert series_values(case, SERIES, REPORTED)[1][-1] == 48662.0


def test_the_latest_vintage_counts(case):
    write(
        case, ("2024-12", 49000, PREDICTED, "2025-06-01"), ("2025-01", 47000, PREDICTED, "2025-06-01"),
        ("2025-01", 47500, PREDICTED, "2025-09-01"), ("2025-01", 1, REPORTED, "2025-09-01"),
    )  # fmt: skip
    periods, values = series_values(case, PUBLIC)
    assert periods[-2:] == ("2024-12", "2025-01")
    assert values[-2:].tolist() == [49000.0, 47500.0]
    assert series_reader()(case, SERIES, PREDICTED)["2025-01"] == 47500.0


@pytest.mark.parametrize(
    ("as_of", "last", "value"),
    [("2025-05-31", "2024-12", 48913.0), (date(2025, 6, 1), "2025-01", 47000.0), ("2025-09-01", "2025-01", 47500.0)],
)
def test_the_data_of_a_day(case, as_of, last, value):
    """What was added later is left out, the day itself counts."""
    write(case, ("2025-01", 47000, PREDICTED, "2025-06-01"), ("2025-01", 47500, PREDICTED, "2025-09-01"))
    periods, values = series_values(case, PUBLIC, as_of=as_of)
    assert (periods[-1], values[-1]) == (last, value)


def test_a_series_less_another(case):
    """A target that takes one series off another does so with additions, in periods that both have."""
    own = "all drugs, 12 months ending December, reported, occurring in the US"
    write(case, ("2025", 70000, own, "2026-01-01"), series="overdose_deaths_all_vsrr")
    periods, values = series_values(case, "us_overdose_without_synthetic_annual")
    assert periods[-1] == "2024"
    assert values[-1] == 80856 - 48661


def test_names_of_a_series(case):
    assert find_series(case, PUBLIC).definitions == (PREDICTED,)
    assert set(find_series(case, SERIES).definitions) == {PREDICTED, REPORTED}
    with pytest.raises(InputError, match=f"did you mean '{PUBLIC}'"):
        find_series(case, "us_overdose_synthetic_opioid_12m")


def test_two_definitions_are_never_mixed(case):
    with pytest.raises(InputError, match="several definitions"):
        series_values(case, SERIES)
    with pytest.raises(InputError, match="no definition that begins so"):
        observed_values(case, SERIES, "synthetic opioids, by week")


def test_rows_come_back_as_they_were(case):
    path = write(case, ("2025-01", 47000.5, PREDICTED, "2025-06-01"))
    (row,) = added_rows(case, SERIES)
    assert row == AddedRow("2025-01", 47000.5, "deaths", PREDICTED, "", "", "no", "", date(2025, 6, 1))
    assert ",".join(row.cells()).replace(PREDICTED, f'"{PREDICTED}"') == path.read_text().splitlines()[1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace("period", "month"), r"\.csv:1: the columns"),
        (lambda text: text.replace("47000", "many"), r"\.csv:2: a row of added data is damaged"),
        (lambda text: text.replace("47000", "nan"), r"\.csv:2: a value of added data is not finite"),
        (lambda text: text.replace("2025-06-01", "June"), r"\.csv:2: a row of added data is damaged"),
        (lambda text: text.replace(",no,", ","), r"\.csv:2: a row of added data is damaged"),
        (lambda text: text.replace("2025-01", "2025-13"), r"\.csv:2: a row of added data is damaged"),
        (lambda text: text.replace("deaths", "kg"), "another unit"),
        (lambda text: text.replace("predicted", "guessed"), "a definition that the series has not"),
        (lambda text: text.encode() + b"\xff", "not UTF-8"),
    ],
)
def test_damage_is_seen(case, change, message):
    path = write(case, ("2025-01", 47000, PREDICTED, "2025-06-01"))
    damaged = change(path.read_text(encoding="utf-8"))
    path.write_bytes(damaged if isinstance(damaged, bytes) else damaged.encode())
    with pytest.raises(InputError, match=message):
        series_values(case, PUBLIC)


def test_as_of_must_be_a_date(case):
    write(case, ("2025-01", 47000, PREDICTED, "2025-06-01"))
    with pytest.raises(InputError, match="not a date"):
        series_values(case, PUBLIC, as_of="soon")


@pytest.mark.parametrize("period", ["2024-12", "2024-01", "2024", "FY2024"])
def test_periods_there_and_back(period):
    assert period_text(*period_position(period)) == period


@pytest.mark.parametrize("period", ["2024-13", "2024-1", "FY24", "FY2024-01", "24", "", "2024-12-01", "２０２４"])
def test_what_is_no_period(period):
    with pytest.raises(InputError, match="not a period"):
        period_position(period)


def test_the_data_folder(monkeypatch, folder, tmp_path):
    assert data_folder() == folder
    monkeypatch.delenv("CROSSCURRENT_DATA")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_folder() == tmp_path / "crosscurrent"


def test_values_are_in_order_of_time(case):
    write(case, ("2025-02", 2, PREDICTED, "2025-06-01"), ("2025-01", 1, PREDICTED, "2025-07-01"))
    periods, values = series_values(case, PUBLIC)
    assert list(periods) == sorted(periods)
    assert np.array_equal(values[-2:], [1.0, 2.0])
