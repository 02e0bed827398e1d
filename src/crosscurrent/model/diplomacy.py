"""Diplomacy: Mexico's consent as an outcome, trust, cooperation by channel, ruptures, covert exposure, alignment.

Consent is Mexico's decision: P(grant) = logistic(k (delta * benefit - effort - sovereignty cost)).  The
threshold form is that
of a repeated game in which cooperation holds while the discounted benefit covers effort and sovereignty cost;
no calibrated
values for the two countries exist, so its numbers are labelled assumptions.
"""

from __future__ import annotations

from ..lanes.compiler import Real, equation
from ..lanes.vector_math import clip, exp, sigmoid

__all__ = [
    "alignment",
    "campaign_active",
    "campaign_mode",
    "consent",
    "consent_probability",
    "cooperation",
    "cooperation_target",
    "exposed",
    "extraditions_week",
    "overflight_consent",
    "rupture_depth",
    "rupture_starts",
    "sovereignty_cost",
    "threat_fatigue",
    "trust",
    "unconsented_visible",
    "weeks_to_review",
]

YEARS_PER_WEEK = 7.0 / 365.25
WEEKS_BETWEEN_REVIEWS = 26.0


@equation
def unconsented_visible(campaign_mode: Real, exposed: Real, strikes_flown: Real) -> Real:
    """Whether strikes without consent are flown and known (0-1): covert ones count once exposed."""
    known = exposed if campaign_mode > 2.5 else 1.0
    flown = 1.0 if strikes_flown > 0.0 else 0.0
    return known * flown if campaign_mode > 1.5 else 0.0


@equation
def sovereignty_cost(
    economic_pressure: Real, mexican_opposition: Real, rupture_depth: Real, fto_designation: Real,
    sovereignty_base: Real, sovereignty_threat: Real, sovereignty_opinion: Real,
) -> Real:  # fmt: skip
    """Sovereignty cost of consenting to force (in units of the benefit): threats, opinion, ruptures, designation."""
    return (
        sovereignty_base
        + sovereignty_threat * economic_pressure
        + sovereignty_opinion * (mexican_opposition - 0.5)
        + 0.5 * rupture_depth
        + 0.1 * fto_designation
    )


@equation
def consent_probability(
    burst: Real, trust: Real, dialogue: Real, economic_pressure: Real, sovereignty_cost: Real,
    threat_buys: Real, consent_steepness: Real, consent_discount: Real, consent_effort: Real,
    consent_benefit: Real, civilians_killed: Real,
) -> Real:  # fmt: skip
    """Probability that Mexico grants consent to strikes when it decides (0-1).

    The benefit grows with trust, dialogue and violence at home; under the rival in which threats buy
    cooperation it grows with
    pressure; civilian harm lowers it (consent-withdrawal-yemen-2017).
    """
    benefit = consent_benefit * (0.5 + trust + 0.3 * dialogue + 0.3 * max(burst, 0.0)) + threat_buys * economic_pressure
    cost = consent_effort + sovereignty_cost + 0.15 * min(civilians_killed, 4.0)
    return sigmoid(consent_steepness * (consent_discount * benefit - cost))


@equation
def consent(
    consent: Real, strikes_ordered: Real, consent_sought: Real, weeks_to_review: Real, consent_draw: Real,
    consent_probability: Real,
) -> Real:  # fmt: skip
    """Whether Mexico consents to strikes now (0 or 1): decided when first asked and at each review half a year
    later."""
    decided = 1.0 if consent_draw < consent_probability else 0.0
    asked = 1.0 if strikes_ordered > 0.0 else 0.0
    now = decided if weeks_to_review <= 0.5 else consent
    return now * consent_sought * asked


@equation
def weeks_to_review(weeks_to_review: Real, strikes_ordered: Real, consent_sought: Real) -> Real:
    """Weeks until Mexico next decides on consent; counts down while it is asked."""
    asked = strikes_ordered * consent_sought
    counted = weeks_to_review - 1.0 if weeks_to_review > 0.5 else WEEKS_BETWEEN_REVIEWS - 1.0
    return counted if asked > 0.0 else 0.0


@equation
def overflight_consent(
    overflight_consent: Real, trust: Real, rupture_depth: Real, campaign_mode: Real, exposed: Real,
    overflight_base: Real, overflight_speed: Real,
) -> Real:  # fmt: skip
    """Consent to surveillance flights (0-1, share of the country and time), separate from consent to strikes."""
    visible = exposed if campaign_mode > 2.5 else 1.0
    unilateral = visible if campaign_mode > 1.5 else 0.0
    target = sigmoid(overflight_base + 3.0 * (trust - 0.5) - 3.0 * rupture_depth - 2.0 * unilateral)
    return overflight_consent + overflight_speed * (target - overflight_consent)


@equation
def campaign_active(
    campaign_active: Real, strikes_ordered: Real, campaign_years: Real, campaign_cost_total: Real,
    supply_index: Real, leaders_top: Real, us_support_now: Real, campaign_end_weeks: Real,
    campaign_end_success: Real, campaign_end_cost: Real, campaign_end_support: Real,
) -> Real:  # fmt: skip
    """Whether the campaign goes on (1) or has met one of its end rules (0); a rule of 0 is not in force.

    Date (weeks), success (fall of supply or of leaders in place), cost (billion USD), support (share below
    which it ends).
    """
    weeks = campaign_years / YEARS_PER_WEEK
    by_date = (campaign_end_weeks > 0.0) & (weeks >= campaign_end_weeks)
    gain = max(1.0 - supply_index, 1.0 - leaders_top)
    by_success = (campaign_end_success > 0.0) & (weeks > 8.0) & (gain >= campaign_end_success)
    by_cost = (campaign_end_cost > 0.0) & (campaign_cost_total >= 1000.0 * campaign_end_cost)
    by_support = (campaign_end_support > 0.0) & (weeks > 8.0) & (us_support_now < campaign_end_support)
    ended = 1.0 if by_date | by_success | by_cost | by_support else 0.0
    return campaign_active * (1.0 - ended) if strikes_ordered > 0.0 else campaign_active


@equation
def campaign_mode(strikes_ordered: Real, consent: Real, fallback: Real) -> Real:
    """How strikes are flown: 0 none, 1 with consent, 2 open without consent, 3 covert.

    fallback says what follows if consent is not sought, refused or withdrawn: 0 none, 1 open, 2 covert.
    """
    refused = fallback + 1.0 if fallback > 0.5 else 0.0
    mode = 1.0 if consent > 0.5 else refused
    return mode if strikes_ordered > 0.0 else 0.0


@equation
def exposed(
    exposed: Real, campaign_mode: Real, strikes_flown: Real, exposure_draw: Real, exposure_hazard: Real,
) -> Real:  # fmt: skip
    """Whether the covert campaign has been exposed (0 or 1): a hazard a strike; it stays known while the
    campaign lasts."""
    found = 1.0 if exposure_draw < 1.0 - exp(-exposure_hazard * strikes_flown) else 0.0
    return max(exposed, found) if campaign_mode > 2.5 else 0.0


@equation
def rupture_starts(
    rupture_draw: Real, unconsented_visible: Real, pulse_rupture: Real, us_casualties_week: Real,
    rupture_hazard: Real, rupture_hazard_base: Real,
) -> Real:  # fmt: skip
    """Whether a rupture of relations begins this week (0 or 1): a hazard under acts without consent, or a dated
    event."""
    hazard = rupture_hazard_base * YEARS_PER_WEEK + rupture_hazard * unconsented_visible
    drawn = 1.0 if rupture_draw < 1.0 - exp(-hazard) else 0.0
    return max(drawn, pulse_rupture)


@equation
def rupture_depth(rupture_depth: Real, rupture_starts: Real, rupture_decay: Real, dialogue: Real) -> Real:
    """Depth of a rupture (0-1): full when it begins, half gone in about nine months, sooner with dialogue
    (ruptures-*)."""
    return clip(max(rupture_depth, rupture_starts) * (1.0 - rupture_decay * (1.0 + dialogue)), 0.0, 1.0)


@equation
def threat_fatigue(threat_fatigue: Real, economic_pressure: Real, threat_fatigue_rate: Real) -> Real:
    """How far threats have worn out (0-1): builds while pressure lasts, fades when it ends."""
    return threat_fatigue + threat_fatigue_rate * ((1.0 if economic_pressure > 0.05 else 0.0) - threat_fatigue)


@equation
def trust(
    trust: Real, dialogue: Real, joint_enforcement: Real, unconsented_visible: Real,
    economic_pressure: Real, rupture_depth: Real, fto_designation: Real, trust_base: Real,
    trust_dialogue: Real, trust_joint: Real, trust_unilateral: Real, threat_spends: Real,
    trust_designation: Real, surveillance: Real, overflight_consent: Real, trust_surveillance: Real,
    trust_speed: Real,
) -> Real:  # fmt: skip
    """Trust between the governments (0-1), the slow variable of the relationship.

    Flights spend trust as far as they lack consent (trust_surveillance).
    """
    built = trust_base + trust_dialogue * dialogue + trust_joint * (joint_enforcement - 1.0)
    spent = (
        trust_unilateral * unconsented_visible + threat_spends * economic_pressure + trust_designation * fto_designation
    )
    spent = spent + trust_surveillance * surveillance * (1.0 - overflight_consent)
    target = clip(built - spent - 0.3 * rupture_depth, 0.0, 1.0)
    return trust + trust_speed * (target - trust)


@equation
def cooperation_target(
    trust: Real, rupture_depth: Real, economic_pressure: Real, threat_fatigue: Real,
    unconsented_visible: Real, channel_base: Real, channel_trust: Real, channel_rupture: Real,
    channel_threat: Real, channel_chill: Real, fto_designation: Real, threat_buys: Real,
    threat_breaks: Real, unilateral_cooperation_loss: Real,
) -> Real:  # fmt: skip
    """Level that a channel of cooperation tends to (0-1).

    On the axis *bargaining* threats buy cooperation (tariff-threat-2019-encounters), break it
    (cooperation-shock-2020-law), or
    buy it until they wear out.  channel_chill is what a designation costs the channel where it chills allies.
    """
    bought = channel_threat * threat_buys * economic_pressure * (1.0 - threat_fatigue)
    broken = threat_breaks * economic_pressure * (0.3 + 0.7 * threat_fatigue)
    lost = channel_rupture * rupture_depth + unilateral_cooperation_loss * unconsented_visible
    lost = lost + channel_chill * fto_designation
    return clip(channel_base + channel_trust * (trust - 0.5) + bought - broken - lost, 0.0, 1.0)


@equation
def cooperation(cooperation: Real, cooperation_target: Real, cooperation_speed: Real) -> Real:
    """Cooperation in one channel next week (0-1), the fast variable."""
    return cooperation + cooperation_speed * (cooperation_target - cooperation)


@equation
def alignment(
    alignment: Real, trust: Real, rupture_depth: Real, alignment_speed: Real, alignment_trust: Real,
) -> Real:  # fmt: skip
    """Alignment of Mexico with the United States rather than with third parties (0-1); moves over many years."""
    target = clip(0.65 + alignment_trust * (trust - 0.5) - 0.3 * rupture_depth, 0.0, 1.0)
    return alignment + alignment_speed * (target - alignment)


@equation
def extraditions_week(
    extradition_cooperation: Real, joint_enforcement: Real, extraditions_year: Real,
) -> Real:  # fmt: skip
    """Persons extradited to the United States this week: joint effort and the will to extradite
    (extraditions-per-year)."""
    return extraditions_year * YEARS_PER_WEEK * joint_enforcement * extradition_cooperation / 0.7
