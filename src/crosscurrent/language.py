"""The language of what is written for readers: messages by their English text, names of the case by key.

Text is English unless it is asked for inside :func:`speaking`.  Messages of the report stand in gettext catalogues
beside it (``report/locale``); names of the case and of measures are those of the page's catalogue, and its longer texts
(parameters, evidence) those of the page's catalogue of sources.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from .errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "REPORT_LANGUAGES", "check_language", "dated", "foreign", "language", "marked", "msg", "named", "own", "policy_id",
    "said", "speaking", "t", "theory_id", "tn", "unit_of",
]  # fmt: skip

REPORT_LANGUAGES = ("en", "es")
_CURRENT: ContextVar[str] = ContextVar("language", default="en")
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Around text that stays English; :func:`marked` turns them into elements with a language."""


def language() -> str:
    """The language in force."""
    return _CURRENT.get()


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Write in a language within a block.

    Raises
    ------
    InputError
        If there is no catalogue of the language, or the package that reads catalogues is missing.
    """
    check_language(chosen)
    token = _CURRENT.set(chosen)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def check_language(chosen: str) -> None:
    """Refuse a language before any work is done in it.

    Raises
    ------
    InputError
        If there is no catalogue of the language, or the package that reads catalogues is missing.
    """
    if chosen not in REPORT_LANGUAGES:
        raise InputError("unknown language", given=chosen, fix=did_you_mean(chosen, REPORT_LANGUAGES))
    if chosen == "en":
        return
    try:
        _messages(chosen)
    except ModuleNotFoundError as error:
        raise InputError(
            "a report in another language needs one more package", given=f"no package {error.name}",
            fix="pip install 'crosscurrent[web]'",
        ) from error  # fmt: skip


@functools.lru_cache
def _messages(chosen: str) -> Mapping[str, tuple[str, ...]]:
    from .web.catalogues import report_messages

    return report_messages(chosen)


@functools.lru_cache
def _names(chosen: str) -> Mapping[str, str]:
    from .web.catalogues import catalogue

    return {key: text for key, text in catalogue(chosen).items() if isinstance(text, str)}


def t(text: str, /, **slots: object) -> str:
    """A message in the language in force, its slots filled.

    >>> t("no world left"), t("{n} of 100", n=3)
    ('no world left', '3 of 100')
    """
    found = text if language() == "en" else _messages(language()).get(text, (text,))[0]
    return found.format(**slots) if slots else found


def said(text: str) -> str:
    """A message, or its English marked as such where there is no translation.

    >>> said("Weeks in which nothing was read")
    'Weeks in which nothing was read'
    """
    known = language() == "en" or text in _messages(language())
    return t(text) if known else foreign(text)


def tn(one: str, other: str, count: int, /, **slots: object) -> str:
    """A message that differs in the plural; ``{count}`` is a slot of both.

    >>> tn("{count} year", "{count} years", 2)
    '2 years'
    """
    forms = (one, other) if language() == "en" else _messages(language()).get(one, (one, other))
    return (forms[0] if count == 1 else forms[-1]).format(count=count, **slots)


def msg(text: str) -> str:
    """Marks a message that is translated where it is used.

    >>> msg("no world left")
    'no world left'
    """
    return text


def own(key: str, english: str) -> str:
    """A name of the case in the language in force; where there is none, its English, marked as such.

    >>> own("policy.demand-side", "Demand side")
    'Demand side'
    """
    if language() == "en" or not english:
        return english
    found = _names(language()).get(key) or _source(language(), key, english)
    if found:
        return found
    return foreign(english) if any(map(str.isalpha, english)) else english


def _source(chosen: str, key: str, english: str) -> str:
    """Translation of a longer text, where it was made from this very English; empty where there is none."""
    from .web.catalogues import source_messages

    known, text = source_messages(chosen).get(key, ("", ""))
    return text if known == english else ""


def named(kind: str, key: str) -> str:
    """What stands for an id in a sentence: the id in English, its label in another language.

    >>> named("theory", "markets-replace")
    'markets-replace'
    """
    if language() == "en":
        return key
    return _names(language()).get(f"{kind}.{key}", key if kind in ("policy", "theory") else foreign(key))


def policy_id(key: str) -> str:
    """A policy in a sentence; ``NAME@VARIANT`` keeps its variant."""
    base, _, variant = key.partition("@")
    return f"{named('policy', base)} ({foreign(variant)})" if variant and language() != "en" else named("policy", key)


def theory_id(key: str) -> str:
    """A theory in a sentence."""
    return t("the mixture of all rivals") if key == "even" and language() != "en" else named("theory", key)


def unit_of(unit: str) -> str:
    """A unit in the language in force.

    >>> unit_of("deaths")
    'deaths'
    """
    return unit if language() == "en" else own(f"unit.{unit}", unit)


def foreign(text: str) -> str:
    """Text that stays English in every language, to be marked as such.

    >>> foreign("as it is")
    'as it is'
    """
    return text if language() == "en" or not text else f"{_OPEN}{text}{_CLOSE}"


def dated(month: str) -> str:
    """A month as the language writes it, from its ISO form.

    >>> dated("2025-04")
    '2025-04'
    """
    if language() == "en" or not re.fullmatch(r"\d{4}-\d{2}", month):
        return month
    from datetime import date

    from babel.dates import format_skeleton

    from .web.catalogues import LOCALES

    day = date(int(month[:4]), int(month[5:]), 1)
    return str(format_skeleton("yMMM", day, locale=LOCALES[language()].replace("-", "_")))


def marked(page: str) -> str:
    """A page with English text in elements that say so; inside attributes and drawings' names it only stands.

    >>> marked("<p>de \\ue000the law\\ue001</p>")
    '<p>de <span lang="en">the law</span></p>'
    """
    if _OPEN not in page:
        return page
    drawing, depth, opened = 0, 0, False

    def replaced(match: re.Match[str]) -> str:
        nonlocal drawing, depth, opened
        found = match[0]
        element = "tspan" if drawing else "span"
        if found == _OPEN:
            depth += 1
            first, opened = depth == 1, True
            return f'<{element} lang="en">' if first else ""
        if found == _CLOSE:
            depth = max(depth - 1, 0)
            last = opened and depth == 0
            opened = opened and not last
            return f"</{element}>" if last else ""
        before = ""
        if opened and depth and re.match(r"</(?:text|th|td|p|li|dd|dt|summary|figcaption|caption|h3)>", found):
            before, depth, opened = f"</{element}>", 0, False
        if found.startswith("<svg"):
            drawing += 1
        elif found.startswith("</svg"):
            drawing -= 1
        return before + found.replace(_OPEN, "").replace(_CLOSE, "")

    return re.sub(rf"<[^>]*>|{_OPEN}|{_CLOSE}", replaced, page)
