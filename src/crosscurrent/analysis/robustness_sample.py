"""Losses of all policies in the worlds that none of them failed, from tables of measures and preferences."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..language import msg
from ..study.sampling import SCRAMBLES
from . import criteria
from .preferences import Preferences, Wish

__all__ = ["CRITERIA", "Criterion", "Losses", "Sample", "losses_of", "mean_parts"]

FEWEST_IN_A_SCRAMBLE = 4
"""With fewer worlds left in a scramble no error can be given."""

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sample:
    """What the criteria look at; all arrays are [policy, world]."""

    loss: Floats
    regret: Floats
    relative: Floats
    """Regret relative to the larger of two levels."""
    meets: Truths
    """Where all thresholds are met."""
    optimism: float
    tail: float

    def take(self, chosen: Truths) -> Sample:
        """The same in some of the worlds."""
        return Sample(
            self.loss[:, chosen], self.regret[:, chosen], self.relative[:, chosen], self.meets[:, chosen],
            self.optimism, self.tail,
        )  # fmt: skip


@dataclass(frozen=True)
class Criterion:
    """One criterion: its score of each policy (less is better), and how the score is shown."""

    id: str
    label: str
    meaning: str
    kind: Literal["figure", "regret", "relative", "share"]
    """A figure has the unit and the sign of what is judged; a regret its unit; the others are pure numbers."""
    smooth: bool
    """Whether it settles with the number of worlds; a score that rests on single worlds does not."""
    score: Callable[[Sample], Floats]


CRITERIA = (
    Criterion("expected", msg("Expected value"),
              msg("mean over worlds"), "figure", True,
              lambda sample: criteria.expected_loss(sample.loss)),
    Criterion("percentile", msg("Tail percentile"),
              msg("worse in a tenth of worlds, or the share stated"), "figure", True,
              lambda sample: criteria.percentile_loss(sample.loss, sample.tail)),
    Criterion("cvar", msg("Tail mean"),
              msg("conditional value at risk: mean of the worst tenth of worlds"), "figure", True,
              lambda sample: criteria.conditional_value_at_risk(sample.loss, sample.tail)),
    Criterion("worst", msg("Worst world"),
              msg("Wald's criterion"), "figure", False,
              lambda sample: criteria.worst_loss(sample.loss)),
    Criterion("hurwicz", msg("Best and worst world"),
              msg("Hurwicz's criterion"), "figure", False,
              lambda sample: criteria.hurwicz(sample.loss, sample.optimism)),
    Criterion("regret", msg("Largest regret"),
              msg("Savage's criterion: loss beyond the best of the same world"), "regret", False,
              lambda sample: criteria.worst_loss(sample.regret)),
    Criterion("regret-percentile", msg("Tail regret"),
              msg("regret exceeded in a tenth of worlds"), "regret", True,
              lambda sample: criteria.percentile_loss(sample.regret, sample.tail)),
    Criterion("relative-regret", msg("Tail relative regret"),
              msg("regret as a share of the larger of the two figures"),
              "relative", True, lambda sample: criteria.percentile_loss(sample.relative, sample.tail)),
    Criterion("satisficing", msg("Good enough"),
              msg("share of worlds that meet all thresholds"), "share", True,
              lambda sample: -criteria.satisficing_share(sample.meets)),
)  # fmt: skip
"""The portfolio.  Expected regret is left out: it ranks policies as expected value does, by its definition."""


@dataclass(frozen=True)
class Losses:
    """Losses of one theory in the worlds that no policy failed."""

    sample: Sample
    scramble: npt.NDArray[np.int64]
    """Scramble of each world, 0-7."""
    sound: Truths
    """Which of the theory's worlds these are, [all worlds]."""
    lost: npt.NDArray[np.int64]
    """Worlds that each policy failed, [policy]."""

    @property
    def worlds(self) -> int:
        """Worlds left."""
        return int(self.sound.sum())

    def scores(self, criterion: Criterion) -> tuple[Floats, Floats]:
        """Score [policy] over all worlds, and [scramble, policy] within each."""
        parts = [criterion.score(part) for part in self.parts]
        return criterion.score(self.sample), np.stack(parts)

    @functools.cached_property
    def parts(self) -> list[Sample]:
        """The worlds of each scramble by themselves."""
        return [self.sample.take(self.scramble == number) for number in range(SCRAMBLES)]


def losses_of(
    tables: Mapping[str, Floats], preferences: Preferences, theory: int, reference: int, shift: float = 0.0
) -> Losses:
    """Losses under one theory.

    Parameters
    ----------
    tables : mapping of measure to [policy, theory, world]
        NaN marks failed worlds: a world that failed under any policy is left out for all of them, so that
        policies are compared in the same worlds.
    preferences : Preferences
        Of one measure, or several.
    theory, reference : int
        Place of the theory, and of the policy that changes are taken from.
    shift : float
        By how much of each measure's spread (interquartile range over policies and worlds) thresholds are made
        stricter; for the threshold that is used when none is stated, a power of two.

    Raises
    ------
    InputError
        If too few worlds are left in a scramble.
    """
    stack = {name: tables[name][:, theory] for name in preferences.measures}
    failed = ~np.all([np.isfinite(table) for table in stack.values()], axis=0)
    sound = ~failed.any(axis=0)
    scramble = np.arange(sound.size)[sound] % SCRAMBLES
    if np.bincount(scramble, minlength=SCRAMBLES).min() < FEWEST_IN_A_SCRAMBLE:
        raise InputError(
            "too few worlds in which no policy failed to give an error", given=int(sound.sum()),
            expected=f"at least {FEWEST_IN_A_SCRAMBLE} in each of {SCRAMBLES} scrambles",
            fix="crosscurrent extend DIR --worlds 256",
        )  # fmt: skip
    kept = {name: table[:, sound] for name, table in stack.items()}
    loss = _weighed(kept, preferences)
    meets = _meeting(kept, preferences, reference, shift)
    if meets is None:
        meets = criteria.near_best(loss, 0.1 * 2.0**-shift)
    regrets = criteria.regret(loss), criteria.relative_regret(loss)
    sample = Sample(loss, *regrets, meets, preferences.optimism, preferences.tail)
    return Losses(sample, scramble, sound, failed.sum(axis=1))


def _weighed(kept: Mapping[str, Floats], preferences: Preferences) -> Floats:
    """Weighted sum of losses, [policy, world]."""
    loss = np.zeros(next(iter(kept.values())).shape)
    for wish in preferences.weighted:
        loss += wish.sign * (wish.weight or 0.0) / wish.per * kept[wish.measure]
    return loss


def _judged_by_threshold(table: Floats, wish: Wish, reference: int) -> Floats:
    """The figure itself, or its change from the reference policy in the same world."""
    return table if wish.of == "level" else table - table[reference]


def _meeting(kept: Mapping[str, Floats], preferences: Preferences, reference: int, shift: float) -> Truths | None:
    """Where all stated thresholds are met, [policy, world]; None if none is stated."""
    if not preferences.thresholds:
        return None
    met = np.ones(next(iter(kept.values())).shape, dtype=bool)
    for wish in preferences.thresholds:
        values = _judged_by_threshold(kept[wish.measure], wish, reference)
        step = shift * float(np.subtract(*np.percentile(values, [75, 25]))) if shift else 0.0
        if wish.at_most is not None:
            met &= values <= wish.at_most - step
        if wish.at_least is not None:
            met &= values >= wish.at_least + step
    return met


def mean_parts(tables: Mapping[str, Floats], preferences: Preferences, losses: list[Losses]) -> Floats:
    """Mean loss for each weighted entry at weight 1, [entry, policy, theory]."""
    found = [
        [
            wish.sign / wish.per * tables[wish.measure][:, theory][:, part.sound].mean(axis=-1)
            for theory, part in enumerate(losses)
        ]
        for wish in preferences.weighted
    ]
    return np.moveaxis(np.array(found), 1, 2)
