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
from ..language import dated, foreign, language, msg, own, policy_id, said, t, theory_id, tn
from ..model.schema import MEASURES
from ..study.results import Results
from ..study.specification import STATUS_QUO
from .numbers import scaled, shown
from .standing import Cell, matrices, preferred_direction
from .summary import Floats, chosen_measures, main_measures, measure_tables, paired, quantiles

__all__ = ["plain_words", "theories_in_words"]

_CLOSING = msg(
    "A world is one draw of what is uncertain, so shares of worlds say what the stated assumptions imply and are no "
    "forecast."
)
_ON_STRIKES = msg(
    "No record bears on strikes in this setting: where they are part of a policy, the figures restate the assumptions "
    "of each theory."
)
_MIXTURE = "even"
"""The mixture of all rivals: shown beside the theories, never counted as one of them."""
_BY_DEFINITION = ("cost_us", "cost_mx")
"""Measures counted from the status quo: their level there says nothing."""
_MOST_NAMED = 6
"""More policies than these are counted instead of named."""


def plain_words(results: Results, case: Case | None = None, measures: Sequence[str] | None = None) -> list[str]:
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
    paragraphs.append(" ".join([t(_CLOSING), *([t(_ON_STRIKES)] if _with_strikes(results, case) else [])]))
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
        return t("the one theory ({name})", name=theory_id(of[0]))
    if len(names) == len(of):
        return t("all {total} theories", total=len(of))
    listed = ", ".join(theory_id(name) for name in names)
    return t("{count} of {total} theories ({names})", count=len(names), total=len(of), names=listed)


def _opening(results: Results, case: Case | None, theories: Sequence[str]) -> str:
    study, policies = results.study, len(results.policies) - 1
    title = f"{said(case.title)}. " if case is not None else ""
    failed = results.failed_worlds
    total = len(results.policies) * len(results.theories) * study.worlds
    under = _under_each(theories)
    if len(theories) < len(results.theories):
        under = t("{theories} and their mixture {mixture}", theories=under, mixture=foreign(_MIXTURE))
    years = tn("{count} year", "{count} years", study.years)
    text = title + tn(
        "From {decision}, over {years}: {count} policy compared with the status quo in the same {worlds} worlds under "
        "{under} (seed {seed}).",
        "From {decision}, over {years}: {count} policies compared with the status quo in the same {worlds} worlds "
        "under {under} (seed {seed}).",
        policies, decision=dated(study.decision), years=years, worlds=study.worlds, under=under, seed=study.seed,
    )  # fmt: skip
    if failed:
        text += " " + t(
            "{failed} of {total} runs left the bounds of the model and are left out.", failed=failed, total=total
        )
    return text


def _under_each(theories: Sequence[str]) -> str:
    if len(theories) > 1:
        return t("each of {count} theories", count=len(theories))
    return t("one theory ({name})", name=theory_id(theories[0]))


def _about(results: Results, measure: str, table: Floats, grid: list[list[Cell]], theories: Sequence[str]) -> list[str]:
    sentences = [_status_quo(results, measure, table)]
    sentences += _ends(measure, grid, theories)
    sentences += _against_status_quo(measure, grid)
    sentences += _one_disagreement(results, measure, table, theories)
    return sentences


def _title(measure: str) -> str:
    if language() != "en":
        return own(f"measure.{measure}", measure.replace("_", " "))
    text = measure.replace("_", " ").replace(" us", " to the United States").replace(" mx", " to Mexico")
    return text[:1].upper() + text[1:]


def _status_quo(results: Results, measure: str, table: Floats) -> str:
    if measure in _BY_DEFINITION:
        return t("{title}, counted from the status quo.", title=_title(measure))
    by_theory = quantiles(table[results.policies.index(STATUS_QUO)])
    level = np.array([np.nanmin(by_theory[:, 0]), np.nanmedian(by_theory[:, 1]), np.nanmax(by_theory[:, 2])])
    unit = results.labels[measure].unit if measure in results.labels else ""
    if not np.isfinite(level[1]):
        return t("{title}: no world under the status quo was left to read.", title=_title(measure))
    factor, words = scaled(float(np.nanmax(np.abs(level))), unit)
    low, _, high = (shown(float(x) / factor, 2 if unit == "1" else 3) for x in level)
    known = MEASURES.get(measure)
    label = t("on a scale of 0-1") if unit == "1" else words
    slots = {"measure": _title(measure), "low": low, "high": high, "unit": label}
    if known is not None and known.kind == "flow":
        if low == high:
            return t("{measure}: under the status quo, nearly every world would show {low} {unit} in total.", **slots)
        return t(
            "{measure}: under the status quo, at least 90 of 100 worlds of every theory would lie between {low} and "
            "{high} {unit} in total.", **slots
        )  # fmt: skip
    if low == high:
        return t("{measure}: under the status quo, nearly every world would show {low} {unit} at the end.", **slots)
    return t(
        "{measure}: under the status quo, at least 90 of 100 worlds of every theory would lie between {low} and {high} "
        "{unit} at the end.", **slots
    )  # fmt: skip


def _ends(measure: str, grid: list[list[Cell]], of: Sequence[str]) -> list[str]:
    """Which policies stand at the preferred end, and under which theories."""
    preferred = preferred_direction(measure)
    if preferred == "none":
        return []
    low = preferred == "lower"
    alone: dict[str, list[str]] = {}
    shared: dict[str, list[str]] = {}
    for row in grid:
        for theory, cell in zip(of, row, strict=True):
            if cell.mark == "best":
                kind = alone if cell.shared == 1 else shared
                kind.setdefault(cell.policy, []).append(theory)
    if not alone and not shared:
        if len(of) == 1:
            return [
                t("Under the one theory no policy can be told as the lowest.")
                if low
                else t("Under the one theory no policy can be told as the highest.")
            ]
        none = (
            msg("Under none of the {count} theories can a policy be told as the lowest.")
            if low
            else msg("Under none of the {count} theories can a policy be told as the highest.")
        )
        return [t(none, count=len(of))]
    gives = (
        msg("{policy} would give the lowest figure under {theories}.")
        if low
        else msg("{policy} would give the highest figure under {theories}.")
    )
    sentences = [
        t(gives, policy=policy_id(policy), theories=theories_in_words(theories, of))
        for policy, theories in alone.items()
    ]
    if shared:
        told = (
            msg("Not to be told from the lowest: {several}.")
            if low
            else msg("Not to be told from the highest: {several}.")
        )
        sentences.append(t(told, several="; ".join(_sharing(shared, of))))
    if any(len(theories) < len(of) for theories in [*alone.values(), *shared.values()]):
        sentences.append(
            t("So what stands lowest changes with the theory.")
            if low
            else t("So what stands highest changes with the theory.")
        )
    return sentences


def _sharing(shared: dict[str, list[str]], of: Sequence[str]) -> list[str]:
    """Policies that share an end, gathered by the theories under which they do, the widest first."""
    gathered: dict[tuple[str, ...], list[str]] = {}
    for policy, theories in shared.items():
        gathered.setdefault(tuple(theories), []).append(policy)
    widest = sorted(gathered.items(), key=lambda entry: -len(entry[0]))
    return [
        t("{policies} under {theories}", policies=_listed(policies), theories=theories_in_words(theories, of))
        for theories, policies in widest
    ]


def _listed(policies: Sequence[str]) -> str:
    if len(policies) > _MOST_NAMED:
        return t("{count} policies", count=len(policies))
    names = [policy_id(name) for name in policies]
    if len(names) == 1:
        return names[0]
    return t("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])


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
    lower = msg(
        "In at least 95 of 100 worlds of every theory it would be lower than under the status quo with {names}."
    )
    higher = msg(
        "In at least 95 of 100 worlds of every theory it would be higher than under the status quo with {names}."
    )
    sentences = [
        t(lower if words.get(side, side) == "lower" else higher, names=_listed(names))
        for side, names in always.items()
        if names
    ]
    if both:
        sentences.append(t("The direction changes with the theory with {names}.", names=_listed(both)))
    if some:
        sentences.append(
            tn(
                "{count} policy can be told from the status quo under some theories only.",
                "{count} policies can be told from the status quo under some theories only.",
                some,
            )
        )
    if never:
        sentences.append(
            tn(
                "{count} policy cannot be told from the status quo under any theory.",
                "{count} policies cannot be told from the status quo under any theory.",
                never,
            )
        )
    return sentences


def _one_disagreement(results: Results, measure: str, table: Floats, theories: Sequence[str]) -> list[str]:
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
        t(
            "The theories part most on {policy}: it would lower the figure in {most} of 100 worlds under {first} and "
            "in {least} of 100 under {second}.",
            policy=policy_id(results.policies[policy]),
            most=most,
            least=least,
            first=theory_id(theories[high]),
            second=theory_id(theories[low]),
        )
    ]
