"""``compare``: from one line to tables, a dataset and a report."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..analysis.consent import given_consent
from ..analysis.standing import matrices
from ..analysis.summary import comparison, main_measures
from ..analysis.wording import plain_words
from ..language import check_language
from ..model.schema import MEASURES
from ..study.atomic import path_argument
from ..study.running import default_folder, run_study
from ..study.specification import Study
from .common import console, names_in, note, progress_bar, run_command, write_json
from .display import consent_tables, difference_tables, matrix_table

if TYPE_CHECKING:
    from ..case.records import Case
    from ..study.results import Results

__all__ = ["REPORT_NAME", "compare", "document", "make_report", "study_from", "tell"]

REPORT_NAME = "report.html"
CONSENT_MEASURES = ("homicides", "overdose_deaths", "security_cooperation")
_TABLE = (
    "policy", "theory", "measure", "unit", "p05", "p50", "p95", "difference_p05", "difference_p50",
    "difference_p95", "mc_error",
)  # fmt: skip
_HISTORY_WORLDS = 128
"""Worlds per theory for the fit to the past in a report: enough for a 5-95 % band."""


def study_from(
    case: str,
    policies: str | None,
    theories: str | None,
    worlds: int,
    decision: str,
    years: int,
    seed: int,
    measures: str | None,
    beliefs: str = "prior",
) -> Study:
    """The study that the options describe, every name checked against the case.

    Raises
    ------
    InputError
        If a name is unknown or a number is out of range.
    """
    return Study(
        case=case, policies=names_in(policies), theories=names_in(theories), worlds=worlds, decision=decision,
        years=years, seed=seed, measures=names_in(measures), beliefs=beliefs,
    ).resolved()  # fmt: skip


def compare(study: Study, out: Path | None, as_json: bool, language: str = "en") -> None:
    """Run a study, or complete what is there, and tell what it says."""
    from ..case import load_case

    begun = time.monotonic()
    check_language(language)
    case = load_case(study.case)
    folder = out or default_folder(study)
    with progress_bar("comparing") as (progress, announce):
        results = run_study(study, folder, progress=progress, case=case, on_compile=announce)
    report = make_report(results, case, language=language)
    if as_json:
        write_json(document(results, time.monotonic() - begun, report))
    else:
        tell(results, case, report, time.monotonic() - begun)


def make_report(results: Results, case: Case, path: Path | None = None, language: str = "en") -> Path:
    """Write a study's report beside its results, with the fit to the past."""
    from ..analysis.historyfit import fit_history
    from ..report import write_report
    from ..study.chance import chance_shares
    from ..study.history import simulate_history
    from ..study.simulation import CaseSimulator

    worlds = min(_HISTORY_WORLDS, max(results.study.worlds, 32))
    totals = [
        simulate_history(case, results.theories, worlds, results.study.seed, shocks=shocks)
        for shocks in (True, False)
    ]
    fits = tuple(fit_history(case, found) for found in totals)
    chance = chance_shares(CaseSimulator(results.study, case), main_measures(results))
    target = path or results.folder / REPORT_NAME
    note(f"writing {target}")
    return write_report(results, case, target, history=fits, chance=chance, language=language)


def document(results: Results, total_seconds: float, report: Path) -> dict[str, Any]:
    """The JSON document of a comparison (docs: contract of ``compare --json``)."""
    timings = results.timings
    rows = [asdict(row) for row in comparison(results)]
    return {
        "study": {
            **results.study.model_dump(mode="json"), "name": results.study.name,
            "digest": results.study.digest(), "folder": str(results.folder), "report": str(report),
        },
        "timings": {
            "world_weeks_per_second": timings.world_weeks_per_second, "kernel_s": timings.kernel_s,
            "total_s": total_seconds,
        },
        "failed_worlds": results.failed_worlds,
        "table": [{key: row[key] for key in _TABLE} for row in rows],
    }  # fmt: skip


def tell(results: Results, case: Case, report: Path, seconds: float) -> None:
    """Print a comparison for people."""
    out, names = console(), main_measures(results)
    rows = comparison(results, names)
    for name in names:
        difference_tables(out, [row for row in rows if row.measure == name], _meaning(name))
    out.print(
        "Each cell: median over worlds ± Monte-Carlo error, [5 %, 95 %]; differences from the status quo in "
        "the same worlds. Grey with · cannot be told from none.",
        style="dim",
    )
    out.print()
    matrix_table(out, dict(matrices(results, names)))
    consent = [name for name in CONSENT_MEASURES if name in results.measures]
    given = given_consent(results, consent, case) if consent else []
    if given:
        out.print()
        consent_tables(out, given)
    out.print("\n[bold]In plain words[/bold]")
    for paragraph in plain_words(results, case):
        out.print(f"\n{paragraph}", markup=False)
    out.print()
    _facts(out, results, report, seconds)


def _meaning(measure: str) -> str:
    known = MEASURES.get(measure)
    if known is None:
        return "as recorded"
    kind = "total over the projection" if known.kind == "flow" else "at the end of the projection"
    return f"{known.meaning}, {kind}"


def _facts(out: Any, results: Results, report: Path, seconds: float) -> None:
    study, folder = results.study, path_argument(results.folder)
    more = run_command("extend", results.folder, "--worlds", 4 * study.worlds)
    failed = results.failed
    lines = [f"Failed worlds: {results.failed_worlds}" + ("" if failed else " (none)")]
    lines += [
        f"  {row.worlds} under {row.policy} and {row.theory}: {row.subsystem}, first in week {row.first_week}"
        for row in failed[:5]
    ]
    if study.beliefs != "prior":
        lines.append(
            f"Beliefs: {study.beliefs} (fitted to public series where they can teach; all else keeps its prior)"
        )
    lines += [
        f"Seed: {study.seed}; worlds: {study.worlds} a theory; {seconds:.1f} s",
        f"Results: {folder}  (Parquet; `crosscurrent.open_results({str(results.folder)!r}).dataset()`)",
        f"Report:  {path_argument(report)}",
        "",
        "What to type next:",
        f"  {more}    smaller Monte-Carlo errors",
        f"  {run_command('explain', study.measures[0])}    what drives a measure, with sources",
        f"  {run_command('robustness', results.folder)}    which policy is preferred, and how sure that is",
        f"  {run_command('flips', results.folder)}    under which assumptions the answer changes",
        f"  {run_command('history')}    how the model compares with the past",
    ]
    for line in lines:
        out.print(line, markup=False, soft_wrap=True)
