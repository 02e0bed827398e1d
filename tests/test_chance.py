"""Chance and parameters kept apart: the variance estimator on a case whose answer is known, and on worlds."""

from __future__ import annotations

import numpy as np
import pytest
from laboratory import case

from crosscurrent.study.chance import chance_share, chance_shares
from crosscurrent.study.simulation import CaseSimulator
from crosscurrent.study.specification import Study


@pytest.mark.parametrize("share", [0.0, 0.2, 0.7, 1.0])
def test_the_share_of_a_known_mixture_is_found(share: float) -> None:
    rng = np.random.default_rng(0)
    parameters = rng.normal(0.0, np.sqrt(1.0 - share), 40_000)
    first, second = (parameters + rng.normal(0.0, np.sqrt(share), 40_000) for _ in range(2))
    assert chance_share(first, second) == pytest.approx(share, abs=0.02)


def test_failed_worlds_are_left_out_and_a_constant_has_no_share() -> None:
    assert chance_share(np.array([1.0, 2.0, np.nan]), np.array([1.0, 2.0, 9.0])) == 0.0
    assert np.isnan(chance_share(np.ones(4), np.ones(4)))


def test_chance_explains_part_of_the_level_of_homicides_and_all_of_nothing() -> None:
    study = Study(policies=("unilateral-strikes",), theories=("even",), worlds=64)
    shares = {row.measure: row for row in chance_shares(CaseSimulator(study, case()), ["homicides", "overdose_deaths"])}
    assert 0.05 < shares["homicides"].level < 1.0
    assert shares["overdose_deaths"].level < shares["homicides"].level
    assert all(0.0 <= row.difference <= 1.0 for row in shares.values())
