"""Lane loops written from equations, by argument name.

An equation ``def trust(trust, trust_target, trust_speed)`` is wired by its own words: each argument is read
from the row of
that name, the result goes to the row named like the function (or ``into``).  So arguments cannot be swapped
unnoticed, a
name that does not exist is an error before anything is compiled, and what drives what is known as data.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import InputError, did_you_mean

__all__ = ["Draw", "Loop", "Step", "arguments", "draw_calls", "loop_source", "step"]


@dataclass(frozen=True)
class Step:
    """One equation applied to one lane."""

    into: str
    equation: Any
    names: Mapping[str, str]
    """Row that each argument is read from."""


@dataclass(frozen=True)
class Draw:
    """One random number for each lane and week, drawn before the loop it stands in.

    It is drawn in a loop of its own: 64-bit keys beside rows of another width keep LLVM from proving that they
    do not overlap.
    """

    into: str
    kind: str
    """``uniform`` or ``normal``."""
    stream: int


@dataclass(frozen=True)
class Loop:
    """Steps done lane by lane in one pass."""

    name: str
    steps: Sequence[Step | Draw]
    item: Collection[str] = field(default=())
    """Names that lie in the record passed beside the worlds (a group, a route), not in the worlds."""
    scalars: Sequence[str] = field(default=())
    """Names passed as plain numbers, the same in all lanes."""
    local: Collection[str] = field(default=())
    """Results that nothing outside the loop reads: kept in registers, never stored."""


def arguments(equation: Any) -> list[str]:
    """Argument names of an equation.

    >>> arguments(lambda trust, trust_speed: trust)
    ['trust', 'trust_speed']
    """
    return list(inspect.signature(getattr(equation, "py_func", equation)).parameters)


def step(equation: Callable[..., Any], into: str | None = None, **names: str) -> Step:
    """Wire an equation.

    Parameters
    ----------
    equation
        Scalar function; its arguments are names of the schema.
    into : str, optional
        Row that takes the result; the function's own name by default.
    **names : str
        Rows for arguments that are not called like their row (an equation used for several products).

    Raises
    ------
    InputError
        If a name in ``names`` is no argument of the equation.
    """
    found = arguments(equation)
    plain = getattr(equation, "py_func", equation)
    for name in names:
        if name not in found:
            raise InputError(
                f"the equation {plain.__module__}.{plain.__name__} has no such argument",
                given=name,
                fix=did_you_mean(name, found),
            )
    return Step(into or plain.__name__, equation, {name: names.get(name, name) for name in found})


def _function_name(number: int, equation: Any) -> str:
    plain = getattr(equation, "py_func", equation)
    return f"{plain.__module__.rsplit('.', 1)[-1]}_{plain.__name__}_{number}"


def draw_calls(loop: Loop) -> list[str]:
    """Lines that draw a loop's random numbers into their rows."""
    return [
        f"draw_{entry.kind}_row(worlds.{entry.into}, worlds.key, {entry.stream}, week, first, last)"
        for entry in loop.steps
        if isinstance(entry, Draw)
    ]


def loop_source(loop: Loop, rows: Collection[str]) -> tuple[str, dict[str, Any]]:
    """Python text of a lane loop, and the functions it calls.

    Parameters
    ----------
    loop
        What to compute.
    rows
        All names that have a row in the worlds' record.

    Raises
    ------
    InputError
        If a step reads or writes a name that is neither a row, nor a field of the item, nor a scalar.
    """
    read: list[str] = []
    written: list[str] = []
    body: list[str] = []
    calls: dict[str, Any] = {}
    known = set(rows) | set(loop.item) | set(loop.scalars) | set(loop.local)
    for number, entry in enumerate(loop.steps):
        if isinstance(entry, Draw):
            if entry.into not in known:
                raise InputError(f"the loop {loop.name!r} draws into a row that does not exist", given=entry.into)
            continue
        used = list(entry.names.values())
        call = _function_name(number, entry.equation)
        calls[call] = entry.equation
        body.append(f"{entry.into} = {call}({', '.join(used)})")
        for name in [*used, entry.into]:
            if name not in known:
                raise InputError(
                    f"a step of the loop {loop.name!r} names a quantity that does not exist",
                    given=name,
                    fix=did_you_mean(name, known),
                )
        read += [name for name in used if name not in written and name not in read]
        if entry.into not in written:
            written.append(entry.into)

    def place(name: str) -> str:
        return f"{'item' if name in loop.item else 'worlds'}.{name}[lane]"

    head = ["worlds", *(["item"] if loop.item else []), *loop.scalars, "week", "first", "last"]
    lines = [f"def {loop.name}({', '.join(head)}):", "    for lane in range(first, last):"]
    lines += [f"        {name} = {place(name)}" for name in read if name not in loop.scalars]
    lines += [f"        {line}" for line in body]
    lines += [f"        {place(name)} = {name}" for name in written if name not in loop.local]
    return "\n".join(lines) + "\n", calls
