"""What a robustness portfolio says, in plain words written from its numbers.

Shares are of worlds, weightings or resamples, never of the world outside; a policy that is first under some
theories only is never named without them; policies not told apart are named together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..language import language, policy_id, t, theory_id
from .robustness import Portfolio, Robustness
from .wording import theories_in_words

__all__ = ["caution_words", "portfolio_words", "preferred_names", "short_words"]

_MOST_NAMED = 3


def preferred_names(policies: Sequence[str], places: Sequence[int]) -> str:
    """Policies that share the first place, the rest counted.

    >>> preferred_names(["a", "b", "c", "d", "e"], [0, 1, 2, 4])
    'a, b, c and 1 more'
    """
    names = [policy_id(policies[place]) for place in places]
    rest = len(names) - _MOST_NAMED
    listed = ", ".join(names[:_MOST_NAMED])
    return t("{names} and {rest} more", names=listed, rest=rest) if rest > 0 else listed


def portfolio_words(result: Robustness, portfolio: Portfolio) -> list[str]:
    """Sentences on one measure or one set of preferences."""
    if not portfolio.ranked:
        return [t("No direction is agreed or stated for this measure, so policies are not ranked.")]
    criterion = "expected" if portfolio.preferences.weighted else "satisficing"
    by = t("expected value") if criterion == "expected" else t("share of good-enough worlds")
    return [
        *_first_places(result, portfolio, criterion, by),
        *_over_theories(result, portfolio, criterion, by),
        *_steadiness(portfolio),
        *_worlds(result, portfolio, criterion),
    ]


def short_words(result: Robustness, portfolio: Portfolio) -> list[str]:
    """What holds over the theories, without the places under each of them."""
    if not portfolio.ranked:
        return portfolio_words(result, portfolio)
    criterion = "expected" if portfolio.preferences.weighted else "satisficing"
    by = t("expected value") if criterion == "expected" else t("share of good-enough worlds")
    return _over_theories(result, portfolio, criterion, by) or _first_places(result, portfolio, criterion, by)


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
        t(
            "By {by}, {place} would be first under {names}.",
            by=by, place=policy_id(result.policies[place]), names=theories_in_words(names, of),
        )
        for place, names in alone.items()
    ]
    return sentences + [
        t(
            "Not told apart in the first place: {preferred_names}, under {names}.",
            preferred_names=preferred_names(result.policies, places), names=theories_in_words(names, of),
        )
        for places, names in shared.items()
    ]


def _over_theories(result: Robustness, portfolio: Portfolio, criterion: str, by: str) -> list[str]:
    if len(portfolio.theories) < 2:
        return []
    worst = preferred_names(result.policies, portfolio.ranking(criterion, over="worst theory").preferred())
    lost = preferred_names(result.policies, portfolio.ranking(criterion, over="regret over theories").preferred())
    sentences = [
        t(
            "Without weighing theories: first in the theory that treats it worst would be {worst}; "
            "with the smallest regret over theories, {lost}.",
            worst=worst, lost=lost,
        )
    ]
    if criterion == "expected":
        domain = portfolio.ranking("expected", over="any weights").values
        shares = sorted(((share, place) for place, share in enumerate(domain) if share >= 0.05), reverse=True)
        named = ", ".join(f"{policy_id(result.policies[place])} ({round(100 * share)})" if language() != "en" else t(
            "{place} for {share}",
            place=result.policies[place], share=round(100 * share),
        ) for share, place in shares[:_MOST_NAMED])
        sentences.append(t(
            "Of 100 ways to weigh the theories, first by {by} would be {named}.",
            by=by, named=named,
        ))
    if portfolio.preferences.theory_weights:
        stated = portfolio.ranking(criterion, over="stated weights")
        names = preferred_names(result.policies, stated.preferred())
        sentences.append(t("First with the weights stated for theories: {names}.", names=names))
    return sentences


def _range(values: Sequence[float]) -> str:
    known = [round(100 * value) for value in values if math.isfinite(value)]
    if not known:
        return ""
    return f"{min(known)}" if min(known) == max(known) else t("{first} to {last}", first=min(known), last=max(known))


def _steadiness(portfolio: Portfolio) -> list[str]:
    steady = portfolio.steadiness
    if steady is None:
        return []
    sentences = []
    criteria, theories = _range(steady.across_criteria), _range(steady.across_theories)
    if criteria:
        if theories:
            sentences.append(
                t(
                    "Two criteria order {criteria} of 100 pairs of policies alike (50 is what chance gives); "
                    "two theories, {theories}.",
                    criteria=criteria, theories=theories,
                )
            )
        else:
            sentences.append(t(
                "Two criteria order {criteria} of 100 pairs of policies alike (50 is what chance gives).",
                criteria=criteria,
            ))
    if _range(steady.near_agreement):
        sentences.append(
            t(
                "Weights moved by about half leave {near_agreement} of 100 pairs in order.",
                near_agreement=_range(steady.near_agreement),
            )
        )
    return sentences


def _worlds(result: Robustness, portfolio: Portfolio, criterion: str) -> list[str]:
    if criterion != "expected":
        return []
    leads = {theory: portfolio.ranking(criterion, theory).leading for theory in portfolio.theories}
    waiting = {theory: lead for theory, lead in leads.items() if lead is not None and lead.verdict == "open"}
    if not waiting:
        return [t("More worlds would not change who is first by expected value.")]
    needed = "; ".join(
        t(
            "{theory}: {first} or {second}, about {worlds}", theory=theory_id(theory),
            first=policy_id(result.policies[lead.first]), second=policy_id(result.policies[lead.second]),
            worlds=f"{lead.worlds_needed:,}",
        )
        for theory, lead in waiting.items()
    )
    return [t(
        "Worlds per theory that would settle who is first: {needed} (there are {worlds}).",
        needed=needed, worlds=f"{result.worlds:,}",
    )]


def caution_words(result: Robustness) -> list[str]:
    """What limits all figures: failed worlds and thin tails."""
    found = []
    sample = result.portfolios[0].preferences if result.portfolios else None
    if sample is not None and result.worlds * sample.tail / 8 < 2:
        found.append(
            t(
                "With {worlds} worlds a scramble has fewer than two worlds in the tail: tail criteria are"
                " rough.",
                worlds=result.worlds,
            )
        )
    most = max(
        ((count, portfolio, theory, policy) for portfolio in result.portfolios
         for theory, counts in enumerate(portfolio.failed) for policy, count in enumerate(counts)),
        key=lambda item: item[0], default=None,
    )  # fmt: skip
    if most is not None and most[0] > 0:
        count, portfolio, theory, policy = most
        found.append(
            t(
                "A world that failed under one policy is left out for all, so that policies are compared "
                "in the same worlds. Most failed: {count} of {worlds}, {policy} under {theories}; "
                "{worlds_2} worlds are left there.",
                count=count, worlds=result.worlds, policy=policy_id(result.policies[policy]),
                theories=theory_id(result.theories[theory]), worlds_2=portfolio.worlds[theory],
            )
        )
        if count > 0.01 * result.worlds:
            found.append(t("That is more than 1 in 100: the worlds left may differ from those that failed."))
    return found
