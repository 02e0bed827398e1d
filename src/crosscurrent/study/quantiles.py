"""Quantiles of a whole from quantiles of its parts.

A shard keeps, per month, a quantile function: piecewise linear between fixed levels.  The distribution of
all worlds is the mixture of the shards' distributions, weighted by their worlds; its quantiles are read off
the mixture's distribution function.  Averaging the shards' quantiles would be wrong: the tails of a mixture
are wider than the mean of the tails.

With several shards, a long tail beyond the 5-95 % range comes out a few per cent too wide, because a shard is
linear between its outer levels.  Tables of results come from the worlds themselves, not from here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["merge_quantiles"]

Floats = npt.NDArray[np.float64]

_STEP = 1e-6
"""Least distance of neighbouring knots, as a share of the cell's range: gives ties (many equal worlds) a
steep, finite slope.
"""


def merge_quantiles(values: npt.ArrayLike, counts: npt.ArrayLike, levels: npt.ArrayLike) -> Floats:
    """Quantiles of the mixture of several quantile functions.

    Parameters
    ----------
    values : float array [shard, ..., level]
        Quantiles of each shard; NaN where a shard has no worlds.
    counts : int array [shard, ...]
        Worlds behind them.
    levels : float array [level]
        Ascending, from 0 to 1.

    Returns
    -------
    float64 array [..., level], at the same levels; NaN where no shard has worlds.

    >>> merge_quantiles([[0.0, 1.0], [1.0, 2.0]], [10, 10], [0.0, 1.0]).tolist()
    [0.0, 2.0]
    """
    knots = np.asarray(values, dtype=np.float64)
    weights = np.asarray(counts, dtype=np.float64)
    wanted = np.asarray(levels, dtype=np.float64)
    if knots.shape[0] == 1:
        return np.array(knots[0])
    shape = knots.shape[1:]
    shards, level_count = knots.shape[0], knots.shape[-1]
    cells = np.moveaxis(knots.reshape(shards, -1, level_count), 0, 1)
    cell_weights = np.broadcast_to(weights, knots.shape[:-1]).reshape(shards, -1).T
    merged = np.empty((cells.shape[0], level_count))
    for first in range(0, cells.shape[0], _CHUNK):
        chunk = slice(first, first + _CHUNK)
        merged[chunk] = _merge_cells(cells[chunk], cell_weights[chunk], wanted)
    return merged.reshape(shape)


_CHUNK = 2048
"""Cells at a time: bounds the working memory to some tens of megabytes."""


def _merge_cells(knots: Floats, weights: Floats, levels: Floats) -> Floats:
    """Mixture quantiles; ``knots`` is [cell, shard, level], ``weights`` [cell, shard]."""
    usable = np.isfinite(knots).all(axis=-1) & (weights > 0)
    total = np.where(usable, weights, 0.0).sum(axis=1)
    share = np.where(usable, weights, 0.0) / np.maximum(total, 1e-300)[:, None]
    low = np.where(usable, knots[..., 0], np.inf).min(axis=1)
    high = np.where(usable, knots[..., -1], -np.inf).max(axis=1)
    empty = total == 0
    low, high = np.where(empty, 0.0, low), np.where(empty, 0.0, high)
    width = np.where(high > low, high - low, 1.0)
    # Within a cell, values run from 0 to 1; a shard without worlds sits at 0 with no weight.
    places = np.where(usable[..., None], (knots - low[:, None, None]) / width[:, None, None], 0.0)
    apart = _STEP * np.arange(levels.size)
    places = np.maximum.accumulate(places - apart, axis=-1) + apart
    slopes = share[..., None] * np.diff(levels) / np.diff(places, axis=-1)
    change = np.diff(slopes, axis=-1, prepend=0.0, append=0.0)
    cells = knots.shape[0]
    places, change = places.reshape(cells, -1), change.reshape(cells, -1)
    order = np.argsort(places, axis=1, kind="stable")
    places, change = np.take_along_axis(places, order, 1), np.take_along_axis(change, order, 1)
    slope = np.maximum(np.cumsum(change, axis=1)[:, :-1], 0.0)
    mass = np.concatenate([np.zeros((cells, 1)), np.cumsum(slope * np.diff(places, axis=1), axis=1)], axis=1)
    mass /= np.maximum(mass[:, -1:], 1e-300)
    merged = low[:, None] + width[:, None] * _invert(mass, places, levels)
    # Parting ties may push the last knots out by a few steps; the extremes themselves are known.
    merged = np.clip(merged, low[:, None], high[:, None])
    merged[:, 0], merged[:, -1] = low, high
    merged[empty] = np.nan
    return merged


def _invert(mass: Floats, places: Floats, levels: Floats) -> Floats:
    """Place at which the cumulated mass reaches each level, for every cell."""
    rows = np.arange(mass.shape[0])
    answer = np.empty((mass.shape[0], levels.size))
    for column, level in enumerate(levels):
        above = np.clip((mass < level).sum(axis=1), 1, mass.shape[1] - 1)
        low_mass, high_mass = mass[rows, above - 1], mass[rows, above]
        gap = high_mass - low_mass
        part = np.where(gap > 0, (level - low_mass) / np.where(gap > 0, gap, 1.0), 1.0)
        start, end = places[rows, above - 1], places[rows, above]
        answer[:, column] = start + np.clip(part, 0.0, 1.0) * (end - start)
    return answer
