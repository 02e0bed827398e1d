"""The names of the model that a case may use; the only thing this package knows about the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .words import unit_words

if TYPE_CHECKING:
    from ..model.schema import Driver, Lever, Measure, Parameter, State

__all__ = ["NameTables"]


@dataclass(frozen=True)
class NameTables:
    """Names, units and ranges of the model, by kind; a test passes its own small ones."""

    parameters: Mapping[str, Parameter]
    levers: Mapping[str, Lever]
    drivers: Mapping[str, Driver]
    measures: Mapping[str, Measure]
    states: Mapping[str, State]
    pulses: tuple[str, ...] = ()
    """Marks of single weeks that dated events set."""
    observables: Mapping[str, Measure] = field(default_factory=dict)
    """Further quantities that are recorded by month."""

    @classmethod
    def of_model(cls) -> NameTables:
        """Names of the model as shipped."""
        from ..model import schema

        return cls(
            schema.PARAMETERS, schema.LEVERS, schema.DRIVERS, schema.MEASURES, schema.STATES, schema.PULSES,
            schema.OBSERVABLES,
        )  # fmt: skip

    def unit_words(self) -> frozenset[str]:
        """Words of the model's own units; a case may use them everywhere."""
        units = [
            record.unit
            for table in (self.parameters, self.levers, self.drivers, self.measures, self.states)
            for record in table.values()
        ]
        return frozenset(word for unit in units for word in unit_words(unit))
