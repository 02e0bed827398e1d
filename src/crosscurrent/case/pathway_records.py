"""What ``pathways.yaml`` is made of: objectives, and the pathways of policies that serve them.

Signposts, triggers and tipping points follow the dynamic adaptive policy pathways of Haasnoot et al. [1]_.

References
----------
.. [1] M. Haasnoot, J. H. Kwakkel, W. E. Walker and J. ter Maat (2013), "Dynamic adaptive policy pathways: a method for
   crafting robust decisions for a deeply uncertain world", Global Environmental Change 23(2),
   doi:10.1016/j.gloenvcha.2012.12.006.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .records import Located

__all__ = ["Objective", "Pathway", "Transfer"]


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """A step of a pathway: which policy follows, the signpost and trigger that start it, and what switching takes."""

    to: str
    """Policy that follows."""
    keeps: bool
    """Whether what was in force stays (levers that the policy sets replace it)."""
    signpost: str
    """State or measure that is watched; flows are stated a year."""
    above: float | None
    below: float | None
    for_weeks: int
    """Weeks in a row beyond the trigger before the decision to switch; after an earlier transfer, counted from it."""
    release: float | None
    """Level at which the step is taken back; None if it cannot be."""
    lead_weeks: int
    """Weeks from the decision to switch until the policy is in force; the trigger must hold through them too."""
    irreversible: bool
    cost: float
    """Cost of switching once, million USD, beyond what the policies' programmes cost."""
    evidence: tuple[str, ...]
    reasoning: str
    grade: str


@dataclass(frozen=True, kw_only=True)
class Pathway:
    """A policy to start with and the transfers that may follow; converted to an adaptive policy to be simulated."""

    label: str
    description: str
    start: str
    transfers: tuple[Transfer, ...]


@dataclass(frozen=True, kw_only=True)
class Objective(Located):
    """What policies are to achieve, as a threshold for a measure, with the pathways that serve it."""

    id: str
    label: str
    measure: str
    at_most: float | None
    """Threshold in the measure's unit: a flow over 12 months, a stock as the mean of 12 months."""
    at_least: float | None
    from_months: int
    """Months after the decision from which the objective is judged; 12 at least."""
    for_months: int
    """Months in a row in which it must be missed to count as no longer met."""
    pathways: Mapping[str, Pathway]
    evidence: tuple[str, ...]
    reasoning: str
    grade: str
