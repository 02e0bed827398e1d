"""``replicate``: published numbers beside ours, with tolerance, verdict and remark."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import ComputeError
from ..replications import MODULES, Replication, Row, replication
from .common import console, note, write_json

__all__ = ["replicate"]

_JSON_FIELDS = ("id", "quantity", "published", "ours", "tolerance", "tier", "verdict", "source")
_STYLES = {"pass": "green", "gap": "dark_orange3", "fail": "bold red"}
_MEANING = (
    "Tier 1: numerical, must pass. Tier 2: sign or ordering, must pass. Tier 3: an anchor, its gap reported; a gap is "
    "no failure."
)

Results = Mapping[str, tuple[Replication, Sequence[Row]]]


def replicate(name: str | None, as_json: bool, report: Path | None) -> None:
    """Compute one replication or all, print them, and write a report if asked to.

    Raises
    ------
    InputError
        If there is no such replication, or the report cannot be written where it is wanted.
    ComputeError
        If a row of tier 1 or 2 fails; what was computed has been printed and written by then.
    """
    from ..replications.report import check_target, write_replications

    chosen = {each: replication(each) for each in (MODULES if name is None else (name,))}
    if report is not None:
        check_target(report)
    results = _compute(chosen)
    rows = [row for _, found in results.values() for row in found]
    if as_json:
        write_json([{field: getattr(row, field) for field in _JSON_FIELDS} for row in rows])
    else:
        _tell(results, rows)
    if report is not None:
        note("drawing the charts of the report")
        write_replications(report, results)
        note(f"report: {report}")
    failed = [row.id for row in rows if row.verdict == "fail" and row.tier < 3]
    if failed:
        raise ComputeError(
            f"{len(failed)} of {sum(row.tier < 3 for row in rows)} rows of tiers 1 and 2 fail",
            given=", ".join(dict.fromkeys(failed)),
        )


def _compute(chosen: Mapping[str, Replication]) -> dict[str, tuple[Replication, Sequence[Row]]]:
    """Rows of each, telling on standard error how far it is and about how long the rest will take."""
    note("replicating (the first run on a computer compiles the model: about a minute)")
    results: dict[str, tuple[Replication, Sequence[Row]]] = {}
    begun = time.perf_counter()
    for number, (name, model) in enumerate(chosen.items(), start=1):
        left = _left(time.perf_counter() - begun, number - 1, len(chosen))
        note(f"{number} of {len(chosen)}: {name}{left}")
        results[name] = model, model.rows()
    return results


def _left(elapsed: float, done: int, total: int) -> str:
    """Estimate from what is done, as the replications still to come are not known to be longer or shorter.

    >>> _left(6.0, 2, 5), _left(0.0, 0, 5)
    (', about 9 s to go', '')
    """
    return f", about {elapsed / done * (total - done):.0f} s to go" if done else ""


def _tell(results: Results, rows: Sequence[Row]) -> None:
    from ..replications.report import counted

    out = console()
    for model, found in results.values():
        out.print(f"[bold]{model.name}[/bold]: {_plain(model.title)}")
        out.print(_plain(model.citation + (f", doi:{model.doi}" if model.doi else "")), style="dim")
        out.print(_table(found))
        out.print(f"Not reproduced: {_plain(model.not_reproduced)}", style="dim")
        out.print()
    counts = counted(rows)
    verdicts = ", ".join(f"{name}: {counts[name]}" for name in _STYLES)
    out.print(f"Rows: {counts['total']}; {verdicts}. {_MEANING}")


def _plain(words: str) -> str:
    """Words in which nothing is markup."""
    from rich.markup import escape

    return escape(words)


def _table(rows: Sequence[Row]) -> Any:
    """A line for each row, its remark below the quantity."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from ..replications.report import figure

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("id", no_wrap=True)
    table.add_column("quantity, remark", ratio=1)
    for name in ("published", "ours"):
        table.add_column(name, justify="right", max_width=14)
    table.add_column("tolerance", max_width=13)
    table.add_column("tier", justify="right")
    table.add_column("verdict", no_wrap=True)
    for row in rows:
        quantity = Text(row.quantity)
        if row.remark:
            quantity.append(f"\n{row.remark}", style="dim")
        table.add_row(
            row.id, quantity, Text(figure(row.published)), figure(row.ours), Text(row.tolerance), str(row.tier),
            Text(row.verdict, _STYLES[row.verdict]),
        )  # fmt: skip
    return table
