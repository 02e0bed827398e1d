"""``run``, ``resume``, ``extend``, ``merge`` and ``report``: studies as files, and results folders."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from ..case import load_case
from ..errors import ComputeError
from ..language import check_language
from ..study import Study, merge, open_results
from ..study.running import default_folder, extend_study, resume_study, run_study
from .common import console, note, one_line, progress_bar, run_command, write_json
from .comparing import document, make_report, tell

if TYPE_CHECKING:
    from ..study.results import Results

__all__ = ["extend_folder", "merge_folders", "report_folder", "resume_folder", "run_file"]


def run_file(file: Path, out: Path | None, shard: str | None, as_json: bool) -> None:
    """Run a study file, or one machine's part of it."""
    begun = time.monotonic()
    study = Study.from_yaml(file)
    folder = out or default_folder(study, shard)
    with progress_bar("running") as (progress, announce):
        results = run_study(study, folder, progress=progress, shard=shard, on_compile=announce)
    if shard is None:
        _finish(results, begun, as_json)
    else:
        _part_done(results, shard, as_json)


def _finish(results: Results, begun: float, as_json: bool) -> None:
    """Report on complete results."""
    case = load_case(results.study.case)
    report = make_report(results, case)
    if as_json:
        write_json(document(results, time.monotonic() - begun, report))
    else:
        tell(results, case, report, time.monotonic() - begun)


def _part_done(results: Results, shard: str, as_json: bool) -> None:
    """A part has no comparison of its own; say where it is and what joins it to the others."""
    if as_json:
        folder = str(results.folder)
        write_json({"study": results.study.model_dump(mode="json"), "folder": folder, "part": shard})
        return
    out = console()
    out.print(f"Part {shard} is done: {results.folder}", markup=False)
    following = run_command("merge", results.folder)
    out.print(f"When all parts are: {following} OTHER-PARTS...", markup=False, soft_wrap=True)


def resume_folder(folder: Path, as_json: bool) -> None:
    """Go on where an interrupted study stopped."""
    begun = time.monotonic()
    with progress_bar("resuming") as (progress, announce):
        results = resume_study(folder, progress=progress, on_compile=announce)
    if results.manifest.part is None:
        _finish(results, begun, as_json)
    else:
        _part_done(results, results.manifest.part, as_json)


def extend_folder(folder: Path, worlds: int, as_json: bool) -> None:
    """Give a study more worlds."""
    begun = time.monotonic()
    with progress_bar("extending") as (progress, announce):
        results = extend_study(folder, worlds, progress=progress, on_compile=announce)
    if results.manifest.part is None:
        _finish(results, begun, as_json)
    else:
        _part_done(results, results.manifest.part, as_json)


def merge_folders(folders: list[Path], out: Path | None, as_json: bool) -> None:
    """Join the parts that several machines computed.

    Raises
    ------
    ComputeError
        If the parts do not make up the study; what they hold is kept in the output folder.
    """
    begun = time.monotonic()
    study = open_results(folders[0], partial=True, verify=False).study
    target = out or default_folder(study)
    merged = merge(folders, target)
    if merged.missing:
        missing = one_line([str(key) for key in merged.missing])
        raise ComputeError(
            f"the parts do not make up the study: {len(merged.missing)} shards are missing ({missing})",
            fix=f"merge the other parts too, or compute them with `{run_command('resume', target)}`",
        )
    _finish(merged, begun, as_json)


def report_folder(folder: Path, out: Path | None, language: str = "en") -> None:
    """Write the report of a results folder anew."""
    check_language(language)
    results = open_results(folder)
    case = load_case(results.study.case)
    if case.digest != results.manifest.case_digest:
        note(
            "the case's data have changed since these results were computed; labels and sources are the "
            "new ones"
        )
    console().print(str(make_report(results, case, out, language)), markup=False, soft_wrap=True)
