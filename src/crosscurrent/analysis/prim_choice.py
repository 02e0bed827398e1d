"""Which box of a trajectory to look at, and which of its restrictions stand.

A long trajectory restricts factors by chance.  The quasi-p value of a restriction is how often a binomial draw would
reach the box's share of interest if the restriction did nothing [1]_: restrictions above a level, corrected for the
number that were tried, are dropped one by one, the weakest first.  The test looks at worlds that the box was fitted
to, hence "quasi"; held-out worlds (:mod:`crosscurrent.analysis.prim_resampling`) are the harder test.

References
----------
.. [1] Bryant BP, Lempert RJ (2010) Thinking inside the box: a participatory, computer-assisted approach to scenario
   discovery. Technological Forecasting and Social Change 77(1). https://doi.org/10.1016/j.techfore.2009.08.002
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from .prim import Booleans, Limits, Rows, Side, Space, Step, whole

__all__ = ["LEVEL", "PrunedBox", "Restricted", "choose_step", "possible", "pruned", "quasi_p"]

LEVEL = 0.05
"""A restriction stands if its quasi-p value, times the number of restrictions tried, is below this."""


class Restricted(NamedTuple):
    """One restriction of a box, and the box without it."""

    factor: int
    """Place in the space."""
    side: Side
    quasi_p: float
    density_without: float
    coverage_without: float


@dataclass(frozen=True)
class PrunedBox:
    """A box with the restrictions that stand."""

    limits: Limits
    rows: Rows
    """Worlds in it."""
    hits: int
    restrictions: tuple[Restricted, ...]
    """Empty if none stands."""


def quasi_p(hits: int, count: int, hits_without: int, count_without: int, effect: float = 1.0) -> float:
    """Chance of at least so many worlds of interest among those in the box, at the share that holds without the
    restriction; 0-1.

    ``effect`` is how many rows are worth one independent world
    (:func:`~crosscurrent.analysis.repeated_worlds.design_effect`).

    >>> quasi_p(10, 10, 10, 10), round(quasi_p(10, 10, 10, 20), 6)
    (1.0, 0.000977)
    """
    from scipy.special import betainc

    share = hits_without / max(count_without, 1)
    return float(betainc(hits / effect, (count - hits) / effect + 1, share)) if hits > 0 else 1.0


def possible(space: Space) -> int:
    """How many restrictions a box may have: two ends of a number, each category by itself."""
    return 2 * space.ordered + int(space.sizes[space.ordered :].sum())


def choose_step(steps: Sequence[Step], interesting: int, density: float | None = None) -> int:
    """The box with the largest harmonic mean of coverage and density, or the widest with a density asked for.

    Parameters
    ----------
    steps : sequence of Step
    interesting : int
        Worlds of interest in all, above 0.
    density : float, optional
        Smallest share of interest that the box must have, 0-1.

    Raises
    ------
    InputError
        If no box is as dense as asked.
    """
    found = [(step.hits / interesting, step.hits / step.count) for step in steps]
    if density is not None:
        dense = [number for number, (_, its) in enumerate(found) if its >= density]
        if not dense:
            raise InputError(
                "no box is as dense", given=density, expected=f"at most {max(its for _, its in found):.2f}"
            )
        return max(dense, key=lambda number: found[number][0])
    means = [2 * a * b / (a + b) if a + b > 0 else 0.0 for a, b in found]
    return int(np.argmax(means))


class _Violations:
    """Which worlds break which restriction; dropping one is a subtraction."""

    def __init__(self, space: Space, limits: Limits, rows: Rows) -> None:
        base = whole(space)
        self.names: list[tuple[int, Side]] = []
        masks: list[Booleans] = []
        for factor in np.flatnonzero(limits.first > base.first).tolist():
            self.names.append((factor, "low"))
            masks.append(space.codes[factor, rows] < limits.first[factor])
        for factor in np.flatnonzero(limits.last < base.last).tolist():
            self.names.append((factor, "high"))
            masks.append(space.codes[factor, rows] > limits.last[factor])
        for number in np.flatnonzero((limits.inside != base.inside).any(axis=1)).tolist():
            self.names.append((space.ordered + number, "category"))
            masks.append(~limits.inside[number][space.codes[space.ordered + number, rows]])
        self.masks = np.stack(masks) if masks else np.zeros((0, len(rows)), dtype=bool)
        self.broken: npt.NDArray[np.int64] = self.masks.sum(axis=0)

    def drop(self, number: int) -> None:
        """Do without a restriction."""
        self.broken = self.broken - self.masks[number]
        self.masks = np.delete(self.masks, number, axis=0)
        del self.names[number]

    def tests(self, interest: Booleans, interesting: int, effect: float) -> list[Restricted]:
        """Every restriction with its quasi-p value."""
        inside = self.broken == 0
        count, hits = int(inside.sum()), int(interest[inside].sum())
        alone = self.masks & (self.broken == 1)
        added, gained = alone.sum(axis=1), (alone & interest).sum(axis=1)
        found = []
        for (factor, side), extra, more in zip(self.names, added.tolist(), gained.tolist(), strict=True):
            without, wide = hits + more, count + extra
            chance = quasi_p(hits, count, without, wide, effect) if count else 1.0
            found.append(Restricted(factor, side, chance, without / max(wide, 1), without / max(interesting, 1)))
        return found


def pruned(
    space: Space, interest: Booleans, rows: Rows, limits: Limits, *, tried: int | None = None,
    effect: float = 1.0, level: float = LEVEL,
) -> PrunedBox:
    """The box without the restrictions that chance explains.

    Parameters
    ----------
    space : Space
    interest : bool array [world]
    rows : int array
        Worlds that the box was fitted to.
    limits : Limits
    tried : int, optional
        Restrictions that were possible; two a number and one a category of the space by default.
    effect : float
        Rows that are worth one independent world.
    level : float
        0-1, before correction for the number of restrictions tried.
    """
    bound = level / max(possible(space) if tried is None else tried, 1)
    chosen, violations = interest[rows], _Violations(space, limits, rows)
    interesting = int(chosen.sum())
    tests = violations.tests(chosen, interesting, effect)
    while tests:
        weakest = max(range(len(tests)), key=lambda number: tests[number].quasi_p)
        if tests[weakest].quasi_p <= bound:
            break
        violations.drop(weakest)
        tests = violations.tests(chosen, interesting, effect)
    inside = violations.broken == 0
    return PrunedBox(
        _only(space, limits, violations.names), rows[inside], int(chosen[inside].sum()),
        tuple(sorted(tests, key=lambda test: test.quasi_p)),
    )  # fmt: skip


def _only(space: Space, limits: Limits, names: Sequence[tuple[int, Side]]) -> Limits:
    """The box with these restrictions and no other."""
    base = whole(space)
    first, last, inside = base.first, base.last.copy(), base.inside.copy()
    for factor, side in names:
        if side == "low":
            first[factor] = limits.first[factor]
        elif side == "high":
            last[factor] = limits.last[factor]
        else:
            inside[factor - space.ordered] = limits.inside[factor - space.ordered]
    return Limits(first, last, inside)
