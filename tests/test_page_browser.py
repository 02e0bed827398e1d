"""The page in a real browser: real worlds drawn, words that obey the rules, keyboard, languages, sizes."""

from __future__ import annotations

import contextlib
import io
import json
import re

import pytest
from page_server import laboratory, until

pytestmark = pytest.mark.slow
WIDE, SMALL = (1440, 900), (390, 844)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def numbers(page) -> dict:
    return page.evaluate("JSON.parse(JSON.stringify(CC.asking.answer.cells))")


def test_moving_a_lever_draws_the_worlds_of_that_lever(visit):
    """What is drawn is what the laboratory answers, for the very lever value on the screen."""
    from crosscurrent.web.questions import Question

    page = visit("#/compare?lang=en&b=unilateral-strikes")
    before = page.locator("canvas").first.evaluate("canvas => canvas.toDataURL()")
    slider = page.locator("#l-leadership_strikes")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    until(page, "!CC.asking.settled")
    until(page, "CC.asking.settled && CC.asking.answer.worlds === 256")
    assert page.evaluate("CC.state.over") == {"leadership_strikes": 4}
    assert page.locator("#l-leadership_strikes").get_attribute("aria-valuetext") == "4.0/month"
    shown = numbers(page)
    question = Question(b="unilateral-strikes", levers={"leadership_strikes": 4.0}, worlds=256)
    expected = json.loads(json.dumps(laboratory().compare(question)["cells"]))
    assert shown == expected
    after = page.locator("canvas").first.evaluate("canvas => canvas.toDataURL()")
    assert after != before
    assert "b.leadership_strikes=4" in page.url


def test_the_same_address_gives_the_same_numbers(visit):
    where = "#/compare?lang=en&b=joint-partnership&b.dialogue=0.4&y=2030"
    first, second = visit(where), visit(where)
    for page in (first, second):
        until(page, "CC.asking.answer.worlds === 1024")
    assert numbers(first) == numbers(second)
    assert first.locator("#answer").inner_text() == second.locator("#answer").inner_text()


def test_unknown_parts_of_an_address_are_kept_and_bad_ones_do_no_harm(visit):
    bad = "b=no-such&b.treatment=abc&b.none=3&b.prevention=99&y=1990&embed=1&case=us_mexico%40old"
    page = visit(f"#/compare?lang=en&{bad}")
    assert "embed=1" in page.url
    assert "b.none=3" in page.url
    assert page.evaluate("CC.state.over") == {"prevention": 1}
    assert page.locator("#notice").is_visible()
    assert "case" in page.locator("#notice").inner_text()


WORDING = [
    # groups, sense, English, Spanish
    ({"up": ["X"], "down": ["Y"], "open": ["Z"]}, -1,
     "The theories contradict each other. M, D: lower with B under X; higher with B under Y; not clear under Z.",
     "Las teorías se contradicen. M, D: menor con B según X; mayor con B según Y; no está claro según Z."),
    ({"up": ["X", "Y"], "down": [], "open": ["Z"]}, -1,
     "M, D: lower with B under X and Y; not clear under Z.", "M, D: menor con B según X y Y; no está claro según Z."),
    ({"up": ["X"], "down": [], "open": ["Z"]}, 1,
     "M, D: higher with B under X; not clear under Z.", "M, D: mayor con B según X; no está claro según Z."),
    ({"up": [], "down": ["X"], "open": ["Z"]}, 1,
     "M, D: lower with B under X; not clear under Z.", "M, D: menor con B según X; no está claro según Z."),
    ({"up": [], "down": [], "open": ["X", "Z"]}, -1,
     "M, D: not clear under any theory; none separates the two policies.",
     "M, D: no está claro según ninguna teoría; ninguna separa las dos políticas."),
    ({"up": ["X", "Z"], "down": [], "open": []}, -1,
     "M, D: would be lower with B under every theory.", "M, D: sería menor con B según todas las teorías."),
    ({"up": [], "down": ["X", "Z"], "open": []}, -1,
     "M, D: would be higher with B under every theory.", "M, D: sería mayor con B según todas las teorías."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "place"), [("en", 2), ("es", 3)])
def test_the_wording_rules(visit, language, place):
    """Three outcomes only; contradiction only where two theories are clear in opposite directions."""
    page = visit(f"#/sources?lang={language}")
    for row in WORDING:
        given = {"measure": "M", "date": "D", "sense": row[1], "groups": row[0], "same": False}
        said = page.evaluate("given => CC.say.answer(given)", given)
        assert said.replace("X e Y", "X y Y") == row[place]
    groups = {"up": [], "down": [], "open": []}
    given = {"measure": "M", "date": "D", "sense": 1, "groups": groups, "same": True}
    same = {"en": "A and B are the same: no lever differs.", "es": "A y B son iguales: ninguna palanca difiere."}
    assert page.evaluate("given => CC.say.answer(given)", given) == same[language]


def test_no_share_is_rounded_to_certainty(visit):
    page = visit("#/sources?lang=en")
    shown = {1: "100", 0.999: ">99", 0.996: ">99", 0.5: "50", 0.004: "<1", 0: "0", None: "?"}
    assert {share: page.evaluate("share => CC.say.hundred(share)", share) for share in shown} == shown


FIGURES = [
    ("CC.range('homicides', 28312, 46877)", "28,500 to 47,000", "de 28,500 a 47,000"),
    ("CC.signedRange('homicides', -412.3, 118.9)", "−420 to +120", "de −420 a +120"),
    ("CC.signedRange('homicides', 0, 0)", "±0 to ±0", "de ±0 a ±0"),
    ("CC.range('trust', 0.412, 0.657)", "41 to 66", "de 41 a 66"),
    ("CC.tick(-12500, true)", "−12,500", "−12,500"),
    ("CC.dateOf(40)", "April 2035", "abril de 2035"),
    ("CC.t('levers.changed', {n: 1})", "1 differs from A", "1 distinta de A"),
    ("CC.t('levers.changed', {n: 3})", "3 differ from A", "3 distintas de A"),
]


@pytest.mark.parametrize(("language", "place"), [("en", 1), ("es", 2)])
def test_figures_are_rounded_to_their_interval_and_written_by_locale(visit, language, place):
    page = visit(f"#/sources?lang={language}")
    assert [page.evaluate(row[0]) for row in FIGURES] == [row[place] for row in FIGURES]


def test_words_wait_for_worlds(visit):
    """While a lever moves the sentence is dimmed and stays as it was; it is written when at least 256 worlds are in."""
    page = visit("#/compare?lang=en&b=demand-side")
    before = page.locator("#answer").inner_text()
    page.evaluate("""() => { window.seen = [];
        new MutationObserver(() => window.seen.push([CC.asking.answer.worlds, CC.asking.settled])).observe(
            document.querySelector('#answer'), {childList: true, characterData: true, subtree: true}); }""")
    page.evaluate("CC.levers.set('leadership_strikes', 8)")
    until(page, "CC.asking.answer.worlds === 64 && !CC.asking.settled")
    assert page.locator("#answer").inner_text() == before
    assert "wait" in page.locator(".answer").get_attribute("class")
    until(page, "CC.asking.settled")
    until(page, "!document.querySelector('.answer').classList.contains('wait')")
    assert all(worlds >= 256 and settled for worlds, settled in page.evaluate("window.seen"))


def test_every_chart_says_its_figures(visit):
    page = visit("#/compare?lang=en&b=unilateral-strikes")
    names = page.locator(".cell").evaluate_all("cells => cells.map(cell => cell.getAttribute('aria-label'))")
    assert len(names) == 24
    for name in names:
        assert re.search(r"A: .+ to .+\. B: .+ to .+\. Difference, same worlds: .+ in .+ of 100 worlds", name)


def test_one_scale_for_all_theories_of_a_row(visit):
    page = visit("#/compare?lang=en&b=unilateral-strikes")
    page.evaluate("""() => { window.scales = {}; const draw = CC.Fan.prototype.draw;
        CC.Fan.prototype.draw = function (view) { const {measure} = this.canvas.closest('.cell').dataset;
            (window.scales[measure] ||= new Set()).add(view.low + ' ' + view.high); draw.call(this, view); };
        CC.compare.paint(); }""")
    sizes = page.evaluate("Object.values(window.scales).map(set => set.size)")
    assert sizes == [1, 1, 1, 1]


def test_drawing_reads_no_layout(visit):
    """Rule of the drawing loop: it only writes."""
    page = visit("#/compare?lang=en&b=unilateral-strikes")
    found = page.evaluate("""() => { let reads = 0;
        for (const [kind, name] of [[HTMLElement, 'offsetWidth'], [HTMLElement, 'offsetHeight'],
                                    [HTMLElement, 'offsetParent'], [Element, 'clientWidth'],
                                    [Element, 'clientHeight'], [Element, 'scrollHeight']]) {
            const own = Object.getOwnPropertyDescriptor(kind.prototype, name);
            Object.defineProperty(kind.prototype, name, {get() { reads++; return own.get.call(this); }}); }
        for (const name of ['getBoundingClientRect', 'getClientRects']) { const own = Element.prototype[name];
            Element.prototype[name] = function () { reads++; return own.call(this); }; }
        const style = window.getComputedStyle;
        window.getComputedStyle = (...given) => { reads++; return style(...given); };
        CC.compare.paint(); return reads; }""")
    assert found == 0


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
def test_groups_of_levers_are_opened_even_handedly(visit, size):
    """Force and prevention alike, at every size, whichever policy is asked about."""
    for policy in ("unilateral-strikes", "social-prevention"):
        page = visit(f"#/compare?lang=en&b={policy}", size)
        names = "groups => groups.map(group => group.dataset.group)"
        assert page.locator("#groups details[open]").evaluate_all(names) == ["force", "prevention"]


def test_everything_works_from_the_keyboard(visit):
    """Skip link, views, question, levers, grid, drawer and back, without a pointer."""
    page = visit("#/compare?lang=en&b=unilateral-strikes")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _ in range(90):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("(part => part.id || part.className || part.tagName)(document.activeElement)"))
        widths = page.evaluate("""(part => [part, part.closest('.chooser') || part].map(
            one => parseFloat(getComputedStyle(one).outlineWidth) || 0))(document.activeElement)""")
        assert max(widths) >= 2, page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
    assert {"share", "a", "b", "year", "middle", "as-table", "l-leadership_strikes", "cell", "theory"} <= reached
    page.locator(".cell").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    here = page.evaluate("[document.activeElement.dataset.measure, document.activeElement.dataset.theory]")
    assert here == ["overdose_deaths", "removal-splits"]
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer[open] .assumption")
    page.keyboard.press("Escape")
    until(page, "!document.querySelector('#drawer').open")
    assert page.evaluate("[document.activeElement.dataset.measure, document.activeElement.dataset.theory]") == here
    page.keyboard.press("[")
    assert page.evaluate("CC.state.year") == 2034


def test_a_number_leads_to_its_source_in_two_clicks(visit):
    page = visit("#/compare?lang=en&b=unilateral-strikes")
    page.locator(".cell").first.click()
    page.wait_for_selector("#drawer .record")
    assert page.locator("#drawer .record .cite").first.inner_text()
    page.locator("#drawer .assumption button").first.click()
    page.wait_for_selector("#drawer .technical")
    assert re.search(r"origin:|Assumption: no record", page.locator("#drawer").inner_text())


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_view_has_a_table_behind_its_charts_and_fits(visit, size, language):
    page = visit(f"#/compare?lang={language}&b=unilateral-strikes&table=1", size)
    assert page.locator("#grid table").count() == (4 if size == WIDE else 1)
    assert page.evaluate("document.documentElement.lang") == language
    for view in ("compare", "flips", "claims", "record", "sources"):
        page.locator(f'a[data-view="{view}"]').click()
        page.wait_for_timeout(1200)
        wide = """[...document.querySelectorAll('main *')].filter(
            part => part.getBoundingClientRect().right > innerWidth + 1 && !part.closest('.scroll')
            ).map(part => part.outerHTML.slice(0, 90)).slice(0, 3)"""
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (view, page.evaluate(wide))


def test_the_levers_of_a_phone_leave_the_charts_in_view(visit):
    page = visit("#/compare?lang=es&b=unilateral-strikes", SMALL, has_touch=True)
    page.locator("#sheet-open").click()
    sheet = page.locator("#levers").bounding_box()
    assert sheet["height"] <= 0.48 * SMALL[1]
    boxes = [page.locator(".cell canvas").nth(number).bounding_box() for number in range(6)]
    assert all(box["y"] >= 0 and box["y"] + box["height"] <= sheet["y"] for box in boxes)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "sheet-open"


def test_the_drawer_shows_what_was_observed_before_the_decision(visit):
    """Dots are the figures of the public series, none later than the decision; a difference has none."""
    case = laboratory().case
    seen = [point.value for point in case.series["inegi_homicides"].points if "homicide" in point.definition]
    page = visit("#/compare?lang=en&b=demand-side")
    page.locator("[data-measure=homicides]").first.click()
    page.wait_for_selector(".observed")
    dots = page.locator(".large path[transform]").count()
    table = page.locator(".observed tbody tr")
    assert dots == table.count() > 8
    years = [int(table.nth(row).locator("th").text_content()) for row in range(dots)]
    assert max(years) < 2025
    shown = [int(table.nth(row).locator("td").text_content().replace(",", "")) for row in range(dots)]
    assert set(shown) <= {round(value) for value in seen}
    assert "Statistics" in page.locator(".observed p").text_content()
    page.keyboard.press("Escape")
    page.locator("[data-mode=difference]").click()
    page.locator("[data-measure=homicides]").first.click()
    page.wait_for_selector("#behind .records")
    assert page.locator(".large").count() == 1
    assert page.locator(".observed").count() == 0


def test_the_figures_below_a_chart_open_as_they_are_printed(visit):
    """Only the chart itself moves the date; a click on its printed figures leads to those figures."""
    page = visit("#/compare?lang=en&b=unilateral-strikes")
    cell = page.locator("[data-measure=homicides]").first
    box, chart = cell.bounding_box(), cell.locator("canvas").bounding_box()
    page.mouse.move(chart["x"] + 10, chart["y"] + 20)
    until(page, "CC.state.point !== null")
    printed = cell.locator(".caption")
    page.mouse.move(box["x"] + 12, box["y"] + box["height"] - 6)
    until(page, "CC.state.point === null")
    share = re.search(r"\d+", printed.inner_text()).group()
    page.mouse.click(box["x"] + 12, box["y"] + box["height"] - 6)
    page.wait_for_selector("#drawer .facts")
    assert "April 2035" in page.locator("#drawer").inner_text()
    assert page.locator("#drawer .facts dd").nth(3).inner_text() == share


def test_another_horizon_is_named(visit):
    page = visit("#/compare?case=us_mexico@00000000&years=5&d=2025-04&seed=0")
    assert "case and horizon" in page.locator("body").inner_text()


def test_a_phone_says_the_verdict_of_every_measure_at_once(visit):
    """Each tab says what each theory finds; a measure chosen elsewhere has a tab, a unit and a scale."""
    page = visit("#/compare?lang=en&b=joint-partnership&m=trust", SMALL)
    tabs = page.locator("[data-tab]")
    assert tabs.count() == 4
    assert tabs.last.get_attribute("data-tab") == "trust"
    for number in range(4):
        measure, at = tabs.nth(number).get_attribute("data-tab"), page.evaluate("CC.pointOf(CC.state.year)")
        clear = [cell["clear"][at] for cell in numbers(page)[measure].values()]
        said = tabs.nth(number).locator("[data-verdicts] > span")
        assert said.count() == len(set(clear))
        assert sum(said.nth(line).locator("svg").count() for line in range(said.count())) == len(clear)
    head = page.locator(".fans .row-head")
    assert "index" in head.inner_text()
    assert head.locator("[data-explain=trust]").is_visible()
    assert page.locator(".cell .axis").first.inner_text().strip()


def test_no_english_is_left_on_the_spanish_page(visit):
    """Whatever is still English says so (``lang="en"``): evidence, reasoning, the words of sources."""
    page = visit("#/compare?lang=es&b=unilateral-strikes")
    page.locator(".cell").first.click()
    page.wait_for_selector("#drawer .record")
    text = page.evaluate("""() => { const copy = document.body.cloneNode(true);
        copy.querySelectorAll('[lang=en],script,code,pre,option').forEach(part => part.remove());
        return copy.innerText; }""")
    english = re.findall(r"\b(the|with|worlds|under|policy|levers|years|higher|lower|source|which|and)\b", text, re.I)
    assert not english


def test_a_label_is_text_and_never_markup(visit):
    page = visit("#/sources?lang=en")
    page.locator("#find").fill("<img src=x onerror=alert(1)>")
    page.evaluate("CC.state.find = '<b>x</b>'; CC.sources.build()")
    assert page.locator("#find").input_value() == "<b>x</b>"
    assert page.locator("main b:text-is('x')").count() == 0


def assert_python_repeats_the_page(code: str, page) -> None:
    """The printed code gives the very intervals that are drawn."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        exec(compile(code, "shared", "exec"), {})
    for line in told.getvalue().splitlines():
        theory, low, high = re.match(r"(\S+) \[\s*(\S+)\s+(\S+?)\s*\]", line).groups()
        drawn = page.evaluate("theory => CC.asking.answer.cells.homicides[theory].d.map(level => level[40])", theory)
        assert float(low) == pytest.approx(drawn[0], rel=2e-3, abs=0.6)
        assert float(high) == pytest.approx(drawn[4], rel=2e-3, abs=0.6)


def assert_policy_can_be_added(shell: str, folder) -> None:
    """The edited policy, added to a copy of the case as the commands say, is a valid policy with those levers."""
    from crosscurrent.case import load_case, new_case

    new_case(folder / "my-case")
    text = re.search(r"<<'END'\n(.*?)\nEND", shell, re.DOTALL)[1]
    with (folder / "my-case" / "policies.yaml").open("a", encoding="utf-8") as file:
        file.write(text + "\n")
    levers = load_case(folder / "my-case").policies["my-policy"].levers
    assert levers["prevention"] == 0.5
    assert levers["leadership_strikes"] == 2.0


def test_share_says_how_to_repeat_it(visit, tmp_path):
    page = visit("#/compare?lang=en&b=unilateral-strikes&b.prevention=0.5")
    page.locator("#share").click()
    page.locator("#share-box summary").click()
    blocks = page.locator("#share-box pre").all_inner_texts()
    assert "b.prevention=0.5" in blocks[0]
    assert 'worlds.orders("unilateral-strikes", {"prevention":0.5})' in blocks[1]
    assert "crosscurrent compare --case my-case --policies status-quo,my-policy" in blocks[2]
    until(page, "CC.asking.answer.worlds === 1024")
    assert_python_repeats_the_page(blocks[1], page)
    assert_policy_can_be_added(blocks[2], tmp_path)
    with page.expect_download() as saved:
        page.locator("[data-download=csv]").click()
    saved.value.save_as(tmp_path / "figures.csv")
    rows = (tmp_path / "figures.csv").read_text().splitlines()
    assert rows[0].startswith("measure,theory,date,worlds")
    assert len(rows) == 1 + 4 * 6 * 41


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_axe_finds_nothing(visit, size, language):
    """WCAG 2.2 A and AA, by axe-core, in every view, the drawer, the sheet, the table and the share box."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit(f"#/compare?lang={language}&b=unilateral-strikes", size)

    def clean(where: str) -> None:
        page.wait_for_timeout(400)
        found = axe.run(page, options={"runOnly": RULES}).response["violations"]
        problems = [(rule["id"], [node["html"][:160] for node in rule["nodes"][:3]]) for rule in found]
        assert not problems, f"{where}: {problems}"

    clean("compare")
    if size == SMALL:
        page.locator("#sheet-open").click()
        clean("sheet")
        page.locator("#sheet-close").click()
    page.evaluate("document.querySelector('[data-mode=difference]').click()")
    clean("difference")
    page.evaluate("document.querySelector('.cell').click()")
    page.wait_for_selector("#drawer .record")
    clean("drawer")
    page.keyboard.press("Escape")
    page.locator("#share").click()
    clean("share")
    page.keyboard.press("Escape")
    page.locator("#as-table").check()
    clean("table")
    # The other views have one structure in both languages; long lists are looked at in part, for time's sake.
    for view in ("flips", "claims", "record", "sources") if language == "en" else ("flips",):
        page.locator(f'a[data-view="{view}"]').click()
        page.wait_for_timeout(1500)
        if view == "sources":
            page.locator("#find").fill("homicide")
        if view == "claims":
            page.locator("[data-show=supporter]").click()
        clean(view)
