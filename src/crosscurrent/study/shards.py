"""A batch as Parquet bytes and back: plain tables with units in the column metadata.

Three tables a shard.  ``worlds``: one row per policy and world (policy-major, worlds ascending), so that
every policy repeats the same run of drawn values, which compresses to almost nothing.  ``quantiles``: one
row per measure, policy and month, a row group per measure, so that one measure can be read alone.
``paths``: one row per policy, world and month.  No time or host name goes in: equal numbers give equal
bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import StoreError
from .batch import QUANTILE_LEVELS, BatchResult
from .labels import Label

__all__ = ["AXIS", "PARAMETER", "column_roles", "encode_batch", "level_column", "read_columns"]

PARAMETER, AXIS = "parameter_", "axis_"
"""Prefixes of column names; a measure's column has the measure's own name."""

_ROLE, _UNIT, _LONG_NAME = b"role", b"unit", b"long_name"


def level_column(level: float) -> str:
    """Column of a quantile level.

    >>> level_column(0.025)
    'q0.025'
    """
    return f"q{level:g}"


def encode_batch(
    batch: BatchResult, measures: tuple[str, ...], labels: Mapping[str, Label], with_paths: bool
) -> dict[str, bytes]:
    """The Parquet files of a batch by kind: the study's measures, then what else was recorded."""
    chosen = (*measures, *(name for name in batch.measures if name not in measures))
    order = [list(batch.measures).index(name) for name in chosen]
    tables = {
        "worlds": _worlds_table(batch, chosen, labels),
        "quantiles": _quantiles_table(batch, chosen, order),
    }
    if with_paths:
        tables["paths"] = _paths_table(batch, chosen, order, labels)
    rows = {kind: table.num_rows for kind, table in tables.items()}
    rows["quantiles"] = len(batch.policies) * len(batch.months)
    return {kind: _parquet_bytes(table, rows[kind]) for kind, table in tables.items()}


def _worlds_table(batch: BatchResult, measures: tuple[str, ...], labels: Mapping[str, Label]) -> Any:
    policies, worlds = len(batch.policies), len(batch.worlds)
    columns = [
        _column("policy", _repeat_text(batch.policies, worlds), "key"),
        _column("theory", _repeat_text((batch.theory,), policies * worlds), "key"),
        _column("world", np.tile(batch.worlds, policies), "key"),
    ]
    for name, values in batch.parameters.items():
        columns.append(_column(PARAMETER + name, np.tile(values, policies), "parameter", labels))
    for name, rivals in batch.axes.items():
        columns.append(_column(AXIS + name, _text(np.tile(rivals, policies)), "axis", labels))
    for name in measures:
        columns.append(_column(name, batch.measures[name].ravel().astype(np.float64), "measure", labels))
    columns.append(_column("failed_week", batch.failed_week.ravel().astype(np.int32), "status"))
    columns.append(_column("failed_subsystem", _text(batch.failed_subsystem.ravel()), "status"))
    return _table(columns)


def _quantiles_table(batch: BatchResult, measures: tuple[str, ...], order: list[int]) -> Any:
    policies, months = len(batch.policies), len(batch.months)
    rows = policies * months
    counts = np.repeat(batch.world_count.astype(np.int64), months)
    columns = [
        _column("policy", _repeat_text(batch.policies * len(measures), months), "key"),
        _column("theory", _repeat_text((batch.theory,), rows * len(measures)), "key"),
        _column("measure", _repeat_text(measures, rows), "key"),
        _column(
            "month",
            np.tile(batch.months.astype(np.int32), policies * len(measures)),
            "key",
            {"month": _MONTH},
        ),
        _column("count", np.tile(counts, len(measures)), "count"),
    ]
    by_measure = batch.quantiles[:, order].swapaxes(0, 1)
    values = by_measure.reshape(-1, len(QUANTILE_LEVELS)).astype(np.float32)
    columns += [
        _column(level_column(level), np.ascontiguousarray(values[:, index]), "quantile")
        for index, level in enumerate(QUANTILE_LEVELS)
    ]
    return _table(columns)


def _paths_table(
    batch: BatchResult, measures: tuple[str, ...], order: list[int], labels: Mapping[str, Label]
) -> Any:
    policies, worlds, _, months = batch.paths.shape
    columns = [
        _column("policy", _repeat_text(batch.policies, worlds * months), "key"),
        _column("theory", _repeat_text((batch.theory,), policies * worlds * months), "key"),
        _column("world", np.tile(np.repeat(batch.worlds[:worlds], months), policies), "key"),
        _column("month", np.tile(batch.months.astype(np.int32), policies * worlds), "key", {"month": _MONTH}),
    ]
    for name, index in zip(measures, order, strict=True):
        columns.append(_column(name, batch.paths[:, :, index].astype(np.float32).ravel(), "measure", labels))
    return _table(columns)


_MONTH = Label("months since 2012-01", "month")


def _text(values: npt.NDArray[Any]) -> Any:
    import pyarrow as pa

    return pa.array(values.tolist(), pa.string()).dictionary_encode()


def _repeat_text(names: tuple[str, ...], times: int) -> Any:
    import pyarrow as pa

    places = {name: index for index, name in enumerate(dict.fromkeys(names))}
    codes = np.repeat(np.array([places[name] for name in names], dtype=np.int32), times)
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(list(places), pa.string()))


def _column(name: str, values: Any, role: str, labels: Mapping[str, Label] | None = None) -> tuple[Any, Any]:
    """A field with its metadata, and its values; NaN becomes null, so that averages in SQL leave failed
    worlds out.
    """
    import pyarrow as pa

    array = pa.array(values, from_pandas=True) if isinstance(values, np.ndarray) else values
    metadata = {_ROLE: role.encode()}
    label = (labels or {}).get(name)
    if label is not None:
        metadata |= {_UNIT: label.unit.encode(), _LONG_NAME: label.long_name.encode()}
    return pa.field(name, array.type, metadata=metadata), array


def _table(columns: list[tuple[Any, Any]]) -> Any:
    import pyarrow as pa

    return pa.Table.from_arrays(
        [array for _, array in columns], schema=pa.schema([field for field, _ in columns])
    )


def _parquet_bytes(table: Any, row_group: int) -> bytes:
    import pyarrow.parquet as pq

    split = [field.name for field in table.schema if field.metadata[_ROLE] in (b"measure", b"quantile")]
    target = io.BytesIO()
    pq.write_table(
        table,
        target,
        row_group_size=max(1, row_group),
        compression="zstd",
        use_dictionary=[field.name for field in table.schema if field.name not in split],
        use_byte_stream_split=split,
        dictionary_pagesize_limit=8 * 2**20,
    )
    return target.getvalue()


def column_roles(path: Path) -> dict[str, tuple[str, Label]]:
    """Role (key, parameter, axis, measure, status...), unit and long name of every column of a shard's
    file.
    """
    import pyarrow.parquet as pq

    roles = {}
    for field in _read(lambda: pq.read_schema(path), path):
        metadata = field.metadata or {}
        label = Label(metadata.get(_UNIT, b"").decode(), metadata.get(_LONG_NAME, b"").decode())
        roles[field.name] = (metadata.get(_ROLE, b"").decode(), label)
    return roles


def read_columns(path: Path, columns: list[str], filters: Any = None) -> dict[str, npt.NDArray[Any]]:
    """Some columns of a shard's file; null numbers come back as NaN, text as objects."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = _read(lambda: pq.read_table(path, columns=columns, filters=filters), path)
    arrays = {}
    for name in columns:
        column = table[name].combine_chunks()
        if pa.types.is_dictionary(column.type):
            column = column.cast(pa.string())
        arrays[name] = column.to_numpy(zero_copy_only=False)
    return arrays


def _read(reader: Any, path: Path) -> Any:
    import pyarrow as pa

    try:
        return reader()
    except (OSError, pa.ArrowException) as error:
        reason = str(error).split("\n")[0]
        raise StoreError(f"cannot read this file of the results: {reason}", file=path) from error
