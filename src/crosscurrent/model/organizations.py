"""Organisations: members, recruitment, arrests, conflict, splits.  Groups are ranks, not names.

The core is Prieto-Curiel, Campedelli and Hope (2023, doi:10.1126/science.adh2888):

    dC_g/dt = C_g [rho m_g - eta/T - theta * sum_h S_gh C_h - omega * C_g],   S_gh = (W_gh + 1)/(a_g + 1)

To it the laboratory adds, each with a null: refill of vacancies, a half-size below which arrests become rare,
cohesion, and
families of groups that have split from each other.  Two siblings at distance e (0 at the split, 1 when
strangers) fight with
intensity ``sibling_rivalry * e`` and share saturation with weight ``1 - e``; distance grows only where siblings
are rivals, so
a split without sibling rivalry moves no national flow.
"""

from __future__ import annotations

import numpy as np

from ..lanes.compiler import Real, equation
from ..lanes.vector_math import clip, exp, power, relative

__all__ = [
    "alone",
    "cohesive_members",
    "conflict_deaths_of_group",
    "counted_apart",
    "deterrence_factor",
    "estranged_members",
    "estranged_siblings",
    "family_members",
    "fighting_rate",
    "grievance",
    "grievance_factor",
    "growth_noise",
    "growth_rate",
    "kept_vacancies",
    "mean_cohesion",
    "members_lost_to_state",
    "middle_disorder",
    "next_cohesion",
    "next_distance",
    "next_members",
    "next_noise",
    "pay_factor",
    "pay_now",
    "perceived_risk",
    "pool_factor",
    "prevention_factor",
    "prevention_in_force",
    "recruited_members",
    "recruitment_multiplier",
    "refilled_members",
    "saturation_losses",
    "social_in_force",
    "state_loss_rate",
    "total_members",
]

SMALLEST_GROUP = 5.0
"""Members; a smaller splinter dissolves into its family."""


@equation
def pay_now(usable_revenue: Real, total_members: Real) -> Real:
    """Usable revenue a member, million USD a week."""
    return usable_revenue / max(total_members, 1.0)


@equation
def pay_factor(pay_now: Real, reference_pay: Real, pay_elasticity: Real) -> Real:
    """Effect of relative pay on recruitment (1 at reference), an elasticity.

    Evidence: member-pay-low, member-pay-high, job-loss-violence-dell.
    """
    return clip(power(relative(pay_now, reference_pay), pay_elasticity), 0.2, 5.0)


@equation
def prevention_in_force(prevention_in_force: Real, prevention: Real, prevention_build_up: Real) -> Real:
    """Share of those at risk reached by prevention that works by now (0-1): programmes take time to build."""
    return prevention_in_force + prevention_build_up * (prevention - prevention_in_force)


@equation
def social_in_force(social_in_force: Real, social_investment: Real, social_build_up: Real) -> Real:
    """Added social investment in effect by now, billion USD a year: slower than any other lever."""
    return social_in_force + social_build_up * (social_investment - social_in_force)


@equation
def prevention_factor(prevention_in_force: Real, prevention_effect: Real) -> Real:
    """Effect of prevention on recruitment (1 at reach 0).

    Effect above 0: works (cbt-youth-violence-heller); 0: null (job-training-homicide-null-mexico); below 0: backfires
    (cash-transfer-violence-up-mexico).
    """
    return clip(1.0 - prevention_effect * prevention_in_force, 0.1, 2.0)


@equation
def pool_factor(
    young_people_neither: Real, social_in_force: Real, pool_elasticity: Real, social_effect: Real,
) -> Real:  # fmt: skip
    """Effect of the pool at risk on recruitment (1 at 6.6 million young people neither in school nor work).

    social_effect: relative fall of the pool a billion USD a year (neet-pool, jcf-neet-effect).
    """
    pool = power(young_people_neither * (1.0 / 6.6), pool_elasticity)
    return pool * clip(exp(-social_effect * social_in_force), 0.2, 2.0)


@equation
def grievance(
    grievance: Real, strikes_flown: Real, campaign_mode: Real, exposed: Real, civilians_killed: Real,
    grievance_per_strike: Real, grievance_per_civilian: Real, grievance_decay: Real,
) -> Real:  # fmt: skip
    """Grievance against foreign force (0 upwards; 1 = a year of weekly open strikes without consent).

    Covert strikes act only once exposed; consented ones at a third.  Evidence on both sides:
    strikes-more-terrorism-mahmood-jetter, strikes-fewer-attacks-johnston-sarbahi.
    """
    visible = exposed if campaign_mode > 2.5 else 1.0
    weight = visible if campaign_mode > 1.5 else 0.33
    added = weight * (grievance_per_strike * strikes_flown + grievance_per_civilian * civilians_killed)
    return min(grievance + added - grievance_decay * grievance, 20.0)


@equation
def grievance_factor(grievance: Real, grievance_recruitment: Real) -> Real:
    """Effect of grievance on recruitment (1 at none); grievance_recruitment 0 on the axis where it does not recruit."""
    return clip(1.0 + grievance_recruitment * grievance, 0.5, 3.0)


@equation
def perceived_risk(
    perceived_risk: Real, strikes_flown: Real, arrest_pressure: Real, risk_per_strike: Real,
    risk_adjustment: Real,
) -> Real:  # fmt: skip
    """Risk seen by members and shippers, above the reference period's (0): strikes and arrests, slowly believed."""
    seen = risk_per_strike * strikes_flown + 0.3 * (arrest_pressure - 1.0)
    return clip(perceived_risk + risk_adjustment * (seen - perceived_risk), -2.0, 20.0)


@equation
def deterrence_factor(perceived_risk: Real, risk_deterrence: Real) -> Real:
    """Effect of perceived risk on recruitment (1 at reference); risk_deterrence 0 on the axis where risk does
    not deter.

    Evidence: lethal-air-interdiction-deterrence-peru against homicide-impunity, enforcement-price-null-pollack-reuter.
    """
    return clip(exp(-risk_deterrence * perceived_risk), 0.2, 2.0)


@equation
def next_noise(noise: Real, draw: Real, persistence: Real, size: Real) -> Real:
    """First-order autoregressive discrepancy (logarithm, mean 0, standard deviation ``size`` in the long run)."""
    return persistence * noise + size * np.sqrt(1.0 - persistence * persistence) * draw


@equation
def growth_noise(
    growth_noise: Real, growth_draw: Real, noise_persistence: Real, growth_noise_size: Real,
) -> Real:  # fmt: skip
    """Discrepancy of recruitment: what the equations do not know, kept honest as an AR(1) process."""
    return next_noise(growth_noise, growth_draw, noise_persistence, growth_noise_size)


@equation
def recruitment_multiplier(
    pay_factor: Real, prevention_factor: Real, pool_factor: Real, grievance_factor: Real,
    deterrence_factor: Real, growth_noise: Real,
) -> Real:  # fmt: skip
    """National multiplier of recruitment, 1 in the reference period."""
    factor = pay_factor * prevention_factor * pool_factor * grievance_factor * deterrence_factor
    return clip(factor * exp(growth_noise), 0.0, 6.0)


@equation
def recruited_members(members: Real, cohesion: Real, growth_rate: Real, cohesion_recruitment: Real) -> Real:
    """Members recruited by a group this week: in proportion to its size, fewer while it lacks cohesion."""
    return growth_rate * members * (1.0 - cohesion_recruitment * (1.0 - cohesion))


@equation
def state_loss_rate(
    arrests_rate: Real, arrest_pressure: Real, strike_members_killed: Real, total_members: Real,
    arrest_half_size: Real,
) -> Real:  # fmt: skip
    """Share of members lost to the state this week: arrests and strikes, numbers for the whole country shared by size.

    arrests_rate is eta, people a week; arrest_half_size (members) keeps arrests finite when few are left, 0 in
    the core.
    """
    people = max(total_members, 1.0)
    return arrests_rate * arrest_pressure / (people + arrest_half_size) + min(strike_members_killed / people, 0.2)


@equation
def members_lost_to_state(members: Real, state_loss_rate: Real) -> Real:
    """Members of a group arrested or killed by strikes this week."""
    return members * state_loss_rate


@equation
def growth_rate(recruitment_rate: Real, recruitment_multiplier: Real) -> Real:
    """Recruits a member and week, for a cohesive group."""
    return recruitment_rate * recruitment_multiplier


@equation
def alone(members: Real) -> Real:
    """Members of the family of a group that has not split."""
    return members


@equation
def family_members(members: Real, kin_members: Real) -> Real:
    """Members of a group and of all that have split from it."""
    return members + kin_members


@equation
def estranged_members(members: Real, kin_estranged: Real) -> Real:
    """Members of a family weighted by distance; the parent has distance 1."""
    return members + kin_estranged


@equation
def fighting_rate(conflict_rate: Real, conflict_intensity: Real) -> Real:
    """Deaths a member, enemy member and week (theta), with this week's intensity of conflict."""
    return conflict_rate * conflict_intensity


@equation
def counted_apart(members: Real, family_members: Real, estranged: Real) -> Real:
    """A group's part in the sum of squares behind the effective number of groups: siblings count apart once
    estranged."""
    return members * (family_members - estranged)


@equation
def estranged_siblings(members: Real, distance: Real, estranged_members: Real) -> Real:
    """Members of the same family, weighted by how far they have grown apart; ``estranged_members`` sums
    distance*members."""
    return distance * (estranged_members - distance * members)


@equation
def conflict_deaths_of_group(
    members: Real, total_members: Real, family_members: Real, rival_members: Real, shield: Real,
    estranged: Real, fighting_rate: Real, sibling_rivalry: Real,
) -> Real:  # fmt: skip
    """Members of a group lost in conflict this week.

    Every group fights every other at weight 1 and recorded rivals more (rival_members = sum of W C over rivals); allies
    divide own losses (shield = 1/(a+1)); siblings fight only as far as they are estranged.
    """
    others = total_members - family_members + rival_members
    return fighting_rate * members * (others * shield + sibling_rivalry * estranged)


@equation
def saturation_losses(members: Real, family_members: Real, estranged: Real, saturation_rate: Real) -> Real:
    """Members lost to saturation (leaving, internal loss): the family counts as one organisation until it grows
    apart."""
    return saturation_rate * members * (family_members - estranged)


@equation
def refilled_members(vacancies: Real, vacancy_refill: Real, vacancy_rate: Real) -> Real:
    """Vacancies left by arrests and strikes that are refilled this week (vacancy_refill 0 none, 1 all, above 1
    over-filled)."""
    return vacancy_refill * vacancy_rate * vacancies


@equation
def kept_vacancies(vacancies: Real, vacancy_rate: Real, lost_to_state: Real) -> Real:
    """Losses to the state that are still to be answered."""
    return vacancies + lost_to_state - vacancy_rate * vacancies


@equation
def next_members(
    members: Real, recruited: Real, refilled: Real, lost_to_state: Real, conflict_killed: Real,
    saturated: Real,
) -> Real:  # fmt: skip
    """Members of a group next week."""
    return max(members + recruited + refilled - lost_to_state - conflict_killed - saturated, 0.0)


@equation
def next_cohesion(cohesion: Real, cohesion_recovery: Real, middle_disorder: Real) -> Real:
    """Cohesion back towards 1 as successors establish themselves; removals from the middle rank wear it down
    everywhere."""
    return cohesion + cohesion_recovery * (1.0 - cohesion) - middle_disorder * cohesion


@equation
def middle_disorder(middle_removed: Real, cohesion_loss_middle: Real, middle_leader_count: Real) -> Real:
    """Share of cohesion lost in a week to removals from the middle rank, the same in all groups (they are
    spread by size)."""
    return min(cohesion_loss_middle * middle_removed / middle_leader_count, 0.5)


@equation
def next_distance(distance: Real, sibling_rivalry: Real, estrangement_rate: Real) -> Real:
    """Distance of a splinter from its family (0 at the split, 1 = strangers): grows only where siblings are rivals."""
    return distance + estrangement_rate * min(sibling_rivalry, 1.0) * (1.0 - distance)


@equation
def cohesive_members(members: Real, cohesion: Real) -> Real:
    """Members weighted by their group's cohesion."""
    return members * cohesion


@equation
def mean_cohesion(cohesion_sum: Real, members_sum: Real) -> Real:
    """Cohesion of the average member's group (0-1)."""
    return cohesion_sum / max(members_sum, 1e-6)


@equation
def total_members(total_members: Real) -> Real:
    """Members of all groups at the end of the week."""
    return total_members
