"""The runs behind the replication of the core: ten years as fitted, then six under each scenario."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from .core import (
    DEPOSITED,
    FIT_WEEKS,
    ConflictNetwork,
    CoreParameters,
    deaths,
    kernel_members,
    national_network,
    saturation,
    solver_members,
)

__all__ = ["STATUS_QUO", "WEEKS_AFTER", "Path", "fight_shares", "kernel_paths", "scenarios", "solver_paths"]

Floats = npt.NDArray[np.float64]
STATUS_QUO = "status quo"
WEEKS_AFTER = 312
"""Weeks from the start of 2022 to the end of 2027."""


@dataclass(frozen=True)
class Path:
    """A run, week by week from the start of 2012; flows of a week are those of its first day."""

    members: Floats
    """[week, group]."""
    deaths: Floats
    """Killed in conflict a week [week]."""
    saturation: Floats
    """[week]."""

    @functools.cached_property
    def total(self) -> Floats:
        """Members of all organisations [week]."""
        return np.asarray(self.members.sum(1))

    def members_change(self, weeks: float) -> float:
        """Members so many weeks into the scenario, relative to its beginning, percent."""
        return 100.0 * float(self.total[FIT_WEEKS + int(weeks)] / self.total[FIT_WEEKS] - 1.0)

    def deaths_change(self, weeks: float) -> float:
        """Deaths a week so many weeks into the scenario, relative to its beginning, percent."""
        return 100.0 * float(self.deaths[FIT_WEEKS + int(weeks)] / self.deaths[FIT_WEEKS] - 1.0)


def fight_shares(members: Floats, conflict: Floats, top: int = 10) -> tuple[float, float, float, float]:
    """What the largest organisations are in the fighting, percent.

    Returns
    -------
    tuple
        Share of members in the ``top`` largest; share of deaths in fights among them; in fights between them and the
        others; share of victims from the others.
    """
    large = np.zeros(len(members), dtype=bool)
    large[np.argsort(-members, kind="stable")[:top]] = True
    killed = members[:, None] * conflict * members
    whole = killed.sum()
    among, from_small = killed[np.ix_(large, large)].sum(), killed[~large].sum()
    across = killed[np.ix_(large, ~large)].sum() + killed[np.ix_(~large, large)].sum()
    parts = members[large].sum() / members.sum(), among / whole, across / whole, from_small / whole
    return tuple(100.0 * float(part) for part in parts)  # type: ignore[return-value]


def scenarios(members_2022: float) -> dict[str, CoreParameters]:
    """What each scenario changes at the start of 2022.

    Parameters
    ----------
    members_2022
        Members then: 110 recruits a week fewer is a rate lower by 110 a member.
    """
    rho, eta = DEPOSITED.recruitment_rate, DEPOSITED.arrests_rate
    a_head = eta / members_2022

    def with_rates(recruitment: float, arrests: float) -> CoreParameters:
        return replace(DEPOSITED, recruitment_rate=recruitment, arrests_rate=arrests)

    return {
        STATUS_QUO: DEPOSITED,
        "incapacitation doubled": with_rates(rho, 2.0 * eta),
        "recruitment halved": with_rates(0.5 * rho, eta),
        "no recruitment": with_rates(0.0, eta),
        "110 recruits a week fewer": with_rates(rho - a_head, eta),
        "220 recruits a week fewer": with_rates(rho - 2.0 * a_head, eta),
        "220 incapacitated a week more": with_rates(rho, 3.0 * eta),
        "incapacitation per head": with_rates(rho - a_head, 0.0),
        "incapacitation per head, doubled": with_rates(rho - 2.0 * a_head, 0.0),
    }


def _paths(run: Callable[[Mapping[str, CoreParameters]], dict[str, Floats]]) -> dict[str, Path]:
    """Run once for the members of 2022, then for the scenarios that rest on them."""
    first = run({STATUS_QUO: DEPOSITED})[STATUS_QUO]
    chosen = scenarios(float(first[FIT_WEEKS].sum()))
    conflict = national_network().conflict
    return {
        name: Path(
            members,
            deaths(members, conflict, chosen[name].conflict_rate),
            saturation(members, chosen[name].saturation_rate),
        )
        for name, members in run(chosen).items()
    }


@functools.cache
def kernel_paths() -> dict[str, Path]:
    """Every scenario by the laboratory's kernel, all other mechanisms at their null."""
    return _paths(lambda changes: kernel_members(changes, FIT_WEEKS, FIT_WEEKS + WEEKS_AFTER))


def _solved(network: ConflictNetwork, changes: Mapping[str, CoreParameters]) -> dict[str, Floats]:
    past = solver_members(network, DEPOSITED, FIT_WEEKS)
    return {
        name: np.concatenate([past[:-1], solver_members(network, parameters, WEEKS_AFTER, past[-1])])
        for name, parameters in changes.items()
    }


@functools.cache
def solver_paths() -> dict[str, Path]:
    """Every scenario by SciPy's adaptive solver."""
    return _paths(lambda changes: _solved(national_network(), changes))
