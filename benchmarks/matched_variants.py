"""Prints the matched variants of the case's policies as YAML, to be put into policies.yaml when cost or dose
parameters move.

python benchmarks/matched_variants.py
"""

from __future__ import annotations

from crosscurrent.case import load_case
from crosscurrent.study.matching import (
    EQUAL_COST,
    EQUAL_MEMBERS,
    added_cost,
    match_policy,
    members_removed_or_kept_out,
)
from crosscurrent.study.simulation import CaseSimulator
from crosscurrent.study.specification import Study


def main() -> None:
    case = load_case("us_mexico")
    simulator = CaseSimulator(Study(worlds=256), case)
    for policy in case.policies.values():
        if policy.id == "status-quo":
            continue
        print(f"{policy.id}:")
        for variant, quantity, target in (
            ("equal-cost", added_cost, EQUAL_COST),
            ("equal-members", members_removed_or_kept_out, EQUAL_MEMBERS),
        ):
            levers = match_policy(simulator, policy, quantity, target)
            print(f"    {variant}: {levers if levers else 'not reachable within the ranges of its levers'}")


if __name__ == "__main__":
    main()
