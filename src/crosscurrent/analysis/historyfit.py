"""Model against data, year by year: targets up to 2020, later years shown as they fall, misses counted.

A miss is an observation outside the 5-95 % band of the model's worlds.  One in ten is to be expected of a
band that is neither too wide nor too narrow; far fewer says that the band is wide, far more that it is
wrong.  Nothing is bent to make every theory fit: a theory's misses are part of what is known about it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..case.records import Case
from ..model.schema import MEASURES, OBSERVABLES
from .summary import quantiles

if TYPE_CHECKING:
    from ..study.history import HistoryTotals

__all__ = [
    "TARGETS",
    "TARGET_UNTIL",
    "FitRow",
    "HistoryFit",
    "Observation",
    "Target",
    "fit_history",
    "observations",
    "targets",
]

TARGET_UNTIL = 2020
"""Last year that a calibration may look at; what follows is shown only."""


@dataclass(frozen=True)
class Target:
    """A measure and the public series it is compared with."""

    measure: str
    series: str
    definition: str
    """Beginning of the series' definition; a file may hold several."""
    period: Literal["year", "fiscal year"]
    label: str


TARGETS = (
    Target("homicides", "inegi_homicides", "deaths by homicide", "year", "Homicides in Mexico (INEGI)"),
    Target(
        "overdose_deaths", "overdose_deaths_all_vsrr", "all drugs", "year",
        "Overdose deaths, United States (VSRR, December)",
    ),
    Target(
        "synthetic_opioid_deaths", "overdose_deaths_synthetic_vsrr", "synthetic opioids", "year",
        "Synthetic-opioid deaths, United States (VSRR, December)",
    ),
    *(
        Target(f"seizures_{drug}", f"cbp_{drug}_seizures_fy", "seized nationwide", "fiscal year", label)
        for drug, label in (
            ("fentanyl", "Fentanyl seized (CBP, kg bulk)"),
            ("methamphetamine", "Methamphetamine seized (CBP, kg bulk)"),
            ("cocaine", "Cocaine seized (CBP, kg bulk)"),
            ("heroin", "Heroin seized (CBP, kg bulk)"),
        )
    ),
    Target(
        "encounters", "encounters_total_fy", "encounters at the southwest land border", "fiscal year",
        "Encounters at the southwest land border (DHS)",
    ),
)  # fmt: skip
"""What the past is compared with, as far as a case has the series."""


@dataclass(frozen=True)
class Observation:
    """A figure of a public series."""

    year: int
    value: float
    verified: str


@dataclass(frozen=True)
class FitRow:
    """The model's band and the observation in one period under one theory."""

    target: Target
    theory: str
    year: int
    observed: float
    p05: float
    p50: float
    p95: float
    unit: str
    is_target: bool
    """Whether a calibration may look at it (up to 2020)."""
    verified: str

    @property
    def missed(self) -> bool:
        """Whether the observation lies outside the band."""
        return not self.p05 <= self.observed <= self.p95


@dataclass(frozen=True)
class HistoryFit:
    """All comparisons of one run of the past."""

    rows: tuple[FitRow, ...]
    theories: tuple[str, ...]
    worlds: int
    shocks: bool
    seed: int
    failed: Mapping[str, int]

    def of(self, measure: str, theory: str) -> tuple[FitRow, ...]:
        """Rows of a measure under a theory, by year."""
        return tuple(row for row in self.rows if row.target.measure == measure and row.theory == theory)

    @property
    def targets(self) -> tuple[Target, ...]:
        """What was compared, in order."""
        return tuple(dict.fromkeys(row.target for row in self.rows))

    def misses(
        self, theory: str | None = None, measure: str | None = None, *, is_target: bool | None = None
    ) -> tuple[int, int]:
        """Number of misses, and of comparisons; of all or of a part."""
        chosen = [
            row
            for row in self.rows
            if (theory is None or row.theory == theory)
            and (measure is None or row.target.measure == measure)
            and (is_target is None or row.is_target == is_target)
        ]
        return sum(row.missed for row in chosen), len(chosen)


def targets(case: Case) -> tuple[Target, ...]:
    """Targets for which a case has a series."""
    return tuple(target for target in TARGETS if target.series in case.series)


def observations(case: Case, target: Target) -> tuple[Observation, ...]:
    """What a series says of a target, by year.

    Parameters
    ----------
    case : Case
        Has the target's series.
    target : Target
    """
    points = [
        point for point in case.series[target.series].points if point.definition.startswith(target.definition)
    ]
    return tuple(Observation(int(point.period[-4:]), point.value, point.verified) for point in points)


def fit_history(case: Case, totals: HistoryTotals, chosen: Sequence[Target] | None = None) -> HistoryFit:
    """Compare a run of the past with the case's series.

    Parameters
    ----------
    case : Case
    totals : HistoryTotals
        From :func:`crosscurrent.study.history.simulate_history`.
    chosen : sequence of Target, optional
        All that the case has by default.
    """
    rows = []
    for target in targets(case) if chosen is None else chosen:
        fiscal = target.period == "fiscal year"
        table = (totals.by_fiscal_year if fiscal else totals.by_year)[target.measure]
        years = totals.fiscal_years if fiscal else totals.years
        band = quantiles(table)
        unit = (MEASURES.get(target.measure) or OBSERVABLES[target.measure]).unit
        for observation in observations(case, target):
            if observation.year not in years:
                continue
            place = years.index(observation.year)
            for number, theory in enumerate(totals.theories):
                p05, p50, p95 = (float(value) for value in band[number, place])
                if np.isfinite(p50):
                    rows.append(
                        FitRow(
                            target, theory, observation.year, observation.value, p05, p50, p95, unit,
                            observation.year <= TARGET_UNTIL, observation.verified,
                        )
                    )  # fmt: skip
    return HistoryFit(tuple(rows), totals.theories, totals.worlds, totals.shocks, totals.seed, totals.failed)
