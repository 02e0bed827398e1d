"""Messages that the report asks for: gathered from its modules and templates."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import crosscurrent
from crosscurrent.analysis.preferences import read_preferences, shipped_preferences
from crosscurrent.analysis.summary import MAIN_MEASURES
from crosscurrent.case import load_case
from crosscurrent.model.schema import MEASURES

PACKAGE = Path(crosscurrent.__file__).parent
TEMPLATES = PACKAGE / "report" / "templates"


def asked_for() -> dict[str, str | None]:
    """English texts (singular) with their plural, or None."""
    found: dict[str, str | None] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        if file.name != "language.py":
            found.update(_of_module(file.read_text(encoding="utf-8")))
    for file in sorted(TEMPLATES.glob("*.html.j2")):
        found.update((text, None) for text in _of_template(file.read_text(encoding="utf-8")))
    found.update((MEASURES[name].meaning, None) for name in MAIN_MEASURES)
    found.update({"the mixture of all rivals": None})
    found.update((text, None) for text in _of_the_case() if text)
    return found


def _of_the_case() -> Iterator[str]:
    """Texts of the shipped case and of the examples of preferences that the page has no message for."""
    case = load_case("us_mexico")
    yield from (case.meta.title, case.meta.description, *case.meta.scope, *case.meta.boundaries)
    for policy in case.policies.values():
        yield policy.description
        for variant in policy.variants.values():
            yield from (variant.label, variant.description)
    for objective in case.objectives.values():
        yield objective.label
        yield from (pathway.label for pathway in objective.pathways.values())
    yield from (claim.why_not or "" for claim in case.claims.values())
    for name in shipped_preferences():
        preferences = read_preferences(name, tuple(MEASURES), tuple(case.theories))
        yield from (preferences.label, preferences.description)


def _of_module(text: str) -> Iterator[tuple[str, str | None]]:
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("t", "tn", "msg")):
            continue
        words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if words:
            yield words[0], words[1] if node.func.id == "tn" else None


def _of_template(text: str) -> Iterator[str]:
    from jinja2 import Environment

    environment = Environment(extensions=["jinja2.ext.i18n"])
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    for _, _, message in environment.extract_translations(text, gettext_functions=("gettext", "t")):
        first = message if isinstance(message, str) else message[0]
        assert first is not None
        yield first
