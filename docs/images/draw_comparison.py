"""Draws docs/images/comparison.svg from a results folder: differences in homicides by policy and theory.

    crosscurrent compare --out results
    python docs/images/draw_comparison.py results

Nothing is chosen by hand: all policies and theories of the folder, in its own order, on one scale.
"""

import sys
from html import escape
from pathlib import Path
from typing import NamedTuple

import numpy as np

from crosscurrent.study import STATUS_QUO, Results, open_results

MEASURE, MEASURE_WORDS = "homicides", "homicides a year in Mexico"
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
TARGET = Path(__file__).parent / "comparison.svg"
LEFT, TOP, COLUMN, ROW, GAP = 190, 92, 118, 24, 10
INK, QUIET, BAND = "#1f2937", "#6b7280", "#2a6f97"


class Scale(NamedTuple):
    """From a difference to a place in a column."""

    widest: float

    def place(self, column: int, value: float) -> float:
        """Horizontal place of a value."""
        share = (value / self.widest + 1) / 2
        return round(LEFT + column * COLUMN + GAP / 2 + share * (COLUMN - GAP), 1)


def yearly_differences(results: Results) -> np.ndarray:
    """Quantiles of paired differences a year, [policy, theory, level]."""
    table = results.table(MEASURE) / results.study.years
    paired = table - table[results.policies.index(STATUS_QUO)]
    return np.moveaxis(np.nanquantile(paired, LEVELS, axis=2), 0, -1)


def round_up(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 5 times a power of ten.

    >>> round_up(3200.0)
    5000.0
    """
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step * power for step in (1, 1.5, 2, 3, 5, 10) if value <= step * power))


def text(x: float, y: float, words: str, size: int = 12, anchor: str = "start", fill: str = INK) -> str:
    """A line of text."""
    place = f'x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text {place} fill="{fill}">{escape(words)}</text>'


def bar(x1: float, x2: float, y: float, width: int, opacity: float) -> str:
    """An interval."""
    style = f'stroke="{BAND}" stroke-width="{width}" stroke-opacity="{opacity}"'
    return f'<line x1="{x1}" x2="{max(x2, x1 + 0.5)}" y1="{y}" y2="{y}" {style}/>'


def interval(scale: Scale, column: int, y: float, levels: np.ndarray) -> list[str]:
    """5-95 % thin, 25-75 % thick, median as a dot: hollow where the 5-95 % interval holds zero."""
    low, lower, middle, upper, high = (scale.place(column, value) for value in levels)
    clear = levels[0] > 0 or levels[-1] < 0
    dot = f'<circle cx="{middle}" cy="{y}" r="3.5" stroke="{BAND}" fill="{BAND if clear else "white"}"/>'
    return [bar(low, high, y, 2, 0.55), bar(lower, upper, y, 6, 0.55), dot]


def header(results: Results, scale: Scale, height: int) -> list[str]:
    """Title, theories, zero lines and the scale's ends."""
    study = results.study
    reading = "Thin: 5-95 % of worlds. Thick: 25-75 %. Dot: median, hollow if 5-95 % holds zero."
    words = f"{study.worlds} worlds a theory, {study.years} years from {study.decision}, seed {study.seed}"
    lines = [
        text(12, 24, f"Change in {MEASURE_WORDS}, against the status quo in the same world", 16),
        text(12, 44, f"{reading} {words}.", 12),
    ]
    for column, theory in enumerate(results.theories):
        zero = scale.place(column, 0.0)
        lines.append(text(zero, 72, theory, 12, "middle"))
        lines.append(f'<line x1="{zero}" x2="{zero}" y1="80" y2="{height - 26}" stroke="#9ca3af"/>')
        for value in (-scale.widest, scale.widest):
            anchor = "start" if value < 0 else "end"
            lines.append(text(scale.place(column, value), height - 10, f"{value:+,.0f}", 10, anchor, QUIET))
    return lines


def picture(results: Results) -> str:
    """The whole picture as SVG."""
    quantiles = yearly_differences(results)
    scale = Scale(round_up(float(np.abs(quantiles).max())))
    policies = [name for name in results.policies if name != STATUS_QUO]
    width, height = LEFT + COLUMN * len(results.theories) + 12, TOP + ROW * len(policies) + 26
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'font-family="system-ui, sans-serif"><title>Change in {MEASURE_WORDS} by policy and theory</title>',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        *header(results, scale, height),
    ]
    for row, policy in enumerate(policies):
        y = TOP + ROW * row + ROW / 2
        parts.append(text(LEFT - 10, y + 4, policy, 12, "end"))
        for column in range(len(results.theories)):
            parts += interval(scale, column, y, quantiles[results.policies.index(policy), column])
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    TARGET.write_text(picture(open_results(sys.argv[1])), encoding="utf-8")
