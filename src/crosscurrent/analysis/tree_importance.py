"""Importance in extremely randomised trees: what a factor adds when all others are known [1]_ [2]_.

Trees are grown on half of the scrambles and tried on the other half, both ways.  The importance of a factor is how much
worse the trees predict worlds held out once the factor's values are shuffled among them, as a share of the variance of
the result's ranks; with independent factors and good trees that estimates the total effect.  A factor that only repeats
another (an axis and its parameters) has less, because the other still tells it.

References
----------
.. [1] Geurts P, Ernst D, Wehenkel L (2006) Extremely randomized trees. Machine Learning 63.
   https://doi.org/10.1007/s10994-006-6226-1
.. [2] Breiman L (2001) Random forests. Machine Learning 45. https://doi.org/10.1023/A:1010933404324
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..study.sampling import SCRAMBLES, scramble_of
from .repeated_worlds import by_world

__all__ = ["TreeImportance", "tree_importance"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
TREES, LEAF = 60, 5
FEATURE_SHARE, FEWEST_FEATURES = 0.25, 20
"""Factors looked at for each split: this share of all, and all where there are few."""
FIT_WORLDS, TRY_WORLDS = 4096, 2048
"""Worlds that trees are grown and tried on, at most, each way."""
TRIED = 30
"""Factors shuffled: those with the largest importance in growing the trees."""
DUMMIES = 5


class TreeImportance(NamedTuple):
    """Importance by trees."""

    share: Floats
    """[factor], share of the variance of ranks; NaN for factors that were not shuffled because trees hardly used
    them.
    """
    error: Floats
    """[factor], Monte-Carlo error from the scrambles."""
    floor: float
    """Largest importance of a dummy factor, which has no influence at all."""
    explained: float
    """Share of the variance of ranks that the trees predict in worlds held out."""


def tree_importance(columns: Floats, values: Floats, worlds: Ints, seed: int) -> TreeImportance:
    """Permutation importance on worlds held out.

    Parameters
    ----------
    columns : float array [factor, world]
        Numbers, and codes of categories; finite.
    values : float64 array [world]
        The result; finite.
    worlds : int array [world]
        Number of every world; rows of one world under several theories share it.
    seed : int
        Sets trees, shuffles and dummies; 0 is a seed like any other.

    Raises
    ------
    InputError
        If scikit-learn is not installed, a number is not finite, or the worlds differ.
    """
    if columns.shape[1:] != values.shape or values.shape != worlds.shape:
        raise InputError("factors and result are of different worlds", given=(columns.shape, values.shape))
    if not (np.isfinite(columns).all() and np.isfinite(values).all()):
        raise InputError("a number is not finite in some world", expected="failed worlds left out")
    generator = np.random.default_rng([seed, 7001])
    factors, scrambles = len(columns), scramble_of(worlds)
    places = by_world(worlds)
    dummies = generator.random((DUMMIES, int(places.max()) + 1))[:, places]
    halves = [scrambles % 2 == fold for fold in range(2)]
    rows = [(_worlds(generator, half, FIT_WORLDS), _worlds(generator, ~half, TRY_WORLDS)) for half in halves]
    used = np.unique(np.concatenate([part for pair in rows for part in pair]))
    ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable") / len(values)
    table = np.zeros((factors + DUMMIES, len(values)), dtype=np.float32)
    table[:, used] = np.concatenate([_ranked(columns[:, used]), dummies[:, used]])
    shares = np.full((factors + DUMMIES, SCRAMBLES), np.nan)
    explained = []
    for fold, (grown, tried) in enumerate(rows):
        trees = _grown(table[:, grown].T, ranks[grown], seed + fold)
        candidates = np.argsort(-trees.feature_importances_[:factors], kind="stable")[:TRIED]
        chosen = np.concatenate([candidates, factors + np.arange(DUMMIES)])
        explained.append(_shuffled(trees, table[:, tried].T, ranks[tried], scrambles[tried], chosen, shares, generator))
    known = np.isfinite(shares)
    count = known.sum(axis=1)
    mean = np.where(count > 0, np.nansum(shares, axis=1) / np.maximum(count, 1), np.nan)
    spread = np.where(known, shares - mean[:, None], 0.0)
    error = np.sqrt((spread**2).sum(axis=1) / np.maximum(count - 1, 1) / np.maximum(count, 1))
    error[count < 2] = np.nan
    return TreeImportance(
        mean[:factors], error[:factors], float(np.abs(mean[factors:]).max()), float(np.mean(explained))
    )


def _ranked(columns: Floats) -> Floats:
    """Places of values among the different ones, 0-1: the library takes a column within 1e-7 for constant."""
    scaled = np.empty(columns.shape)
    for row, column in enumerate(columns):
        different, places = np.unique(column, return_inverse=True)
        scaled[row] = places / max(len(different) - 1, 1)
    return scaled


def _worlds(generator: np.random.Generator, chosen: npt.NDArray[np.bool_], most: int) -> Ints:
    rows = np.flatnonzero(chosen)
    return np.sort(generator.permutation(rows)[:most])


def _grown(table: npt.NDArray[np.float32], ranks: Floats, seed: int) -> Any:
    try:
        from sklearn.ensemble import ExtraTreesRegressor  # type: ignore[import-untyped]
    except ImportError as error:
        raise InputError(
            "importance by trees needs scikit-learn, which is not installed",
            fix="pip install 'crosscurrent[analysis]'",
        ) from error
    columns = table.shape[1]
    looked_at = min(columns, max(int(FEATURE_SHARE * columns), FEWEST_FEATURES))
    trees = ExtraTreesRegressor(
        TREES, min_samples_leaf=LEAF, max_features=looked_at, random_state=seed % 2**32, n_jobs=-1
    ).fit(table, ranks)
    # Threads add up the trees' predictions in any order, and the last digits would differ from run to run.
    return trees.set_params(n_jobs=1)


def _shuffled(
    trees: Any,
    table: npt.NDArray[np.float32],
    ranks: Floats,
    scrambles: Ints,
    places: Ints,
    shares: Floats,
    generator: np.random.Generator,
) -> float:
    """Fill in the loss from shuffling each factor, by scramble; the share of variance that trees predict."""
    variance = float(ranks.var())
    loss = (ranks - trees.predict(table)) ** 2
    for place in places.tolist():
        changed = table.copy()
        changed[:, place] = generator.permutation(changed[:, place])
        # Shuffling doubles the variance that a factor explains: once lost, once put in wrongly.
        added = ((ranks - trees.predict(changed)) ** 2 - loss) / (2 * variance)
        for scramble in np.unique(scrambles).tolist():
            shares[place, scramble] = added[scrambles == scramble].mean()
    return 1.0 - float(loss.mean()) / variance
