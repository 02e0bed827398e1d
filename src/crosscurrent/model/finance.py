"""Finance: export revenue, domestic income, what sanctions make unusable, displacement, and what policies cost."""

from __future__ import annotations

from ..lanes.compiler import Real, equation
from ..lanes.vector_math import clip

__all__ = [
    "campaign_cost",
    "cost_mx_week",
    "cost_us_week",
    "domestic_displacement",
    "domestic_income",
    "export_revenue",
    "lost_export_share",
    "mx_programme_cost",
    "unusable_share",
    "us_programme_cost",
    "usable_revenue",
    "usual_export_revenue",
]

YEARS_PER_WEEK = 7.0 / 365.25
MILLION_PER_BILLION = 1000.0


@equation
def export_revenue(fentanyl_value: Real, meth_value: Real, cocaine_value: Real, heroin_value: Real) -> Real:
    """Export revenue this week, million USD."""
    return fentanyl_value + meth_value + cocaine_value + heroin_value


@equation
def unusable_share(
    financial_pressure: Real, fto_designation: Real, security_cooperation: Real, freeze_effect: Real,
    designation_bite: Real,
) -> Real:  # fmt: skip
    """Share of revenue that freezes and designation make unusable (0-0.6).

    freeze_effect at full pressure 0.02-0.10 (account-freezes-mexico, kingpin-act-assets-frozen);
    designation_bite is 0 on the
    axis where listing does not bite (fto-designation-funding-type).
    """
    pressure = freeze_effect * financial_pressure * (0.5 + 0.5 * security_cooperation)
    return clip(pressure + designation_bite * fto_designation, 0.0, 0.6)


@equation
def lost_export_share(export_revenue: Real, usual_export_revenue: Real, unusable_share: Real) -> Real:
    """Share of usual export income that cannot be spent (0-1); a gain counts as 0."""
    return clip(1.0 - export_revenue * (1.0 - unusable_share) / max(usual_export_revenue, 1e-6), 0.0, 1.0)


@equation
def domestic_displacement(
    domestic_displacement: Real, lost_export_share: Real, displacement_to_domestic: Real,
    displacement_speed: Real,
) -> Real:  # fmt: skip
    """Rise of domestic predation (extortion, fuel, smuggling of migrants) in answer to lost export income (0 at
    none)."""
    return domestic_displacement + displacement_speed * (
        displacement_to_domestic * lost_export_share - domestic_displacement
    )


@equation
def domestic_income(
    domestic_income_year: Real, total_members: Real, reference_total_members: Real,
    domestic_displacement: Real,
) -> Real:  # fmt: skip
    """Domestic income this week, million USD (non-drug-share-of-income, fuel-theft-volume,
    migrant-smuggling-revenue)."""
    size = total_members / reference_total_members if reference_total_members > 0.0 else 1.0
    return domestic_income_year * YEARS_PER_WEEK * size * (1.0 + domestic_displacement)


@equation
def usable_revenue(export_revenue: Real, unusable_share: Real, domestic_income: Real) -> Real:
    """Usable revenue this week, million USD."""
    return export_revenue * (1.0 - unusable_share) + domestic_income


@equation
def campaign_cost(
    strikes_flown: Real, surveillance_added: Real, presence_added: Real, widened: Real,
    strike_unit_cost: Real, surveillance_year_cost: Real, presence_year_cost: Real, widening_cost: Real,
) -> Real:  # fmt: skip
    """Cost of the campaign to the United States this week, million USD: strikes, flights, people, above status quo.

    A campaign that has widened to other networks costs more (widening_cost, relative).
    """
    standing = surveillance_year_cost * surveillance_added + presence_year_cost * presence_added
    return strike_unit_cost * strikes_flown * (1.0 + widening_cost * widened) + YEARS_PER_WEEK * standing


@equation
def cost_us_week(campaign_cost: Real, us_programme_cost: Real) -> Real:
    """Cost to the United States this week above the status quo, million USD."""
    return campaign_cost + YEARS_PER_WEEK * us_programme_cost


@equation
def cost_mx_week(mx_programme_cost: Real) -> Real:
    """Cost to Mexico this week above the status quo, million USD."""
    return YEARS_PER_WEEK * mx_programme_cost


@equation
def us_programme_cost(
    joint_added: Real, interdiction_added: Real, treatment_added: Real, financial_added: Real,
    precursor_added: Real, arms_added: Real, dialogue_added: Real, joint_year_cost: Real,
    interdiction_year_cost: Real, treatment_year_cost: Real, financial_year_cost: Real,
    precursor_year_cost: Real, arms_year_cost: Real, dialogue_year_cost: Real,
) -> Real:  # fmt: skip
    """Yearly cost of the US programmes above the status quo, million USD; levers paid by both count half here."""
    both = 0.5 * (joint_year_cost * joint_added + precursor_year_cost * precursor_added)
    shared = 0.5 * (arms_year_cost * arms_added + dialogue_year_cost * dialogue_added)
    own = interdiction_year_cost * interdiction_added + financial_year_cost * financial_added
    return both + shared + own + treatment_year_cost * treatment_added


@equation
def mx_programme_cost(
    enforcement_added: Real, justice_added: Real, prevention_added: Real, social_added: Real,
    joint_added: Real, precursor_added: Real, arms_added: Real, dialogue_added: Real,
    enforcement_year_cost: Real, justice_year_cost: Real, prevention_year_cost: Real, joint_year_cost: Real,
    precursor_year_cost: Real, arms_year_cost: Real, dialogue_year_cost: Real,
) -> Real:  # fmt: skip
    """Yearly cost of the Mexican programmes above the status quo, million USD (social investment is its own cost)."""
    both = 0.5 * (joint_year_cost * joint_added + precursor_year_cost * precursor_added)
    shared = 0.5 * (arms_year_cost * arms_added + dialogue_year_cost * dialogue_added)
    own = enforcement_year_cost * enforcement_added + justice_year_cost * justice_added
    return both + shared + own + prevention_year_cost * prevention_added + MILLION_PER_BILLION * social_added


@equation
def usual_export_revenue(export_revenue_year: Real) -> Real:
    """Export revenue a week with nothing disrupted, million USD."""
    return MILLION_PER_BILLION * export_revenue_year * YEARS_PER_WEEK
