"""``python -m crosscurrent.web.extraction``: bring the catalogues of the case's longer texts up to date with the case.

A translation is kept where its English is unchanged.  Where the English is new or has changed, the message is left
without one, with the earlier pair as a comment for the translator; the page shows it in English, marked as such, until
it is translated.  What the case no longer has is dropped.  With ``--check`` nothing is written: what is missing, stale
or unused is listed, and the exit code is 1 if there is anything.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..case import load_case
from .catalogues import LANGUAGES, source_file, source_messages
from .source_words import source_texts

if TYPE_CHECKING:
    from babel.messages import Catalog

__all__ = ["State", "main", "state_of", "updated"]

_SAID = "Longer texts of the shipped case. The context is the message's key, the id its English text."


class State(NamedTuple):
    """What is wrong with the translations of a language, as keys."""

    missing: tuple[str, ...]
    """Of the case, without a translation."""
    stale: tuple[str, ...]
    """Translated from a text that the case has no longer."""
    unused: tuple[str, ...]
    """No text of the case has such a key."""


def state_of(own: Mapping[str, str], translated: Mapping[str, tuple[str, str]]) -> State:
    """Compare the texts of a case with a catalogue.

    Parameters
    ----------
    own : mapping of str to str
        Texts of the case by key.
    translated : mapping of str to (str, str)
        English and translation by key.

    >>> state_of({"a": "one", "b": "two"}, {"a": ("once", "una vez"), "c": ("three", "tres")})
    State(missing=('b',), stale=('a',), unused=('c',))
    """
    return State(
        tuple(key for key in own if not translated.get(key, ("", ""))[1]),
        tuple(key for key, (english, text) in translated.items() if text and key in own and own[key] != english),
        tuple(key for key in translated if key not in own),
    )


def updated(
    own: Mapping[str, str], translated: Mapping[str, tuple[str, str]], language: str,
    comments: Mapping[str, list[str]] | None = None,
) -> Catalog:  # fmt: skip
    """A catalogue of the texts of a case with every translation that still holds.

    Parameters
    ----------
    own, translated
        As of :func:`state_of`.
    language : str
        ``en`` gives the template.
    comments : mapping of str to list of str, optional
        Earlier comments by key, kept where there is still no translation.
    """
    from babel.messages import Catalog

    day = datetime(2026, 11, 21, tzinfo=UTC)  # always the same: a catalogue changes only where a text does
    made = Catalog(
        locale=None if language == "en" else language, domain="sources", project="crosscurrent", version="0.1",
        msgid_bugs_address="the project's issues", last_translator="the Crosscurrent authors", language_team=language,
        creation_date=day, revision_date=day, charset="utf-8", fuzzy=False, header_comment=f"# {_SAID}",
    )  # fmt: skip
    for key, text in own.items():
        english, earlier = translated.get(key, (text, ""))
        if language == "en":
            made.add(text, context=key)
        elif english == text:
            made.add(text, earlier, context=key, user_comments=[] if earlier else (comments or {}).get(key, []))
        else:
            notes = [f"before: {english}", f"before: {earlier}"] if earlier else []
            made.add(text, "", context=key, user_comments=notes)
    return made


def _comments(path: Path) -> dict[str, list[str]]:
    """Comments for translators in a catalogue, by key."""
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return {str(message.context): message.user_comments for message in read_po(file) if message.id}


def _write(made: Catalog, path: Path) -> None:
    from babel.messages.pofile import write_po

    file = io.BytesIO()
    write_po(file, made, width=0)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.getvalue())


def main(arguments: list[str] | None = None) -> int:
    """Bring catalogues up to date, or say what would change.

    Returns
    -------
    int
        Exit code: 1 if something is to be translated.
    """
    parser = argparse.ArgumentParser(prog="python -m crosscurrent.web.extraction", description=__doc__)
    parser.add_argument("--case", default="us_mexico", help="the case whose texts are translated")
    parser.add_argument("--check", action="store_true", help="write nothing, list what is missing, stale or unused")
    given = parser.parse_args(arguments)
    own, wrong = source_texts(load_case(given.case)), 0
    for language in LANGUAGES:
        path = source_file(language)
        known = source_messages(language) if path.exists() else {}
        found = state_of(own, known)
        if not given.check:
            _write(updated(own, known, language, _comments(path) if known else {}), path)
        for kind, keys in found._asdict().items():
            for key in keys:
                print(f"{language} {kind}: {key}")
            wrong += len(keys) if language != "en" and kind != "unused" else 0
    source_messages.cache_clear()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
