"""Claims in a real browser: found by word and subject, counted while a study runs, with their size."""

from __future__ import annotations

import re

import pytest
from page_server import Watched, until

from crosscurrent.case import load_case
from crosscurrent.web.documents import claim_test

WIDE, SMALL = (1440, 900), (390, 844)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ANSWER = """found => { const own = CC.source.claims.bind(CC.source);
    CC.source.claims = async () => { const { rows } = await own();
        return { ...found, rows: rows.map(row => ({ ...row, result: (found.results || {})[row.id] || null })) }; }; }"""
READING = {
    "share": 1.0,
    "error": 0.003,
    "worlds": 1024,
    "verdict": "holds",
    "unit": "%",
    "size": [-1.96, -0.9, -0.0143],
}
STUDY = {
    "computed": True, "worlds": 1024, "seed": 0,
    "results": {
        "fentanyl-deaths-fall": {
            "verdict": "holds clearly", "why": "", "kind": "finding", "unread": [], "needs": [], "depends": [],
            "dates": [{"month": 120, "theories": {"removal-splits": READING, "force-deters": READING}}],
        }
    },
}  # fmt: skip
WAITING = {"computed": False, "computing": {"done": 5, "total": 1600, "error": ""}}


@pytest.fixture
def visit(started, address, opened):
    """Open the claims with an answer put in the place of the study's, which takes a while."""

    def go(language: str, answer: dict, size: tuple[int, int] = WIDE):
        watched = Watched(started, size)
        opened.append(watched)
        page = watched.open(address + f"#/sources?lang={language}")
        page.evaluate(ANSWER, answer)
        page.locator('a[data-view="claims"]').click()
        until(page, "document.querySelector('.claim') !== null")
        return page

    return go


@pytest.mark.parametrize(
    ("language", "size", "any_difference"),
    [
        ("en", "Difference in “US overdose deaths”, 9 in 10 worlds, over all theories: −1.95 to −0.014 %.",
         "however small"),
        ("es", "Diferencia en «Muertes por sobredosis en EE. UU.», 9 de cada 10 mundos, entre todas las teorías: "
               "de −1.95 a −0.014 %.", "por pequeña que sea"),
    ],
)  # fmt: skip
def test_the_size_stands_beside_the_verdict(visit, language, size, any_difference):
    page = visit(language, STUDY)
    text = page.locator(".size").inner_text()
    assert text.startswith(size)
    assert any_difference in text


FURTHER = {
    "verdict": "depends", "why": "", "kind": "finding", "unread": [], "needs": [], "depends": [],
    "test": {
        "measure": "overdose_deaths", "policy": "unilateral-strikes", "versus": "status-quo", "direction": "lower",
        "margin": 0.0, "unit": "deaths", "at_months": [120], "versus_measure": "", "versus_month": None,
        "per_cost": False,
    },
    "dates": [{"month": 120, "theories": {
        "removal-splits": READING | {"share": 0.31},
        "force-deters": READING | {"share": 1.0, "size": [-3.0, -2.0, 1.0]},
    }}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Also tested:", "Open strikes without consent", "Depends on the theory", "31 to 100 of 100 worlds",
                "−3 to +1 %", "comes out otherwise: see below"]),
        ("es", ["También se puso a prueba:", "31 a 100 de 100 mundos", "da otro resultado: véase abajo"]),
    ],
)  # fmt: skip
def test_a_verdict_never_stands_without_tests_that_come_out_otherwise(visit, language, words):
    main = STUDY["results"]["fentanyl-deaths-fall"]
    page = visit(language, STUDY | {"results": {"fentanyl-deaths-fall": main | {"also": [FURTHER]}}})
    text = page.locator(".claim").filter(has=page.locator(".further")).inner_text()
    assert not [each for each in words if each not in text]
    alike = FURTHER | {"verdict": "holds clearly"}
    page = visit(language, STUDY | {"results": {"fentanyl-deaths-fall": main | {"also": [alike]}}})
    assert words[-1] not in page.locator(".claim").filter(has=page.locator(".further")).inner_text()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "It would hold in 100 of 100 worlds."), ("es", "Se cumpliría en 100 de 100 mundos.")]
)
def test_one_figure_for_all_theories_and_dates_is_no_range(visit, language, words):
    one = FURTHER | {"dates": [{"month": 120, "theories": {"removal-splits": READING, "force-deters": READING}}]}
    main = STUDY["results"]["fentanyl-deaths-fall"]
    page = visit(language, STUDY | {"results": {"fentanyl-deaths-fall": main | {"also": [one]}}})
    assert page.locator(".further p").first.inner_text().endswith(words)


ALSO = {claim.id: claim for claim in load_case("us_mexico").claims.values() if claim.also}
UNDECIDED = {
    "verdict": "not decided", "why": "too few sound worlds", "kind": "finding", "unread": [], "needs": [],
    "depends": [], "dates": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "date"),
    [("en", r", at ([^.]*\d) months?\."), ("es", r", (?:a los|al mes) ([^.]*\d)(?: meses)?\.")],
)
def test_further_tests_name_the_dates_at_which_they_are_read(visit, language, date):
    """One without dates of its own is read at those of the claim's test, as the audit does."""
    results = {
        name: UNDECIDED | {"also": [UNDECIDED | {"test": claim_test(one)} for one in claim.also]}
        for name, claim in ALSO.items()
    }
    page = visit(language, {"computed": True, "worlds": 1024, "seed": 0, "results": results})
    names = "row => [row.id, CC.label('claim', row.id, row.statement)]"
    statements = page.evaluate(f"Object.fromEntries(CC.claims.found.rows.filter(row => row.result).map({names}))")
    expected = {name: [list(one.at_months or ALSO[name].test.at_months) for one in ALSO[name].also] for name in ALSO}
    shown = {}
    for name, statement in statements.items():
        lines = page.locator(".claim").filter(has=page.get_by_role("heading", name=statement, exact=True))
        texts = lines.locator(".further").all_inner_texts()
        shown[name] = [[int(month) for month in re.findall(r"\d+", re.search(date, text)[1])] for text in texts]
    assert shown == expected
    assert len(expected) > 3


@pytest.mark.parametrize(
    ("language", "lacks", "few", "finding"),
    [
        ("en", "Not decided. The stored study lacks policy “Open strikes without consent”; a projection of 20 years.",
         "Not decided. Too few sound worlds.", "A finding of the model."),
        ("es", "No decidida. Al estudio guardado le falta: la política «ataques abiertos sin consentimiento»; una "
               "proyección de 20 años.", "No decidida. Demasiado pocos mundos válidos.", "Un hallazgo del modelo."),
    ],
)  # fmt: skip
def test_what_was_not_decided_says_why_and_is_no_finding(visit, language, lacks, few, finding):
    needs = [["policy", "unilateral-strikes"], ["years", "20"]]
    lacking = UNDECIDED | {"needs": needs, "why": "the stored study lacks policy unilateral-strikes"}
    name = "fentanyl-deaths-fall"
    for answer, words in ((lacking, lacks), (UNDECIDED, few)):
        page = visit(language, STUDY | {"results": {name: answer | {"also": [FURTHER | answer]}}})
        assert page.locator(".verdict").inner_text() == words
        assert page.locator(".further").inner_text().endswith(words)
    page = visit(language, STUDY)
    assert page.locator(".verdict").inner_text().endswith(finding)
    page = visit(language, STUDY | {"results": {name: UNDECIDED | {"kind": "rule"}}})
    assert len(page.locator(".verdict").inner_text()) > len(few) + 20, "what kind of test it is stays true"


@pytest.mark.parametrize(
    ("language", "words", "untested"),
    [
        ("en", "Being computed: 5 of 1,600 worlds so far.", "Not put to a test:"),
        ("es", "Se está calculando: van 5 de 1,600 mundos.", "No se somete a prueba:"),
    ],
)
def test_what_is_on_its_way_is_not_said_to_be_absent(visit, language, words, untested):
    page = visit(language, WAITING)
    counters = page.locator(".counting").all_inner_texts()
    assert len(counters) > 20
    assert set(counters) == {words}
    assert untested in page.locator(".claim.untested").first.inner_text()
    assert not page.locator("#view-claims .claim").filter(has_text="fto_designation").count()
    page.evaluate("CC.source.claims = async () => ({ computed: false, rows: CC.claims.found.rows })")
    page.locator("[data-show=supporter]").click()
    until(page, "!CC.claims.found.computing")
    assert page.locator(".counting").first.inner_text() in ("Not computed here.", "No calculado aquí.")


def test_claims_are_found_by_word_and_by_subject(visit):
    page = visit("es", WAITING, SMALL)
    every = page.locator(".claim").count()
    find = page.locator("#claim-find")
    find.press_sequentially("sobredosis")
    found = page.locator(".claim").count()
    assert 0 < found < every
    assert page.locator("#claims-count").inner_text() == f"{found} afirmaciones"
    page.wait_for_timeout(2000)  # the study is asked for again meanwhile
    assert page.evaluate("document.activeElement.id") == "claim-find"
    find.fill("ningún tema así")
    assert page.locator("#claims-count").inner_text() == "Ninguna afirmación coincide."
    find.fill("")
    assert page.locator(".claim").count() == every
    page.locator("[data-jump=opinion]").click()
    assert page.evaluate("document.activeElement.id") == "subject-opinion"
    assert 0 <= page.locator("#subject-opinion").bounding_box()["y"] < SMALL[1] / 2


@pytest.mark.parametrize(
    ("language", "note"),
    [("en", "An incursion of 1916-17 is on record."), ("es", "Hay registro de una incursión de 1916-17.")],
)
def test_notes_stand_under_the_test_in_the_page_s_language(visit, language, note):
    page = visit(language, WAITING)
    notes = page.locator("#claims-list dd > p.small")
    assert notes.filter(has_text=note).count() == 1
    assert notes.count() == page.evaluate("CC.claims.found.rows.filter(row => row.note).length") > 30
    assert page.locator("#claims-list dd > p.small [lang=en]").count() == 0


def test_margins_have_a_unit_and_one_month_is_one(visit):
    page = visit("en", WAITING)
    text = page.locator("#claims-list").inner_text()
    assert "within 5 % of each other" in text
    assert "above 50 (index, 0–100) under Status quo, at 1 month." in text
    assert "below 26 (weeks)" in text
    assert "the same under Financial pressure and Status quo" in text
    assert "Document 003" in text
    assert "document-003" not in text


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_it_fits_and_axe_finds_nothing(visit, size, language):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit(language, STUDY, size)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#claim-find").fill("fentan")
    assert page.locator(".claim").count() >= 1
    page.evaluate("for (const part of document.querySelectorAll('.claim details')) part.open = true")
    found = axe.run(page, context="#view-claims", options={"runOnly": RULES}).response["violations"]
    assert not [(rule["id"], [node["html"][:160] for node in rule["nodes"][:3]]) for rule in found]
