"""Robustness in the report: which policy is preferred under which criterion and theory, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from ..errors import InputError
from ..language import foreign, said, t
from .names import Named, measure_name, policy_names, theory_names
from .section import Section
from .shapes import Scale, image, line, text

if TYPE_CHECKING:
    from ..analysis.robustness import Portfolio, Ranking, Robustness
    from ..case.records import Case
    from ..study.results import Results

__all__ = ["rank_chart", "section"]

_HEADLINES = ("homicides", "overdose_deaths")
_OF_STAKEHOLDERS = ("expected",)
_NAMES, _PANEL, _GAP, _ROW, _TOP = 196.0, 96.0, 14.0, 17.0, 34.0
_LONGEST = 26
"""Letters of a policy's label that fit beside the chart."""
_OVER = ("worst theory", "regret over theories")
_REFERENCES = (
    ("McPhail et al. 2018", "https://doi.org/10.1002/2017EF000649"),
    ("Wald 1945", "https://doi.org/10.2307/1969022"),
    ("Savage 1951", "https://doi.org/10.1080/01621459.1951.10500768"),
    ("Rockafellar and Uryasev 2000", "https://doi.org/10.21314/JOR.2000.038"),
    ("Mogstad et al. 2024", "https://doi.org/10.1093/restud/rdad006"),
)


def section(results: Results, case: Case) -> Section | None:
    """Rank intervals and the first by each criterion for two headline measures, and shipped preferences side by side.

    None if no main measure has an agreed direction; says why where there are too few worlds.
    """
    title = t("Which policy would be preferred, and how sure is that?")
    try:
        found = _judged(results)
    except InputError as error:
        return Section(
            "robustness", title, Markup(t("<p>Not judged in this study: {}.</p>")).format(foreign(error.message))
        )
    if not found.portfolios:
        return None
    policies, theories = policy_names(results, case), theory_names(results, case)
    parts = [_part(found, item, policies, theories, results) for item in found.measures]
    body = _intro(policies) + Markup("").join(parts) + _side_by_side(found, policies) + _method()
    return Section("robustness", title, body)


def _judged(results: Results) -> Robustness:
    """Headline measures by all criteria, shipped preferences by expected value: enough for a page."""
    from ..analysis.preferences import single_measure
    from ..analysis.robustness import Robustness, portfolio, usable_examples
    from ..analysis.summary import main_measures

    main = main_measures(results)
    asked = [name for name in _HEADLINES if name in main] or list(main[:1])
    wanted = [single_measure(name) for name in asked]
    wanted = [item for item in wanted if item.wishes[0].direction != "none"]
    examples = [item for item in usable_examples(results) if item.weighted]
    tables = results.tables(sorted({name for item in (*wanted, *examples) for name in item.measures}))
    return Robustness(
        results.policies, results.theories, results.study.worlds,
        tuple(portfolio(results, tables, item, "") for item in wanted),
        tuple(portfolio(results, tables, item, "", _OF_STAKEHOLDERS) for item in examples),
    )  # fmt: skip


def _intro(policies: Sequence[Named]) -> Markup:
    names = Markup("").join(Markup("<li>{}</li>").format(item.label) for item in policies)
    return Markup(
        t(
            "<p>Policies are ranked within each theory, 1 being preferred. A bar covers all ranks "
            "that a policy may have: where bars overlap, the worlds do not tell the policies apart. "
            "Theories are put together without weighing them: by the theory that treats a policy "
            'worst, and by the largest regret over theories.</p><ol class="numbers" start="0" '
            'aria-label="Numbers of the policies">{}</ol>',
        )
    ).format(names)


def _part(
    found: Robustness, portfolio: Portfolio, policies: Sequence[Named], theories: Sequence[Named], results: Results
) -> Markup:
    from ..analysis.robustness_words import portfolio_words

    name = measure_name(portfolio.preferences.measures[0], results)
    words = Markup("").join(Markup("<li>{}</li>").format(text) for text in portfolio_words(found, portfolio))
    return Markup('<h3>{}</h3><ul class="twice">{}</ul>{}{}').format(
        name.label, words, rank_chart(portfolio, policies, theories, name.label),
        _criteria_table(found, portfolio, theories, name.label),
    )  # fmt: skip


def _columns(portfolio: Portfolio, theories: Sequence[Named]) -> list[tuple[str, Ranking]]:
    """Rankings by expected value, with the heads of their columns."""
    columns = [(theory.label, portfolio.ranking("expected", theory.id)) for theory in theories]
    if len(portfolio.theories) > 1:
        columns += [
            (t("Worst theory"), portfolio.ranking("expected", over="worst theory")),
            (t("Regret over theories"), portfolio.ranking("expected", over="regret over theories")),
        ]
    return columns


def rank_chart(portfolio: Portfolio, policies: Sequence[Named], theories: Sequence[Named], label: str) -> Markup:
    """Rank intervals by expected value: a row for each policy, a column for each theory and for two over theories."""
    columns = _columns(portfolio, theories)
    width = _NAMES + len(columns) * (_PANEL + _GAP)
    base = _TOP + _ROW * len(policies)
    parts: list[Markup] = []
    for row, policy in enumerate(policies):
        parts.append(text(_NAMES - 8, _TOP + _ROW * (row + 0.5) + 4, f"{row} {_short(policy.label)}", "", "end"))
    for place, (head, ranking) in enumerate(columns):
        left = _NAMES + place * (_PANEL + _GAP)
        x = Scale(1.0, float(max(len(policies), 2)), left + 5, left + _PANEL - 5)
        first, _, second = head.partition(" ") if len(head) > 16 else (head, "", "")
        parts += [text(left, 11, first, "lab"), text(left, 23, second, "lab")]
        parts += [
            line(left, base, left + _PANEL, base, "ax"),
            text(x.at(x.low), base + 12, "1", "lab", "middle"),
            text(x.at(x.high), base + 12, f"{len(policies)}", "lab", "middle"),
        ]
        for row in range(len(policies)):
            low, high = ranking.first_rank[row], ranking.last_rank[row]
            y = _TOP + _ROW * (row + 0.5)
            kind = "rank one" if low == 1 else "rank"
            parts.append(line(x.at(low) - 2, y, x.at(high) + 2, y, kind))
    words = t(
        "{label}: ranks of {policies} policies by expected value under each theory; more figures below",
        label=label,
        policies=len(policies),
    )
    return Markup(t('<div class="scroll" tabindex="0" role="region" aria-label="Ranks, {}">{}</div>')).format(
        label, image(width, base + 16, parts, words, "ranks")
    )


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1].rstrip()}…"


def _criteria_table(found: Robustness, portfolio: Portfolio, theories: Sequence[Named], label: str) -> Markup:
    """Numbers of the policies that are first, by criterion and theory."""
    from ..analysis.robustness_sample import CRITERIA

    rows = []
    for criterion in CRITERIA:
        rankings = [portfolio.ranking(criterion.id, theory.id) for theory in theories]
        if len(portfolio.theories) > 1:
            rankings += [item for item in portfolio.rankings if item.criterion == criterion.id and item.over in _OVER]
        cells = Markup("").join(Markup("<td>{}</td>").format(_first(item, found.policies)) for item in rankings)
        rows.append(
            Markup('<tr><th scope="row">{}<br><small>{}</small></th>{}</tr>').format(
                t(criterion.label), t(criterion.meaning), cells
            )
        )
    heads = [theory.label for theory in theories] + (
        [t("Worst theory"), t("Regret over theories")] if len(portfolio.theories) > 1 else []
    )
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(word) for word in (t("Criterion"), *heads))
    return Markup(
        t(
            '<details><summary class="sub">{}: first by each criterion (numbers of the '
            'policies)</summary><div class="scroll" tabindex="0" role="region" aria-label="First by '
            'each criterion, {}"><table '
            'class="fix"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></details>',
        )
    ).format(label, label, head, Markup("").join(rows))


def _first(ranking: Ranking, policies: Sequence[str]) -> str:
    first = ranking.preferred()
    return ", ".join(map(str, first)) if len(first) < len(policies) else t("all alike")


def _side_by_side(found: Robustness, policies: Sequence[Named]) -> Markup:
    """For each shipped set of preferences: under how many theories a policy is first."""
    sets = found.stakeholders
    if not sets:
        return Markup("")
    head = Markup("").join(
        Markup('<th scope="col">{}<br><small>{}</small></th>').format(
            said(item.preferences.label), said(item.preferences.description)
        )
        for item in sets
    )
    rows = Markup("").join(
        Markup('<tr><th scope="row">{} {}</th>{}</tr>').format(
            row, policy.label, Markup("").join(Markup("<td>{}</td>").format(_count(item, row)) for item in sets)
        )
        for row, policy in enumerate(policies)
    )
    return Markup(
        t(
            "<h3>Preferences beside each other</h3><p>The same worlds judged by several examples of "
            "preferences, which are nobody's position: under how many of {} theories a policy would "
            "be first by expected value, alone or not told from the first. A file of your own goes to"
            ' <code>crosscurrent robustness DIR --preferences FILE</code>.</p><div class="scroll" '
            'tabindex="0" role="region" aria-label="Preferences beside each other"><table '
            'class="fix"><thead><tr><th '
            'scope="col">Policy</th>{}</tr></thead><tbody>{}</tbody></table></div>',
        )
    ).format(len(sets[0].theories), head, rows)


def _count(portfolio: Portfolio, place: int) -> str:
    firsts = [portfolio.ranking("expected", name).preferred() for name in portfolio.theories]
    alone = sum(first == (place,) for first in firsts)
    shared = sum(place in first for first in firsts) - alone
    words = [t("{n} alone", n=alone) if alone else "", t("{n} shared", n=shared) if shared else ""]
    return ", ".join(word for word in words if word) or "–"


def _method() -> Markup:
    link = Markup('<a href="{}" rel="noopener">{}</a>')
    links = Markup(", ").join(link.format(url, name) for name, url in _REFERENCES)
    return Markup(
        t(
            '<p class="note">Method: criteria as in {}. Ranks at 5 % for a policy\'s comparisons '
            "together, from the spread of paired differences between eight independent scrambles of "
            "the worlds. Worst worlds rest on single worlds and do not settle with more; their errors"
            " are not divided by the number of scrambles. A world that failed under one policy is "
            "left out for all. Shares are of worlds drawn from stated beliefs.</p>",
        )
    ).format(links)
