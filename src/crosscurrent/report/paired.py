"""Quantiles of a measure and of its paired difference from the status quo, by policy and theory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from ..study.results import Results

__all__ = ["LEVELS", "Paired", "clear_direction", "paired", "quantiles_of"]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Levels of every interval in the report."""
CLEAR_SHARE = 0.8
"""A direction is clear when its share of worlds, less 1.645 standard errors, is beyond this."""
_ONE_SIDED = 1.645

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Paired:
    """A measure over the worlds of each policy and theory, and its difference from the status quo world by world."""

    measure: str
    level: Floats
    """[policy, theory, level of LEVELS], in the measure's unit."""
    difference: Floats
    """[policy, theory, level of LEVELS]; zero in the status quo's own row."""
    lower: Floats
    """[policy, theory], share of worlds (0-1) in which the policy gives less than the status quo."""
    higher: Floats
    """[policy, theory], share of worlds in which it gives more."""
    worlds: npt.NDArray[np.int64]
    """[policy, theory], worlds in which neither failed."""


def quantiles_of(values: Floats) -> Floats:
    """Quantiles over the last axis of what is not NaN, at LEVELS; NaN where nothing is left.

    >>> quantiles_of(np.array([[1.0, 3.0, np.nan], [np.nan] * 3]))[:, 2].tolist()
    [2.0, nan]
    """
    flat = values.reshape(-1, values.shape[-1])
    found = np.full((len(flat), len(LEVELS)), np.nan)
    for number, row in enumerate(flat):
        kept = row[np.isfinite(row)]
        if kept.size:
            found[number] = np.quantile(kept, LEVELS)
    return found.reshape(*values.shape[:-1], len(LEVELS))


def paired(results: Results, measure: str) -> Paired:
    """Read a measure and pair every policy with the status quo, world by world.

    Worlds that failed under either policy are left out of the difference and are counted elsewhere.
    """
    from ..study.specification import STATUS_QUO

    table = results.table(measure)
    difference = table - table[results.policies.index(STATUS_QUO)]
    known = np.isfinite(difference)
    count = np.maximum(known.sum(axis=-1), 1)
    with np.errstate(invalid="ignore"):
        lower = (difference < 0).sum(axis=-1) / count
        higher = (difference > 0).sum(axis=-1) / count
    return Paired(measure, quantiles_of(table), quantiles_of(difference), lower, higher, known.sum(axis=-1))


def clear_direction(lower: float, higher: float, worlds: int) -> int:
    """-1 if clearly lower, 1 if clearly higher, 0 if not clear.

    Clear means that the share of a theory's worlds, less 1.645 standard errors, lies beyond 8 in 10.

    >>> clear_direction(0.9, 0.1, 256), clear_direction(0.81, 0.19, 256), clear_direction(0.0, 1.0, 64)
    (-1, 0, 1)
    """
    for share, sign in ((lower, -1), (higher, 1)):
        error = (share * (1 - share) / worlds) ** 0.5 if worlds else 1.0
        if share - _ONE_SIDED * error > CLEAR_SHARE:
            return sign
    return 0
