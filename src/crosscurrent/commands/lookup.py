"""``explain`` and ``evidence``: what a name means and who says so."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..analysis.explaining import Explanation, TheoryValue, explain
from ..analysis.learning import posterior_words
from ..analysis.numbers import shown
from ..analysis.system import system_parts
from ..case import load_case
from ..errors import InputError, did_you_mean
from ..model.schema import MEASURES, STATES
from .common import console, one_line, write_json

if TYPE_CHECKING:
    from ..analysis.drivers import Drivers
    from ..case.records import Case, EvidenceRecord

__all__ = ["list_evidence", "tell_name"]

_NEAREST = 12


def _say(out: Any, text: str, indent: int = 2) -> None:
    """A paragraph, its further lines set in, so that a list stays one to the eye."""
    margin = " " * indent
    for line in textwrap.wrap(
        text, out.width, initial_indent=margin, subsequent_indent=margin + "    ", break_on_hyphens=False
    ):
        out.print(line, markup=False, soft_wrap=True)


def tell_name(name: str, case_name: str, as_json: bool) -> None:
    """Print all that is known about a name; the name of a kind (``policies``, ``measures``) lists its names."""
    case = load_case(case_name)
    kinds = _kinds(case)
    if name in kinds and not as_json:
        out = console()
        out.print(f"[bold]{name}[/bold]  ({len(kinds[name])})")
        for entry, label in kinds[name].items():
            _say(out, f"{entry}: {label}" if label else entry)
        return
    found = explain(case, name)
    if as_json:
        write_json(
            {
                **asdict(found),
                "facts": dict(found.facts),
                "lists": dict(found.lists),
                "origins": found.origins,
            }
        )
        return
    out = console()
    out.print(f"[bold]{found.name}[/bold]  ({found.kind})")
    if found.title != found.definition and found.title != found.name:
        out.print(found.title, markup=False)
    out.print(found.definition, markup=False)
    out.print()
    for label, text in found.facts:
        _say(out, f"{label}: {text}")
    _tell_lists(out, found)
    _tell_equations(out, found)
    if found.by_theory:
        _tell_values(out, found.by_theory)
    if found.drivers is not None:
        _tell_drivers(out, found.drivers)
    for line in posterior_words(case, name):
        _say(out, line)
    _tell_evidence(out, found)


def _kinds(case: Case) -> dict[str, dict[str, str]]:
    """Names by kind, each with a label."""
    return {
        "policies": {name: policy.label for name, policy in case.policies.items()},
        "theories": {name: theory.label for name, theory in case.theories.items()},
        "axes": {name: axis.question for name, axis in case.axes.items()},
        "measures": {name: measure.meaning for name, measure in MEASURES.items()},
        "levers": {name: lever.label for name, lever in case.levers.items()},
        "parameters": {name: parameter.label for name, parameter in case.parameters.items()},
        "states": {name: state.meaning for name, state in STATES.items()},
        "claims": {name: claim.statement for name, claim in case.claims.items()},
        "system": {part.id: part.part for part in system_parts()},
    }


def _tell_lists(out: Any, found: Explanation) -> None:
    for heading, lines in found.lists:
        if lines:
            out.print(f"\n[bold]{heading[:1].upper()}{heading[1:]}[/bold]")
            for line in lines:
                _say(out, line)


def _tell_equations(out: Any, found: Explanation) -> None:
    if not found.equations:
        return
    reads = found.kind in ("parameter", "lever")
    out.print(f"\n[bold]{'Read by' if reads else 'Equation'}[/bold]")
    for equation in found.equations:
        _say(out, f"{equation.function}  {equation.place}")
        _say(out, equation.text, 4)
        if not reads:
            _say(out, f"reads {', '.join(equation.reads)}", 4)


def _tell_values(out: Any, values: Sequence[TheoryValue]) -> None:
    out.print("\n[bold]Value by theory[/bold] (median, 5-95 %)")
    for value in values:
        text = f"{value.theory:<18} {shown(value.p50):>9}  [{shown(value.p05)}, {shown(value.p95)}]"
        _say(out, text + (f"  {value.rivals}" if value.rivals else ""))


def _tell_drivers(out: Any, drivers: Drivers) -> None:
    out.print("\n[bold]What drives it[/bold] (steps away; a near name is not always a strong one)")
    for kind, heading in (
        ("lever", "levers"), ("parameter", "parameters"), ("state", "states"),
        ("driver", "drivers from outside"), ("dated event", "dated events"), ("random draw", "random draws"),
    ):  # fmt: skip
        names = [f"{driver.name} ({driver.distance})" for driver in drivers.of_kind(kind)]
        if names:
            most = len(names) if kind == "lever" else _NEAREST
            _say(out, f"{heading}: {one_line(names, most)}")
    nearest = drivers.of_kind("lever")[:3]
    for driver in nearest:
        _say(out, " → ".join(driver.path))


def _tell_evidence(out: Any, found: Explanation) -> None:
    if not found.evidence:
        return
    records = f"{len(found.evidence)} record{'s' if len(found.evidence) > 1 else ''}"
    sources = f"{found.origins} independent source{'s' if found.origins > 1 else ''}"
    out.print(f"\n[bold]Evidence[/bold] ({records}, {sources})")
    for record in found.evidence:
        _say(out, _reference(record))


def _reference(record: EvidenceRecord) -> str:
    estimate = f"{record.estimate} {record.unit}".strip()
    return (
        f"{record.id}: {estimate} — {record.citation} (origin {record.origin}, verified: {record.verified})"
    )


def list_evidence(identifier: str | None, case_name: str, as_json: bool) -> None:
    """Print a record of evidence with what rests on it, or the list of all records.

    Raises
    ------
    InputError
        If there is no such record.
    """
    case = load_case(case_name)
    of_origin = [record for record in case.evidence.values() if record.origin == identifier]
    if of_origin and identifier not in case.evidence and not as_json:
        out = console()
        out.print(f"[bold]{identifier}[/bold]  (origin of {len(of_origin)} records, which count once)")
        for record in of_origin:
            _say(out, _reference(record))
        return
    if identifier is not None:
        if identifier not in case.evidence:
            fix = did_you_mean(identifier, [*case.evidence, *(r.origin for r in case.evidence.values())])
            raise InputError("no such record of evidence", given=identifier, fix=fix)
        tell_name(identifier, case_name, as_json)
        return
    records = list(case.evidence.values())
    origins = {record.origin for record in records}
    if as_json:
        write_json({"origins": len(origins), "records": [asdict(record) for record in records]})
        return
    out = console()
    for record in records:
        out.print(f"{record.id}  [{record.origin}]  {record.mechanism}", markup=False)
    out.print(f"\n{len(records)} records of {len(origins)} origins; records of one origin count once.")
