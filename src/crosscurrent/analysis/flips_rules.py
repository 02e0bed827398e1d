"""Rules on one or two assumptions that tell where an outcome holds, tried on worlds that did not make them.

A rule cuts one parameter at a threshold, or the rivals of an axis into two sets, or joins two such conditions into a
corner of a plane [1]_.  Each rule is found on seven scrambles and scored on the eighth, eight times over [2]_; its
score is the share of the outcome's variance that it tells in worlds it has not seen.  How good the best of all rules
would look if nothing mattered is found by shuffling the outcome [3]_.

References
----------
.. [1] Breiman L, Friedman JH, Olshen RA, Stone CJ (1984) Classification and Regression Trees. Wadsworth.
   https://doi.org/10.1201/9781315139470
.. [2] Stone M (1974) Cross-validatory choice and assessment of statistical predictions. J. R. Stat. Soc. B 36(2).
   https://doi.org/10.1111/j.2517-6161.1974.tb00994.x
.. [3] Westfall PH, Young SS (1993) Resampling-Based Multiple Testing. Wiley. ISBN 978-0-471-55761-6.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..study.sampling import SCRAMBLES
from .flips_design import BINS, Counts, Design, Floats

__all__ = [
    "SHUFFLES", "Box", "Scores", "best_box", "box_scores", "cut_scores", "noise_level", "squares_of",
    "straddles", "tables",
]  # fmt: skip

SHUFFLES = 39
"""Shuffles of the outcome: the best rule of pure noise passes the level in one case of forty."""
LEAST_SHARE = 0.02
"""Each side of a rule holds at least this share of the worlds."""
_LEAST_WORLDS = 8
_PROMISING = 40


class Scores(NamedTuple):
    """How well rules tell the outcome in worlds they have not seen."""

    score: Floats
    """[..., rule], share of variance told, at most 1; below 0 where a rule misleads."""
    folds: Floats
    """[..., rule, scramble], what each scramble adds to the score."""


def tables(
    design: Design, rows: Counts, outcomes: Floats, counts: Floats | None = None
) -> tuple[Floats, Floats]:
    """Counts and sums of outcomes by bin; counts of the same rows, known from before, are used again.

    Parameters
    ----------
    design : Design
    rows : int array [used]
        Rows of the design that are used.
    outcomes : float array [outcome, used]

    Returns
    -------
    counts : float64 [assumption, scramble, bin]
    sums : float64 [outcome, assumption, scramble, bin]
    """
    size = SCRAMBLES * BINS
    base = design.scrambles[rows] * BINS
    everything = len(rows) == design.bins.shape[1]
    known = np.empty((len(design.bins), SCRAMBLES, BINS)) if counts is None else counts
    sums = np.empty((len(outcomes), *known.shape))
    for number, row in enumerate(design.bins):
        place = base + (row if everything else row[rows])
        if counts is None:
            known[number] = np.bincount(place, minlength=size).reshape(SCRAMBLES, BINS)
        for k, outcome in enumerate(outcomes):
            sums[k, number] = np.bincount(place, weights=outcome, minlength=size).reshape(SCRAMBLES, BINS)
    return known, sums


def _least(total: npt.ArrayLike) -> Floats:
    return np.maximum(LEAST_SHARE * np.asarray(total, dtype=np.float64), _LEAST_WORLDS)


def _squares(sums: Floats, counts: Floats) -> Floats:
    """Sum of squares that a mean accounts for; 0 where there is no world."""
    return np.divide(sums**2, counts, out=np.zeros(np.broadcast(sums, counts).shape), where=counts > 0)


def best_cut(counts: Floats, sums: Floats) -> tuple[Counts, Floats]:
    """The cut [...] after which bin that tells most, and the sum of squares it tells; arrays [..., bin].

    The sum is minus infinity where no cut leaves enough worlds on both sides.

    >>> cut, told = best_cut(np.full(4, 10.0), np.array([0.0, 0.0, 10.0, 10.0]))
    >>> int(cut), float(told)
    (1, 10.0)
    """
    left, below = np.cumsum(counts, axis=-1)[..., :-1], np.cumsum(sums, axis=-1)[..., :-1]
    all_counts, all_sums = counts.sum(axis=-1, keepdims=True), sums.sum(axis=-1, keepdims=True)
    right, above = all_counts - left, all_sums - below
    told = _squares(below, left) + _squares(above, right) - _squares(all_sums, all_counts)
    least = _least(all_counts)
    told = np.where((left >= least) & (right >= least), told, -np.inf)
    cut = np.argmax(told, axis=-1)
    return cut, np.take_along_axis(told, cut[..., None], axis=-1)[..., 0]


def _by_mean(counts: Floats, sums: Floats) -> Counts:
    """Order of bins by mean outcome, empty ones last: the best division of rivals is a cut in that order."""
    means = np.divide(sums, counts, out=np.full(np.broadcast(sums, counts).shape, np.inf), where=counts > 0)
    return np.argsort(means, axis=-1, kind="stable")


def straddles(counts: Floats, sums: Floats, level: float) -> npt.NDArray[np.bool_]:
    """Whether the best cut [assumption] has a mean outcome above a level on one side and below it on the other.

    Arrays [assumption, scramble, bin], bins in their order.
    """
    whole_n, whole_s = counts.sum(axis=1), sums.sum(axis=1)
    cut, told = best_cut(whole_n, whole_s)
    low_n, low_s = (np.take_along_axis(np.cumsum(part, -1), cut[:, None], -1)[:, 0] for part in (whole_n, whole_s))
    below = low_s / np.maximum(low_n, 1.0) - level
    above = (whole_s.sum(-1) - low_s) / np.maximum(whole_n.sum(-1) - low_n, 1.0) - level
    return np.asarray(np.isfinite(told) & (below * above < 0))


def cut_scores(counts: Floats, sums: Floats, named: npt.NDArray[np.bool_], total: Floats) -> Scores:
    """Scores of the best cut of every assumption on scrambles left out of finding it.

    Parameters
    ----------
    counts, sums : float arrays
        As :func:`tables` gives them; ``sums`` may have leading dimensions.
    named : bool array [assumption]
        True where bins are rivals without an order.
    total : float array [scramble]
        Sum of squared outcomes by scramble.
    """
    shape = np.broadcast(counts, sums).shape
    counts = np.broadcast_to(counts, shape)
    train_n = counts.sum(axis=-2, keepdims=True) - counts
    train_s = sums.sum(axis=-2, keepdims=True) - sums
    order = np.broadcast_to(np.arange(BINS), shape).copy()
    order[..., named, :, :] = _by_mean(train_n[..., named, :, :], train_s[..., named, :, :])
    ordered = [np.take_along_axis(table, order, axis=-1) for table in (train_n, train_s, counts, sums)]
    cut, told = best_cut(ordered[0], ordered[1])
    low, whole = [], []
    for table in ordered:
        running = np.cumsum(table, axis=-1)
        low.append(np.take_along_axis(running, cut[..., None], axis=-1)[..., 0])
        whole.append(running[..., -1])
    return _scores(low, whole, np.isfinite(told), total)


def _scores(inside: Sequence[Floats], whole: Sequence[Floats], usable: npt.NDArray[np.bool_], total: Floats) -> Scores:
    """Scores from counts and sums inside a rule and overall: of the worlds that made it, and of those left out."""
    train_n, train_s, test_n, test_s = inside
    all_n, all_s, here_n, here_s = whole
    mean = all_s / np.maximum(all_n, 1.0)
    told = np.zeros_like(mean)
    for n, s, new_n, new_s in (
        (train_n, train_s, test_n, test_s),
        (all_n - train_n, all_s - train_s, here_n - test_n, here_s - test_s),
    ):
        part = s / np.maximum(n, 1.0)
        told += 2.0 * part * new_s - part**2 * new_n
    baseline = 2.0 * mean * here_s - mean**2 * here_n
    told = np.where(usable, told - baseline, 0.0)
    spread = (total - baseline).sum(axis=-1, keepdims=True)
    folds = np.divide(told, spread, out=np.zeros_like(told), where=spread > 1e-12)
    return Scores(folds.sum(axis=-1), folds)


def squares_of(outcome: Floats, scrambles: Counts) -> Floats:
    """Sum of squared outcomes by scramble."""
    return np.bincount(scrambles, weights=outcome**2, minlength=SCRAMBLES).astype(np.float64)


def noise_level(
    design: Design, rows: Counts, outcome: Floats, counts: Floats | None = None, seed: int = 0
) -> float:
    """Score that the best cut reaches if the outcome has nothing to do with any assumption.

    Whole worlds are shuffled, :data:`SHUFFLES` times, what their theory gives them being taken off before: a world
    has the same draws under every theory, so that its outcomes belong together.  The highest of the best scores is
    given, as a share of the whole variance.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    theory, worlds = design.theory[rows], design.worlds[rows]
    residual = np.zeros((len(design.theories), int(worlds.max()) + 1))
    means = np.bincount(theory, weights=outcome) / np.maximum(np.bincount(theory), 1)
    residual[theory, worlds] = outcome - means[theory]
    present = np.flatnonzero(np.bincount(worlds))
    place = np.searchsorted(present, worlds)
    shuffled = np.stack([residual[theory, generator.permutation(present)[place]] for _ in range(SHUFFLES)])
    within = float((residual**2).sum() / max(((outcome - outcome.mean()) ** 2).sum(), 1e-300))
    named = np.array([item.kind != "parameter" for item in design.assumptions])
    scrambles, highest = design.scrambles[rows], 0.0
    counts, sums = tables(design, rows, shuffled, counts)
    for number in range(SHUFFLES):
        total = squares_of(shuffled[number], scrambles)
        tried = _most_promising(counts, sums[number], named)
        score = cut_scores(counts[tried], sums[number][tried], named[tried], total).score
        highest = max(highest, float(score.max(initial=0.0)))
    return highest * min(within, 1.0)


def _most_promising(counts: Floats, sums: Floats, named: npt.NDArray[np.bool_]) -> Counts:
    """Assumptions whose best cut over all scrambles tells most: the best by unseen scrambles is among them."""
    whole_n, whole_s = counts.sum(axis=1), sums.sum(axis=1)
    order = _by_mean(whole_n[named], whole_s[named])
    whole_n[named], whole_s[named] = (np.take_along_axis(part[named], order, -1) for part in (whole_n, whole_s))
    return np.argsort(-best_cut(whole_n, whole_s)[1], kind="stable")[:_PROMISING]


class Box(NamedTuple):
    """A corner of the plane of two assumptions: both conditions hold inside."""

    first: int
    """Cut of the first assumption after this bin, in the order of bins used."""
    second: int
    first_above: bool
    """Whether inside lies above the cut of the first assumption."""
    second_above: bool
    told: float
    """Sum of squares told; minus infinity where no corner leaves enough worlds inside and outside."""

    def inside(self, size: tuple[int, int]) -> npt.NDArray[np.bool_]:
        """Which cells [first bin, second bin] lie inside."""
        first, second = np.arange(size[0]) > self.first, np.arange(size[1]) > self.second
        return np.asarray((first == self.first_above)[:, None] & (second == self.second_above)[None, :])


def best_box(counts: Floats, sums: Floats) -> Box:
    """The corner that tells most from counts and sums [first bin, second bin].

    >>> counts = np.full((4, 4), 10.0)
    >>> sums = np.zeros((4, 4)); sums[2:, :2] = 10.0
    >>> best_box(counts, sums)[:4]
    (1, 1, True, False)
    """
    total_n, total_s = float(counts.sum()), float(sums.sum())
    least = float(_least(total_n))
    best = Box(0, 0, True, True, -np.inf)
    for above in ((False, False), (False, True), (True, False), (True, True)):
        turn = tuple(slice(None, None, -1 if side else 1) for side in above)
        n, s = (np.cumsum(np.cumsum(table[turn], axis=0), axis=1)[:-1, :-1] for table in (counts, sums))
        told = _squares(s, n) + _squares(total_s - s, total_n - n) - total_s**2 / max(total_n, 1.0)
        told = np.where((n >= least) & (total_n - n >= least), told, -np.inf)
        place = np.unravel_index(int(np.argmax(told)), told.shape)
        if float(told[place]) > best.told + 1e-9:
            cuts = [
                length - 2 - int(i) if side else int(i)
                for i, side, length in zip(place, above, counts.shape, strict=True)
            ]
            best = Box(cuts[0], cuts[1], above[0], above[1], float(told[place]))
    return best


def box_scores(counts: Floats, sums: Floats, named: tuple[bool, bool], total: Floats) -> Scores:
    """Score of the best corner of two assumptions on scrambles left out of finding it.

    Parameters
    ----------
    counts, sums : float arrays [scramble, first bin, second bin]
    named : (bool, bool)
        Whether bins of the first and second assumption are rivals without an order.
    total : float array [scramble]
        Sum of squared outcomes by scramble.
    """
    inside = [np.zeros(SCRAMBLES) for _ in range(4)]
    usable = np.zeros(SCRAMBLES, dtype=bool)
    train_n, train_s = counts.sum(axis=0) - counts, sums.sum(axis=0) - sums
    for fold in range(SCRAMBLES):
        orders = box_orders(train_n[fold], train_s[fold], named)
        box = best_box(train_n[fold][orders], train_s[fold][orders])
        usable[fold] = np.isfinite(box.told)
        cells = box.inside(counts.shape[1:])
        for place, table in enumerate((train_n, train_s, counts, sums)):
            inside[place][fold] = table[fold][orders][cells].sum()
    whole = [table.sum(axis=(1, 2)) for table in (train_n, train_s, counts, sums)]
    return _scores(inside, whole, usable, total)


def box_orders(counts: Floats, sums: Floats, named: tuple[bool, bool]) -> tuple[Counts, Counts]:
    """Index that puts the rivals of either assumption in the order of their mean outcome."""
    first, second = (
        _by_mean(counts.sum(axis=1 - side), sums.sum(axis=1 - side)) if named[side] else np.arange(counts.shape[side])
        for side in (0, 1)
    )
    return first[:, None], second[None, :]
