"""The drug market and its deaths.

Overdose deaths from synthetic opioids = users exposed * SOURCE(f) * (q / q_2022)^e with f the fentanyl share
and q the pure
landed supply a user.  The hazard is that of the SOURCE model (Lim, Stringfellow et al. 2022,
doi:10.1073/pnas.2115714119).
Potency is counted once: f carries it; q carries volume.  Other drugs have their own response and are never
added up by mention.
"""

from __future__ import annotations

from ..lanes.compiler import Real, equation
from ..lanes.vector_math import clip, exp, log, power

__all__ = [
    "demand_shock",
    "drug_price",
    "effective_gap",
    "effective_supply",
    "export_value",
    "kits_per_100k",
    "opioid_market",
    "opioid_users",
    "other_overdose_deaths",
    "overdose_deaths_week",
    "overdose_hazard",
    "quantity_ratio",
    "substitution",
    "supply_a_user",
    "synthetic_opioid_deaths_week",
    "synthetic_share",
    "treatment_coverage",
    "usual_supply_a_user",
]

YEARS_PER_WEEK = 7.0 / 365.25
RISK_BASE, FENTANYL_RISK_RATIO = 0.16737, 2.0
SURVIVAL_HEROIN = 0.980638 * 0.973391
SURVIVAL_FENTANYL = 0.735793 * SURVIVAL_HEROIN
KIT_RATE, WITNESSED, AMBULANCE = 3.4343e-4, 0.764, 0.424
US_POPULATION_100K = 3300.0


@equation
def kits_per_100k(naloxone_kits: Real, treatment: Real, reversal_response: Real) -> Real:
    """Naloxone kits that count, per 100,000 population a year; the treatment lever adds reversal.

    reversal_response is what remains of added kits once behaviour has answered: near 1 as in
    naloxone-overdose-deaths-walley,
    0 or below as in naloxone-access-doleac-mukherjee.
    """
    return naloxone_kits * 1000.0 / US_POPULATION_100K * max(1.0 + reversal_response * treatment, 0.0)


@equation
def overdose_hazard(fentanyl_share: Real, kits_per_100k: Real) -> Real:
    """Fatal overdose hazard of people with heroin or illicit opioid use disorder without medication, per
    person-year."""
    rate = RISK_BASE * (1.0 + fentanyl_share * (FENTANYL_RISK_RATIO - 1.0))
    survival = max(SURVIVAL_HEROIN + (SURVIVAL_FENTANYL - SURVIVAL_HEROIN) * fentanyl_share, 0.0)
    naloxone = 1.0 - exp(-KIT_RATE * kits_per_100k)
    averted = WITNESSED * (1.0 - (1.0 - naloxone) * (1.0 - AMBULANCE))
    return rate * (1.0 - survival) * (1.0 - averted)


@equation
def synthetic_share(fentanyl_share: Real) -> Real:
    """Share of the hazard that involves fentanyl: by exposure and lethality of each part of the supply (0-1)."""
    fentanyl = fentanyl_share * FENTANYL_RISK_RATIO * (1.0 - SURVIVAL_FENTANYL)
    return fentanyl / (fentanyl + (1.0 - fentanyl_share) * (1.0 - SURVIVAL_HEROIN))


@equation
def treatment_coverage(
    treatment_patients: Real, treatment: Real, opioid_users: Real, treated_share_illicit: Real,
) -> Real:  # fmt: skip
    """Share of people with illicit opioid use disorder on medication (0-0.9): patients of the past, plus the lever."""
    usual = treated_share_illicit * treatment_patients * 0.001 / max(opioid_users, 0.2)
    return clip(min(usual, 0.7) + treatment, 0.0, 0.9)


@equation
def supply_a_user(landed_fentanyl: Real, mail_fentanyl: Real, opioid_users: Real) -> Real:
    """Pure fentanyl that reaches a million users this week, kg, by land and (before 2019) by mail."""
    return (landed_fentanyl + mail_fentanyl) / max(opioid_users, 0.05)


@equation
def usual_supply_a_user(
    fentanyl_pure_year: Real, fentanyl_share: Real, usual_loss_fentanyl: Real, opioid_users_usual: Real,
) -> Real:  # fmt: skip
    """The same at the volume of 2022 and with nothing disrupted, for this fentanyl share (potency is counted
    once, by f)."""
    pure = 1000.0 * fentanyl_pure_year * YEARS_PER_WEEK * max(fentanyl_share, 0.002) * (1.0 / 0.9)
    return pure * (1.0 - usual_loss_fentanyl) / opioid_users_usual


@equation
def effective_gap(supply_a_user: Real, usual_supply_a_user: Real) -> Real:
    """Share of the undisturbed supply a user that is missing (0-1)."""
    return clip(1.0 - supply_a_user / max(usual_supply_a_user, 1e-9), 0.0, 1.0)


@equation
def quantity_ratio(landed: Real, potential: Real, usual_loss: Real) -> Real:
    """Landed supply of a product over its undisturbed level (1 = none missing)."""
    return clip(landed / max(potential * (1.0 - usual_loss), 1e-9), 0.0, 5.0)


@equation
def substitution(
    substitution: Real, effective_gap: Real, substitution_share: Real, substitution_rate: Real,
) -> Real:  # fmt: skip
    """Share of a fentanyl shortfall made up by other synthetics by now (0-1), growing over months (adulterant-*)."""
    return clip(substitution + substitution_rate * (substitution_share * effective_gap - substitution), 0.0, 1.0)


@equation
def effective_supply(supply_a_user: Real, usual_supply_a_user: Real, substitution: Real) -> Real:
    """Effective supply a user over its undisturbed level (1 = none missing), other synthetics included."""
    return clip(supply_a_user / max(usual_supply_a_user, 1e-9) + substitution, 0.02, 5.0)


@equation
def demand_shock(
    demand_shock: Real, pulse_supply_2023: Real, demand_fall_2023: Real, fall_speed_2023: Real,
) -> Real:  # fmt: skip
    """Fall of exposure not due to supply since mid-2023 (0-0.9): the demand side of the cause switch, phased in."""
    target_set = pulse_supply_2023 * demand_fall_2023
    started = 1.0 if demand_shock > 0.0 else 0.0
    return clip(
        demand_shock + 0.05 * target_set + started * fall_speed_2023 * (demand_fall_2023 - demand_shock), 0.0, 0.9
    )


@equation
def synthetic_opioid_deaths_week(
    opioid_users: Real, overdose_hazard: Real, synthetic_share: Real, effective_supply: Real,
    treatment_coverage: Real, demand_shock: Real, deaths_supply_elasticity: Real,
    treatment_risk_ratio: Real, treatment_response: Real, overdose_scale: Real,
) -> Real:  # fmt: skip
    """Deaths from synthetic opioids this week.

    deaths_supply_elasticity (e, 0-1.1) says how far deaths follow supply; treatment_response how far coverage
    works at scale.
    """
    protection = 1.0 - treatment_coverage * treatment_response * (1.0 - treatment_risk_ratio)
    exposed = 1e6 * opioid_users * (1.0 - demand_shock)
    hazard = overdose_hazard * synthetic_share * power(effective_supply, deaths_supply_elasticity)
    return overdose_scale * exposed * hazard * protection * YEARS_PER_WEEK


@equation
def other_overdose_deaths(
    other_overdose_year: Real, other_overdose_trend: Real, years_since_2017: Real, ratio_meth: Real,
    ratio_cocaine: Real, stimulant_supply_elasticity: Real,
) -> Real:  # fmt: skip
    """Overdose deaths that involve no synthetic opioid, this week: slow trend and a small response to stimulant
    supply."""
    supply = 0.5 * (ratio_meth + ratio_cocaine)
    trend = exp(other_overdose_trend * years_since_2017)
    return other_overdose_year * YEARS_PER_WEEK * trend * power(supply, stimulant_supply_elasticity)


@equation
def overdose_deaths_week(synthetic_opioid_deaths_week: Real, other_overdose_deaths: Real) -> Real:
    """All overdose deaths this week."""
    return synthetic_opioid_deaths_week + other_overdose_deaths


@equation
def opioid_users(
    opioid_users: Real, years_since_2012: Real, fentanyl_price: Real, overdose_hazard: Real,
    treatment_coverage: Real, initiation_early: Real, initiation_late: Real, cessation_rate: Real,
    treatment_cessation: Real, other_death_rate: Real, price_participation: Real,
) -> Real:  # fmt: skip
    """Millions of people with heroin or illicit opioid use disorder: starts, quits, deaths (heroin-use-disorder-stock).

    Price acts mainly on stopping and on progression; initiation fell from 0.5 to about 0.25 million a year in
    the 2010s.
    """
    falling = exp(-0.25 * years_since_2012)
    dearer = power(fentanyl_price, price_participation)
    starts = (initiation_late + (initiation_early - initiation_late) * falling) / dearer
    quits = cessation_rate * dearer * (1.0 + treatment_cessation * treatment_coverage)
    lost = opioid_users * (quits + other_death_rate + 0.6 * overdose_hazard)
    return max(opioid_users + YEARS_PER_WEEK * (starts - lost), 0.01)


@equation
def drug_price(price: Real, quantity_ratio: Real, demand_elasticity: Real, price_adjustment: Real) -> Real:
    """Price relative to the undisturbed market (1): constant-elasticity demand, P = Q^(1/elasticity), slowly
    adjusted."""
    target = clip(exp(log(clip(quantity_ratio, 0.02, 20.0)) / demand_elasticity), 0.05, 20.0)
    return price + price_adjustment * (target - price)


@equation
def opioid_market(opioid_users: Real, opioid_users_usual: Real) -> Real:
    """Size of the opioid market relative to its usual level: fewer users buy less."""
    return opioid_users / opioid_users_usual


@equation
def export_value(
    price: Real, quantity_ratio: Real, market_size: Real, export_value_share: Real,
    export_revenue_year: Real,
) -> Real:  # fmt: skip
    """Export revenue of a product this week, million USD: price times quantity, so R varies as Q^(1 + 1/elasticity)."""
    return 1000.0 * export_revenue_year * export_value_share * YEARS_PER_WEEK * market_size * price * quantity_ratio
