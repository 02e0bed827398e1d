"""Two tactics against a violent organisation: one that provokes recruitment (fire) and one that does not (water).

The result is that of Caulkins, Grass, Feichtinger and Tragler 2008 (doi:10.1016/j.cor.2006.09.017), whose abstract was
read and whose equations were not.  The equations, parameters and numbers here are our own form of the same question,
solved by dynamic programming: only the ordering is compared.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..errors import InputError
from .target import Chart, Replication, Row, gap, holds

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Reals = npt.NDArray[np.float64]

__all__ = ["REPLICATION", "Plan", "Tactics", "growth", "optimal_plan", "resting_sizes", "running_cost"]

SOURCE = "Caulkins, Grass, Feichtinger and Tragler 2008, abstract"
OWN = "our own form of the question and our own parameters, not the published equations"
LARGEST = 3.0
STEP = 0.1
MOST_WATER, MOST_FIRE = 1.5, 3.0


@dataclass(frozen=True)
class Tactics:
    """What the organisation and the two tactics do; size is relative, time in years.

    Raises
    ------
    InputError
        If a rate is negative or the discount rate is not above 0.
    """

    inflow: float = 0.01
    recruitment: float = 0.6
    saturation: float = 0.3
    exit: float = 0.1
    provocation: float = 0.6
    """Extra recruits per unit of fire, relative to the usual ones: fire angers people whether many or few are hit."""
    fire_effect: float = 0.3
    """Share of the organisation removed per unit of fire and year: fire needs targets."""
    water_effect: float = 0.2
    damage: float = 0.5
    fire_cost: float = 0.1
    fire_curve: float = 0.15
    water_curve: float = 0.4
    discount: float = 0.05

    def __post_init__(self) -> None:
        if min(vars(self).values()) < 0.0 or self.discount == 0.0:
            raise InputError("a rate is out of range", given=vars(self), expected="0 or more, discount above 0")


def growth(size: Reals, water: Reals, fire: Reals, tactics: Tactics) -> Reals:
    """Growth of the organisation a year: recruitment that fire feeds, less exit and what the tactics remove."""
    own = tactics.recruitment * size**2 / (tactics.saturation + size**2) / (1.0 + 0.4 * size)
    provoked = tactics.provocation * fire * tactics.recruitment * size / (0.5 + size)
    removed = (tactics.exit + tactics.fire_effect * fire) * size
    gentle = tactics.water_effect * water * size / (0.3 + size)
    result: Reals = tactics.inflow + own + provoked - removed - gentle
    return result


def running_cost(size: Reals, water: Reals, fire: Reals, tactics: Tactics) -> Reals:
    """Cost a year: damage by size, and effort at rising marginal cost."""
    effort = tactics.water_curve * water**2 + tactics.fire_cost * fire + tactics.fire_curve * fire**2
    result: Reals = tactics.damage * size + effort
    return result


@dataclass(frozen=True)
class Plan:
    """Best use of both tactics by size of the organisation."""

    size: Reals
    water: Reals
    fire: Reals
    cost_to_go: Reals
    drift: Reals
    """Growth of the organisation a year under the plan."""

    @property
    def threshold(self) -> float:
        """Smallest size at which fire is used (not a number if it never is)."""
        used = self.size[self.fire > 0.0]
        return float(used.min()) if used.size else float("nan")


@functools.cache
def optimal_plan(tactics: Tactics | None = None, sizes: int = 151, levels: int = 21) -> Plan:
    """Least discounted cost of damage and effort, by policy iteration on a grid of sizes.

    Raises
    ------
    InputError
        If the grid is too coarse to mean anything.
    """
    import numpy as np

    if sizes < 20 or levels < 5:
        raise InputError("the grid is too coarse", given=(sizes, levels), expected="20 sizes and 5 levels or more")
    tactics = tactics or Tactics()
    size = np.linspace(0.0, LARGEST, sizes)
    water, fire = np.meshgrid(np.linspace(0.0, MOST_WATER, levels), np.linspace(0.0, MOST_FIRE, levels), indexing="ij")
    grid = size[:, None], water.ravel()[None, :], fire.ravel()[None, :]
    drift = growth(*grid, tactics)
    following = np.clip(grid[0] + STEP * drift, 0.0, LARGEST)
    spent = STEP * running_cost(*grid, tactics)
    low = np.minimum((following / LARGEST * (sizes - 1)).astype(np.intp), sizes - 2)
    upper = following / LARGEST * (sizes - 1) - low
    kept, rows = float(np.exp(-tactics.discount * STEP)), np.arange(sizes)
    value, chosen = np.zeros(sizes), np.full(sizes, -1)
    for _ in range(200):
        total = spent + kept * ((1.0 - upper) * value[low] + upper * value[low + 1])
        better = total.argmin(axis=1)
        if np.array_equal(better, chosen):
            break
        chosen = better
        move = np.zeros((sizes, sizes))
        move[rows, low[rows, chosen]] = 1.0 - upper[rows, chosen]
        move[rows, low[rows, chosen] + 1] += upper[rows, chosen]
        value = np.linalg.solve(np.eye(sizes) - kept * move, spent[rows, chosen])
    return Plan(size, water.ravel()[chosen], fire.ravel()[chosen], value, drift[rows, chosen])


def resting_sizes(plan: Plan) -> list[float]:
    """Sizes at which the organisation comes to rest under the plan: growth turns from above to below zero."""
    import numpy as np

    starts = [0.0] if plan.drift[0] <= 0.0 else []
    falls = np.flatnonzero((plan.drift[:-1] > 0.0) & (plan.drift[1:] <= 0.0))
    return starts + [float(0.5 * (plan.size[i] + plan.size[i + 1])) for i in falls]


@functools.cache
def _variants() -> tuple[Plan, ...]:
    """Best plans for 48 combinations of parameters around the base, on a coarser grid."""
    return tuple(
        optimal_plan(
            Tactics(
                provocation=provocation, fire_effect=effect, damage=damage, water_effect=water, saturation=saturation
            ),
            101,
            13,
        )
        for provocation, effect, damage, water, saturation in itertools.product(
            (0.2, 0.35, 0.6), (0.3, 0.5), (0.2, 0.5), (0.2, 0.45), (0.1, 0.3)
        )
    )


def _ordered(plan: Plan) -> bool:
    """Whether fire is used above a size and only above it."""
    used = (plan.fire > 0.0).tolist()
    return any(used) and not used[1] and used == sorted(used)


def _ordering_rows() -> list[Row]:
    plan, mild = optimal_plan(), optimal_plan(replace(Tactics(), provocation=0.0))
    higher = plan.threshold - mild.threshold
    water = float((plan.water[1:] > 0.0).mean())
    compared = f"without provocation {mild.threshold:.2f}, with it {plan.threshold:.2f}; {OWN}"
    cases: list[tuple[str, str, float, str, bool, str]] = [
        ("smallest size at which the provoking tactic is best", "only above a threshold", plan.threshold,
         "ordering: none below, used above", _ordered(plan), OWN),
        ("the same threshold less that of a tactic that provokes nobody", "higher", higher, "sign: above 0",
         higher > 0.0, compared),
        ("share of sizes above 0 at which the other tactic is used", "almost always", water, "above 0.95",
         water > 0.95, OWN),
    ]  # fmt: skip
    return [
        Row("IN-2", what, published, ours, tolerance, 2, holds(good), SOURCE, remark)
        for what, published, ours, tolerance, good, remark in cases
    ]


def _anchor_rows() -> list[Row]:
    plans, rests = _variants(), resting_sizes(optimal_plan())
    below = sum(not (each.fire[1] > 0.0) for each in plans) / len(plans)
    strict = sum(_ordered(each) for each in plans) / len(plans)
    two = sum(len(resting_sizes(each)) > 1 for each in plans) / len(plans)
    where = ", ".join(f"{size:.2f}" for size in rests)
    states = f"at {where}; two in {two:.0%} of 48 variants of the parameters, else one"
    paused = f"used at every size above its threshold in {strict:.0%}; in the rest it pauses at middle sizes"
    number = float(len(rests))
    share = "share of 48 variants of the parameters without the provoking tactic at the smallest size"
    return [
        Row("IN-2", "resting sizes under the best plan", 2.0, number, "count, gap reported", 3, gap(number == 2.0),
            SOURCE, states),
        Row("IN-2", share, 1.0, below, "gap reported", 3, gap(below == 1.0), SOURCE, paused),
    ]  # fmt: skip


def _rows() -> list[Row]:
    return [*_ordering_rows(), *_anchor_rows()]


def _charts() -> list[Chart]:
    plan = optimal_plan()
    size = [float(each) for each in plan.size]
    tactics: dict[str, Sequence[float]] = {
        "fire (provokes)": plan.fire.tolist(),
        "water (does not)": plan.water.tolist(),
    }
    return [
        Chart("Best use of two tactics", "size of the organisation", "effort", size, tactics),
        Chart(
            "Growth under the best plan",
            "size of the organisation",
            "growth a year",
            size,
            {"growth": plan.drift.tolist()},
        ),
    ]


REPLICATION = Replication(
    name="fire-and-water",
    title="Fire and water: a tactic that provokes and one that does not",
    citation=(
        "J. P. Caulkins, D. Grass, G. Feichtinger and G. Tragler, Optimizing counter-terror operations: should "
        "one fight "
        "fire with fire or water?, Computers & Operations Research 35(6), 1874-1885, 2008"
    ),
    doi="10.1016/j.cor.2006.09.017",
    says=(
        "Of two tactics, one provokes recruitment and one does not. The best plan uses the second at almost any "
        "time and "
        "can leave the first unused below a threshold size. There are two long-run states, one near eradication and "
        "one with a large organisation."
    ),
    critics=(
        "One planner, one stock and known responses: the threshold depends on how strongly fire provokes, which is "
        "the quantity in dispute. Later work on the same model finds the resting states sensitive to how effective "
        "fire is. Organisations that split, and markets that refill ranks, are outside it."
    ),
    not_reproduced=(
        "The published equations and parameters were not read. The form, the parameters and the numbers are "
        "ours, found "
        "to show both resting states; only the ordering and their number are compared. With other parameters one "
        "resting state is left, or fire is used at small and large sizes and not in between."
    ),
    rows=_rows,
    charts=_charts,
)
