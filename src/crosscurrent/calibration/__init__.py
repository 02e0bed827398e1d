"""The model held against data: what it is fitted to, how well it forecasts, and new observations.

Names are looked up on first use, so that importing this package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .adding import Addition, plan_addition, write_addition
    from .baselines import BASELINES, baseline_forecast
    from .frozen import FrozenScore, rescore_frozen
    from .loss_comparison import LossComparison, compare_losses
    from .scores import (
        Coverage,
        crps_from_quantiles,
        crps_from_samples,
        interval_coverage,
        interval_score,
        log_scale,
        pinball_loss,
        pit_from_quantiles,
        pit_from_samples,
        skill_score,
    )
    from .vintages import series_reader, series_values

__all__ = [
    "BASELINES",
    "Addition",
    "Coverage",
    "FrozenScore",
    "LossComparison",
    "baseline_forecast",
    "compare_losses",
    "crps_from_quantiles",
    "crps_from_samples",
    "interval_coverage",
    "interval_score",
    "log_scale",
    "pinball_loss",
    "pit_from_quantiles",
    "pit_from_samples",
    "plan_addition",
    "rescore_frozen",
    "series_reader",
    "series_values",
    "skill_score",
    "write_addition",
]

_HOMES = {
    "adding": ("Addition", "plan_addition", "write_addition"),
    "baselines": ("BASELINES", "baseline_forecast"),
    "frozen": ("FrozenScore", "rescore_frozen"),
    "loss_comparison": ("LossComparison", "compare_losses"),
    "scores": (
        "Coverage",
        "crps_from_quantiles",
        "crps_from_samples",
        "interval_coverage",
        "interval_score",
        "log_scale",
        "pinball_loss",
        "pit_from_quantiles",
        "pit_from_samples",
        "skill_score",
    ),
    "vintages": ("series_reader", "series_values"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f".{home}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
