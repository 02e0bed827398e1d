"""Commands that run studies, look at the past and look things up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .cli_options import CaseName, Folder, Json, Language, Out, Seed, Theories, app

__all__: list[str] = []


@app.command()
def compare(
    case: CaseName = "us_mexico",
    policies: Annotated[
        str | None, typer.Option(help="Policy ids, separated by commas; all by default.")
    ] = None,
    theories: Theories = None,
    worlds: Annotated[int, typer.Option(help="Worlds per theory.")] = 256,
    decision: Annotated[str, typer.Option(help="Month on which policies part, YYYY-MM.")] = "2025-04",
    years: Annotated[int, typer.Option(help="Length of the projection, 1-25 years.")] = 10,
    seed: Seed = 0,
    measures: Annotated[
        str | None, typer.Option(help="Measure ids, separated by commas; all by default.")
    ] = None,
    beliefs: Annotated[
        str, typer.Option(help="prior; posterior (calibrated, where data can teach); or a posterior's file.")
    ] = "prior",
    lang: Language = "en",
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Compare policies under rival theories: tables, a dataset and a report."""
    from .commands import comparing

    study = comparing.study_from(case, policies, theories, worlds, decision, years, seed, measures, beliefs)
    comparing.compare(study, out, as_json, lang)


@app.command()
def run(
    study: Annotated[Path, typer.Argument(metavar="STUDY.yaml", help="A study file.")],
    out: Out = None,
    shard: Annotated[
        str | None, typer.Option(help="Compute part i of N only, written i/N; merge joins them.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Run a study file."""
    from .commands import running

    running.run_file(study, out, shard, as_json)


@app.command()
def resume(folder: Folder, as_json: Json = False) -> None:
    """Go on with an interrupted study where it stopped."""
    from .commands import running

    running.resume_folder(folder, as_json)


@app.command()
def extend(
    folder: Folder,
    worlds: Annotated[int, typer.Option(help="Worlds per theory from now on.")],
    as_json: Json = False,
) -> None:
    """Give a study more worlds; those it has stay as they are."""
    from .commands import running

    running.extend_folder(folder, worlds, as_json)


@app.command()
def merge(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="Results folders of one study's parts.")
    ],
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Join the parts of a study that several machines computed."""
    from .commands import running

    running.merge_folders(folders, out, as_json)


@app.command()
def history(
    case: CaseName = "us_mexico",
    theories: Theories = None,
    worlds: Annotated[int, typer.Option(help="Worlds per theory.")] = 256,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Show the model against public data by year, theory by theory, with misses."""
    from .commands import past
    from .commands.common import names_in

    past.history(case, names_in(theories), worlds, seed, as_json)


@app.command()
def explain(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A parameter, measure, lever, axis, theory or policy.")
    ],
    case: CaseName = "us_mexico",
    as_json: Json = False,
) -> None:
    """Explain a name: definition, unit, equation, values by theory, evidence, what drives it."""
    from .commands import lookup

    lookup.tell_name(name, case, as_json)


@app.command()
def evidence(
    record: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="A record; all of them if left out.")
    ] = None,
    case: CaseName = "us_mexico",
    as_json: Json = False,
) -> None:
    """Show the records of evidence, with their origins, or one record and what rests on it."""
    from .commands import lookup

    lookup.list_evidence(record, case, as_json)


@app.command("check-case")
def check_case(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="A case folder, or the id of a shipped case.")],
    as_json: Json = False,
) -> None:
    """Find everything that is wrong with a case, with file, line and suggestion."""
    from .commands import casework

    casework.check_folder(folder, as_json)


@app.command("new-case")
def new_case(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet.")],
    from_case: Annotated[str, typer.Option("--from", help="The case to start from.")] = "us_mexico",
) -> None:
    """Start a case of your own as a copy of another."""
    from .commands import casework

    casework.start_case(folder, from_case)


@app.command()
def report(
    folder: Folder,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write; report.html in DIR by default.")
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option("--page", metavar="FILE.html", help="Write the page as one file that works offline, instead."),
    ] = None,
    lang: Language = "en",
) -> None:
    """Write the report of a results folder anew, or the page as one file."""
    if page is not None:
        from .commands import page as pages

        pages.write_file(folder, page)
        return
    from .commands import running

    running.report_folder(folder, out, lang)


@app.command()
def replicate(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A replication; all of them if left out.")
    ] = None,
    as_json: Json = False,
    report_file: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="HTML file to write, with charts.")
    ] = None,
) -> None:
    """Reproduce published models: their numbers beside ours, with tolerance and verdict."""
    from .commands import replicate as replicating

    replicating.replicate(name, as_json, report_file)
