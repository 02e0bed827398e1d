"""The page on claims: one HTML file that a supporter and a critic can both read and check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..analysis.claims_wording import KIND_WORDS, closing_words, need_words
from ..errors import InputError
from .claims_section import claim_rows, theory_key
from .names import theory_names

if TYPE_CHECKING:
    from ..analysis.claims_records import Audit
    from ..case.records import Case
    from ..study.results import Results

__all__ = ["write_claims_page"]

_TEMPLATES = Path(__file__).parent / "templates"


def write_claims_page(audit: Audit, results: Results, case: Case, path: Path) -> Path:
    """Write every claim with its test, bars by theory and date, verdict and what flips it.

    Raises
    ------
    InputError
        If the path is a folder.
    StoreError
        If the file cannot be written.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from ..study.atomic import make_folder, write_whole

    if path.is_dir():
        raise InputError("the page's file is a folder", given=str(path), expected="a file to write, like claims.html")
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    rows = claim_rows(audit, last_only=False)
    subjects = tuple(dict.fromkeys(row.item.claim.subsystem for row in rows))
    names = {item.id: item for item in theory_names(results, case)}
    text = environment.get_template("claims.html.j2").render(
        case=case, audit=audit, study=results.study, key=theory_key(audit, names), kinds=KIND_WORDS,
        closing=closing_words(audit), needs=need_words(audit.needs) if audit.needs else "",
        subjects=[(name, [row for row in rows if row.item.claim.subsystem == name]) for name in subjects],
        failed_worlds=results.failed_worlds,
    )  # fmt: skip
    make_folder(path.parent)
    write_whole(path, text.encode())
    return path
