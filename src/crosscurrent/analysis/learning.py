"""What the public series have taught about a parameter or an axis, by the posterior that comes with a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..case.records import Case
from ..study.posterior import learned_names, posterior_path, read_posterior

__all__ = ["noticeably_moved", "posterior_words"]

_SHOWN_THEORY = "even"
_NOTICEABLE_SPREAD, _NOTICEABLE_SHIFT = 0.9, 0.3


def posterior_words(case: Case, name: str) -> tuple[str, ...]:
    """Sentences on what calibration made of a parameter or an axis; none for other names or cases without a posterior.

    Parameters
    ----------
    case : Case
    name : str
        A parameter or an axis; any other name gives nothing.
    """
    if name not in case.parameters and name not in case.axes:
        return ()
    path = posterior_path(str(case.folder), "posterior")
    axes, parameters = learned_names(case)
    if not path.is_file() or not (axes or parameters):
        return ()
    record = read_posterior(path).record["theories"].get(_SHOWN_THEORY)
    if record is None:
        return ()
    if name not in (*axes, *parameters):
        found = record["kept_wide"][name]
        return (
            "Calibration: not learned from public series, keeps its prior. The fit alone would have moved it by "
            f"{found['shift']:+.2f} ± {found['error']:.2f} prior standard deviations and left "
            f"{100 * found['spread']:.0f} % of its spread (under even); that is taken for confounding, not for "
            "knowledge.",
        )
    return (_shares(record["rivals"].get(name, {})) if name in axes else _moves(record["learned"][name]),)


def noticeably_moved(found: Mapping[str, Any]) -> bool:
    """Whether a tenth of the spread is gone, or the mean has shifted beyond 0.3 of it and three of its errors."""
    shifted = abs(found["shift"]) > max(_NOTICEABLE_SHIFT, 3.0 * found["error"])
    return bool(found["spread"] < _NOTICEABLE_SPREAD or shifted)


def _shares(shares: Mapping[str, list[float]]) -> str:
    words = ", ".join(f"{rival} {100 * share:.0f} ± {100 * error:.0f} %" for rival, (share, error) in shares.items())
    return f"Calibration: draws of the posterior under even: {words}."


def _moves(found: Mapping[str, Any]) -> str:
    verb = "moved by" if noticeably_moved(found) else "hardly moved by"
    return (
        f"Calibration: {verb} public series: {found['shift']:+.2f} ± {found['error']:.2f} prior standard "
        f"deviations, spread left {100 * found['spread']:.0f} % (under even)."
    )
