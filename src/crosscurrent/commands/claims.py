"""``claims``: what the documents assert, against a stored study."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from .common import console, note, run_command, write_json

if TYPE_CHECKING:
    from ..analysis.claims_records import Audit, ClaimAudit, Examination
    from ..case.records import Case
    from ..study.results import Results

__all__ = ["claims", "claims_document"]

_LONG = 8_000
_STUDY_NAME = "claims-study.yaml"


def claims(folder: Path, as_json: bool, report: Path | None, study: Path | None) -> None:
    """Audit the claims of a stored study's case; print, and write a page or a study file if asked to.

    Raises
    ------
    InputError
        If the folder holds no study, the case has no claims, or a file cannot be written where it is wanted.
    """
    from ..analysis.claims import audit_claims
    from ..case import load_case
    from ..study.results import open_results

    for path in (report, study):
        if path is not None and path.is_dir():
            raise InputError("the file to write is a folder", given=str(path), expected="a file name")
    results = open_results(folder)
    case = load_case(results.study.case)
    if results.study.worlds * len(results.theories) > _LONG:
        note("checking claims world by world: about ten seconds")
    audit = audit_claims(results, case)
    if as_json:
        write_json(claims_document(audit, results))
    else:
        _tell(audit, case, folder)
    if report is not None:
        from ..report.claims_page import write_claims_page

        note(f"page: {write_claims_page(audit, results, case, report)}")
    if study is not None:
        note(f"study: {_write_study(results, case, study)}; run it with {run_command('run', study)}")


def claims_document(audit: Audit, results: Results) -> dict[str, Any]:
    """The JSON document of an audit: every claim with its tests, readings and sentences."""
    return {
        "study": {"digest": results.study.digest(), "folder": str(results.folder), "seed": results.study.seed},
        "theories": audit.theories, "mixture": audit.mixture, "axes_from": audit.axes_from, "months": audit.months,
        "worlds": audit.worlds, "path_worlds": audit.path_worlds, "origins": audit.origins,
        "needs": [asdict(need) for need in audit.needs],
        "command": needed_command(results.folder) if audit.needs or _few_paths(audit) else None,
        "claims": [_claim(item, audit) for item in audit.claims],
    }  # fmt: skip


def _claim(item: ClaimAudit, audit: Audit) -> dict[str, Any]:
    claim = item.claim
    return {
        "id": claim.id, "statement": claim.statement, "subject": claim.subsystem, "claim_kind": claim.kind,
        "stance": claim.stance, "asserted_by": claim.asserted_by, "documents": claim.documents,
        "origin": claim.origin, "source": item.source, "contested": claim.contested, "note": claim.note,
        "verdict": item.verdict, "why": item.why, "test": _test(item.main, audit) if item.main is not None else None,
        "also": [_test(found, audit) for found in item.also],
    }  # fmt: skip


def _test(found: Examination, audit: Audit) -> dict[str, Any]:
    from ..analysis.claims_wording import KIND_WORDS, size_words, unchanged_note, verdict_words

    return {
        **asdict(found), "kind_words": KIND_WORDS[found.kind], "verdict_words": verdict_words(found, audit.theories),
        "size_words": size_words(found, audit.theories), "unchanged_words": unchanged_note(found.readings),
    }  # fmt: skip


def needed_command(folder: Path) -> str:
    """Commands that make a study in which every claim can be read."""
    first = run_command("claims", folder, "--study", _STUDY_NAME)
    return f"{first} && {run_command('run', _STUDY_NAME)}"


def _few_paths(audit: Audit) -> bool:
    return audit.path_worlds < min(100, audit.worlds)


def _write_study(results: Results, case: Case, path: Path) -> Path:
    from ..analysis.claims import study_for_claims
    from ..study.atomic import make_folder, write_whole
    from ..study.specification import Study

    make_folder(path.parent)
    write_whole(path, Study(**study_for_claims(results, case)).to_yaml().encode())
    return path


def _tell(audit: Audit, case: Case, folder: Path) -> None:
    from ..analysis.claims_wording import KIND_WORDS, closing_words

    out = console()
    out.print(f"[bold]What the documents assert, against this study[/bold] ({case.title})")
    out.print(
        f"{len(audit.claims)} claims by subject; shares under {len(audit.theories)} theories. Independent sources: "
        f"{len(audit.origins)} ({', '.join(audit.origins)}); documents that retell one report are one source.",
        style="dim",
    )  # fmt: skip
    subject = ""
    for item in audit.claims:
        if item.claim.subsystem != subject:
            subject = item.claim.subsystem
            out.print(f"\n[bold]{subject.upper()}[/bold]")
        _tell_claim(out, item, audit)
    out.print()
    for text in closing_words(audit):
        out.print(text, style="dim", markup=False)
    out.print("Kinds: " + "; ".join(f"{name}, {words}" for name, words in KIND_WORDS.items()) + ".", style="dim")
    if audit.needs or _few_paths(audit):
        out.print(f"\nTo read every claim at every date: {needed_command(folder)}", soft_wrap=True, markup=False)


def _tell_claim(out: Any, item: ClaimAudit, audit: Audit) -> None:
    from ..analysis.claims_wording import origin_words, size_words, unchanged_note, verdict_words

    claim = item.claim
    contested = "; contested" if claim.contested else ""
    out.print(f"\n{claim.statement}", style="bold", markup=False)
    out.print(f"  {claim.id} ({claim.kind}{contested}). {origin_words(item)}", style="dim", markup=False)
    if item.main is None:
        out.print(f"  Not decided by simulation: {item.why}", markup=False)
    for found in ((item.main,) if item.main is not None else ()) + item.also:
        lead = "" if found is item.main else "Also: "
        kind = "" if found.kind == "finding" else f" [{found.kind}]"
        out.print(f"  {lead}{found.words}.", style="" if found is item.main else "dim", markup=False)
        more = unchanged_note(found.readings)
        out.print(f"    {verdict_words(found, audit.theories)}{kind}{' ' + more if more else ''}", markup=False)
        if found is item.main and found.readings:
            out.print(f"    {_shares(found, audit)}. {size_words(found, audit.theories)}", style="dim", markup=False)
    if claim.note:
        out.print(f"  Note: {claim.note}", style="dim", markup=False)


def _shares(found: Examination, audit: Audit) -> str:
    """Shares by theory at the last date that can be read."""
    last = max(reading.month for reading in found.readings)
    texts = [
        f"{reading.theory} {100 * reading.holds.value:.0f}±{100 * reading.holds.error:.0f}"
        for reading in found.readings
        if reading.month == last
    ]
    return f"After {last} month{'s' if last > 1 else ''}, of 100 worlds: {', '.join(texts)}"
