"""What kinds of names the schema holds."""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["Driver", "Lever", "Measure", "Parameter", "State", "Stream"]


class Parameter(NamedTuple):
    """An uncertain number, drawn once per world from the case's distribution."""

    name: str
    low: float
    high: float
    unit: str
    subsystem: str


class State(NamedTuple):
    """A number that changes from week to week in every world."""

    name: str
    unit: str
    low: float
    """Smallest possible value; a world below it has failed."""
    high: float
    """Largest possible value; a world above it has failed."""
    initial: float | str
    """Value in week 0, or the name of the parameter that gives it."""
    subsystem: str
    meaning: str


class Lever(NamedTuple):
    """What a policy sets."""

    name: str
    owner: Literal["US", "MX", "both"]
    low: float
    high: float
    unit: str
    implementation: str
    """Parameter that says what share of an ordered change is carried out; ``full`` for decisions that need no
    carrying out."""
    usual: float
    """Value in the status quo where history and case give none."""
    error: str = "history_error_enforcement"
    """Parameter that places the past value within its stated margin."""


class Driver(NamedTuple):
    """What comes from outside the system, by year, from the case's history."""

    name: str
    unit: str
    initial: float
    high: float
    """Largest possible value."""
    error: str
    """Parameter that places the past value within its stated margin."""


class Measure(NamedTuple):
    """What is reported."""

    name: str
    unit: str
    kind: Literal["flow", "stock"]
    """A flow is a total over the projection; a stock is its end-of-horizon value."""
    source: str
    """Name of the state whose weekly value is summed (flow) or read (stock)."""
    preferred: Literal["lower", "higher", "none"]
    meaning: str


class Stream(NamedTuple):
    """A named stream of random numbers; numbers are never reused."""

    name: str
    number: int
