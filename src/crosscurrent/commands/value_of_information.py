"""``value-of-information``: what research would change the choice of a policy most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..analysis.numbers import fitted, scaled
from ..analysis.value_of_information import ValueOfInformation, Worth, value_of_information
from ..analysis.value_of_information_words import agenda_words
from ..case import load_case
from ..study.results import open_results
from .common import console, note, one_line, run_command, write_json
from .robustness import stated_preferences, step_notes

if TYPE_CHECKING:
    from rich.console import Console

    from ..analysis.preferences import Preferences
    from ..study.results import Results

__all__ = ["ask"]

_MOST_ROWS = 15
_TITLES = {
    "axis": "Disagreements: which rival holds",
    "axis group": "Disagreements with the numbers that they govern",
    "subsystem": "All numbers of a subsystem together",
    "parameter": "Single numbers",
}


def ask(folder: Path, preferences: str | None, measure: str | None, theory: str | None, as_json: bool) -> None:
    """Say what it would be worth to know, for one measure or for each set of preferences."""
    results = open_results(folder)
    case = load_case(results.study.case)
    if case.digest != results.manifest.case_digest:
        note("the case's data have changed since these results were computed; labels and sources are the new ones")
    stated: Sequence[Preferences | None] = stated_preferences(results, preferences) or [None]
    found = [
        value_of_information(
            results, case, item, measure=measure, theory=theory, progress=step_notes("valuing information")
        )
        for item in stated
    ]
    if as_json:
        write_json({
            "study": {"folder": str(results.folder), "digest": results.study.digest(), "worlds": results.study.worlds},
            "agendas": [document(item) for item in found],
        })  # fmt: skip
    else:
        for item in found:
            tell(results, item)


def document(found: ValueOfInformation) -> dict[str, Any]:
    """One agenda as JSON."""
    return {
        "name": found.preferences.name, "unit": found.unit, "preferences": asdict(found.preferences),
        "theory": found.theory, "policies": list(found.policies), "worlds": found.worlds, "failed": found.failed,
        "without_information": [found.policies[place] for place in found.usual],
        "perfect_information": asdict(found.perfect),
        "perfect_information_by_theory": [
            {"theory": name, "value": value, "mc_error": error} for name, value, error in found.perfect_by_theory
        ],
        "which_theory_holds": None if found.theories is None else asdict(found.theories),
        "shuffles": found.shuffles,
        "worths": [asdict(item) for item in found.worths],
        "in_words": agenda_words(found),
    }  # fmt: skip


def tell(results: Results, found: ValueOfInformation) -> None:
    """Print one agenda for people."""
    out = console()
    factor, unit = scaled(found.perfect.value, found.unit)
    out.print(f"[bold]What would it be worth to know?[/bold]  {found.preferences.label}, {unit}")
    for sentence in agenda_words(found):
        out.print(sentence, markup=False)
    out.print()
    for kind in ("axis", "parameter", "axis group", "subsystem"):
        rows = [item for item in found.worths if item.kind == kind]
        if rows:
            _table(out, found, rows, factor)
    out.print(
        "Value: expected loss avoided by choosing after learning it, ± Monte-Carlo error, in worlds that the choice "
        "was not learned from. Switched: worlds in which another policy would be chosen. A group: its weakest grade.",
        style="dim",
    )
    first = next((item for item in found.of_kind("parameter") if item.told), None)
    if first is not None:
        out.print("What to type next:")
        out.print(f"  {run_command('explain', first.name)}    values, evidence, what it drives", markup=False)
    out.print()


def _table(out: Console, found: ValueOfInformation, rows: list[Worth], factor: float) -> None:
    """Those of a kind that are told from nothing; the rest is counted."""
    from rich import box
    from rich.table import Table

    told = [item for item in rows if item.told]
    out.print(f"[bold]{_TITLES[rows[0].kind]}[/bold]")
    if told:
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
        for number, name in enumerate(("", "value", "of all", "switched", "then mostly", "sources", "grade")):
            table.add_column(name, justify="left" if number in (0, 4, 6) else "right", no_wrap=number != 0)
        for item in told[:_MOST_ROWS]:
            largest = found.perfect.value / factor
            figure = f"{fitted(item.value / factor, largest)}±{fitted(item.error / factor, largest)}"
            share, switched = f"{100 * item.value / found.perfect.value:.0f} %", f"{100 * item.switched:.0f} of 100"
            sources = f"{item.origins}" if item.evidence else "none"
            table.add_row(item.name, figure, share, switched, _mostly(found, item), sources, item.grade)
        out.print(table)
    rest = [item.name for item in rows if not item.told]
    more = len(told) - _MOST_ROWS
    words = [f"{more} more are told from nothing" if more > 0 else "", _rest(rest)]
    out.print("; ".join(word for word in words if word), style="dim", markup=False)
    out.print()


def _mostly(found: ValueOfInformation, item: Worth) -> str:
    """The policy that would be chosen most often instead of the usual one."""
    others = [(share, place) for place, share in enumerate(item.choices) if place not in found.usual]
    share, place = max(others, default=(0.0, 0))
    return found.policies[place] if share > 0 else "·"


def _rest(names: list[str]) -> str:
    return f"{len(names)} not told from nothing: {one_line(names, 4)}" if names else ""
