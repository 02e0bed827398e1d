"""Forecasts that were frozen before their periods came, scored against what has been observed since.

A frozen forecast is a CSV file in a folder ``forecasts`` with the columns ``series`` (public name), ``period``,
``theory``, ``unit``, ``q05``, ``q25``, ``q50``, ``q75``, ``q95``.  It is never changed; its scores grow with the data.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..case.records import Case, Target
from ..errors import InputError, did_you_mean
from .incoming import unit_factor
from .scores import interval_coverage, pinball_loss
from .vintages import series_values

__all__ = [
    "FROZEN_COLUMNS",
    "FROZEN_LEVELS",
    "FrozenForecast",
    "FrozenScore",
    "frozen_folders",
    "read_frozen",
    "rescore_frozen",
]

FROZEN_LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
FROZEN_COLUMNS = ("series", "period", "theory", "unit", "q05", "q25", "q50", "q75", "q95")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class FrozenForecast:
    """One row of a frozen file."""

    file: Path
    line: int
    series: str
    period: str
    theory: str
    unit: str
    quantiles: tuple[float, ...]
    """At ``FROZEN_LEVELS``; NaN where the forecast failed."""


@dataclass(frozen=True)
class FrozenScore:
    """A frozen forecast of a series under a theory, in the periods observed so far."""

    file: str
    series: str
    theory: str
    unit: str
    observed: int
    """Periods with an observation and a forecast."""
    failed: int
    """Periods with an observation for which the forecast had failed."""
    waiting: int
    """Periods without an observation."""
    last_period: str
    """Last period scored; empty when there is none."""
    pinball: float
    """Mean pinball loss over the five quantiles and the periods, in ``unit``; NaN when nothing is scored."""
    inside_50: int
    """Observations within the 25-75 % interval."""
    inside_90: int
    """Observations within the 5-95 % interval."""


def frozen_folders() -> tuple[Path, ...]:
    """Folders with frozen forecasts: the one inside the installed package, and the one at the top of a clone."""
    package = Path(__file__).resolve().parent.parent
    clone = package.parent.parent
    candidates = [package / "forecasts", *([clone / "forecasts"] if (clone / "pyproject.toml").is_file() else [])]
    return tuple(folder for folder in candidates if folder.is_dir())


def read_frozen(path: Path) -> tuple[FrozenForecast, ...]:
    """Read a frozen file; one with other columns holds no forecast, and gives no rows.

    Raises
    ------
    InputError
        If a row is damaged: with file and line.
    """
    try:
        reader = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    except UnicodeDecodeError as error:
        raise InputError("the frozen forecast is not UTF-8", file=path) from error
    if next(reader, None) != list(FROZEN_COLUMNS):
        return ()
    return tuple(_forecast(cells, path, reader.line_num) for cells in reader)


def _forecast(cells: Sequence[str], path: Path, line: int) -> FrozenForecast:
    if len(cells) != len(FROZEN_COLUMNS):
        raise InputError(
            "a row of a frozen forecast is damaged", given=len(cells), expected="9 cells", file=path, line=line
        )
    try:
        quantiles = tuple(float(cell) if cell else float("nan") for cell in cells[4:])
    except ValueError:
        raise InputError("a quantile is not a number", given=cells[4:], file=path, line=line) from None
    if any(math.isinf(value) for value in quantiles) or any(np.diff(quantiles) < 0.0):
        raise InputError("quantiles are infinite or fall", given=cells[4:], file=path, line=line)
    return FrozenForecast(path, line, cells[0], cells[1], cells[2], cells[3], quantiles)


def rescore_frozen(
    case: Case, folders: Iterable[Path] | None = None, as_of: date | str | None = None
) -> tuple[FrozenScore, ...]:
    """Score every frozen forecast in the periods that now have an observation.

    Parameters
    ----------
    case : Case
    folders : folders, optional
        Where the files are; see :func:`frozen_folders`.
    as_of : date or text YYYY-MM-DD, optional
        With the data of that day.

    Returns
    -------
    tuple of FrozenScore
        By file, series and theory, in the order of the files; periods still waiting are counted.

    Raises
    ------
    InputError
        If a frozen file is damaged, or a series or unit in it is none of the case's; files in which no series is the
        case's belong to another case and are left out.
    """
    scores: list[FrozenScore] = []
    for folder in frozen_folders() if folders is None else folders:
        for path in sorted(folder.glob("*.csv")):
            forecasts = read_frozen(path)
            if any(forecast.series in case.targets for forecast in forecasts):
                scores += _file_scores(case, forecasts, as_of)
    return tuple(scores)


def _file_scores(case: Case, forecasts: Sequence[FrozenForecast], as_of: date | str | None) -> list[FrozenScore]:
    groups: dict[tuple[str, str, str], list[FrozenForecast]] = {}
    for forecast in forecasts:
        if forecast.series not in case.targets:
            raise InputError(
                "unknown series in a frozen forecast", given=forecast.series, file=forecast.file, line=forecast.line,
                fix=did_you_mean(forecast.series, case.targets),
            )  # fmt: skip
        groups.setdefault((forecast.series, forecast.theory, forecast.unit), []).append(forecast)
    observed: dict[str, Mapping[str, float]] = {}
    for name in dict.fromkeys(forecast.series for forecast in forecasts):
        periods, values = series_values(case, name, as_of=as_of)
        observed[name] = dict(zip(periods, values.tolist(), strict=True))
    return [_score(case, group, observed[series]) for (series, _, _), group in groups.items()]


def _score(case: Case, group: Sequence[FrozenForecast], observed: Mapping[str, float]) -> FrozenScore:
    first = group[0]
    factor = _published_factor(case, case.targets[first.series], first)
    known = [forecast for forecast in group if forecast.period in observed]
    quantiles = np.array([forecast.quantiles for forecast in known], dtype=np.float64).reshape(-1, len(FROZEN_LEVELS))
    truth = factor * np.array([observed[forecast.period] for forecast in known], dtype=np.float64)
    fine = ~np.isnan(quantiles).any(axis=1)
    quantiles, truth = quantiles[fine], truth[fine]
    loss = float(pinball_loss(quantiles, truth, FROZEN_LEVELS).mean()) if truth.size else float("nan")
    inside = [interval_coverage(quantiles, truth, FROZEN_LEVELS, nominal).inside for nominal in (0.5, 0.9)]
    return FrozenScore(
        first.file.name, first.series, first.theory, first.unit, int(fine.sum()), int((~fine).sum()),
        len(group) - len(known), max((forecast.period for forecast in known), default=""), loss, inside[0], inside[1],
    )  # fmt: skip


def _published_factor(case: Case, target: Target, forecast: FrozenForecast) -> float:
    """What turns an observation of the case into the unit of the frozen forecast."""
    points = case.series[target.series].points
    unit = next(point.unit for point in points if point.definition.startswith(target.definition))
    if target.published is not None and forecast.unit == target.published.unit:
        return target.published.per_unit
    factor = unit_factor(unit, forecast.unit)
    if factor is None and forecast.unit in target.unit_texts:
        factor = 1.0
    if factor is None:
        raise InputError(
            "the unit of a frozen forecast is not that of its series", given=forecast.unit, expected=unit,
            file=forecast.file, line=forecast.line,
        )  # fmt: skip
    return factor
