"""PAWN: how far a factor moves the distribution function of a result [1]_.

In each slice of the factor the distribution function of the result is compared with that of all worlds by their largest
distance (Kolmogorov-Smirnov); the index is the mean of these distances, slices weighted by their worlds.  0: the
factor does not matter; 1: it settles the result.

References
----------
.. [1] Pianosi F, Wagener T (2018) Distribution-based sensitivity analysis from a generic input-output sample.
   Environmental Modelling & Software 108. https://doi.org/10.1016/j.envsoft.2018.07.019
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["pawn_index"]


def pawn_index(counts: npt.NDArray[np.int64]) -> float:
    """Mean distance between the distribution functions in slices and in all worlds.

    Parameters
    ----------
    counts : int array [slice, bin]
        Worlds by slice of the factor and bin of the result, bins in rising order.

    Returns
    -------
    float
        0-1; NaN without worlds.

    >>> pawn_index(np.array([[5, 0], [0, 5]])), pawn_index(np.array([[5, 5], [2, 2]]))
    (0.5, 0.0)
    """
    sizes = counts.sum(axis=1)
    total = sizes.sum()
    if total == 0:
        return float("nan")
    whole = np.cumsum(counts.sum(axis=0)) / total
    inside = np.cumsum(counts, axis=1) / np.maximum(sizes, 1)[:, None]
    distances = np.abs(inside - whole).max(axis=1)
    return float(distances @ sizes / total)
