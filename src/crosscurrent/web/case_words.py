"""Names of a case among the words of the page: a translation stands only for the very text it was made from."""

from __future__ import annotations

import functools

from ..case import load_case
from ..case.records import Case
from .catalogues import Text, catalogue

__all__ = ["TRANSLATED_CASE", "case_catalogue", "case_names"]

TRANSLATED_CASE = "us_mexico"
"""The shipped case whose names have messages."""


def case_names(case: Case) -> dict[str, str]:
    """Names of a case by the key that their message would have, in the case's own words."""
    own = {f"policy.{key}": value.label for key, value in case.policies.items()}
    own |= {f"theory.{key}": value.label for key, value in case.theories.items()}
    own |= {f"theory_text.{key}": value.description for key, value in case.theories.items()}
    own |= {f"lever.{key}": value.label for key, value in case.levers.items()}
    own |= {f"claim.{key}": value.statement for key, value in case.claims.items()}
    own |= {f"target.{key}": value.label for key, value in case.targets.items() if value.score != "none"}
    own |= {f"asserted.{key}": value.asserted_by for key, value in case.claims.items()}
    for objective in case.objectives.values():
        own[f"objective.{objective.id}"] = objective.label
        own |= {f"pathway.{key}": value.label for key, value in objective.pathways.items()}
        own |= {f"pathway_text.{key}": value.description for key, value in objective.pathways.items()}
    for key, axis in case.axes.items():
        own[f"axis.{key}"] = axis.label
        own |= {f"rival.{key}.{rival}": entry.label for rival, entry in axis.rivals.items()}
    return own


@functools.lru_cache
def _translated() -> tuple[str, dict[str, str]]:
    """Digest and names of the shipped case: reading it takes most of a second, and every page asks for its words."""
    case = load_case(TRANSLATED_CASE)
    return case.digest, case_names(case)


def case_catalogue(language: str, case: Case) -> dict[str, Text]:
    """Messages of a language for the page of a case, without names that this case has otherwise.

    Parameters
    ----------
    language : str
    case : Case
    """
    words = catalogue(language)
    digest, known = _translated()
    if case.digest == digest:
        return words
    own = case_names(case)
    other = {key for key, text in known.items() if own.get(key) != text}
    lines = {f"theory_line.{key.partition('.')[2]}" for key in other if key.startswith(("theory.", "theory_text."))}
    return {key: text for key, text in words.items() if key not in other | lines}
