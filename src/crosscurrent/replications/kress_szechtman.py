"""Counter-insurgency with imperfect intelligence: force that also hits bystanders contains, it does not end.

Result of Kress and Szechtman 2009, Operations Research 57(3).  The equations are recalled, not read, so the two
numerical vectors are checks of this form and not of the paper.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InputError
from .target import Chart, Replication, Row, close, holds

__all__ = ["REPLICATION", "Insurgency", "change_of_share", "containment_share", "simulate_share"]

SOURCE = "Kress and Szechtman 2009"


@dataclass(frozen=True)
class Insurgency:
    """Intelligence (0 none, 1 perfect) and recruits for every bystander hit.

    Raises
    ------
    InputError
        If intelligence is outside 0-1 or recruitment is negative.
    """

    intelligence: float
    recruits_per_bystander: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.intelligence <= 1.0:
            raise InputError("intelligence is out of range", given=self.intelligence, expected="between 0 and 1")
        if self.recruits_per_bystander < 0.0:
            raise InputError("recruitment is negative", given=self.recruits_per_bystander, expected="0 or more")


BLIND, INFORMED = Insurgency(0.0, 1.0), Insurgency(0.5, 0.5)


def change_of_share(share: float, state: Insurgency, force: float = 1.0) -> float:
    """Change of the insurgents' share of the population per unit of time, at a force of so many fire units.

    A part of the fire is aimed; the rest falls on whoever is there, insurgents by their share, and every bystander
    hit brings recruits.
    """
    known, blind = state.intelligence, 1.0 - state.intelligence
    return force * (state.recruits_per_bystander * blind * (1.0 - share) - known - blind * share)


def containment_share(state: Insurgency) -> float:
    """Share of the population at which attrition and recruitment balance (0: the insurgency can be ended).

    >>> containment_share(Insurgency(0.0, 1.0)), containment_share(Insurgency(0.5, 0.5))
    (0.5, 0.0)
    """
    known, recruits = state.intelligence, state.recruits_per_bystander
    if known == 1.0:
        return 0.0
    return max(0.0, (recruits * (1.0 - known) - known) / ((1.0 - known) * (1.0 + recruits)))


def simulate_share(start: float, state: Insurgency, time: float = 60.0, step: float = 0.05) -> list[float]:
    """Share over time from a start, by fourth-order Runge-Kutta; once it has reached 0 it stays if it is falling.

    Raises
    ------
    InputError
        If the start is not a share.
    """
    if not 0.0 <= start <= 1.0:
        raise InputError("the start is not a share", given=start, expected="between 0 and 1")
    path = [start]
    for _ in range(round(time / step)):
        now = path[-1]
        first = change_of_share(now, state)
        second = change_of_share(now + 0.5 * step * first, state)
        third = change_of_share(now + 0.5 * step * second, state)
        fourth = change_of_share(now + step * third, state)
        path.append(min(max(now + step * (first + 2.0 * second + 2.0 * third + fourth) / 6.0, 0.0), 1.0))
    return path


def _rows() -> list[Row]:
    imperfect = [Insurgency(level, 1.0) for level in (0.0, 0.1, 0.2, 0.3, 0.4)]
    ends = [simulate_share(start, state)[-1] for state in imperfect for start in (0.02, 0.9)]
    contained = holds(min(ends) > 0.0 and simulate_share(0.9, Insurgency(1.0, 1.0))[-1] == 0.0)
    recalled = "the equation is recalled, not read: a check of this form"
    limit = "ends where intelligence is at least recruits/(1 + recruits), contains below that"
    rows = [
        Row(
            "IN-1",
            "smallest share left by force at intelligence 0 to 0.4, from any start",
            "contained, not ended",
            min(ends),
            "sign: above 0; 0 with perfect intelligence",
            2,
            contained,
            SOURCE,
            limit,
        )
    ]
    for state, published in ((BLIND, 0.5), (INFORMED, 0.0)):
        what = f"intelligence {state.intelligence:g}, {state.recruits_per_bystander:g} recruits a bystander"
        exact = containment_share(state)
        reached = simulate_share(0.9, state)[-1]
        verdict = close(exact, published, absolute=1e-9)
        rows.append(Row("IN-1", f"containment share, {what}", published, exact, "1e-9", 3, verdict, SOURCE, recalled))
        verdict = close(reached, published, absolute=1e-6)
        rows.append(Row("IN-1", f"share reached, {what}", published, reached, "1e-6", 3, verdict, SOURCE, recalled))
    return rows


def _charts() -> list[Chart]:
    levels = [0.02 * step for step in range(51)]
    shares = {
        f"{recruits:g} recruits a bystander": [containment_share(Insurgency(level, recruits)) for level in levels]
        for recruits in (0.5, 1.0, 2.0)
    }
    return [Chart("Share at which force contains", "intelligence", "share of the population", levels, {**shares})]


REPLICATION = Replication(
    name="containment",
    title="Why force contains: intelligence and recruitment by bystander harm",
    citation=(
        "M. Kress and R. Szechtman, Why defeating insurgencies is hard: the effect of intelligence in "
        "counterinsurgency "
        "operations, a best-case scenario, Operations Research 57(3), 578-585, 2009"
    ),
    doi="10.1287/opre.1090.0700",
    says=(
        "Fire without perfect intelligence hits bystanders, which recruits. Even in the state's best case, with force "
        "that never runs short, it can then hold the insurgency at a fixed level and not remove it by force alone."
    ),
    critics=(
        "Recruitment is a fixed multiple of bystander harm, intelligence does not depend on the population's "
        "trust, and "
        "insurgents neither flee nor split. Field studies of strikes find backlash in some places and none in "
        "others. Groups that live by markets recruit with pay, which the model does not hold."
    ),
    not_reproduced=(
        "The paper's equations and figures were not read: the form here is recalled and simplified (force constant, no "
        "loss of force, no choice of stances by the population), which is why its two vectors are anchors and only the "
        "sign is a test. In this form good but imperfect intelligence can end an insurgency if backlash is weak."
    ),
    rows=_rows,
    charts=_charts,
)
