"""Plain tables, and the labels that their cells use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..language import t
from .names import MeasureName, Named
from .numbers import interval_text, number_text, rounding_step
from .paired import Paired

__all__ = ["Labels", "Table", "full_table"]


@dataclass(frozen=True)
class Labels:
    """Labels of policies and theories by id."""

    policies: dict[str, str]
    theories: dict[str, str]

    @classmethod
    def of(cls, policies: Sequence[Named], theories: Sequence[Named]) -> Labels:
        """From the names of the results."""
        return cls({item.id: item.label for item in policies}, {item.id: item.label for item in theories})

    def policy(self, key: str) -> str:
        """Label of a policy, or its id."""
        return self.policies.get(key, key)

    def theory(self, key: str) -> str:
        """Label of a theory, or its id."""
        return self.theories.get(key, key)


@dataclass(frozen=True)
class Table:
    """Words and figures in rows; the first columns name what a row is about."""

    caption: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    headings: int
    """How many columns at the left name the row."""


def full_table(
    pair: Paired, name: MeasureName, policies: Sequence[Named], theories: Sequence[Named]
) -> Table:
    """Differences (5, 50 and 95 in 100) under each theory; levels for the status quo."""
    rows = []
    for number, policy in enumerate(policies):
        quiet = policy.id == "status-quo"
        source = pair.level if quiet else pair.difference
        cells = []
        for place in range(len(theories)):
            low, middle, high = (float(source[number, place, level]) for level in (0, 2, 4))
            inside = number_text(middle, rounding_step(low, high))
            words = interval_text(low, high)
            cells.append(words if words == inside else t("{words}, middle {inside}", words=words, inside=inside))
        rows.append((t("{label} (level)", label=policy.label) if quiet else policy.label, *cells))
    head = (t("Policy"), *(theory.label for theory in theories))
    return Table(f"{name.label}, {name.unit_words}, {name.over}", head, rows, 1)
