"""Claims in words: the same sentences for every camp, conditional tense, shares of worlds and never chances."""

from __future__ import annotations

from collections.abc import Sequence

from ..case.records import ClaimTest
from .claims_records import Audit, ClaimAudit, Examination, Flipper, Need, Reading
from .flips_wording import in_hundred
from .numbers import shown

__all__ = [
    "KIND_WORDS",
    "closing_words",
    "flipper_words",
    "need_words",
    "one_test",
    "origin_words",
    "range_words",
    "size_words",     "unchanged_note",
    "verdict_words",
    "words_of",
]  # fmt: skip

KIND_WORDS = {
    "finding": "a finding of the simulation",
    "rule": "follows from a stated rule of law, no finding about the world",
    "input": "an input that the simulation is calibrated to, no finding",
    "belief": "a belief that is put in as a rival on an axis, no finding",
}
"""What a verdict is worth, by kind of test."""

_FEW = 100
_DIRECTIONS = {
    "lower": "is lower than", "higher": "is higher than", "not_lower": "is not lower than",
    "not_higher": "is not higher than",
}  # fmt: skip


def words_of(test: ClaimTest, others: Sequence[ClaimTest], months: Sequence[int]) -> str:
    """A test as a sentence that can fail.

    >>> test = ClaimTest(measure="homicides", policy="p", versus="status-quo", at_months=(12,), direction="lower",
    ...     margin=None, kind="finding")
    >>> words_of(test, (), (12,))
    'homicides under p is lower than under status-quo, 12 months after the decision'
    """
    parts = [one_test(test)]
    for each in others:
        own = f" after {each.at_months[0]} months" if len(each.at_months) == 1 else ""
        parts.append(one_test(each) + own)
    return f"{'; and '.join(parts)}, {_dates(months)} month{'s' if tuple(months) != (1,) else ''} after the decision"


def _dates(months: Sequence[int]) -> str:
    texts = [str(month) for month in months]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def one_test(test: ClaimTest) -> str:
    """A single statement, without its dates."""
    per = ", change for each added dollar," if test.per_cost else ""
    left = f"{test.measure.replace('_', ' ')}{per} under {test.policy}"
    if test.direction in ("below", "above"):
        return f"{left} is {test.direction} {shown(float(test.margin or 0.0))}"
    right = f"under {test.versus}" if test.versus != test.policy else "under the same policy"
    if test.versus_measure:
        right = f"{test.versus_measure.replace('_', ' ')} {right}"
    if test.versus_month:
        right += f" after {test.versus_month} month{'s' if test.versus_month > 1 else ''}"
    margin = f"{100.0 * (test.margin or 0.0):g} %"
    if test.direction == "equivalent":
        return f"{left} is within {margin} of that {right}" if test.margin else f"{left} is the same as {right}"
    if test.direction.startswith("ratio"):
        return f"{left} is {test.direction.removeprefix('ratio_')} {margin} of that {right}"
    return f"{left} {_DIRECTIONS[test.direction]} {right}"


def range_words(readings: Sequence[Reading]) -> str:
    """Lowest and highest share over theories and dates.

    >>> range_words([])
    'no world'
    """
    if not readings:
        return "no world"
    shares = sorted(readings, key=lambda reading: reading.holds.value)
    low, high = in_hundred(shares[0].holds.value), in_hundred(shares[-1].holds.value)
    return f"{low} of 100 worlds" if low == high else f"{low} to {high} of 100 worlds"


def verdict_words(found: Examination, theories: Sequence[str]) -> str:
    """The verdict in a sentence: over theories and dates, with what flips it."""
    if found.verdict == "not decided":
        return f"Not decided: {found.why}."
    readings = [reading for reading in found.readings if reading.theory in theories]
    over = f"in {range_words(readings)}{_over(readings)}{_few(readings)}"
    head = {
        "holds clearly": f"Would hold clearly: {over}.",
        "fails clearly": f"Would fail clearly: it would hold {over}.",
        "depends": f"Depends: it would hold {over}.",
        "not clear": f"Not clear: it would hold {over}.",
    }[found.verdict]
    unread = f" Not read after {_dates(found.unread)} months: {need_words(found.needs)}." if found.unread else ""
    flips = "; ".join(flipper_words(item) for item in found.flippers)
    return f"{head}{f' It goes with {flips}.' if flips else ''}{_parts(found)}{unread}"


def _over(readings: Sequence[Reading]) -> str:
    theories, dates = ({getattr(reading, key) for reading in readings} for key in ("theory", "month"))
    words = [word for word, found in (("theory", theories), ("date", dates)) if len(found) > 1]
    return f", by {' and '.join(words)}" if words else ""


def _few(readings: Sequence[Reading]) -> str:
    """Says so where shares rest on few worlds."""
    fewest = min(reading.worlds for reading in readings)
    if fewest >= _FEW:
        return ""
    months = sorted({reading.month for reading in readings if reading.worlds < _FEW})
    return f" ({fewest} worlds a theory only after {_dates(months)} month{'s' if months[-1] > 1 else ''})"


def _parts(found: Examination) -> str:
    if not found.parts or found.verdict == "holds clearly":
        return ""
    texts = [
        f"{part.words} in {in_hundred(part.lowest)}"
        + ("" if in_hundred(part.lowest) == in_hundred(part.highest) else f" to {in_hundred(part.highest)}")
        for part in found.parts
    ]
    return f" Each part by itself, in 100 worlds: {'; '.join(texts)}."


def flipper_words(item: Flipper) -> str:
    """What a claim depends on, in words."""
    if item.kind == "parameter":
        side = "above" if item.above else "below"
        low, high = shown(item.threshold_low), shown(item.threshold_high)
        return f"{item.name} (more often {side} a threshold between {low} and {high})"
    unit = " months" if item.kind == "date" else ""
    name = f"the {item.name}" if item.kind in ("theory", "date") else f"the axis {item.name}"
    return (
        f"{name} (more than half of worlds: {', '.join(item.holds)}{unit}; fewer: {', '.join(item.fails)}{unit})"
    )


def need_words(needs: Sequence[Need]) -> str:
    """What a study lacks.

    >>> need_words([Need("policy", "leadership-only"), Need("years", "10"), Need("paths", "")])
    'the stored study lacks policy leadership-only; a projection of 10 years; whole monthly paths (full_paths)'
    """
    words = {"policy": "policy {}", "measure": "measure {}", "years": "a projection of {} years"}
    texts = [words.get(need.kind, "whole monthly paths (full_paths){}").format(need.name) for need in needs]
    return f"the stored study lacks {'; '.join(dict.fromkeys(texts))}"


def origin_words(found: ClaimAudit) -> str:
    """Who asserts a claim, in how many documents, from which single origin."""
    claim, count = found.claim, len(found.claim.documents)
    documents = f"in {count} documents" if count > 1 else "in one document"
    back = f", which goes back to {found.source}" if found.source != claim.origin else ""
    asserted = claim.asserted_by[:1].upper() + claim.asserted_by[1:]
    return f"{asserted}; {documents}, one origin: {claim.origin}{back}"


def size_words(found: Examination, theories: Sequence[str]) -> str:
    """How far the figures lie apart at the last date: a difference in all worlds may be a small one."""
    pooled = [reading for reading in found.readings if reading.theory in theories and reading.worlds]
    if not pooled:
        return ""
    last = max(reading.month for reading in pooled)
    middles = sorted(reading.size_p50 for reading in pooled if reading.month == last)
    units = {reading.size_unit for reading in pooled if reading.month == last}
    unit = {"": "", "1": " on a scale of 0 to 1"}.get(min(units), f" {min(units)}")
    if len(units) > 1:
        return ""
    low, high = shown(middles[0], 2), shown(middles[-1], 2)
    between = low if low == high else f"{low} to {high}"
    what = "The figure" if found.test.direction in ("below", "above") else "Difference of the figures"
    return f"{what} in the middle world after {last} month{'s' if last > 1 else ''}, by theory: {between}{unit}."


def closing_words(audit: Audit) -> list[str]:
    """What the shares mean and what they do not."""
    return [
        f"A share is one of {audit.worlds:,} worlds a theory, drawn from stated beliefs, at the end of the projection, "
        f"and of {audit.path_worlds:,} at earlier dates. It is no chance that a claim is true of the real world.",
        "Clear means that a share, less 1.645 Monte-Carlo errors, is beyond 80 of 100 worlds, or below 20 likewise, "
        "under every theory and at every date. It depends where it would hold in more than half of the worlds under "
        "one theory, date or rival, or on one side of a parameter's threshold, and in fewer under another, beyond "
        "error.",
        "Claims stand in the order of subjects, whoever makes them, and are not counted up: how many claims a camp "
        "makes, or in how many documents, says nothing about any of them.",
    ]


def unchanged_note(readings: Sequence[Reading]) -> str:
    """Where the figures are the same in many worlds, that is said: it is neither the claim nor its opposite."""
    most = max((reading.unchanged for reading in readings), default=0.0)
    if most < 0.05:
        return ""
    return f"The two figures are the same in up to {in_hundred(most)} of 100 worlds."
