"""``check-case`` and ``new-case``: data that a domain expert edits."""

from __future__ import annotations

from pathlib import Path

from ..case import check_case, new_case
from ..errors import CaseError
from .common import console, run_command, write_json

__all__ = ["check_folder", "start_case"]


def check_folder(folder: str, as_json: bool) -> None:
    """Print every problem of a case with file, line and suggestion, and how its parameters are graded.

    Raises
    ------
    CaseError
        If something must be mended.
    """
    report = check_case(folder)
    if as_json:
        write_json(
            {
                "folder": str(report.folder), "passed": report.passed,
                "problems": [problem._asdict() for problem in report.problems],
                "notices": [problem._asdict() for problem in report.notices],
                "grades": {name: dict(shares) for name, shares in report.grades.items()},
                "counts": dict(report.counts),
            }
        )  # fmt: skip
    else:
        out = console()
        for problem in report.problems:
            out.print(problem.text(), markup=False, soft_wrap=True)
        for notice in report.notices:
            out.print(f"notice: {notice.text()}", markup=False, soft_wrap=True)
        if report.grades.get("overall"):
            shares = ", ".join(f"{grade} {share:.0%}" for grade, share in report.grades["overall"].items())
            out.print(f"Parameters by grade of evidence: {shares}", markup=False)
    if not report.passed:
        count = len(report.problems)
        raise CaseError(f"the case has {count} problem{'s' if count > 1 else ''} to mend", file=report.folder)
    if not as_json:
        console().print("The case is sound.")


def start_case(folder: Path, from_case: str) -> None:
    """Copy a case to a new folder, and say how to go on."""
    made = new_case(folder, from_case)
    out = console()
    out.print(f"A copy of {from_case} is in {made}. Edit its files, then:", markup=False, soft_wrap=True)
    out.print(f"  {run_command('check-case', made)}", markup=False, soft_wrap=True)
    out.print(f"  {run_command('compare', '--case', made)}", markup=False, soft_wrap=True)
