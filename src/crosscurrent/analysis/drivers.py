"""What drives a measure: levers, parameters and states upstream of it, with the equations in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import InputError, did_you_mean
from ..model.schema import LEVERS, MEASURES, OBSERVABLES, PARAMETERS, STATES

if TYPE_CHECKING:
    from ..study.wiring_graph import Equation, WiringGraph

__all__ = ["Driver", "Drivers", "drivers_of", "row_of"]


@dataclass(frozen=True)
class Driver:
    """A quantity upstream of another one."""

    name: str
    kind: str
    """``lever``, ``parameter``, ``state``, ``driver``, ``dated event``, ``random draw``, ``calendar``,
    ``case data`` or ``intermediate``.
    """
    distance: int
    """Equations between the two; the near ones are not always the strong ones."""
    path: tuple[str, ...]
    """Quantities on a shortest way, this one first."""


@dataclass(frozen=True)
class Drivers:
    """What drives a quantity, nearest first."""

    name: str
    row: str
    """Quantity of the week that the name is read from."""
    equations: tuple[Equation, ...]
    """Equations that give it."""
    direct: tuple[Driver, ...]
    """What those equations read."""
    upstream: tuple[Driver, ...]
    """Everything it depends on; in a system of feedbacks that is most of the model."""

    def of_kind(self, kind: str) -> tuple[Driver, ...]:
        """Drivers of one kind, nearest first."""
        return tuple(driver for driver in self.upstream if driver.kind == kind)


def row_of(name: str) -> str:
    """Quantity of the week behind a measure; any other name is its own."""
    measure = MEASURES.get(name) or OBSERVABLES.get(name)
    return measure.source if measure is not None else name


def drivers_of(name: str) -> Drivers:
    """What drives a measure, or any quantity of the model.

    Parameters
    ----------
    name : str
        A measure, state, lever or other quantity that an equation gives.

    Raises
    ------
    InputError
        If no equation gives it.
    """
    from ..study.wiring_graph import kind_of, wiring_graph

    graph, row = wiring_graph(), row_of(name)
    if row not in graph.equations and row not in PARAMETERS:
        known = {*graph.equations, *MEASURES, *OBSERVABLES, *STATES, *LEVERS}
        raise InputError("no equation gives this", given=name, fix=did_you_mean(name, known))
    found = graph.upstream(row)
    upstream = tuple(
        Driver(entry, kind_of(entry), distance, _path(entry, found, row))
        for entry, (distance, _) in found.items()
    )
    direct = tuple(driver for driver in upstream if driver.distance == 1)
    return Drivers(name, row, _equations(graph, row), direct, upstream)


def _equations(graph: WiringGraph, row: str) -> tuple[Equation, ...]:
    return graph.equations.get(row, ())


def _path(name: str, found: dict[str, tuple[int, str]], row: str) -> tuple[str, ...]:
    path = [name]
    while path[-1] != row:
        path.append(found[path[-1]][1])
    return tuple(path)
