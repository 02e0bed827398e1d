"""Would other worlds give the same box?  Halves of the scrambles are peeled, the other halves judge.

Two questions.  *Which factors recur?*  With hundreds of factors each peel finds some by chance; how often a factor is
restricted in boxes of halves of the worlds is the resampling statistic of [1]_, and keeping those that recur is
stability selection [2]_.  *Does the box hold?*  Its share of interest on worlds that it was not fitted to says
whether there is anything to be found at all.

References
----------
.. [1] Bryant BP, Lempert RJ (2010) Thinking inside the box: a participatory, computer-assisted approach to scenario
   discovery. Technological Forecasting and Social Change 77(1). https://doi.org/10.1016/j.techfore.2009.08.002
.. [2] Meinshausen N, Bühlmann P (2010) Stability selection. Journal of the Royal Statistical Society B 72(4).
   https://doi.org/10.1111/j.1467-9868.2010.00740.x
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..study.sampling import SCRAMBLES
from .prim import Booleans, Rows, Space, peel, restricted_factors, rows_inside
from .prim_choice import PrunedBox, choose_step, pruned

__all__ = ["HeldOut", "halves", "held_out", "recurrence"]


@dataclass(frozen=True)
class HeldOut:
    """Boxes fitted to halves of the worlds, on the other halves."""

    density: float
    """Share of interest in the box, median over halves; NaN if no half has a box."""
    coverage: float
    """Share of the interesting worlds that lie in the box, median over halves."""
    score: float
    """Rise of density over all worlds in its standard errors, median over halves; 0 for a half without a box."""

    @property
    def holds(self) -> bool:
        """Whether boxes hold on worlds that they were not fitted to."""
        return self.score > 2.0


def halves(seed: int, count: int) -> list[npt.NDArray[np.int64]]:
    """Some of the 70 ways to pick four of the eight scrambles, in an order set by the seed.

    >>> [half.tolist() for half in halves(0, 1)] == [half.tolist() for half in halves(0, 2)][:1]
    True
    """
    ways = list(itertools.combinations(range(SCRAMBLES), SCRAMBLES // 2))
    order = np.random.default_rng([seed, 9923]).permutation(len(ways))
    return [np.array(ways[place]) for place in order[:count].tolist()]


def recurrence(
    space: Space,
    interest: Booleans,
    rows: Rows,
    scrambles: npt.NDArray[np.int64],
    *,
    seed: int,
    count: int,
    density: float | None = None,
) -> npt.NDArray[np.float64]:
    """Share of halves of the worlds in which each factor is restricted [factor], 0-1.

    Parameters
    ----------
    space : Space
        Coarse bins do: the question is which factors recur, not where a limit lies.
    interest : bool array [world]
    rows : int array
        Worlds to look at.
    scrambles : int array [world]
        Scramble of every world of the space.
    seed, count : int
        Which halves, and how many (1-70).
    density : float, optional
        As in :func:`~crosscurrent.analysis.prim_choice.choose_step`.
    """
    times = np.zeros(len(space.sizes))
    for half in halves(seed, count):
        inner = rows[np.isin(scrambles[rows], half)]
        if _both_kinds(interest[inner]):
            steps = peel(space, interest, inner)
            dense = density if density is not None and max(s.hits / s.count for s in steps) >= density else None
            chosen = choose_step(steps, int(interest[inner].sum()), dense)
            times += restricted_factors(space, steps[chosen].limits)
    return times / count


def held_out(
    space: Space,
    interest: Booleans,
    rows: Rows,
    scrambles: npt.NDArray[np.int64],
    *,
    tried: int,
    effect: float,
    seed: int,
    count: int,
    density: float | None = None,
) -> HeldOut:
    """Fit boxes to halves of the worlds and judge them on the other halves; see :func:`recurrence`.

    ``tried`` is how many restrictions were possible and ``effect`` how many rows are worth one independent world, as
    in :func:`~crosscurrent.analysis.prim_choice.pruned`.
    """
    densities, coverages, scores = [], [], []
    for half in halves(seed, count):
        inner = np.isin(scrambles[rows], half)
        box = _box(space, interest, rows[inner], (tried, effect), density)
        outer = rows[~inner]
        if box is None or not _both_kinds(interest[outer]):
            scores.append(0.0)
            continue
        rate = float(interest[outer].mean())
        held = rows_inside(space, box.limits, outer)
        found = float(interest[held].mean()) if len(held) else 0.0
        densities.append(found)
        coverages.append(float(interest[held].sum() / interest[outer].sum()))
        scores.append((found - rate) / np.sqrt(rate * (1 - rate) / max(len(held) / effect, 1.0)))
    return HeldOut(_median(densities), _median(coverages), _median(scores))


def _both_kinds(interest: Booleans) -> bool:
    return bool(interest.any() and not interest.all())


def _box(
    space: Space, interest: Booleans, rows: Rows, tests: tuple[int, float], density: float | None
) -> PrunedBox | None:
    if not _both_kinds(interest[rows]):
        return None
    steps = peel(space, interest, rows)
    if density is not None and max(step.hits / step.count for step in steps) < density:
        return None
    chosen = choose_step(steps, int(interest[rows].sum()), density)
    box = pruned(space, interest, rows, steps[chosen].limits, tried=tests[0], effect=tests[1])
    return box if box.restrictions else None


def _median(values: list[float]) -> float:
    return float(np.median(values)) if values else float("nan")
