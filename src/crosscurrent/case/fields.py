"""How single values are read: one small function per kind of value, each naming the rule it guards.

A reader takes a ``Cell`` and returns the typed value, or notes the problem and raises ``Refused``;
``forms.py`` puts readers together, so that every problem of a file is found in one pass.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from ..errors import InputError, did_you_mean
from .distributions import DISTRIBUTIONS, Distribution, faults
from .problems import Notebook
from .reading import Key, RawRecord

__all__ = ["Cell", "Field", "Form", "Reader", "Refused", "read_form"]


class Refused(Exception):
    """A value was refused and the reason noted."""


@dataclass(frozen=True)
class Cell:
    """A value with its place."""

    record: RawRecord
    path: tuple[Key, ...]
    value: Any
    notes: Notebook

    @property
    def name(self) -> str:
        """How messages call it."""
        return ".".join(str(part) for part in self.path) or self.record.id

    def child(self, key: Key) -> Cell:
        """Value inside this one."""
        return Cell(self.record, (*self.path, key), self.value[key], self.notes)

    def note(self, rule: str, message: str, suggestion: str = "") -> None:
        """Note a problem here and go on."""
        owner = "" if self.record.from_table or not self.path else f"{self.record.id}: "
        line = self.record.line_of(self.path)
        self.notes.add(rule, self.record.file, line, f"{owner}{message}", suggestion)

    def refuse(self, rule: str, message: str, suggestion: str = "") -> Refused:
        """Note a problem here and give the exception to raise."""
        self.note(rule, message, suggestion)
        return Refused()


Reader = Callable[[Cell], Any]


class Field(NamedTuple):
    """A key or column: how it is read and what stands for its absence."""

    read: Reader
    required: bool = True
    default: Any = None


Form = Mapping[str, Field]


def read_form(cell: Cell, form: Form) -> dict[str, Any]:
    """Read a mapping or row by its form; every problem in it is noted before ``Refused`` is raised."""
    if not isinstance(cell.value, dict):
        raise cell.refuse("wrong-type", f"{cell.name!r} is not a mapping", f"give {', '.join(form)}")
    found: dict[str, Any] = {}
    bad = False
    for key in cell.value:
        if key not in form:
            cell.child(key).note("unknown-key", f"unknown key {key!r}", did_you_mean(str(key), form))
            bad = True
    for key, field in form.items():
        value = cell.value.get(key)
        if value is None or value == "":
            found[key] = field.default
            # A table's missing column is noted once, at its header.
            if field.required and not (cell.record.from_table and key not in cell.value):
                cell.note(
                    "missing-key", f"{key!r} is {'empty' if key in cell.value else 'missing'}", f"add {key}"
                )
            bad = bad or field.required
            continue
        try:
            found[key] = field.read(cell.child(key))
        except Refused:
            bad = True
    if bad:
        raise Refused
    return found


def text(cell: Cell) -> str:
    """A word or sentence."""
    if not isinstance(cell.value, str):
        shown = type(cell.value).__name__
        raise cell.refuse("wrong-type", f"{cell.name} is {shown}, not text", "put it in quotes")
    if not cell.value.strip():
        raise cell.refuse(
            "missing-key", f"{cell.name} is blank", "write it, or leave the key out if it may be"
        )
    return " ".join(cell.value.split())


def unit(cell: Cell) -> str:
    """A unit; the number 1 stands for a pure number."""
    return "1" if cell.value == 1 and not isinstance(cell.value, bool) else text(cell)


def identifier(cell: Cell) -> str:
    """An id: lower-case letters, digits, - and _."""
    value = text(cell)
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", value):
        raise cell.refuse("id-form", f"{value!r} is not an id", "use lower-case letters, digits, - and _")
    return value


def number(cell: Cell) -> float:
    """A finite number."""
    value = cell.value
    if cell.record.from_table and isinstance(value, str):
        try:
            value = float(value) if re.fullmatch(r"[-+\w.]+", value) and "_" not in value else None
        except ValueError:
            value = None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise cell.refuse("wrong-type", f"{cell.name} is {cell.value!r}, not a number", "write it as 1234.5")
    if not math.isfinite(value):
        raise cell.refuse("not-finite", f"{cell.name} is {cell.value!r}", "give a finite number")
    return float(value)


def whole(cell: Cell) -> int:
    """A whole number."""
    value = number(cell)
    if value != int(value):
        raise cell.refuse("wrong-type", f"{cell.name} is {cell.value!r}, not a whole number")
    return int(value)


def share(cell: Cell) -> float:
    """A number from 0 to 1."""
    value = number(cell)
    if not 0.0 <= value <= 1.0:
        raise cell.refuse("out-of-range", f"{cell.name} is {value:g}", "give a share from 0 to 1")
    return value


def positive(cell: Cell) -> float:
    """A number above 0."""
    value = number(cell)
    if value <= 0.0:
        raise cell.refuse("out-of-range", f"{cell.name} is {value:g}", "give a number above 0")
    return value


def not_negative(cell: Cell) -> float:
    """A number of at least 0."""
    value = number(cell)
    if value < 0.0:
        raise cell.refuse("out-of-range", f"{cell.name} is {value:g}", "give 0 or more")
    return value


def weeks(cell: Cell) -> int:
    """A number of weeks, 0 or more."""
    value = whole(cell)
    if value < 0:
        raise cell.refuse("out-of-range", f"{cell.name} is {value}", "give 0 weeks or more")
    return value


def yes_or_no(cell: Cell) -> bool:
    """A truth value: true or false in YAML, yes or no in a table."""
    if isinstance(cell.value, bool):
        return cell.value
    if cell.value in ("yes", "no"):
        return bool(cell.value == "yes")
    raise cell.refuse("wrong-type", f"{cell.name} is {cell.value!r}", "write true or false")


def choice(*options: str) -> Reader:
    """One word of a fixed list."""

    def read(cell: Cell) -> str:
        value = text(cell)
        if value not in options:
            raise cell.refuse("unknown-choice", f"{cell.name} is {value!r}", did_you_mean(value, options))
        return value

    return read


def day(cell: Cell) -> date:
    """A date, YYYY-MM-DD."""
    if isinstance(cell.value, date):
        return cell.value
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(cell.value)):
            return date.fromisoformat(str(cell.value))
    except ValueError:
        pass
    raise cell.refuse("date", f"{cell.name} is {cell.value!r}, not a date", "write YYYY-MM-DD")


def decision(cell: Cell) -> str:
    """A decision date: a month or a day."""
    from ..calendar import parse_month

    try:
        parse_month(str(cell.value))
    except InputError:
        raise cell.refuse("date", f"{cell.name} is {cell.value!r}", "write YYYY-MM or YYYY-MM-DD") from None
    return str(cell.value)


def period(cell: Cell) -> str:
    """A year YYYY, a month YYYY-MM or a United States fiscal year FYYYYY."""
    value = str(cell.value)
    if not re.fullmatch(r"\d{4}|FY\d{4}|\d{4}-(0[1-9]|1[0-2])", value):
        raise cell.refuse("date", f"{cell.name} is {value!r}, not a period", "write YYYY, YYYY-MM or FYYYYY")
    return value


def items(read: Reader) -> Reader:
    """A list; in a table, cells parted by semicolons."""

    def read_items(cell: Cell) -> tuple[Any, ...]:
        if cell.record.from_table:
            parts = [part.strip() for part in str(cell.value).split(";") if part.strip()]
            return tuple(read(Cell(cell.record, cell.path, part, cell.notes)) for part in parts)
        if not isinstance(cell.value, list):
            raise cell.refuse("wrong-type", f"{cell.name} is not a list", "write [one, two]")
        return tuple(_each(cell, range(len(cell.value)), read).values())

    return read_items


def table(read: Reader) -> Reader:
    """A mapping from ids to values of one kind."""

    def read_table(cell: Cell) -> dict[str, Any]:
        if not isinstance(cell.value, dict):
            raise cell.refuse("wrong-type", f"{cell.name} is not a mapping", "write {name: value}")
        return _each(cell, cell.value, read)

    return read_table


def _each(cell: Cell, keys: Any, read: Reader) -> dict[Any, Any]:
    """Read all children; all their problems are noted before ``Refused`` is raised."""
    found, bad = {}, False
    for key in keys:
        try:
            found[key] = read(cell.child(key))
        except Refused:
            bad = True
    if bad:
        raise Refused
    return found


def distribution(cell: Cell) -> Distribution:
    """A distribution: one family with its numbers."""
    valid = "write one of " + ", ".join(
        f"{kind}: [{', '.join(parts)}]" for kind, parts in DISTRIBUTIONS.items()
    )
    if not isinstance(cell.value, dict) or len(cell.value) != 1:
        raise cell.refuse("wrong-type", f"{cell.name} is not one family with its numbers", valid)
    kind = next(iter(cell.value))
    inside = cell.child(kind)
    if kind not in DISTRIBUTIONS:
        raise inside.refuse(
            "unknown-choice", f"unknown distribution {kind!r}", did_you_mean(str(kind), DISTRIBUTIONS)
        )
    if kind == "constant" and not isinstance(inside.value, list):
        numbers: tuple[float, ...] = (number(inside),)
    else:
        numbers = items(number)(inside)
    meaning = DISTRIBUTIONS[kind]
    if len(numbers) != len(meaning):
        raise inside.refuse("wrong-type", f"{kind} has {len(numbers)} numbers", f"give {', '.join(meaning)}")
    found = Distribution(str(kind), numbers)
    wrong = faults(found)
    if wrong:
        raise inside.refuse("impossible-bounds", f"{kind} {list(numbers)}: {'; '.join(wrong)}")
    return found


def parameter_or_share(cell: Cell) -> str | float:
    """The name of a parameter, or a share from 0 to 1."""
    return text(cell) if isinstance(cell.value, str) else share(cell)


def parameter_or_amount(cell: Cell) -> str | float:
    """The name of a parameter, or a number of at least 0."""
    return text(cell) if isinstance(cell.value, str) else not_negative(cell)


def fact(cell: Cell) -> Any:
    """A loose fact of a product: text, a finite number, or lists and mappings of these."""
    if isinstance(cell.value, dict):
        return table(fact)(cell)
    if isinstance(cell.value, list):
        return items(fact)(cell)
    if isinstance(cell.value, bool):
        return cell.value
    return number(cell) if isinstance(cell.value, int | float) else text(cell)
