"""Counts of the week, drawn by inverse distribution function from one uniform number each.

Two policies with the same expected count have the same count; a small change of the rate changes few counts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..lanes.compiler import scalar_loop
from ..lanes.random_streams import normal, random_bits, uniform
from ..lanes.vector_math import exp
from ..model.schema import STREAMS

__all__ = ["binomial_quantile", "draw_operations", "poisson_quantile"]

(
    LEADERSHIP, HITS, TOP_SHARE, LOGISTICS, LOGISTICS_HITS, KILLED, CIVILIANS, TOP_REMOVALS, MIDDLE_REMOVALS,
) = (
    np.uint64(STREAMS[name].number)
    for name in (
        "leadership_strikes", "leader_hits", "top_share", "logistics_strikes", "logistics_hits", "killed", "civilians",
        "top_removals", "middle_removals",
    )
)  # fmt: skip
MOST = 400


@scalar_loop
def poisson_quantile(u: Any, mean: Any) -> Any:
    """Smallest count whose Poisson distribution function reaches u (at most 400; means up to about 80)."""
    if mean <= 0.0:
        return 0
    probability = exp(-min(mean, 80.0))
    reached, count = probability, 0
    while reached < u and count < MOST:
        count += 1
        probability *= mean / count
        reached += probability
        if probability < 1e-9 and count > mean:
            break
    return count


@scalar_loop
def binomial_quantile(u: Any, trials: int, p: Any) -> Any:
    """Smallest count whose binomial distribution function reaches u.

    In double precision: the chance of no success in some hundred trials is below what single precision can hold.
    """
    if trials <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return trials
    none = np.float64(1.0)
    for _ in range(trials):
        none *= 1.0 - np.float64(p)
    probability, count = none, 0
    reached, odds = probability, np.float64(p) / (1.0 - np.float64(p))
    while reached < u and count < trials:
        probability *= odds * (trials - count) / (count + 1)
        count += 1
        reached += probability
    return count


@scalar_loop
def draw(worlds: Any, stream: Any, week: int, lane: int) -> Any:
    return uniform(random_bits(worlds.key[lane], stream, week, 0))


@scalar_loop
def draw_strikes(worlds: Any, week: int, lane: int) -> None:
    """Strikes flown, their hits and their dead, in one world."""
    leadership = poisson_quantile(draw(worlds, LEADERSHIP, week, lane), worlds.leadership_strikes_expected[lane])
    logistics = poisson_quantile(draw(worlds, LOGISTICS, week, lane), worlds.logistics_strikes_expected[lane])
    hits = binomial_quantile(draw(worlds, HITS, week, lane), leadership, worlds.leader_hit_probability[lane])
    top = binomial_quantile(draw(worlds, TOP_SHARE, week, lane), hits, worlds.top_hit_share[lane])
    destroyed = binomial_quantile(
        draw(worlds, LOGISTICS_HITS, week, lane), logistics, worlds.logistics_hit_probability[lane]
    )
    flown = leadership + logistics
    spread = worlds.strike_dispersion[lane]
    shock = normal(random_bits(worlds.key[lane], KILLED, week, 1))
    mean = flown * worlds.killed_per_strike[lane] * exp(spread * shock - 0.5 * spread * spread)
    killed = poisson_quantile(draw(worlds, KILLED, week, lane), mean)
    civilians = binomial_quantile(draw(worlds, CIVILIANS, week, lane), killed, worlds.civilian_share[lane])
    worlds.leadership_strikes_flown[lane] = leadership
    worlds.logistics_strikes_flown[lane] = logistics
    worlds.leader_hits[lane] = hits
    worlds.top_struck[lane] = top
    worlds.top_removed[lane] += top
    worlds.middle_removed[lane] += hits - top
    worlds.production_hits[lane] = 0.5 * destroyed
    worlds.route_hits[lane] = 0.5 * destroyed
    worlds.civilians_killed[lane] = civilians
    worlds.strike_members_killed[lane] = killed - civilians


@scalar_loop
def draw_operations(worlds: Any, setting: Any, week: int, first: int, last: int) -> None:
    """Removals by arrest and, where strikes are flown, the week's strikes."""
    for lane in range(first, last):
        worlds.top_struck[lane] = 0.0
        top, middle = worlds.top_removals_expected[lane], worlds.middle_removals_expected[lane]
        if top > 0.0:
            worlds.top_removed[lane] = poisson_quantile(draw(worlds, TOP_REMOVALS, week, lane), top)
        if middle > 0.0:
            worlds.middle_removed[lane] = poisson_quantile(draw(worlds, MIDDLE_REMOVALS, week, lane), middle)
        if worlds.leadership_strikes_expected[lane] + worlds.logistics_strikes_expected[lane] > 0.0:
            draw_strikes(worlds, week, lane)
