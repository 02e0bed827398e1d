"""A forecast of the published series, theory by theory and pooled, and freezing it with its record.

It is made as the back-test's forecasts are: fitted to what is known, drivers gone on by rule, the discrepancy of every
series carried forward; weights and widths of the pool come from the back-test.  Levers and events may be known a
little longer than the series (a new border regime is known the day it begins).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import calendar
from ..case.records import Case, Target
from ..errors import InputError
from ..study.atomic import write_whole
from ..study.environment import this_environment
from .backtest import LAST_MONTH, QUANTILE_COLUMNS, forecast_all
from .fitting import FEWEST_MONTHS, Workshop, months_known, refuse_draws
from .forecasting import LEVELS
from .frozen import FROZEN_COLUMNS, FROZEN_LEVELS
from .keeping import digest_of, model_digest
from .observations import Observed, SeriesReader, case_series, observe, period_label, periods_until
from .sampler import SamplerOptions
from .scoreboard import pooled
from .worlds import Cutoff

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ForecastOptions", "forecast_csv", "forecast_cutoff", "forecast_record", "make_forecast"]


@dataclass(frozen=True)
class ForecastOptions:
    """What to forecast."""

    cutoff: str = "2024-12"
    """Last month whose observations are used."""
    until: str = "2026-12"
    """Last month that is forecast."""
    events_until: date | None = date(2025, 4, 8)
    """Last day of known levers and events; None: the end of the cut-off's month."""
    draws: int = 1024
    sampler: SamplerOptions = field(default_factory=SamplerOptions)
    seed: int = 0

    def __post_init__(self) -> None:
        refuse_draws(self.draws)


def forecast_cutoff(options: ForecastOptions) -> Cutoff:
    """The cut-off of a forecast.

    Raises
    ------
    InputError
        If the months are out of order, too far apart, or beyond the observations.
    """
    month = calendar.month_of_date(calendar.parse_month(options.cutoff))
    until = calendar.month_of_date(calendar.parse_month(options.until))
    if not month < until <= month + 10 * 12:
        raise InputError(
            "the last month cannot be forecast from this cut-off", given=f"{options.cutoff} until {options.until}",
            expected="a month after the cut-off, at most ten years ahead",
        )  # fmt: skip
    if not 47 <= month <= LAST_MONTH + 240:
        raise InputError("not a usable cut-off", given=options.cutoff, expected="2015-12 or later")
    last = calendar.parse_month(calendar.month_label(month + 1))
    known = options.events_until if options.events_until and options.events_until >= last else None
    return Cutoff(month, until, known)


def make_forecast(
    case: Case,
    backtest: pd.DataFrame,
    options: ForecastOptions | None = None,
    read: SeriesReader = case_series,
    progress: Callable[[str, float], None] | None = None,
) -> pd.DataFrame:
    """Forecasts of every scored series under every theory, without a model, and pooled.

    Parameters
    ----------
    case : Case
    backtest : pandas.DataFrame
        Forecasts of earlier cut-offs, from which the pools take weights and widths.
    options : ForecastOptions, optional
    read : callable, optional
        Where observations come from.
    progress : callable, optional
        Told theory and share of the way (0-1).

    Returns
    -------
    pandas.DataFrame
        In the form of the back-test's table.
    """
    import pandas as pd

    given = options or ForecastOptions()
    cutoff = forecast_cutoff(given)
    workshop = Workshop.at(case, cutoff, given.seed, given.draws, read)

    def ahead(target: Target) -> tuple[Observed, Observed] | None:
        known = observe(case, target, read).until(cutoff.month)
        if months_known(known) < FEWEST_MONTHS:
            return None
        ends = periods_until(target, int(known.ends[-1]), cutoff.until)
        return known, Observed(target, ends, np.full(len(ends), np.nan), known.unit)

    rows = forecast_all(
        workshop, tuple(case.theories), given.draws, given.sampler, ahead, progress or (lambda name, share: None)
    )
    frame = pd.DataFrame(rows)
    earlier = backtest[backtest["cutoff"] < cutoff.label]
    pools, _ = pooled(pd.concat([earlier, frame], ignore_index=True), case, read)
    return pd.concat([frame, pools[pools["cutoff"] == cutoff.label]], ignore_index=True)


def forecast_csv(case: Case, frame: pd.DataFrame) -> str:
    """A forecast in the public form: public names and units, five quantiles."""
    places = [int(np.argmin(np.abs(LEVELS - level))) for level in FROZEN_LEVELS]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FROZEN_COLUMNS)
    for row in frame.to_dict("records"):
        target = case.targets[str(row["series"])]
        factor = target.published.per_unit if target.published else 1.0
        unit = target.published.unit if target.published else _unit(case, target)
        figures = [f"{factor * float(row[QUANTILE_COLUMNS[place]]):.6g}" for place in places]
        writer.writerow([target.id, period_label(target, int(row["end"])), row["member"], unit, *figures])
    return out.getvalue()


def _unit(case: Case, target: Target) -> str:
    points = case.series[target.series].points
    return next(point.unit for point in points if point.definition.startswith(target.definition))


def forecast_record(case: Case, options: ForecastOptions, text: str, backtest: pd.DataFrame) -> dict[str, Any]:
    """What a frozen forecast was made of, and the hash that shows that it was not changed since."""
    environment = this_environment("float32")
    return {
        "cutoff": options.cutoff, "until": options.until,
        "events_until": options.events_until.isoformat() if options.events_until else None,
        "draws": options.draws, "moves": options.sampler.moves, "seed": options.seed,
        "case": case.id, "case_digest": case.digest, "model_digest": model_digest(case),
        "backtest_cutoffs": sorted({str(label) for label in backtest["cutoff"]}),
        "made_of": digest_of(model_digest(case), options),
        "versions": {"crosscurrent": environment.crosscurrent, "numpy": environment.numpy, "numba": environment.numba},
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }  # fmt: skip


def write_forecast(path: Path, text: str, record: dict[str, Any]) -> Path:
    """Write a forecast and beside it its record; a frozen file is never overwritten by another.

    Raises
    ------
    InputError
        If the file holds another forecast already.
    """
    beside = path.with_suffix(".json")
    if path.exists() and path.read_text(encoding="utf-8") != text:
        raise InputError("the file holds another forecast", given=str(path), fix="give a new file, or remove this one")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode())
    write_whole(beside, (json.dumps(record, indent=1, sort_keys=True) + "\n").encode())
    return beside
