"""Texts behind the figures in another language: all there, none stale, same figures, no English left on the page."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter

import pytest
from page_server import Watched, browser, served, until

from crosscurrent.analysis.explaining import explain, explained_names
from crosscurrent.case import load_case
from crosscurrent.web.catalogues import catalogue, source_messages
from crosscurrent.web.extraction import main, state_of, updated
from crosscurrent.web.facts import fact_said, line_said
from crosscurrent.web.source_words import source_texts, source_words

ENGLISH = re.compile(
    r"\b(the|of|and|with|without|under|from|that|which|by|for|to|in|is|are|was|were|than|not|per|between|after|before|"
    r"if|when|worlds?|policy|levers?|years?|weeks?|months?|deaths|higher|lower|source|share|mean|study|range)\b",
    re.IGNORECASE,
)
NAMED = ("policy", "theory", "axis", "parameter", "lever", "measure", "product", "corridor", "owner", "basis")


@pytest.fixture(scope="module")
def case():
    return load_case("us_mexico")


@pytest.fixture(scope="module")
def own(case):
    return source_texts(case)


def test_every_text_of_the_case_is_translated_none_is_stale_and_none_unused(own):
    """What fails here is put right with ``python -m crosscurrent.web.extraction`` and a translation."""
    state = state_of(own, source_messages("es"))
    assert not any(state), state
    assert {key: english for key, (english, _) in source_messages("en").items()} == own
    assert len(own) > 3000


def figures(text: str) -> Counter[str]:
    """Numbers of a text, thousands separators left out."""
    return Counter(re.findall(r"\d+(?:\.\d+)?|\.\d+", re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)))


def test_figures_of_a_text():
    assert figures("1,371 strikes for .74 or 0.5 in 2021-23; 3, 4") == Counter(
        ["1371", ".74", "0.5", "2021", "23", "3", "4"]
    )


def test_both_languages_have_the_same_figures():
    wrong = {key: pair for key, pair in source_messages("es").items() if figures(pair[0]) != figures(pair[1])}
    assert not wrong


def test_no_translation_is_english():
    assert not {key: text for key, (_, text) in source_messages("es").items() if ENGLISH.search(text)}


def test_a_case_of_ones_own_never_speaks_with_the_words_of_another(case):
    changed = dataclasses.replace(case.parameters["trust_speed"], label="Pace of trust")
    other = dataclasses.replace(case, parameters={**case.parameters, "trust_speed": changed})
    found = source_words(other, "es")
    assert "parameter.trust_speed" not in found
    assert found["reasoning.trust_speed"] == source_messages("es")["reasoning.trust_speed"][1]
    assert source_words(case, "es").keys() == source_messages("es").keys()
    assert source_words(case, "en") == {}


def test_a_changed_text_loses_its_translation_and_keeps_it_as_a_comment():
    made = updated({"a": "one", "b": "two"}, {"a": ("once", "una vez"), "b": ("two", "dos"), "c": ("x", "y")}, "es")
    found = {message.context: message for message in made if message.id}
    assert set(found) == {"a", "b"}
    assert found["a"].string == ""
    assert found["a"].user_comments == ["before: once", "before: una vez"]
    assert found["b"].string == "dos"
    assert not any(message.fuzzy for message in found.values())
    again = updated({"a": "one"}, {"a": ("one", "")}, "es", {"a": found["a"].user_comments})
    assert next(message for message in again if message.id).user_comments == found["a"].user_comments


def test_check_lists_nothing_for_the_shipped_case(capsys):
    assert main(["--check"]) == 0
    assert capsys.readouterr().out == ""


# ---- lines that explain writes ----


def words_of(said, texts) -> list[str]:
    """Keys that a message and its slots need, without those that there are."""
    key, slots = said
    wanted = [key]
    for name, value in slots.items():
        if isinstance(value, tuple):
            wanted += words_of(value, texts)
        elif isinstance(value, list):
            wanted += [key for each in value for key in words_of(each, texts)]
        elif name == "rival":
            wanted.append(f"rival.{slots['axis']}.{value}")
        elif name == "driver":
            wanted.append(f"driver.{value}" if f"driver.{value}" in texts else f"lever.{value}")
        elif name in NAMED:
            wanted.append(f"{name}.{value}")
    return [key for key in wanted if key not in texts]


# Neither has words: names of the code and places in files, and what stays as its publisher wrote it.
UNSAID = {"read from", "written in", "citation", "locator", "origin", "same origin, so not independent of it"}


def test_every_line_of_every_explanation_can_be_said_in_the_page_s_language(case):
    texts = {**catalogue("es"), **{key: text for key, (_, text) in source_messages("es").items()}}
    unsaid, lacking, seen = set(), set(), set()
    for name in explained_names(case):
        found = explain(case, name)
        told = [(label, text, fact_said(found, label, text)) for label, text in found.facts if text]
        told += [(label, line, line_said(found, label, line)) for label, lines in found.lists for line in lines]
        for label, text, said in told:
            seen.add(label)
            if not any(map(str.isalpha, text)) and (label != "unit" or found.kind == "evidence"):
                continue
            if said is None:
                unsaid |= {(label, text)} if label not in UNSAID else set()
            else:
                lacking |= set(words_of(said, texts))
    assert not unsaid
    assert not lacking
    plain = {label for label in seen if not label.startswith("if ")}
    keys = {"fact." + re.sub(r"_$", "", re.sub(r"[^a-z]+", "_", label)) for label in plain}
    assert not keys - set(texts)


@pytest.mark.parametrize(
    ("name", "label", "text", "said"),
    [
        ("succession_rate", "distribution", "loguniform 0.0177 to 0.0797",
         ("said.loguniform", {"low": "0.0177", "high": "0.0797"})),
        ("succession_rate", "if weakens (removal)", "normal, mean -0.1, sd 0.15",
         ("said.normal", {"mean": "-0.1", "sd": "0.15"})),
        ("succession_rate", "possible range", "-1e+06 to 1e+07", ("said.range", {"low": "-1e+06", "high": "1e+07"})),
        ("leadership_strikes", "cost", "strike_unit_cost million USD per unit and year, paid by US",
         ("said.cost", {"parameter": "strike_unit_cost", "owner": "US"})),
        ("leadership_strikes", "cost", "0.0 million USD per unit and year, paid by both",
         ("said.cost_free", {"value": "0.0", "owner": "both"})),
        ("leadership_strikes", "carried out", "somehow else", None),
    ],
)  # fmt: skip
def test_a_fact_is_taken_apart(case, name, label, text, said):
    assert fact_said(explain(case, name), label, text) == said


def test_orders_and_rules_are_taken_apart(case):
    found = explain(case, "graduated")
    order = "arms_interdiction = 0.5 x status quo, from week 12 after the decision (beyond any precedent)"
    assert line_said(found, "levers", order) == ("said.order", {
        "lever": "arms_interdiction", "value": "0.5", "unit": ("said.unit", {"unit": ("unit_text.x status quo", {})}),
        "after": ("said.after", {"week": "12"}), "beyond": ("said.beyond", {}),
    })  # fmt: skip
    rule = "when homicides is above 32000 for 26 weeks, then dialogue = 1, economic_pressure = 0"
    key, slots = line_said(found, "rules", rule)
    assert key == "said.rule_above"
    assert [each[1]["lever"] for each in slots["orders"]] == ["dialogue", "economic_pressure"]
    assert (slots["delay"], slots["release"]) == ("", "")
    assert line_said(found, "rules", "when it rains") is None


# ---- the page ----

UNMARKED = """place => { const copy = document.querySelector(place).cloneNode(true);
    copy.querySelectorAll('[lang=en],script,code,pre,option').forEach(part => part.remove());
    return copy.textContent; }"""
OPENED = ("homicides", "leadership_strikes", "succession_rate", "trust_base", "removal", "removal-splits", "graduated",
          "coordinated-strikes@equal-cost", "account-freezes-mexico", "fentanyl_share", "opioid_users",
          "arrests")  # fmt: skip


@pytest.fixture(scope="module")
def opened():
    """A browser and the address of a server."""
    with served() as address, browser() as started:
        yield started, address


@pytest.fixture(scope="module")
def spanish(opened):
    """The Sources view in Spanish."""
    started, address = opened
    watched = Watched(started, (1440, 900))
    page = watched.open(address + "#/sources?lang=es")
    page.wait_for_selector("#view-sources .record")
    yield page
    watched.close()
    assert not watched.complaints


@pytest.mark.slow
def test_no_english_is_left_among_the_sources(spanish):
    text = spanish.evaluate(UNMARKED, "#view-sources")
    assert not set(ENGLISH.findall(text))
    assert len(text) > 100_000
    assert spanish.locator("#view-sources .record .original").count() > 350
    marked = spanish.evaluate("""() => [...document.querySelectorAll('#view-sources table [lang=en]')].length""")
    assert marked == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", OPENED)
def test_no_english_is_left_in_a_drawer(spanish, name):
    """One of every kind of name; what is English in it says so: code, docstrings of equations, citations, originals."""
    spanish.evaluate("name => CC.explain.name(name)", name)
    until(spanish, "document.querySelector('#behind h3') !== null")
    spanish.wait_for_timeout(50)
    text = spanish.evaluate(UNMARKED, "#drawer")
    assert not set(ENGLISH.findall(text)), text
    marked = spanish.evaluate("""() => [...document.querySelectorAll('#drawer dd [lang=en]')].map(
        part => part.closest('dd').previousElementSibling.textContent)""")
    assert set(marked) <= {"escrito en", "se lee de", "cita", "lugar en el texto", "origen"}
    spanish.keyboard.press("Escape")


@pytest.mark.slow
def test_search_finds_words_of_both_languages_with_and_without_accents(spanish):
    def records(words: str) -> int:
        spanish.locator("#find").fill(words)
        return spanish.locator("#view-sources .record").count()

    whole = records("")
    translated, plain, english = records("decomisos de la DEA"), records("extradición"), records("DEA seizures")
    assert 0 < translated < whole
    assert 0 < english < whole
    assert 0 < plain == records("extradicion") < whole
    records("")


@pytest.mark.slow
def test_texts_are_fetched_once_and_never_for_a_comparison(opened):
    started, address = opened
    watched = Watched(started, (1440, 900))
    page = watched.open(address + "#/compare?lang=es")
    watched.settle()
    assert not [url for url in watched.asked if url.endswith("/sources")]
    for name in ("homicides", "trust_base"):
        page.evaluate("name => CC.explain.name(name)", name)
        until(page, "document.querySelector('#behind h3') !== null")
        page.keyboard.press("Escape")
    assert [url for url in watched.asked if url.endswith("/sources")] == [address + "api/words/es/sources"]
    page.locator("[data-lang=en]").click()
    until(page, "CC.language === 'en'")
    page.evaluate("CC.explain.name('trust_base')")
    until(page, "document.querySelector('#behind h3') !== null")
    assert page.locator("#drawer .original").count() == 0
    assert "Trust that the relationship tends to" in page.locator("#drawer").inner_text()
    watched.close()
    assert not watched.complaints
