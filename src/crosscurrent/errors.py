"""Every error the package raises on purpose, and how it words them.

The tree answers one question: what can the caller do?

    CrosscurrentError
    ├── InputError          (ValueError)    change what you gave: a name, a range, a file
    │   └── CaseError                       change a line of the case's data
    ├── StoreError          (OSError)       the results folder is damaged, full, read-only or belongs to another study
    ├── ComputeError        (RuntimeError)  the computation itself failed
    └── Interrupted         (RuntimeError)  the user stopped the run; the message says how to go on

Each message says what was given, what was expected, where, and how to mend it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

__all__ = [
    "CaseError",
    "ComputeError",
    "CrosscurrentError",
    "InputError",
    "Interrupted",
    "StoreError",
    "did_you_mean",
]


class CrosscurrentError(Exception):
    """Root of the package's errors.

    Parameters
    ----------
    message : str
        What is wrong, in one sentence without the final stop.
    given, expected, fix : str, optional
        What was given, what was expected, how to mend it.
    file, line : optional
        Where, for data.
    """

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        given: object = None,
        expected: str | None = None,
        fix: str | None = None,
        file: str | Path | None = None,
        line: int | None = None,
    ) -> None:
        self.message, self.given, self.expected, self.fix = message, given, expected, fix
        self.file, self.line = file, line
        super().__init__(self._text())

    def _text(self) -> str:
        where = "" if self.file is None else f"{self.file}:{self.line}: " if self.line else f"{self.file}: "
        parts = [where + self.message]
        if self.given is not None:
            parts.append(f"given {self.given!r}")
        if self.expected is not None:
            parts.append(f"expected {self.expected}")
        if self.fix is not None:
            parts.append(self.fix)
        return "; ".join(parts)


class InputError(CrosscurrentError, ValueError):
    """Something the user gave cannot be used: an unknown name, a bad range, a missing path."""

    exit_code = 2


class CaseError(InputError):
    """A line of a case's data breaks a rule."""


class StoreError(CrosscurrentError, OSError):
    """A results folder cannot be read or written, or belongs to another study."""

    exit_code = 2


class ComputeError(CrosscurrentError, RuntimeError):
    """The computation failed."""


class Interrupted(CrosscurrentError, RuntimeError):
    """The user stopped the run; what was finished is kept."""

    exit_code = 130


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Name the nearest valid name, or list a few.

    >>> did_you_mean("homicide", ["homicides", "missing"])
    "did you mean 'homicides'?"
    >>> did_you_mean("x", ["homicides", "missing"])
    'valid: homicides, missing'
    """
    valid = sorted(names)
    close = difflib.get_close_matches(name, valid, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    shown = ", ".join(valid[:8]) + (f" and {len(valid) - 8} more" if len(valid) > 8 else "")
    return f"valid: {shown}"
