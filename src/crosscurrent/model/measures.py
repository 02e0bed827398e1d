"""Measures: what results report.  A flow is a total over the projection; a stock is its end-of-horizon value."""

from __future__ import annotations

from .schema_types import Measure

__all__ = ["MEASURES", "OBSERVABLES"]

MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure("homicides", "deaths", "flow", "homicides_week", "lower", "Homicides in Mexico"),
        Measure("organised_crime_homicides", "deaths", "flow", "organised_crime_homicides_week", "lower",
                "Homicides in Mexico by organised crime"),
        Measure("missing", "persons", "flow", "missing_week", "lower", "Persons reported missing in Mexico"),
        Measure("homicides_and_missing", "persons", "flow", "homicides_and_missing_week", "lower",
                "Homicides and missing persons together, so that concealment cannot pass for peace"),
        Measure("overdose_deaths", "deaths", "flow", "overdose_deaths_week", "lower",
                "Overdose deaths in the United States, all drugs"),
        Measure("synthetic_opioid_deaths", "deaths", "flow", "synthetic_opioid_deaths_week", "lower",
                "Overdose deaths in the United States that involve synthetic opioids"),
        Measure("people_with_opioid_use_disorder", "million people", "stock", "opioid_users", "lower",
                "People with heroin or illicit opioid use disorder in the United States"),
        Measure("landed_fentanyl", "kg pure", "flow", "landed_fentanyl", "lower",
                "Pure fentanyl that reaches the United States through Mexico"),
        Measure("shipment_attempts", "shipments", "flow", "shipment_attempts_week", "none", "Shipments attempted"),
        Measure("fentanyl_price", "relative", "stock", "price_fentanyl", "none",
                "Price of fentanyl relative to the undisturbed market"),
        Measure("seizures_fentanyl", "kg bulk", "flow", "seizures_fentanyl", "none",
                "Fentanyl seized at the border, as weighed (bulk)"),
        Measure("extortion", "victims", "flow", "extortion_week", "lower", "Recorded victims of extortion in Mexico"),
        Measure("members", "members", "stock", "total_members", "lower", "Members of all groups"),
        Measure("recruits", "members", "flow", "recruits_week", "lower", "Members recruited"),
        Measure("groups", "groups", "stock", "groups_alive", "none", "Number of groups"),
        Measure("usable_revenue", "million USD", "flow", "usable_revenue", "lower", "Revenue that groups can use"),
        Measure("civilian_strike_deaths", "deaths", "flow", "civilians_killed", "lower", "Civilians killed by strikes"),
        Measure("security_force_deaths", "deaths", "flow", "security_force_deaths_week", "lower",
                "Mexican police, soldiers and guards killed"),
        Measure("us_casualties", "deaths", "flow", "us_casualties_week", "lower", "US personnel killed in Mexico"),
        Measure("displaced", "people", "flow", "displaced_week", "lower", "People displaced inside Mexico by violence"),
        Measure("encounters", "encounters", "flow", "encounters_week", "none",
                "Encounters at the south-west border (events, not people)"),
        Measure("arms_flow", "firearms", "flow", "arms_flow_week", "lower", "Firearms smuggled into Mexico"),
        Measure("security_cooperation", "1", "stock", "security_cooperation", "higher", "Cooperation on security"),
        Measure("migration_cooperation", "1", "stock", "migration_cooperation", "higher", "Cooperation on migration"),
        Measure("extradition_cooperation", "1", "stock", "extradition_cooperation", "higher",
                "Cooperation on extradition"),
        Measure("trade_cooperation", "1", "stock", "trade_cooperation", "higher", "Cooperation on trade"),
        Measure("trust", "1", "stock", "trust", "higher", "Trust between the two governments"),
        Measure("ruptures", "ruptures", "flow", "rupture_starts", "lower", "Ruptures of relations"),
        Measure("anti_us_feeling", "1", "stock", "anti_us_feeling", "none",
                "Unfavourable view of the United States in Mexico"),
        Measure("alignment", "1", "stock", "alignment", "none",
                "Alignment of Mexico with the United States rather than with third parties"),
        Measure("us_support_with_consent", "1", "stock", "us_support_with_consent", "none",
                "US support for strikes with Mexico's consent"),
        Measure("us_support_without_consent", "1", "stock", "us_support_without_consent", "none",
                "US support for strikes without Mexico's consent"),
        Measure("mexican_opposition", "1", "stock", "mexican_opposition", "none", "Mexican opposition to US force"),
        Measure("strikes_without_recognised_basis", "strikes", "flow", "strikes_without_recognised_basis_week", "none",
                "Strikes without a recognised legal basis (a rule, not a finding)"),
        Measure("precedent", "1", "stock", "precedent", "none", "Precedent for force without consent"),
        Measure("campaign_weeks", "weeks", "flow", "campaign_week", "none", "Weeks in which strikes were flown"),
        Measure("cost_us", "million USD", "flow", "cost_us_week", "lower",
                "Cost to the United States above the status quo"),
        Measure("cost_mx", "million USD", "flow", "cost_mx_week", "lower", "Cost to Mexico above the status quo"),
        Measure("supply_recovery_weeks", "weeks", "stock", "longest_spell", "none",
                "Longest spell with landed fentanyl, over undisturbed supply, below 90 % of its level at the decision"),
    )
}  # fmt: skip
"""Every measure by id, in the order of the contract."""

OBSERVABLES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure("seizures_methamphetamine", "kg bulk", "flow", "seizures_meth", "none", "Methamphetamine seized"),
        Measure("seizures_cocaine", "kg bulk", "flow", "seizures_cocaine", "none", "Cocaine seized"),
        Measure("seizures_heroin", "kg bulk", "flow", "seizures_heroin", "none", "Heroin seized"),
        Measure("extraditions", "persons", "flow", "extraditions_week", "none", "Persons extradited"),
        Measure("intelligence", "1", "stock", "intelligence", "none", "Intelligence stock"),
        Measure("cohesion", "1", "stock", "mean_cohesion", "none", "Cohesion of groups"),
        Measure("production_capacity", "1", "stock", "production_capacity", "none", "Production capacity"),
        Measure("route_displacement", "1", "stock", "route_displacement", "none", "Route displacement"),
        Measure("overflight_consent", "1", "stock", "overflight_consent", "none", "Consent to surveillance flights"),
        Measure("consented_weeks", "weeks", "flow", "consent", "none", "Weeks in which Mexico consented to strikes"),
        Measure("exposed", "1", "stock", "exposed", "none", "Covert campaign exposed"),
        Measure("burst", "1", "stock", "burst", "none", "Extra violence after removals"),
        Measure("top_removals", "removals", "flow", "top_removed", "none", "Top leaders removed"),
        Measure("strikes", "strikes", "flow", "strikes_flown", "none", "Strikes flown"),
        Measure("arrests", "members", "flow", "arrested_week", "none", "Members arrested or killed by the state"),
        Measure("widened", "1", "stock", "widened", "none", "Campaign widened to other networks"),
    )
}
"""Further quantities recorded by month: what history is compared with and what the table of the documents points at."""
