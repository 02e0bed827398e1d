"""Figures as people read them: three digits, a scale for a whole table, a proper minus sign."""

from __future__ import annotations

import math

from ..language import t, unit_of

__all__ = ["fitted", "scaled", "shown"]

_SCALES = ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"))


def scaled(largest: float, unit: str) -> tuple[float, str]:
    """Factor to divide by and the unit to print for figures up to a size.

    >>> scaled(320_000.0, "deaths")
    (1000.0, 'thousand deaths')
    >>> scaled(4_100.0, "million USD")
    (1000.0, 'billion USD')
    >>> scaled(0.7, "1")
    (1.0, 'scale 0-1')
    """
    if unit == "1":
        return 1.0, t("scale 0-1")
    if not math.isfinite(largest):
        return 1.0, unit_of(unit)
    if unit.startswith("million "):
        rest = unit.removeprefix("million ")
        larger = {"USD": t("billion USD"), "people": t("billion people")}.get(rest, f"billion {rest}")
        return (1e3, larger) if largest >= 1e3 else (1.0, unit_of(unit))
    words = {
        "billion": t("billion {unit}", unit=unit_of(unit)),
        "million": t("million {unit}", unit=unit_of(unit)),
        "thousand": t("thousand {unit}", unit=unit_of(unit)),
    }
    for factor, word in _SCALES:
        if largest >= factor:
            return factor, words[word]
    return 1.0, unit_of(unit)


def shown(value: float, digits: int = 3) -> str:
    """A figure with so many significant digits, without exponent.

    >>> shown(-12345.6), shown(0.01234), shown(0.0), shown(float("nan"))
    ('\u221212,300', '0.0123', '0', '?')
    """
    if not math.isfinite(value):
        return "?"
    if value == 0:
        return "0"
    place = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, place)
    text = f"{abs(rounded):,.{max(place, 0)}f}"
    return f"\u2212{text}" if rounded < 0 else text


def fitted(value: float, largest: float) -> str:
    """A figure of a table whose largest is known: as many decimals as keep a cell narrow, never more than
    two.

    >>> fitted(-12.34, 150.0), fitted(1.26, 150.0), fitted(0.014, 0.5), fitted(-0.01, 150.0)
    ('\u221212', '1.3', '0.01', '\u22120.0')
    """
    if not math.isfinite(value):
        return "?"
    if value == 0:
        return "0"
    decimals = 0 if abs(value) >= 9.95 else 1 if largest >= 9.95 or abs(value) >= 0.995 else 2
    text = f"{abs(value):,.{decimals}f}"
    return f"\u2212{text}" if value < 0 else text
