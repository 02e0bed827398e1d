"""What a search may set, and how a point of its space becomes a policy.

No search is made over force.  Levers of force decide whether, how often, with whose leave and until when people are
struck; how much of that is right is for those who answer for it to say, not for an optimiser that would find the tempo
at which the killing pays.  They are set by the user, in the policy that a search starts from, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..case.records import Case, Policy, PolicyRule
from ..errors import InputError

__all__ = [
    "FORCE_LEVERS",
    "SET_FROM_OUTSIDE",
    "SearchSpace",
    "Span",
    "Trigger",
    "default_levers",
    "is_force",
    "refuse_force",
]

FORCE_LEVERS = frozenset(
    {
        "surveillance",
        "leadership_strikes",
        "logistics_strikes",
        "consent_sought",
        "fallback",
        "campaign_end_weeks",
        "campaign_end_success",
        "campaign_end_cost",
        "campaign_end_support",
        "us_presence",
    }
)
"""Levers that no search touches: those that levers.yaml puts into the group *force*.  Surveillance is among them,
because strikes are what its yield is spent on; so is presence, because it is what widens.  A case can add to them by
that group, and cannot take away.
"""
SET_FROM_OUTSIDE = ("us_border_policy",)
"""Levers that a search leaves alone unless it names them: history sets them from outside."""
WHOLE = ("fto_designation",)
"""Levers that are either 0 or 1."""
DECIMALS = 4
"""Levers are set to so many decimals: finer steps could not be told apart."""


class Span(NamedTuple):
    """Range of a number that a search sets; a single value if both ends are the same."""

    low: float
    high: float


@dataclass(frozen=True)
class Trigger:
    """A rule whose threshold, waiting time and levers a search sets."""

    when: str
    above: bool
    threshold: Span
    for_weeks: Span
    delay_weeks: Span
    then: Mapping[str, Span]


def is_force(case: Case, lever: str) -> bool:
    """Whether a lever is one of force, which no search touches."""
    known = case.levers.get(lever)
    return lever in FORCE_LEVERS or (known is not None and known.group == "force")


def refuse_force(case: Case, lever: str, *, file: object = None, line: int | None = None) -> None:
    """Refuse a lever of force.

    Raises
    ------
    InputError
        Saying that only the user sets it, and where.
    """
    if is_force(case, lever):
        raise InputError(
            "no search is made over levers of force: strike tempos and what goes with them are only set by the user",
            given=lever,
            expected="levers of another group than force",
            fix="set it in a policy of the case and name that policy as base",
            file=None if file is None else str(file),
            line=line,
        )


def default_levers(case: Case) -> dict[str, Span]:
    """Every lever that a search may set, over its whole range.

    >>> from crosscurrent.case import load_case
    >>> sorted(FORCE_LEVERS & set(default_levers(load_case())))
    []
    """
    return {
        name: Span(lever.low, lever.high)
        for name, lever in case.levers.items()
        if not is_force(case, name) and name not in SET_FROM_OUTSIDE
    }


class SearchSpace:
    """Levers, timings and triggers as a point with coordinates from 0 to 1.

    Parameters
    ----------
    base : Policy
        What is set and not searched; the search's levers and rules come on top.
    levers, starts : mapping of str to Span
        Values of levers, and weeks after the decision at which they take effect.
    triggers : sequence of Trigger
    """

    def __init__(
        self,
        base: Policy,
        levers: Mapping[str, Span],
        starts: Mapping[str, Span],
        triggers: Sequence[Trigger],
    ) -> None:
        self.base, self.levers, self.starts, self.triggers = base, dict(levers), dict(starts), tuple(triggers)
        self.names: list[str] = []
        self.spans: list[Span] = []
        for name, span in self.levers.items():
            self._add(f"{name}", span)
        for name, span in self.starts.items():
            self._add(f"{name} starts in week", span)
        for number, trigger in enumerate(self.triggers, start=1):
            self._add(f"trigger {number}: {trigger.when} {'above' if trigger.above else 'below'}", trigger.threshold)
            self._add(f"trigger {number}: weeks in a row", trigger.for_weeks)
            self._add(f"trigger {number}: weeks of delay", trigger.delay_weeks)
            for name, span in trigger.then.items():
                self._add(f"trigger {number}: {name}", span)

    def _add(self, name: str, span: Span) -> None:
        if span.high > span.low:
            self.names.append(name)
            self.spans.append(span)

    @property
    def size(self) -> int:
        """Number of coordinates."""
        return len(self.spans)

    def policy(self, point: npt.NDArray[np.float64], name: str = "found") -> Policy:
        """The policy at a point [coordinate]."""
        drawn = iter(span.low + float(u) * (span.high - span.low) for u, span in zip(point, self.spans, strict=True))

        def value(span: Span) -> float:
            return next(drawn) if span.high > span.low else span.low

        levers = {key: _lever(key, value(span)) for key, span in self.levers.items()}
        starts = {key: round(value(span)) for key, span in self.starts.items()}
        rules = []
        for trigger in self.triggers:
            threshold, weeks, delay = value(trigger.threshold), value(trigger.for_weeks), value(trigger.delay_weeks)
            then = {key: _lever(key, value(span)) for key, span in trigger.then.items()}
            level = float(f"{threshold:.5g}")
            rules.append(_rule(trigger, level, round(weeks), round(delay), then))
        return replace(
            self.base, id=name, label=name, levers={**self.base.levers, **levers},
            starts={**self.base.starts, **starts}, rules=(*self.base.rules, *rules), variants={},
        )  # fmt: skip


def _rule(trigger: Trigger, level: float, weeks: int, delay: int, then: Mapping[str, float]) -> PolicyRule:
    return PolicyRule(
        when=trigger.when, above=level if trigger.above else None, below=None if trigger.above else level,
        for_weeks=weeks, release=None, delay_weeks=delay, then=then,
    )  # fmt: skip


def _lever(name: str, value: float) -> float:
    return float(round(value)) if name in WHOLE else round(value, DECIMALS)
