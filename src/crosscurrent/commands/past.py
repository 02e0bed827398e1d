"""``history``: the model against public series, year by year, misses included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ..analysis.historyfit import TARGET_UNTIL, FitRow, HistoryFit, Target, fit_history
from ..analysis.numbers import fitted, scaled
from ..case import load_case
from ..errors import InputError, did_you_mean
from ..study.history import simulate_history
from .common import console, note, write_json
from .display import theory_columns, theory_table

__all__ = ["history"]

_CELL_COLUMNS, _LEFT_COLUMNS = 11, 18


def history(case_name: str, theories: Sequence[str], worlds: int, seed: int, as_json: bool) -> None:
    """Run the past with and without its dated shocks and compare it with the case's series.

    Raises
    ------
    InputError
        If a theory is unknown or there are no worlds.
    """
    if not 1 <= worlds <= 100_000:
        raise InputError("worlds cannot be used", given=worlds, expected="1 to 100000")
    case = load_case(case_name)
    for name in theories:
        if name not in case.theories:
            raise InputError("unknown theory", given=name, fix=did_you_mean(name, case.theories))
    note(
        "running the past under each theory (the first run on a computer compiles the model: about a minute)"
    )
    fits = [
        fit_history(case, simulate_history(case, tuple(theories), worlds, seed, shocks))
        for shocks in (True, False)
    ]
    if as_json:
        write_json(_document(fits))
    else:
        _tell(fits)


def _document(fits: Sequence[HistoryFit]) -> dict[str, Any]:
    rows = []
    for fit in fits:
        for row in fit.rows:
            plain = {key: value for key, value in asdict(row).items() if key != "target"}
            rows.append(
                {
                    "measure": row.target.measure, "series": row.target.series, "period": row.target.period,
                    **plain, "missed": row.missed, "shocks": fit.shocks,
                }
            )  # fmt: skip
    misses = [
        {
            "shocks": fit.shocks, "theory": theory,
            "until_2020": _count(fit, theory, True), "after_2020": _count(fit, theory, False),
        }
        for fit in fits
        for theory in fit.theories
    ]  # fmt: skip
    first = fits[0]
    return {
        "worlds": first.worlds, "seed": first.seed, "failed_worlds": sum(first.failed.values()),
        "misses": misses, "table": rows,
    }  # fmt: skip


def _count(fit: HistoryFit, theory: str, is_target: bool) -> dict[str, int]:
    missed, compared = fit.misses(theory, is_target=is_target)
    return {"missed": missed, "compared": compared}


def _tell(fits: Sequence[HistoryFit]) -> None:
    out, (fit, without) = console(), fits
    for target in fit.targets:
        rows = [row for row in fit.rows if row.target == target]
        figures = [x for row in rows for x in (row.observed, row.p95)]
        factor, unit = scaled(max(figures), rows[0].unit)
        out.print(f"[bold]{target.label}[/bold], by {target.period}: {unit}")
        for part in theory_columns(out, fit.theories, _CELL_COLUMNS, _LEFT_COLUMNS):
            out.print(_years(rows, target, part, factor, max(figures) / factor))
        out.print()
    out.print(
        f"Cells: 5-95 % of worlds; × marks a miss (the observation lies outside). * after {TARGET_UNTIL}: "
        "shown, not a target. One miss in ten is to be expected of a band of the right width.",
        style="dim",
    )
    out.print()
    _tell_misses(out, fit, without)


def _years(
    rows: Sequence[FitRow], target: Target, theories: Sequence[str], factor: float, largest: float
) -> Any:
    """A row for each year, a column for each theory."""
    from rich.text import Text

    table = theory_table(theories, "", "observed")
    for year in dict.fromkeys(row.year for row in rows):
        found = {row.theory: row for row in rows if row.year == year}
        first = next(iter(found.values()))
        name = f"{'FY' if target.period == 'fiscal year' else ''}{year}{'' if first.is_target else ' *'}"
        cells = (
            Text(_band(found[theory], factor, largest), "bold" if found[theory].missed else "")
            for theory in theories
        )
        table.add_row(name, fitted(first.observed / factor, largest), *cells)
    return table


def _band(row: FitRow, factor: float, largest: float) -> str:
    low, high = fitted(row.p05 / factor, largest), fitted(row.p95 / factor, largest)
    return f"{low}–{high}{'×' if row.missed else ' '}"


def _tell_misses(out: Any, fit: HistoryFit, without: HistoryFit) -> None:
    from rich import box
    from rich.table import Table

    table = Table(
        title="Misses of comparisons", title_justify="left", title_style="bold", box=box.SIMPLE_HEAD
    )
    for name in (
        "theory",
        f"to {TARGET_UNTIL}",
        "later",
        f"to {TARGET_UNTIL}, no dated shocks",
        "later, no dated shocks",
    ):
        table.add_column(name, justify="left" if name == "theory" else "right")
    for theory in fit.theories:
        counts = [found.misses(theory, is_target=side) for found in (fit, without) for side in (True, False)]
        table.add_row(theory, *(f"{missed} of {compared}" for missed, compared in counts))
    out.print(table)
    measures = list(dict.fromkeys(row.target.measure for row in fit.rows))
    for side, when in ((True, f"to {TARGET_UNTIL}"), (False, "later")):
        counted = ((name, fit.misses(None, name, is_target=side)) for name in measures)
        text = "; ".join(f"{name} {missed} of {of}" for name, (missed, of) in counted if of)
        out.print(f"By series, {when}: {text}.", soft_wrap=True)
    out.print("A band that is never missed is wider than it needs to be: that is said here, not tuned away.")
    failed = sum(fit.failed.values())
    out.print(f"Failed worlds: {failed} of {fit.worlds * len(fit.theories)}. Seed: {fit.seed}.")
