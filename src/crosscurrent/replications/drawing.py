"""A chart of a replication as inline SVG: lines told apart by dashes and marks as well as colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup

from ..errors import ComputeError
from ..report.numbers import number_text, rounding_step, tick_values
from ..report.shapes import GLYPHS, Scale, image, line, text
from .target import Chart

__all__ = ["draw"]

_WIDTH, _LEFT, _RIGHT, _TOP, _PLOT = 640.0, 66.0, 622.0, 26.0, 230.0
_LINE = 18.0
_DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 2", "1 2")


def draw(chart: Chart) -> Markup:
    """The chart with axes, published values as dashed lines across, and a legend below.

    Raises
    ------
    ComputeError
        If a series is not as long as the axis, or nothing can be drawn.
    """
    for name, values in chart.series.items():
        if len(values) != len(chart.x):
            raise ComputeError(
                f"chart {chart.title!r}: series {name!r} is not as long as its axis",
                given=len(values),
                expected=f"{len(chart.x)} values",
            )
    across, up = _scales(chart)
    parts = [*_axes(chart, across, up)]
    for name, value in chart.published.items():
        if math.isfinite(value):
            parts += [
                line(_LEFT, up.at(value), _RIGHT, up.at(value), "told"),
                text(_RIGHT, up.at(value) - 4, name, "lab", "end"),
            ]
    base = _TOP + _PLOT + 46
    for number, (name, values) in enumerate(chart.series.items()):
        parts += [_trace(chart.x, values, across, up, number), *_entry(name, base + number * _LINE, number)]
    height = base + len(chart.series) * _LINE
    return image(_WIDTH, height, parts, _sentence(chart), "chart")


def _scales(chart: Chart) -> tuple[Scale, Scale]:
    ys = [value for values in chart.series.values() for value in values] + list(chart.published.values())
    known, xs = [y for y in ys if math.isfinite(y)], [x for x in chart.x if math.isfinite(x)]
    if not known or not xs:
        raise ComputeError(f"chart {chart.title!r} has nothing to draw")
    low, high = min(known), max(known)
    margin = 0.06 * (high - low) or 0.06 * abs(high) or 1.0
    # A quantity that is never negative gets a scale from zero, unless it varies too little to be seen there.
    bottom = 0.0 if 0.0 <= low < 0.6 * high else low - margin
    left, right = min(xs), max(xs)
    return (
        Scale(left, right if right > left else left + 1.0, _LEFT, _RIGHT),
        Scale(bottom, high + margin, _TOP + _PLOT, _TOP),
    )


def _axes(chart: Chart, across: Scale, up: Scale) -> list[Markup]:
    foot = _TOP + _PLOT
    parts = [line(_LEFT, foot, _RIGHT, foot, "ax"), line(_LEFT, _TOP, _LEFT, foot, "ax")]
    xs, ys = tick_values(across.low, across.high, 6), tick_values(up.low, up.high, 5)
    for x in xs:
        parts += [
            line(across.at(x), foot, across.at(x), foot + 4, "ax"),
            text(across.at(x), foot + 16, _tick(x, xs), "lab", "middle"),
        ]
    for y in ys:
        parts += [
            line(_LEFT - 4, up.at(y), _LEFT, up.at(y), "ax"),
            text(_LEFT - 7, up.at(y) + 4, _tick(y, ys), "lab", "end"),
        ]
    return [*parts, text(_RIGHT, foot + 32, chart.x_label, "", "end"), text(4, 12, chart.y_label)]


def _tick(value: float, ticks: Sequence[float]) -> str:
    step = abs(ticks[1] - ticks[0]) if len(ticks) > 1 else rounding_step(0.0, value)
    words = number_text(value, step)
    is_year = all(1900 <= tick <= 2100 for tick in ticks)
    return words.replace(",", "") if is_year else words


def _trace(x: Sequence[float], y: Sequence[float], across: Scale, up: Scale, number: int) -> Markup:
    """The line, broken where a value is none; a lone point becomes a short dash."""
    runs: list[list[str]] = [[]]
    for place, value in zip(x, y, strict=True):
        if math.isfinite(value) and math.isfinite(place):
            runs[-1].append(f"{across.at(place):.1f} {up.at(value):.1f}")
        else:
            runs.append([])
    path = "".join(f"M{run[0]}h3" if len(run) == 1 else "M" + " ".join(run) for run in runs if run)
    return _stroke(path, number)


def _stroke(path: str, number: int) -> Markup:
    glyph, dash = GLYPHS[number % len(GLYPHS)], _DASHES[number % len(_DASHES)]
    shape = '<path fill="none" stroke="{}" stroke-width="1.8" stroke-dasharray="{}" d="{}"/>'
    return Markup(shape).format(glyph.colour, dash or "none", path)


def _entry(name: str, y: float, number: int) -> list[Markup]:
    return [_stroke(f"M{_LEFT:.0f} {y - 4:.1f}h34", number), text(_LEFT + 42, y, name)]


def _sentence(chart: Chart) -> str:
    """What the drawing shows, for those who hear it."""
    words = []
    for name, values in chart.series.items():
        known = [value for value in values if math.isfinite(value)]
        if known:
            words.append(f"{name} from {number_text(known[0])} to {number_text(known[-1])}{_turn(known)}")
    told = [f"{name} {number_text(value)}" for name, value in chart.published.items()]
    return f"{chart.title}; {chart.y_label} by {chart.x_label}: " + "; ".join(words + told)


def _turn(known: Sequence[float]) -> str:
    rises = {after > before for before, after in pairwise(known) if after != before}
    return "" if len(rises) < 2 else f", between {number_text(min(known))} and {number_text(max(known))}"
