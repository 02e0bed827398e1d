"""The command-line application, and the options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["CaseName", "Folder", "Json", "Language", "Out", "Seed", "Theories", "app"]

app = typer.Typer(
    name="crosscurrent",
    help="An open policy laboratory: how to act against organised crime in Mexico, under rival theories.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, nothing else.")]
CaseName = Annotated[str, typer.Option("--case", help="Id of a shipped case, or the path of a case folder.")]
Out = Annotated[
    Path | None, typer.Option("--out", help="Results folder; reused or completed if it holds the study.")
]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A results folder.")]
Seed = Annotated[int, typer.Option("--seed", help="Sets every draw; 0 is a seed like any other.")]
Language = Annotated[str, typer.Option("--lang", help="Language of the report: en or es.")]
Theories = Annotated[
    str | None, typer.Option("--theories", help="Theory ids, separated by commas; all by default.")
]
