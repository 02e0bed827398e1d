"""Worlds of the past and the years after a cut-off, with the levers and drivers that were known on that day."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from .. import calendar
from ..case.records import Case
from ..kernel import run
from ..kernel.setting import RECORDED
from ..study.draws import dimensions, draw_worlds
from ..study.simulation import CaseSimulator
from ..study.specification import STATUS_QUO, Study
from .driver_forecast import known_case, realised_case

__all__ = ["QUIET", "Cutoff", "CutoffWorlds", "Paths", "month_end"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
QUIET = ("growth_noise_size", "violence_noise_size", "concealment_size", "migration_noise_size")
"""Noise inside the model that the discrepancy of a series stands for: off here, so that it does not count twice."""
_SETTLED_DAYS = 7
"""The fork is a week into the month after, so that the last known month is recorded whole."""


def month_end(month: int) -> date:
    """Last day of a month (months since January 2012)."""
    following = calendar.parse_month(calendar.month_label(month + 1))
    return following - timedelta(days=1)


@dataclass(frozen=True)
class Cutoff:
    """What may be known: observations up to a month, levers and events maybe a little longer."""

    month: int
    """Last month whose observations are known, since January 2012."""
    until: int
    """Last month that is forecast."""
    events_until: date | None = None
    """Last day of known levers and events; the end of the month if not given."""
    realised: bool = False
    """Whether later levers and drivers are taken as they came true: no forecast."""

    @property
    def label(self) -> str:
        """The last known month, YYYY-MM."""
        return calendar.month_label(self.month)


@dataclass(frozen=True)
class Paths:
    """Monthly paths of worlds from January 2012."""

    measures: Mapping[str, npt.NDArray[np.float32]]
    """By measure [month, world]."""
    failed: npt.NDArray[np.bool_]
    """[world]"""


class CutoffWorlds:
    """Simulates worlds of any theory as they could have been simulated at a cut-off.

    Parameters
    ----------
    case : Case
    cutoff : Cutoff
    seed : int
        Keys the random draws, with each world's stream number.
    measures : sequence of str
        Measures to keep.
    threads : int
        Worlds are split over them; results do not depend on it.
    """

    def __init__(
        self, case: Case, cutoff: Cutoff, seed: int, measures: Sequence[str], threads: int = 2
    ) -> None:
        self.case, self.cutoff, self.seed, self.threads = case, cutoff, seed, threads
        self.kept = [name for name in RECORDED if name in measures]
        self._places = [number for number, name in enumerate(RECORDED) if name in measures]
        last_day = month_end(cutoff.month)
        until = month_end(cutoff.until)
        given = (
            realised_case(case, last_day)
            if cutoff.realised
            else known_case(case, last_day, until.year + 1, cutoff.events_until)
        )
        known_day = max(last_day, cutoff.events_until or last_day) if not cutoff.realised else until
        fork = max(last_day, known_day) + timedelta(days=_SETTLED_DAYS)
        years = max(1, -(-(cutoff.until - calendar.month_of_date(fork) + 2) // 12))
        study = Study(
            case=str(case.folder), policies=(STATUS_QUO,), theories=tuple(case.theories), seed=seed,
            decision=f"{fork:%Y-%m-%d}", years=years,
        )  # fmt: skip
        self.simulator = CaseSimulator(study, given)
        self.dimensions = dimensions(case)

    def past(self, theory: str, points: Floats, streams: Integers) -> Paths:
        """Paths up to the cut-off's month."""
        return self._split(theory, points, streams, ahead=False)

    def past_and_ahead(self, theory: str, points: Floats, streams: Integers) -> Paths:
        """Paths up to the last month that is forecast, the status quo carried forward."""
        return self._split(theory, points, streams, ahead=True)

    def _split(self, theory: str, points: Floats, streams: Integers, *, ahead: bool) -> Paths:
        blocks = -(-len(points) // 64)
        edges = np.linspace(0, blocks, min(self.threads, blocks) + 1).round().astype(int) * 64
        parts = [(first, min(last, len(points))) for first, last in itertools.pairwise(edges)]

        def run_part(part: tuple[int, int]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
            return self._run(theory, points[slice(*part)], streams[slice(*part)], ahead=ahead)

        with ThreadPoolExecutor(self.threads) as pool:
            found = list(pool.map(run_part, parts))
        whole = np.concatenate([paths for paths, _ in found], axis=-1)
        failed = np.concatenate([bad for _, bad in found])
        return Paths(dict(zip(self.kept, whole, strict=True)), failed)

    def _run(
        self, theory: str, points: Floats, streams: Integers, *, ahead: bool
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        simulator, count = self.simulator, len(points)
        draws = draw_worlds(self.case, self.case.theories[theory], points)
        draws.parameters.update({name: np.zeros(count) for name in QUIET})
        last = (self.cutoff.until if ahead else self.cutoff.month) + 1
        months = (0, last)
        blocks, paths, _ = simulator.past(draws, streams, months=months)
        kept = paths[self._places][..., :count]
        decision_month = calendar.month_of_date(calendar.date_of_week(simulator.decision_week))
        if ahead and last > decision_month:
            run.begin_projection(blocks)
            setting = simulator.setting(STATUS_QUO, months)
            end = calendar.week_of_date(month_end(self.cutoff.until)) + 2
            later = run.advance(
                simulator.kernel, blocks, setting, simulator.decision_week, min(end, simulator.end_week), last
            )
            kept = kept + later[self._places][..., :count]
        failed = run.failures(blocks, count).week >= 0
        return np.asarray(kept, dtype=np.float32), failed
