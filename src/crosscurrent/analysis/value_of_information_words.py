"""What a research agenda says, in plain words written from its numbers."""

from __future__ import annotations

from ..language import msg, own, policy_id, t, theory_id
from .numbers import scaled, shown
from .value_of_information import ValueOfInformation, Worth

__all__ = ["agenda_words", "amount", "label_of"]

_MOST_NAMED = 3


def amount(value: float, unit: str, error: float | None = None) -> str:
    """A figure with its unit, and its error where one is given.

    >>> amount(11_951.8, "deaths", 439.0)
    '12.0 ± 0.44 thousand deaths'
    """
    factor, words = scaled(abs(value), unit)
    text = shown(value / factor) + (f" ± {shown(error / factor, 2)}" if error is not None else "")
    return f"{text} {words}"


def agenda_words(found: ValueOfInformation) -> list[str]:
    """Sentences on one decision: what is chosen now, what all knowledge could be worth, what is worth most."""
    usual = t(" or ").join(policy_id(found.policies[place]) for place in found.usual)
    first = (
        msg(
            "Without further knowledge, under the theory {theory}, the least expected loss would be that of {usual} "
            "(the scrambles do not agree)."
        )
        if len(found.usual) > 1
        else msg(
            "Without further knowledge, under the theory {theory}, the least expected loss would be that of {usual}."
        )
    )
    sentences = [
        t(first, theory=theory_id(found.theory), usual=usual),
        t(
            "If everything about a world were known beforehand, chance included, choosing by world "
            "would avoid {amount}; no research can be worth more.",
            amount=amount(found.perfect.value, found.unit, found.perfect.error),
        ),
    ]
    sentences += _named(found, "axis", t("Disagreements whose answer would change the choice"))
    sentences += _named(found, "parameter", t("Numbers whose value would change the choice"))
    theories = found.theories
    if theories is not None:
        kept = {name: 100 * weight for name, weight in theories.weights.items() if weight >= 0.005}
        weights = ", ".join(f"{theory_id(name)} {weight:.0f}" for name, weight in kept.items())
        text = amount(theories.value, found.unit, theories.error)
        if theories.stated:
            worth = msg("To know which theory holds would be worth {text} with the weights stated ({weights} of 100).")
        else:
            worth = msg(
                "To know which theory holds would be worth {text} at the most, with the weights that make it so "
                "({weights} of 100)."
            )
        sentences.append(t(worth, text=text, weights=weights))
    if found.failed:
        sentences.append(t("{failed} worlds that failed under some policy are left out.", failed=found.failed))
    return sentences


def _named(found: ValueOfInformation, kind: str, words: str) -> list[str]:
    told = [item for item in found.worths if item.kind == kind and item.told]
    if not told:
        tried = sum(item.kind == kind for item in found.worths)
        return (
            [t("{words}: none of {tried} is told from nothing in these worlds.", words=words, tried=tried)]
            if tried
            else []
        )
    rest = len(told) - _MOST_NAMED
    named = "; ".join(_one(found, item) for item in told[:_MOST_NAMED])
    if rest > 0:
        return [t("{words}: {named}; and {rest} more.", words=words, named=named, rest=rest)]
    return [f"{words}: {named}."]


def _one(found: ValueOfInformation, item: Worth) -> str:
    worth = amount(item.value, found.unit, item.error)
    if item.grade == "assumption":
        return t("{label} ({worth}, an assumption)", label=label_of(item), worth=worth)
    if item.grade:
        grade = own(f"grade.{item.grade}", item.grade)
        return t("{label} ({worth}, {grade} evidence)", label=label_of(item), worth=worth, grade=grade)
    return f"{label_of(item)} ({worth})"


def label_of(item: Worth) -> str:
    """Label of an uncertainty in the language in force."""
    return own(f"{item.kind}.{item.name}", item.label)
