"""Scores of a back-test: which theory predicts what, where all of them fail, and whether naive rules do better.

What the scores can establish, and what not:

* Cut-offs overlap: two neighbouring ones share a year of outcomes, so eight cut-offs are about four independent
  looks, and one shock (2020, 2023) enters several of them.
* Series are taken in today's vintage; a forecaster of the time saw first releases.
* The model's equations and priors were written by people who knew the years up to 2024.  Drivers, levels and dated
  shocks are held back by date; hindsight in a range is not.  Only a frozen forecast is free of it.
* History holds no strikes by a neighbour: no score bears on what strikes would do.

Errors are taken on the logarithm of a series, so that a miss of a tenth counts alike at any size [1]_.

References
----------
.. [1] Bosse NI et al. (2023) Scoring epidemiological forecasts on transformed scales. PLoS Comput. Biol. 19(8).
   https://doi.org/10.1371/journal.pcbi.1011393
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .. import calendar
from ..case.records import Case
from .backtest import QUANTILE_COLUMNS
from .baselines import BASELINES
from .forecasting import LEVELS, NULL
from .observations import SeriesReader, case_series, observe, on_scale
from .pooling import mixture_quantiles, pool_weights, spread_factor, standardised_errors, stretched
from .published import PUBLISHED, published_rows
from .scores import crps_from_quantiles, pit_from_quantiles

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COMBINED", "NAIVE", "THEORIES_COMBINED", "Scoreboard", "SeriesScore", "pooled", "score_backtest"]

Floats = npt.NDArray[np.float64]
COMBINED = "combined"
"""The pool of the theories and the forecast without a model."""
THEORIES_COMBINED = "theories-combined"
"""The pool of the theories alone."""
NAIVE = ("last_value", "seasonal_naive", "drift")
_MIXED_THEORY = "even"
"""Left out of pools: it is itself a mixture of the others' rivals."""
_FEWEST_LOOKS, _CLEARLY = 5, 1.1
"""Two theories are told apart where the better one is so at every one of at least five cut-offs and by a tenth."""
_GOLDEN = 0.6180339887498949
"""Spreads the ties of places evenly, the same on every run."""
_NULL_START = 0.5
"""Weight of the forecast without a model while nothing is known."""


@dataclass(frozen=True)
class SeriesScore:
    """How one forecaster did on one series within one year ahead."""

    series: str
    member: str
    year_ahead: int
    """1: the first twelve months; 2: the next twelve; 0: both."""
    crps: float
    """Mean over periods, then over cut-offs, on the logarithm; about the typical error as a share."""
    coverage_50: float
    coverage_90: float
    bias: float
    """Mean of observation less median, on the logarithm."""
    periods: int
    cutoffs: int


@dataclass(frozen=True)
class Scoreboard:
    """All scores of a back-test."""

    scores: tuple[SeriesScore, ...]
    by_cutoff: Mapping[tuple[str, str, str], float]
    """Mean CRPS by series, cut-off and member."""
    places: Mapping[tuple[str, str], Floats]
    """By series and member, where observations fell in their forecasts (0-1)."""
    weights: Mapping[tuple[str, str], Mapping[str, float]]
    """Weights of the pool's members by series and cut-off."""
    realised: Mapping[tuple[str, str], float]
    """Mean CRPS by series and theory with the drivers that came true: no forecasts, shown apart."""
    failed: Mapping[tuple[str, str], int]
    """By series and member, cut-offs at which it gave no forecast though another did."""

    def of(self, series: str, member: str, year_ahead: int = 0) -> SeriesScore | None:
        """One score."""
        return next(
            (
                row for row in self.scores
                if (row.series, row.member, row.year_ahead) == (series, member, year_ahead)
            ),
            None,
        )  # fmt: skip

    @property
    def series(self) -> tuple[str, ...]:
        """Series that were scored, in order."""
        return tuple(dict.fromkeys(row.series for row in self.scores))

    @property
    def members(self) -> tuple[str, ...]:
        """Forecasters, in order."""
        return tuple(dict.fromkeys(row.member for row in self.scores))

    def skill(self, series: str, member: str, reference: str) -> float | None:
        """One less the ratio of two forecasters' scores over the cut-offs both have: above 0 is better than the
        reference."""
        both = [
            (self.by_cutoff[series, cutoff, member], self.by_cutoff[series, cutoff, reference])
            for (name, cutoff, who) in self.by_cutoff
            if name == series and who == member and (series, cutoff, reference) in self.by_cutoff
        ]
        if not both:
            return None
        own, other = np.mean(both, axis=0)
        return float(1.0 - own / other)

    def best_naive(self, series: str) -> str | None:
        """The naive rule with the best mean score, chosen with hindsight: a hard reference."""
        found = [
            (row.crps, row.member) for row in self.scores
            if row.series == series and row.member in NAIVE and row.year_ahead == 0
        ]  # fmt: skip
        most = max((self._count(series, name) for _, name in found), default=0)
        full = [item for item in found if self._count(series, item[1]) == most]
        return min(full)[1] if full else None

    def theory_scores(self, series: str) -> tuple[SeriesScore, ...]:
        """Scores of the theories on a series, the mixture ``even`` left out."""
        others = (*BASELINES, NULL, _MIXED_THEORY, COMBINED, THEORIES_COMBINED, PUBLISHED)
        return tuple(
            row for row in self.scores
            if row.series == series and row.year_ahead == 0 and row.member not in others
        )  # fmt: skip

    def theory_weights(self) -> dict[str, float]:
        """Weights of the theories by their scores, adding up to 1: the mean over series of the pool's last weights.

        Optional: they rest on history, which says nothing on strikes.
        """
        last: dict[str, Mapping[str, float]] = {}
        for (series, _), weights in sorted(self.weights.items(), key=lambda item: item[0][1]):
            last[series] = {name: weight for name, weight in weights.items() if name != NULL}
        names = next(iter(last.values()), {})
        total = {
            name: float(np.mean([weights[name] / max(sum(weights.values()), 1e-12) for weights in last.values()]))
            for name in names
        }
        return {name: round(value / sum(total.values()), 4) for name, value in total.items()}

    def theories_apart(self) -> tuple[tuple[str, str, str], ...]:
        """Series on which the scores tell theories apart, with the best and the worst theory there."""
        clear = []
        for series in self.series:
            ranked = sorted(self.theory_scores(series), key=lambda row: row.crps)
            if len(ranked) < 2:
                continue
            first, last = ranked[0], ranked[-1]
            better = [
                self.by_cutoff[series, cutoff, first.member] < self.by_cutoff[series, cutoff, last.member]
                for (name, cutoff, who) in self.by_cutoff
                if (name, who) == (series, first.member) and (series, cutoff, last.member) in self.by_cutoff
            ]
            if len(better) >= _FEWEST_LOOKS and all(better) and last.crps > _CLEARLY * first.crps:
                clear.append((series, first.member, last.member))
        return tuple(clear)

    def theory_words(self) -> str:
        """Whether the scores tell the theories apart."""
        clear = [f"{series}: {first} before {last}" for series, first, last in self.theories_apart()]
        looks = max(
            (len({cutoff for name, cutoff, _ in self.by_cutoff if name == series}) for series in self.series), default=0
        )
        if looks < _FEWEST_LOOKS:
            return (
                f"With {looks} cut-offs theories cannot be told from each other; at least {_FEWEST_LOOKS} are "
                "asked for."
            )
        if not clear:
            return (
                "No theory is told from another by its forecasts: the best and the worst differ by less "
                "than a tenth, or not "
                "at every cut-off. History of this kind does not decide between them."
            )
        return "Theories are told apart on: " + "; ".join(clear) + "."

    def _count(self, series: str, member: str) -> int:
        return sum(1 for name, _, who in self.by_cutoff if (name, who) == (series, member))


def _observed(case: Case, read: SeriesReader) -> dict[str, dict[int, float]]:
    found = {}
    for target in case.targets.values():
        seen = observe(case, target, read)
        found[target.id] = dict(zip(seen.ends.tolist(), seen.values.tolist(), strict=True))
    return found


def _levels_of(frame: pd.DataFrame) -> Floats:
    return np.asarray(frame[list(QUANTILE_COLUMNS)], dtype=np.float64)


def _with_scores(frame: pd.DataFrame, case: Case, read: SeriesReader) -> pd.DataFrame:
    """Rows that have an observation, with its CRPS, place in the forecast and bias on the target's scale."""
    seen = _observed(case, read)
    rows = frame.assign(
        observed=[seen.get(name, {}).get(end, np.nan) for name, end in zip(frame["series"], frame["end"], strict=True)]
    )
    rows = rows[np.isfinite(rows["observed"])].reset_index(drop=True)
    logs, observed = on_scale(np.maximum(_levels_of(rows), 1e-9), "log"), on_scale(rows["observed"], "log")
    quantiles = _levels_of(rows)
    middle = logs[:, len(LEVELS) // 2]
    scored: pd.DataFrame = rows.assign(
        crps=crps_from_quantiles(logs, observed, LEVELS),
        place=pit_from_quantiles(logs, observed, LEVELS, np.arange(len(rows)) * _GOLDEN % 1.0),
        bias=observed - middle,
        inside_50=(rows["observed"] >= quantiles[:, _at(0.25)]) & (rows["observed"] <= quantiles[:, _at(0.75)]),
        inside_90=(rows["observed"] >= quantiles[:, _at(0.05)]) & (rows["observed"] <= quantiles[:, _at(0.95)]),
        year_ahead=1 + (rows["end"] - _months(rows["cutoff"]) - 1) // 12,
    )
    return scored


def _at(level: float) -> int:
    return int(np.argmin(np.abs(LEVELS - level)))


def _months(labels: pd.Series) -> npt.NDArray[np.int64]:
    known = {label: calendar.month_of_date(calendar.parse_month(label)) for label in set(labels)}
    return np.array([known[label] for label in labels], dtype=np.int64)


def _pool_members(members: Sequence[str], *, with_null: bool) -> dict[str, float]:
    """Members of a pool with the weights it starts from."""
    theories = [
        name for name in members
        if name not in (*BASELINES, NULL, _MIXED_THEORY, COMBINED, THEORIES_COMBINED, PUBLISHED)
    ]  # fmt: skip
    share = (1.0 - _NULL_START if with_null else 1.0) / max(len(theories), 1)
    start = dict.fromkeys(theories, share)
    return {**start, NULL: _NULL_START} if with_null else start


def pooled(
    frame: pd.DataFrame, case: Case, read: SeriesReader = case_series
) -> tuple[pd.DataFrame, dict[tuple[str, str], dict[str, float]]]:
    """Forecasts of the two pools at every cut-off, made of what was known then, and their members' weights.

    Parameters
    ----------
    frame : pandas.DataFrame
        Forecasts of the members (and of anything else, which is ignored).
    case : Case
    read : callable, optional

    Returns
    -------
    table of forecasts, and weights by series and cut-off (of the pool with the null)
    """
    import pandas as pd

    scored = _with_scores(frame[~frame["realised"]], case, read)
    seen = _observed(case, read)
    rows: list[dict[str, Any]] = []
    weights: dict[tuple[str, str], dict[str, float]] = {}
    for series, group in frame[~frame["realised"]].groupby("series", sort=False):
        own = scored[scored["series"] == series]
        for name, with_null in ((COMBINED, True), (THEORIES_COMBINED, False)):
            start = _pool_members(tuple(group["member"].unique()), with_null=with_null)
            made, chosen = _pool_series(str(series), name, group, own, start, seen.get(str(series), {}))
            rows += made
            if with_null:
                weights |= {(str(series), cutoff): found for cutoff, found in chosen.items()}
    return pd.DataFrame(rows), weights


def _pool_series(
    series: str, name: str, group: pd.DataFrame, scored: pd.DataFrame, start: Mapping[str, float],
    seen: Mapping[int, float],
) -> tuple[list[dict[str, Any]], dict[str, dict[str, float]]]:  # fmt: skip
    """One pool of one series through the cut-offs."""
    rows: list[dict[str, Any]] = []
    weights: dict[str, dict[str, float]] = {}
    earlier: list[tuple[npt.NDArray[np.int64], Floats]] = []
    for cutoff in sorted(group["cutoff"].unique()):
        month = calendar.month_of_date(calendar.parse_month(cutoff))
        known = scored[(scored["cutoff"] < cutoff) & (scored["end"] <= month)]
        means = known.groupby(["member", "cutoff"])["crps"].mean()
        past = {member: list(means.get(member, ())) for member in start}
        weights[cutoff] = pool_weights(past, start)
        parts = {member: group[(group["cutoff"] == cutoff) & (group["member"] == member)] for member in start}
        if any(part.empty for part in parts.values()):
            continue
        ends = parts[next(iter(parts))]["end"].to_numpy()
        logs = [np.log(np.maximum(_levels_of(part), 1e-9)) for part in parts.values()]
        raw = mixture_quantiles(logs, list(weights[cutoff].values()), LEVELS)
        errors = [found[1][found[0] <= month] for found in earlier]
        factor = spread_factor([item for item in errors if len(item)])
        values = np.exp(stretched(raw, LEVELS, factor))
        rows += [
            {"series": series, "cutoff": cutoff, "member": name, "realised": False, "end": int(end),
             **dict(zip(QUANTILE_COLUMNS, row, strict=True))}
            for end, row in zip(ends, values, strict=True)
        ]  # fmt: skip
        there = np.array([end in seen for end in ends])
        outcome = np.log([seen[end] for end in ends[there]]) if there.any() else np.zeros(0)
        earlier.append((ends[there], standardised_errors(raw[there], outcome, LEVELS)))
    return rows, weights


def score_backtest(frame: pd.DataFrame, case: Case, read: SeriesReader = case_series) -> Scoreboard:
    """Score every forecaster of a back-test, the two pools included.

    Parameters
    ----------
    frame : pandas.DataFrame
        From :func:`crosscurrent.calibration.backtest.run_backtest`.
    case : Case
    read : callable, optional
        Where observations come from; a user's own additions by default in the commands.
    """
    import pandas as pd

    pools, weights = pooled(frame, case, read)
    published = pd.DataFrame(published_rows(_observed(case, read)))
    rows = _with_scores(pd.concat([frame, pools, published], ignore_index=True), case, read)
    forecasts, realised = rows[~rows["realised"]], rows[rows["realised"]]
    by_cutoff = forecasts.groupby(["series", "cutoff", "member"], sort=False)["crps"].mean()
    scores = [
        *_summaries(forecasts, 0),
        *(row for year in (1, 2) for row in _summaries(forecasts[forecasts["year_ahead"] == year], year)),
    ]
    places = {
        (str(series), str(member)): group["place"].to_numpy()
        for (series, member), group in forecasts.groupby(["series", "member"], sort=False)
    }
    by_realised = realised.groupby(["series", "cutoff", "member"], sort=False)["crps"].mean()
    apart = by_realised.groupby(["series", "member"]).mean()
    return Scoreboard(
        tuple(scores),
        {(str(key[0]), str(key[1]), str(key[2])): float(value) for key, value in _cells(by_cutoff)},
        places,
        weights,
        {(str(key[0]), str(key[1])): float(value) for key, value in _cells(apart)},
        _failures(forecasts),
    )


def _cells(means: pd.Series) -> list[tuple[tuple[object, ...], float]]:
    """Keys and values of a grouped mean."""
    return [(tuple(key), float(value)) for key, value in zip(means.index.tolist(), means.tolist(), strict=True)]


def _summaries(rows: pd.DataFrame, year: int) -> list[SeriesScore]:
    found = []
    for (series, member), group in rows.groupby(["series", "member"], sort=False):
        by_cutoff = group.groupby("cutoff")
        found.append(
            SeriesScore(
                str(series), str(member), year, float(by_cutoff["crps"].mean().mean()),
                float(group["inside_50"].mean()), float(group["inside_90"].mean()),
                float(by_cutoff["bias"].mean().mean()), len(group), int(by_cutoff.ngroups),
            )
        )  # fmt: skip
    return found


def _failures(forecasts: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Cut-offs at which a forecaster gave nothing though the series was forecast by another."""
    members = forecasts["member"].unique()
    found = {}
    for series, group in forecasts.groupby("series", sort=False):
        whole = group["cutoff"].nunique()
        for member in (name for name in members if name != PUBLISHED):
            missing = whole - group[group["member"] == member]["cutoff"].nunique()
            if missing:
                found[str(series), str(member)] = int(missing)
    return found
