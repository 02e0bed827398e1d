"""What is reported about a flip: frozen records, shared by command line, report and page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = [
    "Condition", "EvidenceNote", "FlipMap", "Flips", "MapAxis", "Ranked", "Region", "Share", "Side", "SignSplit",
    "Sources", "State", "TheoryShare",
]  # fmt: skip

State = Literal["flip found", "not clear", "no flip found"]
Reason = Literal[
    "the side changes beyond error", "the side cannot be told somewhere", "nothing separates", "one side throughout",
    "alike in every world",
]  # fmt: skip


@dataclass(frozen=True)
class Share:
    """A share of worlds, 0-1, with its Monte-Carlo error."""

    value: float
    error: float


@dataclass(frozen=True)
class Side:
    """Some worlds, and which policy stands ahead in them."""

    worlds: int
    ahead_a: Share
    ahead_b: Share
    alike: float
    """Share in which the two give exactly the same."""
    lead: Share
    """Share ahead with B less share ahead with A, from -1 to 1."""
    difference_p05: float
    difference_p50: float
    difference_p95: float
    difference_error: float
    """Monte-Carlo error of the median paired difference B - A."""

    @property
    def leader(self) -> Literal["a", "b", ""]:
        """Which policy is ahead in more worlds beyond error; empty if neither can be told."""
        if self.lead.value - 1.645 * self.lead.error > 0:
            return "b"
        return "a" if self.lead.value + 1.645 * self.lead.error < 0 else ""


@dataclass(frozen=True)
class TheoryShare:
    """The comparison in the worlds of one theory."""

    theory: str
    pooled: bool
    """Whether its worlds are among those that rules are made from; those of the mixture are not."""
    side: Side
    failed: int
    """Worlds left out because one of the two policies failed in them."""


@dataclass(frozen=True)
class Ranked:
    """An assumption and how well it alone tells which policy is ahead."""

    name: str
    kind: Literal["theory", "axis", "parameter"]
    score: float
    """Share of the variance of the outcome told in scrambles not used to make the rule; 1 is perfect."""
    error: float
    beyond_noise: bool
    adds: bool
    """Whether it tells more than noise of what the better assumptions leave untold.  One that does not may go along
    with them only: governed by the same axis, or drawn alike in the worlds at hand.
    """
    axis: str
    """Axis that governs a parameter; empty if none does."""


@dataclass(frozen=True)
class EvidenceNote:
    """A record that bears on an assumption."""

    id: str
    origin: str
    verified: str
    setting: str
    citation: str


@dataclass(frozen=True)
class Sources:
    """What is known of an assumption."""

    grade: str
    """Grade of a parameter's evidence; empty for theory and axes."""
    best: float
    """Best-sourced value: the median of the parameter's distribution in the case; NaN for theory and axes."""
    low: float
    high: float
    """5 and 95 in 100 of that distribution."""
    evidence: tuple[EvidenceNote, ...]

    @property
    def origins(self) -> int:
        """Independent origins among the records."""
        return len({note.origin for note in self.evidence})


@dataclass(frozen=True)
class Condition:
    """One condition of a region."""

    name: str
    kind: Literal["theory", "axis", "parameter"]
    above: bool
    """Parameter: whether the region lies above the threshold."""
    threshold: float
    threshold_low: float
    threshold_high: float
    """5-95 % of thresholds over resampled scrambles; NaN for theory and axes."""
    rivals: tuple[str, ...]
    """Theories or rivals inside the region; empty for a parameter."""
    others: tuple[str, ...]
    """Those outside."""
    stability: float
    """Share of resamples of the scrambles that give the same side (parameter) or the same rivals, 0-1."""
    prior_below: float
    """Share of the best-sourced distribution below the threshold, 0-1; NaN for theory and axes."""
    distance: float
    """How far the best-sourced value is from the region in shares of its distribution, 0-0.5; 0 if it lies inside,
    NaN for theory and axes.
    """
    sources: Sources
    axis: str
    """Axis that governs a parameter; empty if none does."""


@dataclass(frozen=True)
class Region:
    """Where one policy overtakes the other: all conditions hold."""

    conditions: tuple[Condition, ...]
    score: float
    """Share of variance told in scrambles not used, as in :class:`Ranked`."""
    score_error: float
    inside: Side
    outside: Side
    mass: Share
    """Share of all worlds inside."""
    density: Share
    """Share of the worlds inside in which the policy that leads there is ahead."""
    coverage: Share
    """Share of the worlds in which that policy is ahead that lie inside."""
    by_theory: tuple[tuple[str, float], ...]
    """Share of the worlds of each theory that lie inside."""


@dataclass(frozen=True)
class SignSplit:
    """Where the variance of the side goes: shares of it, 0-1, with Monte-Carlo errors."""

    theories: Share
    """Between the theories."""
    axes: Share
    """Within theories, with the rivals on axes they leave open; at least this much."""
    parameters: Share
    """Within theories, with the values of parameters; at least this much."""
    rest: float
    """Chance, and combinations of assumptions: not told apart."""

    @property
    def structure(self) -> float:
        """Theories and axes together."""
        return self.theories.value + self.axes.value


@dataclass(frozen=True)
class MapAxis:
    """One of the two assumptions of a map."""

    name: str
    kind: Literal["theory", "axis", "parameter"]
    values: tuple[float, ...]
    """Values at the middle of the steps of a parameter; empty for theory and axes."""
    rivals: tuple[str, ...]
    best: float
    """Place (0-1) of the best-sourced value among the pooled worlds; NaN for theory and axes."""
    best_low: float
    best_high: float
    """Places of the 5 % and 95 % points of the best-sourced distribution."""
    beyond_noise: bool


@dataclass(frozen=True)
class FlipMap:
    """Which policy is ahead over two assumptions."""

    across: MapAxis
    up: MapAxis
    classes: npt.NDArray[np.int8]
    """[up step, across step]: 2 B ahead in 80 of 100 worlds or more, 1 in 60 to 80, 0 cannot tell, -1 and -2
    likewise for A.
    """
    lead: npt.NDArray[np.float64]
    """[up step, across step], share ahead with B less share ahead with A, -1 to 1."""
    error: npt.NDArray[np.float64]
    theories: tuple[tuple[str, float, float], ...]
    """Theory, and the place (0-1) of its middle world across and up."""
    worlds_per_cell: float
    """Effective number of worlds behind a cell in the middle of the map."""


@dataclass(frozen=True)
class Flips:
    """Under which assumptions, if any, B overtakes A."""

    a: str
    b: str
    measure: str
    unit: str
    preferred: Literal["lower", "higher", "none"]
    """Direction that counts as ahead; with ``none`` the higher figure does."""
    why: str
    """How the pair came to be chosen; empty if it was given."""
    state: State
    reason: Reason
    overall: Side
    """All pooled worlds, each theory counting alike."""
    theories: tuple[TheoryShare, ...]
    ranked: tuple[Ranked, ...]
    """Assumptions, best first."""
    noise: float
    """Score that the best of as many rules reaches where nothing matters."""
    region: Region | None
    split: SignSplit
    map: FlipMap | None
    left_out: tuple[str, ...]
    """Parameters on which no rule could be tried."""

    @property
    def ahead(self) -> Literal["lower", "higher"]:
        """Which figure counts as ahead."""
        return "lower" if self.preferred == "lower" else "higher"
