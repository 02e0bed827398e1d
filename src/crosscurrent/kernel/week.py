"""The order of a week, and which equation reads what: the one place where the system is wired together.

Read it top to bottom.  ``Loop`` is a pass over the worlds of a block, written from equations by argument name (see
``lanes.wiring``); ``Call`` is a function written by hand for rare events or networks.
"""

from __future__ import annotations

from typing import NamedTuple

from ..lanes.wiring import Draw, Loop, step
from ..model import (
    diplomacy,
    finance,
    intelligence,
    law,
    ledger,
    market,
    migration,
    operations,
    opinion,
    organizations,
    trafficking,
    violence,
)
from ..model.schema import STREAMS
from .inner_loops import GROUP_FIELDS, GROUP_LOOPS, PRODUCTS, ROUTE_FIELDS, ROUTE_LOOPS, zeros

__all__ = ["GROUP_FIELDS", "GROUP_LOOPS", "PRODUCTS", "ROUTE_FIELDS", "ROUTE_LOOPS", "WEEK", "Call", "stream"]

DEMAND_OF = {
    product: f"demand_elasticity_{kind}"
    for product, kind in zip(PRODUCTS, ("opioids", "stimulants", "stimulants", "opioids"), strict=True)
}
CHANNELS = ("security", "migration", "extradition", "trade")


class Call(NamedTuple):
    """A function written by hand, with the text of its arguments after ``worlds``."""

    function: str
    arguments: str = "setting, week, first, last"


def stream(name: str) -> int:
    """Number of a named random stream."""
    return STREAMS[name].number


GROUPS_NATIONAL = Loop(
    "groups_national",
    [
        Draw("growth_draw", "normal", stream("growth")),
        step(organizations.growth_noise),
        step(organizations.pay_now),
        step(organizations.pay_factor),
        step(organizations.prevention_in_force),
        step(organizations.social_in_force),
        step(organizations.prevention_factor),
        step(organizations.pool_factor),
        step(organizations.grievance_factor),
        step(organizations.deterrence_factor),
        step(organizations.recruitment_multiplier),
        step(organizations.growth_rate),
        step(organizations.state_loss_rate),
        step(violence.conflict_intensity),
        step(organizations.fighting_rate),
        step(organizations.middle_disorder),
        *zeros(
            "members_sum",
            "conflict_deaths",
            "recruits_week",
            "arrested_week",
            "squared_members",
            "cohesion_sum",
        ),
    ],
)

WEEK: tuple[Loop | Call, ...] = (
    Loop(
        "decide_campaign",
        [
            step(ledger.strikes_ordered),
            step(diplomacy.sovereignty_cost),
            step(diplomacy.consent_probability),
            Draw("consent_draw", "uniform", stream("consent")),
            step(diplomacy.consent),
            step(diplomacy.weeks_to_review),
            step(diplomacy.campaign_mode),
            step(diplomacy.overflight_consent),
            step(diplomacy.campaign_active),
            step(operations.campaign_tempo),
            step(operations.leadership_strikes_expected),
            step(operations.logistics_strikes_expected),
        ],
    ),
    Loop(
        "gather_intelligence",
        [
            step(intelligence.surveillance_yield),
            step(intelligence.hardening),
            step(intelligence.intelligence),
        ],
    ),
    Loop(
        "prepare_operations",
        [
            step(operations.leader_hit_probability),
            step(operations.top_hit_share),
            step(operations.logistics_hit_probability),
            step(operations.killed_per_strike),
            step(operations.civilian_share),
            step(operations.top_removals_expected),
            step(operations.middle_removals_expected),
            *zeros(
                "leadership_strikes_flown",
                "logistics_strikes_flown",
                "leader_hits",
                "production_hits",
                "route_hits",
                "civilians_killed",
                "strike_members_killed",
                "top_removed",
                "middle_removed",
                "burst_added",
                "retaliation_deaths",
                "retaliation_force_deaths",
            ),
        ],
    ),
    Call("draw_operations"),
    Loop(
        "settle_operations",
        [
            step(ledger.strikes_flown),
            step(
                operations.leaders,
                into="leaders_top",
                leaders="leaders_top",
                removed="top_removed",
                leader_count="top_leader_count",
            ),
            step(
                operations.leaders,
                into="leaders_middle",
                leaders="leaders_middle",
                removed="middle_removed",
                leader_count="middle_leader_count",
            ),
            step(operations.removal_memory),
            step(operations.arrest_pressure),
            step(organizations.grievance),
            step(organizations.perceived_risk),
            step(operations.us_casualties_expected),
            Draw("us_casualties_draw", "uniform", stream("us_casualties")),
            step(operations.us_casualties_week),
            step(ledger.campaign_casualties_week),
            step(
                ledger.running_total,
                into="us_casualties_total",
                total="us_casualties_total",
                added="campaign_casualties_week",
            ),
            step(violence.arms_flow_week),
            step(violence.arms_factor),
        ],
    ),
    GROUPS_NATIONAL,
    Call("sum_kin"),
    Call("sum_rivals"),
    Call("update_groups"),
    Loop(
        "settle_groups",
        [
            step(violence.effective_groups),
            step(organizations.mean_cohesion),
            step(organizations.total_members, total_members="members_sum"),
        ],
    ),
    Call("remove_leaders"),
    Call("merge_splinters"),
    Loop(
        "violence",
        [
            Draw("violence_draw", "normal", stream("violence")),
            step(violence.violence_noise),
            step(violence.incarceration_factor),
            step(violence.burst),
            step(violence.clashes),
            step(violence.organised_crime_homicides_week),
            step(violence.other_homicides),
            step(violence.homicides_week),
            step(violence.concealment),
            step(violence.missing_week),
            step(violence.homicides_and_missing_week),
            step(violence.extortion_week),
            step(violence.displaced_week),
            step(operations.security_force_deaths_week),
        ],
    ),
    Loop(
        "offer_drugs",
        [
            step(trafficking.precursor_factor),
            step(trafficking.capacity_target),
            step(trafficking.destroyed_share),
            step(trafficking.production_capacity, capacity="production_capacity"),
            step(trafficking.farm_capacity),
            step(
                trafficking.dated_shock,
                into="shock_2019",
                shock="shock_2019",
                pulse="pulse_class_control",
                size="shock_2019_size",
                decay="shock_2019_decay",
            ),
            step(trafficking.scarcity_coming_2023),
            step(trafficking.shock_2023),
            step(trafficking.supply_shock),
            step(trafficking.pandemic_shock),
            step(trafficking.fentanyl_potential),
            step(trafficking.potential_fentanyl),
            step(trafficking.mail_fentanyl),
            step(trafficking.potential_meth),
            step(trafficking.potential_cocaine),
            step(trafficking.potential_heroin),
            step(trafficking.shock_fentanyl),
            *(
                step(trafficking.shock_pandemic, into=f"shock_{product}", response=f"pandemic_{product}")
                for product in PRODUCTS[1:]
            ),
            step(trafficking.shipment_deterrence),
            *zeros(
                "share_shift",
                *(f"{kind}_{product}" for kind in ("weight_sum", "sent", "landed", "seized") for product in PRODUCTS),
            ),
        ],
    ),
    Call("update_routes"),
    Loop(
        "land_drugs",
        [
            step(trafficking.route_displacement),
            step(
                trafficking.supply_index,
                potential_fentanyl="potential_fentanyl",
                usual_loss="usual_loss_fentanyl",
            ),
            step(trafficking.loss_share, seized="seized_fentanyl", sent="sent_fentanyl"),
            step(trafficking.purity_fentanyl),
            *(
                step(
                    trafficking.seized_bulk,
                    into=f"seizures_{product}",
                    seized_pure=f"seized_{product}",
                    purity=f"purity_{product}",
                )
                for product in PRODUCTS
            ),
            step(trafficking.fentanyl_attempts, fentanyl_sent="sent_fentanyl"),
            step(
                trafficking.shipment_attempts_week,
                meth_sent="sent_meth",
                cocaine_sent="sent_cocaine",
                heroin_sent="sent_heroin",
            ),
            *(
                step(
                    market.quantity_ratio,
                    into=f"ratio_{product}",
                    landed=f"landed_{product}",
                    potential=f"potential_{product}",
                    usual_loss=f"usual_loss_{product}",
                )
                for product in PRODUCTS
            ),
        ],
    ),
    Loop(
        "market",
        [
            *(
                step(
                    market.drug_price,
                    into=f"price_{product}",
                    price=f"price_{product}",
                    quantity_ratio=f"ratio_{product}",
                    demand_elasticity=DEMAND_OF[product],
                )
                for product in PRODUCTS
            ),
            step(market.kits_per_100k),
            step(market.overdose_hazard),
            step(market.synthetic_share),
            step(market.treatment_coverage),
            step(market.supply_a_user),
            step(market.usual_supply_a_user),
            step(market.effective_gap),
            step(market.substitution),
            step(market.effective_supply),
            step(market.demand_shock),
            step(market.synthetic_opioid_deaths_week),
            step(market.other_overdose_deaths),
            step(market.overdose_deaths_week),
            step(market.opioid_users, fentanyl_price="price_fentanyl"),
        ],
    ),
    Loop(
        "finance",
        [
            step(market.opioid_market),
            *(
                step(
                    market.export_value,
                    into=f"value_{product}",
                    price=f"price_{product}",
                    quantity_ratio=f"ratio_{product}",
                    export_value_share=f"export_share_{product}",
                    market_size="opioid_market" if product in ("fentanyl", "heroin") else "full",
                )
                for product in PRODUCTS
            ),
            step(
                finance.export_revenue,
                fentanyl_value="value_fentanyl",
                meth_value="value_meth",
                cocaine_value="value_cocaine",
                heroin_value="value_heroin",
            ),
            step(finance.unusable_share),
            step(finance.usual_export_revenue),
            step(finance.lost_export_share),
            step(finance.domestic_displacement),
            step(finance.domestic_income),
            step(finance.usable_revenue),
            step(ledger.added, into="surveillance_added", level="ordered_surveillance", usual="usual_surveillance"),
            step(ledger.added, into="presence_added", level="ordered_us_presence", usual="usual_us_presence"),
            *(
                step(ledger.added, into=f"{short}_added", level=f"ordered_{lever}", usual=f"usual_{lever}")
                for short, lever in (
                    ("joint", "joint_enforcement"),
                    ("interdiction", "border_interdiction"),
                    ("treatment", "treatment"),
                    ("financial", "financial_pressure"),
                    ("precursor", "precursor_control"),
                    ("arms", "arms_interdiction"),
                    ("dialogue", "dialogue"),
                    ("enforcement", "mexican_enforcement"),
                    ("justice", "justice_capacity"),
                    ("prevention", "prevention"),
                    ("social", "social_investment"),
                )
            ),
            step(finance.campaign_cost),
            step(ledger.running_total, into="campaign_cost_total", total="campaign_cost_total", added="campaign_cost"),
            step(finance.us_programme_cost),
            step(finance.mx_programme_cost),
            step(finance.cost_us_week),
            step(finance.cost_mx_week),
        ],
    ),
    Loop(
        "law",
        [
            step(law.strikes_without_recognised_basis_week),
            step(law.precedent),
            Draw("widening_draw", "uniform", stream("widening")),
            step(law.widened),
            step(law.clock_cost),
        ],
    ),
    Loop(
        "opinion",
        [
            step(opinion.campaign_success),
            step(opinion.rally),
            step(opinion.support_shift),
            step(opinion.us_support_with_consent),
            step(opinion.us_support_without_consent),
            step(ledger.us_support_now),
            step(opinion.mexican_opposition),
            step(opinion.anti_us_feeling),
        ],
    ),
    Loop(
        "diplomacy",
        [
            Draw("exposure_draw", "uniform", stream("exposure")),
            step(diplomacy.exposed),
            step(diplomacy.unconsented_visible),
            Draw("rupture_draw", "uniform", stream("rupture")),
            step(diplomacy.rupture_starts),
            step(diplomacy.rupture_depth),
            step(diplomacy.threat_fatigue),
            step(diplomacy.trust),
            *(
                entry
                for channel in CHANNELS
                for entry in (
                    step(
                        diplomacy.cooperation_target,
                        channel_base=f"{channel}_base",
                        channel_trust=f"{channel}_trust",
                        channel_rupture=f"{channel}_rupture",
                        channel_threat=f"{channel}_threat",
                        channel_chill=f"{channel}_chill",
                    ),
                    step(
                        diplomacy.cooperation,
                        into=f"{channel}_cooperation",
                        cooperation=f"{channel}_cooperation",
                    ),
                )
            ),
            step(diplomacy.alignment),
            step(diplomacy.extraditions_week),
        ],
    ),
    Loop(
        "migration",
        [
            Draw("migration_draw", "normal", stream("migration")),
            step(migration.migration_noise),
            step(migration.regime_adapted),
            step(migration.regime_effect),
            step(migration.stops_surge),
            step(migration.mexican_stops),
            step(migration.encounters_week),
        ],
    ),
    Loop(
        "ledger",
        [
            step(ledger.campaign_years),
            step(ledger.campaign_week),
            step(ledger.scarcity_spell),
            step(ledger.longest_spell),
        ],
    ),
)
