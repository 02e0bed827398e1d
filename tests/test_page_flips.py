"""The view of flips in a real browser: one sentence first, policies as edited, three outcomes, how to repeat it."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys

import pytest
from page_server import Watched, box, laboratory, until

pytestmark = pytest.mark.slow
WIDE, SMALL = (1440, 900), (390, 844)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EDITED = "b=coordinated-strikes&b.leadership_strikes=3&b.treatment=0.8"
LEVERS = {"leadership_strikes": 3.0, "treatment": 0.8}


@pytest.fixture
def visit(started, address, opened):
    """Open an address of the view and wait for its first flips; at the end nothing may have been complained about."""

    def go(where: str, size: tuple[int, int] = WIDE, wait: bool = True):
        watched = Watched(started, size)
        opened.append(watched)
        page = watched.open(address + where)
        if wait:
            until(page, "CC.flips.found !== null")
        return page

    return go


def said(page) -> str:
    return page.locator("#flip-sentence").inner_text()


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_sentence_comes_first_and_names_the_edited_policy(visit, size, language):
    page = visit(f"#/flips?lang={language}&{EDITED}", size)
    edited = {"en": "(edited)", "es": "(modificada)"}[language]
    title = page.locator("#flip-title").inner_text()
    assert edited in title
    assert title.count("(") == 1
    opening = {"en": r"(It depends|Not clear|No flip)", "es": r"(Depende|No está|No se halló)"}[language]
    assert re.match(opening, said(page))
    sentence = box(page, "#flip-sentence")
    assert sentence["y"] >= 0
    assert sentence["y"] + sentence["height"] <= size[1]
    assert page.locator("#flip-badge").inner_text()
    page.wait_for_selector(".matrix")
    order = page.evaluate("""['.matrix', '#flip-place .bars', '#pathways', '.flip-map'].map(
        part => CC.one(part).getBoundingClientRect().y)""")
    assert sentence["y"] < min(order)
    assert max(order) == order[2]
    assert order[3] > order[1]
    assert size == WIDE or order[0] > order[3]
    assert size == SMALL or abs(order[0] - order[1]) < 200
    rows = page.locator(".matrix tbody tr").evaluate_all("rows => rows.map(row => [row.dataset.of, row.className])")
    place = [name for name, _ in rows].index("edited")
    assert rows[place - 1] == ["coordinated-strikes", ""]
    assert rows[place][1] == "chosen"
    assert edited in page.locator("[data-of=edited] th").inner_text()
    assert page.evaluate("CC.flips.found.levers") == LEVERS


def test_the_table_of_a_phone_scrolls_beside_its_first_column_and_says_so(visit):
    page = visit(f"#/flips?lang=en&{EDITED}", SMALL)
    page.wait_for_selector(".matrix")
    assert page.get_by_text("The table scrolls sideways.").is_visible()
    scroll = page.locator("#table-place .scroll")
    before = box(page, "[data-of=edited] th")["x"]
    scroll.evaluate("part => { part.scrollLeft = 300; }")
    assert scroll.evaluate("part => part.scrollLeft") == 300
    assert box(page, "[data-of=edited] th")["x"] == before
    wide = visit("#/flips?lang=en")
    assert not wide.get_by_text("The table scrolls sideways.").is_visible()


def test_more_worlds_follow_and_the_figures_are_the_search_s(visit):
    from crosscurrent.web.flipping import FlipSearches
    from crosscurrent.web.questions import FlipQuestion
    from crosscurrent.web.studies import StudyBehind

    page = visit(f"#/flips?lang=en&{EDITED}&m=trust")
    assert page.evaluate("CC.flips.found.worlds") == 256
    until(page, "CC.flips.found.worlds === 1024")
    assert "1,024 worlds a theory" in page.locator("#flip-badge").inner_text()
    searches = FlipSearches(laboratory(), StudyBehind(laboratory().case, "2025-04", 10, 0))
    question = FlipQuestion(levers=LEVERS, measure="trust", worlds=1024)
    expected = json.loads(json.dumps(searches.ask(question, seconds=60)))
    assert page.evaluate("CC.flips.found") == expected
    searches.close()


@pytest.mark.parametrize("levers", ["", "&b.treatment=0.6"], ids=["as stated", "edited"])
def test_the_row_of_b_says_what_compare_says(visit, levers):
    """The same worlds, shares and verdicts under every theory; the badge says so, and a total is called one."""
    where = f"b=demand-side{levers}&m=overdose_deaths"
    page = visit(f"#/compare?lang=en&{where}", wait=False)
    until(page, "CC.asking.answer && CC.asking.answer.worlds === 1024", 90)
    read = """() => Object.fromEntries(CC.case.theories.map(({ id }) => {
        const cell = atPoint(CC.asking.answer.cells.overdose_deaths[id], CC.pointOf(CC.state.year));
        return [id, cell]; }))"""
    compared = page.evaluate(read)
    assert all(cell["worlds"] == 1024 for cell in compared.values())
    flips = visit(f"#/flips?lang=en&{where}")
    until(flips, "rowFound !== null", 90)
    assert flips.evaluate("rowFound") == compared
    badge = flips.locator("#table-badge").inner_text()
    assert badge == (
        "Row of B: 6,144 worlds, as in Compare. Other rows: 256 worlds a theory; near the line a verdict may change "
        "with more."
    )
    drawn = flips.locator(".matrix .chosen .figures .unseen").all_inner_texts()
    words = {1: "lower with B", -1: "higher with B", 0: "not clear"}
    assert [word.strip() for word in drawn] == [words[cell["clear"]] for cell in compared.values()]
    until(flips, "CC.one('#flip-place h2') !== null")
    heading = flips.locator("#flip-place h2").inner_text()
    assert heading == "What it depends on: total April 2025 to April 2035 (not the year 2035)"


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_range_over_theories_has_ends_that_a_theory_prints(visit, language):
    """Every row, of every policy: the lowest and the highest of the ends beside it."""
    page = visit(f"#/flips?lang={language}&b=joint-partnership", wait=False)
    until(page, "tableFound !== null && tableFound.worlds === 256 && rowFound !== null", 90)
    rows = page.locator(".matrix tbody tr").evaluate_all("""rows => rows.map(row => [
        [...row.querySelectorAll('.figures')].map(part => part.firstChild.data), row.lastChild.innerText])""")
    assert len(rows) > 8
    value = {"±": 0, "+": 1, "−": -1}
    number = lambda text: value[text[0]] * float(text[1:].replace(",", ""))  # noqa: E731
    for cells, over in rows:
        printed = [cell.split(" … ") for cell in cells]
        assert len(printed) == 6
        low, high = min((pair[0] for pair in printed), key=number), max((pair[1] for pair in printed), key=number)
        assert over == f"{low} … {high}"


def test_the_latest_choice_wins(visit):
    """Rows chosen faster than searches end: the sentence is of the last; an edited row is gone with its edits."""
    page = visit(f"#/flips?lang=en&{EDITED}")
    page.wait_for_selector("[data-of=edited]")
    for policy in ("covert-strikes", "social-prevention", "demand-side"):
        page.locator(f'[data-policy="{policy}"]').click()
    assert page.locator("[data-of=edited]").count() == 0
    until(page, "CC.flips.found && CC.flips.found.b === 'demand-side'")
    assert "b=demand-side" in page.url
    assert "treatment" not in page.url
    assert page.evaluate("document.activeElement.dataset.policy") == "demand-side"
    page.go_back()
    until(page, "CC.state.b === 'social-prevention'")
    until(page, "CC.flips.found && CC.flips.found.b === 'social-prevention'")


def test_the_reference_can_be_any_policy(visit):
    page = visit("#/flips?lang=en&a=demand-side&b=demand-side&b.treatment=0.6")
    assert page.evaluate("[CC.flips.found.a, CC.flips.found.b]") == ["demand-side", "demand-side"]
    assert page.locator(".matrix tbody tr").first.get_attribute("data-of") == "edited"
    same = visit("#/flips?lang=en&a=demand-side&b=demand-side", wait=False)
    until(same, "document.querySelector('#flip-sentence').innerText.includes('the same')")


SHARE = {"value": 0.82, "error": 0.01}
CONDITION = {
    "kind": "parameter", "name": "p", "label": "Pull", "above": True, "threshold_low": 0.3, "threshold_high": 0.4,
    "rivals": [], "axis": "", "origins": 1, "sources": {"low": 0.1, "best": 0.35, "high": 0.9, "grade": "weak"},
}  # fmt: skip
SIDE = {"lead": {"value": 0.64}, "ahead_b": SHARE, "ahead_a": {"value": 0.18}, "difference_p50": -1.0}
OTHER = {"lead": {"value": -0.4}, "ahead_b": {"value": 0.3}, "ahead_a": {"value": 0.7}, "difference_p50": 1.0}
FOUND = {
    "state": "flip found", "reason": "the side changes beyond error", "ahead": "lower", "measure": "homicides",
    "theories": {"x": {"ahead_b": {"value": 0.004}}, "y": {"ahead_b": {"value": 0.9}}},
    "region": {"inside": SIDE, "outside": OTHER, "density": SHARE, "conditions": [CONDITION]},
}  # fmt: skip


def variant(reason: str = FOUND["reason"], inside: float = 0.64, **condition) -> dict:
    found = copy.deepcopy(FOUND) | {"reason": reason}
    found["region"]["inside"]["lead"]["value"] = inside
    found["region"]["conditions"][0] |= condition
    if reason in ("nothing separates", "alike in every world"):
        found["region"] = None
    return found


def joined(*conditions: dict) -> dict:
    found = variant()
    found["region"]["conditions"] = list(conditions)
    return found


def dense(value: float, error: float) -> dict:
    found = variant()
    found["region"]["density"] = {"value": value, "error": error}
    return found


def throughout(ahead_a: float, ahead_b: float) -> dict:
    """One side leads on either side of every assumption, or in all worlds; how far, in the worlds of all theories."""
    shares = {"ahead_a": {"value": ahead_a, "error": 0.02}, "ahead_b": {"value": ahead_b, "error": 0.02}}
    return variant("one side throughout") | {"overall": shares}


RISK = {**CONDITION, "kind": "axis", "name": "risk", "label": "Risk", "rivals": ["it-deters"]}
KNOWN = {**CONDITION, "label": "Push", "sources": {"low": 0.5, "high": 0.9}}
WORDING = [
    (variant(),
     "It depends on one assumption: Pull (above a threshold between 0.300 and 0.400). Where this holds, B would be "
     "ahead in 82 and A in 18 of 100 worlds; elsewhere A in 70. Evidence does not settle it.",
     "Depende de un supuesto: Pull (por encima de un umbral entre 0.300 y 0.400). Donde se cumple, B quedaría adelante "
     "en 82 y A en 18 de 100 mundos; en los demás, A en 70. La evidencia no lo resuelve."),
    (variant(above=False, sources={**CONDITION["sources"], "high": 0.2}),
     "It depends on one assumption: Pull (at or below a threshold between 0.300 and 0.400). Where this holds, B would "
     "be ahead in 82 and A in 18 of 100 worlds; elsewhere A in 70. The sourced values meet this.",
     "Depende de un supuesto: Pull (en un umbral entre 0.300 y 0.400 o por debajo). Donde se cumple, B quedaría "
     "adelante en 82 y A en 18 de 100 mundos; en los demás, A en 70. Los valores sustentados lo cumplen."),
    (dense(0.83, 0.02),
     "It depends on one assumption: Pull (above a threshold between 0.300 and 0.400). Where this holds, B would be "
     "ahead in 83 and A in 18 of 100 worlds (not clear); elsewhere A in 70. Evidence does not settle it.",
     "Depende de un supuesto: Pull (por encima de un umbral entre 0.300 y 0.400). Donde se cumple, B quedaría adelante "
     "en 83 y A en 18 de 100 mundos (no está claro); en los demás, A en 70. La evidencia no lo resuelve."),
    (joined(RISK, {**RISK, "label": "Grievance", "name": "x"}),
     "It depends on two disputed points: Risk (“it-deters”) and Grievance (“it-deters”). Where both hold, B would be "
     "ahead in 82 and A in 18 of 100 worlds; elsewhere A in 70. Evidence does not settle it.",
     "Depende de dos puntos en disputa: Riesgo («it-deters») y Grievance («it-deters»). Donde ambos se cumplen, B "
     "quedaría adelante en 82 y A en 18 de 100 mundos; en los demás, A en 70. La evidencia no lo resuelve."),
    (joined(RISK, CONDITION, KNOWN),
     "It depends on three assumptions: Risk (“it-deters”), Pull (above a threshold between 0.300 and 0.400), and Push "
     "(above a threshold between 0.300 and 0.400). Where all hold, B would be ahead in 82 and A in 18 of 100 "
     "worlds; elsewhere A in 70. Evidence settles this only in part.",
     "Depende de tres supuestos: Riesgo («it-deters»), Pull (por encima de un umbral entre 0.300 y 0.400) y Push (por "
     "encima de un umbral entre 0.300 y 0.400). Donde todos se cumplen, B quedaría adelante en 82 y A en 18 de "
     "100 mundos; en los demás, A en 70. La evidencia lo resuelve solo en parte."),
    (variant("the side cannot be told somewhere", kind="theory", rivals=["force-deters", "demand-led"]),
     "Not clear which policy would be ahead. It depends most on the theory (“Force deters” or “demand-led”). Where "
     "this holds, B would be ahead in 82 and A in 18 of 100 worlds; elsewhere B in 30 and A in 70. Evidence does not "
     "settle it.",
     "No está claro cuál quedaría adelante. Lo que más pesa es la teoría («La fuerza disuade» o «demand-led»). Donde "
     "se cumple, B quedaría adelante en 82 y A en 18 de 100 mundos; en los demás, B en 30 y A en 70. La evidencia no "
     "lo resuelve."),
    (throughout(0.04, 0.9),
     "No flip found. No assumption tried would put A ahead: B would be ahead in <1 to 90 of 100 worlds, depending on "
     "the theory.",
     "No se halló nada que la invirtiera. Ningún supuesto probado pondría adelante a A: B quedaría adelante en <1 a 90 "
     "de 100 mundos, según la teoría."),
    (throughout(0.9, 0.04),
     "No flip found. No assumption tried would put B ahead: B would be ahead in <1 to 90 of 100 worlds, depending on "
     "the theory.",
     "No se halló nada que la invirtiera. Ningún supuesto probado pondría adelante a B: B quedaría adelante en <1 a 90 "
     "de 100 mundos, según la teoría."),
    (throughout(0.5, 0.3),
     "No flip found, and neither policy would be clearly ahead: B would be ahead in <1 to 90 of 100 worlds, depending "
     "on the theory.",
     "No se halló nada que la invirtiera, y ninguna de las dos políticas quedaría claramente adelante: B quedaría "
     "adelante en <1 a 90 de 100 mundos, según la teoría."),
    (throughout(0.82, 0.18),
     "No flip found, and neither policy would be clearly ahead: B would be ahead in <1 to 90 of 100 worlds, depending "
     "on the theory.",
     "No se halló nada que la invirtiera, y ninguna de las dos políticas quedaría claramente adelante: B quedaría "
     "adelante en <1 a 90 de 100 mundos, según la teoría."),
    (variant("nothing separates"),
     "No flip found. No assumption tells the worlds apart beyond noise: B would be ahead in <1 to 90 of 100 worlds, "
     "depending on the theory.",
     "No se halló nada que la invirtiera. Ningún supuesto distingue los mundos más allá del ruido: B quedaría adelante "
     "en <1 a 90 de 100 mundos, según la teoría."),
    (throughout(0.0, 1.0) | {"theories": {name: {"ahead_b": {"value": 1.0}} for name in "xy"}},
     "No flip found. No assumption tried would put A ahead: B would be ahead in 100 of 100 worlds under every theory.",
     "No se halló nada que la invirtiera. Ningún supuesto probado pondría adelante a A: B quedaría adelante en 100 de "
     "100 mundos según todas las teorías."),
    (variant("alike in every world"),
     "No flip found: A and B give the same in every world.",
     "No se halló nada que la invirtiera: A y B dan lo mismo en cada mundo."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "place"), [("en", 1), ("es", 2)])
def test_the_sentence_by_what_was_found(visit, language, place):
    page = visit(f"#/sources?lang={language}", wait=False)
    read = """found => { const part = document.createElement('p'); part.innerHTML = CC.flips.sentence(found);
                         return part.textContent; }"""
    for row in WORDING:
        assert page.evaluate(read, row[0]) == row[place]


COUNTED = [
    ({"measure": "homicides", "from": "page"},
     "Homicides in Mexico: total from April 2025 to April 2035. Ahead is the policy with the lower figure in the same "
     "world. 256 worlds a theory. 3 worlds in which either failed are left out."),
    ({"measure": "trust", "ahead": "higher", "from": "study"},
     "at the end, in April 2035. Ahead is the policy with the higher figure in the same world. 256 worlds a theory, "
     "from the stored study."),
    ({"measure": "groups", "ahead": "higher", "from": "page"},
     "People dispute what is better here: ahead only means the higher figure in the same world."),
]  # fmt: skip


APART = """found => found.flatMap((one, k) => found.slice(k + 1).map(other =>
    Math.hypot(one.at.x - other.at.x, one.at.y - other.at.y)))"""


def test_marks_of_a_map_never_cover_each_other_and_keep_their_places(visit):
    page = visit("#/sources?lang=en", wait=False)
    frame = {"left": 70, "top": 8, "right": 450, "bottom": 268}
    shapes = [
        [(70, 8)] * 7, [(450, 268)] * 6, [(260, 130), (262, 131), (258, 118), (262, 112), (300, 100), (100, 20)],
        [(100 + 19 * k, 50) for k in range(7)], [(100 + 17 * k, 50 + 15 * (k % 3)) for k in range(7)],
    ]  # fmt: skip
    for shape in shapes:
        places = [{"id": str(k), "x": x, "y": y} for k, (x, y) in enumerate(shape)]
        marks = page.evaluate("([places, frame]) => CC.flips.marks(places, frame)", [places, frame])
        assert sorted((int(mark["id"]), (mark["x"], mark["y"])) for mark in marks) == list(enumerate(shape))
        assert min(page.evaluate(APART, marks)) >= 18
        points = [(mark["x"], mark["y"]) for mark in marks if mark["at"] != {"x": mark["x"], "y": mark["y"]}]
        for mark in marks:
            assert all((mark["at"]["x"] - x) ** 2 + (mark["at"]["y"] - y) ** 2 >= 12**2 for x, y in points)
            if len(set(shape)) == 1:
                assert 79 <= mark["at"]["x"] <= 441
                assert 17 <= mark["at"]["y"] <= 259
    apart = [{"id": "x", "x": 100, "y": 50}, {"id": "y", "x": 130, "y": 50}]
    alone = page.evaluate("([places, frame]) => CC.flips.marks(places, frame)", [apart, frame])
    assert [mark["at"] for mark in alone] == [{"x": 100, "y": 50}, {"x": 130, "y": 50}]


@pytest.mark.parametrize(
    ("language", "near", "how"),
    [("en", "In worlds of all theories near this place", "The map counts worlds of all theories whose"),
     ("es", "En los mundos de todas las teorías cerca de este lugar", "El mapa cuenta mundos de todas las teorías")],
)  # fmt: skip
def test_every_theory_is_seen_and_named_on_the_map(visit, language, near, how):
    """Three theories have one place here: each has a mark, a name beside the map and a row of the table."""
    page = visit(f"#/flips?lang={language}&b=joint-partnership")
    names = page.evaluate("CC.flips.found.map.theories.map(([id]) => CC.theoryName(id))")
    places = page.evaluate("CC.flips.found.map.theories.map(([, ...place]) => place.join())")
    assert len(set(places)) < len(places) == 6
    marks = page.locator(".flip-map .map-mark").evaluate_all("marks => marks.map(mark => ["
        "mark.querySelector('title').textContent, mark.getBoundingClientRect().toJSON()])")  # fmt: skip
    assert sorted(name for name, _ in marks) == sorted(names)
    for k, (_, one) in enumerate(marks):
        for _, other in marks[k + 1 :]:
            assert (one["x"] - other["x"]) ** 2 + (one["y"] - other["y"]) ** 2 >= (0.95 * one["width"]) ** 2
    assert page.locator("#map-theories .map-key").all_inner_texts() == names
    assert how in page.locator("#flip-place").inner_text()
    table = page.locator("#flip-place details")
    table.locator("summary").click()
    assert table.locator("thead th").last.inner_text() == near
    assert [text.strip() for text in table.locator("tbody th").all_inner_texts()] == names


def test_a_theory_without_one_place_is_named_too(visit):
    page = visit("#/flips?lang=en&b=coordinated-strikes")
    rows = page.evaluate("""() => { const found = structuredClone(CC.flips.found);
        found.map.theories[1][2] = null;
        const part = document.createElement('div'); part.innerHTML = CC.flips.markup(found);
        return [part.querySelectorAll('.map-mark').length,
                [...part.querySelectorAll('details tbody tr')].map(row => row.textContent.trim())]; }""")
    assert rows[0] == 5
    assert len(rows[1]) == 6
    assert rows[1][1].endswith("No single place: this theory leaves rivals open")


def test_what_is_counted_is_said(visit):
    """Total or end, what ahead means, worlds, where from, and worlds that failed."""
    page = visit("#/sources?lang=en", wait=False)
    theories = {"x": {"failed": 1}, "y": {"failed": 2}}
    base = {"worlds": 256, "decision": "2025-04", "years": 10, "ahead": "lower", "theories": theories}
    for fields, words in COUNTED:
        assert words in page.evaluate("found => CC.flips.counted(found)", {**base, **fields})


def test_either_policy_is_spoken_of_in_the_same_words(visit):
    """Exchanging the sides exchanges the letters and nothing else."""
    page = visit("#/sources?lang=en", wait=False)
    found = variant(inside=-0.64)
    side = found["region"]["inside"]
    side["ahead_a"], side["ahead_b"] = side["ahead_b"], side["ahead_a"]
    text = page.evaluate("found => CC.flips.sentence(found)", found)
    assert "Where this holds, A would be ahead in 82 and B in 18 of 100 worlds; elsewhere B in 30." in text


SETTLED = [
    ({}, "open"),
    ({"sources": {"low": 0.5, "high": 0.9}}, "inside"),
    ({"sources": {"low": 0.5, "high": 0.9}, "above": False}, "outside"),
    ({"sources": {"low": 0.0, "high": 0.2}}, "outside"),
    ({"sources": {"low": 0.0, "high": 0.35}}, "open"),
    ({"sources": {"low": 0.5, "high": 0.9}, "axis": "risk"}, "dispute"),
    ({"kind": "axis"}, "dispute"),
    ({"kind": "theory"}, "dispute"),
]


def test_whether_evidence_settles_it(visit):
    """The sourced range against the whole interval of the threshold; one outside settles several conditions."""
    page = visit("#/sources?lang=en", wait=False)
    kinds = "conditions => CC.flips.evidence(conditions)"
    for change, kind in SETTLED:
        assert page.evaluate(kinds, [{**CONDITION, **change}]) == kind
    inside, outside, undecided = ({**CONDITION, **SETTLED[k][0]} for k in (1, 2, 0))
    assert page.evaluate(kinds, [inside, inside]) == "inside"
    assert page.evaluate(kinds, [inside, undecided]) == "partly"
    assert page.evaluate(kinds, [undecided, outside]) == "outside"


def test_a_label_in_the_sentence_is_text_and_never_markup(visit):
    page = visit("#/sources?lang=en", wait=False)
    bad = variant(label="<img src=x onerror=alert(1)>", name='"><b>')
    assert page.evaluate("""found => { const part = document.createElement('p'); part.innerHTML =
        CC.flips.sentence(found); return part.querySelectorAll('img,b').length; }""", bad) == 0  # fmt: skip


def test_the_commands_give_the_same_figures(visit, tmp_path):
    """What *Share and reproduce* prints is typed into a shell; the shares are those on the screen, to the digit."""
    page = visit(f"#/flips?lang=en&{EDITED}&m=overdose_deaths")
    page.locator("#share").click()
    page.locator("#share-box summary").click()
    shell, python = page.locator("#share-box pre").all_inner_texts()[1:3]
    assert shell.endswith("crosscurrent flips flips-results status-quo my-policy --measure overdose_deaths")
    shown = page.evaluate("CC.flips.found")
    assert f"--worlds {shown['worlds']} " in shell
    crosscurrent = f'crosscurrent() {{ "{sys.executable}" -m crosscurrent "$@"; }}\n'
    ran = subprocess.run(
        ["bash", "-ec", crosscurrent + shell + " --json"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    found = json.loads(ran.stdout[ran.stdout.rindex('\n{"') + 1 if '\n{"' in ran.stdout else ran.stdout.index('{"') :])
    for row in found["theories"]:
        assert row["side"]["ahead_b"] == shown["theories"][row["theory"]]["ahead_b"]
    assert (found["state"], found["noise"]) == (shown["state"], shown["noise"])
    read = subprocess.run([sys.executable, "-c", python], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert read.stdout.splitlines()[0] == shown["state"]
    assert f"value={shown['theories']['force-deters']['ahead_b']['value']!r}" in read.stdout


def test_an_edited_adaptive_policy_keeps_its_rules_in_the_shared_case(visit, tmp_path):
    from crosscurrent.case import load_case, new_case

    page = visit("#/flips?lang=en&b=graduated&b.dialogue=0.7", wait=False)
    new_case(tmp_path / "my-case")
    with (tmp_path / "my-case" / "policies.yaml").open("a", encoding="utf-8") as file:
        file.write("\n" + page.evaluate("CC.share.policyYaml()") + "\n")
    found = load_case(tmp_path / "my-case").policies
    assert found["my-policy"].rules == found["graduated"].rules
    assert found["my-policy"].levers == {**found["graduated"].levers, "dialogue": 0.7}


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
def test_axe_finds_nothing_with_an_edited_policy(visit, size):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit(f"#/flips?lang=es&{EDITED}", size)
    page.wait_for_selector(".matrix")
    page.locator("#flip-place h3").first.wait_for()
    found = axe.run(page, options={"runOnly": RULES}).response["violations"]
    assert not [(rule["id"], [node["html"][:160] for node in rule["nodes"][:3]]) for rule in found]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_one_file_shows_computed_stops_and_says_what_was_not_computed(started, page_file):
    watched = Watched(started, WIDE, offline=True)
    page = watched.open(page_file.as_uri() + "#/flips?lang=en&b=coordinated-strikes")
    until(page, "CC.flips.found !== null")
    stop = page.evaluate("CC.source.data.stops.treatment.find(value => value > 0)")
    page.evaluate("stop => { CC.state.over = { treatment: stop }; CC.render(); }", stop)
    page.wait_for_selector("[data-of=edited] .strip")
    until(page, "CC.flips.found && CC.flips.found.from === 'page'")
    assert page.evaluate("CC.flips.found.levers") == {"treatment": stop}
    assert "(edited)" in page.locator("#flip-title").inner_text()
    stored = "key => CC.source.data.answers[key].cells.homicides['force-deters'].d.map(level => level[40])"
    own = page.evaluate(stored, f"coordinated-strikes treatment={stop:g}")
    question = {"a": "status-quo", "b": "coordinated-strikes", "levers": {"treatment": stop}, "measure": "homicides"}
    table = "question => CC.source.table(question).then(found => found.edited['force-deters'].d)"
    assert page.evaluate(table, {**question, "point": 40}) == own
    page.evaluate("CC.state.over = { treatment: 0.123 }; CC.render();")
    until(page, "document.querySelector('[data-of=edited] td')?.innerText.includes('crosscurrent serve')")
    assert "crosscurrent serve" in said(page)
    watched.close()
    assert not watched.complaints
