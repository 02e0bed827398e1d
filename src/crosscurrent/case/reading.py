"""From files to raw records that remember their lines; only syntax is judged here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ..errors import did_you_mean
from .problems import Notebook
from .words import forbidden

__all__ = ["RawRecord", "read_entries", "read_mapping", "read_table"]

Key = str | int
_PREFIX = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class RawRecord:
    """An entry of a YAML file or a row of a CSV file, as written."""

    file: str
    line: int
    id: str
    value: Any
    """Plain data: a mapping for a good entry, text by column for a row, anything for a bad entry."""
    lines: dict[tuple[Key, ...], int]
    """Line of each key or item, by path inside the entry."""
    from_table: bool = False

    def line_of(self, path: tuple[Key, ...]) -> int:
        """Line of a key, else of the nearest thing around it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return self.line


def _read_text(path: Path, file: str, notes: Notebook) -> str | None:
    """Text of a file, or a noted problem."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        notes.add(
            "missing-file", file, 0, f"cannot be read: {error.strerror}", "check the file and its permissions"
        )
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        notes.add(
            "encoding", file, line, f"byte {raw[error.start]:#04x} is not UTF-8", "save the file as UTF-8"
        )
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        notes.add("empty-file", file, 1, "the file is empty", "see the form in the shipped case")
        return None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        notes.add("syntax", file, line, "the file holds a NUL character", "save the file as plain text")
        return None
    if not text.endswith("\n"):
        notes.add(
            "truncated",
            file,
            text.count("\n") + 1,
            "the last line has no end",
            "if the file is whole, end that line",
        )
        return None
    return text


def _scalar(node: Any, file: str, notes: Notebook) -> Any:
    """Value of a YAML scalar by YAML 1.2: NO stays text."""
    text, tag, line = str(node.value), str(node.tag), node.start_mark.line + 1
    kind = tag.removeprefix(_PREFIX)
    try:
        match kind:
            case "str":
                return text
            case "int":
                return int(text, 0) if text[:2].lower() in {"0x", "0o", "0b"} else int(text)
            case "float":
                return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
            case "bool":
                return text.lower() == "true"
            case "null":
                return None
            case "timestamp":
                return date.fromisoformat(text) if len(text) == 10 else text
    except ValueError:
        return text
    notes.add("syntax", file, line, f"the tag {tag!r} is not allowed", "write plain values")
    return text


def _plain(
    node: Any, file: str, notes: Notebook, path: tuple[Key, ...], lines: dict[tuple[Key, ...], int]
) -> Any:
    """Plain data of a YAML node; fills the table of lines and notes duplicate and forbidden keys."""
    kind, line = type(node).__name__, node.start_mark.line + 1
    lines[path] = line
    if getattr(node, "anchor", None):
        notes.add("syntax", file, line, f"the anchor {node.anchor!r} is not allowed", "write the value out")
        return None
    if kind == "ScalarNode":
        return _scalar(node, file, notes)
    if kind == "SequenceNode":
        return [_plain(item, file, notes, (*path, place), lines) for place, item in enumerate(node.value)]
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key_line = key_node.start_mark.line + 1
        if type(key_node).__name__ != "ScalarNode":
            notes.add("syntax", file, key_line, "a key must be a single word", "write key: value")
            continue
        key = str(key_node.value)
        if key in found:
            first = lines[(*path, key)]
            notes.add(
                "duplicate-key",
                file,
                key_line,
                f"{key!r} is written twice, first in line {first}",
                "keep one",
            )
            continue
        if forbidden(key):
            _note_forbidden(notes, file, key_line, key)
        found[key] = _plain(value_node, file, notes, (*path, key), lines)
        lines[(*path, key)] = key_line
    return found


def _note_forbidden(notes: Notebook, file: str, line: int, key: str) -> None:
    notes.add(
        "person-or-place",
        file,
        line,
        f"{key!r} would hold a person, a coordinate or an address",
        "leave it out: a case is national",
    )


def read_mapping(path: Path, file: str, notes: Notebook) -> RawRecord | None:
    """Read a YAML file that holds one mapping.

    Parameters
    ----------
    path : Path
        Where the file is.
    file : str
        How it is named in messages, relative to the case's folder.
    notes : Notebook
        Receives what is wrong.

    Returns
    -------
    RawRecord or None
        None when the file cannot be read at all.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    text = _read_text(path, file, notes)
    if text is None:
        return None
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            notes.add("syntax", file, number, "the line is indented by a tab", "indent by spaces")
            return None
    try:
        # Nodes instead of values: they keep the line of everything and show every duplicate.
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = 0 if mark is None else min(mark.line + 1, text.count("\n"))
        notes.add(
            "syntax",
            file,
            place,
            f"not YAML: {error.problem}",
            "check quotes, brackets and indentation above",
        )
        return None
    except YAMLError as error:
        notes.add("syntax", file, 0, f"not YAML: {str(error).splitlines()[0]}")
        return None
    if node is None:
        notes.add("empty-file", file, 1, "the file holds no entry", "see the form in the shipped case")
        return None
    if type(node).__name__ != "MappingNode":
        notes.add(
            "wrong-type", file, node.start_mark.line + 1, "the file is not a mapping", "write id: entry"
        )
        return None
    lines: dict[tuple[Key, ...], int] = {}
    return RawRecord(file, 1, path.stem, _plain(node, file, notes, (), lines), lines)


def read_entries(path: Path, file: str, notes: Notebook) -> list[RawRecord]:
    """Read a YAML file of entries by id; see ``read_mapping``."""
    whole = read_mapping(path, file, notes)
    if whole is None or not isinstance(whole.value, dict):
        return []
    return [
        RawRecord(
            file,
            whole.lines[(name,)],
            name,
            value,
            {
                place[1:]: line
                for place, line in whole.lines.items()
                if place[:1] == (name,) and len(place) > 1
            },
        )
        for name, value in whole.value.items()
    ]


def _header(cells: list[str], file: str, columns: Iterable[str], notes: Notebook) -> None:
    """Judge the names of a table's columns."""
    known = list(columns)
    seen: set[str] = set()
    for cell in cells:
        if cell in seen:
            notes.add("duplicate-key", file, 1, f"column {cell!r} is there twice", "keep one")
        elif forbidden(cell):
            _note_forbidden(notes, file, 1, cell)
        elif cell not in known:
            notes.add("unknown-key", file, 1, f"unknown column {cell!r}", did_you_mean(cell, known))
        seen.add(cell)
    for column in known:
        if column not in seen:
            notes.add(
                "missing-key",
                file,
                1,
                f"column {column!r} is missing",
                "add it, with empty cells if it may be empty",
            )


def read_table(path: Path, file: str, columns: Iterable[str], notes: Notebook) -> list[RawRecord]:
    """Read a CSV file into rows of text by column.

    ``columns`` are all columns of the form; rows keep only those.  A row is named by its ``id`` cell, else by
    its line.
    """
    text = _read_text(path, file, notes)
    if text is None:
        return []
    known = list(columns)
    reader = csv.reader(io.StringIO(text), strict=True)
    rows: list[RawRecord] = []
    header: list[str] = []
    seen: dict[str, int] = {}
    line = 1
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not header:
                header = cells
                _header(header, file, known, notes)
            elif len(cells) != len(header):
                message = f"the row has {len(cells)} cells, the header {len(header)}"
                notes.add("syntax", file, line, message, "quote cells that hold a comma; remove blank lines")
            else:
                values = {name: cell for name, cell in zip(header, cells, strict=True) if name in known}
                name = values.get("id", str(line))
                if name in seen:
                    notes.add(
                        "duplicate-row", file, line, f"id {name!r} is also in line {seen[name]}", "keep one"
                    )
                else:
                    rows.append(RawRecord(file, line, name, values, {}, from_table=True))
                seen.setdefault(name, line)
            line = reader.line_num + 1
    except csv.Error as error:
        notes.add("syntax", file, line, f"not CSV: {error}", "check the quotes")
    if header and not rows and not any(problem.file == file for problem in notes.problems):
        notes.add("empty-file", file, 1, "the table has no row", "see the form in the shipped case")
    return rows
