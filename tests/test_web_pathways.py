"""Pathways of the page: the figures of the command, theory by theory, with refusals and failures said in words."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

pytest.importorskip("fastapi")

from crosscurrent.analysis.pathways import map_document, pathway_map, store_maps
from crosscurrent.case import load_case
from crosscurrent.errors import InputError
from crosscurrent.study.pathway_run import pathway_folder, run_pathways
from crosscurrent.study.running import run_study
from crosscurrent.study.specification import Study
from crosscurrent.web import pathways as module
from crosscurrent.web.laboratory import Laboratory
from crosscurrent.web.pathways import PathwayMaps, PathwayQuestion

KEY, OTHER = "cooperation-holds", "overdose-deaths-back-to-2019"
THEORIES = ("removal-splits", "force-deters")
YEARS, SEED = 2, 5
WHOLE = load_case()


def with_objectives(*keys: str):
    return replace(WHOLE, objectives={key: WHOLE.objectives[key] for key in keys})


@pytest.fixture(scope="module")
def laboratory():
    """Two of the case's objectives, of which two years are too short to judge one."""
    made = Laboratory(with_objectives(KEY, OTHER), years=YEARS, seed=SEED, theories=THEORIES, threads=1)
    yield made
    made.close()


@pytest.fixture(scope="module")
def stored(tmp_path_factory, laboratory):
    """A study of one policy under both theories, its pathways simulated as the command does it."""
    study = Study(
        policies=("status-quo",), theories=THEORIES, worlds=32, years=YEARS, seed=SEED, measures=("homicides",)
    )
    results = run_study(study, tmp_path_factory.mktemp("study") / "out", case=laboratory.case)
    return results, run_pathways(results, laboratory.case)


def until_settled(maps: PathwayMaps, theory: str = THEORIES[0], key: str = KEY) -> list[dict]:
    """Every answer until nothing is computed any more."""
    answers = []
    end = time.monotonic() + 60
    while not answers or answers[-1]["computing"]:
        answers.append(maps.ask(PathwayQuestion(objective=key, theory=theory)))
        assert time.monotonic() < end
        time.sleep(0.02)
    return answers


def figures_of_the_command(stored, laboratory, theory: str) -> dict:
    """Shares, errors and dates of every line and pathway, from the map that the command makes."""
    (plain,) = map_document([pathway_map(stored[1], laboratory.case, laboratory.case.objectives[KEY])])
    rows = {line["id"]: line["tipping"][plain["theories"].index(theory)] for line in plain["lines"]}
    rows |= {each["pathway"]: each["tipping"] for each in plain["pathways"] if each["theory"] == theory}
    return rows


SHARES = ("from_start", "reached", "never", "never_error", "reached_error", "met_at_end")


def test_figures_are_those_of_the_command(stored, laboratory):
    """Simulated for the page alone, one theory at a time, with 32 worlds as the command had."""
    maps = PathwayMaps(laboratory).everything(32, lambda *_: None)
    for theory in THEORIES:
        expected, found = figures_of_the_command(stored, laboratory, theory), maps[theory][KEY]
        rows = {row["id"]: row for row in (*found["lines"], *found["pathways"])}
        assert set(rows) == set(expected)
        for name, row in rows.items():
            assert [row[key] for key in SHARES] == pytest.approx([expected[name][key] for key in SHARES], abs=6e-5)
            assert row["dates"] == expected[name]["dates"]
        assert found["computing"] is None
        assert (found["worlds"], found["seed"], found["failed"]) == (32, SEED, 0)
        assert found["runs"] == 32 * len(rows)
        assert found["judged_month"] == "2026-02", "eleven months after March 2025"


def test_an_objective_that_cannot_be_judged_says_so(laboratory):
    maps = PathwayMaps(laboratory)
    assert {one["id"]: one["judged"] for one in maps.about()["objectives"]} == {KEY: True, OTHER: False}
    assert maps.everything(32, lambda *_: None)[THEORIES[0]][OTHER]["judged"] is False


def test_stored_maps_are_read_and_nothing_is_simulated(stored, laboratory, monkeypatch):
    results, found = stored
    store_maps(found.folder, [pathway_map(found, laboratory.case, laboratory.case.objectives[KEY])])
    monkeypatch.setattr(module, "simulate_pathways", None)
    maps = PathwayMaps(laboratory, results.folder)
    answer = maps.ask(PathwayQuestion(objective=KEY, theory=THEORIES[1]))
    assert answer["computed"]
    assert answer["computing"] is None
    expected = figures_of_the_command(stored, laboratory, THEORIES[1])
    for row in answer["lines"]:
        assert row["never"] == pytest.approx(expected[row["id"]]["never"], abs=6e-5)
    assert maps.ask(PathwayQuestion(objective=OTHER, theory=THEORIES[1]))["judged"] is False


def test_a_damaged_file_is_told_and_breaks_nothing(stored, laboratory):
    results, found = stored
    file = pathway_folder(results, laboratory.case) / "pathways.json"
    assert file.parent == found.folder
    file.write_text('[{"objective": 1}]')
    try:
        answer = PathwayMaps(laboratory, results.folder).ask(PathwayQuestion(objective=KEY, theory=THEORIES[0]))
        assert not answer["computed"]
        assert "cannot be read" in answer["computing"]["error"]
    finally:
        file.unlink()


def test_few_worlds_come_first_and_more_follow(laboratory):
    maps = PathwayMaps(laboratory, steps=(32, 40))
    answers = until_settled(maps)
    worlds = [answer["worlds"] for answer in answers if answer["computed"]]
    assert not answers[0]["computed"]
    assert worlds[0] == 32
    assert worlds[-1] == 40
    assert worlds == sorted(worlds)
    assert any(answer["computing"] and answer["computing"]["worlds"] == 40 for answer in answers if answer["computed"])
    last = answers[-1]
    for row in (*last["lines"], *last["pathways"]):
        assert row["from_start"] + row["reached"] + row["never"] == pytest.approx(1.0, abs=2e-4)
        assert row["worlds"] + row["failed"] == 40
    for path in last["pathways"]:
        for step in path["transfers"]:
            assert {step["leaves"], step["enters"]} <= {line["id"] for line in last["lines"]}


def test_closing_ends_what_is_being_simulated(laboratory):
    maps = PathwayMaps(laboratory, steps=(500,))
    maps.ask(PathwayQuestion(objective=KEY, theory=THEORIES[0]))
    thread = maps._thread
    assert thread is not None
    begun = time.monotonic()
    maps.close()
    assert time.monotonic() - begun < 4.0
    assert not thread.is_alive()
    answer = maps.ask(PathwayQuestion(objective=KEY, theory=THEORIES[0]))
    assert not answer["computed"]
    assert maps._thread is None, "nothing begins after the end"


def test_what_was_asked_for_last_comes_first_and_what_nobody_waits_for_not_at_all(laboratory):
    maps = PathwayMaps(laboratory, steps=(32, 40))
    first, second = (maps._work[theory] for theory in THEORIES)
    now = time.monotonic()
    first.asked, second.asked = now - 2.0, now - 1.0
    assert maps._next() == THEORIES[1]
    second.worlds = 32
    assert maps._next() == THEORIES[0], "a first picture comes before a finer one"
    first.error = "cannot be simulated"
    assert maps._next() == THEORIES[1]
    second.asked = now - 1000.0
    assert maps._next() is None


def test_a_pathway_that_cannot_be_simulated_is_told(laboratory):
    goal = WHOLE.objectives[KEY]
    name, pathway = next(iter(goal.pathways.items()))
    same = replace(pathway.transfers[0], to=pathway.start)
    case = replace(WHOLE, objectives={KEY: replace(goal, pathways={name: replace(pathway, transfers=(same,))})})
    made = Laboratory(case, years=YEARS, theories=THEORIES, threads=1)
    maps = PathwayMaps(made)
    last = until_told(maps)
    made.close()
    assert not last["computed"]
    assert "changes nothing" in last["computing"]["error"]
    with pytest.raises(InputError, match="changes nothing"):
        PathwayMaps(made).everything(32, lambda *_: None)


def until_told(maps: PathwayMaps) -> dict:
    for _ in range(500):
        answer = maps.ask(PathwayQuestion(objective=KEY, theory=THEORIES[0]))
        if answer["computing"]["error"]:
            return answer
        time.sleep(0.02)
    raise AssertionError("no error was told")


def test_unknown_names_are_refused(laboratory):
    maps = PathwayMaps(laboratory)
    with pytest.raises(InputError, match="did you mean 'cooperation-holds'"):
        maps.ask(PathwayQuestion(objective="cooperation-hold", theory=THEORIES[0]))
    with pytest.raises(InputError, match="unknown theory"):
        maps.ask(PathwayQuestion(objective=KEY, theory="demand-decides"))


def test_a_case_without_pathways():
    made = Laboratory(with_objectives(), years=YEARS, theories=THEORIES, threads=1)
    maps = PathwayMaps(made)
    assert maps.about()["objectives"] == []
    assert maps.everything(32, lambda *_: None) == {}
    with pytest.raises(InputError, match="no pathways"):
        maps.ask(PathwayQuestion())
    made.close()


def test_definitions_lead_to_the_case():
    """The bar, its ground and its place; every record that is named."""
    made = Laboratory(with_objectives("homicides-below-the-worst-year"), years=YEARS, theories=THEORIES, threads=1)
    maps = PathwayMaps(made)
    made.close()
    (goal,) = maps.about()["objectives"]
    assert (goal["kind"], goal["bound"], goal["unit"], goal["flow"]) == ("at_most", 36800, "deaths", True)
    assert goal["grade"] == "moderate"
    assert goal["reasoning"] == WHOLE.objectives[goal["id"]].reasoning
    file, _, line = goal["place"].partition(":")
    assert file == "us_mexico/pathways.yaml"
    text = (WHOLE.folder / "pathways.yaml").read_text(encoding="utf-8").splitlines()
    assert text[int(line) - 1].startswith(goal["id"])
    step = goal["pathways"][0]["transfers"][0]
    assert (step["signpost"], step["above"], step["unit"], step["release"]) == ("homicides", 36000, "deaths", 30000)
    assert set(maps.evidence()) == {"series-inegi-homicides", "homicide-impunity"}


def test_the_server_answers_and_refuses(laboratory):
    httpx = pytest.importorskip("httpx")
    import asyncio

    from crosscurrent.web.application import make_application
    from crosscurrent.web.lookups import Lookups

    lookups = Lookups(laboratory)
    lookups.pathways = PathwayMaps(laboratory, steps=(32,))
    question = {"objective": KEY, "theory": THEORIES[0]}
    wrong = ({"objective": "none"}, {"theory": "<b>"}, {**question, "worlds": 500}, {**question, "theory": "even"})

    async def talk():
        transport = httpx.ASGITransport(app=make_application(laboratory, hosts=(), lookups=lookups))
        async with httpx.AsyncClient(transport=transport, base_url="http://page") as client:
            names = await client.get("/api/pathways")
            first = await client.post("/api/pathways", json=question)
            await asyncio.to_thread(until_settled, lookups.pathways)
            last = await client.post("/api/pathways", json=question)
            return names, first, last, [await client.post("/api/pathways", json=each) for each in wrong]

    names, first, last, refused = asyncio.run(talk())
    lookups.close()
    assert [one["id"] for one in names.json()["objectives"]] == [KEY, OTHER]
    assert set(names.json()["records"]) == set(lookups.pathways.evidence())
    assert first.status_code == 200
    assert last.json()["worlds"] == 32
    for answer in refused:
        assert answer.status_code == 422
        assert "\n" not in answer.json()["error"]
