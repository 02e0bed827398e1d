"""The matrix of policies and theories: paired differences as strips, in figures and in a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from ..language import t
from .names import MeasureName, Named
from .numbers import interval_text
from .paired import Paired, clear_direction, difference_words
from .shapes import Scale, image, line

__all__ = ["Marks", "Matrix", "MatrixCell", "MatrixRow", "mark_words", "matrix_of"]

_WIDTH, _HEIGHT, _MIDDLE = 100.0, 16.0, 8.0

Marks = Mapping[tuple[str, str], str]
"""By (policy, theory): best, worst, or that it cannot be told."""


@dataclass(frozen=True)
class MatrixCell:
    """A policy under a theory."""

    strip: Markup
    interval: str
    """5 to 95 in 100 worlds: the paired difference, or the level in the status quo's own row."""
    share: str
    """In how many of 100 worlds it is lower or higher, and whether that is clear."""
    mark: str
    """best, worst, not distinguishable, or nothing."""

    @property
    def faint(self) -> bool:
        """Whether the mark only says that nothing can be told."""
        return self.mark == t("not distinguishable")


@dataclass(frozen=True)
class MatrixRow:
    """A policy under every theory, and the range over them (never their mean)."""

    policy: Named
    status_quo: bool
    cells: tuple[MatrixCell, ...]
    range_strip: Markup
    range_text: str


@dataclass(frozen=True)
class Matrix:
    """One measure, all policies, one scale."""

    name: MeasureName
    rows: tuple[MatrixRow, ...]
    scale: str
    """Ends of the scale in words."""


def mark_words(mark: str, shared: int) -> str:
    """Words for the mark of a cell, with how many policies share it.

    >>> mark_words("best", 1), mark_words("worst", 3), mark_words("between", 2)
    ('best', 'level with the worst', '')
    """
    if mark in ("best", "worst"):
        if mark == "best":
            return t("best") if shared == 1 else t("level with the best")
        return t("worst") if shared == 1 else t("level with the worst")
    return t("not distinguishable") if mark == "not distinguishable" else ""


def _hue(pair: Paired, policy: int, theory: int, preferred: str) -> str:
    """Class that gives the hue of whichever does better: the policy, the status quo, or neither clearly."""
    worlds = int(pair.worlds[policy, theory])
    sign = clear_direction(float(pair.lower[policy, theory]), float(pair.higher[policy, theory]), worlds)
    if sign == 0:
        return "unclear"
    if preferred == "none":
        return "moved"
    return "policy" if (sign < 0) == (preferred == "lower") else "usual"


def _strip(quantiles: tuple[float, float, float, float], scale: Scale, kind: str, label: str) -> Markup:
    """A thin line from 5 to 95, a thick one from 25 to 75, and the line of no difference."""
    parts = [line(scale.at(0), 0, scale.at(0), _HEIGHT, "zero")]
    if np.isfinite(quantiles).all():
        low, first, last, high = (scale.at(value) for value in quantiles)
        parts.append(line(low, _MIDDLE, high, _MIDDLE, f"thin {kind}"))
        bar = Markup('<rect class="thick {}" x="{:.1f}" y="4" width="{:.1f}" height="8"/>')
        parts.append(bar.format(kind, first, max(last - first, 0.8)))
    return image(_WIDTH, _HEIGHT, parts, label, "strip", stretch=True)


def matrix_of(
    pair: Paired,
    name: MeasureName,
    policies: tuple[Named, ...],
    theories: tuple[Named, ...],
    status_quo: int,
    marks: Marks,
) -> Matrix:
    """Lay out a measure's differences; ``status_quo`` is its place among the policies."""
    known = pair.difference[np.isfinite(pair.difference)]
    low, high = (min(float(known.min()), 0.0), max(float(known.max()), 0.0)) if known.size else (-1.0, 1.0)
    scale = Scale(low, high, 1.0, _WIDTH - 1.0) if low < high else Scale(-1.0, 1.0, 1.0, _WIDTH - 1.0)
    rows = []
    for number, policy in enumerate(policies):
        if number == status_quo:
            rows.append(_level_row(pair, (number, policy), theories, marks))
        else:
            rows.append(_row(pair, name, (number, policy), theories, scale, marks))
    return Matrix(name, tuple(rows), interval_text(low, high))


def _level_row(
    pair: Paired, policy: tuple[int, Named], theories: tuple[Named, ...], marks: Marks
) -> MatrixRow:
    """The status quo's own row gives its level, because its difference from itself is nothing."""
    cells = tuple(
        MatrixCell(
            Markup(""),
            interval_text(float(pair.level[policy[0], number, 0]), float(pair.level[policy[0], number, 4])),
            t("level"),
            marks.get((policy[1].id, theory.id), ""),
        )
        for number, theory in enumerate(theories)
    )
    level = pair.level[policy[0]]
    return MatrixRow(policy[1], True, cells, Markup(""), interval_text(*_ends(level)))


def _row(
    pair: Paired,
    name: MeasureName,
    policy: tuple[int, Named],
    theories: tuple[Named, ...],
    scale: Scale,
    marks: Marks,
) -> MatrixRow:
    cells = []
    for number, theory in enumerate(theories):
        low, first, _, last, high = (float(value) for value in pair.difference[policy[0], number])
        words, interval = difference_words(pair, policy[0], number), interval_text(low, high)
        kind = _hue(pair, policy[0], number, name.preferred)
        label = t(
            "{label} under {label_2}: {interval}, {words}",
            label=policy[1].label, label_2=theory.label, interval=interval, words=words,
        )
        strip = _strip((low, first, last, high), scale, kind, label)
        cells.append(MatrixCell(strip, interval, words, marks.get((policy[1].id, theory.id), "")))
    low, high = _ends(pair.difference[policy[0]])
    words = interval_text(low, high)
    whole = _strip((low, low, low, high), scale, "range", t(
        "{label}, over all theories: {words}",
        label=policy[1].label, words=words,
    ))
    return MatrixRow(policy[1], False, tuple(cells), whole, words)


def _ends(quantiles: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, float]:
    """Smallest and largest of what is known."""
    known = quantiles[np.isfinite(quantiles)]
    return (float(known.min()), float(known.max())) if known.size else (float("nan"), float("nan"))
