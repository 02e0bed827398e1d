"""Figures as readers should see them: rounded to the scale of their interval, with a true minus sign."""

from __future__ import annotations

import math

from ..language import t

__all__ = ["interval_text", "number_text", "round_step", "round_up", "rounding_step", "tick_values"]

_STEPS_ACROSS = 20
"""An interval is shown in about so many steps: a count of 30,000 ± 9,000 in steps of 500."""


def rounding_step(low: float, high: float) -> float:
    """Step (1, 2 or 5 times a power of ten) of an interval's figures; 0 if it has no width.

    >>> rounding_step(21_000, 39_000)
    500.0
    """
    width = abs(high - low)
    if not math.isfinite(width) or width == 0:
        return 0.0
    wanted = width / _STEPS_ACROSS
    power = 10.0 ** math.floor(math.log10(wanted))
    return next((m * power for m in (5.0, 2.0) if m * power <= wanted * (1 + 1e-9)), power)


def number_text(value: float, step: float = 0.0) -> str:
    """A figure rounded to a step, or to three significant digits where the step is 0.

    >>> number_text(-12_345, 500), number_text(0.12345, 0.02), number_text(float("nan"))
    ('−12,500', '0.12', '–')
    """
    if not math.isfinite(value):
        return "–"
    if step <= 0:
        step = 10.0 ** (math.floor(math.log10(abs(value))) - 2) if value else 1.0
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    rounded = round(value / step) * step
    text = f"{abs(rounded):,.{decimals}f}"
    return f"−{text}" if rounded < 0 and text.strip("0.,") else text


def interval_text(low: float, high: float) -> str:
    """An interval in words, both ends rounded to its scale.

    >>> interval_text(-9120, 310), interval_text(4, 4)
    ('−9,200 to 400', '4.00')
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return "–"
    step = rounding_step(low, high)
    first, last = number_text(low, step), number_text(high, step)
    return first if first == last else t("{first} to {last}", first=first, last=last)


def tick_values(low: float, high: float, count: int = 4) -> list[float]:
    """About so many round values within a range.

    >>> tick_values(-3, 9)
    [0.0, 5.0]
    """
    if not high > low:
        return [low]
    wanted = (high - low) / count
    power = 10.0 ** math.floor(math.log10(wanted))
    step = next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= wanted * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def round_step(value: float) -> float:
    """Step of the second significant digit of a positive figure.

    >>> round_step(7020.0)
    100.0
    """
    return 10.0 ** (math.floor(math.log10(value)) - 1) if value > 0 else 1.0


def round_up(value: float) -> float:
    """A positive figure rounded up to two significant digits, for the end of a scale.

    >>> round_up(7020.0)
    7100.0
    """
    step = round_step(value)
    return math.ceil(value / step - 1e-9) * step
