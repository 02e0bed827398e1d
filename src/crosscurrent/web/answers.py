"""Figures of an answer: bands of A and B, paired differences, shares of worlds with their sampling error, verdicts.

A verdict is *clear* when the share of a theory's worlds, less its sampling error, is beyond eight in ten; all else is
"not clear".  The error of a share comes from the eight independent scrambles the worlds are split over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..model.schema import MEASURES
from ..study.sampling import SCRAMBLES
from .worlds import Ensemble

__all__ = [
    "BAND_LEVELS", "CLEAR", "ERRORS", "band", "cell", "compare_cells", "difference_cell", "direction",
    "error_between", "figures", "least_error", "paired", "scramble_shares", "share_error", "verdicts",
]  # fmt: skip

BAND_LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
CLEAR = 0.8
"""Share of a theory's worlds beyond which a statement is clear."""
ERRORS = 1.645
"""Standard errors taken off a share before it is called clear, as everywhere in the project."""
_SAME = 1e-6
"""Relative difference below which two worlds count as the same."""

Floats = npt.NDArray[Any]


def direction(measure: str) -> int:
    """-1 where lower is preferred, 1 where higher is, 0 where people dispute it.

    >>> direction("homicides"), direction("trust"), direction("groups")
    (-1, 1, 0)
    """
    return {"lower": -1, "higher": 1, "none": 0}[MEASURES[measure].preferred]


def band(values: Floats) -> Floats:
    """Quantiles over worlds at BAND_LEVELS, [level, ...]; NaN where no world is left.

    Parameters
    ----------
    values
        [..., world], without failed worlds.

    >>> band(np.arange(101.0)).tolist()
    [5.0, 25.0, 50.0, 75.0, 95.0]
    """
    count = values.shape[-1]
    if count == 0:
        return np.full((len(BAND_LEVELS), *values.shape[:-1]), np.nan)
    ordered = np.sort(values, axis=-1)
    place = np.asarray(BAND_LEVELS) * (count - 1)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, count - 1)
    part = (place - below).astype(ordered.dtype)
    return np.moveaxis(ordered[..., below] * (1 - part) + ordered[..., above] * part, -1, 0)


def scramble_shares(hits: npt.NDArray[np.bool_], worlds: npt.NDArray[np.int64]) -> Floats:
    """Share of worlds within each scramble, [scramble, ...]; NaN where a scramble has no world left.

    Parameters
    ----------
    hits
        [..., world].
    worlds
        World numbers [world].
    """
    member = worlds[:, None] % SCRAMBLES == np.arange(SCRAMBLES)
    counts = member.sum(axis=0)
    # Whole numbers up to 2^24 are exact in single precision.
    inside = (hits.astype(np.float32) @ member.astype(np.float32)).astype(np.float64)
    shares = np.divide(inside, counts, out=np.full(inside.shape, np.nan), where=counts > 0)
    return np.moveaxis(shares, -1, 0)


def least_error(worlds: int) -> float:
    """Standard error that three unseen worlds leave open, however well the scrambles agree."""
    return 3.0 / (ERRORS * max(worlds, 1))


def error_between(shares: Floats, least: float) -> Floats:
    """Standard error of a share from its values in the scrambles [scramble, ...], never below ``least``.

    NaN where fewer than two scrambles have a value.
    """
    known = shares[np.isfinite(shares).reshape(len(shares), -1).all(axis=1)]
    if len(known) < 2:
        return np.full(shares.shape[1:], np.nan)
    return np.asarray(np.maximum(known.std(axis=0, ddof=1) / np.sqrt(len(known)), least))


def share_error(hits: npt.NDArray[np.bool_], worlds: npt.NDArray[np.int64]) -> Floats:
    """Standard error of a share of worlds [...], from the eight scrambles; never below what three
    unseen worlds leave open.

    Parameters
    ----------
    hits
        [..., world].
    worlds
        World numbers [world].
    """
    return error_between(scramble_shares(hits, worlds), least_error(len(worlds)))


def verdicts(better: Floats, worse: Floats, better_error: Floats, worse_error: Floats) -> npt.NDArray[np.int64]:
    """1 where it is clear that B does better, -1 where it is clear that A does, else 0.

    >>> none = np.zeros(3)
    >>> verdicts(np.array([.95, .82, .1]), np.array([.05, .1, .9]), none + .02, none + .02).tolist()
    [1, 0, -1]
    """
    up = better - ERRORS * better_error > CLEAR
    down = worse - ERRORS * worse_error > CLEAR
    return np.where(up, 1, np.where(down, -1, 0)).astype(np.int64)


def paired(a: Floats, b: Floats, sign: int) -> tuple[Floats, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Difference B - A in the same worlds, and in which of them B and A do better; arrays [..., world].

    Where people dispute what is better (sign 0), higher stands in its place.

    >>> change, better, worse = paired(np.array([2.0, 3.0]), np.array([1.0, 3.0]), -1)
    >>> change.tolist(), better.tolist(), worse.tolist()
    ([-1.0, 0.0], [True, False], [False, False])
    """
    change = b - a
    size = np.maximum(np.abs(a), np.abs(b)) * _SAME
    return change, change * (sign or 1) > size, change * (sign or 1) < -size


def difference_cell(a: Floats, b: Floats, sign: int, worlds: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Paired difference B - A in the same worlds: band, shares, error, verdict; arrays [..., world]."""
    change, better, worse = paired(a, b, sign)
    shares = better.mean(axis=-1), worse.mean(axis=-1)
    errors = share_error(better, worlds), share_error(worse, worlds)
    return {
        "d": band(change),
        "better": shares[0],
        "worse": shares[1],
        "error": np.maximum(*errors),
        "clear": verdicts(*shares, *errors),
    }


def cell(a: Ensemble, b: Ensemble, place: int, measure: str, *, with_a: bool) -> dict[str, Any]:
    """All figures of a measure under one theory, by point."""
    worlds = np.flatnonzero(~(a.failed | b.failed))
    if worlds.size == 0:
        return {"worlds": 0}
    of_a, of_b = a.values[place][:, worlds], b.values[place][:, worlds]
    found = {"worlds": int(worlds.size), "b": band(of_b)}
    if with_a:
        found["a"] = band(of_a)
    found |= difference_cell(of_a, of_b, direction(measure), worlds)
    return found


def figures(values: Any, digits: int = 4) -> Any:
    """Arrays as lists of so many significant digits (whole numbers where they have more), ready for JSON.

    >>> figures({"x": np.array([12345.678, 0.123456, float("nan")])})
    {'x': [12346.0, 0.1235, None]}
    """
    if isinstance(values, dict):
        return {key: figures(value, digits) for key, value in values.items()}
    return _short(values, digits) if isinstance(values, np.ndarray) else values


def _short(values: Floats, digits: int) -> Any:
    """Rounded values as nested lists; whole numbers without a decimal point, None for what is no figure."""
    if values.dtype.kind in "iub":
        return list(values.tolist())
    known = np.where(np.isfinite(values), values, 0.0).astype(np.float64)
    size = np.floor(np.log10(np.maximum(np.abs(known), 1e-30)))
    factor: Floats = 10.0 ** np.clip(digits - 1 - size, 0, 18)
    rounded: Floats = np.rint(known * factor) / factor
    if not np.isfinite(values).all():
        empty = rounded.astype(object)
        empty[~np.isfinite(values)] = None
        return empty.tolist()
    whole = bool((rounded == np.rint(rounded)).all())
    if whole:
        rounded = rounded.astype(np.int64)
    return rounded.tolist()


def compare_cells(
    a: dict[str, Ensemble],
    b: dict[str, Ensemble],
    names: Sequence[str],
    measures: Sequence[str],
    *,
    with_a: bool,
) -> dict[str, dict[str, Any]]:
    """Cells by measure and theory."""
    return {
        measure: {theory: cell(a[theory], b[theory], names.index(measure), measure, with_a=with_a) for theory in b}
        for measure in measures
    }
