"""Public opinion in both countries.  US support is kept on a logit scale, calibrated to dated polls with and without consent.

What moves it (success, casualties, duration) is a switch: each coefficient is 0 on the other rivals of the axis *opinion*.
"""

from __future__ import annotations

from ..lanes.compiler import equation
from ..lanes.vector_math import clip, log, sigmoid

__all__ = [
    "anti_us_feeling",
    "campaign_success",
    "mexican_opposition",
    "rally",
    "support_shift",
    "us_support_with_consent",
    "us_support_without_consent",
]


@equation
def campaign_success(campaign_success, leader_hits, supply_index, campaign_active, campaign_tempo, success_memory):
    """Perceived success of a campaign (-1 to 1): leaders removed and supply cut against a campaign that brings neither."""
    visible = min(leader_hits, 2.0) + 2.0 * max(1.0 - supply_index, 0.0)
    seen = clip(visible - 0.25, -0.5, 1.0) if campaign_tempo > 0.0 else 0.0
    return campaign_success + success_memory * (seen * campaign_active - campaign_success)


@equation
def rally(rally, leader_hits, rally_size, rally_decay):
    """Rally after a visible hit, logit points (rally-size-median, rally-decay: half gone within weeks)."""
    return min(rally + rally_size * min(leader_hits, 1.0), 1.5 * rally_size + 0.001) * (1.0 - rally_decay)


@equation
def support_shift(
    support_shift, campaign_success, us_casualties_total, campaign_years, clock_cost, support_success, support_casualties,
    support_duration, opinion_speed,
):  # fmt: skip
    """Drift of US support since the campaign began, logit points.

    Success (success-beats-casualties-gelpi), the logarithm of own casualties (casualties-weak-sidman-norpoth against it) and
    duration (war-support-erosion-iraq against us-drone-support-stable); the domestic clock adds a political cost.
    """
    casualties = log(1.0 + us_casualties_total) * 0.4342945
    target = support_success * campaign_success - support_casualties * casualties - support_duration * campaign_years
    return support_shift + opinion_speed * (clip(target - clock_cost, -4.0, 3.0) - support_shift)


@equation
def us_support_with_consent(support_shift, rally, support_base_consented):
    """US support for strikes with Mexico's consent (0-1); 52 % when consent is not mentioned (us-support-troops-2023)."""
    return sigmoid(support_base_consented + support_shift + rally)


@equation
def us_support_without_consent(support_shift, rally, support_base_unilateral):
    """US support for strikes without consent (0-1); 29 % in the same poll (us-support-unilateral-2023)."""
    return sigmoid(support_base_unilateral + support_shift + rally)


@equation
def mexican_opposition(
    mexican_opposition, campaign_mode, exposed, economic_pressure, civilians_killed, burst, opposition_base,
    opposition_unilateral, opposition_threat, opposition_civilians, opposition_violence_relief, opposition_presence,
    us_presence, opposition_speed,
):  # fmt: skip
    """Mexican opposition to US force (0-1): threats and acts without consent raise it (mx-support-us-force-trend)."""
    visible = exposed if campaign_mode > 2.5 else 1.0
    unilateral = visible if campaign_mode > 1.5 else 0.0
    push = opposition_unilateral * unilateral + opposition_threat * economic_pressure
    push = push + opposition_presence * (us_presence - 1.0)
    harm = opposition_civilians * min(civilians_killed, 5.0) - opposition_violence_relief * clip(burst, 0.0, 1.0)
    return mexican_opposition + opposition_speed * (sigmoid(opposition_base + push + harm) - mexican_opposition)


@equation
def anti_us_feeling(anti_us_feeling, mexican_opposition, trust, feeling_speed):
    """Unfavourable view of the United States in Mexico (0-1), slowly following opposition and trust (poll series)."""
    return anti_us_feeling + feeling_speed * (clip(0.2 + 0.8 * mexican_opposition - 0.4 * trust, 0.0, 1.0) - anti_us_feeling)
