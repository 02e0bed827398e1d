"""How sure a ranking is: errors from the scrambles, ranks that ties share, resamples, and enough worlds.

Worlds are split over eight independent scrambles, so any score computed in each of them has an error that
includes what the even spacing of worlds gains.  Two policies are told apart when their scores differ by more
than the error of the *difference*, in the same worlds, allows by chance; a policy's rank is then an interval [1]_.

References
----------
.. [1] Mogstad M, Romano JP, Shaikh AM, Wilhelm D (2024) Inference for ranks with applications to mobility across
   neighbourhoods and academic achievement across countries. Rev. Econ. Stud. 91(1).
   https://doi.org/10.1093/restud/rdad006
.. [2] Rao JNK, Wu CFJ (1988) Resampling inference with complex survey data. J. Am. Stat. Assoc. 83(401).
   https://doi.org/10.1080/01621459.1988.10478591
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = [
    "Leading",
    "agreement",
    "agreement_with",
    "critical_value",
    "error_of",
    "leading_difference",
    "rank_intervals",
    "rank_shares",
    "weight_draws",
]

RESAMPLES = 1000
WEIGHT_DRAWS = 1024
NEGLIGIBLE = 0.01
"""A leading difference below this share of the gap between the first and the last policy is none in practice."""
_LEVEL = 0.05
"""Share of wrong statements tolerated for each policy, over all policies it is compared with."""

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Leading:
    """The first policy against the one that comes nearest, and whether more worlds would tell them apart."""

    first: int
    second: int
    difference: float
    """Score of the second less that of the first, never negative, in the unit of the score."""
    error: float
    """Monte-Carlo error of the difference."""
    verdict: Literal["settled", "equal", "open"]
    """``settled``: told apart; ``equal``: the same in practice, however many worlds; ``open``: not known yet."""
    worlds_needed: int
    """Worlds per theory that would settle it, at the error's usual fall with the root of their number; what there
    is if it is settled.
    """


@functools.lru_cache(maxsize=256)
def critical_value(policies: int, scrambles: int, looks: int = 1) -> float:
    """How many errors a difference must have for one policy to be told from the others.

    Student's t at 5 % for a policy's comparisons together (Bonferroni), with one degree of freedom less than
    scrambles.  Whoever looks several times, at more and more worlds, must allow for each look.

    >>> round(critical_value(2, 8), 2), round(critical_value(12, 8), 1)
    (2.36, 4.1)
    """
    from scipy.stats import t

    return float(t.ppf(1.0 - _LEVEL / (2 * max(policies - 1, 1) * looks), scrambles - 1))


def error_of(by_scramble: Floats, *, smooth: bool = True) -> Floats:
    """Monte-Carlo error of scores from their values in each scramble, [scramble, ...] to [...].

    For means and percentiles the spread between scrambles over the root of their number.  A score that rests
    on single worlds, such as a worst case, does not settle with the number of worlds: its error is the spread
    itself.
    """
    spread = by_scramble.std(axis=0, ddof=1)
    return np.asarray(spread / math.sqrt(len(by_scramble)) if smooth else spread)


def _differences(score: Floats, by_scramble: Floats, smooth: bool) -> tuple[Floats, Floats]:
    """Differences [policy, other] and their errors; scores are [policy] and [scramble, policy]."""
    difference = score[:, None] - score[None, :]
    error = error_of(by_scramble[:, :, None] - by_scramble[:, None, :], smooth=smooth)
    # Two sums of the same numbers in another order differ by rounding only: that is no difference.
    rounding = 1e-9 * np.maximum(np.abs(score)[:, None], np.abs(score)[None, :])
    return np.where(np.abs(difference) <= rounding, 0.0, difference), error


def rank_intervals(score: Floats, by_scramble: Floats, *, smooth: bool = True) -> tuple[Whole, Whole]:
    """First and last rank that each policy may have; rank 1 has the least score.

    The first is one more than the number of policies told to be better, the last leaves room for all that are
    told to be worse.  Policies not told apart share ranks [1]_.

    Parameters
    ----------
    score : float array [policy]
    by_scramble : float array [scramble, policy]
    smooth : bool
        False for scores that rest on single worlds.

    >>> noise = np.array([[-1.0], [1.0]]) * np.array([[1.0, -1.0, 0.0]])
    >>> [found.tolist() for found in rank_intervals(np.array([1.0, 1.1, 900.0]), noise + [1.0, 1.1, 900.0])]
    [[1, 1, 3], [2, 2, 3]]
    """
    difference, error = _differences(score, by_scramble, smooth)
    told = np.abs(difference) > critical_value(len(score), len(by_scramble)) * error
    better = (told & (difference > 0)).sum(axis=1)
    worse = (told & (difference < 0)).sum(axis=1)
    return 1 + better, len(score) - worse


def rank_shares(
    score: Floats, by_scramble: Floats, *, smooth: bool = True, resamples: int = RESAMPLES
) -> Floats:
    """Share of resamples in which a policy has each rank, [policy, rank].

    Whole scrambles are drawn again, one fewer than there are, so that the spread of the resamples is that of the
    score [2]_; for a score that rests on single worlds one scramble is drawn.  Policies with equal scores share
    their ranks evenly.  These are shares of resamples: they say how far other worlds could reorder the
    policies, and nothing about the world outside.
    """
    # One scramble drawn has as many outcomes as there are scrambles: all of them are taken.
    weights = _scramble_draws(len(by_scramble), resamples) if smooth else np.eye(len(by_scramble))
    kinds, member, size = np.unique(
        np.vstack([score, by_scramble]), axis=1, return_inverse=True, return_counts=True
    )
    moved = kinds[0] + weights @ (kinds[1:] - kinds[1:].mean(axis=0))
    return _shares_of_ranks(moved, size)[member.ravel()]


@functools.lru_cache(maxsize=8)
def _scramble_draws(scrambles: int, resamples: int) -> Floats:
    """Weights of the scrambles in each resample, [resample, scramble]."""
    generator = np.random.Generator(np.random.PCG64(1988))
    counts = generator.multinomial(scrambles - 1, np.full(scrambles, 1.0 / scrambles), resamples)
    return np.asarray(counts / (scrambles - 1))


def _shares_of_ranks(scores: Floats, size: Whole) -> Floats:
    """Share of rows in which each kind of policy has each rank, [kind, rank]; a kind stands for ``size`` policies
    that are the same.
    """
    step = 1e-9 * np.abs(scores).max(axis=1, keepdims=True)
    rounded = np.round(scores / np.where(step > 0, step, 1.0))
    ranks = int(size.sum())
    shares = np.zeros((len(size), ranks))
    for kind, values in enumerate(rounded.T):
        below = (rounded < values[:, None]) @ size
        equal = (rounded == values[:, None]) @ size
        # Each row spreads one over the ranks that are shared: a step up where they begin, a step down after them.
        edges = np.bincount(below, 1.0 / equal, ranks + 1) - np.bincount(below + equal, 1.0 / equal, ranks + 1)
        shares[kind] = np.cumsum(edges)[:-1] / len(rounded)
    return np.maximum(shares, 0.0)


def leading_difference(score: Floats, by_scramble: Floats, worlds: int, looks: int = 1) -> Leading:
    """Whether the first policy is told from the nearest, and how many worlds would settle it.

    The error of a mean falls at least with the root of the number of worlds (faster where their even spacing
    helps), so the number given is rather too large than too small.  For scores that settle with the number of
    worlds only.

    Parameters
    ----------
    score : float array [policy]
        Less is better.
    by_scramble : float array [scramble, policy]
    worlds : int
        Worlds per theory behind the scores.
    looks : int
        How often the question is asked at most, with more and more worlds.
    """
    difference, error = _differences(score, by_scramble, smooth=True)
    first = int(np.argmin(score))
    gap, its_error = difference[:, first], error[:, first]
    bound = critical_value(len(score), len(by_scramble), looks) * its_error
    others = np.arange(len(score)) != first
    open_ = others & (gap <= bound)
    # The comparison that needs most worlds decides; without an open one, the nearest policy.
    negligible = NEGLIGIBLE * float(np.ptp(score))
    second = _hardest(gap, bound, negligible, open_) if open_.any() else int(np.argmin(np.where(others, gap, np.inf)))
    found = float(gap[second]), float(its_error[second])
    if not open_.any():
        return Leading(first, second, *found, "settled", worlds)
    if bool((gap[open_] + bound[open_] <= negligible).all()):
        return Leading(first, second, *found, "equal", worlds)
    # Either the error becomes smaller than the difference, or both together smaller than what is negligible.
    target = max(found[0], negligible - found[0])
    factor = (float(bound[second]) / target) ** 2 if target > 0 else math.inf
    return Leading(first, second, *found, "open", _rounded_up(worlds * max(factor, 1.0)))


def _hardest(gap: Floats, bound: Floats, negligible: float, open_: npt.NDArray[np.bool_]) -> int:
    target = np.maximum(gap, negligible - gap)
    ratio = np.divide(bound, target, out=np.full_like(gap, np.inf), where=target > 0)
    ratio = np.where((gap == 0) & (bound == 0), 0.0, ratio)
    return int(np.argmax(np.where(open_, ratio, -1.0)))


def _rounded_up(worlds: float) -> int:
    """Up to two digits, and a multiple of eight; a thousand million stands for any larger number."""
    if not worlds < 1e9:
        return 1_000_000_000
    step = 10.0 ** max(math.floor(math.log10(max(worlds, 1.0))) - 1, 0)
    return 8 * math.ceil(math.ceil(worlds / step - 1e-9) * step / 8)


def agreement(scores: Floats) -> float:
    """Share (0-1) of pairs of policies that two rankings put in the same order, over all pairs of rankings.

    ``scores`` is [ranking, policy]; a pair tied in one ranking counts half.  1 is one order, 0.5 what chance
    gives; NaN with fewer than two rankings or policies.  It is Kendall's tau brought to 0-1.

    >>> agreement(np.array([[1.0, 2.0, 3.0], [1.0, 3.0, 2.0]])).__round__(3)
    0.667
    """
    rankings, policies = scores.shape
    if rankings < 2 or policies < 2:
        return math.nan
    order = _orders(scores)
    one, other = np.triu_indices(rankings, 1)
    return float((0.5 + 0.5 * order[one] * order[other]).mean())


def agreement_with(score: Floats, others: Floats) -> float:
    """Mean share (0-1) of pairs of policies that one ranking [policy] and each of others [ranking, policy] order alike.

    >>> agreement_with(np.array([1.0, 2.0, 3.0]), np.array([[1.0, 3.0, 2.0], [1.0, 2.0, 3.0]])).__round__(3)
    0.833
    """
    return float((0.5 + 0.5 * _orders(score[None]) * _orders(others)).mean()) if len(score) > 1 else math.nan


def _orders(scores: Floats) -> Floats:
    """Sign of the difference of every pair of policies, [ranking, pair]."""
    first, second = np.triu_indices(scores.shape[1], 1)
    return np.asarray(np.sign(scores[:, first] - scores[:, second]))


def weight_draws(weights: Floats, *, near: bool, draws: int = WEIGHT_DRAWS) -> Floats:
    """Weights around stated ones, or any weights at all, [draw, measure]; each draw sums to 1.

    Dirichlet draws.  Near the stated weights the concentration is such that equal weights would vary by half
    their size (standard deviation); without ``near`` every weighting is as good as any other.
    """
    count = len(weights)
    generator = np.random.Generator(np.random.PCG64(1847))
    stated = weights / weights.sum()
    concentration = max(4.0 * (count - 1) - 1.0, 1.0)
    return generator.dirichlet(concentration * stated if near else np.ones(count), draws)
