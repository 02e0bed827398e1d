"""Running a study: plan what is missing, compute it on any executor, write each shard as it finishes."""

from __future__ import annotations

import functools
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..errors import ComputeError, CrosscurrentError, InputError, Interrupted
from .atomic import path_argument
from .batch import BatchResult, Simulator
from .labels import Label, model_labels
from .manifest import RunRecord
from .plan import ShardKey, own_part, plan_shards
from .results import Results, open_results
from .specification import Study
from .store import Store, damaged_shards, open_store, read_folder, refuse_damage

__all__ = ["Progress", "SimulatorFactory", "execute", "extend", "resume"]

SimulatorFactory = Callable[[Study], Simulator]
"""Makes the simulator of a study; must be importable by name when batches run in other processes."""

_POLL_SECONDS = 0.2
_STOP_SECONDS = 1.5
"""How long batches in flight may take to notice a stop: simulators look every half second."""
_QUEUE_ELSEWHERE = 64
"""Batches handed to an executor of the caller's at a time; more would only wait in memory."""


@dataclass(frozen=True)
class Progress:
    """Where a run stands; given to the ``progress`` function at the start and after every shard."""

    shards_done: int
    shards_total: int
    worlds_done: int
    """Worlds summed over theories, with those found finished."""
    worlds_total: int
    failed: int
    """Failed (policy, world) pairs so far in this run."""
    world_weeks: int
    kernel_seconds: float
    elapsed_seconds: float
    recomputed: tuple[str, ...]
    """Shards found damaged and computed anew, with what was wrong."""


ProgressFunction = Callable[[Progress], None]


def execute(
    study: Study,
    simulator_factory: SimulatorFactory,
    out: str | Path,
    executor: Executor | None = None,
    progress: ProgressFunction | None = None,
    *,
    case_digest: str,
    shard: str | None = None,
    labels: Mapping[str, Label] | None = None,
    stop: threading.Event | None = None,
    recompute_damaged: bool = False,
) -> Results:
    """Compute what a results folder still lacks of a study, and open it.

    A folder with the same study is reused and completed; one with fewer worlds is extended.  Each finished
    shard is written at once, so stopping loses the batches in flight and nothing else.

    Parameters
    ----------
    study : Study
        Empty lists are filled from the case.
    simulator_factory : callable
        ``Study -> Simulator``.  Threads share one simulator; other executors make one per process.
    out : path
        Results folder; made if need be.
    executor : concurrent.futures.Executor, optional
        Where batches run; threads, one per processor, by default.
    progress : callable, optional
        Called with a :class:`Progress` at the start and after every shard.
    case_digest, shard : str
        Hash of the case's data; ``i/N`` for one machine's part, which :func:`.merging.merge` joins to others.
    labels : mapping, optional
        Unit and meaning by column name; those of the model by default.
    stop, recompute_damaged : optional
        An event that stops the run as Ctrl-C does; compute damaged shards anew instead of refusing.

    Raises
    ------
    InputError, StoreError
        If the folder is in use, damaged, full, read-only, or of another study, case or environment.
    ComputeError
        If the simulator fails.
    Interrupted
        On Ctrl-C; the message has the command that goes on.
    """
    study = study if study.policies and study.theories and study.measures else study.resolved()
    folder = Path(out)
    mine = own_part(plan_shards(study.theories, study.worlds), shard)
    with open_store(folder, study, case_digest) as store:
        missing, problems = _missing_shards(store, mine, recompute_damaged)
        store.set_part(shard)
        store.keep_study()
        if missing:
            run = _Run(store, mine, missing, labels or model_labels(), progress, problems)
            _compute(run, simulator_factory, executor, stop)
    return open_results(folder, worlds=study.worlds, partial=shard is not None, verify=False)


def _missing_shards(
    store: Store, mine: list[ShardKey], recompute_damaged: bool
) -> tuple[list[ShardKey], tuple[str, ...]]:
    """What to compute, and what was wrong with damaged shards; refusals come before any change."""
    damaged = damaged_shards(store.folder, store.manifest)
    if not recompute_damaged:
        refuse_damage(store.folder, damaged)
    sound = {record.name for record in store.manifest.shards} - set(damaged)
    missing = [key for key in mine if not store.has(key, sound)]
    if missing:
        store.require_same_environment()
    store.drop(set(damaged))
    return missing, tuple(damaged.values())


def resume(
    folder: str | Path,
    simulator_factory: SimulatorFactory,
    executor: Executor | None = None,
    progress: ProgressFunction | None = None,
    *,
    case_digest: str,
    labels: Mapping[str, Label] | None = None,
    stop: threading.Event | None = None,
) -> Results:
    """Go on with an interrupted study where it stopped; damaged shards are computed anew.

    Raises
    ------
    InputError, StoreError, ComputeError, Interrupted
        As :func:`execute`.
    """
    path = Path(folder)
    study, manifest = read_folder(path)
    return execute(
        study, simulator_factory, path, executor, progress, case_digest=case_digest, shard=manifest.part,
        labels=labels, stop=stop, recompute_damaged=True,
    )  # fmt: skip


def extend(
    folder: str | Path,
    worlds: int,
    simulator_factory: SimulatorFactory,
    executor: Executor | None = None,
    progress: ProgressFunction | None = None,
    *,
    case_digest: str,
    labels: Mapping[str, Label] | None = None,
    stop: threading.Event | None = None,
) -> Results:
    """Give a study more worlds per theory; the result is that of a study run with so many at once.

    Raises
    ------
    InputError
        If there would be fewer worlds than now.
    StoreError, ComputeError, Interrupted
        As :func:`execute`.
    """
    path = Path(folder)
    study, manifest = read_folder(path)
    if worlds < study.worlds:
        raise InputError("a study cannot lose worlds", given=worlds, expected=f"at least {study.worlds}")
    return execute(
        study.with_worlds(worlds), simulator_factory, path, executor, progress, case_digest=case_digest,
        shard=manifest.part, labels=labels, stop=stop,
    )  # fmt: skip


class _Run:
    """The bookkeeping of one call: writes shards, keeps time, reports progress."""

    def __init__(
        self, store: Store, mine: list[ShardKey], missing: list[ShardKey], labels: Mapping[str, Label],
        progress: ProgressFunction | None, recomputed: tuple[str, ...],
    ) -> None:  # fmt: skip
        self.store, self.mine, self.missing, self.labels = store, mine, missing, labels
        self.progress, self.recomputed = progress, recomputed
        self.started = time.monotonic()
        self.earlier_runs = store.manifest.runs
        self.intervals: list[tuple[float, float]] = []
        self.done = len(mine) - len(missing)
        self.worlds_done = _world_count(mine) - _world_count(missing)
        self.world_weeks = self.failed = 0

    def finish(self, key: ShardKey, batch: BatchResult, ended: float) -> None:
        """Write a batch and list it."""
        record = self.store.add(key, batch, self.labels)
        self.intervals.append((ended - record.kernel_seconds, ended))
        self.done += 1
        self.worlds_done += key.last - key.first
        self.world_weeks += record.world_weeks
        self.failed += record.failed
        self.store.enlist(record, (*self.earlier_runs, self.record()))
        self.report()

    def record(self) -> RunRecord:
        """This run so far."""
        new = self.done - len(self.mine) + len(self.missing)
        return RunRecord(
            new, self.world_weeks, covered_seconds(self.intervals), time.monotonic() - self.started
        )

    def report(self) -> None:
        """Tell the caller where the run stands."""
        if self.progress is not None:
            record = self.record()
            self.progress(
                Progress(
                    self.done,
                    len(self.mine),
                    self.worlds_done,
                    _world_count(self.mine),
                    self.failed,
                    self.world_weeks,
                    record.kernel_seconds,
                    record.total_seconds,
                    self.recomputed,
                )
            )


def _world_count(keys: list[ShardKey]) -> int:
    return sum(key.last - key.first for key in keys)


def covered_seconds(intervals: list[tuple[float, float]]) -> float:
    """Length of the union of time intervals: the wall time of work that overlaps on several threads.

    >>> covered_seconds([(0.0, 2.0), (1.0, 3.0), (5.0, 6.0)])
    4.0
    """
    total, reached = 0.0, float("-inf")
    for start, end in sorted(intervals):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _compute(
    run: _Run, factory: SimulatorFactory, executor: Executor | None, stop_asked: threading.Event | None
) -> None:
    """Run the missing shards; stop the workers whatever ends it."""
    stop = threading.Event()
    in_flight: dict[Future[tuple[BatchResult, float]], ShardKey] = {}
    waiting = deque(run.missing)
    run.report()
    try:
        with _workers(executor) as (pool, queue_length):
            submit = _submitter(pool, factory, run.store.study, stop)
            try:
                while waiting or in_flight:
                    while waiting and len(in_flight) < queue_length:
                        key = waiting.popleft()
                        in_flight[submit(key)] = key
                    done, _ = wait(in_flight, timeout=_POLL_SECONDS, return_when=FIRST_COMPLETED)
                    if stop_asked is not None and stop_asked.is_set():
                        raise KeyboardInterrupt
                    for future in done:
                        key = in_flight.pop(future)
                        run.finish(key, *_answer(future, key))
            finally:
                stop.set()
                for future in in_flight:
                    future.cancel()
                wait(in_flight, timeout=_STOP_SECONDS)
    except KeyboardInterrupt:
        raise Interrupted(
            f"stopped with {run.done} of {len(run.mine)} shards finished and kept",
            fix=f"go on with `crosscurrent resume {path_argument(run.store.folder)}`",
        ) from None


@contextmanager
def _workers(executor: Executor | None) -> Iterator[tuple[Executor, int]]:
    """The executor and how many batches to hand it at a time."""
    if executor is not None:
        yield executor, _QUEUE_ELSEWHERE
        return
    count = os.cpu_count() or 1
    own = ThreadPoolExecutor(count, thread_name_prefix="crosscurrent")
    try:
        yield own, 2 * count
    finally:
        own.shutdown(wait=False, cancel_futures=True)


def _submitter(
    pool: Executor, factory: SimulatorFactory, study: Study, stop: threading.Event
) -> Callable[[ShardKey], Future[tuple[BatchResult, float]]]:
    if isinstance(pool, ThreadPoolExecutor):
        simulator = factory(study)
        return lambda key: pool.submit(_simulate_here, simulator, key, stop)
    return lambda key: pool.submit(_simulate_elsewhere, factory, study, key)


def _simulate_here(simulator: Simulator, key: ShardKey, stop: threading.Event) -> tuple[BatchResult, float]:
    """A batch and when it was ready (seconds since the epoch, comparable between processes)."""
    return simulator.simulate(*key, stop), time.time()


def _simulate_elsewhere(factory: SimulatorFactory, study: Study, key: ShardKey) -> tuple[BatchResult, float]:
    """As :func:`_simulate_here`, in a process that cannot see our stop event; it is stopped with its
    executor.
    """
    return _simulate_here(_simulator_of_process(factory, study), key, threading.Event())


@functools.lru_cache(maxsize=1)
def _simulator_of_process(factory: SimulatorFactory, study: Study) -> Simulator:
    return factory(study)


def _answer(future: Future[tuple[BatchResult, float]], key: ShardKey) -> tuple[BatchResult, float]:
    """What a batch gave, or its error in the package's terms."""
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, CrosscurrentError | KeyboardInterrupt):
        raise error
    raise ComputeError(
        f"the simulation of {key} failed: {type(error).__name__}: {error}",
        fix="the shards finished before are kept",
    ) from error
