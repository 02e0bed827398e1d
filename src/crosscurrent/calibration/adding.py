"""New observations for a series: judged first, then written whole or not at all.

A first figure for a period is new; the same figure again is passed over; another figure is a revision and becomes a
row of a later vintage beside the old one, which is kept.  What looks wrong but may be true (a jump, a gap) becomes
a question that a person answers.
"""

from __future__ import annotations

import contextlib
import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np

from ..case.load import case_folder, check_case, shipped_cases
from ..case.records import Case, Series, SeriesPoint
from ..case.words import VERIFIED
from ..errors import InputError, StoreError
from ..study.atomic import folder_lock, make_folder, remove_partial_files, write_whole
from .incoming import Meant, meaning_of, read_incoming
from .vintages import COLUMNS, AddedRow, find_series, observed_values, period_position, period_text, user_file

__all__ = ["LARGEST_JUMP", "Addition", "plan_addition", "write_addition", "write_into_case"]

LARGEST_JUMP = 6.0
"""Change from one period to the next, in robust standard deviations of the changes so far, above which it is asked
about.  No change within the shipped monthly and yearly targets is that large.
"""
_FEWEST_CHANGES = 8
_LARGEST_RATIO = 3.0
"""Ratio of neighbours that is asked about where too few changes are known."""
_LEAST_SPREAD = 0.02
"""Smallest spread of log changes that jumps are measured by; rolling sums hardly move from month to month."""


@dataclass(frozen=True)
class Addition:
    """What a file would add to a series; nothing is written yet."""

    series: str
    """The case's name."""
    new: tuple[AddedRow, ...]
    revised: tuple[tuple[AddedRow, float], ...]
    """Row and the figure it replaces."""
    unchanged: int
    """Rows that say what is known already."""
    left_out: Mapping[str, int]
    """Rows of other definitions in the same file, by what they give as unit."""
    questions: tuple[str, ...]
    """What a person should confirm."""

    @property
    def rows(self) -> tuple[AddedRow, ...]:
        """All rows to write."""
        return (*self.new, *(row for row, _ in self.revised))


def plan_addition(case: Case, series: str, file: str | Path, today: date) -> Addition:
    """Read a file of observations and say what it would add.

    Parameters
    ----------
    case : Case
    series : str
        The case's name for the series, or the public name of a target.
    file : path
        A CSV file; see :func:`.incoming.read_incoming`.
    today : date
        The vintage of what is added.

    Raises
    ------
    InputError
        If the series is unknown or the file cannot be used: unknown columns, units or definitions, values that
        are negative or no numbers, two figures for one period; with file and line.
    """
    path = Path(file)
    found = find_series(case, series)
    if found.target is not None and found.target.minus is not None:
        raise InputError(
            "that is one series less another, so nothing can be added to it", given=series,
            fix=f"add to {found.target.series} and to {found.target.minus.series}",
        )  # fmt: skip
    meant, left_out = meaning_of(read_incoming(path), found, case, path)
    new: list[AddedRow] = []
    revised: list[tuple[AddedRow, float]] = []
    unchanged = 0
    questions: list[str] = []
    for definition in dict.fromkeys(entry.definition for entry in meant):
        known = observed_values(case, found.series.id, definition)
        rows, repeated = _once([entry for entry in meant if entry.definition == definition], path)
        unchanged += repeated
        changed: list[Meant] = []
        for entry in rows:
            before = known.get(entry.row.period)
            if before is not None and math.isclose(before, entry.value, rel_tol=1e-12):
                unchanged += 1
                continue
            changed.append(entry)
            row = _added(entry, found.series, path, today)
            if before is None:
                new.append(row)
            else:
                revised.append((row, before))
        questions += _gaps(known, changed)
        questions += _jumps(known, changed)
    return Addition(found.series.id, tuple(new), tuple(revised), unchanged, left_out, tuple(questions))


def _once(entries: Sequence[Meant], path: Path) -> tuple[list[Meant], int]:
    """Rows in order of time, each period once, and how many said the same again."""
    by_period: dict[str, Meant] = {}
    repeated = 0
    for entry in entries:
        first = by_period.setdefault(entry.row.period, entry)
        if first is entry:
            continue
        if first.value != entry.value:
            raise InputError(
                f"{entry.row.period} has another value in line {first.row.line}", given=entry.row.value,
                file=path, line=entry.row.line, fix="keep one",
            )  # fmt: skip
        repeated += 1
    return sorted(by_period.values(), key=lambda entry: period_position(entry.row.period)), repeated


def _added(entry: Meant, series: Series, path: Path, today: date) -> AddedRow:
    row = entry.row
    last = [point for point in series.points if point.definition == entry.definition][-1]
    verified = row.verified if row.verified in VERIFIED else "no"
    notes = [row.note, f"converted from {row.unit.split(',')[0]}" if entry.converted else ""]
    return AddedRow(
        row.period, entry.value, last.unit, entry.definition, row.publisher or last.publisher, row.source or path.name,
        verified, "; ".join(text for text in notes if text), today,
    )  # fmt: skip


def _gaps(known: Mapping[str, float], changed: Sequence[Meant]) -> Iterator[str]:
    """Periods left out before or after a new one, unless its note gives the reason."""
    fresh = {entry.row.period: entry.row for entry in changed if entry.row.period not in known}
    whole = sorted({*known, *fresh}, key=period_position)
    for earlier, later in pairwise(whole):
        (kind, first), (_, second) = period_position(earlier), period_position(later)
        near = fresh.get(later) or fresh.get(earlier)
        if second > first + 1 and near is not None and not near.note.lower().startswith("gap"):
            missing = second - first - 1
            ends = period_text(kind, first + 1), period_text(kind, second - 1)
            which = ends[0] if missing == 1 else f"{ends[0]} to {ends[1]}"
            yield f"line {near.line}: nothing for {which} ({missing} period{'s' if missing > 1 else ''})"


def _spread(known: Mapping[str, float]) -> tuple[float, float] | None:
    """Median and robust standard deviation of the log changes so far; None where too few are known."""
    periods = sorted(known, key=period_position)
    changes = [
        math.log(known[later] / known[earlier])
        for earlier, later in pairwise(periods)
        if known[earlier] > 0.0 < known[later] and period_position(later)[1] == period_position(earlier)[1] + 1
    ]
    if len(changes) < _FEWEST_CHANGES:
        return None
    middle = float(np.median(changes))
    return middle, max(1.4826 * float(np.median(np.abs(np.array(changes) - middle))), _LEAST_SPREAD)


def _jumps(known: Mapping[str, float], changed: Sequence[Meant]) -> Iterator[str]:
    """Changes into or out of a new figure that are far outside those seen so far."""
    fresh = {entry.row.period: entry for entry in changed}
    whole = {**known, **{period: entry.value for period, entry in fresh.items()}}
    spread = _spread(known)
    for earlier, later in pairwise(sorted(whole, key=period_position)):
        entry = fresh.get(later) or fresh.get(earlier)
        if entry is None:
            continue
        low, high = whole[earlier], whole[later]
        words = f"line {entry.row.line}: from {low:,.10g} in {earlier} to {high:,.10g} in {later}"
        if low <= 0.0 or high <= 0.0:
            if low != high:
                yield f"{words}: a change from or to 0"
            continue
        if spread is None:
            if max(high / low, low / high) > _LARGEST_RATIO:
                yield f"{words}: more than {_LARGEST_RATIO:g} to 1, with few changes known to judge it by"
            continue
        steps = period_position(later)[1] - period_position(earlier)[1]
        size = abs(math.log(high / low) - steps * spread[0]) / (spread[1] * math.sqrt(steps))
        if size > LARGEST_JUMP:
            yield f"{words}: {size:.0f} times the usual change"


def _as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def write_addition(case: Case, addition: Addition) -> Path:
    """Append the rows of an addition to the user's file of the series: all of them, or, if anything goes wrong, none.

    Returns
    -------
    Path
        The user's file; it is not made where there is nothing to add.

    Raises
    ------
    InputError
        If the data folder cannot be made.
    StoreError
        If it cannot be written, or another process is writing to it; what was there is untouched.
    """
    path = user_file(case, addition.series)
    if not addition.rows:
        return path
    make_folder(path.parent)
    rows = sorted(addition.rows, key=lambda row: (row.definition, period_position(row.period)))
    with folder_lock(path.parent), _nothing_lost(path):
        remove_partial_files(path.parent)
        old = path.read_bytes() if path.exists() else _as_csv([(*COLUMNS, "vintage")])
        write_whole(path, old + _as_csv([row.cells() for row in rows]))
    return path


@contextlib.contextmanager
def _nothing_lost(path: Path) -> Iterator[None]:
    """Word a failed write for data: there is no run to resume."""
    try:
        yield
    except StoreError as error:
        reason = error.__cause__
        words = getattr(reason, "strerror", None) or error.message
        raise StoreError(
            f"nothing was added: {words}", given=str(path), fix="free or change the folder, then add again"
        ) from error


def write_into_case(case: Case, addition: Addition) -> Path:
    """Append new periods to the series in a case folder of the user's own.

    Raises
    ------
    InputError
        If the case is a shipped one, if a figure that the case gives would change or come between others, or if the
        case would not pass its checks afterwards; then the file is put back.
    StoreError
        If the file cannot be written.
    """
    shipped = {case_folder(name).resolve() for name in shipped_cases()}
    if case.folder.resolve() in shipped:
        raise InputError(
            "a shipped case is read-only", given=str(case.folder),
            fix="leave out --into-case, or work on a copy: crosscurrent new-case DIR",
        )  # fmt: skip
    if addition.revised:
        raise InputError(
            "a case keeps one figure a period, and this would change one", given=addition.revised[0][0].period,
            fix="leave out --into-case (a revision is kept as a vintage), or edit the case",
        )  # fmt: skip
    path = case.folder / case.series[addition.series].file
    if not addition.new:
        return path
    late = [row for row in addition.new if not _comes_last(row, case.series[addition.series].points)]
    if late:
        raise InputError(
            "the period comes before the last one of the case", given=late[0].period, fix="edit the case's file"
        )
    with folder_lock(case.folder), _nothing_lost(path):
        remove_partial_files(path.parent)
        old = path.read_bytes()
        write_whole(path, old + _as_csv([row.cells()[:-1] for row in addition.new]))
        problems = check_case(case.folder).problems
        if problems:
            write_whole(path, old)
            raise InputError("the case would not pass its checks, so nothing was added", given=problems[0].text())
    return path


def _comes_last(row: AddedRow, points: Sequence[SeriesPoint]) -> bool:
    last = max(period_position(point.period) for point in points if point.definition == row.definition)
    return period_position(row.period) > last
