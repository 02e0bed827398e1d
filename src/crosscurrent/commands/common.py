"""What all commands share: lists of names, output streams, the progress bar, one JSON document."""

from __future__ import annotations

import contextlib
import json
import math
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from ..study.execution import Progress

__all__ = ["console", "names_in", "note", "progress_bar", "run_command", "write_json"]

_WIDTH = 100
"""Columns when the output is no terminal."""


def names_in(text: str | None) -> tuple[str, ...]:
    """Names of a comma-separated list.

    >>> names_in("status-quo, demand-side"), names_in(None)
    (('status-quo', 'demand-side'), ())

    Raises
    ------
    InputError
        If a name is empty or comes twice.
    """
    if text is None:
        return ()
    names = tuple(name.strip() for name in text.split(","))
    if not all(names):
        raise InputError("a list has an empty name", given=text, expected="names separated by commas")
    if len(set(names)) < len(names):
        raise InputError("a list has a name twice", given=text, fix="leave out the second")
    return names


def console() -> Console:
    """Standard output, with colours on a terminal and 100 columns elsewhere."""
    from rich.console import Console

    class Output(Console):
        def on_broken_pipe(self) -> None:
            """The reader has left, as ``| head`` does; not an error."""
            raise BrokenPipeError

    width = None if sys.stdout.isatty() else _WIDTH
    return Output(width=width, highlight=False, soft_wrap=False)


def note(text: str) -> None:
    """A line for the person at the terminal, on standard error."""
    print(text, file=sys.stderr, flush=True)


def write_json(document: Any) -> None:
    """One JSON document on standard output; numbers that are none become null."""
    json.dump(_plain(document), sys.stdout, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    sys.stdout.write("\n")


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return str(value) if isinstance(value, Path) else value


def run_command(*words: object) -> str:
    """A command line to type next."""
    import shlex

    return shlex.join(["crosscurrent", *map(str, words)])


@contextlib.contextmanager
def progress_bar(label: str) -> Iterator[tuple[Callable[[Progress], None], Callable[[], None]]]:
    """A bar with an estimate on standard error, and what announces a compilation.

    Without a terminal on standard error a line is written at most every tenth of the way.
    """
    if sys.stderr.isatty() and shutil.get_terminal_size().columns >= 40:
        with _bar(label) as functions:
            yield functions
    else:
        yield _Lines(label).show, _announce


def _announce() -> None:
    note("Compiling the model for this computer: one to two minutes, once.")


@contextlib.contextmanager
def _bar(label: str) -> Iterator[tuple[Callable[[Progress], None], Callable[[], None]]]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"), BarColumn(bar_width=30), MofNCompleteColumn(),
        TextColumn("worlds,"), TimeElapsedColumn(), TextColumn("so far, about"), TimeRemainingColumn(),
        TextColumn("to go"),
    )  # fmt: skip
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)

        def show(progress: Progress) -> None:
            bar.update(task, total=progress.worlds_total, completed=progress.worlds_done)
            for text in progress.recomputed if progress.shards_done == 0 else ():
                bar.console.print(f"computed anew: {text}")

        def announce() -> None:
            bar.console.print("Compiling the model for this computer: one to two minutes, once.")

        yield show, announce


class _Lines:
    """Progress where no bar can be drawn."""

    def __init__(self, label: str) -> None:
        self.label, self.tenths = label, -1
        self.first: Progress | None = None
        """First report with a finished shard: the time before it includes reading and compiling."""

    def show(self, progress: Progress) -> None:
        for text in progress.recomputed if self.tenths < 0 else ():
            note(f"computed anew: {text}")
        tenths = 10 * progress.worlds_done // max(progress.worlds_total, 1)
        if tenths > self.tenths:
            self.tenths = tenths
            left = self._left(progress)
            note(f"{self.label}: {progress.worlds_done} of {progress.worlds_total} worlds{left}")
        if self.first is None and progress.world_weeks > 0:
            self.first = progress

    def _left(self, progress: Progress) -> str:
        done, total = progress.worlds_done, progress.worlds_total
        if self.first is None or done in (self.first.worlds_done, total):
            return ""
        took = (progress.elapsed_seconds - self.first.elapsed_seconds) / (done - self.first.worlds_done)
        return f", about {took * (total - done):.0f} s to go"


def one_line(names: Sequence[str], most: int = 6) -> str:
    """Some names in a line.

    >>> one_line(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
