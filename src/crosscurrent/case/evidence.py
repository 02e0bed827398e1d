"""Who rests on which evidence: rules for citations, and look-ups that count each source once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ..errors import InputError, did_you_mean
from .draft import Draft
from .problems import Notebook
from .records import Case, EvidenceRecord, Located

__all__ = ["check_evidence", "effect_words", "evidence_for", "grade_shares", "origin_count"]

_BY_GRADE = ("corridors.yaml", "levers.yaml", "parameters", "pathways.yaml")
_ALWAYS = ("groups.csv", "rivalries.csv", "alliances.csv", "events.csv", "products.yaml", "axes.yaml")


_SIGNS = {"+": "raises", "-": "lowers", "0": "no clear effect", "mixed": "mixed"}
_STATE = "(state variable)"


def effect_words(record: EvidenceRecord) -> str:
    """What a record says that the first term of its mechanism does to the second; empty where there is no such effect.

    The column ``direction`` holds the sign of that effect, not whether it is good, nor for whom it speaks.  A record
    of a level or a series, whose mechanism names one thing only, has no effect to sign.

    Parameters
    ----------
    record : EvidenceRecord

    Returns
    -------
    str
        ``raises``, ``lowers``, ``no clear effect``, ``mixed`` or nothing.
    """
    is_effect = " -> " in record.mechanism and not record.mechanism.endswith(_STATE)
    return _SIGNS.get(record.direction, "") if is_effect else ""


class _Citation(NamedTuple):
    """What a record cites and how strictly it must."""

    record: Located
    ids: tuple[str, ...]
    required: bool
    must_be_verified: bool


def _facts_cited(facts: Any) -> Iterator[str]:
    """Evidence ids inside the loose facts of a product."""
    if not isinstance(facts, Mapping):
        return
    for key, value in facts.items():
        if key == "evidence":
            yield from [value] if isinstance(value, str) else [str(item) for item in value]
        else:
            yield from _facts_cited(value)


def _citations(draft: Draft) -> Iterator[_Citation]:
    for file in _BY_GRADE:
        for record in draft.get(file):
            yield _Citation(record, record.evidence, record.grade != "assumption", True)
    for objective in draft.get("pathways.yaml"):
        for step in (step for pathway in objective.pathways.values() for step in pathway.transfers):
            yield _Citation(objective, step.evidence, step.grade != "assumption", True)
    for file in _ALWAYS:
        for record in draft.get(file):
            # An event marked as not verified may rest on what is not verified either: it says so itself.
            verified = file != "events.csv" or record.verified == "yes"
            yield _Citation(record, record.evidence, True, verified)
    for product in draft.get("products.yaml"):
        yield _Citation(product, tuple(_facts_cited(product.facts)), False, False)
    for row in draft.get("history.csv"):
        yield _Citation(row, row.evidence, row.basis == "data", row.basis == "data")


def check_evidence(draft: Draft, notes: Notebook) -> None:
    """Apply the rules for citations.

    Parameters
    ----------
    draft : Draft
        The case as read.
    notes : Notebook
        Receives what is wrong.
    """
    written = draft.written("evidence.csv")
    records: dict[str, EvidenceRecord] = draft.named("evidence.csv")
    used: set[str] = {point.source for series in draft.get("series") for point in series.points}
    for citation in _citations(draft):
        record, ids = citation.record, citation.ids
        line, label = draft.line(record, "evidence"), getattr(record, "id", "the row")
        used.update(ids)
        if not ids and citation.required:
            notes.add(
                "missing-evidence",
                record.file,
                line,
                f"{label} names no evidence",
                "cite a record of evidence.csv",
            )
        for name in ids:
            if written and name not in written:
                hint = did_you_mean(name, written)
                notes.add("dead-evidence", record.file, line, f"{label}: no evidence {name!r}", hint)
        good = [records[name] for name in ids if name in records]
        if (
            citation.must_be_verified
            and good
            and all(item.verified == "no" for item in good)
            and len(good) == len(ids)
        ):
            hint = "cite a verified record too, or none and grade it assumption"
            notes.add(
                "unverified-evidence", record.file, line, f"{label} rests on unverified evidence alone", hint
            )
    for item in records.values():
        if item.id not in used and item.kind != "document":
            notes.add("unused-evidence", item.file, item.line, f"evidence {item.id!r} is used nowhere")


def grade_shares(records: Iterable[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """Share of parameters by grade, by subsystem and overall.

    >>> grade_shares([("law", "weak"), ("law", "strong")])["overall"]
    {'strong': 0.5, 'moderate': 0.0, 'weak': 0.5, 'assumption': 0.0}
    """
    from .words import GRADES

    rows = list(records)
    shares: dict[str, dict[str, float]] = {}
    for subsystem in [*sorted({name for name, _ in rows}), "overall"]:
        inside = [grade for name, grade in rows if subsystem in (name, "overall")]
        shares[subsystem] = {grade: inside.count(grade) / len(inside) if inside else 0.0 for grade in GRADES}
    return shares


def evidence_for(case: Case, name: str) -> tuple[EvidenceRecord, ...]:
    """Evidence that a parameter, lever, axis, corridor, product, driver or series rests on.

    Parameters
    ----------
    case : Case
    name : str
        Its id; the id of a record of evidence gives that record.

    Raises
    ------
    InputError
        If nothing in the case has that name.
    """
    tables: tuple[Mapping[str, Any], ...] = (
        case.parameters,
        case.levers,
        case.axes,
        case.corridors,
        case.products,
    )
    ids: dict[str, None] = {}
    known = {key for table in tables for key in table} | set(case.evidence) | set(case.series)
    known |= {row.name for row in case.history}
    if name not in known:
        raise InputError("nothing has this name", given=name, fix=did_you_mean(name, known))
    for table in tables:
        if name in table:
            ids.update(dict.fromkeys(table[name].evidence))
    ids.update(dict.fromkeys(source for row in case.history if row.name == name for source in row.evidence))
    if name in case.series:
        ids.update(
            dict.fromkeys(point.source for point in case.series[name].points if point.source in case.evidence)
        )
    if name in case.evidence:
        ids[name] = None
    return tuple(case.evidence[key] for key in ids)


def origin_count(records: Iterable[EvidenceRecord]) -> int:
    """Number of independent sources: records that share an origin count once."""
    return len({record.origin for record in records})
