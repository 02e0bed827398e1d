"""Quantiles of a measure and of its paired difference from the status quo, by policy and theory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..language import t

if TYPE_CHECKING:
    from ..study.results import Results

__all__ = ["Paired", "clear_direction", "difference_words", "read_pairs"]

_LEVELS = (5.0, 25.0, 50.0, 75.0, 95.0)
_CLEAR_SHARE = 0.95
_NEARLY_ALL = 0.95
"""With more than 5 in 100 worlds unchanged both shares are given, because one does not tell the other."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Paired:
    """A measure over the worlds of each policy and theory, and its difference from the status quo."""

    measure: str
    level: Floats
    """[policy, theory, level], in the measure's unit; levels 5, 25, 50, 75 and 95 in 100."""
    difference: Floats
    """[policy, theory, level]; zero in the status quo's own row."""
    lower: Floats
    """[policy, theory], share of worlds (0-1) in which the policy gives less than the status quo."""
    higher: Floats
    """[policy, theory], share of worlds in which it gives more."""
    worlds: npt.NDArray[np.int64]
    """[policy, theory], worlds in which neither failed."""


def read_pairs(results: Results, measures: Sequence[str]) -> Iterator[Paired]:
    """Read measures and pair every policy with the status quo, world by world.

    Worlds that failed under either policy are left out of the difference and are counted elsewhere.
    """
    from ..analysis.summary import measure_tables, paired, quantiles
    from ..study.specification import STATUS_QUO

    reference = results.policies.index(STATUS_QUO)
    for name, table in measure_tables(results, measures):
        change = paired(table, reference)
        known = np.isfinite(change).sum(axis=-1)
        lower, higher = (sign.sum(axis=-1) / np.maximum(known, 1) for sign in (change < 0, change > 0))
        yield Paired(name, quantiles(table, _LEVELS), quantiles(change, _LEVELS), lower, higher, known)


def clear_direction(lower: float, higher: float, worlds: int) -> int:
    """-1 if clearly lower, 1 if clearly higher, 0 if not clear.

    Clear means at least 95 of 100 of a theory's worlds: the rule by which policies are told apart everywhere else.

    >>> clear_direction(0.96, 0.04, 256), clear_direction(0.9, 0.1, 256), clear_direction(0.0, 1.0, 64)
    (-1, 0, 1)
    """
    for share, sign in ((lower, -1), (higher, 1)):
        if worlds and share >= _CLEAR_SHARE:
            return sign
    return 0


def difference_words(pair: Paired, policy: int, theory: int) -> str:
    """In how many of 100 worlds a policy gives less or more than the status quo; is it clear?"""
    worlds = int(pair.worlds[policy, theory])
    if not worlds:
        return t("no world left")
    lower, higher = float(pair.lower[policy, theory]), float(pair.higher[policy, theory])
    if lower == higher == 0:
        return t("no difference in any world")
    if lower + higher < _NEARLY_ALL:
        words = t("{lower} of 100 lower, {higher} higher", lower=round(100 * lower), higher=round(100 * higher))
    elif lower >= higher:
        words = t("{count} of 100 lower", count=round(100 * lower))
    else:
        words = t("{count} of 100 higher", count=round(100 * higher))
    clear = clear_direction(lower, higher, worlds)
    return words if clear else t("{words}, not clear", words=words)
