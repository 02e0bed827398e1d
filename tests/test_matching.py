"""Variants matched in cost and in members meet their targets on worlds."""

from __future__ import annotations

import numpy as np
import pytest
from laboratory import case, future, past, simulator

from crosscurrent.study.matching import EQUAL_COST, EQUAL_MEMBERS, added_cost, members_removed_or_kept_out
from crosscurrent.study.tables import chosen_policy

VARIANTS = [(policy.id, variant) for policy in case().policies.values() for variant in policy.variants]


@pytest.fixture(scope="module")
def worlds():
    draws = simulator().draw("even", np.arange(256))
    blocks = past(draws.parameters)
    return blocks, future(blocks, "status-quo")


@pytest.mark.parametrize(("policy", "variant"), VARIANTS)
def test_a_variant_meets_its_target(worlds, policy: str, variant: str) -> None:
    """On average over worlds, to 2 % or twice the standard error of that average, whichever is larger."""
    blocks, status_quo = worlds
    measures = future(blocks, chosen_policy(case(), f"{policy}@{variant}"))
    quantity, target = {
        "equal-cost": (added_cost, EQUAL_COST),
        "equal-members": (members_removed_or_kept_out, EQUAL_MEMBERS),
    }[variant]
    reached = quantity(measures, status_quo)
    error = reached.std() / np.sqrt(len(reached))
    assert abs(reached.mean() - target) <= max(0.02 * target, 2.0 * error)


def test_policies_that_can_be_matched_in_cost_are() -> None:
    matched = {policy for policy, variant in VARIANTS if variant == "equal-cost"}
    assert matched >= set(case().policies) - {"status-quo", "graduated"}
