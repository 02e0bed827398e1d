"""The same world under several theories is not several worlds.

World 7 of every theory has the same point of the design, hence the same values of all parameters that no axis governs.
Over theories its results are alike, so a test that counted every row as a world of its own would find influence
where there is none.  The design effect says by how much to discount [1]_.

References
----------
.. [1] Kish L (1965) Survey Sampling. Wiley. The design effect of cluster samples.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["by_world", "design_effect"]


def by_world(worlds: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Place of each row's world among the different worlds, from 0.

    >>> by_world(np.array([4, 9, 4])).tolist()
    [0, 1, 0]
    """
    return np.asarray(np.unique(worlds, return_inverse=True)[1], dtype=np.int64)


def design_effect(interest: npt.NDArray[np.bool_], worlds: npt.NDArray[np.int64]) -> float:
    """How many rows are worth one independent world, at least 1.

    The variance of the share of interest when worlds are drawn, over what it would be if rows were drawn.

    Parameters
    ----------
    interest : bool array [row]
    worlds : int array [row]
        World number; a number that comes again is the same world under another theory.

    >>> design_effect(np.array([True, False] * 50), np.tile(np.arange(2), 50)) > 40
    True
    >>> design_effect(np.array([True, False] * 50), np.arange(100))
    1.0
    """
    places = by_world(worlds)
    sizes = np.bincount(places)
    share = float(np.mean(interest))
    if not 0 < share < 1 or sizes.max() == 1:
        return 1.0
    # Of the sum over a world's rows, about what its size would give by itself.
    away = np.bincount(places, weights=interest) - share * sizes
    return max(1.0, float((away**2).sum() / (share * (1 - share) * len(interest))))
