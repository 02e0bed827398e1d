"""A file of new observations as it is written: rows with their lines, and what each row means in terms of the case."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..case.records import Case, SeriesPoint, Target
from ..errors import InputError, did_you_mean
from .vintages import Addressed, period_position

__all__ = ["KG_PER_LB", "Incoming", "Meant", "meaning_of", "read_incoming", "unit_factor"]

KG_PER_LB = 0.45359237
"""Kilograms in one pound, by definition of the pound."""

_NEEDED = ("period", "value", "unit")
_OTHER = ("definition", "publisher", "source", "locator", "verified", "note")
_WEIGHTS = {
    "kg": 1.0, "kilogram": 1.0, "kilograms": 1.0, "lb": KG_PER_LB, "lbs": KG_PER_LB, "pound": KG_PER_LB,
    "pounds": KG_PER_LB,
}  # fmt: skip
_MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class Incoming:
    """A row of the file, judged by itself: its period is a period, its value a number from 0 up."""

    line: int
    period: str
    value: float
    unit: str
    definition: str
    publisher: str
    source: str
    verified: str
    note: str


@dataclass(frozen=True)
class Meant:
    """What a row says in terms of the case's series."""

    row: Incoming
    definition: str
    """Full definition."""
    value: float
    """In the case's unit."""
    converted: bool


def read_incoming(path: Path) -> tuple[Incoming, ...]:
    """Read a CSV file of observations.

    Columns ``period``, ``value`` and ``unit`` are needed; ``definition``, ``publisher``, ``source``, ``locator``,
    ``verified`` and ``note`` may be there.

    Raises
    ------
    InputError
        If the file cannot be read, a column is missing or unknown, or a row breaks a rule: with file and line.
    """
    reader = csv.reader(io.StringIO(_text(path)), strict=True)
    rows: list[Incoming] = []
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _check_header(header, path)
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                rows.append(_row(header, cells, path, line))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            "not CSV", given=str(error), file=path, line=reader.line_num, fix="check the quotes"
        ) from error
    if not rows:
        raise InputError("the file holds no observation", file=path, expected="a header and at least one row")
    return tuple(rows)


def _text(path: Path) -> str:
    if path.is_dir():
        raise InputError("a folder, not a file", given=str(path), expected="a CSV file")
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError("the file is too large for a series", given=str(path), expected="at most 50 MB")
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError("there is no such file", given=str(path)) from None
    except UnicodeDecodeError as error:
        raise InputError("the file is not UTF-8", file=path, fix="save it as UTF-8") from error
    if "\0" in text:
        raise InputError("the file holds a NUL character", file=path, fix="save it as plain text")
    return text


def _check_header(header: Sequence[str], path: Path) -> None:
    known = (*_NEEDED, *_OTHER)
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise InputError(
            f"column {missing[0]!r} is missing", given=list(header), expected=", ".join(known), file=path, line=1
        )
    for place, name in enumerate(header):
        if name not in known:
            raise InputError("unknown column", given=name, fix=did_you_mean(name, known), file=path, line=1)
        if name in header[:place]:
            raise InputError("a column is there twice", given=name, file=path, line=1)


def _row(header: Sequence[str], cells: Sequence[str], path: Path, line: int) -> Incoming:
    if len(cells) != len(header):
        raise InputError(
            f"the row has {len(cells)} cells, the header {len(header)}", file=path, line=line,
            fix="quote cells that hold a comma",
        )  # fmt: skip
    found = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    try:
        period_position(found["period"])
    except InputError as error:
        raise InputError(error.message, given=error.given, expected=error.expected, file=path, line=line) from None
    source = "; ".join(text for text in (found.get("source"), found.get("locator")) if text)
    return Incoming(
        line, found["period"], _value(found["value"], path, line), found["unit"], found.get("definition", ""),
        found.get("publisher", ""), source, found.get("verified", ""), found.get("note", ""),
    )  # fmt: skip


def _value(text: str, path: Path, line: int) -> float:
    try:
        value = float(text)
    except ValueError:
        raise InputError(
            "not a number", given=text, expected="a plain number such as 1234.5", file=path, line=line
        ) from None
    if not math.isfinite(value) or value < 0.0:
        raise InputError(
            "a value cannot be used", given=text, expected="a finite number from 0 up", file=path, line=line,
            fix="leave out the row of a period that has no figure",
        )  # fmt: skip
    return value


def unit_factor(given: str, wanted: str) -> float | None:
    """What a value is multiplied by to go from one unit text to another; None where they are not the same thing.

    The first word decides between pounds and kilograms, so that ``lb, nationwide`` is pounds.

    >>> unit_factor("lb, nationwide", "kg"), unit_factor("deaths", "deaths"), unit_factor("deaths", "kg")
    (0.45359237, 1.0, None)
    """
    if given == wanted:
        return 1.0
    first, second = (
        _WEIGHTS.get(text.replace(",", " ").split()[0].lower() if text.strip() else "") for text in (given, wanted)
    )
    if first is None or second is None:
        return None
    return 1.0 if first == second else first / second


def meaning_of(
    rows: Sequence[Incoming], found: Addressed, case: Case, path: Path
) -> tuple[list[Meant], dict[str, int]]:
    """Definition and unit of each row.

    A row that states its definition must state one that is asked for, word for word.  Without one, the unit
    decides: a text that the case lists for a target, or the series' own unit (or another weight) where only one
    definition is asked for.  A public file may hold several definitions under unit texts that begin alike; rows
    of the others are left out and counted.

    Returns
    -------
    rows in terms of the case, and how many were left out by their unit text

    Raises
    ------
    InputError
        If a definition or a unit does not fit, with file and line; if no row is left.
    """
    meant: list[Meant] = []
    left_out: dict[str, int] = {}
    for row in rows:
        definition = _definition(row, found, case, path)
        if definition is None:
            left_out[row.unit] = left_out.get(row.unit, 0) + 1
            continue
        points = [point for point in found.series.points if point.definition == definition]
        factor = _factor(row, definition, points, found, case, path)
        kind, known = period_position(row.period)[0], period_position(points[-1].period)[0]
        if kind != known:
            raise InputError(
                f"the series is by {known}, the row by {kind}", given=row.period, file=path, line=row.line,
                expected=f"a period such as {points[-1].period}",
            )  # fmt: skip
        value = row.value if factor == 1.0 else round(row.value * factor, _decimals(points))
        meant.append(Meant(row, definition, value, factor != 1.0))
    if not meant:
        raise InputError("no row is of the series asked for", given=sorted(left_out), file=path)
    return meant, left_out


def _decimals(points: Sequence[SeriesPoint]) -> int:
    """Decimals that a series is given with."""
    return max(len(f"{point.value:.10g}".partition(".")[2]) for point in points)


def _targets(found: Addressed, case: Case) -> list[Target]:
    """Targets that rows may belong to: the one asked for, or all of the series."""
    if found.target is not None:
        return [found.target]
    return [target for target in case.targets.values() if target.series == found.series.id]


def _definition(row: Incoming, found: Addressed, case: Case, path: Path) -> str | None:
    """Full definition of a row; None for a row of another definition in the same public file."""
    if row.definition:
        if row.definition not in found.definitions:
            raise InputError(
                "the definition is not that of the series", given=row.definition, file=path, line=row.line,
                expected=" | ".join(found.definitions), fix="another definition is another series: do not splice them",
            )  # fmt: skip
        return row.definition
    targets = _targets(found, case)
    for target in targets:
        if row.unit in target.unit_texts:
            return _only([text for text in found.definitions if text.startswith(target.definition)], row, path)
    own_units = {point.unit for point in found.series.points if point.definition in found.definitions}
    plain = row.unit in own_units or " " not in row.unit  # one word, so nothing else is said about the row
    if plain and any(unit_factor(row.unit, unit) is not None for unit in own_units):
        return _only(found.definitions, row, path)
    texts = [text for target in targets for text in target.unit_texts]
    if any(text.split()[0] == row.unit.split(" ")[0] for text in texts if " " in text):
        return None
    raise InputError(
        "the unit is not that of the series", given=row.unit, file=path, line=row.line,
        expected=" | ".join([*sorted(own_units), *texts]),
    )  # fmt: skip


def _only(definitions: Sequence[str], row: Incoming, path: Path) -> str:
    if len(definitions) == 1:
        return definitions[0]
    raise InputError(
        "the series has several definitions and the row does not say which", file=path, line=row.line,
        expected="a column definition with one of: " + " | ".join(definitions),
    )  # fmt: skip


def _factor(
    row: Incoming, definition: str, points: Sequence[SeriesPoint], found: Addressed, case: Case, path: Path
) -> float:
    """What turns the row's value into the case's unit."""
    unit = points[-1].unit
    factor = unit_factor(row.unit, unit)
    if factor is not None:
        return factor
    if any(row.unit in target.unit_texts for target in _targets(found, case)):
        return 1.0
    raise InputError(
        "the unit is not that of the series", given=row.unit, expected=unit, file=path, line=row.line,
        fix="only pounds and kilograms are converted",
    )  # fmt: skip
