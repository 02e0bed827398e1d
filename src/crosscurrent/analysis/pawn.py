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


def pawn_index(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Mean distance between the distribution functions in slices and in all worlds.

    Parameters
    ----------
    counts : int array [..., slice, bin]
        Worlds by slice of the factor and bin of the result, bins in rising order.

    Returns
    -------
    float64 array [...]
        0-1; NaN without worlds.

    >>> pawn_index(np.array([[[5, 0], [0, 5]], [[5, 5], [2, 2]]])).tolist()
    [0.5, 0.0]
    """
    summed = np.cumsum(counts, axis=-1, dtype=np.float64)
    sizes = summed[..., -1:]
    total = sizes.sum(axis=-2)
    whole = summed.sum(axis=-2, keepdims=True) / np.maximum(total, 1)[..., None]
    distances = np.abs(summed / np.maximum(sizes, 1) - whole).max(axis=-1)
    mean = (distances * sizes[..., 0]).sum(axis=-1) / np.maximum(total[..., 0], 1)
    return np.asarray(np.where(total[..., 0] > 0, mean, np.nan))
