"""Interdiction and route adaptation: NarcoLogic's rules for risk, routes and learning, and the balloon in our module.

The rules are those of Magliocca et al. 2019 (doi:10.1073/pnas.1812459116) as their code states them.  The published
road network and its rasters are not all public, so the rules run here on synthetic parallel routes.  The same
questions are then put to the laboratory's own trafficking equations over the corridor groups of the case.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from .target import Chart, Replication, Row, close, gap, holds

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Reals = npt.NDArray[np.float64]

__all__ = [
    "REPLICATION",
    "CorridorOutcome",
    "RouteOutcome",
    "corridors_under_interdiction",
    "fall_when_covered",
    "learned_interdiction",
    "perceived_risk",
    "risk_premium",
    "route_values",
    "routes_changed",
    "simulate_routes",
]

MEMORY_MONTHS = 13
PRIOR_LOST, PRIOR_SAFE = 2.0, 0.5
RISK_LEARNING, RISK_NEUTRAL, RISK_POWER = 0.3558, 0.43, 2.0
SALIENCE = 0.5
LOSS_TOLERANCE, MOST_NEW_ROUTES = 0.0455, 8
INTERDICTION_LEARNING, DETECTION = 0.6, 0.3417
CAPACITY_LOW, CAPACITY_HIGH = 21, 125
MONTHS, ROUTES, SEEDS = 180, 1000, 8
SUPPLY_KG, ROUTE_CAPACITY_KG = 166_000.0, 12 * 644.0
"""166 t a month in movements of 644 kg (2015 data in the code); twelve movements a route and month are ours."""
VALUE_ADDED = 4.46 * 2500.0
"""US$/kg gained over the way to Mexico: 4.46 US$/kg per km; 2,500 km is ours."""
TRANSPORT = {"inland": 371.0, "coast": 160.0, "air": 3486.0}
TRUNK_SHARE = 0.72
"""Share of the flow on the largest edge: the East Pacific branch (the other 28 % are Caribbean)."""
COVERED = 3.0
PRODUCTS = {"fentanyl": "fentanyl", "methamphetamine": "meth", "cocaine": "cocaine", "heroin": "heroin"}
SOURCE = "Magliocca et al. 2019, model code"


def perceived_risk(losses: Sequence[float], weight: float = 1.0) -> float:
    """Perceived risk of a route (0-1) from its last thirteen months, newest first (1 lost, 0 not).

    A beta prior of 2 losses to half a safe month makes an untried route look risky.

    >>> round(perceived_risk([0.0] * 13), 4), round(perceived_risk([1.0] * 13), 4)
    (0.129, 0.9677)

    Raises
    ------
    InputError
        If a month is outside 0-1 or the weight is not in (0, 1].
    """
    if not 0.0 < weight <= 1.0:
        raise InputError("the weight of the past is out of range", given=weight, expected="above 0, at most 1")
    if any(not 0.0 <= lost <= 1.0 for lost in losses):
        raise InputError("a loss is out of range", given=list(losses), expected="values between 0 and 1")
    weights = [float(weight**month) for month in range(MEMORY_MONTHS)]
    seen = sum(w * lost for w, lost in zip(weights, losses, strict=False))
    return float((seen + PRIOR_LOST) / (sum(weights) + PRIOR_LOST + PRIOR_SAFE))


def risk_premium(premium: float, risk: float) -> float:
    """Next month's factor on transport cost (1 or more): pay follows perceived risk and never falls below the usual."""
    return float(max((1.0 - RISK_LEARNING) * premium + RISK_LEARNING * (risk / RISK_NEUTRAL) ** RISK_POWER, 1.0))


def route_values(value_added: Reals, cost: Reals, quantity: Reals, risk: Reals) -> Reals:
    """Value of each route, US$: payoffs with and without loss, weighted by probability and by salience.

    The outcome that stands out more against the mean of the other routes counts double (0.5 a rank).

    Raises
    ------
    InputError
        If there are fewer than two routes to compare or a risk is not a probability.
    """
    import numpy as np

    if len(risk) < 2:
        raise InputError("too few routes to compare", given=len(risk), expected="at least 2")
    if np.any((risk < 0.0) | (risk > 1.0)):
        raise InputError("a risk is not a probability", given=risk.tolist(), expected="values between 0 and 1")
    payoffs = np.array([(value_added - cost) * quantity, -cost * quantity])
    others = (payoffs.sum(axis=1, keepdims=True) - payoffs) / (len(risk) - 1)
    salience = np.abs(payoffs - others) / (np.abs(payoffs) + np.abs(others) + 1.0)
    loss_first = salience[1] > salience[0]
    discount = np.where(np.array([loss_first, ~loss_first]), SALIENCE**2, SALIENCE)
    weight = np.array([1.0 - risk, risk]) * discount
    values: Reals = (weight * payoffs).sum(axis=0) / weight.sum(axis=0)
    return values


def routes_changed(loss: float, tolerance: float, active: int) -> int:
    """Routes opened (above 0) or dropped (below 0) after a month's loss of value; at most eight opened a month.

    This is the balloon: only losses that hurt make the network grow.

    >>> routes_changed(0.0, 1.0, 20), routes_changed(1.0, 1.0, 20), routes_changed(50.0, 1.0, 20)
    (0, -10, 8)
    """
    if loss <= tolerance:
        return -min(round(active * loss / (loss + tolerance)) if loss > 0.0 else 0, active - 1)
    return min(max(math.ceil(loss / tolerance), 1), MOST_NEW_ROUTES)


def learned_interdiction(probability: float, success: bool) -> float:
    """Expected success on a route that was visited (0-1): exponential learning."""
    return (1.0 - INTERDICTION_LEARNING) * probability + INTERDICTION_LEARNING * float(success)


@dataclass(frozen=True)
class RouteOutcome:
    """What a run of the rules gives over its last five years, and the routes in use month by month."""

    seized_kg: float
    """kg a month."""
    value_per_seizure: float
    """US$ of a route's cargo when it is taken."""
    active_routes: float
    path: tuple[int, ...]


def simulate_routes(capacity: int, seed: int = 0, months: int = MONTHS, routes: int = ROUTES) -> RouteOutcome:
    """Run traffickers who learn against interdiction that learns, on synthetic parallel routes.

    Parameters
    ----------
    capacity : int
        Routes that can be visited a month.

    Raises
    ------
    InputError
        If the capacity is not between 1 and the number of routes.
    """
    import numpy as np

    if not 1 <= capacity <= routes:
        raise InputError("capacity out of range", given=capacity, expected=f"1 to {routes} routes a month")
    draw = np.random.default_rng(seed)
    transport = draw.choice(list(TRANSPORT.values()), routes, p=[0.4, 0.5, 0.1]) * draw.uniform(0.7, 1.3, routes)
    losses = np.zeros((MEMORY_MONTHS, routes))
    premium, chance = np.ones(routes), np.full(routes, 0.5)
    active = np.zeros(routes, dtype=bool)
    active[np.argsort(transport)[: math.ceil(SUPPLY_KG / ROUTE_CAPACITY_KG)]] = True
    seized, values, hits, path = [], [], [], []
    for _ in range(months):
        risk = (losses.sum(axis=0) + PRIOR_LOST) / (MEMORY_MONTHS + PRIOR_LOST + PRIOR_SAFE)
        flow = _flows(np.flatnonzero(active), transport * premium, risk, routes)
        visited = np.argsort(-(chance + 1e-3 * draw.random(routes)))[:capacity]
        found = np.zeros(routes, dtype=bool)
        found[visited] = (flow[visited] > 0.0) & (draw.random(capacity) < DETECTION)
        chance[visited] = (1.0 - INTERDICTION_LEARNING) * chance[visited] + INTERDICTION_LEARNING * found[visited]
        losses = np.vstack([found[None, :], losses[:-1]])
        margin = VALUE_ADDED - transport * premium
        tolerance = LOSS_TOLERANCE * TRUNK_SHARE * float((flow * margin).sum())
        lost = float((flow * margin)[found].sum())
        _reorganise(active, routes_changed(lost, tolerance, int(active.sum())), risk, margin)
        premium = np.maximum((1.0 - RISK_LEARNING) * premium + RISK_LEARNING * (risk / RISK_NEUTRAL) ** RISK_POWER, 1.0)
        seized.append(float(flow[found].sum()))
        values.append(float((flow * VALUE_ADDED)[found].sum()))
        hits.append(int(found.sum()))
        path.append(int((flow > 0.0).sum()))
    late = slice(-60, None)
    return RouteOutcome(
        sum(seized[late]) / len(seized[late]),
        sum(values[late]) / max(sum(hits[late]), 1),
        sum(path[late]) / len(path[late]),
        tuple(path),
    )


def _flows(used: npt.NDArray[np.intp], cost: Reals, risk: Reals, routes: int) -> Reals:
    """Flow by route, kg a month: split by value over the routes worth using, capped, what is left by order of value."""
    import numpy as np

    added = np.full(len(used), VALUE_ADDED)
    values = route_values(added, cost[used], np.full(len(used), ROUTE_CAPACITY_KG), risk[used])
    worth = np.maximum(values, 0.0)
    flow = np.zeros(routes)
    if worth.sum() <= 0.0:
        return flow
    flow[used] = np.minimum(SUPPLY_KG * worth / worth.sum(), ROUTE_CAPACITY_KG)
    for route in used[np.argsort(-worth)]:
        room = min(ROUTE_CAPACITY_KG - flow[route], SUPPLY_KG - flow.sum())
        if room <= 1e-6:
            continue
        flow[route] += room
    return flow


def _reorganise(active: npt.NDArray[np.bool_], change: int, risk: Reals, margin: Reals) -> None:
    """Open the untried routes of best risk-adjusted margin, or drop the riskiest of those in use."""
    import numpy as np

    if change > 0:
        closed = np.flatnonzero(~active)
        active[closed[np.argsort(-(margin * (1.0 - risk))[closed], kind="stable")[:change]]] = True
    elif change < 0:
        used = np.flatnonzero(active)
        active[used[np.argsort(-risk[used], kind="stable")[:-change]]] = False


@functools.cache
def _runs(capacity: int) -> tuple[RouteOutcome, ...]:
    return tuple(simulate_routes(capacity, seed) for seed in range(SEEDS))


def _mean(capacity: int, field: str) -> float:
    return sum(float(getattr(run, field)) for run in _runs(capacity)) / SEEDS


@dataclass(frozen=True)
class CorridorOutcome:
    """What the laboratory's trafficking equations give for one product in one week, per kg offered."""

    landed: float
    seized: float
    shares: tuple[float, ...]

    @property
    def effective_corridors(self) -> float:
        """Number of equal corridors that would be as spread (inverse of the sum of squared shares)."""
        return 1.0 / sum(share * share for share in self.shares)


def _plain(equation: Callable[..., float]) -> Callable[..., float]:
    """The equation as ordinary Python in double precision."""
    plain: Callable[..., float] = getattr(equation, "py_func", equation)
    return plain


@functools.cache
def _case() -> Any:
    from ..case import load_case

    return load_case("us_mexico")


def _central(name: str, rival: str | None = None) -> float:
    from ..case.distributions import central_value

    parameter = _case().parameters[name]
    return central_value(parameter.rivals[rival] if rival else parameter.distribution)


def corridors_under_interdiction(
    product: str, effort: float, covered: Collection[str] | None = None, rival: str | None = None
) -> CorridorOutcome:
    """Put more interdiction on some corridors of the case (all, if none are named) and let the flow find its way.

    Parameters
    ----------
    effort : float
        Interdiction on the covered corridors, multiples of the usual.
    rival : str, optional
        Rival of the axis *supply* that sets how freely routes are changed; the overall distribution if left out.

    Raises
    ------
    InputError
        If the product or a corridor is unknown or the effort is negative.
    """
    from ..errors import did_you_mean
    from ..model import trafficking
    from ..study.tables import CORRIDOR_EFFORT

    corridors = _case().corridors
    if product not in PRODUCTS:
        raise InputError("no such product", given=product, fix=did_you_mean(product, PRODUCTS))
    if effort < 0.0:
        raise InputError("interdiction cannot be negative", given=effort, expected="0 or more")
    for name in covered or ():
        if name not in corridors:
            raise InputError("no such corridor", given=name, fix=did_you_mean(name, corridors))
    seizure, sensitivity = _central(f"seizure_share_{PRODUCTS[product]}"), _central("route_risk_sensitivity")
    substitution = _central("route_substitution", rival)
    losses, weights = [], []
    for name, corridor in corridors.items():
        reach = CORRIDOR_EFFORT[corridor.kind]
        raised = effort if covered is None or name in covered else 1.0
        losses.append(_plain(trafficking.corridor_loss)(raised, seizure, reach, 0.3, 0.0))
        weights.append(
            _plain(trafficking.corridor_weight)(
                corridor.base_share[product], losses[-1], seizure, reach, 0.0, substitution, sensitivity
            )
        )
    flows = [_plain(trafficking.corridor_flow)(1.0, 1.0, 1.0, 1.0, w, sum(weights), 0.0, substitution) for w in weights]
    landed = sum(flow * (1.0 - loss) for flow, loss in zip(flows, losses, strict=True))
    return CorridorOutcome(landed, sum(flows) - landed, tuple(flow / sum(flows) for flow in flows))


def fall_when_covered(product: str, count: int, rival: str | None = None) -> float:
    """Fall of landed supply (share) with interdiction tripled on ``count`` corridors, mean over every choice of them.

    Raises
    ------
    InputError
        If ``count`` is not a number of corridors of the case.
    """
    names = tuple(_case().corridors)
    if not 0 <= count <= len(names):
        raise InputError("no such number of corridors", given=count, expected=f"0 to {len(names)}")
    usual = corridors_under_interdiction(product, 1.0, (), rival).landed
    falls = [
        1.0 - corridors_under_interdiction(product, COVERED, chosen, rival).landed / usual
        for chosen in itertools.combinations(names, count)
    ]
    return sum(falls) / len(falls)


def _largest(product: str) -> float:
    """Fall of landed supply with the corridor covered that carries most of it."""
    name = max(_case().corridors, key=lambda each: _case().corridors[each].base_share[product])
    usual = corridors_under_interdiction(product, 1.0, ()).landed
    return 1.0 - corridors_under_interdiction(product, COVERED, (name,)).landed / usual


def _vector_rows() -> list[Row]:
    import numpy as np

    values = route_values(np.full(2, 100.0), np.array([10.0, 20.0]), np.ones(2), np.array([0.2, 0.5]))
    derived = "worked by hand from the published rule"
    cases: list[tuple[str, float, float, str]] = [
        ("perceived risk, no loss in thirteen months", 0.1290, perceived_risk([0.0] * 13), ""),
        ("perceived risk, a loss every month", 0.9677, perceived_risk([1.0] * 13), ""),
        ("risk premium after a month at the highest risk", 2.4463, risk_premium(1.0, 15.0 / 15.5), derived),
        ("value of the safer of two routes with salience", 56.6667, float(values[0]), derived),
        ("value of the riskier of two routes with salience", 13.3333, float(values[1]), derived),
    ]
    return [
        Row("NL-1", what, published, ours, "±0.0001", 1, close(ours, published, absolute=1e-4), SOURCE, remark)
        for what, published, ours, remark in cases
    ]


def _capacity_rows() -> list[Row]:
    where = "NarcoLogic's rules on synthetic parallel routes, not the published road network"
    seized_more, worth_less, spread_more = (
        _mean(CAPACITY_HIGH, field) / _mean(CAPACITY_LOW, field)
        for field in ("seized_kg", "value_per_seizure", "active_routes")
    )
    rows = []
    for what, sign, ratio, good in (
        ("volume seized", "up", seized_more, seized_more > 1.0),
        ("value per seizure", "down", worth_less, worth_less < 1.0),
        ("active routes", "not fewer", spread_more, spread_more >= 1.0),
    ):
        quantity = f"{what}, capacity of {CAPACITY_HIGH} over {CAPACITY_LOW} visits a month (ratio)"
        rows.append(Row("NL-2", quantity, sign, ratio, "sign", 2, holds(good), SOURCE, where))
    usual, doubled = (corridors_under_interdiction("cocaine", effort) for effort in (1.0, 2.0))
    own = "the laboratory's trafficking equations, central values of the case"
    spread = doubled.effective_corridors / usual.effective_corridors
    seized = doubled.seized / usual.seized
    what = "cocaine seized, interdiction doubled (ratio)"
    rows.append(Row("NL-2", what, "up", seized, "sign", 2, holds(seized > 1.0), SOURCE, own))
    what = "effective number of corridors, interdiction doubled (ratio)"
    tripled = corridors_under_interdiction("cocaine", COVERED).effective_corridors / usual.effective_corridors
    limit = f"{own}; tripled {tripled:.2f}: once most has moved to the ways around Mexico it is concentrated again"
    rows.append(Row("NL-2", what, "routes spread", spread, "sign", 2, holds(spread > 1.0), SOURCE, limit))
    return rows


def _coverage_rows() -> list[Row]:
    source = "Crawford and Reuter 1988; Caulkins, Crawford and Reuter 1993 (SOAR)"
    rows = []
    for product in ("cocaine", "fentanyl"):
        one, five, every = (fall_when_covered(product, count) for count in (1, 5, 6))
        remark = (
            f"fall of landed supply with interdiction tripled on one corridor {one:.1%}, on five {five:.1%}, "
            f"on all six {every:.1%}; mean over every choice. The largest corridor alone: {_largest(product):.1%}"
        )
        few = holds(one < 0.05 and one < every / 6.0)
        rows.append(
            Row("NL-3", f"fall of landed {product}, one corridor of six covered", "nearly unchanged", one,
                "below 5 % and less than its share of the fall with all covered", 2, few, source, remark)
        )  # fmt: skip
        rows.append(
            Row("NL-3", f"fall of landed {product}, all corridors covered", "falls", every,
                "ordering: above three times the fall with one covered", 2, holds(every > 3.0 * one), source, remark)
        )  # fmt: skip
    return rows


def _area_row() -> Row:
    ours, low = (
        sum(run.path[-1] / run.path[0] for run in _runs(capacity)) / SEEDS for capacity in (CAPACITY_HIGH, CAPACITY_LOW)
    )
    remark = (
        "routes in use after fifteen years over those at the start, at the higher capacity: a count on a "
        "synthetic set of "
        f"routes without area, which depends on the capacity (at the lower one {low:.1f})"
    )
    return Row(
        "NL-4", "growth of the transit zone, 1996 to 2017 (factor)", 3.5, ours, "×/÷ 2, gap reported", 3,
        gap(1.75 <= ours <= 7.0), "Magliocca et al. 2019, public answers of the authors", remark,
    )  # fmt: skip


def _rows() -> list[Row]:
    return [*_vector_rows(), *_capacity_rows(), *_coverage_rows(), _area_row()]


def _charts() -> list[Chart]:
    names = len(_case().corridors)
    counts = [float(count) for count in range(names + 1)]
    falls: dict[str, Sequence[float]] = {
        f"{product}, {label}": [100.0 * fall_when_covered(product, int(count), rival) for count in counts]
        for product in ("cocaine", "fentanyl")
        for label, rival in (("routes fluid", "fast-fluid"), ("routes rigid", "slow-rigid"))
    }
    months = [float(month) for month in range(MONTHS)]
    paths: dict[str, Sequence[float]] = {
        f"{capacity} visits a month": [
            sum(run.path[month] for run in _runs(capacity)) / SEEDS for month in range(MONTHS)
        ]
        for capacity in (CAPACITY_LOW, CAPACITY_HIGH)
    }
    return [
        Chart("Covering corridors: how far landed supply falls", "corridors with interdiction tripled (of six)",
              "fall of landed supply, %", counts, falls),
        Chart("NarcoLogic's rules: routes in use", "month", "routes in use, mean of eight runs", months, paths),
    ]  # fmt: skip


REPLICATION = Replication(
    name="narcologic",
    title="Interdiction and route adaptation (NarcoLogic; SOAR)",
    citation=(
        "N. R. Magliocca et al., Modeling cocaine traffickers and counterdrug interdiction forces as a complex "
        "adaptive system, PNAS 116(16), 7784-7792, 2019; G. Crawford and P. Reuter, Simulation of Adaptive "
        "Response, RAND, 1988"
    ),
    doi="10.1073/pnas.1812459116",
    says=(
        "Traffickers learn which routes are lost and open others when losses hurt; interdiction learns where it "
        "succeeds. The two together spread trafficking over more space: more capacity seizes more, in smaller "
        "loads, over as many "
        "or more places. SOAR found the same arithmetic in the eighties: pressure on a few routes is evaded, "
        "pressure on nearly all of them is not."
    ),
    critics=(
        "The rules are calibrated on recorded flow, which is itself a product of where anyone looked. Routes also "
        "moved for reasons outside the model, such as politics and contests between groups. One air bridge did not "
        "re-form after lethal interdiction began, which a pure balloon does not explain."
    ),
    not_reproduced=(
        "The road network, rasters and figures of the paper (first arrivals, active nodes over time) are not public in "
        "full. Our run uses a thousand synthetic parallel routes, so levels mean nothing and only signs are compared. "
        "The transit zone's area is not computed; the count of routes stands in for it. SOAR's fall of marijuana "
        "imports by one third is not compared, as the case holds no marijuana."
    ),
    rows=_rows,
    charts=_charts,
)
