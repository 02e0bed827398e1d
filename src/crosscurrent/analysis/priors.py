"""Which assumptions the spread of a result goes back to.

Strikes in this setting have no record to learn from, so many results restate what was believed beforehand.
For the paired difference of a policy this says which switch axes and which parameters go with its spread:
the share of the variance of ranks that lies between the rivals of an axis, and the squared rank correlation
with a parameter, each less what chance alone would give.  A quick screen, not a full sensitivity analysis:
it sees each assumption by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..case.records import Case
from ..study.results import Results
from ..study.sampling import SCRAMBLES, scramble_of
from ..study.specification import STATUS_QUO
from .summary import Floats, chosen_measures, measure_tables, paired

__all__ = ["PriorShare", "dominated_by_prior"]

_FEWEST_WORLDS = 32
_CHANCE = 4.0
"""A share must be beyond so many times its expected size by chance, after counting how many assumptions
were tried.
"""


_FEWEST_IN_A_SCRAMBLE = 8
_STEADY = 3.0
"""A correlation counts when its mean over scrambles is beyond so many standard errors."""


@dataclass(frozen=True)
class PriorShare:
    """An assumption and the share of a difference's spread that goes with it."""

    policy: str
    theory: str
    measure: str
    kind: Literal["axis", "parameter"]
    name: str
    share: float
    """0-1, of the variance of ranks."""
    direction: int
    """Parameter: 1 if the difference rises with it, -1 if it falls; 0 for an axis."""
    grade: str
    """Grade of the evidence behind a parameter; empty for an axis or without a case."""
    worlds: int


def dominated_by_prior(
    results: Results,
    case: Case | None = None,
    measures: Sequence[str] | None = None,
    *,
    theory: str | None = None,
    policies: Sequence[str] | None = None,
    top: int = 5,
) -> list[PriorShare]:
    """Assumptions behind the spread of each policy's difference, largest first.

    Parameters
    ----------
    results : Results
    case : Case, optional
        Gives the grades.
    measures, policies : sequence of str, optional
        All of the study's by default.
    theory : str, optional
        ``even`` by default, which fixes no axis; else the last of the study.
    top : int
        At most so many assumptions for each policy and measure.

    Returns
    -------
    list of PriorShare
        Nothing for a difference without spread, with fewer than 32 worlds, or without an assumption beyond
        chance.
    """
    chosen = theory or ("even" if "even" in results.theories else results.theories[-1])
    names = chosen_measures(results, measures)
    place, reference = results.theories.index(chosen), results.policies.index(STATUS_QUO)
    assumptions = _Assumptions(results, case, chosen)
    wanted = [p for p in results.policies if p != STATUS_QUO and (policies is None or p in policies)]
    rows = []
    for name, table in measure_tables(results, names):
        change = paired(table, reference)
        for policy in wanted:
            values = change[results.policies.index(policy), place]
            for share in assumptions.shares(values)[:top]:
                rows.append(PriorShare(policy, chosen, name, *share))
    return rows


def _ranks(values: Floats) -> Floats:
    """Ranks along the last axis, ties sharing their mean."""
    from scipy.stats import rankdata

    return np.asarray(rankdata(values, axis=-1), dtype=np.float64)


class _Assumptions:
    """Drawn values of a theory; their ranks are kept as long as the same worlds are looked at."""

    def __init__(self, results: Results, case: Case | None, theory: str) -> None:
        self.case = case
        drawn = results.parameters(theory)
        self.names = [name for name, values in drawn.items() if np.nanstd(values) > 0]
        self.drawn = np.stack([drawn[name] for name in self.names]) if self.names else np.zeros((0, 0))
        self.axes: dict[str, npt.NDArray[Any]] = results.axes(theory)
        self.sound: npt.NDArray[np.bool_] | None = None
        self.ranks = self.drawn

    def _look_at(self, sound: npt.NDArray[np.bool_]) -> None:
        if self.sound is None or not np.array_equal(self.sound, sound):
            ranks = _ranks(self.drawn[:, sound]) if self.names else self.drawn
            centred = ranks - ranks.mean(axis=1, keepdims=True) if self.names else ranks
            self.ranks = centred / np.maximum(np.sqrt((centred**2).sum(axis=1, keepdims=True)), 1e-300)
            self.sound = sound

    def shares(self, values: Floats) -> list[tuple[Literal["axis", "parameter"], str, float, int, str, int]]:
        """Kind, name, share, direction, grade and number of worlds of each assumption beyond chance."""
        sound = np.isfinite(values)
        count = int(sound.sum())
        if count < _FEWEST_WORLDS or np.ptp(values[sound]) == 0:
            return []
        self._look_at(sound)
        ranks = _ranks(values[sound])
        found: list[tuple[Literal["axis", "parameter"], str, float, int, str, int]] = []
        threshold = _CHANCE * np.log(max(len(self.names) + len(self.axes), 2)) / count
        for name, rivals in self.axes.items():
            share = _between(ranks, rivals[sound])
            if share > threshold:
                found.append(("axis", name, share, 0, "", count))
        centred = ranks - ranks.mean()
        correlations = self.ranks @ centred / np.sqrt((centred**2).sum()) if self.names else np.zeros(0)
        steady = self._steady(centred, sound)
        for name, correlation, same in zip(self.names, correlations.tolist(), steady.tolist(), strict=True):
            share = correlation**2 - 1.0 / (count - 1)
            if share > threshold and same:
                found.append(
                    ("parameter", name, share, 1 if correlation > 0 else -1, self._grade(name), count)
                )
        return sorted(found, key=lambda entry: -entry[2])

    def _steady(self, centred: Floats, sound: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Which correlations come back in the eight scrambles: in one scramble of so many dimensions, parameters that
        have nothing to do with each other are sometimes drawn alike."""
        scrambles = scramble_of(np.flatnonzero(sound))
        parts = []
        for scramble in range(SCRAMBLES):
            inside = scrambles == scramble
            if inside.sum() >= _FEWEST_IN_A_SCRAMBLE and self.names:
                mine, its = self.ranks[:, inside], centred[inside]
                mine, its = mine - mine.mean(axis=1, keepdims=True), its - its.mean()
                size = np.sqrt((mine**2).sum(axis=1) * (its**2).sum())
                parts.append(mine @ its / np.maximum(size, 1e-300))
        if len(parts) < SCRAMBLES:
            return np.ones(len(self.names), dtype=bool)
        table = np.stack(parts)
        error = table.std(axis=0, ddof=1) / np.sqrt(SCRAMBLES)
        return np.asarray(np.abs(table.mean(axis=0)) > _STEADY * error)

    def _grade(self, name: str) -> str:
        entry = self.case.parameters.get(name) if self.case is not None else None
        return entry.grade if entry is not None else ""


def _between(ranks: Floats, groups: npt.NDArray[Any]) -> float:
    """Share of variance between groups, less what chance gives (epsilon squared); 0 with a single group."""
    names = sorted({str(name) for name in groups})
    if len(names) < 2 or len(names) >= len(ranks):
        return 0.0
    total = ((ranks - ranks.mean()) ** 2).sum()
    inside = sum(((part - part.mean()) ** 2).sum() for part in (ranks[groups == name] for name in names))
    return max(0.0, 1.0 - float(inside / (len(ranks) - len(names)) * (len(ranks) - 1) / total))
