"""What every replication gives: one row a published number, ours beside it, with tolerance and verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Chart", "Replication", "Row", "Verdict", "close", "gap", "holds", "inside"]

Verdict = Literal["pass", "fail", "gap"]


@dataclass(frozen=True)
class Row:
    """One published number or sign beside ours."""

    id: str
    """As in the table of targets; ``PC-1a``."""
    quantity: str
    published: float | str
    ours: float
    tolerance: str
    tier: Literal[1, 2, 3]
    """1 numerical, must pass; 2 sign or ordering, must pass; 3 calibration anchor, gap reported."""
    verdict: Verdict
    source: str
    remark: str = ""
    """What a reader must know to judge the row."""


@dataclass(frozen=True)
class Chart:
    """Lines for the report: x values and named series, drawn with the published value where there is one."""

    title: str
    x_label: str
    y_label: str
    x: Sequence[float]
    series: dict[str, Sequence[float]]
    published: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Replication:
    """A published model: what it says, what is computed, what its critics say."""

    name: str
    """Name on the command line."""
    title: str
    citation: str
    doi: str | None
    says: str
    critics: str
    not_reproduced: str
    rows: Callable[[], list[Row]]
    charts: Callable[[], list[Chart]]


def close(ours: float, published: float, *, relative: float = 0.0, absolute: float = 0.0) -> Verdict:
    """Pass if within the larger of a relative and an absolute tolerance.

    >>> close(1.01, 1.0, relative=0.02), close(1.03, 1.0, relative=0.02)
    ('pass', 'fail')
    """
    return "pass" if abs(ours - published) <= max(relative * abs(published), absolute) else "fail"


def inside(ours: float, low: float, high: float) -> Verdict:
    """Pass if within a range.

    >>> inside(3.0, 2.0, 4.0)
    'pass'
    """
    return "pass" if low <= ours <= high else "fail"


def holds(statement: bool) -> Verdict:
    """Pass if a sign or an ordering holds.

    >>> holds(2 > 1)
    'pass'
    """
    return "pass" if statement else "fail"


def gap(near: bool) -> Verdict:
    """Verdict of a calibration anchor: pass if near, else a gap to report, never a failure.

    >>> gap(False)
    'gap'
    """
    return "pass" if near else "gap"
