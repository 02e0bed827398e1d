"""Finished parts of a long calculation, kept as files that say what they were made of."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import StoreError
from ..study.atomic import write_whole

if TYPE_CHECKING:
    import pandas as pd

    from ..case.records import Case

__all__ = ["digest_of", "kept_table", "model_digest", "read_table", "write_table"]

_TOLD_APART = ("claims.yaml", "policies.yaml", "pathways.yaml", "learned.yaml")
"""Files of a case that no past depends on; a posterior carries the list of what it learned itself."""

_KEY = b"crosscurrent.made_of"


def model_digest(case: Case) -> str:
    """SHA-256 over everything that a run of the past depends on: the case without its claims and policies, and the
    source of model and kernel."""
    from ..case.draft import case_files
    from ..kernel.assembly import sources

    digest = hashlib.sha256()
    for source in sources():
        digest.update(source.name.encode() + source.read_bytes())
    for path in case_files(case.folder):
        if path.as_posix() not in _TOLD_APART and path.suffix != ".md":
            digest.update(path.as_posix().encode() + (case.folder / path).read_bytes())
    return digest.hexdigest()


def digest_of(*parts: object) -> str:
    """SHA-256 of the written form of some values."""
    return hashlib.sha256("\0".join(map(repr, parts)).encode()).hexdigest()


def write_table(frame: pd.DataFrame, path: Path, made_of: str) -> str:
    """Write a table as Parquet with what it was made of, whole or not at all; gives the file's SHA-256."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), _KEY: made_of.encode()})
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd", compression_level=19)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, out.getvalue())
    return hashlib.sha256(out.getvalue()).hexdigest()


def read_table(path: Path) -> tuple[pd.DataFrame, str]:
    """A table and what it was made of.

    Raises
    ------
    StoreError
        If the file is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"the table cannot be read: {str(error).splitlines()[0]}", file=path) from error
    return table.to_pandas(), (table.schema.metadata or {}).get(_KEY, b"").decode()


def kept_table(path: Path, made_of: tuple[object, ...], make: Callable[[], list[dict[str, Any]]]) -> pd.DataFrame:
    """A table that is made once: read again if it was made of the same, else made and kept."""
    import pandas as pd

    digest = digest_of(*made_of)
    if path.is_file():
        try:
            frame, found = read_table(path)
        except StoreError:
            found = ""
        if found == digest:
            return frame
    frame = pd.DataFrame(make())
    write_table(frame, path, digest)
    return frame
