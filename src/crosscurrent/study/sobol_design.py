"""Worlds of a Sobol' sensitivity design: two samples, and for each factor the first with that factor from the second.

Factors are groups of coordinates of a world: every axis by itself, the parameters of each subsystem together, the
theory, and chance.  Coordinates are independent before distributions and rivals are applied, so shares of variance
add up although drawn parameters depend on rivals.  Chance is a factor like any other because random draws are keyed by
a world's number: keeping the number keeps the draws, taking the other sample's number exchanges them [1]_.

References
----------
.. [1] Saltelli A, Annoni P, Azzini I, Campolongo F, Ratto M, Tarantola S (2010) Variance based sensitivity analysis of
   model output. Computer Physics Communications 181(2). https://doi.org/10.1016/j.cpc.2009.09.018
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..case.records import Case
from ..errors import InputError, did_you_mean
from ..kernel import run
from ..model.schema import PARAMETERS
from .draws import Draws, dimensions, draw_worlds
from .execution import Progress, ProgressFunction
from .running import needs_compiling
from .sampling import SCRAMBLES, scramble_of, world_points
from .simulation import CaseSimulator
from .specification import Study

__all__ = ["DesignFactor", "SobolSample", "design_factors", "mixed_points", "run_sobol"]

Floats = npt.NDArray[np.float64]
_BATCH = 512


@dataclass(frozen=True)
class DesignFactor:
    """What is exchanged between the two samples at once."""

    name: str
    kind: Literal["axis", "subsystem", "theory", "chance"]
    columns: tuple[int, ...]
    """Coordinates of the world; empty for chance."""


@dataclass(frozen=True)
class SobolSample:
    """Results of a design; a failed world is NaN."""

    factors: tuple[DesignFactor, ...]
    policies: tuple[str, ...]
    theories: tuple[str, ...]
    measure: str
    first: Floats
    """[policy, point], results of the first sample."""
    second: Floats
    """[policy, point], results of the second."""
    mixed: Floats
    """[factor, policy, point], results of the first with one factor from the second."""
    scrambles: npt.NDArray[np.int64]
    """[point], scramble (0-7) of each point."""


def design_factors(case: Case, theories: Sequence[str]) -> tuple[DesignFactor, ...]:
    """Groups of coordinates that a design exchanges: axes, subsystems, the theory if there are several, and chance.

    Axes that every theory fixes, and subsystems without uncertain parameters, are left out.
    """
    found = []
    for place, axis in enumerate(case.axes):
        if any(axis not in case.theories[theory].fixes for theory in theories):
            found.append(DesignFactor(axis, "axis", (place,)))
    groups: dict[str, list[int]] = {}
    for number, (name, schema) in enumerate(PARAMETERS.items()):
        entry = case.parameters[name]
        kinds = {entry.distribution.kind, *(its.kind for its in entry.rivals.values())}
        if kinds != {"constant"}:
            groups.setdefault(schema.subsystem, []).append(len(case.axes) + number)
    found += [DesignFactor(f"{name} parameters", "subsystem", tuple(places)) for name, places in groups.items()]
    if len(theories) > 1:
        found.append(DesignFactor("theory", "theory", (dimensions(case),)))
    return (*found, DesignFactor("chance", "chance", ()))


def mixed_points(
    first: Floats, second: Floats, factor: DesignFactor, keys: npt.NDArray[np.int64]
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """The first sample with one factor from the second, and the numbers that key its random draws.

    Parameters
    ----------
    first, second : float64 array [point, coordinate]
    factor : DesignFactor
    keys : int array [2, point]
        World numbers of the first and of the second sample.
    """
    points = first.copy()
    columns = list(factor.columns)
    points[:, columns] = second[:, columns]
    return points, keys[1] if factor.kind == "chance" else keys[0]


def run_sobol(
    study: Study,
    case: Case,
    measure: str,
    policies: Sequence[str],
    *,
    theories: Sequence[str] | None = None,
    points: int = 256,
    progress: ProgressFunction | None = None,
    on_compile: Callable[[], None] | None = None,
) -> SobolSample:
    """Run a design: (factors + 2) × points worlds, under each policy.

    Parameters
    ----------
    study : Study
        Decision date, years and seed; its own worlds are not used.
    case : Case
    measure : str
        A measure id.
    policies : sequence of str
        Every world is run under each of them with the same draws.
    theories : sequence of str, optional
        Those of the study by default; the theory is drawn with equal weights.
    points : int
        Points of each sample: 8 times a power of two, from 64 to 8,192.
    progress : function, optional
        Called after every batch.
    on_compile : callable, optional
        Called before the kernel is compiled for the first time on this computer.

    Raises
    ------
    InputError
        If a name is unknown or the number of points does not fit.
    """
    if study.beliefs != "prior":
        raise InputError(
            "a Sobol' design draws every factor by itself, which a posterior's are not", given=study.beliefs,
            fix="ask a study of the prior, or use the given-data method",
        )  # fmt: skip
    simulator = CaseSimulator(study, case)
    chosen = tuple(theories) if theories else simulator.study.theories
    _refuse(simulator, measure, chosen, points)
    if on_compile is not None and needs_compiling(simulator):
        on_compile()
    simulator.compile()
    factors, size = design_factors(case, chosen), dimensions(case) + 1
    both = world_points(study.seed, np.arange(points), 2 * size)
    first, second = both[:, :size], both[:, size:]
    keys = np.stack([2 * np.arange(points), 2 * np.arange(points) + 1])
    samples = [(first, keys[0]), (second, keys[1]), *(mixed_points(first, second, its, keys) for its in factors)]
    evaluated = _Evaluation(simulator, chosen, measure, tuple(policies), progress).all(
        np.concatenate([sample for sample, _ in samples]), np.concatenate([key for _, key in samples])
    )
    table = evaluated.reshape(len(policies), len(samples), points)
    return SobolSample(
        factors, tuple(policies), chosen, measure, table[:, 0], table[:, 1], np.moveaxis(table[:, 2:], 1, 0),
        scramble_of(np.arange(points)),
    )  # fmt: skip


def _refuse(simulator: CaseSimulator, measure: str, theories: Sequence[str], points: int) -> None:
    if points not in [SCRAMBLES * 2**power for power in range(3, 11)]:
        raise InputError("not a usable number of points", given=points, expected="64, 128, 256 ... 8192")
    known = simulator.case.theories
    for name in theories:
        if name not in known:
            raise InputError("unknown theory", given=name, fix=did_you_mean(name, known))
    if measure not in simulator.names:
        raise InputError("unknown measure", given=measure, fix=did_you_mean(measure, simulator.names))


class _Evaluation:
    """Runs points in batches on all cores."""

    def __init__(
        self,
        simulator: CaseSimulator,
        theories: tuple[str, ...],
        measure: str,
        policies: tuple[str, ...],
        progress: ProgressFunction | None,
    ) -> None:
        self.simulator, self.theories, self.measure, self.policies = simulator, theories, measure, policies
        self.progress, self.stop, self.begin = progress, threading.Event(), time.monotonic()

    def all(self, points: Floats, keys: npt.NDArray[np.int64]) -> Floats:
        """Results [policy, point]."""
        starts = list(range(0, len(points), _BATCH))
        pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="sobol")
        parts: list[Floats] = []
        try:
            waiting = [
                pool.submit(self._batch, points[start : start + _BATCH], keys[start : start + _BATCH])
                for start in starts
            ]
            for done, future in enumerate(waiting, start=1):
                parts.append(future.result())
                if self.progress is not None:
                    self.progress(self._standing(done, len(starts), parts, len(points)))
        finally:
            self.stop.set()
            pool.shutdown(cancel_futures=True)
        return np.concatenate(parts, axis=1)

    def _standing(self, done: int, total: int, parts: list[Floats], points: int) -> Progress:
        weeks = self.simulator.end_week * done * _BATCH
        failed = int(sum(np.isnan(part).sum() for part in parts))
        elapsed = time.monotonic() - self.begin
        return Progress(done, total, min(done * _BATCH, points), points, failed, weeks, elapsed, elapsed, ())

    def _batch(self, points: Floats, keys: npt.NDArray[np.int64]) -> Floats:
        simulator, count = self.simulator, len(keys)
        drawn = self._drawn(points)
        past, _, _ = simulator.past(Draws(drawn, {}), keys, stop=self.stop)
        run.begin_projection(past)
        found = np.empty((len(self.policies), count))
        for number, policy in enumerate(self.policies):
            future = run.fork(past)
            setting = simulator.setting(policy, (0, 0))
            run.advance(simulator.kernel, future, setting, simulator.decision_week, simulator.end_week, 0)
            sound = run.failures(future, count).week < 0
            found[number] = np.where(sound, run.totals(future, count)[self.measure], np.nan)
        return found

    def _drawn(self, points: Floats) -> dict[str, Floats]:
        """Parameters of points whose last coordinate picks the theory."""
        case, names = self.simulator.case, self.theories
        picked = np.minimum((points[:, -1] * len(names)).astype(np.int64), len(names) - 1)
        drawn = {name: np.empty(len(points)) for name in PARAMETERS}
        for place, theory in enumerate(names):
            rows = np.flatnonzero(picked == place)
            if len(rows):
                found = draw_worlds(case, case.theories[theory], points[rows, :-1]).parameters
                for name, values in found.items():
                    drawn[name][rows] = values
        return drawn
