"""A mechanism of a user's own: equations in a file of theirs, put into the week without touching the package.

See docs/tutorial-add-a-mechanism.md, which is run as a test.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..lanes.wiring import Draw, Loop, Step

__all__ = ["Mechanism"]


@dataclass(frozen=True, eq=False)
class Mechanism:
    """Steps that run after a named part of the week.

    Parameters
    ----------
    name : str
        Name of the loop; a valid Python name.
    after : str
        Part of the week that it follows (``Loop`` or ``Call`` names of kernel/week.py).
    steps : sequence of Step or Draw
        Equations by argument name; results may overwrite any row or make new ones.
    constants : mapping of str to float, optional
        New rows with a value that is the same in all worlds and weeks (a parameter of the mechanism).
    initial : mapping of str to float, optional
        New rows that carry a state from week to week, with their start values.
    """

    name: str
    after: str
    steps: Sequence[Step | Draw]
    constants: Mapping[str, float] = field(default_factory=dict)
    initial: Mapping[str, float] = field(default_factory=dict)

    @property
    def loop(self) -> Loop:
        """The loop that the kernel runs."""
        return Loop(self.name, list(self.steps))

    @property
    def source(self) -> str:
        """Text that the kernel's fingerprint covers: the equations.  Constants are rows, so a new value
        compiles nothing."""
        files: dict[str, Any] = {}
        for entry in self.steps:
            if isinstance(entry, Step):
                plain = getattr(entry.equation, "py_func", entry.equation)
                files[f"{plain.__module__}.{plain.__name__}"] = inspect.getsource(plain)
        return repr(sorted(files.items()))
