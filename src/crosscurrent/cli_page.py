"""The command that opens the page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .cli_options import CaseName, Seed, app

__all__: list[str] = []


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port, 0 for any free one.")] = 8765,
    host: Annotated[str, typer.Option(help="Address; more than this computer needs a token.")] = "127.0.0.1",
    case: CaseName = "us_mexico",
    seed: Seed = 0,
    results: Annotated[
        Path | None, typer.Option("--results", help="A results folder of the case, for claims and flips.")
    ] = None,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = False,
) -> None:
    """Open the laboratory in a browser: move levers, compare policies, read who says so."""
    from .commands import page

    page.serve(host, port, case, seed, results, browser)
