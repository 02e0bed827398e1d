"""From a case to the weekly tables that the kernel reads: levers, drivers, pulses, dated events, rules, the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import calendar
from ..case.records import Case, Policy, PolicyRule
from ..kernel.setting import Network, Rule
from ..model.schema import DRIVERS, LEVERS, MEASURES, OBSERVABLES, PULSES

__all__ = [
    "CORRIDOR_EFFORT",
    "WeeklyTables",
    "chosen_policy",
    "corridor_network",
    "history_tables",
    "policy_levers",
    "policy_rules",
]

Table = dict[str, npt.NDArray[np.float64]]
RANK_CLASSES = ("top", "large", "middle", "small")
CORRIDOR_EFFORT = {"land": 1.0, "sea": 0.6, "bypass": 0.3}
"""Reach of interdiction by kind of corridor, relative to land ports (an assumption; see docs/odd.md)."""
RELATIVE = "x status quo"
PRODUCT_IDS = ("fentanyl", "methamphetamine", "cocaine", "heroin")


class WeeklyTables:
    """Values a week of everything that comes from outside, up to the end of a projection.

    Attributes
    ----------
    inputs, usual, spread
        Drivers, pulses and clock; levers in the status quo; margins of past values: each [week].
    events
        Dated removals and splits: (week, rank class, whether a split).
    weeks : int
        Length of the tables.
    """

    def __init__(
        self, inputs: Table, usual: Table, spread: Table, events: list[tuple[int, int, bool]], weeks: int
    ) -> None:
        self.inputs, self.usual, self.spread, self.events, self.weeks = inputs, usual, spread, events, weeks


def corridor_network(case: Case) -> Network:
    """Groups by rank, ties, and corridors of a case."""
    alliance = np.zeros(len(case.groups))
    for tie in case.alliances:
        alliance[tie.from_rank - 1] += tie.weight
        alliance[tie.to_rank - 1] += tie.weight
    corridors = list(case.corridors.values())
    share = np.array([[corridor.base_share[product] for product in PRODUCT_IDS] for corridor in corridors])
    return Network(
        size_share=np.array([group.size_share for group in case.groups]),
        rank_class=np.array([RANK_CLASSES.index(group.rank_class) for group in case.groups]),
        alliance=alliance,
        ties=[(tie.from_rank - 1, tie.to_rank - 1, tie.weight) for tie in case.rivalries],
        corridor_share=share / share.sum(axis=0),
        corridor_effort=np.array([CORRIDOR_EFFORT[corridor.kind] for corridor in corridors]),
    )


def _years(weeks: int) -> npt.NDArray[np.float64]:
    """Calendar year and fraction at the middle of each week."""
    return np.asarray(2012.0 + (np.arange(weeks) * 7 + 4.5) / 365.25, dtype=np.float64)


def _clock(weeks: int, decision_week: int) -> Table:
    years = _years(weeks)
    clock = {f"years_since_{year}": years - year for year in (2012, 2017, 2019, 2022)}
    return {**clock, "in_projection": (np.arange(weeks) >= decision_week).astype(np.float64)}


def _yearly(case: Case, name: str, column: str, weeks: int) -> npt.NDArray[np.float64] | None:
    """A yearly series of the history at the middle of each week: linear between mid-years, carried forward at
    the ends."""
    points = sorted((row.year + 0.5, getattr(row, column)) for row in case.history if row.name == name)
    if not points:
        return None
    found = np.interp(_years(weeks), [year for year, _ in points], [value for _, value in points])
    return np.asarray(found, dtype=np.float64)


def _apply_events(case: Case, tables: Mapping[str, npt.NDArray[np.float64]], weeks: int, *, shocks: bool) -> None:
    """Dated settings: a pulse lasts one week, a driver or lever keeps its value until the end date, if one is given."""
    for event in case.events:
        if event.sets is None or event.sets not in tables or event.value is None:
            continue
        first = calendar.week_of_date(event.date)
        if first >= weeks or first < 0:
            continue
        if event.sets in PULSES:
            if shocks:
                tables[event.sets][first] += event.value
            continue
        last = calendar.week_of_date(event.until) if event.until else weeks
        tables[event.sets][first:last] = event.value


def history_tables(case: Case, decision: date, weeks: int, *, shocks: bool = True) -> WeeklyTables:
    """Observed levers, drivers and dated events, carried forward after the decision date.

    Parameters
    ----------
    case
        The case.
    decision : date
        Decision date; what happened later is not used.
    weeks : int
        Length of the tables.
    shocks : bool
        Whether dated shocks (removals, splits, ruptures, supply shocks, surges of stops) happen.
    """
    decision_week = calendar.week_of_date(decision)
    inputs: Table = {name: np.zeros(weeks) for name in PULSES}
    usual: Table = {}
    spread: Table = {}
    for driver in DRIVERS.values():
        found = _yearly(case, driver.name, "value", weeks)
        inputs[driver.name] = np.full(weeks, driver.initial) if found is None else found
    for lever in LEVERS.values():
        found = _yearly(case, lever.name, "value", weeks)
        usual[lever.name] = np.full(weeks, lever.usual) if found is None else found
    for name in (*DRIVERS, *LEVERS):
        margin = _yearly(case, name, "plus_minus", weeks)
        if margin is not None:
            spread[name] = margin
    known = [event for event in case.events if calendar.week_of_date(event.date) < decision_week]
    clipped = _with_events(case, known)
    _apply_events(clipped, inputs, weeks, shocks=shocks)
    _apply_events(clipped, usual, weeks, shocks=shocks)
    inputs.update(_clock(weeks, decision_week))
    events = [
        (calendar.week_of_date(event.date), RANK_CLASSES.index(event.rank_class), event.kind == "split")
        for event in known
        if shocks and event.kind in ("removal_top", "split") and event.rank_class
    ]
    return WeeklyTables(inputs, usual, spread, events, weeks)


def _with_events(case: Case, events: list[Any]) -> Case:
    return replace(case, events=tuple(events))


def policy_levers(policy: Policy, usual: Table, decision_week: int, levers: Mapping[str, float] | None = None) -> Table:
    """Levers as a policy orders them: the status quo until it starts, then its values.

    Parameters
    ----------
    policy
        The policy.
    usual
        Levers in the status quo [week].
    decision_week : int
        Week in which the policy takes effect.
    levers : mapping of str to float, optional
        Values instead of the policy's own (a variant).
    """
    ordered = {name: values.copy() for name, values in usual.items()}
    for name, value in (policy.levers if levers is None else levers).items():
        first = decision_week + policy.starts.get(name, 0)
        multiple = LEVERS[name].unit == RELATIVE
        ordered[name][first:] = value * usual[name][first:] if multiple else value
    return ordered


def _threshold(rule: PolicyRule, value: float) -> tuple[str, float]:
    """Row and weekly level that a rule looks at: flows are stated a year, rows hold them a week."""
    measure = MEASURES.get(rule.when) or OBSERVABLES.get(rule.when)
    if measure is None:
        return rule.when, value
    return measure.source, value / calendar.WEEKS_PER_YEAR if measure.kind == "flow" else value


def chosen_policy(case: Case, name: str) -> Policy:
    """A policy by id, or a variant of it by ``policy@variant``: the variant's levers replace those of the same name."""
    base, _, variant = name.partition("@")
    policy = case.policies[base]
    if not variant:
        return policy
    return replace(policy, id=name, levers={**policy.levers, **policy.variants[variant].levers})


def policy_rules(policy: Policy, usual: Table) -> list[Rule]:
    """Adaptive rules of a policy as the kernel reads them, one for each lever that a rule sets."""
    rules: list[Rule] = []
    last = {name: values[-1] for name, values in usual.items()}
    for rule in policy.rules:
        bound = rule.above if rule.above is not None else rule.below
        assert bound is not None
        row, threshold = _threshold(rule, bound)
        release = threshold if rule.release is None else _threshold(rule, rule.release)[1]
        sign = 1.0 if rule.above is not None else -1.0
        needed = float(rule.for_weeks + rule.delay_weeks)
        rules += [
            Rule(
                row,
                sign,
                threshold,
                release,
                needed,
                lever,
                value * (last[lever] if LEVERS[lever].unit == RELATIVE else 1.0),
            )
            for lever, value in rule.then.items()
        ]
    return rules
