"""Commands that set the model against data: calibration, back-test, forecast, new data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .cli_options import CaseName, Json, app

__all__: list[str] = []

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
