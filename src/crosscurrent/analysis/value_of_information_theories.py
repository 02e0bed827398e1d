"""What it would be worth to know which theory holds, with stated weights or under any weights at all.

Theories are not blended without explicit weights.  Without them the value of knowing the theory is not one
number, but it has a largest value over all weightings: that of a game in which nature weighs the theories and
the analyst picks a policy.  It is at most the smallest regret over theories, and with no weighting can knowing
the theory be worth more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .criteria import regret

__all__ = ["TheoryWorth", "hardest_weights", "theory_worth"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TheoryWorth:
    """Value of knowing which theory holds, in the unit of the losses."""

    weights: Mapping[str, float]
    """Weights of the theories; those under which knowing is worth most if none are stated."""
    stated: bool
    value: float
    error: float
    """Monte-Carlo error for these weights."""


def hardest_weights(expected: Floats) -> Floats:
    """Weights of theories under which knowing the theory is worth most, [theory].

    ``expected`` is expected loss [policy, theory].  A linear program: of all weights the ones with the largest
    least mean regret.

    >>> hardest_weights(np.array([[0.0, 1.0], [1.0, 0.0]])).round(3).tolist()
    [0.5, 0.5]
    """
    from scipy.optimize import linprog

    lost = regret(expected)
    policies, theories = lost.shape
    scale = float(lost.max())
    if scale == 0.0:
        return np.full(theories, 1.0 / theories)
    # Unknown: the weights and the least mean regret v, to be as large as possible; v <= regret of each policy.
    found = linprog(
        np.append(np.zeros(theories), -1.0),
        A_ub=np.hstack([-lost / scale, np.ones((policies, 1))]), b_ub=np.zeros(policies),
        A_eq=np.append(np.ones(theories), 0.0)[None], b_eq=[1.0], bounds=[(0.0, 1.0)] * theories + [(None, None)],
        method="highs",
    )  # fmt: skip
    weights = np.maximum(found.x[:theories], 0.0)
    return np.asarray(weights / weights.sum())


def theory_worth(
    by_scramble: Floats, worlds: Floats, theories: Sequence[str], stated: Mapping[str, float] | None = None
) -> TheoryWorth:
    """Value of knowing the theory: loss with the policy that is best on average, less that with each theory's best.

    Policies are chosen by the other scrambles and judged in each, so that the least of noisy means does not pass
    for a gain.

    Parameters
    ----------
    by_scramble : float array [scramble, policy, theory]
        Mean losses.
    worlds : float array [scramble, theory]
        Worlds behind them.
    theories : sequence of str
    stated : mapping of theory to weight, optional
        Sum 1; the weights under which knowing is worth most are found if none are stated.
    """
    sums = by_scramble * worlds[:, None, :]
    whole = sums.sum(axis=0) / worlds.sum(axis=0)
    given = bool(stated)
    weights = np.array([stated.get(name, 0.0) for name in theories]) if stated else hardest_weights(whole)
    others = (sums.sum(axis=0) - sums) / (worlds.sum(axis=0) - worlds)[:, None, :]
    gains = []
    for part, rest in zip(by_scramble, others, strict=True):
        usual = int((rest @ weights).argmin())
        chosen = part[rest.argmin(axis=0), np.arange(len(weights))]
        gains.append(float((part[usual] - chosen) @ weights))
    error = float(np.std(gains, ddof=1) / np.sqrt(len(gains)))
    return TheoryWorth(dict(zip(theories, weights.tolist(), strict=True)), given, float(np.mean(gains)), error)
