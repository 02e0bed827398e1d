"""What drives what: the week's wiring as a graph of names, read from the same objects the kernel is written
from.

Nothing here is kept by hand beside the equations, so ``explain`` and the report cannot drift from what is
computed. Importing this costs what importing Numba costs; nothing is compiled.
"""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from ..kernel import group_loops, operations_draws, run
from ..kernel.week import GROUP_LOOPS, PRODUCTS, ROUTE_LOOPS, WEEK, Call
from ..lanes.vector_math import nothing
from ..lanes.wiring import Draw, Loop
from ..model.schema import CLOCK, DRIVERS, LEVERS, PARAMETERS, PULSES, REFERENCES, SETUP, STATES, STREAMS

__all__ = ["Equation", "WiringGraph", "kind_of", "wiring_graph"]

_PACKAGE = Path(__file__).parent.parent
_SET_UP = ("_set_up_revenue", "_set_up_losses")
_BY_HAND: tuple[ModuleType, ...] = (operations_draws, group_loops)


@dataclass(frozen=True)
class Equation:
    """Where a quantity is computed and what it reads."""

    into: str
    reads: tuple[str, ...]
    function: str
    """Module and name, such as ``violence.homicides_week``."""
    place: str
    """File and line, relative to the package's source folder."""
    text: str
    """First line of the function's own description."""


@dataclass(frozen=True)
class WiringGraph:
    """All equations of the week, by the quantity they give."""

    equations: Mapping[str, tuple[Equation, ...]]

    def inputs(self, name: str) -> tuple[str, ...]:
        """What a quantity is computed from, in the order of reading."""
        found = (entry for equation in self.equations.get(name, ()) for entry in equation.reads)
        return tuple(dict.fromkeys(entry for entry in found if entry != name))

    def upstream(self, name: str) -> dict[str, tuple[int, str]]:
        """Everything that a quantity depends on: distance in steps, and the next quantity on a shortest way
        down.

        The quantity itself is left out, even where it feeds back on itself.
        """
        found: dict[str, tuple[int, str]] = {}
        edge, distance = [name], 0
        while edge:
            distance += 1
            following = []
            for here in edge:
                for entry in self.inputs(here):
                    if entry not in found and entry != name:
                        found[entry] = (distance, here)
                        following.append(entry)
            edge = following
        return found

    def downstream(self, name: str) -> dict[str, int]:
        """Everything that depends on a quantity, with the distance in steps."""
        readers: dict[str, list[str]] = {}
        for into in self.equations:
            for entry in self.inputs(into):
                readers.setdefault(entry, []).append(into)
        found: dict[str, int] = {}
        edge, distance = [name], 0
        while edge:
            distance += 1
            edge = [
                into for here in edge for into in readers.get(here, ()) if into not in found and into != name
            ]
            found.update(dict.fromkeys(edge, distance))
            edge = list(dict.fromkeys(edge))
        return found


def kind_of(name: str) -> str:
    """What a name in the graph stands for.

    >>> kind_of("treatment"), kind_of("homicides_week")
    ('lever', 'state')
    """
    tables: tuple[tuple[str, Any], ...] = (
        ("lever", LEVERS), ("parameter", PARAMETERS), ("driver", DRIVERS), ("dated event", PULSES),
        ("state", STATES), ("random draw", _DRAWS), ("calendar", CLOCK), ("case data", _CASE_DATA),
    )  # fmt: skip
    return next((kind for kind, table in tables if name in table), "intermediate")


_DRAWS = frozenset(f"{name}_draw" for name in STREAMS)
_CASE_DATA = frozenset({"corridor_effort", *(f"share_{product}" for product in PRODUCTS)})


@functools.cache
def wiring_graph() -> WiringGraph:
    """The graph of the model as shipped."""
    found: dict[str, list[Equation]] = {}
    for equation in [*_wired(), *_written_by_hand(), *_surroundings()]:
        found.setdefault(equation.into, []).append(equation)
    return WiringGraph({name: tuple(dict.fromkeys(entries)) for name, entries in found.items()})


def _place(function: Any) -> str:
    plain = getattr(function, "py_func", function)
    file = Path(inspect.getsourcefile(plain) or "")
    first = inspect.getsourcelines(plain)[1]
    try:
        shown = file.relative_to(_PACKAGE.parent)
    except ValueError:
        shown = file
    return f"{shown.as_posix()}:{first + 1 if _decorated(plain) else first}"


def _decorated(function: Any) -> bool:
    return inspect.getsource(function).lstrip().startswith("@")


def _text(function: Any) -> str:
    return (inspect.getdoc(getattr(function, "py_func", function)) or "").split("\n\n")[0].replace("\n", " ")


def _equation(into: str, reads: Iterator[str] | tuple[str, ...], function: Any) -> Equation:
    plain = getattr(function, "py_func", function)
    name = f"{plain.__module__.rsplit('.', 1)[-1]}.{plain.__name__}"
    return Equation(into, tuple(dict.fromkeys(reads)), name, _place(function), _text(function))


def _wired() -> Iterator[Equation]:
    """Equations wired by name, in the week and in its loops over groups and corridors."""
    loops = [entry for entry in WEEK if isinstance(entry, Loop)]
    for loop in [*loops, *GROUP_LOOPS, *ROUTE_LOOPS]:
        for entry in loop.steps:
            if not isinstance(entry, Draw) and entry.equation is not nothing:
                yield _equation(entry.into, tuple(entry.names.values()), entry.equation)


def _written_by_hand() -> Iterator[Equation]:
    """Functions for rare events and networks: their reads and writes of rows, found in their own source."""
    called = {entry.function for entry in WEEK if isinstance(entry, Call)}
    for module in _BY_HAND:
        functions = {
            name: value
            for name, value in vars(module).items()
            if hasattr(value, "py_func") and _is_of(value, module)
        }
        for name in sorted(called & set(functions)):
            reads, writes = _rows_of(functions[name], functions, set())
            for into in sorted(writes):
                yield _equation(into, tuple(sorted(reads)), functions[name])


def _is_of(function: Any, module: ModuleType) -> bool:
    return bool(function.py_func.__module__ == module.__name__)


def _rows_of(function: Any, functions: Mapping[str, Any], seen: set[str]) -> tuple[set[str], set[str]]:
    """Rows that a function of a module and those it calls read and write."""
    plain = function.py_func
    seen.add(plain.__name__)
    reads: set[str] = set()
    writes: set[str] = set()
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(plain)))):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Subscript):
            writes |= _row(node.target)
        elif isinstance(node, ast.Subscript):
            (writes if isinstance(node.ctx, ast.Store) else reads).update(_row(node))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            other = functions.get(node.func.id)
            if other is not None and node.func.id not in seen:
                more_reads, more_writes = _rows_of(other, functions, seen)
                reads, writes = reads | more_reads, writes | more_writes
    return reads, writes


def _row(node: ast.Subscript) -> set[str]:
    """Name of the row in ``worlds.row[lane]`` or ``group.row[lane]``; nothing for other subscripts."""
    value, index = node.value, node.slice
    is_lane = isinstance(index, ast.Name) and index.id == "lane"
    if is_lane and isinstance(value, ast.Attribute) and value.attr not in _NO_QUANTITY:
        return {value.attr}
    return set()


_NO_QUANTITY = frozenset({"key", "family", "lineage"})


def _surroundings() -> Iterator[Equation]:
    """What the kernel does around the equations: levers as carried out, references, constants of a world,
    start values.
    """
    from ..kernel import recording

    for lever in LEVERS.values():
        share = () if lever.implementation == "full" else (lever.implementation,)
        yield _equation(lever.name, (*share, lever.error), recording.carry_out)
        yield _equation(f"ordered_{lever.name}", (lever.name,), recording.fill_inputs)
        yield _equation(f"usual_{lever.name}", (lever.name,), recording.fill_inputs)
    for driver in DRIVERS.values():
        yield _equation(driver.name, (driver.error,), recording.fill_uncertain)
    for name, source in REFERENCES.items():
        yield _equation(name, (source,), recording.measure_references)
    yield _equation("rival_members", ("members", "kin_members"), group_loops.sum_rivals)
    for state in STATES.values():
        if isinstance(state.initial, str):
            yield _equation(state.name, (state.initial,), run.start)
    for into, read in _copies(run.begin_projection):
        yield _equation(into, (read,), run.begin_projection)
    for function in _SET_UP:
        yield from _set_up(getattr(run, function))


def _copies(function: Any) -> Iterator[tuple[str, str]]:
    """Rows that a function sets to another row, as ``blocks["one"] = blocks["other"]``."""
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript):
            names = [part.slice for part in (node.targets[0], node.value) if isinstance(part, ast.Subscript)]
            texts = [str(name.value) for name in names if isinstance(name, ast.Constant)]
            if len(texts) == 2:
                yield texts[0], texts[1]


def _set_up(function: Any) -> Iterator[Equation]:
    """Constants derived when a world starts; the rows are in strings, maybe with a product's name filled
    in.
    """
    source = inspect.getsource(function)
    names = set(PARAMETERS) | set(SETUP)
    found = {name for name in names if f'"{name}"' in source}
    for node in ast.walk(ast.parse(textwrap.dedent(source))):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            start = str(node.values[0].value)
            found |= {name for name in names if name.startswith(start)}
    for into in sorted(found & set(SETUP)):
        product = into.rsplit("_", 1)[-1]
        reads = sorted(found & set(PARAMETERS))
        own = [name for name in reads if name.endswith(product)]
        yield _equation(into, tuple(own or reads), function)
