"""Delta: how far a factor moves the density of a result, whatever its shape [1]_, from the worlds at hand [2]_.

Half the area between the density in a slice of the factor and that in all worlds, averaged over slices.  0: the result
does not depend on the factor; 1: it is settled by it.  Unlike shares of variance it needs no independence of factors
and does not change when the result is put on another scale.

References
----------
.. [1] Borgonovo E (2007) A new uncertainty importance measure. Reliability Engineering & System Safety 92(6).
   https://doi.org/10.1016/j.ress.2006.04.015
.. [2] Plischke E, Borgonovo E, Smith CL (2013) Global sensitivity measures from given data. European Journal of
   Operational Research 226(3). https://doi.org/10.1016/j.ejor.2012.11.047
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["coarse_counts", "delta_index"]


def coarse_counts(counts: npt.NDArray[np.int64], coarse: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Counts [..., coarse bin] from counts [..., fine bin] and the coarse bin of each fine one."""
    starts = np.flatnonzero(np.concatenate([[True], coarse[1:] != coarse[:-1]]))
    return np.asarray(np.add.reduceat(counts, starts, axis=-1))


def delta_index(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Half the mean area between densities in slices and in all worlds, densities as histograms.

    Parameters
    ----------
    counts : int array [..., slice, bin]
        Worlds by slice of the factor and bin of the result.

    Returns
    -------
    float64 array [...]
        0-1; NaN without worlds.  Few worlds in a cell lift it, so compare it with the floor of a dummy factor.

    >>> delta_index(np.array([[[5, 0], [0, 5]], [[5, 5], [2, 2]]])).tolist()
    [0.5, 0.0]
    """
    sizes = counts.sum(axis=-1, keepdims=True)
    total = sizes.sum(axis=-2)
    whole = counts.sum(axis=-2, keepdims=True) / np.maximum(total, 1)[..., None]
    areas = 0.5 * np.abs(counts / np.maximum(sizes, 1) - whole).sum(axis=-1)
    mean = (areas * sizes[..., 0]).sum(axis=-1) / np.maximum(total[..., 0], 1)
    return np.asarray(np.where(total[..., 0] > 0, mean, np.nan))
