"""Rules for policies and for the claims that are tested on them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..errors import did_you_mean
from .draft import Draft
from .names import NameTables
from .problems import Notebook
from .records import Claim, ClaimTest, Lever, Policy, PolicyRule

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
            message = f"{claim.id}: neither a test nor a reason"
            notes.add("missing-key", claim.file, line, message, "add test or why_not")
        return
    _check_claim_test(claim, claim.test, ("test",), draft, names, notes)
    for key, tests in (("together", claim.together), ("also", claim.also)):
        for place, test in enumerate(tests):
            _check_claim_test(claim, test, (key, place), draft, names, notes)
            if key == "together" and len(test.at_months) > 1:
                line = draft.line(claim, key, place)
                message = f"{claim.id}: a test that must hold together has several dates"
                notes.add("wrong-type", claim.file, line, message, "give one date, or none for those of the test")


_WITH_MARGIN = ("equivalent", "ratio_below", "ratio_above", "below", "above")


def _check_claim_test(
    claim: Claim, test: ClaimTest, path: tuple[str | int, ...], draft: Draft, names: NameTables, notes: Notebook
) -> None:
    """Names, a margin where the direction needs one, and options only where they mean something."""

    def note(rule: str, key: str, message: str, suggestion: str) -> None:
        notes.add(rule, claim.file, draft.line(claim, *path, key), f"{claim.id}: {message}", suggestion)

    known = {**names.measures, **names.observables}
    for key, measure in (("measure", test.measure), ("versus_measure", test.versus_measure)):
        if measure is not None and measure not in known:
            note("unknown-measure", key, f"unknown measure {measure!r}", did_you_mean(measure, known))
    policies = draft.written("policies.yaml")
    for key, policy in (("policy", test.policy), ("versus", test.versus)):
        if policies and policy not in policies:
            note("unknown-policy", key, f"unknown policy {policy!r}", did_you_mean(policy, policies))
    if test.direction in _WITH_MARGIN and test.margin is None:
        note("missing-key", "direction", f"{test.direction} without a margin", "add margin")
    kind = known[test.measure].kind if test.measure in known else None
    if test.versus_month is not None and kind == "flow":
        note("wrong-type", "versus_month", "a total has no figure for one month", "leave it out, or name a stock")
    if test.per_cost and kind == "stock":
        note("wrong-type", "per_cost", "a stock is not bought by the unit", "leave it out, or name a flow")


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
