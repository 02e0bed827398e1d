"""Does the fit know how large the organisations are?  The published fit done anew at other start sizes.

Weekly deaths of the model are fitted to 0.10 x (homicides + missing)/52 of ten years, joined by a natural cubic
spline with a knot at the start of each year (a straight line after the last), by least squares over 520 weeks.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from .core import DEPOSITED, FIT_WEEKS, ConflictNetwork

__all__ = ["BOX", "OPEN", "START_SIZES", "Bounds", "Fit", "death_target", "fit_at", "fitted_deaths", "profile"]

Floats = npt.NDArray[np.float64]
HOMICIDES = (25967, 23063, 20013, 20763, 24560, 32082, 36687, 36662, 36773, 35625)
MISSING = (10760, 17614, 17887, 13442, 14630, 17335, 17123, 23272, 22943, 22470)
"""National figures a year, 2012-2021, as deposited with the paper."""
ATTRIBUTED = 0.10
"""Share of homicides and missing persons that the authors attribute to fights between organisations."""
START_SIZES = (80_000.0, 100_000.0, 115_000.0, 150_000.0, 200_000.0, 250_000.0, 300_000.0)
_SCALE = np.array([1e-3, 100.0, 1e-8, 1e-8])
"""Of rho, eta, theta, omega, so that the search moves in numbers of the order of 1."""
_STEP = 1e-6

Bounds = tuple[Sequence[float], Sequence[float]]
"""Lowest and highest rho, eta, theta, omega."""
BOX: Bounds = ((2e-3, 110.0, 1e-8, 0.04e-6), (3e-3, 120.0, 2e-8, 0.1e-6))
"""The authors' box."""
OPEN: Bounds = ((0.0, 110.0, 0.0, 0.0), (2e-2, 120.0, 1e-6, 1e-6))
"""Incapacitation in the authors' box, the other rates free to follow the size."""


@dataclass(frozen=True)
class Fit:
    """Best parameters at one start size."""

    start: float
    """Members in week 0."""
    members: float
    """Members in week 520."""
    error: float
    """Root mean square error, deaths a week."""
    rates: tuple[float, ...]
    """rho, eta, theta, omega."""


@functools.cache
def death_target() -> Floats:
    """Deaths a week that the model is fitted to [520 weeks]."""
    from scipy.interpolate import CubicSpline

    knots = 52.0 * np.arange(len(HOMICIDES))
    yearly = ATTRIBUTED * (np.array(HOMICIDES) + np.array(MISSING)) / 52.0
    spline, weeks = CubicSpline(knots, yearly, bc_type="natural"), np.arange(float(FIT_WEEKS))
    beyond = yearly[-1] + spline(knots[-1], 1) * (weeks - knots[-1])
    return np.asarray(np.where(weeks <= knots[-1], spline(weeks), beyond))


def fitted_deaths(network: ConflictNetwork, rates: Floats, start: float) -> tuple[Floats, Floats]:
    """Deaths a week [week, set] and members in week 520 [set] for sets of rho, eta, theta, omega [set, 4]."""
    rho, eta, theta, omega = rates.T
    members = np.repeat((start * network.shares)[:, None], len(rates), axis=1)
    killed = np.empty((FIT_WEEKS, len(rates)))
    for week in range(FIT_WEEKS):
        met = network.conflict @ members
        killed[week] = theta * (members * met).sum(0)
        members = members + members * (rho - eta / members.sum(0) - theta * met - omega * members)
    return killed, members.sum(0)


def fit_at(network: ConflictNetwork, start: float, bounds: Bounds) -> Fit:
    """Least squares over rho, eta, theta, omega within bounds, the start size held.

    Raises
    ------
    InputError
        If the start size is not a positive number, or bounds are the wrong way round.
    """
    from scipy.optimize import least_squares

    low, high = (np.asarray(side, dtype=np.float64) / _SCALE for side in bounds)
    if not (np.isfinite(start) and start > 0):
        raise InputError("a start size cannot be used", given=start, expected="a positive number of members")
    if not (low < high).all():
        raise InputError("bounds of a fit are the wrong way round", given=bounds, expected="lowest, then highest")
    target = death_target()

    def misfit(x: Floats) -> Floats:
        return np.asarray(fitted_deaths(network, (x * _SCALE)[None], start)[0][:, 0] - target)

    def slope(x: Floats) -> Floats:
        step = _STEP * np.maximum(np.abs(x), 0.1)
        step = np.where(x + step > high, -step, step)
        killed, _ = fitted_deaths(network, np.vstack([x, x + np.diag(step)]) * _SCALE, start)
        return np.asarray((killed[:, 1:] - killed[:, :1]) / step)

    guess = _first_guess(start, low, high)
    best = least_squares(misfit, guess, slope, bounds=(low, high), ftol=1e-6, xtol=1e-6, max_nfev=60)
    rates = best.x * _SCALE
    members = fitted_deaths(network, rates[None], start)[1]
    error = float(np.sqrt((best.fun**2).mean()))
    return Fit(start, float(members[0]), error, tuple(float(rate) for rate in rates))


def _first_guess(start: float, low: Floats, high: Floats) -> Floats:
    """Deposited rates, with those of pairs of members scaled to keep deaths and saturation of the start size."""
    size = DEPOSITED.initial_members / start
    rates = np.array(
        [DEPOSITED.recruitment_rate, DEPOSITED.arrests_rate, DEPOSITED.conflict_rate, DEPOSITED.saturation_rate]
    )
    margin = 1e-6 * (high - low)
    return np.asarray(np.clip(rates / _SCALE * np.array([1.0, 1.0, size**2, size]), low + margin, high - margin))


def profile(network: ConflictNetwork, bounds: Bounds, starts: Sequence[float] = START_SIZES) -> list[Fit]:
    """The fit at each start size."""
    return [fit_at(network, start, bounds) for start in starts]
