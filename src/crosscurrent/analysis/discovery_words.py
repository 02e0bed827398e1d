"""Boxes in words: what a restriction lets in, and how a box holds up."""

from __future__ import annotations

from .discovery import Box, Discovery, Restriction
from .numbers import shown

__all__ = ["box_words", "limit_words", "loading_words", "quantile_words"]

_LOADINGS = 4
_SMALL_LOADING = 0.1


def box_words(found: Discovery, box: Box) -> str:
    """What a box holds, in one sentence with its errors."""
    return (
        f"{100 * box.coverage:.0f} ± {100 * box.coverage_error:.0f} of 100 interesting worlds lie in it (coverage); "
        f"{100 * box.density:.0f} ± {100 * box.density_error:.0f} of 100 worlds in it are interesting (density; "
        f"{100 * found.base:.0f} of all worlds); it holds {100 * box.mass:.0f} of 100 worlds. On worlds held out: "
        f"density {100 * box.held_out_density:.0f}, coverage {100 * box.held_out_coverage:.0f} of 100."
    )


def limit_words(entry: Restriction) -> str:
    """What a restriction lets in.

    >>> from crosscurrent.analysis.discovery import Restriction
    >>> limit_words(Restriction("x", "parameter", "1", "weak", 0.25, None, 0.5, None, (), (), None, None, None))
    'above 0.250'
    """
    unit = f" {entry.unit}" if entry.unit not in ("", "1") else ""
    if entry.categories:
        return ", ".join(entry.categories)
    if entry.low is not None and entry.high is not None:
        return f"{shown(entry.low)} to {shown(entry.high)}{unit}"
    if entry.low is not None:
        return f"above {shown(entry.low)}{unit}"
    return f"below {shown(entry.high if entry.high is not None else float('nan'))}{unit}"


def quantile_words(entry: Restriction) -> str:
    """Limits as quantiles of what was believed beforehand; empty for categories."""
    if entry.low_quantile is None and entry.high_quantile is None:
        return ""
    low = 0.0 if entry.low_quantile is None else entry.low_quantile
    high = 1.0 if entry.high_quantile is None else entry.high_quantile
    return f"{low:.2f}-{high:.2f}"


def loading_words(entry: Restriction) -> str:
    """The largest weights of a combination."""
    large = [pair for pair in entry.loadings if abs(pair[1]) >= _SMALL_LOADING][:_LOADINGS]
    return " ".join(f"{weight:+.2f} {name}" for name, weight in large) + " (in standard deviations)"
