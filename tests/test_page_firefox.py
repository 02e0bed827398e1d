"""The page in Firefox, where there is one: drawn, moved, explained, walked by keyboard, printed; as one file, too."""

from __future__ import annotations

import pytest
from page_firefox import SETTLED, firefox, started_firefox

pytestmark = pytest.mark.slow
WIDE, SMALL = (1440, 900), (390, 844)
INK = """[...document.querySelectorAll('#grid canvas')].map(one => one.getContext('2d')
    .getImageData(0, 0, one.width, one.height).data.filter((value, place) => place % 4 === 3 && value > 0).length)"""
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    firefox()
    with started_firefox(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
def test_every_view_is_drawn_and_fits(browser, address, size, language):
    browser.size(*size)
    browser.open(f"{address}#/compare?lang={language}&b=unilateral-strikes")
    ink = browser.evaluate(INK)
    assert len(ink) == (24 if size == WIDE else 6)
    assert min(ink) > 500
    assert browser.evaluate(FITS)
    for view, shown in (("flips", ".matrix tr"), ("claims", ".claim"), ("record", ".past"), ("sources", ".record")):
        browser.click(f'a[data-view="{view}"]')
        browser.until(f"!!document.querySelector('#view-{view} {shown}')")
        assert browser.evaluate(FITS), view
    assert browser.complaints() == []


def test_levers_drawer_and_keyboard(browser, address):
    browser.size(*WIDE)
    browser.open(f"{address}#/compare?lang=en&b=unilateral-strikes")
    browser.evaluate("document.querySelector('#l-leadership_strikes').focus()")
    browser.press("ArrowRight", "ArrowRight")
    browser.until("location.hash.includes('b.leadership_strikes=3')")
    assert browser.evaluate("document.querySelector('#l-leadership_strikes').value") == "3"
    browser.until(SETTLED)
    here = "[document.activeElement.dataset.measure, document.activeElement.dataset.theory]"
    browser.evaluate("document.querySelector('.cell').focus()")
    browser.press("ArrowRight", "ArrowDown")
    assert browser.evaluate(here) == ["overdose_deaths", "removal-splits"]
    browser.press("Enter")
    browser.until("document.querySelectorAll('#drawer[open] .record').length > 3")
    browser.press("Escape")
    browser.until("!document.querySelector('#drawer').open")
    assert browser.evaluate(here) == ["overdose_deaths", "removal-splits"]
    browser.click("#share")
    assert browser.evaluate("document.querySelectorAll('#share-box[open] pre').length") >= 4
    browser.press("Escape")
    assert browser.complaints() == []


def test_compare_is_one_sheet(browser, address):
    browser.size(*WIDE)
    browser.open(f"{address}#/compare?lang=en&b=unilateral-strikes")
    assert browser.sheets() == 1


def test_the_one_file_opens(browser, page_file):
    """Its content policy, written into the file, is as good as one of a server."""
    browser.size(*SMALL)
    browser.open(page_file.as_uri() + "#/compare?lang=es")
    assert min(browser.evaluate(INK)) > 500
    browser.evaluate("""(one => { one.value = 0.62; one.dispatchEvent(new Event('input', {bubbles: true})); })(
        document.querySelector('#l-treatment'))""")
    browser.until("location.hash.includes('b.treatment=0.5&')")
    for view, shown in (("flips", ".matrix"), ("claims", ".claim"), ("record", ".past"), ("sources", ".record")):
        browser.click(f'a[data-view="{view}"]')
        browser.until(f"!!document.querySelector('#view-{view} {shown}')")
        assert browser.evaluate(FITS), view
    assert browser.complaints() == []
