"""Groups: families, rivalry ties, splits, mergers.  What happens to many groups at once; the equations are in
the model.

Base groups lie in slots 0 to base_groups - 1, splinters in the reserve behind them.  Conflict costs O(ties): a
base group
carries the sum over its recorded rivals' families; splinters copy what their family faces.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..lanes.compiler import lane_loop, scalar_loop
from ..lanes.random_streams import lineage_of_child, normal, random_bits, uniform
from ..lanes.vector_math import exp, log
from ..model.organizations import SMALLEST_GROUP
from ..model.schema import STREAMS
from .layout import MAX_GROUPS

__all__ = ["face_what_the_family_faces", "merge_splinters", "remove_leaders", "sum_kin", "sum_rivals"]

WHICH, HEIR, SPLIT, PIECES, KEPT, EFFECT, MERGER = (
    np.uint64(STREAMS[name].number)
    for name in ("which_group", "heir", "split", "pieces", "kept", "removal_effect", "merger")
)
WEEKS_BETWEEN_MERGERS = 4
YEARS_PER_WEEK = 7.0 / 365.25
ANY_CLASS = -1
TINY = 1e-6


@scalar_loop
def sum_kin(worlds: Any, setting: Any, week: int, first: int, last: int) -> None:
    """Members of splinters, added to their family's base group (its own sums were cleared in the last week)."""
    base = setting.base_groups
    for slot in range(base):
        worlds.has_kin[slot] = 0
    for slot in range(base, base + worlds.used_splinters):
        group = worlds.groups[slot]
        for lane in range(first, last):
            members = group.members[lane]
            if members > 0.0:
                parent = worlds.groups[group.family[lane]]
                worlds.has_kin[group.family[lane]] = 1
                parent.kin_members[lane] += members
                parent.kin_estranged[lane] += group.distance[lane] * members


@lane_loop
def clear_row(row: Any, first: int, last: int) -> None:
    for lane in range(first, last):
        row[lane] = 0.0


@lane_loop
def add_rival(rivals: Any, rival: Any, weight: Any, first: int, last: int) -> None:
    for lane in range(first, last):
        rivals[lane] += weight * (rival.members[lane] + rival.kin_members[lane])


@scalar_loop
def sum_rivals(worlds: Any, setting: Any, week: int, first: int, last: int) -> None:
    """For each base group with recorded rivals: sum of weight times the rivals' families."""
    for k in range(len(setting.tied_groups)):
        group = setting.tied_groups[k]
        clear_row(worlds.groups[group].rival_members, first, last)
        for tie in range(setting.tie_start[k], setting.tie_start[k + 1]):
            add_rival(
                worlds.groups[group].rival_members, worlds.groups[setting.tie_rival[tie]], setting.tie_weight[tie],
                first, last,
            )  # fmt: skip


@scalar_loop
def face_what_the_family_faces(worlds: Any, slot: int, first: int, last: int) -> None:
    """Splinters meet the rivals of the family they split from."""
    group = worlds.groups[slot]
    for lane in range(first, last):
        if group.members[lane] > 0.0:
            parent = worlds.groups[group.family[lane]]
            group.family_members[lane] = parent.family_members[lane]
            group.estranged_members[lane] = parent.estranged_members[lane]
            group.rival_members[lane] = parent.rival_members[lane]


@scalar_loop
def event_item(lineage: Any, number: int) -> Any:
    """Item of the random streams for the number-th event of a week that befalls a group."""
    return (np.uint64(lineage) + np.uint64(number) * np.uint64(2654435769)) & np.uint64(0xFFFFFFFF)


@scalar_loop
def in_class(worlds: Any, setting: Any, slot: int, lane: int, rank_class: int) -> Any:
    """Whether a group, or the family it split from, belongs to a rank class."""
    if rank_class == ANY_CLASS:
        return True
    origin = slot if slot < setting.base_groups else worlds.groups[slot].family[lane]
    return setting.rank_class[origin] == rank_class


@scalar_loop
def choose_group(worlds: Any, setting: Any, lane: int, week: int, number: int, rank_class: int) -> Any:
    """Group whose leader is removed: an exponential race in which each group runs at its size, keyed by lineage.

    So removals fall on groups by size rank, and a policy that leaves a group as it was leaves its draw as it was.
    """
    chosen, best = -1, 1e30
    for slot in range(setting.base_groups + worlds.used_splinters):
        group = worlds.groups[slot]
        members = group.members[lane]
        if members > 4.0 * SMALLEST_GROUP and in_class(worlds, setting, slot, lane, rank_class):
            item = event_item(group.lineage[lane], number)
            time = -log(uniform(random_bits(worlds.key[lane], WHICH, week, item))) / members
            if time < best:
                best, chosen = time, slot
    return chosen


@scalar_loop
def free_slot(worlds: Any, setting: Any, lane: int, start: int) -> Any:
    for slot in range(start, MAX_GROUPS):
        if worlds.groups[slot].members[lane] == 0.0:
            return slot
    return MAX_GROUPS


@scalar_loop
def split_off(
    worlds: Any, setting: Any, lane: int, slot: int, child: int, members: Any, lineage: Any, family: Any,
) -> None:  # fmt: skip
    """Move members of a group to a new splinter (their sum is kept exactly)."""
    parent, new = worlds.groups[slot], worlds.groups[child]
    new.members[lane] = members
    new.vacancies[lane] = parent.vacancies[lane] * members / max(parent.members[lane], TINY)
    parent.vacancies[lane] -= new.vacancies[lane]
    parent.members[lane] -= members
    new.cohesion[lane] = worlds.cohesion_splinter[lane] * parent.cohesion[lane]
    new.distance[lane] = 0.0
    new.shield[lane] = parent.shield[lane]
    new.family[lane] = family
    new.lineage[lane] = lineage
    worlds.groups_alive[lane] += 1.0
    worlds.used_splinters = max(worlds.used_splinters, child + 1 - setting.base_groups)


@scalar_loop
def break_up(worlds: Any, setting: Any, lane: int, slot: int, week: int, key: Any, item: Any) -> Any:
    """A group breaks in two or three.  False if no slot is free."""
    first_free = free_slot(worlds, setting, lane, setting.base_groups)
    if first_free == MAX_GROUPS:
        return False
    group = worlds.groups[slot]
    family = slot if slot < setting.base_groups else group.family[lane]
    spread = 0.3 * (uniform(random_bits(key, KEPT, week, item)) - 0.5)
    kept = min(max(worlds.kept_share[lane] + spread, 0.3), 0.95)
    leaving = group.members[lane] * (1.0 - kept)
    if uniform(random_bits(key, PIECES, week, item)) < 0.3:
        second = free_slot(worlds, setting, lane, first_free + 1)
        if second < MAX_GROUPS:
            lineage = lineage_of_child(group.lineage[lane], week, 2)
            split_off(worlds, setting, lane, slot, second, 0.5 * leaving, lineage, family)
            leaving *= 0.5
    lineage = lineage_of_child(group.lineage[lane], week, 1)
    split_off(worlds, setting, lane, slot, first_free, leaving, lineage, family)
    worlds.splits[lane] += 1.0
    return True


@scalar_loop
def remove_leader(
    worlds: Any, setting: Any, lane: int, week: int, number: int, rank_class: int, killed: bool,
    must_split: bool,
) -> None:  # fmt: skip
    """One top leader is removed: cohesion falls, the group may break up, violence bursts, forces are attacked.

    With a clear heir nothing splits where the heir decides (heir_effect 1).
    """
    slot = choose_group(worlds, setting, lane, week, number, rank_class)
    if slot < 0:
        return
    group, key = worlds.groups[slot], worlds.key[lane]
    item = event_item(group.lineage[lane], number)
    share = group.members[lane] / max(worlds.total_members[lane], 1.0)
    clear = uniform(random_bits(key, HEIR, week, item)) < worlds.heir_clear_probability[lane]
    contested = 1.0 - worlds.heir_effect[lane] if clear else 1.0
    splits = must_split or uniform(random_bits(key, SPLIT, week, item)) < worlds.split_probability[lane] * contested
    group.cohesion[lane] *= 1.0 - worlds.cohesion_loss_top[lane] * (0.5 + 0.5 * contested)
    broken = splits and break_up(worlds, setting, lane, slot, week, key, item)
    effect = worlds.removal_violence[lane] * contested * (worlds.kill_factor[lane] if killed else 1.0)
    effect += worlds.removal_violence_spread[lane] * contested * normal(random_bits(key, EFFECT, week, item))
    if broken:
        effect += log(worlds.succession_war_ratio[lane]) * min(worlds.sibling_rivalry[lane], 1.0)
    local = min(worlds.removal_local_share[lane] * share, 0.5)
    worlds.burst_added[lane] += local * (exp(min(max(effect, -1.5), 2.5)) - 1.0)
    size = min(share * 10.0, 1.0)
    worlds.retaliation_force_deaths[lane] += worlds.retaliation_forces[lane] * size
    worlds.retaliation_deaths[lane] += worlds.retaliation_others[lane] * size


@scalar_loop
def remove_leaders(worlds: Any, setting: Any, week: int, first: int, last: int) -> None:
    """All removals of top leaders this week: dated events of the past first, then those drawn from arrests and
    strikes."""
    for event in range(setting.event_start[week], setting.event_start[week + 1]):
        for lane in range(first, last):
            split = setting.event_split[event] > 0
            remove_leader(worlds, setting, lane, week, 100 + event, setting.event_class[event], False, split)
            if not split:
                worlds.leaders_top[lane] = max(worlds.leaders_top[lane] - 1.0 / worlds.top_leader_count[lane], 0.0)
                worlds.removal_memory[lane] += 1.0
    for lane in range(first, last):
        struck = worlds.top_struck[lane]
        for number in range(int(worlds.top_removed[lane])):
            remove_leader(worlds, setting, lane, week, number, ANY_CLASS, number < struck, False)


@scalar_loop
def merge_splinters(worlds: Any, setting: Any, week: int, first: int, last: int) -> None:
    """Splinters that are too small dissolve into their family; others rejoin it at a slow rate.  Members are
    conserved."""
    if week % WEEKS_BETWEEN_MERGERS != 0:
        return
    base, used = setting.base_groups, 0
    for slot in range(base, base + worlds.used_splinters):
        group, alive = worlds.groups[slot], False
        for lane in range(first, last):
            members = group.members[lane]
            if members > 0.0:
                rate = worlds.merger_rate[lane] * YEARS_PER_WEEK * WEEKS_BETWEEN_MERGERS
                draw = uniform(random_bits(worlds.key[lane], MERGER, week, np.uint64(group.lineage[lane])))
                if members < SMALLEST_GROUP or draw < 1.0 - exp(-rate):
                    parent = worlds.groups[group.family[lane]]
                    parent.members[lane] += members
                    parent.vacancies[lane] += group.vacancies[lane]
                    group.members[lane] = 0.0
                    group.vacancies[lane] = 0.0
                    group.distance[lane] = 0.0
                    worlds.groups_alive[lane] -= 1.0
                else:
                    alive = True
        if alive:
            used = slot + 1 - base
    worlds.used_splinters = used
