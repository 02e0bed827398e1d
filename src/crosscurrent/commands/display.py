"""Tables of a comparison for the terminal: readable at 100 columns, in print, and without colour.

Rows are policies in the order of the case, never ranked; columns are theories.  A cell gives the median
difference with its Monte-Carlo error and below it the 5-95 % interval.  Blue leans to the direction that
nobody disputes, orange away from it; grey with a dot cannot be told from the status quo.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..analysis.consent import FEWEST_WORLDS, ConsentRow
from ..analysis.flips_design import MIXTURE
from ..analysis.numbers import fitted, scaled
from ..analysis.standing import Cell, preferred_direction
from ..analysis.summary import Row
from ..study.specification import STATUS_QUO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

__all__ = [
    "consent_tables", "counted_theories", "difference_tables", "matrix_table", "theory_columns", "theory_table",
]  # fmt: skip

_NAME_COLUMNS, _CELL_COLUMNS = 22, 11
_TOWARDS, _AWAY, _EITHER = "bold blue", "bold dark_orange3", "bold"
_MARKS = {"best": "▲", "worst": "▼", "between": "o", "not distinguishable": "·", "no preference": " "}
_STYLES = {"▲": _TOWARDS, "▼": _AWAY, "o": "", "·": "dim"}


def counted_theories(theories: Sequence[str]) -> str:
    """How many theories; the mixture of all is none by itself.

    >>> counted_theories(["a", "b", "even"]), counted_theories(["even"]), counted_theories(["a"])
    ('2 theories and their mixture', 'the mixture of all theories', '1 theory')
    """
    rivals = [name for name in theories if name != MIXTURE]
    if not rivals:
        return "the mixture of all theories"
    counted = f"{len(rivals)} {'theory' if len(rivals) == 1 else 'theories'}"
    return counted if len(rivals) == len(theories) else f"{counted} and their mixture"


def theory_columns(
    console: Console, theories: Sequence[str], width: int, names: int = _NAME_COLUMNS
) -> Iterator[list[str]]:
    """As many theories at a time as fit beside the names of rows."""
    step = max(1, (console.width - names) // width)
    for first in range(0, len(theories), step):
        yield list(theories[first : first + step])


def theory_table(theories: Sequence[str], *first: str) -> Table:
    """An empty table with a column for each theory after the given ones."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False)
    for number, name in enumerate(first):
        table.add_column(name, no_wrap=True, justify="right" if number else "left")
    for theory in theories:
        table.add_column(theory.replace("-", "-\n", 1), justify="right", no_wrap=True)
    return table


def _cell(lines: Sequence[str], style: str = "") -> Any:
    from rich.text import Text

    return Text("\n".join(lines), style=style)


def _policy_name(policy: str) -> str:
    """A policy's id; that of a variant goes on the next line."""
    return policy.replace("@", "\n @", 1)


def _style(row: Row) -> str:
    if not row.distinguishable:
        return "dim"
    preferred = preferred_direction(row.measure)
    if preferred == "none":
        return _EITHER
    return _TOWARDS if (row.difference_p50 > 0) == (preferred == "higher") else _AWAY


def _scale(figures: Sequence[float], unit: str) -> tuple[float, str, float]:
    """Factor, unit and largest figure of a table; an index from 0 to 1 is in hundredths, to keep cells
    narrow.
    """
    largest = max((abs(value) for value in figures if math.isfinite(value)), default=0.0)
    if unit == "1":
        return 0.01, "hundredths of a scale from 0 to 1", 100.0
    factor, words = scaled(largest, unit)
    return factor, words, largest / factor


def difference_tables(console: Console, rows: Sequence[Row], meaning: str) -> None:
    """Print one measure: the status-quo level, then every policy's paired difference, by theory."""
    theories = list(dict.fromkeys(row.theory for row in rows))
    cells = {(row.policy, row.theory): row for row in rows}
    policies = [name for name in dict.fromkeys(row.policy for row in rows) if name != STATUS_QUO]
    # Levels are larger than differences, and may take one digit more.
    figures = [x for row in rows for x in (0.1 * row.p95, row.difference_p05, row.difference_p95)]
    factor, unit, largest = _scale(figures, rows[0].unit)
    console.print(f"[bold]{rows[0].measure}[/bold]: {meaning}; {unit}")
    for part in theory_columns(console, theories, _CELL_COLUMNS):
        table = theory_table(part, "")
        levels = (cells[STATUS_QUO, theory] for theory in part)
        table.add_row(f"{STATUS_QUO} (level)", *(_level(row, factor, largest) for row in levels))
        for policy in policies:
            found = (cells[policy, theory] for theory in part)
            table.add_row(_policy_name(policy), *(_difference(row, factor, largest) for row in found))
        console.print(table)
        console.print()


def _level(row: Row, factor: float, largest: float) -> Any:
    low, middle, high = (fitted(x / factor, largest) for x in (row.p05, row.p50, row.p95))
    return _cell([middle, f"{low}, {high}"])


def _difference(row: Row, factor: float, largest: float) -> Any:
    if row.difference_p05 == row.difference_p95 == 0.0:
        return _cell(["·none"], "dim")
    low, middle, high = (
        fitted(x / factor, largest) for x in (row.difference_p05, row.difference_p50, row.difference_p95)
    )
    dot = "" if row.distinguishable else "·"
    return _cell([f"{dot}{middle}±{fitted(row.mc_error / factor, largest)}", f"{low}, {high}"], _style(row))


def matrix_table(console: Console, grids: dict[str, list[list[Cell]]]) -> None:
    """Print theory by policy for several measures at once: one sign a measure, always in the same order."""
    grids = {name: grid for name, grid in grids.items() if preferred_direction(name) != "none"}
    if not grids:
        return
    first = next(iter(grids.values()))
    theories = [cell.theory for cell in first[0]]
    console.print("[bold]Theory by policy[/bold]: best (▲), worst (▼), between (o), not distinguishable (·)")
    for part in theory_columns(console, theories, max(len(grids) + 2, 10)):
        table = theory_table(part, "")
        for p, row in enumerate(first):
            cells = [_signs([grid[p][theories.index(theory)] for grid in grids.values()]) for theory in part]
            table.add_row(_policy_name(row[0].policy), *cells)
        console.print(table)
    order = ", ".join(f"{number} {name}" for number, name in enumerate(grids, start=1))
    console.print(f"Signs in order: {order}.", style="dim")
    console.print(
        "▲ at the preferred end, alone or shared; ▼ at the other end; o told from both ends; · alike the "
        "status quo, or alike both ends.",
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
    units: dict[str, str] = {}
    console.print(
        "[bold]Worlds in which Mexico consents at some time, beside all worlds[/bold] (medians of the difference, "
        "5-95 % below)"
    )
    for part in theory_columns(console, theories, _CELL_COLUMNS):
        table = theory_table(part, "")
        for policy in dict.fromkeys(row.policy for row in rows):
            shares = [cells[policy, measures[0], theory] for theory in part]
            worlds = (_cell([f"{100 * row.share:.0f} of 100"]) for row in shares)
            table.add_row(_policy_name(policy), *worlds, style="bold")
            for measure in measures:
                found = [cells[policy, measure, theory] for theory in part]
                figures = [x for row in rows if row.measure == measure for x in (row.p05, row.p95)]
                factor, unit, largest = _scale(figures, found[0].unit)
                table.add_row(f" {measure}", style="italic")
                table.add_row("   given consent", *(_given(row, factor, largest) for row in found))
                table.add_row("   all worlds", *(_overall(row, factor, largest) for row in found))
                units[measure] = unit
        console.print(table)
    console.print(
        "In bold: worlds in which Mexico would consent for some weeks; it is asked again every half year, and a "
        "policy with a fallback goes on without consent. "
        + "; ".join(f"{measure} in {unit}" for measure, unit in units.items())
        + f"; ? where fewer than {FEWEST_WORLDS} worlds consent.",
        style="dim",
    )


def _given(row: ConsentRow, factor: float, largest: float) -> Any:
    return _middle_and_ends((row.consented_p05, row.consented_p50, row.consented_p95), factor, largest)


def _overall(row: ConsentRow, factor: float, largest: float) -> Any:
    return _middle_and_ends((row.p05, row.p50, row.p95), factor, largest)


def _middle_and_ends(figures: tuple[float, float, float], factor: float, largest: float) -> Any:
    low, middle, high = (fitted(x / factor, largest) for x in figures)
    return _cell([middle, f"{low}, {high}"] if middle != "?" else ["?"])
