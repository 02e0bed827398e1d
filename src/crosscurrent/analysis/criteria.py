"""Decision criteria under deep uncertainty, each as its textbook definition [1]_.

Every function takes *losses*, figures of which less is better, with policies first and worlds last; a measure
of which more is better enters with its sign turned.  No function knows where the losses come from.  Losses must
be finite: worlds that failed are left out for all policies before, and counted.

References
----------
.. [1] McPhail C, Maier HR, Kwakkel JH, Giuliani M, Castelletti A, Westra S (2018) Robustness metrics: How are they
   calculated, when should they be used and why do they give different results? Earth's Future 6(2).
   https://doi.org/10.1002/2017EF000649
.. [2] Wald A (1945) Statistical decision functions which minimize the maximum risk. Ann. Math. 46(2).
   https://doi.org/10.2307/1969022
.. [3] Hurwicz L (1951) Optimality criteria for decision making under ignorance. Cowles Commission Discussion Paper 370.
.. [4] Rockafellar RT, Uryasev S (2000) Optimization of conditional value-at-risk. J. Risk 2(3).
   https://doi.org/10.21314/JOR.2000.038
.. [5] Savage LJ (1951) The theory of statistical decision. J. Am. Stat. Assoc. 46(253).
   https://doi.org/10.1080/01621459.1951.10500768
.. [6] Starr MK (1963) Product Design and Decision Theory. Prentice-Hall.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = [
    "conditional_value_at_risk",
    "expected_loss",
    "hurwicz",
    "maximum_regret",
    "near_best",
    "percentile_loss",
    "regret",
    "relative_regret",
    "satisficing_share",
    "theory_domain",
    "theory_regret",
    "worst_loss",
    "worst_theory",
]

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


def expected_loss(loss: Floats) -> Floats:
    """Mean over worlds, [policy]: Laplace's rule within a theory, where worlds weigh the same.

    >>> expected_loss(np.array([[1.0, 3.0]])).tolist()
    [2.0]
    """
    return np.asarray(loss.mean(axis=-1))


def worst_loss(loss: Floats) -> Floats:
    """Largest loss over worlds, [policy]: Wald's criterion [2]_.  It grows with the number of worlds drawn.

    >>> worst_loss(np.array([[1.0, 3.0]])).tolist()
    [3.0]
    """
    return np.asarray(loss.max(axis=-1))


def percentile_loss(loss: Floats, tail: float = 0.1) -> Floats:
    """The loss that a share ``tail`` (0-1) of worlds exceeds, [policy]: with 0.1 the tenth-worst of 100 worlds.

    It is the smallest loss that at least 1 - ``tail`` of worlds do not exceed (the lower quantile, a loss that
    occurred).

    >>> percentile_loss(np.arange(1.0, 101.0)[None], 0.1).tolist()
    [90.0]
    """
    place = _worlds_outside_tail(loss.shape[-1], tail) - 1
    return np.asarray(np.partition(loss, place, axis=-1)[..., place])


def conditional_value_at_risk(loss: Floats, tail: float = 0.1) -> Floats:
    """Mean loss in the worst share ``tail`` (0-1) of worlds, [policy] [4]_.

    Of the world at the edge of the tail only the part that belongs to it counts, so that the tail is exact for
    any number of worlds: the value is the least of c + E[max(loss - c, 0)] / tail over c.

    >>> conditional_value_at_risk(np.arange(1.0, 11.0)[None], 0.25).round(2).tolist()
    [9.2]
    """
    edge = percentile_loss(loss, tail)
    beyond = np.maximum(loss - edge[..., None], 0.0).mean(axis=-1)
    return np.asarray(edge + beyond / tail)


def hurwicz(loss: Floats, optimism: float = 0.5) -> Floats:
    """Best and worst world weighed by optimism (0-1), [policy] [3]_: 0 is Wald's criterion.

    >>> hurwicz(np.array([[1.0, 2.0, 9.0]]), 0.25).tolist()
    [7.0]
    """
    return np.asarray(optimism * loss.min(axis=-1) + (1.0 - optimism) * loss.max(axis=-1))


def regret(loss: Floats) -> Floats:
    """Loss beyond that of the policy that does best in the same world, [policy, world], never negative.

    >>> regret(np.array([[1.0, 5.0], [3.0, 2.0]])).tolist()
    [[0.0, 3.0], [2.0, 0.0]]
    """
    return np.asarray(loss - loss.min(axis=0, keepdims=True))


def relative_regret(loss: Floats) -> Floats:
    """Regret as a share of the larger of two losses, the policy's own and the least one, [policy, world], 0-2.

    With losses of one sign the result lies within 0-1; where both are zero it is 0, so that it is defined at a
    zero baseline.

    >>> relative_regret(np.array([[0.0, 0.0], [10.0, 0.0]])).tolist()
    [[0.0, 0.0], [1.0, 0.0]]
    """
    lost = regret(loss)
    size = np.maximum(np.abs(loss), np.abs(loss.min(axis=0)))
    return np.asarray(np.divide(lost, size, out=np.zeros_like(lost), where=size > 0))


def maximum_regret(loss: Floats) -> Floats:
    """Largest regret over worlds, [policy]: Savage's criterion [5]_.

    >>> maximum_regret(np.array([[1.0, 5.0], [3.0, 2.0]])).tolist()
    [3.0, 2.0]
    """
    return worst_loss(regret(loss))


def near_best(loss: Floats, share: float = 0.1) -> Truths:
    """Where a policy's regret is at most a share (0-1) of the gap between the best and the worst policy of the
    world, [policy, world]: what counts as good enough when nobody has stated a threshold.

    >>> near_best(np.array([[1.0, 5.0], [3.0, 5.0], [1.1, 5.0]])).tolist()
    [[True, True], [False, True], [True, True]]
    """
    lost = regret(loss)
    return np.asarray(lost <= share * lost.max(axis=0))


def satisficing_share(meets: Truths) -> Floats:
    """Share of worlds (0-1) in which all thresholds are met, [policy]; ``meets`` is [policy, world].

    With one threshold this is what the literature on robustness calls the domain criterion.

    >>> satisficing_share(np.array([[True, False], [True, True]])).tolist()
    [0.5, 1.0]
    """
    return np.asarray(meets.mean(axis=-1))


def worst_theory(score: Floats) -> Floats:
    """Score under the theory that treats a policy worst, [policy]; ``score`` is [policy, theory], less is better.

    Maximin over theories: no weight of any theory enters.

    >>> worst_theory(np.array([[1.0, 5.0], [3.0, 2.0]])).tolist()
    [5.0, 3.0]
    """
    return np.asarray(score.max(axis=-1))


def theory_regret(score: Floats) -> Floats:
    """Largest regret over theories, [policy]: how far a policy's score is from the best, where it is farthest.

    >>> theory_regret(np.array([[1.0, 5.0], [3.0, 2.0]])).tolist()
    [3.0, 2.0]
    """
    return worst_theory(regret(score))


def theory_domain(score: Floats, weights: Floats) -> Floats:
    """Share of weightings of theories (0-1) under which a policy has the least expected loss, [policy] [6]_.

    Starr's own domain criterion.  ``score`` is expected loss [policy, theory], ``weights`` [draw, theory] are
    spread evenly over all weightings; policies with equal losses share a draw.

    >>> theory_domain(np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.9, 0.1], [0.7, 0.3]])).tolist()
    [1.0, 0.0]
    """
    blended = score @ weights.T
    least = np.isclose(blended, blended.min(axis=0), rtol=1e-9, atol=0.0)
    return np.asarray((least / least.sum(axis=0)).mean(axis=-1))


def _worlds_outside_tail(worlds: int, tail: float) -> int:
    """Least number of worlds that make up a share 1 - tail, at least one."""
    return max(1, int(np.ceil((1.0 - tail) * worlds - 1e-9)))
