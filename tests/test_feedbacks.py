"""Every feedback of the model, cut: at the null of its strength the effect is gone, with it the effect has the
stated sign.

A feedback that is cut in the code makes the two runs equal, and the test fails.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from laboratory import made_up, outcome

STRIKES = {"surveillance": 0.8, "leadership_strikes": 4.0, "logistics_strikes": 8.0}


class Feedback(NamedTuple):
    """One arrow of the system."""

    carrier: str
    """Parameter that is its strength."""
    null: float
    strong: float
    measure: str
    sign: int
    """Of the effect of the strength on the measure; 0: any change."""
    levers: dict[str, float]
    base: str = "status-quo"
    fixed: dict[str, float] = {}  # noqa: RUF012 - a NamedTuple default, never changed


OPEN = {**STRIKES, "fallback": 1.0}
COVERT = {**STRIKES, "fallback": 2.0}
ASKED = {**STRIKES, "consent_sought": 1.0, "dialogue": 1.0}
CLEAN = {"heir_effect": 0.0, "split_probability": 1.0}
FEEDBACKS = (
    # intelligence
    Feedback("intelligence_gain_surveillance", 0.0, 0.3, "intelligence", 1, {"surveillance": 1.0}),
    Feedback("stand_off_share", 0.0, 1.0, "intelligence", 1, {"surveillance": 1.0}),
    Feedback("intelligence_gain_partner", 0.0, 0.2, "intelligence", 1, {}),
    Feedback("intelligence_gain_enforcement", 0.0, 0.2, "intelligence", 1, {"joint_enforcement": 2.0}),
    Feedback("presence_intelligence", 0.0, 0.8, "intelligence", 1, {"us_presence": 3.0}),
    Feedback("hardening_per_strike", 0.0, 0.1, "intelligence", -1, OPEN),
    # operations
    Feedback("hit_probability", 0.0, 0.9, "top_removals", 1, OPEN),
    Feedback("host_help_weight", 0.0, 1.0, "top_removals", -1, OPEN, "status-quo", {"hit_probability": 0.9}),
    Feedback("top_leader_share", 0.0, 0.5, "top_removals", 1, OPEN),
    Feedback("succession_rate", 0.005, 0.15, "top_removals", 1, OPEN, "status-quo", {"hit_probability": 0.9}),
    Feedback("covert_tempo_share", 0.1, 1.0, "strikes", 1, COVERT),
    Feedback("civilian_share_campaigns", 0.0, 0.3, "civilian_strike_deaths", 1, OPEN),
    Feedback("civilian_learning", 0.0, 3.0, "civilian_strike_deaths", 0, OPEN, "status-quo",
             {"civilian_share_campaigns": 0.3}),
    Feedback("transfer_weight", 0.0, 1.0, "civilian_strike_deaths", 1, OPEN, "status-quo",
             {"strike_lethality": 8.0, "domestic_lethality": 1.0, "civilian_share_campaigns": 0.2}),
    Feedback("enforcement_arrest_elasticity", 0.0, 1.0, "arrests", 1, {"mexican_enforcement": 2.0}),
    Feedback("joint_arrest_share", 0.0, 0.8, "arrests", 1, {"joint_enforcement": 2.0}),
    Feedback("justice_arrest_effect", 0.0, 1.0, "arrests", 1, {"justice_capacity": 2.0}),
    Feedback("followup_arrests", 0.0, 0.5, "arrests", 1, {"joint_enforcement": 2.0}),
    Feedback("retaliation_forces", 0.0, 50.0, "security_force_deaths", 1, OPEN),
    Feedback("police_deaths_per_homicide", 0.0, 0.02, "security_force_deaths", 1, {}),
    Feedback("us_risk_per_strike", 0.0, 0.05, "us_casualties", 1, OPEN),
    Feedback("grievance_us_risk", 0.0, 3.0, "us_casualties", 1, OPEN, "status-quo",
             {"grievance_per_strike": 0.05, "us_staff_deaths_rate": 3.0}),
    # organizations
    Feedback("vacancy_refill", 0.0, 1.0, "members", 1, {"mexican_enforcement": 2.0}),
    Feedback("cohesion_loss_top", 0.0, 0.9, "recruits", -1, OPEN, "status-quo",
             {"cohesion_recruitment": 0.8, "cohesion_recovery": 0.005}),
    Feedback("cohesion_loss_middle", 0.0, 1.0, "cohesion", -1, OPEN),
    Feedback("cohesion_recruitment", 0.0, 1.0, "recruits", -1, OPEN, "status-quo",
             {"cohesion_loss_top": 0.9, "cohesion_recovery": 0.005}),
    Feedback("split_probability", 0.0, 1.0, "groups", 1, OPEN),
    Feedback("heir_effect", 0.0, 1.0, "groups", -1, OPEN, "status-quo",
             {"split_probability": 0.9, "heir_clear_probability": 0.9}),
    Feedback("merger_rate", 0.0, 1.5, "groups", -1, OPEN, "status-quo", {"split_probability": 1.0}),
    Feedback("sibling_rivalry", 0.0, 100.0, "members", -1, OPEN, "status-quo",
             {**CLEAN, "estrangement_rate": 0.05, "conflict_weight": 0.6, "merger_rate": 0.0}),
    Feedback("pay_elasticity", 0.0, 0.3, "recruits", 0, {"financial_pressure": 1.0}),
    Feedback("prevention_effect", 0.0, 0.4, "members", -1, {"prevention": 0.5}),
    Feedback("prevention_effect", -0.2, 0.0, "members", -1, {"prevention": 0.5}),
    Feedback("social_effect", 0.0, 0.03, "members", -1, {"social_investment": 5.0}),
    Feedback("pool_elasticity", 0.0, 1.0, "recruits", -1, {}),
    Feedback("grievance_recruitment", 0.0, 0.3, "members", 1, OPEN),
    Feedback("risk_deterrence", 0.0, 0.3, "members", -1, OPEN),
    Feedback("arrest_half_size", 0.0, 1e5, "arrests", -1, {}),
    # violence
    Feedback("conflict_weight", 0.0, 0.6, "homicides", 0, {"mexican_enforcement": 2.0}),
    Feedback("groups_weight", 0.0, 0.5, "homicides", 0, OPEN, "status-quo", {"groups_exponent": 1.0}),
    Feedback("protection_violence", 0.0, 0.5, "homicides", 1, {"mexican_enforcement": 2.0}),
    Feedback("conditional_repression", 0.0, 0.5, "homicides", -1, {"violence_conditioned_share": 0.8}),
    Feedback("arms_elasticity", 0.0, 0.4, "homicides", -1, {"arms_interdiction": 1.0}, "status-quo",
             {"arms_interdiction_effect": 0.8, "conflict_weight": 0.6}),
    Feedback("arms_interdiction_effect", 0.0, 0.8, "arms_flow", -1, {"arms_interdiction": 1.0}),
    Feedback("incarceration_violence", 0.0, 0.4, "homicides", 1, {"mexican_enforcement": 2.0}),
    Feedback("incarceration_violence", -0.4, 0.0, "homicides", 1, {"mexican_enforcement": 2.0}),
    Feedback("removal_violence", 0.0, 1.0, "homicides", 1, OPEN),
    Feedback("removal_violence", -0.5, 0.0, "homicides", 1, OPEN, "status-quo", {"removal_violence_spread": 0.0}),
    Feedback("succession_war_ratio", 1.0, 6.0, "homicides", 1, OPEN, "status-quo",
             {"split_probability": 1.0, "sibling_rivalry": 50.0}),
    Feedback("clash_deaths_rate", 0.0, 1500.0, "homicides", 1, {"mexican_enforcement": 2.0}),
    Feedback("strike_deaths_counted", 0.0, 1.0, "homicides", 1, OPEN, "status-quo", {"civilian_share_campaigns": 0.3}),
    Feedback("missing_ratio", 0.2, 1.5, "missing", 1, {}),
    Feedback("extortion_contestation", 0.0, 1.0, "extortion", 0, {}),
    Feedback("displaced_per_homicide", 0.0, 2.0, "displaced", 1, {}),
    # trafficking
    Feedback("precursor_effect", 0.0, 0.8, "landed_fentanyl", -1, {"precursor_control": 1.0}),
    Feedback("logistics_success", 0.0, 0.8, "landed_fentanyl", -1, OPEN),
    Feedback("capacity_per_hit", 0.0, 0.05, "landed_fentanyl", -1, OPEN),
    Feedback("supply_recovery", 0.005, 0.5, "landed_fentanyl", 1, OPEN, "status-quo", {"capacity_per_hit": 0.03}),
    Feedback("cohesion_capacity", 0.0, 1.0, "landed_fentanyl", -1, OPEN, "status-quo",
             {"cohesion_loss_top": 0.9, "cohesion_recovery": 0.005}),
    Feedback("lab_loss_enforcement", 0.0, 0.3, "landed_fentanyl", -1, {"mexican_enforcement": 2.0}),
    Feedback("risk_shipment_deterrence", 0.0, 0.3, "landed_fentanyl", -1, OPEN),
    Feedback("threshold_deterrence", 0.0, 0.8, "landed_fentanyl", -1, {"border_interdiction": 3.0}, "status-quo",
             {"threshold_loss": 0.03, "seizure_share_fentanyl": 0.1}),
    Feedback("intelligence_seizure_gain", 0.0, 2.0, "landed_fentanyl", -1, {"surveillance": 1.0}, "status-quo",
             {"intelligence_gain_surveillance": 0.5, "seizure_share_fentanyl": 0.3}),
    Feedback("route_substitution", 0.0, 1.0, "landed_fentanyl", 1, OPEN, "status-quo",
             {"disruption_per_hit": 0.2, "disruption_decay": 0.02}),
    Feedback("route_substitution", 0.0, 1.0, "route_displacement", 1, {"border_interdiction": 3.0}),
    Feedback("route_risk_sensitivity", 0.0, 20.0, "route_displacement", 1, {"border_interdiction": 3.0}, "status-quo",
             {"route_substitution": 1.0}),
    Feedback("purity_response", 0.0, 1.5, "seizures_fentanyl", 1, OPEN, "status-quo", {"capacity_per_hit": 0.05}),
    # market
    Feedback("deaths_supply_elasticity", 0.0, 1.0, "synthetic_opioid_deaths", -1, OPEN, "status-quo",
             {"capacity_per_hit": 0.05, "shock_2023_size": 0.0}),
    Feedback("substitution_share", 0.0, 0.9, "synthetic_opioid_deaths", 1, OPEN, "status-quo",
             {"capacity_per_hit": 0.05, "deaths_supply_elasticity": 1.0}),
    Feedback("treatment_response", 0.0, 1.0, "synthetic_opioid_deaths", -1, {"treatment": 0.5}),
    Feedback("reversal_response", 0.0, 1.0, "synthetic_opioid_deaths", -1, {"treatment": 0.5}),
    Feedback("reversal_response", -0.5, 0.0, "synthetic_opioid_deaths", -1, {"treatment": 0.5}),
    Feedback("treatment_cessation", 0.0, 1.5, "people_with_opioid_use_disorder", -1, {"treatment": 0.5}),
    Feedback("price_participation", 0.0, 0.6, "people_with_opioid_use_disorder", -1, OPEN, "status-quo",
             {"capacity_per_hit": 0.05}),
    Feedback("stimulant_supply_elasticity", 0.0, 0.8, "overdose_deaths", -1, OPEN, "status-quo",
             {"capacity_per_hit": 0.05, "deaths_supply_elasticity": 0.0}),
    Feedback("demand_elasticity_opioids", -1.5, -0.3, "fentanyl_price", 1, OPEN, "status-quo",
             {"capacity_per_hit": 0.05}),
    # finance
    Feedback("freeze_effect", 0.0, 0.2, "usable_revenue", -1, {"financial_pressure": 1.0}),
    Feedback("designation_bite", 0.0, 0.2, "usable_revenue", -1, {}),
    Feedback("displacement_to_domestic", 0.0, 2.0, "extortion", 1, {"financial_pressure": 1.0}, "status-quo",
             {"freeze_effect": 0.3}),
    # opinion
    Feedback("support_success", 0.0, 2.0, "us_support_with_consent", 0, OPEN),
    Feedback("support_casualties", 0.0, 2.0, "us_support_without_consent", -1, OPEN, "status-quo",
             {"us_risk_per_strike": 0.02}),
    Feedback("support_duration", 0.0, 0.5, "us_support_without_consent", -1, OPEN),
    Feedback("rally_size", 0.0, 1.0, "us_support_with_consent", 1, OPEN, "status-quo",
             {"hit_probability": 0.9, "rally_decay": 0.05}),
    Feedback("opposition_unilateral", 0.0, 3.0, "mexican_opposition", 1, OPEN),
    Feedback("opposition_threat", 0.0, 3.0, "mexican_opposition", 1, {"economic_pressure": 1.0}),
    Feedback("opposition_civilians", 0.0, 1.0, "mexican_opposition", 1, OPEN, "status-quo",
             {"civilian_share_campaigns": 0.5, "strike_lethality": 10.0, "transfer_weight": 1.0}),
    Feedback("opposition_presence", 0.0, 1.0, "mexican_opposition", 1, {"us_presence": 3.0}),
    Feedback("clock_political_cost", 0.0, 1.0, "us_support_without_consent", -1, OPEN),
    # diplomacy
    Feedback("trust_dialogue", 0.0, 0.4, "trust", 1, {"dialogue": 1.0}),
    Feedback("trust_joint", 0.0, 0.3, "trust", 1, {"joint_enforcement": 2.0}),
    Feedback("trust_unilateral", 0.0, 0.8, "trust", -1, OPEN),
    Feedback("trust_designation", 0.0, 0.3, "trust", -1, {}),
    Feedback("trust_surveillance", 0.0, 0.4, "trust", -1, {"surveillance": 1.0}, "status-quo",
             {"overflight_base": -2.0}),
    Feedback("threat_spends", 0.0, 0.6, "trust", -1, {"economic_pressure": 1.0}),
    Feedback("threat_buys", 0.0, 0.8, "migration_cooperation", 1, {"economic_pressure": 1.0}, "status-quo",
             {"threat_fatigue_rate": 0.0005}),
    Feedback("threat_breaks", 0.0, 0.8, "security_cooperation", -1, {"economic_pressure": 1.0}),
    Feedback("threat_fatigue_rate", 0.0005, 0.1, "migration_cooperation", -1, {"economic_pressure": 1.0}, "status-quo",
             {"threat_buys": 0.8}),
    Feedback("unilateral_cooperation_loss", 0.0, 0.6, "security_cooperation", -1, OPEN),
    Feedback("rupture_hazard", 0.0, 0.1, "ruptures", 1, OPEN),
    Feedback("security_rupture", 0.0, 0.9, "security_cooperation", -1, OPEN, "status-quo",
             {"rupture_hazard": 0.2, "unilateral_cooperation_loss": 0.0}),
    Feedback("security_chill", 0.0, 0.3, "security_cooperation", -1, {}),
    Feedback("exposure_hazard", 0.0, 0.1, "exposed", 1, COVERT),
    Feedback("alignment_trust", 0.0, 1.0, "alignment", 0, OPEN),
    Feedback("consent_benefit", 0.1, 2.0, "consented_weeks", 1, ASKED),
    Feedback("consent_effort", 0.0, 1.5, "consented_weeks", -1, ASKED, "status-quo", {"consent_benefit": 1.5}),
    Feedback("sovereignty_base", 0.0, 1.5, "consented_weeks", -1, ASKED, "status-quo", {"consent_benefit": 1.5}),
    Feedback("sovereignty_threat", 0.0, 1.5, "consented_weeks", -1, {**ASKED, "economic_pressure": 1.0}, "status-quo",
             {"consent_benefit": 1.5, "threat_buys": 0.0}),
    Feedback("sovereignty_opinion", 0.0, 2.0, "consented_weeks", 0, ASKED, "status-quo", {"consent_benefit": 1.0}),
    Feedback("overflight_base", -2.0, 3.0, "overflight_consent", 1, {}),
    # migration
    Feedback("regime_sensitivity", 0.0, 2.0, "encounters", -1, {"us_border_policy": 1.0}, "status-quo",
             {"regime_lasting": 0.5}),
    Feedback("regime_lasting", 0.0, 1.0, "encounters", -1, {"us_border_policy": 1.0}, "status-quo",
             {"regime_sensitivity": 2.0}),
    Feedback("stops_effect", 0.0, 0.8, "encounters", -1, {}),
    Feedback("violence_migration", 0.0, 0.6, "encounters", 0, {}),
    Feedback("displaced_crossing", 0.0, 0.5, "encounters", 1, {}),
    # law
    Feedback("precedent_per_strike", 0.0, 0.05, "precedent", 1, OPEN),
    Feedback("self_defence_recognised", 0.0, 1.0, "strikes_without_recognised_basis", -1, OPEN),
    Feedback("widening_hazard", 0.0, 1.0, "widened", 1, OPEN),
    Feedback("widening_cost", 0.0, 3.0, "cost_us", 1, OPEN, "status-quo", {"widening_hazard": 1.0}),
)  # fmt: skip


@pytest.mark.parametrize("feedback", FEEDBACKS, ids=lambda f: f"{f.carrier}-{f.measure}-{f.null:g}")
def test_cutting_a_feedback_changes_the_outcome(feedback: Feedback) -> None:
    policy = made_up(feedback.levers, feedback.base)
    null = outcome(policy, **{**feedback.fixed, feedback.carrier: feedback.null})[feedback.measure]
    strong = outcome(policy, **{**feedback.fixed, feedback.carrier: feedback.strong})[feedback.measure]
    scale = np.abs(null).mean() + np.abs(strong).mean()
    effect = (strong - null).mean() / scale
    assert abs(strong - null).max() > 1e-5 * scale, "the feedback is cut"
    if feedback.sign:
        assert effect * feedback.sign > 1e-4, f"relative effect {effect:.5f}"
