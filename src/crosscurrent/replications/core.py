"""The published core of the laboratory, alone: through the compiled kernel, and by an adaptive solver.

Organisations i of size C_i, T = sum of C_j, t in weeks (Prieto-Curiel, Campedelli and Hope 2023 [1]_):

    dC_i/dt = C_i [rho - eta/T - theta * sum_j S_ij C_j - omega * C_i],   S_ij = (W_ij + 1)/(a_i + 1),  S_ii = 0

W is the rivalry weight, a_i the summed alliance weight of i.

References
----------
.. [1] R. Prieto-Curiel, G. M. Campedelli, A. Hope, "Reducing cartel recruitment is the only way to lower violence
   in Mexico", Science 381(6664), 1312-1316, 2023.  doi:10.1126/science.adh2888
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..errors import ComputeError, InputError

if TYPE_CHECKING:
    from ..case.records import Case

__all__ = [
    "DEPOSITED",
    "FIT_WEEKS",
    "ConflictNetwork",
    "CoreParameters",
    "conflict_matrix",
    "deaths",
    "euler_members",
    "growth",
    "kernel_members",
    "national_network",
    "null_parameters",
    "saturation",
    "solver_members",
]

Floats = npt.NDArray[np.float64]
FIT_WEEKS = 520
"""Weeks of the published fit, 2012 to 2022."""
# Strengths whose null is not 0: multipliers of 1, shares that only divide, exponents that need a sign.
_NEUTRAL = {
    "kill_factor": 1.0, "succession_war_ratio": 1.0, "demand_elasticity_opioids": -0.5,
    "demand_elasticity_stimulants": -0.5, "export_share_fentanyl": 0.5, "initial_trust": 0.5, "trust_base": 0.5,
}  # fmt: skip


@dataclass(frozen=True)
class CoreParameters:
    """Parameters of the core; names are those of the laboratory's parameters."""

    recruitment_rate: float = 2.527474e-3
    """rho, 1/week."""
    arrests_rate: float = 110.0
    """eta, people a week in the whole country, shared out by size."""
    conflict_rate: float = 1.549231e-8
    """theta, 1/(member week)."""
    saturation_rate: float = 4.0e-8
    """omega, 1/(member week)."""
    initial_members: float = 115_000.0
    """Members of all organisations in week 0, the start of 2012."""


DEPOSITED = CoreParameters()
"""Values of the code deposited with the paper."""


@dataclass(frozen=True)
class ConflictNetwork:
    """Start shares and ties of the organisations, largest first."""

    shares: Floats
    """Start share of each organisation [group], 0-1."""
    rivalries: tuple[tuple[int, int, float], ...]
    """(group, rival, weight), each once, groups from 0."""
    alliances: tuple[tuple[int, int, float], ...]

    @functools.cached_property
    def conflict(self) -> Floats:
        """The matrix S [group, rival]."""
        return conflict_matrix(len(self.shares), self.rivalries, self.alliances)

    @property
    def start_intensity(self) -> float:
        """z'Sz with z the start shares: how hard the average pair of members meets at the start."""
        return float(self.shares @ self.conflict @ self.shares)


def conflict_matrix(
    groups: int, rivalries: Sequence[tuple[int, int, float]], alliances: Sequence[tuple[int, int, float]]
) -> Floats:
    """S_ij = (W_ij + 1)/(a_i + 1) off the diagonal, 0 on it; not symmetric, for allies divide own losses only.

    >>> conflict_matrix(2, [(0, 1, 3.0)], [])
    array([[0., 4.],
           [4., 0.]])

    Raises
    ------
    InputError
        If a tie names a group that is not there, or ties a group to itself.
    """
    weight, allies = np.zeros((groups, groups)), np.zeros(groups)
    for first, second, _ in (*rivalries, *alliances):
        if not (0 <= first < groups and 0 <= second < groups) or first == second:
            raise InputError("a tie joins groups it cannot", given=(first, second), expected=f"two of 0-{groups - 1}")
    for first, second, size in rivalries:
        weight[first, second] = weight[second, first] = size
    for first, second, size in alliances:
        allies[first] += size
        allies[second] += size
    conflict = (weight + 1.0) / (allies[:, None] + 1.0)
    np.fill_diagonal(conflict, 0.0)
    return np.asarray(conflict)


def growth(members: Floats, conflict: Floats, parameters: CoreParameters) -> Floats:
    """Change of every organisation's members in a week [group]."""
    losses = parameters.conflict_rate * (conflict @ members) + parameters.saturation_rate * members
    return np.asarray(members * (parameters.recruitment_rate - parameters.arrests_rate / members.sum() - losses))


def deaths(members: Floats, conflict: Floats, conflict_rate: float) -> Floats:
    """Killed in conflict a week, theta C'SC, of both sides and without a factor 2; members [..., group]."""
    return np.asarray(conflict_rate * ((members @ conflict.T) * members).sum(-1))


def saturation(members: Floats, saturation_rate: float) -> Floats:
    """Leaving, splitting and internal loss a week, omega times the sum of squares; members [..., group]."""
    return np.asarray(saturation_rate * (members**2).sum(-1))


@functools.cache
def _case() -> Case:
    from ..case import load_case

    return load_case("us_mexico")


@functools.cache
def national_network() -> ConflictNetwork:
    """The 150 organisations of the paper's data, from the tables of the case.

    Raises
    ------
    CaseError
        If a table is missing or a line of it is wrong, with file and line.
    """
    case = _case()
    shares = np.array([group.size_share for group in case.groups], dtype=np.float64)
    ties = (
        tuple((tie.from_rank - 1, tie.to_rank - 1, float(tie.weight)) for tie in table)
        for table in (case.rivalries, case.alliances)
    )
    return ConflictNetwork(shares, *ties)


def euler_members(
    network: ConflictNetwork, parameters: CoreParameters, weeks: int, start: Floats | None = None
) -> Floats:
    """Members by one-week steps, in double precision [week, group]; ``start`` takes the place of the start rule."""
    members = network.shares * parameters.initial_members if start is None else start
    path = [members]
    for _ in range(weeks):
        members = members + growth(members, network.conflict, parameters)
        path.append(members)
    return np.array(path)


def solver_members(
    network: ConflictNetwork, parameters: CoreParameters, weeks: int, start: Floats | None = None
) -> Floats:
    """Members by SciPy's adaptive Runge-Kutta solver of order 8, at whole weeks [week, group].

    Raises
    ------
    ComputeError
        If the solver does not reach the end.
    """
    from scipy.integrate import solve_ivp

    begin = network.shares * parameters.initial_members if start is None else start
    solved = solve_ivp(
        lambda _, members: growth(members, network.conflict, parameters),
        (0.0, float(weeks)), begin, method="DOP853", t_eval=np.arange(weeks + 1.0), rtol=1e-9, atol=1e-6,
    )  # fmt: skip
    if not solved.success:
        raise ComputeError(f"the solver stopped early: {solved.message}")
    return np.asarray(solved.y.T, dtype=np.float64)


def null_parameters(count: int, parameters: CoreParameters = DEPOSITED) -> dict[str, npt.NDArray[np.float64]]:
    """Every strength of the laboratory at its null but the core's, for so many worlds.

    Raises
    ------
    InputError
        If there are no worlds.
    """
    from ..model.schema import PARAMETERS

    if count < 1:
        raise InputError("there are no worlds", given=count, expected="1 or more")
    values = {name: max(p.low, 0.0) if p.high >= 0.0 else p.low for name, p in PARAMETERS.items()}
    values |= _NEUTRAL | {field.name: getattr(parameters, field.name) for field in fields(parameters)}
    return {name: np.full(count, float(value)) for name, value in values.items()}


@functools.cache
def _simulator() -> Any:
    from ..study.simulation import CaseSimulator
    from ..study.specification import Study

    return CaseSimulator(Study(worlds=1, years=10), _case(), shocks=False)


def kernel_members(
    changes: Mapping[str, CoreParameters], change_week: int, weeks: int, parameters: CoreParameters = DEPOSITED
) -> dict[str, Floats]:
    """Members by the laboratory's own compiled week, every other mechanism at its null.

    Each scenario is a world beside the others: all are the same until ``change_week``, when each takes its own
    parameters.

    Parameters
    ----------
    changes
        Parameters from the change on, by scenario; up to 64.
    change_week
        Week of the change, from the start of 2012.
    weeks
        Length of the run.
    parameters
        Parameters until the change.

    Returns
    -------
    dict
        Scenario to members [week, group], in double precision though computed in the kernel's.

    Raises
    ------
    InputError
        If there are too many scenarios, or the change lies outside the run.
    """
    from ..kernel import run
    from ..lanes.records import LANES

    if not 1 <= len(changes) <= LANES:
        raise InputError("scenarios do not fit in one block", given=len(changes), expected=f"1 to {LANES}")
    if not 0 <= change_week <= weeks:
        raise InputError("the change lies outside the run", given=change_week, expected=f"0 to {weeks}")
    sim, worlds = _simulator(), np.arange(len(changes))
    setting = sim.setting(None, (0, 0))
    blocks = run.start(sim.kernel, sim.network, null_parameters(len(changes), parameters), worlds, 0)
    path = np.empty((weeks + 1, len(sim.network.size_share), len(changes)))
    for week in range(weeks + 1):
        if week == change_week:
            _change(blocks, changes)
        path[week] = blocks["groups"][0]["members"][: path.shape[1], : path.shape[2]]
        if week < weeks:
            run.advance(sim.kernel, blocks, setting, week, week + 1, 0)
    return {name: np.ascontiguousarray(path[:, :, lane]) for lane, name in enumerate(changes)}


def _change(blocks: Any, changes: Mapping[str, CoreParameters]) -> None:
    """Give each world its scenario's parameters; members that are there already stay."""
    for lane, parameters in enumerate(changes.values()):
        kept = replace(parameters, initial_members=DEPOSITED.initial_members)
        for field in fields(kept):
            blocks[field.name][0, lane] = getattr(kept, field.name)
