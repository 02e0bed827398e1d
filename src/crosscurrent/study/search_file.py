"""A search as a YAML file: what is searched, on which worlds, and what is to be low or high.

Every name is checked against the case, and every refusal says file and line.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..case import fields as read
from ..case import load_case
from ..case.check_policies import is_local
from ..case.fields import Cell, Field, Form, Refused, read_form
from ..case.problems import Notebook
from ..case.reading import RawRecord, read_mapping
from ..case.records import Case
from ..errors import InputError, did_you_mean
from ..kernel.layout import MAX_RULES
from ..model.schema import MEASURES, STATES
from .sampling import SCRAMBLES
from .search_criteria import COST, DEFAULT_CRITERIA, OVER_THEORIES, OVER_WORLDS, Criterion
from .search_space import SearchSpace, Span, Trigger, default_levers, is_force, refuse_force
from .specification import STATUS_QUO, Study

__all__ = ["SearchStudy", "load_search", "read_search"]


@dataclass(frozen=True)
class SearchStudy:
    """A search, every name checked."""

    case: str
    base: str
    """Policy that the search starts from; what it sets and the search does not name stays."""
    theories: tuple[str, ...]
    worlds: int
    """Worlds of all theories together that a policy is judged on."""
    fresh_worlds: int
    """Worlds a theory, none of them used before, on which the front is judged again."""
    decision: str
    years: int
    seed: int
    population: int
    """Policies a generation."""
    levers: Mapping[str, Span]
    starts: Mapping[str, Span]
    triggers: tuple[Trigger, ...]
    objectives: tuple[Criterion, ...]
    constraints: tuple[Criterion, ...]

    @property
    def worlds_a_theory(self) -> int:
        """Worlds of each theory."""
        return self.worlds // len(self.theories)

    def space(self, case: Case) -> SearchSpace:
        """What is searched."""
        return SearchSpace(case.policies[self.base], self.levers, self.starts, self.triggers)

    def study(self) -> Study:
        """The study whose simulator computes the worlds."""
        return Study(case=self.case, policies=(STATUS_QUO,), theories=self.theories, worlds=self.worlds_a_theory,
                     decision=self.decision, years=self.years, seed=self.seed)  # fmt: skip

    def digest(self) -> str:
        """SHA-256 of everything that determines the course of the search."""
        fields = {**asdict(self), "case": Path(self.case).name}
        return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()

    @property
    def name(self) -> str:
        """A short name for folders."""
        return f"search-{Path(self.case).name}-{self.decision}-{self.years}y-seed{self.seed}-{self.digest()[:8]}"


def _span(cell: Cell) -> Span:
    """A number, or a range [low, high]."""
    if not isinstance(cell.value, list):
        value = read.number(cell)
        return Span(value, value)
    ends = read.items(read.number)(cell)
    if len(ends) != 2 or ends[0] > ends[1]:
        raise cell.refuse("impossible-bounds", f"{cell.name} is {list(ends)}", "give a number, or [low, high]")
    return Span(*ends)


def _each(form: Form) -> read.Reader:
    return read.items(lambda cell: (read_form(cell, form), cell.path))


_WHOLE = Field(read.whole, required=False)
_SPANS = Field(read.table(_span), required=False)
_CRITERION: Form = {
    "measure": Field(read.text),
    "direction": Field(read.choice("lower", "higher"), required=False),
    "over_worlds": Field(read.choice(*OVER_WORLDS), required=False, default="median"),
    "over_theories": Field(read.choice(*OVER_THEORIES), required=False, default="worst"),
    "of": Field(read.choice("difference", "level"), required=False, default="difference"),
    "at_most": Field(read.number, required=False),
    "at_least": Field(read.number, required=False),
    "step": Field(read.positive, required=False),
}
_TRIGGER: Form = {
    "when": Field(read.text),
    "above": Field(_span, required=False),
    "below": Field(_span, required=False),
    "for_weeks": Field(_span),
    "delay_weeks": Field(_span, required=False, default=Span(0.0, 0.0)),
    "then": Field(read.table(_span)),
}
_FORM: Form = {
    "case": Field(read.text, required=False, default="us_mexico"),
    "base": Field(read.text, required=False, default=STATUS_QUO),
    "theories": Field(read.items(read.text), required=False),
    "worlds": Field(read.whole, required=False, default=192),
    "fresh_worlds": Field(read.whole, required=False, default=256),
    "decision": Field(read.decision, required=False, default="2025-04"),
    "years": Field(read.whole, required=False, default=10),
    "seed": Field(read.whole, required=False, default=0),
    "population": Field(read.whole, required=False, default=100),
    "levers": _SPANS,
    "starts": _SPANS,
    "triggers": Field(_each(_TRIGGER), required=False, default=()),
    "objectives": Field(_each(_CRITERION), required=False),
    "constraints": Field(_each(_CRITERION), required=False, default=()),
}


class _File:
    """The file, with a way to refuse a line of it."""

    def __init__(self, path: Path, raw: RawRecord) -> None:
        self.path, self.raw = path, raw

    def error(self, where: tuple[Any, ...], message: str, **parts: Any) -> InputError:
        return InputError(message, file=self.path, line=self.raw.line_of(where), **parts)


def read_search(path: str | Path, case: Case | None = None) -> SearchStudy:
    """Read a search file; see :func:`load_search`."""
    return load_search(path, case)[0]


def load_search(path: str | Path, case: Case | None = None) -> tuple[SearchStudy, Case]:
    """Read a search file, check every name in it, and give it with its case.

    Parameters
    ----------
    path : path
        A YAML mapping; see docs/search.md.
    case : Case, optional
        The case, if it is at hand.

    Raises
    ------
    InputError
        With file and line: a missing or unreadable file, an unknown key or name, a value out of range, a lever of
        force, a trigger that watches a group or a corridor.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError("cannot read the search file", given=str(path), expected="a YAML file")
    notes = Notebook()
    raw = read_mapping(file, file.name, notes)
    given: dict[str, Any] = {}
    if raw is not None:
        with contextlib.suppress(Refused):
            given = read_form(Cell(raw, (), raw.value, notes), _FORM)
    if notes.problems or raw is None:
        first = min(notes.problems, key=lambda problem: problem.line)
        raise InputError(first.message, fix=first.suggestion or None, file=file, line=first.line or None)
    known = case or load_case(given["case"])
    return _checked(given, known, _File(file, raw)), known


def _checked(given: dict[str, Any], case: Case, file: _File) -> SearchStudy:
    levers = default_levers(case) if given["levers"] is None and not given["triggers"] else given["levers"] or {}
    starts = given["starts"] or {}
    triggers = tuple(_trigger(fields, path, case, file) for fields, path in given["triggers"])
    for name, span in levers.items():
        _check_lever(name, span, ("levers", name), case, file)
    for name, span in starts.items():
        refuse_force(case, name, file=file.path, line=file.raw.line_of(("starts", name)))
        if name not in levers:
            raise file.error(("starts", name), "a start for a lever that is not searched", given=name,
                             fix=did_you_mean(name, levers))  # fmt: skip
        if span.low < 0 or span.high > 52 * given["years"]:
            raise file.error(("starts", name), "a start outside the horizon", given=list(span),
                             expected=f"weeks from 0 to {52 * given['years']}")  # fmt: skip
    if given["base"] not in case.policies:
        hint = did_you_mean(given["base"], case.policies)
        raise file.error(("base",), "unknown policy", given=given["base"], fix=hint)
    study = SearchStudy(
        given["case"], given["base"], _theories(given, case, file), given["worlds"], given["fresh_worlds"],
        given["decision"], given["years"], given["seed"], given["population"], levers, starts, triggers,
        _criteria(given["objectives"], file, bound=False) if given["objectives"] is not None else DEFAULT_CRITERIA,
        _criteria(given["constraints"], file, bound=True),
    )  # fmt: skip
    _check_sizes(study, case, file)
    return study


def _check_lever(name: str, span: Span, where: tuple[Any, ...], case: Case, file: _File) -> None:
    refuse_force(case, name, file=file.path, line=file.raw.line_of(where))
    if name not in case.levers:
        searchable = [lever for lever in case.levers if not is_force(case, lever)]
        raise file.error(where, "unknown lever", given=name, fix=did_you_mean(name, searchable))
    lever = case.levers[name]
    if not lever.low <= span.low <= span.high <= lever.high:
        raise file.error(where, f"{name} is out of its range", given=list(span),
                         expected=f"within {lever.low:g} to {lever.high:g} {lever.unit}")  # fmt: skip


def _trigger(fields: dict[str, Any], path: tuple[Any, ...], case: Case, file: _File) -> Trigger:
    """A trigger on a national quantity."""
    when = fields["when"]
    if is_local(when, set(case.corridors)):
        raise file.error((*path, "when"), "a trigger may not watch a single group or corridor", given=when,
                         fix="watch a national state or measure")  # fmt: skip
    if when not in MEASURES and when not in STATES:
        raise file.error((*path, "when"), "unknown state or measure", given=when,
                         fix=did_you_mean(when, {**MEASURES, **STATES}))  # fmt: skip
    if (fields["above"] is None) == (fields["below"] is None):
        raise file.error((*path, "when"), "a trigger needs either above or below", expected="exactly one of them")
    for key in ("for_weeks", "delay_weeks"):
        if fields[key].low < 0:
            raise file.error((*path, key), f"{key} is below 0", given=list(fields[key]))
    for name, span in fields["then"].items():
        _check_lever(name, span, (*path, "then", name), case, file)
    above = fields["above"] is not None
    return Trigger(when, above, fields["above"] if above else fields["below"], fields["for_weeks"],
                   fields["delay_weeks"], fields["then"])  # fmt: skip


def _criteria(given: Any, file: _File, *, bound: bool) -> tuple[Criterion, ...]:
    return tuple(_criterion(fields, path, file, bound) for fields, path in given)


def _criterion(fields: dict[str, Any], path: tuple[Any, ...], file: _File, bound: bool) -> Criterion:
    measure = fields["measure"]
    if measure != COST and measure not in MEASURES:
        hint = did_you_mean(measure, [*MEASURES, COST])
        raise file.error((*path, "measure"), "unknown measure", given=measure, fix=hint)
    preferred = "lower" if measure == COST else MEASURES[measure].preferred
    limits = [key for key in ("at_most", "at_least") if fields[key] is not None]
    if bound and len(limits) != 1:
        raise file.error((*path, "measure"), "a constraint needs either at_most or at_least", expected="exactly one")
    if not bound and limits:
        raise file.error((*path, limits[0]), "an objective has no bound", fix="put it under constraints")
    asked = {"at_most": "lower", "at_least": "higher"}[limits[0]] if bound else fields["direction"]
    if preferred == "none" and asked is None:
        raise file.error((*path, "measure"), f"whether {measure} should be low or high is disputed", given=measure,
                         fix="say so: direction: lower, or direction: higher")  # fmt: skip
    if not bound and preferred != "none" and asked not in (None, preferred):
        raise file.error((*path, "direction"), f"of {measure} everybody wants the other direction", given=asked,
                         expected=preferred)  # fmt: skip
    return Criterion(
        measure, asked or preferred, fields["over_worlds"], fields["over_theories"], fields["of"] == "level",
        fields[limits[0]] if bound else None, fields["step"],
    )  # fmt: skip


def _theories(given: dict[str, Any], case: Case, file: _File) -> tuple[str, ...]:
    """Theories asked for; by default all that fix something, so that no mixture hides the worst of them."""
    if given["theories"] is None:
        return tuple(name for name in case.theories if name != "even")
    for place, name in enumerate(given["theories"]):
        if name not in case.theories:
            raise file.error(("theories", place), "unknown theory", given=name, fix=did_you_mean(name, case.theories))
    if not given["theories"] or len(set(given["theories"])) < len(given["theories"]):
        raise file.error(("theories",), "theories cannot be used", expected="at least one, every name once")
    return tuple(given["theories"])


def _check_sizes(study: SearchStudy, case: Case, file: _File) -> None:
    step = SCRAMBLES * len(study.theories)
    rules: Callable[[Any], int] = lambda items: sum(len(item.then) for item in items)  # noqa: E731
    needed = rules(study.triggers) + rules(case.policies[study.base].rules)
    wrong: tuple[tuple[bool, str, Any, str], ...] = (
        (study.worlds < step or study.worlds % step > 0, "worlds", study.worlds,
         f"a multiple of {step}: the same number in eight scrambles of {len(study.theories)} theories"),
        (study.fresh_worlds < SCRAMBLES or study.fresh_worlds % SCRAMBLES > 0, "fresh_worlds", study.fresh_worlds,
         f"a multiple of {SCRAMBLES}"),
        (study.population < 8, "population", study.population, "at least 8"),
        (not 1 <= study.years <= 25, "years", study.years, "1 to 25"),
        (study.seed < 0, "seed", study.seed, "0 or more"),
        (not 2 <= len(study.objectives) <= 8, "objectives", len(study.objectives), "2 to 8 objectives"),
        (needed > MAX_RULES, "triggers", needed, f"at most {MAX_RULES} levers set by rules, the base's included"),
        (study.space(case).size < 1, "levers", "nothing", "at least one range to search"),
    )  # fmt: skip
    for bad, key, given, expected in wrong:
        if bad:
            raise file.error((key,), f"{key} cannot be used", given=given, expected=expected)
