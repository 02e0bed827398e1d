"""Public opinion in both countries.  US support is kept on a logit scale, calibrated to dated polls with and
without consent.

What moves it (success, casualties, duration) is a switch: each coefficient is 0 on the other rivals of the axis
*opinion*.
"""

from __future__ import annotations

from ..lanes.compiler import Real, equation
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
def campaign_success(
    campaign_success: Real, leader_hits: Real, supply_index: Real, campaign_active: Real,
    campaign_tempo: Real, success_memory: Real,
) -> Real:  # fmt: skip
    """Perceived success of a campaign (-1 to 1): leaders removed and supply cut against a campaign that brings
    neither."""
    visible = min(leader_hits, 2.0) + 2.0 * max(1.0 - supply_index, 0.0)
    seen = clip(visible - 0.25, -0.5, 1.0) if campaign_tempo > 0.0 else 0.0
    return campaign_success + success_memory * (seen * campaign_active - campaign_success)


@equation
def rally(rally: Real, leader_hits: Real, rally_size: Real, rally_decay: Real) -> Real:
    """Rally after a visible hit, logit points (rally-size-median, rally-decay: half gone within weeks)."""
    return min(rally + rally_size * min(leader_hits, 1.0), 1.5 * rally_size + 0.001) * (1.0 - rally_decay)


@equation
def support_shift(
    support_shift: Real, campaign_success: Real, us_casualties_total: Real, campaign_years: Real,
    clock_cost: Real, support_success: Real, support_casualties: Real, support_duration: Real,
    opinion_speed: Real,
) -> Real:  # fmt: skip
    """Drift of US support since the campaign began, logit points.

    Success (success-beats-casualties-gelpi), the logarithm of own casualties (casualties-weak-sidman-norpoth
    against it) and
    duration (war-support-erosion-iraq against us-drone-support-stable); the domestic clock adds a political cost.
    """
    casualties = log(1.0 + us_casualties_total) * 0.4342945
    target = support_success * campaign_success - support_casualties * casualties - support_duration * campaign_years
    return support_shift + opinion_speed * (clip(target - clock_cost, -4.0, 3.0) - support_shift)


@equation
def us_support_with_consent(support_shift: Real, rally: Real, support_base_consented: Real) -> Real:
    """US support for strikes with Mexico's consent (0-1); 52 % when consent is not mentioned
    (us-support-troops-2023)."""
    return sigmoid(support_base_consented + support_shift + rally)


@equation
def us_support_without_consent(support_shift: Real, rally: Real, support_base_unilateral: Real) -> Real:
    """US support for strikes without consent (0-1); 29 % in the same poll (us-support-unilateral-2023)."""
    return sigmoid(support_base_unilateral + support_shift + rally)


@equation
def mexican_opposition(
    mexican_opposition: Real, campaign_mode: Real, exposed: Real, economic_pressure: Real,
    civilians_killed: Real, burst: Real, opposition_base: Real, opposition_unilateral: Real,
    opposition_threat: Real, opposition_civilians: Real, opposition_violence_relief: Real,
    opposition_presence: Real, us_presence: Real, opposition_speed: Real,
) -> Real:  # fmt: skip
    """Mexican opposition to US force (0-1): threats and acts without consent raise it (mx-support-us-force-trend)."""
    visible = exposed if campaign_mode > 2.5 else 1.0
    unilateral = visible if campaign_mode > 1.5 else 0.0
    push = opposition_unilateral * unilateral + opposition_threat * economic_pressure
    push = push + opposition_presence * (us_presence - 1.0)
    harm = opposition_civilians * min(civilians_killed, 5.0) - opposition_violence_relief * clip(burst, 0.0, 1.0)
    return mexican_opposition + opposition_speed * (sigmoid(opposition_base + push + harm) - mexican_opposition)


@equation
def anti_us_feeling(
    anti_us_feeling: Real, mexican_opposition: Real, trust: Real, feeling_speed: Real,
) -> Real:  # fmt: skip
    """Unfavourable view of the United States in Mexico (0-1), slowly following opposition and trust (poll series)."""
    return anti_us_feeling + feeling_speed * (
        clip(0.2 + 0.8 * mexican_opposition - 0.4 * trust, 0.0, 1.0) - anti_us_feeling
    )
