"""A Sobol' design of a study read as a ranking: shares of variance of the result and of its places, with errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from .sobol_indices import SobolIndices, place_among, sobol_indices

if TYPE_CHECKING:
    from ..study.sobol_design import SobolSample

__all__ = ["SobolRanking", "SobolShare", "sobol_ranking"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SobolShare:
    """Shares of variance that go with a factor."""

    factor: str
    kind: Literal["axis", "subsystem", "theory", "chance"]
    first: float
    """Share that knowing the factor removes; of the places of the result."""
    first_error: float
    total: float
    """Share that is left when all others are known; of the places of the result."""
    total_error: float
    value_first: float
    """As ``first``, of the result itself: where a few worlds are extreme, it is they that are described."""
    value_first_error: float
    value_total: float
    value_total_error: float
    tie: int
    """Number of the group of factors whose total shares lie within two errors of its first member, from 1."""


@dataclass(frozen=True)
class SobolRanking:
    """Factors by total share, largest first."""

    measure: str
    policy: str
    against: str | None
    theories: tuple[str, ...]
    factors: tuple[SobolShare, ...]
    points: int
    left_out: int
    """Points left out because a world failed in one of the samples."""
    runs: int
    """Worlds that the design took, under each policy."""


def sobol_ranking(sample: SobolSample, difference: Sequence[str] | None = None) -> SobolRanking:
    """Rank the factors of a design.

    Parameters
    ----------
    sample : SobolSample
    difference : two str, optional
        Policies A and B of the sample: the paired difference, A less B; the level of the first policy by default.

    Raises
    ------
    InputError
        If a policy is not in the sample, or too few points are left.
    """
    names = list(difference) if difference else [sample.policies[0]]
    for name in names:
        if name not in sample.policies:
            raise InputError("this policy was not run in the design", given=name, expected=", ".join(sample.policies))
    places = [sample.policies.index(name) for name in names]
    first, second, mixed = sample.first[places[0]], sample.second[places[0]], sample.mixed[:, places[0]]
    if len(places) > 1:
        first, second = first - sample.first[places[1]], second - sample.second[places[1]]
        mixed = mixed - sample.mixed[:, places[1]]
    values = sobol_indices(first, second, mixed, sample.scrambles)
    ranked = sobol_indices(
        place_among(first, first, second), place_among(second, first, second), place_among(mixed, first, second),
        sample.scrambles,
    )  # fmt: skip
    order = np.argsort(-ranked.total, kind="stable").tolist()
    ties = _ties(ranked, order)
    rows = tuple(
        SobolShare(
            sample.factors[place].name, sample.factors[place].kind, float(ranked.first[place]),
            float(ranked.first_error[place]), float(ranked.total[place]), float(ranked.total_error[place]),
            float(values.first[place]), float(values.first_error[place]), float(values.total[place]),
            float(values.total_error[place]), tie,
        )
        for place, tie in zip(order, ties, strict=True)
    )  # fmt: skip
    return SobolRanking(
        sample.measure, names[0], names[1] if len(names) > 1 else None, sample.theories, rows, ranked.points,
        ranked.left_out, (len(sample.factors) + 2) * len(sample.scrambles),
    )  # fmt: skip


def _ties(found: SobolIndices, order: list[int]) -> list[int]:
    groups, number, first = [], 1, order[0]
    for place in order:
        error = float(np.hypot(found.total_error[first], found.total_error[place]))
        if place != first and found.total[first] - found.total[place] > 2 * error:
            number, first = number + 1, place
        groups.append(number)
    return groups
