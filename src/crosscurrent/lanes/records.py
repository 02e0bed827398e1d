"""NumPy records whose fields are rows of lanes: ``worlds.price[lane]`` is a load at a constant offset.

A *block* holds LANES worlds.  Its record has one row a name, and the same memory again as a table
``rows[number, lane]``
for code that must choose a row at run time (adaptive rules, the monthly record).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .compiler import REAL

__all__ = ["LANES", "aligned", "block_dtype", "copy_blocks", "record"]

LANES = 64
ALIGN = 64
Field = tuple[str, Any, tuple[int, ...]]


def record(fields: Sequence[Field], align: int = ALIGN) -> np.dtype[Any]:
    """Structured dtype from (name, dtype, shape) rows, each field starting at a multiple of ``align`` bytes.

    Raises
    ------
    ValueError
        If a name stands twice.
    """
    names = [name for name, _, _ in fields]
    if len(set(names)) < len(names):
        raise ValueError(f"duplicate names in the schema: {sorted(n for n in set(names) if names.count(n) > 1)}")
    formats, offsets, end = [np.dtype((kind, shape)) for _, kind, shape in fields], [], 0
    for kind in formats:
        offsets.append(end)
        end = -(-(end + kind.itemsize) // align) * align
    layout: Any = np.dtype
    made: np.dtype[Any] = layout({"names": names, "formats": formats, "offsets": offsets, "itemsize": end})
    return made


def block_dtype(rows: Sequence[str], others: Sequence[Field]) -> np.dtype[Any]:
    """Record of a block: one row of reals a name, then other fields; ``rows`` is the same memory as a table."""
    named = record([(name, REAL, (LANES,)) for name in rows] + list(others))
    fields = named.fields
    assert fields is not None
    names: tuple[str, ...] = named.names or ()
    layout: Any = np.dtype
    both: np.dtype[Any] = layout(
        {
            "names": ["rows", *names],
            "formats": [layout((REAL, (len(rows), LANES))), *(fields[name][0] for name in names)],
            "offsets": [0, *(fields[name][1] for name in names)],
            "itemsize": named.itemsize,
        }
    )
    return both


def aligned(count: int, dtype: np.dtype[Any]) -> np.ndarray[Any, np.dtype[Any]]:
    """Zeroed records, aligned to a cache line (16 bytes off costs a quarter of the speed)."""
    raw = np.zeros(count * dtype.itemsize + ALIGN, np.uint8)
    skip = -raw.ctypes.data % ALIGN
    return raw[skip : skip + count * dtype.itemsize].view(dtype)


def copy_blocks(blocks: np.ndarray[Any, np.dtype[Any]]) -> np.ndarray[Any, np.dtype[Any]]:
    """A fork: the same worlds, to be continued under another policy."""
    copy = aligned(len(blocks), blocks.dtype)
    copy.view(np.uint8)[:] = blocks.view(np.uint8)
    return copy
