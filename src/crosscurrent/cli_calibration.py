"""Commands that set the model against data: calibration, back-test, forecast, new data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .cli_options import CaseName, Json, Seed, Theories, app

__all__: list[str] = []


@app.command()
def calibrate(
    case: CaseName = "us_mexico",
    theories: Theories = None,
    draws: Annotated[int, typer.Option(help="Posterior draws of each theory, a multiple of 8.")] = 1024,
    seed: Seed = 0,
    out: Annotated[Path | None, typer.Option("--out", help="Folder; finished theories in it are reused.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="64 draws and few moves: to try it, not to use it.")] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Show the posterior that comes with the case; run nothing.")
    ] = False,
    check: Annotated[
        int, typer.Option(metavar="N", help="Instead: does it recover known parameters? On N synthetic pasts.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Fit every theory to the public series; what they cannot teach keeps its prior."""
    from .commands import calibrating

    if show:
        calibrating.show_posterior(case, as_json)
    elif check:
        calibrating.check_recovery(case, check, seed, as_json)
    else:
        calibrating.calibrate(case, theories, draws, seed, out, quick, as_json)


@app.command()
def backtest(
    case: CaseName = "us_mexico",
    refit: Annotated[
        bool, typer.Option("--refit", help="Make the forecasts anew instead of scoring those that come with the case.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Two cut-offs and 64 draws: to try it, not to use it.")
    ] = False,
    draws: Annotated[
        int | None, typer.Option(help="Draws of each theory at each cut-off, with --refit; 512 by default.")
    ] = None,
    seed: Seed = 0,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of a refit; finished cut-offs in it are reused.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="HTML file to write, with charts.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Score forecasts on years they did not see: theories, pools, naive and statistical rules."""
    from .commands import backtesting

    backtesting.backtest(case, refit, quick, draws, seed, out, report, as_json)


@app.command()
def forecast(
    out: Annotated[Path, typer.Option("--out", metavar="FILE.csv", help="File to write; its record goes beside it.")],
    cutoff: Annotated[str, typer.Option(help="Last month whose observations are used.")] = "2024-12",
    until: Annotated[str, typer.Option(help="Last month to forecast.")] = "2026-12",
    events_until: Annotated[
        str | None, typer.Option(help="Last day of known levers and events, YYYY-MM-DD.")
    ] = "2025-04-08",
    draws: Annotated[int, typer.Option(help="Draws of each theory, a multiple of 8.")] = 1024,
    case: CaseName = "us_mexico",
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Forecast the public series, theory by theory and combined, to be scored when the data arrive."""
    from .commands import backtesting

    backtesting.forecast(case, cutoff, until, events_until, draws, seed, out, as_json)


data_app = typer.Typer(
    help="New observations for the public series of a case.", rich_markup_mode=None, no_args_is_help=True
)
app.add_typer(data_app, name="data")


@data_app.command("add")
def data_add(
    series: Annotated[str, typer.Argument(help="Name of the series in the case, or its public name.")],
    file: Annotated[Path, typer.Argument(help="CSV file with the columns period, value, unit.")],
    case: CaseName = "us_mexico",
    yes: Annotated[bool, typer.Option("--yes", help="Jumps and gaps have been checked: ask nothing.")] = False,
    into_case: Annotated[
        bool, typer.Option("--into-case", help="Write into the case folder (your own) instead of your data folder.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Add observations to a series, and score the frozen forecasts that waited for them."""
    from .commands import data

    data.add_data(case, series, file, yes, into_case, as_json)


@data_app.command("list")
def data_list(case: CaseName = "us_mexico", as_json: Json = False) -> None:
    """List the series of a case: last period, and what was added."""
    from .commands import data

    data.list_data(case, as_json)
