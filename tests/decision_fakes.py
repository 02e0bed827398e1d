"""Stored studies made from formulas: losses are known functions of what a world draws, so answers are known too."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from crosscurrent.study import QUANTILE_LEVELS, BatchResult, Label, Study, execute
from crosscurrent.study.sampling import world_points

MONTHS = np.arange(159, 161)
Formula = Callable[[str, np.ndarray], dict[str, np.ndarray]]
"""Measures [policy, world] from a theory and points [world, dimension] in (0, 1)."""


@dataclass
class Known:
    """What a world draws and what its measures are."""

    formula: Formula
    dimensions: int = 4
    parameters: Callable[[np.ndarray], dict[str, np.ndarray]] = field(default=lambda points: {"first": points[:, 0]})
    axes: Callable[[np.ndarray], dict[str, np.ndarray]] = field(default=lambda points: {})
    fails: Callable[[str, np.ndarray], np.ndarray] | None = None
    """Failed cells [policy, world] from a theory and world numbers."""
    simulated: list[int] = field(default_factory=list)

    def __call__(self, study: Study) -> Simulator:
        return Simulator(study, self)


@dataclass
class Simulator:
    """Computes batches of a known study."""

    study: Study
    known: Known

    def simulate(self, theory: str, first: int, last: int, stop: threading.Event) -> BatchResult:
        worlds, policies = np.arange(first, last), len(self.study.policies)
        points = world_points(self.study.seed, worlds, self.known.dimensions)
        self.known.simulated.append(last)
        measures = {
            name: np.array(np.broadcast_to(values, (policies, len(worlds))), dtype=np.float64)
            for name, values in self.known.formula(theory, points).items()
        }
        failed = np.full((policies, len(worlds)), -1, dtype=np.int32)
        if self.known.fails is not None:
            failed[self.known.fails(theory, worlds)] = 700
        for values in measures.values():
            values[failed >= 0] = np.nan
        monthly = np.repeat(np.stack(list(measures.values()), axis=1)[..., None], len(MONTHS), axis=-1)
        axes: dict[str, Any] = {name: values.astype(object) for name, values in self.known.axes(points).items()}
        return BatchResult(
            theory, worlds, self.study.policies, self.known.parameters(points), axes, measures, failed,
            np.where(failed >= 0, "violence", "").astype(object),
            np.moveaxis(np.nanquantile(monthly, QUANTILE_LEVELS, axis=2), 0, -1).astype(np.float32),
            (failed < 0).sum(axis=1).astype(np.int64),
            np.moveaxis(monthly[:, :, :0], 2, 1).astype(np.float32), MONTHS, len(worlds) * 52, 0.01,
        )  # fmt: skip


def stored(
    folder: Path,
    known: Known,
    policies: tuple[str, ...],
    theories: tuple[str, ...],
    measures: tuple[str, ...],
    worlds: int,
    labels: dict[str, Label] | None = None,
):
    """A results folder of a known study."""
    study = Study(policies=policies, theories=theories, measures=measures, worlds=worlds, full_paths=0)
    return execute(study, known, folder, case_digest="0", labels=labels or {})
