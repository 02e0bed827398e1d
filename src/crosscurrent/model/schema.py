"""The one list of names: every parameter, state, lever, driver, measure and random stream of the model.

Kernel code, cases, policies and reports refer to quantities by these names only.  Adding a variable is adding a
line to one of
the tables (``parameters.py``, ``states.py``, ``levers.py``, ``measures.py``); nobody writes an offset.

>>> PARAMETERS["split_probability"].subsystem
'organizations'
>>> MEASURES["homicides"].source
'homicides_week'
"""

from __future__ import annotations

from .levers import CLOCK, DRIVERS, LEVERS, PULSES
from .measures import MEASURES, OBSERVABLES
from .parameters import PARAMETERS
from .schema_types import Driver, Lever, Measure, Parameter, State, Stream
from .states import STATES

__all__ = [
    "CLOCK",
    "DRIVERS",
    "LEVERS",
    "MEASURES",
    "OBSERVABLES",
    "PARAMETERS",
    "PULSES",
    "REFERENCES",
    "SETUP",
    "STATES",
    "STREAMS",
    "SUBSYSTEMS",
    "Driver",
    "Lever",
    "Measure",
    "Parameter",
    "State",
    "Stream",
]

SUBSYSTEMS = (
    "intelligence", "operations", "organizations", "violence", "trafficking", "market", "finance", "opinion",
    "diplomacy",
    "migration", "law", "ledger",
)  # fmt: skip
"""In the order in which a week is computed."""

REFERENCES = {
    "reference_total_members": "total_members",
    "reference_conflict_deaths": "conflict_deaths",
    "reference_effective_groups": "effective_groups",
    "reference_pay": "pay_now",
}
"""Means over the reference period (2015-2019) that multipliers are relative to, and what they are the mean of."""

SETUP = (
    "usual_loss_fentanyl", "usual_loss_meth", "usual_loss_cocaine", "usual_loss_heroin", "homicides_usual_week",
)  # fmt: skip
"""Constants of a world derived from its parameters when it starts."""

_STREAM_NAMES = (
    "growth", "violence", "migration", "consent", "us_casualties", "widening", "exposure", "rupture",
    "leadership_strikes", "leader_hits", "top_share", "logistics_strikes", "logistics_hits", "killed", "civilians",
    "top_removals", "middle_removals", "which_group", "heir", "split", "pieces", "kept", "removal_effect", "merger",
)  # fmt: skip
STREAMS = {name: Stream(name, number) for number, name in enumerate(_STREAM_NAMES)}
"""Random streams: append only, never renumber."""
