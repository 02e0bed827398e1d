"""What the first view says of size, names and levers without effect, in a real browser."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from page_server import box, laboratory, until

from crosscurrent.study.blocks import Orders

pytestmark = pytest.mark.slow
WIDE, SMALL = (1440, 900), (390, 844)


def size_of(page, measure: str) -> tuple[float, ...]:
    """Lowest and highest end, over the theories, of the paired difference and of A, at the chosen year."""
    cells = json.loads(page.evaluate(f"JSON.stringify(CC.asking.answer.cells['{measure}'])"))
    at = page.evaluate("CC.pointOf(CC.state.year)")
    bands = {key: np.array([[cell[key][0][at], cell[key][4][at]] for cell in cells.values()]) for key in "da"}
    return tuple(float(value) for key in "da" for value in (bands[key].min(), bands[key].max()))


SIZES = {
    "en": r"B − A, range over all theories \(no average\): (\S+) to (\S+); A has (\S+) to (\S+) "
    r"\(.+, 9 in 10 worlds\)\.",
    "es": r"B − A, rango entre todas las teorías \(no promedio\): de (\S+) a (\S+); A tiene de (\S+) a (\S+) "
    r"\(.+, 9 de cada 10 mundos\)\.",
}  # fmt: skip


def number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-").replace("+", "").replace("±", ""))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_answer_says_how_large(visit, language):
    """Clear or not, the sentence has the whole range over the theories and what it is of, to the interval's scale."""
    page = visit(f"#/compare?lang={language}&b=joint-partnership&m=overdose_deaths&y=2032")
    until(page, "CC.asking.settled && CC.asking.answer.worlds === 1024", 90)  # no figure changes after these
    for measure in ("overdose_deaths", "homicides", "security_cooperation"):
        if measure not in page.evaluate("CC.state.rows"):
            continue
        page.evaluate('id => document.querySelector(`[data-tab="${id}"]`).click()', measure)
        found = re.search(SIZES[language], page.locator("#answer").inner_text())
        assert found, page.locator("#answer").inner_text()
        factor = page.evaluate("id => CC.factor(id)", measure)
        exact = [value * factor for value in size_of(page, measure)]
        widths = np.repeat(np.diff(exact)[::2], 2)
        for said, value, wide in zip(map(number, found.groups()), exact, widths, strict=True):
            assert said == pytest.approx(value, abs=0.05 * wide + 0.5)
        assert found[0] in page.locator("#status").text_content()
    page.locator("#b").select_option("status-quo")
    until(page, "CC.asking.settled")
    assert page.locator("#answer .size").count() == 0


def test_a_size_is_an_outer_range_and_is_left_out_where_a_theory_has_no_worlds(visit):
    page = visit("#/compare?lang=en&b=demand-side")
    cells = """[{a: [[10], 0, 0, 0, [20]], b: 1, d: [[-3], 0, 0, 0, [-1]]},
                {a: [[5], 0, 0, 0, [12]], b: 1, d: [[-1], 0, 0, 0, [4]]}]"""
    said = page.evaluate(f"CC.say.size('homicides', {cells}, 0)")
    assert re.search(SIZES["en"], said).groups() == ("−3", "+4", "5", "20")
    assert page.evaluate(f"CC.say.size('homicides', [...{cells}, {{worlds: 0}}], 0)") == ""


ENDS = [
    # intervals, how each prints its own ends, how their range prints its ends
    ([[-10_460, 120], [-3_020, 12_460]], ["−10,500 … ±0", "−3,000 … +12,500"], "−10,500 … +12,500"),
    ([[-812, 3_310], [-803, 100]], ["−800 … +3,400", "−800 … +100"], "−800 … +3,400"),
    ([[-812, 3_260], [-4, 3_281]], ["−800 … +3,200", "±0 … +3,300"], "−800 … +3,300"),
    ([[3, 3.2], [-0.004, 0.004]], ["+3 … +3.2", "−0.004 … +0.004"], "−0.004 … +3.2"),
    ([[0, 0], [0, 0]], ["±0 … ±0", "±0 … ±0"], "±0 … ±0"),
    ([[0, 0], [-8, -2]], ["±0 … ±0", "−8 … −2"], "−8 … ±0"),
]  # fmt: skip


def test_a_range_over_intervals_has_ends_that_they_print(visit):
    page = visit("#/compare?lang=en&b=demand-side")
    each = "pairs => pairs.map(pair => CC.shortRange('homicides', ...pair))"
    over = "pairs => Object.values(CC.say.ends('homicides', pairs, CC.signed)).join(' … ')"
    for intervals, printed, said in ENDS:
        assert page.evaluate(each, intervals) == printed
        assert page.evaluate(over, intervals) == said


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("policy", ["coordinated-strikes", "joint-partnership", "law-enforcement-first"])
def test_each_figure_of_the_answer_stands_beside_a_theory(visit, language, policy):
    """The lowest and the highest end that any theory's row prints, of the difference and of A, as worlds are added."""
    page = visit(f"#/compare?lang={language}&b={policy}&m=homicides&table=1")
    read = """worlds => { const { answer, settled } = CC.asking;
        if (!settled || !answer || answer.worlds !== worlds) return null;
        const rows = CC.all('tbody tr', CC.one(`#grid [aria-label="${CC.measureName('homicides')}"]`));
        return [CC.one('#answer').innerText, ...[2, 0].map(place =>
            rows.map(row => CC.all('td', row)[place].innerText))]; }"""
    for worlds in (256, 1024):
        until(page, f"({read})({worlds}) !== null")
        said, differences, of_a = page.evaluate(read, worlds)
        found = re.search(SIZES[language], said).groups()
        for ends, cells in ((found[:2], differences), (found[2:], of_a)):
            printed = [re.findall(r"[−+±]?[\d,.]+", cell) for cell in cells]
            assert len(printed) == 6
            assert ends[0] == min((pair[0] for pair in printed), key=number)
            assert ends[1] == max((pair[1] for pair in printed), key=number)


def test_more_worlds_of_one_question_are_not_announced_again(visit):
    page = visit("#/compare?lang=en&b=joint-partnership&m=overdose_deaths")
    status = page.locator("#status")
    assert status.get_attribute("aria-live") == "polite"
    until(page, "CC.asking.answer.worlds === 1024 && CC.asking.settled")
    assert status.get_attribute("aria-live") == "off"
    assert status.text_content() == page.locator("#answer").inner_text()
    page.locator("#year").select_option("2030")
    assert status.get_attribute("aria-live") == "polite"


def figures_of(policy: str, changed: dict[str, float]) -> np.ndarray:
    blocks = laboratory().blocks
    return np.stack([
        blocks.paths(Orders(policy, tuple(sorted(changed.items()))), theory, 0).values
        for theory in laboratory().theories
    ])  # fmt: skip


NO_STRIKES = {"leadership_strikes": 6.0, "logistics_strikes": 12.0}


def test_strikes_without_consent_and_fallback_change_no_figure():
    """What the note says, in the worlds of every theory: equal to the digit, and different once a gate opens."""
    plain = figures_of("joint-partnership", {})
    np.testing.assert_array_equal(figures_of("joint-partnership", NO_STRIKES), plain)
    for gate in ({"consent_sought": 1.0}, {"fallback": 1.0}, {"fallback": 2.0}):
        opened = figures_of("joint-partnership", NO_STRIKES | gate)
        assert (np.abs(opened - plain) > 1e-3 * np.abs(plain) + 1e-6).any(axis=(1, 2, 3)).all(), gate


@pytest.mark.parametrize(("language", "words"), [("en", "No effect while"), ("es", "Sin efecto mientras")])
def test_a_lever_without_effect_says_so_and_only_then(visit, language, words):
    page = visit(f"#/compare?lang={language}&b=joint-partnership")
    note, slider = page.locator("#held-leadership_strikes"), page.locator("#l-leadership_strikes")
    assert not note.is_visible()
    slider.focus()
    page.keyboard.press("ArrowRight")
    note.wait_for(state="visible")
    assert note.inner_text().startswith(words)
    for part in (page.evaluate("CC.leverName('consent_sought')"), page.evaluate("CC.t('choice.fallback.0')")):
        assert part in note.inner_text()
    assert slider.get_attribute("aria-describedby") == "held-leadership_strikes"
    assert not page.locator("#held-logistics_strikes").is_visible()
    page.locator("[data-choice=fallback][data-value='2']").click()
    note.wait_for(state="hidden")
    assert slider.get_attribute("aria-describedby") is None
    page.locator("[data-choice=fallback][data-value='0']").click()
    note.wait_for(state="visible")
    page.locator("[data-choice=consent_sought][data-value='1']").click()
    note.wait_for(state="hidden")
    rules = [{"when": "trust", "then": {"fallback": 1}}]
    levers = {"leadership_strikes": 2, "consent_sought": 0, "fallback": 0}
    held = "([id, levers, rules]) => CC.levers.held(id, levers, rules)"
    assert page.evaluate(held, ["leadership_strikes", levers, []]) is True
    assert page.evaluate(held, ["leadership_strikes", levers, rules]) is False
    assert page.evaluate(held, ["surveillance", levers | {"surveillance": 1}, []]) is False


def test_policies_are_named_where_figures_are_read(visit):
    page = visit("#/compare?lang=en&b=joint-partnership")
    legend = page.locator("#legend")
    assert re.match(r"A\s+Status quo\s+B\s+Joint partnership\s+light shade", legend.inner_text())
    page.evaluate("CC.levers.set('dialogue', 0.5)")
    until(page, "document.querySelector('#legend').innerText.includes('Joint partnership (edited)')")
    until(page, "CC.asking.settled")
    page.locator("#b").select_option("demand-side")
    until(page, "CC.asking.settled")
    assert "Joint" not in legend.inner_text()
    senses = page.evaluate("Object.fromEntries(CC.state.rows.map(id => [id, CC.measure(id).better]))")
    for measure, sense in senses.items():
        caption = page.locator(f"[data-measure={measure}] .caption span").first.text_content()
        assert re.fullmatch(rf"B {'lower' if sense < 0 else 'higher'} in (\d+|<1|>99)/100", caption)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("size", [WIDE, (1180, 800), SMALL], ids=["wide", "narrow", "small"])
def test_captions_keep_to_two_lines_beside_a_blend(visit, language, size):
    page = visit(f"#/compare?lang={language}&b=joint-partnership&blend=1,1,1,1,1,1", size)
    lines = page.locator(".caption span:first-child").evaluate_all("""spans => spans.map(span => {
        const range = document.createRange(); range.selectNodeContents(span);
        const box = range.getBoundingClientRect(), cell = span.closest('.cell').getBoundingClientRect();
        return [Math.round(box.height / 14), box.right - cell.right]; })""")
    assert all(count <= 2 and beyond <= 1 for count, beyond in lines), lines


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
def test_each_policy_of_the_question_opens_its_drawer(visit, size):
    page = visit("#/compare?lang=en&b=joint-partnership", size)
    for letter, name in (("b", "Joint partnership"), ("a", "Status quo")):
        button = page.locator(f"#about-{letter}")
        assert button.get_attribute("aria-label") == f"About policy {letter.upper()}: {name}"
        if size == SMALL:
            box = button.bounding_box()
            assert min(box["width"], box["height"]) >= 44
            assert page.locator(f"#{letter}").bounding_box()["height"] >= 32
        button.click()
        page.wait_for_selector("#drawer #behind h3")
        assert page.locator("#drawer-title").inner_text() == name
        page.keyboard.press("Escape")
        until(page, f"document.activeElement.id === 'about-{letter}'")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_phone_shows_every_view_and_what_to_tap(visit, language):
    page = visit(f"#/compare?lang={language}&b=joint-partnership", SMALL, has_touch=True)
    boxes = [link.bounding_box() for link in page.locator("nav a").all()]
    assert len(boxes) == 5
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= SMALL[0] for box in boxes)
    assert len({round(box["y"]) for box in boxes}) <= 2
    assert page.locator(".tap").is_visible()
    page.locator("#sheet-open").tap()
    before = page.locator("#sheet-close").bounding_box()
    assert not page.locator("#reset").is_visible()
    page.evaluate("CC.levers.set('dialogue', 0.2)")
    page.locator("#reset").wait_for(state="visible")
    assert page.locator("#sheet-close").bounding_box() == before


def test_the_middle_line_says_what_it_is(visit):
    page = visit("#/compare?lang=es&b=joint-partnership")
    assert "mediano" in page.locator("#middle").get_attribute("title")
    shades = page.locator("#legend").inner_text()
    assert "tono claro" in shades
    assert "tono oscuro" in shades


SAID = """() => { window.said = []; const write = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
        window.said.push(text); write.call(this, text, ...rest); }; }"""


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["Simulated worlds, not a forecast", "If the policy were B: Joint partnership (edited), instead of A: "
             "Status quo, what would be different by 2033?", "Below each chart: April 2033", "B lower in", "Saved on"]),
     ("es", ["Mundos simulados, no un pronóstico", "(modificada)", "Debajo de cada gráfico: abril de 2033",
             "B menor en", "Guardado el"])],
)  # fmt: skip
def test_a_saved_picture_is_read_alone(visit, tmp_path, language, words):
    """Question, origin, date, and on every chart a scale from zero and the years."""
    page = visit(f"#/compare?lang={language}&b=joint-partnership&b.dialogue=0.5&y=2033")
    page.locator("#share").click()
    page.evaluate(SAID)
    with page.expect_download() as saved:
        page.locator("[data-download=png]").click()
    assert saved.value.suggested_filename == "crosscurrent-joint-partnership-edited.png"
    saved.value.save_as(tmp_path / "sheet.png")
    assert (tmp_path / "sheet.png").read_bytes().startswith(b"\x89PNG")
    said = page.evaluate("window.said")
    whole = " ".join(str(line) for line in said)
    assert not [word for word in words if word not in whole]
    assert said.count("0") == 24
    assert said.count(2025) == said.count(2035) == 24
    for row in page.evaluate("CC.state.rows"):
        assert page.evaluate("id => `${CC.measureName(id)} (${CC.unitName(id)})`", row) in said
        tick = page.evaluate("""id => { const {ticks} = CC.compare.axisOf(id);
            return CC.tick(ticks.filter(value => value > 0).at(-1) * CC.factor(id), false); }""", row)  # fmt: skip
        assert said.count(tick) >= 6
    assert "seed 0" in whole


def test_share_has_code_last_and_says_where_a_link_opens(visit):
    page = visit("#/compare?lang=en&b=joint-partnership&b.dialogue=0.5")
    page.locator("#share").click()
    box = page.locator("#share-box")
    heads = [head.inner_text() for head in box.locator("h3, summary").all() if head.is_visible()]
    assert heads == ["Link to exactly this view", "One file, works offline", "For programmers", "Cite"]
    assert "opens only on this computer" in box.inner_text()
    assert not box.locator("pre", has_text="import numpy").is_visible()
    box.locator("summary").click()
    assert box.locator("pre", has_text="import numpy").is_visible()
    with page.expect_download() as saved:
        box.locator("[data-download=csv]").click()
    assert saved.value.suggested_filename == "crosscurrent-joint-partnership-edited.csv"


def test_the_last_lever_stands_beside_the_charts_it_moves(visit):
    page = visit("#/compare?lang=en&b=joint-partnership")
    page.evaluate("for (const group of document.querySelectorAll('aside details')) group.open = true")
    last = page.locator("aside input[type=range]").last
    last.scroll_into_view_if_needed()
    last.focus()
    inside = """[...document.querySelectorAll('.cell canvas')].filter(one => {
        const box = one.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; }).length"""
    assert page.evaluate(inside) >= 12


def test_a_phone_reads_whole_captions_and_sees_that_a_name_is_cut(visit):
    page = visit("#/compare?lang=es&b=coordinated-strikes&b.prevention=0.5&table=1", SMALL)
    caption = box(page, "caption > span")
    assert caption["right"] <= SMALL[0]
    assert "2035" in page.locator("caption").first.inner_text()
    page.evaluate("document.querySelector('.scroll:has(caption)').scrollLeft = 200")
    assert box(page, "caption > span")["left"] >= 0
    assert page.evaluate("getComputedStyle(document.querySelector('#b')).textOverflow") == "ellipsis"
