"""Which policy is preferred under which criterion and theory, and how sure that is.

Every measure, and every set of preferences over several, is judged by a portfolio of criteria within each theory
first.  Theories are then put together without weights (the worst theory, regret over theories, the share of all
weightings), and with weights only where somebody states them.  A theory that mixes all rivals stands beside the
others and is not counted among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..errors import InputError, did_you_mean
from ..study.labels import Label
from ..study.results import Results
from ..study.specification import STATUS_QUO
from . import criteria
from .preferences import Preferences, read_preferences, shipped_preferences, single_measure
from .rank_stability import (
    Leading,
    agreement,
    agreement_with,
    error_of,
    leading_difference,
    rank_intervals,
    rank_shares,
    weight_draws,
)
from .robustness_sample import CRITERIA, Criterion, Losses, losses_of, mean_parts
from .summary import chosen_measures, main_measures

__all__ = ["MIXTURE", "Portfolio", "Ranking", "Robustness", "Steadiness", "portfolio", "robustness", "usable_examples"]

MIXTURE = "even"
"""The mixture of all rivals: a theory of its own, left out of criteria over theories."""
SHIFTS = (-0.5, -0.25, 0.25, 0.5)
"""By how much thresholds are loosened or made stricter, in interquartile ranges of the measure."""

Floats = npt.NDArray[np.float64]
Over = Literal["within", "worst theory", "regret over theories", "any weights", "stated weights"]


@dataclass(frozen=True)
class Ranking:
    """All policies by one criterion, under one theory or over theories; lists are in the order of the policies."""

    theory: str
    """A theory, or empty for a ranking over theories."""
    over: Over
    """``within`` a theory, or how theories are put together."""
    criterion: str
    """Id of a criterion of the portfolio."""
    values: tuple[float, ...]
    """In the unit of what is judged, a share 0-1, or a pure number."""
    errors: tuple[float, ...]
    """Monte-Carlo errors of the values."""
    differences: tuple[float, ...]
    """Value less that of the status quo."""
    difference_errors: tuple[float, ...]
    """Monte-Carlo errors of the differences, which are taken in the same worlds and so mostly smaller."""
    first_rank: tuple[int, ...]
    last_rank: tuple[int, ...]
    """First and last rank that a policy may have; 1 is preferred.  Policies not told apart share ranks; empty
    where nothing is ranked.
    """
    rank_shares: tuple[tuple[float, ...], ...]
    """Share of resamples in which each policy has each rank, [policy][rank]."""
    leading: Leading | None
    """First policy against the nearest; None for criteria that do not settle with the number of worlds."""

    def preferred(self) -> tuple[int, ...]:
        """Places of the policies that no other is told to be better than."""
        return tuple(place for place, rank in enumerate(self.first_rank) if rank == 1)


@dataclass(frozen=True)
class Steadiness:
    """How far the order of policies by expected value holds, [theory] unless said otherwise."""

    across_criteria: tuple[float, ...]
    """Share of pairs of policies that two criteria put in the same order, over all pairs of criteria."""
    across_theories: tuple[float, ...]
    """The same between theories, [criterion of the portfolio]."""
    near_weights: tuple[tuple[float, ...], ...]
    """Share of weightings near the stated one under which a policy is first, [theory][policy]; empty with one measure.
    """
    any_weights: tuple[tuple[float, ...], ...]
    """The same over all weightings."""
    near_agreement: tuple[float, ...]
    """Share of pairs of policies that weightings near the stated one leave in its order."""
    thresholds: tuple[tuple[tuple[int, ...], ...], ...]
    """Policies with the largest share of good-enough worlds when thresholds move, [theory][shift of ``SHIFTS``]."""


@dataclass(frozen=True)
class Portfolio:
    """One measure or one set of preferences under all criteria."""

    preferences: Preferences
    unit: str
    ranked: bool
    """False where no direction is agreed or stated: then only means are given."""
    theories: tuple[str, ...]
    """Theories that count in criteria over theories."""
    worlds: tuple[int, ...]
    """Worlds that no policy failed, [theory of the results]."""
    failed: tuple[tuple[int, ...], ...]
    """Worlds that a policy failed, [theory of the results][policy]; they are left out for every policy."""
    rankings: tuple[Ranking, ...]
    steadiness: Steadiness | None

    def ranking(self, criterion: str, theory: str = "", over: Over = "within") -> Ranking:
        """One of the rankings.

        Raises
        ------
        InputError
            If there is none: an unknown name, or a criterion that does not apply.
        """
        for item in self.rankings:
            if (item.criterion, item.theory, item.over) == (criterion, theory, over):
                return item
        known = sorted({item.criterion for item in self.rankings})
        raise InputError("no such ranking", given=f"{criterion} {theory or over}", fix=did_you_mean(criterion, known))


@dataclass(frozen=True)
class Robustness:
    """Portfolios of a study."""

    policies: tuple[str, ...]
    theories: tuple[str, ...]
    worlds: int
    """Worlds per theory, failed ones included."""
    measures: tuple[Portfolio, ...]
    stakeholders: tuple[Portfolio, ...]

    @property
    def portfolios(self) -> tuple[Portfolio, ...]:
        """All of them, measures first."""
        return (*self.measures, *self.stakeholders)

    def undecided(self) -> tuple[tuple[Portfolio, Ranking], ...]:
        """Rankings by expected value whose first place more worlds could settle."""
        return tuple(
            (portfolio, item)
            for portfolio in self.portfolios
            for item in portfolio.rankings
            if item.criterion == "expected" and item.theory in portfolio.theories and item.leading is not None
            and item.leading.verdict == "open"
        )  # fmt: skip


def usable_examples(results: Results) -> tuple[Preferences, ...]:
    """Shipped preferences whose measures the results hold."""
    found, measures = [], results.measures
    for name in shipped_preferences():
        try:
            found.append(read_preferences(name, measures, results.theories))
        except InputError:  # this study does not hold a measure that the example is about
            continue
    return tuple(found)


def robustness(
    results: Results,
    measures: Sequence[str] | None = None,
    preferences: Sequence[Preferences] | None = None,
    progress: Callable[[int, int], None] | None = None,
    looks: int = 1,
) -> Robustness:
    """Judge all policies of a study by the portfolio of criteria.

    Parameters
    ----------
    results : Results
    measures : sequence of str, optional
        The main measures by default; with preferences, the measures that they name.
    preferences : sequence of Preferences, optional
        The shipped examples by default.
    progress : callable, optional
        Called with how many portfolios are done, of how many.
    looks : int
        How often the question who is first is asked at most, with more and more worlds; each look makes what
        counts as settled stricter.

    Returns
    -------
    Robustness

    Raises
    ------
    InputError
        If a measure is unknown, or too few worlds are left to give errors.
    """
    stated = usable_examples(results) if preferences is None else tuple(preferences)
    own = stated[0] if preferences and len(stated) == 1 else None
    if measures is not None:
        names = chosen_measures(results, measures)
    else:
        names = own.measures if own else main_measures(results)
    singles = [single_measure(name, own) for name in names]
    several = [item for item in stated if len(item.wishes) > 1 or item.thresholds]
    tables = results.tables(sorted({name for item in (*singles, *several) for name in item.measures}))
    found, labels = [], results.labels
    for done, item in enumerate((*singles, *several)):
        if progress is not None:
            progress(done, len(singles) + len(several))
        found.append(portfolio(results, tables, item, _unit(labels, item), looks=looks))
    return Robustness(
        results.policies, results.theories, results.study.worlds, tuple(found[: len(singles)]),
        tuple(found[len(singles) :]),
    )  # fmt: skip


def _unit(labels: Mapping[str, Label], preferences: Preferences) -> str:
    if not preferences.in_own_unit:
        return "weighted units"
    label = labels.get(preferences.weighted[0].measure)
    return label.unit if label else ""


def portfolio(
    results: Results,
    tables: Mapping[str, Floats],
    preferences: Preferences,
    unit: str,
    only: Sequence[str] = (),
    looks: int = 1,
) -> Portfolio:
    """All criteria, or only some, for one measure or one set of preferences; tables are [policy, theory, world]."""
    reference = results.policies.index(STATUS_QUO)
    losses = [losses_of(tables, preferences, theory, reference) for theory in range(len(results.theories))]
    ranked = all(wish.direction != "none" for wish in preferences.wishes)
    chosen = [item for item in _criteria_for(preferences, ranked) if not only or item.id in only]
    counted = tuple(name for name in results.theories if name != MIXTURE) or results.theories
    scores = {criterion.id: _scores(criterion, losses) for criterion in chosen}
    places = [(number, theory, reference) for number, theory in enumerate(results.theories)]
    within = [
        _ranking(criterion, preferences, scores[criterion.id], place, (part.worlds, looks), ranked)
        for place, part in zip(places, losses, strict=True)
        for criterion in chosen
    ]
    over = _over_theories(chosen, preferences, scores, (results.theories, counted), reference) if ranked else []
    return Portfolio(
        preferences, unit, ranked, counted, tuple(part.worlds for part in losses),
        tuple(tuple(part.lost.tolist()) for part in losses), (*within, *over),
        _steadiness(tables, preferences, losses, scores, reference, [results.theories.index(name) for name in counted])
        if ranked else None,
    )  # fmt: skip


def _criteria_for(preferences: Preferences, ranked: bool) -> list[Criterion]:
    """Without a direction only means make sense; without weights only thresholds."""
    if not ranked:
        return [CRITERIA[0]]
    return [item for item in CRITERIA if preferences.weighted or item.id == "satisficing"]


def _scores(criterion: Criterion, losses: list[Losses]) -> tuple[Floats, Floats]:
    """Scores [policy, theory] and [scramble, policy, theory]."""
    found = [part.scores(criterion) for part in losses]
    return np.stack([whole for whole, _ in found], axis=-1), np.stack([parts for _, parts in found], axis=-1)


def _shown_sign(criterion: Criterion, preferences: Preferences) -> float:
    """What turns a score back into the figure that is shown."""
    if criterion.kind == "figure":
        return preferences.weighted[0].sign if preferences.in_own_unit else 1.0
    return -1.0 if criterion.kind == "share" else 1.0


def _ranking(
    criterion: Criterion,
    preferences: Preferences,
    scores: tuple[Floats, Floats],
    place: tuple[int, str, int],
    effort: tuple[int, int],
    ranked: bool,
) -> Ranking:
    """One criterion under one theory; ``place`` is its number, its name and the number of the status quo."""
    number, theory, reference = place
    score, parts = scores[0][:, number], scores[1][:, :, number]
    sign = _shown_sign(criterion, preferences)
    return _judged(criterion, (theory, "within"), score, parts, (sign, reference), effort, ranked)


def _judged(
    criterion: Criterion,
    place: tuple[str, Over],
    score: Floats,
    parts: Floats,
    shown: tuple[float, int],
    effort: tuple[int, int] = (0, 1),
    ranked: bool = True,
) -> Ranking:
    """A ranking from scores; ``shown`` is what turns them into figures, and the place of the status quo; ``effort``
    the number of worlds, and how often they are looked at.
    """
    sign, reference = shown
    smooth = criterion.smooth
    first, last = rank_intervals(score, parts, smooth=smooth) if ranked else (np.zeros(0, int), np.zeros(0, int))
    shares = rank_shares(score, parts, smooth=smooth) if ranked else np.zeros((0, 0))
    comparable = ranked and smooth and len(score) > 1
    return Ranking(
        *place, criterion.id, tuple((sign * score + 0.0).tolist()), tuple(error_of(parts, smooth=smooth).tolist()),
        tuple((sign * (score - score[reference]) + 0.0).tolist()),
        tuple(error_of(parts - parts[:, reference, None], smooth=smooth).tolist()),
        tuple(first.tolist()), tuple(last.tolist()), tuple(map(tuple, shares.tolist())),
        leading_difference(score, parts, *effort) if comparable else None,
    )  # fmt: skip


def _over_theories(
    chosen: list[Criterion],
    preferences: Preferences,
    scores: dict[str, tuple[Floats, Floats]],
    names: tuple[tuple[str, ...], tuple[str, ...]],
    reference: int,
) -> list[Ranking]:
    """Rankings that put theories together, first without any weight, then with those that are stated.

    ``names`` are all theories of the results, and those that are counted.
    """
    theories, counted = names
    places = [theories.index(name) for name in counted]
    found = []
    for criterion in chosen:
        score, parts = scores[criterion.id][0][:, places], scores[criterion.id][1][:, :, places]
        sign = _shown_sign(criterion, preferences)
        worst, worsts = criteria.worst_theory(score), np.stack([criteria.worst_theory(part) for part in parts])
        found.append(_judged(criterion, ("", "worst theory"), worst, worsts, (sign, reference)))
        lost, losts = criteria.theory_regret(score), np.stack([criteria.theory_regret(part) for part in parts])
        found.append(_judged(criterion, ("", "regret over theories"), lost, losts, (1.0, reference)))
        if criterion.id == "expected":
            weights = weight_draws(np.ones(len(places)), near=False)
            domain = np.stack([criteria.theory_domain(part, weights) for part in parts])
            whole = criteria.theory_domain(score, weights)
            found.append(_judged(criterion, ("", "any weights"), -whole, -domain, (-1.0, reference)))
        if criterion.id in ("expected", "satisficing") and preferences.theory_weights:
            # Only what is linear in the mixture of theories may be averaged over them.
            stated = np.array([preferences.theory_weights.get(name, 0.0) for name in theories])
            whole, blend = scores[criterion.id][0] @ stated, scores[criterion.id][1] @ stated
            found.append(_judged(criterion, ("", "stated weights"), whole, blend, (sign, reference)))
    # How many worlds a maximum over theories needs is not asked: it is settled where its theories are.
    return [Ranking(**{**vars(item), "leading": None}) for item in found]


def _steadiness(
    tables: Mapping[str, Floats],
    preferences: Preferences,
    losses: list[Losses],
    scores: dict[str, tuple[Floats, Floats]],
    reference: int,
    counted: list[int],
) -> Steadiness:
    whole = np.stack([score for score, _ in scores.values()])
    near, anything, near_agreement = _weight_steadiness(tables, preferences, losses)
    moved = tuple(
        tuple(_best_shares(losses_of(tables, preferences, theory, reference, shift)) for shift in SHIFTS)
        for theory in range(len(losses))
    )
    return Steadiness(
        tuple(agreement(whole[:, :, theory]) for theory in range(whole.shape[-1])),
        tuple(agreement(score[:, counted].T) for score in whole),
        near, anything, near_agreement, moved,
    )  # fmt: skip


def _best_shares(losses: Losses) -> tuple[int, ...]:
    share = criteria.satisficing_share(losses.sample.meets)
    return tuple(np.flatnonzero(share == share.max()).tolist())


_Shares = tuple[tuple[float, ...], ...]


def _weight_steadiness(
    tables: Mapping[str, Floats], preferences: Preferences, losses: list[Losses]
) -> tuple[_Shares, _Shares, tuple[float, ...]]:
    """Shares of weightings under which each policy is first, [theory][policy]: near the stated ones, and of all."""
    entries = preferences.weighted
    if len(entries) < 2:
        return (), (), ()
    parts = mean_parts(tables, preferences, losses)
    weights = np.array([wish.weight for wish in entries], dtype=np.float64)
    near, anything = (weight_draws(weights, near=near) for near in (True, False))
    stated = np.tensordot(weights, parts, axes=1)
    by_draw = np.tensordot(near, parts, axes=1)
    same = tuple(
        agreement_with(stated[:, theory], by_draw[:, :, theory])
        for theory in range(len(losses))
    )
    shares = [
        tuple(
            tuple(criteria.theory_domain(parts[:, :, theory].T, draws).tolist()) for theory in range(len(losses))
        )
        for draws in (near, anything)
    ]
    return shares[0], shares[1], same
