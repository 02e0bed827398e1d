"""A summary in plain words, written from the numbers.

The rules it keeps: conditional tense; shares of worlds and never chances of the real world; the interval
before the middle; no adjective about a policy; a policy that stands lowest under one theory only is never
named without saying so; a figure that the worlds cannot tell from none is said to be so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..case.records import Case
from ..model.schema import MEASURES
from ..study.results import Results
from ..study.specification import STATUS_QUO
from .numbers import scaled, shown
from .standing import Cell, matrices, preferred_direction
from .summary import Floats, chosen_measures, main_measures, measure_tables, paired, quantiles

__all__ = ["plain_words", "theories_in_words"]

_CLOSING = (
    "A world is one draw of what is uncertain, so shares of worlds say what the stated assumptions imply and are no "
    "forecast."
)
_ON_STRIKES = (
    " No record bears on strikes in this setting: where they are part of a policy, the figures restate the assumptions "
    "of each theory."
)
_MIXTURE = "even"
"""The mixture of all rivals: shown beside the theories, never counted as one of them."""
_BY_DEFINITION = ("cost_us", "cost_mx")
"""Measures counted from the status quo: their level there says nothing."""
_MOST_NAMED = 6
"""More policies than these are counted instead of named."""


def plain_words(
    results: Results, case: Case | None = None, measures: Sequence[str] | None = None
) -> list[str]:
    """Sentences about the main measures, each a paragraph of a summary.

    Parameters
    ----------
    results : Results
    case : Case, optional
        Gives the study its title.
    measures : sequence of str, optional
        The main measures of the study by default.

    Returns
    -------
    list of str
        What was compared; then one paragraph for each measure; then what the figures do not say.
    """
    names = chosen_measures(results, measures) if measures else main_measures(results)
    grids = matrices(results, names)
    kept = [i for i, theory in enumerate(results.theories) if theory != _MIXTURE] or list(range(len(results.theories)))
    theories = tuple(results.theories[i] for i in kept)
    paragraphs = [_opening(results, case, theories)]
    for name, table in measure_tables(results, names):
        grid = [[row[i] for i in kept] for row in grids[name]]
        paragraphs.append(" ".join(_about(results, name, table[:, kept], grid, theories)))
    paragraphs.append(_CLOSING + (_ON_STRIKES if _with_strikes(results, case) else ""))
    return paragraphs


def _with_strikes(results: Results, case: Case | None) -> bool:
    if case is None:
        return True
    levers = (case.policies[name.partition("@")[0]].levers for name in results.policies)
    return any(chosen.get(kind, 0.0) > 0.0 for chosen in levers for kind in ("leadership_strikes", "logistics_strikes"))


def theories_in_words(names: Sequence[str], of: Sequence[str]) -> str:
    """Some of the theories, in words.

    >>> theories_in_words(["a", "b"], ["a", "b", "c"])
    '2 of 3 theories (a, b)'
    >>> theories_in_words(["a"], ["a"])
    'the one theory (a)'
    """
    if len(of) == 1 and names:
        return f"the one theory ({of[0]})"
    if len(names) == len(of):
        return f"all {len(of)} theories"
    return f"{len(names)} of {len(of)} theories ({', '.join(names)})"


def _opening(results: Results, case: Case | None, theories: Sequence[str]) -> str:
    study, policies = results.study, len(results.policies) - 1
    title = f"{case.title}. " if case is not None else ""
    failed = results.failed_worlds
    total = len(results.policies) * len(results.theories) * study.worlds
    mixture = f" and their mixture {_MIXTURE}" if len(theories) < len(results.theories) else ""
    text = (
        f"{title}From {study.decision}, over {study.years} year{'s' if study.years > 1 else ''}: "
        f"{policies} polic{'ies' if policies != 1 else 'y'} compared with the status quo in the same "
        f"{study.worlds} worlds under {_under_each(theories)}{mixture} (seed {study.seed})."
    )
    if failed:
        text += f" {failed} of {total} runs left the bounds of the model and are left out."
    return text


def _under_each(theories: Sequence[str]) -> str:
    return f"each of {len(theories)} theories" if len(theories) > 1 else f"one theory ({theories[0]})"


def _about(
    results: Results, measure: str, table: Floats, grid: list[list[Cell]], theories: Sequence[str]
) -> list[str]:
    sentences = [_status_quo(results, measure, table)]
    sentences += _ends(measure, grid, theories)
    sentences += _against_status_quo(measure, grid)
    sentences += _one_disagreement(results, measure, table, theories)
    return sentences


def _title(measure: str) -> str:
    text = measure.replace("_", " ").replace(" us", " to the United States").replace(" mx", " to Mexico")
    return text[:1].upper() + text[1:]


def _status_quo(results: Results, measure: str, table: Floats) -> str:
    if measure in _BY_DEFINITION:
        return f"{_title(measure)}, counted from the status quo."
    by_theory = quantiles(table[results.policies.index(STATUS_QUO)])
    level = np.array([np.nanmin(by_theory[:, 0]), np.nanmedian(by_theory[:, 1]), np.nanmax(by_theory[:, 2])])
    unit = results.labels[measure].unit if measure in results.labels else ""
    if not np.isfinite(level[1]):
        return f"{_title(measure)}: no world under the status quo was left to read."
    factor, words = scaled(float(np.nanmax(np.abs(level))), unit)
    low, _, high = (shown(float(x) / factor, 2 if unit == "1" else 3) for x in level)
    known = MEASURES.get(measure)
    over = "in total" if known is not None and known.kind == "flow" else "at the end"
    label = " on a scale of 0-1" if unit == "1" else f" {words}"
    if low == high:
        return (
            f"{_title(measure)}: under the status quo, nearly every world would show {low}{label} {over}."
        )
    return (
        f"{_title(measure)}: under the status quo, at least 90 of 100 worlds of every theory would lie between "
        f"{low} and {high}{label} {over}."
    )


def _ends(measure: str, grid: list[list[Cell]], of: Sequence[str]) -> list[str]:
    """Which policies stand at the preferred end, and under which theories."""
    preferred = preferred_direction(measure)
    if preferred == "none":
        return []
    end = "lowest" if preferred == "lower" else "highest"
    alone: dict[str, list[str]] = {}
    shared: dict[str, list[str]] = {}
    for row in grid:
        for theory, cell in zip(of, row, strict=True):
            if cell.mark == "best":
                kind = alone if cell.shared == 1 else shared
                kind.setdefault(cell.policy, []).append(theory)
    if not alone and not shared:
        if len(of) == 1:
            return [f"Under the one theory no policy can be told as the {end}."]
        return [f"Under none of the {len(of)} theories can a policy be told as the {end}."]
    sentences = [
        f"{policy} would give the {end} figure under {theories_in_words(theories, of)}."
        for policy, theories in alone.items()
    ]
    if shared:
        several = "; ".join(_sharing(shared, of))
        sentences.append(f"Not to be told from the {end}: {several}.")
    if any(len(theories) < len(of) for theories in [*alone.values(), *shared.values()]):
        sentences.append(f"So what stands {end} changes with the theory.")
    return sentences


def _sharing(shared: dict[str, list[str]], of: Sequence[str]) -> list[str]:
    """Policies that share an end, gathered by the theories under which they do, the widest first."""
    gathered: dict[tuple[str, ...], list[str]] = {}
    for policy, theories in shared.items():
        gathered.setdefault(tuple(theories), []).append(policy)
    widest = sorted(gathered.items(), key=lambda entry: -len(entry[0]))
    return [f"{_listed(policies)} under {theories_in_words(theories, of)}" for theories, policies in widest]


def _listed(policies: Sequence[str]) -> str:
    if len(policies) > _MOST_NAMED:
        return f"{len(policies)} policies"
    return ", ".join(policies[:-1]) + f" and {policies[-1]}" if len(policies) > 1 else policies[0]


def _against_status_quo(measure: str, grid: list[list[Cell]]) -> list[str]:
    """Which policies can be told from the status quo, and how that depends on the theory."""
    preferred = preferred_direction(measure)
    sides = ("preferred", "other") if preferred != "none" else ("higher", "lower")
    words = {"preferred": preferred, "other": "lower" if preferred == "higher" else "higher"}
    always: dict[str, list[str]] = {side: [] for side in sides}
    some, never, both = 0, 0, []
    for row in grid:
        if row[0].policy == STATUS_QUO:
            continue
        seen = [cell.against_status_quo for cell in row if cell.against_status_quo in sides]
        if len(set(seen)) == 2:
            both.append(row[0].policy)
        elif not seen:
            never += 1
        elif len(seen) == len(row):
            always[seen[0]].append(row[0].policy)
        else:
            some += 1
    sentences = [
        f"In at least 95 of 100 worlds of every theory it would be {words.get(side, side)} than under the "
        f"status quo with {_listed(names)}."
        for side, names in always.items()
        if names
    ]
    if both:
        sentences.append(f"The direction changes with the theory with {_listed(both)}.")
    if some:
        sentences.append(
            f"{some} polic{'ies' if some > 1 else 'y'} can be told from the status quo under some theories "
            "only."
        )
    if never:
        sentences.append(
            f"{never} polic{'ies' if never > 1 else 'y'} cannot be told from the status quo under any theory."
        )
    return sentences


def _one_disagreement(
    results: Results, measure: str, table: Floats, theories: Sequence[str]
) -> list[str]:
    """The policy on which the theories disagree most, in counts of worlds."""
    if len(theories) < 2 or len(results.policies) < 2 or preferred_direction(measure) == "none":
        return []
    change = paired(table, results.policies.index(STATUS_QUO))
    fewer, count = (change < 0).sum(axis=-1), np.isfinite(change).sum(axis=-1)
    share = np.where(count > 0, fewer / np.maximum(count, 1), np.nan)
    moves = (change != 0).any(axis=-1)
    gap = np.where(moves.all(axis=-1), np.ptp(np.nan_to_num(share), axis=-1), 0.0)
    policy = int(np.argmax(gap))
    if not math.isfinite(float(gap[policy])) or gap[policy] < 0.1:
        return []
    low, high = int(np.nanargmin(share[policy])), int(np.nanargmax(share[policy]))
    most, least = round(100 * float(share[policy, high])), round(100 * float(share[policy, low]))
    return [
        f"The theories part most on {results.policies[policy]}: it would lower the figure in {most} of 100 "
        f"worlds under {theories[high]} and in {least} of 100 under {theories[low]}."
    ]
