"""Scenario discovery in the report: where the status quo does worst, what was traded on the way, and what the box says.

Two questions are answered here; the command asks any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from ..analysis.discovery_words import (
    box_words,
    category_word,
    factor_word,
    kind_word,
    limit_words,
    quantile_words,
)
from ..analysis.interest import FEWEST_WORLDS
from ..errors import InputError
from ..language import foreign, msg, said, t
from .names import measure_name
from .numbers import number_text
from .section import Section
from .shapes import Scale, image, line, text

if TYPE_CHECKING:
    from ..analysis.discovery import Box, Discovery, Restriction
    from ..analysis.factors import Factors
    from ..case.records import Case
    from ..study.results import Results

__all__ = ["section", "trajectory_chart"]

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BASE = 340.0, 240.0, 44.0, 326.0, 18.0, 204.0
_ROW, _NAMES, _END = 26.0, 190.0, 460.0
_RESAMPLES = 8
"""Halves of the worlds tried for a report: enough to say whether a factor recurs."""
_HEADLINES = ("homicides", "overdose_deaths")
_REFERENCES = (
    ("Friedman and Fisher 1999", "https://doi.org/10.1023/A:1008894516817"),
    ("Bryant and Lempert 2010", "https://doi.org/10.1016/j.techfore.2009.08.002"),
    ("Meinshausen and Bühlmann 2010", "https://doi.org/10.1111/j.1467-9868.2010.00740.x"),
)


def section(results: Results, case: Case) -> Section | None:
    """The boxes of the worst worlds of the first two headline measures under the status quo.

    Says why where there is no box; None if the study has too few worlds to look for one.
    """
    from ..analysis.factors import gather_factors
    from ..analysis.summary import main_measures

    if results.study.worlds * len(results.theories) < FEWEST_WORLDS:
        return None
    factors, main = gather_factors(results, case), main_measures(results)
    asked = [name for name in _HEADLINES if name in main] or list(main[:1])
    parts = [_part(results, case, name, factors) for name in asked]
    return Section("discovery", t("In which worlds does it go worst?"), Markup("").join([_intro(), *parts, _method()]))


def _part(results: Results, case: Case, measure: str, factors: Factors) -> Markup:
    from ..analysis.discovery import discover

    name = measure_name(measure, results)
    head = Markup(t("<h3>{}, under the status quo</h3>")).format(name.label)
    try:
        found = discover(results, case, measure=measure, boxes=1, resamples=_RESAMPLES, factors=factors)
    except InputError as error:
        return head + Markup(t("<p>Not looked for in this study: {}.</p>")).format(foreign(error.message))
    if not found.boxes:
        return head + _question(found, name.unit_words) + Markup(
            t(
                "<p><b>Nothing found:</b> {}. A few assumptions do not tell the worst worlds, or more "
                "worlds are needed to see it (<code>crosscurrent extend DIR --worlds N</code>).</p>",
            )
        ).format(said(found.nothing))  # fmt: skip
    box = found.boxes[0]
    return head + _question(found, name.unit_words) + _answer(found, box) + _charts(found, box) + _table(box)


def _intro() -> Markup:
    return Markup(
        t(
            "<p>A policy that does well on the whole may do badly in some worlds. Here the worst "
            "fifth of the worlds is described by a few limits on assumptions, a <i>box</i>. "
            "<i>Coverage</i> says how many of the worst worlds lie in it, <i>density</i> how many of "
            "the worlds in it are among the worst.</p>",
        )
    )


def _question(found: Discovery, unit: str) -> Markup:
    sentence = (
        msg("Of interest are {}, above {} {}: {:,} of {:,} worlds of all theories.")
        if found.side == "higher"
        else msg("Of interest are {}, below {} {}: {:,} of {:,} worlds of all theories.")
    )
    words = [
        t(sentence).format(found.chosen, number_text(found.threshold), unit, found.interesting, found.worlds),
        t(
            "{count} assumptions were searched for a few limits that hold these worlds and little else.",
            count=found.factors,
        ),
    ]
    if found.failed:
        words.append(t("{count} failed worlds are left out.", count=f"{found.failed:,}"))
    return Markup("<p>{}</p>").format(" ".join(words))


def _answer(found: Discovery, box: Box) -> Markup:
    names = Markup("; ").join(
        Markup("<b>{}</b> {}").format(factor_word(entry.factor), limit_words(entry)) for entry in box.restrictions
    )
    return Markup(t("<p>The box: {}. {}</p>")).format(names, box_words(found, box))


def _charts(found: Discovery, box: Box) -> Markup:
    drawings = (
        (t("What is traded: each dot is a box on the way"), trajectory_chart(found, box)),
        (t("The box on the scale of prior beliefs"), _limits_chart(box)),
    )
    figures = Markup("").join(
        Markup("<figure><figcaption>{}</figcaption>{}</figure>").format(words, drawing) for words, drawing in drawings
    )
    return Markup('<div class="panels">{}</div>').format(figures)


def trajectory_chart(found: Discovery, box: Box) -> Markup:
    """Coverage across, density up: boxes on the way, the one chosen, and the one left after pruning."""
    x, y = Scale(0.0, 1.0, _LEFT, _RIGHT), Scale(0.0, 1.0, _BASE, _TOP)
    parts = [line(_LEFT, _BASE, _RIGHT, _BASE, "ax"), line(_LEFT, _TOP, _LEFT, _BASE, "ax")]
    for share in (0.0, 0.5, 1.0):
        parts.append(text(x.at(share), _BASE + 13, f"{100 * share:.0f}", "lab", "middle"))
        parts.append(text(_LEFT - 5, y.at(share) + 4, f"{100 * share:.0f}", "lab", "end"))
    parts.append(line(_LEFT, y.at(found.base), _RIGHT, y.at(found.base), "cut"))
    parts.append(text(_LEFT + 4, y.at(found.base) - 4, t("all worlds"), "lab"))
    places = [(x.at(point.coverage), y.at(point.density)) for point in box.trajectory]
    way = " ".join(f"{a:.0f} {b:.0f}" for a, b in places)
    parts.append(Markup('<path class="arm" d="M{}"/>').format(way))
    dots = "".join(f"M{a:.0f} {b:.0f}h0" for a, b in places)
    parts.append(Markup('<path class="dots" d="{}"/>').format(dots))
    across, up = x.at(box.coverage), y.at(box.density)
    parts.append(Markup('<circle class="move" cx="{:.0f}" cy="{:.0f}" r="5"/>').format(across, up))
    parts.append(text(across + 8, up - 6, t("the box"), "num"))
    parts.append(text(_RIGHT, _BASE + 28, t("coverage: of 100 interesting worlds, in the box →"), "lab", "end"))
    parts.append(text(4, 11, t("↑ density: of 100 worlds in the box, interesting"), "lab"))
    label = t(
        "Coverage against density of {trajectory} boxes, from all worlds (density {base} of 100) "
        "to the densest; the box shown covers {coverage} at density {density}.",
        trajectory=len(box.trajectory),
        base=f"{100 * found.base:.0f}",
        coverage=f"{100 * box.coverage:.0f}",
        density=f"{100 * box.density:.0f}",
    )
    return image(_WIDTH, _HEIGHT, parts, label, "cross")


def _limits_chart(box: Box) -> Markup:
    """A bar for each restricted factor: what of the prior lies inside."""
    x = Scale(0.0, 1.0, _NAMES, _END)
    parts = []
    for row, entry in enumerate(box.restrictions):
        middle = 8 + _ROW * (row + 0.5)
        parts.append(text(_NAMES - 6, middle + 4, factor_word(entry.factor), "", "end"))
        if entry.categories:
            parts += _squares(entry, middle)
            continue
        low, high = entry.low_quantile or 0.0, 1.0 if entry.high_quantile is None else entry.high_quantile
        parts.append(line(x.at(0), middle, x.at(1), middle, "ax"))
        parts.append(Markup('<path class="hold" d="M{:.0f} {:.0f}H{:.0f}v10H{:.0f}Z"/>').format(
            x.at(low), middle - 5, x.at(high), x.at(low)))  # fmt: skip
    base = 8 + _ROW * len(box.restrictions)
    for share in (0.0, 0.5, 1.0):
        parts.append(text(x.at(share), base + 12, f"{share:g}", "lab", "middle"))
    parts.append(text(_END, base + 26, t("quantile of what was believed beforehand →"), "lab", "end"))
    words = "; ".join(
        f"{foreign(entry.factor)} {quantile_words(entry) or limit_words(entry)}" for entry in box.restrictions
    )
    return image(_END + 12, base + 32, parts, t("Limits of the box as prior quantiles: {words}", words=words), "cross")


def _squares(entry: Restriction, middle: float) -> list[Markup]:
    """Categories inside in bold, those left out pale."""
    inside = ", ".join(category_word(entry.factor, name) for name in entry.categories)
    words = (
        inside
        if len(inside) <= 40
        else t("{count} of {total}", count=len(entry.categories), total=len(entry.categories + entry.left_out))
    )
    out = ", ".join(category_word(entry.factor, name) for name in entry.left_out)
    parts = [text(_NAMES, middle + 4, words, "num")]
    if len(words) + len(out) <= 44:
        parts.append(text(_END, middle + 4, t("not {out}", out=out), "lab", "end"))
    return parts


def _table(box: Box) -> Markup:
    rows = Markup("").join(
        Markup(
            '<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td>{:.0f}</td><td>{}</td><td>{:.0f}</td><td>{}</td></tr>'
        ).format(
            foreign(entry.factor), limit_words(entry), quantile_words(entry) or "–",
            100 * (entry.density_without or 0.0),
            t("below 1e-9") if (entry.quasi_p or 0.0) < 1e-9 else f"{entry.quasi_p:.1g}",
            100 * (entry.recurrence or 0.0), kind_word(entry.grade, entry.kind),
        )
        for entry in box.restrictions
    )  # fmt: skip
    head = Markup("").join(
        Markup('<th scope="col">{}</th>').format(word)
        for word in (
            t("Assumption"), t("Inside the box"), t("Prior quantiles"), t("Density without it, in 100"), "Quasi-p",
            t("Recurs, in 100 halves"), t("Evidence"),
        )
    )  # fmt: skip
    return Markup(
        t(
            '<div class="scroll" tabindex="0" role="region" aria-label="Limits of the box"><table '
            'class="fix"><caption>Limits of the '
            "box</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        )
    ).format(head, rows)


def _method() -> Markup:
    links = Markup(", ").join(
        Markup('<a href="{}" rel="noopener">{}</a>').format(url, name) for name, url in _REFERENCES
    )
    return Markup(
        t(
            '<p class="note">Method: PRIM peels a twentieth of the worlds at a time ({}); factors '
            "must recur in halves of the worlds, limits must pass a binomial test corrected for the "
            "number tried, and the box must hold in worlds that it was not fitted to ({} halves). An "
            "axis works through its parameters, so one may stand for the other. Shares are shares of "
            "worlds drawn from stated beliefs; ± is their Monte-Carlo error. <code>crosscurrent "
            "discover DIR --difference A,B</code> asks where one policy does worse than another.</p>",
        )
    ).format(links, _RESAMPLES)
