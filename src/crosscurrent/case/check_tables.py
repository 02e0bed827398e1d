"""Rules for the tables: groups and ties, history, events, public series, and the calendar they keep to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from ..errors import did_you_mean
from .draft import Draft
from .names import NameTables
from .problems import Notebook
from .records import Event, Group, HistoryValue, Located, Meta, Series, SeriesPoint, Tie
from .words import unknown_unit_words

if TYPE_CHECKING:
    from ..model.schema import Driver, Lever

__all__ = ["check_tables", "check_unit"]

_SUM_TOLERANCE = 1e-6


def check_unit(unit: str, names: NameTables, notes: Notebook, file: str, line: int) -> None:
    """Note words of a unit that nobody knows."""
    unknown = unknown_unit_words(unit, names.unit_words())
    if unknown:
        notes.add(
            "wrong-unit", file, line, f"unknown unit {unit!r}", f"unknown: {', '.join(map(repr, unknown))}"
        )


def _repeated(records: Iterable[tuple[Located, Hashable]], notes: Notebook) -> None:
    """Note records whose key was there before."""
    seen: dict[Hashable, int] = {}
    for record, key in records:
        if key in seen:
            notes.add(
                "duplicate-row", record.file, record.line, f"the row repeats line {seen[key]}", "keep one"
            )
        seen.setdefault(key, record.line)


def _check_meta(meta: Meta, draft: Draft, notes: Notebook) -> None:
    from ..calendar import START

    if meta.start != START:
        line = draft.line(meta, "calendar", "start")
        notes.add(
            "outside-calendar", "case.yaml", line, f"start is {meta.start}", f"weeks are counted from {START}"
        )
    if not meta.reference[0] < meta.reference[1]:
        line = draft.line(meta, "calendar", "reference")
        notes.add(
            "impossible-bounds", "case.yaml", line, "reference ends before it begins", "write [first, last]"
        )
    if not meta.start < meta.history_end:
        line = draft.line(meta, "calendar", "history_end")
        notes.add("outside-calendar", "case.yaml", line, "history ends before it begins", "give a later day")


def _check_groups(groups: list[Group], notes: Notebook) -> None:
    _repeated(((group, group.rank) for group in groups), notes)
    expected, before = 1, 1.0
    for group in groups:
        if group.rank != expected:
            notes.add(
                "rank-gap",
                group.file,
                group.line,
                f"rank {group.rank} follows rank {expected - 1}",
                f"expected {expected}",
            )
        if group.size_share > before + _SUM_TOLERANCE:
            notes.add(
                "order", group.file, group.line, "the group is larger than the one before", "sort by size"
            )
        expected, before = group.rank + 1, group.size_share
    total = sum(group.size_share for group in groups)
    if groups and abs(total - 1.0) > _SUM_TOLERANCE:
        notes.add(
            "sum-not-one", "groups.csv", 1, f"size_share adds up to {total:.6f}", "divide each by the sum"
        )


def _check_ties(ties: list[Tie], ranks: set[str], notes: Notebook) -> None:
    _repeated(((tie, frozenset((tie.from_rank, tie.to_rank))) for tie in ties), notes)
    for tie in ties:
        if tie.from_rank == tie.to_rank:
            notes.add(
                "self-tie",
                tie.file,
                tie.line,
                f"rank {tie.from_rank} is tied to itself",
                "a tie joins two ranks",
            )
        for rank in (tie.from_rank, tie.to_rank):
            if str(rank) not in ranks:
                notes.add(
                    "unknown-rank",
                    tie.file,
                    tie.line,
                    f"no group has rank {rank}",
                    f"ranks run 1 to {len(ranks)}",
                )


def _check_history(
    rows: list[HistoryValue], meta: Meta | None, names: NameTables, draft: Draft, notes: Notebook
) -> None:
    _repeated(((row, (row.name, row.year)) for row in rows), notes)
    known: dict[str, Driver | Lever] = {**names.drivers, **names.levers}
    years: dict[str, dict[int, HistoryValue]] = defaultdict(dict)
    for row in rows:
        if row.name not in known:
            notes.add(
                "unknown-name",
                row.file,
                row.line,
                f"unknown lever or driver {row.name!r}",
                did_you_mean(row.name, known),
            )
            continue
        years[row.name][row.year] = row
        unit = known[row.name].unit
        if row.unit != unit:
            notes.add(
                "wrong-unit",
                row.file,
                row.line,
                f"{row.name} has unit {row.unit!r}",
                f"the model has {unit!r}",
            )
        lever = names.levers.get(row.name)
        if lever is not None and not lever.low <= row.value <= lever.high:
            notes.add(
                "out-of-range",
                row.file,
                row.line,
                f"{row.name} is {row.value:g}",
                f"give {lever.low:g} to {lever.high:g}",
            )
        if meta is not None and not meta.start.year <= row.year <= meta.history_end.year:
            message = f"{row.year} is not within {meta.start.year} to {meta.history_end.year}"
            notes.add("outside-calendar", row.file, row.line, message, "leave the row out")
    if meta is None or not rows:
        return
    # A driver that dated events switch on and off needs no row a year.
    dated = {event.sets for event in draft.get("events.csv")}
    drivers = [name for name in names.drivers if name in years or name not in dated]
    for name in [*drivers, *(name for name in years if name in names.levers)]:
        missing = [year for year in range(meta.start.year, meta.history_end.year) if year not in years[name]]
        if missing:
            line = min((row.line for row in years[name].values()), default=1)
            notes.add(
                "gap",
                "history.csv",
                line,
                f"{name} has no row for {', '.join(map(str, missing))}",
                "add a row a year",
            )


def _check_events(events: list[Event], meta: Meta | None, names: NameTables, notes: Notebook) -> None:
    _repeated(((event, (event.date, event.kind, event.rank_class, event.label)) for event in events), notes)
    before: date | None = None
    for event in events:
        if before is not None and event.date < before:
            notes.add("order", event.file, event.line, f"{event.date} comes after {before}", "sort by date")
        if meta is not None and not meta.start <= event.date <= meta.history_end:
            message = f"{event.date} is not within {meta.start} to {meta.history_end}"
            notes.add("outside-calendar", event.file, event.line, message, "leave the row out")
        if event.kind.startswith("removal") and event.rank_class is None:
            notes.add(
                "missing-key",
                event.file,
                event.line,
                "a removal needs a rank_class",
                "top, large, middle or small",
            )
        _check_effect(event, meta, names, notes)
        before = event.date


def _check_effect(event: Event, meta: Meta | None, names: NameTables, notes: Notebook) -> None:
    """What an event sets: a known name, a value in its range, an end after its beginning."""

    def note(rule: str, message: str, suggestion: str) -> None:
        notes.add(rule, event.file, event.line, message, suggestion)

    if event.sets is None:
        if event.value is not None or event.until is not None:
            note(
                "missing-key",
                "a value or until without sets",
                "name the lever, driver or pulse, or leave all empty",
            )
        return
    known = {*names.levers, *names.drivers, *names.pulses}
    if event.sets not in known:
        note(
            "unknown-name", f"unknown lever, driver or pulse {event.sets!r}", did_you_mean(event.sets, known)
        )
    if event.value is None:
        note("missing-key", f"sets {event.sets} without a value", "give the value")
        return
    lever = names.levers.get(event.sets)
    if lever is not None and not lever.low <= event.value <= lever.high:
        note("out-of-range", f"{event.sets} is {event.value:g}", f"give {lever.low:g} to {lever.high:g}")
    if event.until is not None and event.until <= event.date:
        note("impossible-bounds", f"until {event.until} is not after {event.date}", "give a later day")
    if event.until is not None and meta is not None and event.until > meta.history_end:
        note(
            "outside-calendar",
            f"until {event.until} is after {meta.history_end}",
            "leave until empty if it goes on",
        )


def _position(period: str) -> tuple[str, int]:
    """Kind of a period and its number in a row of such periods."""
    if period.startswith("FY"):
        return "fiscal year", int(period[2:])
    if "-" in period:
        year, month = period.split("-")
        return "month", 12 * int(year) + int(month) - 1
    return "year", int(period)


def _last_day(period: str) -> date:
    kind, place = _position(period)
    if kind == "fiscal year":
        return date(place, 9, 30)
    if kind == "year":
        return date(place, 12, 31)
    return date((place + 1) // 12, (place + 1) % 12 + 1, 1) - timedelta(days=1)


def _check_series(series: Series, meta: Meta | None, names: NameTables, notes: Notebook) -> None:
    lanes: dict[tuple[str, str, str], list[SeriesPoint]] = defaultdict(list)
    for point in series.points:
        lanes[(point.unit, point.definition, point.publisher)].append(point)
        if meta is not None and _last_day(point.period) > meta.history_end:
            message = f"{point.period} ends after the history ends ({meta.history_end})"
            notes.add("outside-calendar", point.file, point.line, message, "leave the row out")
    _repeated(
        ((point, (point.period, point.unit, point.definition, point.publisher)) for point in series.points),
        notes,
    )
    for (unit, _, _), points in lanes.items():
        check_unit(unit, names, notes, series.file, points[0].line)
        for earlier, later in pairwise(points):
            (kind, place), (next_kind, next_place) = _position(earlier.period), _position(later.period)
            shown = f"{later.period} follows {earlier.period}"
            if kind != next_kind:
                notes.add(
                    "date",
                    later.file,
                    later.line,
                    f"{shown}: another kind of period",
                    "give it its own definition",
                )
            elif next_place < place:
                notes.add("order", later.file, later.line, shown, "sort by period within a definition")
            elif next_place > place + 1 and not later.note.lower().startswith("gap"):
                hint = "add the missing rows, or begin this row's note with 'gap: ' and the reason"
                notes.add("gap", later.file, later.line, shown, hint)


def check_tables(draft: Draft, names: NameTables, notes: Notebook) -> None:
    """Apply the rules for tables.

    Parameters
    ----------
    draft : Draft
        The case as read.
    names : NameTables
        Names of the model.
    notes : Notebook
        Receives what is wrong.
    """
    meta = draft.meta
    if meta is not None:
        _check_meta(meta, draft, notes)
    groups: list[Group] = draft.get("groups.csv")
    _check_groups(groups, notes)
    ranks = {str(group.rank) for group in groups}
    for file in ("rivalries.csv", "alliances.csv"):
        if groups:
            _check_ties(draft.get(file), ranks, notes)
    _check_history(draft.get("history.csv"), meta, names, draft, notes)
    _check_events(draft.get("events.csv"), meta, names, notes)
    for series in draft.get("series"):
        _check_series(series, meta, names, notes)
