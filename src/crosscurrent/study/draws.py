"""From Sobol' points to worlds: which rival holds on each axis, and the value of every parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..case.distributions import quantile
from ..case.records import Axis, Case, Theory
from ..model.schema import PARAMETERS

__all__ = ["Draws", "dimensions", "draw_worlds"]

Floats = npt.NDArray[np.float64]


class Draws(NamedTuple):
    """Drawn worlds of one theory."""

    parameters: dict[str, Floats]
    """Value of every parameter [world]."""
    axes: dict[str, npt.NDArray[Any]]
    """Id of the rival on every axis [world]."""
    streams: npt.NDArray[np.int64] | None = None
    """Numbers of the random streams that posterior draws bring along [world]; None: the worlds' own numbers."""
    streams_seed: int = 0


def dimensions(case: Case) -> int:
    """Number of uncertain dimensions: one an axis, one a parameter."""
    return len(case.axes) + len(PARAMETERS)


def _ordered_axes(case: Case) -> list[Axis]:
    """Axes whose weights depend on another axis come after it."""
    return sorted(case.axes.values(), key=lambda axis: axis.weights_given is not None)


def _rivals(axis: Axis, theory: Theory, drawn: Mapping[str, npt.NDArray[Any]], u: Floats) -> npt.NDArray[Any]:
    """Rival of an axis in every world: fixed by the theory, else drawn with equal or conditional weights."""
    names = list(axis.rivals)
    if axis.id in theory.fixes:
        return np.full(len(u), theory.fixes[axis.id], dtype=object)
    weights = np.full((len(u), len(names)), 1.0 / len(names))
    if axis.weights_given is not None:
        for other, row in axis.weights_given.table.items():
            weights[drawn[axis.weights_given.axis] == other] = [row[name] for name in names]
    index = (u[:, None] > np.cumsum(weights, axis=1)[:, :-1]).sum(axis=1)
    chosen: npt.NDArray[Any] = np.array(names, dtype=object)[index]
    return chosen


def draw_worlds(case: Case, theory: Theory, points: Floats) -> Draws:
    """Draw worlds of a theory.

    Parameters
    ----------
    case
        Axes and parameters.
    theory
        Which rivals are fixed; the others share the mixture.
    points
        Points of the unit cube [world, dimension], as many dimensions as :func:`dimensions` says.
    """
    axes: dict[str, npt.NDArray[Any]] = {}
    places = {name: number for number, name in enumerate(case.axes)}
    for axis in _ordered_axes(case):
        axes[axis.id] = _rivals(axis, theory, axes, points[:, places[axis.id]])
    parameters: dict[str, Floats] = {}
    for number, (name, schema) in enumerate(PARAMETERS.items()):
        u, entry = points[:, len(case.axes) + number], case.parameters[name]
        drawn = np.empty(len(u))
        rest = np.ones(len(u), dtype=bool)
        for rival, distribution in entry.rivals.items():
            here = axes[entry.axis] == rival if entry.axis else np.zeros(len(u), dtype=bool)
            if here.any():
                drawn[here] = quantile(distribution, u[here], schema.low, schema.high)
            rest &= ~here
        if rest.any():
            drawn[rest] = quantile(entry.distribution, u[rest], schema.low, schema.high)
        parameters[name] = drawn
    return Draws(parameters, axes)
