"""The simulator of a study: history once a theory, forked at the decision date, continued under every policy."""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import calendar
from ..case import load_case
from ..case.records import Case
from ..kernel import run
from ..kernel.assembly import Kernel, build_kernel
from ..kernel.mechanism import Mechanism
from ..kernel.setting import RECORDED, Setting, make_setting
from ..model.schema import OBSERVABLES
from .batch import QUANTILE_LEVELS, BatchResult, StopRequested
from .draws import Draws, dimensions, draw_worlds
from .posterior import Posterior, posterior_path, read_posterior
from .sampling import world_points
from .specification import Study
from .tables import WeeklyTables, chosen_policy, corridor_network, history_tables, policy_levers, policy_rules

__all__ = ["CaseSimulator", "path_quantiles", "simulator_for"]

BLOCKS_A_CALL = 4
"""Blocks advanced in one call of the kernel: some tens of milliseconds, so that a stop is answered at once."""
SPARE_WEEKS = 3
"""Weeks of tables beyond the last one of a study: whole weeks may end up to nine days before a month does."""


def simulator_for(study: Study) -> CaseSimulator:
    """The simulator of a study on its case (what :func:`crosscurrent.study.execute` asks for)."""
    return CaseSimulator(study, load_case(study.case))


def path_quantiles(paths: npt.NDArray[Any], sound: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """Quantiles over worlds that did not fail, at QUANTILE_LEVELS.

    Parameters
    ----------
    paths
        [measure, month, world].
    sound
        Which worlds count [world].

    Returns
    -------
    array [measure, month, level]; NaN if no world counts.
    """
    kept = paths[..., sound]
    if kept.shape[-1] == 0:
        return np.full((*paths.shape[:-1], len(QUANTILE_LEVELS)), np.nan, np.float32)
    ordered = np.sort(kept, axis=-1)
    place = np.asarray(QUANTILE_LEVELS) * (ordered.shape[-1] - 1)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, ordered.shape[-1] - 1)
    part = (place - below).astype(ordered.dtype)
    return np.asarray(ordered[..., below] * (1 - part) + ordered[..., above] * part, dtype=np.float32)


class CaseSimulator:
    """Computes batches of a study; serves several threads at once.

    Parameters
    ----------
    study : Study
        What to run.
    case : Case
        The case's data.
    mechanisms : tuple of Mechanism, optional
        A user's own parts of the week.
    shocks : bool
        Whether dated shocks of the past happen.
    """

    def __init__(
        self, study: Study, case: Case, mechanisms: tuple[Mechanism, ...] = (), *, shocks: bool = True
    ) -> None:
        self.study, self.case = study.resolved(), case
        self.kernel: Kernel = build_kernel(mechanisms)
        self.network = corridor_network(case)
        decision = calendar.parse_month(self.study.decision)
        self.decision_week = calendar.week_of_date(decision)
        self.end_week = calendar.projection_end(self.decision_week, self.study.years)
        first, last = case.meta.reference
        self.reference_weeks = calendar.week_of_date(first), calendar.week_of_date(last)
        # An early decision may end before the reference period does, which the first pass still has to reach.
        weeks = max(self.end_week, self.reference_weeks[1]) + SPARE_WEEKS
        self.tables = history_tables(case, decision, weeks, shocks=shocks)
        self.first_month = calendar.month_of_date(calendar.date_of_week(self.decision_week))
        self.last_month = calendar.month_of_date(calendar.date_of_week(self.end_week))
        self.month_names = {name: number for number, name in enumerate(RECORDED)}
        self.posterior: Posterior | None = None
        if self.study.beliefs != "prior":
            self.posterior = read_posterior(posterior_path(self.study.case, self.study.beliefs))
            self.posterior.places(np.array([self.study.worlds - 1]), self.study.seed)
        self.names = [*self.study.measures, *(name for name in OBSERVABLES if name not in self.study.measures)]

    def setting(self, policy: str | None, months: tuple[int, int]) -> Setting:
        """Kernel tables of a policy, or of the history if none is named."""
        tables: WeeklyTables = self.tables
        chosen = None if policy is None else chosen_policy(self.case, policy)
        ordered = tables.usual if chosen is None else policy_levers(chosen, tables.usual, self.decision_week)
        return make_setting(
            self.kernel.rows,
            self.network,
            inputs=tables.inputs,
            ordered=ordered,
            usual=tables.usual,
            spread=tables.spread,
            events=tables.events,
            rules=[] if chosen is None else policy_rules(chosen, tables.usual),
            weeks=tables.weeks,
            months=months,
            projecting=policy is not None,
            reference_weeks=self.reference_weeks if policy is None else (0, 0),
        )

    def draw(self, theory: str, worlds: npt.NDArray[np.int64]) -> Draws:
        """Parameters and rivals of worlds of a theory."""
        points = world_points(self.study.seed, worlds, dimensions(self.case))
        if self.posterior is None:
            return draw_worlds(self.case, self.case.theories[theory], points)
        points, streams = self.posterior.replace_learned(self.case, theory, points, worlds, self.study.seed)
        drawn = draw_worlds(self.case, self.case.theories[theory], points)
        return drawn._replace(streams=streams, streams_seed=self.posterior.seed)

    def past(
        self,
        draws: Draws,
        worlds: npt.NDArray[np.int64],
        *,
        months: tuple[int, int] = (0, 0),
        stop: threading.Event | None = None,
        seed: int | None = None,
    ) -> tuple[Any, npt.NDArray[Any], float]:
        """Worlds at the decision date, their months, and the kernel's seconds.

        A first pass over the reference period measures what multipliers are relative to; the second is the history.
        ``seed`` gives other random draws than the study's, or than those that a posterior's draws bring along.
        """
        keyed = self.study.seed if seed is None else seed
        if seed is None and draws.streams is not None:
            worlds, keyed = draws.streams, draws.streams_seed
        quiet = self.setting(None, (0, 0))
        recorded = self.setting(None, months)._replace(reference_first=0, reference_last=0)
        first_pass = run.start(self.kernel, self.network, draws.parameters, worlds, keyed)
        blocks = run.start(self.kernel, self.network, draws.parameters, worlds, keyed)
        begin = time.perf_counter()
        self._advance(first_pass, quiet, 0, self.reference_weeks[1], (0, 0), stop)
        run.set_references(blocks, first_pass, self.reference_weeks[1] - self.reference_weeks[0])
        paths = self._advance(blocks, recorded, 0, self.decision_week, months, stop)
        return blocks, paths, time.perf_counter() - begin

    def _advance(
        self,
        blocks: Any,
        setting: Setting,
        first_week: int,
        last_week: int,
        months: tuple[int, int],
        stop: threading.Event | None,
    ) -> npt.NDArray[Any]:
        parts = []
        for first in range(0, len(blocks), BLOCKS_A_CALL):
            if stop is not None and stop.is_set():
                raise StopRequested("the run was stopped")
            block_range = first, min(first + BLOCKS_A_CALL, len(blocks))
            count = max(months[1] - months[0], 0)
            parts.append(
                run.advance(self.kernel, blocks, setting, first_week, last_week, count, block_range=block_range)
            )
        return np.concatenate(parts, axis=-1)

    def compile(self) -> float:
        """Compile the kernel, or load it from the disk; seconds it took."""
        begin = time.perf_counter()
        draws = self.draw(next(iter(self.case.theories)), np.arange(1))
        blocks = run.start(self.kernel, self.network, draws.parameters, np.arange(1), 0)
        run.advance(self.kernel, blocks, self.setting(None, (0, 0)), 0, 1, 0)
        return time.perf_counter() - begin

    def simulate(self, theory: str, first: int, last: int, stop: threading.Event) -> BatchResult:
        """Worlds ``first <= world < last`` of a theory under all policies of the study."""
        worlds = np.arange(first, last)
        draws = self.draw(theory, worlds)
        past, _, seconds = self.past(draws, worlds, stop=stop)
        run.begin_projection(past)
        policies, count = self.study.policies, len(worlds)
        months = self.first_month, self.last_month
        picked = [self.month_names[name] for name in self.names]
        measures = {name: np.full((len(policies), count), np.nan) for name in self.names}
        failed_week = np.full((len(policies), count), -1, np.int32)
        failed_subsystem = np.full((len(policies), count), "", dtype=object)
        path_worlds = int(np.clip(self.study.full_paths - first, 0, count))
        quantiles, kept, counts = [], [], []
        for number, policy in enumerate(policies):
            future = run.fork(past)
            begin = time.perf_counter()
            paths = self._advance(future, self.setting(policy, months), self.decision_week, self.end_week, months, stop)
            seconds += time.perf_counter() - begin
            failed = run.failures(future, count)
            sound = failed.week < 0
            failed_week[number], failed_subsystem[number] = failed.week, failed.subsystem
            for name, drawn in run.totals(future, count).items():
                if name in measures:
                    measures[name][number] = np.where(sound, drawn, np.nan)
            chosen = paths[picked][..., :count]
            quantiles.append(path_quantiles(chosen, sound))
            kept.append(np.moveaxis(chosen[..., :path_worlds].astype(np.float32), -1, 0))
            counts.append(int(sound.sum()))
        weeks = self.decision_week + len(policies) * (self.end_week - self.decision_week)
        return BatchResult(
            theory=theory,
            worlds=worlds,
            policies=tuple(policies),
            parameters=draws.parameters,
            axes=draws.axes,
            measures=measures,
            failed_week=failed_week,
            failed_subsystem=failed_subsystem,
            quantiles=np.stack(quantiles),
            world_count=np.array(counts, dtype=np.int64),
            paths=np.stack(kept),
            months=np.arange(*months),
            world_weeks=count * weeks,
            kernel_seconds=seconds,
        )
