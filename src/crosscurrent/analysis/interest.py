"""Which worlds are of interest: those beyond a threshold, or the worst share of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..errors import InputError, did_you_mean
from ..language import msg, t
from .outcome import Outcome
from .standing import preferred_direction

__all__ = ["FEWEST_INTERESTING", "FEWEST_WORLDS", "Interest", "interest_of"]

FEWEST_WORLDS = 128
FEWEST_INTERESTING = 24
"""Fewer worlds of interest, or fewer others, and a box would be drawn round a handful."""
WORST = 0.2
SIDES = ("higher", "lower")


@dataclass(frozen=True)
class Interest:
    """Worlds of interest among those that did not fail."""

    mask: npt.NDArray[np.bool_]
    """[world that did not fail]."""
    side: Literal["higher", "lower"]
    """Worlds of interest lie strictly beyond the threshold on this side."""
    threshold: float
    """In the unit of the measure."""
    chosen: str
    """How side and threshold came about, in words."""


def interest_of(
    outcome: Outcome,
    threshold: float | None = None,
    worst: float | None = None,
    side: str | None = None,
) -> Interest:
    """Worlds of interest of a result.

    Parameters
    ----------
    outcome : Outcome
    threshold : float, optional
        Interest is strictly beyond it.
    worst : float, optional
        Share of worlds, between 0 and 1; 0.2 if neither is given.
    side : str, optional
        ``higher`` or ``lower``; by default the side away from the direction that nobody disputes, ``higher`` where
        there is none.

    Raises
    ------
    InputError
        If both a threshold and a share are given, a figure is out of range, or too few worlds would be of
        interest or be left.
    """
    if threshold is not None and worst is not None:
        raise InputError("a threshold and a share at once", fix="give either --threshold or --worst")
    if threshold is not None and not np.isfinite(threshold):
        raise InputError("not a usable threshold", given=threshold, expected="a finite number")
    share = WORST if worst is None else worst
    if not 0 < share < 1:
        raise InputError("not a usable share of worlds", given=share, expected="between 0 and 1, such as 0.2")
    values = outcome.values[np.isfinite(outcome.values)]
    if len(values) < FEWEST_WORLDS:
        raise InputError(
            "too few worlds to look for a box", given=len(values), expected=f"at least {FEWEST_WORLDS}",
            fix="`crosscurrent extend DIR --worlds N` adds some",
        )  # fmt: skip
    preferred = preferred_direction(outcome.measure)
    if side not in (None, *SIDES):
        raise InputError("unknown side", given=side, fix=did_you_mean(str(side), SIDES))
    downward = side == "lower" if side is not None else preferred == "higher"
    chosen: Literal["higher", "lower"] = "lower" if downward else "higher"
    if threshold is None:
        threshold = float(np.quantile(values, 1 - share if chosen == "higher" else share))
        highest = msg("the highest {share} of 100 worlds")
        lowest = msg("the lowest {share} of 100 worlds")
        why = t(highest if chosen == "higher" else lowest, share=f"{100 * share:g}")
    else:
        why = "worlds beyond the threshold asked for"
    if side is None and preferred == "none":
        why += " (no direction of this measure is preferred; --side lower asks for the other end)"
    mask = values > threshold if chosen == "higher" else values < threshold
    _refuse_extremes(mask, values)
    return Interest(mask, chosen, threshold, why)


def _refuse_extremes(mask: npt.NDArray[np.bool_], values: npt.NDArray[np.float64]) -> None:
    found, count = int(mask.sum()), len(mask)
    spread = f"the middle 90 of 100 worlds lie from {np.quantile(values, 0.05):g} to {np.quantile(values, 0.95):g}"
    if np.ptp(values) == 0:
        raise InputError("the result is the same in every world, so none is of more interest than another")
    if found in (0, count):
        raise InputError(
            f"{'all' if found else 'no'} worlds are of interest", fix=f"{spread}; choose a threshold within"
        )
    if min(found, count - found) < FEWEST_INTERESTING:
        raise InputError(
            "too few worlds on one side of the threshold",
            given=min(found, count - found),
            expected=f"at least {FEWEST_INTERESTING} of interest and as many others",
            fix=spread,
        )
