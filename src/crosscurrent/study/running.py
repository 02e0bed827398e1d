"""Running a study from its specification alone: case, simulator and results folder are found for it."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

from ..case import Case, load_case
from .execution import ProgressFunction, execute, extend, resume
from .posterior import refuse_beliefs
from .results import Results
from .simulation import CaseSimulator
from .specification import Study
from .store import read_folder

__all__ = ["RESULTS_FOLDER", "default_folder", "extend_study", "needs_compiling", "resume_study", "run_study"]

RESULTS_FOLDER = "crosscurrent-results"

Announce = Callable[[], None]


def default_folder(study: Study, shard: str | None = None) -> Path:
    """Where a study's results go if nobody says: ``crosscurrent-results/<study name>``.

    >>> default_folder(Study(), "1/4").name.endswith("-part-1-of-4")
    True
    """
    part = "" if shard is None else f"-part-{shard.replace('/', '-of-')}"
    return Path(RESULTS_FOLDER) / f"{study.name}{part}"


def needs_compiling(simulator: CaseSimulator) -> bool:
    """Whether the kernel has never been compiled on this computer, which takes about a minute."""
    return next(simulator.kernel.folder.rglob("*.nbi"), None) is None


def _make_for(study: Study, case: Case, announce: Announce | None) -> CaseSimulator:
    """A simulator that is ready to run, so that no batch's time includes compilation."""
    simulator = CaseSimulator(study, case)
    if announce is not None and needs_compiling(simulator):
        announce()
    simulator.compile()
    return simulator


def _factory(case: Case, announce: Announce | None) -> Callable[[Study], CaseSimulator]:
    return functools.partial(_make_for, case=case, announce=announce)


def run_study(
    study: Study,
    out: str | Path | None = None,
    executor: Executor | None = None,
    progress: ProgressFunction | None = None,
    *,
    case: Case | None = None,
    shard: str | None = None,
    stop: threading.Event | None = None,
    on_compile: Announce | None = None,
) -> Results:
    """Compute a study, or what a results folder still lacks of it.

    Parameters
    ----------
    study : Study
    out : path, optional
        Results folder; :func:`default_folder` by default.
    executor, progress, shard, stop : optional
        As :func:`crosscurrent.study.execute`.
    case : Case, optional
        The study's case, if it is at hand.
    on_compile : callable, optional
        Called before the kernel is compiled for the first time on this computer.

    Raises
    ------
    InputError, StoreError, ComputeError, Interrupted
        As :func:`crosscurrent.study.execute`.
    """
    data = case or load_case(study.case)
    whole = study.resolved()
    refuse_beliefs(whole.case, whole.beliefs, whole.worlds, whole.seed)
    folder = default_folder(whole, shard) if out is None else Path(out)
    return execute(
        whole, _factory(data, on_compile), folder, executor, progress, case_digest=data.digest, shard=shard,
        stop=stop,
    )  # fmt: skip


def resume_study(
    folder: str | Path,
    executor: Executor | None = None,
    progress: ProgressFunction | None = None,
    *,
    on_compile: Announce | None = None,
) -> Results:
    """Go on with an interrupted study; see :func:`crosscurrent.study.resume`."""
    case = load_case(read_folder(Path(folder))[0].case)
    return resume(folder, _factory(case, on_compile), executor, progress, case_digest=case.digest)


def extend_study(
    folder: str | Path,
    worlds: int,
    executor: Executor | None = None,
    progress: ProgressFunction | None = None,
    *,
    on_compile: Announce | None = None,
) -> Results:
    """Give a study more worlds; see :func:`crosscurrent.study.extend`."""
    study = read_folder(Path(folder))[0]
    refuse_beliefs(study.case, study.beliefs, worlds, study.seed)
    case = load_case(study.case)
    return extend(folder, worlds, _factory(case, on_compile), executor, progress, case_digest=case.digest)
