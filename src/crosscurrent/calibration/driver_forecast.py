"""What is known of levers and drivers at a cut-off, and how they go on after it by a stated rule.

A forecast may use no year after its cut-off.  Yearly values up to the cut-off stay as they are; later years
follow the case's rule: the last value, or a damped trend [1]_, with a margin that grows with the root of the years
ahead.  Dated events after the cut-off have not happened.

References
----------
.. [1] Gardner ES, McKenzie E (1985) Forecasting trends in time series. Management Science 31(10).
   https://doi.org/10.1287/mnsc.31.10.1237
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from ..case.records import Case, DriverRule, Event, HistoryValue
from ..model.schema import LEVERS, PULSES

__all__ = ["DAMPING", "DriverForecast", "forecast_driver", "known_case", "realised_case"]

DAMPING = 0.8
"""What remains of a trend after a year: a common default of damped-trend forecasting, an assumption here."""
TREND_YEARS = 3
"""Past changes whose mean is the trend."""
MARGIN_OF_DEVIATION = math.sqrt(6.0)
"""A world's place in a margin is triangular from -1 to 1, whose standard deviation is 1/sqrt(6)."""
_EDGE = 0.002
"""Shares are kept this far from 0 and 1 before their logit is taken."""


class DriverForecast(NamedTuple):
    """A lever or driver after the cut-off."""

    values: tuple[float, ...]
    """By year ahead, from the first."""
    deviations: tuple[float, ...]
    """Standard deviation on the plain scale, by year ahead."""


def _to_scale(value: float, scale: str) -> float:
    if scale == "logit":
        inside = min(max(value, _EDGE), 1.0 - _EDGE)
        return math.log(inside / (1.0 - inside))
    return math.log(max(value, 1e-9)) if scale == "log" else value


def _from_scale(value: float, scale: str) -> float:
    if scale == "logit":
        return 1.0 / (1.0 + math.exp(-value))
    return math.exp(value) if scale == "log" else value


def _slope(value: float, scale: str) -> float:
    """Change on the plain scale for a small change on the other one."""
    if scale == "logit":
        return max(value * (1.0 - value), _EDGE)
    return value if scale == "log" else 1.0


def forecast_driver(known: Sequence[float], years: int, rule: DriverRule) -> DriverForecast:
    """Values and standard deviations of a driver in the years after the last known one.

    Parameters
    ----------
    known : sequence of float
        Yearly values up to the cut-off, oldest first; at least one.
    years : int
        Years ahead.
    rule : DriverRule

    >>> hold = DriverRule(file="", line=1, id="x", scale="plain", trend="none", least_change=0.1, reasoning="")
    >>> forecast_driver([0.5, 0.5], 4, hold)
    DriverForecast(values=(0.5, 0.5, 0.5, 0.5), deviations=(0.1, 0.14..., 0.17..., 0.2))
    """
    scaled = [_to_scale(value, rule.scale) for value in known]
    changes = [later - earlier for earlier, later in itertools.pairwise(scaled)]
    mean = sum(changes) / len(changes) if changes else 0.0
    variance = sum((change - mean) ** 2 for change in changes) / max(len(changes) - 1, 1)
    deviation = max(math.sqrt(variance), rule.least_change)
    recent = changes[-TREND_YEARS:]
    trend = sum(recent) / len(recent) if recent and rule.trend == "damped" else 0.0
    level, values, deviations = scaled[-1], [], []
    for ahead in range(1, years + 1):
        trend *= DAMPING
        level += trend
        value = _from_scale(level, rule.scale)
        values.append(value)
        deviations.append(_slope(value, rule.scale) * deviation * math.sqrt(ahead))
    return DriverForecast(tuple(values), tuple(deviations))


def _rule_of(case: Case, name: str) -> DriverRule:
    """The case's rule, or the plainest one: the last value holds."""
    plain = DriverRule(
        file="", line=0, id=name, scale="plain", trend="none", least_change=0.0, reasoning="no rule given"
    )
    return case.driver_rules.get(name, plain)


def known_case(case: Case, last_day: date, until_year: int, events_until: date | None = None) -> Case:
    """The case as it was known on a day, its levers and drivers gone on by rule.

    Parameters
    ----------
    case : Case
    last_day : date
        Last day of the last known year; values of later years are not used.
    until_year : int
        Last year that the tables need.
    events_until : date, optional
        Last day of known events; ``last_day`` if not given.
    """
    history: list[HistoryValue] = []
    for name in dict.fromkeys(row.name for row in case.history):
        rows = sorted((row for row in case.history if row.name == name), key=lambda row: row.year)
        known = [row for row in rows if row.year <= last_day.year]
        if not known:
            continue
        last = known[-1]
        ahead = forecast_driver([row.value for row in known], max(until_year - last.year, 0), _rule_of(case, name))
        high = LEVERS[name].high if name in LEVERS else math.inf
        history += known
        history += [
            replace(
                last, year=last.year + step, value=min(value, high),
                plus_minus=math.hypot(last.plus_minus, MARGIN_OF_DEVIATION * deviation),
            )
            for step, (value, deviation) in enumerate(zip(*ahead, strict=True), start=1)
        ]  # fmt: skip
    known_until = events_until or last_day
    events = tuple(_as_known(event, known_until) for event in case.events if _known_from(event) <= known_until)
    return replace(case, history=tuple(history), events=events)


def _known_from(event: Event) -> date:
    return event.known or event.date


def _as_known(event: Event, day: date) -> Event:
    """The event without an end that lies ahead: whoever knew it then did not know how long it would last."""
    return replace(event, until=None) if event.until is not None and event.until > day else event


def realised_case(case: Case, last_day: date) -> Case:
    """The case with the levers and drivers that came true after a day, but none of the dated shocks.

    Runs of it are no forecasts: they ask what the model would have said had the drivers been known.
    """
    events = tuple(event for event in case.events if _known_from(event) <= last_day or not _is_shock(event))
    return replace(case, events=events)


def _is_shock(event: Event) -> bool:
    return event.sets in PULSES or event.kind in ("removal_top", "split")
