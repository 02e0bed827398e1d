"""Claims in words: the same sentences for every camp, conditional tense, shares of worlds and never chances."""

from __future__ import annotations

from collections.abc import Sequence

from ..case.records import Claim, ClaimTest
from ..language import foreign, language, msg, named, own, policy_id, t, theory_id, tn, unit_of
from .claims_records import Audit, ClaimAudit, Examination, Flipper, Need, Reading
from .flips_wording import in_hundred
from .numbers import shown

__all__ = [
    "KIND_NAMES",
    "KIND_WORDS",
    "closing_words",
    "flipper_words",
    "need_words",
    "one_test",
    "origin_words",
    "range_words",
    "size_words",
    "statement_of",
    "unchanged_note",
    "verdict_words",
    "words_of",
]  # fmt: skip

KIND_WORDS = {
    "finding": msg("a finding of the simulation"),
    "rule": msg("follows from a stated rule of law, no finding about the world"),
    "input": msg("an input that the simulation is calibrated to, no finding"),
    "belief": msg("a belief that is put in as a rival on an axis, no finding"),
}
KIND_NAMES = {"finding": msg("finding"), "rule": msg("rule"), "input": msg("input"), "belief": msg("belief")}
"""What a verdict is worth, by kind of test."""

_FEW = 100
_DIRECTIONS = {
    "lower": msg("{left} is lower than {right}"), "higher": msg("{left} is higher than {right}"),
    "not_lower": msg("{left} is not lower than {right}"), "not_higher": msg("{left} is not higher than {right}"),
    "below": msg("{left} is below {right}"), "above": msg("{left} is above {right}"),
    "ratio_below": msg("{left} is below {margin} of that {right}"),
    "ratio_above": msg("{left} is above {margin} of that {right}"),
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
        words = one_test(each)
        if len(each.at_months) == 1:
            words = t("{test} after {month} months", test=words, month=each.at_months[0])
        parts.append(words)
    tests = t("; and ").join(parts)
    if tuple(months) == (1,):
        return t("{tests}, {months} month after the decision", tests=tests, months=1)
    return t("{tests}, {months} months after the decision", tests=tests, months=_dates(months))


def statement_of(claim: Claim) -> str:
    """What a claim states, in the language in force."""
    return own(f"claim.{claim.id}", claim.statement)


def _measure(name: str) -> str:
    return name.replace("_", " ") if language() == "en" else own(f"measure.{name}", name.replace("_", " "))


def _dates(months: Sequence[int]) -> str:
    texts = [str(month) for month in months]
    if len(texts) == 1:
        return texts[0]
    return t("{names} and {last}", names=", ".join(texts[:-1]), last=texts[-1])


def one_test(test: ClaimTest) -> str:
    """A single statement, without its dates."""
    slots = {"measure": _measure(test.measure), "policy": policy_id(test.policy)}
    if test.per_cost:
        left = t("{measure}, change for each added dollar, under {policy}", **slots)
    else:
        left = t("{measure} under {policy}", **slots)
    if test.direction in ("below", "above"):
        return t(_DIRECTIONS[test.direction], left=left, right=shown(float(test.margin or 0.0)))
    right = (
        t("under {policy}", policy=policy_id(test.versus)) if test.versus != test.policy else t("under the same policy")
    )
    if test.versus_measure:
        right = f"{_measure(test.versus_measure)} {right}"
    if test.versus_month:
        right = tn("{what} after {count} month", "{what} after {count} months", test.versus_month, what=right)
    margin = f"{100.0 * (test.margin or 0.0):g} %"
    if test.direction == "equivalent":
        if test.margin:
            return t("{left} is within {margin} of that {right}", left=left, margin=margin, right=right)
        return t("{left} is the same as {right}", left=left, right=right)
    return t(_DIRECTIONS[test.direction], left=left, right=right, **_margin(test, margin))


def _margin(test: ClaimTest, margin: str) -> dict[str, str]:
    return {"margin": margin} if test.direction.startswith("ratio") else {}


def range_words(readings: Sequence[Reading]) -> str:
    """Lowest and highest share over theories and dates.

    >>> range_words([])
    'no world'
    """
    if not readings:
        return t("no world")
    shares = sorted(readings, key=lambda reading: reading.holds.value)
    low, high = in_hundred(shares[0].holds.value), in_hundred(shares[-1].holds.value)
    if low == high:
        return t("{low} of 100 worlds", low=low)
    return t("{low} to {high} of 100 worlds", low=low, high=high)


def verdict_words(found: Examination, theories: Sequence[str]) -> str:
    """The verdict in a sentence: over theories and dates, with what flips it."""
    if found.verdict == "not decided":
        return t("Not decided: {why}.", why=found.why)
    readings = [reading for reading in found.readings if reading.theory in theories]
    over = f"{range_words(readings)}{_over(readings)}{_few(readings)}"
    head = {
        "holds clearly": msg("Would hold clearly: in {over}."),
        "fails clearly": msg("Would fail clearly: it would hold in {over}."),
        "depends": msg("Depends: it would hold in {over}."),
        "not clear": msg("Not clear: it would hold in {over}."),
    }[found.verdict]
    words = [t(head, over=over)]
    if found.flippers:
        words.append(t("It goes with {flips}.", flips="; ".join(flipper_words(item) for item in found.flippers)))
    words.append(_parts(found))
    if found.unread:
        words.append(
            t("Not read after {months} months: {needs}.", months=_dates(found.unread), needs=need_words(found.needs))
        )
    return " ".join(word for word in words if word)


def _over(readings: Sequence[Reading]) -> str:
    theories, dates = ({getattr(reading, key) for reading in readings} for key in ("theory", "month"))
    several = (len(theories) > 1, len(dates) > 1)
    words = {
        (True, True): t(", by theory and date"), (True, False): t(", by theory"), (False, True): t(", by date"),
    }  # fmt: skip
    return words.get(several, "")


def _few(readings: Sequence[Reading]) -> str:
    """Says so where shares rest on few worlds."""
    fewest = min(reading.worlds for reading in readings)
    if fewest >= _FEW:
        return ""
    months = sorted({reading.month for reading in readings if reading.worlds < _FEW})
    if months[-1] > 1:
        return " " + t("({fewest} worlds a theory only after {months} months)", fewest=fewest, months=_dates(months))
    return " " + t("({fewest} worlds a theory only after {months} month)", fewest=fewest, months=_dates(months))


def _parts(found: Examination) -> str:
    if not found.parts or found.verdict == "holds clearly":
        return ""
    texts = []
    for part in found.parts:
        low, high = in_hundred(part.lowest), in_hundred(part.highest)
        if low == high:
            texts.append(t("{part} in {low}", part=part.words, low=low))
        else:
            texts.append(t("{part} in {low} to {high}", part=part.words, low=low, high=high))
    return t("Each part by itself, in 100 worlds: {parts}.", parts="; ".join(texts))


def flipper_words(item: Flipper) -> str:
    """What a claim depends on, in words."""
    if item.kind == "parameter":
        slots = {"name": foreign(item.name), "low": shown(item.threshold_low), "high": shown(item.threshold_high)}
        if item.above:
            return t("{name} (more often above a threshold between {low} and {high})", **slots)
        return t("{name} (more often below a threshold between {low} and {high})", **slots)
    if item.kind == "date":
        return t(
            "the date (more than half of worlds: {holds} months; fewer: {fails} months)",
            holds=", ".join(item.holds), fails=", ".join(item.fails),
        )  # fmt: skip
    kind = "theory" if item.kind == "theory" else f"rival.{item.name}"
    holds, fails = (
        ", ".join(theory_id(name) if kind == "theory" else named(kind, name) for name in names)
        for names in (item.holds, item.fails)
    )
    if kind == "theory":
        return t("the theory (more than half of worlds: {holds}; fewer: {fails})", holds=holds, fails=fails)
    return t(
        "the axis {name} (more than half of worlds: {holds}; fewer: {fails})",
        name=named("axis", item.name), holds=holds, fails=fails,
    )  # fmt: skip


def need_words(needs: Sequence[Need]) -> str:
    """What a study lacks.

    >>> need_words([Need("policy", "leadership-only"), Need("years", "10"), Need("paths", "")])
    'the stored study lacks policy leadership-only; a projection of 10 years; whole monthly paths (full_paths)'
    """
    words = {
        "policy": t("policy {}"), "measure": t("measure {}"), "years": t("a projection of {} years"),
    }  # fmt: skip
    paths = t("whole monthly paths (full_paths){}")
    texts = [words.get(need.kind, paths).format(_lacking(need)) for need in needs]
    return t("the stored study lacks {needs}", needs="; ".join(dict.fromkeys(texts)))


def _lacking(need: Need) -> str:
    if need.kind == "policy":
        return policy_id(need.name)
    return _measure(need.name) if need.kind == "measure" and language() != "en" else need.name


def origin_words(found: ClaimAudit) -> str:
    """Who asserts a claim, in how many documents, from which single origin."""
    claim, count = found.claim, len(found.claim.documents)
    asserted = own(f"asserted.{claim.id}", claim.asserted_by)
    asserted = asserted[:1].upper() + asserted[1:]
    origin = foreign(claim.origin)
    if found.source != claim.origin:
        origin = t("{origin}, which goes back to {source}", origin=origin, source=foreign(found.source))
    return tn(
        "{asserted}; in one document, one origin: {origin}",
        "{asserted}; in {count} documents, one origin: {origin}", max(count, 1), asserted=asserted, origin=origin,
    )  # fmt: skip


def size_words(found: Examination, theories: Sequence[str]) -> str:
    """How far the figures lie apart at the last date: a difference in all worlds may be a small one."""
    pooled = [reading for reading in found.readings if reading.theory in theories and reading.worlds]
    if not pooled:
        return ""
    last = max(reading.month for reading in pooled)
    middles = sorted(reading.size_p50 for reading in pooled if reading.month == last)
    units = {reading.size_unit for reading in pooled if reading.month == last}
    unit = {"": "", "1": " " + t("on a scale of 0 to 1")}.get(min(units), f" {unit_of(min(units))}")
    if len(units) > 1:
        return ""
    low, high = shown(middles[0], 2), shown(middles[-1], 2)
    between = low if low == high else t("{first} to {last}", first=low, last=high)
    if found.test.direction in ("below", "above"):
        return tn(
            "The figure in the middle world after {count} month, by theory: {between}{unit}.",
            "The figure in the middle world after {count} months, by theory: {between}{unit}.", last,
            between=between, unit=unit,
        )  # fmt: skip
    return tn(
        "Difference of the figures in the middle world after {count} month, by theory: {between}{unit}.",
        "Difference of the figures in the middle world after {count} months, by theory: {between}{unit}.", last,
        between=between, unit=unit,
    )  # fmt: skip


def closing_words(audit: Audit) -> list[str]:
    """What the shares mean and what they do not."""
    return [
        t(
            "A share is one of {worlds} worlds a theory, drawn from stated beliefs, at the end of the"
            " projection, and of {path_worlds} at earlier dates. It is no chance that a claim is true"
            " of the real world.",
            worlds=f"{audit.worlds:,}",
            path_worlds=f"{audit.path_worlds:,}",
        ),
        t(
            "Clear means that a share, less 1.645 Monte-Carlo errors, is beyond 80 of 100 worlds, or "
            "below 20 likewise, under every theory and at every date. It depends where it would hold "
            "in more than half of the worlds under one theory, date or rival, or on one side of a "
            "parameter's threshold, and in fewer under another, beyond error.",
        ),
        t(
            "Claims stand in the order of subjects, whoever makes them, and are not counted up: how "
            "many claims a camp makes, or in how many documents, says nothing about any of them.",
        ),
    ]


def unchanged_note(readings: Sequence[Reading]) -> str:
    """Where the figures are the same in many worlds, that is said: it is neither the claim nor its opposite."""
    most = max((reading.unchanged for reading in readings), default=0.0)
    if most < 0.05:
        return ""
    return t("The two figures are the same in up to {most} of 100 worlds.", most=in_hundred(most))
