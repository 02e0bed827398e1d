"""``data add``: what is taken, what is refused, what is asked, and that nothing is half-written."""

from __future__ import annotations

import errno
import json
import os
from datetime import date

import pytest

from crosscurrent.calibration.adding import plan_addition, write_addition, write_into_case
from crosscurrent.calibration.incoming import KG_PER_LB
from crosscurrent.calibration.vintages import series_values, user_file
from crosscurrent.case import check_case, load_case, new_case
from crosscurrent.cli import main
from crosscurrent.errors import InputError, StoreError

TODAY = date(2026, 11, 1)
OVERDOSES, PUBLIC = "overdose_deaths_all_12mo", "us_overdose_all_12mo"
SEIZURES = "us_cbp_fentanyl_seizures_monthly"
NATIONWIDE = "seized nationwide, ports of entry and Border Patrol, bulk weight, by month"


@pytest.fixture(scope="module")
def case():
    return load_case()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CROSSCURRENT_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def read_once(case, monkeypatch):
    """Commands get the shipped case as it was read for the other tests; reading it takes half a second."""
    monkeypatch.setattr(
        "crosscurrent.commands.data.load_case", lambda name: case if name == "us_mexico" else load_case(name)
    )


@pytest.fixture
def made(tmp_path):
    """Makes a CSV file of rows below a header."""

    def make(*rows, header="period,value,unit"):
        path = tmp_path / "new.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return make


def test_new_periods_by_either_name(case, made):
    file = made("2025-01,80000,deaths", "2025-02,79000,deaths")
    for name in (OVERDOSES, PUBLIC):
        found = plan_addition(case, name, file, TODAY)
        assert [(row.period, row.value, row.unit, row.vintage) for row in found.new] == [
            ("2025-01", 80000.0, "deaths", TODAY), ("2025-02", 79000.0, "deaths", TODAY),
        ]  # fmt: skip
        assert found.questions == ()
        assert found.new[0].definition.startswith("all drugs, 12 months ending in the month, predicted")
        assert (found.new[0].source, found.new[0].verified) == ("new.csv", "no")


def test_added_data_are_read_back(case, made, folder):
    path = write_addition(case, plan_addition(case, PUBLIC, made("2025-01,80000,deaths"), TODAY))
    assert path == folder / "series" / "us_mexico" / f"{OVERDOSES}.csv"
    periods, values = series_values(case, PUBLIC)
    assert (periods[-1], values[-1]) == ("2025-01", 80000.0)


def test_the_same_again_is_passed_over(case, made):
    file = made("2024-12,81313,deaths", "2025-01,80000,deaths", "2025-01,80000,deaths")
    write_addition(case, plan_addition(case, PUBLIC, file, TODAY))
    before = user_file(case, OVERDOSES).read_bytes()
    again = plan_addition(case, PUBLIC, file, TODAY)
    assert (again.rows, again.unchanged) == ((), 3)
    write_addition(case, again)
    assert user_file(case, OVERDOSES).read_bytes() == before


def test_another_figure_is_a_revision_and_the_old_one_is_kept(case, made):
    write_addition(case, plan_addition(case, PUBLIC, made("2025-01,80000,deaths"), date(2025, 6, 1)))
    found = plan_addition(case, PUBLIC, made("2024-12,81400,deaths", "2025-01,80100,deaths"), TODAY)
    assert [(row.period, row.value, before) for row, before in found.revised] == [
        ("2024-12", 81400.0, 81313.0), ("2025-01", 80100.0, 80000.0),
    ]  # fmt: skip
    write_addition(case, found)
    assert series_values(case, PUBLIC)[1][-2:].tolist() == [81400.0, 80100.0]
    assert series_values(case, PUBLIC, as_of="2025-06-01")[1][-2:].tolist() == [81313.0, 80000.0]


def test_pounds_are_converted_where_they_are_declared(case, made):
    file = made('2025-01,1000,lb,"' + NATIONWIDE + '"', header="period,value,unit,definition")
    (row,) = plan_addition(case, SEIZURES, file, TODAY).new
    assert (row.value, row.unit) == (round(1000 * KG_PER_LB, 1), "kg")
    assert "converted from lb" in row.note
    (same,) = plan_addition(case, SEIZURES, made("2025-01,453.6,kg"), TODAY).new
    assert (same.value, same.note) == (453.6, "")


def test_a_public_file_as_it_is_published(case, made):
    """Its unit texts say which rows are meant; those of the other definition are counted; old months agree."""
    file = made(
        '2024-12,1137.5,"lb, southwest border",A source,a/file.csv,no,',
        '2024-12,1154.8,"lb, nationwide",A source,a/file.csv,yes,',
        '2025-01,900,"lb, nationwide",A source,a/file.csv,yes,',
        header="period,value,unit,source,locator,verified,note",
    )  # fmt: skip
    found = plan_addition(case, SEIZURES, file, TODAY)
    assert (found.unchanged, found.left_out) == (1, {"lb, southwest border": 1})
    (row,) = found.new
    assert (row.value, row.definition, row.source, row.verified) == (
        pytest.approx(408.2), NATIONWIDE, "A source; a/file.csv", "yes",
    )  # fmt: skip


def test_every_target_knows_its_own_rows(case, made):
    """A row for the period after the last, under the unit text of the public file, belongs to each target."""
    for target in case.targets.values():
        for text in target.unit_texts:
            periods, values = series_values(case, target.id)
            year = int(periods[-1][:4]) + 1
            period = f"{year}{periods[-1][4:]}"
            found = plan_addition(case, target.id, made(f'{period},{values[-1]},"{text}"'), TODAY)
            assert [row.definition.startswith(target.definition) for row in found.new] == [True]


REFUSED = [
    ("us_overdose_al_12mo", "2025-01,1,deaths", None, "did you mean 'us_overdose_all_12mo'"),
    ("us_overdose_without_synthetic_annual", "2025,1,deaths", None, "one series less another"),
    (PUBLIC, "2025-01,-5,deaths", None, r"new\.csv:2: a value cannot be used; given '-5'"),
    (PUBLIC, "2025-01,nan,deaths", None, r"new\.csv:2: a value cannot be used"),
    (PUBLIC, "2025-01,inf,deaths", None, r"new\.csv:2: a value cannot be used"),
    (PUBLIC, "2025-01,many,deaths", None, r"new\.csv:2: not a number"),
    (PUBLIC, "2025-01,,deaths", None, r"new\.csv:2: not a number"),
    (PUBLIC, "2025-13,5,deaths", None, r"new\.csv:2: not a period"),
    (PUBLIC, "2025,80000,deaths", None, r"new\.csv:2: the series is by month, the row by year"),
    (PUBLIC, "2025-01,80000,kg", None, r"new\.csv:2: the unit is not that of the series; given 'kg'"),
    (PUBLIC, "2025-01,80,thousand deaths", None, "the unit is not that of the series"),
    (PUBLIC, "2025-01,80000,", None, "the unit is not that of the series"),
    (PUBLIC, "2025-01,80000,deaths,1", None, r"new\.csv:2: the row has 4 cells"),
    (PUBLIC, "2025-01,80000,deaths\n2025-01,80001,deaths", None, r"new\.csv:3: 2025-01 has another value in line 2"),
    (PUBLIC, "2025-01,80000,deaths,all drugs final", "period,value,unit,definition", "another definition is another"),
    (PUBLIC, "2025-01,80000", "period,value", "column 'unit' is missing"),
    (PUBLIC, "2025-01,80000,deaths,x", "period,value,unit,stat", "unknown column"),
    (PUBLIC, "2025-01,80000,deaths,x", "period,value,unit,unit", "twice"),
    (PUBLIC, "", None, "no observation"),
    (PUBLIC, '2025-01,80000,"deaths', None, "not CSV"),
    (PUBLIC, '2025-01,80000,"12-month-ending deaths, reported"', None, "no row is of the series"),
    ("cbp_fentanyl_seizures_monthly", "2025-01,80,kg", None, "does not say which"),
]


@pytest.mark.parametrize(("series", "rows", "header", "message"), REFUSED)
def test_refusals(case, made, series, rows, header, message):
    with pytest.raises(InputError, match=message):
        plan_addition(case, series, made(rows, header=header or "period,value,unit"), TODAY)


def test_files_that_cannot_be_read(case, tmp_path):
    with pytest.raises(InputError, match="no such file"):
        plan_addition(case, PUBLIC, tmp_path / "none.csv", TODAY)
    with pytest.raises(InputError, match="a folder"):
        plan_addition(case, PUBLIC, tmp_path, TODAY)
    (tmp_path / "latin.csv").write_bytes("period,value,unit,note\n2025-01,1,deaths,año\n".encode("latin-1"))
    with pytest.raises(InputError, match="not UTF-8"):
        plan_addition(case, PUBLIC, tmp_path / "latin.csv", TODAY)


def test_gaps_and_jumps_are_asked_about(case, made):
    found = plan_addition(case, PUBLIC, made("2025-03,78000,deaths", "2025-04,7800,deaths"), TODAY)
    gap, jump = found.questions
    assert gap == "line 2: nothing for 2025-01 to 2025-02 (2 periods)"
    assert jump.startswith("line 3: from 78,000 in 2025-03 to 7,800 in 2025-04")


def test_a_gap_with_its_reason_is_not_asked_about(case, made):
    file = made("2025-02,79000,deaths,gap: not published", header="period,value,unit,note")
    assert plan_addition(case, PUBLIC, file, TODAY).questions == ()


def test_a_revision_out_of_line_is_asked_about(case, made):
    found = plan_addition(case, PUBLIC, made("2020-06,8000,deaths"), TODAY)
    assert len(found.questions) == 2  # into it and out of it


def test_a_fall_to_nothing_is_asked_about(case, made):
    (question,) = plan_addition(case, PUBLIC, made("2025-01,0,deaths"), TODAY).questions
    assert "a change from or to 0" in question


def test_no_known_change_of_a_target_would_be_asked_about(case, made):
    """The limit leaves the past of every target alone: its last year, given as new to a shorter one, is plain."""
    import numpy as np

    from crosscurrent.calibration.adding import LARGEST_JUMP, _spread

    for target in case.targets.values():
        periods, values = series_values(case, target.id)
        spread = _spread(dict(zip(periods, values, strict=True)))
        if spread is not None and (values > 0).all() and target.id != "us_mx_extraditions_annual":
            assert np.abs((np.diff(np.log(values)) - spread[0]) / spread[1]).max() < LARGEST_JUMP, target.id


@pytest.mark.parametrize("fails_at", ["replace", "fsync"])
def test_a_failed_write_loses_nothing(case, made, monkeypatch, fails_at):
    path = write_addition(case, plan_addition(case, PUBLIC, made("2025-01,80000,deaths"), TODAY))
    before = path.read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, fails_at, full)
    with pytest.raises(StoreError, match="nothing was added: No space left"):
        write_addition(case, plan_addition(case, PUBLIC, made("2025-02,79000,deaths"), TODAY))
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir() if not entry.name.startswith(".")] == [path.name]


def command(capsys, *words):
    """Exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as stopped:
        main(["data", *map(str, words)])
    said = capsys.readouterr()
    return stopped.value.code, said.out, said.err


def test_the_command_adds_and_says_so(made, capsys):
    code, out, _ = command(capsys, "add", PUBLIC, made("2025-01,80000,deaths"))
    assert code == 0
    assert "1 new period" in out
    code, out, _ = command(capsys, "list", "--json")
    listed = {row["series"]: row for row in json.loads(out)["series"]}
    assert (listed[OVERDOSES]["last"], listed[OVERDOSES]["added"], listed[OVERDOSES]["vintages"]) == ("2025-01", 1, 1)
    assert listed[OVERDOSES]["public_names"] == [PUBLIC]


@pytest.mark.usefixtures("read_once")
def test_the_command_gives_one_json_document(made, capsys):
    code, out, err = command(capsys, "add", PUBLIC, made("2025-01,80000,deaths"), "--json")
    document = json.loads(out)
    assert (code, err, document["series"]) == (0, "", OVERDOSES)
    assert [row["period"] for row in document["added"]] == ["2025-01"]


@pytest.mark.usefixtures("read_once")
def test_open_questions_need_a_yes(made, capsys, folder):
    file = made("2025-01,8000,deaths")
    code, _, err = command(capsys, "add", PUBLIC, file)
    assert code == 2
    assert err.count("\n") == 1
    assert "--yes" in err
    assert not folder.exists()
    code, out, _ = command(capsys, "add", PUBLIC, file, "--yes")
    assert code == 0
    assert "1 new period" in out


@pytest.mark.usefixtures("read_once")
@pytest.mark.parametrize(("answer", "code", "kept"), [(True, 0, True), (False, 2, False)])
def test_on_a_terminal_a_person_is_asked(made, capsys, monkeypatch, folder, answer, code, kept):
    monkeypatch.setattr("crosscurrent.commands.data._at_a_terminal", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: answer)
    found, _, err = command(capsys, "add", PUBLIC, made("2025-01,8000,deaths"))
    assert found == code
    assert "8,000 in 2025-01" in err
    assert (folder / "series" / "us_mexico" / f"{OVERDOSES}.csv").exists() == kept


@pytest.mark.usefixtures("read_once")
def test_errors_are_one_line(made, capsys):
    code, _, err = command(capsys, "add", "us_overdose", made("2025-01,8000,deaths"))
    assert (code, err.count("\n")) == (2, 1)
    code, _, err = command(capsys, "ad")
    assert (code, err.count("\n")) == (2, 1)


def test_a_shipped_case_is_read_only(case, made):
    with pytest.raises(InputError, match="read-only"):
        write_into_case(case, plan_addition(case, PUBLIC, made("2025-01,80000,deaths"), TODAY))


def test_a_case_of_ones_own_grows(made, tmp_path, capsys, folder):
    """Into the case goes only what its checks allow: the history of the case must reach that far."""
    own = new_case(tmp_path / "own")
    file = own / "series" / f"{OVERDOSES}.csv"
    before = file.read_bytes()
    code, _, _ = command(capsys, "add", PUBLIC, made("2025-01,80000,deaths"), "--case", own, "--into-case")
    assert code == 0
    assert file.read_bytes().startswith(before)
    assert check_case(own).passed
    assert series_values(load_case(own), PUBLIC)[0][-1] == "2025-01"
    assert not folder.exists()
    grown = file.read_bytes()
    late = made("2025-02,79000,deaths", "2025-03,78000,deaths", "2025-04,77000,deaths")
    code, _, err = command(capsys, "add", PUBLIC, late, "--case", own, "--into-case")
    assert code == 2
    assert "would not pass its checks" in err
    assert file.read_bytes() == grown


def test_a_case_keeps_one_figure_a_period(made, tmp_path):
    own = load_case(new_case(tmp_path / "own"))
    with pytest.raises(InputError, match="one figure a period"):
        write_into_case(own, plan_addition(own, PUBLIC, made("2024-12,81400,deaths"), TODAY))
    with pytest.raises(InputError, match="before the last one"):
        write_into_case(own, plan_addition(own, PUBLIC, made("2014-12,47000,deaths"), TODAY))
