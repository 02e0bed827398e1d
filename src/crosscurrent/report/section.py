"""Sections that a question about decisions adds to the report, each made in a file of its own."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from ..case.records import Case
    from ..study.results import Results

__all__ = ["SECTION_FILES", "Section", "decision_sections"]

SECTION_FILES: tuple[str, ...] = (
    "robustness_section",
    "flips_section",
    "discovery_section",
    "sensitivity_section",
    "claims_section",
    "pathways_section",
    "value_of_information_section",
)
"""Files of this folder with a function ``section(results, case)``, in the order of the report."""


@dataclass(frozen=True)
class Section:
    """One section: a title, and its content as escaped HTML with inline drawings."""

    id: str
    """Its anchor in the page."""
    title: str
    body: Markup
    """Drawings, tables and the note on method."""


def decision_sections(results: Results, case: Case) -> tuple[Section, ...]:
    """Sections of all decision methods that this study can answer; a method that cannot says so in its text."""
    found = (
        importlib.import_module(f".{name}", __package__).section(results, case) for name in SECTION_FILES
    )
    return tuple(item for item in found if item is not None)
