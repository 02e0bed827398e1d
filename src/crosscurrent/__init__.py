"""Crosscurrent: an open policy laboratory for organised crime in Mexico under rival theories.

>>> import crosscurrent
>>> crosscurrent.Study(worlds=64).years
10

Names are looked up on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .analysis.claims import audit_claims
    from .analysis.discovery import discover
    from .analysis.drivers import drivers_of
    from .analysis.explaining import explain
    from .analysis.flips import find_flips
    from .analysis.historyfit import fit_history
    from .analysis.pathways import pathway_map
    from .analysis.preferences import read_preferences
    from .analysis.robustness import robustness
    from .analysis.sensitivity import sensitivities
    from .analysis.standing import matrix
    from .analysis.summary import comparison
    from .analysis.value_of_information import value_of_information
    from .case import check_case, load_case, new_case
    from .errors import (
        CaseError,
        ComputeError,
        CrosscurrentError,
        InputError,
        Interrupted,
        StoreError,
    )
    from .kernel.mechanism import Mechanism
    from .report import write_report
    from .study import Results, Study, merge, open_results
    from .study.history import simulate_history
    from .study.pathway_run import run_pathways
    from .study.running import extend_study, resume_study, run_study
    from .study.search_file import read_search
    from .study.search_run import run_search
    from .study.sobol_design import run_sobol

    __version__: str

__all__ = [
    "CaseError",
    "ComputeError",
    "CrosscurrentError",
    "InputError",
    "Interrupted",
    "Mechanism",
    "Results",
    "StoreError",
    "Study",
    "__version__",
    "audit_claims",
    "check_case",
    "comparison",
    "discover",
    "drivers_of",
    "explain",
    "extend_study",
    "find_flips",
    "fit_history",
    "load_case",
    "matrix",
    "merge",
    "new_case",
    "open_results",
    "pathway_map",
    "read_preferences",
    "read_search",
    "resume_study",
    "robustness",
    "run_pathways",
    "run_search",
    "run_sobol",
    "run_study",
    "sensitivities",
    "simulate_history",
    "value_of_information",
    "write_report",
]

_HOMES = {
    "analysis.claims": ("audit_claims",),
    "analysis.discovery": ("discover",),
    "analysis.drivers": ("drivers_of",),
    "analysis.explaining": ("explain",),
    "analysis.flips": ("find_flips",),
    "analysis.historyfit": ("fit_history",),
    "analysis.pathways": ("pathway_map",),
    "analysis.preferences": ("read_preferences",),
    "analysis.robustness": ("robustness",),
    "analysis.sensitivity": ("sensitivities",),
    "analysis.standing": ("matrix",),
    "analysis.summary": ("comparison",),
    "analysis.value_of_information": ("value_of_information",),
    "case": ("check_case", "load_case", "new_case"),
    "errors": ("CaseError", "ComputeError", "CrosscurrentError", "InputError", "Interrupted", "StoreError"),
    "kernel.mechanism": ("Mechanism",),
    "report": ("write_report",),
    "study": ("Results", "Study", "merge", "open_results"),
    "study.history": ("simulate_history",),
    "study.pathway_run": ("run_pathways",),
    "study.running": ("extend_study", "resume_study", "run_study"),
    "study.sobol_design": ("run_sobol",),
    "study.search_file": ("read_search",),
    "study.search_run": ("run_search",),
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib import metadata

        return metadata.version("crosscurrent")
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f".{home}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
