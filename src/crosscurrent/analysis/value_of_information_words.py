"""What a research agenda says, in plain words written from its numbers."""

from __future__ import annotations

from .numbers import scaled, shown
from .value_of_information import ValueOfInformation, Worth

__all__ = ["agenda_words", "amount"]

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
    usual = " or ".join(found.policies[place] for place in found.usual)
    several = " (the scrambles do not agree)" if len(found.usual) > 1 else ""
    sentences = [
        f"Without further knowledge, under the theory {found.theory}, the least expected loss would be that of "
        f"{usual}{several}.",
        "If everything about a world were known beforehand, chance included, choosing by world would avoid "
        f"{amount(found.perfect.value, found.unit, found.perfect.error)}; no research can be worth more.",
    ]
    sentences += _named(found, "axis", "Disagreements whose answer would change the choice")
    sentences += _named(found, "parameter", "Numbers whose value would change the choice")
    theories = found.theories
    if theories is not None:
        kept = {name: 100 * weight for name, weight in theories.weights.items() if weight >= 0.005}
        weights = ", ".join(f"{name} {weight:.0f}" for name, weight in kept.items())
        text = amount(theories.value, found.unit, theories.error)
        under = "with the weights stated" if theories.stated else "at the most, with the weights that make it so"
        sentences.append(f"To know which theory holds would be worth {text} {under} ({weights} of 100).")
    if found.failed:
        sentences.append(f"{found.failed} worlds that failed under some policy are left out.")
    return sentences


def _named(found: ValueOfInformation, kind: str, words: str) -> list[str]:
    told = [item for item in found.worths if item.kind == kind and item.told]
    if not told:
        tried = sum(item.kind == kind for item in found.worths)
        return [f"{words}: none of {tried} is told from nothing in these worlds."] if tried else []
    rest = len(told) - _MOST_NAMED
    named = "; ".join(_one(found, item) for item in told[:_MOST_NAMED])
    return [f"{words}: {named}" + (f"; and {rest} more." if rest > 0 else ".")]


def _one(found: ValueOfInformation, item: Worth) -> str:
    grade = f", {item.grade} evidence" if item.grade and item.grade != "assumption" else ""
    grade = ", an assumption" if item.grade == "assumption" else grade
    return f"{item.label} ({amount(item.value, found.unit, item.error)}{grade})"
