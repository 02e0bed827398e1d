"""Ways to break the pathways of the small case, each with the rule that must find it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from case_sample import Sample

FILE = "pathways.yaml"
PATH = "pathways.first-this-then-that"
Change = Callable[[Sample], None]


def put(key: str, value: Any) -> Change:
    """Set a key of the objective; ``a.b.0`` reaches inside."""

    def change(sample: Sample) -> None:
        *outer, last = key.split(".")
        place: Any = sample.entry(FILE)
        for part in outer:
            place = place[int(part) if isinstance(place, list) else part]
        place[last] = value

    return change


def own_rules(sample: Sample) -> None:
    """The policy that follows has a rule of its own."""
    sample["policies.yaml"]["treat"]["rules"] = [{"when": "trust", "below": 0.2, "then": {"treatment": 1}}]


PATHWAY_BREAKS: list[tuple[str, str, Change]] = [
    (rule, FILE, change)
    for rule, change in (
        ("not-finite", put("at_most", float("nan"))),
        ("not-finite", put(f"{PATH}.transfers.0.above", float("inf"))),
        ("wrong-type", put(f"{PATH}.transfers.0.irreversible", "maybe")),
        ("wrong-type", put("for_months", 2.5)),
        ("unknown-choice", put("grade", "week")),
        ("unknown-choice", put(f"{PATH}.transfers.0.grade", "week")),
        ("unknown-key", put(f"{PATH}.transfers.0.groups", ["one"])),
        ("missing-key", put("at_least", 3)),
        ("missing-key", put(f"{PATH}.transfers.0.below", 3)),
        ("missing-key", put(f"{PATH}.transfers.0.irreversible", True)),
        ("missing-key", put(f"{PATH}.transfers.1.release", None)),
        ("out-of-range", put("from_months", 6)),
        ("out-of-range", put("for_months", 0)),
        ("out-of-range", put(f"{PATH}.transfers.0.lead_weeks", -1)),
        ("out-of-range", put(f"{PATH}.transfers.0.cost", -1)),
        ("impossible-bounds", put(f"{PATH}.transfers.0.release", 301)),
        ("impossible-bounds", lambda s: s.entry(FILE).update(at_least=s.entry(FILE).pop("at_most"))),
        ("unknown-measure", put("measure", "homicide")),
        ("unknown-measure", put(f"{PATH}.transfers.0.signpost", "homicide")),
        ("unknown-policy", put(f"{PATH}.start", "treet")),
        ("unknown-policy", put(f"{PATH}.transfers.1.to", "strikes")),
        ("local-rule", put(f"{PATH}.transfers.0.signpost", "members_group_3")),
        ("local-rule", put(f"{PATH}.transfers.0.signpost", "flow_west")),
        ("local-rule", put(f"{PATH}.transfers.1.signpost", "corridor-2.flow")),
        ("duplicate-key", lambda s: s.entry(FILE)["pathways"].update(treat=s.entry(FILE)["pathways"].popitem()[1])),
        ("pathway-order", own_rules),
        ("pathway-order", put(f"{PATH}.transfers.1.signpost", "missing")),
        ("pathway-order", put(f"{PATH}.transfers.1.above", 290)),
        ("pathway-order", put(f"{PATH}.transfers.1.release", 150)),
        ("missing-evidence", put("evidence", [])),
        ("missing-evidence", put(f"{PATH}.transfers.1.evidence", [])),
        ("dead-evidence", put(f"{PATH}.transfers.1.evidence", ["study-on"])),
        ("unverified-evidence", put(f"{PATH}.transfers.0.evidence", ["study-doubtful"])),
    )
]
