"""Rules for policies and for the claims that are tested on them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..errors import did_you_mean
from .draft import Draft
from .names import NameTables
from .problems import Notebook
from .records import Claim, Lever, Policy, PolicyRule

__all__ = ["check_policies", "is_local"]

_NUMBERED = re.compile(r"(group|rank|organi[sz]ation|cartel|corridor|route|region|state)s?[_\[.-]?\d+")


def is_local(name: str, corridors: set[str]) -> bool:
    """Whether a name points at a single group or corridor."""
    plain = name.lower().replace("-", "_")
    return bool(_NUMBERED.search(plain)) or any(
        re.search(rf"(^|[_.\[]){re.escape(place)}($|[_.\]])", plain) for place in corridors
    )


def _check_levers(
    policy: Policy,
    values: Mapping[str, float],
    path: tuple[str | int, ...],
    draft: Draft,
    names: NameTables,
    notes: Notebook,
) -> None:
    """Levers of a policy, a rule or a variant: known, and within their range."""
    case_levers: dict[str, Lever] = draft.named("levers.yaml")
    for name, value in values.items():
        line = draft.line(policy, *path, name)
        bounds = case_levers.get(name) or names.levers.get(name)
        if name not in names.levers or bounds is None:
            hint = did_you_mean(name, names.levers)
            notes.add("unknown-lever", policy.file, line, f"{policy.id}: unknown lever {name!r}", hint)
        elif not bounds.low <= value <= bounds.high:
            hint = f"give {bounds.low:g} to {bounds.high:g}"
            notes.add("out-of-range", policy.file, line, f"{policy.id}: {name} is {value:g}", hint)


def _check_rule(
    policy: Policy, place: int, rule: PolicyRule, draft: Draft, names: NameTables, notes: Notebook
) -> None:
    def note(kind: str, key: str, message: str, suggestion: str) -> None:
        line = draft.line(policy, "rules", place, key)
        notes.add(kind, policy.file, line, f"{policy.id}: {message}", suggestion)

    watched = {**names.states, **names.measures}
    if is_local(rule.when, draft.written("corridors.yaml")):
        note(
            "local-rule",
            "when",
            f"{rule.when!r} is a single group or corridor",
            "watch a national state or measure",
        )
    elif rule.when not in watched:
        note(
            "unknown-measure",
            "when",
            f"unknown state or measure {rule.when!r}",
            did_you_mean(rule.when, watched),
        )
    if (rule.above is None) == (rule.below is None):
        note("missing-key", "when", "a rule needs either above or below", "give exactly one threshold")
        return
    if rule.release is None:
        return
    if rule.above is not None and rule.release > rule.above:
        note(
            "impossible-bounds", "release", "release lies above the threshold", f"give at most {rule.above:g}"
        )
    if rule.below is not None and rule.release < rule.below:
        note(
            "impossible-bounds",
            "release",
            "release lies below the threshold",
            f"give at least {rule.below:g}",
        )


def _check_policy(policy: Policy, draft: Draft, names: NameTables, notes: Notebook) -> None:
    _check_levers(policy, policy.levers, ("levers",), draft, names, notes)
    for name in policy.starts:
        if name not in policy.levers:
            line = draft.line(policy, "starts", name)
            hint = did_you_mean(name, policy.levers) if policy.levers else "set the lever first"
            notes.add(
                "unknown-lever",
                policy.file,
                line,
                f"{policy.id}: starts for {name!r}, which it does not set",
                hint,
            )
    for place, rule in enumerate(policy.rules):
        _check_rule(policy, place, rule, draft, names, notes)
        _check_levers(policy, rule.then, ("rules", place, "then"), draft, names, notes)
    for name, variant in policy.variants.items():
        path = ("variants", name)
        long_form = "levers" in draft.raw[(policy.file, policy.line)].value["variants"][name]
        _check_levers(policy, variant.levers, (*path, "levers") if long_form else path, draft, names, notes)


def _check_claim(claim: Claim, draft: Draft, names: NameTables, notes: Notebook) -> None:
    if claim.test is None:
        if claim.why_not is None:
            line = draft.line(claim, "test")
            notes.add(
                "missing-key",
                claim.file,
                line,
                f"{claim.id}: neither a test nor a reason",
                "add test or why_not",
            )
        return
    if claim.test.measure not in names.measures:
        line = draft.line(claim, "test", "measure")
        hint = did_you_mean(claim.test.measure, names.measures)
        notes.add(
            "unknown-measure", claim.file, line, f"{claim.id}: unknown measure {claim.test.measure!r}", hint
        )
    policies = draft.written("policies.yaml")
    for key, policy in (("policy", claim.test.policy), ("versus", claim.test.versus)):
        if policies and policy not in policies:
            line = draft.line(claim, "test", key)
            hint = did_you_mean(policy, policies)
            notes.add("unknown-policy", claim.file, line, f"{claim.id}: unknown policy {policy!r}", hint)


def check_policies(draft: Draft, names: NameTables, notes: Notebook) -> None:
    """Apply the rules for policies and claims.

    Parameters
    ----------
    draft : Draft
        The case as read.
    names : NameTables
        Names of the model.
    notes : Notebook
        Receives what is wrong.
    """
    written = draft.written("policies.yaml")
    if written and "status-quo" not in written:
        notes.add(
            "missing-status-quo",
            "policies.yaml",
            0,
            "policy 'status-quo' is missing",
            "every difference is taken from it",
        )
    for policy in draft.get("policies.yaml"):
        _check_policy(policy, draft, names, notes)
    for claim in draft.get("claims.yaml"):
        _check_claim(claim, draft, names, notes)
