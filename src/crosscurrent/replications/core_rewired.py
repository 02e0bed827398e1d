"""Would another network with the same degrees give the same answer?  Rewired rivalries and alliances.

Pairs of ties exchange an end: every group keeps its number of ties, every tie its weight.  Conflict is rescaled so
that theta z'Sz, and with it deaths at the start, is that of the real network.  The networks are synthetic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from .core import DEPOSITED, FIT_WEEKS, ConflictNetwork, CoreParameters

__all__ = ["RewiredEffects", "rewire", "rewired_effects", "rewired_networks"]

Floats = npt.NDArray[np.float64]
Ties = tuple[tuple[int, int, float], ...]
_SWAPS_A_TIE = 10
"""Attempts; enough that little of the old network is left."""


@dataclass(frozen=True)
class RewiredEffects:
    """Relative changes by network, incapacitation doubled in week 520 [network]."""

    deaths_since_2022: Floats
    """Deaths a week after so many weeks, relative to week 520 of the same network."""
    deaths_beside_status_quo: Floats
    """The same week of the same network without the doubling."""
    members_2022: Floats


def rewire(ties: Ties, random: np.random.Generator) -> Ties:
    """Exchange ends of ties at random; degrees stay, no pair is tied twice, no group to itself.

    >>> rewire(((0, 1, 2.0),), np.random.default_rng(0))
    ((0, 1, 2.0),)
    """
    ends = [[first, second] for first, second, _ in ties]
    taken = {frozenset(pair) for pair in ends}
    for _ in range(_SWAPS_A_TIE * len(ties)):
        one, other = random.integers(len(ties), size=2)
        (a, b), (c, d) = ends[one], ends[other][:: random.choice((1, -1))]
        new = frozenset((a, d)), frozenset((c, b))
        if one == other or a == d or c == b or new[0] == new[1] or taken & set(new):
            continue
        taken -= {frozenset((a, b)), frozenset((c, d))}
        taken |= set(new)
        ends[one], ends[other] = [a, d], [c, b]
    return tuple((first, second, weight) for (first, second), (_, _, weight) in zip(ends, ties, strict=True))


def rewired_networks(network: ConflictNetwork, count: int, seed: int) -> list[ConflictNetwork]:
    """Networks with the degrees and weights of a real one.

    Raises
    ------
    InputError
        If none are asked for.
    """
    if count < 1:
        raise InputError("there are no networks", given=count, expected="1 or more")
    random = np.random.default_rng(seed)
    return [
        ConflictNetwork(network.shares, rewire(network.rivalries, random), rewire(network.alliances, random))
        for _ in range(count)
    ]


def rewired_effects(
    network: ConflictNetwork, count: int, weeks: int, seed: int = 0, parameters: CoreParameters = DEPOSITED
) -> RewiredEffects:
    """Double incapacitation on rewired networks, and see where deaths go."""
    rewired = rewired_networks(network, count, seed)
    conflict = np.stack([other.conflict for other in rewired])
    scale = np.array([network.start_intensity / other.start_intensity for other in rewired])
    theta = parameters.conflict_rate * scale
    start = np.repeat((network.shares * parameters.initial_members)[None, :, None], count, axis=0)
    before = _run(start, conflict, theta, parameters, np.array([parameters.arrests_rate]), FIT_WEEKS)
    both = np.repeat(before, 2, axis=2)
    arrests = parameters.arrests_rate * np.array([1.0, 2.0])
    after = _run(both, conflict, theta, parameters, arrests, weeks)
    killed, killed_2022 = _deaths(after, conflict, theta), _deaths(before, conflict, theta)[:, 0]
    return RewiredEffects(
        deaths_since_2022=killed[:, 1] / killed_2022 - 1.0,
        deaths_beside_status_quo=killed[:, 1] / killed[:, 0] - 1.0,
        members_2022=before.sum(1)[:, 0],
    )


def _run(
    members: Floats, conflict: Floats, theta: Floats, parameters: CoreParameters, arrests: Floats, weeks: int
) -> Floats:
    """One-week steps of many networks and scenarios at once; members [network, group, scenario]."""
    for _ in range(weeks):
        losses = theta[:, None, None] * (conflict @ members) + parameters.saturation_rate * members
        rate = parameters.recruitment_rate - arrests / members.sum(1, keepdims=True)
        members = members + members * (rate - losses)
    return members


def _deaths(members: Floats, conflict: Floats, theta: Floats) -> Floats:
    return np.asarray(theta[:, None] * (members * (conflict @ members)).sum(1))
