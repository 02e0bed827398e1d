"""What a robustness portfolio says, in plain words written from its numbers.

Shares are of worlds, weightings or resamples, never of the world outside; a policy that is first under some
theories only is never named without them; policies not told apart are named together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from .robustness import Portfolio, Robustness
from .wording import theories_in_words

__all__ = ["caution_words", "portfolio_words", "preferred_names"]

_MOST_NAMED = 3


def preferred_names(policies: Sequence[str], places: Sequence[int]) -> str:
    """Policies that share the first place, the rest counted.

    >>> preferred_names(["a", "b", "c", "d", "e"], [0, 1, 2, 4])
    'a, b, c and 1 more'
    """
    names = [policies[place] for place in places]
    rest = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def portfolio_words(result: Robustness, portfolio: Portfolio) -> list[str]:
    """Sentences on one measure or one set of preferences."""
    if not portfolio.ranked:
        return ["No direction is agreed or stated for this measure, so policies are not ranked."]
    criterion = "expected" if portfolio.preferences.weighted else "satisficing"
    by = "expected value" if criterion == "expected" else "share of good-enough worlds"
    return [
        *_first_places(result, portfolio, criterion, by),
        *_over_theories(result, portfolio, criterion, by),
        *_steadiness(portfolio),
        *_worlds(result, portfolio, criterion),
    ]


def _first_places(result: Robustness, portfolio: Portfolio, criterion: str, by: str) -> list[str]:
    alone: dict[int, list[str]] = {}
    shared: dict[tuple[int, ...], list[str]] = {}
    for theory in portfolio.theories:
        places = portfolio.ranking(criterion, theory).preferred()
        if len(places) == 1:
            alone.setdefault(places[0], []).append(theory)
        else:
            shared.setdefault(places, []).append(theory)
    of = portfolio.theories
    sentences = [
        f"By {by}, {result.policies[place]} would be first under {theories_in_words(names, of)}."
        for place, names in alone.items()
    ]
    return sentences + [
        f"Not told apart in the first place: {preferred_names(result.policies, places)}, under "
        f"{theories_in_words(names, of)}."
        for places, names in shared.items()
    ]


def _over_theories(result: Robustness, portfolio: Portfolio, criterion: str, by: str) -> list[str]:
    if len(portfolio.theories) < 2:
        return []
    worst = preferred_names(result.policies, portfolio.ranking(criterion, over="worst theory").preferred())
    lost = preferred_names(result.policies, portfolio.ranking(criterion, over="regret over theories").preferred())
    sentences = [
        f"Without weighing theories: first in the theory that treats it worst would be {worst}; with the smallest "
        f"regret over theories, {lost}."
    ]
    if criterion == "expected":
        domain = portfolio.ranking("expected", over="any weights").values
        shares = sorted(((share, place) for place, share in enumerate(domain) if share >= 0.05), reverse=True)
        named = ", ".join(f"{result.policies[place]} for {round(100 * share)}" for share, place in shares[:_MOST_NAMED])
        sentences.append(f"Of 100 ways to weigh the theories, first by {by} would be {named}.")
    if portfolio.preferences.theory_weights:
        stated = portfolio.ranking(criterion, over="stated weights")
        names = preferred_names(result.policies, stated.preferred())
        sentences.append(f"First with the weights stated for theories: {names}.")
    return sentences


def _range(values: Sequence[float]) -> str:
    known = [round(100 * value) for value in values if math.isfinite(value)]
    if not known:
        return ""
    return f"{min(known)}" if min(known) == max(known) else f"{min(known)} to {max(known)}"


def _steadiness(portfolio: Portfolio) -> list[str]:
    steady = portfolio.steadiness
    if steady is None:
        return []
    sentences = []
    criteria, theories = _range(steady.across_criteria), _range(steady.across_theories)
    if criteria:
        sentences.append(f"Two criteria order {criteria} of 100 pairs of policies alike (50 is what chance gives)")
        if theories:
            sentences[0] += f"; two theories, {theories}"
        sentences[0] += "."
    if steady.near_agreement:
        sentences.append(
            f"Weights moved by about half leave {_range(steady.near_agreement)} of 100 pairs in order."
        )
    return sentences


def _worlds(result: Robustness, portfolio: Portfolio, criterion: str) -> list[str]:
    if criterion != "expected":
        return []
    leads = {theory: portfolio.ranking(criterion, theory).leading for theory in portfolio.theories}
    waiting = {theory: lead for theory, lead in leads.items() if lead is not None and lead.verdict == "open"}
    if not waiting:
        return ["More worlds would not change who is first by expected value."]
    needed = "; ".join(
        f"{theory}: {result.policies[lead.first]} or {result.policies[lead.second]}, about {lead.worlds_needed:,}"
        for theory, lead in waiting.items()
    )
    return [f"Worlds per theory that would settle who is first: {needed} (there are {result.worlds:,})."]


def caution_words(result: Robustness) -> list[str]:
    """What limits all figures: failed worlds and thin tails."""
    found = []
    sample = result.portfolios[0].preferences if result.portfolios else None
    if sample is not None and result.worlds * sample.tail / 8 < 2:
        found.append(
            f"With {result.worlds} worlds a scramble has fewer than two worlds in the tail: tail criteria are rough."
        )
    most = max(
        ((count, portfolio, theory, policy) for portfolio in result.portfolios
         for theory, counts in enumerate(portfolio.failed) for policy, count in enumerate(counts)),
        key=lambda item: item[0], default=None,
    )  # fmt: skip
    if most is not None and most[0] > 0:
        count, portfolio, theory, policy = most
        found.append(
            "A world that failed under one policy is left out for all, so that policies are compared in the same "
            f"worlds. Most failed: {count} of {result.worlds}, {result.policies[policy]} under "
            f"{result.theories[theory]}; {portfolio.worlds[theory]} worlds are left there."
        )
        if count > 0.01 * result.worlds:
            found.append("That is more than 1 in 100: the worlds left may differ from those that failed.")
    return found
