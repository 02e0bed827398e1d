"""The pathway map in a real browser: what is simulated is drawn, said and tabled; every part leads to its source."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from page_server import Watched, until

pytestmark = pytest.mark.slow
WIDE, SMALL = (1440, 900), (390, 844)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WHERE = "#/flips?lang={}&objective=cooperation-holds&theory=force-provokes"


@pytest.fixture
def visit(started, address, opened):
    """Open an address, go to the map and wait until all its worlds are in."""

    def go(where: str, size: tuple[int, int] = WIDE):
        watched = Watched(started, size)
        opened.append(watched)
        page = watched.open(address + where)
        settle(page)
        return page

    yield go
    assert not [url for watched in opened for url in watched.asked if not url.startswith((address, "data:", "blob:"))]


def settle(page) -> None:
    until(page, "document.querySelector('#pathways') !== null")
    # What stands above it grows meanwhile and pushes it away.
    until(page, "(CC.one('#pathways').scrollIntoView(), CC.pathways.found !== null)", 120)
    until(page, "CC.pathways.found && CC.pathways.found.worlds === 256", 120)


def test_nothing_is_simulated_before_somebody_comes_near(started, address):
    watched = Watched(started, WIDE)
    page = watched.open(address + "#/flips?lang=en")
    page.wait_for_selector(".matrix")
    assert not [url for url in watched.asked if url.endswith("api/pathways")]
    page.locator("#pathways").scroll_into_view_if_needed()
    until(page, "CC.pathways.found !== null", 120)
    assert [url for url in watched.asked if url.endswith("api/pathways")]
    watched.close()


def test_what_is_drawn_is_what_the_server_simulated(visit, address):
    httpx = pytest.importorskip("httpx")
    page = visit(WHERE.format("en"))
    question = {"objective": "cooperation-holds", "theory": "force-provokes"}
    found = httpx.post(address + "api/pathways", json=question).json()
    assert page.evaluate("CC.pathways.found.lines") == found["lines"]
    assert page.locator(".path-row [data-line]").count() == len(found["lines"])
    assert page.locator(".path-row [data-path]").count() == len(found["pathways"])
    steps = [step for each in found["pathways"] for step in each["transfers"] if step["dates"]["first"]]
    assert page.locator(".path-way circle").count() == len(steps)
    assert page.locator(".path-way circle.gone").count() == sum(step["irreversible"] for step in steps)
    said = page.locator("#paths-state").inner_text()
    assert said == f"256 worlds for each line under Force provokes, seed 0; 0 of {found['runs']:,} runs failed."


def test_a_band_is_as_thick_as_the_share_of_worlds(visit):
    """At the end of the horizon: the share in which the objective holds, of the thickness of all worlds."""
    page = visit(WHERE.format("en"))
    drawn = page.evaluate("""[...document.querySelectorAll('.path-block:not(.switching) .path-band')].map(band => {
        const ends = [...band.getAttribute('d').matchAll(/98.5 ([\\d.]+)/g)].map(found => +found[1]);
        return (Math.max(...ends) - Math.min(...ends)) / 15; })""")
    shares = page.evaluate("CC.pathways.found.lines.map(row => row.never)")
    assert drawn == pytest.approx(shares, abs=0.002)
    ticks = page.evaluate("""[...document.querySelectorAll('.path-block:not(.switching) .path-tip.wide')].map(
        tick => parseFloat(tick.getAttribute('x1')))""")
    dates = page.evaluate("CC.pathways.found.lines.filter(row => row.dates.first).map(row => row.dates.middle)")
    months = [12 * int(date[:4]) + int(date[5:]) - 1 for date in dates]
    first, last = 12 * 2025 + 2, 12 * 2035 + 2
    assert ticks == pytest.approx([1.5 + 97 * (month - first) / (last - first) for month in months], abs=0.01)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", r": in [<>\d]+ ± \d+ of 100 worlds under Force provokes, no tipping by Mar 2035; in .+ missed from"),
        ("es", r": en [<>\d]+ ± \d+ de 100 mundos según La fuerza provoca, sin punto de inflexión hasta mar 2035; en"),
    ],
)
def test_every_row_says_its_figures(visit, language, words):
    page = visit(WHERE.format(language))
    rows = page.locator(".path-row button")
    names = rows.evaluate_all("rows => rows.map(row => [row.getAttribute('aria-label'), row.innerText])")
    assert len(names) == 11
    for name, shown in names:
        assert re.search(words, name)
        assert shown.split("\n")[-1] in name
    assert page.locator("#paths-map .path-table tbody tr").count() == 16


HELP = """change => { const found = structuredClone(CC.pathways.found);
    const none = { longer: 0, shorter: 0, longer_error: .01, shorter_error: .01 };
    for (const row of found.pathways) Object.assign(row, none);
    Object.assign(found.pathways[0], change);
    const late = { share: .64, too_late: .64, share_error: .02 };
    for (const step of found.pathways[0].transfers) Object.assign(step, late);
    drawPaths(found);
    return [CC.one('.path-help')?.innerText ?? '', CC.one('.path-notes li').innerText]; }"""


@pytest.mark.parametrize(
    ("language", "question", "longer", "shorter", "neither", "late"),
    [
        ("en", "Would switching in time help?", "clearly longer along a;", "clearly less long along a;",
         "not clearly longer or shorter along a,", "comes late: in 64 ± 3 of 100 worlds it is made, in 64"),
        ("es", "¿Ayudaría cambiar a tiempo?", "claramente más tiempo en a;", "claramente menos tiempo en a;",
         "ni claramente más ni claramente menos tiempo en a,", "llega tarde: en 64 ± 3 de 100 mundos se hace, en 64"),
    ],
)  # fmt: skip
def test_whether_switching_helps_has_three_outcomes(visit, language, question, longer, shorter, neither, late):
    """Paired with its own first policy; clear beyond eight in ten, less the error; older maps do not say."""
    page = visit(WHERE.format(language))
    for change, words in (({"longer": 0.9}, longer), ({"shorter": 0.9}, shorter), ({"longer": 0.81}, neither)):
        answer, note = page.evaluate(HELP, change)
        assert answer.startswith(question)
        assert words in answer
        assert late in note
    _, note = page.evaluate(HELP, {"longer": None, "longer_error": None})
    assert late in note
    assert page.evaluate("errorLeast(0, 256)") == 3 / 256


def test_an_edited_b_is_said_to_be_on_no_line(visit):
    page = visit(WHERE.format("en") + "&b.treatment=0.6")
    assert "B with moved levers is on no line" in page.locator("#paths-map").inner_text()
    assert "moved levers" not in visit(WHERE.format("en")).locator("#paths-map").inner_text()


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_phone_shows_objectives_whole(visit, language):
    """Each name in the list is narrower than the list, and the objective stands in full below it."""
    page = visit(WHERE.format(language), SMALL)
    widths = page.evaluate("""() => { const list = CC.one('#paths-objective');
        const pen = document.createElement('canvas').getContext('2d');
        pen.font = getComputedStyle(list).font;
        return [list.clientWidth, ...[...list.options].map(one => pen.measureText(one.text).width)]; }""")
    assert max(widths[1:]) + 30 < widths[0]
    own = page.evaluate("CC.label('objective', CC.pathways.objective().id, CC.pathways.objective().label)")
    assert own in page.locator("#paths-choices").inner_text()


def test_the_theory_and_objective_are_in_the_address_and_theories_stay_apart(visit):
    page = visit(WHERE.format("en"))
    before = page.evaluate("CC.pathways.found.lines[0].never")
    page.locator("[data-path-theory=force-deters]").click()
    assert "theory=force-deters" in page.url
    assert page.evaluate("document.activeElement.dataset.pathTheory") == "force-deters"
    until(page, "CC.pathways.found && CC.pathways.found.theory === 'force-deters'", 120)
    assert page.evaluate("CC.pathways.found.lines[0].never") != before
    page.locator("#paths-objective").select_option("homicides-below-the-worst-year")
    assert "objective=homicides-below-the-worst-year" in page.url
    until(page, "CC.pathways.found && CC.pathways.found.objective === 'homicides-below-the-worst-year'", 120)
    settle(page)
    shown = page.locator(".path-row .path-figures").all_inner_texts()
    again = visit(page.url[page.url.index("#") :])
    assert again.locator("[aria-pressed=true][data-path-theory]").get_attribute("data-path-theory") == "force-deters"
    assert again.locator(".path-row .path-figures").all_inner_texts() == shown


def test_every_part_leads_to_its_source_in_two_clicks_and_from_the_keyboard(visit):
    page = visit(WHERE.format("en"))
    page.locator("[data-goal]").first.click()
    drawer = page.locator("#drawer")
    text = drawer.inner_text()
    assert "at least 40" in text
    assert "us_mexico/pathways.yaml:" in text
    assert "Assumption: no record stands behind it." in text
    drawer.locator("[data-explain=security_cooperation]").click()
    page.wait_for_selector("#drawer .assumption")
    page.keyboard.press("Escape")
    line = page.locator(".path-row [data-line='joint-partnership']")
    line.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer .record .cite")
    page.keyboard.press("Escape")
    until(page, "!document.querySelector('#drawer').open")
    assert page.evaluate("document.activeElement.dataset.line") == "joint-partnership"
    page.locator(".path-row [data-path]").first.click()
    text = drawer.inner_text()
    assert re.search(r"below 35 .* for 13 weeks in a row", text)
    assert "cannot be taken back" in text
    assert "150 million USD" in text
    assert "As in the pathway from open strikes to partnership" in text
    drawer.locator("[data-explain=joint-partnership]").first.click()
    page.wait_for_selector("#drawer .record .cite")


@pytest.mark.parametrize(
    ("language", "none", "missed"),
    [
        ("en", "no tipping within the horizon", "missed from the start in every world"),
        ("es", "sin punto de inflexión en el horizonte", "incumplido desde el inicio en todo mundo"),
    ],
)
def test_no_tipping_is_a_full_state(visit, language, none, missed):
    """As is the contrary; neither draws an interval. A world that failed is no share of anything."""
    page = visit(WHERE.format(language))
    page.evaluate("""() => { const found = structuredClone(CC.pathways.found);
        const dates = {first: '', middle: '', last: ''};
        const full = {reached: 0, from_start: 0, never: 1, never_error: 0, from_start_error: 0, reached_error: 0};
        for (const row of [...found.lines, ...found.pathways]) Object.assign(row, full, {dates});
        Object.assign(found.lines[1], {never: 0, from_start: 1});
        Object.assign(found.lines[2], {never: null, from_start: null, reached: null, worlds: 0, failed: 256});
        for (const step of found.pathways[0].transfers) Object.assign(step, {share: 0, dates});
        drawPaths(found); }""")
    text = page.locator(".path-chart").all_text_contents()
    assert none in text[0]
    assert missed in text[0]
    assert page.locator(".path-block .path-tip").count() == 0
    said = page.locator(".path-row button").evaluate_all("rows => rows.map(row => row.getAttribute('aria-label'))")
    assert sum("256" in name for name in said) == 10
    assert page.locator(".path-way").count() == 2 * 4
    page.evaluate("drawPaths({...CC.pathways.found, judged: false})")
    assert page.locator("#paths-map .absent").inner_text()


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_it_fits_and_axe_finds_nothing(visit, size, language):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit(WHERE.format(language), size)
    page.locator("#paths-map summary").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = "button => Math.min(button.getBoundingClientRect().width, button.getBoundingClientRect().height)"
    sizes = page.locator("#pathways button").evaluate_all(f"buttons => buttons.map({small})")
    assert min(size for size in sizes if size) >= 24
    for part in ("#pathways", "#drawer"):
        if part == "#drawer":
            page.evaluate("document.querySelector('.path-row [data-path]').click()")
            page.wait_for_timeout(300)
        found = axe.run(page, context=part, options={"runOnly": RULES}).response["violations"]
        problems = [(rule["id"], [node["html"][:160] for node in rule["nodes"][:3]]) for rule in found]
        assert not problems, f"{part}: {problems}"


def test_a_and_b_are_marked_on_their_lines(visit):
    """B only as the case states it: with moved levers it is on no line."""
    page = visit(WHERE.format("en"))
    tags = "[...document.querySelectorAll('.path-tag')].map(tag => [tag.innerText, tag.closest('button').dataset.line])"
    assert page.evaluate(tags) == [["A", "status-quo"]]
    page.locator("[data-policy=joint-partnership]").click()
    assert page.evaluate(tags) == [["A", "status-quo"], ["B", "joint-partnership"]]
    assert page.locator(".path-band.b").count() == 1
    page.evaluate("CC.setLever('dialogue', 0.1); CC.pathways.mark()")
    assert page.evaluate(tags) == [["A", "status-quo"]]


def test_the_commands_give_the_same_figures(visit, tmp_path):
    """What *Share and reproduce* prints is typed into a shell; the shares are those on the screen."""
    page = visit(WHERE.format("en"))
    shown = page.evaluate("CC.pathways.found")
    page.locator("#share").click()
    page.locator("#share-box summary").click()
    shell = page.locator("#share-box pre").all_inner_texts()[3]
    assert shell.endswith("crosscurrent pathways pathways-results --measure security_cooperation")
    crosscurrent = f'crosscurrent() {{ "{sys.executable}" -m crosscurrent "$@"; }}\n'
    compare, _, pathways = shell.rpartition("\n")
    text = f"{crosscurrent}{compare} >/dev/null\n{pathways} --json"
    ran = subprocess.run(["bash", "-ec", text], cwd=tmp_path, capture_output=True, text=True, check=True)
    (found,) = json.loads(ran.stdout)["objectives"]
    assert found["theories"] == ["force-provokes"]
    for line, row in zip(found["lines"], shown["lines"], strict=True):
        for key in ("from_start", "reached", "never", "never_error"):
            assert row[key] == pytest.approx(line["tipping"][0][key], abs=6e-5)
        assert row["dates"] == line["tipping"][0]["dates"]
    for path, row in zip(found["pathways"], shown["pathways"], strict=True):
        assert [step["share"] for step in row["transfers"]] == pytest.approx(
            [step["share"] for step in path["transfers"]], abs=6e-5
        )
