"""Flips of the page: the same figures as a stored study, for policies as edited; progress, cancelling, refusals."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from page_server import laboratory, served

httpx = pytest.importorskip("httpx")
pytest.importorskip("fastapi")

from crosscurrent.analysis.flips import find_flips  # noqa: E402
from crosscurrent.case import load_case, new_case  # noqa: E402
from crosscurrent.errors import ComputeError, InputError  # noqa: E402
from crosscurrent.study.running import run_study  # noqa: E402
from crosscurrent.study.specification import Study  # noqa: E402
from crosscurrent.web import flipping  # noqa: E402
from crosscurrent.web.documents import flip_document  # noqa: E402
from crosscurrent.web.questions import FlipQuestion, Question, TableQuestion  # noqa: E402
from crosscurrent.web.studies import StudyBehind  # noqa: E402
from crosscurrent.web.worlds import Busy, Superseded  # noqa: E402

WORLDS = 64
LEVERS = {"treatment": 0.8, "leadership_strikes": 3.0}


def asked(**fields) -> FlipQuestion:
    """A question for few worlds, which the page never asks but the search can answer."""
    return FlipQuestion(**fields).model_copy(update={"worlds": WORLDS})


def searching(folder=None) -> flipping.FlipSearches:
    study = laboratory().blocks.simulator.study
    behind = StudyBehind(laboratory().case, study.decision, study.years, study.seed, folder)
    return flipping.FlipSearches(laboratory(), behind)


@pytest.fixture
def searches():
    found = searching()
    yield found
    found.close()


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A study of the status quo and of an edited policy that was added to a copy of the case."""
    folder = tmp_path_factory.mktemp("flips")
    case = laboratory().case
    levers = {**case.policies["coordinated-strikes"].levers, **LEVERS}
    new_case(folder / "my-case")
    with (folder / "my-case" / "policies.yaml").open("a", encoding="utf-8") as file:
        listed = ", ".join(f"{name}: {value}" for name, value in levers.items())
        file.write(f"\nmy-policy:\n  label: Mine\n  description: Mine.\n  levers: {{{listed}}}\n")
    study = Study(
        case=str(folder / "my-case"), policies=("status-quo", "my-policy"), theories=laboratory().theories,
        worlds=WORLDS,
    )  # fmt: skip
    return run_study(study, folder / "study")


@pytest.mark.parametrize("measure", ["homicides", "trust"])
def test_an_edited_policy_has_the_figures_of_a_study_that_names_it(searches, copied, measure):
    found = searches.ask(asked(levers=LEVERS, measure=measure), seconds=60)
    assert found.pop("computed")
    assert (found.pop("from"), found.pop("worlds"), found.pop("levers")) == ("page", WORLDS, LEVERS)
    assert [found.pop(key) for key in ("seed", "decision", "years")] == [0, laboratory().case.meta.default_decision, 10]
    case = load_case(copied.study.case)
    expected = flip_document(find_flips(copied, case, "status-quo", "my-policy", measure), case)
    assert found == {**expected, "b": "coordinated-strikes"}


def test_totals_are_those_of_the_study_to_the_last_digit(copied):
    worlds = laboratory().worlds
    orders = laboratory().blocks.orders("coordinated-strikes", LEVERS)
    for measure in ("homicides", "trust", "cost_us"):
        found = worlds.totals(orders, laboratory().theories, WORLDS, measure, threading.Event(), lambda: None)
        assert np.array_equal(found, copied.table(measure)[1], equal_nan=True)


def test_the_reference_is_switched_too(searches):
    """Exchanging the policies exchanges their parts; either can be any policy of the case."""
    one = searches.ask(asked(a="status-quo", b="demand-side"), seconds=60)
    other = searches.ask(asked(a="demand-side", b="status-quo"), seconds=60)
    assert one["overall"]["ahead_b"] == other["overall"]["ahead_a"]
    assert one["state"] == other["state"]


def test_a_lever_set_to_what_the_policy_has_is_no_change(searches):
    own = laboratory().case.policies["coordinated-strikes"].levers["leadership_strikes"]
    found = searches.ask(asked(levers={"leadership_strikes": own}), seconds=60)
    assert found["levers"] == {}
    computed = laboratory().worlds.computed
    assert searches.ask(asked(), seconds=60) == found
    assert laboratory().worlds.computed == computed


def test_a_stored_study_is_read_for_policies_that_nobody_changed(tmp_path):
    study = Study(policies=("status-quo", "demand-side"), theories=laboratory().theories[:2], worlds=48, seed=7)
    run_study(study, tmp_path / "study", case=laboratory().case)
    found = searching(tmp_path / "study")
    try:
        stored = found.ask(asked(b="demand-side"), seconds=60)
        assert (stored["from"], stored["worlds"], stored["seed"], len(stored["theories"])) == ("study", 48, 7, 2)
        edited = found.ask(asked(b="demand-side", levers={"treatment": 0.9}), seconds=60)
        assert (edited["from"], edited["worlds"], edited["seed"]) == ("page", WORLDS, 0)
        assert found.ask(asked(b="coordinated-strikes"), seconds=60)["from"] == "page"
    finally:
        found.close()


def test_how_far_a_search_is_and_about_how_long_it_takes():
    search = flipping._Search(lambda _: {}, worlds=256, rows=128)
    assert search.seconds(0.01) is None
    search.began = time.monotonic() - 2.0
    assert search.seconds(0.01) is None
    search.note()
    assert search.done == 64
    # Half of A's 128 worlds took two seconds: as much again, a fifth of both for B, and the search itself.
    assert search.seconds(0.01) == pytest.approx(2.0 + 0.8 + 1.28, abs=0.05)
    for _ in range(9):
        search.note()
    assert search.done == 256


class Slow:
    """Holds every search until it is let go."""

    def __init__(self, searches, monkeypatch):
        self.begun, self.go = threading.Event(), threading.Event()
        whole = searches._in_worlds

        def held(a, b, question, search):
            self.begun.set()
            while not self.go.wait(0.01):
                if search.stop.is_set():
                    raise Superseded("stopped")
            return whole(a, b, question, search)

        monkeypatch.setattr(searches, "_in_worlds", held)


def test_the_latest_question_of_a_page_wins(searches, monkeypatch):
    slow = Slow(searches, monkeypatch)
    first = {"session": "tab", "sequence": 1, "measure": "homicides"}
    told = searches.ask(asked(**first), seconds=0.05)
    assert not told["computed"]
    assert (told["computing"]["total"], told["computing"]["error"]) == (2 * WORLDS * 6, "")
    given_up = next(iter(searches._kept.values()))
    searches.ask(asked(session="tab", sequence=2, measure="trust"), seconds=0.05)
    assert given_up.finished.wait(5)
    with pytest.raises(Superseded):
        searches.ask(asked(**first), seconds=0.05)
    slow.go.set()
    assert searches.ask(asked(session="tab", sequence=2, measure="trust"), seconds=60)["measure"] == "trust"


def test_a_search_that_another_page_waits_for_goes_on(searches, monkeypatch):
    slow = Slow(searches, monkeypatch)
    for tab in ("one", "other"):
        searches.ask(asked(session=tab, sequence=1), seconds=0.02)
    searches.ask(asked(session="one", sequence=2, measure="trust"), seconds=0.02)
    slow.go.set()
    assert searches.ask(asked(session="other", sequence=1), seconds=60)["computed"]


def test_no_more_searches_wait_than_can_be_answered(searches, monkeypatch):
    slow = Slow(searches, monkeypatch)
    searches.ask(asked(levers={"treatment": 0.5}), seconds=0)
    slow.begun.wait(5)

    def ask_many() -> None:
        for number in range(flipping._WAITING + 4):
            searches.ask(asked(levers={"treatment": 0.5 + 0.005 * (number + 1)}), seconds=0)

    with pytest.raises(Busy, match="ask again"):
        ask_many()
    searches.close()
    slow.go.set()


def test_what_went_wrong_is_said_and_asked_again_next_time(searches, monkeypatch):
    def failing(*_):
        raise ComputeError("no worlds today")

    with monkeypatch.context() as broken:
        broken.setattr(laboratory().worlds, "totals", failing)
        told = searches.ask(asked(measure="cost_us"), seconds=10)
    assert not told["computed"]
    assert told["computing"]["error"] == "no worlds today"
    assert searches.ask(asked(measure="cost_us"), seconds=60)["computed"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_of_ours_ends_its_search_and_no_other(searches, monkeypatch):
    """Nobody waits for ever, and the next question finds somebody to answer it."""
    with monkeypatch.context() as broken:
        broken.setattr(laboratory().worlds, "totals", lambda *_: {}["nothing"])
        for number in range(flipping._AT_ONCE + 1):
            told = searches.ask(asked(levers={"dialogue": 0.5 + 0.1 * number}), seconds=10)
            assert told["computing"]["error"] == "the search failed"
    assert searches.ask(asked(levers={"dialogue": 0.5}), seconds=60)["computed"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"b": "demand-sid"}, "did you mean 'demand-side'"),
        ({"a": "demand-side", "b": "demand-side"}, "the same"),
        ({"levers": {"treatment": 7}}, "0 to 1"),
        ({"levers": {"no_lever": 1}}, "unknown lever"),
        ({"measure": "homicide"}, "did you mean 'homicides'"),
    ],
)
def test_what_cannot_be_searched_is_refused(searches, fields, words):
    with pytest.raises(InputError, match=words):
        searches.ask(asked(**fields))


def test_over_the_network():
    """Answered within seconds, told how far until then; anything else is a clear refusal."""
    with served() as address, httpx.Client(base_url=address, timeout=30) as client:
        question = {"levers": {"dialogue": 0.3}, "session": "tab", "sequence": 3}
        end = time.monotonic() + 60
        while not (found := client.post("/api/flips", json=question)).json()["computed"]:
            told = found.json()["computing"]
            assert 0 <= told["done"] <= told["total"] == 2 * 256 * 6
            assert not told["error"]
            assert time.monotonic() < end
        assert found.json()["worlds"] == 256
        assert set(found.json()["theories"]) == set(laboratory().theories)
        assert client.post("/api/flips", json=question | {"sequence": 2, "measure": "trust"}).status_code == 409
        for wrong in ({"worlds": 64}, {"worlds": 10**6}, {"session": "<b>"}, {"sequence": -1}, {"levers": [1]}):
            refused = client.post("/api/flips", json=wrong)
            assert refused.status_code == 422
            assert refused.json()["error"]


def test_the_edited_policy_has_a_row_of_its_own():
    """Beside the row of the policy as the case states it; the same figures as the Compare view's at that date."""
    found = laboratory().table(TableQuestion(b="coordinated-strikes", levers=LEVERS, point=40))
    compared = laboratory().compare(Question(levers=LEVERS))["cells"]["homicides"]
    assert set(found["edited"]) == set(laboratory().theories)
    for theory, cell in found["edited"].items():
        assert cell["better"] == pytest.approx(compared[theory]["better"][40], abs=1e-4)
        assert cell["d"] == pytest.approx([level[40] for level in compared[theory]["d"]], rel=1e-3, abs=1.0)
    assert found["edited"] != found["rows"]["coordinated-strikes"]
    assert laboratory().table(TableQuestion(b="coordinated-strikes"))["edited"] is None
    assert laboratory().table(TableQuestion())["edited"] is None
