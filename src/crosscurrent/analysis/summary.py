"""Levels and paired differences of policies: the table that every report starts from.

The same world under two policies shares every random draw, so the difference between the two is the
policy's and not luck.  All intervals are over worlds (5 % to 95 %) and state what the drawn beliefs leave
open; the Monte-Carlo error says how much of a figure is owed to the number of worlds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InputError, did_you_mean
from ..study.results import Results
from ..study.sampling import monte_carlo_error
from ..study.specification import STATUS_QUO

__all__ = [
    "MAIN_MEASURES",
    "CostRow",
    "Row",
    "chosen_measures",
    "comparison",
    "cost_effects",
    "distinguishable",
    "main_measures",
    "measure_tables",
    "paired",
    "quantiles",
]

MAIN_MEASURES = (
    "homicides", "homicides_and_missing", "overdose_deaths", "landed_fentanyl", "security_cooperation",
    "cost_us", "cost_mx",
)  # fmt: skip
"""What is shown first; every other measure is in the table and the dataset."""
LEVELS = (5.0, 50.0, 95.0)
_BYTES_AT_A_TIME = 400_000_000

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """A measure under a policy and a theory: level, and paired difference from the status quo."""

    policy: str
    theory: str
    measure: str
    unit: str
    p05: float
    p50: float
    p95: float
    difference_p05: float
    difference_p50: float
    difference_p95: float
    mc_error: float
    """Monte-Carlo standard error of ``difference_p50``."""
    level_mc_error: float
    """Monte-Carlo standard error of ``p50``."""
    worlds: int
    """Worlds behind the level: those that did not fail."""
    pairs: int
    """Worlds behind the difference: those that failed neither here nor under the status quo."""
    failed: int
    """Worlds left out of the level."""

    @property
    def distinguishable(self) -> bool:
        """Whether the difference is told from none; see :func:`distinguishable`."""
        return bool(
            distinguishable(self.difference_p05, self.difference_p50, self.difference_p95, self.mc_error)
        )


@dataclass(frozen=True)
class CostRow:
    """Change of a measure for each billion USD that a policy costs above the status quo."""

    policy: str
    theory: str
    measure: str
    unit: str
    added_cost_p50: float
    """Median added cost of both countries together, billion USD."""
    p05: float
    p50: float
    p95: float
    worlds: int
    """Worlds in which the policy cost more than the status quo; the figures are NaN when fewer than 95 %
    do.
    """


def distinguishable(
    p05: npt.ArrayLike, p50: npt.ArrayLike, p95: npt.ArrayLike, error: npt.ArrayLike
) -> npt.NDArray[np.bool_]:
    """Whether a paired difference is told from none: the interval leaves out 0, and the median is beyond
    two Monte-Carlo errors.

    A missing error (too few worlds to tell it) never counts as told.

    >>> bool(distinguishable(1.0, 2.0, 3.0, 0.1)), bool(distinguishable(-1.0, 2.0, 3.0, 0.1))
    (True, False)
    """
    low, middle, high = (np.asarray(value, dtype=np.float64) for value in (p05, p50, p95))
    bound = 2.0 * np.asarray(error, dtype=np.float64)
    return np.asarray(((low > 0) | (high < 0)) & (np.abs(middle) > bound))


def quantiles(table: Floats, levels: Sequence[float] = LEVELS) -> Floats:
    """Percentiles over worlds that did not fail, [..., level]; NaN where none is left.

    >>> quantiles(np.array([[1.0, 3.0, np.nan]])).round(1).tolist()
    [[1.1, 2.0, 2.9]]
    """
    ordered = np.sort(table, axis=-1)
    count = np.isfinite(table).sum(axis=-1)[..., None]
    place = np.asarray(levels) / 100.0 * np.maximum(count - 1, 0)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    low, high = np.take_along_axis(ordered, below, -1), np.take_along_axis(ordered, above, -1)
    return np.asarray(np.where(count > 0, low + (place - below) * (high - low), np.nan))


def chosen_measures(results: Results, measures: Sequence[str] | None) -> tuple[str, ...]:
    """Measures asked for, or all of the study's.

    Raises
    ------
    InputError
        If one is not in the results.
    """
    known = results.measures
    if measures is None:
        return tuple(name for name in known if name in results.study.measures) or known
    for name in measures:
        if name not in known:
            raise InputError("unknown measure in these results", given=name, fix=did_you_mean(name, known))
    return tuple(measures)


def main_measures(results: Results) -> tuple[str, ...]:
    """The measures shown first: the main ones that the study asks for, or else its own first six."""
    asked = results.study.measures or results.measures
    found = tuple(name for name in MAIN_MEASURES if name in asked)
    return found or asked[: len(MAIN_MEASURES)]


def measure_tables(results: Results, measures: Sequence[str]) -> Iterator[tuple[str, Floats]]:
    """Tables [policy, theory, world] one by one, read a few at a time so that a large study fits memory."""
    size = 8 * len(results.policies) * len(results.theories) * results.study.worlds
    step = max(1, _BYTES_AT_A_TIME // max(size, 1))
    for first in range(0, len(measures), step):
        yield from results.tables(measures[first : first + step]).items()


def paired(table: Floats, reference: int) -> Floats:
    """Difference from one policy in the same world, [policy, theory, world]; NaN if either failed."""
    return np.asarray(table - table[reference])


def comparison(results: Results, measures: Sequence[str] | None = None) -> list[Row]:
    """Levels and paired differences from the status quo.

    Parameters
    ----------
    results : Results
    measures : sequence of str, optional
        All of the study's by default.

    Returns
    -------
    list of Row
        By measure, policy and theory, in the order of the results.

    Raises
    ------
    InputError
        If a measure is not in the results.
    """
    names = chosen_measures(results, measures)
    reference, labels = results.policies.index(STATUS_QUO), results.labels
    rows: list[Row] = []
    for name, table in measure_tables(results, names):
        change = paired(table, reference)
        level, difference = quantiles(table), quantiles(change)
        level_error = monte_carlo_error(table, results.worlds)
        error = monte_carlo_error(change, results.worlds)
        worlds, pairs = np.isfinite(table).sum(axis=-1), np.isfinite(change).sum(axis=-1)
        unit = labels[name].unit if name in labels else ""
        for p, policy in enumerate(results.policies):
            for t, theory in enumerate(results.theories):
                low, middle, high = level[p, t].tolist()
                change_low, change_middle, change_high = difference[p, t].tolist()
                rows.append(
                    Row(
                        policy, theory, name, unit, low, middle, high, change_low, change_middle, change_high,
                        float(error[p, t]), float(level_error[p, t]), int(worlds[p, t]), int(pairs[p, t]),
                        int(table.shape[-1] - worlds[p, t]),
                    )
                )  # fmt: skip
    return rows


def cost_effects(results: Results, measures: Sequence[str] | None = None) -> list[CostRow]:
    """Change of a measure per billion USD added, world by world: a comparison at equal cost for small doses.

    A ratio means something only where the policy costs more than the status quo; where it does in fewer
    than 95 % of worlds the figures are left out rather than guessed.  Empty if the study holds no costs.
    """
    if not {"cost_us", "cost_mx"} <= set(results.measures):
        return []
    asked = chosen_measures(results, measures)
    names = [name for name in asked if name not in ("cost_us", "cost_mx")]
    reference, labels = results.policies.index(STATUS_QUO), results.labels
    costs = results.tables(["cost_us", "cost_mx"])
    added = paired(costs["cost_us"] + costs["cost_mx"], reference) / 1000.0
    middle = quantiles(added, (50.0,))[..., 0]
    usable = added > 0
    share = usable.sum(axis=-1) / np.maximum(np.isfinite(added).sum(axis=-1), 1)
    rows = []
    for name, table in measure_tables(results, names):
        ratio = np.divide(paired(table, reference), added, out=np.full(added.shape, np.nan), where=usable)
        unit = f"{labels[name].unit if name in labels else ''} per billion USD"
        found = np.where((share >= 0.95)[..., None], quantiles(ratio), np.nan)
        for p, policy in enumerate(results.policies):
            for t, theory in enumerate(results.theories):
                if p != reference:
                    low, half, high = found[p, t].tolist()
                    cost, count = float(middle[p, t]), int(usable[p, t].sum())
                    rows.append(CostRow(policy, theory, name, unit, cost, low, half, high, count))
    return rows
