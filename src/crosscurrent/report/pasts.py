"""The past: the model's band and the observed figure by year, misses marked, for every theory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from ..language import own, t, unit_of
from .names import Named
from .numbers import interval_text, number_text, round_step, round_up
from .shapes import Scale, band, image, line, text
from .tables import Table

if TYPE_CHECKING:
    from ..analysis.historyfit import FitRow, HistoryFit, Target

__all__ = ["Past", "PastRow", "past_of"]

_WIDTH, _HEIGHT, _TOP, _BASE, _MARGIN = 164.0, 106.0, 16.0, 91.0, 6.0


@dataclass(frozen=True)
class PastRow:
    """One public series, a drawing for each theory, and the same in figures."""

    label: str
    unit: str
    cells: tuple[tuple[Named, Markup, str], ...]
    table: Table


@dataclass(frozen=True)
class Past:
    """All comparisons with the past."""

    rows: tuple[PastRow, ...]
    misses: Table
    worlds: int


def past_of(fits: Sequence[HistoryFit], theories: Sequence[Named]) -> Past | None:
    """Lay out the comparison with the past; the first fit is drawn, all are counted.

    Parameters
    ----------
    fits : sequence of HistoryFit
        Usually the past with its dated shocks, and without.
    theories : sequence of Named
        Of the report; the others of the fit are left out.
    """
    if not fits:
        return None
    first = fits[0]
    shown = [theory for theory in theories if theory.id in first.theories]
    rows = tuple(_row(first, target, shown) for target in first.targets)
    return Past(rows, _misses(fits, shown), first.worlds) if rows and shown else None


def _series(target: Target) -> str:
    return own(f"series.{target.series}.{target.measure}", target.label)


def _per(unit: str, period: str) -> str:
    return t("{unit} per fiscal year", unit=unit) if period == "fiscal year" else t("{unit} per year", unit=unit)


def _row(fit: HistoryFit, target: Target, theories: Sequence[Named]) -> PastRow:
    found = {theory.id: fit.of(target.measure, theory.id) for theory in theories}
    everything = [row for rows in found.values() for row in rows]
    high = max(max(row.p95, row.observed) for row in everything)
    low = min(0.0, *(min(row.p05, row.observed) for row in everything))
    scale = Scale(low, round_up(high) if high > low else low + 1.0, _BASE, _TOP)
    cells = tuple(
        (
            theory,
            _drawing(
                found[theory.id], scale, t("{series} under {theory}", series=_series(target), theory=theory.label)
            ),
            _count(found[theory.id]),
        )
        for theory in theories
    )
    return PastRow(
        _series(target), _per(unit_of(everything[0].unit), target.period), cells, _table(target, found, theories)
    )


def _count(rows: Sequence[FitRow]) -> str:
    missed = sum(row.missed for row in rows)
    return t("{missed} missed of {rows}", missed=missed, rows=len(rows))


def _drawing(rows: Sequence[FitRow], scale: Scale, title: str) -> Markup:
    """The middle 90 of 100 worlds, observed figures as dots, misses as crosses; later years set off."""
    if not rows:
        return image(_WIDTH, _HEIGHT, [text(_WIDTH / 2, 45, t("no figure"), "lab", "middle")], title, "fan")
    years = [row.year for row in rows]
    across = Scale(years[0], max(years[-1], years[0] + 1), _MARGIN, _WIDTH - _MARGIN)
    x = [across.at(year) for year in years]
    parts = [line(0, _BASE, _WIDTH, _BASE, "ax")]
    outline = band(x, [scale.at(row.p05) for row in rows], [scale.at(row.p95) for row in rows])
    parts.append(Markup('<path class="pw" d="{}"/>').format(outline))
    later = [row.year for row in rows if not row.is_target]
    if later and later[0] > years[0]:
        edge = across.at(later[0] - 0.5)
        parts.append(line(edge, _TOP - 4, edge, _BASE, "cut"))
    for place, row in zip(x, rows, strict=True):
        height = scale.at(row.observed)
        if row.missed:
            shape = Markup(
                '<path class="missed" d="M{0:.1f} {2:.1f}L{1:.1f} {3:.1f}M{1:.1f} {2:.1f}L{0:.1f} {3:.1f}"/>'
            )
            parts.append(shape.format(place - 3, place + 3, height - 3, height + 3))
        else:
            parts.append(Markup('<circle class="seen" cx="{:.1f}" cy="{:.1f}" r="2"/>').format(place, height))
    parts += [
        text(0, 10, number_text(scale.high, round_step(scale.high)), "lab"),
        text(0, _HEIGHT - 3, str(years[0]), "lab"),
    ]
    parts.append(text(_WIDTH, _HEIGHT - 3, str(years[-1]), "lab", "end"))
    return image(_WIDTH, _HEIGHT, parts, t("{title}: {count} years", title=title, count=_count(rows)), "fan")


def _table(target: Target, found: dict[str, tuple[FitRow, ...]], theories: Sequence[Named]) -> Table:
    years = sorted({row.year for rows in found.values() for row in rows})
    looked_at = {row.year for rows in found.values() for row in rows if row.is_target}
    observed = {row.year: row.observed for rows in found.values() for row in rows}
    lines: list[tuple[str, ...]] = [(t("Observed"), *(number_text(observed[year], 1.0) for year in years))]
    for theory in theories:
        by_year = {row.year: row for row in found[theory.id]}
        cells = []
        for year in years:
            row = by_year.get(year)
            words = interval_text(row.p05, row.p95) if row else "–"
            cells.append(t("{words} (missed)", words=words) if row and row.missed else words)
        lines.append((theory.label, *cells))
    head = (t("Theory"), *(f"{year}" if year in looked_at else t("{year} (later)", year=year) for year in years))
    name = _series(target)
    caption = {
        "year": t("{series}: observed, and 5 to 95 in 100 worlds by year", series=name),
        "fiscal year": t("{series}: observed, and 5 to 95 in 100 worlds by fiscal year", series=name),
    }
    return Table(caption[target.period], head, lines, 1)


def _misses(fits: Sequence[HistoryFit], theories: Sequence[Named]) -> Table:
    """Years missed of years compared, by theory: those that were looked at, and those that were not."""
    lines = []
    for theory in theories:
        cells = []
        for fit in fits:
            for is_target in (True, False):
                missed, compared = fit.misses(theory.id, is_target=is_target)
                cells.append(t("{missed} of {compared}", missed=missed, compared=compared))
        lines.append((theory.label, *cells))
    head = [t("Theory")]
    for fit in fits:
        if fit.shocks:
            head += [t("Up to 2020, with dated shocks"), t("Later years, with dated shocks")]
        else:
            head += [t("Up to 2020, without dated shocks"), t("Later years, without dated shocks")]
    return Table(t("Observed figures outside the middle 90 of 100 worlds"), tuple(head), lines, 1)
