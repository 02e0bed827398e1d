"""The scoreboard of a back-test as one offline page: errors, coverage, places of observations, by cut-off, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from .shapes import GLYPHS, Scale, image, line, text

if TYPE_CHECKING:
    from ..calibration.scoreboard import Scoreboard
    from ..case.records import Case

__all__ = ["scoreboard_page", "write_scoreboard"]

_WIDTH, _LEFT, _RIGHT, _ROW = 900.0, 150.0, 860.0, 22.0
_REFERENCES = ("last_value", "seasonal_naive", "drift", "ets", "arima")
_BINS = 10
_HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width">'
)
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d2528}
body{background:#fbfbf9}h1{font-size:1.5rem}h3{font-size:1rem}
h2{font-size:1.2rem;margin-top:2.5rem;border-top:1px solid #d9dedb;padding-top:1rem}
svg{width:100%;height:auto;display:block}svg text{font-size:11px;fill:#1d2528}svg text.mute{fill:#566268}
.axis{stroke:#d9dedb;fill:none}.zero{stroke:#566268;stroke-dasharray:4 3;fill:none}.bar{fill:#9fb8bf}
.want{stroke:#a65a00;stroke-width:2;fill:none}
.pool{fill:#0b6e74}.null{fill:none;stroke:#1d2528;stroke-width:1.5}.naive{fill:#a65a00}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
td,th{padding:.15rem .6rem;text-align:right;border-bottom:1px solid #e6e9e7}
th:first-child,td:first-child{text-align:left}.scroll{overflow-x:auto}p.note{color:#566268;font-size:13px}
"""


def write_scoreboard(board: Scoreboard, case: Case, path: Path) -> Path:
    """Write the page; it opens without a network.

    Raises
    ------
    InputError
        If the path is a folder.
    StoreError
        If the file cannot be written.
    """
    from ..errors import InputError
    from ..study.atomic import make_folder, write_whole

    if path.is_dir():
        raise InputError("the page's file is a folder", given=str(path), expected="a file such as scoreboard.html")
    make_folder(path.parent)
    write_whole(path, scoreboard_page(board, case).encode())
    return path


def scoreboard_page(board: Scoreboard, case: Case) -> str:
    """The page as text."""
    from ..calibration.verdicts import CAN_ESTABLISH, verdicts

    words = Markup("").join(Markup("<li>{}</li>").format(item) for item in verdicts(board, case))
    parts = [
        Markup(_HEAD)
        + Markup(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        )
        + Markup("<title>Back-test</title><style>")
        + Markup(_STYLE)
        + Markup("</style></head><body><main>"),
        Markup("<h1>{}: forecasts of years they did not see</h1>").format(case.title),
        Markup("<ul>") + words + Markup("</ul>"),
        Markup('<p class="note">{}</p>').format(CAN_ESTABLISH),
        _key(board, case),
    ]
    for score, title in (("main", "Main series"), ("further", "Further series")):
        parts.append(Markup("<h2>{}</h2>").format(title))
        parts += [_series(board, case, name) for name in board.series if case.targets[name].score == score]
    return str(Markup("").join([*parts, Markup("</main></body></html>")]))


def _theories(board: Scoreboard, case: Case) -> list[str]:
    return [name for name in case.theories if name in board.members]


def _glyph(number: int, x: float, y: float) -> Markup:
    shape = GLYPHS[number % len(GLYPHS)]
    return Markup('<path transform="translate({:.1f} {:.1f})" fill="{}" d="{}"/>').format(
        x - 6, y - 6, shape.colour, shape.path
    )


def _key(board: Scoreboard, case: Case) -> Markup:
    """What the marks mean."""
    parts: list[str] = []
    for place, name in enumerate(_theories(board, case)):
        x, y = 10 + 220 * (place % 4), 12 + 20 * (place // 4)
        parts += [_glyph(place, x, y), text(x + 12, y + 4, case.theories[name].label)]
    last = 12 + 20 * (1 + len(_theories(board, case)) // 4)
    for place, (kind, label) in enumerate((("pool", "combined"), ("null", "no model"), ("naive", "naive, ETS, ARIMA"))):
        x = 10 + 220 * place
        parts += [
            Markup('<circle class="{}" cx="{}" cy="{}" r="5"/>').format(kind, x, last),
            text(x + 12, last + 4, label),
        ]
    return image(_WIDTH, last + 16, parts, "Marks of theories, of the combined forecast and of references", "key")


def _series(board: Scoreboard, case: Case, name: str) -> Markup:
    target = case.targets[name]
    drawn = Markup("<h3>{}</h3>").format(target.label) + _errors(board, case, name) + _places(board, name)
    table = _table(board, name)
    return drawn + Markup("<details><summary>In figures</summary>") + table + Markup("</details>")


def _errors(board: Scoreboard, case: Case, name: str) -> Markup:
    """Errors at every cut-off, one row each: left is better."""
    cutoffs = sorted({cutoff for series, cutoff, _ in board.by_cutoff if series == name})
    found = [value for (series, _, _), value in board.by_cutoff.items() if series == name]
    scale = Scale(0.0, 100 * max(found, default=1.0) * 1.05, _LEFT, _RIGHT)
    height = 34 + _ROW * len(cutoffs)
    parts: list[str] = []
    for tick in np.linspace(0, scale.high, 6):
        x = scale.at(float(tick))
        parts += [line(x, 14, x, height - 18, "axis"), text(x, height - 4, f"{tick:.0f} %", "mute", "middle")]
    for place, cutoff in enumerate(cutoffs):
        y = 24 + _ROW * place
        parts += [text(4, y + 4, f"known to {cutoff}"), line(_LEFT, y, _RIGHT, y, "axis")]
        for member in _REFERENCES:
            parts.append(_dot(board.by_cutoff.get((name, cutoff, member)), scale, y, "naive", 3.5))
        parts.append(_dot(board.by_cutoff.get((name, cutoff, "no-model")), scale, y, "null", 4.5))
        for number, theory in enumerate(_theories(board, case)):
            value = board.by_cutoff.get((name, cutoff, theory))
            if value is not None:
                parts.append(_glyph(number, scale.at(100 * value), y))
        parts.append(_dot(board.by_cutoff.get((name, cutoff, "combined")), scale, y, "pool", 5))
    return image(_WIDTH, height, parts, f"Errors of forecasts of {name} by cut-off, per cent; left is better", "errors")


def _dot(value: float | None, scale: Scale, y: float, kind: str, radius: float) -> Markup:
    if value is None:
        return Markup("")
    return Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="{}"/>').format(kind, scale.at(100 * value), y, radius)


def _places(board: Scoreboard, name: str) -> Markup:
    """Where observations fell in the combined forecast: even bars are right, a hump is too wide, a bowl too narrow."""
    found = board.places.get((name, "combined"))
    if found is None or not len(found):
        return Markup("")
    counts = np.histogram(found, bins=_BINS, range=(0.0, 1.0))[0]
    top = max(int(counts.max()), 1)
    width = (_RIGHT - _LEFT) / _BINS
    parts: list[str] = [text(4, 44, "places of"), text(4, 58, "observations")]
    for place, count in enumerate(counts):
        high = 60.0 * count / top
        parts.append(
            Markup('<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
                _LEFT + place * width + 1, 70 - high, width - 2, high
            )
        )
        parts.append(text(_LEFT + (place + 0.5) * width, 82, f"{10 * place}-{10 * (place + 1)}", "mute", "middle"))
    even = 70 - 60.0 * len(found) / _BINS / top
    parts.append(line(_LEFT, even, _RIGHT, even, "want"))
    label = f"Where {len(found)} observations of {name} fell in the combined forecast, by tenths; the line is even"
    return image(_WIDTH, 90, parts, label, "places")


def _table(board: Scoreboard, name: str) -> Markup:
    head = (
        "forecaster",
        "error, %",
        "first year",
        "second year",
        "in 50 %",
        "in 90 %",
        "against last value",
        "cut-offs",
    )
    rows = []
    for member in board.members:
        row, first, second = (board.of(name, member, year) for year in (0, 1, 2))
        if row is None:
            continue
        skill = board.skill(name, member, "last_value")
        cells = (
            f"{100 * row.crps:.1f}", *(f"{100 * part.crps:.1f}" if part else "" for part in (first, second)),
            f"{100 * row.coverage_50:.0f}", f"{100 * row.coverage_90:.0f}",
            "" if skill is None else f"{100 * skill:+.0f} %", str(row.cutoffs),
        )  # fmt: skip
        rows.append(
            Markup("<tr><td>{}</td>").format(member)
            + Markup("").join(Markup("<td>{}</td>").format(cell) for cell in cells)
            + Markup("</tr>")
        )
    top = Markup("").join(Markup('<th scope="col">{}</th>').format(word) for word in head)
    return (
        Markup('<div class="scroll"><table><thead><tr>') + top + Markup("</tr></thead><tbody>")
        + Markup("").join(rows) + Markup("</tbody></table></div>")
    )  # fmt: skip
