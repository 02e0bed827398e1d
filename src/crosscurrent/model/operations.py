"""Operations: strikes flown, hits, removals, the dead, and arrests.  Tempos and counts for the country, never a target.

Counts are drawn by inverse distribution function from one uniform number each (see kernel/operations_draws.py),
so that two
policies with the same rate have the same count.
"""

from __future__ import annotations

from ..lanes.compiler import Real, equation
from ..lanes.vector_math import clip, exp, power

__all__ = [
    "arrest_pressure",
    "campaign_tempo",
    "civilian_share",
    "killed_per_strike",
    "leader_hit_probability",
    "leaders",
    "leadership_strikes_expected",
    "logistics_hit_probability",
    "logistics_strikes_expected",
    "middle_removals_expected",
    "removal_memory",
    "security_force_deaths_week",
    "top_hit_share",
    "top_removals_expected",
    "us_casualties_expected",
    "us_casualties_week",
]

MONTHS_PER_WEEK = 12.0 / (365.25 / 7.0)
YEARS_PER_WEEK = 7.0 / 365.25


@equation
def campaign_tempo(campaign_mode: Real, campaign_active: Real, covert_tempo_share: Real) -> Real:
    """Share of the ordered tempo that is flown: 0 without permission or after the end, a part when covert.

    campaign_mode: 0 none, 1 with consent, 2 open without consent, 3 covert.
    """
    covert = covert_tempo_share if campaign_mode > 2.5 else 1.0
    return campaign_active * covert if campaign_mode > 0.5 else 0.0


@equation
def leadership_strikes_expected(leadership_strikes: Real, campaign_tempo: Real) -> Real:
    """Strikes on leaders expected this week; the lever is in strikes a month."""
    return leadership_strikes * MONTHS_PER_WEEK * campaign_tempo


@equation
def logistics_strikes_expected(logistics_strikes: Real, campaign_tempo: Real) -> Real:
    """Strikes on logistics expected this week; the lever is in strikes a month."""
    return logistics_strikes * MONTHS_PER_WEEK * campaign_tempo


@equation
def leader_hit_probability(
    intelligence: Real, security_cooperation: Real, leaders_top: Real, leaders_middle: Real,
    hit_probability: Real, host_help_weight: Real,
) -> Real:  # fmt: skip
    """Chance that a strike on a leader removes one (0-1).

    With full intelligence ``hit_probability`` (about 0.7 an operation: target-hit-share-haymaker), less without
    host help
    (exploitation-speed-condition-mir); saturates as leaders in place run out.
    """
    help_factor = 1.0 - host_help_weight * (1.0 - security_cooperation)
    in_place = 0.3 * leaders_top + 0.7 * leaders_middle
    return clip(hit_probability * intelligence * help_factor * in_place, 0.0, 0.95)


@equation
def top_hit_share(leaders_top: Real, leaders_middle: Real, top_leader_share: Real) -> Real:
    """Share of removals that fall on the top rank (leader-share-of-strike-deaths); less when tops are gone already."""
    top = top_leader_share * leaders_top
    return top / max(top + (1.0 - top_leader_share) * leaders_middle, 1e-6)


@equation
def leaders(leaders: Real, removed: Real, leader_count: Real, succession_rate: Real) -> Real:
    """Share of a rank's leadership that is in place (0-1): removals deplete it, succession refills it."""
    left = max(leaders - removed / leader_count, 0.0)
    return left + succession_rate * (1.0 - left)


@equation
def logistics_hit_probability(intelligence: Real, logistics_success: Real) -> Real:
    """Chance that a strike on logistics destroys production or route capacity (0-1)."""
    return clip(logistics_success * (0.25 + 0.75 * intelligence), 0.0, 0.95)


@equation
def killed_per_strike(strike_lethality: Real, domestic_lethality: Real, transfer_weight: Real) -> Real:
    """Mean number killed a strike: published campaigns (about 6 to 9 dead a strike in Pakistan), carried over in part.

    transfer_weight 1 = as in the reference campaigns, 0 = the domestic judgement.
    """
    return transfer_weight * strike_lethality + (1.0 - transfer_weight) * domestic_lethality


@equation
def civilian_share(civilian_share_campaigns: Real, intelligence: Real, civilian_learning: Real) -> Real:
    """Civilian share of those killed by strikes (0-0.8): falls as intelligence improves
    (civilian-share-new-america)."""
    return clip(civilian_share_campaigns * exp(-civilian_learning * (intelligence - 0.4)), 0.0, 0.8)


@equation
def arrest_pressure(
    mexican_enforcement: Real, joint_enforcement: Real, justice_capacity: Real, removal_memory: Real,
    security_cooperation: Real, enforcement_arrest_elasticity: Real, joint_arrest_share: Real,
    justice_arrest_effect: Real, followup_arrests: Real,
) -> Real:  # fmt: skip
    """Arrests relative to the reference period (1 there): Mexican effort, joint work, justice, follow-up of removals.

    At elasticity 0 and effects 0 it is 1: the published core.
    """
    effort = power(max(mexican_enforcement, 0.05), enforcement_arrest_elasticity)
    joint = 1.0 + joint_arrest_share * (joint_enforcement - 1.0)
    justice = 1.0 + justice_arrest_effect * (justice_capacity - 1.0)
    followup = 1.0 + followup_arrests * min(removal_memory, 4.0) * security_cooperation * joint_enforcement
    return effort * max(joint, 0.0) * max(justice, 0.0) * followup


@equation
def top_removals_expected(
    in_projection: Real, top_removal_rate: Real, mexican_enforcement: Real, joint_enforcement: Real,
    intelligence: Real, leaders_top: Real,
) -> Real:  # fmt: skip
    """Arrests of top leaders expected this week; in the past the dated events stand in (in_projection 0)."""
    effort = mexican_enforcement * joint_enforcement * (0.5 + intelligence)
    return in_projection * top_removal_rate * YEARS_PER_WEEK * effort * leaders_top


@equation
def middle_removals_expected(
    in_projection: Real, middle_removals: Real, middle_removal_rate: Real, mexican_enforcement: Real,
    joint_enforcement: Real, leaders_middle: Real,
) -> Real:  # fmt: skip
    """Arrests of middle-rank leaders expected this week: a driver in the past, effort in the projection."""
    future = middle_removal_rate * mexican_enforcement * joint_enforcement
    rate = future if in_projection > 0.5 else middle_removals
    return rate * YEARS_PER_WEEK * leaders_middle


@equation
def removal_memory(
    removal_memory: Real, top_removed: Real, middle_removed: Real, removal_memory_decay: Real,
) -> Real:  # fmt: skip
    """Recent removals (top = 1, middle = 0.1), fading: what follow-up and disorganisation act on."""
    return removal_memory + top_removed + 0.1 * middle_removed - removal_memory_decay * removal_memory


@equation
def security_force_deaths_week(
    homicides_week: Real, police_deaths_per_homicide: Real, retaliation_force_deaths: Real,
    mexican_enforcement: Real, soldier_deaths_rate: Real,
) -> Real:  # fmt: skip
    """Police, soldiers and guards killed this week.

    Police with the level of violence (police-killed-per-year), soldiers with enforcement (soldiers-killed-by-year),
    plus the burst after an operation against a top leader (retaliation-culiacan-2019-2023).
    """
    return (
        police_deaths_per_homicide * homicides_week
        + soldier_deaths_rate * YEARS_PER_WEEK * mexican_enforcement
        + retaliation_force_deaths
    )


@equation
def us_casualties_expected(
    us_presence: Real, strikes_flown: Real, campaign_mode: Real, grievance: Real, widened: Real,
    us_staff_deaths_rate: Real, us_risk_per_strike: Real, grievance_us_risk: Real,
) -> Real:  # fmt: skip
    """US personnel expected killed in Mexico this week (us-personnel-attacks-mexico: below one a year at the peak).

    Exposure grows with presence; strikes without consent, grievance and a widened campaign add risk.
    """
    baseline = us_staff_deaths_rate * YEARS_PER_WEEK * us_presence * (1.0 + grievance_us_risk * grievance)
    unconsented = 2.0 if campaign_mode > 1.5 else 1.0
    return baseline + us_risk_per_strike * strikes_flown * unconsented * (1.0 + widened)


@equation
def us_casualties_week(us_casualties_draw: Real, us_casualties_expected: Real) -> Real:
    """Number killed this week: Poisson, by inverse distribution function from one uniform number (at most 4)."""
    rate = us_casualties_expected
    none = exp(-rate)
    one = none * (1.0 + rate)
    two = one + none * rate * rate * 0.5
    three = two + none * rate * rate * rate * (1.0 / 6.0)
    return (
        (1.0 if us_casualties_draw > none else 0.0)
        + (1.0 if us_casualties_draw > one else 0.0)
        + (1.0 if us_casualties_draw > two else 0.0)
        + (1.0 if us_casualties_draw > three else 0.0)
    )
