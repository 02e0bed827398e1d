"""``data add`` and ``data list``: new observations for a case's series, and what frozen forecasts then scored."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..calibration.adding import Addition, plan_addition, write_addition, write_into_case
from ..calibration.frozen import FrozenScore, rescore_frozen
from ..calibration.vintages import AddedRow, added_rows, data_folder, period_position
from ..case import load_case
from ..case.records import Case
from ..errors import InputError
from .common import console, note, write_json

__all__ = ["add_data", "list_data"]

_MOST_SHOWN = 12


def add_data(case_name: str, series: str, file: Path, confirmed: bool, into_case: bool, as_json: bool) -> None:
    """Add observations to a series, then score the forecasts that waited for them.

    Raises
    ------
    InputError
        If the file cannot be used, or a question is left open or answered with no; then nothing is written.
    """
    case = load_case(case_name)
    addition = plan_addition(case, series, file, datetime.now(UTC).date())
    if addition.questions and not confirmed:
        _ask(addition, as_json)
    path = (write_into_case if into_case else write_addition)(case, addition)
    if into_case and addition.rows:
        case = load_case(case_name)
    scores = rescore_frozen(case)
    if as_json:
        write_json(_document(addition, path, scores))
    else:
        _tell(addition, path)
        tell_frozen(scores)


def _ask(addition: Addition, as_json: bool) -> None:
    """Put the open questions to a person at a terminal; elsewhere they must be settled beforehand."""
    if as_json or not _at_a_terminal():
        count = len(addition.questions)
        raise InputError(
            f"{count} thing{'s' if count > 1 else ''} to confirm before anything is added",
            given="; ".join(addition.questions[:3]) + (f" and {count - 3} more" if count > 3 else ""),
            fix="check the file, then give --yes if it is right",
        )  # fmt: skip
    import typer

    for question in addition.questions:
        note(question)
    if not typer.confirm("Is that right?", default=False, err=True):
        raise InputError("not confirmed, so nothing was added", fix="correct the file, or answer y")


def _at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _plain(row: AddedRow) -> dict[str, Any]:
    return {**asdict(row), "vintage": row.vintage.isoformat()}


def _document(addition: Addition, path: Path, scores: Sequence[FrozenScore]) -> dict[str, Any]:
    return {
        "series": addition.series,
        "file": str(path),
        "added": [_plain(row) for row in addition.new],
        "revised": [{**_plain(row), "before": before} for row, before in addition.revised],
        "unchanged": addition.unchanged,
        "left_out": dict(addition.left_out),
        "confirmed": list(addition.questions),
        "frozen": [asdict(score) for score in scores],
    }


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _tell(addition: Addition, path: Path) -> None:
    out = console()

    def say(text: str) -> None:
        out.print(text, markup=False, soft_wrap=True)

    for unit, count in addition.left_out.items():
        say(f"Left out: {_counted(count, 'row')} of another definition ({unit}).")
    if not addition.rows:
        say(f"Nothing to add to {addition.series}: {_counted(addition.unchanged, 'row')} known already.")
        return
    counts = f"{_counted(len(addition.new), 'new period')}, {_counted(len(addition.revised), 'revision')}"
    say(f"{addition.series}: {counts}, {addition.unchanged} known already.")
    for definition in dict.fromkeys(row.definition for row in addition.new):
        rows = sorted(
            (row for row in addition.new if row.definition == definition), key=lambda row: period_position(row.period)
        )
        ends = rows[0].period if len(rows) == 1 else f"{rows[0].period} to {rows[-1].period}"
        say(f"  {ends}: {definition} ({rows[0].unit})")
    for row, before in addition.revised[:_MOST_SHOWN]:
        say(f"  revised {row.period}: {before:,.10g} to {row.value:,.10g} {row.unit}")
    if len(addition.revised) > _MOST_SHOWN:
        say(f"  and {_counted(len(addition.revised) - _MOST_SHOWN, 'more revision')}")
    say(f"Written to {path}")


def tell_frozen(scores: Sequence[FrozenScore]) -> None:
    """Print how frozen forecasts did in the periods observed so far."""
    from rich import box
    from rich.table import Table

    out = console()
    if not any(score.observed or score.failed for score in scores):
        waiting = sum(score.waiting for score in scores)
        found = f"; {waiting} forecasts wait for data" if waiting else " was found"
        out.print(f"No frozen forecast{found if not waiting else ' can be scored yet' + found}.", soft_wrap=True)
        return
    table = Table(
        title="Frozen forecasts, scored",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    table.add_column("series and theory", overflow="fold")
    for name in ("until", "mean pinball loss", "in 50 %", "in 90 %", "failed", "waiting"):
        table.add_column(name, justify="right", no_wrap=name == "until")
    for series in dict.fromkeys((score.file, score.series) for score in scores):
        rows = [score for score in scores if (score.file, score.series) == series and (score.observed or score.failed)]
        if rows:
            table.add_row(f"{series[1]}, {rows[0].unit} ({series[0]})", style="bold")
        for row in rows:
            table.add_row(
                f"  {row.theory}", row.last_period, f"{row.pinball:,.4g}", f"{row.inside_50} of {row.observed}",
                f"{row.inside_90} of {row.observed}", str(row.failed), str(row.waiting),
            )  # fmt: skip
    out.print(table)
    out.print(
        "Lower loss is better; a well-sized 50 % interval holds about half of the observations, a 90 % one nine in "
        "ten. Periods of one series go up and down together, so few of them tell little.",
        style="dim",
    )


def list_data(case_name: str, as_json: bool) -> None:
    """Print the series of a case: names, last period, and what was added."""
    case = load_case(case_name)
    rows = [_listed(case, name) for name in case.series]
    if as_json:
        write_json({"case": case.id, "folder": str(data_folder()), "series": rows})
        return
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for name in ("series", "public name", "last", "added"):
        table.add_column(name, overflow="fold")
    for row in rows:
        added = f"{row['added']} in {row['vintages']}" if row["added"] else "-"
        table.add_row(row["series"], "\n".join(row["public_names"]), row["last"], added)
    out = console()
    out.print(table)
    out.print("Added: rows in so many vintages (days on which something was added).", style="dim")
    out.print(f"Added data are kept in {data_folder()}", markup=False, soft_wrap=True)


def _listed(case: Case, name: str) -> dict[str, Any]:
    points, added = case.series[name].points, added_rows(case, name)
    periods = [point.period for point in points] + [row.period for row in added]
    vintages = sorted({row.vintage.isoformat() for row in added})
    return {
        "series": name,
        "public_names": [target.id for target in case.targets.values() if target.series == name],
        "definitions": list(dict.fromkeys(point.definition for point in points)),
        "units": list(dict.fromkeys(point.unit for point in points)),
        "last": max(periods, key=lambda period: period_position(period)[1]),
        "rows": len(points),
        "added": len(added),
        "vintages": len(vintages),
        "last_vintage": vintages[-1] if vintages else None,
    }
