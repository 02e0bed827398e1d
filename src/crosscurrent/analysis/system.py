"""The system that the documents describe, part by part, and where each part is seen: a table kept as data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["KINDS", "SystemPart", "system_parts"]

KINDS = ("levers", "states", "recorded", "parameters", "policies", "claims", "series", "evidence")
"""Where a part can be seen: what a policy sets, what a world carries, what results record, what the case holds."""


@dataclass(frozen=True)
class SystemPart:
    """One part of the system."""

    id: str
    part: str
    documents: tuple[str, ...]
    seen: dict[str, tuple[str, ...]]
    """Names by kind (see KINDS)."""


def system_parts() -> tuple[SystemPart, ...]:
    """Every part of the documents' system.

    >>> len(system_parts())
    19
    """
    from ruamel.yaml import YAML

    table = YAML(typ="safe").load((Path(__file__).parent / "system.yaml").read_text(encoding="utf-8"))
    return tuple(
        SystemPart(
            name,
            entry["part"],
            tuple(entry["documents"]),
            {kind: tuple(entry[kind]) for kind in KINDS if kind in entry},
        )
        for name, entry in table.items()
    )
