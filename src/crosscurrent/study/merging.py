"""Putting together the parts of a study that several machines computed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..errors import InputError, StoreError
from .atomic import write_whole
from .manifest import Manifest, ShardRecord
from .results import Results, open_results
from .specification import Study
from .store import Store, damaged_shards, open_store, read_folder, refuse_damage

__all__ = ["merge"]


def merge(folders: Sequence[str | Path], out: str | Path) -> Results:
    """Collect the shards of several results folders of one study in a new or existing folder.

    Shards are copied bit for bit after their hashes were checked; a shard present twice must be the same
    twice.

    Returns
    -------
    Results
        With ``missing`` naming the shards no folder had.

    Raises
    ------
    InputError
        If no folder is given, or one is no results folder.
    StoreError
        If a folder is damaged or belongs to another study, case, version or processor.
    """
    paths = [Path(folder) for folder in folders]
    if not paths:
        raise InputError("nothing to merge", expected="one or more results folders")
    parts = [(path, *read_folder(path)) for path in paths]
    _, study, manifest = parts[0]
    for path, other_study, other in parts:
        _require_mergeable(paths[0], study, manifest, path, other_study, other)
        refuse_damage(path, damaged_shards(path, other))
    target = Path(out)
    worlds = max(part_study.worlds for _, part_study, _ in parts)
    with open_store(target, study.with_worlds(worlds), manifest.case_digest, manifest.environment) as store:
        _require_mergeable(paths[0], study, manifest, target, store.study, store.manifest)
        store.keep_study()
        for path, _, part in parts:
            if path.resolve() == target.resolve():
                continue
            runs = (*store.manifest.runs, *part.runs)
            for record in part.shards:
                if _is_new(store, path, record):
                    _copy(store, path, record)
                    store.enlist(record, runs)
        store.set_part(None)
    return open_results(target, partial=True, verify=False)


def _require_mergeable(
    first: Path, study: Study, manifest: Manifest, path: Path, other_study: Study, other: Manifest
) -> None:
    if other_study.digest() != study.digest():
        raise StoreError(
            "the folders hold different studies", given=str(path), expected=f"the study of {first}"
        )
    if other.case_digest != manifest.case_digest:
        raise StoreError("the folders were computed from different case data", given=str(path))
    differences = manifest.environment.differences(other.environment)
    if other.shards and differences:
        raise StoreError(
            f"identical bits not guaranteed: {path} was computed elsewhere ({'; '.join(differences)})",
            fix="compute all parts with the same versions on the same kind of processor",
        )


def _is_new(store: Store, source: Path, record: ShardRecord) -> bool:
    """Whether the store lacks a shard; one that is there already must be the same."""
    for there in store.manifest.shards:
        if (there.theory, there.first) == (record.theory, record.first):
            if there.last == record.last and there.files != record.files:
                raise StoreError(
                    f"shard {record.name} differs between the folders", given=str(source),
                    fix="one of them is wrong: compute both anew",
                )  # fmt: skip
            return there.last < record.last
    return True


def _copy(store: Store, source: Path, record: ShardRecord) -> None:
    for file in record.files.values():
        try:
            data = (source / file.name).read_bytes()
        except OSError as error:
            raise StoreError(f"cannot read {file.name}: {error.strerror}", file=source) from error
        write_whole(store.folder / file.name, data)
