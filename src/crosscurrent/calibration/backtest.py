"""Forecasts from yearly cut-offs, each fitted to what was known, beside naive and statistical ones.

Every cut-off is a December from 2016 to 2023.  A theory is fitted to the series as they stood up to it (in today's
vintage: earlier vintages are not public in one place), its drivers are forecast by rule, and its worlds run on.
Runs with the drivers that came true are kept apart and are no forecasts.

The cut-offs overlap and the model was written by people who knew these years; what that means for the scores is said in
:mod:`crosscurrent.calibration.scoreboard`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .. import calendar
from ..case.records import Case, Target
from ..errors import ComputeError, InputError
from .baselines import BASELINES, baseline_forecast
from .fitting import Workshop, random_for, refuse_draws, series_ahead
from .forecasting import LEVELS, NULL, SeriesForecaster, null_samples, quantiles_of
from .observations import Observed, SeriesReader, case_series, targets_of
from .sampler import SamplerOptions
from .worlds import Cutoff

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CUTOFF_YEARS", "HORIZON_MONTHS", "BacktestOptions", "forecast_all", "run_backtest"]

Floats = npt.NDArray[np.float64]
CUTOFF_YEARS = tuple(range(2016, 2024))
HORIZON_MONTHS = 24
LAST_MONTH = calendar.month_of_date(calendar.parse_month("2024-12"))
"""Last month with observations in the shipped case."""
QUANTILE_COLUMNS = tuple(f"q{1000 * level:03.0f}" for level in LEVELS)


@dataclass(frozen=True)
class BacktestOptions:
    """How much work a back-test is."""

    draws: int = 512
    """Worlds of each theory at each cut-off."""
    sampler: SamplerOptions = field(default_factory=lambda: SamplerOptions(moves=3, final_moves=6))
    seed: int = 0
    years: tuple[int, ...] = CUTOFF_YEARS
    statistical: bool = True
    """Whether ETS and ARIMA are fitted too."""

    def __post_init__(self) -> None:
        refuse_draws(self.draws)


def rows_of(
    target: Target, cutoff: Cutoff, member: str, ends: npt.NDArray[np.int64], quantiles: Floats
) -> list[dict[str, Any]]:
    """Rows of the table of forecasts, one a period."""
    return [
        {
            "series": target.id, "cutoff": cutoff.label, "member": member, "realised": cutoff.realised,
            "end": int(end), **dict(zip(QUANTILE_COLUMNS, map(_rounded, values), strict=True)),
        }
        for end, values in zip(ends, quantiles, strict=True)
    ]  # fmt: skip


def _rounded(value: float) -> float:
    """Five significant digits are more than any of these figures has."""
    return float(f"{value:.5g}")


def full_values(case: Case, target: Target, until: int, read: SeriesReader = case_series) -> Floats:
    """The whole series up to a month, years before the model's first included, evenly spaced with NaN in gaps."""
    from .observations import last_month

    less = read(case, target.minus.series, target.minus.definition) if target.minus else {}
    found = {}
    for period, value in read(case, target.series, target.definition).items():
        end = last_month(period, target.frequency)
        if end is not None and end <= until and (target.minus is None or period in less):
            found[end if target.frequency == "month" else end // 12] = value - less.get(period, 0.0)
    numbers = range(min(found), max(found) + 1)
    return np.array([found.get(number, np.nan) for number in numbers])


def _naive_rows(
    case: Case, target: Target, cutoff: Cutoff, ahead: Observed, read: SeriesReader, names: Sequence[str]
) -> list[dict[str, Any]]:
    """Forecasts of the baselines; one that cannot be fitted has no rows and is counted as missing."""
    values = full_values(case, target, cutoff.month, read)
    month = target.frequency == "month"
    steps = (ahead.ends - cutoff.month) if month else ahead.ends // 12 - cutoff.month // 12
    rows: list[dict[str, Any]] = []
    for name in names:
        try:
            quantiles = baseline_forecast(name, values, int(steps.max()), 12 if month else 1, LEVELS)
        except (ComputeError, InputError):
            continue
        rows += rows_of(target, cutoff, name, ahead.ends, quantiles[steps - 1])
    return rows


def forecast_all(
    workshop: Workshop,
    theories: Sequence[str],
    draws: int,
    sampler: SamplerOptions,
    ahead: Callable[[Target], tuple[Observed, Observed] | None],
    progress: Callable[[str, float], None],
    also: Sequence[Workshop] = (),
) -> list[dict[str, Any]]:
    """Forecasts of all theories at one cut-off.

    Parameters
    ----------
    workshop : Workshop
    theories : sequence of str
    draws : int
    sampler : SamplerOptions
    ahead : callable
        Known observations and periods to forecast of a target, or None.
    progress : callable
        Told theory and share of the way (0-1).
    also : sequence of Workshop
        Other runs of the same posterior worlds, such as one with realised drivers.
    """
    case, cutoff = workshop.case, workshop.cutoff
    found = {target.id: pair for target in targets_of(case, scores=("main", "further")) if (pair := ahead(target))}
    ready = {name: SeriesForecaster(known, later.ends) for name, (known, later) in found.items() if len(later.ends)}
    rows: list[dict[str, Any]] = []
    for theory in theories:
        population = workshop.fit(theory, draws, sampler, lambda share, name=theory: progress(name, share))  # type: ignore[misc]
        for shop in (workshop, *also):
            paths = shop.worlds.past_and_ahead(theory, population.points, population.streams)
            for name, forecaster in ready.items():
                random = random_for(workshop.seed, "forecast", cutoff.label, theory, name)
                quantiles = quantiles_of(forecaster.samples(paths, random))
                rows += rows_of(case.targets[name], shop.cutoff, theory, forecaster.ahead, quantiles)
        progress(theory, 1.0)
    for name, (known, later) in found.items():
        if len(later.ends):
            random = random_for(workshop.seed, "forecast", cutoff.label, NULL, name)
            quantiles = quantiles_of(null_samples(known, later.ends, random))
            rows += rows_of(case.targets[name], cutoff, NULL, later.ends, quantiles)
    return rows


def cutoff_of_year(year: int, *, realised: bool = False) -> Cutoff:
    """The end of a year, looking two years ahead as far as there are observations."""
    month = calendar.month_of_date(calendar.parse_month(f"{year}-12"))
    return Cutoff(month, min(month + HORIZON_MONTHS, LAST_MONTH), realised=realised)


def _one_cutoff(
    case: Case, year: int, options: BacktestOptions, read: SeriesReader, progress: Callable[[str, float], None]
) -> list[dict[str, Any]]:
    cutoff = cutoff_of_year(year)
    workshop = Workshop.at(case, cutoff, options.seed, options.draws, read)
    realised = Workshop.at(case, cutoff_of_year(year, realised=True), options.seed, 8, read)

    def ahead(target: Target) -> tuple[Observed, Observed] | None:
        return series_ahead(case, target, cutoff, read)

    rows = forecast_all(
        workshop, tuple(case.theories), options.draws, options.sampler, ahead, progress, also=(realised,)
    )
    names = BASELINES if options.statistical else BASELINES[:3]
    for target in targets_of(case, scores=("main", "further")):
        pair = ahead(target)
        if pair is not None and len(pair[1].ends):
            rows += _naive_rows(case, target, cutoff, pair[1], read, names)
    return rows


def run_backtest(
    case: Case,
    folder: Path,
    options: BacktestOptions | None = None,
    read: SeriesReader = case_series,
    progress: Callable[[int, str, float], None] | None = None,
) -> pd.DataFrame:
    """All forecasts from all cut-offs; each finished cut-off is kept, so that a run can be gone on with.

    Parameters
    ----------
    case : Case
    folder : Path
        Where finished cut-offs are kept; those made with the same case and options are reused.
    options : BacktestOptions, optional
    read : callable, optional
        Where observations come from.
    progress : callable, optional
        Told the year, the theory and the share of its way.

    Returns
    -------
    pandas.DataFrame
        One row a forecast period: series, cutoff, member, realised, end, quantiles.
    """
    import pandas as pd

    from .keeping import kept_table, model_digest

    given = options or BacktestOptions()
    made_of = (model_digest(case), given.seed, given.draws, given.sampler, given.statistical)
    parts = []
    for year in given.years:

        def tell(name: str, share: float, year: int = year) -> None:
            if progress:
                progress(year, name, share)

        def make(year: int = year, tell: Callable[[str, float], None] = tell) -> list[dict[str, Any]]:
            return _one_cutoff(case, year, given, read, tell)

        parts.append(kept_table(folder / f"cutoff-{year}.parquet", made_of, make))
        tell("done", 1.0)
    return pd.concat(parts, ignore_index=True)
