"""Trafficking: production capacity, corridors chosen by cost, seizure, landed supply.  Pure and bulk kilograms
are kept apart.

Corridor groups are California, Arizona, West Texas-New Mexico, South Texas, the sea and the by-pass of Mexico.
Nothing here
says which to strike: strikes on logistics disrupt corridors in proportion to their flow, and displacement is an
outcome.
"""

from __future__ import annotations

from ..lanes.compiler import Real, equation
from ..lanes.vector_math import clip, exp, power

__all__ = [
    "capacity_target",
    "corridor_disruption",
    "corridor_flow",
    "corridor_loss",
    "corridor_weight",
    "dated_shock",
    "destroyed_share",
    "farm_capacity",
    "fentanyl_attempts",
    "fentanyl_potential",
    "landed",
    "loss_share",
    "mail_fentanyl",
    "pandemic_shock",
    "potential_cocaine",
    "potential_fentanyl",
    "potential_heroin",
    "potential_meth",
    "precursor_factor",
    "production_capacity",
    "purity_fentanyl",
    "route_displacement",
    "route_hits_here",
    "scarcity_coming_2023",
    "seized",
    "seized_bulk",
    "share_shift",
    "shipment_attempts_week",
    "shipment_deterrence",
    "shock_2023",
    "shock_fentanyl",
    "shock_pandemic",
    "supply_index",
    "supply_shock",
]

YEARS_PER_WEEK = 7.0 / 365.25


@equation
def precursor_factor(precursor_control: Real, precursor_control_usual: Real, precursor_effect: Real) -> Real:
    """Synthetic production that precursors allow (1 at the usual control of 2015-2019).

    Fourteen of thirty-seven regulations worked (precursor-review-giommoni): the effect is 0 in the other worlds.
    """
    return clip(1.0 - precursor_effect * (precursor_control - precursor_control_usual), 0.05, 1.2)


@equation
def production_capacity(
    capacity: Real, capacity_target: Real, supply_recovery: Real, destroyed_share: Real,
) -> Real:  # fmt: skip
    """Capacity to produce and ship (1 at reference): what strikes and raids destroy comes back at the recovery rate."""
    left = capacity * (1.0 - destroyed_share)
    return clip(left + supply_recovery * (capacity_target - left), 0.0, 1.5)


@equation
def dated_shock(shock: Real, pulse: Real, size: Real, decay: Real) -> Real:
    """Logarithm of a dated supply shock still in force (0 none, below 0 scarcity): it falls by ``size`` and fades.

    May 2019: class control abroad, in force from one day to the next.
    """
    return shock - pulse * size - decay * shock


@equation
def scarcity_coming_2023(
    scarcity_coming_2023: Real, pulse_supply_2023: Real, shock_2023_size: Real, fall_speed_2023: Real,
) -> Real:  # fmt: skip
    """Part of the supply shock of 2023 that has not arrived yet, in logarithms.

    It arrives at the same speed as the rival fall of demand (:func:`market.demand_shock`), so that neither cause is
    told from the other by an abruptness that only our writing of it had.
    """
    left = scarcity_coming_2023 * (1.0 - fall_speed_2023)
    return left + pulse_supply_2023 * shock_2023_size


@equation
def shock_2023(
    shock_2023: Real, scarcity_coming_2023: Real, fall_speed_2023: Real, shock_2023_decay: Real,
) -> Real:  # fmt: skip
    """Logarithm of the supply shock of 2023 in force (0 none, below 0 scarcity): it arrives over months and fades."""
    return shock_2023 - fall_speed_2023 * scarcity_coming_2023 - shock_2023_decay * shock_2023


@equation
def supply_shock(shock_2019: Real, shock_2023: Real) -> Real:
    """Dated supply shocks to fentanyl in force, together (logarithm)."""
    return shock_2019 + shock_2023


@equation
def shipment_deterrence(
    perceived_risk: Real, loss_share: Real, risk_shipment_deterrence: Real, threshold_deterrence: Real,
    threshold_loss: Real,
) -> Real:  # fmt: skip
    """Share of shipments still sent (1 at reference): risk deters in proportion, or above a threshold of losses.

    The threshold rival follows lethal-air-interdiction-deterrence-peru (most flights stopped once about 3 % were lost).
    """
    gradual = exp(-risk_shipment_deterrence * max(perceived_risk, 0.0))
    excess = clip((loss_share - threshold_loss) / max(threshold_loss, 0.001), 0.0, 1.0)
    return gradual * (1.0 - threshold_deterrence * excess)


@equation
def fentanyl_potential(
    fentanyl_share: Real, years_since_2022: Real, opioid_users: Real, opioid_users_usual: Real,
    fentanyl_pure_year: Real, fentanyl_volume_growth: Real,
) -> Real:  # fmt: skip
    """Pure fentanyl that would be offered this week if nothing were disrupted, by all routes, kg.

    Scaled to 2022 (fentanyl-quantity-kilmer), with the fentanyl share of supply, the users, and the growth of
    volume a user up
    to 2022 (deaths-effective-supply-elasticity).
    """
    growth = exp(fentanyl_volume_growth * min(years_since_2022, 0.5))
    users = opioid_users / opioid_users_usual
    return 1000.0 * fentanyl_pure_year * YEARS_PER_WEEK * max(fentanyl_share, 0.002) * (1.0 / 0.9) * growth * users


@equation
def potential_fentanyl(fentanyl_potential: Real, years_since_2019: Real, mexican_share_early: Real) -> Real:
    """The part of it that comes through Mexico, kg: all since the mail route closed in 2019 (fentanyl-mail-shift)."""
    return fentanyl_potential * (mexican_share_early if years_since_2019 < 0.33 else 1.0)


@equation
def mail_fentanyl(fentanyl_potential: Real, potential_fentanyl: Real, supply_shock: Real) -> Real:
    """Pure fentanyl that comes by mail this week, kg."""
    return (fentanyl_potential - potential_fentanyl) * exp(supply_shock)


@equation
def potential_meth(meth_pure_year: Real, years_since_2017: Real, meth_growth: Real) -> Real:
    """Pure methamphetamine that would be offered at the border this week, kg; growth ends in 2021."""
    return 1000.0 * meth_pure_year * YEARS_PER_WEEK * exp(meth_growth * min(years_since_2017, 4.0))


@equation
def potential_cocaine(cocaine_pure_year: Real) -> Real:
    """Pure cocaine bound for the United States this week, kg (by all routes, the by-pass of Mexico included)."""
    return 1000.0 * cocaine_pure_year * YEARS_PER_WEEK


@equation
def shock_fentanyl(supply_shock: Real) -> Real:
    """Factor by which the dated supply shocks scale the fentanyl offered (1 at none)."""
    return exp(supply_shock)


@equation
def shock_pandemic(pandemic_shock: Real, response: Real) -> Real:
    """Factor by which the pandemic scaled what was offered of a product (1 at none)."""
    return exp(-response * pandemic_shock)


@equation
def potential_heroin(
    heroin_pure_year: Real, fentanyl_share: Real, opioid_users: Real, opioid_users_usual: Real,
) -> Real:  # fmt: skip
    """Pure heroin offered at the border this week, kg: what fentanyl has not replaced (heroin-to-fentanyl-doses)."""
    users = opioid_users / opioid_users_usual
    return 1000.0 * heroin_pure_year * YEARS_PER_WEEK * users * max(1.0 - fentanyl_share, 0.02)


@equation
def corridor_loss(
    border_interdiction: Real, seizure_share: Real, corridor_effort: Real, intelligence: Real,
    intelligence_seizure_gain: Real,
) -> Real:  # fmt: skip
    """Share of a corridor's flow that is seized (0-0.6); corridor_effort is 1 at land ports, less at sea and on
    by-passes."""
    helped = 1.0 + intelligence_seizure_gain * (intelligence - 0.3)
    return clip(seizure_share * border_interdiction * corridor_effort * max(helped, 0.2), 0.0, 0.6)


@equation
def corridor_weight(
    corridor_share: Real, corridor_loss: Real, seizure_share: Real, corridor_effort: Real, disruption: Real,
    route_substitution: Real, route_risk_sensitivity: Real,
) -> Real:  # fmt: skip
    """Weight of a corridor in the logit choice: its reference share, less where losses or disruption have risen.

    route_substitution 0 keeps shares rigid, 1 lets them follow cost in full (corridor-share-fentanyl:
    California 62 to 33 %
    in five years).
    """
    extra_loss = corridor_loss - seizure_share * corridor_effort
    cost = route_risk_sensitivity * extra_loss + 3.0 * disruption
    return corridor_share * exp(-route_substitution * cost)


@equation
def corridor_flow(
    potential: Real, shock: Real, capacity: Real, shipment_deterrence: Real, corridor_weight: Real,
    weight_sum: Real, disruption: Real, route_substitution: Real,
) -> Real:  # fmt: skip
    """Flow sent through a corridor this week, pure kg; disruption blocks the part that cannot be re-routed."""
    share = corridor_weight / max(weight_sum, 1e-6)
    blocked = disruption * (1.0 - route_substitution)
    return potential * shock * capacity * shipment_deterrence * share * (1.0 - clip(blocked, 0.0, 0.95))


@equation
def corridor_disruption(
    disruption: Real, route_hits_here: Real, disruption_per_hit: Real, disruption_decay: Real,
) -> Real:  # fmt: skip
    """Disruption of a corridor (0-1): hits on logistics spread over corridors, fading as routes are rebuilt."""
    return clip(disruption + disruption_per_hit * route_hits_here - disruption_decay * disruption, 0.0, 1.0)


@equation
def landed(flow: Real, corridor_loss: Real, landed: Real) -> Real:
    """Landed supply, pure kg this week: sums what passes over the corridors."""
    return landed + flow * (1.0 - corridor_loss)


@equation
def seized_bulk(seized_pure: Real, purity: Real) -> Real:
    """Seized weight as reported, bulk kg: pure weight over purity."""
    return seized_pure / max(purity, 0.01)


@equation
def fentanyl_attempts(fentanyl_sent: Real, purity_fentanyl: Real, shipment_size: Real) -> Real:
    """Shipments of fentanyl attempted this week: bulk weight sent over the mean size of a shipment."""
    return fentanyl_sent / (max(purity_fentanyl, 0.01) * shipment_size)


@equation
def shipment_attempts_week(
    fentanyl_attempts: Real, meth_sent: Real, cocaine_sent: Real, heroin_sent: Real, shipment_size: Real,
) -> Real:  # fmt: skip
    """Shipments attempted this week, all four products (others at ten times the size, as they weigh more a dose)."""
    return fentanyl_attempts + (meth_sent + cocaine_sent + heroin_sent) / (10.0 * shipment_size)


@equation
def route_displacement(share_shift: Real) -> Real:
    """Route displacement (0-1): half the sum of absolute changes of corridor shares from the reference."""
    return clip(0.5 * share_shift, 0.0, 1.0)


@equation
def supply_index(landed_fentanyl: Real, potential_fentanyl: Real, usual_loss: Real) -> Real:
    """Landed fentanyl over what would land undisturbed (1 = no disruption): what recovery is measured on."""
    return clip(landed_fentanyl / max(potential_fentanyl * (1.0 - usual_loss), 1e-6), 0.0, 3.0)


@equation
def capacity_target(
    precursor_factor: Real, mean_cohesion: Real, cohesion_capacity: Real, mexican_enforcement: Real,
    lab_loss_enforcement: Real,
) -> Real:  # fmt: skip
    """Capacity that production tends to (1 at reference): precursors, cohesion of the groups, raids on laboratories."""
    disorganised = 1.0 - cohesion_capacity * (1.0 - mean_cohesion)
    raided = 1.0 - lab_loss_enforcement * (mexican_enforcement - 1.0)
    return clip(precursor_factor * disorganised * raided, 0.02, 1.3)


@equation
def destroyed_share(production_hits: Real, capacity_per_hit: Real) -> Real:
    """Share of synthetic production destroyed by this week's hits on logistics (0-0.9)."""
    return min(production_hits * capacity_per_hit, 0.9)


@equation
def share_shift(share_shift: Real, corridor_weight: Real, weight_sum: Real, corridor_share: Real) -> Real:
    """Sum of absolute changes of corridor shares from the reference."""
    return share_shift + abs(corridor_weight / max(weight_sum, 1e-6) - corridor_share)


@equation
def route_hits_here(route_hits: Real, corridor_weight: Real, weight_sum: Real) -> Real:
    """This week's hits on routes that fall on a corridor: in proportion to its flow, never chosen."""
    return route_hits * corridor_weight / max(weight_sum, 1e-6)


@equation
def seized(seized: Real, flow: Real, corridor_loss: Real) -> Real:
    """Seized so far this week over the corridors, pure kg."""
    return seized + flow * corridor_loss


@equation
def loss_share(seized: Real, sent: Real) -> Real:
    """Share of what was sent that was seized (0-1)."""
    return seized / max(sent, 1e-6)


@equation
def pandemic_shock(pandemic_shock: Real, pulse_pandemic: Real) -> Real:
    """Pandemic scarcity still in force (1 when it began), half gone in ten weeks (covid-price-shock-2020)."""
    return pandemic_shock + pulse_pandemic - 0.07 * pandemic_shock


@equation
def purity_fentanyl(supply_index: Real, purity_reference: Real, purity_response: Real) -> Real:
    """Purity of fentanyl as seized (0-1): falls when supply is short (supply-shock-indicators-2023)."""
    return clip(purity_reference * power(max(supply_index, 0.05), purity_response), 0.01, 0.95)


@equation
def farm_capacity(mean_cohesion: Real, cohesion_capacity: Real) -> Real:
    """Capacity to ship cocaine and heroin (1 at reference): no laboratories to lose, but groups can be disorganised."""
    return clip(1.0 - cohesion_capacity * (1.0 - mean_cohesion), 0.02, 1.3)
