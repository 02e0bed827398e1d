"""Texts that stand behind the figures, by key: parameters, reasoning, evidence, definitions, rivals, units.

They are the case's own, in English.  A translation is used only where its English is the text of the case at hand, so
that a case of one's own never speaks with the words of another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..analysis.explaining import explain, explained_names
from ..model.schema import DRIVERS, LEVERS, MEASURES, OBSERVABLES, PARAMETERS, STATES
from .catalogues import catalogue, source_messages

if TYPE_CHECKING:
    from ..case.records import Case

__all__ = ["EVIDENCE_FIELDS", "source_texts", "source_words"]

EVIDENCE_FIELDS = ("mechanism", "setting", "estimate", "unit", "interval", "method", "note")
"""Fields of a record that are words of ours; citation, locator and origin stay as they are."""
_PAGE_KINDS = ("measure", "theory_text", "lever")
"""Kinds of the page's own messages that may be a name's definition already."""


def source_texts(case: Case) -> dict[str, str]:
    """Every text in English, by the key of its message.

    Parameters
    ----------
    case : Case

    Returns
    -------
    dict of str to str
        ``parameter.<id>``, ``reasoning.<parameter, lever or objective>``, ``step.<objective>.<pathway>.<number>``,
        ``evidence.<id>.<field>``, ``definition.<name>``,
        ``rival_text.<axis>.<rival>``, ``unit_text.<unit>``, ``why_not.<claim>``, ``claim_note.<claim>``,
        ``driver.<id>``, ``corridor.<id>``, ``product.<id>`` and ``variant.<policy>@<variant>``.  Texts without a
        letter are the same in every language and left out, as is what the page has among its own messages.
    """
    found: dict[str, str] = {}
    for parts in (_of_parameters(case), _of_evidence(case), _of_definitions(case), _of_the_rest(case)):
        found.update((key, text) for key, text in parts if any(map(str.isalpha, text)))
    return found | _units()


def source_words(case: Case, language: str) -> dict[str, str]:
    """Translations of the texts of a case, by key: those whose English is the case's; none for English itself.

    Parameters
    ----------
    case : Case
    language : str
        One of :data:`.catalogues.LANGUAGES`.
    """
    if language == "en":
        return {}
    own = source_texts(case)
    return {key: text for key, (english, text) in source_messages(language).items() if text and own.get(key) == english}


def _of_parameters(case: Case) -> Iterator[tuple[str, str]]:
    for parameter in case.parameters.values():
        yield f"parameter.{parameter.id}", parameter.label
        yield f"reasoning.{parameter.id}", parameter.reasoning
    for lever in case.levers.values():
        yield f"reasoning.{lever.id}", lever.reasoning


def _of_evidence(case: Case) -> Iterator[tuple[str, str]]:
    for record in case.evidence.values():
        for field in EVIDENCE_FIELDS:
            yield f"evidence.{record.id}.{field}", getattr(record, field)


def _of_definitions(case: Case) -> Iterator[tuple[str, str]]:
    """What ``explain`` says that a name is, unless the page or another key says it already."""
    page = catalogue("en")
    for name, kind in explained_names(case).items():
        # Of names that two kinds share, the page asks for the later only where it is a lever, whose words it has.
        if kind in ("parameter", "evidence") or name.startswith(f"{kind}."):
            continue
        text = explain(case, name).definition
        if text not in [page.get(f"{family}.{name}") for family in _PAGE_KINDS]:
            yield f"definition.{name}", text


def _of_the_rest(case: Case) -> Iterator[tuple[str, str]]:
    for axis in case.axes.values():
        for rival, entry in axis.rivals.items():
            yield f"rival_text.{axis.id}.{rival}", entry.statement
    for claim in case.claims.values():
        yield f"why_not.{claim.id}", claim.why_not or ""
        yield f"claim_note.{claim.id}", claim.note or ""
    for policy in case.policies.values():
        for key, variant in policy.variants.items():
            yield f"variant.{policy.id}@{key}", variant.label
    for name, objective in case.objectives.items():
        yield f"reasoning.{name}", objective.reasoning
        for key, pathway in objective.pathways.items():
            for number, step in enumerate(pathway.transfers, start=1):
                yield f"step.{name}.{key}.{number}", step.reasoning
    for corridor in case.corridors.values():
        yield f"corridor.{corridor.id}", corridor.label
    for product in case.products.values():
        yield f"product.{product.id}", product.label
    for name in DRIVERS:
        yield f"driver.{name}", explain(case, name).title.capitalize()


def _units() -> dict[str, str]:
    """Units as the model writes them; a bare 1 needs words too."""
    units: set[str] = set()
    for table in (PARAMETERS, MEASURES, OBSERVABLES, STATES, DRIVERS, LEVERS):
        units |= {entry.unit for entry in table.values()}
    return {f"unit_text.{unit}": unit for unit in sorted(units)}
