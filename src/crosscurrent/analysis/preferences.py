"""What somebody wants, in a file of their own: which measures count, in which direction, how much, how far.

A preferences file states trade-offs in the open.  A weight belongs to an amount (``per``) of a measure, so
that two entries say how much of one is worth how much of the other; nothing is scaled behind the reader's back.
Thresholds say what is good enough: of the change from the status quo in the same world, unless the entry says
``of: level``.  The files shipped are examples and nobody's position.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..errors import InputError, did_you_mean
from .standing import preferred_direction

if TYPE_CHECKING:
    from ..case.fields import Cell, Field

__all__ = ["Preferences", "Wish", "read_preferences", "shipped_preferences", "single_measure"]

_FOLDER = Path(__file__).parent / "stakeholders"
TAIL, OPTIMISM = 0.1, 0.5
"""Share of worst worlds that tail criteria look at, and weight of the best world in Hurwicz's criterion."""


@dataclass(frozen=True)
class Wish:
    """What is wanted of one measure."""

    measure: str
    direction: Literal["lower", "higher", "none"]
    """Which way is better; ``none`` only where nobody has said, and then nothing is ranked."""
    weight: float | None = None
    """Weight of ``per`` units of the measure, above 0; None if it does not enter the sum."""
    per: float = 1.0
    """Amount that the weight belongs to, in the measure's unit."""
    at_most: float | None = None
    at_least: float | None = None
    """Thresholds, in the measure's unit."""
    of: Literal["change", "level"] = "change"
    """Whether thresholds are on the change from the status quo or on the figure itself; losses always are on
    the figure itself, because the status quo would be without risk otherwise.
    """

    @property
    def sign(self) -> float:
        """What turns the figure into a loss: 1 if less is better, -1 if more is."""
        return -1.0 if self.direction == "higher" else 1.0


@dataclass(frozen=True)
class Preferences:
    """Preferences over several measures, or the plain direction of one."""

    name: str
    label: str
    description: str
    wishes: tuple[Wish, ...]
    theory_weights: Mapping[str, float]
    """Explicit weights of theories; empty: theories are not blended."""
    optimism: float = OPTIMISM
    """0-1, of Hurwicz's criterion."""
    tail: float = TAIL
    """Share of worlds (above 0, below 1) that percentiles and conditional value at risk look at."""

    @property
    def measures(self) -> tuple[str, ...]:
        """Measures that count."""
        return tuple(wish.measure for wish in self.wishes)

    @property
    def weighted(self) -> tuple[Wish, ...]:
        """Entries with a weight."""
        return tuple(wish for wish in self.wishes if wish.weight is not None)

    @property
    def in_own_unit(self) -> bool:
        """Whether losses are figures of one measure as they are, and not weighted units."""
        return len(self.weighted) == 1 and (self.weighted[0].weight, self.weighted[0].per) == (1.0, 1.0)

    @property
    def thresholds(self) -> tuple[Wish, ...]:
        """Entries with a threshold."""
        return tuple(wish for wish in self.wishes if wish.at_most is not None or wish.at_least is not None)


def single_measure(measure: str, stated: Preferences | None = None) -> Preferences:
    """One measure by itself, in the direction nobody disputes or else the one that preferences state; so too
    its thresholds.
    """
    wish = next((wish for wish in stated.wishes if wish.measure == measure), None) if stated else None
    direction = wish.direction if wish else preferred_direction(measure)
    at_most, at_least = (wish.at_most, wish.at_least) if wish else (None, None)
    of: Literal["change", "level"] = wish.of if wish else "change"
    alone = Wish(measure, direction, 1.0, 1.0, at_most, at_least, of)
    optimism, tail = (stated.optimism, stated.tail) if stated else (OPTIMISM, TAIL)
    weights = stated.theory_weights if stated else {}
    return Preferences(measure, measure.replace("_", " "), "", (alone,), weights, optimism, tail)


def shipped_preferences() -> tuple[str, ...]:
    """Names of the example files that come with the package.

    >>> "lives-first" in shipped_preferences()
    True
    """
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def read_preferences(source: str | Path, measures: Sequence[str], theories: Sequence[str]) -> Preferences:
    """Read a preferences file and check every name in it.

    Parameters
    ----------
    source : path or str
        A YAML file, or the name of a shipped example.
    measures, theories : sequence of str
        Names that the results hold.

    Returns
    -------
    Preferences

    Raises
    ------
    InputError
        With file and line: a missing or unreadable file, an unknown key, measure or theory (with the nearest
        valid one), a value out of range, a direction against one that nobody disputes.
    """
    from ..case.problems import Notebook
    from ..case.reading import read_mapping

    path, notes = _path_of(source), Notebook()
    record = read_mapping(path, str(path), notes)
    found = None
    if record is not None and not notes.problems:
        from ..case.fields import Cell, Refused

        try:
            found = _read(Cell(record, (), record.value, notes), measures, theories)
        except Refused:
            found = None
    if notes.problems or found is None:
        first = min(notes.problems, key=lambda problem: problem.line)
        message = first.message.removeprefix(f"{path.stem}: ")
        raise InputError(message, fix=first.suggestion or None, file=path, line=first.line or None)
    return found


def _path_of(source: str | Path) -> Path:
    shipped = shipped_preferences()
    if str(source) in shipped:
        return _FOLDER / f"{source}.yaml"
    path = Path(source)
    if not path.is_file():
        raise InputError(
            "no such preferences file, and no shipped example of that name", given=str(source),
            fix=did_you_mean(path.stem, shipped),
        )  # fmt: skip
    return path


def _read(cell: Cell, measures: Sequence[str], theories: Sequence[str]) -> Preferences:
    from ..case import fields

    form = {
        "label": fields.Field(fields.text),
        "description": fields.Field(fields.text, required=False, default=""),
        "measures": fields.Field(fields.table(lambda inside: _wish(inside, measures))),
        "theory_weights": fields.Field(lambda inside: _weights(inside, theories), required=False),
        "optimism": fields.Field(fields.share, required=False, default=OPTIMISM),
        "tail": fields.Field(_tail, required=False, default=TAIL),
    }
    values = fields.read_form(cell, form)
    wishes = tuple(values["measures"].values())
    if not wishes:
        raise cell.child("measures").refuse("missing-key", "no measure is named", "name at least one")
    return Preferences(
        cell.record.id, values["label"], values["description"], wishes, values["theory_weights"] or {},
        values["optimism"], values["tail"],
    )  # fmt: skip


def _tail(cell: Cell) -> float:
    from ..case import fields

    value = fields.share(cell)
    if value in (0.0, 1.0):
        raise cell.refuse("out-of-range", f"tail is {value:g}", "give a share above 0 and below 1, such as 0.1")
    return value


def _weights(cell: Cell, theories: Sequence[str]) -> dict[str, float]:
    """Weights of theories, brought to a sum of 1."""
    from ..case import fields

    weights: dict[str, float] = fields.table(fields.not_negative)(cell)
    for name in weights:
        if name not in theories:
            raise cell.child(name).refuse(
                "unknown-choice", f"unknown theory {name!r} in these results", did_you_mean(name, theories)
            )
    total = sum(weights.values())
    if total <= 0:
        raise cell.refuse("out-of-range", "weights of theories add up to 0", "give at least one above 0")
    return {name: weight / total for name, weight in weights.items()}


def _wish(cell: Cell, measures: Sequence[str]) -> Wish:
    from ..case import fields

    name = str(cell.path[-1])
    if name not in measures:
        raise cell.refuse("unknown-measure", f"unknown measure {name!r} in these results", did_you_mean(name, measures))
    form: dict[str, Field] = {
        "direction": fields.Field(fields.choice("lower", "higher"), required=False),
        "weight": fields.Field(fields.positive, required=False),
        "per": fields.Field(fields.positive, required=False),
        "at_most": fields.Field(fields.number, required=False),
        "at_least": fields.Field(fields.number, required=False),
        "of": fields.Field(fields.choice("change", "level"), required=False, default="change"),
    }
    values = fields.read_form(cell, form)
    if (values["weight"] is None) != (values["per"] is None):
        raise cell.refuse(
            "missing-key", f"{name}: weight and per come together",
            "write {weight: 1, per: 1000} for a weight of 1 for each 1000 units",
        )  # fmt: skip
    return Wish(
        name, _direction(cell, name, values["direction"]), values["weight"], values["per"] or 1.0,
        values["at_most"], values["at_least"], values["of"],
    )  # fmt: skip


def _direction(cell: Cell, name: str, stated: Literal["lower", "higher"] | None) -> Literal["lower", "higher"]:
    agreed = preferred_direction(name)
    if agreed == "none":
        if stated is None:
            raise cell.refuse(
                "missing-key", f"{name}: no direction is agreed for this measure", "add direction: lower or higher"
            )
        return stated
    if stated not in (None, agreed):
        raise cell.child("direction").refuse(
            "out-of-range", f"{name}: direction is {stated}, against the one nobody disputes", f"write {agreed}"
        )
    return agreed
