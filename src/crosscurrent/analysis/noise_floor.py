"""What an index shows for a factor without any influence: dummy factors, shuffled among the worlds [1]_.

Given-data indices are never exactly zero.  Each kind of factor (a number in ten slices, an axis with three rivals) has
its own floor: the mean of its dummies and as many of their standard deviations as leave one dummy factor in twenty
studies above it, after counting how many factors are looked at.  A dummy has one value a world, the same under every
theory, as parameters have: shuffled row by row it would be far too quiet.

References
----------
.. [1] Zadeh FK, Nossent J, Sarrazin F, et al. (2017) Comparison of variance-based and moment-independent global
   sensitivity analysis approaches. Environmental Modelling & Software 91.
   https://doi.org/10.1016/j.envsoft.2017.02.001
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .delta import coarse_counts, delta_index
from .pawn import pawn_index
from .repeated_worlds import by_world
from .slices import ResultBins, Slices, one_table

__all__ = ["Floors", "noise_floors"]

Floats = npt.NDArray[np.float64]
DUMMIES = 32
LEVEL = 0.05


class Floors(NamedTuple):
    """Noise floors by factor."""

    delta: Floats
    """[factor]."""
    pawn: Floats
    """[factor]."""
    delta_mean: Floats
    """[factor], mean index of its dummies."""
    dummy_delta: float
    """Mean index of a dummy number: what the charts draw as a dummy factor."""
    dummy_pawn: float


def noise_floors(slices: Slices, result: ResultBins, seed: int, count: int = DUMMIES) -> Floors:
    """Floors of every factor; factors with the same slice sizes share one.

    Parameters
    ----------
    slices : Slices
    result : ResultBins
    seed : int
        Sets the shuffles; 0 is a seed like any other.
    count : int
        Dummies of each kind, at least 2.
    """
    from scipy.special import stdtrit

    generator = np.random.default_rng([seed, 7103])
    places = by_world(slices.worlds)
    nothing = np.zeros_like(places)
    different = int(places.max()) + 1
    # Two indices are looked at; mean and spread of the dummies are estimates themselves, hence Student's t.
    tail = LEVEL / (2 * max(len(slices.sizes), 1))
    bound = float(stdtrit(count - 1, 1 - tail)) * np.sqrt(1 + 1 / count)
    known: dict[tuple[int, ...], tuple[float, float, float, float]] = {}
    keys = []
    for codes, size in zip(slices.codes, slices.sizes.tolist(), strict=True):
        # Slices that differ by less than a tenth of the worlds have nearly the same floor.
        shares = np.bincount(codes, minlength=size) / codes.size
        key = tuple(np.sort(np.round(10 * shares)).astype(int).tolist())
        keys.append(key)
        if key not in known:
            tables = np.stack([
                one_table(codes[generator.integers(0, len(codes), different)][places], size, nothing, result)[0]
                for _ in range(count)
            ])  # fmt: skip
            figures = np.stack([delta_index(coarse_counts(tables, result.coarse)), pawn_index(tables)], axis=-1)
            means, spreads = figures.mean(axis=0), figures.std(axis=0, ddof=1)
            high = means + bound * spreads
            known[key] = float(high[0]), float(high[1]), float(means[0]), float(means[1])
    found = np.array([known[key] for key in keys])
    widest = max(known, key=len)
    return Floors(found[:, 0], found[:, 1], found[:, 2], known[widest][2], known[widest][3])
