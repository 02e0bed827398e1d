"""Which policies of a search are kept, and how far it has come.

The archive keeps one policy a box of the objectives' space and only boxes that no other dominates [1]_, so that it
stays finite and its growth says whether the search still finds what is worth a step.  The hypervolume is the share of a
fixed box of that space that the archive dominates.

References
----------
.. [1] M. Laumanns, L. Thiele, K. Deb and E. Zitzler (2002), "Combining convergence and diversity in evolutionary
   multiobjective optimization", Evolutionary Computation 10(3), doi:10.1162/106365602760234108.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from .sampling import SCRAMBLES, world_points

__all__ = ["Archive", "Ruler", "hypervolume_share", "non_dominated"]

Floats = npt.NDArray[np.float64]
STEPS_ACROSS = 20
"""Where no step is stated, an objective's step is this part of its range in the first generation."""
POINTS = 4096


@dataclass(frozen=True)
class Ruler:
    """What distances in the objectives' space are measured with; fixed by the first generation."""

    low: Floats
    """Smallest figure of the first generation [objective]."""
    high: Floats
    step: Floats
    """Smallest difference that counts [objective]."""

    @classmethod
    def of(cls, objectives: Floats, violations: Floats, steps: tuple[float | None, ...]) -> Ruler:
        """From the first generation [policy, objective]; policies that break a constraint count if all do."""
        sound = (violations <= 0.0).all(axis=1)
        some = objectives[sound] if sound.any() else objectives
        low, high = some.min(axis=0), some.max(axis=0)
        width = np.where(high > low, high - low, 1.0)
        stated = np.array([np.nan if step is None else step for step in steps])
        return cls(low, low + width, np.where(np.isfinite(stated), stated, width / STEPS_ACROSS))


@dataclass
class Archive:
    """Policies kept, by their number among all that were judged."""

    ruler: Ruler
    numbers: list[int] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)
    boxes: list[Floats] = field(default_factory=list)
    progress: int = 0
    """How often a policy entered a box that nothing had dominated or held."""

    def add(self, number: int, value: Floats, violations: Floats) -> bool:
        """Offer a policy; says whether it is kept."""
        if (violations > 0.0).any():
            return False
        box = np.floor((value - self.ruler.low) / self.ruler.step)
        if not self.numbers:
            return self._enter(number, value, box, np.zeros(0, dtype=bool))
        held = np.array(self.boxes)
        same = (held == box).all(axis=1)
        if same.any():
            place = int(np.flatnonzero(same)[0])
            if self._distance(value, box) >= self._distance(self.values[place], box):
                return False
            self.numbers[place], self.values[place] = number, value
            return True
        if (held <= box).all(axis=1).any():
            return False
        beaten: npt.NDArray[np.bool_] = np.asarray((box <= held).all(axis=1))
        return self._enter(number, value, box, beaten)

    def _distance(self, value: Floats, box: Floats) -> float:
        corner = self.ruler.low + box * self.ruler.step
        return float((((value - corner) / self.ruler.step) ** 2).sum())

    def _enter(self, number: int, value: Floats, box: Floats, beaten: npt.NDArray[np.bool_]) -> bool:
        kept = np.flatnonzero(~beaten)
        self.numbers = [*(self.numbers[i] for i in kept), number]
        self.values = [*(self.values[i] for i in kept), value]
        self.boxes = [*(self.boxes[i] for i in kept), box]
        self.progress += 1
        return True

    def front(self) -> list[int]:
        """Numbers of the kept policies that no other kept one dominates, in order."""
        if not self.numbers:
            return []
        good = non_dominated(np.array(self.values))
        return sorted(number for number, is_good in zip(self.numbers, good, strict=True) if is_good)


def non_dominated(values: Floats) -> npt.NDArray[np.bool_]:
    """Which points no other dominates, less being better [point]; values [point, objective].

    >>> non_dominated(np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])).tolist()
    [True, True, False]
    """
    good = np.ones(len(values), dtype=bool)
    for place, value in enumerate(values):
        good[place] = not ((values <= value).all(axis=1) & (values < value).any(axis=1)).any()
    return good


@functools.cache
def _cube(dimensions: int) -> Floats:
    return world_points(0, np.arange(POINTS), dimensions)


def hypervolume_share(values: Floats, ruler: Ruler) -> tuple[float, float]:
    """Share of a box that points dominate, and its standard error over eight scrambles of points.

    The box reaches from the first generation's largest figures to as far below its smallest as those are below the
    largest.

    >>> ruler = Ruler(np.array([1.0, 1.0]), np.array([2.0, 2.0]), np.array([0.1, 0.1]))
    >>> share, _ = hypervolume_share(np.array([[1.0, 1.0]]), ruler)
    >>> round(share, 2)
    0.25
    """
    low, width = 2.0 * ruler.low - ruler.high, 2.0 * (ruler.high - ruler.low)
    points = low + _cube(len(width)) * width
    inside = np.zeros(POINTS, dtype=bool)
    for value in values:
        inside |= (value <= points).all(axis=1)
    shares = [float(inside[s::SCRAMBLES].mean()) for s in range(SCRAMBLES)]
    return float(np.mean(shares)), float(np.std(shares, ddof=1) / np.sqrt(SCRAMBLES))
