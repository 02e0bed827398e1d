"""The command line: thin commands over public functions.

Heavy imports are inside the commands, so that ``--help`` answers at once.  Errors are one line on standard
error, without a traceback; exit codes: 0 done, 1 the work failed, 2 bad input, 130 interrupted.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from .errors import CrosscurrentError, InputError, did_you_mean

__all__ = ["app", "main"]

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
Theories = Annotated[
    str | None, typer.Option("--theories", help="Theory ids, separated by commas; all by default.")
]


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib import metadata

        print(metadata.version("crosscurrent"))
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and stop.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    pass


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
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Compare policies under rival theories: tables, a dataset and a report."""
    from .commands import comparing

    study = comparing.study_from(case, policies, theories, worlds, decision, years, seed, measures)
    comparing.compare(study, out, as_json)


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
) -> None:
    """Write the report of a results folder anew."""
    from .commands import running

    running.report_folder(folder, out)


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


INTERRUPTED = 130
_BAD_PATH = (errno.ENAMETOOLONG, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM, errno.ELOOP)
_USAGE_ERROR: type[Any] = typer.BadParameter.__mro__[1]
"""Base of what the parser raises; its module differs between versions of Typer, its place above
BadParameter does not.
"""


def _command_names() -> list[str]:
    return [str(entry.name or getattr(entry.callback, "__name__", "")) for entry in app.registered_commands]


def _refuse_unknown_command(arguments: Sequence[str]) -> None:
    first = next((word for word in arguments if not word.startswith("-")), None)
    if first is not None and arguments[0] == first and first not in _command_names():
        raise InputError("unknown command", given=first, fix=did_you_mean(first, _command_names()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code; see the module for what the codes mean."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _prepare_streams()
    try:
        _refuse_unknown_command(given)
        code = app(given, prog_name="crosscurrent", standalone_mode=False)
        if code == INTERRUPTED:
            code = _fail(_goes_on(given), INTERRUPTED)
        sys.stdout.flush()
    except CrosscurrentError as error:
        code = _fail(str(error), error.exit_code)
    except _USAGE_ERROR as error:
        code = _fail(error.format_message(), 2)
    except (KeyboardInterrupt, typer.Abort):
        code = _fail(_goes_on(given), INTERRUPTED)
    except BrokenPipeError:  # the reader of our output has left, as `| head` does
        _drop_output()
        code = 0
    except RecursionError:
        code = _fail("a file is nested too deeply to be read", 2)
    except OSError as error:  # a path or a stream that the system refuses, wherever it was used
        _drop_output()
        where = f"; given {error.filename!r}" if error.filename else ""
        code = _fail(f"{error.strerror or error}{where}", 2 if error.errno in _BAD_PATH else 1)
    sys.exit(code if isinstance(code, int) else 0)


def _goes_on(arguments: Sequence[str]) -> str:
    return f"interrupted; what was finished is kept, the same command goes on: crosscurrent {shlex.join(arguments)}"


def _prepare_streams() -> None:
    """Text that a terminal's encoding cannot show is escaped, never an error after the work is done."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if not os.environ.get("CROSSCURRENT_TRACEBACK"):
        sys.excepthook = _last_resort


def _last_resort(kind: type[BaseException], error: BaseException, _: object) -> None:
    """One line for what nobody foresaw; Python then leaves with exit code 1."""
    _fail(f"unexpected {kind.__name__}: {error}; CROSSCURRENT_TRACEBACK=1 shows where it came from", 1)


def _drop_output() -> None:
    """Send what is still to be written nowhere, so that leaving does not fail again."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(text: str, code: int) -> int:
    line = " ".join(text.split())
    print(f"crosscurrent: {line}" if code == 130 else f"error: {line}", file=sys.stderr, flush=True)
    return code
