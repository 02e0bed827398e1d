"""Two symmetric organisations and a budget: security spending against social spending (arXiv:2508.06509).

    dC_i/dt = tau + [b + (delta - b) exp(-xi v)] rho C_i - kappa u_i^alpha (C_i + epsilon)^beta - theta C_1 C_2
              - omega C_i^2,    i = 1, 2,    u_1 + u_2 + v <= B

Cost a week: s C_1 C_2 + h (C_1 + C_2) + u_1 + u_2 + v, USD, discounted.  Values are those of one model file of the
deposited code; that they are the paper's was not verified, so every row is an anchor.  Controls are held constant here,
where the authors let them follow the best path.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from .target import Chart, Replication, Row, gap

__all__ = ["REPLICATION", "Outcome", "TwoOrganisations", "best_social_share", "growth", "spend"]

Floats = npt.NDArray[np.float64]
WEEKS = 1560
"""Thirty years."""
_LEAST_SECURITY = 0.5
"""USD a week on each organisation, the file's lower bound."""
_BILLION, _YEAR = 1e9, 52.0
_ABSTRACT = "abstract of arXiv:2508.06509"


@dataclass(frozen=True)
class TwoOrganisations:
    """Parameters of one model file."""

    recruitment: float = 3e-3
    """rho, 1/week."""
    security_power: float = 0.5
    """alpha."""
    size_power: float = 0.5
    """beta."""
    capture: float = 5.6676e-5
    """kappa, members a week for USD^alpha and members^beta."""
    conflict: float = 1.29e-8
    """theta, 1/(member week)."""
    saturation: float = 7.53e-8
    """omega, 1/(member week)."""
    unspent_recruitment: float = 1.2555
    """delta: multiplier of recruitment without social spending."""
    least_recruitment: float = 0.0
    """b: multiplier however much is spent."""
    social_effect: float = 0.0142705 / 10_729_000.0
    """xi, 1/(USD a week)."""
    inflow: float = 0.5
    """tau, members a week from nowhere."""
    offset: float = 0.0
    """epsilon, members; the file's value is not known, and at these sizes it hardly matters."""
    budget: float = 21_391_446.0
    """B, USD a week."""
    cost_pair: float = 0.079606
    """s, USD a week and pair of enemies."""
    cost_member: float = 11_180.31
    """h, USD a week and member."""
    discount: float = 1e-3
    """1/week."""
    start: float = 25_000.0
    """Members of each."""


@dataclass(frozen=True)
class Outcome:
    """What a constant split of a budget leads to."""

    members: Floats
    """Of each organisation [week]."""
    discounted_cost: float
    """USD over the run."""


def growth(size: float, security: float, social: float, p: TwoOrganisations) -> float:
    """Change of each organisation's members in a week; ``security`` is what is spent on one of them, USD a week."""
    span = p.unspent_recruitment - p.least_recruitment
    multiplier = p.least_recruitment + span * np.exp(-p.social_effect * social)
    captured = p.capture * security**p.security_power * (size + p.offset) ** p.size_power
    return float(p.inflow + multiplier * p.recruitment * size - captured - (p.conflict + p.saturation) * size**2)


def weekly_cost(size: Floats | float, spending: float, p: TwoOrganisations) -> Floats:
    """Harm of both organisations and what is spent against them, USD a week."""
    return np.asarray(p.cost_pair * np.square(size) + 2.0 * p.cost_member * size + spending)


def spend(budget: float, social_share: float, p: TwoOrganisations, weeks: int = WEEKS) -> Outcome:
    """Spend a budget (USD a week) in the same way every week.

    Raises
    ------
    InputError
        If the budget is below the least security spending, or the share is not a share.
    """
    if not budget >= 2.0 * _LEAST_SECURITY:
        raise InputError("the budget is too small", given=budget, expected="USD 1 a week or more")
    if not 0.0 <= social_share <= 1.0:
        raise InputError("a share of the budget is not a share", given=social_share, expected="0 to 1")
    security = max(0.5 * (1.0 - social_share) * budget, _LEAST_SECURITY)
    social = budget - 2.0 * security
    members = np.empty(weeks + 1)
    members[0] = p.start
    for week in range(weeks):
        members[week + 1] = max(members[week] + growth(members[week], security, social, p), 0.0)
    cost = weekly_cost(members, budget, p) * np.exp(-p.discount * np.arange(weeks + 1.0))
    return Outcome(members, float(cost.sum()))


def best_social_share(budget: float, p: TwoOrganisations) -> float:
    """Share of the budget on social spending with the lowest discounted cost."""
    shares = np.linspace(0.0, 1.0, 21)
    costs = [spend(budget, float(share), p).discounted_cost for share in shares]
    return float(shares[int(np.argmin(costs))])


def _years_to_half(outcome: Outcome) -> float:
    below = outcome.members <= 0.5 * outcome.members[0]
    return float(np.argmax(below)) / _YEAR if below.any() else WEEKS / _YEAR


def rows() -> list[Row]:
    """The headlines of the abstract beside constant controls."""
    p = TwoOrganisations()
    share = best_social_share(p.budget, p)
    usual, double = spend(p.budget, share, p), spend(2.0 * p.budget, best_social_share(2.0 * p.budget, p), p)
    long_run = usual.members[520]
    yearly = 0.5 * _YEAR / _BILLION * float(weekly_cost(long_run, p.budget, p))
    saved = 100.0 * (1.0 - double.discounted_cost / usual.discounted_cost)
    evenly = 100.0 * (spend(p.budget, 0.5, p).discounted_cost / usual.discounted_cost - 1.0)
    years = _years_to_half(double)
    unverified = "values of one model file, not verified to be the paper's; constant controls"
    return [
        Row("TO-1", "cost of one organisation after ten years, billion USD a year", "above 19", yearly, "15-25", 3,
            gap(15.0 <= yearly <= 25.0), _ABSTRACT,
            f"half of all costs, at {long_run:,.0f} members each; {unverified}"),
        Row("TO-2", "discounted cost saved by doubling the budget, %", "above 0", saved, "sign", 3, gap(saved > 0.0),
            _ABSTRACT, f"published: the present budget is too small; {unverified}"),
        Row("TO-3", "years until members have halved, budget doubled (30 = not within 30)", "above 10", years, ">10", 3,
            gap(years > 10.0), _ABSTRACT, f"published: large harm reduction takes over a decade; {unverified}"),
        Row("TO-4", "cost of an even split above that of the best constant one, %", "near 0", evenly, "<5", 3,
            gap(evenly < 5.0), _ABSTRACT,
            f"best share of social spending in this file {100.0 * share:.0f} %; published: the present split, whose "
            "value we do not know, is close to the best"),
    ]  # fmt: skip


def charts() -> list[Chart]:
    """Members by budget, and cost by split."""
    p = TwoOrganisations()
    weeks = list(range(0, WEEKS + 1, 26))
    shares = np.linspace(0.0, 1.0, 11)
    return [
        Chart(
            "Members of each organisation, all spending on security", "year", "members",
            [week / _YEAR for week in weeks],
            {f"{times:g} x the present budget": spend(times * p.budget, 0.0, p).members[weeks].tolist()
             for times in (0.5, 1.0, 2.0, 4.0)},
            {"start": p.start},
        ),
        Chart(
            "Cost over 30 years by split of the budget", "share of social spending", "billion USD, discounted",
            shares.tolist(),
            {f"{times:g} x the present budget":
             [spend(times * p.budget, float(share), p).discounted_cost / _BILLION for share in shares]
             for times in (1.0, 2.0)},
        ),
    ]  # fmt: skip


REPLICATION = Replication(
    name="two-organisations",
    title="Two organisations, security spending and social spending",
    citation="R. Prieto-Curiel and co-authors, arXiv:2508.06509 (control of organised crime), 2025",
    doi="10.48550/arXiv.2508.06509",
    says=(
        "A state with a weekly budget can arrest members or make recruitment harder. The largest organisation costs "
        "more than 19 billion USD a year; the present split between social and security spending is close to the best "
        "one but the budget is too small; and even with more money a large reduction of harm takes over a decade."
    ),
    critics=(
        "The two organisations are the same and only two, so that rivalry cannot shift to a third; effects of social "
        "spending are assumed at once and for ever, where programmes take years to build; costs a member and a fight "
        "carry the result. We know of no published comment."
    ),
    not_reproduced=(
        "The best paths of spending over time, which the authors compute and we hold constant, and the present split, "
        "whose value we did not find. With the values of the one file we read, social spending is so weak at this "
        "budget that the best constant split puts all on security; the paper's other files may differ."
    ),
    rows=rows,
    charts=charts,
)
