"""The command line: exit codes, one-line errors, JSON alone on standard output, help at once."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crosscurrent import cli
from crosscurrent.model.schema import MEASURES

PROGRAM = [sys.executable, "-c", "from crosscurrent.cli import main; main()"]
COMMANDS = (
    "compare", "run", "resume", "extend", "merge", "history", "explain", "evidence", "check-case", "new-case",
    "report",
)  # fmt: skip
SMALL = (
    "--policies",
    "coordinated-strikes,demand-side",
    "--theories",
    "removal-weakens,even",
    "--years",
    "2",
)


def call(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, timeout=300)


def call_here(capsys, *arguments: object) -> tuple[int, str, str]:
    """Exit code and output of the command line in this process."""
    with pytest.raises(SystemExit) as stop:
        cli.main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small study run through the command line, with its JSON."""
    out = tmp_path_factory.mktemp("cli") / "small"
    done = call("compare", *SMALL, "--worlds", 8, "--out", out, "--json")
    assert done.returncode == 0, done.stderr
    return out, json.loads(done.stdout)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_names_the_command(command, capsys):
    code, out, err = call_here(capsys, *([command] if command else []), "--help")
    assert code == 0
    assert "Usage: crosscurrent" in out
    assert err == ""


def test_help_answers_at_once():
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        assert call("compare", "--help").returncode == 0
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("compare", "--policies", "coordinated-strike"),
            ("unknown policy", "did you mean 'coordinated-strikes'?"),
        ),
        (("compare", "--theories", "evn"), ("unknown theory", "did you mean 'even'?")),
        (("compare", "--measures", "homicide"), ("unknown measure", "did you mean 'homicides'?")),
        (("compare", "--years", "26"), ("years", "26", "25")),
        (("compare", "--years", "0"), ("years", "0", "1")),
        (("compare", "--worlds", "0"), ("worlds", "0")),
        (("compare", "--worlds", "many"), ("--worlds",)),
        (("compare", "--seed", "-1"), ("seed",)),
        (("compare", "--decision", "April"), ("decision", "YYYY-MM")),
        (("compare", "--policies", "status-quo,,demand-side"), ("empty name",)),
        (("compare", "--case", "nowhere"), ("no such case",)),
        (("compare", "--wolds", "3"), ("--wolds",)),
        (("comparr",), ("unknown command", "did you mean 'compare'?")),
        (("explain", "homicdes"), ("did you mean 'homicides'?",)),
        (("explain",), ("NAME",)),
        (("evidence", "nothing-of-the-kind"), ("no such record",)),
        (("run", "nowhere.yaml"), ("cannot read the study file", "nowhere.yaml")),
        (("resume", "/nowhere"), ("not a results folder",)),
        (("report", "/nowhere"), ("not a results folder",)),
        (("extend", "/nowhere"), ("--worlds",)),
        (("merge", "/nowhere"), ("not a results folder",)),
        (("check-case", "/nowhere"), ("no such case",)),
        (("history", "--theories", "evn"), ("unknown theory", "did you mean 'even'?")),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, words, capsys):
    code, out, err = call_here(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    for word in words:
        assert word in err
    assert "Traceback" not in err


def test_an_output_folder_that_cannot_be_made_is_bad_input(tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, out, err = call_here(capsys, "compare", *SMALL, "--worlds", 8, "--out", tmp_path / "file" / "below")
    assert (code, out) == (2, "")
    assert "cannot make the output folder" in err.strip().splitlines()[-1]


@pytest.mark.slow
def test_the_document_keeps_the_contract(folder):
    _, document = folder
    assert list(document) == ["study", "timings", "failed_worlds", "table"]
    assert set(document["timings"]) == {"world_weeks_per_second", "kernel_s", "total_s"}
    assert document["timings"]["world_weeks_per_second"] > 0
    rows = document["table"]
    assert list(rows[0]) == [
        "policy", "theory", "measure", "unit", "p05", "p50", "p95", "difference_p05", "difference_p50",
        "difference_p95", "mc_error",
    ]  # fmt: skip
    assert {row["measure"] for row in rows} == set(MEASURES)
    assert {row["policy"] for row in rows} == {"status-quo", "coordinated-strikes", "demand-side"}
    assert len(rows) == 3 * 2 * len(MEASURES)
    for row in rows:
        assert row["p05"] <= row["p50"] <= row["p95"]
        assert all(value is None or math.isfinite(value) for value in row.values() if not isinstance(value, str))
        if row["policy"] == "status-quo":
            assert row["difference_p50"] == 0
    assert document["study"]["seed"] == 0


@pytest.mark.slow
def test_the_same_study_is_reused_and_another_refused(folder):
    out, document = folder
    again = call("compare", *SMALL, "--worlds", 8, "--out", out, "--json")
    assert again.returncode == 0
    assert json.loads(again.stdout)["table"] == document["table"]
    assert "comparing" not in again.stderr
    other = call("compare", *SMALL, "--worlds", 8, "--out", out, "--seed", 1)
    assert other.returncode == 2
    assert "another study" in other.stderr


@pytest.mark.slow
def test_the_printed_comparison_fits_100_columns_and_says_all(folder):
    out, _ = folder
    done = call("compare", *SMALL, "--worlds", 8, "--out", out)
    assert done.returncode == 0
    text = done.stdout
    for line in text.split("Failed worlds")[0].splitlines():
        assert len(line) <= 100, line
    for words in (
        "homicides: Homicides in Mexico", "status-quo (level)", "Theory by policy", "Mexico consents at some time",
        "In plain words", "Failed worlds: 0", "Seed: 0", "report.html", "What to type next",
        "crosscurrent extend",
    ):  # fmt: skip
        assert words in text
    assert "…" not in text
    assert (out / "report.html").is_file()


@pytest.mark.slow
def test_a_study_file_in_parts_merges_to_the_whole(folder, tmp_path):
    out, document = folder
    study = tmp_path / "study.yaml"
    study.write_text((out / "study.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    for part in (1, 2):
        done = call("run", study, "--shard", f"{part}/2", "--out", tmp_path / f"part{part}", "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["part"] == f"{part}/2"
    lonely = call("merge", tmp_path / "part1", "--out", tmp_path / "half")
    assert lonely.returncode == 1
    assert "shards are missing" in lonely.stderr
    merged = call("merge", tmp_path / "part1", tmp_path / "part2", "--out", tmp_path / "whole", "--json")
    assert merged.returncode == 0, merged.stderr
    assert json.loads(merged.stdout)["table"] == document["table"]


@pytest.mark.slow
def test_extend_keeps_the_worlds_it_has(folder, tmp_path):
    done = call("compare", *SMALL, "--worlds", 4, "--out", tmp_path / "four", "--json")
    assert done.returncode == 0, done.stderr
    more = call("extend", tmp_path / "four", "--worlds", 8, "--json")
    assert more.returncode == 0, more.stderr
    assert json.loads(more.stdout)["table"] == folder[1]["table"]
    fewer = call("extend", tmp_path / "four", "--worlds", 2)
    assert fewer.returncode == 2


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_ctrl_c_gives_130_and_the_command_that_goes_on(tmp_path):
    out = tmp_path / "long"
    process = subprocess.Popen(
        [*PROGRAM, "compare", "--worlds", "20000", "--out", str(out)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not (out / "manifest.json").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(2.0)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    last = err.strip().splitlines()[-1]
    assert "crosscurrent resume" in last
    assert "Traceback" not in err


def test_explain_prints_definition_equation_values_and_evidence(capsys):
    code, out, _ = call_here(capsys, "explain", "split_probability")
    assert code == 0
    for words in (
        "possible range",
        "Read by",
        "group_loops",
        "Value by theory",
        "removal-splits",
        "Evidence",
        "origin",
    ):
        assert words in out
    assert max(map(len, out.splitlines())) <= 100
    code, out, _ = call_here(capsys, "explain", "homicides")
    for words in (
        "a flow: total over the projection",
        "What drives it",
        "violence.homicides_week",
        "levers:",
    ):
        assert words in out


def test_explain_and_evidence_as_json(capsys):
    code, out, err = call_here(capsys, "explain", "trust", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["kind"] == "measure"
    code, out, _ = call_here(capsys, "evidence", "--json")
    document = json.loads(out)
    assert document["origins"] < len(document["records"])


def test_check_case_and_new_case(tmp_path, capsys):
    made = tmp_path / "mine"
    code, out, _ = call_here(capsys, "new-case", made)
    assert code == 0
    assert "check-case" in out
    code, out, _ = call_here(capsys, "check-case", made)
    assert code == 0
    assert "Parameters by grade of evidence" in out
    text = (made / "levers.yaml").read_text(encoding="utf-8").replace("label:", "lable:", 1)
    (made / "levers.yaml").write_text(text, encoding="utf-8")
    code, out, err = call_here(capsys, "check-case", made)
    assert code == 2
    assert "did you mean 'label'?" in out
    assert "to mend" in err
    code, out, _ = call_here(capsys, "check-case", made, "--json")
    assert code == 2
    assert json.loads(out)["passed"] is False
    code, _, err = call_here(capsys, "new-case", made)
    assert code == 2
    assert "not empty" in err


@pytest.mark.slow
def test_history_shows_model_against_data_with_misses(capsys):
    code, out, err = call_here(capsys, "history", "--worlds", 16, "--theories", "even,removal-splits", "--json")
    assert code == 0, err
    document = json.loads(out)
    assert {row["shocks"] for row in document["table"]} == {True, False}
    assert {row["theory"] for row in document["table"]} == {"even", "removal-splits"}
    for row in document["table"]:
        assert row["missed"] == (not row["p05"] <= row["observed"] <= row["p95"])
    assert len(document["misses"]) == 4
    code, out, _ = call_here(capsys, "history", "--worlds", 8, "--theories", "even")
    assert "Misses of comparisons" in out
    assert "×" in out


def test_version_is_a_number(capsys):
    code, out, _ = call_here(capsys, "--version")
    assert code == 0
    assert out.strip().split(".")[0].isdigit()
