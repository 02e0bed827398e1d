"""What the page has to know of a case before the first question: names, levers, policies, measures, calendar."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from .. import calendar
from ..analysis.explaining import explained_names
from ..case.records import Case, Lever, PolicyRule
from ..model.schema import LEVERS, MEASURES
from ..report.shapes import GLYPHS, Glyph
from ..study.blocks import QUARTER, Orders, WorldBlocks
from .answers import BAND_LEVELS, CLEAR, ERRORS, direction
from .blending import BLEND, BLEND_MARK, HIGHEST_WEIGHT
from .questions import DEFAULT_ROWS, WORLD_STEPS, page_theories

__all__ = ["LEVER_GROUPS", "OPEN_GROUPS", "description"]

LEVER_GROUPS = (
    "force", "prevention", "campaign", "enforcement", "health", "cooperation", "pressure", "border",
)  # fmt: skip
"""Groups of levers in the order of the page; further ones of a case follow."""
OPEN_GROUPS = ("force", "prevention")
"""Groups that are open at first, on both sides of the debate and at every size of the screen."""
CHOICES = {"consent_sought": (1.0, 0.0), "fallback": (0.0, 1.0, 2.0), "fto_designation": (0.0, 1.0)}
"""Levers that are choices, with their values in the order shown."""
_SHIPPED = Path(__file__).resolve().parent.parent / "cases"
_STEPS = {"strikes/month": 0.5, "weeks": 15.0, "billion USD": 10.0, "billion USD/year": 0.5}


def _group(lever: Lever) -> str:
    """The rule that ends a campaign is no force by itself: it has a group of its own."""
    return "campaign" if lever.id.startswith("campaign_end") else lever.group


def _step(lever: Lever) -> float:
    return _STEPS.get(lever.unit, 0.1 if lever.unit.startswith("x ") else 0.05)


def _levers(case: Case, worlds: WorldBlocks) -> list[dict[str, Any]]:
    kinds = explained_names(case)
    rows = [
        {
            "id": lever.id, "explained_as": lever.id if kinds[lever.id] == "lever" else f"lever.{lever.id}",
            "label": lever.label, "group": _group(lever), "unit": lever.unit, "low": lever.low,
            "high": lever.high, "step": _step(lever), "usual": worlds.value_at_decision(lever.id),
            "known_up_to": lever.extrapolation_above, "grade": lever.grade, "choices": CHOICES.get(lever.id),
        }
        for lever in case.levers.values()
        if lever.id in LEVERS
    ]  # fmt: skip
    order = {group: number for number, group in enumerate(LEVER_GROUPS)}
    return sorted(rows, key=lambda row: order.get(str(row["group"]), len(order)))


def _years(worlds: WorldBlocks) -> dict[str, Any]:
    """Calendar of the paths: point t ends the quarter t after the decision."""
    decision = calendar.parse_month(worlds.simulator.study.decision)
    return {
        "decision": worlds.simulator.study.decision,
        "start": decision.year + (decision.month - 1) / 12,
        "points": worlds.points,
        "per_year": 12 // QUARTER,
        "years": [decision.year + number for number in range(1, worlds.simulator.study.years + 1)],
        "month": decision.month,
    }


def _given(case: Case) -> str:
    """How a command names the case: the id of a shipped one, else the name of its folder, never the whole path."""
    return case.id if case.folder.parent == _SHIPPED else case.folder.name


def _named(beliefs: str) -> str:
    """``prior``, ``posterior``, or the name of a posterior's file without its folder."""
    return Path(beliefs).name


def _as_written(rule: PolicyRule) -> dict[str, Any]:
    """A rule as in the case's policies."""
    return {key: dict(value) if key == "then" else value for key, value in vars(rule).items() if value is not None}


def _mark(order: Sequence[str], theory: str) -> Glyph:
    """The mark of a theory by its place in the case; the ring for the mixture."""
    return GLYPHS[order.index(theory) % len(GLYPHS)] if theory in order else GLYPHS[-1]


def description(case: Case, worlds: WorldBlocks, theories: Sequence[str]) -> dict[str, Any]:
    """All names and ranges of the page.

    Parameters
    ----------
    case : Case
    worlds : WorldBlocks
        Gives the calendar and the levers at the decision date.
    theories : sequence of str
        Theories of the page; each keeps its mark whichever are shown.
    """
    order = page_theories(case)
    return {
        "case": case.id,
        "given": _given(case),
        "title": case.title,
        "digest": case.digest,
        "version": metadata.version("crosscurrent"),
        "seed": worlds.simulator.study.seed,
        "beliefs": _named(worlds.simulator.study.beliefs),
        "calendar": _years(worlds),
        "theories": [
            {
                "id": name, "label": case.theories[name].label, "description": case.theories[name].description,
                "glyph": _mark(order, name).path, "colour": _mark(order, name).colour,
            }
            for name in theories
        ],
        "blend": {
            "id": BLEND, "glyph": BLEND_MARK.path, "colour": BLEND_MARK.colour, "highest": HIGHEST_WEIGHT,
        },
        "policies": [
            {
                "id": policy.id, "label": policy.label, "description": policy.description,
                "levers": worlds.levers(Orders(policy.id)), "adaptive": bool(policy.rules),
                "rules": [_as_written(rule) for rule in policy.rules], "starts": dict(policy.starts),
            }
            for policy in case.policies.values()
        ],
        "levers": _levers(case, worlds),
        "open_groups": list(OPEN_GROUPS),
        "measures": [
            {
                "id": measure.name, "label": measure.meaning, "unit": measure.unit, "flow": measure.kind == "flow",
                "better": direction(measure.name),
            }
            for measure in MEASURES.values()
        ],
        "rows": list(DEFAULT_ROWS),
        "world_steps": list(WORLD_STEPS),
        "levels": list(BAND_LEVELS),
        "clear": CLEAR,
        "errors": ERRORS,
    }  # fmt: skip
