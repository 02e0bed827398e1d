"""Commands that ask what follows from a stored study: robustness, flips, discovery, claims, pathways, search."""

from __future__ import annotations

from typing import Annotated

import typer

from .cli_options import Folder, Json, app

__all__: list[str] = []


@app.command()
def robustness(
    folder: Folder,
    preferences: Annotated[
        str | None,
        typer.Option(help="Preferences files or names of shipped examples, by commas; all examples by default."),
    ] = None,
    measures: Annotated[
        str | None, typer.Option(help="Measure ids, separated by commas; the main ones by default.")
    ] = None,
    until_stable: Annotated[
        bool, typer.Option("--until-stable", help="Double the worlds until it is settled who is first.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Judge policies by many criteria under each theory, and say how sure the ranking is."""
    from .commands import robustness as judging

    judging.judge(folder, preferences, measures, until_stable, as_json)
