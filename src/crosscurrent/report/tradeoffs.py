"""Trade-offs: two measures at a time, each policy a cross whose arms are intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from ..language import t
from .names import MeasureName, Named
from .numbers import interval_text, number_text, rounding_step, tick_values
from .paired import Paired
from .shapes import Scale, image, line, text

__all__ = ["PAIRS", "Tradeoff", "TradeoffRow", "tradeoff"]

PAIRS = (
    ("homicides", "overdose_deaths"),
    ("cost_us", "homicides_and_missing"),
    ("cost_us", "overdose_deaths"),
    ("security_cooperation", "landed_fentanyl"),
)
"""Measures drawn against each other: first across, second up."""
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BASE = 340.0, 256.0, 56.0, 316.0, 24.0, 222.0


@dataclass(frozen=True)
class TradeoffRow:
    """The same crosses in figures."""

    number: int
    policy: Named
    cells: tuple[tuple[str, str], ...]
    """By theory: intervals (25 to 75) across and up."""


@dataclass(frozen=True)
class Tradeoff:
    """Two measures against each other under every theory, on one pair of scales."""

    across: MeasureName
    up: MeasureName
    panels: tuple[tuple[Named, Markup], ...]
    rows: tuple[TradeoffRow, ...]


def tradeoff(
    across: tuple[MeasureName, Paired],
    up: tuple[MeasureName, Paired],
    policies: tuple[Named, ...],
    theories: tuple[Named, ...],
    status_quo: int,
) -> Tradeoff | None:
    """Panels of two measures' paired differences; None if either is the same in all policies.

    Policies carry numbers, their place in the case, because more than two cannot be told by hue.
    """
    chosen = [number for number in range(len(policies)) if number != status_quo]
    ranges = [_range(pair, chosen) for _, pair in (across, up)]
    if not chosen or any(low == high for low, high in ranges):
        return None
    x = Scale(*_widened(ranges[0]), _LEFT, _RIGHT)
    y = Scale(*_widened(ranges[1]), _BASE, _TOP)
    panels = tuple(
        (theory, _panel(across, up, (x, y), chosen, (number, theory)))
        for number, theory in enumerate(theories)
    )
    rows = tuple(
        TradeoffRow(
            policy,
            policies[policy],
            tuple((_middle(across[1], policy, t), _middle(up[1], policy, t)) for t in range(len(theories))),
        )
        for policy in chosen
    )
    return Tradeoff(across[0], up[0], panels, rows)


def _middle(pair: Paired, policy: int, theory: int) -> str:
    return interval_text(float(pair.difference[policy, theory, 1]), float(pair.difference[policy, theory, 3]))


def _range(pair: Paired, chosen: list[int]) -> tuple[float, float]:
    """Ends of the arms (25 to 75 in 100 worlds) over all policies and theories, with zero."""
    values = pair.difference[chosen][..., [1, 3]]
    known = values[np.isfinite(values)]
    return (min(float(known.min()), 0.0), max(float(known.max()), 0.0)) if known.size else (0.0, 0.0)


def _widened(ends: tuple[float, float]) -> tuple[float, float]:
    margin = 0.04 * (ends[1] - ends[0])
    return ends[0] - margin, ends[1] + margin


def _axes(across: MeasureName, up: MeasureName, scales: tuple[Scale, Scale]) -> list[Markup]:
    x, y = scales
    parts = [line(x.at(0), _TOP, x.at(0), _BASE, "zero"), line(_LEFT, y.at(0), _RIGHT, y.at(0), "zero")]
    parts += [line(_LEFT, _BASE, _RIGHT, _BASE, "ax"), line(_LEFT, _TOP, _LEFT, _BASE, "ax")]
    for value in tick_values(x.low, x.high, 3):
        parts.append(text(x.at(value), _BASE + 13, _tick(value, x), "lab", "middle"))
    for value in tick_values(y.low, y.high, 4):
        parts.append(text(_LEFT - 4, y.at(value) + 4, _tick(value, y), "lab", "end"))
    parts.append(text(_RIGHT, _BASE + 28, f"{across.label} →", "lab", "end"))
    parts.append(text(4, 12, f"↑ {up.label}", "lab"))
    return parts


def _tick(value: float, scale: Scale) -> str:
    return number_text(value, rounding_step(scale.low, scale.high))


def _panel(
    across: tuple[MeasureName, Paired],
    up: tuple[MeasureName, Paired],
    scales: tuple[Scale, Scale],
    chosen: list[int],
    theory: tuple[int, Named],
) -> Markup:
    """One theory: a cross for each policy, its number beside the crossing."""
    parts = _axes(across[0], up[0], scales)
    taken: list[tuple[float, float]] = []
    for policy in chosen:
        ends = [(pair.difference[policy, theory[0], 1:4]) for _, pair in (across, up)]
        if not all(np.isfinite(values).all() for values in ends):
            continue
        (x1, x, x2), (y1, y, y2) = (
            [scale.at(float(v)) for v in e] for scale, e in zip(scales, ends, strict=True)
        )
        parts += [line(x1, y, x2, y, "arm"), line(x, y1, x, y2, "arm")]
        place = _free_place(x, y, taken)
        taken.append(place)
        if place != (x + 4, y - 4):
            parts.append(line(x, y, place[0], place[1] - 3, "lead"))
        parts.append(text(*place, str(policy), "num"))
    label = (
        t(
            "{label} against {label_2} under {label_3}: differences of {chosen} policies from the "
            "status quo, 25 to 75 in 100 worlds; figures below",
            label=across[0].label, label_2=up[0].label, label_3=theory[1].label, chosen=len(chosen),
        )
    )
    return image(_WIDTH, _HEIGHT, parts, label, "cross")


def _free_place(x: float, y: float, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """The nearest of some places around a crossing that no other number has."""
    around = [(x + 4, y - 4)] + [
        (x + radius * dx, y + radius * dy)
        for radius in (14.0, 24.0, 36.0, 50.0, 66.0)
        for dx, dy in ((1, -0.5), (-1.3, -0.5), (1, 0.9), (-1.3, 0.9), (0, -1), (0, 1.2))
    ]
    for place in around:
        inside = _LEFT < place[0] < _RIGHT - 12 and _TOP + 8 < place[1] < _BASE
        if inside and all(abs(place[0] - a) > 13 or abs(place[1] - b) > 10 for a, b in taken):
            return place
    return around[0]
