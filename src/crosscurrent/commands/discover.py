"""``discover``: under which assumptions a policy's result is of interest, as boxes with how they hold up."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..analysis.discovery_words import box_words, limit_words, loading_words, quantile_words
from ..analysis.numbers import shown
from .common import console, names_in, note, run_command, write_json
from .display import counted_theories

if TYPE_CHECKING:
    from ..analysis.discovery import Box, Discovery
    from ..case.records import Case
    from ..study.results import Results

__all__ = ["discover_folder", "document", "open_study"]


def open_study(folder: Path) -> tuple[Results, Case]:
    """A complete study and its case."""
    from ..case import load_case
    from ..study.results import open_results

    results = open_results(folder)
    return results, load_case(results.study.case)


def discover_folder(
    folder: Path,
    *,
    measure: str | None,
    policy: str | None,
    difference: str | None,
    threshold: float | None,
    worst: float | None,
    side: str | None,
    method: str,
    theories: str | None,
    density: float | None,
    seed: int,
    as_json: bool,
) -> None:
    """Look for boxes and tell what they say."""
    from ..analysis.discovery import discover

    results, case = open_study(folder)
    found = discover(
        results, case, measure=measure, policy=policy, difference=names_in(difference) or None, threshold=threshold,
        worst=worst, side=side, method=method, theories=names_in(theories) or None, density=density, seed=seed,
    )  # fmt: skip
    if as_json:
        write_json(document(found))
        return
    if measure is None or (policy is None and difference is None) or (threshold is None and worst is None):
        note(f"Looking at {found.outcome.name}: {found.chosen}. --measure, --policy or --difference, and "
             "--threshold or --worst ask for something else.")  # fmt: skip
    tell(found, folder)


def document(found: Discovery) -> dict[str, Any]:
    """The JSON document of a discovery."""
    outcome = found.outcome
    return {
        "method": found.method, "measure": outcome.measure, "unit": outcome.unit, "policy": outcome.policy,
        "against": outcome.against, "side": found.side, "threshold": found.threshold, "chosen": found.chosen,
        "theories": list(found.theories), "worlds": found.worlds, "failed_worlds": found.failed,
        "interesting_worlds": found.interesting, "base_density": found.base, "factors": found.factors,
        "seed": found.seed, "boxes": [asdict(box) for box in found.boxes], "nothing": found.nothing,
    }  # fmt: skip


def tell(found: Discovery, folder: Path) -> None:
    """Print a discovery for people."""
    out = console()
    beyond = "above" if found.side == "higher" else "below"
    unit = f" {found.outcome.unit}" if found.outcome.unit not in ("", "1") else ""
    out.print(f"[bold]{found.outcome.name}[/bold]")
    out.print(
        f"Of interest: {found.chosen} ({beyond} {shown(found.threshold)}{unit}): {found.interesting:,} of "
        f"{found.worlds:,} worlds under {counted_theories(found.theories)}"
        + (f" ({found.failed:,} failed worlds left out)." if found.failed else " (none failed).")
    )
    out.print()
    for number, box in enumerate(found.boxes, start=1):
        _tell_box(out, found, number, box)
    if not found.boxes:
        out.print(f"[bold]Nothing found[/bold]: {found.nothing}.")
    elif found.nothing:
        out.print(f"No further box: {found.nothing}.", style="dim")
    out.print(_method_words(found), style="dim")
    other = next(name for name in ("cart", "prim") if name != found.method)
    out.print("\nWhat to type next:")
    for words, why in (
        (("--method", other), "another way of looking"),
        (("--density", "0.6"), "a narrower box that holds little else") if found.method == "prim" else ((), ""),
    ):
        if words:
            out.print(f"  {run_command('discover', folder, *words)}    {why}", markup=False, soft_wrap=True)


def _tell_box(out: Any, found: Discovery, number: int, box: Box) -> None:
    from rich import box as lines
    from rich.table import Table

    out.print(f"[bold]Box {number}[/bold]: {box_words(found, box)}")
    table = Table(box=lines.SIMPLE_HEAD, padding=(0, 1), show_edge=False)
    for head, side in (
        ("factor", "left"), ("inside the box", "left"), ("quantiles", "right"), ("without it", "right"),
        ("quasi-p", "right"), ("recurs", "right"), ("evidence", "left"),
    ):  # fmt: skip
        table.add_column(head, justify=side, no_wrap=head == "factor")  # type: ignore[arg-type]
    for entry in box.restrictions:
        table.add_row(
            entry.factor, limit_words(entry), quantile_words(entry), _share(entry.density_without),
            "" if entry.quasi_p is None else ("<1e-9" if entry.quasi_p < 1e-9 else f"{entry.quasi_p:.1g}"),
            _share(entry.recurrence), entry.grade or entry.kind,
        )  # fmt: skip
    out.print(table)
    for entry in box.restrictions:
        if entry.loadings:
            out.print(f"  {entry.factor}: {loading_words(entry)}", markup=False)
    out.print()


def _share(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.0f}"


def _method_words(found: Discovery) -> str:
    words = {
        "prim": "Quantiles: of what was believed beforehand, over all worlds of the study. Without it: density in 100 "
        "of the box without this restriction. Quasi-p: binomial test of the restriction, on the worlds that it was "
        "fitted to. Recurs: in how many of 100 halves of the worlds the factor is restricted.",
        "cart": "Leaves of a classification tree, at most 12. Figures on worlds held out are those of all dense leaves "
        "together. Recurs: in how many of 100 halves of the worlds the tree splits the factor.",
        "oblique": "PRIM after the parameters that go with interest were rotated to the principal axes of the "
        "interesting worlds; columns as for PRIM.",
    }
    return f"{words[found.method]} {found.factors} factors searched; seed {found.seed}."
