"""Scenario discovery: under which assumptions does a policy do badly, and how sure is that?

The worlds in which a result is of interest (the worst fifth, or those beyond a threshold) are described by a few
restrictions on assumptions.  *Coverage* is the share of interesting worlds that lie in the box, *density* the share of
the box's worlds that are interesting, *mass* the share of all worlds in the box.  All are shares of worlds drawn from
stated beliefs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
import numpy.typing as npt

from ..errors import InputError, did_you_mean
from ..study.sampling import SCRAMBLES
from .factors import Factors, gather_factors
from .interest import interest_of
from .outcome import Outcome, outcome_of

if TYPE_CHECKING:
    from ..case.records import Case
    from ..study.results import Results

__all__ = ["METHODS", "Box", "Discovery", "Restriction", "TrajectoryPoint", "box_errors", "discover"]

METHODS = ("prim", "cart", "oblique")
Method = Literal["prim", "cart", "oblique"]


class Finder(Protocol):
    """A method: factors and worlds of interest to boxes, and why there are no more."""

    def __call__(
        self,
        factors: Factors,
        interest: npt.NDArray[np.bool_],
        *,
        density: float | None,
        most: int,
        resamples: int,
        seed: int,
    ) -> tuple[tuple[Box, ...], str]: ...


@dataclass(frozen=True)
class Restriction:
    """What a box says about one factor."""

    factor: str
    kind: Literal["parameter", "axis", "theory", "combination"]
    unit: str
    grade: str
    """Grade of the evidence behind a parameter."""
    low: float | None
    """Smallest value inside, in the unit; None if open."""
    high: float | None
    """Largest value inside; None if open."""
    low_quantile: float | None
    """Share of the study's worlds below ``low``: the limit as a quantile of what was believed beforehand."""
    high_quantile: float | None
    """Share of the study's worlds at or below ``high``."""
    categories: tuple[str, ...]
    """Categories inside, of an axis or the theory."""
    left_out: tuple[str, ...]
    """Categories outside."""
    quasi_p: float | None
    """Chance of the box's share of interest if this restriction (the weaker of two ends) did nothing; None
    where the method gives none.
    """
    density_without: float | None
    """Density of the box without this restriction (its more telling end); None where the method gives none."""
    recurrence: float | None
    """Share of halves of the worlds in which the factor is restricted, 0-1."""
    loadings: tuple[tuple[str, float], ...] = ()
    """Of a combination: parameters and their weights, in standard deviations, largest first."""


@dataclass(frozen=True)
class TrajectoryPoint:
    """A box on the way from all worlds to the densest."""

    coverage: float
    density: float
    mass: float
    restricted: int
    """Factors that the box restricts."""


@dataclass(frozen=True)
class Box:
    """A description of worlds of interest."""

    restrictions: tuple[Restriction, ...]
    coverage: float
    coverage_error: float
    """Monte-Carlo error from the scrambles."""
    density: float
    density_error: float
    mass: float
    worlds: int
    interesting: int
    """Worlds of interest in it."""
    held_out_density: float
    """Density on worlds that the box was not fitted to, median over halves of the worlds; of a second box, among the
    worlds that the first one leaves.
    """
    held_out_coverage: float
    """Coverage there, likewise."""
    trajectory: tuple[TrajectoryPoint, ...]
    """Empty where the method has none."""
    chosen: int
    """Place in the trajectory, before restrictions that chance explains were dropped."""


@dataclass(frozen=True)
class Discovery:
    """Boxes, or why there is none."""

    method: Method
    outcome: Outcome
    side: Literal["higher", "lower"]
    threshold: float
    chosen: str
    """How the worlds of interest were chosen."""
    theories: tuple[str, ...]
    worlds: int
    """Worlds over all theories that did not fail."""
    failed: int
    interesting: int
    factors: int
    """Factors that were searched."""
    boxes: tuple[Box, ...]
    nothing: str
    """Why no box, or no further one, is shown; empty if a limit on their number was reached."""
    seed: int

    @property
    def base(self) -> float:
        """Share of interest among all worlds: the density of a box that says nothing."""
        return self.interesting / self.worlds


def box_errors(
    inside: npt.NDArray[np.bool_], interest: npt.NDArray[np.bool_], scrambles: npt.NDArray[np.int64]
) -> tuple[float, float]:
    """Monte-Carlo errors of coverage and density, from the figures of the scrambles; NaN if one has too few worlds.

    Parameters
    ----------
    inside, interest : bool array [world]
    scrambles : int array [world]
    """
    both, box, all_ = (
        np.bincount(scrambles, weights=mask, minlength=SCRAMBLES) for mask in (inside & interest, inside, interest)
    )
    if (box == 0).any() or (all_ == 0).any():
        return float("nan"), float("nan")
    errors = [float(np.std(shares, ddof=1) / np.sqrt(SCRAMBLES)) for shares in (both / all_, both / box)]
    return errors[0], errors[1]


def discover(
    results: Results,
    case: Case | None = None,
    *,
    measure: str | None = None,
    policy: str | None = None,
    difference: Sequence[str] | None = None,
    threshold: float | None = None,
    worst: float | None = None,
    side: str | None = None,
    method: str = "prim",
    theories: Sequence[str] | None = None,
    density: float | None = None,
    boxes: int = 2,
    resamples: int = 20,
    seed: int = 0,
    factors: Factors | None = None,
) -> Discovery:
    """Describe the worlds in which a result is of interest.

    Parameters
    ----------
    results : Results
    case : Case, optional
        Gives grades of evidence.
    measure, policy, difference : optional
        The result, as in :func:`~crosscurrent.analysis.outcome.outcome_of`.
    threshold, worst, side : optional
        Which worlds are of interest, as in :func:`~crosscurrent.analysis.interest.interest_of`.
    method : str
        ``prim``, ``cart`` or ``oblique``.
    theories : sequence of str, optional
        All by default.
    density : float, optional
        Take the widest box at least so dense (PRIM only); the best balance of coverage and density by default.
    boxes : int
        At most so many boxes; each looks at worlds that earlier ones leave.
    resamples : int
        Halves of the worlds that the boxes are tried on, 4-70.
    seed : int
        Sets the halves.
    factors : Factors, optional
        Those of the study, where several questions are asked of the same worlds; ``theories`` is then not used.

    Raises
    ------
    InputError
        If a name is unknown, a number is out of range, no or all worlds are of interest, or too few.
    """
    _refuse(method, density, boxes, resamples, seed)
    factors = factors if factors is not None else gather_factors(results, case, theories)
    outcome = outcome_of(results, factors.theories, measure, policy, difference)
    interest = interest_of(outcome, threshold, worst, side)
    kept = factors.kept(np.isfinite(outcome.values)) if outcome.failed else factors
    found, nothing = _finder(method)(kept, interest.mask, density=density, most=boxes, resamples=resamples, seed=seed)
    return Discovery(
        method, outcome, interest.side, interest.threshold, interest.chosen,  # type: ignore[arg-type]
        factors.theories, len(interest.mask), outcome.failed, int(interest.mask.sum()), len(factors.factors),
        found, nothing, seed,
    )  # fmt: skip


def _refuse(method: str, density: float | None, boxes: int, resamples: int, seed: int) -> None:
    if method not in METHODS:
        raise InputError("unknown method", given=method, fix=did_you_mean(method, METHODS))
    if density is not None and not 0 < density <= 1:
        raise InputError("not a usable density", given=density, expected="above 0, at most 1")
    if density is not None and method != "prim":
        raise InputError("a smallest density is for boxes with a trajectory", given=method, expected="prim")
    if not 1 <= boxes <= 10:
        raise InputError("not a usable number of boxes", given=boxes, expected="1 to 10")
    if not 4 <= resamples <= 70:
        raise InputError("not a usable number of resamples", given=resamples, expected="4 to 70")
    if seed < 0:
        raise InputError("not a usable seed", given=seed, expected="a whole number from 0")


def _finder(method: str) -> Finder:
    if method == "cart":
        from .cart import cart_boxes

        return cart_boxes
    if method == "oblique":
        from .oblique import oblique_boxes

        return oblique_boxes
    from .prim_boxes import prim_boxes

    return prim_boxes
