"""The result that a question is about, in every world: a policy's level, or the difference of two policies.

Both are paired by world: the same row of the factors, under every policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InputError, did_you_mean
from ..study.results import Results
from ..study.specification import STATUS_QUO
from .summary import chosen_measures, main_measures

__all__ = ["Outcome", "outcome_of", "outcome_policies"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """A measure under a policy, or its difference from another policy, over worlds of all theories."""

    measure: str
    unit: str
    policy: str
    against: str | None
    """Policy that is taken away, world by world; None for a level."""
    values: Floats
    """[world], theories one after the other; NaN where the world failed under either policy."""

    @property
    def name(self) -> str:
        """Words for the result.

        >>> Outcome("homicides", "deaths", "demand-side", "status-quo", np.zeros(1)).name
        'homicides, demand-side less status-quo'
        """
        less = f" less {self.against}" if self.against is not None else ""
        return f"{self.measure}, {self.policy}{less}"

    @property
    def failed(self) -> int:
        """Worlds without a value."""
        return int((~np.isfinite(self.values)).sum())


def outcome_policies(results: Results, policy: str | None, difference: Sequence[str] | None) -> tuple[str, str | None]:
    """The policy, and what it is compared with, as asked for; the status quo's level by default.

    Raises
    ------
    InputError
        If a policy is not in the results, both are given, or a difference does not name two policies.
    """
    if policy is not None and difference:
        raise InputError("a level and a difference at once", fix="give either --policy or --difference")
    if difference:
        if len(difference) != 2 or difference[0] == difference[1]:
            raise InputError(
                "a difference is between two policies", given=",".join(difference), expected="A,B for A less B"
            )
        return _known(results, difference[0]), _known(results, difference[1])
    return _known(results, policy or STATUS_QUO), None


def _known(results: Results, policy: str) -> str:
    if policy not in results.policies:
        raise InputError("unknown policy in these results", given=policy, fix=did_you_mean(policy, results.policies))
    return policy


def outcome_of(
    results: Results,
    theories: Sequence[str],
    measure: str | None = None,
    policy: str | None = None,
    difference: Sequence[str] | None = None,
) -> Outcome:
    """The result in every world of some theories.

    Parameters
    ----------
    results : Results
    theories : sequence of str
        In the order of the factors' worlds.
    measure : str, optional
        The first main measure by default.
    policy, difference : optional
        See :func:`outcome_policies`.

    Raises
    ------
    InputError
        If a name is not in the results.
    """
    chosen = measure if measure is not None else main_measures(results)[0]
    chosen_measures(results, [chosen])
    first, against = outcome_policies(results, policy, difference)
    table = results.table(chosen)
    values = table[results.policies.index(first)]
    if against is not None:
        values = values - table[results.policies.index(against)]
    places = [results.theories.index(theory) for theory in theories]
    label = results.labels.get(chosen)
    return Outcome(chosen, label.unit if label else "", first, against, values[places].ravel())
