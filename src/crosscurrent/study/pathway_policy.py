"""A pathway as an adaptive policy: levers, and one rule a transfer.

The policy that is simulated and the map that is drawn come from the same :class:`crosscurrent.case.Pathway`.  A
transfer becomes a rule: when the signpost has been beyond its trigger for so many weeks, then, after the lead time, the
levers in which the next policy differs are set.  The order of transfers holds by construction: all watch one quantity
from one side, a later one waits longer and is no easier to trigger (the case's check sees to it).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..case.pathway_records import Objective, Pathway, Transfer
from ..case.records import Case, Policy, PolicyRule
from ..errors import InputError
from ..kernel.layout import MAX_RULES
from ..model.schema import LEVERS
from .tables import RELATIVE

__all__ = ["NEVER_RELEASED", "State", "pathway_policy", "pathway_states", "policy_steps", "state_policy"]

NEVER_RELEASED = 1e12
"""Release level that no quantity reaches: a transfer that cannot be taken back."""


class State(NamedTuple):
    """What is in force at a step of a pathway."""

    id: str
    """Id of the policy, or of the policies joined by ``+`` where a transfer keeps what was in force."""
    levers: dict[str, float]
    """Levers set, in the policies' own terms; all others are as in the status quo."""


def pathway_states(case: Case, pathway: Pathway) -> tuple[State, ...]:
    """What is in force at the start and after each transfer.

    >>> from crosscurrent.case import load_case
    >>> case = load_case()
    >>> path = next(iter(next(iter(case.objectives.values())).pathways.values()))
    >>> len(pathway_states(case, path)) == 1 + len(path.transfers)
    True
    """
    states = [State(pathway.start, dict(case.policies[pathway.start].levers))]
    for transfer in pathway.transfers:
        before, follows = states[-1], case.policies[transfer.to].levers
        if transfer.keeps:
            states.append(_joined(case, [*before.id.split("+"), transfer.to], {**before.levers, **follows}))
        else:
            states.append(State(transfer.to, dict(follows)))
    return tuple(states)


def _joined(case: Case, parts: list[str], levers: dict[str, float]) -> State:
    """Policies in force together, named in the case's order where the order of joining makes no difference."""
    order = sorted(set(parts), key=list(case.policies).index)
    merged: dict[str, float] = {}
    for part in order:
        merged |= case.policies[part].levers
    return State("+".join(order if merged == levers else parts), levers)


def _value(levers: Mapping[str, float], name: str, usual: Mapping[str, float]) -> float:
    """Value of a lever in a policy's own terms: left out, it is as in the status quo."""
    return levers.get(name, 1.0 if LEVERS[name].unit == RELATIVE else usual[name])


def _changes(before: State, after: State, usual: Mapping[str, float]) -> dict[str, float]:
    """Levers that a transfer sets, the ones it sets back to the status quo among them."""
    names = [name for name in LEVERS if name in before.levers or name in after.levers]
    pairs = {name: (_value(before.levers, name, usual), _value(after.levers, name, usual)) for name in names}
    return {name: new for name, (old, new) in pairs.items() if abs(new - old) > 1e-9}


def _rule(transfer: Transfer, waited: int, then: dict[str, float]) -> PolicyRule:
    above = transfer.above is not None
    never = -NEVER_RELEASED if above else NEVER_RELEASED
    return PolicyRule(
        when=transfer.signpost,
        above=transfer.above,
        below=transfer.below,
        for_weeks=waited + transfer.for_weeks,
        release=never if transfer.release is None else transfer.release,
        delay_weeks=transfer.lead_weeks,
        then=then,
    )


def pathway_policy(case: Case, objective: Objective, name: str, usual: Mapping[str, float]) -> Policy:
    """The adaptive policy that a pathway is.

    Parameters
    ----------
    case
        Policies.
    objective, name
        The objective and the id of one of its pathways.
    usual
        Level of every lever in the status quo after the decision, in the lever's unit.

    Raises
    ------
    InputError
        If a transfer changes no lever, or the rules set more levers than a world has room for.
    """
    pathway = objective.pathways[name]
    states = pathway_states(case, pathway)
    start = case.policies[pathway.start]
    rules, waited = list(start.rules), 0
    for number, transfer in enumerate(pathway.transfers):
        then = _changes(states[number], states[number + 1], usual)
        if not then:
            raise InputError(
                f"pathway {name!r}: the transfer to {transfer.to!r} changes nothing",
                fix="leave it out", file=case.folder / objective.file, line=objective.line,
            )  # fmt: skip
        rules.append(_rule(transfer, waited, then))
        waited += transfer.for_weeks + transfer.lead_weeks
    needed = sum(len(rule.then) for rule in rules)
    if needed > MAX_RULES:
        raise InputError(
            f"pathway {name!r} changes too many levers", given=needed,
            expected=f"at most {MAX_RULES} over all transfers, levers set back to the status quo included",
            fix="keep what is in force (keeps: true) or follow with a policy of fewer levers",
            file=case.folder / objective.file, line=objective.line,
        )  # fmt: skip
    return Policy(
        id=name, label=pathway.label, description=pathway.description, levers=dict(start.levers),
        starts=dict(start.starts), rules=tuple(rules), variants={}, file=objective.file, line=objective.line,
    )  # fmt: skip


def state_policy(case: Case, state: State) -> Policy:
    """A step of a pathway as a policy of its own, in force from the decision on."""
    known = case.policies.get(state.id)
    if known is not None:
        return known
    parts = [case.policies[part] for part in state.id.split("+")]
    return Policy(
        id=state.id, label=" and ".join(part.label for part in parts), description="In force together.",
        levers=dict(state.levers), starts={}, rules=(), variants={}, file=parts[0].file, line=parts[0].line,
    )  # fmt: skip


def policy_steps(policy: Policy, own_rules: int, usual: Mapping[str, float]) -> tuple[dict[str, float], ...]:
    """Levers in force step by step, read back from an adaptive policy: the inverse of :func:`pathway_policy`.

    Parameters
    ----------
    policy
        As :func:`pathway_policy` made it.
    own_rules : int
        Rules of the starting policy, which come first.
    usual
        Level of every lever in the status quo.

    Returns
    -------
    tuple of dict
        Levers that differ from the status quo, at the start and after each transfer.
    """
    levers = dict(policy.levers)
    steps = [levers]
    for rule in policy.rules[own_rules:]:
        levers = {**levers, **rule.then}
        steps.append(levers)
    return tuple(
        {name: value for name, value in step.items() if abs(value - _value({}, name, usual)) > 1e-9} for step in steps
    )
