"""Value of information in the report: what research would change the choice of a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from ..analysis.value_of_information_words import label_of
from ..errors import InputError
from ..language import foreign, language, own, t, tn, unit_of
from .names import measure_name
from .numbers import number_text, tick_values
from .section import Section
from .shapes import Scale, image, line, text

if TYPE_CHECKING:
    from ..analysis.value_of_information import ValueOfInformation, Worth
    from ..case.records import Case
    from ..study.results import Results

__all__ = ["section", "worth_chart"]

_SHUFFLES = 19
_MOST, _LONGEST = 12, 52
_ROW, _NAMES, _END, _TOP = 20.0, 330.0, 640.0, 8.0
_REFERENCES = (
    ("Strong, Oakley and Brennan 2014", "https://doi.org/10.1177/0272989X13505910"),
    ("Benjamini and Hochberg 1995", "https://doi.org/10.1111/j.2517-6161.1995.tb02031.x"),
)


def section(results: Results, case: Case) -> Section | None:
    """The agenda for the first main measure with an agreed direction; None if there is none.

    Says why where there are too few worlds.
    """
    from ..analysis.standing import preferred_direction
    from ..analysis.summary import main_measures
    from ..analysis.value_of_information import value_of_information

    measure = next((name for name in main_measures(results) if preferred_direction(name) != "none"), None)
    if measure is None:
        return None
    title = t("What research would change the choice?")
    try:
        found = value_of_information(results, case, measure=measure, shuffles=_SHUFFLES, groups=False)
    except InputError as error:
        body = Markup(t("<p>Not asked in this study: {}.</p>")).format(foreign(error.message))
        return Section("value-of-information", title, body)
    return Section("value-of-information", title, _body(found, measure_name(measure, results).label, results))


def _body(found: ValueOfInformation, label: str, results: Results) -> Markup:
    from ..analysis.value_of_information_words import agenda_words

    told = sorted((item for item in found.worths if item.told), key=lambda item: -item.value)[:_MOST]
    words = Markup("").join(Markup("<li>{}</li>").format(sentence) for sentence in agenda_words(found))
    return (
        Markup(
            t(
                "<p>If a disputed question or an uncertain number were settled before choosing, another "
                "policy might be chosen. The loss that would be avoided on average is what knowing it is "
                "worth. What would not change the choice is worth nothing, however much it moves the "
                'outcome. Here for one measure: {}.</p><ul class="twice">{}</ul>',
            )
        ).format(label.lower() if language() == "en" else label, words)
        + (worth_chart(found, told, label) + _table(found, told) if told else Markup(""))
        + _method(found)
    )


def worth_chart(found: ValueOfInformation, told: list[Worth], label: str) -> Markup:
    """A dot with two errors either way for each uncertainty that is told from nothing."""
    low = min(0.0, *(item.value - 2 * item.error for item in told))
    x = Scale(low, max(item.value + 2 * item.error for item in told), _NAMES, _END)
    base = _TOP + _ROW * len(told)
    parts = [line(x.at(0), _TOP, x.at(0), base, "zero")]
    for row, item in enumerate(told):
        y = _TOP + _ROW * (row + 0.5)
        parts.append(text(_NAMES - 8, y + 4, _short(label_of(item)), "", "end"))
        parts.append(line(x.at(item.value - 2 * item.error), y, x.at(item.value + 2 * item.error), y, "arm"))
        parts.append(line(x.at(item.value) - 3, y, x.at(item.value) + 3, y, "rank one"))
    for value in tick_values(x.low, x.high, 4):
        parts.append(text(x.at(value), base + 13, number_text(value, 1.0 if x.high > 20 else 0.0), "lab", "middle"))
    parts.append(
        text(
            _END, base + 28, t("{unit} avoided by choosing after learning it →", unit=unit_of(found.unit)), "lab", "end"
        )
    )
    words = t(
        "{label}: value of knowing {told} uncertainties, two Monte-Carlo errors either way; figures below",
        label=label,
        told=len(told),
    )
    return image(_END + 12, base + 34, parts, words, "worths")


def _short(label: str) -> str:
    if language() != "en" and label.startswith(foreign("x")[0]):
        return foreign(_short_text(label[1:-1]))
    return _short_text(label)


def _short_text(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1].rstrip()}…"


def _table(found: ValueOfInformation, told: list[Worth]) -> Markup:
    rows = Markup("").join(
        Markup(
            '<tr><th scope="row">{}<br><code>{}</code></th><td>{}</td><td>{} ± {}</td><td>{}</td><td>{}</td>'
            "<td>{}</td></tr>"
        ).format(
            label_of(item), item.name, t("disagreement") if item.kind == "axis" else t("number"),
            number_text(item.value), number_text(item.error), t("{share} of 100", share=round(100 * item.switched)),
            own(f"grade.{item.grade}", item.grade) or "–",
            _records(item),
        )
        for item in told
    )  # fmt: skip
    head = Markup("").join(
        Markup('<th scope="col">{}</th>').format(word)
        for word in (
            t("To know"), t("What it is"), t("Would avoid, {unit}", unit=unit_of(found.unit)), t("Another policy in"),
            t("Grade"), t("Evidence now"),
        )
    )  # fmt: skip
    return Markup(
        t(
            '<div class="scroll" tabindex="0" role="region" aria-label="Research agenda"><table '
            'class="fix"><caption>Research '
            "agenda</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        )
    ).format(head, rows)


def _records(item: Worth) -> Markup:
    if not item.evidence:
        return Markup(t("none"))
    links = Markup(", ").join(Markup('<a href="#evidence-{}">{}</a>').format(key, key) for key in item.evidence[:4])
    if len(item.evidence) > 4:
        links = Markup(t("{} and {} more")).format(links, len(item.evidence) - 4)
    return links + " " + tn("({count} source)", "({count} sources)", item.origins)


def _method(found: ValueOfInformation) -> Markup:
    link = Markup('<a href="{}" rel="noopener">{}</a>')
    links = Markup(", ").join(link.format(url, name) for name, url in _REFERENCES)
    return Markup(
        t(
            '<p class="note">Method: regressions on splines of ranks ({}); the policy for one of '
            "eight scrambles of worlds is chosen by the other seven and judged with that scramble's "
            "own losses, so that noise does not pass for value. Values are shown where they beat {} "
            "shuffled copies and a test that expects at most one in ten of them to be wrong. "
            "<code>crosscurrent value-of-information DIR</code> adds groups and preferences.</p>",
        )
    ).format(links, found.shuffles)
