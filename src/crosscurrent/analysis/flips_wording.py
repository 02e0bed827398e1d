"""Flips in sentences, written from the numbers.

Conditional tense; shares of worlds under stated beliefs; the same words whichever policy is A and whichever is B;
nothing about a policy but the figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..case.records import Case
from .flips_records import Condition, Flips, Ranked, Region, Share, Side, TheoryShare
from .numbers import shown

__all__ = [
    "CLEAR_SHARE", "assumption_name", "condition_words", "flip_words", "in_hundred", "lead_gap", "ranked_words",
    "rival_names", "side_words", "theory_verdict",
]  # fmt: skip

CLEAR_SHARE = 0.8
"""A theory is clear where the share of its worlds, less 1.645 errors, is beyond this."""
_LISTED = 6
_STATES = {
    "the side changes beyond error": "Flip found.",
    "the side cannot be told somewhere": "Not clear.",
    "nothing separates": "No flip found: no assumption tells the worlds apart beyond noise.",
    "one side throughout": "No flip found: no assumption tried puts the other policy ahead.",
    "alike in every world": "No flip found: the two give the same in every world.",
}


def in_hundred(share: float) -> str:
    """A share as worlds of 100; fewer than all are never rounded up to all.

    >>> in_hundred(0.824), in_hundred(0.998), in_hundred(0.002), in_hundred(1.0), in_hundred(float("nan"))
    ('82', 'more than 99', 'fewer than 1', '100', '?')
    """
    if not math.isfinite(share):
        return "?"
    if 0.995 <= share < 1.0:
        return "more than 99"
    if 0.0 < share < 0.005:
        return "fewer than 1"
    return f"{100.0 * share:.0f}"


def theory_verdict(side: Side) -> str:
    """Which policy is clearly ahead in some worlds: ``a``, ``b``, ``alike`` or ``not clear``."""
    if side.alike == 1.0:
        return "alike"
    for name, share in (("a", side.ahead_a), ("b", side.ahead_b)):
        floor = 3.0 / (1.645 * max(side.worlds, 1))
        if share.value - 1.645 * max(share.error, floor) > CLEAR_SHARE:
            return name
    return "not clear"


def side_words(side: Side, a: str, b: str) -> str:
    """In how many of 100 worlds either policy is ahead."""
    text = f"{b} ahead in {in_hundred(side.ahead_b.value)}, {a} in {in_hundred(side.ahead_a.value)} of 100 worlds"
    return text + (f", alike in {in_hundred(side.alike)}" if side.alike > 0 else "")


def assumption_name(name: str, kind: str, case: Case | None) -> str:
    """Label of an assumption in the case, or its id."""
    if kind == "theory":
        return "the theory"
    known = None if case is None else case.parameters.get(name) if kind == "parameter" else case.axes.get(name)
    return known.label if known is not None else name


def rival_names(name: str, kind: str, rivals: Sequence[str], case: Case | None) -> str:
    """Labels of theories or rivals, joined by "or"."""
    labels = []
    for rival in rivals:
        if case is not None and kind == "theory" and rival in case.theories:
            labels.append(case.theories[rival].label)
        elif case is not None and kind == "axis" and name in case.axes and rival in case.axes[name].rivals:
            labels.append(case.axes[name].rivals[rival].label)
        else:
            labels.append(rival)
    return " or ".join(labels)


def condition_words(condition: Condition, case: Case | None) -> str:
    """One condition of a region, with its threshold as an interval."""
    name = assumption_name(condition.name, condition.kind, case)
    if condition.kind != "parameter":
        return f"{name} is “{rival_names(condition.name, condition.kind, condition.rivals, case)}”"
    side = "above" if condition.above else "at or below"
    low, high = shown(condition.threshold_low), shown(condition.threshold_high)
    return f"{name} lies {side} a threshold between {low} and {high}"


def flip_words(flips: Flips, case: Case | None = None) -> list[str]:
    """A comparison in sentences: theories, the state, the region, its sources, structure and parameters."""
    words = [_theories(flips), _state(flips, case)]
    if flips.region is not None and flips.state != "no flip found":
        words += [_figures(flips, flips.region), *(_sourced(c, case) for c in flips.region.conditions)]
    if flips.reason != "alike in every world":
        words.append(_split(flips))
    failed = sum(row.failed for row in flips.theories)
    if failed:
        words.append(f"{failed} runs in which either policy left the bounds of the model are left out.")
    return words


def _theories(flips: Flips) -> str:
    rows = [row for row in flips.theories if row.pooled]
    found = {name: [row for row in rows if theory_verdict(row.side) == name] for name in ("a", "b", "alike")}
    if found["a"] and found["b"]:
        start = "The theories contradict each other: "
    elif not found["a"] and not found["b"]:
        start = "Under no theory is either policy clearly ahead: "
    else:
        start = ""
    parts = [
        f"{policy} is clearly ahead under {_listed(found[key])}"
        for key, policy in (("b", flips.b), ("a", flips.a))
        if found[key]
    ]
    if found["alike"]:
        parts.append(f"the two give the same under {_listed(found['alike'])}")
    unclear = len(rows) - sum(len(some) for some in found.values())
    if unclear:
        parts.append(f"not clear under {unclear} of {len(rows)} theories")
    return f"{start}{'; '.join(parts)}."


def _listed(rows: Sequence[TheoryShare]) -> str:
    return ", ".join(f"{row.theory} ({_most(row.side)} of 100 worlds)" for row in rows)


def _most(side: Side) -> str:
    return in_hundred(max(side.ahead_a.value, side.ahead_b.value, side.alike))


def _leading(flips: Flips, side: Side) -> tuple[str, str]:
    """The policy ahead in more of some worlds, and the other."""
    return (flips.b, flips.a) if side.lead.value >= 0 else (flips.a, flips.b)


def _state(flips: Flips, case: Case | None) -> str:
    head, region = _STATES[flips.reason], flips.region
    if region is None:
        return f"{head} {_overall(flips)}" if flips.reason != "alike in every world" else head
    where = " and ".join(condition_words(condition, case) for condition in region.conditions)
    ahead, other = _leading(flips, region.inside)
    if flips.reason == "the side changes beyond error":
        return (
            f"{head} {ahead} would overtake {other} where {where}: ahead in {in_hundred(region.density.value)} of 100 "
            f"worlds there. Elsewhere {other} would be ahead in {in_hundred(_ahead(flips, region.outside, other))}."
        )
    inside, outside = (side_words(side, flips.a, flips.b) for side in (region.inside, region.outside))
    if flips.state == "not clear":
        return f"{head} What tells most is whether {where}: there {inside}; elsewhere {outside}."
    return f"{head} The share changes most with whether {where}: there {inside}; elsewhere {outside}."


def _ahead(flips: Flips, side: Side, policy: str) -> float:
    return side.ahead_b.value if policy == flips.b else side.ahead_a.value


def _overall(flips: Flips) -> str:
    return f"Over all pooled theories, each counting alike: {side_words(flips.overall, flips.a, flips.b)}."


def _figures(flips: Flips, region: Region) -> str:
    ahead, _ = _leading(flips, region.inside)
    inside, outside = (
        f"{shown(side.difference_p50)} ± {shown(side.difference_error, 1)}" for side in (region.inside, region.outside)
    )
    unit = f" {flips.unit}" if flips.unit not in ("", "1") else ""
    gap, error = lead_gap(region)
    return (
        f"The region holds {in_hundred(region.mass.value)} of 100 worlds, and {in_hundred(region.coverage.value)} of "
        f"100 of those in which {ahead} is ahead. The lead differs by {100 * gap:.0f} ± {100 * error:.0f} worlds of "
        f"100 between its inside and outside (one Monte-Carlo error). Middle difference B − A: {inside}{unit} inside, "
        f"{outside} outside."
    )


def lead_gap(region: Region) -> tuple[float, float]:
    """How much the lead differs between inside and outside, -2 to 2, with its Monte-Carlo error."""
    gap = abs(region.inside.lead.value - region.outside.lead.value)
    return gap, math.hypot(region.inside.lead.error, region.outside.lead.error)


def _sourced(condition: Condition, case: Case | None) -> str:
    sources, name = condition.sources, assumption_name(condition.name, condition.kind, case)
    name = name[:1].upper() + name[1:]
    records = _records(condition)
    if condition.kind != "parameter":
        sure = f"the same division in {in_hundred(condition.stability)} of 100 resamples"
        return f"{name}: a disagreement without a best-sourced value; {sure}. {records}"
    inside = condition.distance == 0
    place = (
        "lies inside the region"
        if inside
        else f"lies outside, {in_hundred(condition.distance)} of 100 of its distribution away"
    )
    low, high = sources.low, sources.high
    between = f"the sourced range ({shown(low)} to {shown(high)})"
    if condition.axis:
        settled = f"its axis {condition.axis} is in dispute, which no sourced range settles"
    elif low > condition.threshold_high or high < condition.threshold_low:
        settled = f"{between} lies on one side of the threshold"
    else:
        settled = f"{between} reaches both sides or the threshold's interval: evidence does not settle it"
    return f"{name}: the best-sourced value, {shown(sources.best)}, {place}; {settled}. {records}"


def _records(condition: Condition) -> str:
    sources = condition.sources
    grade = f"Grade {sources.grade}; " if sources.grade else ""
    if not sources.evidence:
        return f"{grade}no record of evidence bears on it: an assumption."
    names = [note.id for note in sources.evidence]
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    origins = f"{sources.origins} origin{'s' if sources.origins != 1 else ''}"
    count = f"{len(names)} record{'s' if len(names) != 1 else ''}"
    return f"{grade}{count} of {origins}: {', '.join(names[:_LISTED])}{more}."


def _split(flips: Flips) -> str:
    split, count = flips.split, sum(row.pooled for row in flips.theories)
    within = "open axes" if count > 1 else "axes"
    theories = f"{_points(split.theories)} between theories, " if count > 1 else ""
    return (
        f"Of 100 parts of the variance of which policy is ahead: {theories}at least {_points(split.axes)} with "
        f"{within}, at least {_points(split.parameters)} with parameters; the other {100 * split.rest:.0f} are chance "
        "or combinations of assumptions, not told apart."
    )


def _points(share: Share) -> str:
    return f"{100 * share.value:.0f} ± {100 * share.error:.{0 if share.error >= 0.01 or share.error == 0 else 1}f}"


def ranked_words(item: Ranked, case: Case | None) -> str:
    """Name of a ranked assumption, with the axis that governs it."""
    name = assumption_name(item.name, item.kind, case)
    if item.kind == "axis":
        return f"{name} (axis)"
    if item.axis:
        return f"{name} (governed by axis {item.axis})"
    return name
