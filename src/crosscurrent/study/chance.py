"""Chance and parameters kept apart: how much of a result's spread comes from the draws alone.

Every world is run twice with the same parameters and other random draws.  Half the mean square of the two results'
difference is the variance from chance [1]_; the rest of the variance between worlds comes from parameters and rivals.

References
----------
.. [1] S. R. Searle, G. Casella and C. E. McCulloch, "Variance Components", one-way random-effects analysis of variance
   with two replications, doi:10.1002/9780470316856.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..kernel import run
from .simulation import CaseSimulator
from .specification import STATUS_QUO

__all__ = ["ChanceShare", "chance_share", "chance_shares"]

Floats = npt.NDArray[np.float64]
OTHER_SEED = 1_000_003
"""Added to the study's seed for the second set of draws."""


class ChanceShare(NamedTuple):
    """Share of the variance between worlds that chance explains, 0-1."""

    measure: str
    level: float
    """Of the level under the status quo."""
    difference: float
    """Of the paired difference from the status quo, median over policies."""


def chance_share(first: Floats, second: Floats) -> float:
    """Share of the variance between worlds that comes from the draws.

    Parameters
    ----------
    first, second
        A result of the same worlds under two sets of draws, each [world].

    Returns
    -------
    float
        0-1; NaN if nothing varies.

    >>> parameters = np.array([1.0, 2.0, 3.0, 4.0])
    >>> chance_share(parameters, parameters)
    0.0
    """
    sound = np.isfinite(first) & np.isfinite(second)
    a, b = first[sound], second[sound]
    whole = 0.5 * (a.var() + b.var()) if len(a) else 0.0
    if whole <= 0.0:
        return float("nan")
    return float(np.clip(0.5 * np.mean((a - b) ** 2) / whole, 0.0, 1.0))


def _outcomes(simulator: CaseSimulator, theory: str, worlds: int, seed: int) -> dict[str, dict[str, Floats]]:
    """Measures of every policy of the study under one set of draws; failed worlds are NaN."""
    numbers = np.arange(worlds)
    draws = simulator.draw(theory, numbers)
    past, _, _ = simulator.past(draws, numbers, seed=seed)
    run.begin_projection(past)
    found: dict[str, dict[str, Floats]] = {}
    for policy in simulator.study.policies:
        future = run.fork(past)
        setting = simulator.setting(policy, (0, 0))
        run.advance(simulator.kernel, future, setting, simulator.decision_week, simulator.end_week, 0)
        sound = run.failures(future, worlds).week < 0
        found[policy] = {
            name: np.where(sound, values, np.nan) for name, values in run.totals(future, worlds).items()
        }
    return found


def chance_shares(
    simulator: CaseSimulator, measures: Sequence[str], theory: str | None = None, worlds: int = 64
) -> list[ChanceShare]:
    """How much of the spread of levels and of differences comes from chance, measure by measure.

    Parameters
    ----------
    simulator
        Simulator of the study.
    measures
        Measure ids.
    theory : str, optional
        Theory whose worlds are run twice; the study's last by default.
    worlds : int
        Number of worlds.
    """
    chosen = theory or simulator.study.theories[-1]
    first, second = (
        _outcomes(simulator, chosen, worlds, simulator.study.seed + shift) for shift in (0, OTHER_SEED)
    )
    others = [policy for policy in simulator.study.policies if policy != STATUS_QUO]
    shares = []
    for name in measures:
        base_a, base_b = first[STATUS_QUO][name], second[STATUS_QUO][name]
        differences = [chance_share(first[p][name] - base_a, second[p][name] - base_b) for p in others]
        known = [share for share in differences if np.isfinite(share)]
        shares.append(
            ChanceShare(name, chance_share(base_a, base_b), float(np.median(known)) if known else float("nan"))
        )
    return shares
