"""When cooperation with a cost to sovereignty holds: the threshold of a repeated game, against our consent equation.

Own derivation from the textbook game with grim strategies.  No published calibration of trust or sovereignty cost
between the two governments was found, so nothing here says where the two governments stand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..errors import InputError
from .target import Chart, Replication, Row, close

__all__ = [
    "REPLICATION",
    "Stakes",
    "consent_crossing",
    "cooperation_threshold",
    "largest_rise_of_cost",
    "payoff",
    "simulated_threshold",
]

SOURCE = "own derivation from the repeated game"
EXACT = 1e-9
STEEPNESS = 1000.0
"""Steep, so that the crossing can be located finely; where it lies does not depend on it."""


@dataclass(frozen=True)
class Stakes:
    """Per-period stakes of cooperating, in one unit: benefit, effort, sovereignty cost.

    Raises
    ------
    InputError
        If the benefit is not above 0 or a cost is negative.
    """

    benefit: float
    effort: float
    sovereignty: float

    def __post_init__(self) -> None:
        if self.benefit <= 0.0:
            raise InputError("the benefit must be positive", given=self.benefit, expected="above 0")
        if min(self.effort, self.sovereignty) < 0.0:
            raise InputError(
                "a cost cannot be negative",
                given=(self.effort, self.sovereignty),
                expected="effort and cost of 0 or more",
            )


CASES = (Stakes(1.0, 0.2, 0.3), Stakes(1.0, 0.25, 0.65), Stakes(0.8, 0.1, 0.22))


def cooperation_threshold(stakes: Stakes) -> float:
    """Smallest discount factor at which cooperation holds (above 1: never): costs over benefit.

    >>> cooperation_threshold(Stakes(benefit=1.0, effort=0.25, sovereignty=0.25))
    0.5
    """
    return (stakes.effort + stakes.sovereignty) / stakes.benefit


def largest_rise_of_cost(stakes: Stakes, discount: float) -> float:
    """Rise of the sovereignty cost a one-sided act may bring before cooperation ends (below 0: it has ended)."""
    return discount * stakes.benefit - stakes.effort - stakes.sovereignty


def payoff(stakes: Stakes, discount: float, defects: bool) -> float:
    """Discounted payoff of a path, summed period by period until what is left cannot matter.

    Defection keeps the benefit once, at no cost, and then brings nothing.

    Raises
    ------
    InputError
        If the discount factor is not in [0, 1).
    """
    import math

    import numpy as np

    if not 0.0 <= discount < 1.0:
        raise InputError("the discount factor is out of range", given=discount, expected="at least 0, below 1")
    periods = 1 if discount == 0.0 else 2 + math.ceil(math.log(1e-14 * (1.0 - discount)) / math.log(discount))
    gains = np.full(periods, stakes.benefit - stakes.effort - stakes.sovereignty)
    if defects:
        gains[:] = 0.0
        gains[0] = stakes.benefit
    return float((gains * discount ** np.arange(periods)).sum())


def simulated_threshold(stakes: Stakes) -> float:
    """The same threshold found by playing both paths and halving the interval where the better one changes."""
    return _crossing(lambda discount: payoff(stakes, discount, False) - payoff(stakes, discount, True), 0.0, 0.999)


def consent_crossing(stakes: Stakes) -> float:
    """Discount factor at which the laboratory's consent equation crosses one half, all its other drivers at rest."""
    from ..model.diplomacy import consent_probability

    plain: Callable[..., float] = getattr(consent_probability, "py_func", consent_probability)

    def above_half(discount: float) -> float:
        return (
            plain(
                burst=0.0,
                trust=0.5,
                dialogue=0.0,
                economic_pressure=0.0,
                sovereignty_cost=stakes.sovereignty,
                threat_buys=0.0,
                consent_steepness=STEEPNESS,
                consent_discount=discount,
                consent_effort=stakes.effort,
                consent_benefit=stakes.benefit,
                civilians_killed=0.0,
            )
            - 0.5
        )

    return _crossing(above_half, 0.0, 1.0)


def _crossing(function: Callable[[float], float], low: float, high: float) -> float:
    """Middle of the stretch where a rising function goes from below to above zero (rounding makes it flat there)."""

    def edge(passed: Callable[[float], bool]) -> float:
        below, above = low, high
        for _ in range(60):
            middle = 0.5 * (below + above)
            below, above = (below, middle) if passed(middle) else (middle, above)
        return 0.5 * (below + above)

    return 0.5 * (edge(lambda x: function(x) > 0.0) + edge(lambda x: function(x) >= 0.0))


def _row(what: str, published: float, ours: float, remark: str = "") -> Row:
    return Row("CO-1", what, published, ours, "1e-9", 1, close(ours, published, absolute=EXACT), SOURCE, remark)


def _rows() -> list[Row]:
    rows = []
    for stakes in CASES:
        game = f"effort {stakes.effort:g}, sovereignty cost {stakes.sovereignty:g}, benefit {stakes.benefit:g}"
        exact = cooperation_threshold(stakes)
        rows.append(_row(f"threshold, payoffs played out: {game}", exact, simulated_threshold(stakes)))
        rows.append(
            _row(
                f"discount at which our consent probability is 1/2: {game}",
                exact,
                consent_crossing(stakes),
                "diplomacy.consent_probability at trust 0.5, no dialogue, pressure, burst or civilian deaths",
            )
        )
    stakes, discount = CASES[0], 0.8
    rise = largest_rise_of_cost(stakes, discount)
    after = Stakes(stakes.benefit, stakes.effort, stakes.sovereignty + rise)
    rows.append(
        _row(
            "discount at which cooperation ends once an act has raised the cost to the limit",
            discount,
            simulated_threshold(after),
            f"limit of the rise at a discount of {discount:g}: {rise:.3f}",
        )
    )
    act = 0.4
    mended = Stakes(stakes.benefit + act / discount, stakes.effort, stakes.sovereignty + act)
    rows.append(
        _row(
            "room left after an act whose cost is offset by a benefit larger by cost over discount",
            rise,
            largest_rise_of_cost(mended, discount),
            "aid, arms control or trade relief offsets a one-sided act",
        )
    )
    return rows


def _charts() -> list[Chart]:
    costs = [0.1 * step for step in range(1, 10)]
    return [
        Chart(
            "Discount factor needed for cooperation",
            "sovereignty cost (benefit 1, effort 0.1)",
            "discount factor",
            costs,
            {
                "formula": [cooperation_threshold(Stakes(1.0, 0.1, cost)) for cost in costs],
                "our consent equation at 1/2": [consent_crossing(Stakes(1.0, 0.1, cost)) for cost in costs],
            },
        )
    ]


REPLICATION = Replication(
    name="cooperation-threshold",
    title="Cooperation under a sovereignty cost: the threshold of a repeated game",
    citation=(
        "Own derivation (grim strategies in a repeated game); for the setting, G. Padró i Miquel and P. Yared, The "
        "political economy of indirect control, Quarterly Journal of Economics 127(2), 947-1015, 2012"
    ),
    doi=None,
    says=(
        "Cooperating brings a benefit each period and costs effort and sovereignty. Defecting keeps the benefit "
        "once and "
        "then nothing. Cooperation holds if and only if the discount factor is at least costs over benefit; so an act "
        "that raises the cost ends it once the rise exceeds discount times benefit less costs."
    ),
    critics=(
        "Governments are not single players and terms end; repeated games have many equilibria, of which grim "
        "punishment is one. In delegated security the efficient path holds repeated, costly interventions and not "
        "lasting peace. Benefit and cost in one unit is an assumption, and nobody has measured either."
    ),
    not_reproduced=(
        "No model of trust and sovereignty cost between the two countries with calibrated values was found, so "
        "there is "
        "no published number to hit: the target is the algebra. Padró i Miquel and Yared's equilibrium is not solved."
    ),
    rows=_rows,
    charts=_charts,
)
