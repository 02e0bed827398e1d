"""What a simulator gives back for one batch of worlds, and what a study expects of a simulator."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..errors import ComputeError, Interrupted

__all__ = ["QUANTILE_LEVELS", "BatchResult", "Simulator", "StopRequested", "check_batch"]

QUANTILE_LEVELS: tuple[float, ...] = (
    0.0, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5,
    0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.975, 1.0,
)  # fmt: skip
"""Levels of the quantiles kept of each monthly path; 0 and 1 are the extremes seen."""

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]


class StopRequested(Interrupted):
    """A simulator saw its stop event and gave up its batch."""


@dataclass(frozen=True)
class BatchResult:
    """All policies of a study in the worlds of one theory.

    The order of ``measures`` is the order of the measure axis in ``quantiles`` and ``paths``.
    """

    theory: str
    worlds: npt.NDArray[np.int64]
    """World numbers [world], consecutive."""
    policies: tuple[str, ...]
    parameters: dict[str, Floats]
    """Drawn values, each [world]."""
    axes: dict[str, npt.NDArray[Any]]
    """Id of the rival drawn, each [world]."""
    measures: dict[str, Floats]
    """Each [policy, world]; NaN where the world failed."""
    failed_week: npt.NDArray[np.int32]
    """[policy, world]; -1 where the world did not fail."""
    failed_subsystem: npt.NDArray[Any]
    """[policy, world]; empty where the world did not fail."""
    quantiles: Singles
    """[policy, measure, month, level], over the worlds that did not fail."""
    world_count: npt.NDArray[np.int64]
    """[policy], worlds behind the quantiles."""
    paths: Singles
    """[policy, path_world, measure, month], the batch's worlds below the study's ``full_paths``."""
    months: npt.NDArray[np.int64]
    """[month], months since January 2012."""
    world_weeks: int
    kernel_seconds: float
    """Wall time of the kernel on this batch, compilation excluded."""


class Simulator(Protocol):
    """Computes batches; one object serves several threads at once."""

    def simulate(self, theory: str, first: int, last: int, stop: threading.Event) -> BatchResult:
        """Worlds ``first <= world < last`` of a theory under all policies.

        Looks at ``stop`` at least every half second, and raises :class:`StopRequested` once it is set.
        """
        ...


def check_batch(
    batch: BatchResult, theory: str, first: int, last: int, policies: tuple[str, ...], path_worlds: int
) -> None:
    """Refuse a batch whose arrays do not have the promised shapes, before it reaches the disk.

    Raises
    ------
    ComputeError
        Naming the first array that does not fit.
    """
    cells = (len(policies), last - first)
    measures, months = len(batch.measures), len(batch.months)
    expected: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
        "failed_week": (batch.failed_week.shape, cells),
        "failed_subsystem": (batch.failed_subsystem.shape, cells),
        "quantiles": (batch.quantiles.shape, (len(policies), measures, months, len(QUANTILE_LEVELS))),
        "world_count": (batch.world_count.shape, (len(policies),)),
        "paths": (batch.paths.shape, (len(policies), path_worlds, measures, months)),
    }
    expected |= {f"measure {name}": (array.shape, cells) for name, array in batch.measures.items()}
    expected |= {f"parameter {name}": (array.shape, cells[1:]) for name, array in batch.parameters.items()}
    expected |= {f"axis {name}": (array.shape, cells[1:]) for name, array in batch.axes.items()}
    for name, (given, wanted) in expected.items():
        if given != wanted:
            raise ComputeError(
                f"the simulator's {name} has the wrong shape", given=given, expected=str(wanted)
            )
    if batch.theory != theory or batch.policies != policies:
        raise ComputeError("the simulator answered for other policies or another theory", given=batch.theory)
    if not np.array_equal(batch.worlds, np.arange(first, last)):
        raise ComputeError(
            "the simulator answered for other worlds", expected=f"worlds {first} to {last - 1}"
        )
