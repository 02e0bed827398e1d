"""The command line: thin commands over public functions.

Heavy imports are inside the commands, so that ``--help`` answers at once.  Errors are one line on standard
error, without a traceback; exit codes: 0 done, 1 the work failed, 2 bad input, 130 interrupted.  The commands
themselves are in the ``cli_*`` files beside this one.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shlex
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from . import cli_calibration, cli_decisions, cli_page, cli_study
from .cli_options import app
from .errors import CrosscurrentError, InputError, did_you_mean
from .interrupts import interrupts_kept

__all__ = ["COMMAND_FILES", "app", "main"]

COMMAND_FILES = (cli_study, cli_calibration, cli_decisions, cli_page)
"""Where the commands are; importing them registers them, in this order."""


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


INTERRUPTED = 130
_BAD_PATH = (errno.ENAMETOOLONG, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM, errno.ELOOP)
_USAGE_ERROR: type[Any] = typer.BadParameter.__mro__[1]
"""Base of what the parser raises; its module differs between versions of Typer, its place above
BadParameter does not.
"""


def _command_names() -> list[str]:
    single = [str(entry.name or getattr(entry.callback, "__name__", "")) for entry in app.registered_commands]
    return single + [str(group.name) for group in app.registered_groups]


def _refuse_unknown_command(arguments: Sequence[str]) -> None:
    first = next((word for word in arguments if not word.startswith("-")), None)
    if first is not None and arguments[0] == first and first not in _command_names():
        raise InputError("unknown command", given=first, fix=did_you_mean(first, _command_names()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code; see the module for what the codes mean."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _prepare_streams()
    with interrupts_kept():
        code = _run(given)
    sys.exit(code if isinstance(code, int) else 0)


def _run(given: list[str]) -> object:
    """Exit code of a command, after saying why if it is not 0."""
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
    return code


_NOTHING_TO_KEEP = {
    "forecast", "robustness", "flips", "claims", "discover", "value-of-information", "history", "replicate",
}  # fmt: skip
"""Commands that write nothing before they end."""


def _goes_on(arguments: Sequence[str]) -> str:
    kept = "nothing was written, the same command begins again"
    if not arguments or arguments[0] not in _NOTHING_TO_KEEP:
        kept = "what was finished is kept, the same command goes on"
    return f"interrupted; {kept}: crosscurrent {shlex.join(arguments)}"


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
