"""Public series with what a user has added to them: new periods, and revisions as new vintages.

A shipped case is read-only, so additions live in the user's data folder: one CSV a series, with the columns of the
case's series and ``vintage``, the date on which a row was added.  Rows are only ever appended.  For a period the
row of the latest vintage counts; without one, the case's own figure.
"""

from __future__ import annotations

import csv
import io
import math
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..case.records import Case, Series, Target
from ..errors import InputError, did_you_mean

__all__ = [
    "COLUMNS",
    "AddedRow",
    "Addressed",
    "added_rows",
    "data_folder",
    "find_series",
    "observed_values",
    "period_position",
    "period_text",
    "series_reader",
    "series_values",
    "user_file",
]

COLUMNS = ("period", "value", "unit", "definition", "publisher", "source", "verified", "note")
"""Columns of a case's series; a user's file has ``vintage`` after them."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class AddedRow:
    """An observation that a user added."""

    period: str
    value: float
    unit: str
    definition: str
    publisher: str
    source: str
    verified: str
    note: str
    vintage: date
    """Day on which it was added."""

    def cells(self) -> tuple[str, ...]:
        """Cells of its row in the user's file."""
        words = (self.unit, self.definition, self.publisher, self.source, self.verified, self.note)
        return (self.period, f"{self.value:.15g}", *words, self.vintage.isoformat())


@dataclass(frozen=True)
class Addressed:
    """A series found by the case's name or by its public name."""

    series: Series
    target: Target | None
    """The target of that public name; None when the case's name was given."""
    definitions: tuple[str, ...]
    """Full definitions that are meant, in the order of the case's file."""


def data_folder() -> Path:
    """Folder of the user's own data: ``CROSSCURRENT_DATA`` if that is set, else where the system keeps such data."""
    given = os.environ.get("CROSSCURRENT_DATA")
    if given:
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "crosscurrent"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "crosscurrent"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "crosscurrent"


def user_file(case: Case, series: str) -> Path:
    """Where a user's additions to a series of a case are kept; there may be none yet."""
    return data_folder() / "series" / case.id / f"{series}.csv"


def find_series(case: Case, name: str) -> Addressed:
    """Find a series by the case's name for it, or by the public name of a target.

    Raises
    ------
    InputError
        If there is neither.
    """
    target = case.targets.get(name)
    known = target.series if target else name
    if known not in case.series:
        names = (*case.series, *case.targets)
        raise InputError("unknown series", given=name, fix=did_you_mean(name, names))
    series = case.series[known]
    prefix = target.definition if target else ""
    found = dict.fromkeys(point.definition for point in series.points if point.definition.startswith(prefix))
    return Addressed(series, target, tuple(found))


def period_position(period: str) -> tuple[str, int]:
    """Kind of a period (month, year or fiscal year) and its number in a row of such periods.

    >>> period_position("2024-12"), period_position("FY2024")
    (('month', 24299), ('fiscal year', 2024))

    Raises
    ------
    InputError
        If it is not written YYYY, YYYY-MM or FYYYYY.
    """
    match = re.fullmatch(r"(FY)?(\d{4})(?:-(0[1-9]|1[0-2]))?", period, re.ASCII)
    if match is None or (match[1] and match[3]):
        raise InputError("not a period", given=period, expected="YYYY, YYYY-MM or FYYYYY, such as 2025-01")
    if match[3]:
        return "month", 12 * int(match[2]) + int(match[3]) - 1
    return "fiscal year" if match[1] else "year", int(match[2])


def period_text(kind: str, position: int) -> str:
    """A period as it is written.

    >>> period_text("month", 24299)
    '2024-12'
    """
    if kind == "month":
        return f"{position // 12:04d}-{position % 12 + 1:02d}"
    return f"{'FY' if kind == 'fiscal year' else ''}{position:04d}"


def added_rows(case: Case, series: str, as_of: date | str | None = None) -> tuple[AddedRow, ...]:
    """What a user added to a series, in the order in which it was added.

    Parameters
    ----------
    case : Case
    series : str
        The case's name for it.
    as_of : date or text YYYY-MM-DD, optional
        Leave out vintages after this day.

    Raises
    ------
    InputError
        If the file was damaged, with its line; if ``as_of`` is no date.
    """
    path = user_file(case, series)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        raise InputError("the file is not UTF-8", file=path, fix="restore it from a copy") from error
    reader = csv.reader(io.StringIO(text))
    header = next(reader, None)
    if header != [*COLUMNS, "vintage"]:
        raise InputError("the columns are not those of added data", file=path, line=1, given=header)
    last = _day(as_of) if as_of is not None else date.max
    rows = [_added_row(cells, path, reader.line_num) for cells in reader]
    return tuple(row for row in rows if row.vintage <= last)


def _added_row(cells: Sequence[str], path: Path, line: int) -> AddedRow:
    if len(cells) != len(COLUMNS) + 1:
        raise InputError("a row of added data is damaged", file=path, line=line, fix="restore it from a copy")
    period, value, unit, definition, publisher, source, verified, note, vintage = cells
    try:
        period_position(period)
        number, day = float(value), date.fromisoformat(vintage)
    except ValueError as error:
        raise InputError("a row of added data is damaged", file=path, line=line, given=str(error)) from error
    if not math.isfinite(number):
        raise InputError("a value of added data is not finite", file=path, line=line, given=value)
    return AddedRow(period, number, unit, definition, publisher, source, verified, note, day)


def _day(text: date | str) -> date:
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("not a date", given=text, expected="YYYY-MM-DD") from None


def observed_values(case: Case, series: str, definition: str = "", as_of: date | str | None = None) -> dict[str, float]:
    """Values by period of a series in one definition, additions included.

    Parameters
    ----------
    case : Case
    series : str
        The case's name for it.
    definition : str
        Beginning of the definition.
    as_of : date or text YYYY-MM-DD, optional
        Leave out what was added after this day.  The case's own figures always count: their release is in their
        notes.

    Raises
    ------
    InputError
        If the case has no such series or definition, if definitions that begin so give a period twice, or if added
        data are in another unit or definition than the case's.
    """
    if series not in case.series:
        raise InputError("unknown series", given=series, fix=did_you_mean(series, case.series))
    points = case.series[series].points
    own = [point for point in points if point.definition == definition]  # one that is written out whole is meant alone
    own = own or [point for point in points if point.definition.startswith(definition)]
    if not own:
        found = sorted({point.definition for point in points})
        raise InputError(
            f"{series} has no definition that begins so", given=definition, fix=did_you_mean(definition, found)
        )
    units = {point.definition: point.unit for point in own}
    values: dict[str, float] = {}
    for point in own:
        if point.period in values:
            raise InputError(
                f"several definitions of {series} give {point.period}", given=definition,
                fix=f"give more of the definition: {' | '.join(units)}",
            )  # fmt: skip
        values[point.period] = point.value
    others = {point.definition for point in points} - set(units)
    for row in added_rows(case, series, as_of):
        if row.definition in others:
            continue
        if row.definition not in units:
            raise InputError(
                "added data have a definition that the series has not", file=user_file(case, series),
                given=row.definition, expected=" | ".join({**units, **dict.fromkeys(sorted(others))}),
            )  # fmt: skip
        if row.unit != units[row.definition]:
            raise InputError(
                "added data are in another unit than the series", file=user_file(case, series), given=row.unit,
                expected=units[row.definition],
            )  # fmt: skip
        values[row.period] = row.value
    return values


def series_reader(as_of: date | str | None = None) -> Callable[[Case, str, str], Mapping[str, float]]:
    """A function of case, series and definition that gives values by period, additions until a day included."""
    return lambda case, series, definition: observed_values(case, series, definition, as_of)


def series_values(
    case: Case, series_id: str, definition: str | None = None, as_of: date | str | None = None
) -> tuple[tuple[str, ...], Floats]:
    """Periods in order of time and their values, additions included.

    Parameters
    ----------
    case : Case
    series_id : str
        The case's name for the series, or the public name of a target, which brings its definition with it (and
        the series that is taken off, if it has one).
    definition : str, optional
        Beginning of the definition; needed when the case's name is given and the series has several.
    as_of : date or text YYYY-MM-DD, optional
        Leave out what was added after this day.

    Returns
    -------
    tuple of str [period], float array [period]
        Periods without a figure are not among them.

    Raises
    ------
    InputError
        As :func:`observed_values`.
    """
    found = find_series(case, series_id)
    target = found.target
    prefix = definition if definition is not None else target.definition if target else ""
    values = observed_values(case, found.series.id, prefix, as_of)
    if target is not None and target.minus is not None:
        less = observed_values(case, target.minus.series, target.minus.definition, as_of)
        values = {period: value - less[period] for period, value in values.items() if period in less}
    periods = sorted(values, key=period_position)
    return tuple(periods), np.array([values[period] for period in periods], dtype=np.float64)
