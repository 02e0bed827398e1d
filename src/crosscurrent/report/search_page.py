"""A search as one page: what the front holds, what each gain costs, and how much of the promise was kept.

Inline drawings only; figures are those on fresh worlds, with two Monte-Carlo errors to either side.  No policy of the
front is singled out: which one suits depends on what a reader weighs.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from .numbers import number_text, rounding_step, tick_values
from .shapes import Scale, image, line, text

if TYPE_CHECKING:
    from ..study.search_run import Found, SearchResult

__all__ = ["search_page", "write_search_page"]

_WIDTH, _HEIGHT, _TOP, _BASE = 1080.0, 340.0, 46.0, 300.0
_CELL, _CELL_LEFT, _CELL_RIGHT, _CELL_TOP, _CELL_BASE = (360.0, 260.0), 62.0, 340.0, 22.0, 218.0
_STYLE = """
.pc{display:block;width:100%;height:auto;background:#fff}
.run{fill:none;stroke:#0b6e74;stroke-opacity:.5;stroke-width:1.1}
.run.dim{stroke:#7f888c;stroke-opacity:.45;stroke-dasharray:3 3}
.sq{fill:none;stroke:#1d2528;stroke-width:1.8;stroke-dasharray:6 3}
.dot{fill:#0b6e74;fill-opacity:.75}.dot.dim{fill:#7f888c}.bar{stroke:#0b6e74;stroke-opacity:.3;stroke-width:1;fill:none}
.trace{fill:none;stroke:#a65a00;stroke-width:1.8}
"""


def write_search_page(result: SearchResult, title: str, path: Path) -> Path:
    """Write the page of a search.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    from ..study.atomic import write_whole

    write_whole(path, search_page(result, title).encode())
    return path


def search_page(result: SearchResult, title: str) -> str:
    """The page as text; every word is escaped."""
    from jinja2 import Environment, FileSystemLoader

    folder = Path(__file__).parent / "templates"
    style = Environment(loader=FileSystemLoader(folder), autoescape=False).get_template("styles.css.j2").render()
    search = result.search
    facts = (
        f"{result.evaluations:,} policies judged on {search.worlds} worlds of {len(search.theories)} theories, "
        f"{search.years} years from {search.decision}, seed {search.seed}; {len(result.front)} on the front, judged "
        f"again on {search.fresh_worlds} fresh worlds a theory; {result.broken:,} broke a constraint or could not be "
        f"judged; {result.failed_worlds:,} failed runs of a world."
    )
    body = Markup("").join(
        [
            Markup('<section><h2>What the front holds</h2>{}</section>').format(_parallel(result)),
            Markup("<section><h2>What each gain costs</h2>{}</section>").format(_pairs(result)),
            Markup("<section><h2>How much of the promise was kept</h2>{}</section>").format(_promises(result)),
            Markup("<section><h2>Had the search settled?</h2>{}</section>").format(_trace(result)),
            Markup("<section><h2>The policies in figures</h2>{}</section>").format(_table(result)),
            Markup("<section><h2>Method and limits</h2>{}</section>").format(_method()),
        ]
    )  # fmt: skip
    head = Markup(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width, initial-scale=1"><meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">"
        "<title>{0}: search</title><style>"
    ).format(title)
    intro = Markup(
        '</style></head><body><header><p class="brand">Crosscurrent search</p><h1>{0}: policies that no other found '
        'policy betters in everything</h1><p class="intro">Levers of force were not searched; they stay as the policy '
        '<code>{1}</code> sets them.</p><p class="facts">{2}</p></header><main>'
    ).format(title, search.base, facts)
    return str(head + Markup(style + _STYLE) + intro + body + Markup("</main></body></html>\n"))


def _names(result: SearchResult) -> list[str]:
    return [item.label for item in result.search.objectives]


def _spans(result: SearchResult) -> list[tuple[float, float]]:
    """Range of each objective over the front, with the status quo."""
    rows = np.array([*(found.fresh for found in result.front), result.status_quo], dtype=np.float64)
    low, high = np.nanmin(rows, axis=0), np.nanmax(rows, axis=0)
    return [(float(a), float(b) if b > a else float(a) + 1.0) for a, b in zip(low, high, strict=True)]


def _kept(found: Found) -> bool:
    return found.holds and found.on_front


def _parallel(result: SearchResult) -> Markup:
    """Parallel coordinates: one line a policy, one upright a objective, the wanted end on top."""
    objectives, spans = result.search.objectives, _spans(result)
    gap = _WIDTH / len(objectives)
    places = [gap * (number + 0.5) for number in range(len(objectives))]
    scales = [
        Scale(low, high, _BASE, _TOP) if item.direction == "higher" else Scale(low, high, _TOP, _BASE)
        for item, (low, high) in zip(objectives, spans, strict=True)
    ]
    parts = [_run(found.fresh, places, scales, "run" if _kept(found) else "run dim") for found in result.front]
    parts.append(_run(result.status_quo, places, scales, "sq"))
    for item, x, scale in zip(objectives, places, scales, strict=True):
        parts.append(line(x, _TOP, x, _BASE, "ax"))
        parts.append(text(x, 16, item.measure.replace("_", " "), "num", "middle"))
        unit = "index" if item.unit == "1" else item.unit
        parts.append(text(x, 30, f"{item.direction} is wanted, {unit}", "lab", "middle"))
        step = rounding_step(scale.low, scale.high)
        for value in tick_values(scale.low, scale.high, 4):
            parts.append(text(x + 5, scale.at(value) + 4, number_text(value, step), "lab"))
    label = f"Parallel coordinates of {len(result.front)} policies over {len(objectives)} objectives; figures below."
    note = (
        "One line a policy, figures on fresh worlds; every upright has the wanted end on top. Full lines: keeps the "
        "constraints and is bettered in everything by no other policy of the front on fresh worlds either. Dotted: "
        "not. Dashed and dark: the status quo."
    )
    return Markup("<p>{}</p>{}").format(note, image(_WIDTH, _HEIGHT, parts, label, "pc"))


def _run(values: Sequence[float], places: Sequence[float], scales: Sequence[Scale], kind: str) -> Markup:
    pairs = [(x, scale.at(v)) for v, x, scale in zip(values, places, scales, strict=True) if np.isfinite(v)]
    points = " ".join(f"{x:.0f} {y:.1f}" for x, y in pairs)
    return Markup('<path class="{}" d="M{}"/>').format(kind, points) if pairs else Markup("")


def _pairs(result: SearchResult) -> Markup:
    """Every two objectives against each other."""
    spans = _spans(result)
    panels = [_pair(result, a, b, spans) for a, b in itertools.combinations(range(len(result.search.objectives)), 2)]
    return Markup(
        "<p>Each point is a policy on fresh worlds, its bars two Monte-Carlo errors (cut at the frame); the cross is "
        "the status quo.</p>"
        '<div class="panels">{}</div>'
    ).format(Markup("").join(panels))


def _pair(result: SearchResult, a: int, b: int, spans: list[tuple[float, float]]) -> Markup:
    x, y = Scale(*_wider(spans[a]), _CELL_LEFT, _CELL_RIGHT), Scale(*_wider(spans[b]), _CELL_BASE, _CELL_TOP)
    parts = [line(_CELL_LEFT, _CELL_BASE, _CELL_RIGHT, _CELL_BASE, "ax"),
             line(_CELL_LEFT, _CELL_TOP, _CELL_LEFT, _CELL_BASE, "ax")]  # fmt: skip
    for value in tick_values(x.low, x.high, 4):
        parts.append(text(x.at(value), _CELL_BASE + 13, number_text(value, rounding_step(*spans[a])), "lab", "middle"))
    for value in tick_values(y.low, y.high, 4):
        parts.append(text(_CELL_LEFT - 4, y.at(value) + 4, number_text(value, rounding_step(*spans[b])), "lab", "end"))
    for found in result.front:
        if np.isfinite([found.fresh[a], found.fresh[b]]).all():
            parts.append(_point(found, (a, b), (x, y)))
    at = x.at(result.status_quo[a]), y.at(result.status_quo[b])
    parts.append(Markup('<path class="sq" style="stroke-dasharray:none" d="M{0:.0f} {1:.0f}h10m-5 -5v10"/>').format(
        at[0] - 5, at[1]))  # fmt: skip
    first, second = (result.search.objectives[place].measure.replace("_", " ") for place in (a, b))
    parts.append(text(_CELL_RIGHT, _CELL_BASE + 30, f"{first} →", "lab", "end"))
    parts.append(text(4, 12, f"↑ {second}", "lab"))
    label = f"{first} against {second}; figures below."
    return Markup("<figure>{}</figure>").format(image(*_CELL, parts, label, "cross"))


def _wider(span: tuple[float, float]) -> tuple[float, float]:
    margin = 0.06 * (span[1] - span[0])
    return span[0] - margin, span[1] + margin


def _point(found: Found, places: tuple[int, int], scales: tuple[Scale, Scale]) -> Markup:
    ends = []
    for place, scale in zip(places, scales, strict=True):
        value, error = found.fresh[place], found.errors[place]
        error = 2.0 * error if np.isfinite(error) else 0.0
        low, high = max(value - error, scale.low), min(value + error, scale.high)
        ends.append((scale.at(low), scale.at(value), scale.at(high)))
    (x1, x, x2), (y1, y, y2) = ends
    kind = "dot" if _kept(found) else "dot dim"
    return Markup(
        '<path class="bar" d="M{:.0f} {:.0f}H{:.0f}M{:.0f} {:.0f}V{:.0f}"/><circle class="{}" cx="{:.1f}" cy="{:.1f}" '
        'r="2.6"><title>{}</title></circle>'
    ).format(x1, y, x2, x, y1, y2, kind, x, y, found.id)


def _promises(result: SearchResult) -> Markup:
    """What the best of many noisy figures promised, and what fresh worlds kept of it."""
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th><td>{} {}</td><td>{}</td><td>{}</td><td>{} of 100</td></tr>').format(
            item.objective.label, number_text(item.worse), item.objective.unit, number_text(item.error),
            number_text(100 * item.left) + " %" if np.isfinite(item.left) else "no gain was promised",
            number_text(round(100 * item.share_worse)),
        )
        for item in result.promises
    )  # fmt: skip
    return Markup(
        "<p>The front was chosen for its figures on the search's own worlds, so part of what it promised was luck. "
        "Above 0 is worse than promised.</p>"
        '<div class="scroll"><table><thead><tr><th scope="col">Objective</th><th scope="col">Worse than promised, mean '
        'of the front</th><th scope="col">Monte-Carlo error of one policy</th><th scope="col">Gain over the status quo '
        'that is left</th><th scope="col">Policies worse than promised</th></tr></thead><tbody>{}</tbody></table></div>'
    ).format(rows)


def _trace(result: SearchResult) -> Markup:
    """Hypervolume and new boxes of the archive, generation by generation."""
    trace = result.trace
    last = trace[-1]
    x = Scale(0.0, float(last.evaluations), _CELL_LEFT, _CELL_RIGHT)
    panels = []
    for name, values in (
        ("share of the box dominated", [point.hypervolume for point in trace]),
        ("policies that entered a new box so far", [float(point.progress) for point in trace]),
    ):
        top = max(*values, 1e-9) * 1.05
        y = Scale(0.0, top, _CELL_BASE, _CELL_TOP)
        points = " ".join(f"{x.at(p.evaluations):.0f} {y.at(v):.1f}" for p, v in zip(trace, values, strict=True))
        parts = [line(_CELL_LEFT, _CELL_BASE, _CELL_RIGHT, _CELL_BASE, "ax"), text(4, 12, f"↑ {name}", "lab"),
                 line(_CELL_LEFT, _CELL_TOP, _CELL_LEFT, _CELL_BASE, "ax"),
                 Markup('<path class="trace" d="M{}"/>').format(points)]  # fmt: skip
        for value in tick_values(0.0, top, 4):
            label = number_text(value, rounding_step(0.0, top))
            parts.append(text(_CELL_LEFT - 4, y.at(value) + 4, label, "lab", "end"))
        for value in tick_values(0.0, float(last.evaluations), 3):
            parts.append(text(x.at(value), _CELL_BASE + 13, number_text(value, 1.0), "lab", "middle"))
        parts.append(text(_CELL_RIGHT, _CELL_BASE + 30, "policies judged →", "lab", "end"))
        panels.append(Markup("<figure>{}</figure>").format(image(*_CELL, parts, f"{name} by policies judged", "cross")))
    words = (
        f"After the last generation the archive held {last.kept} policies and dominated {100 * last.hypervolume:.1f} % "
        f"± {100 * last.hypervolume_error:.1f} of a box that the first generation fixes. Curves that still rise say "
        "that more evaluations would find more."
    )
    return Markup('<p>{}</p><div class="panels">{}</div>').format(words, Markup("").join(panels))


def _table(result: SearchResult) -> Markup:
    columns = ("Policy", *_names(result), "What it sets")
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in columns)
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}<td>{}</td></tr>').format(
            found.id + ("" if found.holds else " (breaks a constraint)"),
            Markup("").join(
                Markup("<td>{} → {} ± {}</td>").format(number_text(s), number_text(f), number_text(e))
                for s, f, e in zip(found.sample, found.fresh, found.errors, strict=True)
            ),
            settings_words(found, result.search.base),
        )
        for found in result.front
    )
    return Markup(
        "<p>On the search's worlds → on fresh worlds ± Monte-Carlo error. <code>front.yaml</code> beside this page "
        "holds the same policies in the form of a case's <code>policies.yaml</code>, ready to be compared in full.</p>"
        '<details><summary>{} policies</summary><div class="scroll" tabindex="0"><table class="fix"><thead><tr>{}</tr>'
        "</thead><tbody>{}</tbody></table></div></details>"
    ).format(len(result.front), head, rows)


def settings_words(found: Found, base: str) -> str:
    """What a policy sets, in words."""
    policy = found.policy
    parts = [
        f"{name.replace('_', ' ')} {value:g}" + (f" from week {policy.starts[name]}" if policy.starts.get(name) else "")
        for name, value in policy.levers.items()
    ]
    for rule in policy.rules:
        bound = f"above {rule.above:g}" if rule.above is not None else f"below {rule.below:g}"
        then = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in rule.then.items())
        parts.append(f"if {rule.when.replace('_', ' ')} is {bound} for {rule.for_weeks} weeks: {then}")
    return "; ".join(parts) or f"as {base}"


def _method() -> Markup:
    links = {
        "NSGA-II": "https://doi.org/10.1109/4235.996017",
        "NSGA-III": "https://doi.org/10.1109/TEVC.2013.2281535",
        "archive": "https://doi.org/10.1162/106365602760234108",
        "curse": "https://doi.org/10.1287/mnsc.1050.0451",
    }
    return Markup(
        '<p>A genetic algorithm (<a href="{}">NSGA-II</a> for up to three objectives, <a href="{}">NSGA-III</a> for '
        'more) asks for policies; an archive keeps <a href="{}">one policy a box</a> of the objectives. Each criterion '
        "is a statistic over worlds, then the worst or the mean of the theories. The front is judged again on worlds "
        'that played no part, because <a href="{}">the best of many noisy figures disappoints</a>; errors come from '
        "eight scrambles of those worlds.</p>"
        "<p>Limits: the front is what this search found, not all there is; a policy between two of its points may do "
        "as well. Shares and medians are over worlds drawn from stated beliefs. Levers of force are never searched.</p>"
    ).format(*links.values())
