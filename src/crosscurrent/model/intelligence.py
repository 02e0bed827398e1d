"""Intelligence: an aggregate stock from 0 to 1, fed by flights, partners and arrests, spent by time and by hardening.

There is no target list in the model: how well a campaign sees is this one number for the whole country.
"""

from __future__ import annotations

from ..lanes.compiler import Real, equation
from ..lanes.vector_math import clip

__all__ = [
    "hardening",
    "intelligence",
    "surveillance_yield",
]


@equation
def surveillance_yield(surveillance: Real, overflight_consent: Real, stand_off_share: Real) -> Real:
    """Surveillance that counts (0-1): in full over Mexico with consent, else only the share that stand-off flights see.

    Evidence: covert-flights-2023-2025, drone-yield-cbp (stand-off share 0.2-0.5, a judgement).
    """
    return surveillance * (overflight_consent + (1.0 - overflight_consent) * stand_off_share)


@equation
def hardening(
    hardening: Real, strikes_flown: Real, hardening_per_strike: Real, hardening_decay: Real,
) -> Real:  # fmt: skip
    """How far groups have adapted to being watched (0 upwards, relative rise of the decay of intelligence).

    Each strike teaches them; without strikes the habit fades.  Evidence: sustained-program-fewer-attacks-mir-moore
    (lost mobility), exploitation-speed-condition-mir.
    """
    return min(hardening + hardening_per_strike * strikes_flown - hardening_decay * hardening, 20.0)


@equation
def intelligence(
    intelligence: Real, surveillance_yield: Real, security_cooperation: Real, joint_enforcement: Real,
    us_presence: Real, hardening: Real, presence_intelligence: Real, intelligence_gain_surveillance: Real,
    intelligence_gain_partner: Real, intelligence_gain_enforcement: Real, intelligence_decay: Real,
) -> Real:  # fmt: skip
    """Intelligence stock next week (0-1).

    Gains fill what is not yet known; the stock perishes within weeks (target-approval-lag, intelligence-lag-relay) and
    faster when groups harden.
    """
    gain = (
        intelligence_gain_surveillance * surveillance_yield
        + intelligence_gain_partner * security_cooperation * (1.0 + presence_intelligence * (us_presence - 1.0))
        + intelligence_gain_enforcement * joint_enforcement * security_cooperation
    )
    return clip(
        intelligence + gain * (1.0 - intelligence) - intelligence_decay * (1.0 + hardening) * intelligence, 0.0, 1.0
    )
