"""PRIM on rotated axes: boxes whose sides are weighted sums of a few parameters [1]_.

Where two parameters do harm together, the worlds of interest lie along a slope that boxes with straight sides cut into
steps.  The parameters that go with interest are rotated to the principal axes of the interesting worlds; everything
else stays as it is, and PRIM peels both.

References
----------
.. [1] Dalal S, Han B, Lempert R, Jaycocks A, Hackbarth A (2013) Improving scenario discovery using orthogonal
   rotations. Environmental Modelling & Software 48. https://doi.org/10.1016/j.envsoft.2013.05.013
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from .discovery import Box, Restriction
from .factors import Factor, Factors
from .prim import Booleans, make_space
from .prim_boxes import boxes_in
from .repeated_worlds import design_effect

__all__ = ["normal_scores", "oblique_boxes", "related_parameters", "rotation"]

Floats = npt.NDArray[np.float64]
MOST_ROTATED = 6
"""More parameters in a sum than this and nobody can say what it means."""
LEVEL = 0.05
TOO_FEW = "fewer than two parameters go with the interest by themselves, so there is nothing to rotate"


def normal_scores(values: Floats) -> Floats:
    """Standard normal quantiles of the ranks along the last axis, ties sharing their mean rank.

    >>> normal_scores(np.array([3.0, 1.0, 2.0])).round(2).tolist()
    [0.67, -0.67, 0.0]
    """
    from scipy.special import ndtri
    from scipy.stats import rankdata

    return np.asarray(ndtri(rankdata(values, axis=-1) / (values.shape[-1] + 1)), dtype=np.float64)


def related_parameters(
    scores: Floats, interest: Booleans, effect: float = 1.0, most: int = MOST_ROTATED
) -> npt.NDArray[np.int64]:
    """Places of numbers whose mean among interesting worlds is beyond chance, after counting how many were tried.

    Parameters
    ----------
    scores : float64 array [number, world]
    interest : bool array [world]
    effect : float
        Rows that are worth one independent world.
    most : int
        At most so many, those furthest off first.
    """
    from scipy.special import ndtri

    spread = scores.std(axis=1)
    count, share = int(interest.sum()), float(interest.mean())
    error = np.maximum(spread, 1e-300) * np.sqrt((1 - share) * effect / max(count, 1))
    away = np.abs(scores[:, interest].mean(axis=1) - scores.mean(axis=1)) / error
    bound = float(ndtri(1 - LEVEL / (2 * max(len(scores), 1))))
    order = np.argsort(-away, kind="stable")[:most]
    return np.asarray(order[away[order] > bound])


def rotation(scores: Floats) -> Floats:
    """Principal axes of some worlds [axis, number], narrowest first, the largest weight of each positive."""
    _, vectors = np.linalg.eigh(np.cov(scores))
    axes = vectors.T
    largest = np.argmax(np.abs(axes), axis=1)
    return np.asarray(axes * np.sign(axes[np.arange(len(axes)), largest])[:, None])


def oblique_boxes(
    factors: Factors, interest: Booleans, *, density: float | None, most: int, resamples: int, seed: int
) -> tuple[tuple[Box, ...], str]:
    """Boxes in which sums of parameters are restricted, and why there are no more; see
    :func:`crosscurrent.analysis.prim_boxes.prim_boxes`.

    The rotation is that of all worlds, those held out included: it is not fitted to where the interest ends.
    """
    scores = normal_scores(factors.numbers)
    places = related_parameters(scores, interest, design_effect(interest, factors.worlds))
    if len(places) < 2:
        return (), TOO_FEW
    axes = rotation(scores[places][:, interest])
    rest = np.setdiff1d(np.arange(len(scores)), places)
    parameters = [factor for factor in factors.factors if factor.kind == "parameter"]
    others = [factor for factor in factors.factors if factor.kind != "parameter"]
    sums = [Factor(f"sum {number}", "parameter", "standard deviations") for number in range(1, len(axes) + 1)]
    names = [*sums, *(parameters[place] for place in rest.tolist()), *others]
    space = make_space(
        np.concatenate([axes @ scores[places], factors.numbers[rest]]),
        factors.codes,
        [len(factor.categories) for factor in others],
    )
    found, nothing = boxes_in(
        space, names, interest, factors.worlds, density=density, most=most, resamples=resamples, seed=seed
    )
    weights = {
        its.name: _loadings([parameters[place].name for place in places.tolist()], row)
        for its, row in zip(sums, axes, strict=True)
    }
    return tuple(_named(box, weights) for box in found), nothing


def _loadings(names: list[str], weights: Floats) -> tuple[tuple[str, float], ...]:
    pairs = sorted(zip(names, weights.tolist(), strict=True), key=lambda pair: -abs(pair[1]))
    return tuple((name, float(weight)) for name, weight in pairs)


def _named(box: Box, weights: dict[str, tuple[tuple[str, float], ...]]) -> Box:
    def _told(restriction: Restriction) -> Restriction:
        if restriction.factor not in weights:
            return restriction
        return replace(restriction, kind="combination", loadings=weights[restriction.factor])

    return replace(box, restrictions=tuple(_told(entry) for entry in box.restrictions))
