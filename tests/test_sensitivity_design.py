"""The Sobol' design: what is exchanged, what stays, and the kernel's worlds under it."""

from __future__ import annotations

import numpy as np
import pytest
from laboratory import case

from crosscurrent.analysis.sobol_indices import sobol_indices
from crosscurrent.analysis.sobol_ranking import sobol_ranking
from crosscurrent.errors import InputError
from crosscurrent.model.schema import PARAMETERS
from crosscurrent.study.draws import dimensions
from crosscurrent.study.sobol_design import DesignFactor, SobolSample, design_factors, mixed_points, run_sobol
from crosscurrent.study.specification import Study


def test_factors_cover_every_uncertain_coordinate_once():
    factors = design_factors(case(), tuple(case().theories))
    columns = [column for factor in factors for column in factor.columns]
    assert len(columns) == len(set(columns))
    constant = {
        len(case().axes) + number
        for number, name in enumerate(PARAMETERS)
        if {case().parameters[name].distribution.kind} | {d.kind for d in case().parameters[name].rivals.values()}
        == {"constant"}
    }
    assert set(columns) == set(range(dimensions(case()) + 1)) - constant
    kinds = [factor.kind for factor in factors]
    assert kinds.count("theory") == kinds.count("chance") == 1
    assert kinds.count("axis") == len(case().axes)


def test_fixed_axes_and_a_single_theory_are_no_factors():
    theory = next(name for name, entry in case().theories.items() if entry.fixes)
    names = [factor.name for factor in design_factors(case(), (theory,))]
    assert "theory" not in names
    assert not set(names) & set(case().theories[theory].fixes)
    assert "chance" in names


def test_one_factor_comes_from_the_second_sample_and_chance_is_the_key():
    first, second = np.zeros((4, 3)), np.ones((4, 3))
    keys = np.array([[0, 2, 4, 6], [1, 3, 5, 7]])
    points, kept = mixed_points(first, second, DesignFactor("x", "subsystem", (0, 2)), keys)
    assert points[0].tolist() == [1, 0, 1]
    np.testing.assert_array_equal(kept, keys[0])
    points, exchanged = mixed_points(first, second, DesignFactor("chance", "chance", ()), keys)
    assert not points.any()
    np.testing.assert_array_equal(exchanged, keys[1])
    assert not first.any()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"points": 100}, "64, 128, 256"),
        ({"measure": "homicide"}, "did you mean 'homicides'"),
        ({"theories": ["evens"]}, "did you mean 'even'"),
    ],
)
def test_designs_that_cannot_be_run_are_refused(options, words):
    given = {"measure": "homicides", "points": 64, **options}
    measure = given.pop("measure")
    with pytest.raises(InputError, match=words):
        run_sobol(Study(theories=("even",)), case(), measure, ["status-quo"], **given)


@pytest.fixture(scope="module")
def sample() -> SobolSample:
    study = Study(theories=("even",), years=1)
    return run_sobol(study, case(), "overdose_deaths", ["demand-side", "status-quo"], points=64)


@pytest.mark.slow
def test_the_kernel_runs_a_design_and_what_cannot_matter_does_not(sample):
    names = [factor.name for factor in sample.factors]
    assert sample.mixed.shape == (len(names), 2, 64)
    level = {row.factor: row for row in sobol_ranking(sample).factors}
    # The cost of prevention, and law about precedents, move no overdose deaths: not by a digit.
    assert level["law parameters"].value_total == level["law parameters"].value_first == 0.0
    assert level["market parameters"].total > 0.3
    assert level["market parameters"].tie == 1
    assert sum(row.first for row in level.values()) < 1.3


@pytest.mark.slow
def test_chance_is_a_factor_and_differences_are_paired(sample):
    place = [factor.name for factor in sample.factors].index("chance")
    assert (sample.mixed[place, 0] != sample.first[0]).mean() > 0.9
    difference = sobol_ranking(sample, ("demand-side", "status-quo"))
    assert (difference.policy, difference.against) == ("demand-side", "status-quo")
    paired = sobol_indices(
        sample.first[0] - sample.first[1], sample.second[0] - sample.second[1], sample.mixed[:, 0] - sample.mixed[:, 1],
        sample.scrambles,
    )  # fmt: skip
    rows = {row.factor: row for row in difference.factors}
    assert [rows[factor.name].value_total for factor in sample.factors] == pytest.approx(paired.total.tolist())
    with pytest.raises(InputError, match="not run in the design"):
        sobol_ranking(sample, ("demand-side", "covert-strikes"))
