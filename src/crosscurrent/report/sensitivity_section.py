"""Sensitivity in the report: factors that move a headline measure and its differences, with the noise floor.

Delta and PAWN come from the stored worlds; trees and Sobol' designs, which take longer, are left to the command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from ..analysis.discovery_words import factor_word, kind_word
from ..errors import InputError
from ..language import foreign, language, t
from .names import Named, measure_name, policy_names
from .section import Section
from .shapes import Scale, image, line, text

if TYPE_CHECKING:
    from ..analysis.factors import Factors
    from ..analysis.sensitivity import FactorIndex, Sensitivity
    from ..case.records import Case
    from ..study.results import Results

__all__ = ["dot_plot", "section"]

_WIDTH, _NAMES, _END, _ROW, _TOP = 520.0, 210.0, 500.0, 18.0, 12.0
_SHOWN = 12
_MEASURE = "homicides"
_REFERENCES = (
    ("Borgonovo 2007", "https://doi.org/10.1016/j.ress.2006.04.015"),
    ("Plischke, Borgonovo and Smith 2013", "https://doi.org/10.1016/j.ejor.2012.11.047"),
    ("Pianosi and Wagener 2018", "https://doi.org/10.1016/j.envsoft.2018.07.019"),
)


def section(results: Results, case: Case) -> Section | None:
    """What moves the headline measure under the status quo, and its difference under every other policy.

    None if the study has too few worlds.
    """
    from ..analysis.factors import gather_factors
    from ..analysis.sensitivity import FEWEST_WORLDS, sensitivities
    from ..analysis.summary import main_measures

    if results.study.worlds * len(results.theories) < FEWEST_WORLDS:
        return None
    main = main_measures(results)
    measure = _MEASURE if _MEASURE in main else main[0]
    factors, name = gather_factors(results, case), measure_name(measure, results)
    label = name.label.lower() if language() == "en" else name.label
    title = t("Which assumptions move {measure}?", measure=label)
    try:
        found = sensitivities(results, case, measure=measure, trees=False, factors=factors)
    except InputError as error:
        return Section(
            "sensitivity", title, Markup(t("<p>Not told in this study: {}.</p>")).format(foreign(error.message))
        )
    parts = [_words(found), _figure(found), _differences(results, case, measure, factors), _method()]
    return Section("sensitivity", title, Markup("").join(parts))


def _words(found: Sensitivity) -> Markup:
    above = [row for row in found.factors if row.above_floor]
    failed = " " + t("{count} failed worlds are left out.", count=f"{found.failed:,}") if found.failed else ""
    return Markup(
        t(
            "<p>{} of {} assumptions move the level under the status quo by more than an idle one "
            "could by chance, in {:,} worlds of {} theories.{} The dot is how far knowing the "
            "assumption moves the distribution of the result (<i>delta</i>, 0 not at all, 1 settles "
            "it), the line its Monte-Carlo error (two either way), the upright mark the floor that an"
            " idle assumption of its kind stays below.{}</p>",
        )
    ).format(len(above), len(found.factors), found.worlds, len(found.theories), failed, _ties(found))


def _ties(found: Sensitivity) -> str:
    if not found.ties:
        return ""
    first = [factor_word(name) for name in found.ties[0]]
    if len(first) == 1:
        alone = first[0].capitalize() if language() == "en" else first[0]
        return " " + t("{factor} stands first alone.", factor=alone)
    shown = ", ".join(first[:4])
    if len(first) > 4:
        shown = t("{names} and {rest} more", names=shown, rest=len(first) - 4)
    return " " + t("First, and not to be told apart: {names}.", names=shown)


def _direction(direction: str) -> str:
    return {"rises": t("rises"), "falls": t("falls"), "mixed": t("mixed")}.get(direction, "–")


def _figure(found: Sensitivity) -> Markup:
    rows = found.factors[:_SHOWN]
    cells = Markup("").join(
        Markup(
            '<tr><th scope="row">{}</th><td>{}</td><td>{:.3f} ± {:.3f}</td><td>{:.3f}</td><td>{:.3f} ± {:.3f}</td>'
            "<td>{:.3f}</td><td>{}</td><td>{}</td></tr>"
        ).format(
            foreign(row.factor), row.tie, row.delta, row.delta_error, row.delta_floor, row.pawn, row.pawn_error,
            row.pawn_floor,
            _direction(row.direction), kind_word(row.grade, row.kind),
        )
        for row in rows
    )  # fmt: skip
    head = Markup("").join(
        Markup('<th scope="col">{}</th>').format(word)
        for word in (
            t("Assumption"),
            t("Group"),
            t("Delta"),
            t("Floor"),
            "PAWN",
            t("Floor"),
            t("The result"),
            t("Evidence"),
        )
    )
    return Markup(
        t(
            '<div class="panels"><figure>{}</figure></div><details class="sub"><summary '
            'class="sub">As a table</summary><div class="scroll" tabindex="0" role="region" '
            'aria-label="Assumptions by delta"><table class="fix"><caption class="sr">Assumptions by '
            "delta</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></details>",
        )
    ).format(dot_plot(found, rows), head, cells)


def dot_plot(found: Sensitivity, rows: tuple[FactorIndex, ...]) -> Markup:
    """Delta by factor with errors, floors and a dummy factor at the bottom."""
    largest = max([row.delta + 2 * row.delta_error for row in rows] + [found.dummy_delta, 0.05])
    x = Scale(0.0, largest * 1.04, _NAMES, _END)
    parts = []
    for number, row in enumerate(rows):
        y = _TOP + _ROW * (number + 0.5)
        low, high = max(row.delta - 2 * row.delta_error, 0.0), row.delta + 2 * row.delta_error
        parts.append(text(_NAMES - 8, y + 4, factor_word(row.factor), "", "end"))
        parts.append(line(x.at(low), y, x.at(high), y, "arm"))
        parts.append(line(x.at(row.delta_floor), y - 6, x.at(row.delta_floor), y + 6, "tip"))
        kind = "seen" if row.above_floor else "move"
        parts.append(Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="3.4"/>').format(kind, x.at(row.delta), y))
    y = _TOP + _ROW * (len(rows) + 0.5)
    parts.append(text(_NAMES - 8, y + 4, t("a dummy number"), "lab", "end"))
    parts.append(Markup('<circle class="move" cx="{:.1f}" cy="{:.1f}" r="3.4"/>').format(x.at(found.dummy_delta), y))
    base = y + _ROW / 2 + 2
    parts.append(line(_NAMES, base, _END, base, "ax"))
    for share in (0.0, largest / 2, largest):
        parts.append(text(x.at(share), base + 13, f"{share:.2f}", "lab", "middle"))
    parts.append(text(_END, base + 27, t("delta →"), "lab", "end"))
    listed = "; ".join(
        t(
            "{factor} {delta}, floor {floor}", factor=foreign(row.factor), delta=f"{row.delta:.2f}",
            floor=f"{row.delta_floor:.2f}",
        )
        for row in rows
    )  # fmt: skip
    label = t("Delta by assumption: {listed}", listed=listed)
    return image(_WIDTH, base + 32, parts, label, "cross")


def _differences(results: Results, case: Case, measure: str, factors: Factors) -> Markup:
    from ..analysis.sensitivity import difference_leaders
    from ..study.specification import STATUS_QUO

    leaders = difference_leaders(results, factors, measure, STATUS_QUO)
    names: dict[str, Named] = {item.id: item for item in policy_names(results, case)}
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(
            names[policy].label,
            "; ".join(f"{factor_word(name)} {value:.2f}" for name, value in pairs) or t("none above the floor"),
        )
        for policy, pairs in leaders.items()
    )
    if not leaders:
        return Markup(t("<p>No policy's difference from the status quo varies between worlds.</p>"))
    return Markup(
        t(
            "<h3>What moves the differences from the status quo</h3><p>What moves a level need not "
            "move what a policy changes. For each policy, up to three assumptions that move its "
            'paired difference most, with delta.</p><div class="scroll" tabindex="0" role="region" '
            'aria-label="What moves differences"><table class="fix"><thead><tr><th '
            'scope="col">Policy</th><th scope="col">Assumptions and '
            "delta</th></tr></thead><tbody>{}</tbody></table></div>",
        )
    ).format(rows)


def _method() -> Markup:
    links = Markup(", ").join(
        Markup('<a href="{}" rel="noopener">{}</a>').format(url, name) for name, url in _REFERENCES
    )
    return Markup(
        t(
            '<p class="note">Method: half the area between the densities of the result in slices of '
            "an assumption and in all worlds ({}); floors from dummies that have one value a world, "
            "as assumptions have; errors by leaving out one scramble at a time. Assumptions are "
            "ranked by how far they exceed a dummy of their kind. An axis works through its "
            "parameters and a theory through its axes: they overlap, and figures do not add up. "
            "<code>crosscurrent sensitivity DIR --method sobol</code> gives shares of variance with "
            "interactions, and chance as a factor.</p>",
        )
    ).format(links)
