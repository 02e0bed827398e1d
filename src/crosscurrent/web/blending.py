"""A reader's own mixture of theories: their worlds pooled, by weights that the reader was asked for.

Nothing in the evidence or the back-test chooses weights, so there are none until somebody gives them, and the
theories stay beside the mixture.  Figures of a mixture are those of the pooled worlds, each world weighing as much as
its theory's weight over that theory's worlds: its bands are no means of bands.

World ``w`` is the same point under every theory, so the theories' sampling errors are not independent: a share's error
comes from the mixture's own share in each of the eight scrambles, never from adding up the theories' errors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..report.shapes import Glyph
from .answers import BAND_LEVELS, band, direction, error_between, least_error, paired, scramble_shares, verdicts
from .worlds import Ensemble

__all__ = ["BLEND", "BLEND_MARK", "HIGHEST_WEIGHT", "blended_cell", "checked_blend", "mixed_band"]

BLEND = "~blend"
"""What stands in a theory's place; no theory can have that name."""
BLEND_MARK = Glyph("M1 1.4H11V3.4H1ZM1 5H11V7H1ZM1 8.6H11V10.6H1Z", "#4b565b")
"""Three bars in grey: no theory's shape, no theory's hue."""
HIGHEST_WEIGHT = 99

Floats = npt.NDArray[Any]


def checked_blend(weights: Sequence[int], theories: Sequence[str]) -> dict[str, float]:
    """Each theory's share of the mixture, those without weight left out.

    Parameters
    ----------
    weights
        One for each theory, in the same order; only their ratios count.
    theories
        Those of the page.

    Raises
    ------
    InputError
        If there is not one weight for every theory, one is out of range, or all are zero.

    >>> checked_blend([2, 0, 6], ["x", "y", "z"])
    {'x': 0.25, 'z': 0.75}
    """
    if len(weights) != len(theories):
        raise InputError(
            "a blend needs one weight for every theory", given=f"{len(weights)} weights",
            expected=f"{len(theories)}, in this order: {', '.join(theories)}",
        )  # fmt: skip
    for weight in weights:
        if weight != int(weight) or not 0 <= weight <= HIGHEST_WEIGHT:
            raise InputError("not a weight", given=weight, expected=f"a whole number from 0 to {HIGHEST_WEIGHT}")
    total = sum(weights)
    if total == 0:
        raise InputError("all weights are zero", expected="at least one above zero")
    return {theory: weight / total for theory, weight in zip(theories, weights, strict=True) if weight}


def mixed_band(samples: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """Quantiles of a mixture at BAND_LEVELS, [level, ...].

    All worlds are put in one order.  A world stands at the mass below it plus half its own, rescaled so that the
    first stands at 0 and the last at 1; between two worlds a quantile goes straight.  For one sample, or for equal
    worlds and weights, these are the usual quantiles of a pooled sample.

    Parameters
    ----------
    samples
        The worlds of each theory, single precision as worlds are, [..., world]; failed ones left out, one at least.
    weights
        Of each sample, in any scale; those without weight count for nothing.

    >>> mixed_band([np.arange(101.0), np.zeros(1)], [1, 0]).tolist()
    [5.0, 25.0, 50.0, 75.0, 95.0]
    >>> mixed_band([np.arange(50.0), np.arange(50.0, 101.0)], [50, 51]).round(3).tolist()
    [5.0, 25.0, 50.0, 75.0, 95.0]
    """
    kept = [(sample, weight) for sample, weight in zip(samples, weights, strict=True) if weight > 0]
    if len(kept) == 1:
        return band(kept[0][0])
    whole = sum(weight for _, weight in kept)
    values, owners = _ordered([sample for sample, _ in kept])
    mass = np.array([weight / whole / sample.shape[-1] for sample, weight in kept])[owners]
    first, last = mass[..., :1] / 2, mass[..., -1:] / 2
    places = (np.cumsum(mass, axis=-1) - mass / 2 - first) / (1 - first - last)
    return np.stack([_at(values, places, level) for level in BAND_LEVELS])


def _ordered(samples: Sequence[Floats]) -> tuple[Floats, npt.NDArray[np.intp]]:
    """All worlds in one order, and to which sample each belongs.

    Both are sorted as one whole number, the value's bits before the sample's number: quicker than an order of places,
    and the same on every machine where values are equal.
    """
    high = np.uint32(1 << 31)
    keys = []
    for number, sample in enumerate(samples):
        bits = np.ascontiguousarray(sample, dtype=np.float32).view(np.uint32)
        rising = np.where(bits & high, ~bits, bits | high).astype(np.uint64)
        keys.append((rising << np.uint64(32)) | np.uint64(number))
    pooled = np.concatenate(keys, axis=-1)
    pooled.sort(axis=-1)
    rising = (pooled >> np.uint64(32)).astype(np.uint32)
    bits = np.where(rising & high, rising ^ high, ~rising).astype(np.uint32)
    return bits.view(np.float32), (pooled & np.uint64(0xFFFFFFFF)).astype(np.intp)


def _at(values: Floats, places: Floats, level: float) -> Floats:
    """Value at a level of a mixture whose worlds stand at some places, both [..., world]."""
    below = np.clip((places <= level).sum(axis=-1, keepdims=True) - 1, 0, places.shape[-1] - 2)
    low, high = (np.take_along_axis(values, below + step, axis=-1)[..., 0] for step in (0, 1))
    start, end = (np.take_along_axis(places, below + step, axis=-1)[..., 0] for step in (0, 1))
    part = (level - start) / (end - start)
    return np.asarray(low * (1 - part) + high * part)


def blended_cell(
    a: Mapping[str, Ensemble], b: Mapping[str, Ensemble], place: int, measure: str, shares: Mapping[str, float],
    *, with_a: bool,
) -> dict[str, Any]:  # fmt: skip
    """All figures of a measure under a mixture, by point, as :func:`.answers.cell` gives them for a theory.

    Parameters
    ----------
    a, b
        Worlds by theory.
    place
        Of the measure among those of the worlds.
    measure
        Its name.
    shares
        Each theory's share of the mixture, as :func:`checked_blend` gives them.
    with_a
        Whether the bands of A are asked for.
    """
    left = {theory: np.flatnonzero(~(a[theory].failed | b[theory].failed)) for theory in shares}
    if not all(worlds.size for worlds in left.values()):
        return {"worlds": 0}
    of_a, of_b = ([of[theory].values[place][:, left[theory]] for theory in shares] for of in (a, b))
    weights = list(shares.values())
    found: dict[str, Any] = {"worlds": sum(worlds.size for worlds in left.values()), "b": mixed_band(of_b, weights)}
    if with_a:
        found["a"] = mixed_band(of_a, weights)
    pairs = [paired(one, other, direction(measure)) for one, other in zip(of_a, of_b, strict=True)]
    found["d"] = mixed_band([change for change, _, _ in pairs], weights)
    return found | _mixed_shares([pair[1:] for pair in pairs], list(left.values()), weights)


def _mixed_shares(
    hits: Sequence[tuple[Floats, ...]], worlds: Sequence[npt.NDArray[np.int64]], weights: Sequence[float]
) -> dict[str, Any]:
    """Shares in which B and A do better, the larger error, and the verdict, of hits of each theory."""
    least = sum(weight * least_error(len(own)) for weight, own in zip(weights, worlds, strict=True))
    shares, errors = [], []
    for side in range(2):
        parts = [weight * pair[side].mean(axis=-1) for weight, pair in zip(weights, hits, strict=True)]
        shares.append(np.sum(parts, axis=0))
        scrambles = [
            weight * scramble_shares(pair[side], own) for weight, pair, own in zip(weights, hits, worlds, strict=True)
        ]
        errors.append(error_between(np.sum(scrambles, axis=0), least))
    return {
        "better": shares[0],
        "worse": shares[1],
        "error": np.maximum(*errors),
        "clear": verdicts(shares[0], shares[1], errors[0], errors[1]),
    }
