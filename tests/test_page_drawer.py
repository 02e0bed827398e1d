"""The drawer and the Back key: what lies over the page closes first, and a record says what it found, not for whom."""

from __future__ import annotations

import re

import pytest
from page_server import Watched, laboratory, until

from crosscurrent.case.evidence import effect_words

pytestmark = pytest.mark.slow
WIDE, SMALL = (1440, 900), (390, 844)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OVER = "document.querySelectorAll('dialog[open]').length"
ENTRY = "history.state.over"


@pytest.fixture
def visit(started, address, opened):
    """Open an address of the page; at the end nothing may have been complained about."""

    def go(where: str, size: tuple[int, int] = SMALL, **settings):
        watched = Watched(started, size, **settings)
        opened.append(watched)
        return watched.visit((address if where.startswith("#") else "") + where)

    return go


def at(page) -> list:
    """Entries over the page, what is on the screen, and its address."""
    return page.evaluate(f"[{ENTRY}, {OVER}, location.hash]")


OPENERS = {
    "drawer": ".cell >> nth=0", "share": "#share", "blend": "#blend, #blend-corner >> visible=true",
    "sheet": "#sheet-open",
}  # fmt: skip
SHEET = "document.body.classList.contains('sheet')"


@pytest.mark.parametrize("name", OPENERS)
def test_back_closes_what_was_opened_and_nothing_else(visit, name):
    page = visit("#/compare?lang=en&b=unilateral-strikes")
    before, length = at(page), page.evaluate("history.length")
    page.locator(OPENERS[name]).first.click()
    until(page, f"{ENTRY} === 1")
    assert page.evaluate(SHEET if name == "sheet" else OVER)
    page.go_back()
    until(page, f"!{OVER} && !{SHEET} && {ENTRY} === 0")
    assert at(page) == before
    page.go_forward()
    page.wait_for_timeout(200)
    assert at(page) == before
    page.locator(OPENERS[name]).first.click()
    until(page, f"{ENTRY} === 1")
    page.keyboard.press("Escape")
    until(page, f"!{OVER} && !{SHEET} && {ENTRY} === 0")
    assert at(page) == before
    assert page.evaluate("history.length") == length + 1, "what was closed is only ahead, once"


def test_a_view_is_left_by_back_as_ever(visit):
    page = visit("#/compare?lang=en&b=unilateral-strikes")
    page.locator('a[data-view="sources"]').click()
    page.locator("#view-sources [data-explain]").first.click()
    page.wait_for_selector("#drawer .technical")
    page.locator("#drawer [data-close]").click()
    until(page, f"{ENTRY} === 0 && CC.state.view === 'sources'")
    page.go_back()
    until(page, "CC.state.view === 'compare' && location.hash.startsWith('#/compare')")
    page.go_forward()
    until(page, "CC.state.view === 'sources' && location.hash.startsWith('#/sources')")
    assert not page.evaluate(OVER)


def test_levers_moved_in_the_sheet_stay_when_back_closes_it(visit):
    page = visit("#/compare?lang=en&b=demand-side")
    page.locator("#sheet-open").click()
    page.evaluate("CC.levers.set('dialogue', 0.5)")
    until(page, "location.hash.includes('b.dialogue=0.5')")
    page.locator("#levers .source").first.click()
    until(page, f"{ENTRY} === 2 && {OVER} === 1")
    page.go_back()
    until(page, f"{ENTRY} === 1 && !{OVER} && {SHEET}")
    page.go_back()
    until(page, f"{ENTRY} === 0 && !{SHEET}")
    assert page.evaluate("CC.state.over.dialogue") == 0.5
    assert "b.dialogue=0.5" in page.url
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.evaluate("CC.state.over.dialogue") == 0.5


def test_a_reload_with_the_drawer_open_leaves_no_entry_behind(visit):
    page = visit("#/compare?lang=en&b=unilateral-strikes")
    page.locator(".cell").first.click()
    until(page, f"{ENTRY} === 1")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    until(page, f"{ENTRY} === 0")
    assert not page.evaluate(OVER)
    assert "b=unilateral-strikes" in page.url


def test_a_browser_that_has_enough_of_history_still_opens_the_drawer(visit):
    page = visit("#/compare?lang=en&b=unilateral-strikes")
    page.evaluate("""() => {
        history.pushState = () => { throw new DOMException('enough', 'SecurityError'); }; }""")
    page.locator(".cell").first.click()
    page.wait_for_selector("#drawer .assumption")
    assert page.evaluate(ENTRY) == 0
    page.evaluate("void delete history.pushState")
    until(page, f"{ENTRY} === 1")
    page.keyboard.press("Escape")
    until(page, f"{ENTRY} === 0 && !{OVER}")


def test_weights_given_in_the_box_are_a_step_of_their_own(visit):
    page = visit("#/compare?lang=en&b=unilateral-strikes", WIDE)
    page.locator("#blend-corner").click()
    page.locator("#blend-equal").click()
    page.locator("#blend-form .solid").click()
    until(page, f"location.hash.includes('blend=1') && {ENTRY} === 0 && !{OVER}")
    page.go_back()
    until(page, "!location.hash.includes('blend=') && CC.state.blend === null")


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
def test_the_drawer_goes_down_by_levels_and_back(visit, size):
    """From a chart to an assumption and up again, by button and by key; the place and the focus are where they were."""
    page = visit("#/compare?lang=en&b=unilateral-strikes", size)
    page.locator(".cell").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer .assumption")
    assert page.locator("#drawer-back").count() == 0
    title, link = page.locator("#drawer-title").inner_text(), page.locator("#drawer .assumption button").nth(3)
    for number, back in enumerate((lambda: page.locator("#drawer-back").click(), page.go_back)):
        link.scroll_into_view_if_needed()
        place = page.evaluate("document.querySelector('#drawer').scrollTop")
        assert place > 0
        link.click()
        page.wait_for_selector("#drawer-back")
        page.wait_for_selector("#drawer .technical")
        assert page.locator("#drawer-title").inner_text() != title
        assert page.evaluate("[document.activeElement.id, document.querySelector('#drawer').scrollTop]") == [
            "drawer-title",
            0,
        ]
        until(page, f"{ENTRY} === 2")
        back()
        until(page, f"{ENTRY} === 1 && !document.querySelector('#drawer-back')")
        assert page.locator("#drawer-title").inner_text() == title, number
        assert page.evaluate("document.querySelector('#drawer').scrollTop") == place
        assert link.evaluate("one => one === document.activeElement")
    head = page.locator("#drawer .dialog-head").bounding_box()
    assert head["y"] <= 1, "the head stays in view"
    link.click()
    until(page, f"{ENTRY} === 2")
    page.keyboard.press("Escape")
    until(page, f"{ENTRY} === 0 && !{OVER}")
    assert page.evaluate("document.activeElement.className") == "cell"


def test_what_comes_late_is_written_where_it_was_asked_for(visit):
    """An answer that arrives while a further level is open is there when one comes back."""
    page = visit("#/compare?lang=en&b=unilateral-strikes")
    page.evaluate("""() => { const ask = CC.source.switches.bind(CC.source);
        CC.source.switches = question => new Promise(done => { window.answer = () => done(ask(question)); }); }""")
    page.locator(".cell").first.click()
    page.wait_for_selector("#drawer .assumption")
    page.locator("#drawer .assumption button").first.click()
    page.wait_for_selector("#drawer .technical")
    page.evaluate("window.answer()")
    page.wait_for_timeout(500)
    page.locator("#drawer-back").click()
    page.wait_for_selector("#drivers .driver")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_reader_s_facts_come_first_and_the_technical_ones_are_folded(visit, language):
    page = visit(f"#/sources?lang={language}")
    page.evaluate("CC.explain.name('trust_base')")
    page.wait_for_selector("#drawer .technical")
    facts = page.locator("#behind > dl.facts").first
    labels = facts.locator("dt").all_inner_texts()
    assert labels == {"en": ["unit", "grade of evidence", "reasoning"],
                      "es": ["unidad", "solidez de la evidencia", "razonamiento"]}[language]  # fmt: skip
    assert facts.locator("dd").first.inner_text() == {"en": "no unit", "es": "sin unidad"}[language]
    folded = page.locator("#drawer .technical")
    assert not folded.evaluate("one => one.open")
    assert folded.locator("dd code").all_text_contents()[0] == "trust_base"
    assert any(text.startswith("parameters/") for text in folded.locator("dd code").all_text_contents())
    assert not re.search(r"\d\.\d*0\b", page.locator("#drawer table.plain").first.inner_text())


def test_figures_are_shown_with_their_zero_and_left_as_they_are_in_the_data(visit):
    page = visit("#/sources?lang=en")
    page.wait_for_selector("#view-sources .record")
    assert page.evaluate("CC.shown('.45-.65 (-.5 to .7), v1.2, a.5, and 3.5; x -> y')") == (
        "0.45-0.65 (-0.5 to 0.7), v1.2, a.5, and 3.5; x → y"
    )
    assert not re.findall(r"(?<![\w.])\.\d", page.locator("#view-sources").inner_text())
    assert any(re.search(r"(?<![\w.])\.\d", record.note) for record in laboratory().case.evidence.values())


def test_addresses_of_sources_are_links_to_other_sites(visit):
    page = visit("#/sources?lang=en")
    page.wait_for_selector("#view-sources .record")
    links = page.locator("#view-sources .record a").evaluate_all(
        "links => links.map(link => [link.getAttribute('href'), link.target, link.rel, link.textContent])"
    )
    assert len(links) > 150
    for href, target, rel, text in links:
        assert re.match(r"https?://[^\s;,<>]+$", href)
        assert (target, rel) == ("_blank", "noopener noreferrer")
        assert text.endswith("(opens another site)")
    assert page.evaluate("CC.linked('javascript:alert(1); data:text/html,x; <b>') ") == (
        "javascript:alert(1); data:text/html,x; &lt;b&gt;"
    )
    assert 'href="https://doi.org/10.1257/aer.20121637"' in page.evaluate("CC.linked('doi:10.1257/aer.20121637')")


EFFECTS = {"raises": "efecto: sube", "lowers": "efecto: baja", "no clear effect": "sin efecto claro",
           "mixed": "efecto: mixto"}  # fmt: skip


def test_a_record_says_its_effect_and_takes_no_side(visit):
    """The sign of an effect is said of effects only, never of a level or a series."""
    case = laboratory().case
    page = visit("#/sources?lang=es")
    page.wait_for_selector("#view-sources .record")
    shown = page.locator("#view-sources .record").evaluate_all(
        "records => records.map(one => [...one.querySelectorAll('p.mute')].at(-1).textContent)"
    )
    assert len(shown) == len(case.evidence)
    seen = set()
    for text, record in zip(shown, case.evidence.values(), strict=True):
        said = effect_words(record)
        seen.add(said)
        assert text.startswith(f"{EFFECTS[said]} · " if said else ("leído", "solo el resumen", "no leído"))
        assert not (said and record.mechanism.endswith("(state variable)"))
    assert seen == {*EFFECTS, ""}
    assert not re.search(r"apunta|points", page.locator("#view-sources").inner_text())


def test_publishers_have_their_own_names_in_spanish(visit):
    for language, name in (("es", "INEGI (Instituto Nacional de Estadística y Geografía)"),
                           ("en", "National Institute of Statistics and Geography, Mexico")):  # fmt: skip
        page = visit(f"#/compare?lang={language}&b=demand-side")
        page.locator("[data-measure=homicides].cell").first.click()
        page.wait_for_selector(".observed")
        assert name in page.locator(".observed p").text_content()
        assert page.locator(".observed p [lang=en]").count() == 0


def test_the_track_record_says_how_far_it_is(visit):
    """After two seconds of silence: what is done, and for how long it has gone on."""
    page = visit("#/sources?lang=en")
    page.evaluate("""() => { const ask = CC.source.score.bind(CC.source);
        CC.source.score = () => new Promise(done => { window.answer = () => done(ask()); }); }""")
    page.locator('a[data-view="record"]').click()
    page.wait_for_selector("#view-record [role=status]")
    assert page.locator("#record-waiting").is_hidden()
    until(page, "/1 of 2 parts done, [2-9] s so far/.test(document.querySelector('#record-waiting').textContent)")
    page.evaluate("window.answer()")
    page.wait_for_selector("#view-record .past")
    assert page.locator("#record-waiting").count() == 0


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
def test_axe_finds_nothing_at_any_level(visit, size):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit("#/compare?lang=es&b=unilateral-strikes", size)

    def clean(where: str) -> None:
        page.wait_for_timeout(300)
        found = axe.run(page, options={"runOnly": RULES}).response["violations"]
        assert not [(rule["id"], [node["html"][:160] for node in rule["nodes"][:3]]) for rule in found], where

    page.locator(".cell").first.click()
    page.wait_for_selector("#drawer .assumption")
    page.locator("#drawer .assumption button").nth(1).click()
    page.wait_for_selector("#drawer .technical")
    page.evaluate("document.querySelectorAll('#drawer details').forEach(one => { one.open = true; })")
    clean("second level")
    assert page.evaluate("(one => one.scrollWidth <= one.clientWidth)(document.querySelector('#drawer'))")
    page.evaluate("document.querySelector('#drawer').scrollTop = 400")
    clean("scrolled")
    page.locator("#drawer-back").click()
    clean("back")


def test_the_one_file_page_goes_back_too(started, page_file):
    watched = Watched(started, SMALL, offline=True)
    page = watched.open(page_file.as_uri() + "#/compare?lang=en")
    until(page, "CC.asking.settled")
    before = at(page)
    page.locator(".cell").first.click()
    page.wait_for_selector("#drawer .assumption")
    page.locator("#drawer .assumption button").first.click()
    until(page, f"{ENTRY} === 2")
    page.go_back()
    until(page, f"{ENTRY} === 1 && {OVER} === 1")
    page.go_back()
    until(page, f"{ENTRY} === 0 && !{OVER}")
    assert at(page) == before
    assert page.evaluate("CC.linked('https://example.org/a')").startswith(
        '<a class="outside" href="https://example.org/a"'
    )
    watched.close()
    assert not watched.complaints
