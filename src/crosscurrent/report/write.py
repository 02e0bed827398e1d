"""Writing ``report.html``: one file with its style, its few lines of script and its drawings inside."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import StoreError

if TYPE_CHECKING:
    from ..analysis.historyfit import HistoryFit
    from ..case.records import Case
    from ..study.chance import ChanceShare
    from ..study.results import Results

__all__ = ["write_report"]

_LONGEST_HEAD = 30
_TEMPLATES = Path(__file__).parent / "templates"


def write_report(
    results: Results,
    case: Case,
    path: str | Path,
    history: HistoryFit | Sequence[HistoryFit] | None = None,
    chance: Sequence[ChanceShare] = (),
    language: str = "en",
) -> Path:
    """Write the report of a study as one HTML file.

    It opens without a network: drawings are inline SVG, nothing is loaded, and a content policy in the file
    forbids loading.  Figures are aggregated beforehand, so its size does not grow with the number of worlds.

    Parameters
    ----------
    results : Results
        The numbers, as :func:`crosscurrent.study.open_results` gives them.
    case : Case
        Labels, parameters and evidence.
    path : path
        The file to write; its folder is made if need be.
    history : HistoryFit or sequence of HistoryFit, optional
        The model against data by year, from :func:`crosscurrent.analysis.fit_history`; of several (with and
        without dated shocks) the first is drawn and all are counted.  Without one the section says how to
        get it.
    chance : sequence of ChanceShare, optional
        How much of the spread comes from the draws alone, from :func:`crosscurrent.study.chance_shares`.
    language : str, optional
        ``en`` or ``es``; what is kept in English in another language is marked as such.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    StoreError
        If the file cannot be written.
    InputError
        If there is no catalogue of the language.
    """
    from ..language import marked, speaking
    from ..study.atomic import write_whole

    target = Path(path)
    fits = () if history is None else tuple(history) if isinstance(history, Sequence) else (history,)
    with speaking(language):
        page = marked(_render(results, case, fits, chance))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make the report's folder: {error.strerror}", file=target.parent) from error
    write_whole(target, page.encode())
    return target


def _render(results: Results, case: Case, fits: Sequence[HistoryFit], chance: Sequence[ChanceShare]) -> str:
    """The page as text; every word from results and case is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from .. import language as words
    from ..analysis.wording import plain_words
    from .contents import gather
    from .pasts import past_of
    from .section import decision_sections
    from .sources import evidence_rows, grade_rows, parameter_rows

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # Templates and modules share one catalogue.
    environment.install_gettext_callables(words.t, _plural, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        {name: getattr(words, name) for name in ("t", "own", "foreign", "said", "dated", "unit_of")}
        | {"measure_word": _measure_words, "lang": words.language()}
    )
    contents, decisions = gather(results, case), decision_sections(results, case)
    return environment.get_template("report.html.j2").render(
        case=case,
        study=results.study,
        contents=contents,
        summary=[_headed(paragraph) for paragraph in plain_words(results, case)],
        past=past_of(fits, contents.theories),
        decisions=decisions,
        decision_links=[(item.id, item.title) for item in decisions],
        parameters=parameter_rows(case),
        grades=grade_rows(case),
        evidence=evidence_rows(case),
        failed_worlds=results.failed_worlds,
        chance=[row for row in chance if row.level == row.level],
    )


def _plural(one: str, other: str, count: int) -> str:
    from ..language import t

    return t(one) if count == 1 else t(other)


def _measure_words(key: str) -> str:
    """A measure inside a sentence."""
    from ..language import language
    from .names import measure_word

    return key.replace("_", " ") if language() == "en" else measure_word(key)


def _headed(paragraph: str) -> tuple[str, str]:
    """A paragraph with the few words before its colon apart, if it begins with such words.

    >>> _headed("Trust: it would fall."), _headed("It would fall.")
    (('Trust', 'it would fall.'), ('', 'It would fall.'))
    """
    head, colon, rest = paragraph.partition(": ")
    return (head, rest) if colon and len(head) <= _LONGEST_HEAD else ("", paragraph)
