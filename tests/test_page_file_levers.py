"""The one-file page where a lever stands at what was not computed: nothing on it stands for the edited policy."""

from __future__ import annotations

import contextlib
import io
import json
import re

import pytest
from page_server import Watched, browser, until

pytestmark = pytest.mark.slow


@pytest.fixture
def offline(page_file):
    with browser() as started:
        watched = Watched(started, (1440, 900), offline=True)

        def go(where: str):
            page = watched.open(page_file.as_uri() + where)
            until(page, "document.querySelector('#badge').textContent && !document.querySelector('#badge.wait')")
            return page

        yield go
        watched.close()
        assert not watched.complaints


def shown(page) -> dict:
    return json.loads(page.evaluate("JSON.stringify(CC.asking.answer.cells.homicides)"))


WORDS = {
    "en": ("those of Demand side without it", "No figures for Demand side (edited)", "worlds of Demand side, without"),
    "es": ("sin el cambio. La página en vivo", "Sin cifras para", "sin el cambio"),
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("by", ["hand", "link"])
def test_a_lever_that_was_not_computed_shows_the_policy_without_it_and_says_so(offline, language, by):
    where = f"?{by}{language}#/compare?lang={language}&b=demand-side"
    plain = shown(offline(where))
    page = offline(where.replace("?", "?y", 1) + ("&b.dialogue=0.33" if by == "link" else ""))
    if by == "hand":
        page.evaluate("CC.levers.set('dialogue', 0.33)")
    until(page, "CC.asking.settled && CC.asking.answer.unchanged")
    name = page.evaluate("CC.policyName('demand-side')")
    notice, answer, badge = WORDS[language]
    notice, answer, badge = (text.replace("Demand side", name) for text in (notice, answer, badge))
    assert notice in page.locator("#notice").inner_text()
    assert name in page.locator("#notice").inner_text()
    assert page.locator("#answer").inner_text().startswith(answer)
    assert page.locator("#answer .size").count() == 0
    assert badge in page.locator("#badge").inner_text()
    assert "more are coming" not in page.locator("#badge").inner_text()
    assert shown(page) == plain
    assert not page.locator("#grid [data-verdicts] span").count()
    legend = page.locator("[data-name-of=B]").inner_text()
    assert legend == name
    assert page.locator(".cell").first.get_attribute("aria-label").startswith(f"{name}, ")
    assert float(page.locator(".cell canvas").first.evaluate("part => getComputedStyle(part).opacity")) < 0.6
    page.locator("#reset").click()
    until(page, "CC.asking.settled && !CC.asking.answer.unchanged")
    assert not page.locator("#notice").is_visible()
    assert not page.locator("#answer").inner_text().startswith(answer)
    assert float(page.locator(".cell canvas").first.evaluate("part => getComputedStyle(part).opacity")) == 1


def test_a_link_with_another_reference_gets_no_answer(offline):
    page = offline("#/compare?lang=en&a=demand-side&b=coordinated-strikes")
    assert page.locator("#badge").inner_text() == "not computed"
    assert page.locator("#answer").inner_text().startswith("No figures for")
    assert "crosscurrent serve" in page.locator("#notice").inner_text()
    page.locator("#a").select_option("status-quo")
    until(page, "CC.asking.settled")
    assert not page.locator("#answer").inner_text().startswith("No figures for")


def test_stops_are_said_in_plain_words(offline):
    assert "values already computed" in offline("#/compare?lang=en").locator("#stop-note").inner_text()
    assert "valores ya calculados" in offline("?e#/compare?lang=es").locator("#stop-note").inner_text()


def test_share_in_a_file_is_about_the_file(offline):
    """The link is an end of the file's own address; the printed code repeats the worlds that the file has."""
    page = offline("#/compare?lang=en&b=demand-side")
    page.locator("#share").click()
    assert page.locator("#share-box pre").first.inner_text().startswith("#/compare?")
    assert "opens in this same file" in page.locator("#share-box").inner_text()
    page.locator("#share-box summary").click()
    code = page.locator("#share-box pre", has_text="import numpy").inner_text()
    assert "--worlds 16" in page.locator("#share-box").inner_text()
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        exec(compile(code, "shared", "exec"), {})
    drawn, lines = shown(page), told.getvalue().splitlines()
    assert len(lines) == len(drawn)
    for line in lines:
        theory, low, high = re.match(r"(\S+) \[\s*(\S+)\s+(\S+?)\s*\]", line).groups()
        assert float(low) == pytest.approx(drawn[theory]["d"][0][-1], rel=2e-3, abs=0.6)
        assert float(high) == pytest.approx(drawn[theory]["d"][4][-1], rel=2e-3, abs=0.6)
