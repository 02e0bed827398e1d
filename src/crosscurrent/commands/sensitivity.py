"""``sensitivity``: which assumptions move a result, from stored worlds or from a design of its own."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError, did_you_mean
from .common import console, names_in, note, progress_bar, run_command, write_json
from .discover import open_study
from .display import counted_theories

if TYPE_CHECKING:
    from ..analysis.sensitivity import FactorIndex, Sensitivity
    from ..analysis.sobol_ranking import SobolRanking
    from ..case.records import Case
    from ..study.results import Results

__all__ = ["METHODS", "sensitivity_folder"]

METHODS = ("given-data", "sobol")
_SHOWN = 15
Leaders = dict[str, tuple[tuple[str, float], ...]]


def sensitivity_folder(
    folder: Path,
    *,
    measure: str | None,
    policy: str | None,
    difference: str | None,
    method: str,
    theories: str | None,
    points: int,
    seed: int,
    as_json: bool,
) -> None:
    """Rank the factors and tell what they are."""
    if method not in METHODS:
        raise InputError("unknown method", given=method, fix=did_you_mean(method, METHODS))
    results, case = open_study(folder)
    pair, chosen = names_in(difference) or None, names_in(theories) or None
    if method == "sobol":
        _sobol(results, case, measure, policy, pair, chosen, points, as_json)
        return
    from ..analysis.factors import gather_factors
    from ..analysis.sensitivity import difference_leaders, sensitivities

    begun = time.monotonic()
    factors = gather_factors(results, case, chosen)
    if factors.numbers.size > 3_000_000:
        note("Counting worlds by slice and growing trees: some ten seconds.")
    found = sensitivities(results, case, measure=measure, policy=policy, difference=pair, seed=seed, factors=factors)
    leaders: Leaders = {}
    if pair is None:
        leaders = difference_leaders(results, factors, found.outcome.measure, found.outcome.policy, seed=seed)
    if as_json:
        write_json(_document(found, leaders))
        return
    if measure is None or (policy is None and pair is None):
        note(f"Looking at {found.outcome.name}. --measure, --policy or --difference ask for something else.")
    _tell(found, leaders, folder, time.monotonic() - begun)


def _document(found: Sensitivity, leaders: Leaders) -> dict[str, Any]:
    outcome = found.outcome
    return {
        "method": "given-data", "measure": outcome.measure, "unit": outcome.unit, "policy": outcome.policy,
        "against": outcome.against, "theories": list(found.theories), "worlds": found.worlds,
        "failed_worlds": found.failed, "seed": found.seed,
        "dummy": {"delta": found.dummy_delta, "pawn": found.dummy_pawn},
        "tree_floor": found.tree_floor, "tree_explained": found.tree_explained,
        "factors": [{**asdict(row), "above_floor": row.above_floor} for row in found.factors],
        "ties": [list(group) for group in found.ties],
        "differences": [
            {"policy": policy, "against": outcome.policy, "factors": [{"factor": n, "delta": d} for n, d in pairs]}
            for policy, pairs in leaders.items()
        ],
    }  # fmt: skip


def _tell(found: Sensitivity, leaders: Leaders, folder: Path, seconds: float) -> None:
    from rich import box
    from rich.table import Table

    out = console()
    above = [row for row in found.factors if row.above_floor]
    out.print(f"[bold]What moves {found.outcome.name}[/bold]")
    out.print(
        f"{found.worlds:,} worlds under {counted_theories(found.theories)}"
        + (f", {found.failed:,} failed worlds left out" if found.failed else ", none failed")
        + f"; {len(above)} of {len(found.factors)} factors are above the noise floor."
    )
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for head in ("", "factor", "delta", "floor", "PAWN", "trees", "result", "evidence"):
        left = head in ("factor", "result", "evidence")
        table.add_column(head, justify="left" if left else "right", no_wrap=True)
    for row in found.factors[:_SHOWN]:
        table.add_row(*_cells(row), style="" if row.above_floor else "dim")
    out.print(table)
    out.print(
        f"A dummy number shows delta {found.dummy_delta:.3f} and PAWN {found.dummy_pawn:.3f}; factors are ranked by "
        "how far delta exceeds a dummy of their kind. Factors with one number at the left cannot be told apart. In "
        "grey: not above the floor. Trees: share of the variance of ranks that is lost when the factor alone is "
        f"shuffled; they predict {100 * (found.tree_explained or 0):.0f} of 100 parts of it in worlds held out. "
        "An axis works through its parameters, a theory through its axes: they overlap.",
        style="dim",
    )
    if leaders:
        out.print(f"\n[bold]What moves the difference from {found.outcome.policy}[/bold] (delta)")
        for policy, largest in leaders.items():
            words = ", ".join(f"{name} {value:.2f}" for name, value in largest) or "nothing above the noise floor"
            out.print(f"  {policy}: {words}", markup=False)
    out.print(f"\n{seconds:.1f} s, seed {found.seed}. What to type next:")
    for options, why in (
        (("--difference", f"{next(iter(leaders), 'A')},{found.outcome.policy}"), "the same for a difference"),
        (("--method", "sobol"), "shares of variance with interactions and chance, from a design of its own"),
    ):
        out.print(f"  {run_command('sensitivity', folder, *options)}    {why}", markup=False, soft_wrap=True)


def _cells(row: FactorIndex) -> list[str]:
    tree = "" if row.tree is None else f"{row.tree:.3f}±{row.tree_error or 0:.3f}"
    return [
        str(row.tie), row.factor, f"{row.delta:.3f}±{row.delta_error:.3f}", f"{row.delta_floor:.3f}",
        f"{row.pawn:.3f}±{row.pawn_error:.3f}", tree, row.direction, row.grade or row.kind,
    ]  # fmt: skip


def _with_error(value: float, error: float) -> str:
    return f"{value:.3f}±{error:.3f}"


def _sobol(
    results: Results,
    case: Case,
    measure: str | None,
    policy: str | None,
    pair: tuple[str, ...] | None,
    theories: tuple[str, ...] | None,
    points: int,
    as_json: bool,
) -> None:
    """Run a design and tell the shares."""
    from ..analysis.outcome import outcome_policies
    from ..analysis.sobol_ranking import sobol_ranking
    from ..analysis.summary import chosen_measures, main_measures
    from ..study.sobol_design import run_sobol

    chosen, against = outcome_policies(results, policy, pair)
    name = measure or main_measures(results)[0]
    chosen_measures(results, [name])
    policies = [chosen] if against is None else [chosen, against]
    with progress_bar("Sobol' design") as (progress, announce):
        sample = run_sobol(
            results.study, case, name, policies, theories=theories, points=points, progress=progress,
            on_compile=announce,
        )  # fmt: skip
    found = sobol_ranking(sample, None if against is None else (chosen, against))
    if as_json:
        write_json({"method": "sobol", **asdict(found)})
        return
    _tell_sobol(found)


def _tell_sobol(found: SobolRanking) -> None:
    from rich import box
    from rich.table import Table

    out = console()
    less = f" less {found.against}" if found.against else ""
    out.print(f"[bold]Shares of variance of {found.measure}, {found.policy}{less}[/bold]")
    out.print(
        f"{found.points:,} points, {found.runs:,} worlds a policy, {counted_theories(found.theories)}"
        + (f"; {found.left_out:,} points with a failed world left out." if found.left_out else "; no world failed.")
    )
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False)
    for head in ("", "factor", "alone", "with interactions", "alone, value", "with interactions, value"):
        table.add_column(head, justify="left" if head == "factor" else "right", no_wrap=head == "factor")
    for row in found.factors:
        quiet = row.total <= 2 * row.total_error or row.total < 0.005
        table.add_row(
            str(row.tie), row.factor, _with_error(row.first, row.first_error), _with_error(row.total, row.total_error),
            _with_error(row.value_first, row.value_first_error), _with_error(row.value_total, row.value_total_error),
            style="dim" if quiet else "",
        )  # fmt: skip
    out.print(table)
    out.print(
        "Alone: share of the variance that knowing the factor removes. With interactions: share that is left when all "
        "others are known. First two columns: of the place of the result among all worlds; last two: of the result "
        "itself, where a few extreme worlds may decide. Factors with one number at the left cannot be told apart. A "
        "factor that does nothing gets exactly 0, so the error is the noise floor.",
        style="dim",
    )
