"""The commands of calibration, back-test and forecast: words, JSON, refusals."""

from __future__ import annotations

import json

import pytest

from crosscurrent.cli import main


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([str(word) for word in arguments])
    shown = capsys.readouterr()
    return int(stop.value.code or 0), shown.out, shown.err


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CROSSCURRENT_DATA", str(tmp_path / "data"))


def test_backtest_tells_scores_coverage_and_what_is_unflattering(capsys):
    code, out, _ = run(capsys, "backtest")
    assert code == 0
    for words in ("mx_homicide_inegi_annual", "within the 50 and the 90 % interval", "beats the last value on",
                  "ETS or ARIMA do as well or better on", "bears on strikes", "Prieto-Curiel"):  # fmt: skip
        assert words in out
    assert "…" not in out
    assert max(map(len, out.split("Main series")[1].split("The combined forecast")[0].splitlines())) <= 100


def test_backtest_json_is_one_document(capsys):
    code, out, _ = run(capsys, "backtest", "--json")
    assert code == 0
    document = json.loads(out)
    assert {row["member"] for row in document["scores"]} >= {"combined", "no-model", "last_value", "ets", "even"}
    assert sum(document["theory_weights"].values()) == pytest.approx(1.0, abs=0.001)
    assert all(0.0 <= place <= 1.0 for places in document["places"].values() for place in places)


def test_backtest_draws_a_page_that_loads_nothing(capsys, tmp_path):
    page = tmp_path / "board.html"
    assert run(capsys, "backtest", "--report", page)[0] == 0
    text = page.read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert text.count("<svg") > 25
    assert "http" not in text.replace("http-equiv", "")


@pytest.mark.slow
def test_a_quick_calibration_tells_what_was_learned(capsys, tmp_path):
    folder = tmp_path / "c"
    code, out, err = run(capsys, "calibrate", "--quick", "--theories", "even,demand-decides", "--out", folder)
    assert code == 0
    assert "What the data taught most, under even" in out
    assert "no: prior kept" in out
    assert "calibration:" in err
    assert (folder / "posterior.npz").is_file()
    code, out, _ = run(capsys, "calibrate", "--quick", "--theories", "even,demand-decides", "--out", folder, "--json")
    assert set(json.loads(out)["theories"]) == {"even", "demand-decides"}


def test_show_tells_the_shipped_posterior_without_running(capsys):
    code, out, _ = run(capsys, "calibrate", "--show")
    assert code == 0
    assert "1024 draws a theory" in out
    assert "crosscurrent compare --beliefs posterior" in out


@pytest.mark.slow
def test_known_parameters_are_recovered_by_the_whole_model(capsys):
    code, out, _ = run(capsys, "calibrate", "--check", "4", "--json")
    document = json.loads(out)
    share, error = document["coverage"]["0.9"]
    assert code == 0
    assert abs(share - 0.9) < max(4 * error, 0.1)


@pytest.mark.parametrize(("arguments", "words"), [
    (("backtest", "--draws", "64"), "add --refit"),
    (("backtest", "--report", "board.pdf"), "ends in .html"),
    (("calibrate", "--draws", "7"), "multiple of 8"),
    (("calibrate", "--theories", "removal-split"), "removal-splits"),
    (("calibrate", "--check", "1"), "2 to 10000"),
    (("forecast", "--out", "f.txt"), "ends in .csv"),
    (("forecast", "--out", "f.csv", "--draws", "7"), "multiple of 8"),
    (("forecast", "--out", "f.csv", "--until", "2020-01"), "a month after the cut-off"),
    (("forecast", "--out", "f.csv", "--events-until", "April"), "YYYY-MM-DD"),
    (("compare", "--beliefs", "hope"), "prior, posterior"),
    (("compare", "--beliefs", "posterior", "--worlds", "5000"), "at most 1024"),
])  # fmt: skip
def test_bad_input_is_one_line_with_code_2(capsys, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert words in err.splitlines()[-1]
    assert not list(tmp_path.rglob("*.npz"))
