"""The ledger: running totals and spells that the measures are read from."""

from __future__ import annotations

from ..lanes.compiler import Real, equation

__all__ = [
    "added",
    "campaign_casualties_week",
    "campaign_week",
    "campaign_years",
    "longest_spell",
    "running_total",
    "scarcity_spell",
    "strikes_flown",
    "strikes_ordered",
    "us_support_now",
]

YEARS_PER_WEEK = 7.0 / 365.25


@equation
def strikes_flown(leadership_strikes_flown: Real, logistics_strikes_flown: Real) -> Real:
    """Strikes flown this week, both kinds."""
    return leadership_strikes_flown + logistics_strikes_flown


@equation
def strikes_ordered(leadership_strikes: Real, logistics_strikes: Real) -> Real:
    """Strikes ordered a month, both kinds."""
    return leadership_strikes + logistics_strikes


@equation
def running_total(total: Real, added: Real) -> Real:
    """A total so far."""
    return total + added


@equation
def campaign_years(campaign_years: Real, campaign_tempo: Real) -> Real:
    """Years during which strikes were flown so far."""
    return campaign_years + (YEARS_PER_WEEK if campaign_tempo > 0.0 else 0.0)


@equation
def us_support_now(
    campaign_mode: Real, us_support_with_consent: Real, us_support_without_consent: Real,
) -> Real:  # fmt: skip
    """US support for the campaign as it is being flown (0-1)."""
    return us_support_without_consent if campaign_mode > 1.5 else us_support_with_consent


@equation
def scarcity_spell(
    scarcity_spell: Real, supply_index: Real, supply_at_decision: Real, in_projection: Real,
) -> Real:  # fmt: skip
    """Weeks in a row in which landed fentanyl, relative to undisturbed supply, is below 90 % of what it was at
    the decision."""
    return (scarcity_spell + 1.0) * in_projection if supply_index < 0.9 * supply_at_decision else 0.0


@equation
def longest_spell(longest_spell: Real, scarcity_spell: Real) -> Real:
    """Longest such spell so far, weeks: how long supply took to recover."""
    return max(longest_spell, scarcity_spell)


@equation
def added(level: Real, usual: Real) -> Real:
    """Effort above the status quo, in units of the lever; what programme costs are charged on."""
    return level - usual


@equation
def campaign_week(campaign_tempo: Real) -> Real:
    """1 in a week in which strikes are flown, else 0."""
    return 1.0 if campaign_tempo > 0.0 else 0.0


@equation
def campaign_casualties_week(us_casualties_week: Real, campaign_tempo: Real) -> Real:
    """US personnel killed this week while strikes are flown: what opinion counts against a campaign."""
    return us_casualties_week if campaign_tempo > 0.0 else 0.0
