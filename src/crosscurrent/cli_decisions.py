"""Commands that ask what follows from a stored study: robustness, flips, discovery, claims, pathways, search."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .cli_options import Folder, Json, Theories, app

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
    full: Annotated[
        bool, typer.Option("--full", help="Every rank and criterion, also of what was not named.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Judge policies by many criteria under each theory, and say how sure the ranking is."""
    from .commands import robustness as judging

    judging.judge(folder, preferences, measures, until_stable, full, as_json)


@app.command()
def flips(
    folder: Folder,
    a: Annotated[
        str | None, typer.Argument(metavar="[A]", help="The policy to overtake; with no B both are chosen.")
    ] = None,
    b: Annotated[str | None, typer.Argument(metavar="[B]", help="The policy that may overtake it.")] = None,
    measure: Annotated[str, typer.Option(help="A measure id.")] = "homicides",
    as_json: Json = False,
) -> None:
    """Say under which assumptions one policy overtakes another, and whether evidence settles them."""
    from .commands import flips as flipping

    flipping.flips(folder, a, b, measure, as_json)


@app.command()
def discover(
    folder: Folder,
    policy: Annotated[str | None, typer.Option(help="Policy whose level is looked at; status-quo by default.")] = None,
    difference: Annotated[
        str | None, typer.Option(metavar="A,B", help="Two policies: the paired difference, A less B, not a level.")
    ] = None,
    measure: Annotated[str | None, typer.Option(help="A measure id; the first main one by default.")] = None,
    threshold: Annotated[float | None, typer.Option(help="Worlds beyond this figure are of interest.")] = None,
    worst: Annotated[
        float | None, typer.Option(help="This share of worlds is of interest, the worst; 0.2 by default.")
    ] = None,
    side: Annotated[
        str | None, typer.Option(help="higher or lower: side of interest; away from the preferred one by default.")
    ] = None,
    method: Annotated[str, typer.Option(help="prim, cart or oblique.")] = "prim",
    theories: Theories = None,
    density: Annotated[
        float | None, typer.Option(help="Take the widest box at least so dense, 0-1; the best balance by default.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Sets which halves of the worlds boxes are tried on.")] = 0,
    as_json: Json = False,
) -> None:
    """Describe the worlds in which a policy does worst: a few assumptions, how many worlds they cover, how sure."""
    from .commands import discover as discovering

    discovering.discover_folder(
        folder, measure=measure, policy=policy, difference=difference, threshold=threshold, worst=worst,
        side=side, method=method, theories=theories, density=density, seed=seed,
        as_json=as_json,
    )  # fmt: skip


@app.command()
def sensitivity(
    folder: Folder,
    policy: Annotated[str | None, typer.Option(help="Policy whose level is looked at; status-quo by default.")] = None,
    difference: Annotated[
        str | None, typer.Option(metavar="A,B", help="Two policies: the paired difference, A less B, not a level.")
    ] = None,
    measure: Annotated[str | None, typer.Option(help="A measure id; the first main one by default.")] = None,
    method: Annotated[
        str, typer.Option(help="given-data, from the stored worlds, or sobol, from a design of its own.")
    ] = "given-data",
    theories: Theories = None,
    points: Annotated[int, typer.Option(help="Points of a sobol design: 64, 128, 256 ... 8192.")] = 256,
    seed: Annotated[int, typer.Option("--seed", help="Sets dummy factors and trees; a design has the study's.")] = 0,
    as_json: Json = False,
) -> None:
    """Rank assumptions by how much they move a result or a difference, with noise floor and ties."""
    from .commands import sensitivity as ranking

    ranking.sensitivity_folder(
        folder, measure=measure, policy=policy, difference=difference, method=method, theories=theories, points=points,
        seed=seed, as_json=as_json,
    )  # fmt: skip


@app.command()
def claims(
    folder: Folder,
    as_json: Json = False,
    report_file: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="HTML page to write, with charts.")
    ] = None,
    study_file: Annotated[
        Path | None, typer.Option("--study", metavar="FILE", help="Study file to write that would answer every claim.")
    ] = None,
) -> None:
    """Check what the documents assert against a stored study: in which share of worlds each claim holds."""
    from .commands import claims as auditing

    auditing.claims(folder, as_json, report_file, study_file)


@app.command()
def pathways(
    folder: Folder,
    measure: Annotated[str | None, typer.Option(help="Only objectives for this measure.")] = None,
    worlds: Annotated[
        int | None, typer.Option(help="Worlds per theory to simulate, 8-500; 256 by default.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say when policies stop meeting an objective, and simulate pathways that switch in time."""
    from .commands import pathways as adapting

    adapting.pathways(folder, measure, worlds, as_json)


@app.command("value-of-information")
def value_of_information(
    folder: Folder,
    preferences: Annotated[
        str | None, typer.Option(help="Preferences files or names of shipped examples, by commas; one agenda for each.")
    ] = None,
    measure: Annotated[str | None, typer.Option(help="A measure id; the first main one by default.")] = None,
    theory: Annotated[
        str | None, typer.Option(help="Theory in which numbers and disagreements are judged; even by default.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what research would change the choice of a policy most, with the evidence there is."""
    from .commands import value_of_information as valuing

    valuing.ask(folder, preferences, measure, theory, as_json)


@app.command()
def search(
    study: Annotated[Path, typer.Argument(metavar="STUDY.yaml", help="A search file.")],
    evaluations: Annotated[int, typer.Option(help="Policies to judge.")] = 2000,
    out: Annotated[Path | None, typer.Option("--out", help="Folder of the search; gone on with if it has one.")] = None,
    as_json: Json = False,
) -> None:
    """Search levers, timings and triggers for robust policies; never levers of force."""
    from .commands import search as searching

    searching.search(study, evaluations, out, as_json)
