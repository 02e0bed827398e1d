"""Pathways in the report: for each objective a map under every theory, and the same in figures.

A line is what is in force.  Its thickness is the share of worlds in which the objective has never stopped being met;
the mark on it is the middle of the tipping points of the worlds that stop meeting it.  A circle is a transfer of a
pathway, at the middle of the dates at which worlds make it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from markupsafe import Markup

from ..analysis.tipping import TippingPoint
from ..calendar import month_label, month_of_date, parse_month
from ..errors import InputError
from ..language import dated, foreign, language, msg, own, said, t
from .names import Named, measure_word, policy_names, theory_names
from .section import Section
from .shapes import image

if TYPE_CHECKING:
    from ..analysis.pathways import ObjectiveMap, PathwayOutcome
    from ..case.pathway_records import Objective
    from ..case.records import Case
    from ..study.results import Results

__all__ = ["section"]

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW, _THICK = 330.0, 20.0, 322.0, 10.0, 17.0, 11.0
_REFERENCES = (
    ("Haasnoot et al. 2013", "https://doi.org/10.1016/j.gloenvcha.2012.12.006"),
    ("Kwakkel et al. 2015", "https://doi.org/10.1007/s10584-014-1210-4"),
)
_HEAD = Markup('<p class="note">{}</p>')


def section(results: Results, case: Case) -> Section | None:
    """Maps of the pathways if they were simulated, else what the stored months say of the objectives.

    None if the case has no objectives, or the study none of their measures.
    """
    from ..analysis.pathways import read_maps
    from ..study.pathway_run import pathway_folder

    known = [item for item in case.objectives.values() if item.measure in results.measures]
    if not known:
        return None
    problem = ""
    try:
        maps = read_maps(pathway_folder(results, case))
    except InputError as error:  # a pathway that cannot be simulated must not take the whole report with it
        maps, problem = [], foreign(str(error))
    title = t("When does a policy stop meeting its objective, and would switching in time help?")
    parts = [_map_part(item, results, case) for item in maps] or [_months_part(item, results, case) for item in known]
    return Section("pathways", title, Markup("").join([_intro(bool(maps), problem), *parts, _method()]))


def _intro(simulated: bool, problem: str) -> Markup:
    if simulated:
        return Markup(
            t(
                "<p>Each line is what is in force; it is as thick as the share of worlds in which the "
                "objective has never stopped being met, and carries a mark at the middle of the dates at "
                "which the other worlds stop meeting it. A line that is thin from its left end is one "
                "that most worlds miss from the start. Circles are transfers, lettered by pathway, at the"
                " middle of the dates at which worlds make them: filled where the step cannot be taken "
                "back. All panels have the same scales.</p>",
            )
        )
    return Markup(
        t(
            "<p>In how many of 100 worlds each objective is missed in a month, for the policies of "
            "this study. Pathways, which switch from one policy to another in time, have not been "
            "simulated beside it yet: <code>crosscurrent pathways DIR</code> does that, and the next "
            "report draws their maps.</p>",
        )
    ) + (Markup(t("<p>They cannot be: {}.</p>")).format(problem) if problem else Markup(""))


def _method() -> Markup:
    links = Markup(", ").join(
        Markup('<a href="{}" rel="noopener">{}</a>').format(url, name) for name, url in _REFERENCES
    )
    return _HEAD.format(
        Markup(
            t(
                "Method: dynamic adaptive policy pathways ({}). An objective is judged on twelve months; "
                "a world stops meeting it in the first month of a run of missed months. Signposts are "
                "national quantities, and every objective has pathways that start with force and pathways"
                " that start without. Shares are shares of worlds drawn from stated beliefs; ± is their "
                "Monte-Carlo error.",
            )
        ).format(links)
    )


def _title(label: str, measure: str, kind: str, threshold: float) -> Markup:
    name = measure.replace("_", " ") if language() == "en" else measure_word(measure)
    sentence = (
        msg("{measure} at most {threshold} over twelve months.")
        if kind == "at most"
        else msg("{measure} at least {threshold} over twelve months.")
    )
    words = t(sentence, measure=name, threshold=f"{threshold:,g}")
    return Markup("<h3>{}</h3>\n<p>{}</p>").format(said(label), words[:1].upper() + words[1:])


def _map_part(item: ObjectiveMap, results: Results, case: Case) -> Markup:
    theories = {name.id: name for name in theory_names(results, case)}
    letters = {name: _letter(n) for n, name in enumerate(dict.fromkeys(found.pathway for found in item.pathways))}
    alike: dict[Markup, list[str]] = {}
    for place, theory in enumerate(item.theories):
        if theory in theories:
            alike.setdefault(_panel(item, place, letters), []).append(theory)
    panels = Markup("").join(_figure(item, drawing, [theories[key] for key in keys]) for drawing, keys in alike.items())
    lines = Markup("").join(Markup("<li>{}</li>").format(_in_force(line.id, line.label)) for line in item.lines)
    names = {found.pathway: found.label for found in item.pathways}
    rows = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(letters[key], said(label)) for key, label in names.items()
    )
    table = _table(item, [theories[key].label if key in theories else key for key in item.theories], letters)
    return Markup("").join(
        [
            _title(item.label, item.measure, item.kind, item.threshold),
            Markup('<ol class="numbers">{}</ol><dl>{}</dl>').format(lines, rows),
            Markup('<div class="panels">{}</div>').format(panels), table,
        ]
    )  # fmt: skip


def _in_force(key: str, english: str) -> str:
    """What is in force: a policy of the case, or a combination that a pathway makes."""
    if language() == "en":
        return english
    found = " + ".join(own(f"policy.{part}", part) for part in key.split("+"))
    return found[:1].upper() + found[1:]


def _figure(item: ObjectiveMap, drawing: Markup, theories: list[Named]) -> Markup:
    """One drawing, with all theories under which it is the same."""
    caption = Markup(", ").join(Markup("{} {}").format(theory.mark, theory.label) for theory in theories)
    names = ", ".join(theory.label for theory in theories)
    label = t(
        "{objective}, under {names}: {count} lines with their transfers; figures below.",
        objective=said(item.label), names=names, count=len(item.lines),
    )  # fmt: skip
    height = _TOP + _ROW * len(item.lines) + 18
    return Markup("<figure><figcaption>{}</figcaption>{}</figure>").format(
        caption, image(_WIDTH, height, [drawing], label, "paths")
    )


def _letter(number: int) -> str:
    return chr(ord("a") + number % 26)


class _Time:
    """Where a month stands across a panel."""

    def __init__(self, first: str, last: str) -> None:
        self.first, self.last = _month(first), max(_month(last), _month(first) + 1)

    def at(self, label: str) -> int:
        share = (_month(label) - self.first) / (self.last - self.first)
        return round(_LEFT + min(max(share, 0.0), 1.0) * (_RIGHT - _LEFT))


def _month(label: str) -> int:
    return month_of_date(parse_month(label))


def _panel(item: ObjectiveMap, t: int, letters: dict[str, str]) -> Markup:
    """What is drawn for one theory: lines, tipping points and transfers."""
    time = _Time(item.first_month, item.last_month)
    rows = {line.id: round(_TOP + _ROW * (n + 0.5)) for n, line in enumerate(item.lines)}
    base = round(_TOP + _ROW * len(rows))
    parts = [Markup('<path class="ax" d="M{0} {1}H{2}"/>').format(round(_LEFT), base, round(_RIGHT))]
    years = range(int(item.first_month[:4]) + 1, int(item.last_month[:4]) + 1)
    step = max(1, len(years) // 5)
    parts += [_words(time.at(f"{year}-01"), base + 13, str(year), "lab") for year in list(years)[::step]]
    lines = [_line(line.tipping[t], rows[line.id], time) for line in item.lines]
    numbers = Markup("").join(
        Markup('<tspan x="8" y="{}">{}</tspan>').format(y + 4, number + 1) for number, y in enumerate(rows.values())
    )
    parts.append(Markup('<text class="num mid">{}</text>').format(numbers))
    parts.append(_path("hold", [outline for outline, _ in lines]) + _path("tip", [mark for _, mark in lines]))
    for found in item.pathways:
        if found.theory == item.theories[t]:
            parts += _transfers(found, rows, time, letters[found.pathway])
    return Markup("").join(parts)


def _words(x: float, y: float, words: str, kind: str) -> Markup:
    start = Markup('<text x="{}" y="{}" class="{} mid">').format(round(x), round(y), kind)
    return start + Markup("{}</text>").format(words)


def _path(kind: str, pieces: list[str]) -> Markup:
    return Markup('<path class="{}" d="{}"/>').format(kind, "".join(pieces))


def _line(point: TippingPoint, y: int, time: _Time) -> tuple[str, str]:
    """A line as thick as the share of worlds in which the objective has not stopped being met, and its mark."""
    if not math.isfinite(point.never):
        return "", ""
    met, tipped = 1.0 - point.from_start, point.reached
    places: list[tuple[float, float]] = [(_LEFT, met)]
    if point.dates.first:
        ends = zip((point.dates.first, point.dates.middle, point.dates.last), (0.05, 0.5, 0.95), strict=True)
        places += [(time.at(label), met - level * tipped) for label, level in ends]
    places.append((_RIGHT, point.never))
    upper = " ".join(f"{x:.0f} {y - 0.5 * _THICK * share:.3g}" for x, share in places)
    lower = " ".join(f"{x:.0f} {y + 0.5 * _THICK * share:.3g}" for x, share in reversed(places))
    mark = f"M{time.at(point.dates.middle)} {y - 6}v12" if point.dates.first else ""
    return f"M{upper} {lower}Z", mark


def _transfers(found: PathwayOutcome, rows: dict[str, int], time: _Time, letter: str) -> list[Markup]:
    """Upright lines from what was in force to what follows, with a circle where they arrive."""
    parts = []
    for step in found.transfers:
        if not step.dates.first or step.leaves not in rows or step.enters not in rows:
            continue
        x, start, end = time.at(step.dates.middle), rows[step.leaves], rows[step.enters]
        kind = "gone" if step.irreversible else "move"
        parts.append(
            Markup('<path class="way" d="M{} {}V{}M{} {}H{}"/><circle class="{}" cx="{}" cy="{}" r="3"/>').format(
                x, start, end, time.at(step.dates.first), end, time.at(step.dates.last), kind, x, end
            )
        )
        parts.append(_words(x + 7, end - 3, letter, "num"))
    return parts


def _table(item: ObjectiveMap, theories: list[str], letters: dict[str, str]) -> Markup:
    """The map in figures: shares of worlds and dates."""
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(word) for word in [t("In force"), *theories])
    rows = [(_in_force(line.id, line.label), [_point_words(point) for point in line.tipping]) for line in item.lines]
    for name, letter in letters.items():
        mine = [found for found in item.pathways if found.pathway == name]
        rows.append((f"{letter} {said(mine[0].label)}", [_outcome_words(found) for found in mine]))
    body = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            label, Markup("").join(Markup("<td>{}</td>").format(cell) for cell in cells)
        )
        for label, cells in rows
    )
    return Markup(
        t(
            '<details class="sub"><summary class="sub">As a table: of 100 worlds, in how many the '
            "objective never stops being met ± Monte-Carlo error; in how many it is missed from the "
            "start; the dates of the others. Pathways: then in how many each transfer is made and its"
            ' middle year; cost of both countries, billion USD</summary><div class="scroll" '
            'tabindex="0" role="region" aria-label="Pathways in figures"><table '
            'class="fix"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></details>',
        )
    ).format(head, body)


def _hundred(share: float) -> str:
    return f"{100 * share:.0f}" if math.isfinite(share) else "–"


def _point_words(point: TippingPoint) -> str:
    error = f"±{100 * point.never_error:.0f}" if math.isfinite(point.never_error) else ""
    dates = f"; {point.dates.first[:4]}–{point.dates.last[:4]}" if point.dates.first else ""
    return f"{_hundred(point.never)}{error}; {_hundred(point.from_start)}{dates}"


def _outcome_words(found: PathwayOutcome) -> str:
    steps = ", ".join(_hundred(step.share) + f" {step.dates.middle[:4]}".rstrip() for step in found.transfers)
    cost = (found.programme_cost + found.switching_cost) / 1000
    return f"{_point_words(found.tipping)}; {steps}; {cost:.1f}"


def _months_part(item: Objective, results: Results, case: Case) -> Markup:
    """Without simulated pathways: the share of worlds beyond the threshold at the first judged and the last month."""
    from ..analysis.tipping import judged_within, share_missing

    theories = theory_names(results, case)
    share, months = share_missing(results, item)
    if not judged_within(item, len(months)):
        return Markup(t("<h3>{}</h3><p>Not judged: the horizon of this study is too short.</p>")).format(
            said(item.label)
        )
    judged = max(item.from_months, 12) - 1
    bound = item.at_most if item.at_most is not None else item.at_least
    assert bound is not None
    labels = {named.id: named.label for named in policy_names(results, case)}
    words = [t("Policy"), *(theory.label for theory in theories)]
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(word) for word in words)
    body = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            labels[policy],
            Markup("").join(
                Markup("<td>{} → {}</td>").format(_hundred(share[p, t, judged]), _hundred(share[p, t, -1]))
                for t in range(len(theories))
            ),
        )
        for p, policy in enumerate(results.policies)
    )
    caption = t(
        "Of 100 worlds, missed in {first} → {last}",
        first=dated(month_label(int(months[judged]))), last=dated(month_label(int(months[-1]))),
    )  # fmt: skip
    return _title(item.label, item.measure, "at most" if item.at_most is not None else "at least", bound) + Markup(
        t(
            '<div class="scroll" tabindex="0" role="region" aria-label="Objective in figures"><table '
            'class="fix"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>',
        )
    ).format(caption, head, body)
