"""``pathways``: when policies stop meeting an objective, and what pathways that switch in time come to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..analysis.pathways import ObjectiveMap, PathwayOutcome, TransferOutcome, map_document, pathway_map, store_maps
from ..analysis.tipping import TippingPoint, judged_within
from ..case import load_case
from ..study.atomic import path_argument
from ..study.pathway_run import STEP, objectives_for, run_pathways
from ..study.results import open_results
from .common import console, note, progress_bar, run_command, write_json
from .display import theory_columns, theory_table

if TYPE_CHECKING:
    from ..study.results import Results

__all__ = ["pathways"]

_NAMES, _CELL = 34, 12


def pathways(folder: Path, measure: str | None, worlds: int | None, as_json: bool) -> None:
    """Simulate what is missing of the pathways of a study's case, and tell what became of them.

    Raises
    ------
    InputError
        If the case has no pathways, or no objective for the measure.
    """
    results = open_results(folder)
    case = load_case(results.study.case)
    wanted = objectives_for(case, measure)
    if case.digest != results.manifest.case_digest:
        note("the case's data have changed since this study was computed; the pathways are those of the new data")
    with progress_bar("pathways") as (progress, announce):
        found = run_pathways(results, case, worlds=worlds, progress=progress, on_compile=announce)
    months = len(found.paths(STEP).months)
    late = [key for key, objective in case.objectives.items() if not judged_within(objective, months)]
    maps = [pathway_map(found, case, item) for key, item in case.objectives.items() if key not in late]
    if late:
        note(f"not judged, because the horizon of {months} months is too short: {', '.join(late)}")
    target = store_maps(found.folder, maps)
    shown = [item for item in maps if item.objective in wanted]
    if as_json:
        write_json(
            {
                "study": {"name": results.study.name, "folder": str(results.folder)},
                "pathways": str(found.folder), "worlds": found.study.worlds,
                "failed_worlds": found.failed_worlds, "not_judged": late, "objectives": map_document(shown),
            }
        )  # fmt: skip
        return
    for item in shown:
        _tell(item)
    _facts(results, found, target)


def _tell(item: ObjectiveMap) -> None:
    out = console()
    out.print(
        f"[bold]{item.label}[/bold]: {item.measure.replace('_', ' ')} {item.kind} {item.threshold:,g} over twelve "
        f"months, judged from month {item.from_months}"
    )
    out.print("In how many of 100 worlds the objective never stops being met; in how many it is missed from the start;")
    out.print("the middle year, and the span, in which the others stop meeting it.")
    points = {(line.id, point.theory): point for line in item.lines for point in line.tipping}
    outcomes = {(found.pathway, found.theory): found for found in item.pathways}
    for part in theory_columns(out, item.theories, _CELL, _NAMES):
        table = theory_table(part, "in force from the start")
        for line in item.lines:
            table.add_row(_name(line.id), *(_point(points[line.id, theory]) for theory in part))
        out.print(table)
    for part in theory_columns(out, item.theories, _CELL, _NAMES):
        table = theory_table(part, "pathway")
        for name in dict.fromkeys(found.pathway for found in item.pathways):
            rows = [outcomes[name, theory] for theory in part]
            table.add_row(_name(name), *(_point(found.tipping) for found in rows), style="bold")
            for number in range(len(rows[0].transfers)):
                steps = [found.transfers[number] for found in rows]
                table.add_row(_name(f"  to {steps[0].enters}"), *(_step(step) for step in steps))
            table.add_row("  cost, billion USD", *(_cost(found) for found in rows), style="dim")
        out.print(table)
    out.print()


def _name(text: str) -> str:
    """A name in lines short enough for its column."""
    return text.replace("+", "\n + ")


def _hundred(share: float, error: float | None = None) -> str:
    if not math.isfinite(share):
        return "?"
    more = "" if error is None or not math.isfinite(error) else f"±{100 * error:.0f}"
    return f"{100 * share:.0f}{more}"


def _years(point: TippingPoint | TransferOutcome) -> str:
    dates = point.dates
    return f"{dates.middle[:4]} {dates.first[2:4]}-{dates.last[2:4]}" if dates.first else "none"


def _point(point: TippingPoint) -> str:
    return f"{_hundred(point.never, point.never_error)}; {_hundred(point.from_start)}\n{_years(point)}"


def _step(step: TransferOutcome) -> str:
    return f"{_hundred(step.share, step.share_error)}\n{_years(step)}"


def _cost(found: PathwayOutcome) -> str:
    return f"{(found.programme_cost + found.switching_cost) / 1000:.1f}±{found.programme_cost_error / 1000:.1f}"


def _facts(results: Results, found: Results, target: Path) -> None:
    out = console()
    lines: Sequence[Any] = (
        f"Worlds: {found.study.worlds} a theory; failed: {found.failed_worlds}. Under a transfer: in how many of 100 "
        "worlds it is made, and when. Cost: both countries above the status quo, with switching.",
        f"Kept in {path_argument(target)}",
        f"Next: {run_command('report', results.folder)}    draws the maps",
    )
    for line in lines:
        out.print(line, markup=False, soft_wrap=True)
