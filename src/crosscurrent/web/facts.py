"""What ``explain`` writes in English, taken apart so that the page can say it in its reader's language.

A line such as ``uniform 0 to 0.05`` fits the English message ``said.uniform`` (``uniform {low} to {high}``): the
message's key and what fills its slots go to the page with the line.  Slots hold figures, names of the case or further
messages.  A line that fits nothing goes alone, and the page marks it as English.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from .catalogues import catalogue
from .source_words import EVIDENCE_FIELDS

if TYPE_CHECKING:
    from ..analysis.explaining import Explanation

__all__ = ["Said", "fact_said", "line_said"]

Said = tuple[str, dict[str, object]]
"""Key of a message and its slots: a string, a message again, or a list of messages."""

_NUMBER = r"-?(?:\d[\d.]*(?:e[+-]?\d+)?|inf)"
_NAME = r"[A-Za-z_][\w@-]*"
_NAMES = ("axis", "basis", "corridor", "driver", "lever", "measure", "owner", "parameter", "policy", "product", "rival",
          "theory")  # fmt: skip
"""Slots that hold a name; every other one holds a figure."""

_DISTRIBUTIONS = ("constant", "uniform", "loguniform", "normal", "lognormal", "scaled_beta", "beta", "triangular")
_OF_FACTS = {
    "possible range": ("range", "range_failed"),
    "range": ("range",),
    "distribution": _DISTRIBUTIONS,
    "flow or stock": ("flow", "stock"),
    "preferred direction": ("preferred_higher", "preferred_lower", "preferred_none"),
    "value in week 0": ("parameter",),
    "carried out": ("as_ordered", "in_part"),
    "cost": ("cost", "cost_free"),
    "after the last year": ("carried_forward",),
    "placed within its margin by": ("parameter",),
    "weights where no theory fixes it": ("weights_equal", "weights_depend"),
}
"""Messages that a fact may fit, by its label; labels that begin with ``if`` hold distributions."""
_OF_LISTS = {
    "set by policies": ("policy_value",),
    "by year": ("year",),
    "used by": ("used_parameter", "used_lever", "used_axis", "used_corridor", "used_product", "used_driver",
                "used_events"),
    "rivals": (),
    "levers": ("as_status_quo",),
    "fixes": ("nothing",),
}  # fmt: skip
_ORDER = re.compile(
    r"(?P<lever>\w+) = (?P<value>\S+?)(?: (?P<unit>[^,(]+?))?(?:, from week (?P<week>\d+) after the decision)?"
    r"(?P<beyond> \(beyond any precedent\))?"
)
_RULE = re.compile(
    r"when (?P<measure>\w+) is (?P<side>above|below) (?P<bound>\S+) for (?P<weeks>\d+) weeks, then"
    r"(?:, (?P<delay>\d+) weeks later)? (?P<orders>.+?)(?:; let go at (?P<release>\S+))?"
)


@functools.lru_cache
def _pattern(key: str) -> re.Pattern[str]:
    """The English message as a pattern, its slots as groups."""
    text = str(catalogue("en")[f"said.{key}"])
    parts = re.split(r"\{(\w+)\}", text)
    groups = [
        f"(?P<{part}>{_NAME if part in _NAMES else _NUMBER})" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    ]
    return re.compile("".join(groups))


def _fitted(keys: tuple[str, ...], text: str) -> Said | None:
    for key in keys:
        found = _pattern(key).fullmatch(text)
        if found:
            return f"said.{key}", dict(found.groupdict())
    return None


def fact_said(found: Explanation, label: str, text: str) -> Said | None:
    """The message of a fact, or None where it has none: a figure, a name of the code, a citation.

    Parameters
    ----------
    found : Explanation
        What the fact belongs to.
    label, text : str
        The fact.
    """
    if label == "reasoning":
        return f"reasoning.{found.name}", {}
    if found.kind == "evidence":
        return _of_evidence(found.name, label, text)
    if label == "unit":
        return f"unit_text.{text}", {}
    if label in ("subsystem", "owner"):
        return f"{label}.{text}", {}
    if label == "grade of evidence":
        return f"grade.{text}", {}
    return _fitted(_DISTRIBUTIONS if label.startswith(("if ", "distribution")) else _OF_FACTS.get(label, ()), text)


def _of_evidence(name: str, label: str, text: str) -> Said | None:
    if label in EVIDENCE_FIELDS:
        return f"evidence.{name}.{label}", {}
    if label == "kind":
        return f"record_kind.{text}", {}
    if label == "verified":
        return f"verified.{text}", {}
    return (f"effect.{text.replace(' ', '_')}", {}) if label == "effect" else None


def line_said(found: Explanation, heading: str, line: str) -> Said | None:
    """The message of a line under a heading, or None where it is an id.

    Parameters
    ----------
    found : Explanation
    heading, line : str
    """
    plain = {
        "moves, nearest first": "measure", "leaves open (rivals mixed)": "axis",
        "parameters that it moves": "parameter",
    }  # fmt: skip
    if heading in plain:
        return f"{plain[heading]}.{line}", {}
    fitted = _fitted(_OF_LISTS.get(heading, ()), line)
    if fitted is not None:
        return fitted
    key, _, rest = line.partition(": ")
    match heading:
        case "rivals":
            return "said.rival", {"axis": found.name, "rival": key, "text": (f"rival_text.{found.name}.{key}", {})}
        case "fixed by theories":
            return "said.theory_rival", {"theory": key, "axis": found.name, "rival": rest}
        case "fixes":
            rival = rest.partition(" — ")[0]
            return "said.fixes", {"axis": key, "rival": rival, "text": (f"rival_text.{key}.{rival}", {})}
        case "variants":
            return f"variant.{found.name}@{key}", {}
        case "of the policy":
            return f"policy.{found.name.partition('@')[0]}", {}
        case "levers":
            return _order(line)
        case "rules":
            return _rule(line)
    return None


def _order(line: str) -> Said | None:
    match = _ORDER.fullmatch(line)
    if match is None:
        return None
    unit, week = match["unit"], match["week"]
    return "said.order", {
        "lever": match["lever"], "value": match["value"],
        "unit": ("said.unit", {"unit": (f"unit_text.{unit}", {})}) if unit else "",
        "after": ("said.after", {"week": week}) if week else "",
        "beyond": ("said.beyond", {}) if match["beyond"] else "",
    }  # fmt: skip


def _rule(line: str) -> Said | None:
    match = _RULE.fullmatch(line)
    if match is None:
        return None
    orders = [_order(each) for each in match["orders"].split(", ")]
    if None in orders:
        return None
    return f"said.rule_{match['side']}", {
        "measure": match["measure"], "bound": match["bound"], "weeks": match["weeks"], "orders": orders,
        "delay": ("said.delay", {"weeks": match["delay"]}) if match["delay"] else "",
        "release": ("said.release", {"bound": match["release"]}) if match["release"] else "",
    }  # fmt: skip
