"""Tests of claims in single worlds, and the verdict over many: pure functions of figures.

That a policy makes no difference is never read off an effect that cannot be seen; it is a statement with a margin,
held or not in each world [1]_.  Where no world speaks against a claim, three unseen worlds bound the error [2]_.

References
----------
.. [1] Schuirmann DJ (1987) A comparison of the two one-sided tests procedure and the power approach for assessing
   equivalence. J. Pharmacokinet. Biopharm. 15(6). https://doi.org/10.1007/BF01068419
.. [2] Hanley JA, Lippman-Hand A (1983) If nothing goes wrong, is everything all right? JAMA 249(13).
   https://doi.org/10.1001/jama.1983.03330370053031
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from .claims_records import CellVerdict, Reading, RivalReading, Verdict
from .flips_design import ROUNDING, Counts, Floats, rounded_off, scramble_mean
from .flips_records import Share

__all__ = ["CLEAR", "cell_verdict", "outcome", "overall_verdict", "share_of", "side_of_half", "together"]

CLEAR = 0.8
"""A claim holds clearly where its share of worlds less 1.645 errors is beyond this, and fails clearly likewise below
1 less this.
"""
_BOUND = 1.645


def outcome(direction: str, margin: float | None, figure: Floats, other: Floats) -> Floats:
    """1 where a test holds in a world, -1 where its opposite does, 0 where the figures are the same.

    Equivalence and fixed values have no third case: 1 or -1.  NaN where a figure is.

    >>> outcome("lower", None, np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 2.0])).tolist()
    [1.0, 0.0, -1.0]
    >>> outcome("equivalent", 0.05, np.array([96.0, 94.0]), np.array([100.0, 100.0])).tolist()
    [1.0, -1.0]
    """
    change = rounded_off(other, figure)
    bound = float("nan") if margin is None else margin
    if direction in ("lower", "higher"):
        found = np.sign(change if direction == "higher" else -change) + 0.0
    elif direction in ("not_lower", "not_higher"):
        against = change < 0 if direction == "not_lower" else change > 0
        found = np.where(against, -1.0, 1.0)
    elif direction == "equivalent":
        slack = ROUNDING * np.maximum(np.abs(figure), np.abs(other))
        found = np.where(np.abs(change) <= bound * np.abs(other) + slack, 1.0, -1.0)
    else:
        limit = bound * other if direction.startswith("ratio") else np.full_like(figure, bound)
        beyond = figure < limit if direction.endswith("below") else figure > limit
        found = np.where(beyond, 1.0, -1.0)
        other = other if direction.startswith("ratio") else figure
    return np.asarray(np.where(np.isfinite(figure) & np.isfinite(other), found, np.nan))


def together(outcomes: Sequence[Floats]) -> Floats:
    """All of several statements: 1 where each holds, -1 where the opposite of one does, 0 otherwise.

    >>> together([np.array([1.0, 1.0, 1.0]), np.array([1.0, 0.0, -1.0])]).tolist()
    [1.0, 0.0, -1.0]
    """
    return np.asarray(np.min(np.stack(outcomes), axis=0))


def share_of(holds: npt.NDArray[np.bool_], scrambles: Counts) -> Share:
    """Share of worlds with its Monte-Carlo error, which is at least that of three unseen worlds.

    >>> share_of(np.ones(300, dtype=bool), np.arange(300) % 8).value
    1.0
    """
    value, error = scramble_mean(holds.astype(np.float64), scrambles)
    if not len(holds):
        return Share(value, error)
    floor = 3.0 / (_BOUND * len(holds))
    return Share(value, max(error, floor) if np.isfinite(error) else float("nan"))


def cell_verdict(share: Share) -> CellVerdict:
    """Verdict of one share.

    >>> cell_verdict(Share(0.9, 0.02)), cell_verdict(Share(0.9, 0.1)), cell_verdict(Share(0.1, 0.02))
    ('holds', 'not clear', 'fails')
    """
    if share.value - _BOUND * share.error > CLEAR:
        return "holds"
    return "fails" if share.value + _BOUND * share.error < 1.0 - CLEAR else "not clear"


def side_of_half(share: Share) -> int:
    """1 where a share is above a half beyond error, -1 where it is below, 0 where that cannot be told."""
    if share.value - _BOUND * share.error > 0.5:
        return 1
    return -1 if share.value + _BOUND * share.error < 0.5 else 0


def overall_verdict(readings: Sequence[Reading], rivals: Iterable[RivalReading]) -> Verdict:
    """Verdict over theories and dates; no theory outvotes another.

    It depends where a claim holds in more than half of the worlds under one theory, date or rival and in fewer than
    half under another, both beyond error.
    """
    if not readings:
        return "not decided"
    cells = {reading.verdict for reading in readings}
    if cells == {"holds"}:
        return "holds clearly"
    if cells == {"fails"}:
        return "fails clearly"
    sides = {side_of_half(reading.holds) for reading in readings}
    by_axis: dict[tuple[str, int], set[int]] = {}
    for rival in rivals:
        by_axis.setdefault((rival.axis, rival.month), set()).add(side_of_half(rival.holds))
    if {1, -1} <= sides or any({1, -1} <= found for found in by_axis.values()):
        return "depends"
    return "not clear"
