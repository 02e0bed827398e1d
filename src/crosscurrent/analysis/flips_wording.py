"""Flips in sentences, written from the numbers.

Conditional tense; shares of worlds under stated beliefs; the same words whichever policy is A and whichever is B;
nothing about a policy but the figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..case.records import Case
from ..language import foreign, language, msg, named, own, policy_id, t, theory_id, tn, unit_of
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
    "the side changes beyond error": msg("Flip found."),
    "the side cannot be told somewhere": msg("Not clear."),
    "nothing separates": msg("No flip found: no assumption tells the worlds apart beyond noise."),
    "one side throughout": msg("No flip found: no assumption tried changes which policy is ahead."),
    "alike in every world": msg("No flip found: the two give the same in every world."),
}


def in_hundred(share: float) -> str:
    """A share as worlds of 100; fewer than all are never rounded up to all.

    >>> in_hundred(0.824), in_hundred(0.998), in_hundred(0.002), in_hundred(1.0), in_hundred(float("nan"))
    ('82', 'more than 99', 'fewer than 1', '100', '?')
    """
    if not math.isfinite(share):
        return "?"
    if 0.995 <= share < 1.0:
        return t("more than 99")
    if 0.0 < share < 0.005:
        return t("fewer than 1")
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
    slots = {
        "b": policy_id(b), "share_b": in_hundred(side.ahead_b.value),
        "a": policy_id(a), "share_a": in_hundred(side.ahead_a.value),
    }  # fmt: skip
    if side.alike > 0:
        return t(
            "{b} ahead in {share_b}, {a} in {share_a} of 100 worlds, alike in {alike}",
            alike=in_hundred(side.alike), **slots,
        )  # fmt: skip
    return t("{b} ahead in {share_b}, {a} in {share_a} of 100 worlds", **slots)


def assumption_name(name: str, kind: str, case: Case | None) -> str:
    """Label of an assumption in the case, or its id."""
    if kind == "theory":
        return t("the theory")
    known = None if case is None else case.parameters.get(name) if kind == "parameter" else case.axes.get(name)
    if known is None:
        return foreign(name)
    return own(f"{'parameter' if kind == 'parameter' else 'axis'}.{name}", known.label)


def rival_names(name: str, kind: str, rivals: Sequence[str], case: Case | None) -> str:
    """Labels of theories or rivals, joined by "or"."""
    labels = []
    for rival in rivals:
        if case is not None and kind == "theory" and rival in case.theories:
            labels.append(own(f"theory.{rival}", case.theories[rival].label))
        elif case is not None and kind == "axis" and name in case.axes and rival in case.axes[name].rivals:
            labels.append(own(f"rival.{name}.{rival}", case.axes[name].rivals[rival].label))
        elif kind == "theory":
            labels.append(theory_id(rival))
        else:
            labels.append(named(f"rival.{name}", rival))
    return t(" or ").join(labels)


def condition_words(condition: Condition, case: Case | None) -> str:
    """One condition of a region, with its threshold as an interval."""
    name = assumption_name(condition.name, condition.kind, case)
    if condition.kind != "parameter":
        rivals = rival_names(condition.name, condition.kind, condition.rivals, case)
        return t("{name} is “{rivals}”", name=name, rivals=rivals)
    slots = {"name": name, "low": shown(condition.threshold_low), "high": shown(condition.threshold_high)}
    if condition.above:
        return t("{name} lies above a threshold between {low} and {high}", **slots)
    return t("{name} lies at or below a threshold between {low} and {high}", **slots)


def flip_words(flips: Flips, case: Case | None = None) -> list[str]:
    """A comparison in sentences: theories, the state, the region, its sources, structure and parameters."""
    words = [_theories(flips), _state(flips, case)]
    if flips.region is not None and flips.state != "no flip found":
        words += [_figures(flips, flips.region), *(_sourced(c, case) for c in flips.region.conditions)]
    if flips.reason != "alike in every world":
        words.append(_split(flips))
    failed = sum(row.failed for row in flips.theories)
    if failed:
        words.append(
            t(
                "{failed} runs in which either policy left the bounds of the model are left out.",
                failed=failed,
            )
        )
    return words


def _theories(flips: Flips) -> str:
    rows = [row for row in flips.theories if row.pooled]
    found = {name: [row for row in rows if theory_verdict(row.side) == name] for name in ("a", "b", "alike")}
    parts = [
        t("{policy} is clearly ahead under {theories}", policy=policy_id(policy), theories=_listed(found[key]))
        for key, policy in (("b", flips.b), ("a", flips.a))
        if found[key]
    ]
    if found["alike"]:
        parts.append(t("the two give the same under {theories}", theories=_listed(found["alike"])))
    unclear = len(rows) - sum(len(some) for some in found.values())
    if unclear:
        parts.append(t("not clear under {unclear} of {rows} theories", unclear=unclear, rows=len(rows)))
    said = "; ".join(parts)
    if found["a"] and found["b"]:
        return t("The theories contradict each other: {parts}.", parts=said)
    if not found["a"] and not found["b"]:
        return t("Under no theory is either policy clearly ahead: {parts}.", parts=said)
    return f"{said if language() == 'en' else said[:1].upper() + said[1:]}."


def _listed(rows: Sequence[TheoryShare]) -> str:
    return ", ".join(
        t("{theory} ({share} of 100 worlds)", theory=theory_id(row.theory), share=_most(row.side)) for row in rows
    )


def _most(side: Side) -> str:
    return in_hundred(max(side.ahead_a.value, side.ahead_b.value, side.alike))


def _leading(flips: Flips, side: Side) -> tuple[str, str]:
    """The policy ahead in more of some worlds, and the other."""
    return (flips.b, flips.a) if side.lead.value >= 0 else (flips.a, flips.b)


def _state(flips: Flips, case: Case | None) -> str:
    head, region = t(_STATES[flips.reason]), flips.region
    if region is None:
        return f"{head} {_overall(flips)}" if flips.reason != "alike in every world" else head
    where = t(" and ").join(condition_words(condition, case) for condition in region.conditions)
    ahead, other = _leading(flips, region.inside)
    if flips.reason == "the side changes beyond error":
        return t(
            "{head} {ahead} would overtake {other} where {where}: ahead in {value} of 100 worlds "
            "there. Elsewhere {other} would be ahead in {ahead_2}.",
            head=head,
            ahead=policy_id(ahead),
            other=policy_id(other),
            where=where,
            value=in_hundred(region.density.value),
            ahead_2=in_hundred(_ahead(flips, region.outside, other)),
        )
    inside, outside = (side_words(side, flips.a, flips.b) for side in (region.inside, region.outside))
    if flips.state == "not clear":
        return t(
            "{head} What tells most is whether {where}: there {inside}; elsewhere {outside}.",
            head=head,
            where=where,
            inside=inside,
            outside=outside,
        )
    return t(
        "{head} The share changes most with whether {where}: there {inside}; elsewhere {outside}.",
        head=head,
        where=where,
        inside=inside,
        outside=outside,
    )


def _ahead(flips: Flips, side: Side, policy: str) -> float:
    return side.ahead_b.value if policy == flips.b else side.ahead_a.value


def _overall(flips: Flips) -> str:
    return t(
        "Over all pooled theories, each counting alike: {side_words}.",
        side_words=side_words(flips.overall, flips.a, flips.b),
    )


def _figures(flips: Flips, region: Region) -> str:
    ahead, _ = _leading(flips, region.inside)
    inside, outside = (
        f"{shown(side.difference_p50)} ± {shown(side.difference_error, 1)}" for side in (region.inside, region.outside)
    )
    unit = f" {unit_of(flips.unit)}" if flips.unit not in ("", "1") else ""
    gap, error = lead_gap(region)
    return t(
        "The region holds {value} of 100 worlds, and {value_2} of 100 of those in which {ahead} "
        "is ahead. The lead (worlds of 100 in which it is ahead less those in which it is behind) "
        "differs by {gap} ± {error} between its inside and outside (one Monte-Carlo error). "
        "Middle difference B − A: {inside}{unit} inside, "
        "{outside} outside.",
        value=in_hundred(region.mass.value),
        value_2=in_hundred(region.coverage.value),
        ahead=policy_id(ahead),
        gap=f"{100 * gap:.0f}",
        error=f"{100 * error:.0f}",
        inside=inside,
        unit=unit,
        outside=outside,
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
        return t(
            "{name}: a disagreement without a best-sourced value; the same division in {stability} of 100 resamples. "
            "{records}",
            name=name, stability=in_hundred(condition.stability), records=records,
        )  # fmt: skip
    inside = condition.distance == 0
    place = (
        t("lies inside the region")
        if inside
        else t("lies outside, {distance} of 100 of its distribution away", distance=in_hundred(condition.distance))
    )
    low, high = sources.low, sources.high
    ends = {"low": shown(low), "high": shown(high)}
    if condition.axis:
        axis = named("axis", condition.axis)
        settled = t("its axis {axis} is in dispute, which no sourced range settles", axis=axis)
    elif low > condition.threshold_high or high < condition.threshold_low:
        settled = t("the sourced range ({low} to {high}) lies on one side of the threshold", **ends)
    else:
        settled = t(
            "the sourced range ({low} to {high}) reaches both sides or the threshold's interval: evidence does not "
            "settle it", **ends,
        )  # fmt: skip
    return t(
        "{name}: the best-sourced value, {best}, {place}; {settled}. {records}",
        name=name,
        best=shown(sources.best),
        place=place,
        settled=settled,
        records=records,
    )


def _records(condition: Condition) -> str:
    sources = condition.sources
    grade = t("Grade {grade}; ", grade=own(f"grade.{sources.grade}", sources.grade)) if sources.grade else ""
    if not sources.evidence:
        return t("{grade}no record of evidence bears on it: an assumption.", grade=grade)
    names = [note.id for note in sources.evidence]
    listed = ", ".join(names[:_LISTED])
    if len(names) > _LISTED:
        listed = t("{names} and {rest} more", names=listed, rest=len(names) - _LISTED)
    origins = tn("{count} origin", "{count} origins", sources.origins)
    return tn(
        "{grade}{count} record of {origins}: {names}.", "{grade}{count} records of {origins}: {names}.", len(names),
        grade=grade, origins=origins, names=listed,
    )  # fmt: skip


def _split(flips: Flips) -> str:
    split, count = flips.split, sum(row.pooled for row in flips.theories)
    slots = {"axes": _points(split.axes), "parameters": _points(split.parameters), "rest": f"{100 * split.rest:.0f}"}
    if count > 1:
        return t(
            "Of 100 parts of the variance of which policy is ahead: {theories} between theories, at least {axes} with "
            "open axes, at least {parameters} with parameters; the other {rest} are chance or combinations of "
            "assumptions, not told apart.",
            theories=_points(split.theories), **slots,
        )  # fmt: skip
    return t(
        "Of 100 parts of the variance of which policy is ahead: at least {axes} with axes, at least {parameters} with "
        "parameters; the other {rest} are chance or combinations of assumptions, not told apart.", **slots,
    )  # fmt: skip


def _points(share: Share) -> str:
    return f"{100 * share.value:.0f} ± {100 * share.error:.{0 if share.error >= 0.01 or share.error == 0 else 1}f}"


def ranked_words(item: Ranked, case: Case | None) -> str:
    """Name of a ranked assumption, with the axis that governs it."""
    name = assumption_name(item.name, item.kind, case)
    if item.kind == "axis":
        return t("{name} (axis)", name=name)
    if item.axis:
        return t("{name} (governed by axis {axis})", name=name, axis=named("axis", item.axis))
    return name
