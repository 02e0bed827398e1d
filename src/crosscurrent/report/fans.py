"""Fan charts: the middle 90 and 50 of 100 worlds month by month, a policy over the status quo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from .. import calendar
from ..language import dated, t
from .names import MeasureName, Named
from .numbers import interval_text, number_text, round_step, round_up
from .shapes import Scale, band, image, line, text

if TYPE_CHECKING:
    from ..study.results import Results

__all__ = ["FanRow", "FanTable", "MonthlyBands", "fan_row", "monthly_bands", "shared_bands"]

Floats = npt.NDArray[np.float64]
_BANDS = (0.05, 0.25, 0.75, 0.95)
_WIDTH, _HEIGHT, _TOP, _BASE = 164.0, 106.0, 15.0, 91.0
_STEP = 3
"""One month in three is drawn: finer than the eye needs at this size, a third of the bytes."""
_TABLE_YEARS = (1, 2, 5, 10, 15, 20, 25)


@dataclass(frozen=True)
class MonthlyBands:
    """Bands of a measure by month, flows per average month."""

    name: MeasureName
    values: Floats
    """[policy, theory, month, level of 5, 25, 75 and 95 in 100]."""
    months: npt.NDArray[np.int64]
    """Months since January 2012."""
    low: float
    high: float
    """The one scale of all policies and theories; counts begin at zero."""


@dataclass(frozen=True)
class FanTable:
    """Bands of one measure under one policy in numbers."""

    years: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    """Theory and its 5 to 95 interval in each of the years."""


@dataclass(frozen=True)
class FanRow:
    """One measure under one policy, a drawing for each theory."""

    name: MeasureName
    unit: str
    cells: tuple[tuple[Named, Markup, str], ...]
    """Theory, drawing, and a line of words on the paired difference."""
    table: FanTable


def _days(months: npt.NDArray[np.int64]) -> Floats:
    first = np.datetime64(f"{calendar.START:%Y-%m}", "M") + months
    length = (first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")
    return np.asarray(length.astype(np.float64))


def monthly_bands(results: Results, name: MeasureName) -> MonthlyBands:
    """Read a measure's bands from the decision on; months of 28 and 31 days count as equally long."""
    paths = results.quantiles(name.id)
    decision = calendar.month_of_date(calendar.parse_month(results.study.decision))
    kept = paths.months >= decision
    months = paths.months[kept] if kept.any() else paths.months
    values = paths.values[:, :, kept] if kept.any() else paths.values
    values = values[..., [paths.levels.index(level) for level in _BANDS]]
    if name.flow:
        values = values / _days(months)[:, None] * (365.25 / 12)
    known = values[np.isfinite(values)]
    high = float(known.max()) if known.size else 1.0
    low = min(0.0, float(known.min())) if known.size else 0.0
    high = round_up(high) if high > low else low + 1.0
    return MonthlyBands(name, values, months, low, high)


def _outlines(bands: MonthlyBands, policy: int, theory: int) -> tuple[str, str]:
    """Outlines of the wide and of the narrow band; empty where nothing is known."""
    picked = np.arange(0, len(bands.months), _STEP)
    values = bands.values[policy, theory, picked]
    if not np.isfinite(values).all() or len(picked) < 2:
        return "", ""
    across = Scale(0, len(bands.months) - 1, 0, _WIDTH)
    up = Scale(bands.low, bands.high, _BASE, _TOP)
    x = [across.at(float(month)) for month in picked]
    y = np.vectorize(up.at)(values)
    return band(x, y[:, 0], y[:, 3]), band(x, y[:, 1], y[:, 2])


def shared_bands(bands: MonthlyBands, theories: tuple[Named, ...], status_quo: int) -> Markup:
    """Bands of the status quo, written once and used in the drawings of every policy."""
    parts = []
    for number, theory in enumerate(theories):
        wide, narrow = _outlines(bands, status_quo, number)
        parts.append(
            Markup('<g id="sq-{}-{}"><path class="aw" d="{}"/><path class="an" d="{}"/></g>').format(
                bands.name.id, theory.id, wide, narrow
            )
        )
    return Markup("").join(parts)


def fan_cell(
    bands: MonthlyBands, policy: tuple[int, Named], theory: tuple[int, Named], *, status_quo: bool
) -> Markup:
    """Drawing of one policy (ochre, solid edge) over the status quo (teal, dashed edge) under one theory."""
    name = bands.name
    parts = [line(0, _BASE, _WIDTH, _BASE, "ax")]
    parts.append(Markup('<use href="#sq-{}-{}"/>').format(name.id, theory[1].id))
    wide, narrow = _outlines(bands, policy[0], theory[0])
    if not status_quo:
        shape = Markup('<path class="bw" d="{}"/><path class="bn" d="{}"/><path class="bh" d="{}"/>')
        parts.append(shape.format(wide, narrow, wide))
    if not wide:
        parts.append(text(_WIDTH / 2, 40, t("no world left"), "lab", "middle"))
    first, last = (calendar.month_label(int(bands.months[place]))[:4] for place in (0, -1))
    parts += [
        text(0, 10, number_text(bands.high, round_step(bands.high)), "lab"),
        text(0, _HEIGHT - 3, first, "lab"),
        text(_WIDTH, _HEIGHT - 3, last, "lab", "end"),
    ]
    low, high = bands.values[policy[0], theory[0], -1, [0, 3]]
    label = (
        t(
            "{label}, {label_2}, under {label_3}: in {last}, 90 of 100 worlds lie at {float} {unit}",
            label=name.label, label_2=policy[1].label, label_3=theory[1].label, last=last,
            float=interval_text(float(low), float(high)), unit=_unit(name),
        )
    )
    return image(_WIDTH, _HEIGHT, parts, label, "fan")


def _unit(name: MeasureName) -> str:
    return t("{unit} per month", unit=name.unit_words) if name.flow else name.unit_words


def fan_table(bands: MonthlyBands, policy: int, theories: tuple[Named, ...]) -> FanTable:
    """The same bands in numbers, at the end of some years."""
    places = [12 * year - 1 for year in _TABLE_YEARS if 12 * year <= len(bands.months)]
    places = places or [len(bands.months) - 1]
    rows = []
    for number, theory in enumerate(theories):
        values = bands.values[policy, number]
        cells = tuple(interval_text(float(values[place, 0]), float(values[place, 3])) for place in places)
        rows.append((theory.label, cells))
    return FanTable(tuple(dated(calendar.month_label(int(bands.months[place]))) for place in places), tuple(rows))


def fan_row(
    bands: MonthlyBands,
    policy: tuple[int, Named],
    theories: tuple[Named, ...],
    words: tuple[str, ...],
    *,
    status_quo: bool,
) -> FanRow:
    """All drawings of a measure under one policy; ``words`` has a line for each theory."""
    cells = tuple(
        (theory, fan_cell(bands, policy, (number, theory), status_quo=status_quo), words[number])
        for number, theory in enumerate(theories)
    )
    return FanRow(bands.name, _unit(bands.name), cells, fan_table(bands, policy[0], theories))
