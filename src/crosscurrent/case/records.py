"""What a case is made of once it is read: frozen records, each knowing its file and line."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError, did_you_mean
from .distributions import Distribution

if TYPE_CHECKING:
    from .pathway_records import Objective

__all__ = [
    "Axis",
    "Case",
    "Claim",
    "ClaimTest",
    "Corridor",
    "DriverRule",
    "Event",
    "EvidenceRecord",
    "Group",
    "HistoryValue",
    "Learned",
    "Lever",
    "Located",
    "Meta",
    "Parameter",
    "Policy",
    "PolicyRule",
    "Product",
    "Published",
    "Rival",
    "Series",
    "SeriesPart",
    "SeriesPoint",
    "Target",
    "Theory",
    "Tie",
    "Variant",
    "WeightTable",
    "parameter_distribution",
]


@dataclass(frozen=True, kw_only=True)
class Located:
    """A record with the place where it is written."""

    file: str
    """Path relative to the case's folder."""
    line: int


@dataclass(frozen=True, kw_only=True)
class Meta(Located):
    """Title, scope and calendar of a case."""

    id: str
    title: str
    description: str
    scope: tuple[str, ...]
    boundaries: tuple[str, ...]
    start: datetime.date
    """First day of week 0."""
    reference: tuple[datetime.date, datetime.date]
    """First and last day of the period in which every multiplier is 1."""
    default_decision: str
    """``YYYY-MM`` or ``YYYY-MM-DD``."""
    history_end: datetime.date
    """Last day that events and history may have."""
    population: Mapping[str, float]
    """Persons by country."""


@dataclass(frozen=True, kw_only=True)
class Group(Located):
    """A criminal group, known only by its rank in size."""

    rank: int
    size_share: float
    """Share of all members, 0-1."""
    rank_class: str
    rivalry_strength: float
    alliance_strength: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Tie(Located):
    """A rivalry or an alliance of two ranks; it has no direction."""

    from_rank: int
    to_rank: int
    weight: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Product(Located):
    """A drug."""

    id: str
    label: str
    unit: str
    evidence: tuple[str, ...]
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Corridor(Located):
    """A group of routes."""

    id: str
    label: str
    kind: str
    base_share: Mapping[str, float]
    """Share of each product's flow, 0-1; sums to 1 over the corridors."""
    evidence: tuple[str, ...]
    reasoning: str
    grade: str


@dataclass(frozen=True, kw_only=True)
class Lever(Located):
    """What a policy sets, with its cost."""

    id: str
    label: str
    owner: str
    unit: str
    low: float
    high: float
    status_quo: float
    reference: float
    cost: str | float
    """Million USD per unit of the lever and year, or the parameter that gives it."""
    cost_owner: str
    implementation: str | float
    """Parameter that gives the share carried out; 1 for what needs no carrying out."""
    extrapolation_above: float | None
    """Value above which no precedent exists."""
    group: str
    evidence: tuple[str, ...]
    reasoning: str
    grade: str


@dataclass(frozen=True, kw_only=True)
class Parameter(Located):
    """An uncertain number with its distribution, overall and by rival of its axis."""

    id: str
    label: str
    unit: str
    distribution: Distribution
    axis: str | None
    rivals: Mapping[str, Distribution]
    known_rivals: tuple[str, ...]
    """All rivals of the axis; those without an own distribution use the common one."""
    evidence: tuple[str, ...]
    reasoning: str
    grade: str
    subsystem: str


@dataclass(frozen=True, kw_only=True)
class Rival:
    """One answer to the question of an axis."""

    label: str
    statement: str


@dataclass(frozen=True, kw_only=True)
class WeightTable:
    """Weights of an axis's rivals that depend on another axis."""

    axis: str
    table: Mapping[str, Mapping[str, float]]
    """Weights (sum 1) of this axis's rivals by rival of the other axis."""


@dataclass(frozen=True, kw_only=True)
class Axis(Located):
    """A serious disagreement with its rivals; equal weights unless a table is given."""

    id: str
    label: str
    question: str
    rivals: Mapping[str, Rival]
    evidence: tuple[str, ...]
    weights_given: WeightTable | None


@dataclass(frozen=True, kw_only=True)
class Theory(Located):
    """A preset: some axes fixed, the others mixed."""

    id: str
    label: str
    description: str
    fixes: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class PolicyRule:
    """``when`` a state or measure is above or below a threshold for some weeks, ``then`` set levers."""

    when: str
    above: float | None
    below: float | None
    for_weeks: int
    release: float | None
    """Level at which the rule lets go again; None: at the threshold."""
    delay_weeks: int
    then: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A policy with other lever values, for example at the same cost as another policy."""

    label: str
    description: str
    levers: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Policy(Located):
    """Levers set at the decision date, and rules that set them later."""

    id: str
    label: str
    description: str
    levers: Mapping[str, float]
    starts: Mapping[str, int]
    """Weeks after the decision at which a lever is set; 0 where nothing is said."""
    rules: tuple[PolicyRule, ...]
    variants: Mapping[str, Variant]


@dataclass(frozen=True, kw_only=True)
class HistoryValue(Located):
    """A lever or driver in one year."""

    year: int
    name: str
    value: float
    plus_minus: float
    unit: str
    basis: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Event(Located):
    """A dated event of the history."""

    date: datetime.date
    kind: str
    rank_class: str | None
    owner: str | None
    label: str
    sets: str | None
    """Lever, driver or pulse that the event sets."""
    value: float | None
    """What it is set to; a pulse holds in the week of the event."""
    until: datetime.date | None
    """Last day of the value; None: it lasts until another event or year sets it."""
    known: datetime.date | None
    """Day from which it was known, where that is later than its date; a forecast made before may not use it."""
    evidence: tuple[str, ...]
    verified: str


@dataclass(frozen=True, kw_only=True)
class SeriesPoint(Located):
    """One figure of a public series."""

    period: str
    value: float
    unit: str
    definition: str
    publisher: str
    source: str
    verified: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Series(Located):
    """A public series, maybe in several units or definitions."""

    id: str
    points: tuple[SeriesPoint, ...]


@dataclass(frozen=True, kw_only=True)
class EvidenceRecord(Located):
    """A finding or figure from a source; records that share an origin are one source."""

    id: str
    origin: str
    kind: str
    mechanism: str
    setting: str
    estimate: str
    unit: str
    interval: str
    direction: str
    method: str
    citation: str
    locator: str
    verified: str
    note: str


@dataclass(frozen=True, kw_only=True)
class ClaimTest:
    """A claim as a statement that a study can decide: one figure in each world beside another."""

    measure: str
    policy: str
    versus: str
    at_months: tuple[int, ...]
    """Months after the decision; empty in a further test: those of the claim's main test."""
    direction: str
    margin: float | None
    """Share of the other figure for ``equivalent`` and ``ratio_*``; a value for ``below`` and ``above``."""
    kind: str
    """Empty in a further test: that of the claim's main test."""
    versus_measure: str | None = None
    """Another measure on the other side, in place of the same one."""
    versus_month: int | None = None
    """A fixed month on the other side, in place of the same one; for stocks."""
    per_cost: bool = False
    """Change from the status quo for each million USD that both countries add; for flows."""


@dataclass(frozen=True, kw_only=True)
class Claim(Located):
    """What a document asserts."""

    id: str
    statement: str
    documents: tuple[str, ...]
    asserted_by: str
    kind: str
    stance: str
    subsystem: str
    origin: str
    test: ClaimTest | None
    together: tuple[ClaimTest, ...] = ()
    """What must hold in the same world as the test, where the claim joins several statements by "and"."""
    also: tuple[ClaimTest, ...] = ()
    """Other readings of the claim, each with a verdict of its own."""
    why_not: str | None
    note: str
    contested: Any


@dataclass(frozen=True, kw_only=True)
class SeriesPart:
    """A series in one definition, given by its beginning: a file may hold several."""

    series: str
    definition: str


@dataclass(frozen=True, kw_only=True)
class Published:
    """Unit of the public file, where it is not the case's, and how many of them make one unit of the case."""

    unit: str
    per_unit: float


@dataclass(frozen=True, kw_only=True)
class Target(Located):
    """A published series, by its public name, and how the model's measures make it: all of that but the noise."""

    id: str
    label: str
    series: str
    definition: str
    minus: SeriesPart | None
    """Series that is taken off, period by period."""
    measures: Mapping[str, float]
    """Signed sum of measures."""
    over: Mapping[str, float]
    times: Mapping[str, float]
    background: float
    """What the series counts and the model does not, a month."""
    frequency: str
    """month, year or fiscal year."""
    rolling_months: int
    """Months that a figure adds up; 1 for the month itself."""
    scale: str
    """log, or logit for shares in per cent."""
    falling: bool
    """Whether the series falls where the measure rises."""
    seasonal: bool
    level_margin: float
    """Standard deviation of the unknown ratio of series and model, on the scale."""
    published: Published | None
    unit_texts: tuple[str, ...]
    """What public files write as unit in rows of this definition, where that is more than the unit."""
    fit: bool
    score: str
    """main, further or none."""
    reasoning: str


@dataclass(frozen=True, kw_only=True)
class DriverRule(Located):
    """How a lever or driver of the past goes on after the last known year."""

    id: str
    scale: str
    """logit, log or plain."""
    trend: str
    """none or damped."""
    least_change: float
    """Smallest standard deviation of a yearly change, on the scale."""
    reasoning: str


@dataclass(frozen=True, kw_only=True)
class Learned(Located):
    """Axes and parameters of a subsystem that the public series may move; all others keep their prior."""

    id: str
    axes: tuple[str, ...]
    parameters: tuple[str, ...]
    reasoning: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case that passed every check."""

    id: str
    title: str
    folder: Path
    meta: Meta
    groups: tuple[Group, ...]
    rivalries: tuple[Tie, ...]
    alliances: tuple[Tie, ...]
    products: Mapping[str, Product]
    corridors: Mapping[str, Corridor]
    levers: Mapping[str, Lever]
    parameters: Mapping[str, Parameter]
    axes: Mapping[str, Axis]
    theories: Mapping[str, Theory]
    policies: Mapping[str, Policy]
    history: tuple[HistoryValue, ...]
    events: tuple[Event, ...]
    series: Mapping[str, Series]
    evidence: Mapping[str, EvidenceRecord]
    claims: Mapping[str, Claim]
    targets: Mapping[str, Target]
    """Published series that the model is set against; empty if the case has none."""
    driver_rules: Mapping[str, DriverRule]
    learned: Mapping[str, Learned]
    digest: str
    """SHA-256 over names and contents of all files of the folder."""
    objectives: Mapping[str, Objective] = field(default_factory=dict)
    """Objectives with their pathways; a case may have none."""


def parameter_distribution(parameter: Parameter, rival: str | None = None) -> Distribution:
    """Distribution of a parameter when a rival of its axis holds.

    Parameters
    ----------
    parameter : Parameter
    rival : str, optional
        A rival of the parameter's axis; without one the common distribution is given.

    Raises
    ------
    InputError
        If the axis has no such rival.
    """
    if rival is None:
        return parameter.distribution
    if rival not in parameter.known_rivals:
        raise InputError(
            f"unknown rival for parameter {parameter.id}",
            given=rival,
            fix=did_you_mean(rival, parameter.known_rivals)
            if parameter.known_rivals
            else "the parameter has no axis",
        )
    return parameter.rivals.get(rival, parameter.distribution)
