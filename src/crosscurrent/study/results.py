"""Reading a results folder: tables, time paths, drawn values and failures, a few columns at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import InputError, StoreError, did_you_mean
from .atomic import path_argument
from .batch import QUANTILE_LEVELS
from .labels import Label
from .manifest import Manifest, ShardRecord
from .plan import ShardKey, plan_shards
from .quantiles import merge_quantiles
from .shards import AXIS, PARAMETER, column_roles, level_column, read_columns
from .specification import Study
from .store import damaged_shards, read_folder, refuse_damage

if TYPE_CHECKING:
    import xarray

__all__ = ["FailedCount", "PathSet", "QuantilePaths", "Results", "Timings", "open_results"]

Floats = npt.NDArray[np.float64]


class FailedCount(NamedTuple):
    """How many worlds of a policy and theory failed in one subsystem."""

    policy: str
    theory: str
    subsystem: str
    worlds: int
    first_week: int
    """Week of the earliest of these failures."""


class Timings(NamedTuple):
    """How long the numbers took, summed over all runs that made them."""

    world_weeks: int
    kernel_s: float
    """Wall time of the kernel, compilation excluded."""
    total_s: float
    world_weeks_per_second: float


@dataclass(frozen=True)
class QuantilePaths:
    """Quantiles over worlds of a measure's monthly path."""

    values: Floats
    """[policy, theory, month, level]; NaN where no world is left."""
    months: npt.NDArray[np.int64]
    """Months since January 2012."""
    levels: tuple[float, ...]
    counts: npt.NDArray[np.int64]
    """[policy, theory], worlds behind the quantiles."""


@dataclass(frozen=True)
class PathSet:
    """Whole monthly paths of the first worlds."""

    values: Floats
    """[policy, theory, path_world, month]; NaN where there is none."""
    worlds: npt.NDArray[np.int64]
    months: npt.NDArray[np.int64]
    """Months since January 2012."""


def open_results(
    folder: str | Path, *, worlds: int | None = None, partial: bool = False, verify: bool = True
) -> Results:
    """Open a results folder for reading.

    Parameters
    ----------
    folder : path
    worlds : int, optional
        Only the first so many worlds of each theory.
    partial : bool
        Accept a study that is not complete; missing worlds are NaN.
    verify : bool
        Hash every file first (about a second per gigabyte).

    Raises
    ------
    InputError
        If the path is no results folder.
    StoreError
        If the study is incomplete or a file is damaged; the message has the command that mends it.
    """
    path = Path(folder)
    study, manifest = read_folder(path)
    if verify:
        refuse_damage(path, damaged_shards(path, manifest))
    if worlds is not None:
        if worlds > study.worlds:
            raise InputError("there are fewer worlds", given=worlds, expected=f"at most {study.worlds}")
        study = study.with_worlds(worlds)
    results = Results(path, study, manifest)
    if results.missing and not partial:
        total = len(plan_shards(study.theories, study.worlds))
        raise StoreError(
            f"the study is incomplete: {len(results.missing)} of {total} shards are missing, such as "
            f"{results.missing[0]}",
            fix=f"go on with `crosscurrent resume {path_argument(path)}`"
            + (f", or merge it with the other parts (this is part {manifest.part})" if manifest.part else ""),
            file=path,
        )
    return results


class Results:
    """Numbers of a study; made by :func:`open_results`.  Nothing is kept in memory between calls."""

    def __init__(self, folder: Path, study: Study, manifest: Manifest) -> None:
        self.folder = folder
        """The results folder."""
        self.study = study
        """The study, with the number of worlds that is read."""
        self.manifest = manifest
        """Versions, hashes and shards."""
        covered = {(shard.theory, shard.first): shard.last for shard in manifest.shards}
        self.missing: tuple[ShardKey, ...] = tuple(
            key
            for key in plan_shards(study.theories, study.worlds)
            if covered.get((key.theory, key.first), 0) < key.last
        )
        """Shards not computed yet; empty when the study is complete."""

    @property
    def policies(self) -> tuple[str, ...]:
        """Policy ids, the order of the first dimension of tables."""
        return self.study.policies

    @property
    def theories(self) -> tuple[str, ...]:
        """Theory ids, the order of the second dimension of tables."""
        return self.study.theories

    @property
    def worlds(self) -> npt.NDArray[np.int64]:
        """World numbers, the last dimension of tables."""
        return np.arange(self.study.worlds)

    @property
    def measures(self) -> tuple[str, ...]:
        """Measure ids in the store."""
        return tuple(name for name, (role, _) in self._columns().items() if role == "measure")

    @property
    def labels(self) -> dict[str, Label]:
        """Unit and meaning of each measure (by id) and parameter (as ``parameter_<name>``)."""
        return {
            name: label for name, (role, label) in self._columns().items() if role in ("measure", "parameter")
        }

    def _columns(self, theory: str | None = None) -> dict[str, tuple[str, Label]]:
        columns: dict[str, tuple[str, Label]] = {}
        for name in self.theories if theory is None else (theory,):
            shard = next(self._shards(name), None)
            if shard is not None:
                columns |= column_roles(self._file(shard, "worlds"))
        return columns

    def _known(self, name: str, valid: Sequence[str], noun: str) -> str:
        if name not in valid:
            raise InputError(f"unknown {noun} in these results", given=name, fix=did_you_mean(name, valid))
        return name

    def _shards(self, theory: str) -> Iterator[ShardRecord]:
        for shard in self.manifest.shards:
            if shard.theory == theory and shard.first < self.study.worlds:
                yield shard

    def _file(self, shard: ShardRecord, kind: str) -> Path:
        return self.folder / shard.files[kind].name

    def table(self, measure: str) -> Floats:
        """A measure in every world, [policy, theory, world]; NaN where the world failed or is missing.

        Raises
        ------
        InputError
            If the measure is not in the results.
        """
        return self.tables([measure])[measure]

    def tables(self, measures: Sequence[str] | None = None) -> dict[str, Floats]:
        """Several measures (all by default) in one pass over the files; see :meth:`table`."""
        stored = self.measures
        names = (
            list(stored) if measures is None else [self._known(name, stored, "measure") for name in measures]
        )
        shape = (len(self.policies), len(self.theories), self.study.worlds)
        tables = {name: np.full(shape, np.nan) for name in names}
        for index, theory in enumerate(self.theories):
            for shard in self._shards(theory):
                count = min(shard.last, self.study.worlds) - shard.first
                for name, values in read_columns(self._file(shard, "worlds"), names).items():
                    cells = values.reshape(len(self.policies), -1)[:, :count]
                    tables[name][:, index, shard.first : shard.first + count] = cells
        return tables

    def parameters(self, theory: str) -> dict[str, Floats]:
        """Values drawn in each world of a theory, by parameter, each [world]."""
        drawn = self._drawn(theory, "parameter", PARAMETER)
        return {name: values.astype(np.float64) for name, values in drawn.items()}

    def axes(self, theory: str) -> dict[str, npt.NDArray[Any]]:
        """Rival drawn in each world of a theory, by axis, each an object array [world]; None if missing."""
        return self._drawn(theory, "axis", AXIS)

    def _drawn(self, theory: str, role: str, prefix: str) -> dict[str, npt.NDArray[Any]]:
        self._known(theory, self.theories, "theory")
        names = [name for name, (its, _) in self._columns(theory).items() if its == role]
        empty: Any = np.nan if role == "parameter" else None
        kind: Any = np.float64 if role == "parameter" else object
        drawn = {name: np.full(self.study.worlds, empty, dtype=kind) for name in names}
        only = [("policy", "=", self.policies[0])]
        for shard in self._shards(theory):
            count = min(shard.last, self.study.worlds) - shard.first
            for name, values in read_columns(self._file(shard, "worlds"), names, only).items():
                drawn[name][shard.first : shard.first + count] = values[:count]
        return {name.removeprefix(prefix): values for name, values in drawn.items()}

    def failed_weeks(self) -> npt.NDArray[np.int32]:
        """Week in which each world failed, [policy, theory, world]; -1 where it did not."""
        weeks = np.full((len(self.policies), len(self.theories), self.study.worlds), -1, dtype=np.int32)
        for index, shard, count in self._shards_with_failures():
            values = read_columns(self._file(shard, "worlds"), ["failed_week"])["failed_week"]
            cells = values.reshape(len(self.policies), -1)[:, :count]
            weeks[:, index, shard.first : shard.first + count] = cells
        return weeks

    @property
    def failed(self) -> tuple[FailedCount, ...]:
        """Failed worlds by policy, theory and subsystem; empty when none failed."""
        counts: dict[tuple[str, str, str], tuple[int, int]] = {}
        for index, shard, count in self._shards_with_failures():
            columns = read_columns(self._file(shard, "worlds"), ["failed_week", "failed_subsystem"])
            weeks = columns["failed_week"].reshape(len(self.policies), -1)[:, :count]
            subsystems = columns["failed_subsystem"].reshape(len(self.policies), -1)[:, :count]
            for policy, world in zip(*np.nonzero(weeks >= 0), strict=True):
                key = (self.policies[policy], self.theories[index], str(subsystems[policy, world]))
                number, first = counts.get(key, (0, int(weeks[policy, world])))
                counts[key] = (number + 1, min(first, int(weeks[policy, world])))
        return tuple(FailedCount(*key, *value) for key, value in sorted(counts.items()))

    @property
    def failed_worlds(self) -> int:
        """Failed (policy, theory, world) triples."""
        return sum(row.worlds for row in self.failed)

    def _shards_with_failures(self) -> Iterator[tuple[int, ShardRecord, int]]:
        for index, theory in enumerate(self.theories):
            for shard in self._shards(theory):
                if shard.failed:
                    yield index, shard, min(shard.last, self.study.worlds) - shard.first

    def quantiles(self, measure: str) -> QuantilePaths:
        """Quantiles over worlds of a measure's monthly path, the shards mixed by their worlds.

        Whole shards are used: when fewer worlds are read than were computed, up to a shard's worth of later
        worlds count too.
        """
        self._known(measure, self.measures, "measure")
        months = self._months()
        levels = [level_column(level) for level in QUANTILE_LEVELS]
        policies = len(self.policies)
        shape = (policies, len(self.theories), len(months), len(levels))
        values, totals = np.full(shape, np.nan), np.zeros(shape[:2], dtype=np.int64)
        for index, theory in enumerate(self.theories):
            parts, counts = [], []
            for shard in self._shards(theory):
                columns = read_columns(
                    self._file(shard, "quantiles"), ["count", *levels], [("measure", "=", measure)]
                )
                parts.append(np.stack([columns[name].reshape(policies, -1) for name in levels], axis=-1))
                counts.append(columns["count"].reshape(policies, -1))
            if parts:
                values[:, index] = merge_quantiles(np.stack(parts), np.stack(counts), QUANTILE_LEVELS)
                totals[:, index] = np.stack(counts)[:, :, :1].sum(axis=(0, 2))
        return QuantilePaths(values, months, QUANTILE_LEVELS, totals)

    def paths(self, measure: str) -> PathSet:
        """Whole monthly paths of a measure in the first worlds (``full_paths`` of the study)."""
        self._known(measure, self.measures, "measure")
        months = self._months()
        worlds = np.arange(min(self.study.full_paths, self.study.worlds))
        shape = (len(self.policies), len(self.theories), len(worlds), len(months))
        values = np.full(shape, np.nan)
        for index, theory in enumerate(self.theories):
            for shard in self._shards(theory):
                if "paths" in shard.files and shard.first < len(worlds):
                    column = read_columns(self._file(shard, "paths"), [measure])[measure]
                    cells = column.reshape(len(self.policies), -1, len(months))
                    cells = cells[:, : len(worlds) - shard.first]
                    values[:, index, shard.first : shard.first + cells.shape[1]] = cells
        return PathSet(values, worlds, months)

    def _months(self) -> npt.NDArray[np.int64]:
        for theory in self.theories:
            for shard in self._shards(theory):
                only = [("measure", "=", self.measures[0]), ("policy", "=", self.policies[0])]
                column = read_columns(self._file(shard, "quantiles"), ["month"], only)["month"]
                return column.astype(np.int64)
        return np.zeros(0, dtype=np.int64)

    @property
    def timings(self) -> Timings:
        """Work and time of the runs that made these results."""
        runs = self.manifest.runs
        weeks = sum(run.world_weeks for run in runs)
        kernel = sum(run.kernel_seconds for run in runs)
        total = sum(run.total_seconds for run in runs)
        return Timings(weeks, kernel, total, weeks / kernel if kernel > 0 else float("nan"))

    def dataset(self, measures: Sequence[str] | None = None) -> xarray.Dataset:
        """Measures (all by default), their paths, drawn values and failures, with units in ``attrs``."""
        from .dataset import results_dataset

        return results_dataset(self, measures)
