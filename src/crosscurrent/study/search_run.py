"""Running a search: generations until enough policies were judged, then the front again on worlds it has not seen.

The best of many noisy figures is noisy upwards: a front found on some worlds promises more than it keeps [1]_.  Every
policy of the front is therefore judged again on fresh worlds, with Monte-Carlo errors, and what is left of the promise
is part of the result.

References
----------
.. [1] J. E. Smith and R. L. Winkler (2006), "The optimizer's curse: skepticism and postdecision surprise in decision
   analysis", Management Science 52(3), doi:10.1287/mnsc.1050.0451.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..case.records import Case, Policy
from ..errors import InputError, Interrupted, StoreError
from .atomic import folder_lock, make_folder
from .search_algorithm import Generations
from .search_criteria import Criterion
from .search_file import SearchStudy
from .search_front import Archive, Ruler, hypervolume_share, non_dominated
from .search_store import Generation, SearchFolder
from .search_worlds import Judged, SearchWorlds, Verdict
from .simulation import CaseSimulator

__all__ = ["Found", "Judge", "JudgeFactory", "Promise", "SearchProgress", "SearchResult", "TracePoint", "run_search"]

Floats = npt.NDArray[np.float64]
FRESH_AT_A_TIME = 16
"""Policies judged on fresh worlds between two writes."""


class Judge(Protocol):
    """Judges policies on one set of worlds; a test passes its own."""

    def prepare(self, stop: threading.Event | None = None) -> None:
        """Get ready."""

    def judge_all(self, policies: Sequence[Policy], pool: ThreadPoolExecutor, stop: threading.Event) -> list[Judged]:
        """Figures of many policies."""

    def judge_with_errors(self, policy: Policy, stop: threading.Event | None = None) -> Verdict:
        """Figures of a policy with errors."""


JudgeFactory = Callable[[range], Judge]
"""Makes a judge on the worlds of these numbers, the same for every theory."""


@dataclass(frozen=True)
class SearchProgress:
    """Where a search stands."""

    part: str
    """``search`` or ``front on fresh worlds``."""
    done: int
    total: int
    elapsed_seconds: float


@dataclass(frozen=True)
class TracePoint:
    """The archive after a generation."""

    generation: int
    evaluations: int
    kept: int
    """Policies in the archive."""
    progress: int
    """How often a policy had entered a new box of the archive by then."""
    hypervolume: float
    """Share of a fixed box of the objectives' space that the archive dominates, 0-1."""
    hypervolume_error: float


@dataclass(frozen=True)
class Found:
    """A policy of the front; figures in the measures' own direction."""

    id: str
    policy: Policy
    sample: tuple[float, ...]
    """On the worlds of the search, one figure an objective."""
    fresh: tuple[float, ...]
    """On worlds that the search has not used."""
    errors: tuple[float, ...]
    """Monte-Carlo standard errors of ``fresh``."""
    holds: bool
    """Whether it keeps the constraints on fresh worlds."""
    on_front: bool
    """Whether no other policy of the front dominates it on fresh worlds."""
    failed: int
    """Worlds that failed on the fresh worlds."""


@dataclass(frozen=True)
class Promise:
    """How much of an objective's promise was left on fresh worlds, over the policies of the front."""

    objective: Criterion
    worse: float
    """Mean of fresh less sample, turned so that above 0 is worse than promised, in the objective's unit."""
    error: float
    """Typical Monte-Carlo standard error of one policy's figure."""
    left: float
    """Gain over the status quo on fresh worlds as a share of the gain promised; NaN if none was promised."""
    share_worse: float
    """Share of policies that came out worse than promised, 0-1."""


@dataclass(frozen=True)
class SearchResult:
    """What a search found."""

    search: SearchStudy
    folder: Path
    evaluations: int
    broken: int
    """Policies that broke a constraint or could not be judged."""
    failed_worlds: int
    """Failed worlds over all evaluations."""
    front: tuple[Found, ...]
    promises: tuple[Promise, ...]
    trace: tuple[TracePoint, ...]
    status_quo: tuple[float, ...]
    """The objectives' figures of the status quo on fresh worlds; 0 where the difference counts."""
    seconds: float


def run_search(
    search: SearchStudy,
    case: Case,
    out: str | Path,
    evaluations: int,
    progress: Callable[[SearchProgress], None] | None = None,
    *,
    judges: JudgeFactory | None = None,
    on_compile: Callable[[], None] | None = None,
) -> SearchResult:
    """Search, or go on with what a folder holds, and judge the front on fresh worlds.

    Parameters
    ----------
    search : SearchStudy
    case : Case
    out : path
        Folder of the search.
    evaluations : int
        Policies to judge, those in the folder included; the last generation is always whole.
    progress : callable, optional
    judges : callable, optional
        Another way to judge policies than by simulation.
    on_compile : callable, optional
        Called before the kernel is compiled for the first time on this computer.

    Raises
    ------
    InputError
        If there are fewer evaluations than one generation, or pymoo is not installed.
    StoreError
        If the folder holds another search or is damaged.
    Interrupted
        On Ctrl-C; whole generations are kept.
    """
    if evaluations < search.population:
        raise InputError(
            "too few evaluations", given=evaluations, expected=f"at least one generation, {search.population}"
        )
    folder = Path(out)
    make_folder(folder)
    with folder_lock(folder):
        running = _Running(search, case, SearchFolder(folder, search, case.digest), judges, on_compile, progress)
        try:
            running.search_until(evaluations)
            return running.result()
        except KeyboardInterrupt:
            raise Interrupted(
                f"stopped with {running.judged} of {evaluations} evaluations finished and kept",
                fix="the same command goes on",
            ) from None
        finally:
            running.close()


class _Running:
    """One call: the algorithm, the judges and the folder."""

    def __init__(
        self,
        search: SearchStudy,
        case: Case,
        store: SearchFolder,
        judges: JudgeFactory | None,
        on_compile: Callable[[], None] | None,
        progress: Callable[[SearchProgress], None] | None,
    ) -> None:
        self.search, self.case, self.store, self.report = search, case, store, progress
        self.space = search.space(case)
        self.judges = judges or _simulating(search, case, on_compile)
        self.pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="search")
        self.stop, self.started = threading.Event(), time.monotonic()
        self.generations: list[Generation] = []
        self.points: list[Floats] = []
        self.archive: Archive | None = None
        self.trace: list[TracePoint] = []

    @property
    def judged(self) -> int:
        """Policies judged so far."""
        return len(self.points)

    def close(self) -> None:
        """Leave no thread behind."""
        self.stop.set()
        self.pool.shutdown(wait=True, cancel_futures=True)

    def _tell(self, part: str, done: int, total: int) -> None:
        if self.report is not None:
            self.report(SearchProgress(part, done, total, time.monotonic() - self.started))

    def search_until(self, evaluations: int) -> None:
        """Generations until so many policies are judged; those in the folder are replayed."""
        search = self.search
        algorithm = Generations(
            self.space.size, len(search.objectives), 1 + len(search.constraints), search.population, search.seed
        )
        judge: Judge | None = None
        number = 0
        while self.judged < evaluations:
            number += 1
            points = algorithm.ask()
            if self.store.has(number):
                generation = self.store.generation(number)
                if not np.array_equal(generation.points, points):
                    raise StoreError(
                        f"generation {number} is not the one that this search asks for", file=self.store.folder,
                        fix="choose another folder with --out",
                    )  # fmt: skip
            else:
                judge = judge or self._ready(range(search.worlds_a_theory))
                policies = [self.space.policy(point) for point in points]
                generation = self.store.keep(number, points, judge.judge_all(policies, self.pool, self.stop))
            algorithm.tell(generation.objectives, generation.violations)
            self._take(generation)
            self._tell("search", self.judged, evaluations)

    def _ready(self, numbers: range) -> Judge:
        judge = self.judges(numbers)
        judge.prepare(self.stop)
        return judge

    def _take(self, generation: Generation) -> None:
        """Offer a generation to the archive and note where it stands."""
        if self.archive is None:
            steps = tuple(item.step for item in self.search.objectives)
            self.archive = Archive(Ruler.of(generation.objectives, generation.violations, steps))
        for point, value, violations in zip(*generation[:3], strict=True):
            self.archive.add(self.judged, value, violations)
            self.points.append(point)
        self.generations.append(generation)
        values = np.array(self.archive.values).reshape(-1, len(self.search.objectives))
        share, error = hypervolume_share(values, self.archive.ruler)
        self.trace.append(
            TracePoint(len(self.generations), self.judged, len(values), self.archive.progress, share, error)
        )

    def result(self) -> SearchResult:
        """The front, judged again, and what was left of its promise."""
        assert self.archive is not None
        values = np.concatenate([generation.objectives for generation in self.generations])
        numbers = self.archive.front()
        policies = {f"found-{n + 1:05d}": self.space.policy(self.points[n], f"found-{n + 1:05d}") for n in numbers}
        verdicts = self._fresh(policies)
        sample = np.array([values[n] for n in numbers]).reshape(-1, len(self.search.objectives))
        fresh = np.array([verdicts[key].values for key in policies]).reshape(sample.shape)
        status_quo = np.array(verdicts["status-quo"].values)
        front = self._front(policies, sample, fresh, verdicts)
        violations = np.concatenate([generation.violations for generation in self.generations])
        signs = [item.sign for item in self.search.objectives]
        return SearchResult(
            self.search, self.store.folder, self.judged, int((violations > 0).any(axis=1).sum()),
            int(sum(generation.failed.sum() for generation in self.generations)), front,
            tuple(
                _promise(item, sample[:, place], fresh[:, place], float(status_quo[place]),
                         [verdicts[key].errors[place] for key in policies])
                for place, item in enumerate(self.search.objectives)
            ),
            tuple(self.trace), tuple(float(s * v) for s, v in zip(signs, status_quo, strict=True)),
            time.monotonic() - self.started,
        )  # fmt: skip

    def _fresh(self, policies: dict[str, Policy]) -> dict[str, Verdict]:
        """Every policy of the front, and the status quo, on worlds that the search has not used."""
        known = self.store.fresh()
        wanted = {"status-quo": self.case.policies["status-quo"], **policies}
        missing = [key for key in wanted if key not in known]
        first = self.search.worlds_a_theory
        judge = self._ready(range(first, first + self.search.fresh_worlds)) if missing else None
        for begin in range(0, len(missing), FRESH_AT_A_TIME):
            assert judge is not None
            part = missing[begin : begin + FRESH_AT_A_TIME]
            jobs = [self.pool.submit(judge.judge_with_errors, wanted[key], self.stop) for key in part]
            known |= {key: job.result() for key, job in zip(part, jobs, strict=True)}
            self.store.keep_fresh(known)
            self._tell("front on fresh worlds", begin + len(part), len(missing))
        return known

    def _front(
        self, policies: dict[str, Policy], sample: Floats, fresh: Floats, verdicts: dict[str, Verdict]
    ) -> tuple[Found, ...]:
        holds = np.array([all(one <= 0.0 for one in verdicts[key].violations) for key in policies], dtype=bool)
        good = np.zeros(len(fresh), dtype=bool)
        good[holds] = non_dominated(fresh[holds])
        signs = np.array([item.sign for item in self.search.objectives])
        return tuple(
            Found(
                key, policy, tuple((signs * sample[n]).tolist()), tuple((signs * fresh[n]).tolist()),
                verdicts[key].errors, bool(holds[n]), bool(good[n]), verdicts[key].failed,
            )
            for n, (key, policy) in enumerate(policies.items())
        )  # fmt: skip


def _promise(
    item: Criterion, sample: Floats, fresh: Floats, status_quo: float, errors: Sequence[float]
) -> Promise:
    """What was left of an objective's promise."""
    if not len(sample):
        return Promise(item, float("nan"), float("nan"), float("nan"), float("nan"))
    promised = float((status_quo - sample).sum())
    kept = float((status_quo - fresh).sum())
    return Promise(
        item, float((fresh - sample).mean()), float(np.sqrt(np.mean(np.square(errors)))),
        kept / promised if promised > 0.0 else float("nan"), float((fresh > sample).mean()),
    )  # fmt: skip


def _simulating(search: SearchStudy, case: Case, on_compile: Callable[[], None] | None) -> JudgeFactory:
    """Judges that simulate."""

    def make(numbers: range) -> Judge:
        from .running import needs_compiling

        simulator = CaseSimulator(search.study(), case)
        if on_compile is not None and needs_compiling(simulator):
            on_compile()
        simulator.compile()
        return SearchWorlds(simulator, search.theories, numbers, search.objectives, search.constraints)

    return make
