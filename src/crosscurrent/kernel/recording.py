"""What a block writes down: levers and drivers in, monthly means and projection totals out, failed worlds,
adaptive rules."""

from __future__ import annotations

from typing import Any

from ..lanes.compiler import checked_loop, lane_loop, scalar_loop

__all__ = ["apply_rules", "check_worlds", "fill_inputs", "measure_references", "record_week"]


@lane_loop
def fill_row(row: Any, value: Any, first: int, last: int) -> None:
    for lane in range(first, last):
        row[lane] = value


@lane_loop
def fill_uncertain(row: Any, error: Any, value: Any, spread: Any, high: Any, first: int, last: int) -> None:
    """A past value that is only known within a margin: each world has its place within it."""
    for lane in range(first, last):
        row[lane] = min(max(value + spread * error[lane], 0.0), high)


@lane_loop
def carry_out(
    effective: Any, ordered: Any, share: Any, error: Any, usual: Any, spread: Any, high: Any, first: int,
    last: int,
) -> None:  # fmt: skip
    """What is ordered is not what is done: only a share of the change from the usual level is carried out.

    The usual level itself is known within a margin; the change is relative to wherever it lies.
    """
    for lane in range(first, last):
        done = usual + spread * error[lane] + share[lane] * (ordered[lane] - usual)
        effective[lane] = min(max(done, 0.0), high)


@lane_loop
def override_where(ordered: Any, active: Any, value: Any, first: int, last: int) -> None:
    for lane in range(first, last):
        ordered[lane] = value if active[lane] > 0.5 else ordered[lane]


@scalar_loop
def fill_inputs(worlds: Any, setting: Any, week: int, first: int, last: int) -> None:
    """This week's drivers, pulses, clock and levers; rules in force override levers in their worlds."""
    for k in range(len(setting.input_rows)):
        fill_uncertain(
            worlds.rows[setting.input_rows[k]], worlds.rows[setting.input_errors[k]], setting.inputs[week, k],
            setting.input_spread[week, k], setting.input_high[k], first, last,
        )  # fmt: skip
    for k in range(len(setting.ordered_rows)):
        fill_row(worlds.rows[setting.ordered_rows[k]], setting.ordered[week, k], first, last)
    for rule in range(len(setting.rule_lever)):
        row = setting.ordered_rows[setting.rule_lever[rule]]
        override_where(worlds.rows[row], worlds.rule_active[rule], setting.rule_value[rule], first, last)
    for k in range(len(setting.ordered_rows)):
        usual = setting.usual[week, k]
        fill_row(worlds.rows[setting.usual_rows[k]], usual, first, last)
        carry_out(
            worlds.rows[setting.lever_rows[k]], worlds.rows[setting.ordered_rows[k]],
            worlds.rows[setting.share_rows[k]], worlds.rows[setting.lever_errors[k]], usual,
            setting.usual_spread[week, k], setting.lever_high[k], first, last,
        )  # fmt: skip


@lane_loop
def count_weeks(
    weeks: Any, active: Any, value: Any, sign: Any, threshold: Any, release: Any, needed: Any, first: int,
    last: int,
) -> None:  # fmt: skip
    """Weeks in a row that a condition has held (counting up to action, down from -needed to release)."""
    for lane in range(first, last):
        beyond = sign * (value[lane] - threshold) > 0.0
        back = sign * (value[lane] - release) <= 0.0
        counted = weeks[lane] + 1.0 if beyond else 0.0
        starts = counted >= needed
        was = active[lane] > 0.5
        active[lane] = (0.0 if back else 1.0) if was else (1.0 if starts else 0.0)
        weeks[lane] = counted


@scalar_loop
def apply_rules(worlds: Any, setting: Any, week: int, first: int, last: int) -> None:
    """Adaptive rules, each evaluated in every world on its own state; action follows after the rule's delay.

    A rule acts once its condition has held for ``needed`` weeks (the delay is added to them) and is released when the
    measure is back beyond the release level (hysteresis).
    """
    for rule in range(len(setting.rule_lever)):
        count_weeks(
            worlds.rule_weeks[rule], worlds.rule_active[rule], worlds.rows[setting.rule_row[rule]],
            setting.rule_sign[rule], setting.rule_threshold[rule], setting.rule_release[rule],
            setting.rule_needed[rule], first, last,
        )  # fmt: skip


@checked_loop
def check_row(
    row: Any, failed_week: Any, failed_state: Any, low: Any, high: Any, state: Any, week: int, first: int,
    last: int,
) -> None:  # fmt: skip
    """Note the first week and state in which a world leaves its bounds or is not a number (comparisons are then
    false)."""
    for lane in range(first, last):
        sound = (row[lane] >= low) & (row[lane] <= high)
        known = failed_week[lane] >= 0.0
        fails = (not sound) and (not known)
        failed_week[lane] = week if fails else failed_week[lane]
        failed_state[lane] = state if fails else failed_state[lane]


@scalar_loop
def check_worlds(worlds: Any, setting: Any, week: int, first: int, last: int) -> None:
    """Look at every state with bounds; a world that has left them is a failed world from then on."""
    for k in range(len(setting.state_rows)):
        check_row(
            worlds.rows[setting.state_rows[k]], worlds.failed_week, worlds.failed_state,
            setting.state_low[k], setting.state_high[k], setting.state_number[k], setting.week_number[week],
            first, last,
        )  # fmt: skip


@lane_loop
def add_weighted(total: Any, row: Any, weight: Any, first: int, last: int) -> None:
    for lane in range(first, last):
        total[lane] += weight * row[lane]


@lane_loop
def start_weighted(total: Any, row: Any, weight: Any, first: int, last: int) -> None:
    for lane in range(first, last):
        total[lane] = weight * row[lane]


@scalar_loop
def add_total_double(total: Any, row: Any, first: int, last: int) -> None:
    """Ledger sums are kept in double precision: ten years of weeks of single-precision numbers."""
    for lane in range(first, last):
        total[lane] += row[lane]


@scalar_loop
def write_month(
    worlds: Any, setting: Any, month: Any, paths: Any, column: Any, first: int, last: int,
) -> None:  # fmt: skip
    for k in range(len(setting.recorded_rows)):
        for lane in range(first, last):
            paths[k, month, column + lane] = worlds.month_sum[k, lane]


@scalar_loop
def record_week(worlds: Any, setting: Any, week: int, paths: Any, column: Any, first: int, last: int) -> None:
    """Add the week to its month (flows by share of days, stocks as means by days); write months that are complete."""
    share, ends = setting.month_share[week], setting.month_ends[week]
    for k in range(len(setting.recorded_rows)):
        row = worlds.rows[setting.recorded_rows[k]]
        weight = share if setting.recorded_flow[k] > 0 else share * setting.days_this[week]
        add_weighted(worlds.month_sum[k], row, weight, first, last)
        if setting.projecting > 0 and setting.recorded_flow[k] > 0:
            add_total_double(worlds.total[k], row, first, last)
    if ends > 0:
        if setting.month_row[week] >= 0:
            write_month(worlds, setting, setting.month_row[week], paths, column, first, last)
        for k in range(len(setting.recorded_rows)):
            rest = 1.0 - share
            weight = rest if setting.recorded_flow[k] > 0 else rest * setting.days_next[week]
            start_weighted(worlds.month_sum[k], worlds.rows[setting.recorded_rows[k]], weight, first, last)


@lane_loop
def add_reference(total: Any, row: Any, first: int, last: int) -> None:
    for lane in range(first, last):
        total[lane] += row[lane]


@scalar_loop
def measure_references(worlds: Any, setting: Any, week: int, first: int, last: int) -> None:
    """In the reference period of the first pass: sum what multipliers are relative to."""
    for k in range(len(setting.reference_rows)):
        add_reference(worlds.rows[setting.sum_rows[k]], worlds.rows[setting.reference_rows[k]], first, last)
