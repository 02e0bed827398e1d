"""Search with the kernel: the worlds are those of a study, and the command from file to page."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import numpy as np
import pytest

from crosscurrent.case import load_case
from crosscurrent.cli import main
from crosscurrent.errors import InputError
from crosscurrent.study import Study
from crosscurrent.study.search_criteria import COST
from crosscurrent.study.search_file import read_search
from crosscurrent.study.search_worlds import SearchWorlds
from crosscurrent.study.simulation import CaseSimulator

CASE = load_case()
EXAMPLE = Path(__file__).parent.parent / "examples" / "search.yaml"
SMALL = """
worlds: 48
fresh_worlds: 8
years: 1
population: 8
levers: {treatment: [0, 0.5], dialogue: [0, 1]}
starts: {treatment: [0, 26]}
triggers:
  - {when: homicides, above: [30000, 45000], for_weeks: [4, 13], then: {justice_capacity: [1, 2]}}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    path = tmp_path_factory.mktemp("search") / "search.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def worlds(small):
    search = read_search(small, CASE)
    judge = SearchWorlds(
        CaseSimulator(search.study(), CASE), search.theories, range(8), search.objectives, search.constraints
    )
    judge.prepare()
    return search, judge


@pytest.mark.parametrize("policy", ["graduated", "consented-campaign"])
def test_a_world_of_the_search_is_the_world_of_the_study(worlds, policy):
    """To the last bit, though theories share blocks and tables are not made anew."""
    search, judge = worlds
    study = Study(policies=("status-quo", policy), theories=search.theories, worlds=8, years=1)
    simulator = CaseSimulator(study, CASE)
    tables, failed = judge.outcomes(CASE.policies[policy])
    for place in (0, 3, 5):
        batch = simulator.simulate(search.theories[place], 0, 8, threading.Event())
        for name in judge.measures:
            assert np.array_equal(tables[name][place], batch.measures[name][1])
            assert np.array_equal(judge.status_quo[name][place], batch.measures[name][0])
    assert failed == 0
    assert np.array_equal(tables[COST], tables["cost_us"] + tables["cost_mx"])


def test_the_base_itself_differs_in_nothing_from_the_status_quo(worlds):
    _, judge = worlds
    assert all(value == 0.0 for value in judge.judge(CASE.policies["status-quo"]).objectives)


def test_rules_of_one_shape_share_tables_and_differ_in_numbers(worlds):
    search, judge = worlds
    space = search.space(CASE)
    low, high = (space.policy(np.full(space.size, u)) for u in (0.1, 0.9))
    settings = [judge.setting(policy) for policy in (low, high)]
    assert len(judge.settings) <= 4
    for setting, policy in zip(settings, (low, high), strict=True):
        assert setting.rule_needed.tolist() == [policy.rules[0].for_weeks]
        assert setting.rule_value.tolist() == pytest.approx([policy.rules[0].then["justice_capacity"]])


def test_the_command_from_file_to_page(small, tmp_path, capsys):
    out, again = tmp_path / "out", tmp_path / "again"
    printed = []
    for more in (["--out", str(out)], ["--json", "--out", str(again)]):
        with pytest.raises(SystemExit) as left:
            main(["search", str(small), "--evaluations", "16", *more])
        assert left.value.code == 0
        printed.append(capsys.readouterr().out)
    document = json.loads(printed[1])
    assert document["evaluations"] == 16
    assert document["front"]
    for path in (out / "generations").iterdir():
        assert path.read_bytes() == (again / "generations" / path.name).read_bytes(), "the same search again"
    assert {path.name for path in out.iterdir()} >= {"search.html", "front.json", "front.yaml", "fresh.json"}
    assert "on the front" in printed[0]


def test_the_command_refuses_force_in_one_line(tmp_path, capsys):
    path = tmp_path / "search.yaml"
    path.write_text("levers: {leadership_strikes: [0, 4]}\n", encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["search", str(path)])
    assert left.value.code == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "only set by the user" in error


def test_the_example_is_a_search():
    assert read_search(EXAMPLE, CASE).worlds == 192


def test_without_pymoo_the_extra_is_named(monkeypatch):
    from importlib import metadata

    from crosscurrent.study import search_algorithm

    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    with pytest.raises(InputError, match=r"pip install 'crosscurrent\[search\]'"):
        search_algorithm.require_pymoo()
