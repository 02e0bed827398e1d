"""Sources and drawers in a real browser: counts, names and what is said of a record, in both languages."""

from __future__ import annotations

import re

import pytest
from page_server import until

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("name", "language", "words"),
    [
        ("overdose_scale", "en", "3 records of evidence, 1 origin"),
        ("overdose_scale", "es", "3 registros de evidencia, 1 origen"),
        ("trust_base", "en", "2 records of evidence, 2 origins"),
        ("trust_base", "es", "2 registros de evidencia, 2 orígenes"),
        ("alignment_speed", "en", "1 record of evidence, 1 origin"),
        ("alignment_speed", "es", "1 registro de evidencia, 1 origen"),
    ],
)
def test_records_and_origins_are_counted_each_by_itself(visit, name, language, words):
    page = visit(f"#/sources?lang={language}")
    page.evaluate("name => CC.explain.name(name)", name)
    until(page, "document.querySelector('#behind h3') !== null")
    assert [text for text in page.locator("#behind h3").all_inner_texts() if text[0].isdigit()] == [words]


def test_a_translation_is_spoken_of_where_there_is_one(visit):
    for language, words in (("en", "English"), ("es", "inglés")):
        page = visit(f"#/sources?lang={language}")
        until(page, "document.querySelector('.record') !== null")
        said = words in page.locator("#view-sources .lead").inner_text()
        assert said == (page.locator("#view-sources .original").count() > 0)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_table_of_the_past_has_the_name_of_its_heading(visit, language):
    page = visit(f"#/record?lang={language}")
    until(page, "document.querySelector('.past') !== null")
    names = page.evaluate("""[...document.querySelectorAll('.past')].map(part =>
        [part.querySelector('h2').textContent, part.querySelector('details .scroll').getAttribute('aria-label')])""")
    assert len(names) > 3
    assert not [pair for pair in names if pair[0] != pair[1]]


@pytest.mark.parametrize(
    ("language", "note", "mark"),
    [
        ("en", "Signs read second-hand, form recalled.", "read in the text cited or in one that quotes it"),
        ("es", "Signos leídos de segunda mano", "leído en el texto citado o en uno que lo cita"),
    ],
)
def test_the_mark_of_a_record_leaves_room_for_one_read_second_hand(visit, language, note, mark):
    """As the case says it: a figure counts as read where it stands in the text cited or in one that quotes it."""
    page = visit(f"#/sources?lang={language}")
    page.locator("#find").fill("kaplan-terror-stock")
    text = page.locator("#view-sources .record").inner_text()
    assert note in text
    assert mark in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "See “SESNSP via UnoTV 9 Sep 2025” for the rate of killings."),
        ("es", "Véase «SESNSP via UnoTV 9 Sep 2025» para la tasa de asesinatos."),
    ],
)
def test_a_record_names_another_as_it_is_cited(visit, language, words):
    page = visit(f"#/sources?lang={language}")
    until(page, "document.querySelector('.record') !== null")
    records = page.locator("#view-sources .record")
    texts = [text for text in records.locator("p").all_inner_texts() if not re.search(r"orig[ie]n: ", text)]
    assert words in texts
    ids = page.evaluate("CC.sources.found.records.map(row => row.id).filter(id => id.includes('-'))")
    assert len(ids) > 200
    assert not [name for name in ids if name in re.sub(r"https?://\S+", "", "\n".join(texts))]
