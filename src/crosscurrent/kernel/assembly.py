"""From the wiring of a week to a compiled kernel: writes the lane loops, compiles them once, keeps them on disk.

The written module (``week.py`` in the cache folder) can be read; it is named by a fingerprint of every source
it rests on, so an
edit to any equation, table or mechanism compiles anew and nothing else does.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import pathlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np

from ..errors import InputError, did_you_mean
from ..lanes import compiler, random_streams
from ..lanes.wiring import Loop, draw_calls, loop_source
from . import group_loops, operations_draws, recording
from .layout import row_names, worlds_dtype
from .mechanism import Mechanism
from .setting import RECORDED
from .week import GROUP_LOOPS, ROUTE_LOOPS, WEEK

__all__ = ["Kernel", "build_kernel", "sources"]

PACKAGE = pathlib.Path(__file__).resolve().parent.parent

_FIXED = """
@scalar_loop
def update_groups(worlds, setting, week, first, last):
    for slot in range(setting.base_groups):
        if worlds.has_kin[slot]:
            update_parent_group(worlds, worlds.groups[slot], week, first, last)
        else:
            update_lone_group(worlds, worlds.groups[slot], week, first, last)
    for slot in range(setting.base_groups, setting.base_groups + worlds.used_splinters):
        face_what_the_family_faces(worlds, slot, first, last)
        update_splinter(worlds, worlds.groups[slot], week, first, last)


@scalar_loop
def update_routes(worlds, setting, week, first, last):
    shares, efforts = setting.corridor_share, setting.corridor_effort
    for r in range(setting.routes):
        weigh_route(worlds, worlds.routes[r], efforts[r], shares[r, 0], shares[r, 1], shares[r, 2], shares[r, 3],
                    week, first, last)
    for r in range(setting.routes):
        use_route(worlds, worlds.routes[r], shares[r, 0], week, first, last)
"""

_ADVANCE = '''
@entry
def advance(blocks, first_block, last_block, setting, first_week, last_week, paths, column):
    """Advance blocks of worlds in place from first_week to last_week and write their months."""
    first, last = np.uint64(0), np.uint64(LANES)
    for number in range(first_block, last_block):
        worlds = blocks[number]
        for week in range(first_week, last_week):
            fill_inputs(worlds, setting, week, first, last)
            one_week(worlds, setting, week, first, last)
            check_worlds(worlds, setting, week, first, last)
            record_week(worlds, setting, week, paths, column + (number - first_block) * LANES, first, last)
            apply_rules(worlds, setting, week, first, last)
            if week >= setting.reference_first and week < setting.reference_last:
                measure_references(worlds, setting, week, first, last)
'''


@dataclass(frozen=True)
class Kernel:
    """A compiled model."""

    advance: Any
    one_week: Any
    dtype: np.dtype[Any]
    rows: dict[str, int]
    fingerprint: str
    folder: pathlib.Path
    module: Any
    mechanisms: tuple[Mechanism, ...]


def sources() -> list[pathlib.Path]:
    """Every file of the package that can change the compiled code: lanes, model, kernel."""
    return sorted(path for part in ("lanes", "model", "kernel") for path in (PACKAGE / part).glob("*.py"))


def _order(mechanisms: Sequence[Mechanism]) -> list[Any]:
    """The week with users' loops put in after the loops they name."""
    order: list[Any] = list(WEEK)
    for mechanism in mechanisms:
        names = [getattr(entry, "name", getattr(entry, "function", "")) for entry in order]
        if mechanism.after not in names:
            raise InputError(
                f"the mechanism {mechanism.name!r} is to follow a part of the week that does not exist",
                given=mechanism.after,
                fix=did_you_mean(mechanism.after, names),
            )
        order.insert(names.index(mechanism.after) + 1, mechanism.loop)
    return order


def _text(order: Sequence[Any], rows: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Python text of the kernel's module, and the functions it calls."""
    names: dict[str, Any] = {}
    parts: list[str] = []
    loops = [*GROUP_LOOPS, *ROUTE_LOOPS, *(entry for entry in order if isinstance(entry, Loop))]
    for loop in loops:
        source, calls = loop_source(loop, rows)
        parts.append("@lane_loop\n" + source)
        names.update(calls)
    week = ["@scalar_loop", "def one_week(worlds, setting, week, first, last):"]
    for entry in order:
        if isinstance(entry, Loop):
            week += [f"    {line}" for line in draw_calls(entry)]
            week.append(f"    {entry.name}(worlds, week, first, last)")
        else:
            week.append(f"    {entry.function}(worlds, {entry.arguments})")
    return "\n\n".join([*parts, _FIXED, "\n".join(week) + "\n", _ADVANCE]), names


def _namespace(names: dict[str, Any]) -> dict[str, Any]:
    from ..lanes.records import LANES

    by_hand = {
        name: getattr(module, name) for module in (group_loops, operations_draws, recording) for name in module.__all__
    }
    draws = {name: getattr(random_streams, name) for name in ("draw_normal_row", "draw_uniform_row")}
    decorators = {"lane_loop": compiler.lane_loop, "scalar_loop": compiler.scalar_loop}
    entry = numba.njit(**compiler.compile_options, nogil=True, cache=True)
    return {**names, **by_hand, **draws, **decorators, "entry": entry, "np": np, "LANES": LANES}


@functools.lru_cache(maxsize=4)
def build_kernel(mechanisms: tuple[Mechanism, ...] = ()) -> Kernel:
    """Write, load and (on its first call) compile the kernel.

    Parameters
    ----------
    mechanisms
        A user's own parts of the week.

    Raises
    ------
    InputError
        If a mechanism names a quantity or a part of the week that does not exist.
    """
    order = _order(mechanisms)
    rows = row_names([mechanism.loop for mechanism in mechanisms])
    text, names = _text(order, rows)
    mark = compiler.fingerprint(sources(), [text, *(mechanism.source for mechanism in mechanisms)])
    folder = compiler.cache_folder(mark)
    path = folder / "week.py"
    if not path.exists():
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    spec = importlib.util.spec_from_file_location(f"crosscurrent_week_{mark}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    module.__dict__.update(_namespace(names))
    sys.modules[spec.name] = module  # Numba finds the environment of cached code by the name of its module
    with compiler.numba_cache(folder):
        spec.loader.exec_module(module)
    return Kernel(
        advance=module.advance,
        one_week=module.one_week,
        dtype=worlds_dtype(rows, len(RECORDED)),
        rows={name: number for number, name in enumerate(rows)},
        fingerprint=mark,
        folder=folder,
        module=module,
        mechanisms=mechanisms,
    )
