"""Conflict shock between two equal organisations: a weekly map from later work of the authors of the core.

    C_i <- C_i (1 + rho - eta) - theta C_1 C_2 - omega C_i^2,   deaths 2 theta C_1 C_2

A shock multiplies theta by 1 + kappa in weeks 100 to 125.  The week is computed by the laboratory's own equations of
recruitment, arrests, conflict and saturation, in double precision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from .target import Chart, Replication, Row, close, gap

__all__ = ["REPLICATION", "ShockMap", "next_sizes", "shocked_deaths"]

Floats = npt.NDArray[np.float64]
STATIONARY = 25_000.0
FIRST_WEEK, LAST_WEEK = 100, 125
WEEKS = 1560
"""Thirty years."""
_SOURCE = "code of arXiv:2508.06509"


@dataclass(frozen=True)
class ShockMap:
    """Parameters of the map; 150 recruits, 34 killed and arrests of 40 a week balance 76 lost to saturation."""

    recruitment: float = 150.0 / STATIONARY
    """rho, 1/week."""
    conflict: float = 2.0 * 17.0 / STATIONARY**2
    """theta, 1/(member week)."""
    incapacitation: float = 80.0 / (2.0 * STATIONARY)
    """eta, 1/week: here a share of members, not a number of people."""
    saturation: float = 76.0 / STATIONARY**2
    """omega, 1/(member week)."""

    def deaths(self, sizes: Floats, intensity: float = 1.0) -> float:
        """Killed a week, both sides."""
        return 2.0 * self.conflict * intensity * float(sizes[0] * sizes[1])


def next_sizes(sizes: Floats, parameters: ShockMap, intensity: float = 1.0) -> Floats:
    """Members of both a week later, by the laboratory's equations with two groups without ties or splits.

    Raises
    ------
    InputError
        If there are not two sizes, or one is negative.
    """
    from ..model import organizations

    model: Any = organizations
    if sizes.shape != (2,) or not (sizes >= 0.0).all():
        raise InputError("sizes of the organisations are wrong", given=sizes.tolist(), expected="two, 0 or more")
    total = float(sizes.sum())
    theta = model.fighting_rate.py_func(parameters.conflict, intensity)
    lost_share = model.state_loss_rate.py_func(parameters.incapacitation * total, 1.0, 0.0, total, 0.0)
    after = [
        model.next_members.py_func(
            members,
            model.recruited_members.py_func(members, 1.0, parameters.recruitment, 0.0),
            0.0,
            model.members_lost_to_state.py_func(members, lost_share),
            model.conflict_deaths_of_group.py_func(members, total, members, 0.0, 1.0, 0.0, theta, 0.0),
            model.saturation_losses.py_func(members, members, 0.0, parameters.saturation),
        )
        for members in sizes.tolist()
    ]
    return np.array(after)


def shocked_deaths(kappa: float, weeks: int = WEEKS, parameters: ShockMap | None = None) -> Floats:
    """Deaths a week from the stationary state, conflict multiplied by 1 + kappa in the shock [week].

    Raises
    ------
    InputError
        If kappa is below -1, which would make conflict negative.
    """
    if not kappa >= -1.0:
        raise InputError("a shock cannot make conflict negative", given=kappa, expected="kappa of -1 or more")
    known = ShockMap() if parameters is None else parameters
    sizes, killed = np.full(2, STATIONARY), np.empty(weeks)
    for week in range(weeks):
        intensity = 1.0 + kappa if FIRST_WEEK <= week <= LAST_WEEK else 1.0
        killed[week] = known.deaths(sizes, intensity)
        sizes = next_sizes(sizes, known, intensity)
    return killed


def rows() -> list[Row]:
    """The exact checks, then what follows the shock."""
    known = ShockMap()
    sizes = np.full(2, STATIONARY)
    for _ in range(WEEKS):
        sizes = next_sizes(sizes, known)
    calm = known.deaths(np.full(2, STATIONARY))
    killed = shocked_deaths(2.0)
    excess = 100.0 * float(killed.sum() / (calm * WEEKS) - 1.0)
    during = float(killed[FIRST_WEEK : LAST_WEEK + 1].mean()) / calm
    after = float(killed[LAST_WEEK + 1])
    exact = "1e-6 relative"
    return [
        Row("PC-16", "members of each, stationary over 30 years", STATIONARY, float(sizes[0]), exact, 1,
            close(float(sizes[0]), STATIONARY, relative=1e-6), _SOURCE, "+150 -34 -40 -76 = 0"),
        Row("PC-16", "deaths a week, both sides, no shock", 68.0, calm, exact, 1, close(calm, 68.0, relative=1e-6),
            _SOURCE),
        Row("PC-16", "deaths in the first week of a shock of kappa = 2", 204.0, float(killed[FIRST_WEEK]), exact, 1,
            close(float(killed[FIRST_WEEK]), 204.0, relative=1e-6), _SOURCE),
        Row("PC-16b", "deaths in the first week after it", "below 68", after, "sign", 3, gap(after < calm),
            "derived from the map",
            "both are smaller by then, and recover over years"),
        Row("PC-16c", "deaths of 30 years above those without a shock, %", 1.0, excess, "±0.5 point", 3,
            gap(abs(excess - 1.0) <= 0.5), "derived from the map",
            f"the half-year itself has {during:.1f} times the usual deaths; most are made up for later"),
    ]  # fmt: skip


def charts() -> list[Chart]:
    """Deaths a week under shocks of three sizes, ten years."""
    weeks = list(range(0, 520, 2))
    series = {f"kappa = {kappa:g}": shocked_deaths(kappa, 520)[::2].tolist() for kappa in (0.5, 1.0, 2.0)}
    return [
        Chart("Deaths around a half-year of harder fighting", "week", "deaths a week", weeks, series,
              {"without a shock": 68.0, "published start, kappa = 2": 204.0})
    ]  # fmt: skip


REPLICATION = Replication(
    name="conflict-shock",
    title="A shock of conflict between two equal organisations",
    citation="R. Prieto-Curiel and co-authors, code to arXiv:2508.06509 (control of organised crime), 2025",
    doi=None,
    says=(
        "Two organisations of 25,000 members stand still: each recruits 150 a week and loses 34 in fights, 40 to "
        "arrests and 76 to saturation. If fighting is made harder for half a year, deaths jump at once; afterwards "
        "both are smaller, so deaths stay below the old level for years while they recover."
    ),
    critics=(
        "Deaths that are made up for later follow from recruitment in proportion to members that is as strong after "
        "the shock as before; splits, retaliation and recruits drawn in by war, which the laboratory has elsewhere, "
        "would undo that. We know of no published comment on this map."
    ),
    not_reproduced=(
        "Nothing that the deposited map says. Weeks 100 to 125 are read as 26 weeks, both ends included; with 25 the "
        "excess over 30 years is a little smaller."
    ),
    rows=rows,
    charts=charts,
)
