"""What goes wrong on the page: answers that fail or come late, odd addresses; nothing stands under another's name."""

from __future__ import annotations

import json

import pytest
from page_server import Watched, served, until

pytestmark = pytest.mark.slow
WIDE = (1440, 900)


@pytest.fixture
def visit(started, address):
    """Open an address of the page; its console may complain of what these tests break."""
    opened: list[Watched] = []

    def go(where: str):
        watched = Watched(started, WIDE)
        opened.append(watched)
        return watched.visit(address + where)

    yield go
    for watched in opened:
        watched.close()


def busy(route):
    route.fulfill(status=429, content_type="application/json", body=json.dumps({"error": "too many questions wait"}))


def test_figures_never_stand_under_the_name_of_another_question(visit):
    page = visit("#/compare?lang=en&b=unilateral-strikes")
    page.route("**/api/compare", busy)
    page.locator("#choose-b, select").first.select_option("graduated")
    until(page, "CC.asking.answer === null")
    assert page.locator(".cell .caption").first.inner_text().strip() == ""
    assert "Graduated" in page.locator("#answer").inner_text()
    assert not page.locator(".cell[aria-label]").count()
    page.keyboard.press("Escape")
    page.evaluate("CC.share.open()")
    assert page.locator("[data-download]").count() == 0
    page.keyboard.press("Escape")
    page.unroute("**/api/compare")  # a busy server is asked again without anybody's help
    until(page, "CC.asking.answer && CC.asking.settled")
    assert page.evaluate("JSON.parse(CC.asking.answer.about)[1]") == "graduated"


def test_the_skip_link_keeps_the_state(visit):
    page = visit("#/compare?lang=en&b=unilateral-strikes&blend=1,2,3,4,5,6&mode=difference")
    before = page.evaluate("location.hash")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.wait_for_timeout(300)
    assert page.evaluate("location.hash") == before
    assert page.evaluate("CC.state.mode") == "difference"


@pytest.mark.parametrize(
    "odd", ["a=constructor", "b=__proto__", "rows=toString", "m=valueOf", "b.constructor=1", "theory=~blend"]
)
def test_names_that_the_browser_knows_are_no_names_of_the_case(visit, odd):
    page = visit(f"#/compare?lang=en&{odd}")
    assert page.evaluate("CC.asking.settled")
    assert "undefined" not in page.locator("body").inner_text()
    assert "NaN" not in page.evaluate("location.hash")


def test_the_latest_language_wins(visit):
    page = visit("#/compare?lang=en&b=unilateral-strikes")
    page.evaluate("""() => {
        const words = CC.source.words.bind(CC.source);
        const late = language => (language === "es" ? 900 : 0);
        CC.source.words = language => new Promise(give => setTimeout(() => give(words(language)), late(language)));
    }""")
    page.locator("[data-lang=es]").click()
    page.locator("[data-lang=en]").click()
    page.wait_for_timeout(1500)
    assert page.evaluate("document.documentElement.lang") == "en"
    assert "Homicides in Mexico" in page.locator("#answer").inner_text()
    assert page.evaluate("CC.words['nav.compare']") == "Compare"


SAID = {
    (401, "en"): "the token of its address", (401, "es"): "la clave de su dirección",
    (403, "en"): "only its own page", (403, "es"): "solo a su propia página",
    (408, "en"): "did not reach the server in time", (408, "es"): "no llegó a tiempo",
    (409, "en"): "took the place of this one", (409, "es"): "reemplazó a esta",
    (429, "en"): "too many questions at once", (429, "es"): "demasiadas preguntas a la vez",
    (503, "en"): "is being stopped", (503, "es"): "se está deteniendo",
    (422, "en"): "did not answer this question: a told reason", (422, "es"): "Sus palabras, en inglés: a told reason",
    (500, "en"): "did not answer this question: a told reason", (500, "es"): "Sus palabras, en inglés: a told reason",
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es"])
def test_refusals_are_in_the_language_of_the_page(visit, language):
    page = visit(f"#/compare?lang={language}&b=unilateral-strikes")
    problem = """status => CC.source.read(new Response('{"error": "a told reason"}', { status })).catch(CC.problem)"""
    said = {status: page.evaluate(problem, status) for status, spoken in SAID if spoken == language}
    assert said
    assert {status for status, text in said.items() if SAID[status, language] in text} == set(said)
    body = json.dumps({"error": "a told reason"})
    page.route("**/api/compare", lambda route: route.fulfill(status=503, content_type="application/json", body=body))
    page.evaluate("CC.levers.set('prevention', 0.5)")
    page.get_by_text(SAID[503, language]).first.wait_for()


def test_a_page_without_its_token_says_so_in_both_languages(started):
    with served(token="a-token") as guarded:
        watched = Watched(started, WIDE)
        watched.page.goto(guarded + "#/compare?lang=es")
        said = watched.page.locator("#unstarted .of-server")
        said.wait_for()
        assert "open the whole address that it printed" in said.locator("[lang=en]").inner_text()
        assert "abra completa la dirección que mostró" in said.locator("[lang=es]").inner_text()
        assert watched.page.locator("#unstarted .of-file").is_hidden()
        assert "token" in watched.page.locator("#notice").inner_text()
        assert watched.page.locator("main").is_hidden()
        watched.page.goto("about:blank")
        watched.open(guarded + "?token=a-token#/compare?lang=es")
        assert watched.page.locator("#notice").is_hidden()
        assert watched.page.locator("#unstarted").is_hidden()
        watched.close()


def test_a_page_without_its_script_says_so(started, address):
    watched = Watched(started, WIDE)
    watched.page.route("**/page.js", lambda route: route.abort())
    watched.page.goto(address)
    assert watched.page.locator("#unstarted").bounding_box()["height"] < 5
    until(watched.page, "document.querySelector('#unstarted').getBoundingClientRect().height > 30", 10)
    assert watched.page.locator("main").is_hidden()
    watched.close()


def test_a_busy_server_opens_the_page_a_little_later(started, address):
    watched, refused = Watched(started, WIDE), []

    def twice(route):
        refused.append(route.request.url)
        busy(route) if len(refused) <= 2 else route.continue_()

    watched.page.route("**/api/case", twice)
    watched.open(address + "#/compare?lang=es")
    assert len(refused) == 3
    assert watched.page.locator("#unstarted").is_hidden()
    watched.close()


def test_a_file_that_cannot_be_read_says_so_in_both_languages(started, page_file):
    watched = Watched(started, WIDE)
    watched.page.add_init_script("delete window.DecompressionStream")
    watched.page.goto(page_file.as_uri())
    said = watched.page.locator("#unstarted .of-file")
    said.wait_for()
    assert "it may be incomplete" in said.locator("[lang=en]").inner_text()
    assert "puede estar incompleto" in said.locator("[lang=es]").inner_text()
    assert watched.page.locator("#unstarted .of-server").is_hidden()
    watched.close()


@pytest.mark.parametrize("status", [None, 429, 503])
def test_back_keeps_state_and_picture_together_whatever_the_server_says(visit, status):
    page = visit("#/compare?lang=en&b=graduated")
    page.locator("#b").select_option("demand-side")
    until(page, "CC.asking.settled && JSON.parse(CC.asking.answer.about)[1] === 'demand-side'")
    gone = {"status": status or 500, "content_type": "application/json", "body": '{"error": "away"}'}
    page.route("**/api/**", lambda route: route.abort() if status is None else route.fulfill(**gone))
    page.go_back()
    until(page, "!document.querySelector('#notice').hidden")
    assert page.evaluate("CC.state.b") == page.locator("#b").input_value() == "graduated"
    assert page.evaluate("CC.asking.answer") is None
    page.unroute("**/api/**")
    until(page, "CC.asking.answer !== null && CC.asking.settled")  # without anybody's help
    assert page.evaluate("JSON.parse(CC.asking.answer.about)[1]") == "graduated"
    assert page.locator("#notice").is_hidden()


def test_a_refused_language_is_said_until_the_reader_acts(visit):
    page = visit("#/compare?lang=en&b=graduated&y=2030")
    page.route("**/api/words/es", busy)
    page.evaluate("CC.asking.fresh()")
    page.locator("[data-lang=es]").click()
    page.locator("#notice", has_text="too many questions").wait_for()
    until(page, "CC.asking.answer.worlds === 1024")
    assert "too many questions" in page.locator("#notice").inner_text()
    assert page.locator("[data-lang=en]").get_attribute("aria-pressed") == "true"
    page.locator("[data-mode=difference]").click()
    assert page.locator("#notice").is_hidden()


def test_without_a_server_nothing_stands_for_figures_and_the_question_is_kept(visit):
    page = visit("#/compare?lang=en&b=graduated")
    page.route("**/api/compare", lambda route: route.abort())
    page.evaluate("CC.levers.set('prevention', 0.5)")
    until(page, "CC.asking.answer === null")
    shares = "[...document.querySelectorAll('.odds i')].map(one => one.getBoundingClientRect().width)"
    assert set(page.evaluate(shares)) == {0}
    assert "the server has not answered" in page.locator("#answer").inner_text()
    assert "b.prevention=0.5" in page.url
    page.unroute("**/api/compare")
    until(page, "CC.asking.answer !== null && CC.asking.settled")
    assert page.locator("#notice").is_hidden()


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_an_address_asks_for_and_the_page_lacks_is_said(visit, language):
    page = visit(f"#/compare?lang={language}&b=joint-partnershp&a=no-such&y=2099")
    said = page.locator("#notice").inner_text()
    assert all(one in said for one in ("joint-partnershp", "no-such", "2099"))
    page.locator("#b").select_option("graduated")
    until(page, "CC.asking.settled")
    said = page.locator("#notice").inner_text()
    assert "joint-partnershp" not in said
    assert "2099" in said
    page.locator(".cell").first.focus()
    page.keyboard.press("[")
    assert "2099" not in page.locator("#notice").inner_text()
    assert "no-such" in page.locator("#notice").inner_text()


def test_the_track_record_is_asked_for_again(visit):
    page = visit("#/compare?lang=en")
    page.route("**/api/record", lambda route: route.abort())
    page.locator("[data-view=record]").click()
    page.get_by_text("The server did not answer.").wait_for()
    page.unroute("**/api/record")
    page.locator("[data-view=compare]").click()
    page.locator("[data-view=record]").click()
    assert page.get_by_text("The server did not answer.").count() == 0
    page.wait_for_selector(".past", timeout=60_000)
