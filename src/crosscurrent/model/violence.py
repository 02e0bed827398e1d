"""Violence: homicides with and without organised crime, bursts after removals, clashes, missing persons, extortion.

    H_oc = H_0 [(1 - a - b) + a D/D_0 + b (N/N_0)^nu] * arms * incarceration * noise + bursts + clashes + retaliation

D are conflict deaths, N the effective number of groups, subscript 0 the reference period 2015-2019.  Local
findings on leader
removal enter with the share of the country they affect and a decay.
"""

from __future__ import annotations

from ..lanes.compiler import Real, equation
from ..lanes.vector_math import clip, exp, power, relative
from .organizations import next_noise

__all__ = [
    "arms_factor",
    "arms_flow_week",
    "burst",
    "clashes",
    "concealment",
    "conflict_intensity",
    "displaced_week",
    "effective_groups",
    "extortion_week",
    "homicides_and_missing_week",
    "homicides_week",
    "incarceration_factor",
    "missing_week",
    "organised_crime_homicides_week",
    "other_homicides",
    "violence_noise",
]

YEARS_PER_WEEK = 7.0 / 365.25


@equation
def effective_groups(total_members: Real, squared_members: Real) -> Real:
    """Effective number of groups: total size squared over the sum of squares (inverse of the Herfindahl index)."""
    return total_members * total_members / max(squared_members, 1.0)


@equation
def conflict_intensity(
    mexican_enforcement: Real, violence_conditioned_share: Real, protection_violence: Real,
    conditional_repression: Real, arms_factor: Real,
) -> Real:  # fmt: skip
    """Multiplier of conflict between groups (1 at reference).

    On the axis *protection*, enforcement that hits at random unsettles protected arrangements and raises
    conflict, while
    effort conditioned on violence lowers it (castillo-kronick, law-enforcement-contagion-osorio); both
    strengths 0 else.
    """
    unconditional = mexican_enforcement * (1.0 - violence_conditioned_share) - 1.0
    conditioned = mexican_enforcement * violence_conditioned_share
    return arms_factor * clip(exp(protection_violence * unconditional - conditional_repression * conditioned), 0.3, 3.0)


@equation
def arms_flow_week(
    arms_interdiction: Real, arms_flow_year: Real, arms_interdiction_effect: Real,
    arms_cooperation_weight: Real, security_cooperation: Real,
) -> Real:  # fmt: skip
    """Firearms smuggled into Mexico this week; interdiction works better with cooperation
    (firearms-seized-southbound)."""
    helped = 1.0 - arms_cooperation_weight * (1.0 - security_cooperation)
    return arms_flow_year * YEARS_PER_WEEK * (1.0 - arms_interdiction_effect * arms_interdiction * helped)


@equation
def arms_factor(arms_flow_week: Real, arms_flow_year: Real, arms_elasticity: Real) -> Real:
    """Effect of arms availability on violence (1 at reference), a small elasticity (arms-supply-homicide-dube)."""
    return power(arms_flow_week / (arms_flow_year * YEARS_PER_WEEK), arms_elasticity)


@equation
def incarceration_factor(arrest_pressure: Real, incarceration_violence: Real) -> Real:
    """Effect of incarceration on organised-crime violence beyond members removed (1 at reference).

    Below 0 it lowers (mass-incarceration-homicide-el-salvador), 0 no effect (prison-effect-small-prieto-2025),
    above 0 it
    raises (incapacitation-raises-violence-prieto).
    """
    return clip(power(max(arrest_pressure, 0.05), incarceration_violence), 0.3, 3.0)


@equation
def violence_noise(
    violence_noise: Real, violence_draw: Real, noise_persistence: Real, violence_noise_size: Real,
) -> Real:  # fmt: skip
    """Discrepancy of violence, an AR(1) process in logarithms."""
    return next_noise(violence_noise, violence_draw, noise_persistence, violence_noise_size)


@equation
def burst(burst: Real, burst_added: Real, burst_decay: Real) -> Real:
    """Extra violence after removals, as a share of organised-crime homicides: sum of x (e^beta - 1), fading.

    Evidence: kingpin-capture-homicide-local, leader-removal-violence-calderon, succession-war-sinaloa-rate; against:
    arrest-short-run-reduction-phillips (below 0), removal-null-fixed-effects.
    """
    return clip(burst + burst_added - burst_decay * burst, -0.5, 3.0)


@equation
def clashes(mexican_enforcement: Real, campaign_tempo: Real, clash_deaths_rate: Real) -> Real:
    """Deaths a week in clashes with the state above the reference level (clashes-lethality-2010-2019)."""
    return clash_deaths_rate * YEARS_PER_WEEK * (mexican_enforcement - 1.0 + 0.2 * campaign_tempo)


@equation
def organised_crime_homicides_week(
    conflict_deaths: Real, reference_conflict_deaths: Real, effective_groups: Real,
    reference_effective_groups: Real, incarceration_factor: Real, violence_noise: Real, burst: Real,
    clashes: Real, retaliation_deaths: Real, organised_crime_homicides_year: Real, conflict_weight: Real,
    groups_weight: Real, groups_exponent: Real,
) -> Real:  # fmt: skip
    """Homicides by organised crime this week."""
    conflict = relative(conflict_deaths, reference_conflict_deaths)
    fragmentation = power(relative(effective_groups, reference_effective_groups), groups_exponent)
    steady = 1.0 - conflict_weight - groups_weight
    level = steady + conflict_weight * conflict + groups_weight * fragmentation
    usual = organised_crime_homicides_year * YEARS_PER_WEEK * level * incarceration_factor * exp(violence_noise)
    return max(usual * (1.0 + burst) + clashes + retaliation_deaths, 0.0)


@equation
def other_homicides(years_since_2017: Real, other_homicides_year: Real, other_homicides_trend: Real) -> Real:
    """Homicides not by organised crime this week: a slow trend (oc-homicide-lantia: they hardly moved)."""
    return other_homicides_year * YEARS_PER_WEEK * exp(other_homicides_trend * years_since_2017)


@equation
def homicides_week(
    organised_crime_homicides_week: Real, other_homicides: Real, civilians_killed: Real,
    strike_deaths_counted: Real,
) -> Real:  # fmt: skip
    """All homicides this week; civilians killed by strikes are counted in part (strike_deaths_counted, 0-1)."""
    return organised_crime_homicides_week + other_homicides + strike_deaths_counted * civilians_killed


@equation
def missing_week(organised_crime_homicides_week: Real, missing_ratio: Real, concealment: Real) -> Real:
    """Persons reported missing this week: a share of lethal violence is concealed; the share varies slowly."""
    return organised_crime_homicides_week * missing_ratio * exp(concealment)


@equation
def homicides_and_missing_week(homicides_week: Real, missing_week: Real) -> Real:
    """Homicides and missing together, so that concealment cannot pass for peace."""
    return homicides_week + missing_week


@equation
def extortion_week(
    total_members: Real, reference_total_members: Real, effective_groups: Real,
    reference_effective_groups: Real, domestic_displacement: Real, extortion_year: Real,
    extortion_contestation: Real,
) -> Real:  # fmt: skip
    """Recorded victims of extortion this week (mostly unreported: extortion-unreported).

    Rises with members, with contestation (contestation-extortion-magaloni) and when lost export income is
    sought at home.
    """
    contest = power(relative(effective_groups, reference_effective_groups), extortion_contestation)
    size = relative(total_members, reference_total_members)
    return extortion_year * YEARS_PER_WEEK * size * contest * (1.0 + domestic_displacement)


@equation
def displaced_week(homicides_week: Real, displaced_per_homicide: Real, burst: Real) -> Real:
    """People newly displaced inside Mexico this week; two published definitions span the range (displacement-*)."""
    return homicides_week * displaced_per_homicide * (1.0 + 2.0 * max(burst, 0.0))


@equation
def concealment(
    concealment: Real, violence_draw: Real, noise_persistence: Real, concealment_size: Real,
) -> Real:  # fmt: skip
    """Share of lethal violence that is concealed as disappearances, in logarithms: slow, and opposed to
    recorded violence."""
    return next_noise(concealment, -violence_draw, noise_persistence, concealment_size)
