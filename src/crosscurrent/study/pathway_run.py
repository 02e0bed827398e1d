"""Running the pathways of a case: every step as a policy of its own, and every pathway as the adaptive policy it is.

Results go to a folder inside the study's own, with the same theories, decision, horizon, seed and worlds, so that a
world of the study is the same world here.  What is there already is not computed again.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import calendar
from ..case.pathway_records import Objective
from ..case.records import Case, Policy
from ..errors import InputError, Interrupted
from ..kernel import run
from ..model.schema import MEASURES
from .atomic import path_argument
from .batch import BatchResult, StopRequested
from .execution import ProgressFunction, execute
from .labels import Label, model_labels
from .pathway_policy import pathway_policy, pathway_states, state_policy
from .results import Results
from .simulation import BLOCKS_A_CALL, CaseSimulator, path_quantiles
from .specification import STATUS_QUO, Study
from .tables import history_tables

__all__ = [
    "DEFAULT_WORLDS",
    "STEP",
    "PathwaySimulator",
    "objectives_for",
    "pathway_folder",
    "pathway_study",
    "run_pathways",
    "simulate_pathways",
    "usual_levels",
]

STEP = "pathway_step"
"""Path that says how many transfers of a pathway are in force in a month."""
DEFAULT_WORLDS = 256
FEWEST_WORLDS = 32
"""Fewest worlds that tipping points are read from."""
MOST_WORLDS = 500
"""Whole paths are kept of so many worlds at most."""
COSTS = ("cost_us", "cost_mx")


def usual_levels(case: Case, decision: str, years: int) -> dict[str, float]:
    """Level of every lever in the status quo after the decision, in the lever's unit."""
    day = calendar.parse_month(decision)
    end = calendar.projection_end(calendar.week_of_date(day), years)
    return {name: float(values[-1]) for name, values in history_tables(case, day, end + 1).usual.items()}


def pathway_study(case: Case, study: Study, worlds: int) -> tuple[Study, dict[str, Policy]]:
    """What to run for the pathways of a case, beside a study that was run, and the policies that it names.

    Raises
    ------
    InputError
        If the case has no pathways, or there would be too many worlds.
    """
    if not case.objectives:
        raise InputError(
            "the case has no pathways", given=case.id, expected="a file pathways.yaml in its folder",
            fix="see docs/pathways.md",
        )  # fmt: skip
    if not FEWEST_WORLDS <= worlds <= MOST_WORLDS:
        raise InputError("not a usable number of worlds", given=worlds, expected=f"{FEWEST_WORLDS} to {MOST_WORLDS}")
    usual = usual_levels(case, study.decision, study.years)
    policies: dict[str, Policy] = {STATUS_QUO: case.policies[STATUS_QUO]}
    for objective in case.objectives.values():
        for pathway in objective.pathways.values():
            policies |= {state.id: state_policy(case, state) for state in pathway_states(case, pathway)}
    for objective in case.objectives.values():
        policies |= {name: pathway_policy(case, objective, name, usual) for name in objective.pathways}
    measures = dict.fromkeys(objective.measure for objective in case.objectives.values())
    wanted = Study(
        case=study.case, policies=tuple(policies), theories=study.theories, worlds=worlds, decision=study.decision,
        years=study.years, seed=study.seed, measures=(*measures, *(name for name in COSTS if name not in measures)),
        full_paths=MOST_WORLDS, beliefs=study.beliefs,
    )  # fmt: skip
    return wanted, policies


def first_slots(policy: Policy, own_rules: int) -> tuple[int, ...]:
    """Place of the first lever of each transfer among the kernel's rules, which hold one lever each."""
    ends = np.cumsum([0, *(len(rule.then) for rule in policy.rules)])
    return tuple(int(end) for end in ends[own_rules:-1])


class PathwaySimulator(CaseSimulator):
    """Simulates policies that are not in the case, and notes which transfers are in force month by month.

    Parameters
    ----------
    study : Study
        As :func:`pathway_study` gives it.
    case : Case
    policies : mapping of str to Policy
        Every policy of the study.
    watched : mapping of str to tuple of int
        Rule slots of the transfers of each pathway.
    on_policy : callable, optional
        Told after every policy of every batch.
    """

    def __init__(
        self, study: Study, case: Case, policies: Mapping[str, Policy], watched: Mapping[str, tuple[int, ...]],
        on_policy: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        known = Study(**{**study.model_dump(), "policies": (STATUS_QUO,), "case": study.case})
        super().__init__(known, replace(case, policies=dict(policies)))
        self.study, self.watched, self.on_policy = study, watched, on_policy
        self.names = [*study.measures]
        labels = [calendar.month_label(month + 1) for month in range(self.first_month, self.last_month)]
        weeks = [calendar.week_of_date(calendar.parse_month(label)) for label in labels]
        ends = np.clip(weeks, self.decision_week, self.end_week)
        self.month_ends = [int(week) for week in ends]

    def future(
        self, blocks: Any, policy: str, count: int, stop: threading.Event
    ) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Worlds to the horizon: months [quantity, month, lane], and transfers in force [month, world]."""
        months = self.first_month, self.last_month
        setting = self.setting(policy, months)
        slots = self.watched.get(policy, ())
        steps = np.zeros((months[1] - months[0], count), np.float32)
        if not slots:
            return self._advance(blocks, setting, self.decision_week, self.end_week, months, stop), steps
        paths = run.advance(self.kernel, blocks, setting, self.decision_week, self.decision_week, len(steps))
        last = self.decision_week
        for number, week in enumerate([*self.month_ends, self.end_week]):
            for first in range(0, len(blocks), BLOCKS_A_CALL):
                if stop.is_set():
                    raise StopRequested("the run was stopped")
                part = first, min(first + BLOCKS_A_CALL, len(blocks))
                columns = paths[..., 64 * part[0] : 64 * part[1]]
                piece = np.ascontiguousarray(columns)
                run.advance(self.kernel, blocks, setting, last, week, len(steps), block_range=part, out=piece)
                columns[...] = piece
            last = week
            if number < len(steps):
                active = blocks["rule_active"][:, list(slots)] > 0.5
                steps[number] = active.sum(axis=1).reshape(-1)[:count]
        return paths, steps

    def simulate(self, theory: str, first: int, last: int, stop: threading.Event) -> BatchResult:
        """As :meth:`CaseSimulator.simulate`, with the transfers in force as one more path."""
        worlds, policies = np.arange(first, last), self.study.policies
        count, cells = len(worlds), (len(policies), last - first)
        draws = self.draw(theory, worlds)
        past, _, seconds = self.past(draws, worlds, stop=stop)
        run.begin_projection(past)
        picked = [self.month_names[name] for name in self.names]
        measures = {name: np.full(cells, np.nan) for name in (*self.names, STEP)}
        failed_week = np.full(cells, -1, np.int32)
        failed_subsystem = np.full(cells, "", dtype=object)
        path_worlds = int(np.clip(self.study.full_paths - first, 0, count))
        quantiles, kept, counts = [], [], []
        begin = time.perf_counter()
        for number, policy in enumerate(policies):
            future = run.fork(past)
            paths, steps = self.future(future, policy, count, stop)
            failed = run.failures(future, count)
            sound = failed.week < 0
            failed_week[number], failed_subsystem[number] = failed.week, failed.subsystem
            totals = {**run.totals(future, count), STEP: steps[-1].astype(np.float64)}
            for name in measures:
                measures[name][number] = np.where(sound, totals[name], np.nan)
            chosen = np.concatenate([paths[picked][..., :count], steps[None]]).astype(np.float32)
            chosen[..., ~sound] = np.nan
            quantiles.append(path_quantiles(chosen, sound))
            kept.append(np.moveaxis(chosen[..., :path_worlds], -1, 0))
            counts.append(int(sound.sum()))
            if self.on_policy is not None:
                self.on_policy()
        weeks = self.decision_week + len(policies) * (self.end_week - self.decision_week)
        return BatchResult(
            theory=theory, worlds=worlds, policies=tuple(policies), parameters=draws.parameters, axes=draws.axes,
            measures=measures, failed_week=failed_week, failed_subsystem=failed_subsystem,
            quantiles=np.stack(quantiles), world_count=np.array(counts, dtype=np.int64), paths=np.stack(kept),
            months=np.arange(self.first_month, self.last_month), world_weeks=count * weeks,
            kernel_seconds=seconds + time.perf_counter() - begin,
        )  # fmt: skip


def pathway_folder(results: Results, case: Case) -> Path:
    """Where the pathways of a study are kept: one folder for each state of the case's data.

    Raises
    ------
    InputError
        As :func:`pathway_study`.
    """
    study, _ = pathway_study(case, results.study, MOST_WORLDS)
    key = hashlib.sha256(f"{study.digest()} {case.digest}".encode()).hexdigest()[:8]
    return results.folder / f"pathways-{key}"


def watched_slots(case: Case, policies: Mapping[str, Policy]) -> dict[str, tuple[int, ...]]:
    """Rule slots of the transfers of each pathway."""
    found: dict[str, tuple[int, ...]] = {}
    for objective in case.objectives.values():
        for name, pathway in objective.pathways.items():
            found[name] = first_slots(policies[name], len(case.policies[pathway.start].rules))
    return found


def run_pathways(
    results: Results,
    case: Case,
    *,
    worlds: int | None = None,
    executor: Executor | None = None,
    progress: ProgressFunction | None = None,
    on_compile: Callable[[], None] | None = None,
) -> Results:
    """Simulate the pathways of a case beside a study, or open them if they are there.

    Parameters
    ----------
    results : Results
        The study; theories, decision, horizon and seed are taken from it.
    case : Case
    worlds : int, optional
        Worlds per theory, 32 to 500; by default as many as the study has, but 32 to 256.
    executor, progress, on_compile : optional
        As :func:`crosscurrent.study.running.run_study`.

    Raises
    ------
    InputError
        If the case has no pathways, or a pathway cannot be simulated.
    StoreError, ComputeError, Interrupted
        As :func:`crosscurrent.study.execute`.
    """
    count = min(DEFAULT_WORLDS, max(results.study.worlds, FEWEST_WORLDS)) if worlds is None else worlds
    folder = pathway_folder(results, case)
    if worlds is None and (folder / "study.yaml").is_file():
        from .store import read_folder

        count = max(count, read_folder(folder)[0].worlds)
    try:
        return simulate_pathways(
            case, results.study, folder, count, executor=executor, progress=progress, on_compile=on_compile
        )
    except Interrupted as error:
        fix = f"go on with `crosscurrent pathways {path_argument(results.folder)} --worlds {count}`"
        raise Interrupted(error.message, fix=fix) from None


def simulate_pathways(
    case: Case,
    study: Study,
    folder: Path,
    worlds: int,
    *,
    executor: Executor | None = None,
    progress: ProgressFunction | None = None,
    on_compile: Callable[[], None] | None = None,
    on_policy: Callable[[], None] | None = None,
    stop: threading.Event | None = None,
) -> Results:
    """Simulate the pathways of a case in a folder, or what the folder still lacks of them.

    Parameters
    ----------
    case : Case
    study : Study
        Theories, decision, horizon, seed and beliefs are taken from it.
    folder : path
    worlds : int
        Worlds per theory, 32 to 500.
    executor, progress, on_compile, stop : optional
        As :func:`crosscurrent.study.running.run_study`.
    on_policy : optional
        As :class:`PathwaySimulator`.

    Raises
    ------
    InputError
        If the case has no pathways, or a pathway cannot be simulated.
    StoreError, ComputeError, Interrupted
        As :func:`crosscurrent.study.execute`.
    """
    from .running import needs_compiling

    wanted, policies = pathway_study(case, study, worlds)
    slots = watched_slots(case, policies)

    def factory(whole: Study) -> PathwaySimulator:
        simulator = PathwaySimulator(whole, case, policies, slots, on_policy)
        if on_compile is not None and needs_compiling(simulator):
            on_compile()
        simulator.compile()
        return simulator

    labels = {**model_labels(), STEP: Label("transfers", "transfers of the pathway in force")}
    return execute(
        wanted, factory, folder, executor, progress, case_digest=case.digest, labels=labels, stop=stop,
        recompute_damaged=True,
    )  # fmt: skip


def objectives_for(case: Case, measure: str | None) -> dict[str, Objective]:
    """Objectives of a case, or those for one measure.

    Raises
    ------
    InputError
        If no objective is for the measure.
    """
    from ..errors import did_you_mean

    found = {key: item for key, item in case.objectives.items() if measure in (None, item.measure)}
    if measure is not None and not found:
        valid = [item.measure for item in case.objectives.values()]
        what = "unknown measure" if measure not in MEASURES else "the case has no objective for this measure"
        raise InputError(what, given=measure, fix=did_you_mean(measure, valid) if valid else "see docs/pathways.md")
    return found
