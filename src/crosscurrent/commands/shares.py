"""Progress of work that is known by its share only: a bar with an estimate, or lines where no bar can be drawn."""

from __future__ import annotations

import contextlib
import shutil
import sys
import time
from collections.abc import Callable, Iterator

from .common import note

__all__ = ["share_bar"]


@contextlib.contextmanager
def share_bar(label: str) -> Iterator[Callable[[float, str], None]]:
    """A function to be told the share of the way (0-1) and what is being done.

    On a terminal a bar with the time left; elsewhere a line at most every tenth of the way.
    """
    if sys.stderr.isatty() and shutil.get_terminal_size().columns >= 40:
        with _bar(label) as tell:
            yield tell
    else:
        yield _Lines(label).tell


@contextlib.contextmanager
def _bar(label: str) -> Iterator[Callable[[float, str], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"), BarColumn(bar_width=30), TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(), TextColumn("so far, about"), TimeRemainingColumn(),
        TextColumn("to go: {task.fields[doing]}"),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=1.0, doing="")
        yield lambda share, doing: bar.update(task, completed=share, doing=doing)


class _Lines:
    def __init__(self, label: str) -> None:
        self.label, self.tenths, self.begin = label, 0, time.monotonic()

    def tell(self, share: float, doing: str) -> None:
        tenths = int(10 * share)
        if tenths <= self.tenths:
            return
        self.tenths = tenths
        left = (time.monotonic() - self.begin) * (1.0 - share) / max(share, 1e-6)
        note(f"{self.label}: {10 * tenths} %, about {left:.0f} s to go ({doing})")
