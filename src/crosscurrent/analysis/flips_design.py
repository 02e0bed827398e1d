"""What worlds were assumed to be like, laid out for asking which assumption goes with an outcome.

Worlds of several theories are pooled, each theory counting alike; every assumption (the theory itself, the rival on
each axis, the value of each parameter) becomes a few bins, so that thousands of rules can be tried from small tables.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..study.sampling import SCRAMBLES, scramble_of

if TYPE_CHECKING:
    from ..study.results import Results

__all__ = [
    "BINS", "MIXTURE", "ROUNDING", "THEORY", "Assumption", "Design", "design_of", "make_design", "pooled_theories",
    "read_design", "rounded_off", "scramble_mean",
]  # fmt: skip

BINS = 32
"""Bins of a parameter: equal shares of the pooled worlds."""
MIXTURE = "even"
"""The mixture of all rivals; never counted as a theory."""
THEORY = "theory"
"""Name of the assumption that stands for the choice of theory."""
ROUNDING = 1e-6
"""Relative difference up to which two figures are alike: weekly single-precision sums do not tell them apart."""
_EDGES_FROM = 8192
"""Edges of bins are read from at most so many worlds; they need not be exact."""

Kind = Literal["theory", "axis", "parameter"]
Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Assumption:
    """Something that is assumed in each world."""

    name: str
    kind: Kind
    rivals: tuple[str, ...]
    """Theories or rivals, in the order of their codes; empty for a parameter."""


@dataclass(frozen=True)
class Design:
    """Assumptions of pooled worlds."""

    theories: tuple[str, ...]
    """Theories in the pool."""
    theory: Counts
    """[row], place of the theory of each pooled world in ``theories``."""
    worlds: Counts
    """[row], number of the world within its theory."""
    assumptions: tuple[Assumption, ...]
    bins: npt.NDArray[np.uint8]
    """[assumption, row], bin of a parameter or code of a rival."""
    edges: tuple[Floats, ...]
    """Inner edges of the bins of each parameter; empty for theory and axes."""
    values: npt.NDArray[np.float32]
    """[parameter, row], drawn values."""
    left_out: tuple[str, ...]
    """Parameters that are not drawn, or not finite, in some world of the pool: no rule on them is tried."""

    @property
    def scrambles(self) -> Counts:
        """[row], scramble (0-7) of each pooled world."""
        return scramble_of(self.worlds)

    def place(self, name: str) -> int:
        """Place of an assumption by name.

        Raises
        ------
        InputError
            If there is none of that name.
        """
        for number, item in enumerate(self.assumptions):
            if item.name == name:
                return number
        raise InputError("unknown assumption", given=name)

    def drawn(self, number: int) -> npt.NDArray[np.float32]:
        """Values of the parameter at a place among the assumptions, [row]."""
        first = len(self.assumptions) - len(self.values)
        return np.asarray(self.values[number - first])

    def column(self, table: Floats) -> Floats:
        """Values [row] of a table [theory, world] of the pooled theories."""
        return np.asarray(table[self.theory, self.worlds])


def pooled_theories(theories: Sequence[str]) -> tuple[str, ...]:
    """Theories whose worlds are pooled: all but the mixture, or the mixture if there is nothing else.

    >>> pooled_theories(["force-deters", "even"]), pooled_theories(["even"])
    (('force-deters',), ('even',))
    """
    return tuple(name for name in theories if name != MIXTURE) or tuple(theories)


def read_design(results: Results, theories: Sequence[str] | None = None, worlds: int | None = None) -> Design:
    """Read what was drawn in the worlds of some theories.

    Parameters
    ----------
    results : Results
    theories : sequence of str, optional
        Those of :func:`pooled_theories` by default.
    worlds : int, optional
        Only the first so many worlds of each theory.

    Raises
    ------
    InputError
        If the theories do not share their axes.
    """
    chosen = tuple(theories) if theories is not None else pooled_theories(results.theories)
    count = results.study.worlds if worlds is None else min(worlds, results.study.worlds)
    drawn = [_first(results.parameters(name), count) for name in chosen]
    return make_design(chosen, count, drawn, [_first(results.axes(name), count) for name in chosen])


def make_design(
    theories: Sequence[str],
    count: int,
    drawn: Sequence[Mapping[str, npt.NDArray[Any]]],
    axes: Sequence[Mapping[str, npt.NDArray[Any]]],
) -> Design:
    """Lay out what was drawn in worlds 0 to ``count - 1`` of each theory of a pool.

    Parameters
    ----------
    theories : sequence of str
    count : int
    drawn : sequence of mappings
        For each theory, values of each parameter [world].
    axes : sequence of mappings
        For each theory, the rival on each axis [world].

    Raises
    ------
    InputError
        If the theories do not share their axes.
    """
    if any(set(found) != set(axes[0]) for found in axes):
        raise InputError("the theories of these results have different axes", given=", ".join(theories))
    names = [name for name in drawn[0] if all(name in found for found in drawn)]
    values = np.empty((len(names), count * len(theories)), dtype=np.float32)
    for number, name in enumerate(names):
        for place, found in enumerate(drawn):
            values[number, place * count : (place + 1) * count] = found[name]
    finite = [bool(np.isfinite(row).all()) for row in values]
    left_out = tuple(name for name, sound in zip(names, finite, strict=True) if not sound)
    left_out += tuple(sorted({name for found in drawn for name in found} - set(names)))
    kept = [number for number, sound in enumerate(finite) if sound and np.ptp(values[number]) > 0]
    return _laid_out(tuple(theories), count, axes, [names[k] for k in kept], values[kept], left_out)


_KEPT: weakref.WeakKeyDictionary[Results, Design] = weakref.WeakKeyDictionary()


def design_of(results: Results) -> Design:
    """The design of all pooled worlds, read once for as long as these results are in use."""
    if results not in _KEPT:
        _KEPT[results] = read_design(results)
    return _KEPT[results]


def _first(columns: Mapping[str, npt.NDArray[Any]], count: int) -> dict[str, npt.NDArray[Any]]:
    return {name: values[:count] for name, values in columns.items()}


def _laid_out(
    theories: tuple[str, ...],
    count: int,
    axes: Sequence[Mapping[str, npt.NDArray[Any]]],
    names: Sequence[str],
    values: npt.NDArray[np.float32],
    left_out: tuple[str, ...],
) -> Design:
    theory = np.repeat(np.arange(len(theories)), count)
    assumptions, rows, edges = [], [], []
    if len(theories) > 1:
        assumptions.append(Assumption(THEORY, "theory", theories))
        rows.append(theory.astype(np.uint8))
        edges.append(np.zeros(0))
    for axis in axes[0]:
        rivals, codes = np.unique(np.concatenate([found[axis].astype(str) for found in axes]), return_inverse=True)
        if 1 < len(rivals) <= BINS:
            assumptions.append(Assumption(axis, "axis", tuple(str(name) for name in rivals)))
            rows.append(codes.astype(np.uint8))
            edges.append(np.zeros(0))
    step = max(1, values.shape[1] // _EDGES_FROM)
    for name, row in zip(names, values, strict=True):
        inner = np.unique(np.quantile(row[::step], np.arange(1, BINS) / BINS).astype(np.float32))
        assumptions.append(Assumption(name, "parameter", ()))
        rows.append(np.searchsorted(inner, row, side="left").astype(np.uint8))
        edges.append(inner.astype(np.float64))
    bins = np.stack(rows) if rows else np.zeros((0, len(theory)), dtype=np.uint8)
    numbers = np.tile(np.arange(count), len(theories))
    return Design(theories, theory, numbers, tuple(assumptions), bins, tuple(edges), values, left_out)


def rounded_off(first: Floats, second: Floats) -> Floats:
    """Second less first; exactly 0 where they differ by no more than single precision may.

    >>> rounded_off(np.array([1000.0, 1000.0]), np.array([1000.0001, 1001.0])).tolist()
    [0.0, 1.0]
    """
    change = second - first
    return np.asarray(np.where(np.abs(change) <= ROUNDING * np.maximum(np.abs(first), np.abs(second)), 0.0, change))


def scramble_mean(values: Floats, scrambles: Counts) -> tuple[float, float]:
    """Mean over rows, and its Monte-Carlo error from the scrambles' means; NaN where there are no rows.

    >>> scramble_mean(np.array([1.0, 0.0, 1.0, 0.0]), np.array([0, 1, 0, 1]))
    (0.5, 0.5)
    """
    if not len(values):
        return float("nan"), float("nan")
    counts = np.bincount(scrambles, minlength=SCRAMBLES)
    sums = np.bincount(scrambles, weights=values, minlength=SCRAMBLES)
    means = sums[counts > 0] / counts[counts > 0]
    error = float(np.std(means, ddof=1) / np.sqrt(len(means))) if len(means) > 1 else float("nan")
    return float(values.mean()), error
