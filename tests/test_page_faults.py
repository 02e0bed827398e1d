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
        page = watched.open(address + where)
        if "/compare" in where:
            watched.settle()
        return page

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
        watched.page.wait_for_selector("#unstarted:not([hidden])")
        said = watched.page.locator("#unstarted")
        assert "open the whole address that it printed" in said.locator("[lang=en]").inner_text()
        assert "abra completa la dirección que mostró" in said.locator("[lang=es]").inner_text()
        assert "token" in watched.page.locator("#notice").inner_text()
        assert watched.page.locator("main").is_hidden()
        watched.page.goto("about:blank")
        watched.open(guarded + "?token=a-token#/compare?lang=es")
        assert watched.page.locator("#notice").is_hidden()
        assert watched.page.locator("#unstarted").is_hidden()
        watched.close()
