"""Start, advance and fork worlds.

worlds = start(kernel, network, parameters, world_numbers, seed)
past = advance(kernel, worlds, history, 0, decision_week, months)
futures = [advance(kernel, fork(worlds), policy, decision_week, end, months) for policy in policies]
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..lanes.compiler import REAL
from ..lanes.random_streams import world_keys
from ..lanes.records import LANES, aligned, copy_blocks
from ..model.schema import LEVERS, PARAMETERS, REFERENCES, STATES
from .assembly import Kernel
from .setting import RECORDED, Network, Setting
from .week import PRODUCTS

__all__ = ["Failures", "advance", "begin_projection", "failures", "fork", "start", "totals", "values"]

Blocks = np.ndarray[Any, np.dtype[Any]]
YEARS_PER_WEEK = 7.0 / 365.25


class Failures(NamedTuple):
    """Worlds that left their bounds or were not finite; arrays over worlds."""

    week: npt.NDArray[np.int32]
    """Week in which the world failed, -1 if it did not."""
    state: npt.NDArray[np.object_]
    """State that failed first, empty if none."""
    subsystem: npt.NDArray[np.object_]


def _validated(parameters: dict[str, npt.NDArray[np.float64]], count: int) -> dict[str, npt.NDArray[np.float64]]:
    """Fast-math code must never meet a value that is not finite or out of range."""
    for name, parameter in PARAMETERS.items():
        if name not in parameters:
            raise InputError("a parameter has no values", given=name, expected="a value for every world")
        drawn = np.asarray(parameters[name], dtype=np.float64)
        if drawn.shape != (count,):
            raise InputError(
                f"parameter {name!r} has the wrong number of values", given=drawn.shape, expected=f"({count},)"
            )
        wrong = ~((drawn >= parameter.low) & (drawn <= parameter.high))
        if wrong.any():
            raise InputError(
                f"parameter {name!r} is out of its range in {int(wrong.sum())} worlds",
                given=float(drawn[wrong][0]),
                expected=f"a finite number from {parameter.low:g} to {parameter.high:g} {parameter.unit}",
            )
    return parameters


def start(
    kernel: Kernel,
    network: Network,
    parameters: dict[str, npt.NDArray[np.float64]],
    worlds: npt.NDArray[np.int64],
    seed: int,
) -> Blocks:
    """Blocks of worlds in week 0.  The last block is filled up with copies of the last world.

    Parameters
    ----------
    kernel
        Compiled model.
    network
        Groups, ties and corridors.
    parameters
        Values of every parameter of the schema [world].
    worlds
        World numbers, which with the seed key the random draws [world].
    seed
        Seed of the study; 0 is a seed like any other.

    Raises
    ------
    InputError
        If a parameter is missing, has a wrong length, or holds a value that is not finite or out of range.
    """
    count = -(-len(worlds) // LANES)
    pick = np.minimum(np.arange(count * LANES), len(worlds) - 1)
    drawn = {name: values[pick].reshape(count, LANES) for name, values in _validated(parameters, len(worlds)).items()}
    blocks = aligned(count, kernel.dtype)
    for name in PARAMETERS:
        blocks[name] = drawn[name]
    for state in STATES.values():
        blocks[state.name] = drawn[state.initial] if isinstance(state.initial, str) else state.initial
    for mechanism in kernel.mechanisms:
        for name, value in {**mechanism.constants, **mechanism.initial}.items():
            blocks[name] = value
    blocks["full"], blocks["failed_week"], blocks["failed_state"] = 1.0, -1.0, -1.0
    for lever in LEVERS.values():
        blocks[lever.name] = lever.usual
    blocks["key"] = world_keys(seed, worlds[pick]).reshape(count, LANES)
    _set_up_revenue(blocks)
    _set_up_losses(blocks, network)
    _set_up_groups(blocks, network)
    return blocks


def _set_up_revenue(blocks: Blocks) -> None:
    """Shares of products in export revenue are drawn one by one and made to sum to 1."""
    names = [f"export_share_{product}" for product in PRODUCTS]
    whole = sum(blocks[name] for name in names)
    for name in names:
        blocks[name] /= np.maximum(whole, 1e-6)
    homicides = blocks["organised_crime_homicides_year"] + blocks["other_homicides_year"]
    blocks["homicides_usual_week"] = homicides * YEARS_PER_WEEK


def _set_up_losses(blocks: Blocks, network: Network) -> None:
    """Share of each product's flow that is seized at usual effort, over the corridors in their reference shares."""
    for number, product in enumerate(PRODUCTS):
        reach = float((network.corridor_share[:, number] * network.corridor_effort).sum())
        blocks[f"usual_loss_{product}"] = np.minimum(blocks[f"seizure_share_{product}"] * reach, 0.6)


def _set_up_groups(blocks: Blocks, network: Network) -> None:
    base = len(network.size_share)
    groups = blocks["groups"]
    if base > groups.shape[1] // 2 + groups.shape[1] // 4:
        raise InputError("too many groups", given=base, expected=f"at most {groups.shape[1] * 3 // 4}")
    shares = np.asarray(network.size_share, dtype=np.float64)
    groups["members"][:, :base] = (
        shares[None, :, None] * blocks["initial_members"][:, None].astype(np.float64)
    ).astype(REAL)
    groups["cohesion"] = 1.0
    groups["distance"][:, :base] = 1.0
    groups["shield"][:, :base] = (1.0 / (np.asarray(network.alliance, dtype=np.float64) + 1.0))[:, None]
    groups["lineage"][:, :base] = np.arange(base, dtype=np.uint32)[:, None]
    groups["family"][:, :base] = np.arange(base, dtype=np.int32)[:, None]
    blocks["groups_alive"] = base
    blocks["total_members"] = groups["members"].sum(1, dtype=REAL)


def set_references(blocks: Blocks, measured: Blocks, weeks: int) -> None:
    """Give worlds the reference means that a first pass has measured."""
    for name in REFERENCES:
        blocks[name] = measured[f"sum_{name}"] / REAL(weeks)


def advance(
    kernel: Kernel,
    blocks: Blocks,
    setting: Setting,
    first_week: int,
    last_week: int,
    months: int,
    *,
    block_range: tuple[int, int] | None = None,
    out: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]:
    """Advance worlds in place; releases the interpreter lock.

    Returns
    -------
    array [quantity of RECORDED, month, lane]
        Monthly sums of flows and means of stocks; months outside the run stay 0.
    """
    if not 0 <= first_week <= last_week <= len(setting.inputs):
        raise InputError(
            "weeks outside the tables", given=(first_week, last_week), expected=f"0 to {len(setting.inputs)}, in order"
        )
    first, last = block_range or (0, len(blocks))
    width = (last - first) * LANES
    paths = np.zeros((len(RECORDED), months, width), REAL) if out is None else out
    kernel.advance(blocks, first, last, setting, first_week, last_week, paths, 0)
    return paths


def fork(blocks: Blocks) -> Blocks:
    """The same worlds, to be continued under another policy."""
    return copy_blocks(blocks)


def begin_projection(blocks: Blocks) -> None:
    """Set the projection's totals to zero at the decision date."""
    blocks["total"] = 0.0
    for name in ("scarcity_spell", "longest_spell"):
        blocks[name] = 0.0
    blocks["supply_at_decision"] = blocks["supply_index"]


def values(blocks: Blocks, name: str, count: int) -> npt.NDArray[Any]:
    """A row as an array [world]."""
    return np.asarray(blocks[name]).reshape(-1)[:count].copy()


def totals(blocks: Blocks, count: int) -> dict[str, npt.NDArray[np.float64]]:
    """Measures at the end of a projection: flows summed, stocks as they stand [world]."""
    return {
        measure.name: (
            blocks["total"][:, number].reshape(-1)[:count].copy()
            if measure.kind == "flow"
            else values(blocks, measure.source, count).astype(np.float64)
        )
        for number, measure in enumerate(RECORDED.values())
    }


def failures(blocks: Blocks, count: int) -> Failures:
    """Which worlds have failed, when, and in which state."""
    names = np.array(list(STATES), dtype=object)
    subsystems = np.array([state.subsystem for state in STATES.values()], dtype=object)
    week = values(blocks, "failed_week", count).astype(np.int32)
    state = values(blocks, "failed_state", count).astype(np.int64)
    ok = week < 0
    return Failures(week, np.where(ok, "", names[state]), np.where(ok, "", subsystems[state]))
