"""What an audit of claims reports: frozen records, shared by command line, report and page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..case.records import Claim, ClaimTest
from .flips_records import Share

__all__ = ["Audit", "ClaimAudit", "Examination", "Flipper", "Need", "Part", "Reading", "RivalReading", "Verdict"]

Verdict = Literal["holds clearly", "fails clearly", "depends", "not clear", "not decided"]
CellVerdict = Literal["holds", "fails", "not clear"]


@dataclass(frozen=True)
class Need:
    """What the stored study lacks for a claim."""

    kind: Literal["policy", "measure", "years", "paths"]
    name: str
    """Policy or measure; the number of years for ``years``; empty for ``paths``."""


@dataclass(frozen=True)
class Reading:
    """A test in the worlds of one theory at one date."""

    theory: str
    month: int
    """Months after the decision."""
    holds: Share
    """Share of sound worlds in which it holds; the error is at least that of three unseen worlds."""
    opposite: float
    """Share in which the opposite holds: the figure lies on the other side."""
    unchanged: float
    """Share in which the two figures are the same."""
    worlds: int
    """Sound worlds behind the shares."""
    left_out: int
    """Worlds that failed under a policy of the test, or in which a figure is not defined."""
    verdict: CellVerdict
    size_p05: float
    size_p50: float
    size_p95: float
    """How far the figure lies from the other one, or its level where the test has a fixed value."""
    size_unit: str


@dataclass(frozen=True)
class RivalReading:
    """A test in the worlds in which one rival of an axis holds."""

    axis: str
    rival: str
    month: int
    holds: Share
    worlds: int


@dataclass(frozen=True)
class Flipper:
    """Something on which it depends whether a claim holds."""

    kind: Literal["theory", "date", "axis", "parameter"]
    name: str
    """``theory``, ``date``, or the id of the axis or parameter."""
    holds: tuple[str, ...]
    """Theories, dates or rivals under which it holds in more than half of the worlds, beyond error."""
    fails: tuple[str, ...]
    """Those under which it holds in fewer than half."""
    threshold_low: float
    threshold_high: float
    """Parameter: interval of the threshold; NaN otherwise."""
    above: bool
    """Parameter: whether the claim holds more often above it."""


@dataclass(frozen=True)
class Part:
    """One of several statements that a claim joins by "and"."""

    words: str
    lowest: float
    """Lowest share of worlds in which it holds by itself, over theories and dates."""
    highest: float


@dataclass(frozen=True)
class Examination:
    """One test of a claim against the study."""

    test: ClaimTest
    together: tuple[ClaimTest, ...]
    words: str
    """The test in words."""
    parts: tuple[Part, ...]
    """Where several statements must hold at once: each by itself."""
    kind: Literal["finding", "rule", "input", "belief"]
    verdict: Verdict
    why: str
    """Why it is not decided; empty otherwise."""
    readings: tuple[Reading, ...]
    """By date and theory."""
    rivals: tuple[RivalReading, ...]
    flippers: tuple[Flipper, ...]
    unread: tuple[int, ...]
    """Dates that the study cannot read."""
    needs: tuple[Need, ...]


@dataclass(frozen=True)
class ClaimAudit:
    """A claim, who asserts it, and what the study says."""

    claim: Claim
    source: str
    """The independent source behind it; documents that retell one report share it."""
    main: Examination | None
    """None where no simulation can decide it."""
    also: tuple[Examination, ...]

    @property
    def verdict(self) -> Verdict:
        """Verdict of the main test."""
        return self.main.verdict if self.main is not None else "not decided"

    @property
    def why(self) -> str:
        """Why it is not decided; empty otherwise."""
        return self.main.why if self.main is not None else self.claim.why_not or ""


@dataclass(frozen=True)
class Audit:
    """All claims of a case, by subject."""

    claims: tuple[ClaimAudit, ...]
    theories: tuple[str, ...]
    """Theories that verdicts are over; the mixture is shown and decides nothing."""
    mixture: str
    """The mixture, if the study has it."""
    axes_from: tuple[str, ...]
    """Theories whose worlds the shares by rival are from."""
    months: int
    """Length of the projection."""
    worlds: int
    path_worlds: int
    """Worlds of each theory whose months before the end can be read."""
    needs: tuple[Need, ...]
    """All that the study lacks."""
    origins: tuple[str, ...]
    """Independent sources behind the claims."""
