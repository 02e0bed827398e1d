"""The worlds that a search judges policies on: their past is computed once and forked for every policy.

All theories share blocks, so that 192 worlds of six theories are three full blocks.  Nothing is recorded by month.  A
policy's tables are the status quo's with other levers and rules, which costs microseconds where new tables cost
milliseconds.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..case.records import Policy
from ..errors import ComputeError
from ..kernel import run
from ..kernel.setting import Setting
from ..model.schema import LEVERS
from .batch import StopRequested
from .draws import Draws
from .search_criteria import COST, Criterion, criterion_error, criterion_value
from .simulation import BLOCKS_A_CALL, CaseSimulator
from .specification import STATUS_QUO
from .tables import policy_levers, policy_rules

__all__ = ["MOST_FAILED", "Judged", "SearchWorlds", "Verdict"]

Floats = npt.NDArray[np.float64]
Table = dict[str, Floats]
MOST_FAILED = 0.05
"""A policy under which a larger share of a theory's worlds fails cannot be judged and is never kept."""
NO_FIGURE = 1e12
"""Stands for a criterion without a figure; such a policy is never kept."""


class Judged(NamedTuple):
    """What the search's algorithm sees of a policy."""

    objectives: tuple[float, ...]
    """Figures that are minimised."""
    violations: tuple[float, ...]
    """Above 0 where a constraint is broken; the first is the share of failed worlds beyond what is allowed."""
    failed: int
    """Worlds that failed."""


@dataclass(frozen=True)
class Verdict:
    """A policy's figures with their Monte-Carlo errors, less is better."""

    values: tuple[float, ...]
    errors: tuple[float, ...]
    violations: tuple[float, ...]
    failed: int


class SearchWorlds:
    """Worlds at the decision date, and what becomes of them under a policy.

    Parameters
    ----------
    simulator : CaseSimulator
        Of the search's case, decision, horizon and seed.
    theories : sequence of str
    numbers : sequence of int
        World numbers, the same for every theory.
    objectives, constraints : sequence of Criterion
    """

    def __init__(
        self,
        simulator: CaseSimulator,
        theories: Sequence[str],
        numbers: Sequence[int],
        objectives: Sequence[Criterion],
        constraints: Sequence[Criterion],
    ) -> None:
        self.simulator, self.theories, self.numbers = simulator, tuple(theories), np.asarray(numbers, dtype=np.int64)
        self.objectives, self.constraints = tuple(objectives), tuple(constraints)
        self.count = len(self.theories) * len(self.numbers)
        wanted = dict.fromkeys(item.measure for item in (*self.objectives, *self.constraints))
        both = ("cost_us", "cost_mx") if COST in wanted else ()
        self.measures = list(dict.fromkeys([*(name for name in wanted if name != COST), *both]))
        self.settings: dict[tuple[tuple[str, str], ...], Setting] = {}
        self.lock = threading.Lock()
        self.past: Any = None
        self.status_quo: Table = {}

    def prepare(self, stop: threading.Event | None = None) -> None:
        """Compute the past of all worlds, and the status quo.

        Raises
        ------
        StopRequested
            If the stop event is set.
        ComputeError
            If every world of a theory fails in the status quo.
        """
        drawn = [self.simulator.draw(theory, self.numbers) for theory in self.theories]
        together = {name: np.concatenate([one.parameters[name] for one in drawn]) for name in drawn[0].parameters}
        worlds = np.tile(self.numbers, len(self.theories))
        self.past, _, _ = self.simulator.past(Draws(together, {}), worlds, stop=stop)
        run.begin_projection(self.past)
        self.status_quo, _ = self.outcomes(self.simulator.case.policies[STATUS_QUO], stop)
        for name, table in self.status_quo.items():
            if not np.isfinite(table).any(axis=1).all():
                raise ComputeError("every world of a theory failed in the status quo", given=name)

    def setting(self, policy: Policy) -> Setting:
        """Kernel tables of a policy that is in no case."""
        rules = policy_rules(policy, self.simulator.tables.usual)
        key = tuple((rule.row, rule.lever) for rule in rules)
        with self.lock:
            if key not in self.settings:
                self.settings[key] = _tables_of(self.simulator, policy)
        ordered = policy_levers(policy, self.simulator.tables.usual, self.simulator.decision_week)
        known = self.settings[key]
        columns = np.stack([ordered[name] for name in LEVERS], axis=1).astype(known.ordered.dtype)

        def row(field: str) -> npt.NDArray[Any]:
            return np.array([getattr(rule, field) for rule in rules], dtype=known.rule_value.dtype)

        return known._replace(
            ordered=np.ascontiguousarray(columns), rule_sign=row("sign"), rule_threshold=row("threshold"),
            rule_release=row("release"), rule_needed=row("needed"), rule_value=row("value"),
        )  # fmt: skip

    def outcomes(self, policy: Policy, stop: threading.Event | None = None) -> tuple[Table, int]:
        """Measures under a policy [theory, world], NaN where a world failed, and how many did.

        Raises
        ------
        StopRequested
            If the stop event is set.
        """
        blocks, setting, simulator = run.fork(self.past), self.setting(policy), self.simulator
        for first in range(0, len(blocks), BLOCKS_A_CALL):
            if stop is not None and stop.is_set():
                raise StopRequested("the search was stopped")
            part = first, min(first + BLOCKS_A_CALL, len(blocks))
            run.advance(simulator.kernel, blocks, setting, simulator.decision_week, simulator.end_week, 0,
                        block_range=part)  # fmt: skip
        sound = run.failures(blocks, self.count).week < 0
        totals = run.totals(blocks, self.count)
        shape = len(self.theories), len(self.numbers)
        tables = {name: np.where(sound, totals[name], np.nan).reshape(shape) for name in self.measures}
        if "cost_us" in tables and "cost_mx" in tables:
            tables[COST] = tables["cost_us"] + tables["cost_mx"]
        return tables, int((~sound).sum())

    def judge(self, policy: Policy, stop: threading.Event | None = None) -> Judged:
        """Figures of a policy that the algorithm works with."""
        tables, failed = self.outcomes(policy, stop)
        figures = [self._figure(item, tables) for item in self.objectives]
        return Judged(
            tuple(value if np.isfinite(value) else NO_FIGURE for value in figures),
            self._violations(tables, figures), failed,
        )  # fmt: skip

    def judge_with_errors(self, policy: Policy, stop: threading.Event | None = None) -> Verdict:
        """Figures of a policy with their Monte-Carlo errors."""
        tables, failed = self.outcomes(policy, stop)
        figures = [self._figure(item, tables) for item in self.objectives]
        errors = [
            criterion_error(item, tables[item.measure], self.status_quo[item.measure], self.numbers.tolist())
            for item in self.objectives
        ]
        return Verdict(tuple(figures), tuple(errors), self._violations(tables, figures), failed)

    def _figure(self, criterion: Criterion, tables: Mapping[str, Floats]) -> float:
        return criterion_value(criterion, tables[criterion.measure], self.status_quo[criterion.measure])

    def _violations(self, tables: Mapping[str, Floats], figures: Sequence[float]) -> tuple[float, ...]:
        """Share of failed worlds beyond what is allowed, then how far each constraint is broken."""
        some = tables[self.measures[0]]
        failed = float((~np.isfinite(some)).mean(axis=1).max()) - MOST_FAILED
        found = [failed if np.isfinite(figures).all() else 1.0]
        for item in self.constraints:
            value = self._figure(item, tables)
            bound = item.sign * (item.bound if item.bound is not None else 0.0)
            found.append(value - bound if np.isfinite(value) else NO_FIGURE)
        return tuple(found)

    def judge_all(
        self, policies: Sequence[Policy], pool: ThreadPoolExecutor, stop: threading.Event
    ) -> list[Judged]:
        """Many policies on all threads, in their order.

        Raises
        ------
        KeyboardInterrupt
            If the user stops; what runs is told to stop first.
        """
        jobs = [pool.submit(self.judge, policy, stop) for policy in policies]
        try:
            return [job.result() for job in jobs]
        finally:
            stop_jobs(jobs, stop)


def stop_jobs(jobs: Sequence[Any], stop: threading.Event) -> None:
    """Leave nothing running when the caller goes on because of an error."""
    if not all(job.done() for job in jobs):
        stop.set()
        for job in jobs:
            job.cancel()


def _tables_of(simulator: CaseSimulator, policy: Policy) -> Setting:
    """All kernel tables of a policy, made anew."""
    beside = copy.copy(simulator)
    beside.case = replace(simulator.case, policies={**simulator.case.policies, policy.id: policy})
    return beside.setting(policy.id, (0, 0))
