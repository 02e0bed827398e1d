"""The section on flips: what would have to be assumed for another policy to stand ahead, measure by measure."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from ..analysis.flips_wording import assumption_name, flip_words, in_hundred, ranked_words, rival_names, theory_verdict
from ..analysis.numbers import shown
from ..errors import InputError
from ..language import foreign, language, msg, policy_id, t, theory_id
from .names import Named, measure_name, policy_names, theory_names
from .section import Section
from .shapes import GLYPHS, image, text

if TYPE_CHECKING:
    from ..analysis.flips_records import FlipMap, Flips, MapAxis
    from ..case.records import Case
    from ..study.results import Results

__all__ = ["flip_drawing", "section"]

_MEASURES = ("homicides", "overdose_deaths")
"""Measures that the report looks at; the command looks at any."""
_RANKED = 6
_LEFT, _TOP, _SIDE, _WIDTH, _HEIGHT = 92.0, 10.0, 208.0, 340.0, 262.0
_CLASSES = {2: "lead-b2", 1: "lead-b1", -1: "lead-a1", -2: "lead-a2"}
_HATCH = Markup(
    '<svg width="0" height="0" style="position:absolute" aria-hidden="true" focusable="false"><defs><pattern '
    'id="hatch-grey" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V5" '
    'stroke="#7f888c" stroke-opacity=".6" stroke-width="1"/></pattern></defs></svg>'
)
"""Where it cannot be told which policy is ahead."""
_INTRODUCTION = msg(
    "For each measure: the status quo (A) beside the policy whose comparison with it varies most between theories (B). "
    "A flip is found only where one policy is ahead inside a region and the other outside it, both beyond Monte-Carlo "
    "error, and the rule tells more than the best rule on shuffled worlds. No flip found, and not clear, are results."
)
_REFERENCES = msg(
    "Method: rules on one or two assumptions, found on seven of eight independent scrambles and scored on the eighth; "
    "thresholds are 5 to 95 % of resampled scrambles. Scenario discovery: Lempert and others 2006, "
    "doi:10.1287/mnsc.1050.0472; density and coverage: Bryant and Lempert 2010, doi:10.1016/j.techfore.2009.08.002. "
    "In the map a cell is hatched where it cannot be told which policy is ahead; marks stand where the middle world of "
    "each theory lies, the cross where the best-sourced value does, with its 5 to 95 % range. Rules are found on the "
    "same worlds that figures are read from; a region that is sought is flattered a little by the search."
)


def section(results: Results, case: Case) -> Section | None:
    """Flips of the main measures; a text that says why where they cannot be told."""
    from ..analysis.flips import find_flips, widest_pair

    measures = [name for name in _MEASURES if name in results.measures] or list(results.measures[:1])
    parts = [_HATCH, Markup("<p>{}</p>").format(t(_INTRODUCTION))]
    try:
        for name, table in results.tables(measures).items():
            found = find_flips(results, case, *widest_pair(results, name, table), name, table=table)
            parts.append(_one(found, results, case))
    except InputError as error:
        parts.append(Markup("<p>{}.</p>").format(foreign(str(error))))
    parts.append(Markup('<p class="note">{}</p>').format(t(_REFERENCES)))
    return Section("flips", t("What would have to be true for the answer to change?"), Markup("\n").join(parts))


def _one(found: Flips, results: Results, case: Case) -> Markup:
    policies = {item.id: item.label for item in policy_names(results, case)}
    name = measure_name(found.measure, results)
    labels = {policy_id(key): f"{letter} ({policies[key]})" for letter, key in (("A", found.a), ("B", found.b))}
    words = [_labelled(text, labels) for text in flip_words(found, case)]
    title = (
        msg("{}: {} (B) beside {} (A); the lower figure is ahead")
        if found.ahead == "lower"
        else msg("{}: {} (B) beside {} (A); the higher figure is ahead")
    )
    head = Markup("<h3>{}</h3>").format(t(title).format(name.label, policies[found.b], policies[found.a]))
    sentences = Markup("").join(Markup("<p>{}</p>").format(text) for text in words)
    drawing = Markup("")
    if found.map is not None:
        drawing = Markup("<figure>{}<figcaption class=note>{}</figcaption></figure>").format(
            flip_drawing(found, theory_names(results, case), case), _caption(found.map, case)
        )
    panels = Markup('<div class="panels">{}{}</div>').format(drawing, _ranked(found, case))
    return head + sentences + panels + _table(found)


def _labelled(sentence: str, labels: dict[str, str]) -> str:
    """A sentence with policies' labels in the place of their ids."""
    if language() == "en":
        for key, label in sorted(labels.items(), key=lambda item: -len(item[0])):
            sentence = sentence.replace(key, label)
        return sentence
    known = {key.lower(): label for key, label in labels.items()}
    keys = "|".join(re.escape(key) for key in sorted(labels, key=len, reverse=True))
    return re.sub(keys, lambda found: known[found[0].lower()], sentence, flags=re.IGNORECASE)


def _caption(drawn: FlipMap, case: Case) -> str:
    across, up = (assumption_name(side.name, side.kind, case) for side in (drawn.across, drawn.up))
    return t(
        "Across: {across} ({ends}). Up: {up} ({ends_2}).",
        across=across,
        ends=_ends(drawn.across, case),
        up=up,
        ends_2=_ends(drawn.up, case),
    )


def _ends(side: MapAxis, case: Case) -> str:
    if side.kind != "parameter":
        return rival_names(side.name, side.kind, side.rivals, case).replace(t(" or "), ", ")
    return t("{first} to {last}", first=shown(side.values[0]), last=shown(side.values[-1]))


def flip_drawing(found: Flips, theories: tuple[Named, ...], case: Case) -> Markup:
    """The map in five classes, with theories and best-sourced values."""
    drawn = found.map
    if drawn is None:
        return Markup("")
    ups, acrosses = drawn.classes.shape
    wide, tall = _SIDE / acrosses, _SIDE / ups
    paths: dict[str, list[str]] = {kind: [] for kind in (*_CLASSES.values(), "lead-none")}
    for row in range(ups):
        start = 0
        for column in range(1, acrosses + 1):
            # Neighbours of one class are one rectangle: a map of 26 by 26 steps stays small.
            if column == acrosses or drawn.classes[row, column] != drawn.classes[row, start]:
                kind = _CLASSES.get(int(drawn.classes[row, start]), "lead-none")
                x, y = _LEFT + start * wide, _TOP + _SIDE - (row + 1) * tall
                paths[kind].append(f"M{x:.1f} {y:.1f}h{(column - start) * wide:.1f}v{tall:.1f}H{x:.1f}z")
                start = column
    parts = [Markup('<path class="{}" d="{}"/>').format(kind, "".join(found)) for kind, found in paths.items() if found]
    parts += [_cross(drawn), *_marks(drawn, theories)]
    parts += [
        text(_LEFT, _TOP + _SIDE + 14, _short(drawn.across, 0), "lab"),
        text(_LEFT + _SIDE, _TOP + _SIDE + 14, _short(drawn.across, -1), "lab", "end"),
        text(_LEFT - 5, _TOP + _SIDE, _short(drawn.up, 0), "lab", "end"),
        text(_LEFT - 5, _TOP + 9, _short(drawn.up, -1), "lab", "end"),
        *_key(),
    ]
    label = t(
        "Map of which policy is ahead: B in {b} of 100 cells, A in {a}, the others cannot tell.",
        b=_cells(drawn, 1), a=_cells(drawn, -1),
    )  # fmt: skip
    return image(_WIDTH, _HEIGHT, parts, f"{label} {_caption(drawn, case)}", "flip")


def _cells(drawn: FlipMap, sign: int) -> str:
    return in_hundred(float((drawn.classes * sign > 0).mean()))


def _short(side: MapAxis, end: int) -> str:
    return (
        shown(side.values[end], 2)
        if side.kind == "parameter"
        else rival_names(side.name, side.kind, side.rivals[end : end + 1 or None], None)
    )


def _place(across: float, up: float) -> tuple[float, float]:
    return _LEFT + across * _SIDE, _TOP + (1.0 - up) * _SIDE


def _cross(drawn: FlipMap) -> Markup:
    """Best-sourced values of both assumptions with their ranges; nothing where one has none."""
    sides = (drawn.across, drawn.up)
    if not all(math.isfinite(value) for side in sides for value in (side.best, side.best_low, side.best_high)):
        return Markup("")
    (left, y), (right, _) = (_place(value, drawn.up.best) for value in (drawn.across.best_low, drawn.across.best_high))
    (x, top), (_, base) = (_place(drawn.across.best, value) for value in (drawn.up.best_high, drawn.up.best_low))
    return Markup('<path class="best" d="M{:.1f} {:.1f}H{:.1f}M{:.1f} {:.1f}V{:.1f}"/>').format(
        left, y, right, x, top, base
    )


def _marks(drawn: FlipMap, theories: tuple[Named, ...]) -> list[Markup]:
    order = [item.id for item in theories]
    found = []
    for name, across, up in drawn.theories:
        if math.isfinite(across) and math.isfinite(up) and name in order:
            x, y = _place(across, up)
            x, y = min(max(x, _LEFT + 6), _LEFT + _SIDE - 6), min(max(y, _TOP + 6), _TOP + _SIDE - 6)
            shape = GLYPHS[order.index(name) % len(GLYPHS)]
            found.append(
                Markup('<path class="stands" fill="{}" transform="translate({:.1f} {:.1f})" d="{}"/>').format(
                    shape.colour, x - 6, y - 6, shape.path
                )
            )
    return found


def _key() -> list[Markup]:
    """The five classes in words, below the map."""
    words = (("lead-a2", "A 80+"), ("lead-a1", "A 60–80"), ("lead-none", t("cannot tell")), ("lead-b1", "B 60–80"),
             ("lead-b2", "B 80+"))  # fmt: skip
    found, x, y = [], 4.0, _TOP + _SIDE + 26
    for kind, label in words:
        found.append(Markup('<path class="{}" d="M{:.0f} {:.0f}h11v11h-11z"/>').format(kind, x, y))
        found.append(text(x + 14, y + 9.5, label, "lab"))
        x += 28.0 + 5.6 * len(label)
    return found


def _ranked(found: Flips, case: Case) -> Markup:
    """The assumptions that tell most, those that tell nothing beyond better ones left out."""
    rows = [item for item in found.ranked if item.adds and item.beyond_noise][:_RANKED]
    if not rows:
        return Markup(t("<p>No assumption tells more than noise.</p>"))
    lines = Markup("").join(
        Markup("<tr><th scope=row>{}</th><td>{}</td></tr>").format(
            ranked_words(item, case), f"{100 * item.score:.0f} ± {100 * item.error:.1f}"
        )
        for item in rows
    )
    head = Markup(
        t(
            "<thead><tr><th scope=col>Assumption</th><th scope=col>Told, of 100 parts</th></tr></thead>",
        )
    )
    note = t(
        "Variance told by a rule on each alone, in unseen worlds; noise reaches {noise}.",
        noise=f"{100 * found.noise:.1f}",
    )
    return Markup("<div><table><caption>{}</caption>{}<tbody>{}</tbody></table></div>").format(note, head, lines)


def _table(found: Flips) -> Markup:
    """Shares by theory, in figures."""
    verdicts = {"a": "A", "b": "B", "alike": t("alike"), "not clear": t("not clear")}
    lines = Markup("").join(
        Markup("<tr><th scope=row>{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>").format(
            theory_id(row.theory) if row.pooled else t("{theory} (mixture)", theory=theory_id(row.theory)),
            in_hundred(row.side.ahead_b.value),
            in_hundred(row.side.ahead_a.value), in_hundred(row.side.alike), verdicts[theory_verdict(row.side)],
            t("{first} to {last}", first=shown(row.side.difference_p05, 2), last=shown(row.side.difference_p95, 2)),
        )
        for row in found.theories
    )  # fmt: skip
    words = (
        t("Theory"),
        t("B ahead, of 100"),
        t("A ahead"),
        t("Alike"),
        t("Clearly ahead"),
        t(
            "B − A, 5 to 95 in 100 worlds",
        ),
    )
    head = Markup("").join(Markup("<th scope=col>{}</th>").format(word) for word in words)
    return Markup(
        t(
            '<details class="sub"><summary class="sub">By theory, in figures</summary><div '
            'class="scroll" tabindex="0" role="region" aria-label="Shares by '
            'theory"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></details>',
        )
    ).format(head, lines)
