"""The model's past, theory by theory, in the periods in which the public series are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .. import calendar
from ..case.records import Case
from ..kernel import run
from ..kernel.setting import RECORDED
from .simulation import CaseSimulator
from .specification import STATUS_QUO, Study

__all__ = ["FIRST_YEAR", "HistoryTotals", "simulate_history"]

FIRST_YEAR = 2012
LAST_YEAR = 2024
"""Last complete calendar year before the decision date of the documents."""
_BATCH = 256

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class HistoryTotals:
    """Totals of flows, and means of stocks, by calendar year and by United States fiscal year."""

    theories: tuple[str, ...]
    worlds: int
    shocks: bool
    """Whether the dated shocks happened."""
    seed: int
    years: tuple[int, ...]
    fiscal_years: tuple[int, ...]
    """The first is 2013: the year before began ahead of the model's first week."""
    by_year: Mapping[str, Floats]
    """By measure, [theory, year, world]; NaN where a world failed."""
    by_fiscal_year: Mapping[str, Floats]
    """By measure, [theory, fiscal year, world]."""
    failed: Mapping[str, int]
    """Failed worlds by theory."""


def simulate_history(
    case: Case,
    theories: Sequence[str] | None = None,
    worlds: int = 256,
    seed: int = 0,
    shocks: bool = True,
) -> HistoryTotals:
    """Run the past under each theory.

    Parameters
    ----------
    case : Case
    theories : sequence of str, optional
        All of the case by default.
    worlds : int
        Worlds per theory.
    seed : int
        Study seed; the same worlds as in a study with that seed.
    shocks : bool
        Whether dated removals, splits, ruptures, supply shocks and surges happen.

    Raises
    ------
    InputError
        If a theory is unknown.
    """
    chosen = tuple(theories or case.theories)
    study = Study(
        case=str(case.folder), policies=(STATUS_QUO,), theories=chosen, worlds=worlds, seed=seed,
        decision=case.meta.default_decision, years=1,
    )  # fmt: skip
    simulator = CaseSimulator(study, case, shocks=shocks)
    past = [_past_months(simulator, theory, worlds) for theory in chosen]
    years = tuple(range(FIRST_YEAR, LAST_YEAR + 1))
    fiscal_years = years[1:]
    months = np.stack(past)
    calendar_totals = _periods(months, [calendar.year_months(year) for year in years])
    fiscal_totals = _periods(months, [calendar.fiscal_year_months(year) for year in fiscal_years])
    failed = {
        theory: int(np.isnan(found).any(axis=(0, 1)).sum())
        for theory, found in zip(chosen, past, strict=True)
    }
    return HistoryTotals(
        chosen, worlds, shocks, seed, years, fiscal_years,
        dict(zip(RECORDED, np.moveaxis(calendar_totals, 1, 0), strict=True)),
        dict(zip(RECORDED, np.moveaxis(fiscal_totals, 1, 0), strict=True)), failed,
    )  # fmt: skip


def _past_months(simulator: CaseSimulator, theory: str, worlds: int) -> Floats:
    """Months of the past [measure, month, world]; NaN where a world failed."""
    last = calendar.year_months(LAST_YEAR).stop
    parts = []
    for first in range(0, worlds, _BATCH):
        numbers = np.arange(first, min(first + _BATCH, worlds))
        draws = simulator.draw(theory, numbers)
        blocks, paths, _ = simulator.past(draws, numbers, months=(0, last))
        found = paths[..., : len(numbers)].astype(np.float64)
        found[..., run.failures(blocks, len(numbers)).week >= 0] = np.nan
        parts.append(found)
    return np.concatenate(parts, axis=-1)


def _periods(months: Floats, periods: Sequence[range]) -> Floats:
    """Sums of flows and means of stocks over periods: [theory, measure, period, world]."""
    flow = np.array([measure.kind == "flow" for measure in RECORDED.values()])[:, None]
    totals = []
    for period in periods:
        inside = months[:, :, period.start : period.stop]
        totals.append(np.where(flow, inside.sum(axis=2), inside.mean(axis=2)))
    return np.stack(totals, axis=2)
