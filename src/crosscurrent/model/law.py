"""Law, as rules with sources.  Outputs are labelled *rule*, not *finding*.

Each strike is coded by the basis claimed: consent, Council mandate, self-defence, none
(law-charter-exceptions).  Designation gives
financial and criminal powers, none to use force (law-fto-not-aumf).  The domestic clock is a political cost, not a stop
(law-wpr-hostilities-reading).
"""

from __future__ import annotations

from ..lanes.compiler import Real, equation
from ..lanes.vector_math import clip, exp

__all__ = [
    "clock_cost",
    "precedent",
    "strikes_without_recognised_basis_week",
    "widened",
]

YEARS_PER_WEEK = 7.0 / 365.25


@equation
def strikes_without_recognised_basis_week(
    strikes_flown: Real, campaign_mode: Real, self_defence_recognised: Real,
) -> Real:  # fmt: skip
    """Strikes this week without a recognised legal basis: all flown without consent, unless the self-defence
    claim against
    an unwilling or unable host is taken as recognised (a contested minority view: law-unwilling-unable-contested)."""
    unconsented = strikes_flown if campaign_mode > 1.5 else 0.0
    return unconsented * (1.0 - self_defence_recognised)


@equation
def clock_cost(campaign_years: Real, campaign_mode: Real, clock_political_cost: Real) -> Real:
    """Political cost of passing the 60 + 30 days of the domestic clock without authorisation, logit points of
    support."""
    past = 1.0 if campaign_years > 0.25 else 0.0
    return clock_political_cost * past if campaign_mode > 0.5 else 0.0


@equation
def precedent(
    precedent: Real, strikes_without_recognised_basis_week: Real, precedent_per_strike: Real,
    precedent_decay: Real,
) -> Real:  # fmt: skip
    """Stock of precedent for force without consent (0-1) that others could cite."""
    return clip(
        precedent
        + precedent_per_strike * strikes_without_recognised_basis_week * (1.0 - precedent)
        - precedent_decay * precedent,
        0.0,
        1.0,
    )


@equation
def widened(
    widened: Real, precedent: Real, us_casualties_week: Real, campaign_mode: Real, widening_draw: Real,
    widening_hazard: Real,
) -> Real:  # fmt: skip
    """Whether the campaign has widened to other networks (0 or 1): the hazard rises with precedent and US deaths."""
    hazard = widening_hazard * YEARS_PER_WEEK * (0.2 + precedent + us_casualties_week)
    started = 1.0 if widening_draw < 1.0 - exp(-hazard) else 0.0
    return max(widened, started) if campaign_mode > 0.5 else widened
