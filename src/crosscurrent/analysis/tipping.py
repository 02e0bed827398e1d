"""Adaptation tipping points: when a policy no longer meets an objective, world by world [1]_, [2]_.

An objective is judged on twelve months: a flow is their sum, a stock their mean.  It is *missed* in a month if that
figure is beyond the threshold.  The tipping point of a world is the first month, from the objective's first judged
month on, that begins so many missed months in a row.  A world that tips in the first judged month *missed it from the
start*; one without such a month *never tips within the horizon*.  A run of missed months that the horizon cuts off does
not count.

References
----------
.. [1] M. Haasnoot, J. H. Kwakkel, W. E. Walker and J. ter Maat (2013), "Dynamic adaptive policy pathways", Global
   Environmental Change 23(2), doi:10.1016/j.gloenvcha.2012.12.006.
.. [2] J. H. Kwakkel, M. Haasnoot and W. E. Walker (2015), "Developing dynamic adaptive policy pathways: a computer-
   assisted approach", Climatic Change 132, doi:10.1007/s10584-014-1210-4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..calendar import month_label
from ..case.pathway_records import Objective
from ..errors import InputError
from ..model.schema import MEASURES, OBSERVABLES
from ..study.results import Results
from ..study.sampling import SCRAMBLES, scramble_of

__all__ = [
    "FEWEST_WORLDS",
    "NEVER",
    "Interval",
    "TippingPoint",
    "first_run",
    "is_flow",
    "judged_within",
    "missed",
    "share_below",
    "share_error",
    "share_missing",
    "tipping_months",
    "tipping_points",
    "yearly",
]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
YEAR = 12
FEWEST_WORLDS = 32
"""Whole paths that a share of worlds needs at least."""
NEVER = -1


@dataclass(frozen=True)
class Interval:
    """Dates over the worlds that reach something."""

    first: str
    """Month (YYYY-MM) by which 5 in 100 of these worlds have reached it; empty if no world does."""
    middle: str
    last: str
    """Month by which 95 in 100 of them have."""


@dataclass(frozen=True)
class TippingPoint:
    """When a policy no longer meets an objective under a theory."""

    policy: str
    theory: str
    from_start: float
    """Share of worlds that miss the objective from the first judged month on, 0-1."""
    reached: float
    """Share of worlds that meet it at first and tip within the horizon, 0-1."""
    never: float
    """Share of worlds that do not tip within the horizon, 0-1."""
    never_error: float
    """Monte-Carlo standard error of ``never`` (and of its complement)."""
    dates: Interval
    """Tipping points of the worlds counted in ``reached``."""
    met_at_end: float
    """Share of worlds that meet the objective in the last twelve months, whatever happened before, 0-1."""
    worlds: int
    failed: int
    """Worlds left out because they failed."""
    from_start_error: float = math.nan
    """Monte-Carlo standard error of ``from_start``; NaN in maps kept by an older version."""
    reached_error: float = math.nan
    """Monte-Carlo standard error of ``reached``; NaN in maps kept by an older version."""
    met_at_end_error: float = math.nan
    """Monte-Carlo standard error of ``met_at_end``; NaN in maps kept by an older version."""

    @property
    def state(self) -> str:
        """``never within the horizon``, ``from the start`` or ``reached``, whichever holds in most worlds."""
        shares = {"never within the horizon": self.never, "from the start": self.from_start, "reached": self.reached}
        return max(shares, key=lambda name: shares[name])


def yearly(paths: npt.ArrayLike, *, flow: bool) -> Floats:
    """Sum (flow) or mean (stock) of the last twelve months, [..., month]; NaN in the first eleven.

    >>> yearly(np.arange(13.0), flow=False)[-2:].tolist()
    [5.5, 6.5]
    """
    table = np.asarray(paths, dtype=np.float64)
    found = np.full(table.shape, np.nan)
    if table.shape[-1] >= YEAR:
        windows = np.lib.stride_tricks.sliding_window_view(table, YEAR, axis=-1)
        found[..., YEAR - 1 :] = windows.sum(axis=-1) if flow else windows.mean(axis=-1)
    return found


def missed(figures: Floats, objective: Objective) -> npt.NDArray[np.bool_]:
    """Whether an objective is missed, for each yearly figure; a figure that is NaN misses nothing."""
    if objective.at_most is not None:
        return np.asarray(figures > objective.at_most)
    assert objective.at_least is not None
    return np.asarray(figures < objective.at_least)


def first_run(flags: npt.NDArray[np.bool_], length: int) -> Integers:
    """Place of the first of so many true flags in a row, [...]; -1 if there is none.

    >>> first_run(np.array([True, False, True, True]), 2).tolist()
    2
    """
    if flags.shape[-1] < length:
        return np.full(flags.shape[:-1], NEVER, dtype=np.int64)
    runs = np.lib.stride_tricks.sliding_window_view(flags, length, axis=-1).all(axis=-1)
    return np.where(runs.any(axis=-1), runs.argmax(axis=-1), NEVER).astype(np.int64)


def tipping_months(paths: npt.ArrayLike, objective: Objective, *, flow: bool) -> Integers:
    """Months after the decision at which each world tips, [...]; -1 if it never does.

    Parameters
    ----------
    paths
        Monthly values from the decision on [..., month].
    objective
    flow : bool
        Whether the measure is a flow.
    """
    judged = max(objective.from_months, YEAR) - 1
    late = missed(yearly(paths, flow=flow), objective)[..., judged:]
    found = first_run(late, objective.for_months)
    return np.where(found >= 0, found + judged, NEVER)


def judged_within(objective: Objective, months: int) -> bool:
    """Whether a horizon of so many months is long enough to judge an objective at least once."""
    return max(objective.from_months, YEAR) - 1 + objective.for_months <= months


def share_error(flags: npt.ArrayLike, worlds: npt.ArrayLike) -> Floats:
    """Standard error of a share of worlds, [...], from the shares of the eight scrambles.

    Parameters
    ----------
    flags : float array [..., world]
        1 or 0; NaN marks failed worlds.
    worlds : int array [world]

    >>> float(share_error(np.ones(16), np.arange(16)))
    0.0
    """
    table, scramble = np.asarray(flags, dtype=np.float64), scramble_of(worlds)
    known = np.isfinite(table)
    counts = np.stack([known[..., scramble == s].sum(axis=-1) for s in range(SCRAMBLES)], axis=-1)
    sums = np.stack([np.where(known, table, 0.0)[..., scramble == s].sum(axis=-1) for s in range(SCRAMBLES)], axis=-1)
    shares = sums / np.maximum(counts, 1)
    error = shares.std(axis=-1, ddof=1) / np.sqrt(SCRAMBLES)
    return np.asarray(np.where((counts > 0).all(axis=-1), error, np.nan))


def is_flow(measure: str) -> bool:
    """Whether a measure of the model is a flow."""
    known = MEASURES.get(measure) or OBSERVABLES.get(measure)
    return known is not None and known.kind == "flow"


def sound_paths(results: Results, measure: str) -> tuple[Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Whole paths [policy, theory, world, month] with failed worlds as NaN, their worlds, and months since 2012.

    Raises
    ------
    InputError
        If fewer than 32 whole paths are kept.
    """
    found = results.paths(measure)
    if len(found.worlds) < FEWEST_WORLDS:
        raise InputError(
            "too few whole paths are kept for shares of worlds", given=len(found.worlds),
            expected=f"at least {FEWEST_WORLDS}",
            fix="`crosscurrent pathways DIR` simulates them, or set full_paths in the study file",
        )  # fmt: skip
    failed = results.failed_weeks()[..., : len(found.worlds)] >= 0
    return np.where(failed[..., None], np.nan, found.values), found.worlds, found.months


def interval(months: npt.NDArray[np.int64], first_month: int) -> Interval:
    """Dates by which 5, 50 and 95 in 100 of some worlds have reached something; -1 marks those that have not."""
    reached = np.sort(months[months >= 0])
    if not len(reached):
        return Interval("", "", "")
    places = [max(int(np.ceil(level * len(reached))) - 1, 0) for level in (0.05, 0.5, 0.95)]
    first, middle, last = (month_label(first_month + int(reached[place])) for place in places)
    return Interval(first, middle, last)


def tipping_points(
    results: Results, objective: Objective, policies: Sequence[str] | None = None
) -> list[TippingPoint]:
    """Tipping points of policies under every theory, from whole stored paths.

    Parameters
    ----------
    results : Results
    objective : Objective
    policies : sequence of str, optional
        All of the study's by default.

    Raises
    ------
    InputError
        If the measure is not stored, fewer than 32 whole paths are, or the horizon is too short.
    """
    paths, worlds, months = sound_paths(results, objective.measure)
    if not judged_within(objective, len(months)):
        raise InputError(
            f"the horizon ends before objective {objective.id!r} can be judged", given=f"{len(months)} months",
            expected=f"at least {max(objective.from_months, YEAR) - 1 + objective.for_months}",
        )  # fmt: skip
    sound: npt.NDArray[np.bool_] = np.asarray(np.isfinite(paths).all(axis=-1))
    flow = is_flow(objective.measure)
    tips = tipping_months(paths, objective, flow=flow)
    met = np.asarray(~missed(yearly(paths[..., -YEAR:], flow=flow)[..., -1], objective))
    judged = max(objective.from_months, YEAR) - 1
    found = []
    for policy in results.policies if policies is None else policies:
        p = results.policies.index(policy)
        for t, theory in enumerate(results.theories):
            kept, tip = sound[p, t], tips[p, t][sound[p, t]]
            count = int(kept.sum())
            errors = [
                float(share_error(np.where(kept, flags, np.nan), worlds))
                for flags in (tips[p, t] == NEVER, tips[p, t] == judged, tips[p, t] > judged, met[p, t])
            ]
            later = interval(np.where(tip > judged, tip, NEVER), int(months[0]))
            found.append(
                TippingPoint(
                    policy=policy,
                    theory=theory,
                    from_start=_share(tip == judged),
                    reached=_share(tip > judged),
                    never=_share(tip == NEVER),
                    never_error=errors[0],
                    dates=later,
                    met_at_end=_share(met[p, t][kept]),
                    worlds=count,
                    failed=len(kept) - count,
                    from_start_error=errors[1],
                    reached_error=errors[2],
                    met_at_end_error=errors[3],
                )
            )
    return found


def _share(flags: npt.NDArray[Any]) -> float:
    return float(flags.mean()) if len(flags) else float("nan")


def share_missing(results: Results, objective: Objective) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Share of worlds beyond an objective's threshold in each month, from stored quantiles, and the months.

    Read off the monthly quantiles of all worlds, so it needs no whole paths; a month's flow is compared with a twelfth
    of the threshold.  It says how many worlds miss in a month, not when each world tips.

    Returns
    -------
    array [policy, theory, month]
        Shares 0-1; NaN where no world is left.
    array [month]
        Months since January 2012.

    Raises
    ------
    InputError
        If the measure is not stored.
    """
    stored = results.quantiles(objective.measure)
    per_month = YEAR if is_flow(objective.measure) else 1
    bound = objective.at_most if objective.at_most is not None else objective.at_least
    assert bound is not None
    below = share_below(stored.values, bound / per_month, np.asarray(stored.levels))
    return (1.0 - below if objective.at_most is not None else below), stored.months


def share_below(values: Floats, bound: float, levels: Floats) -> Floats:
    """Share of a distribution that lies at or below a bound, from its quantiles [..., level].

    >>> share_below(np.array([0.0, 1.0, 2.0]), 0.5, np.array([0.0, 0.5, 1.0])).tolist()
    0.25
    """
    above = np.clip((values <= bound).sum(axis=-1), 1, values.shape[-1] - 1)[..., None]
    low, high = (np.take_along_axis(values, place, -1)[..., 0] for place in (above - 1, above))
    start, end = levels[above[..., 0] - 1], levels[above[..., 0]]
    part = np.where(high > low, (bound - low) / np.where(high > low, high - low, 1.0), bound >= low)
    found = start + np.clip(part, 0.0, 1.0) * (end - start)
    return np.where(np.isfinite(values).all(axis=-1), found, np.nan)
