"""What a search minimises: one figure a policy for each criterion, over worlds and over theories.

A criterion is a statistic over the worlds of each theory (by default of the paired difference from the status quo),
then the worst, or the mean, of the theories.  Figures are turned so that less is better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..model.schema import MEASURES
from .sampling import SCRAMBLES, scramble_of

__all__ = [
    "COST",
    "DEFAULT_CRITERIA",
    "OVER_THEORIES",
    "OVER_WORLDS",
    "Criterion",
    "criterion_error",
    "criterion_value",
]

Floats = npt.NDArray[np.float64]
COST = "cost"
"""Cost of both countries above the status quo, million USD: ``cost_us`` and ``cost_mx`` together."""
OVER_WORLDS: Mapping[str, float | None] = {
    "median": 0.5, "mean": None, "p05": 0.05, "p10": 0.1, "p25": 0.25, "p75": 0.75, "p90": 0.9, "p95": 0.95,
}  # fmt: skip
"""Statistics over worlds, with the level of those that are quantiles."""
OVER_THEORIES = ("worst", "mean")


@dataclass(frozen=True)
class Criterion:
    """A figure that is to be low (or high), and maybe a bound on it."""

    measure: str
    """A measure, or ``cost``."""
    direction: str
    """``lower`` or ``higher``: which is wanted."""
    over_worlds: str = "median"
    over_theories: str = "worst"
    level: bool = False
    """Whether the level counts, and not the paired difference from the status quo."""
    bound: float | None = None
    """Of a constraint: the figure may not be beyond it."""
    step: float | None = None
    """Of an objective: the smallest difference that counts."""

    @property
    def label(self) -> str:
        """What the criterion is, in a few words.

        >>> Criterion("trust", "higher").label
        'trust: median of the difference, worst theory'
        """
        of = "level" if self.level else "difference"
        theories = "worst theory" if self.over_theories == "worst" else "mean of theories"
        return f"{self.measure.replace('_', ' ')}: {self.over_worlds} of the {of}, {theories}"

    @property
    def unit(self) -> str:
        """Unit of the figure."""
        return "million USD" if self.measure == COST else MEASURES[self.measure].unit

    @property
    def sign(self) -> float:
        """1 if less is better, -1 if more is."""
        return 1.0 if self.direction == "lower" else -1.0

    def shown(self, value: float) -> float:
        """The figure in the measure's own direction, from the one that is minimised."""
        return self.sign * value


DEFAULT_CRITERIA: tuple[Criterion, ...] = (
    Criterion("homicides_and_missing", "lower"),
    Criterion("overdose_deaths", "lower"),
    Criterion("trust", "higher"),
    Criterion(COST, "lower"),
)
"""Objectives of a search that states none."""


def _over_worlds(values: Floats, statistic: str) -> Floats:
    """A statistic over worlds that did not fail, [...]; NaN where none is left."""
    level = OVER_WORLDS[statistic]
    known = np.isfinite(values)
    if not known.any(axis=-1).all():
        parts = values.reshape(-1, values.shape[-1])
        one = [_over_worlds(part[np.isfinite(part)][None], statistic)[0] if np.isfinite(part).any() else np.nan
               for part in parts]  # fmt: skip
        return np.asarray(one, dtype=np.float64).reshape(values.shape[:-1])
    if known.all():
        return np.asarray(values.mean(axis=-1) if level is None else np.quantile(values, level, axis=-1))
    return np.asarray(np.nanmean(values, axis=-1) if level is None else np.nanquantile(values, level, axis=-1))


def criterion_value(criterion: Criterion, values: Floats, status_quo: Floats) -> float:
    """Figure of a policy, turned so that less is better.

    Parameters
    ----------
    criterion
    values, status_quo
        The measure under the policy and under the status quo [theory, world]; NaN where a world failed.

    Returns
    -------
    float
        NaN if a theory has no world left.

    >>> one = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 9.0]])
    >>> criterion_value(Criterion("homicides", "lower"), one, np.zeros((2, 3)))
    5.0
    >>> criterion_value(Criterion("trust", "higher", over_theories="mean"), one, np.zeros((2, 3)))
    -3.5
    """
    table = values if criterion.level else values - status_quo
    by_theory = criterion.sign * _over_worlds(np.asarray(table, dtype=np.float64), criterion.over_worlds)
    if not np.isfinite(by_theory).all():
        return float("nan")
    return float(by_theory.max() if criterion.over_theories == "worst" else by_theory.mean())


def criterion_error(criterion: Criterion, values: Floats, status_quo: Floats, worlds: Sequence[int]) -> float:
    """Monte-Carlo standard error of the figure, from its values in the eight scrambles.

    NaN if a scramble of a theory has no world left.
    """
    scramble = scramble_of(np.asarray(worlds))
    figures = [
        criterion_value(criterion, values[:, scramble == s], status_quo[:, scramble == s])
        if (scramble == s).any()
        else float("nan")
        for s in range(SCRAMBLES)
    ]
    return float(np.std(figures, ddof=1) / np.sqrt(SCRAMBLES))
