"""Words of the page: every message is there, in both languages, used, and with the same slots."""

from __future__ import annotations

import re

import pytest

from crosscurrent.case import load_case
from crosscurrent.model.schema import LEVERS, MEASURES, OBSERVABLES
from crosscurrent.web.case_words import TRANSLATED_CASE, case_catalogue, case_names
from crosscurrent.web.catalogues import LANGUAGES, catalogue, messages, slots
from crosscurrent.web.description import CHOICES, LEVER_GROUPS
from crosscurrent.web.files import STATIC

SCRIPTS = "\n".join(path.read_text(encoding="utf-8") for path in sorted(STATIC.glob("*.js")))
PAGE = (STATIC / "index.html").read_text(encoding="utf-8")
ENGLISH = catalogue("en")

# Prefixes whose last part is a value of the data: what values there are.
FAMILIES = {
    "measure": [*MEASURES, *OBSERVABLES],
    "unit": sorted({measure.unit for measure in MEASURES.values()}),
    "group": list(LEVER_GROUPS),
    "grade": ["all", "strong", "moderate", "weak", "assumption"],
    "kind": ["measure", "observable", "policy", "policy_variant", "theory", "axis", "parameter", "lever", "driver",
             "state", "evidence"],
    "test": ["lower", "higher", "not_lower", "not_higher", "equivalent", "below", "above", "ratio_below",
             "ratio_above"],
    "test_kind": ["finding", "rule", "input", "belief"],
    "stance": ["supporter", "sceptic", "neutral"],
    "claims.show": ["all", "supporter", "sceptic", "neutral", "split"],
    "verified": ["yes", "abstract", "no"],
    "effect": ["raises", "lowers", "no_clear_effect", "mixed"],
    "publisher": [
        "national_institute_of_statistics_and_geography_mexico",
        "executive_secretariat_of_the_national_public_security_system_mexico",
        "office_of_the_attorney_general_mexico", "migration_policy_unit_interior_ministry_mexico",
        "national_search_commission_mexico", "us_department_of_justice", "us_customs_and_border_protection",
        "us_department_of_homeland_security_statistics_office_and_customs_and_border_protection",
        "us_national_center_for_health_statistics",
    ],
    "verdict": ["holds_clearly", "fails_clearly", "depends", "not_clear", "not_decided"],
    "cell_verdict": ["holds", "fails", "not_clear"],
    "flips.says": ["the_side_changes_beyond_error", "the_side_cannot_be_told_somewhere", "nothing_separates",
                   "one_side_throughout", "alike_in_every_world"],
    "flips.evidence": ["inside", "outside", "partly", "open"],
    "flips.verdict": ["a", "b", "alike", "not_clear"],
    "flips.class": ["2", "1", "0", "-1", "-2"],
    "lever_unit": ["strikes", "weeks", "billion", "billion_year", "times", "share", "other"],
    "naive": ["last_value", "seasonal_naive", "drift", "None"],
    "other": ["case", "seed", "decision", "years", "beliefs"],
    "answer": ["lower", "higher"],
    "share": ["lower", "higher"],
    "row": ["lower", "higher"],
    "cell": ["lower", "higher"],
    "table": ["lower", "higher"],
    "answer.all": [],
    "paths.back": ["above", "below"],
    "paths.bar": ["at_most", "at_least"],
    "paths.lead": ["at_most", "at_least"],
    "paths.trigger": ["above", "below"],
    "blend.answer": ["lower", "higher"],
    "blend.not_clear": ["lower", "higher"],
    "fact": ["unit", "range", "owner", "carried_out", "status_quo", "cost", "grade_of_evidence", "reasoning",
             "written_in", "without_precedent_above", "flow_or_stock", "preferred_direction", "read_from",
             "possible_range", "distribution", "subsystem", "set_by_policies", "moves_nearest_first", "rivals",
             "fixed_by_theories", "parameters_that_it_moves", "fixes", "leaves_open_rivals_mixed", "levers", "rules",
             "variants", "used_by", "same_origin_so_not_independent_of_it", "citation", "origin", "estimate",
             "interval", "setting", "effect", "method", "locator", "name", "no_unit", "kind", "verified", "note", "if",
             "distribution_not_in_use_every_rival_below_has_its_own", "value_in_week", "largest_possible_value",
             "after_the_last_year", "placed_within_its_margin_by", "weights_where_no_theory_fixes_it", "by_year",
             "of_the_policy"],
    "said": [key.removeprefix("said.") for key in ENGLISH if key.startswith("said.")],  # see test_web_sources_words.py
    "owner": ["US", "MX", "both"],
    "basis": ["data", "assumption"],
    "record_kind": ["data", "document", "model", "poll", "report", "rule", "study"],
    "need": ["policy", "measure", "years", "paths"],
}  # fmt: skip
# Names of the case: optional in another language, checked against the case below.
OF_THE_CASE = ("objective", "pathway", "pathway_text", "policy", "theory", "theory_text", "theory_line", "lever",
               "claim", "asserted", "axis", "rival", "series", "target", "subsystem")  # fmt: skip


def used() -> set[str]:
    """Keys that the page asks for by name."""
    found = set(re.findall(r"""(?:CC\.|\b)(?:safeT|t)\(\s*'([a-z_.0-9-]+)'""", SCRIPTS))
    found |= set(re.findall(r"""data-(?:text|label)="([^"]+)\"""", PAGE))
    found |= {f"answer.all_{side}" for side in ("lower", "higher")}
    found |= {f"choice.{lever}.{value:g}" for lever, values in CHOICES.items() for value in values}
    for family, values in FAMILIES.items():
        found |= {f"{family}.{value}" for value in values}
    quoted = set(re.findall(r"'([a-z_]+(?:\.[a-z_]+)*)'", SCRIPTS))
    return {key for key in found if key[-1] not in "._"} | (quoted & set(ENGLISH))


def is_of_the_case(key: str) -> bool:
    return key.partition(".")[0] in OF_THE_CASE and key not in ("policy", "theory", "policy.a", "policy.b",
                                                                "lever.beyond", "lever.no_rule")  # fmt: skip


def test_no_message_is_missing():
    assert not sorted(key for key in used() - set(ENGLISH) if not is_of_the_case(key))


def test_no_message_is_unused():
    assert not sorted(key for key in set(ENGLISH) - used() if not is_of_the_case(key))


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_have_the_same_messages_and_slots(language):
    found = messages(language)
    assert set(found) == set(ENGLISH)
    texts = {key: text.values() if isinstance(text, dict) else [text] for key, (_, text) in found.items()}
    assert not [key for key, forms in texts.items() if not all(forms)]
    assert not [key for key, (english, text) in found.items() if slots(english) != slots(text)]
    assert not [key for key, (english, _) in found.items() if english != ENGLISH[key]]


def test_every_name_of_the_case_is_translated_and_none_is_stale():
    """A label that changed in the case shows here: its translation must be read again."""
    own = case_names(load_case(TRANSLATED_CASE))
    mixture = {"theory.even", "theory_text.even"}
    assert not {key for key in own if key not in ENGLISH} - mixture
    stale = {key: (ENGLISH[key], text) for key, text in own.items() if key in ENGLISH and ENGLISH[key] != text}
    assert not stale
    kinds = ("policy", "theory", "theory_text", "lever", "claim", "asserted", "axis", "rival", "target", "objective",
             "pathway", "pathway_text")  # fmt: skip
    assert not [key for key in ENGLISH if key.partition(".")[0] in kinds and is_of_the_case(key) and key not in own]


def test_a_case_of_ones_own_keeps_its_names(tmp_path):
    """A translation stands only for the text it was made from; the shipped case has them all."""
    from dataclasses import replace

    shipped = load_case(TRANSLATED_CASE)
    assert case_catalogue("es", shipped) == catalogue("es")
    policies = dict(shipped.policies) | {"demand-side": replace(shipped.policies["demand-side"], label="Clinics")}
    theories = {key: value for key, value in shipped.theories.items() if key != "force-deters"}
    own = replace(shipped, policies=policies, theories=theories, digest="0" * 64)
    for language in LANGUAGES:
        dropped = set(catalogue(language)) - set(case_catalogue(language, own))
        assert dropped == {"policy.demand-side", "theory.force-deters", "theory_text.force-deters",
                           "theory_line.force-deters"}  # fmt: skip


def test_series_and_subsystems_are_named():
    case = load_case("us_mexico")
    subsystems = {entry.subsystem for entry in (*case.parameters.values(), *case.claims.values())}
    assert not {f"subsystem.{name}" for name in subsystems} - set(ENGLISH)
    named = {key for key in ENGLISH if is_of_the_case(key) and key.startswith("lever.")}
    assert named == {f"lever.{name}" for name in LEVERS}


FORBIDDEN = re.compile(
    r"\b(will|proves?|shows that|probably|likely|best policy|prueba que|demuestra|probablemente|mejor política)\b", re.I
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_promises_or_praises(language):
    """Claims and labels of the case are what others say; everything that the page says keeps to the rules."""
    wrong = {
        key: text
        for key, text in catalogue(language).items()
        if not is_of_the_case(key) and FORBIDDEN.search(" ".join(text.values()) if isinstance(text, dict) else text)
    }
    assert not wrong


def test_probability_is_only_named_to_deny_it():
    for language in LANGUAGES:
        for key, text in catalogue(language).items():
            if "robab" in str(text).lower() and not is_of_the_case(key):
                assert key == "answer.rule"
