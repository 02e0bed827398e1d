"""The map of two equal organisations: exact checks and its refusals."""

from __future__ import annotations

import numpy as np
import pytest

from crosscurrent.errors import InputError
from crosscurrent.replications.conflict_shock import REPLICATION, ShockMap, next_sizes, shocked_deaths


def test_rows_pass():
    rows = REPLICATION.rows()
    assert [row.id for row in rows].count("PC-16") == 3
    assert all(row.verdict == "pass" for row in rows)


@pytest.mark.parametrize("intensity", [0.0, 1.0, 3.0])
def test_the_equations_of_the_laboratory_are_the_map(intensity):
    p, sizes = ShockMap(), np.array([31_000.0, 12_000.0])
    pair = p.conflict * intensity * sizes.prod()
    expected = sizes * (1 + p.recruitment - p.incapacitation) - pair - p.saturation * sizes**2
    np.testing.assert_allclose(next_sizes(sizes, p, intensity), expected, rtol=1e-13)


def test_no_shock_is_no_change():
    np.testing.assert_allclose(shocked_deaths(0.0, 300), 68.0, rtol=1e-12)


def test_deaths_come_back_to_the_old_level_from_below():
    killed = shocked_deaths(2.0)
    assert killed[126] < killed[300] < killed[600] < 68.0
    assert killed[-1] == pytest.approx(68.0, rel=1e-2)


def test_charts_have_a_value_for_every_place():
    for chart in REPLICATION.charts():
        assert all(len(values) == len(chart.x) for values in chart.series.values())


def test_wrong_inputs_are_refused():
    with pytest.raises(InputError, match="two, 0 or more"):
        next_sizes(np.ones(3), ShockMap())
    with pytest.raises(InputError, match="two, 0 or more"):
        next_sizes(np.array([1.0, -1.0]), ShockMap())
    with pytest.raises(InputError, match="negative"):
        shocked_deaths(-1.5)
