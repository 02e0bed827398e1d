"""Migration: encounters at the south-west border = push * border regime * (1 - Mexican stops * cooperation) +
displacement."""

from __future__ import annotations

from ..lanes.compiler import Real, equation
from ..lanes.vector_math import clip, exp, power, relative
from .organizations import next_noise

__all__ = [
    "encounters_week",
    "mexican_stops",
    "migration_noise",
    "regime_adapted",
    "regime_effect",
    "stops_surge",
]

YEARS_PER_WEEK = 7.0 / 365.25


@equation
def regime_adapted(regime_adapted: Real, us_border_policy: Real, adaptation_rate: Real) -> Real:
    """The border regime that routes and people have adapted to (index 0-1): follows the regime over months."""
    return regime_adapted + adaptation_rate * (us_border_policy - regime_adapted)


@equation
def regime_effect(
    us_border_policy: Real, regime_adapted: Real, regime_sensitivity: Real, regime_lasting: Real,
) -> Real:  # fmt: skip
    """Effect of the border regime on encounters (1 at index 0.5): strong at first, a lasting part remains
    (asylum-rule-2024)."""
    fresh = us_border_policy - regime_adapted
    lasting = regime_lasting * (us_border_policy - 0.5)
    return exp(-regime_sensitivity * (fresh + lasting))


@equation
def mexican_stops(migration_cooperation: Real, stops_surge: Real, stops_effect: Real) -> Real:
    """Share of movement that Mexican enforcement stops (0-0.8): grows with cooperation and with dated surges."""
    return clip(stops_effect * migration_cooperation * (1.0 + stops_surge), 0.0, 0.8)


@equation
def stops_surge(stops_surge: Real, pulse_stops: Real, stops_surge_decay: Real) -> Real:
    """Surge of Mexican migration enforcement after a dated agreement, fading (transit-enforcement-encounters-2024)."""
    return stops_surge + 0.7 * pulse_stops - stops_surge_decay * stops_surge


@equation
def migration_noise(
    migration_noise: Real, migration_draw: Real, noise_persistence: Real, migration_noise_size: Real,
) -> Real:  # fmt: skip
    """Discrepancy of migration push: crises elsewhere that the model does not hold, an AR(1) process in logarithms."""
    return next_noise(migration_noise, migration_draw, noise_persistence, migration_noise_size)


@equation
def encounters_week(
    regime_effect: Real, mexican_stops: Real, stops_usual: Real, homicides_week: Real,
    homicides_usual_week: Real, migration_noise: Real, expulsions: Real, years_since_2017: Real,
    encounters_year: Real, push_trend: Real, violence_migration: Real, displaced_week: Real,
    displaced_crossing: Real, repeat_share: Real,
) -> Real:  # fmt: skip
    """Encounters at the south-west border this week (events, not people).

    The trend of push ends in 2023: what drives it lies outside the model.  Violence moves people or hardly does
    (violence-child-migration-clemens, violence-migration-muted-mexico); expulsions without
    penalty raise repeat attempts (title42-repeat-share).
    """
    violence = power(relative(homicides_week, homicides_usual_week), violence_migration)
    push = encounters_year * YEARS_PER_WEEK * exp(push_trend * min(years_since_2017, 6.0) + migration_noise) * violence
    passed = (1.0 - mexican_stops) / max(1.0 - stops_usual, 0.05)
    repeats = 1.0 / (1.0 - repeat_share * expulsions)
    return push * regime_effect * passed * repeats + displaced_crossing * displaced_week
