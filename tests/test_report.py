"""The report is one whole, offline, escaped page that names everything and keeps its wording."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from study_fakes import CASE, LABELS, FakeSimulator, run_fast, small_study

from crosscurrent.analysis.historyfit import TARGETS, FitRow, HistoryFit
from crosscurrent.case import load_case
from crosscurrent.errors import StoreError
from crosscurrent.report import write_report
from crosscurrent.report.paired import read_pairs
from crosscurrent.study import QUANTILE_LEVELS, execute

VOID = {"meta", "br", "link", "img", "input", "hr", "path", "rect", "circle", "use"}
QUOTING = ("parameters", "evidence")
"""Sections that quote the case and its sources; the wording rules are for the report's own words."""


class Page(HTMLParser):
    """Checks that tags nest, and collects ids, loads and the words of each section."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.loads: list[str] = []
        self.targets: list[str] = []
        self.section = ""
        self.words: dict[str, list[str]] = {}
        self.headings: list[int] = []
        self.names: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "section":
            self.section = given["id"]
        if "id" in given:
            self.ids.append(given["id"])
        if tag in ("link", "script", "img", "iframe", "use", "image", "source", "object"):
            self.loads += [given[key] for key in ("src", "href", "xlink:href", "data") if key in given]
        if tag == "a" and given["href"].startswith("#"):
            self.targets.append(given["href"][1:])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if given.get("role") == "img":
            self.names.append(given.get("aria-label", ""))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another tag"
        if tag == "section":
            self.section = ""

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.words.setdefault(self.section, []).append(data)

    def text(self, *sections: str) -> str:
        chosen = sections or [name for name in self.words if name not in QUOTING]
        return " ".join(word for name in chosen for word in self.words.get(name, []))


class CostlySimulator(FakeSimulator):
    """The fake one with costs, and with consent in about half of the worlds of the second policy."""

    def simulate(self, theory, first, last, stop):
        batch = super().simulate(theory, first, last, stop)
        sound = np.where(batch.failed_week >= 0, np.nan, 1.0)
        effect = np.arange(len(batch.policies))[:, None] * np.ones(last - first)
        added = {
            "cost_us": 500.0 * effect * sound,
            "cost_mx": 100.0 * effect * sound,
            "consented_weeks": np.where(batch.parameters["split"] < 0.5, 20.0, 0.0) * (effect == 1) * sound,
        }
        shape = (len(batch.policies), len(added), len(batch.months), len(QUANTILE_LEVELS))
        path = (*batch.paths.shape[:2], len(added), len(batch.months))
        return dataclasses.replace(
            batch,
            measures=batch.measures | added,
            quantiles=np.concatenate([batch.quantiles, np.ones(shape, np.float32)], axis=1),
            paths=np.concatenate([batch.paths, np.ones(path, np.float32)], axis=2),
        )


def made_up_past(theories: tuple[str, ...]) -> HistoryFit:
    """Two years of one series; the second is a miss."""
    rows = [
        FitRow(TARGETS[0], theory, year, 30_000.0, low, low + 2e3, low + 4e3, "deaths", year <= 2020, "yes")
        for theory in theories
        for year, low in ((2019, 28_000.0), (2022, 40_000.0))
    ]
    return HistoryFit(tuple(rows), theories, 32, True, 0, {})


@pytest.fixture(scope="module")
def case():
    return load_case("us_mexico")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    measures = ("homicides", "overdose_deaths", "trust", "cost_us", "cost_mx", "consented_weeks")
    study = small_study(measures=measures, full_paths=2)
    folder = tmp_path_factory.mktemp("report") / "study"
    return execute(study, CostlySimulator, folder, case_digest=CASE, labels=LABELS)


@pytest.fixture(scope="module")
def text(results, case, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "new folder" / "report.html"
    assert write_report(results, case, path, made_up_past(results.theories)) == path
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_one_whole_page(page, text):
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert set(page.targets) <= set(page.ids)
    assert '<html lang="en">' in text
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert len(text) < 5e6


def test_nothing_is_loaded(page, text):
    assert all(address.startswith("#") for address in page.loads)
    assert "default-src 'none'" in text
    style = text[text.index("<style>") : text.index("</style>")]
    assert "@import" not in style
    assert not re.search(r"url\((?!#)", style)


def test_every_policy_theory_and_parameter_is_there(page, results, case):
    for name in results.policies:
        assert case.policies[name].label in page.text("matrix")
        assert case.policies[name].label in page.text("fans")
    for name in results.theories:
        assert case.theories[name].label in page.text("matrix")
        assert case.theories[name].label in page.text("history")
    assert {f"parameter-{name}" for name in case.parameters} <= set(page.ids)
    assert {f"evidence-{name}" for name in case.evidence} <= set(page.ids)


def test_every_section_says_something(page):
    sections = "summary matrix fans tradeoffs consent cost history priors figures"
    for section in sections.split():
        assert len(page.text(section)) > 200, section
    assert "50 of 100" in page.text("consent")
    assert "violence" in page.text("failed")
    assert "1 of 1" in page.text("history")
    assert "(missed)" in page.text("history")


def test_wording(page):
    words = page.text() + " ".join(page.names)
    for banned in (r"\bprobability\b", r"\bwill\b", r"\bproves?\b", r"\bshows that\b", r"\bchance of\b"):
        assert not re.search(banned, words, re.IGNORECASE), banned
    assert "not clear" in page.text("matrix")


def test_every_drawing_has_a_name(page):
    assert page.names
    assert all(len(name) > 20 for name in page.names)


def test_figures_are_those_of_the_results(results, page):
    pair = next(iter(read_pairs(results, ["homicides"])))
    table = results.table("homicides")
    change = table[2, 0] - table[0, 0]
    assert np.allclose(pair.difference[2, 0], np.nanquantile(change, [0.05, 0.25, 0.5, 0.75, 0.95]))
    assert pair.worlds[1, 0] == 599
    assert pair.lower[2, 0] == 1.0
    assert "100 of 100 lower" in page.text("matrix")
    assert "500" in page.text("figures")


def test_words_of_a_case_are_escaped(results, case, tmp_path):
    nasty = '<script>alert("x")</script>'
    policies = dict(case.policies)
    policies["demand-side"] = dataclasses.replace(policies["demand-side"], label=nasty, description=nasty)
    theories = dict(case.theories)
    theories["removal-splits"] = dataclasses.replace(theories["removal-splits"], label=nasty)
    changed = dataclasses.replace(case, title=nasty, policies=policies, theories=theories)
    page = write_report(results, changed, tmp_path / "report.html").read_text(encoding="utf-8")
    assert nasty not in page
    assert "&lt;script&gt;alert(" in page
    assert Page(page).open == []
    assert page.count("<script>") == 1


def test_how_to_repeat_it(page):
    words = page.text("repeat")
    assert "crosscurrent compare --case us_mexico " in words
    assert "--policies status-quo,surveillance-only,demand-side" in words
    assert "--seed 0" in words
    assert "Study.from_yaml" in words
    assert "newer than the numbers" in words


def test_a_study_without_costs_consent_or_past(case, tmp_path):
    results = run_fast(small_study(worlds=16, policies=("status-quo", "demand-side")), tmp_path / "study")
    page = Page(write_report(results, case, tmp_path / "report.html").read_text(encoding="utf-8"))
    assert page.open == []
    assert "holds no costs" in page.text("cost")
    assert "did not record it" in page.text("consent")
    assert "crosscurrent history" in page.text("history")


def test_a_folder_that_cannot_be_made(results, case, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="folder"):
        write_report(results, case, tmp_path / "file" / "report.html")


def test_the_path_may_be_relative(results, case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert write_report(results, case, "report.html") == Path("report.html")
