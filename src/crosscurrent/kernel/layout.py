"""Where everything lies: the record of a block of worlds, with the rows derived from the schema and the wiring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..lanes.compiler import REAL
from ..lanes.records import LANES, block_dtype, record
from ..lanes.wiring import Loop, Step
from ..model.schema import CLOCK, DRIVERS, LEVERS, PARAMETERS, PULSES, REFERENCES, SETUP, STATES
from .week import GROUP_FIELDS, GROUP_LOOPS, ROUTE_FIELDS, ROUTE_LOOPS, WEEK

__all__ = ["GROUP", "MAX_GROUPS", "MAX_ROUTES", "MAX_RULES", "ROUTE", "row_names", "worlds_dtype"]

MAX_GROUPS = 256
"""Group slots of a world: base groups (a run-time count) and the reserve that splinters live in."""
MAX_ROUTES = 8
MAX_RULES = 8

ROUTE = record([(name, REAL, (LANES,)) for name in ROUTE_FIELDS])
GROUP = record(
    [(name, REAL, (LANES,)) for name in GROUP_FIELDS]
    + [("lineage", np.uint32, (LANES,)), ("family", np.int32, (LANES,))]
)


def row_names(extra: Sequence[Loop] = ()) -> tuple[str, ...]:
    """Names of all rows of lanes: the schema's, then what the loops compute on the way.

    Parameters
    ----------
    extra
        Loops of a user's own mechanisms.
    """
    names: dict[str, None] = dict.fromkeys(
        (
            *PARAMETERS,
            *STATES,
            *LEVERS,
            *(f"ordered_{lever}" for lever in LEVERS),
            *(f"usual_{lever}" for lever in LEVERS),
            *DRIVERS,
            *PULSES,
            *CLOCK,
            *REFERENCES,
            *(f"sum_{name}" for name in REFERENCES),
            *SETUP,
            "full",
            "failed_week",
            "failed_state",
            "splits",
            "top_struck",
        )
    )
    for loop in (*(entry for entry in WEEK if isinstance(entry, Loop)), *GROUP_LOOPS, *ROUTE_LOOPS, *extra):
        for entry in loop.steps:
            for name in (entry.into, *(entry.names.values() if isinstance(entry, Step) else ())):
                if not (name in loop.item or name in loop.scalars or name in loop.local):
                    names[name] = None
    return tuple(names)


def worlds_dtype(rows: Sequence[str], recorded: int) -> np.dtype[Any]:
    """Record of a block: rows, keys, rule timers, month and projection sums, groups, routes."""
    return block_dtype(
        rows,
        [
            ("key", np.uint64, (LANES,)),
            ("rule_weeks", REAL, (MAX_RULES, LANES)),
            ("rule_active", REAL, (MAX_RULES, LANES)),
            ("month_sum", REAL, (recorded, LANES)),
            ("total", np.float64, (recorded, LANES)),
            ("routes", ROUTE, (MAX_ROUTES,)),
            ("groups", GROUP, (MAX_GROUPS,)),
            ("used_splinters", np.int64, ()),
            ("has_kin", np.uint8, (MAX_GROUPS,)),
        ],
    )
