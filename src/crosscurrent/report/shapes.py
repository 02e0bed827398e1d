"""Shapes of charts as SVG text; every number is written with one decimal, every word is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

__all__ = ["GLYPHS", "Glyph", "Scale", "band", "glyph", "image", "line", "text"]


class Scale(NamedTuple):
    """A straight scale from values to the units of a drawing."""

    low: float
    high: float
    start: float
    """Where the low value is drawn."""
    end: float
    """Where the high value is drawn."""

    def at(self, value: float) -> float:
        """Place of a value.

        >>> Scale(0, 10, 80, 0).at(5)
        40.0
        """
        width = self.high - self.low
        share = (value - self.low) / width if width else 0.5
        return self.start + share * (self.end - self.start)


class Glyph(NamedTuple):
    """The mark of a theory: its shape says which one it is, its colour only helps."""

    path: str
    colour: str


GLYPHS = (
    Glyph("M6 1 11 11H1Z", "#382680"),
    Glyph("M6 11 1 1H11Z", "#800000"),
    Glyph("M1.5 1.5H10.5V10.5H1.5Z", "#10181a"),
    Glyph("M6 .5 11.5 6 6 11.5 .5 6Z", "#8200d9"),
    Glyph("M6 1A5 5 0 1 1 5.99 1Z", "#d92b00"),
    Glyph("M4.3 1H7.7V4.3H11V7.7H7.7V11H4.3V7.7H1V4.3H4.3Z", "#3174b8"),
    Glyph("M6 1A5 5 0 1 1 5.99 1ZM6 3.5A2.5 2.5 0 1 0 6.01 3.5Z", "#566268"),
)
"""In the order of a case's theories; further theories begin again."""


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def glyph(number: int) -> Markup:
    """The mark of a theory by its place in the case."""
    shape = GLYPHS[number % len(GLYPHS)]
    return Markup(
        '<svg class="glyph" viewBox="0 0 12 12" aria-hidden="true"><path fill="{}" d="{}"/></svg>'
    ).format(shape.colour, shape.path)


def band(x: Sequence[float], low: Sequence[float], high: Sequence[float]) -> str:
    """Outline of a band: along its upper edge and back along the lower one.

    >>> band([0, 1], [2, 2], [1, 1])
    'M0 1 1 1 1 2 0 2Z'
    """
    there = [f"{_n(place)} {_n(value)}" for place, value in zip(x, high, strict=True)]
    back = [f"{_n(place)} {_n(value)}" for place, value in zip(reversed(x), reversed(low), strict=True)]
    return "M" + " ".join([*there, *back]) + "Z"


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """A straight line of a class."""
    return Markup('<path class="{}" d="M{} {} {} {}"/>').format(kind, _n(x1), _n(y1), _n(x2), _n(y2))


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> Markup:
    """Words at a place; ``anchor`` is start, middle or end."""
    place = Markup('<text x="{}" y="{}"').format(_n(x), _n(y))
    place += Markup(' class="{}"').format(kind) if kind else Markup("")
    place += Markup(' text-anchor="{}"').format(anchor) if anchor != "start" else Markup("")
    return place + Markup(">{}</text>").format(words)


def image(
    width: float, height: float, parts: Sequence[str], label: str, kind: str, *, stretch: bool = False
) -> Markup:
    """A drawing with a whole sentence as its name; ``stretch`` fills its box whatever the proportions."""
    aspect = ' preserveAspectRatio="none"' if stretch else ""
    start = (
        f'<svg class="{escape(kind)}" viewBox="0 0 {_n(width)} {_n(height)}"{aspect} role="img" aria-label="'
    )
    return Markup(start) + escape(label) + Markup('">') + Markup("").join(parts) + Markup("</svg>")
