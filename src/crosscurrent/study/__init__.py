"""Studies: what to run, running it, and the results on disk.

Names are looked up on first use, so that importing this package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .batch import QUANTILE_LEVELS, BatchResult, Simulator, StopRequested
    from .execution import Progress, SimulatorFactory, execute, extend, resume
    from .labels import Label
    from .merging import merge
    from .names import KnownNames
    from .results import FailedCount, PathSet, QuantilePaths, Results, Timings, open_results
    from .sampling import monte_carlo_error, scramble_of, world_points
    from .specification import STATUS_QUO, Study

__all__ = [
    "QUANTILE_LEVELS",
    "STATUS_QUO",
    "BatchResult",
    "FailedCount",
    "KnownNames",
    "Label",
    "PathSet",
    "Progress",
    "QuantilePaths",
    "Results",
    "Simulator",
    "SimulatorFactory",
    "StopRequested",
    "Study",
    "Timings",
    "execute",
    "extend",
    "merge",
    "monte_carlo_error",
    "open_results",
    "resume",
    "scramble_of",
    "world_points",
]

_HOMES = {
    "batch": ("QUANTILE_LEVELS", "BatchResult", "Simulator", "StopRequested"),
    "execution": ("Progress", "SimulatorFactory", "execute", "extend", "resume"),
    "labels": ("Label",),
    "merging": ("merge",),
    "names": ("KnownNames",),
    "results": ("FailedCount", "PathSet", "QuantilePaths", "Results", "Timings", "open_results"),
    "sampling": ("monte_carlo_error", "scramble_of", "world_points"),
    "specification": ("STATUS_QUO", "Study"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f".{home}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
