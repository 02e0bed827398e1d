"""Worlds as points of scrambled Sobol' sequences [1]_, extendable without moving a point.

World ``w`` is point ``w // 8`` of scramble ``w % 8``.  Each of the eight scrambles is a low-discrepancy
sequence of its own, so any number of worlds fills the space evenly, and the spread between the scrambles
gives an honest Monte-Carlo error, which a bootstrap over worlds would overstate [2]_.

References
----------
.. [1] Joe S, Kuo FY (2008) Constructing Sobol sequences with better two-dimensional projections.
   SIAM J. Sci. Comput. 30(5). https://doi.org/10.1137/070709359
.. [2] Owen AB (1997) Scrambled net variance for integrals of smooth functions. Ann. Statist. 25(4).
   https://doi.org/10.1214/aos/1031594731
"""

from __future__ import annotations

import copy
import functools
import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError

__all__ = ["SCRAMBLES", "monte_carlo_error", "scramble_of", "world_points"]

SCRAMBLES = 8
"""Independent scrambles the worlds are split over."""
_HALF_STEP = 2.0**-31
"""Half the step of SciPy's 30-bit points: moves them from [0, 1) into (0, 1), where quantile functions are
finite.
"""

Floats = npt.NDArray[np.float64]


def scramble_of(worlds: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Scramble (0-7) each world belongs to.

    >>> scramble_of([0, 7, 8]).tolist()
    [0, 7, 0]
    """
    return np.asarray(worlds, dtype=np.int64) % SCRAMBLES


def world_points(seed: int, worlds: npt.ArrayLike, dimensions: int) -> Floats:
    """Coordinates of worlds, one per uncertain parameter.

    A world's point depends on the seed, its number and the count of dimensions only: not on which other
    worlds are asked for.

    Parameters
    ----------
    seed : int
        Study seed, from 0.
    worlds : int array [world]
        World numbers from 0, in any order.
    dimensions : int
        Uncertain parameters, 1-21201.

    Returns
    -------
    float64 array [world, dimension], each strictly between 0 and 1.

    Raises
    ------
    InputError
        If a world is negative, or there are too many dimensions.

    >>> bool((world_points(0, [3, 11], 2)[1] == world_points(0, [11], 2)[0]).all())
    True
    """
    numbers = np.atleast_1d(np.asarray(worlds, dtype=np.int64))
    if numbers.size and numbers.min() < 0:
        raise InputError("worlds are numbered from 0", given=int(numbers.min()))
    if not 1 <= dimensions <= 21201:
        raise InputError("not a usable number of dimensions", given=dimensions, expected="1 to 21201")
    points = np.empty((numbers.size, dimensions))
    for scramble in range(SCRAMBLES):
        chosen = np.flatnonzero(numbers % SCRAMBLES == scramble)
        if chosen.size:
            wanted = numbers[chosen] // SCRAMBLES
            first = int(wanted.min())
            run = _points(seed, scramble, dimensions, first, int(wanted.max()) + 1)
            points[chosen] = run[wanted - first]
    return points


def _points(seed: int, scramble: int, dimensions: int, first: int, last: int) -> Floats:
    """Points ``first <= i < last`` of one scramble."""
    sequence = copy.deepcopy(_sequence(seed, scramble, dimensions))
    rows = []
    if first == 0:
        # One point by itself: SciPy warns when a fresh sequence is asked for a number not a power of two.
        rows.append(sequence.random(1))
        first = 1
    else:
        sequence.fast_forward(first)
    if last > first:
        rows.append(sequence.random(last - first))
    return np.concatenate(rows) + _HALF_STEP


@functools.lru_cache(maxsize=4 * SCRAMBLES)
def _sequence(seed: int, scramble: int, dimensions: int) -> Any:
    """A fresh sequence; never advanced, only copied, because setting up the directions costs more than
    drawing.
    """
    import inspect

    from scipy.stats import qmc

    key = hashlib.sha256(f"crosscurrent sobol {seed} {scramble}".encode()).digest()
    generator = np.random.Generator(np.random.PCG64(int.from_bytes(key[:16], "little")))
    # SciPy 1.15 renamed the argument.
    argument = "rng" if "rng" in inspect.signature(qmc.Sobol).parameters else "seed"
    return qmc.Sobol(dimensions, scramble=True, bits=30, **{argument: generator})


def monte_carlo_error(values: npt.ArrayLike, worlds: npt.ArrayLike) -> Floats:
    """Standard error of a median over worlds, from the medians of the eight scrambles.

    The scrambles are independent, so their medians' standard deviation over the square root of their number
    estimates the error, including what the even spacing of worlds gains.  Few worlds give a rough figure
    (seven degrees of freedom).

    Parameters
    ----------
    values : float array [..., world]
        NaN marks failed worlds; they are left out.
    worlds : int array [world]
        World numbers.

    Returns
    -------
    float64 array [...], in the unit of the values; NaN when fewer than two scrambles have a value.

    >>> worlds = np.arange(16)
    >>> float(monte_carlo_error(np.where(worlds % 8 == 0, 8.0, 0.0), worlds))
    1.0
    """
    table = np.asarray(values, dtype=np.float64)
    scrambles = scramble_of(worlds)
    medians = np.stack([_finite_median(table[..., scrambles == s]) for s in range(SCRAMBLES)], axis=-1)
    usable = np.isfinite(medians)
    count = usable.sum(axis=-1)
    mean = np.where(usable, medians, 0.0).sum(axis=-1) / np.maximum(count, 1)
    squares = np.where(usable, (medians - mean[..., None]) ** 2, 0.0).sum(axis=-1)
    error = np.sqrt(squares / np.maximum(count - 1, 1) / np.maximum(count, 1))
    return np.asarray(np.where(count >= 2, error, np.nan))


def _finite_median(table: Floats) -> Floats:
    """Median over the last axis of what is not NaN; NaN where nothing is left."""
    if table.shape[-1] == 0:
        return np.full(table.shape[:-1], np.nan)
    ordered = np.sort(table, axis=-1)
    count = np.isfinite(table).sum(axis=-1)[..., None]
    low = np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, axis=-1)
    high = np.take_along_axis(ordered, np.minimum(count // 2, table.shape[-1] - 1), axis=-1)
    return np.asarray(np.where(count > 0, 0.5 * (low + high), np.nan)[..., 0])
