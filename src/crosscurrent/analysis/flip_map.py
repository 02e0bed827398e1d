"""Which policy is ahead over the plane of two assumptions, in five classes.

A parameter is divided into 26 even steps between the values that leave out 1 in 100 worlds at either end (steps of
its logarithm where 90 in 100 worlds span more than a factor of 50); an axis has one step for each rival.  Each cell is
an average over the worlds around it with Gaussian weights [1]_, as narrow as about 120 worlds of an even spread allow.
A class is given only where the average less 1.645 Monte-Carlo errors still leaves one policy ahead, which few worlds
cannot tell.

References
----------
.. [1] Nadaraya EA (1964) On estimating regression. Theory Probab. Appl. 9(1). https://doi.org/10.1137/1109020
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..study.sampling import SCRAMBLES
from .flips_design import Counts, Design, Floats
from .flips_records import FlipMap, MapAxis, Ranked
from .flips_sources import sources_of

if TYPE_CHECKING:
    from ..case.records import Case

__all__ = ["STEPS", "classes_of", "flip_map"]

STEPS = 26
_FINE = 4
"""Fine steps within a step, in which worlds are counted before averaging."""
_WORLDS = 120.0
_WIDEST = 0.15
"""Widest standard deviation of the weights, as a share of a parameter's worlds."""


def classes_of(lead: Floats, error: Floats) -> npt.NDArray[np.int8]:
    """Class of each cell from its lead (-1 to 1) and error: 2 and 1 for B, -2 and -1 for A, 0 cannot tell.

    Ahead in 80 of 100 worlds is a lead of 0.6, in 60 of 100 one of 0.2.

    >>> classes_of(np.array([0.7, 0.3, 0.3, -0.9]), np.array([0.1, 0.1, 0.2, 0.1])).tolist()
    [2, 1, 0, -2]
    """
    size = np.abs(lead)
    told = np.isfinite(lead) & (size >= 0.2) & (size - 1.645 * error > 0)
    strong = np.where(size >= 0.6, 2, 1)
    return np.asarray(np.where(told, np.sign(np.nan_to_num(lead)) * strong, 0), dtype=np.int8)


def flip_map(
    design: Design, rows: Counts, outcome: Floats, pair: tuple[Ranked, Ranked], case: Case | None
) -> FlipMap:
    """The map of two assumptions.

    Parameters
    ----------
    design, rows, outcome
        Pooled worlds, those used, and their outcome [used]: 1 where B is ahead, 0 where A is, 0.5 where alike.
    pair : (Ranked, Ranked)
        The assumption across and the one up.
    """
    sides = [_steps(design, rows, design.place(item.name)) for item in pair]
    across, up = (_weights(fine, len(rows), other) for fine, other in zip(sides, reversed(sides), strict=True))
    shape = (SCRAMBLES, sides[1][1], sides[0][1])
    place = (design.scrambles[rows] * shape[1] + sides[1][0]) * shape[2] + sides[0][0]
    counts, sums, squares = (
        np.bincount(place, weights=weights, minlength=int(np.prod(shape))).reshape(shape).astype(np.float64)
        for weights in (None, 2.0 * outcome - 1.0, (2.0 * outcome - 1.0) ** 2)
    )
    smooth_n, smooth_s = up @ counts @ across.T, up @ sums @ across.T
    lead, error = _estimate(smooth_n, smooth_s, (up @ squares @ across.T).sum(axis=0))
    axes = [_map_axis(design, rows, item, case) for item in pair]
    theories = tuple(
        (name, _centre(design, rows, pair[0], k), _centre(design, rows, pair[1], k))
        for k, name in enumerate(design.theories)
    )
    middle = smooth_n.sum(axis=0)[smooth_n.shape[1] // 2, smooth_n.shape[2] // 2]
    return FlipMap(axes[0], axes[1], classes_of(lead, error), lead, error, theories, float(middle))


def _estimate(counts: Floats, sums: Floats, squares: Floats) -> tuple[Floats, Floats]:
    """Lead and error of each cell; the error is the larger of that between scrambles and that of single worlds."""
    whole = counts.sum(axis=0)
    lead = np.divide(sums.sum(axis=0), whole, out=np.full(whole.shape, np.nan), where=whole > 1e-9)
    parts = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 1e-9)
    weights = counts / np.maximum(whole, 1e-9)
    between = np.sqrt(((weights * (parts - lead)) ** 2).sum(axis=0) * SCRAMBLES / (SCRAMBLES - 1))
    alone = np.sqrt(np.maximum(squares / np.maximum(whole, 1e-9) - lead**2, 0.0) / np.maximum(whole, 1.0))
    # No world against is not certainty: three over their number bounds what was not seen.
    unseen = 2.0 * 3.0 / (1.645 * np.maximum(whole, 1.0))
    return lead, np.maximum(np.maximum(between, alone), unseen)


@dataclass(frozen=True)
class _Ruler:
    """Places (0-1) of a parameter's values on one side of the map."""

    low: float
    high: float
    logarithmic: bool

    @classmethod
    def of(cls, drawn: npt.NDArray[np.floating]) -> _Ruler:
        low, first, last, high = (float(x) for x in np.quantile(drawn, [0.01, 0.05, 0.95, 0.99]))
        if high <= low:
            low, high = float(drawn.min()), float(drawn.max())
        return cls(low, high, low > 0.0 and last > 50.0 * first)

    def places(self, values: npt.ArrayLike) -> Floats:
        x = np.asarray(values, dtype=np.float64)
        if self.logarithmic:
            share = np.log(np.maximum(x, self.low) / self.low) / np.log(self.high / self.low)
        else:
            share = (x - self.low) / (self.high - self.low)
        return np.asarray(np.clip(share, 0.0, 1.0))

    def values(self, places: Floats) -> Floats:
        if self.logarithmic:
            return np.asarray(self.low * (self.high / self.low) ** places)
        return np.asarray(self.low + places * (self.high - self.low))


def _steps(design: Design, rows: Counts, number: int) -> tuple[Counts, int]:
    """Fine step of each row, and how many there are."""
    item = design.assumptions[number]
    if item.kind != "parameter":
        return design.bins[number][rows].astype(np.int64), len(item.rivals)
    drawn = design.drawn(number)[rows]
    size = STEPS * _FINE
    return np.minimum((_Ruler.of(drawn).places(drawn) * size).astype(np.int64), size - 1), size


def _weights(side: tuple[Counts, int], worlds: int, other: tuple[Counts, int]) -> Floats:
    """Weights [step, fine step]: highest 1 for a parameter, single rivals apart."""
    if side[1] != STEPS * _FINE:
        return np.eye(side[1])
    if other[1] == STEPS * _FINE:
        width = np.sqrt(_WORLDS / (2.0 * np.pi * worlds))
    else:
        width = _WORLDS * other[1] / (np.sqrt(2.0 * np.pi) * worlds)
    width = float(np.clip(width, 0.5 / STEPS, _WIDEST))
    middle, fine = (np.arange(STEPS) + 0.5) / STEPS, (np.arange(STEPS * _FINE) + 0.5) / (STEPS * _FINE)
    return np.asarray(np.exp(-0.5 * ((middle[:, None] - fine[None, :]) / width) ** 2))


def _map_axis(design: Design, rows: Counts, item: Ranked, case: Case | None) -> MapAxis:
    nan, number = float("nan"), design.place(item.name)
    if item.kind != "parameter":
        rivals = design.assumptions[number].rivals
        return MapAxis(item.name, item.kind, (), rivals, nan, nan, nan, item.beyond_noise)
    drawn = design.drawn(number)[rows].astype(np.float64)
    ruler = _Ruler.of(drawn)
    sources = sources_of(item.name, item.kind, case, drawn)
    values = ruler.values((np.arange(STEPS) + 0.5) / STEPS).tolist()
    best, low, high = ruler.places([sources.best, sources.low, sources.high]).tolist()
    return MapAxis(item.name, item.kind, tuple(values), (), best, low, high, item.beyond_noise)


def _centre(design: Design, rows: Counts, item: Ranked, theory: int) -> float:
    """Place (0-1) of a theory's middle world on one side of the map; NaN where rivals have no order."""
    number = design.place(item.name)
    here = design.theory[rows] == theory
    if item.kind == "parameter":
        drawn = design.drawn(number)[rows]
        return float(_Ruler.of(drawn).places(np.median(drawn[here]))) if here.any() else float("nan")
    codes = np.unique(design.bins[number][rows][here])
    size = len(design.assumptions[number].rivals)
    return float((codes[0] + 0.5) / size) if len(codes) == 1 else float("nan")
