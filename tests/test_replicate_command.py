"""``crosscurrent replicate``: the document, exit codes, the report, and every published target."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from crosscurrent import cli
from crosscurrent.errors import ComputeError, InputError
from crosscurrent.replications import MODULES, Chart, replication, replications
from crosscurrent.replications.drawing import draw
from crosscurrent.replications.report import figure

FIELDS = ["id", "quantity", "published", "ours", "tolerance", "tier", "verdict", "source"]
TARGETS = {
    "PC-1a", "PC-2a", "PC-2b", "PC-3a", "PC-3b", "PC-3c", "PC-3d", "PC-4a", "PC-5a", "PC-6a", "PC-7a", "PC-8a", "PC-9a",
    "PC-10a", "PC-11a", "PC-12a", "PC-13a", "PC-14", "PC-15", "PC-16", "DU-1", "NL-1", "NL-2", "NL-3", "NL-4", "SO-1",
    "SO-2", "SO-3", "SO-4", "SO-5", "EC-1", "EC-2", "EC-3", "EC-4", "EC-5", "EC-6", "KP-1", "KP-2", "IN-1", "IN-2",
    "PS-1", "PS-2", "CO-1",
}  # fmt: skip


def call(capsys, *arguments):
    """Exit code, output and messages of the command line in this process."""
    with pytest.raises(SystemExit) as stop:
        cli.main(["replicate", *map(str, arguments)])
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


def test_the_document_keeps_the_contract(capsys):
    code, out, err = call(capsys, "conflict-shock", "--json")
    rows = json.loads(out)
    assert code == 0
    assert all(list(row) == FIELDS for row in rows)
    assert all(isinstance(row["ours"], float) and row["tier"] in (1, 2, 3) for row in rows)
    assert "1 of 1: conflict-shock" in err


def test_the_table_fits_100_columns_and_says_all(capsys):
    code, out, _ = call(capsys, "conflict-shock")
    assert code == 0
    assert all(len(line) <= 100 for line in out.splitlines())
    for words in ("PC-16", "published", "ours", "tolerance", "tier", "verdict", "+150 -34 -40 -76 = 0", "fail: 0"):
        assert words in out


def test_an_unknown_name_is_bad_input(capsys):
    code, out, err = call(capsys, "conflict-shok")
    assert (code, out) == (2, "")
    assert "did you mean 'conflict-shock'?" in err
    with pytest.raises(InputError, match="unknown replication"):
        replication("nothing")


def test_a_report_that_cannot_be_written_is_refused_before_computing(tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    for target in (tmp_path, tmp_path / "file" / "below.html"):
        code, out, err = call(capsys, "conflict-shock", "--report", target)
        assert (code, out) == (2, "")
        assert len(err.strip().splitlines()) == 1


def test_the_report_is_one_file_that_loads_nothing(tmp_path, capsys):
    target = tmp_path / "new" / "report.html"
    code, _, _ = call(capsys, "two-organisations", "--report", target)
    page = target.read_text(encoding="utf-8")
    assert code == 0
    assert page.count('<svg class="chart"') == len(replication("two-organisations").charts())
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    for words in ("What it says", "What is not reproduced", "What critics say", "TO-1", "arXiv"):
        assert words in page


@pytest.mark.parametrize(("tier", "expected"), [(1, 1), (2, 1), (3, 0)])
def test_only_a_failing_row_of_tier_1_or_2_fails_the_command(tier, expected, capsys, monkeypatch):
    from crosscurrent.commands import replicate

    model = replication("conflict-shock")
    failing = [replace(row, verdict="fail", tier=tier) for row in model.rows()[:1]]
    monkeypatch.setattr(replicate, "replication", lambda _: replace(model, rows=lambda: failing))
    code, out, err = call(capsys, "conflict-shock", "--json")
    assert code == expected
    assert json.loads(out)[0]["verdict"] == "fail"
    assert ("PC-16" in err) == bool(expected)


def test_figures_have_three_digits():
    values = (173800.1, 0.0, -25.797, 9.874, float("nan"), 1e-9, "sign")
    assert [figure(value) for value in values] == ["173,800", "0", "−25.8", "9.87", "–", "1e-09", "sign"]


def test_a_drawing_escapes_words_and_breaks_where_there_is_no_value():
    chart = Chart("a <b>", "x", "y", [0, 1, 2, 3], {"one & two": [1.0, math.nan, 2.0, 3.0]}, {"told": 2.5})
    drawn = str(draw(chart))
    assert "<b>" not in drawn
    assert "one &amp; two" in drawn
    assert "nan" not in drawn
    assert len(re.findall(r"M[\d.]+ [\d.]+h3\"|M[\d.]+ [\d.]+h3M", drawn)) == 1


@pytest.mark.parametrize("series", [{"short": [1.0]}, {"none": [math.nan, math.nan]}, {}])
def test_a_chart_that_cannot_be_drawn_is_an_error(series):
    with pytest.raises(ComputeError, match="chart 'c'"):
        draw(Chart("c", "x", "y", [0, 1], series))


def test_naming_the_replications_loads_no_heavy_package():
    code = (
        "import sys; from crosscurrent.replications import replications; replications(); "
        "print([name for name in ('numba', 'scipy', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_replication_says_what_it_is():
    for name, model in replications().items():
        assert model.name == name
        for words in (model.title, model.citation, model.says, model.critics, model.not_reproduced):
            assert words.strip(), name


@pytest.mark.slow
def test_every_published_target_has_its_rows_and_none_of_tier_1_or_2_fails(tmp_path, capsys):
    target = tmp_path / "all.html"
    code, out, err = call(capsys, "--json", "--report", target)
    rows = json.loads(out)
    assert code == 0, err
    assert {row["id"] for row in rows} >= TARGETS
    assert all(row["verdict"] in ("pass", "gap") for row in rows if row["tier"] < 3)
    assert all(row["ours"] is not None for row in rows)
    assert all(f'id="{name}"' in target.read_text(encoding="utf-8") for name in MODULES)
