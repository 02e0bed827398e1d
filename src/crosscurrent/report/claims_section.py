"""The section on claims: what the documents assert, in which share of worlds it holds, theory by theory.

One neutral ink for all camps; order by subject; nothing is counted up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from ..analysis.claims_wording import (
    KIND_NAMES,
    KIND_WORDS,
    closing_words,
    need_words,
    origin_words,
    size_words,
    statement_of,
    unchanged_note,
    verdict_words,
)
from ..analysis.flips_wording import in_hundred
from ..language import language, msg, own, said, t, theory_id, tn
from .names import Named, theory_names
from .section import Section

if TYPE_CHECKING:
    from ..analysis.claims_records import Audit, ClaimAudit, Examination, Reading
    from ..case.records import Case
    from ..study.results import Results

__all__ = ["Row", "claim_bars", "claim_rows", "section", "theory_key"]

_STEP, _WIDE, _TALL = 44.0, 36.0, 22.0
_INTRODUCTION = msg(
    "Each claim of the documents as a statement that can fail in a world, whoever makes it. Bars: share of worlds in "
    "which it holds, under each theory in this order, at the last date of the claim; ticks at 20 and 80 of 100; "
    "whiskers 1.645 Monte-Carlo errors."
)
_REFERENCES = msg(
    "Equivalence margins: Schuirmann 1987, doi:10.1007/BF01068419; three unseen worlds as the least error: Hanley and "
    "Lippman-Hand 1983, doi:10.1001/jama.1983.03330370053031; errors between scrambles: Owen 1997, "
    "doi:10.1214/aos/1031594731."
)


@dataclass(frozen=True)
class Row:
    """A claim as the page shows it."""

    item: ClaimAudit
    source: str
    verdict: str
    """Verdict in a sentence, or why there is none."""
    drawings: tuple[tuple[str, Markup], ...]
    """Caption and bars for each date that can be read."""
    also: tuple[tuple[Examination, str], ...]


def section(results: Results, case: Case) -> Section | None:
    """Claims against this study, in a table with bars; None if the case has no claims."""
    from ..analysis.claims import audit_claims

    if not case.claims:
        return None
    audit = audit_claims(results, case, brief=True)
    names = {item.id: item for item in theory_names(results, case)}
    parts = [Markup("<p>{}</p>").format(t(_INTRODUCTION)), theory_key(audit, names)]
    rows = [row for row in claim_rows(audit, last_only=True) if row.item.main is not None]
    parts.append(_table(rows))
    parts += [Markup("<p class=note>{}</p>").format(text) for text in closing_words(audit)]
    undecided = [item for item in audit.claims if item.main is None]
    if undecided:
        listed = Markup("; ").join(
            Markup("{} ({})").format(statement_of(item.claim).rstrip("."), said(item.why).rstrip("."))
            for item in undecided
        )
        parts.append(Markup(t(
            "<details><summary>Claims that no simulation can decide, with the "
            "reason</summary><p>{}.</p></details>",
        )).format(listed))  # fmt: skip
    if audit.needs:
        text = t(
            "For the claims without bars {needs}. The command claims says how to add it.", needs=need_words(audit.needs)
        )
        parts.append(Markup("<p class=note>{}</p>").format(text))
    kinds = "; ".join(f"{t(KIND_NAMES[name])}: {t(words)}" for name, words in KIND_WORDS.items())
    parts.append(Markup(t("<p class=note>Kinds. {}. {}</p>")).format(kinds, t(_REFERENCES)))
    return Section("claims", t("Do the claims of supporters and critics hold?"), Markup("\n").join(parts))


def theory_key(audit: Audit, names: dict[str, Named]) -> Markup:
    """The theories in the order of the bars, with the ticks that all bars use."""
    order = [*audit.theories, *([audit.mixture] if audit.mixture else [])]
    items = [
        Markup("<li>{} {}</li>").format(names[name].mark, names[name].label)
        if name in names
        else Markup("<li>{}</li>").format(theory_id(name))
        for name in order
    ]
    ticks = "".join(
        f"M{x:.0f} 2v18M{x + 0.2 * _WIDE:.1f} 2v18M{x + 0.8 * _WIDE:.1f} 2v18M{x + _WIDE:.0f} 2v18"
        for x in (number * _STEP for number in range(len(order)))
    )
    # Drawn once and used by every claim's bars.
    shared = (
        '<svg width="0" height="0" style="position:absolute" aria-hidden="true" focusable="false"><defs>'
        f'<path id="claim-ticks" class="tick" d="{ticks}"/></defs></svg>'
    )
    return Markup(shared) + Markup('<ul class="keys" aria-label="{}">{}</ul>').format(
        t("Theories in the order of the bars"), Markup("").join(items)
    )


def claim_rows(audit: Audit, *, last_only: bool) -> list[Row]:
    """All claims with their sentences and bars; of the last date that can be read, or of every one."""
    order = [*audit.theories, *([audit.mixture] if audit.mixture else [])]
    rows = []
    for item in audit.claims:
        main = item.main
        drawings = _drawings(main, order, last_only) if main is not None else ()
        verdict = (
            verdict_words(main, audit.theories)
            if main is not None
            else t(
                "Not decided by simulation: {why}",
                why=said(item.why),
            )
        )
        if main is not None:
            more = (size_words(main, audit.theories), unchanged_note(main.readings))
            verdict = " ".join([verdict, *(text for text in more if text)])
        also = tuple((found, verdict_words(found, audit.theories)) for found in item.also)
        rows.append(Row(item, origin_words(item), verdict, drawings, also))
    return rows


def _drawings(found: Examination, order: Sequence[str], last_only: bool) -> tuple[tuple[str, Markup], ...]:
    months = sorted({reading.month for reading in found.readings})
    drawn = []
    for month in months[-1:] if last_only else months:
        by_theory = {reading.theory: reading for reading in found.readings if reading.month == month}
        readings = [by_theory[name] for name in order if name in by_theory]
        caption = tn(
            "after {count} month, {worlds} worlds a theory", "after {count} months, {worlds} worlds a theory", month,
            worlds=f"{min(r.worlds for r in readings):,}",
        )  # fmt: skip
        drawn.append((caption, claim_bars(readings)))
    return tuple(drawn)


def claim_bars(readings: Sequence[Reading]) -> Markup:
    """One bar for each theory, in one ink: the share of worlds in which a claim holds."""
    bars, whiskers = [], []
    for number, reading in enumerate(readings):
        x, share, reach = number * _STEP, reading.holds.value, 1.645 * reading.holds.error
        if share == share:
            bars.append(f"M{x:.0f} 5h{share * _WIDE:.1f}v12h{-share * _WIDE:.1f}z")
            low, high = max(share - reach, 0.0), min(share + reach, 1.0)
            whiskers.append(f"M{x + low * _WIDE:.1f} 11H{x + high * _WIDE:.1f}")
    words = ", ".join(f"{theory_id(reading.theory)} {in_hundred(reading.holds.value)}" for reading in readings)
    label = t("Worlds of 100 in which it holds: {words}", words=words)
    width = _STEP * max(len(readings), 1)
    return Markup(
        f'<svg class="claim" viewBox="0 0 {width:.0f} {_TALL:.0f}" role="img" aria-label="{escape(label)}">'
        f'<use href="#claim-ticks"/><path class="held" d="{"".join(bars)}"/>'
        f'<path class="reach" d="{"".join(whiskers)}"/></svg>'
    )


def _subject(name: str) -> str:
    return name if language() == "en" else own(f"subsystem.{name}", name)


def _table(rows: Sequence[Row]) -> Markup:
    lines = []
    for row in rows:
        claim, main = row.item.claim, row.item.main
        words = main.words if main is not None else ""
        kind = (
            " " + t("Kind: {kind}.", kind=t(KIND_NAMES[main.kind]))
            if main is not None and main.kind != "finding"
            else ""
        )
        bars = Markup("").join(Markup("{}<small>{}</small>").format(drawn, text) for text, drawn in row.drawings)
        lines.append(
            Markup("<tr><th scope=row>{}<small>{}; {}</small></th><td>{}.{}</td><td>{}</td><td>{}</td></tr>").format(
                statement_of(claim),
                _subject(claim.subsystem),
                row.source,
                words[:1].upper() + words[1:],
                kind,
                bars,
                row.verdict,
            )
        )
    head = Markup("").join(
        Markup("<th scope=col>{}</th>").format(word)
        for word in (
            t("Claim, who asserts it"),
            t("Test"),
            t("Holds"),
            t(
                "Verdict",
            ),
        )
    )
    return Markup(
        t(
            '<div class="scroll" tabindex="0" role="region" aria-label="Claims"><table '
            'class="claims"><caption>Claims by '
            "subject</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        )
    ).format(head, Markup("\n").join(lines))
