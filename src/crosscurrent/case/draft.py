"""A case in the making: every file read by its form, before the rules that look across files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import did_you_mean
from .fields import Cell, Form, Refused, read_form
from .forms import CALENDAR, CASE, ENTRIES, OPTIONAL, PARAMETER, SERIES, TABLES
from .pathway_records import Objective
from .problems import Notebook
from .reading import RawRecord, read_entries, read_mapping, read_table
from .records import (
    Axis,
    Claim,
    Corridor,
    DriverRule,
    Event,
    EvidenceRecord,
    Group,
    HistoryValue,
    Learned,
    Lever,
    Located,
    Meta,
    Parameter,
    Policy,
    Product,
    Series,
    SeriesPoint,
    Target,
    Theory,
    Tie,
)

__all__ = ["Draft", "case_files", "read_draft"]

_MAKE: Mapping[str, Any] = {
    "products.yaml": Product,
    "corridors.yaml": Corridor,
    "levers.yaml": Lever,
    "axes.yaml": Axis,
    "theories.yaml": Theory,
    "policies.yaml": Policy,
    "claims.yaml": Claim,
    "pathways.yaml": Objective,
    "targets.yaml": Target,
    "driver_rules.yaml": DriverRule,
    "learned.yaml": Learned,
    "groups.csv": Group,
    "rivalries.csv": Tie,
    "alliances.csv": Tie,
    "history.csv": HistoryValue,
    "events.csv": Event,
    "evidence.csv": EvidenceRecord,
}


@dataclass
class Draft:
    """What could be read; records with problems of their own are left out, their ids are remembered."""

    folder: Path
    meta: Meta | None = None
    found: dict[str, list[Any]] = field(default_factory=dict)
    """Good records by file; ``parameters`` and ``series`` stand for their folders."""
    ids: dict[str, set[str]] = field(default_factory=dict)
    """Ids written in a file, good or not, so that one bad entry does not make others look wrong."""
    raw: dict[tuple[str, int], RawRecord] = field(default_factory=dict)
    raw_parameters: list[RawRecord] = field(default_factory=list)
    """Every parameter entry, good or not, in the order of files."""

    def line(self, record: Located, *path: str | int) -> int:
        """Line of a key inside a record."""
        return self.raw[(record.file, record.line)].line_of(path)

    def get(self, file: str) -> list[Any]:
        """Good records of a file."""
        return self.found.get(file, [])

    def named(self, file: str) -> dict[str, Any]:
        """Good records of a file by id."""
        return {record.id: record for record in self.get(file)}

    def written(self, file: str) -> set[str]:
        """Ids written in a file."""
        return self.ids.get(file, set())

    def keep(self, file: str, raw: RawRecord, record: Any) -> None:
        """Take a good record."""
        self.found.setdefault(file, []).append(record)
        self.raw[(raw.file, raw.line)] = raw


def case_files(folder: Path) -> list[Path]:
    """Files of a case in order of name; hidden files and Python's caches do not belong to it."""
    inside = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    kept = [path for path in inside if not any(part.startswith((".", "__")) for part in path.parts)]
    return sorted(kept, key=lambda path: path.as_posix())


def _parse(raw: RawRecord, form: Form, notes: Notebook) -> dict[str, Any] | None:
    try:
        return read_form(Cell(raw, (), raw.value, notes), form)
    except Refused:
        return None


def _check_id(raw: RawRecord, notes: Notebook) -> None:
    if (
        not raw.id.replace("-", "").replace("_", "").isalnum()
        or raw.id != raw.id.lower()
        or not raw.id.isascii()
    ):
        notes.add(
            "id-form",
            raw.file,
            raw.line,
            f"{raw.id!r} is not an id",
            "use lower-case letters, digits, - and _",
        )


def _read_meta(draft: Draft, notes: Notebook) -> None:
    path = draft.folder / "case.yaml"
    raw = read_mapping(path, "case.yaml", notes) if path.is_file() else None
    values = _parse(raw, CASE, notes) if raw is not None else None
    if raw is None or values is None:
        return
    calendar: dict[str, Any] = values.pop("calendar")
    assert set(calendar) == set(CALENDAR)
    reference = calendar.pop("reference")
    if len(reference) != 2:
        notes.add(
            "wrong-type",
            "case.yaml",
            raw.line_of(("calendar", "reference")),
            "reference needs two dates",
            "write [first, last]",
        )
        return
    draft.meta = Meta(**values, **calendar, reference=reference, file="case.yaml", line=1)
    draft.raw[("case.yaml", 1)] = raw


def _read_entry_file(draft: Draft, file: str, notes: Notebook) -> None:
    for raw in read_entries(draft.folder / file, file, notes):
        draft.ids.setdefault(file, set()).add(raw.id)
        _check_id(raw, notes)
        values = _parse(raw, ENTRIES[file], notes)
        if values is not None:
            draft.keep(file, raw, _MAKE[file](**values, id=raw.id, file=file, line=raw.line))


def _read_table_file(draft: Draft, file: str, notes: Notebook) -> None:
    form = TABLES[file]
    for raw in read_table(draft.folder / file, file, form, notes):
        draft.ids.setdefault(file, set()).add(raw.id)
        values = _parse(raw, form, notes)
        if values is not None and set(raw.value) == set(form):
            draft.keep(file, raw, _MAKE[file](**values, file=file, line=raw.line))


def _read_parameter_file(draft: Draft, file: str, notes: Notebook) -> None:
    for raw in read_entries(draft.folder / file, file, notes):
        draft.raw_parameters.append(raw)
        _check_id(raw, notes)
        values = _parse(raw, PARAMETER, notes)
        if values is not None:
            subsystem = Path(file).stem
            values |= {
                "id": raw.id,
                "file": file,
                "line": raw.line,
                "known_rivals": (),
                "subsystem": subsystem,
            }
            draft.keep("parameters", raw, Parameter(**values))


def _read_series_file(draft: Draft, file: str, notes: Notebook) -> None:
    points = []
    for raw in read_table(draft.folder / file, file, SERIES, notes):
        values = _parse(raw, SERIES, notes)
        if values is not None and set(raw.value) == set(SERIES):
            points.append(SeriesPoint(**values, file=file, line=raw.line))
            draft.raw[(file, raw.line)] = raw
    draft.found.setdefault("series", []).append(
        Series(id=Path(file).stem, points=tuple(points), file=file, line=1)
    )


def read_draft(folder: Path, notes: Notebook) -> Draft:
    """Read every file of a case's folder.

    Parameters
    ----------
    folder : Path
        The case's folder.
    notes : Notebook
        Receives what is wrong inside single files.
    """
    draft = Draft(folder)
    single = ["case.yaml", *ENTRIES, *TABLES]
    present = [path.as_posix() for path in case_files(folder)]
    for file in single:
        if file not in present and file not in OPTIONAL:
            notes.add("missing-file", file, 0, "the file is missing", "see the form in the shipped case")
    _read_meta(draft, notes)
    for file in present:
        if file in ENTRIES:
            _read_entry_file(draft, file, notes)
        elif file in TABLES:
            _read_table_file(draft, file, notes)
        elif file.startswith("parameters/") and file.count("/") == 1 and file.endswith(".yaml"):
            _read_parameter_file(draft, file, notes)
        elif file.startswith("series/") and file.count("/") == 1 and file.endswith(".csv"):
            _read_series_file(draft, file, notes)
        elif file not in single and not file.endswith(".md"):
            hint = did_you_mean(file, [*single, "parameters/<subsystem>.yaml", "series/<name>.csv"])
            notes.add("unknown-file", file, 0, "the file does not belong to the form of a case", hint)
    return draft
