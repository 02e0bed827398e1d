"""The page on paper and under the system's own colours, and what it does where a browser lacks something."""

from __future__ import annotations

import re

import pytest
from page_server import Watched, box, until

pytestmark = pytest.mark.slow
PAPER = 718
"""Width of an A4 sheet within margins, in CSS pixels; letter is wider."""
BEYOND = """width => [...document.querySelectorAll('main *, header *')].filter(part => part.checkVisibility()
    && !part.closest('.unseen') && part.getBoundingClientRect().right > width + 1
    ).map(part => part.outerHTML.slice(0, 90)).slice(0, 3)"""
SHOWN = """selectors => selectors.filter(
    selector => [...document.querySelectorAll(selector)].some(part => part.checkVisibility()))"""


@pytest.fixture
def watch(started, address, opened):
    """A page with settings of its own; at the end it may have complained about nothing."""

    def go(where: str, size: tuple[int, int] = (1440, 900), script: str = "", **settings):
        watched = Watched(started, size, **settings)
        opened.append(watched)
        if script:
            watched.page.add_init_script(script)
        return watched.visit(address + where)

    return go


def onto_paper(page) -> None:
    """As a browser prints: the page keeps the structure that it has on the screen and is laid out on a sheet."""
    page.evaluate("(small => { CC.small = () => small; })(CC.small())")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER, "height": 1000})


def test_compare_prints_its_figures_and_not_its_levers(watch):
    page = watch("?token=secret#/compare?lang=es&b=unilateral-strikes&b.leadership_strikes=4")
    onto_paper(page)
    assert page.evaluate(SHOWN, ["aside", "nav", "#share", "#middle", ".source", "[data-mode=difference]"]) == []
    assert page.evaluate(BEYOND, PAPER) == []
    places = page.evaluate("[...document.querySelectorAll('.cell canvas')].map(one => one.getBoundingClientRect())"
                           ".map(box => [Math.round(box.x), Math.round(box.y), box.width])")  # fmt: skip
    assert len({x for x, _, _ in places}) == 6
    assert len({y for _, y, _ in places}) == 4
    assert min(width for _, _, width in places) > 70
    paper = page.locator("#paper").inner_text()
    assert "Ataques a líderes 4.0/mes" in paper
    assert "b.leadership_strikes=4" in paper
    assert "secret" not in paper
    assert page.locator("#badge").inner_text().startswith("1,536")
    assert "gradient" in page.evaluate("getComputedStyle(document.querySelector('.odds i')).backgroundImage")


def test_compare_is_one_sheet(watch):
    for size in ((1440, 900), (390, 844)):
        page = watch(f"?{size[0]}#/compare?lang=en&b=unilateral-strikes", size)
        for sheet in ("A4", "Letter"):
            assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=sheet))) == 1


def test_flips_print_whole_and_say_what_hue_says(watch):
    page = watch("#/flips?lang=en&b=unilateral-strikes")
    page.wait_for_selector(".flip-map", timeout=90_000)
    page.wait_for_selector(".matrix tbody tr")
    onto_paper(page)
    assert page.evaluate(BEYOND, PAPER) == []
    words = box(page, ".matrix tbody .figures .unseen")
    assert words["width"] > 20
    assert words["height"] > 8
    fills = "[...document.querySelectorAll('.map-key rect')].map(one => getComputedStyle(one).fill)"
    assert len({text.split(" rgb")[0] for text in page.evaluate(fills)}) == 5
    assert 'url("#of-b")' in page.evaluate(fills)[0]


def test_an_open_drawer_prints_by_itself_and_whole(watch):
    page = watch("#/compare?lang=en&b=unilateral-strikes")
    page.locator(".cell").first.click()
    page.wait_for_selector("#drawer .record")
    page.emulate_media(media="print")
    assert page.evaluate(SHOWN, ["#grid", ".top"]) == []
    assert page.evaluate("(one => one.scrollHeight <= one.clientHeight + 1)(document.querySelector('#drawer'))")


def test_charts_keep_their_colours_where_the_system_forces_its_own(watch):
    page = watch("#/compare?lang=en&b=unilateral-strikes", forced_colors="active", color_scheme="dark")
    style = "selector => (one => [one.backgroundColor, one.color])(getComputedStyle(document.querySelector(selector)))"
    assert page.evaluate(style, ".cell canvas")[0] == "rgb(255, 255, 255)"
    b, a = (page.evaluate(style, f".odds i:{place}-child")[0] for place in ("first", "last"))
    assert (b, a) == ("rgb(166, 90, 0)", "rgb(11, 110, 116)")
    pressed, other = (page.evaluate(style, f"[data-mode={mode}]") for mode in ("levels", "difference"))
    assert pressed != other
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(251, 251, 249)"


def test_dark_and_still_systems_get_the_same_page(watch):
    page = watch("#/compare?lang=en&b=unilateral-strikes", color_scheme="dark", reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 251, 249)"
    assert page.evaluate("getComputedStyle(document.querySelector('#answer')).transitionDuration") == "0s"


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "small"])
def test_lists_of_the_question_fit_where_a_browser_cannot_size_them(watch, size):
    """Widths are set by the page itself, to the chosen entry, after every choice."""
    lacking = "CSS.supports = () => false"
    page = watch("#/compare?lang=es&b=unilateral-strikes", size, script=lacking)
    width = "name => document.querySelector(name).getBoundingClientRect().width"
    long, short, year = (page.evaluate(width, name) for name in ("#b", "#a", "#year"))
    assert year < short < long <= size[0] - 28
    page.locator("#b").select_option("covert-strikes")
    until(page, "CC.asking.settled")
    assert page.evaluate(width, "#b") < long
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_address_that_a_browser_refuses_is_written_later(watch):
    """Some browsers allow so many addresses in so many seconds; the picture does not suffer from it."""
    page = watch("#/compare?lang=en&b=unilateral-strikes")
    page.evaluate("""() => { const write = history.replaceState; let refused = 0;
        history.replaceState = (...given) => {
            if (refused++ < 2) throw new DOMException('too many', 'SecurityError');
            write.apply(history, given); }; }""")
    page.evaluate("CC.levers.set('prevention', 0.5)")
    until(page, "!CC.asking.settled")
    until(page, "CC.asking.settled")
    assert page.locator("#notice").is_hidden()
    until(page, "location.hash.includes('b.prevention=0.5')")
