"""From a rule to a region: thresholds as intervals, and how sure the division is.

Intervals come from resampling the eight independent scrambles with replacement, not single worlds, because
points of one scramble are not independent [1]_.

References
----------
.. [1] Owen AB (1997) Scrambled net variance for integrals of smooth functions. Ann. Statist. 25(4).
   https://doi.org/10.1214/aos/1031594731
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..study.sampling import SCRAMBLES
from .flips_design import BINS, Counts, Design, Floats
from .flips_rules import Scores, best_box, best_cut, box_orders, box_scores, squares_of

__all__ = ["FoundCondition", "FoundRule", "pair_tables", "rule_of_one", "rule_of_two"]

RESAMPLES = 200
_FINE = 256
"""Bins in which the threshold of a rule on one parameter is looked for."""


@dataclass(frozen=True)
class FoundCondition:
    """A condition in the terms of the design."""

    number: int
    """Place of the assumption in the design."""
    above: bool
    threshold: float
    low: float
    high: float
    rivals: tuple[str, ...]
    stability: float


@dataclass(frozen=True)
class FoundRule:
    """A rule and the rows inside it."""

    conditions: tuple[FoundCondition, ...]
    inside: npt.NDArray[np.bool_]
    """[used], rows for which all conditions hold."""
    score: float
    error: float


def _weights() -> Floats:
    """How often each scramble is taken, [resample, scramble]."""
    picks = np.random.Generator(np.random.PCG64(1)).integers(0, SCRAMBLES, size=(RESAMPLES, SCRAMBLES))
    return np.stack([np.bincount(pick, minlength=SCRAMBLES) for pick in picks]).astype(np.float64)


def _interval(found: Floats, steps: Floats) -> tuple[float, float]:
    """5-95 % of thresholds, widened to the next step on either side: a cut is known to a step only."""
    low, high = np.quantile(found, [0.05, 0.95], method="closest_observation")
    first, last = np.searchsorted(steps, low) - 1, np.searchsorted(steps, high) + 1
    return float(steps[max(first, 0)]), float(steps[min(last, len(steps) - 1)])


def rule_of_one(design: Design, rows: Counts, outcome: Floats, number: int, scores: Scores) -> FoundRule:
    """The rule on one assumption; inside is where the outcome is higher.

    ``scores`` are those of this assumption alone.
    """
    item = design.assumptions[number]
    score, error = float(scores.score), fold_error(scores.folds)
    if item.kind == "parameter":
        values = design.drawn(number)[rows].astype(np.float64)
        condition = _threshold(design, rows, outcome, number, values)
        inside = values > condition.threshold if condition.above else values <= condition.threshold
    else:
        condition = _division(design, rows, outcome, number)
        inside = _is_among(design, rows, number, condition.rivals)
    return FoundRule((condition,), inside, score, error)


def fold_error(folds: Floats) -> float:
    """Monte-Carlo error of a score from what each scramble adds to it."""
    return float(np.std(folds, ddof=1) * np.sqrt(len(folds)))


def _is_among(design: Design, rows: Counts, number: int, rivals: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    codes = [design.assumptions[number].rivals.index(name) for name in rivals]
    return np.isin(design.bins[number][rows], codes)


def _threshold(design: Design, rows: Counts, outcome: Floats, number: int, values: Floats) -> FoundCondition:
    """Where a parameter divides best, in 256 bins."""
    inner = np.unique(np.quantile(values, np.arange(1, _FINE) / _FINE))
    place = design.scrambles[rows] * _FINE + np.searchsorted(inner, values, side="left")
    counts, sums = (
        np.bincount(place, weights=weights, minlength=SCRAMBLES * _FINE).reshape(SCRAMBLES, _FINE)
        for weights in (None, outcome)
    )
    steps = np.concatenate([[values.min()], inner, [values.max()]])
    cut = min(int(best_cut(counts.sum(axis=0), sums.sum(axis=0))[0]), len(inner) - 1)
    above = _rises(counts.sum(axis=0), sums.sum(axis=0), cut)
    weights = _weights()
    again_n, again_s = weights @ counts, weights @ sums
    cuts = np.minimum(best_cut(again_n, again_s)[0], len(inner) - 1)
    same = [_rises(n, s, int(k)) == above for n, s, k in zip(again_n, again_s, cuts, strict=True)]
    low, high = _interval(inner[cuts], steps)
    return FoundCondition(number, above, float(inner[cut]), low, high, (), float(np.mean(same)))


def _rises(counts: Floats, sums: Floats, cut: int) -> bool:
    """Whether the mean outcome is higher above a cut than below it."""
    low = sums[: cut + 1].sum() / max(counts[: cut + 1].sum(), 1.0)
    return bool(sums[cut + 1 :].sum() / max(counts[cut + 1 :].sum(), 1.0) > low)


def _division(design: Design, rows: Counts, outcome: Floats, number: int) -> FoundCondition:
    """Which rivals lie on the side where the outcome is higher."""
    place = design.scrambles[rows] * BINS + design.bins[number][rows]
    counts, sums = (
        np.bincount(place, weights=weights, minlength=SCRAMBLES * BINS).reshape(SCRAMBLES, BINS)
        for weights in (None, outcome)
    )
    names = design.assumptions[number].rivals
    chosen = _upper(counts.sum(axis=0), sums.sum(axis=0), names)
    weights = _weights()
    same = [_upper(n, s, names) == chosen for n, s in zip(weights @ counts, weights @ sums, strict=True)]
    nan = float("nan")
    return FoundCondition(number, True, nan, nan, nan, chosen, float(np.mean(same)))


def _upper(counts: Floats, sums: Floats, names: tuple[str, ...]) -> tuple[str, ...]:
    means = np.divide(sums, counts, out=np.full(len(counts), np.inf), where=counts > 0)
    order = np.argsort(means, kind="stable")
    cut, _ = best_cut(counts[order], sums[order])
    return tuple(names[k] for k in sorted(order[int(cut) + 1 :].tolist()) if k < len(names))


def pair_tables(design: Design, rows: Counts, outcome: Floats, pair: tuple[int, int]) -> tuple[Floats, Floats]:
    """Counts and sums of outcomes [scramble, first bin, second bin] over two assumptions."""
    sizes = [_size(design, number) for number in pair]
    cell = design.bins[pair[0]][rows].astype(np.int64) * sizes[1] + design.bins[pair[1]][rows]
    place = design.scrambles[rows] * (sizes[0] * sizes[1]) + cell
    counts, sums = (
        np.bincount(place, weights=weights, minlength=SCRAMBLES * sizes[0] * sizes[1]).reshape(SCRAMBLES, *sizes)
        for weights in (None, outcome)
    )
    return counts.astype(np.float64), sums.astype(np.float64)


def _size(design: Design, number: int) -> int:
    item = design.assumptions[number]
    return len(design.edges[number]) + 1 if item.kind == "parameter" else len(item.rivals)


def pair_scores(design: Design, rows: Counts, outcome: Floats, pair: tuple[int, int]) -> Scores:
    """Score of the best corner of two assumptions."""
    counts, sums = pair_tables(design, rows, outcome, pair)
    return box_scores(counts, sums, _named(design, pair), squares_of(outcome, design.scrambles[rows]))


def _named(design: Design, pair: tuple[int, int]) -> tuple[bool, bool]:
    first, second = (design.assumptions[number].kind != "parameter" for number in pair)
    return first, second


def rule_of_two(design: Design, rows: Counts, outcome: Floats, pair: tuple[int, int], scores: Scores) -> FoundRule:
    """The corner of two assumptions; on a parameter paired with itself it is a range."""
    counts, sums = pair_tables(design, rows, outcome, pair)
    named = _named(design, pair)
    point = _corner(design, pair, counts.sum(axis=0), sums.sum(axis=0), named)
    again = [
        _corner(design, pair, n, s, named)
        for n, s in zip(np.tensordot(_weights(), counts, 1), np.tensordot(_weights(), sums, 1), strict=True)
    ]
    conditions = tuple(_summed_up(design, number, k, point, again) for k, number in enumerate(pair))
    inside = np.ones(len(rows), dtype=bool)
    for condition in conditions:
        if condition.rivals:
            inside &= _is_among(design, rows, condition.number, condition.rivals)
        else:
            inside &= (design.drawn(condition.number)[rows] > condition.threshold) == condition.above
    return FoundRule(conditions, inside, float(scores.score), fold_error(scores.folds))


Corner = tuple[tuple[float, bool, tuple[str, ...]], ...]


def _corner(design: Design, pair: tuple[int, int], counts: Floats, sums: Floats, named: tuple[bool, bool]) -> Corner:
    """Threshold, side and rivals inside the best corner, for each of the two assumptions."""
    orders = box_orders(counts, sums, named)
    box = best_box(counts[orders], sums[orders])
    found: list[tuple[float, bool, tuple[str, ...]]] = []
    cuts, sides = (box.first, box.second), (box.first_above, box.second_above)
    for number, order, cut, above in zip(pair, orders, cuts, sides, strict=True):
        item, flat = design.assumptions[number], np.ravel(order)
        if item.kind == "parameter":
            found.append((float(np.float32(design.edges[number][cut])), above, ()))
        else:
            codes = sorted((flat[cut + 1 :] if above else flat[: cut + 1]).tolist())
            found.append((float("nan"), True, tuple(item.rivals[code] for code in codes)))
    return tuple(found)


def _summed_up(design: Design, number: int, k: int, point: Corner, again: list[Corner]) -> FoundCondition:
    threshold, above, rivals = point[k]
    same = [corner[k][1:] == (above, rivals) for corner in again]
    low = high = float("nan")
    if not rivals:
        thresholds = np.array([corner[k][0] for corner in again if corner[k][1] == above] or [threshold])
        values = design.drawn(number)
        steps = np.concatenate([[float(values.min())], design.edges[number], [float(values.max())]])
        low, high = _interval(thresholds, steps)
    return FoundCondition(number, above, threshold, low, high, rivals, float(np.mean(same)))
