"""The page as one file: opens with the network off, shows computed worlds only, asks nothing of anybody."""

from __future__ import annotations

import base64
import gzip
import json
import re

import pytest
from page_server import Watched, browser, laboratory, until

from crosscurrent.errors import InputError
from crosscurrent.web.export import lever_stops, page_html
from crosscurrent.web.questions import DEFAULT_ROWS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(page_file):
    packed = re.search(r'id="data">([^<]+)<', page_file.read_text(encoding="utf-8"))
    return json.loads(gzip.decompress(base64.b64decode(packed[1])))


@pytest.fixture
def offline(page_file):
    with browser() as started:
        watched = Watched(started, (1440, 900), offline=True)

        def go(where: str):
            return watched.open(page_file.as_uri() + where)

        yield go
        watched.close()
        assert not watched.complaints
        assert not [url for url in watched.asked if not url.startswith(("file:", "data:", "blob:"))]


def test_the_file_is_small_and_allows_nothing_else(page_file):
    text = page_file.read_text(encoding="utf-8")
    assert page_file.stat().st_size < 5_000_000
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    assert "default-src 'none'" in policy
    assert "connect-src" not in policy
    assert "unsafe" not in policy
    assert not re.search(r'<(?:script|link|img)[^>]+(?:src|href)="(?!data:)', text)


def test_answers_in_the_file_are_those_of_the_laboratory(data):
    from crosscurrent.study.blocks import Orders
    from crosscurrent.web.export import _answer

    expected = _answer(laboratory(), Orders("demand-side"), DEFAULT_ROWS, data["worlds"])
    found = data["answers"]["demand-side"]["cells"]
    for measure, cells in json.loads(json.dumps(expected["cells"])).items():
        for theory, cell in cells.items():
            assert {key: found[measure][theory][key] for key in cell} == cell


def test_every_stop_of_every_lever_was_computed(data):
    own = next(row["levers"] for row in data["case"]["policies"] if row["id"] == data["stops_of"])
    for lever, stops in data["stops"].items():
        assert own[lever] in stops
        for value in stops:
            if value != own[lever]:
                assert f"{data['stops_of']} {lever}={value:g}" in data["answers"]


def test_stops_stay_within_precedent():
    strikes = laboratory().case.levers["leadership_strikes"]
    assert lever_stops(strikes, 2.0) == (0.0, 2.0, 2.5, 5.0, 10.0)
    assert lever_stops(laboratory().case.levers["fallback"], 1.0) == (0.0, 1.0, 2.0)


def test_a_lever_snaps_to_computed_worlds(offline, data):
    """Wherever the hand stops, what is drawn is one of the answers in the file, to the digit."""
    page = offline("#/compare?lang=en")
    until(page, "CC.asking.settled")
    for place in (0.03, 0.3, 0.62, 1.0):
        page.evaluate("share => { const slider = document.querySelector('#l-treatment'); slider.value = share; "
                      "slider.dispatchEvent(new Event('input', {bubbles: true})); }", place)  # fmt: skip
        page.wait_for_timeout(300)
        value = page.evaluate("CC.leversB().treatment")
        assert value in data["stops"]["treatment"]
        key = data["stops_of"] + (f" treatment={value:g}" if page.evaluate("CC.edited()") else "")
        shown = page.evaluate("CC.asking.answer.cells.homicides['force-deters'].b")
        assert shown == data["answers"][key]["cells"]["homicides"]["force-deters"]["b"]
    page.evaluate("CC.levers.set('dialogue', 1)")
    page.wait_for_timeout(200)
    assert page.evaluate("Object.keys(CC.state.over)") == ["dialogue"]


def test_every_view_opens_offline_in_both_languages(offline):
    for language in ("en", "es"):
        page = offline(f"?x={language}#/compare?lang={language}")
        until(page, "CC.asking.settled")
        assert page.locator(".cell").count() == 24
        for view, shown in (("flips", ".matrix"), ("claims", ".claim"), ("record", ".past"), ("sources", ".record")):
            page.locator(f'a[data-view="{view}"]').click()
            page.wait_for_selector(f"#view-{view} {shown}")
        page.locator('nav a[data-view="compare"]').click()
        page.locator(".cell").first.click()
        page.wait_for_selector("#drawer .record")
        page.keyboard.press("Escape")
        until(page, "!(history.state && history.state.over)")  # closing goes back by itself; a visit would be cut short


def test_pathways_open_offline_under_every_theory(offline, data):
    """What the file shows of a pathway is what was simulated for it, to the digit."""
    for language in ("en", "es"):
        page = offline(f"?p={language}#/flips?lang={language}&objective=cooperation-holds")
        for theory in laboratory().theories:
            page.locator(f"[data-path-theory={theory}]").click()
            until(page, f"CC.pathways.found && CC.pathways.found.theory === '{theory}'")
            stored = data["pathways"]["maps"][theory]["cooperation-holds"]
            assert stored["worlds"] == 32, "a study of 16 worlds has too few for shares"
            assert page.evaluate("CC.pathways.found") == stored
            assert page.locator(".path-row").count() == len(stored["lines"]) + len(stored["pathways"])
        assert re.match(r"32 (worlds|mundos)", page.locator("#paths-state").inner_text())
        page.locator("[data-goal]").first.click()
        assert "pathways.yaml" in page.locator("#drawer").inner_text()
        page.keyboard.press("Escape")
        page.locator(".path-row [data-line]").first.click()
        page.wait_for_selector("#drawer .technical")


PATHS_READ = """async () => {
    const texts = [];
    for (const theory of CC.case.theories) for (const goal of CC.pathways.names.objectives) {
        Object.assign(CC.state, { theory: theory.id, objective: goal.id });
        await CC.pathways.show();
        texts.push(document.querySelector('#pathways').textContent);
        for (const opener of document.querySelectorAll('#pathways [data-path]')) {
            opener.click();
            texts.push(document.querySelector('#drawer').textContent);
            document.querySelector('#drawer [data-close]').click();
        }
    }
    return texts.join('\\n');
}"""


@pytest.mark.parametrize("language", ["en", "es"])
def test_policies_outside_the_study_have_names_and_cannot_be_chosen(offline, data, language):
    """The file holds few policies; claims and pathways speak of all."""
    policies = laboratory().case.policies
    ids = [name for name, policy in policies.items() if policy.label.lower() != name]
    page = offline(f"#/claims?lang={language}")
    until(page, "document.querySelector('.claim') !== null")
    claims = page.locator("#view-claims").text_content()
    page.locator('a[data-view="flips"]').click()
    until(page, "CC.pathways.found !== null")
    paths = page.evaluate(PATHS_READ)
    for text in (claims, paths):
        assert not [name for name in ids if re.search(rf"(?<![\w-]){name}(?![\w-])", text, re.IGNORECASE)]
    label = page.evaluate("CC.policyName('unilateral-strikes')")
    assert label in claims
    assert label != "unilateral-strikes"
    assert page.evaluate("CC.policyName('law-enforcement-first')").lower() in paths.lower()
    offered = {row["id"] for row in data["case"]["policies"]}
    assert offered < set(policies)
    choices = page.evaluate("[...document.querySelectorAll('#a option, #b option')].map(option => option.value)")
    assert set(choices) <= offered


def test_what_was_not_computed_is_said(offline):
    page = offline("#/compare?lang=en")
    until(page, "CC.asking.settled")
    page.evaluate("""() => { CC.state.rows[0] = 'groups';
        CC.case.byId.measures.groups = {id: 'groups', label: 'x', unit: 'groups', better: 0}; CC.asking.fresh(); }""")
    page.wait_for_selector("#notice:not([hidden])")
    assert "crosscurrent serve" in page.locator("#notice").inner_text()


def test_a_study_of_the_status_quo_alone_makes_no_page(tmp_path):
    from crosscurrent.study.running import run_study
    from crosscurrent.study.specification import Study
    from crosscurrent.web.export import write_page

    case = laboratory().case
    results = run_study(Study(policies=("status-quo",), worlds=8), tmp_path / "study", case=case)
    with pytest.raises(InputError, match="needs a policy"):
        write_page(case, results, tmp_path / "page.html", lambda *_: None)
    assert not (tmp_path / "page.html").exists()


def test_scripts_cannot_end_early():
    """Text of the case that looks like markup stays inside its data."""
    text = page_html({"label": "</script><script>alert(1)</script>"})
    assert "alert(1)" not in text
