"""Tables of a comparison for the terminal: readable at 100 columns, in print, and without colour.

Rows are policies in the order of the case, never ranked; columns are theories.  A cell gives the median difference with its
Monte-Carlo error and below it the 5-95 % interval.  Blue leans to the direction that nobody disputes, orange away from it;
grey with a dot cannot be told from the status quo.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..analysis.consent import FEWEST_WORLDS, ConsentRow
from ..analysis.numbers import scaled, shown
from ..analysis.standing import Cell, preferred_direction
from ..analysis.summary import Row
from ..study.specification import STATUS_QUO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

__all__ = ["consent_tables", "difference_tables", "matrix_table"]

_NAME_COLUMNS, _CELL_COLUMNS = 22, 12
_TOWARDS, _AWAY, _EITHER = "bold blue", "bold dark_orange3", "bold"
_MARKS = {"best": "▲", "worst": "▼", "between": "o", "not distinguishable": "·", "no preference": " "}
_STYLES = {"▲": _TOWARDS, "▼": _AWAY, "o": "", "·": "dim"}


def _theory_columns(console: Console, theories: Sequence[str], width: int) -> Iterator[list[str]]:
    """As many theories at a time as fit beside the names of policies."""
    step = max(1, (console.width - _NAME_COLUMNS) // width)
    for first in range(0, len(theories), step):
        yield list(theories[first : first + step])


def _table(title: str, theories: Sequence[str], first: str = "") -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(first, min_width=_NAME_COLUMNS - 3, no_wrap=True)
    for theory in theories:
        table.add_column(theory.replace("-", "-\n", 1), justify="right", no_wrap=True)
    return table


def _cell(lines: Sequence[str], style: str = "") -> Any:
    from rich.text import Text

    return Text("\n".join(lines), style=style)


def _style(row: Row) -> str:
    if not row.distinguishable:
        return "dim"
    preferred = preferred_direction(row.measure)
    if preferred == "none":
        return _EITHER
    return _TOWARDS if (row.difference_p50 > 0) == (preferred == "higher") else _AWAY


def _interval(low: float, high: float) -> str:
    return f"[{shown(low, 2)}, {shown(high, 2)}]"


def difference_tables(console: Console, rows: Sequence[Row], meaning: str) -> None:
    """Print one measure: the status-quo level, then every policy's paired difference, by theory."""
    theories = list(dict.fromkeys(row.theory for row in rows))
    cells = {(row.policy, row.theory): row for row in rows}
    policies = [name for name in dict.fromkeys(row.policy for row in rows) if name != STATUS_QUO]
    levels = max((abs(row.p95) for row in rows if row.policy == STATUS_QUO), default=0.0)
    changes = max((abs(x) for row in rows for x in (row.difference_p05, row.difference_p95)), default=0.0)
    level_factor, level_unit = scaled(levels, rows[0].unit)
    factor, unit = scaled(changes, rows[0].unit)
    for part in _theory_columns(console, theories, _CELL_COLUMNS):
        table = _table(f"{rows[0].measure}  —  {meaning}", part)
        level = [cells[STATUS_QUO, theory] for theory in part]
        table.add_row(
            f"status-quo level\n  {level_unit}",
            *(
                _cell([shown(row.p50 / level_factor), _interval(row.p05 / level_factor, row.p95 / level_factor)])
                for row in level
            ),
        )
        table.add_row(f"difference, {unit}", *("" for _ in part), style="italic")
        for policy in policies:
            found = [cells[policy, theory] for theory in part]
            table.add_row(policy, *(_difference(row, factor) for row in found))
        console.print(table)


def _difference(row: Row, factor: float) -> Any:
    if row.difference_p05 == row.difference_p95 == 0.0:
        return _cell(["· none"], "dim")
    dot = "" if row.distinguishable else "· "
    middle = f"{dot}{shown(row.difference_p50 / factor, 2)}±{shown(row.mc_error / factor, 1)}"
    return _cell([middle, _interval(row.difference_p05 / factor, row.difference_p95 / factor)], _style(row))


def matrix_table(console: Console, grids: dict[str, list[list[Cell]]]) -> None:
    """Print theory by policy for several measures at once: one sign a measure, always in the same order."""
    grids = {name: grid for name, grid in grids.items() if preferred_direction(name) != "none"}
    if not grids:
        return
    first = next(iter(grids.values()))
    theories = [cell.theory for cell in first[0]]
    for part in _theory_columns(console, theories, max(len(grids) + 2, 10)):
        table = _table("Which policies stand first or last", part)
        for p, row in enumerate(first):
            cells = [_signs([grid[p][theories.index(theory)] for grid in grids.values()]) for theory in part]
            table.add_row(row[0].policy, *cells)
        console.print(table)
    order = ", ".join(f"{number} {name}" for number, name in enumerate(grids, start=1))
    console.print(f"Signs in order: {order}.", style="dim")
    console.print(
        "▲ at the preferred end (alone or shared), ▼ at the other end, o told from both, · not distinguishable.",
        style="dim",
    )


def _signs(cells: Sequence[Cell]) -> Any:
    from rich.text import Text

    text = Text()
    for cell in cells:
        sign = _MARKS[cell.mark]
        text.append(sign, style=_STYLES.get(sign, ""))
    return text


def consent_tables(console: Console, rows: Sequence[ConsentRow]) -> None:
    """Print differences given consent beside those over all worlds."""
    theories = list(dict.fromkeys(row.theory for row in rows))
    measures = list(dict.fromkeys(row.measure for row in rows))
    cells = {(row.policy, row.measure, row.theory): row for row in rows}
    for part in _theory_columns(console, theories, _CELL_COLUMNS):
        table = _table("Given Mexico's consent, beside all worlds (medians of the difference)", part)
        for policy in dict.fromkeys(row.policy for row in rows):
            shares = [cells[policy, measures[0], theory] for theory in part]
            worlds = (_cell([f"{100 * row.share:.0f} of 100"]) for row in shares)
            table.add_row(policy, *worlds, style="bold")
            for measure in measures:
                found = [cells[policy, measure, theory] for theory in part]
                largest = max((abs(row.p95) for row in rows if row.measure == measure), default=0.0)
                factor, unit = scaled(largest, found[0].unit)
                table.add_row(f"  {measure}\n    {unit}", *(_given(row, factor) for row in found))
        console.print(table)
    console.print(
        "First line: worlds in which Mexico would consent for some weeks. Then given consent, and over all worlds; "
        f"? where fewer than {FEWEST_WORLDS} worlds consent.",
        style="dim",
    )


def _given(row: ConsentRow, factor: float) -> Any:
    given = shown(row.consented_p50 / factor, 2)
    return _cell([f"given {given}", f"all {shown(row.p50 / factor, 2)}"])
