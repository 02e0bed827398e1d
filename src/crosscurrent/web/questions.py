"""What the page may ask, checked before anything is computed: names against the case, numbers against their ranges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..case.records import Case
from ..errors import InputError, did_you_mean
from ..model.schema import MEASURES
from ..study.blocks import Orders, WorldBlocks

__all__ = [
    "DEFAULT_ROWS",
    "WORLD_STEPS",
    "FlipQuestion",
    "Problem",
    "Question",
    "SwitchQuestion",
    "TableQuestion",
    "ask_orders",
    "checked_measures",
    "checked_point",
    "checked_theory",
    "page_theories",
]

WORLD_STEPS = (64, 256, 1024)
"""Worlds a theory: while a lever moves, at rest, when idle."""
DEFAULT_ROWS = ("homicides", "overdose_deaths", "landed_fentanyl", "security_cooperation")
"""Measures of the first screen; every other can be chosen."""
MIXTURE = "even"
"""The mixture of all rivals: no theory, and theories are not blended here."""

Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9_.@-]+$")]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Weight = Annotated[int, Field(ge=0, le=99, strict=True)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Question(_Strict):
    """Compare policy B with policy A, world by world, under every theory."""

    a: Name = "status-quo"
    """The reference."""
    b: Name = "coordinated-strikes"
    """The alternative."""
    levers: Annotated[dict[Name, Finite], Field(max_length=40)] = {}
    """Levers of B set to other values than the policy's own."""
    worlds: Literal[64, 256, 1024] = 64
    """Worlds a theory."""
    measures: Annotated[tuple[Name, ...], Field(min_length=1, max_length=6)] = DEFAULT_ROWS
    blend: Annotated[tuple[Weight, ...], Field(min_length=1, max_length=20)] | None = None
    """The reader's own weights of the page's theories, in their order; nothing is blended without."""
    with_a: bool = True
    """Whether the answer repeats the bands of A, which change only when A does."""
    session: Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9_-]*$")] = ""
    """Any text that tells one open page from another; a later question of it cancels an earlier one."""
    sequence: Annotated[int, Field(ge=0, le=10**12)] = 0
    """Number of the question within its session."""


class TableQuestion(_Strict):
    """Compare every policy with A in one measure and year."""

    a: Name = "status-quo"
    measure: Name = "homicides"
    point: Annotated[int, Field(ge=0, le=100)] = 40
    """Quarters after the decision."""
    worlds: Literal[64, 256] = 64
    """Worlds a theory; every policy is computed, so there is no larger step."""
    b: Name | None = None
    levers: Annotated[dict[Name, Finite], Field(max_length=40)] = {}
    """Levers of B set to other values than the policy's own: B then has a further row."""


class SwitchQuestion(_Strict):
    """Which of B's changes moves a figure: each is set back to A by itself."""

    a: Name = "status-quo"
    b: Name = "coordinated-strikes"
    levers: Annotated[dict[Name, Finite], Field(max_length=40)] = {}
    theory: Name = "removal-splits"
    measure: Name = "homicides"
    point: Annotated[int, Field(ge=0, le=100)] = 40


class FlipQuestion(_Strict):
    """What would turn a comparison of two policies in a measure's total.

    Asked again while the search goes on, with the same session and sequence.
    """

    a: Name = "status-quo"
    b: Name = "coordinated-strikes"
    levers: Annotated[dict[Name, Finite], Field(max_length=40)] = {}
    """Levers of B set to other values than the policy's own."""
    measure: Name = "homicides"
    worlds: Literal[256, 1024] = 256
    """Worlds a theory; a stored study is read whole."""
    session: Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9_-]*$")] = ""
    sequence: Annotated[int, Field(ge=0, le=10**12)] = 0
    """Number of the question within its session; an earlier one is given up."""


class Problem(BaseModel):
    """What was wrong with a question."""

    error: str
    """One sentence."""
    field: str = ""


def page_theories(case: Case, among: Sequence[str] | None = None) -> tuple[str, ...]:
    """Theories of the page in the case's order, its mixture left out unless there is nothing else."""
    known = tuple(name for name in case.theories if among is None or name in among)
    return tuple(name for name in known if name != MIXTURE) or known


def ask_orders(worlds: WorldBlocks, a: str, b: str, levers: dict[str, float]) -> tuple[Orders, Orders]:
    """Orders of A and of B.

    Raises
    ------
    InputError
        If a policy or lever is unknown, or a value is out of range.
    """
    return worlds.orders(a, {}), worlds.orders(b, levers)


def checked_measures(names: tuple[str, ...]) -> tuple[str, ...]:
    """Measures, each known and named once.

    Raises
    ------
    InputError
        If one is unknown or comes twice.
    """
    for name in names:
        if name not in MEASURES:
            raise InputError("unknown measure", given=name, fix=did_you_mean(name, MEASURES))
    if len(set(names)) < len(names):
        raise InputError("a measure comes twice", given=", ".join(names), expected="each once")
    return names


def checked_point(point: int, points: int) -> int:
    """A point of the paths.

    Raises
    ------
    InputError
        If the projection is shorter.
    """
    if point >= points:
        raise InputError("beyond the projection", given=point, expected=f"0 to {points - 1} quarters")
    return point


def checked_theory(theory: str, known: Sequence[str]) -> str:
    """A theory of the page.

    Raises
    ------
    InputError
        If the page has no such theory.
    """
    if theory not in known:
        raise InputError("unknown theory", given=theory, fix=did_you_mean(theory, known))
    return theory
