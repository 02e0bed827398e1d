"""What can be wrong with a case: the rules by id, the problems found, and the report that lists them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

__all__ = ["RULES", "CheckReport", "Notebook", "Problem", "Rule"]


class Problem(NamedTuple):
    """One broken rule."""

    file: str
    """Path relative to the case's folder."""
    line: int
    """Line in that file, from 1; 0 if the whole file or the folder is meant."""
    message: str
    suggestion: str
    """How to mend it; may be empty."""
    rule: str
    """Key of ``RULES``."""

    def text(self) -> str:
        """One line: where, what, how to mend it, which rule.

        >>> Problem("levers.yaml", 3, "unknown key 'lable'", "did you mean 'label'?", "unknown-key").text()
        "levers.yaml:3: unknown key 'lable'; did you mean 'label'? [unknown-key]"
        """
        where = f"{self.file}:{self.line}" if self.line else self.file
        return (
            f"{where}: {self.message}"
            + (f"; {self.suggestion}" if self.suggestion else "")
            + f" [{self.rule}]"
        )


class Rule(NamedTuple):
    """What a rule asks for, and the files it is applied to; ``parameters/*`` stands for each file there."""

    meaning: str
    files: tuple[str, ...]


_TABLES = (
    "groups.csv",
    "rivalries.csv",
    "alliances.csv",
    "history.csv",
    "events.csv",
    "series/*",
    "evidence.csv",
)
_ENTRIES: tuple[str, ...] = (
    "products.yaml",
    "corridors.yaml",
    "levers.yaml",
    "parameters/*",
    "axes.yaml",
    "theories.yaml",
    "policies.yaml",
    "claims.yaml",
    "targets.yaml",
    "driver_rules.yaml",
    "learned.yaml",
)
_PATHWAYS = "pathways.yaml"
_MAY_BE_LEFT_OUT = ("targets.yaml", "driver_rules.yaml", "learned.yaml")
_SINGLE = tuple(
    name for name in ("case.yaml", *_ENTRIES, *_TABLES) if "*" not in name and name not in _MAY_BE_LEFT_OUT
)
_ENTRIES = (*_ENTRIES, _PATHWAYS)
_YAML = ("case.yaml", *_ENTRIES)
_ALL = (*_YAML, *_TABLES)
_TYPED = tuple(name for name in _ALL if name != "evidence.csv")
"""Files with more than text."""
_CITING = (
    _PATHWAYS,
    "groups.csv",
    "rivalries.csv",
    "alliances.csv",
    "history.csv",
    "events.csv",
    "products.yaml",
    "corridors.yaml",
    "levers.yaml",
    "parameters/*",
    "axes.yaml",
)
_WITH_NUMBERS = (
    _PATHWAYS,
    "case.yaml",
    "groups.csv",
    "rivalries.csv",
    "alliances.csv",
    "products.yaml",
    "corridors.yaml",
    "levers.yaml",
    "parameters/*",
    "axes.yaml",
    "policies.yaml",
    "history.csv",
    "events.csv",
    "series/*",
    "claims.yaml",
)
_WITH_CHOICES = (
    _PATHWAYS,
    "groups.csv",
    "corridors.yaml",
    "levers.yaml",
    "parameters/*",
    "history.csv",
    "events.csv",
    "series/*",
    "evidence.csv",
    "claims.yaml",
)

RULES: Mapping[str, Rule] = {
    "missing-file": Rule("every file of the form is there", _SINGLE),
    "unknown-file": Rule("nothing else is there but texts (*.md)", ("folder",)),
    "encoding": Rule("files are UTF-8", _ALL),
    "truncated": Rule("files end with a complete line", _ALL),
    "syntax": Rule("files are plain YAML 1.2 or CSV, without tabs, anchors or stray cells", _ALL),
    "empty-file": Rule("files hold at least one entry", _ALL),
    "duplicate-key": Rule("a key, an id or a column is written once", _ALL),
    "duplicate-row": Rule("a row is written once", _TABLES),
    "unknown-key": Rule("only keys and columns of the form", _ALL),
    "missing-key": Rule("all keys, columns and cells of the form", _ALL),
    "wrong-type": Rule("text is text, a number a number, a list a list", _TYPED),
    "not-finite": Rule("no NaN and no infinity", (*_WITH_NUMBERS, "targets.yaml", "driver_rules.yaml")),
    "unknown-choice": Rule("words from the fixed lists", (*_WITH_CHOICES, "targets.yaml", "driver_rules.yaml")),
    "id-form": Rule("ids are lower-case letters, digits, - and _", (*_ENTRIES, "evidence.csv")),
    "person-or-place": Rule("no key or column for persons, coordinates or addresses", _ALL),
    "wrong-unit": Rule(
        "the unit is that of the model, elsewhere a known one",
        ("products.yaml", "levers.yaml", "parameters/*", "history.csv", "series/*", "targets.yaml"),
    ),
    "impossible-bounds": Rule(
        "low below high, spreads above 0, ends after beginnings",
        ("events.csv", "case.yaml", "levers.yaml", "parameters/*", "policies.yaml", _PATHWAYS),
    ),
    "out-of-range": Rule(
        "values within the range of the model; shares, weights and probabilities within 0-1",
        (
            "targets.yaml",
            "driver_rules.yaml",
            "case.yaml",
            "groups.csv",
            "rivalries.csv",
            "alliances.csv",
            "corridors.yaml",
            "levers.yaml",
            "parameters/*",
            "axes.yaml",
            "policies.yaml",
            "history.csv",
            "events.csv",
            _PATHWAYS,
        ),
    ),
    "missing-evidence": Rule("evidence is named unless the grade or basis is assumption", _CITING),
    "dead-evidence": Rule("evidence named is in evidence.csv", _CITING),
    "unverified-evidence": Rule("nothing rests on unverified records alone", _CITING),
    "unused-evidence": Rule("(notice) every record of evidence is used", ("evidence.csv",)),
    "unused-axis": Rule("(notice) every axis moves a parameter", ("axes.yaml",)),
    "unknown-parameter": Rule("parameters are those of the model", ("parameters/*", "levers.yaml", "learned.yaml")),
    "missing-parameter": Rule("every parameter of the model is there", ("parameters/*",)),
    "duplicate-parameter": Rule("a parameter is in one file", ("parameters/*",)),
    "misplaced-parameter": Rule("a parameter is in the file of its subsystem", ("parameters/*",)),
    "unknown-lever": Rule("levers are those of the model", ("levers.yaml", "policies.yaml")),
    "missing-lever": Rule("every lever of the model is there", ("levers.yaml",)),
    "lever-mismatch": Rule(
        "a lever has the owner and the implementation that the model gives it", ("levers.yaml",)
    ),
    "unknown-name": Rule(
        "history and events name levers, drivers and pulses of the model",
        ("history.csv", "events.csv", "driver_rules.yaml"),
    ),
    "unknown-rank": Rule("ties join ranks of groups.csv", ("rivalries.csv", "alliances.csv")),
    "self-tie": Rule("a tie joins two groups", ("rivalries.csv", "alliances.csv")),
    "rank-gap": Rule("ranks run 1, 2, 3, ...", ("groups.csv",)),
    "sum-not-one": Rule("shares and weights add up to 1", ("groups.csv", "corridors.yaml", "axes.yaml")),
    "unknown-product": Rule("base shares are for the products of products.yaml", ("corridors.yaml",)),
    "missing-share": Rule("every corridor gives a share of every product", ("corridors.yaml",)),
    "date": Rule("dates and periods are well written", ("case.yaml", "events.csv", "series/*")),
    "order": Rule(
        "rows are in order of time; sizes fall with rank", ("events.csv", "series/*", "groups.csv")
    ),
    "gap": Rule("no year or period is left out without a stated reason", ("history.csv", "series/*")),
    "outside-calendar": Rule(
        "dates are within the case's calendar", ("case.yaml", "events.csv", "history.csv", "series/*")
    ),
    "unknown-axis": Rule("axes named are in axes.yaml", ("parameters/*", "axes.yaml", "theories.yaml", "learned.yaml")),
    "unknown-rival": Rule(
        "rivals named belong to their axis", ("parameters/*", "axes.yaml", "theories.yaml")
    ),
    "missing-rival": Rule(
        "an axis has at least two rivals; a weight is given for each", ("axes.yaml", "parameters/*")
    ),
    "missing-even": Rule("theory even is there and fixes nothing", ("theories.yaml",)),
    "missing-status-quo": Rule("policy status-quo is there", ("policies.yaml",)),
    "unknown-measure": Rule(
        "measures named are those of the model", ("policies.yaml", "claims.yaml", "targets.yaml", _PATHWAYS)
    ),
    "unknown-series": Rule("series and definitions named are in series/*", ("targets.yaml",)),
    "half-learned": Rule(
        "a parameter is learned only with its axis, an axis only with the one its weights depend on",
        ("learned.yaml",),
    ),
    "unknown-policy": Rule("policies named are in policies.yaml", ("claims.yaml", _PATHWAYS)),
    "local-rule": Rule(
        "rules and signposts do not refer to single groups or corridors", ("policies.yaml", _PATHWAYS)
    ),
    "pathway-order": Rule(
        "a later transfer of a pathway is in force only while the earlier one is, and policies that follow "
        "have no rules of their own",
        (_PATHWAYS,),
    ),
}
"""Every rule ``check_case`` applies."""

NOTICES = frozenset({"unused-evidence", "unused-axis"})
"""Rules whose breaking is reported but refuses nothing."""


@dataclass
class Notebook:
    """Where the checks write what they find; nothing stops at the first problem."""

    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)

    def add(self, rule: str, file: str, line: int, message: str, suggestion: str = "") -> None:
        """Note a broken rule; the rule must be one of ``RULES``."""
        RULES[rule]
        (self.notices if rule in NOTICES else self.problems).append(
            Problem(file, line, message, suggestion, rule)
        )


@dataclass(frozen=True)
class CheckReport:
    """All that a check found."""

    folder: Path
    problems: tuple[Problem, ...]
    """What must be mended, by file and line."""
    notices: tuple[Problem, ...]
    """What is odd but allowed: evidence nobody uses, an axis that moves nothing."""
    grades: Mapping[str, Mapping[str, float]]
    """Share of the parameters by grade of evidence (0-1), by subsystem and under ``overall``."""
    counts: Mapping[str, int]
    """Entries or rows by file."""

    @property
    def passed(self) -> bool:
        """Whether nothing must be mended."""
        return not self.problems
