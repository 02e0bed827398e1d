"""Blending with one's own weights in a real browser: asked for first, printed everywhere, repeated by a link."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re

import pytest
from page_server import Watched, laboratory, until, write_page_of

from crosscurrent.web.blending import BLEND
from crosscurrent.web.questions import Question

pytestmark = pytest.mark.slow
WIDE, SMALL = (1440, 900), (390, 844)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WEIGHTS = [2, 1, 0, 1, 1, 1]
LINK = "#/compare?lang={}&b=unilateral-strikes&blend=2,1,0,1,1,1"


def shown(page) -> list[dict]:
    return page.evaluate("CC.asking.answer.cells.homicides[CC.BLEND]")


def test_weights_are_asked_for_first_by_keyboard_alone(visit):
    """Empty fields, a problem that is named and focused, then a seventh column beside the six, without a pointer."""
    page = visit("#/compare?lang=en&b=unilateral-strikes")
    assert page.locator(".of-blend").count() == 0
    page.locator("#blend-corner").focus()
    page.keyboard.press("Enter")
    assert page.locator("#blend-box input").evaluate_all("fields => fields.map(field => field.value)") == [""] * 6
    text = page.locator("#blend-box").inner_text()
    assert "your own beliefs" in text
    assert "hides where the theories disagree" in text
    page.keyboard.press("Enter")
    assert "whole number from 0 to 99" in page.locator("#blend-problem").inner_text()
    assert page.evaluate("document.activeElement.id") == "w-removal-weakens"
    for _ in WEIGHTS:
        page.keyboard.type("0")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "above 0" in page.locator("#blend-problem").inner_text()
    for weight in WEIGHTS:
        page.keyboard.press("Control+A")
        page.keyboard.type(str(weight))
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    until(page, "!document.querySelector('#blend-box').open && CC.asking.settled")
    assert page.evaluate("document.activeElement.id") == "blend-corner"
    assert page.locator(".theory").count() == 7
    assert page.locator(".cell").count() == 28
    assert "blend=2%2C1%2C0%2C1%2C1%2C1" in page.url
    page.go_back()
    until(page, "CC.state.blend === null && document.querySelectorAll('.cell').length === 24")


@pytest.mark.parametrize("text", ["1.5", "-1", "x", "1e"])
def test_only_whole_numbers_are_weights(visit, text):
    page = visit("#/compare?lang=en")
    page.locator("#blend-corner").click()
    page.locator("#blend-equal").click()
    page.locator("#w-force-deters").evaluate("(field, text) => { field.value = text; }", text)
    page.locator("#blend-form .solid").click()
    assert page.evaluate("document.activeElement.id") == "w-force-deters"
    assert page.evaluate("CC.state.blend") is None
    page.keyboard.press("Escape")
    assert page.locator(".of-blend").count() == 0


def test_a_link_restores_the_blend_and_its_numbers(visit):
    page = visit(LINK.format("en"))
    expected = laboratory().compare(Question(b="unilateral-strikes", worlds=256, blend=tuple(WEIGHTS)))
    if page.evaluate("CC.asking.answer.worlds") == 256:
        assert shown(page) == json.loads(json.dumps(expected["cells"]["homicides"][BLEND]))
    assert (
        page.locator("#answer .own").inner_text().startswith("Under your weights (2 · 1 · 0 · 1 · 1 · 1), not clear: ")
    )
    assert "Under your weights" in page.locator("#status").inner_text()
    assert page.locator("#answer").evaluate("part => part.firstChild.data") == page.evaluate(
        """CC.say.answer({measure: CC.measureName('homicides'), date: CC.dateOf(40), sense: -1, same: false,
        groups: Object.fromEntries(Object.entries(CC.say.sorted(Object.fromEntries(CC.case.theories.map(({id}) =>
        [id, CC.asking.answer.cells.homicides[id].clear[40]])))).map(([key, ids]) =>
        [key, ids.map(id => CC.quoted(CC.theoryName(id)))]))})"""
    )


@pytest.mark.parametrize("given", ["2,1", "0,0,0,0,0,0", "1,1,1,1,1,x", "<b>x</b>"])
def test_weights_that_cannot_be_read_are_kept_and_named(visit, given):
    page = visit(f"#/compare?lang=en&blend={given}")
    assert given in page.locator("#notice").inner_text()
    assert page.locator(".of-blend").count() == 0
    assert page.evaluate("new URLSearchParams(location.hash.split('?')[1]).get('blend')") == given


def test_the_weights_are_printed_wherever_the_blend_is(visit, tmp_path):
    page = visit(LINK.format("en"))
    until(page, "CC.asking.answer.worlds === 1024")
    head = page.locator(".theory.of-blend")
    assert re.findall(r"\d", head.inner_text()) == ["2", "1", "0", "1", "1", "1"]
    assert head.locator("svg[aria-label]").count() == 6
    names = page.locator(".cell.of-blend").evaluate_all("cells => cells.map(cell => cell.getAttribute('aria-label'))")
    assert len(names) == 4
    assert all(name.startswith("Your blend, weights 2, 1, 0, 1, 1, 1. ") for name in names)
    page.locator(".cell.of-blend").first.click()
    page.wait_for_selector("#drawer .assumption")
    record = page.locator("#drawer p.small code").last.inner_text()
    assert record.endswith("blend removal-weakens=2 removal-splits=1 markets-replace=0 force-deters=1 "
                           "force-provokes=1 demand-decides=1")  # fmt: skip
    assert page.locator("#drawer table tbody tr").first.inner_text().split()[-2] == "2"
    page.keyboard.press("Escape")
    page.locator("#as-table").check()
    assert (
        page.locator("#grid table").first.locator("tbody tr").last.inner_text().startswith(" Your blend, weights 2, 1")
    )
    page.locator("#as-table").uncheck()
    page.locator("#share").click()
    assert "blend=2%2C1%2C0%2C1%2C1%2C1" in page.locator("#share-box pre").first.inner_text()
    with page.expect_download() as saved:
        page.locator("[data-download=csv]").click()
    assert saved.value.suggested_filename == "crosscurrent-unilateral-strikes-blend-2-1-0-1-1-1.csv"
    saved.value.save_as(tmp_path / "figures.csv")
    with (tmp_path / "figures.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    own = [row for row in rows if row["theory"] == "your-blend"]
    assert len(own) == 4 * 41
    assert len(rows) == 4 * 7 * 41
    assert {row["weights"] for row in own} == {
        record.partition(" · blend")[2] and "blend" + record.partition("blend")[2]
    }
    assert {row["weights"] for row in rows if row["theory"] != "your-blend"} == {""}


def test_python_repeats_the_blend(visit):
    page = visit(LINK.format("en"))
    until(page, "CC.asking.answer.worlds === 1024")
    page.locator("#share").click()
    page.locator("#share-box summary").click()
    code = page.locator("#share-box pre").nth(1).inner_text()
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        exec(compile(code, "shared", "exec"), {})
    low, high, share = re.match(
        r"blend \[2, 1, 0, 1, 1, 1\] \[\s*(\S+)\s+(\S+?)\s*\] (\S+)", told.getvalue().splitlines()[-1]
    ).groups()
    drawn = shown(page)
    assert float(low) == pytest.approx(drawn["d"][0][40], rel=2e-3, abs=0.6)
    assert float(high) == pytest.approx(drawn["d"][4][40], rel=2e-3, abs=0.6)
    assert float(share) == pytest.approx(drawn["better"][40], abs=1e-4)


def test_an_answer_for_other_weights_is_never_shown(visit):
    """Between new weights and their answer nothing stands in the column."""
    page = visit(LINK.format("en"))
    found = page.evaluate("""() => { CC.state.blend = [1, 1, 1, 1, 1, 5]; CC.compare.build();
        return [CC.blend.of(CC.asking.answer), document.querySelector('.cell.of-blend .caption').textContent,
                document.querySelector('#answer .own')]; }""")
    assert found == [None, "", None]


SENTENCES = [
    ("homicides", 0.9, 0.1, 1, "clear: lower with B in 90 of 100 worlds.",
     "está claro: menor con B en 90 de 100 mundos."),
    ("homicides", 0.1, 0.9, -1, "clear: higher with B in 90 of 100 worlds.",
     "está claro: mayor con B en 90 de 100 mundos."),
    ("homicides", 0.4, 0.5, 0, "not clear: lower with B in 40 of 100 worlds, higher in 50.",
     "no está claro: menor con B en 40 de 100 mundos, mayor en 50."),
    ("trust", 0.9, 0.1, 1, "clear: higher with B in 90 of 100 worlds.", "está claro: mayor con B en 90 de 100 mundos."),
    ("trust", 0.1, 0.9, -1, "clear: lower with B in 90 of 100 worlds.", "está claro: menor con B en 90 de 100 mundos."),
    ("groups", 0.4, 0.5, 0, "not clear: higher with B in 40 of 100 worlds, lower in 50.",
     "no está claro: mayor con B en 40 de 100 mundos, menor en 50."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "place"), [("en", 4), ("es", 5)])
def test_three_outcomes_under_ones_own_weights(visit, language, place):
    page = visit(f"#/compare?lang={language}")
    assert page.evaluate("CC.BLEND") == BLEND
    opening = {"en": "Under your weights (2 · 0 · 0 · 0 · 0 · 1), ", "es": "Según sus pesos (2 · 0 · 0 · 0 · 0 · 1), "}
    for measure, better, worse, clear, *_ in SENTENCES:
        said = page.evaluate(
            """([measure, better, worse, clear]) => { const weights = CC.state.blend = [2, 0, 0, 0, 0, 1];
            const cells = {[measure]: {[CC.BLEND]: {better: [better], worse: [worse], clear: [clear]}}};
            return CC.blend.sentence({same: false, blend: {weights}, cells}, measure, 0); }""",
            [measure, better, worse, clear],
        )
        row = next(row for row in SENTENCES if row[:4] == (measure, better, worse, clear))
        assert said == opening[language] + row[place]


def test_a_share_of_all_worlds_is_all_of_them(visit):
    """Thirds and sixths add up: no share falls short of one by rounding."""
    page = visit("#/compare?lang=en")
    found = page.evaluate("""() => { const cell = () => ({worlds: 64, better: [1], worse: [0], error: [.03]});
        const cells = Object.fromEntries(CC.case.theories.map(({id}) => [id, cell()])), all = [];
        for (let first = 0; first < 100; first++)
            all.push(CC.blend.fromStored(cells, [first, 1, 3, 7, 0, 2]).better[0]);
        return [...new Set(all)]; }""")
    assert found == [1]


def test_a_moving_lever_moves_the_blend(visit):
    page = visit(LINK.format("en"))
    before = shown(page)
    page.evaluate("CC.levers.set('leadership_strikes', 9)")
    until(page, "CC.asking.answer.worlds === 64 && !CC.asking.settled")
    until(page, "CC.asking.settled")
    after = shown(page)
    assert after["b"] != before["b"]
    assert after["a"] == page.evaluate("CC.asking.levels.levels.homicides[CC.BLEND]")


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_axe_finds_nothing_and_everything_fits(visit, size, language):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit(LINK.format(language), size)

    def clean(where: str) -> None:
        page.wait_for_timeout(300)
        found = axe.run(page, options={"runOnly": RULES}).response["violations"]
        problems = [(rule["id"], [node["html"][:160] for node in rule["nodes"][:3]]) for rule in found]
        assert not problems, f"{where}: {problems}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where

    clean("compare")
    widths = page.locator(".cell").evaluate_all("cells => cells.map(cell => cell.getBoundingClientRect().width)")
    assert max(widths) - min(widths) < 1.5
    overflowing = """[...document.querySelectorAll('.caption span')].filter(
        part => part.scrollWidth > part.closest('.cell').clientWidth).length"""
    assert page.evaluate(overflowing) == 0
    page.locator("[data-blend=open]:visible").click()
    page.locator("#w-force-deters").fill("x")
    page.locator("#blend-form .solid").click()
    clean("dialog")
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('.cell.of-blend').click()")
    page.wait_for_selector("#drawer .assumption")
    clean("drawer")
    page.keyboard.press("Escape")
    page.locator("#as-table").check()
    clean("table")


def test_the_levers_of_a_phone_leave_the_blend_in_view(visit):
    page = visit(LINK.format("es"), SMALL, has_touch=True)
    page.locator("#sheet-open").click()
    sheet = page.locator("#levers").bounding_box()
    boxes = [page.locator(".cell canvas").nth(number).bounding_box() for number in range(7)]
    assert all(box["y"] >= 0 and box["y"] + box["height"] <= sheet["y"] for box in boxes)


def test_one_file_gives_shares_and_no_bands(started, tmp_path):
    """Shares to the digit, an upper bound of their error, a sentence for the rest; one theory alone is shown whole."""
    path = write_page_of(tmp_path, worlds=64)
    watched = Watched(started, WIDE, offline=True)
    try:
        page = watched.open(path.as_uri() + "#/compare?lang=en&b=demand-side&blend=2,1,0,1,1,1")
        until(page, "CC.asking.settled")
        found = shown(page)
        answer = laboratory().compare(Question(b="demand-side", worlds=64, blend=tuple(WEIGHTS)))
        expected = answer["cells"]["homicides"][BLEND]
        assert "b" not in found
        assert "d" not in found
        for side in ("better", "worse"):
            assert found[side] == pytest.approx(expected[side], abs=6e-5)
        assert all(bound >= error - 1e-4 for bound, error in zip(found["bound"], expected["error"], strict=True))
        clear = [(one, other) for one, other in zip(found["clear"], expected["clear"], strict=True) if one]
        assert all(one == other for one, other in clear)
        label = page.locator(".cell.of-blend").first.get_attribute("aria-label")
        assert label.startswith("Your blend, weights 2, 1, 0, 1, 1, 1.")
        assert "crosscurrent serve" in label
        page.locator(".cell.of-blend").first.click()
        page.wait_for_selector("#drawer .assumption")
        assert page.locator("#drawer .large").count() == 0
        assert "at most ±" in page.locator("#drawer").inner_text()
        page.keyboard.press("Escape")
        page.locator("#as-table").check()
        assert "crosscurrent serve" in page.locator("#grid table").first.inner_text()
        page.evaluate("CC.blend.set([0, 0, 0, 3, 0, 0])")
        until(page, "CC.asking.settled && CC.blend.of(CC.asking.answer)")
        alone = page.evaluate("CC.asking.answer.cells.homicides['force-deters']")
        assert shown(page) == alone
    finally:
        watched.close()
    assert not watched.complaints
