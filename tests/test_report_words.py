"""The report in Spanish: every message is there, used, with the same slots, and no English is left unmarked."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from report_words import asked_for
from study_fakes import CASE, LABELS, small_study
from test_report import CostlySimulator, made_up_past

from crosscurrent import cli
from crosscurrent.case import load_case
from crosscurrent.commands import running
from crosscurrent.errors import InputError
from crosscurrent.language import check_language, dated, marked, policy_id, said, speaking, t, theory_id, tn
from crosscurrent.report import write_report
from crosscurrent.study import execute
from crosscurrent.web.catalogues import report_messages

SLOT = re.compile(r"(?<!\{)\{(\w*(?::[^}]*)?)\}(?!\})|%\((\w+)\)s")
SPANISH = report_messages("es")
ASKED = asked_for()
SAME_IN_BOTH = {"Python", "Delta", "delta →", "Rival", "no {out}"}
NAMED = re.compile(r"[\w ,&.-]+ and [\w ]+ \d{4}|[a-z0-9-]+|https?://\S+")
"""References by author, ids of records, and addresses."""
MAP = re.compile("Mapa de|Delta por supuesto|Límites de la caja como")
"""Names of drawings with labels of parameters, which an attribute cannot mark as English."""
SHORT = 12
"""Letters of English between slots from which a fragment tells that a sentence was left untranslated."""


def slots_of(text: str) -> list[str]:
    return sorted(a or b for a, b in SLOT.findall(text))


def test_no_message_is_missing_and_none_unused():
    template = report_messages("en")
    assert not sorted(set(ASKED) - set(template))
    assert not sorted(set(template) - set(ASKED))
    assert set(SPANISH) == set(template)


def test_plurals_are_those_that_modules_ask_for():
    template = report_messages("en")
    assert {key: forms[1] for key, forms in template.items() if len(forms) == 2} == {
        key: other for key, other in ASKED.items() if other is not None
    }
    assert all(len(SPANISH[key]) == len(forms) for key, forms in template.items())


def test_every_message_is_translated_with_the_same_slots():
    assert not [key for key, forms in SPANISH.items() if not all(forms)]
    plain = report_messages("en")
    wrong = {
        key: text
        for key, forms in plain.items()
        for english, text in zip(forms, SPANISH[key], strict=True)
        if slots_of(english) != slots_of(text)
    }
    assert not wrong


def test_slots_without_a_name_stand_in_the_same_order():
    """They are filled by place."""
    for key, forms in SPANISH.items():
        tags = re.findall(r"<[a-z]+|\{[^}]*\}", re.sub(r"\{\w+\}", "", key))
        assert tags == re.findall(r"<[a-z]+|\{[^}]*\}", re.sub(r"\{\w+\}", "", forms[0])), key


def test_translations_keep_the_tags_and_the_spaces_at_the_ends():
    for key, forms in SPANISH.items():
        for text in forms:
            assert re.findall(r"</?[a-z0-9]+", key) == re.findall(r"</?[a-z0-9]+", text), key
            assert key[:1].isspace() == text[:1].isspace(), key
            assert key[-1:].isspace() == text[-1:].isspace(), key


def test_nothing_is_left_as_it_is_in_english():
    same = {form for key, forms in report_messages("en").items() for form, text in zip(forms, SPANISH[key], strict=True)
            if form == text}  # fmt: skip
    assert {form for form in same if re.search(r"[a-z]{3}", re.sub(r"<[^>]*>|\{[^}]*\}", "", form))} <= SAME_IN_BOTH


FORBIDDEN = re.compile(r"\b(prueba que|demuestra|probablemente|probabilidad\w*|mejor política|seguramente)\b", re.I)


def test_no_sentence_promises_or_praises():
    assert not {key for key, forms in SPANISH.items() for text in forms if FORBIDDEN.search(text)}


def test_english_is_the_default_and_spanish_ends_with_its_block():
    with speaking("es"):
        assert t("no world left") == "ningún mundo queda"
        assert tn("{count} year", "{count} years", 1) == "1 año"
        assert tn("{count} year", "{count} years", 3) == "3 años"
        assert policy_id("demand-side") == "reducir la demanda"
        assert theory_id("markets-replace") == "El mercado repone"
        assert dated("2025-04").startswith("abr")
        assert marked(f"<p>{said('Nothing of the kind')}</p>") == '<p><span lang="en">Nothing of the kind</span></p>'
    assert t("no world left") == "no world left"
    assert dated("2025-04") == "2025-04"


def test_marks_stand_in_text_only_and_never_stay_open():
    with speaking("es"):
        text = said("Law of the case")
    assert marked(f'<a title="{text}">x</a>') == '<a title="Law of the case">x</a>'
    drawn = marked(f"<svg><text>{text}</text></svg>")
    assert drawn == '<svg><text><tspan lang="en">Law of the case</tspan></text></svg>'
    assert marked(f"<p>{text[:5]}…</p>") == '<p><span lang="en">Law …</span></p>'


def test_an_unknown_language_is_refused():
    with pytest.raises(InputError) as caught:
        check_language("fr")
    assert "fr" in str(caught.value)


@pytest.mark.parametrize("given", ["en", "es"])
def test_the_command_hands_the_language_on(given, monkeypatch, tmp_path, pages):
    asked = []
    monkeypatch.setattr(running, "make_report", lambda *rest: asked.append(rest[-1]) or tmp_path)
    with pytest.raises(SystemExit) as stop:
        cli.main(["report", str(pages["study"]), "--lang", given])
    assert int(stop.value.code or 0) == 0
    assert asked == [given]


def test_the_command_refuses_an_unknown_language_in_one_line(capsys, tmp_path):
    with pytest.raises(SystemExit) as stop:
        cli.main(["report", str(tmp_path), "--lang", "fr"])
    assert stop.value.code == 2
    assert capsys.readouterr().err.strip() == "error: unknown language; given 'fr'; valid: en, es"


class Spanish(HTMLParser):
    """Text of the page that is not marked as English, and names of drawings."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.quiet: list[bool] = []
        self.words: list[str] = []
        self.language = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "html":
            self.language = given["lang"]
        if tag not in ("meta", "br", "path", "rect", "circle", "use"):
            english = given.get("lang") == "en" or tag in ("style", "script", "pre", "code")
            self.open.append(tag)
            self.quiet.append(english or (bool(self.quiet) and self.quiet[-1]))
        if "aria-label" in given:
            self.words.append(given["aria-label"])

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.quiet.pop()

    def handle_data(self, data):
        if not (self.quiet and self.quiet[-1]):
            self.words.append(data)


@pytest.fixture(scope="module")
def case():
    return load_case("us_mexico")


@pytest.fixture(scope="module")
def pages(case, tmp_path_factory):
    measures = ("homicides", "overdose_deaths", "trust", "cost_us", "cost_mx", "consented_weeks")
    folder = tmp_path_factory.mktemp("spanish")
    study = small_study(measures=measures, full_paths=2)
    results = execute(study, CostlySimulator, folder / "study", case_digest=CASE, labels=LABELS)
    found = {"study": folder / "study"}
    for language in ("es", "en"):
        path = folder / f"{language}.html"
        write_report(results, case, path, made_up_past(results.theories), language=language)
        found[language] = path.read_text(encoding="utf-8")
    return found


def fragments(english: str) -> list[str]:
    """What is left of a message between its slots and tags, as far as it is long enough to tell."""
    bare = re.split(r"<[^>]*>|\{[^}]*\}|%\(\w+\)s", english.replace("%%", "%"))
    return [part.strip() for part in bare if len(part.strip()) >= SHORT and " " in part.strip()]


def test_no_untranslated_sentence_is_left_unmarked(pages):
    page = Spanish(pages["es"])
    assert page.language == "es"
    text = "\n".join(page.words)
    parts = {part for english in report_messages("en").values() for form in english for part in fragments(form)}
    spanish = "\n".join(form for forms in SPANISH.values() for form in forms)
    left = sorted(part for part in parts if part in text and part not in spanish)
    assert not left


def test_common_english_words_stand_only_where_they_are_marked(pages):
    """Also words that no catalogue has: what comes from the case or from an error."""
    words = "\n".join(word for word in Spanish(pages["es"]).words if not NAMED.fullmatch(word.strip()))
    found = re.findall(r"[^\n]*\b(?:the|of|under|with|worlds|which|from|and|than)\b[^\n]*", words)
    assert not [line for line in found if not MAP.match(line)]


def test_the_same_page_stands_in_both_languages(pages):
    ids = {language: re.findall(r' id="([^"]+)"', text) for language, text in pages.items() if language != "study"}
    assert ids["es"] == ids["en"]
    assert '<html lang="en">' in pages["en"]
    assert "\ue000" not in pages["es"] + pages["en"]
    assert 'lang="en"' not in pages["en"].replace('<html lang="en">', "", 1)
    assert "Reducir la demanda" in pages["es"] or "Solo vigilancia" in pages["es"]
    assert not re.search(r"[{}]", " ".join(Spanish(pages["es"]).words))
