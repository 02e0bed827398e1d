"""Flips: the few assumptions, and the region, under which one policy overtakes another.

In each world the two policies share every draw, so the sign of their paired difference says which is ahead there.
Rules on one or two assumptions are tried for how well they tell that sign in worlds they have not seen
(:mod:`.flips_rules`), in the manner of scenario discovery [1]_, with density and coverage as its measures [2]_.
A flip is found only where one policy leads inside the region and the other outside it, both beyond Monte-Carlo error,
and the rule tells more than the best rule on shuffled worlds.  That nothing flips is a result, and so is that it
cannot be told.  Exchanging the two policies exchanges their parts in the result and changes nothing else.

References
----------
.. [1] Lempert RJ, Groves DG, Popper SW, Bankes SC (2006) A general, analytic method for generating robust strategies
   and narrative scenarios. Manag. Sci. 52(4). https://doi.org/10.1287/mnsc.1050.0472
.. [2] Bryant BP, Lempert RJ (2010) Thinking inside the box. Technol. Forecast. Soc. Change 77(1).
   https://doi.org/10.1016/j.techfore.2009.08.002
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..errors import InputError, did_you_mean
from ..study.sampling import SCRAMBLES, monte_carlo_error, scramble_of
from ..study.specification import STATUS_QUO
from .flip_map import flip_map
from .flips_design import Counts, Design, Floats, design_of, rounded_off, scramble_mean
from .flips_records import Condition, FlipMap, Flips, Ranked, Reason, Region, Share, Side, State, TheoryShare
from .flips_region import FoundCondition, FoundRule, fold_error, pair_scores, rule_of_one, rule_of_two
from .flips_rules import Scores, cut_scores, noise_level, squares_of, tables
from .flips_sources import governing_axis, prior_distance, prior_place, prior_values, sources_of
from .flips_split import sign_split
from .standing import preferred_direction
from .summary import quantiles

if TYPE_CHECKING:
    from ..case.records import Case
    from ..study.results import Results

__all__ = [
    "FEWEST_WORLDS", "Pair", "Ranking", "find_flips", "flips_between", "rank_assumptions", "side_of", "widest_pair",
]  # fmt: skip

FEWEST_WORLDS = 64
"""With fewer sound worlds in the pool no rule is tried."""
_EXPECTED = f"at least {FEWEST_WORLDS} in all theories together"
_PAIRED = 6
"""Rules of two are tried on so many of the best assumptions."""
_BEYOND = 2.0
"""Monte-Carlo errors by which a rule of two must tell more than a rule of one."""
_STEPS = 12
"""At most so many assumptions are looked for that add to each other."""
_COARSER = 4
"""Bins of a parameter that are taken together when what it tells is taken off."""


def find_flips(
    results: Results,
    case: Case | None,
    a: str,
    b: str,
    measure: str = "homicides",
    *,
    design: Design | None = None,
    table: Floats | None = None,
    why: str = "",
) -> Flips:
    """Under which assumptions B overtakes A, if any.

    Parameters
    ----------
    results : Results
    case : Case or None
        Gives best-sourced values and evidence.
    a, b : str
        Policies of the results.
    measure : str
        Its preferred direction says what ahead means; without one the higher figure is ahead.
    design : Design, optional
        From :func:`.flips_design.read_design`, so that several questions read the assumptions once.
    table : float array [policy, theory, world], optional
        The measure, if it has been read already.
    why : str
        How the pair came to be chosen, for the record.

    Returns
    -------
    Flips
        Worlds in which either policy failed are left out and counted.

    Raises
    ------
    InputError
        If a name is unknown, the policies are the same, or fewer than 64 sound worlds are left.
    """
    differences = _differences(results, a, b, measure, table)
    layout = design if design is not None else design_of(results)
    pool = [results.theories.index(name) for name in layout.theories]
    _enough(results, int(np.isfinite(differences[pool]).sum()))
    label = results.labels.get(measure)
    pair = Pair(a, b, measure, label.unit if label else "", results.theories, differences, why)
    return flips_between(pair, layout, case)


@dataclass(frozen=True, eq=False)
class Pair:
    """Two policies in the same worlds."""

    a: str
    b: str
    measure: str
    unit: str
    theories: tuple[str, ...]
    differences: Floats
    """[theory, world], B - A of worlds 0, 1, ... as :func:`.flips_design.rounded_off` gives it; NaN where either
    policy failed.
    """
    why: str = ""
    """How the pair came to be chosen."""


def flips_between(pair: Pair, design: Design, case: Case | None) -> Flips:
    """Under which assumptions B overtakes A in worlds that are at hand, stored or not; see :func:`find_flips`.

    Parameters
    ----------
    pair : Pair
    design : Design
        Assumptions of the pair's worlds; its theories are among the pair's.
    case : Case or None

    Raises
    ------
    InputError
        If fewer than 64 sound worlds are left.
    """
    preferred = preferred_direction(pair.measure)
    sign = -1.0 if preferred == "lower" else 1.0
    pool = [pair.theories.index(name) for name in design.theories]
    change = design.column(pair.differences[pool])
    rows = np.flatnonzero(np.isfinite(change))
    if len(rows) < FEWEST_WORLDS:
        raise InputError("too few worlds to look for flips", given=f"{len(rows)} sound worlds", expected=_EXPECTED)
    change, scrambles = change[rows], design.scrambles[rows]
    outcome = (np.sign(sign * change) + 1.0) / 2.0
    overall = side_of(change, sign, scrambles)
    ranking = rank_assumptions(design, rows, outcome, case)
    rule = _best_rule(design, rows, outcome, ranking)
    region = _region(design, rows, change, sign, rule, case) if rule is not None else None
    state, reason = _state(overall, region)
    return Flips(
        pair.a, pair.b, pair.measure, pair.unit, preferred, pair.why, state, reason, overall,
        _by_theory(pair, sign, design.theories), ranking.ranked, ranking.noise, region,
        sign_split(design, rows, outcome, ranking.adding), _map(design, rows, outcome, ranking, case), design.left_out,
    )  # fmt: skip


def _enough(results: Results, sound: int) -> None:
    """Refuse to look for rules in too few worlds, with the command that makes more."""
    from ..study.atomic import path_argument

    if sound < FEWEST_WORLDS:
        more = f"--worlds {max(256, 4 * results.study.worlds)}"
        raise InputError(
            "too few worlds to look for flips", given=f"{sound} sound worlds",
            expected=_EXPECTED,
            fix=f"`crosscurrent extend {path_argument(results.folder)} {more}`",
        )  # fmt: skip


def _differences(results: Results, a: str, b: str, measure: str, table: Floats | None) -> Floats:
    """B - A in each world, [theory, world]; NaN where either failed."""
    for name in (a, b):
        if name not in results.policies:
            raise InputError(
                "unknown policy in these results", given=name, fix=did_you_mean(name, results.policies)
            )
    if a == b:
        raise InputError("a policy cannot overtake itself", given=a, expected="two different policies")
    values = results.table(measure) if table is None else table
    return rounded_off(values[results.policies.index(a)], values[results.policies.index(b)])


def widest_pair(
    results: Results, measure: str = "homicides", table: Floats | None = None
) -> tuple[str, str]:
    """The status quo, and the policy whose share of worlds ahead of it differs most between theories.

    Raises
    ------
    InputError
        If the measure is unknown or there is no other policy.
    """
    others = [name for name in results.policies if name != STATUS_QUO]
    if not others:
        raise InputError("these results have one policy only", expected="a second policy to compare with")
    values = results.table(measure) if table is None else table
    pool = [k for k, name in enumerate(results.theories) if name != "even"] or [0]
    change = np.sign(rounded_off(values[results.policies.index(STATUS_QUO)], values))[:, pool]
    count = np.isfinite(change).sum(axis=-1)
    lead = np.divide(np.nansum(change, axis=-1), count, out=np.zeros(count.shape), where=count > 0)
    return STATUS_QUO, max(others, key=lambda name: float(np.ptp(lead[results.policies.index(name)])))


def side_of(change: Floats, sign: float, scrambles: Counts) -> Side:
    """Which policy is ahead in some worlds, from paired differences B - A [world] without NaN."""
    ahead = np.sign(sign * change)
    shares = [_share(ahead < 0, scrambles), _share(ahead > 0, scrambles)]
    lead, error = scramble_mean(ahead, scrambles)
    floor = 2.0 * 3.0 / (1.645 * len(change)) if len(change) else float("nan")
    low, middle, high = (float(x) for x in quantiles(change)) if len(change) else (float("nan"),) * 3
    return Side(
        len(change), shares[0], shares[1], float((ahead == 0).mean()) if len(change) else float("nan"),
        Share(lead, max(error, floor) if np.any(ahead != 0) else error), low, middle, high,
        _median_error(change, scrambles),
    )  # fmt: skip


def _share(holds: npt.NDArray[np.bool_], scrambles: Counts) -> Share:
    return Share(*scramble_mean(holds.astype(np.float64), scrambles))


def _median_error(change: Floats, scrambles: Counts) -> float:
    return float(monte_carlo_error(change, scrambles)) if len(change) else float("nan")


def _by_theory(pair: Pair, sign: float, pooled: tuple[str, ...]) -> tuple[TheoryShare, ...]:
    found = []
    for theory, change in zip(pair.theories, pair.differences, strict=True):
        sound = np.isfinite(change)
        side = side_of(change[sound], sign, scramble_of(np.flatnonzero(sound)))
        found.append(TheoryShare(theory, theory in pooled, side, int((~sound).sum())))
    return tuple(found)


@dataclass(frozen=True)
class Ranking:
    """Assumptions by how well each alone tells an outcome."""

    ranked: tuple[Ranked, ...]
    numbers: tuple[int, ...]
    """Places in the design, in the order of ``ranked``."""
    scores: Scores
    """By place in the design."""
    noise: float

    @property
    def adding(self) -> tuple[int, ...]:
        """Places in the design of those that tell something of what better ones leave."""
        return tuple(number for item, number in zip(self.ranked, self.numbers, strict=True) if item.adds)


def rank_assumptions(
    design: Design,
    rows: Counts,
    outcome: Floats,
    case: Case | None,
    noise: float | None = None,
    counts: Floats | None = None,
) -> Ranking:
    """Rank every assumption by how well the best rule on it tells an outcome [used] in unseen scrambles.

    In a design of finitely many worlds some parameters are drawn alike, and a parameter follows the axis that governs
    it; so those that still tell something of what better ones leave are marked.  A noise level, or counts of the
    same rows, that are known already are used again.
    """
    named = np.array([item.kind != "parameter" for item in design.assumptions], dtype=bool)
    if np.ptp(outcome) == 0:
        return Ranking((), (), Scores(np.zeros(0), np.zeros((0, SCRAMBLES))), 0.0)
    counts, sums = tables(design, rows, outcome[None], counts)
    scores = cut_scores(counts, sums[0], named, squares_of(outcome, design.scrambles[rows]))
    level = noise if noise is not None else noise_level(design, rows, outcome, counts)
    axes = [governing_axis(item.name, case) if item.kind == "parameter" else "" for item in design.assumptions]
    adding = _adding(design, rows, outcome, axes, level, counts)
    ranked, order = [], _order(scores.score, named)
    for number in order:
        item, score = design.assumptions[number], float(scores.score[number])
        error = fold_error(scores.folds[number])
        ranked.append(Ranked(item.name, item.kind, score, error, score > level, number in adding, axes[number]))
    return Ranking(tuple(ranked), tuple(order), scores, level)


def _order(score: Floats, named: npt.NDArray[np.bool_]) -> list[int]:
    """Best first; structure stands before a parameter that tells as much."""
    return sorted(range(len(named)), key=lambda k: (-round(float(score[k]), 6), not named[k], k))


def _adding(
    design: Design, rows: Counts, outcome: Floats, axes: Sequence[str], level: float, counts: Floats
) -> tuple[int, ...]:
    """Assumptions that tell more than noise of what those before them leave, step by step.

    An axis goes before a parameter that it governs unless the parameter tells more by more than noise.
    """
    found: list[int] = []
    named = np.array([item.kind != "parameter" for item in design.assumptions], dtype=bool)
    places = {item.name: number for number, item in enumerate(design.assumptions)}
    left = outcome - outcome.mean()
    whole = float((left**2).sum())
    for _ in range(_STEPS):
        share = float((left**2).sum()) / whole
        if share < 1e-9:
            break
        sums = tables(design, rows, left[None], counts)[1][0]
        score = cut_scores(counts, sums, named, squares_of(left, design.scrambles[rows])).score * share
        best = _order(score, named)[0]
        if not score[best] > level:
            break
        axis = places.get(axes[best])
        if axis is not None and axis not in found and score[axis] >= score[best] - level:
            best = axis
        if best not in found:
            found.append(best)
        groups = design.bins[best][rows] // (1 if named[best] else _COARSER)
        left = left - (np.bincount(groups, weights=left) / np.maximum(np.bincount(groups), 1))[groups]
    return tuple(found)


def _adds(folds: Floats, others: Floats, noise: float) -> bool:
    """Whether one score is above another by more than noise and two errors of their difference."""
    gain = folds - others
    return bool(gain.sum() > max(noise, _BEYOND * fold_error(gain)))


def _best_rule(design: Design, rows: Counts, outcome: Floats, ranking: Ranking) -> FoundRule | None:
    """The best rule of one assumption, or of two where the second adds beyond error; None if none is beyond noise."""
    able = [
        number
        for item, number in zip(ranking.ranked, ranking.numbers, strict=True)
        if item.beyond_noise and item.adds
    ][:_PAIRED]
    if not able:
        return None
    first = Scores(ranking.scores.score[able[0]], ranking.scores.folds[able[0]])
    best = first
    pair: tuple[int, int] | None = None
    for i, one in enumerate(able):
        for other in able[i:]:
            if one == other and design.assumptions[one].kind != "parameter":
                continue
            scores = pair_scores(design, rows, outcome, (one, other))
            if float(scores.score) > float(best.score) and _adds(scores.folds, first.folds, ranking.noise):
                best, pair = scores, (one, other)
    if pair is None:
        return rule_of_one(design, rows, outcome, able[0], first)
    return rule_of_two(design, rows, outcome, pair, best)


def _region(
    design: Design, rows: Counts, change: Floats, sign: float, rule: FoundRule, case: Case | None
) -> Region:
    scrambles, inside = design.scrambles[rows], rule.inside
    within, outside = (side_of(change[part], sign, scrambles[part]) for part in (inside, ~inside))
    ahead = np.sign(sign * change) == (1.0 if within.lead.value > outside.lead.value else -1.0)
    theory = design.theory[rows]
    by_theory = tuple(
        (name, float(inside[theory == k].mean()) if (theory == k).any() else float("nan"))
        for k, name in enumerate(design.theories)
    )
    return Region(
        tuple(_condition(design, found, case) for found in rule.conditions), rule.score, rule.error,
        within, outside, _share(inside, scrambles), _share(ahead[inside], scrambles[inside]),
        _share(inside[ahead], scrambles[ahead]), by_theory,
    )  # fmt: skip


def _condition(design: Design, found: FoundCondition, case: Case | None) -> Condition:
    item = design.assumptions[found.number]
    others = tuple(name for name in item.rivals if name not in found.rivals)
    below = distance = float("nan")
    drawn = design.drawn(found.number).astype(np.float64) if item.kind == "parameter" else None
    if drawn is not None:
        below = prior_place(prior_values(item.name, case, drawn), found.threshold)
        distance = prior_distance(below, found.above)
    return Condition(
        item.name, item.kind, found.above, found.threshold, found.low, found.high, found.rivals, others,
        found.stability, below, distance, sources_of(item.name, item.kind, case, drawn),
        governing_axis(item.name, case) if drawn is not None else "",
    )  # fmt: skip


def _state(overall: Side, region: Region | None) -> tuple[State, Reason]:
    if overall.alike == 1.0:
        return "no flip found", "alike in every world"
    if region is None:
        one = 1.0 in (overall.ahead_a.value, overall.ahead_b.value)
        return "no flip found", "one side throughout" if one else "nothing separates"
    leaders = {region.inside.leader, region.outside.leader}
    if leaders == {"a", "b"}:
        return "flip found", "the side changes beyond error"
    if "" in leaders:
        alike = [side.alike > 0.99 for side in (region.inside, region.outside)]
        if any(alike):
            return "no flip found", "one side throughout"
        return "not clear", "the side cannot be told somewhere"
    return "no flip found", "one side throughout"


def _map(design: Design, rows: Counts, outcome: Floats, ranking: Ranking, case: Case | None) -> FlipMap | None:
    """The map of the two parameters that tell most, not both of one axis; other assumptions where there are none."""
    if np.ptp(outcome) == 0:
        return None
    leading = [_strength(item, ranking) for item in ranking.ranked if item.beyond_noise and item.adds]
    parameters = [item for item in leading if item.kind == "parameter"]
    chosen: list[Ranked] = []
    for item in [*parameters, *leading, *ranking.ranked]:
        taken = {name for other in chosen for name in (other.name, other.axis) if name}
        if len(chosen) < 2 and not taken & {item.name, item.axis}:
            chosen.append(item)
    if len(chosen) < 2 or not chosen[0].beyond_noise:
        return None
    return flip_map(design, rows, outcome, (chosen[0], chosen[1]), case)


def _strength(item: Ranked, ranking: Ranking) -> Ranked:
    """For an axis, the parameter it governs that tells most: the strength of what is disputed, if it has one."""
    if item.kind != "axis":
        return item
    return next((other for other in ranking.ranked if other.axis == item.name and other.beyond_noise), item)
