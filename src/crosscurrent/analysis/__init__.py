"""What results say: tables of differences, matrices, drivers, explanations, fit to history.

Everything here reads stored results and cases; nothing computes a world.  Names are looked up on first use,
so that importing this package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .claims import audit_claims
    from .claims_records import Audit
    from .consent import ConsentRow, given_consent
    from .discovery import Box, Discovery, discover
    from .drivers import Driver, Drivers, drivers_of
    from .explaining import Explanation, explain
    from .flips import find_flips, widest_pair
    from .flips_records import Flips
    from .historyfit import FitRow, HistoryFit, Target, fit_history, targets
    from .pathways import ObjectiveMap, pathway_map
    from .priors import PriorShare, dominated_by_prior
    from .sensitivity import FactorIndex, Sensitivity, sensitivities
    from .sobol_ranking import SobolRanking, sobol_ranking
    from .standing import Cell, matrices, matrix
    from .summary import MAIN_MEASURES, CostRow, Row, comparison, cost_effects, distinguishable
    from .tipping import TippingPoint, tipping_points
    from .wording import plain_words

__all__ = [
    "MAIN_MEASURES",
    "Audit",
    "Box",
    "Cell",
    "ConsentRow",
    "CostRow",
    "Discovery",
    "Driver",
    "Drivers",
    "Explanation",
    "FactorIndex",
    "FitRow",
    "Flips",
    "HistoryFit",
    "ObjectiveMap",
    "PriorShare",
    "Row",
    "Sensitivity",
    "SobolRanking",
    "Target",
    "TippingPoint",
    "audit_claims",
    "comparison",
    "cost_effects",
    "discover",
    "distinguishable",
    "dominated_by_prior",
    "drivers_of",
    "explain",
    "find_flips",
    "fit_history",
    "given_consent",
    "matrices",
    "matrix",
    "pathway_map",
    "plain_words",
    "sensitivities",
    "sobol_ranking",
    "targets",
    "tipping_points",
    "widest_pair",
]

_HOMES = {
    "claims": ("audit_claims",),
    "claims_records": ("Audit",),
    "flips": ("find_flips", "widest_pair"),
    "flips_records": ("Flips",),
    "consent": ("ConsentRow", "given_consent"),
    "discovery": ("Box", "Discovery", "discover"),
    "drivers": ("Driver", "Drivers", "drivers_of"),
    "explaining": ("Explanation", "explain"),
    "historyfit": ("FitRow", "HistoryFit", "Target", "fit_history", "targets"),
    "sensitivity": ("FactorIndex", "Sensitivity", "sensitivities"),
    "sobol_ranking": ("SobolRanking", "sobol_ranking"),
    "standing": ("Cell", "matrices", "matrix"),
    "pathways": ("ObjectiveMap", "pathway_map"),
    "tipping": ("TippingPoint", "tipping_points"),
    "wording": ("plain_words",),
    "priors": ("PriorShare", "dominated_by_prior"),
    "summary": ("MAIN_MEASURES", "CostRow", "Row", "comparison", "cost_effects", "distinguishable"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f".{home}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
