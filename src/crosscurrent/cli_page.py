"""The command that opens the page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .cli_options import app

__all__: list[str] = []


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port, 0 for any free one.")] = 8765,
    host: Annotated[str, typer.Option(help="Address; more than this computer needs a token.")] = "127.0.0.1",
    case: Annotated[str | None, typer.Option("--case", help="Id of a shipped case, or a case folder.")] = None,
    decision: Annotated[str | None, typer.Option(help="Month on which policies part, YYYY-MM.")] = None,
    years: Annotated[int | None, typer.Option(help="Length of the projection, 1-25 years; 10 by default.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Sets every draw; 0 by default.")] = None,
    beliefs: Annotated[
        str | None, typer.Option(help="prior; posterior (calibrated, where data can teach); or a posterior's file.")
    ] = None,
    results: Annotated[
        Path | None, typer.Option("--results", help="A results folder, for claims and flips; its study sets the rest.")
    ] = None,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = False,
) -> None:
    """Open the laboratory in a browser: move levers, compare policies, read who says so."""
    from .commands import page

    wanted = {"case": case, "decision": decision, "years": years, "seed": seed, "beliefs": beliefs}
    page.serve(host, port, wanted, results, browser)
