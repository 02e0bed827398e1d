"""``backtest`` and ``forecast``: how forecasts did on years they did not see, and forecasts to be scored later."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..calibration.verdicts import CAN_ESTABLISH, against_best_naive, published_words, verdicts
from ..errors import InputError
from ..study.atomic import make_folder
from .common import console, note, run_command, write_json
from .shares import share_bar

if TYPE_CHECKING:
    import pandas as pd

    from ..calibration.scoreboard import Scoreboard
    from ..case.records import Case

__all__ = ["backtest", "forecast"]

QUICK_YEARS = (2019, 2021)


def backtest(
    case_name: str,
    refit: bool,
    quick: bool,
    draws: int | None,
    seed: int,
    out: Path | None,
    report: Path | None,
    as_json: bool,
) -> None:
    """Score the back-test that comes with the case, or make it anew."""
    from ..calibration.scoreboard import score_backtest
    from ..calibration.vintages import series_reader
    from ..case import load_case

    if not refit and (draws is not None or (not quick and (seed or out is not None))):
        raise InputError(
            "--draws, --seed and --out are for forecasts that are made anew",
            given="no --refit",
            fix="add --refit" if not quick else "--quick has draws of its own",
        )
    if report is not None:
        if report.suffix != ".html":
            raise InputError("the report is HTML", given=str(report), expected="a name that ends in .html")
        make_folder(report.parent)
    case = load_case(case_name)
    frame = _refitted(case, quick, draws or 512, seed, out) if refit or quick else _shipped(case)
    board = score_backtest(frame, case, series_reader())
    if report is not None:
        from ..report.scoreboard_page import write_scoreboard

        write_scoreboard(board, case, report)
        note(f"writing {report}")
    if as_json:
        write_json(_document(board))
    else:
        _tell(board, case)


def _shipped(case: Case) -> pd.DataFrame:
    from ..calibration.shipped import shipped_backtest

    frame, current = shipped_backtest(case)
    if not current:
        note(
            "The forecasts were made with an earlier state of model or case; scores are of those forecasts. "
            "`crosscurrent backtest --refit` makes them anew."
        )
    return frame


def _refitted(case: Case, quick: bool, draws: int, seed: int, out: Path | None) -> pd.DataFrame:
    from ..calibration.backtest import CUTOFF_YEARS, BacktestOptions, run_backtest
    from ..calibration.sampler import SamplerOptions
    from ..calibration.vintages import series_reader

    options = (
        BacktestOptions(64, SamplerOptions(moves=2, final_moves=2), seed, QUICK_YEARS, statistical=False)
        if quick
        else BacktestOptions(draws=draws, seed=seed)
    )
    folder = out or Path("crosscurrent-results") / f"backtest-{case.id}{'-quick' if quick else ''}-seed{seed}"
    years = options.years or CUTOFF_YEARS
    note(f"fitting {len(case.theories)} theories at {len(years)} cut-offs, into {folder}")
    parts = len(years) * len(case.theories)
    theories = list(case.theories)
    with share_bar("back-test") as tell:

        def progress(year: int, theory: str, share: float) -> None:
            place = len(theories) if theory == "done" else theories.index(theory) + share
            tell((years.index(year) * len(theories) + min(place, len(theories))) / parts, f"{year}, {theory}")

        return run_backtest(case, folder, options, series_reader(), progress)


def _document(board: Scoreboard) -> dict[str, Any]:
    rows = [
        {
            "series": row.series, "member": row.member, "year_ahead": row.year_ahead, "crps": row.crps,
            "coverage_50": row.coverage_50, "coverage_90": row.coverage_90, "bias": row.bias,
            "periods": row.periods, "cutoffs": row.cutoffs,
            "skill_last_value": board.skill(row.series, row.member, "last_value") if row.year_ahead == 0 else None,
            "skill_best_naive": against_best_naive(board, row.series, row.member) if row.year_ahead == 0 else None,
            "failed_cutoffs": board.failed.get((row.series, row.member), 0),
        }
        for row in board.scores
    ]  # fmt: skip
    return {
        "scores": rows,
        "best_naive": {series: board.best_naive(series) for series in board.series},
        "weights": [
            {"series": series, "cutoff": cutoff, "weights": dict(weights)}
            for (series, cutoff), weights in board.weights.items()
        ],
        "realised_drivers": [
            {"series": series, "theory": theory, "crps": value} for (series, theory), value in board.realised.items()
        ],
        "theory_weights": board.theory_weights(),
        "places": {f"{series} {member}": list(map(float, found)) for (series, member), found in board.places.items()},
    }


def _tell(board: Scoreboard, case: Case) -> None:
    out = console()
    for score in ("main", "further"):
        names = [name for name in board.series if case.targets[name].score == score]
        out.print(
            f"[bold]{'Main' if score == 'main' else 'Further'} series[/bold]: typical error of forecasts, per cent"
        )
        out.print(_error_table(board, names))
        out.print()
    out.print(_coverage_table(board, [name for name in board.series if case.targets[name].score == "main"]))
    out.print()
    for line in verdicts(board, case):
        out.print(line, soft_wrap=True)
    _tell_apart(out, board, case)
    out.print(f"Charts: {run_command('backtest', '--report', 'scoreboard.html')}")


COLUMNS = (
    ("combined", "com-\nbined"), ("theories-combined", "theo-\nries"), ("no-model", "no\nmodel"),
    ("last_value", "last\nvalue"), ("drift", "drift"), ("ets", "ETS"), ("arima", "ARI-\nMA"),
)  # fmt: skip


def _error_table(board: Scoreboard, names: list[str]) -> Any:
    """CRPS on the logarithm, in per cent: the range over theories, then the pools and the references."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False)
    table.add_column("series", no_wrap=True)
    table.add_column("theories,\nfrom-to", justify="right", no_wrap=True)
    for _, head in COLUMNS:
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("cut-\noffs", justify="right", no_wrap=True)
    for name in names:
        own = [row.crps for row in board.theory_scores(name)]
        found = {member: board.of(name, member) for member, _ in COLUMNS}
        cutoffs = max((row.cutoffs for row in found.values() if row), default=0)
        best = min((row.crps for row in found.values() if row and row.cutoffs == cutoffs), default=math.nan)
        cells = []
        for row in found.values():
            if row is None:
                cells.append("-")
            else:
                figure = 100 * row.crps
                text = f"{figure:.{0 if figure >= 99.95 else 1}f}{'' if row.cutoffs == cutoffs else '*'}"
                cells.append(f"[bold]{text}[/bold]" if row.crps == best else text)
        low, high = (100 * min(own), 100 * max(own)) if own else (math.nan, math.nan)
        table.add_row(name, f"{low:.1f}-{high:.1f}", *cells, str(cutoffs))
    return table


def _coverage_table(board: Scoreboard, names: list[str]) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(
        title="How many observations fell within the 50 and the 90 % interval, per cent", title_justify="left",
        title_style="bold", box=box.SIMPLE_HEAD, padding=0, show_edge=False,
    )  # fmt: skip
    table.add_column("main series", no_wrap=True)
    for _, head in COLUMNS:
        table.add_column(head, justify="right", no_wrap=True)
    for name in names:
        rows = [board.of(name, member) for member, _ in COLUMNS]
        table.add_row(
            name,
            *("-" if row is None else f"{100 * row.coverage_50:.0f}/{100 * row.coverage_90:.0f}" for row in rows),
        )
    return table


def _tell_apart(out: Any, board: Scoreboard, case: Case) -> None:
    out.print(
        "Figures are CRPS on the logarithm, times 100: about the typical error in per cent (* fewer cut-offs; - none). "
        "Best naive rule by series: "
        + ", ".join(f"{name} {board.best_naive(name)}" for name in board.series if board.best_naive(name))
        + ".",
        style="dim", soft_wrap=True,
    )  # fmt: skip
    gain = [
        f"{name} {100 * (min(found) / row.crps - 1):+.0f} %"
        for name in board.series
        if case.targets[name].score == "main"
        and (row := min(board.theory_scores(name), key=lambda item: item.crps, default=None))
        and (found := [value for (series, _), value in board.realised.items() if series == name])
    ]
    out.print(
        "Had the drivers been known (no forecast, counted nowhere), the best theory's error would have changed by: "
        + ", ".join(gain)
        + ".",
        style="dim", soft_wrap=True,
    )  # fmt: skip
    weights = ", ".join(f"{name} {weight:.2f}" for name, weight in board.theory_weights().items())
    out.print(f"Optional weights of theories by score (on history only): {weights}.", style="dim", soft_wrap=True)
    out.print(published_words(board), style="dim", soft_wrap=True)
    out.print(CAN_ESTABLISH, style="dim", soft_wrap=True)


def forecast(
    case_name: str, cutoff: str, until: str, events_until: str | None, draws: int, seed: int, out: Path, as_json: bool
) -> None:
    """Make a forecast and write it with its record.

    Raises
    ------
    InputError
        If a date cannot be used or the file holds another forecast.
    """
    from datetime import date

    from ..calibration.forecast import (
        ForecastOptions,
        forecast_csv,
        forecast_cutoff,
        forecast_record,
        make_forecast,
        write_forecast,
    )
    from ..calibration.vintages import series_reader
    from ..case import load_case

    if out.suffix != ".csv":
        raise InputError("the forecast is written as CSV", given=str(out), expected="a name that ends in .csv")
    try:
        known = date.fromisoformat(events_until) if events_until else None
    except ValueError:
        raise InputError("not a date", given=events_until, expected="YYYY-MM-DD") from None
    make_folder(out.parent)
    case = load_case(case_name)
    options = ForecastOptions(cutoff, until, known, draws, seed=seed)
    forecast_cutoff(options)
    earlier = _shipped(case)
    theories = list(case.theories)
    with share_bar("forecast") as tell:
        frame = make_forecast(
            case, earlier, options, series_reader(),
            lambda name, share: tell((theories.index(name) + share) / len(theories), name),
        )  # fmt: skip
    text = forecast_csv(case, frame)
    record = forecast_record(case, options, text, earlier)
    beside = write_forecast(out, text, record)
    if as_json:
        write_json({"file": str(out), "record": record, "rows": text.count("\n") - 1})
        return
    terminal = console()
    terminal.print(_forecast_table(case, frame))
    terminal.print(
        f"{text.count(chr(10)) - 1} rows in {out}; how they were made is in {beside} (sha256 {record['sha256'][:16]})"
    )


def _forecast_table(case: Case, frame: pd.DataFrame) -> Any:
    """The combined forecast of the last period of each year."""
    from rich import box
    from rich.table import Table

    from ..analysis.numbers import shown
    from ..calibration.observations import period_label
    from ..calibration.scoreboard import COMBINED

    table = Table(
        title="Combined forecast: 5-95 % (median)", title_justify="left", title_style="bold", box=box.SIMPLE_HEAD
    )
    for name in ("series", "period", "5 %", "median", "95 %", "unit"):
        table.add_column(name, justify="left" if name in ("series", "unit") else "right", no_wrap=True)
    chosen = frame[(frame["member"] == COMBINED) & (frame["end"] % 12 == 11)]
    for row in chosen.to_dict("records"):
        target = case.targets[str(row["series"])]
        factor = target.published.per_unit if target.published else 1.0
        unit = (
            target.published.unit
            if target.published
            else next(
                point.unit
                for point in case.series[target.series].points
                if point.definition.startswith(target.definition)
            )
        )
        figures = [shown(factor * float(row[name])) for name in ("q050", "q500", "q950")]
        table.add_row(target.id, period_label(target, int(row["end"])), *figures, unit)
    return table
