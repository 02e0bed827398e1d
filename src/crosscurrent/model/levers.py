"""Levers (what policies set), drivers (what comes from outside), pulses (dated events) and the clock."""

from __future__ import annotations

from .schema_types import Driver, Lever

__all__ = ["CLOCK", "DRIVERS", "LEVERS", "PULSES"]

_F, _E, _C, _P = "implementation_force", "implementation_enforcement", "implementation_civil", "implementation_pressure"
LEVERS: dict[str, Lever] = {
    lever.name: lever
    for lever in (
        Lever("surveillance", "US", 0.0, 1.0, "1", _F, 0.0),
        Lever("leadership_strikes", "US", 0.0, 20.0, "strikes/month", _F, 0.0),
        Lever("logistics_strikes", "US", 0.0, 40.0, "strikes/month", _F, 0.0),
        Lever("consent_sought", "US", 0.0, 1.0, "1", "full", 0.0),
        Lever("fallback", "US", 0.0, 2.0, "1", "full", 0.0),
        Lever("campaign_end_weeks", "US", 0.0, 1305.0, "weeks", "full", 0.0),
        Lever("campaign_end_success", "US", 0.0, 1.0, "1", "full", 0.0),
        Lever("campaign_end_cost", "US", 0.0, 1000.0, "billion USD", "full", 0.0),
        Lever("campaign_end_support", "US", 0.0, 1.0, "1", "full", 0.0),
        Lever("us_presence", "US", 0.0, 5.0, "x status quo", _F, 1.0),
        Lever("joint_enforcement", "both", 0.0, 3.0, "x status quo", _E, 1.0),
        Lever("mexican_enforcement", "MX", 0.0, 3.0, "x status quo", _E, 1.0),
        Lever("violence_conditioned_share", "MX", 0.0, 1.0, "1", _E, 0.0),
        Lever("justice_capacity", "MX", 0.0, 3.0, "x status quo", _E, 1.0),
        Lever("fto_designation", "US", 0.0, 1.0, "1", "full", 0.0),
        Lever("financial_pressure", "US", 0.0, 1.0, "1", _P, 0.0),
        Lever("precursor_control", "both", 0.0, 1.0, "1", _P, 0.05, "history_error_market"),
        Lever("border_interdiction", "US", 0.0, 3.0, "x status quo", _E, 1.0),
        Lever("arms_interdiction", "both", 0.0, 1.0, "1", _P, 0.0),
        Lever("prevention", "MX", 0.0, 1.0, "1", _C, 0.0),
        Lever("social_investment", "MX", 0.0, 20.0, "billion USD/year", _C, 0.0),
        Lever("treatment", "US", 0.0, 1.0, "1", _C, 0.0),
        Lever("economic_pressure", "US", 0.0, 1.0, "1", "full", 0.0),
        Lever("dialogue", "both", 0.0, 1.0, "1", "full", 0.0),
        Lever("us_border_policy", "US", 0.0, 1.0, "1", "full", 0.45, "history_error_border"),
    )
}
"""Every lever by name.  ``campaign_end`` has four components; 0 means that the rule is not in force."""

DRIVERS: dict[str, Driver] = {
    driver.name: driver
    for driver in (
        Driver("fentanyl_share", "1", 0.0, 1.0, "history_error_market"),
        Driver("naloxone_kits", "thousand kits/year", 69.0, 20000.0, "history_error_market"),
        Driver("treatment_patients", "thousand people", 674.0, 10000.0, "history_error_market"),
        Driver("young_people_neither", "million people", 6.9, 20.0, "history_error_social"),
        Driver("middle_removals", "1/year", 5.0, 200.0, "history_error_enforcement"),
        Driver("expulsions", "1", 0.0, 1.0, "history_error_border"),
    )
}
"""Exogenous series by year or window; carried forward after the last observed year."""

PULSES = ("pulse_class_control", "pulse_supply_2023", "pulse_pandemic", "pulse_rupture", "pulse_stops")
"""1 in the week of a dated event, else 0."""

CLOCK = ("in_projection", "years_since_2012", "years_since_2017", "years_since_2019", "years_since_2022")
"""What the calendar gives each week."""
