"""Public series as a calibration sees them: values by period, and the model's months that make each period."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from .. import calendar
from ..case.records import Case, Target
from ..errors import InputError
from ..model.schema import MEASURES, OBSERVABLES

__all__ = [
    "Observed",
    "SeriesReader",
    "case_series",
    "last_month",
    "model_series",
    "observe",
    "on_scale",
    "period_label",
    "periods_until",
    "targets_of",
]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
SeriesReader = Callable[[Case, str, str], Mapping[str, float]]


@dataclass(frozen=True)
class Observed:
    """A series in the periods that the model can reach, in order of time."""

    target: Target
    ends: Integers
    """Last month of each period, in months since January 2012 [period]."""
    values: Floats
    """Observed values [period], in the case's unit."""
    unit: str

    def until(self, month: int) -> Observed:
        """Only the periods that end by a month."""
        kept = self.ends <= month
        return Observed(self.target, self.ends[kept], self.values[kept], self.unit)

    def after(self, month: int) -> Observed:
        """Only the periods that end after a month."""
        kept = self.ends > month
        return Observed(self.target, self.ends[kept], self.values[kept], self.unit)


def targets_of(case: Case, *, fit: bool | None = None, scores: Sequence[str] = ()) -> tuple[Target, ...]:
    """Targets of a case: those that are fitted, or those of some kinds of score, or all."""
    return tuple(
        target
        for target in case.targets.values()
        if (fit is None or target.fit == fit) and (not scores or target.score in scores)
    )


def case_series(case: Case, series: str, definition: str) -> dict[str, float]:
    """Values by period of a series of the case in one definition (the beginning of its text).

    Raises
    ------
    InputError
        If the case has no such series.
    """
    if series not in case.series:
        raise InputError("the case has no such series", given=series)
    points = case.series[series].points
    return {point.period: point.value for point in points if point.definition.startswith(definition)}


def last_month(period: str, frequency: str) -> int | None:
    """Last month of a period as it is written, or None if it is written for another frequency."""
    if frequency == "month":
        return calendar.month_of_date(calendar.parse_month(period)) if len(period) == 7 else None
    digits = period.removeprefix("FY")
    if not digits.isdigit():
        return None
    year = int(digits)
    fiscal = frequency == "fiscal year"
    return calendar.month_of_date(date(year, 9 if fiscal else 12, 1))


def _length(target: Target) -> int:
    """Months that a period of a target covers."""
    return target.rolling_months if target.frequency == "month" else 12


def observe(case: Case, target: Target, read: SeriesReader = case_series) -> Observed:
    """A target's observations from the first period that lies wholly within the model's time.

    Parameters
    ----------
    case : Case
    target : Target
    read : callable, optional
        Gives values by period; the case's own series if left out (new observations of a user's come in here).
    """
    found = dict(read(case, target.series, target.definition))
    if target.minus is not None:
        less = read(case, target.minus.series, target.minus.definition)
        found = {period: value - less[period] for period, value in found.items() if period in less}
    rows = sorted(
        (end, value)
        for period, value in found.items()
        if (end := last_month(period, target.frequency)) is not None and end - _length(target) + 1 >= 0
    )
    unit = next(
        (point.unit for point in case.series[target.series].points if point.definition.startswith(target.definition)),
        "",
    )
    return Observed(
        target, np.array([end for end, _ in rows], dtype=np.int64), np.array([value for _, value in rows]), unit
    )


def periods_until(target: Target, first: int, last: int) -> Integers:
    """Ends of a target's periods after month ``first`` up to month ``last``."""
    months = np.arange(first + 1, last + 1)
    if target.frequency == "month":
        return months
    return np.asarray(months[months % 12 == (8 if target.frequency == "fiscal year" else 11)])


def period_label(target: Target, end: int) -> str:
    """A period as the public file writes it: a month, a year, or FY and a year."""
    label = calendar.month_label(end)
    if target.frequency == "month":
        return label
    return f"FY{label[:4]}" if target.frequency == "fiscal year" else label[:4]


def model_series(target: Target, paths: Mapping[str, npt.NDArray[np.floating]], ends: Integers) -> Floats:
    """What the model says of a target's periods, before any unknown ratio.

    Parameters
    ----------
    target : Target
    paths : mapping of str to array [month, world]
        Monthly sums of flows and means of stocks, from January 2012.
    ends : int array [period]
        Last month of each period.

    Returns
    -------
    float64 array [period, world]
    """
    length = _length(target)

    def by_period(measure: str) -> Floats:
        months = np.asarray(paths[measure], dtype=np.float64)
        total = np.concatenate([np.zeros((1, months.shape[1])), np.cumsum(months, axis=0)])
        sums = total[ends + 1] - total[ends + 1 - length]
        flow = (MEASURES.get(measure) or OBSERVABLES[measure]).kind == "flow"
        return np.asarray(sums if flow else sums / length)

    made = sum((weight * by_period(name) for name, weight in target.measures.items()), start=np.zeros(1))
    made = made + target.background * length
    for name, power in target.times.items():
        made = made * by_period(name) ** power
    for name, power in target.over.items():
        made = made / by_period(name) ** power
    return np.asarray(made)


def on_scale(values: npt.ArrayLike, scale: str) -> Floats:
    """Logarithms of levels, or logits of shares given in per cent or 0-1; NaN where there is none.

    >>> on_scale([1.0, 0.0], "log").tolist()
    [0.0, nan]
    """
    given = np.asarray(values, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(given) if scale == "log" else np.log(given / (1.0 - given))
    return np.asarray(np.where(np.isfinite(found), found, np.nan))
