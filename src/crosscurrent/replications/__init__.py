"""Published models and results, reproduced beside the published numbers; one file a model.

``replications()`` gives all of them by their names on the command line, ``replication(name)`` one.  Nothing is computed
until ``rows()`` or ``charts()`` of one is called.
"""

from __future__ import annotations

import importlib

from ..errors import InputError, did_you_mean
from .target import Chart, Replication, Row

__all__ = ["MODULES", "Chart", "Replication", "Row", "replication", "replications"]

MODULES = {
    "prieto-curiel": "prieto_curiel",
    "conflict-shock": "conflict_shock",
    "two-organisations": "two_organisations",
    "source": "fda_source",
    "drug-market": "drug_market",
    "narcologic": "narcologic",
    "network-recovery": "network_recovery",
    "containment": "kress_szechtman",
    "fire-and-water": "fire_and_water",
    "support-and-casualties": "mueller",
    "cooperation-threshold": "cooperation_threshold",
    "leader-removal": "leader_removal",
    "strike-campaigns": "strike_campaigns",
}
"""File of each replication by its name on the command line, in the order of the report."""


def replication(name: str) -> Replication:
    """One replication.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if name not in MODULES:
        raise InputError("unknown replication", given=name, fix=did_you_mean(name, MODULES))
    found: Replication = importlib.import_module(f".{MODULES[name]}", __name__).REPLICATION
    return found


def replications() -> dict[str, Replication]:
    """All replications by name."""
    return {name: replication(name) for name in MODULES}
