"""Words of the page: gettext catalogues, compiled to one table a language when they are asked for.

A message has a key (its context) and an English text (its id); a catalogue of another language holds the translation.
Names of the case (``policy.demand-side``, ``claim.routes-adapt``) have messages too; where a case has a name
without one, the page shows the case's own label.  Longer texts of the case (labels and reasoning of parameters,
records of evidence, definitions) have a catalogue of their own, ``sources``, read only when one of them is asked for.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

__all__ = [
    "LANGUAGES", "LOCALES", "catalogue", "messages", "report_messages", "slots", "source_file", "source_messages",
]  # fmt: skip

LANGUAGES = ("en", "es")
LOCALES = {"en": "en-US", "es": "es-MX"}
"""What numbers and dates follow."""
_FOLDER = Path(__file__).parent / "locale"
_REPORT = Path(__file__).parent.parent / "report" / "locale"

Text = str | dict[str, str]
"""A sentence, or one for each plural form."""


def _read(file: Path) -> Any:
    from babel.messages.pofile import read_po

    with file.open("rb") as opened:
        return read_po(opened)


def messages(language: str) -> dict[str, tuple[Text, Text]]:
    """English text and text in a language, by key.

    >>> messages("es")["nav.compare"]
    ('Compare', 'Comparar')
    """
    name = _FOLDER / ("page.pot" if language == "en" else f"{language}/LC_MESSAGES/page.po")
    found: dict[str, tuple[Text, Text]] = {}
    for message in _read(name):
        if not message.id:
            continue
        english = _forms(message.id)
        given = message.id if language == "en" else message.string
        found[str(message.context)] = english, _forms(given)
    return found


def _forms(text: Any) -> Text:
    """Singular and plural as ``one`` and ``other``, the names that browsers use."""
    if isinstance(text, tuple | list):
        return {"one": text[0], "other": text[1]}
    return str(text)


@functools.lru_cache
def catalogue(language: str) -> dict[str, Text]:
    """Messages of a language by key."""
    return {key: text for key, (_, text) in messages(language).items()}


def source_file(language: str) -> Path:
    """Catalogue of the case's longer texts: the template for English, translations for another language."""
    return _FOLDER / ("sources.pot" if language == "en" else f"{language}/LC_MESSAGES/sources.po")


@functools.lru_cache
def source_messages(language: str) -> dict[str, tuple[str, str]]:
    """English text and translation of the case's longer texts, by key; an empty one is yet to be made.

    >>> source_messages("es")["parameter.trust_speed"]
    ('Speed of trust', 'Velocidad de la confianza')
    """
    found = {}
    for message in _read(source_file(language)):
        if message.id:
            text = message.id if language == "en" else message.string
            found[str(message.context)] = str(message.id), str(text)
    return found


def report_messages(language: str) -> dict[str, tuple[str, ...]]:
    """Messages of the report by their English text: one form, or singular and plural.

    >>> report_messages("es")["no world left"]
    ('ningún mundo queda',)
    """
    found: dict[str, tuple[str, ...]] = {}
    for message in _read(_REPORT / ("report.pot" if language == "en" else f"{language}/LC_MESSAGES/report.po")):
        if not message.id:
            continue
        english = message.id if isinstance(message.id, tuple | list) else (message.id,)
        given = english if language == "en" else message.string
        found[english[0]] = tuple(given) if isinstance(given, tuple | list) else (given,)
    return found


def slots(text: Text) -> set[str]:
    """Names of the slots of a message.

    >>> sorted(slots("from {low} to {high}"))
    ['high', 'low']
    """
    import re

    forms = text.values() if isinstance(text, dict) else (text,)
    return {name for form in forms for name in re.findall(r"\{(\w+)\}", form)}
