"""What the numbers rest on: parameters with range, grade and source, and the list of evidence by origin."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..language import own, t
from .numbers import number_text

if TYPE_CHECKING:
    from ..case.distributions import Distribution
    from ..case.records import Case, EvidenceRecord, Parameter

__all__ = [
    "EvidenceRow",
    "ParameterRow",
    "RangeRow",
    "evidence_rows",
    "grade_rows",
    "links_of",
    "parameter_rows",
]


@dataclass(frozen=True)
class RangeRow:
    """Range of a parameter, overall or under one rival of its axis."""

    rival: str
    shape: str
    p05: str
    p50: str
    p95: str


@dataclass(frozen=True)
class ParameterRow:
    """A parameter with its ranges and sources."""

    id: str
    label: str
    unit: str
    subsystem: str
    grade: str
    axis: str
    reasoning: str
    evidence: tuple[str, ...]
    ranges: tuple[RangeRow, ...]


@dataclass(frozen=True)
class EvidenceRow:
    """A record of evidence and what it is used for."""

    record: EvidenceRecord
    links: tuple[str, ...]
    """Web addresses in its locator; nothing is loaded from them."""
    shared: int
    """How many records have the same origin: together they count once."""


def _range(rival: str, distribution: Distribution, low: float, high: float) -> RangeRow:
    from ..case.distributions import describe, summary

    figures = summary(distribution, low, high)
    return RangeRow(
        rival, describe(distribution), *(number_text(x) for x in (figures.p05, figures.median, figures.p95))
    )


def _parameter_row(parameter: Parameter, case: Case) -> ParameterRow:
    from ..model.schema import PARAMETERS

    bounds = PARAMETERS.get(parameter.id)
    low, high = (bounds.low, bounds.high) if bounds else (-math.inf, math.inf)
    axis = case.axes.get(parameter.axis or "")
    rivals = axis.rivals if axis else {}
    ranges = [
        _range(own(f"rival.{parameter.axis}.{key}", rivals[key].label if key in rivals else key), shape, low, high)
        for key, shape in parameter.rivals.items()
    ]
    if not parameter.known_rivals or len(parameter.rivals) < len(parameter.known_rivals):
        ranges.append(_range(t("otherwise") if ranges else "", parameter.distribution, low, high))
    return ParameterRow(
        parameter.id, parameter.label, parameter.unit, parameter.subsystem, parameter.grade,
        own(f"axis.{parameter.axis}", axis.label) if axis else "", parameter.reasoning, parameter.evidence,
        tuple(ranges),
    )  # fmt: skip


def parameter_rows(case: Case) -> dict[str, tuple[ParameterRow, ...]]:
    """Every parameter by subsystem, with 5, 50 and 95 in 100 of its range within the model's bounds."""
    found: dict[str, list[ParameterRow]] = {}
    for parameter in case.parameters.values():
        found.setdefault(parameter.subsystem, []).append(_parameter_row(parameter, case))
    return {subsystem: tuple(rows) for subsystem, rows in found.items()}


def grade_rows(case: Case) -> tuple[tuple[str, int, str], ...]:
    """Parameters by grade of their evidence: grade, count, share in words."""
    from ..case.words import GRADES

    counts = Counter(parameter.grade for parameter in case.parameters.values())
    total = max(sum(counts.values()), 1)
    return tuple(
        (own(f"grade.{grade}", grade), counts[grade], f"{round(100 * counts[grade] / total)} %") for grade in GRADES
    )


def links_of(locator: str) -> tuple[str, ...]:
    """Web addresses in a locator.

    >>> links_of("Table 2; https://example.org/a, p. 3")
    ('https://example.org/a',)
    """
    return tuple(address.rstrip(".,)") for address in re.findall(r"https?://[^\s;<>\"']+", locator))


def evidence_rows(case: Case) -> tuple[EvidenceRow, ...]:
    """Evidence in order of origin, so that records of one origin stand together."""
    origins = Counter(record.origin for record in case.evidence.values())
    records = sorted(case.evidence.values(), key=lambda record: (record.origin, record.id))
    return tuple(EvidenceRow(record, links_of(record.locator), origins[record.origin]) for record in records)
