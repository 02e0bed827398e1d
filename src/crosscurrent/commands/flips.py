"""``flips``: what would have to be assumed for one policy to overtake another."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from .common import console, note, one_line, run_command, write_json

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..analysis.flips_records import FlipMap, Flips, MapAxis
    from ..case.records import Case

__all__ = ["flips", "flips_document"]

_SHOWN = 8
_SIGNS = {2: "B", 1: "b", 0: "·", -1: "a", -2: "A"}
_LONG = 8_000
"""Worlds in all theories together beyond which a line is written first."""


def flips(folder: Path, a: str | None, b: str | None, measure: str, as_json: bool) -> None:
    """Look for flips between two policies of a stored study.

    Raises
    ------
    InputError
        If a name is unknown or only one policy is given.
    """
    from ..analysis.flips import find_flips, widest_pair
    from ..analysis.summary import chosen_measures
    from ..case import load_case
    from ..study.results import open_results

    if a is not None and b is None:
        raise InputError("one policy alone cannot flip", given=a, expected="two policies, or none to have them chosen")
    results = open_results(folder)
    chosen_measures(results, [measure])
    case, why = load_case(results.study.case), ""
    if a is None or b is None:
        a, b = widest_pair(results, measure)
        why = "of all policies, the one whose comparison with the status quo varies most between theories"
    if results.study.worlds * len(results.theories) > _LONG:
        note("trying rules on every assumption: about ten seconds")
    found = find_flips(results, case, a, b, measure, why=why)
    if as_json:
        write_json(flips_document(found, case))
    else:
        _tell(found, case, folder)


def flips_document(found: Flips, case: Case | None) -> dict[str, Any]:
    """The JSON document of a comparison: the record, its sentences, and the map as rows from the lowest up."""
    from ..analysis.flips_wording import flip_words, lead_gap, theory_verdict

    document = asdict(found)
    for row, item in zip(document["theories"], found.theories, strict=True):
        row["verdict"] = theory_verdict(item.side)
    document["ahead"] = found.ahead
    document["split"]["structure"] = found.split.structure
    if found.region is not None:
        gap, error = lead_gap(found.region)
        document["region"] |= {"lead_gap": gap, "lead_gap_error": error}
        document["region"]["inside"]["leader"] = found.region.inside.leader
        document["region"]["outside"]["leader"] = found.region.outside.leader
        for row, condition in zip(document["region"]["conditions"], found.region.conditions, strict=True):
            row["sources"]["origins"] = condition.sources.origins
    if found.map is not None:
        document["map"] |= {name: _rows(getattr(found.map, name)) for name in ("classes", "lead", "error")}
    return {**document, "words": flip_words(found, case)}


def _rows(table: npt.NDArray[Any]) -> list[list[float]]:
    return [[x.item() for x in row] for row in table]


def _tell(found: Flips, case: Case, folder: Path) -> None:
    from ..analysis.flips_wording import flip_words, ranked_words

    out = console()
    out.print(f"[bold]What would have to be assumed for {found.b} (B) to overtake {found.a} (A)?[/bold]")
    if found.why:
        out.print(f"B was chosen: {found.why}. Name two policies to choose yourself.", style="dim")
    out.print(f"Measure: {found.measure}; the {found.ahead} figure counts as ahead.")
    out.print()
    out.print(_theory_rows(found))
    for text in flip_words(found, case):
        out.print(f"\n{text}", markup=False)
    if found.ranked:
        out.print("\n[bold]Assumptions by how well each alone tells which policy is ahead[/bold]")
        for item in found.ranked[:_SHOWN]:
            alone = "  (nothing beyond better ones)" if item.beyond_noise else "  (no more than noise)"
            mark = "" if item.adds else alone
            words = f"{100 * item.score:5.1f} ± {100 * item.error:.1f}  {ranked_words(item, case)}{mark}"
            out.print(words, markup=False, style="" if item.adds else "dim")
        out.print(
            f"Share of variance told in worlds not used to make the rule, in 100; the best of {len(found.ranked)} "
            f"assumptions reaches {100 * found.noise:.1f} on shuffled worlds.",
            style="dim",
        )
    if found.left_out:
        out.print(f"No rule could be tried on: {one_line(found.left_out)}.", markup=False, style="dim")
    if found.map is not None:
        _draw(out, found.map, case)
    out.print(
        "\nShares are shares of worlds drawn from stated beliefs. What to type next: "
        f"{run_command('flips', folder, found.b, found.a, '--measure', found.measure)} (the same, mirrored)",
        style="dim", soft_wrap=True, markup=False,
    )  # fmt: skip


def _theory_rows(found: Flips) -> Any:
    """A row for each theory: shares of worlds and the paired difference."""
    from rich import box
    from rich.table import Table

    from ..analysis.flips_wording import in_hundred, theory_verdict
    from ..analysis.numbers import shown

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for name in ("in 100 worlds under", "B ahead", "A ahead", "alike", "B − A: 5 to 95", "middle", "clear", "failed"):
        table.add_column(name, justify="left" if name.startswith("in 100") else "right", no_wrap=True)
    words = {"a": "A", "b": "B", "alike": "alike", "not clear": "not clear"}
    for row in found.theories:
        side, verdict = row.side, theory_verdict(row.side)
        table.add_row(
            row.theory + ("" if row.pooled else " (mixture)"), in_hundred(side.ahead_b.value),
            in_hundred(side.ahead_a.value), in_hundred(side.alike),
            f"{shown(side.difference_p05, 2)} to {shown(side.difference_p95, 2)}",
            f"{shown(side.difference_p50)} ± {shown(side.difference_error, 1)}", words[verdict], str(row.failed),
            style="dim" if verdict == "not clear" else "",
        )  # fmt: skip
    return table


def _draw(out: Any, drawn: FlipMap, case: Case) -> None:
    """The map in letters: two columns a step, so that it is about square."""
    from ..analysis.flips_wording import assumption_name

    names = [assumption_name(side.name, side.kind, case) for side in (drawn.across, drawn.up)]
    out.print(f"\n[bold]Map[/bold]: up, {names[1]} ({_ends(drawn.up)})", soft_wrap=True)
    for row in drawn.classes[::-1]:
        out.print("  " + "".join(2 * _SIGNS[int(x)] for x in row), markup=False)
    out.print(f"  across, {names[0]} ({_ends(drawn.across)})", soft_wrap=True, markup=False)
    out.print(
        "B, A: ahead in 80 of 100 worlds or more; b, a: in 60 to 80; · cannot tell or too few worlds.", style="dim"
    )


def _ends(side: MapAxis) -> str:
    from ..analysis.numbers import shown

    if side.kind != "parameter":
        return ", ".join(side.rivals)
    return f"{shown(side.values[0])} to {shown(side.values[-1])}"
