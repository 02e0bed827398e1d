"""What is the same in all worlds of a run, as arrays for the kernel."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .. import calendar
from ..errors import InputError
from ..lanes.compiler import REAL
from ..model.schema import CLOCK, DRIVERS, LEVERS, MEASURES, OBSERVABLES, PULSES, REFERENCES, STATES
from .layout import MAX_RULES

__all__ = ["RECORDED", "RULE_FIELDS", "Network", "Rule", "Setting", "make_setting"]

Reals = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]
RECORDED = {**MEASURES, **OBSERVABLES}
"""What is recorded by month, in the order of the record's rows."""
INPUTS = (*DRIVERS, *PULSES, *CLOCK)
RULE_FIELDS = ("row", "lever", "sign", "threshold", "release", "needed", "value")


class Rule(NamedTuple):
    """An adaptive rule: when a row has been beyond a threshold for so many weeks, set a lever in that world."""

    row: str
    sign: float
    """1: above, -1: below."""
    threshold: float
    release: float
    needed: float
    """Weeks in a row, the delay included."""
    lever: str
    value: float


class Network(NamedTuple):
    """Groups, ties and corridors of a case."""

    size_share: Reals
    """Start share of each base group [group], 0-1."""
    rank_class: Integers
    """0 top, 1 large, 2 middle, 3 small [group]."""
    alliance: Reals
    """Summed alliance weight a of each group [group]."""
    ties: list[tuple[int, int, float]]
    """Rivalries as (group, rival, weight), each once."""
    corridor_share: Reals
    """Reference share of each product's flow [corridor, product]."""
    corridor_effort: Reals
    """Reach of interdiction, 1 at land ports [corridor]."""


class Setting(NamedTuple):
    """Arrays over weeks start at the run's first week 0 (2012-01-02), whatever weeks are advanced."""

    base_groups: int
    rank_class: Integers
    tied_groups: Integers
    tie_start: Integers
    tie_rival: Integers
    tie_weight: Reals
    routes: int
    corridor_share: Reals
    corridor_effort: Reals
    event_start: Integers
    event_class: Integers
    event_split: Integers
    input_rows: Integers
    input_errors: Integers
    input_high: Reals
    inputs: Reals
    input_spread: Reals
    lever_rows: Integers
    ordered_rows: Integers
    usual_rows: Integers
    share_rows: Integers
    lever_errors: Integers
    lever_high: Reals
    ordered: Reals
    usual: Reals
    usual_spread: Reals
    rule_row: Integers
    rule_lever: Integers
    rule_sign: Reals
    rule_threshold: Reals
    rule_release: Reals
    rule_needed: Reals
    rule_value: Reals
    state_rows: Integers
    state_low: Reals
    state_high: Reals
    state_number: Reals
    week_number: Reals
    recorded_rows: Integers
    recorded_flow: Integers
    month_share: Reals
    month_ends: Integers
    month_row: Integers
    days_this: Reals
    days_next: Reals
    projecting: int
    reference_rows: Integers
    sum_rows: Integers
    reference_first: int
    reference_last: int


def _reals(values: Any) -> Reals:
    return np.ascontiguousarray(values, dtype=REAL)


def _integers(values: Any) -> Integers:
    return np.ascontiguousarray(values, dtype=np.int64)


def _calendar_arrays(weeks: int, first_month: int, last_month: int) -> dict[str, Any]:
    shares = calendar.month_shares(0, weeks)
    ends = (shares.share < 1.0) | (np.roll(shares.month, -1) != shares.month)
    month_row = np.where((shares.month >= first_month) & (shares.month < last_month), shares.month - first_month, -1)
    return {
        "month_share": _reals(shares.share),
        "month_ends": _integers(ends),
        "month_row": _integers(month_row),
        "days_this": _reals(calendar.DAYS_PER_WEEK / shares.days_in_month),
        "days_next": _reals(calendar.DAYS_PER_WEEK / shares.days_in_next),
    }


def _network_arrays(network: Network) -> dict[str, Any]:
    """Ties as lists of rivals by group (each tie both ways), classes and corridors."""
    partners: dict[int, list[tuple[int, float]]] = {}
    for group, rival, weight in network.ties:
        partners.setdefault(group, []).append((rival, weight))
        partners.setdefault(rival, []).append((group, weight))
    tied = sorted(partners)
    flat = [(rival, weight) for group in tied for rival, weight in sorted(partners[group])]
    return {
        "base_groups": len(network.size_share),
        "rank_class": _integers(network.rank_class),
        "tied_groups": _integers(tied),
        "tie_start": _integers(np.cumsum([0, *(len(partners[group]) for group in tied)])),
        "tie_rival": _integers([rival for rival, _ in flat]),
        "tie_weight": _reals([weight for _, weight in flat]),
        "routes": len(network.corridor_effort),
        "corridor_share": _reals(network.corridor_share),
        "corridor_effort": _reals(network.corridor_effort),
    }


def _event_arrays(events: list[tuple[int, int, bool]], weeks: int) -> dict[str, Any]:
    """Dated events in order, and where each week's begin."""
    in_order = sorted(event for event in events if event[0] < weeks)
    event_weeks = np.array([event[0] for event in in_order], dtype=np.int64)
    return {
        "event_start": _integers(np.searchsorted(event_weeks, np.arange(weeks + 1))),
        "event_class": _integers([event[1] for event in in_order]),
        "event_split": _integers([event[2] for event in in_order]),
    }


def _input_arrays(
    rows: dict[str, int],
    inputs: dict[str, Reals],
    ordered: dict[str, Reals],
    usual: dict[str, Reals],
    spread: dict[str, Reals],
    weeks: int,
) -> dict[str, Any]:
    """Drivers, pulses, clock and levers a week, with the rows they fill and their margins."""
    none = np.zeros(weeks)
    return {
        "input_rows": _integers([rows[name] for name in INPUTS]),
        "input_errors": _integers([rows[DRIVERS[name].error if name in DRIVERS else "full"] for name in INPUTS]),
        "input_high": _reals([DRIVERS[name].high if name in DRIVERS else 1e6 for name in INPUTS]),
        "inputs": _reals(np.stack([inputs[name] for name in INPUTS], axis=1)),
        "input_spread": _reals(np.stack([spread.get(name, none) for name in INPUTS], axis=1)),
        "lever_rows": _integers([rows[name] for name in LEVERS]),
        "ordered_rows": _integers([rows[f"ordered_{name}"] for name in LEVERS]),
        "usual_rows": _integers([rows[f"usual_{name}"] for name in LEVERS]),
        "share_rows": _integers([rows[lever.implementation] for lever in LEVERS.values()]),
        "lever_errors": _integers([rows[lever.error] for lever in LEVERS.values()]),
        "lever_high": _reals([lever.high for lever in LEVERS.values()]),
        "ordered": _reals(np.stack([ordered[name] for name in LEVERS], axis=1)),
        "usual": _reals(np.stack([usual[name] for name in LEVERS], axis=1)),
        "usual_spread": _reals(np.stack([spread.get(name, none) for name in LEVERS], axis=1)),
    }


def _rule_arrays(rows: dict[str, int], rules: list[Rule]) -> dict[str, Any]:
    """Adaptive rules, one entry a rule and lever."""
    if len(rules) > MAX_RULES:
        raise InputError(
            "too many adaptive rules",
            given=len(rules),
            expected=f"at most {MAX_RULES}, one for each lever that a rule sets",
        )
    return {
        "rule_row": _integers([rows[rule.row] for rule in rules]),
        "rule_lever": _integers([list(LEVERS).index(rule.lever) for rule in rules]),
        "rule_sign": _reals([rule.sign for rule in rules]),
        "rule_threshold": _reals([rule.threshold for rule in rules]),
        "rule_release": _reals([rule.release for rule in rules]),
        "rule_needed": _reals([rule.needed for rule in rules]),
        "rule_value": _reals([rule.value for rule in rules]),
    }


def _record_arrays(rows: dict[str, int], weeks: int) -> dict[str, Any]:
    """Rows that are checked, recorded and averaged over the reference period."""
    names = list(STATES)
    return {
        "state_rows": _integers([rows[name] for name in names]),
        "state_low": _reals([STATES[name].low for name in names]),
        "state_high": _reals([STATES[name].high for name in names]),
        "state_number": _reals(np.arange(len(names))),
        "week_number": _reals(np.arange(weeks)),
        "recorded_rows": _integers([rows[measure.source] for measure in RECORDED.values()]),
        "recorded_flow": _integers([measure.kind == "flow" for measure in RECORDED.values()]),
        "reference_rows": _integers([rows[source] for source in REFERENCES.values()]),
        "sum_rows": _integers([rows[f"sum_{name}"] for name in REFERENCES]),
    }


def make_setting(
    rows: dict[str, int],
    network: Network,
    *,
    inputs: dict[str, Reals],
    ordered: dict[str, Reals],
    usual: dict[str, Reals],
    spread: dict[str, Reals],
    events: list[tuple[int, int, bool]],
    rules: list[Rule],
    weeks: int,
    months: tuple[int, int],
    projecting: bool,
    reference_weeks: tuple[int, int],
) -> Setting:
    """Assemble the arrays of a run.

    Parameters
    ----------
    rows
        Number of each named row of the block.
    network
        Groups, ties, corridors.
    inputs, ordered, usual
        Drivers, pulses and clock; levers as ordered; levers in the status quo: each a value a week, length ``weeks``.
    spread
        Margin of a past value, where there is one, in the unit of the lever or driver: likewise.
    events
        Dated removals and splits of the past: (week, rank class, whether it is a split).
    rules
        Adaptive rules.
    weeks
        Length of the tables.
    months
        First and last (excluded) month that is recorded.
    projecting
        Whether flows are added up as totals of the projection.
    reference_weeks
        First and last (excluded) week of the reference period.
    """
    return Setting(
        **_network_arrays(network),
        **_event_arrays(events, weeks),
        **_input_arrays(rows, inputs, ordered, usual, spread, weeks),
        **_rule_arrays(rows, rules),
        **_record_arrays(rows, weeks),
        **_calendar_arrays(weeks, *months),
        projecting=int(projecting),
        reference_first=reference_weeks[0],
        reference_last=reference_weeks[1],
    )
