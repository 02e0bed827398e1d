"""The manifest of a results folder: whose numbers these are, and the hash of every file.

A shard counts only when the manifest lists it and its files have the listed hashes.  The manifest carries
its own hash, so an edited one is noticed too.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import StoreError
from .atomic import write_whole
from .environment import Environment
from .plan import ShardKey

__all__ = [
    "MANIFEST_NAME",
    "FileRecord",
    "Manifest",
    "RunRecord",
    "ShardRecord",
    "read_manifest",
    "write_manifest",
]

MANIFEST_NAME = "manifest.json"
_FORMAT = 1


@dataclass(frozen=True)
class FileRecord:
    """One file of a shard, by path relative to the results folder."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class ShardRecord:
    """One finished shard."""

    name: str
    theory: str
    first: int
    last: int
    files: dict[str, FileRecord]
    """By kind: worlds, quantiles and, for the first worlds of a theory, paths."""
    failed: int
    """Failed (policy, world) pairs."""
    world_weeks: int
    kernel_seconds: float

    @property
    def key(self) -> ShardKey:
        """Theory and worlds."""
        return ShardKey(self.theory, self.first, self.last)


@dataclass(frozen=True)
class RunRecord:
    """What one process did in this folder; several when a study was interrupted, extended or merged."""

    shards: int
    world_weeks: int
    kernel_seconds: float
    """Wall time during which the kernel was at work on at least one thread."""
    total_seconds: float


@dataclass(frozen=True)
class Manifest:
    """Everything needed to trust and repeat the numbers of a folder."""

    study_name: str
    study_digest: str
    case_digest: str
    seed: int
    environment: Environment
    part: str | None = None
    """``i/N`` when this folder holds one machine's part of the study; None for all of it."""
    shards: tuple[ShardRecord, ...] = ()
    runs: tuple[RunRecord, ...] = ()

    def with_shard(self, record: ShardRecord) -> Manifest:
        """With a shard added; it takes the place of one that starts at the same world (shorter, or
        damaged).
        """
        start = (record.theory, record.first)
        kept = [shard for shard in self.shards if (shard.theory, shard.first) != start]
        return replace(self, shards=tuple(sorted([*kept, record], key=lambda shard: shard.key)))

    def without(self, names: set[str]) -> Manifest:
        """With the named shards taken off the list."""
        return replace(self, shards=tuple(shard for shard in self.shards if shard.name not in names))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest in one atomic step, with its own hash."""
    fields = {"format": _FORMAT, **asdict(manifest)}
    text = json.dumps({**fields, "hash": _own_hash(fields)}, indent=1, ensure_ascii=False)
    write_whole(folder / MANIFEST_NAME, text.encode() + b"\n")


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a results folder.

    Raises
    ------
    StoreError
        If it is missing, damaged, edited by hand or of a newer form.
    """
    path = folder / MANIFEST_NAME
    try:
        fields = json.loads(path.read_bytes())
        given_hash = fields.pop("hash")
    except OSError as error:
        raise StoreError(
            f"cannot read the manifest: {error.strerror}",
            fix="run the study again into this folder: crosscurrent compare or run with --out makes it anew",
            file=path,
        ) from error
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise _edited(path) from error
    if given_hash != _own_hash(fields):
        raise _edited(path)
    if fields.pop("format") != _FORMAT:
        raise StoreError(
            "these results have a form this version does not know", file=path, fix="update the package"
        )
    return _from_fields(fields)


def _edited(path: Path) -> StoreError:
    return StoreError(
        "the manifest was edited or damaged: its content does not have the hash it states",
        fix="restore it; or delete it and run the study again, which computes its shards anew", file=path,
    )  # fmt: skip


def _own_hash(fields: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def _from_fields(fields: dict[str, Any]) -> Manifest:
    shards = tuple(
        ShardRecord(**{**shard, "files": {kind: FileRecord(**file) for kind, file in shard["files"].items()}})
        for shard in fields["shards"]
    )
    return Manifest(
        **{
            **fields,
            "environment": Environment(**fields["environment"]),
            "shards": shards,
            "runs": tuple(RunRecord(**run) for run in fields["runs"]),
        }
    )
