"""Checking, loading and starting a case."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
from pathlib import Path

from ..errors import CaseError, InputError, did_you_mean
from .check_calibration import check_calibration
from .check_entries import check_entries
from .check_pathways import check_pathways
from .check_policies import check_policies
from .check_tables import check_tables
from .draft import Draft, case_files, read_draft
from .evidence import check_evidence, grade_shares
from .names import NameTables
from .problems import CheckReport, Notebook, Problem
from .records import Case, Parameter

__all__ = ["case_digest", "case_folder", "check_case", "load_case", "new_case", "shipped_cases"]

_SHIPPED = Path(__file__).parent.parent / "cases"


def shipped_cases() -> tuple[str, ...]:
    """Ids of the cases that come with the package."""
    return tuple(sorted(path.name for path in _SHIPPED.iterdir() if (path / "case.yaml").is_file()))


def case_folder(path_or_id: str | Path) -> Path:
    """Folder of a shipped case by its id, else the folder itself.

    Raises
    ------
    InputError
        If there is neither.
    """
    if isinstance(path_or_id, str) and path_or_id in shipped_cases():
        return _SHIPPED / path_or_id
    folder = Path(path_or_id)
    if folder.is_dir():
        return folder
    raise InputError(
        "no such case",
        given=str(path_or_id),
        expected="the id of a shipped case or the path of a folder",
        fix=did_you_mean(str(path_or_id), shipped_cases()),
    )


def case_digest(folder: Path) -> str:
    """SHA-256 over the names and contents of a case's files, in order of name."""
    digest = hashlib.sha256()
    for path in case_files(folder):
        content = hashlib.sha256((folder / path).read_bytes()).hexdigest()
        digest.update(f"{path.as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def _examine(folder: Path, names: NameTables | None) -> tuple[Draft, CheckReport]:
    """Read a folder and apply every rule."""
    notes = Notebook()
    tables = NameTables.of_model() if names is None else names
    draft = read_draft(folder, notes)
    check_tables(draft, tables, notes)
    check_entries(draft, tables, notes)
    check_policies(draft, tables, notes)
    check_pathways(draft, tables, notes)
    check_calibration(draft, tables, notes)
    check_evidence(draft, notes)
    parameters: list[Parameter] = draft.get("parameters")
    counts = {file: len(records) for file, records in sorted(draft.found.items())}
    report = CheckReport(
        folder,
        _sorted(notes.problems),
        _sorted(notes.notices),
        grade_shares((parameter.subsystem, parameter.grade) for parameter in parameters),
        counts,
    )
    return draft, report


def _sorted(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(dict.fromkeys(problems)))


def check_case(folder: str | Path, names: NameTables | None = None) -> CheckReport:
    """Find everything that is wrong with a case; never stops at the first problem.

    Parameters
    ----------
    folder : str or Path
        The id of a shipped case or the path of a folder.
    names : NameTables, optional
        Names of the model; those of the shipped model if not given.

    Raises
    ------
    InputError
        If there is no such folder.
    """
    return _examine(case_folder(folder), names)[1]


def load_case(path_or_id: str | Path = "us_mexico", names: NameTables | None = None) -> Case:
    """Read a case that passes every check.

    Parameters
    ----------
    path_or_id : str or Path
        The id of a shipped case or the path of a folder.
    names : NameTables, optional
        Names of the model; those of the shipped model if not given.

    Raises
    ------
    InputError
        If there is no such folder.
    CaseError
        If a rule is broken; the message shows the first problem and how many there are.
    """
    folder = case_folder(path_or_id)
    draft, report = _examine(folder, names)
    if report.problems:
        first, count = report.problems[0], len(report.problems)
        more = f"; {count - 1} more, see: crosscurrent check-case {folder}" if count > 1 else ""
        raise CaseError(
            f"{first.message} [{first.rule}]",
            fix=f"{first.suggestion}{more}".removeprefix("; ") or None,
            file=folder / first.file,
            line=first.line or None,
        )
    return _assemble(folder, draft)


def _assemble(folder: Path, draft: Draft) -> Case:
    """The case from a draft without problems."""
    meta = draft.meta
    if meta is None:
        raise CaseError("the case has no description", file=folder / "case.yaml")
    axes = draft.named("axes.yaml")
    parameters: list[Parameter] = draft.get("parameters")
    return Case(
        id=meta.id,
        title=meta.title,
        folder=folder,
        meta=meta,
        groups=tuple(draft.get("groups.csv")),
        rivalries=tuple(draft.get("rivalries.csv")),
        alliances=tuple(draft.get("alliances.csv")),
        products=draft.named("products.yaml"),
        corridors=draft.named("corridors.yaml"),
        levers=draft.named("levers.yaml"),
        parameters={
            parameter.id: dataclasses.replace(parameter, known_rivals=tuple(axes[parameter.axis].rivals))
            if parameter.axis
            else parameter
            for parameter in parameters
        },
        axes=axes,
        theories=draft.named("theories.yaml"),
        policies=draft.named("policies.yaml"),
        history=tuple(draft.get("history.csv")),
        events=tuple(draft.get("events.csv")),
        series=draft.named("series"),
        evidence=draft.named("evidence.csv"),
        claims=draft.named("claims.yaml"),
        targets=draft.named("targets.yaml"),
        driver_rules=draft.named("driver_rules.yaml"),
        learned=draft.named("learned.yaml"),
        digest=case_digest(folder),
        objectives=draft.named("pathways.yaml"),
    )


def new_case(folder: str | Path, from_case: str | Path = "us_mexico") -> Path:
    """Start a case as a copy of another one; nothing is ever overwritten.

    Parameters
    ----------
    folder : str or Path
        Where the new case goes; must not exist, or be empty.
    from_case : str or Path
        Case to copy.

    Returns
    -------
    Path
        The new folder.

    Raises
    ------
    InputError
        If the folder holds something, lies inside the copied case, or cannot be written.
    """
    source, target = case_folder(from_case), Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(
            "the folder is not empty", given=str(target), fix="give a folder that does not exist yet"
        )
    if target.resolve().is_relative_to(source.resolve()):
        raise InputError(
            "a case cannot be copied into itself", given=str(target), fix="give a folder outside it"
        )
    try:
        target.mkdir(parents=True, exist_ok=True)
        for path in case_files(source):
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / path, target / path)
    except OSError as error:
        raise InputError(f"the folder cannot be written: {error.strerror}", given=str(target)) from error
    return target
