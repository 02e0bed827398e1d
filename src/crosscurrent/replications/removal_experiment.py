"""The laboratory as a natural experiment: the same worlds with and without the removal of one leader.

Both arms have the same past, parameters and random draws; one of them has one dated event more.  The difference is the
effect of the removal in that world.  Findings of studies are local, the model is national: so the change in the
country's organised-crime homicides is divided by the share of them that the struck group's territory holds
(``removal_local_share`` times the group's share of members, at most a half).  What is compared is the joint
effect of burst, sibling rivalry, group count and retaliation.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError, did_you_mean

if TYPE_CHECKING:
    from ..case.records import Case
    from ..kernel.setting import Setting
    from ..study.simulation import CaseSimulator

__all__ = [
    "CHANNELS",
    "CLASSES",
    "HEIR",
    "MOST_AFFECTED",
    "Arms",
    "affected_share",
    "local_change",
    "removal_arms",
    "split_arms",
    "theory_names",
]

Floats = npt.NDArray[np.float64]
CLASSES = ("top", "large", "middle", "small")
EXPERIMENT = date(2017, 1, 2)
"""Day of the removal: mid-way through the reference period, on the first day of a week and of a month's first week."""
EXPERIMENT_MONTHS = 24
HEIR = "heir-decides"
"""A rival of the removal axis that no preset fixes; here a theory of its own."""
MOST_AFFECTED = 0.5
"""Largest share of national violence that one group's territory can hold, as in the kernel."""
CHANNELS: dict[str, dict[str, float]] = {
    "burst": {"removal_violence": 0.0, "removal_violence_spread": 0.0, "succession_war_ratio": 1.0},
    "sibling rivalry": {"sibling_rivalry": 0.0},
    "group count": {"groups_weight": 0.0},
    "retaliation": {"retaliation_others": 0.0},
}
"""What switches each path from a removal to violence off, in both arms.

Without sibling rivalry splinters neither fight nor count apart, and a split adds no succession war.
"""


@dataclass(frozen=True)
class Arms:
    """Organised-crime homicides by month with and without the event [month, world]; share affected [world]."""

    without: Floats
    with_event: Floats
    affected: Floats

    def extra(self, first: int, last: int) -> Floats:
        """Deaths more than without the event in months ``first <= month < last`` after it [world]."""
        return np.asarray((self.with_event - self.without)[first:last].sum(axis=0), dtype=np.float64)


def affected_share(group_share: Floats, local_share: Floats) -> Floats:
    """Share of national organised-crime homicides in the territory of the struck group, 0 to 0.5.

    >>> affected_share(np.array([0.04, 0.9]), np.array([0.5, 1.0]))
    array([0.02, 0.5 ])
    """
    return np.minimum(np.asarray(group_share, dtype=np.float64) * local_share, MOST_AFFECTED)


def local_change(arms: Arms, first: int, last: int) -> float:
    """Relative change of organised-crime homicides where the group operates, months ``first <= month < last``.

    Extra deaths over all worlds, over the deaths that the affected territories would have had without the event.

    >>> arms = Arms(np.full((2, 1), 1000.0), np.full((2, 1), 1010.0), np.array([0.02]))
    >>> round(local_change(arms, 0, 2), 6)
    0.5

    Raises
    ------
    InputError
        If the months are not within the experiment.
    """
    if not 0 <= first < last <= len(arms.without):
        raise InputError(
            "the months are not within the experiment",
            given=(first, last),
            expected=f"within 0 and {len(arms.without)}",
        )
    base = (arms.without[first:last] * arms.affected).sum()
    return float(arms.extra(first, last).sum() / base)


@functools.cache
def _simulator(shocks: bool) -> CaseSimulator:
    """The shipped case; with shocks its dated events happen, without them the past is smooth."""
    from ..case import load_case
    from ..study.simulation import CaseSimulator
    from ..study.specification import Study

    return CaseSimulator(Study(worlds=1, years=1), load_case("us_mexico"), shocks=shocks)


def theory_names(case: Case | None = None) -> tuple[str, ...]:
    """Theories of the case and the one in which the heir decides."""
    return (*(case or _simulator(False).case).theories, HEIR)


def _draws(sim: CaseSimulator, theory: str, count: int) -> Any:
    from ..study.draws import dimensions, draw_worlds
    from ..study.sampling import world_points

    case = sim.case
    if theory not in theory_names(case):
        raise InputError("unknown theory", given=theory, fix=did_you_mean(theory, theory_names(case)))
    chosen = (
        replace(case.theories["even"], id=HEIR, fixes={"removal": HEIR}) if theory == HEIR else case.theories[theory]
    )
    return draw_worlds(case, chosen, world_points(sim.study.seed, np.arange(count), dimensions(case)))


def _quiet(sim: CaseSimulator, months: tuple[int, int]) -> Setting:
    """Tables of the history, nothing measured for reference."""
    return sim.setting(None, months)._replace(reference_first=0, reference_last=0)


def _one_event(setting: Setting, week: int, rank_class: int) -> Setting:
    """The setting with one removal and no other event."""
    start = (np.arange(len(setting.event_start)) > week).astype(np.int64)
    return setting._replace(
        event_start=start,
        event_class=np.array([rank_class], dtype=np.int64),
        event_split=np.zeros(1, dtype=np.int64),
    )


def _without_last_event(setting: Setting) -> Setting:
    """The setting without its last event; the others keep their numbers and so their draws."""
    return setting._replace(event_start=np.minimum(setting.event_start, len(setting.event_class) - 1))


@functools.lru_cache(maxsize=4)
def _past(shocks: bool, theory: str, count: int, week: int) -> Any:
    """Worlds at the start of a week: a pass that measures the reference period, then the history itself."""
    from ..kernel import run

    sim = _simulator(shocks)
    parameters, worlds = _draws(sim, theory, count).parameters, np.arange(count)
    first, last = sim.reference_weeks
    measured = run.start(sim.kernel, sim.network, parameters, worlds, sim.study.seed)
    run.advance(sim.kernel, measured, sim.setting(None, (0, 0)), 0, last, 0)
    blocks = run.start(sim.kernel, sim.network, parameters, worlds, sim.study.seed)
    run.set_references(blocks, measured, last - first)
    run.advance(sim.kernel, blocks, _quiet(sim, (0, 0)), 0, week, 0)
    return blocks


def _struck_share(sim: CaseSimulator, blocks: Any, setting: Setting, week: int, count: int) -> Floats:
    """Share of members of the group that the event of a week strikes [world].

    Found by running that week with and without it, at a loss of cohesion that shows: which group is struck depends
    on neither.
    """
    from ..kernel import run

    struck, spared = run.fork(blocks), run.fork(blocks)
    for arm in (struck, spared):
        arm["cohesion_loss_top"] = 0.5
    run.advance(sim.kernel, struck, setting, week, week + 1, 0)
    run.advance(sim.kernel, spared, _without_last_event(setting), week, week + 1, 0)
    members = blocks["groups"]["members"]
    apart = np.abs(struck["groups"]["cohesion"] - spared["groups"]["cohesion"]) > 1e-3
    both = (struck["groups"]["members"] > 0.0) & (spared["groups"]["members"] > 0.0)
    share = np.where(apart & both, members, 0.0).sum(axis=1) / members.sum(axis=1)
    return np.asarray(share.reshape(-1)[:count], dtype=np.float64)


def _run_arms(
    sim: CaseSimulator, blocks: Any, setting: Setting, weeks: tuple[int, int], months: int, count: int
) -> Arms:
    """Both arms from the same worlds; the last event of the setting is what they differ in."""
    from ..kernel import run
    from ..kernel.setting import RECORDED

    row = list(RECORDED).index("organised_crime_homicides")
    share = _struck_share(sim, blocks, setting, weeks[0], count)
    local = run.values(blocks, "removal_local_share", count).astype(np.float64)
    paths = []
    for arm in (_without_last_event(setting), setting):
        forked = run.fork(blocks)
        found = run.advance(sim.kernel, forked, arm, *weeks, months)[row][:, :count]
        sound = run.failures(forked, count).week < 0
        paths.append(np.where(sound, found, np.nan).astype(np.float64))
    kept = np.isfinite(paths[0]).all(axis=0) & np.isfinite(paths[1]).all(axis=0)
    return Arms(paths[0][:, kept], paths[1][:, kept], affected_share(share, local)[kept])


def removal_arms(
    theory: str = "even",
    rank_class: str = "large",
    *,
    worlds: int = 512,
    changes: Mapping[str, float] | None = None,
    killed: bool = False,
) -> Arms:
    """Worlds with and without the removal of one top leader in January 2017, for 24 months.

    No other dated event happens, so that nothing else differs or interacts.

    Parameters
    ----------
    theory : str
        A theory of the case, or ``heir-decides``.
    rank_class : str
        Class of the group whose leader is removed: top, large, middle or small; within it groups by size.
    worlds : int
        Number of worlds.
    changes : mapping of str to float, optional
        Parameters set to one value in both arms from the removal on.
    killed : bool
        Whether the leader is killed and not captured: the effect on violence is multiplied by ``kill_factor``, as the
        kernel does for leaders struck.

    Raises
    ------
    InputError
        If a theory, class or parameter is unknown.
    """
    from .. import calendar
    from ..kernel import run
    from ..model.schema import PARAMETERS

    if rank_class not in CLASSES:
        raise InputError("unknown class of groups", given=rank_class, fix=did_you_mean(rank_class, CLASSES))
    sim, week = _simulator(False), calendar.week_of_date(EXPERIMENT)
    first = calendar.month_of_date(EXPERIMENT)
    blocks = run.fork(_past(False, theory, worlds, week))
    for name, value in (changes or {}).items():
        if name not in PARAMETERS:
            raise InputError("unknown parameter", given=name, fix=did_you_mean(name, PARAMETERS))
        blocks[name] = value
    if killed:
        blocks["removal_violence"] *= blocks["kill_factor"]
    months = first, first + EXPERIMENT_MONTHS
    setting = _one_event(_quiet(sim, months), week, CLASSES.index(rank_class))
    last = calendar.week_of_date(date(EXPERIMENT.year + 2, 1, 1)) + 1
    return _run_arms(sim, blocks, setting, (week, last), EXPERIMENT_MONTHS, worlds)


def split_arms(theory: str = "even", *, worlds: int = 512) -> Arms:
    """Worlds of the recorded past with and without the split of a top-ranked group in September 2024, to December.

    All earlier events happen in both arms, the removal of July 2024 included.

    Raises
    ------
    InputError
        If the theory is unknown, or the last dated event of the case is not a split.
    """
    from .. import calendar

    sim = _simulator(True)
    if not sim.tables.events or not sim.tables.events[-1][2]:
        raise InputError(
            "the last dated removal or split of the case is not a split",
            given=sim.tables.events[-1:],
            expected="the split of 2024 as the last such row",
            file=sim.case.folder / "events.csv",
        )
    week = sim.tables.events[-1][0]
    first = calendar.month_of_date(date(2024, 9, 1))
    last = calendar.week_of_date(date(2025, 1, 1)) + 1
    setting = _quiet(sim, (first, first + 4))
    blocks = _past(True, theory, worlds, week)
    return _run_arms(sim, blocks, setting, (week, last), 4, worlds)
