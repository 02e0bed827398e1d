"""Rules for objectives and their pathways."""

from __future__ import annotations

from ..errors import did_you_mean
from .check_policies import is_local
from .draft import Draft
from .names import NameTables
from .pathway_records import Objective, Pathway, Transfer
from .problems import Notebook

__all__ = ["check_pathways"]

_EARLIEST = 12
"""Objectives are judged on twelve months, so not before that many have passed."""


class _Notes:
    """Notes a problem at a key of an objective."""

    def __init__(self, objective: Objective, draft: Draft, notes: Notebook) -> None:
        self.objective, self.draft, self.notes = objective, draft, notes

    def add(self, rule: str, path: tuple[str | int, ...], message: str, suggestion: str) -> None:
        line = self.draft.line(self.objective, *path)
        self.notes.add(rule, self.objective.file, line, f"{self.objective.id}: {message}", suggestion)


def check_pathways(draft: Draft, names: NameTables, notes: Notebook) -> None:
    """Apply the rules for objectives, signposts and transfers.

    Parameters
    ----------
    draft : Draft
        The case as read.
    names : NameTables
        Names of the model.
    notes : Notebook
        Receives what is wrong.
    """
    taken: dict[str, str] = {}
    for objective in draft.get("pathways.yaml"):
        place = _Notes(objective, draft, notes)
        _check_objective(objective, names, place)
        for key, pathway in objective.pathways.items():
            if key in taken or key in draft.written("policies.yaml"):
                where = f"objective {taken[key]!r}" if key in taken else "policies.yaml"
                place.add("duplicate-key", ("pathways", key), f"{key!r} is also in {where}", "give another id")
            taken[key] = objective.id
            _check_pathway(key, pathway, draft, names, place)


def _check_objective(objective: Objective, names: NameTables, place: _Notes) -> None:
    measure = names.measures.get(objective.measure)
    if measure is None:
        hint = did_you_mean(objective.measure, names.measures)
        place.add("unknown-measure", ("measure",), f"unknown measure {objective.measure!r}", hint)
    if (objective.at_most is None) == (objective.at_least is None):
        place.add("missing-key", ("measure",), "an objective needs either at_most or at_least", "give exactly one")
    elif measure is not None:
        against = "higher" if objective.at_most is not None else "lower"
        if measure.preferred == against:
            key = "at_most" if objective.at_most is not None else "at_least"
            place.add("impossible-bounds", (key,), f"of {objective.measure} more is "
                      f"{'better' if against == 'higher' else 'worse'}", "give the other threshold")  # fmt: skip
    if objective.from_months < _EARLIEST:
        place.add("out-of-range", ("from_months",), f"from_months is {objective.from_months}", "give 12 or more")
    if objective.for_months < 1:
        place.add("out-of-range", ("for_months",), f"for_months is {objective.for_months}", "give 1 or more")


def _check_pathway(key: str, pathway: Pathway, draft: Draft, names: NameTables, place: _Notes) -> None:
    inside: tuple[str | int, ...] = ("pathways", key)
    policies = draft.written("policies.yaml")
    steps: list[tuple[tuple[str | int, ...], str]] = [((*inside, "start"), pathway.start)]
    steps += [((*inside, "transfers", n, "to"), step.to) for n, step in enumerate(pathway.transfers)]
    for path, policy in steps:
        if policies and policy not in policies:
            place.add("unknown-policy", path, f"{key}: unknown policy {policy!r}", did_you_mean(policy, policies))
    known = draft.named("policies.yaml")
    for path, policy in steps[1:]:
        if policy in known and (known[policy].rules or known[policy].starts):
            place.add("pathway-order", path, f"{key}: {policy!r} has rules or starts of its own",
                      "only the first policy of a pathway may have them")  # fmt: skip
    for number, transfer in enumerate(pathway.transfers):
        _check_signpost(key, transfer, (*inside, "transfers", number), draft, names, place)
    for number in range(1, len(pathway.transfers)):
        _check_order(key, pathway.transfers[number - 1], pathway.transfers[number],
                     (*inside, "transfers", number), place)  # fmt: skip


def _check_signpost(
    key: str, transfer: Transfer, path: tuple[str | int, ...], draft: Draft, names: NameTables, place: _Notes
) -> None:
    watched = {**names.states, **names.measures}
    if is_local(transfer.signpost, draft.written("corridors.yaml")):
        place.add("local-rule", (*path, "signpost"), f"{key}: {transfer.signpost!r} is a single group or corridor",
                  "watch a national state or measure")  # fmt: skip
    elif transfer.signpost not in watched:
        hint = did_you_mean(transfer.signpost, watched)
        place.add("unknown-measure", (*path, "signpost"), f"{key}: unknown signpost {transfer.signpost!r}", hint)
    if (transfer.above is None) == (transfer.below is None):
        place.add("missing-key", (*path, "signpost"), f"{key}: a trigger needs either above or below",
                  "give exactly one threshold")  # fmt: skip
        return
    if transfer.irreversible == (transfer.release is not None):
        place.add("missing-key", (*path, "irreversible"),
                  f"{key}: a transfer that can be taken back needs a release, one that cannot has none",
                  "give release, or irreversible: true")  # fmt: skip
        return
    wrong = transfer.release is not None and (
        (transfer.above is not None and transfer.release > transfer.above)
        or (transfer.below is not None and transfer.release < transfer.below)
    )
    if wrong:
        place.add("impossible-bounds", (*path, "release"), f"{key}: release lies beyond the trigger",
                  "give a level on the other side of it")  # fmt: skip


def _check_order(key: str, before: Transfer, after: Transfer, path: tuple[str | int, ...], place: _Notes) -> None:
    """A later step may only be in force while the earlier one is; these conditions make sure of it."""
    same = before.signpost == after.signpost and (before.above is None) == (after.above is None)
    if not same:
        place.add("pathway-order", (*path, "signpost"), f"{key}: a later transfer watches another signpost",
                  "transfers of one pathway watch one quantity from one side")  # fmt: skip
        return
    weaker = (after.above is not None and before.above is not None and after.above < before.above) or (
        after.below is not None and before.below is not None and after.below > before.below
    )
    if weaker:
        key_name = "above" if after.above is not None else "below"
        place.add("pathway-order", (*path, key_name), f"{key}: a later transfer has a weaker trigger",
                  "give the trigger of the one before, or a stricter one")  # fmt: skip
    if before.release is None:
        return
    longer = after.release is None or (
        after.release < before.release if after.above is not None else after.release > before.release
    )
    if longer:
        place.add("pathway-order", (*path, "irreversible"),
                  f"{key}: a later transfer outlasts the one before, which can be taken back",
                  "release it no later than the one before")  # fmt: skip
