"""A results folder: what is in it, whether it can be trusted, and adding to it one whole shard at a time.

::

    study.yaml                                  the study, with the largest number of worlds asked for so far
    manifest.json                               whose numbers these are; every shard with its files' hashes
    shards/<theory>-<first>-<last>.parquet      rows of worlds
    shards/<theory>-<first>-<last>-quantiles.parquet
    shards/<theory>-<first>-<last>-paths.parquet

Every file is written whole (see :mod:`.atomic`) and listed last, so a process killed at any instant leaves
a folder that is valid without the shards it had in hand.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import InputError, StoreError
from .atomic import LOCK_NAME, folder_lock, make_folder, path_argument, remove_partial_files, write_whole
from .batch import BatchResult, check_batch
from .environment import Environment, this_environment
from .labels import Label
from .manifest import (
    MANIFEST_NAME,
    FileRecord,
    Manifest,
    RunRecord,
    ShardRecord,
    read_manifest,
    write_manifest,
)
from .plan import ShardKey, path_worlds
from .shards import encode_batch
from .specification import Study, read_stored_study

__all__ = ["STUDY_NAME", "Store", "damaged_shards", "open_store", "read_folder", "refuse_damage"]

STUDY_NAME = "study.yaml"
SHARD_FOLDER = "shards"
_SUFFIXES = {"worlds": "", "quantiles": "-quantiles", "paths": "-paths"}


def read_folder(folder: Path) -> tuple[Study, Manifest]:
    """The study and manifest of a results folder.

    Raises
    ------
    InputError
        If the path is no results folder.
    StoreError
        If the manifest is missing or edited, or belongs to another study than ``study.yaml``.
    """
    if not (folder / STUDY_NAME).is_file():
        raise InputError("not a results folder", given=str(folder), expected=f"a folder with {STUDY_NAME}")
    study, manifest = read_stored_study(folder / STUDY_NAME), read_manifest(folder)
    if study.digest() != manifest.study_digest:
        other = "" if study.beliefs == "prior" else f", or the posterior it rests on ({study.beliefs}),"
        raise StoreError(
            f"{STUDY_NAME}{other} was changed after the results were computed", file=folder,
            fix="restore it, or run the changed study in a folder of its own",
        )  # fmt: skip
    return study, manifest


def damaged_shards(folder: Path, manifest: Manifest) -> dict[str, str]:
    """Shards whose files are not what the manifest says, each with what is wrong.

    Reads and hashes every file (about a second per gigabyte).
    """
    problems = {}
    for shard in manifest.shards:
        for file in shard.files.values():
            problem = _problem(folder / file.name, file)
            if problem:
                problems[shard.name] = f"{file.name} {problem}"
    return problems


def _problem(path: Path, record: FileRecord) -> str | None:
    try:
        size = path.stat().st_size
        if size != record.bytes:
            return f"is truncated ({size} of {record.bytes} bytes)" if size < record.bytes else "was edited"
        with open(path, "rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == record.sha256
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return None if same else "was edited"


def refuse_damage(folder: Path, problems: Mapping[str, str]) -> None:
    """Stop when a shard is damaged, saying which and how to compute it anew.

    Raises
    ------
    StoreError
        If there is a problem.
    """
    if problems:
        others = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise StoreError(
            f"{next(iter(problems.values()))}{others}", file=folder,
            fix=f"`crosscurrent resume {path_argument(folder)}` computes damaged shards anew",
        )  # fmt: skip


@dataclass
class Store:
    """A results folder open for writing; hold it through :func:`open_store` only."""

    folder: Path
    study: Study
    manifest: Manifest
    stored: Study | None
    """The study as it stands on the disk, perhaps with fewer worlds; None in a new folder."""

    def keep_study(self) -> None:
        """Write the study down; only once nothing speaks against it, so that a refusal changes no file."""
        if self.stored != self.study:
            write_whole(self.folder / STUDY_NAME, self.study.to_yaml().encode())
            self.stored = self.study

    def has(self, key: ShardKey, sound: set[str]) -> bool:
        """Whether one of the shards named sound covers these worlds."""
        return any(
            shard.theory == key.theory and shard.first == key.first and shard.last >= key.last
            for shard in self.manifest.shards
            if shard.name in sound
        )

    def drop(self, names: set[str]) -> None:
        """Take shards off the list, to be computed anew."""
        if names:
            self._save(self.manifest.without(names))

    def set_part(self, part: str | None) -> None:
        """Record which part of the study this folder is for."""
        if part != self.manifest.part:
            self._save(replace(self.manifest, part=part))

    def require_same_environment(self) -> None:
        """Refuse to add shards from another version, precision or processor.

        Raises
        ------
        StoreError
            Naming what differs.
        """
        here = this_environment(self.study.precision)
        if not self.manifest.shards:
            self._save(replace(self.manifest, environment=here))
            return
        differences = here.differences(self.manifest.environment)
        if differences:
            raise StoreError(
                "identical bits not guaranteed: the results here come from another environment "
                f"({'; '.join(differences)})",
                file=self.folder, fix="go on where they were computed, or start in a new folder",
            )  # fmt: skip

    def add(self, key: ShardKey, batch: BatchResult, labels: Mapping[str, Label]) -> ShardRecord:
        """Write a batch's files; :meth:`enlist` then makes them count.

        Raises
        ------
        StoreError
            If the disk is full or read-only; nothing already listed is touched.
        ComputeError
            If the batch is not what was asked for.
        """
        paths = path_worlds(key, self.study.full_paths)
        check_batch(batch, *key, self.study.policies, paths)
        files = {}
        for kind, data in encode_batch(batch, self.study.measures, labels, paths > 0).items():
            name = f"{SHARD_FOLDER}/{key.name}{_SUFFIXES[kind]}.parquet"
            write_whole(self.folder / name, data)
            files[kind] = FileRecord(name, hashlib.sha256(data).hexdigest(), len(data))
        return ShardRecord(
            key.name,
            *key,
            files,
            int((batch.failed_week >= 0).sum()),
            int(batch.world_weeks),
            float(batch.kernel_seconds),
        )

    def enlist(self, record: ShardRecord, runs: tuple[RunRecord, ...]) -> None:
        """List a written shard in the manifest, and remove the files of a shorter one it replaces."""
        before = {file.name for shard in self.manifest.shards for file in shard.files.values()}
        self._save(replace(self.manifest.with_shard(record), runs=runs))
        after = {file.name for shard in self.manifest.shards for file in shard.files.values()}
        for name in before - after:
            (self.folder / name).unlink(missing_ok=True)

    def _save(self, manifest: Manifest) -> None:
        write_manifest(self.folder, manifest)
        self.manifest = manifest


@contextlib.contextmanager
def open_store(
    folder: Path, study: Study, case_digest: str, environment: Environment | None = None
) -> Iterator[Store]:
    """Open a results folder for a study under its lock, making it if need be.

    Raises
    ------
    InputError
        If the folder cannot be made, or holds something else.
    StoreError
        If it is read-only, in use, damaged, or holds another study or the same study of another version of
        the case.
    """
    make_folder(folder)
    with folder_lock(folder):
        _refuse_foreign(folder)
        remove_partial_files(folder)
        make_folder(folder / SHARD_FOLDER)
        if (folder / STUDY_NAME).is_file():
            stored = read_stored_study(folder / STUDY_NAME)
            _require_same_study(folder, stored, study)
            study = stored.with_worlds(max(stored.worlds, study.worlds))
        else:
            stored = None
        if (folder / MANIFEST_NAME).exists():
            manifest = read_manifest(folder)
            _require_same_case(folder, manifest, study, case_digest)
        else:
            environment = environment or this_environment(study.precision)
            manifest = Manifest(study.name, study.digest(), case_digest, study.seed, environment)
            write_manifest(folder, manifest)
        yield Store(folder, study, manifest, stored)


def _refuse_foreign(folder: Path) -> None:
    if (folder / STUDY_NAME).exists():
        return
    ours = {MANIFEST_NAME, SHARD_FOLDER, LOCK_NAME}
    foreign = sorted(
        path.name for path in folder.iterdir() if path.name not in ours and not path.match(".*.partial")
    )
    if foreign:
        raise InputError(
            f"the output folder holds other files, such as {foreign[0]}", given=str(folder),
            expected="a new folder, or one with results of the same study",
        )  # fmt: skip


def _require_same_study(folder: Path, stored: Study, study: Study) -> None:
    if stored.digest() == study.digest():
        return
    mine, theirs = study.model_dump(exclude={"worlds"}), stored.model_dump(exclude={"worlds"})
    differing = [key for key in mine if mine[key] != theirs[key]]
    raise StoreError(
        f"the folder holds another study (other {', '.join(differing)})", given=str(folder),
        fix=f"choose another folder, such as {path_argument(folder.parent / study.name)}",
    )  # fmt: skip


def _require_same_case(folder: Path, manifest: Manifest, study: Study, case_digest: str) -> None:
    if manifest.study_digest != study.digest():
        raise StoreError(
            f"{STUDY_NAME} and {MANIFEST_NAME} belong to different studies",
            file=folder,
            fix="choose another folder with --out",
        )
    if manifest.case_digest != case_digest:
        raise StoreError(
            "the case's data have changed since these results were computed", file=folder,
            given=case_digest[:12], expected=manifest.case_digest[:12],
            fix="choose another folder with --out, or restore the case's files",
        )  # fmt: skip
