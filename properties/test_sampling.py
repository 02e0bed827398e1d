from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscurrent.study import monte_carlo_error, world_points
from crosscurrent.study.plan import own_part, plan_shards
from crosscurrent.study.quantiles import merge_quantiles

worlds = st.lists(st.integers(0, 3000), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(worlds, st.integers(0, 2**63 - 1), st.integers(1, 30))
def test_a_world_does_not_depend_on_the_others(numbers, seed, dimensions):
    together = world_points(seed, numbers, dimensions)
    alone = np.concatenate([world_points(seed, [number], dimensions) for number in numbers])
    assert np.array_equal(together, alone)
    assert ((together > 0) & (together < 1)).all()


@given(st.integers(1, 30_000), st.integers(1, 3000))
def test_cuts_cover_every_world_once_and_do_not_move(count, more):
    plan = plan_shards(("a", "b"), count)
    for theory in ("a", "b"):
        numbers = [(key.first, key.last) for key in plan if key.theory == theory]
        assert numbers[0][0] == 0
        assert numbers[-1][1] == count
        assert all(one[1] == two[0] for one, two in pairwise(numbers))
    starts = {(key.theory, key.first) for key in plan_shards(("a", "b"), count + more)}
    assert {(key.theory, key.first) for key in plan} <= starts


@given(st.integers(1, 9000), st.integers(1, 12))
def test_parts_are_a_partition(count, machines):
    plan = plan_shards(("a", "b", "c"), count)
    parts = [key for index in range(machines) for key in own_part(plan, f"{index + 1}/{machines}")]
    assert sorted(parts) == sorted(plan)


levels = np.array([0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0])
shard = st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=30)


@settings(deadline=None)
@given(st.lists(shard, min_size=2, max_size=5))
def test_merged_quantiles_rise_and_keep_the_extremes(shards):
    values = np.stack([np.quantile(values, levels) for values in shards])
    merged = merge_quantiles(values, [len(values) for values in shards], levels)
    everything = np.concatenate(shards)
    span = max(1.0, float(np.ptp(everything)))
    assert np.isclose(merged[0], everything.min(), atol=1e-6 * span)
    assert np.isclose(merged[-1], everything.max(), atol=1e-6 * span)
    assert (np.diff(merged) >= -1e-6 * span).all()


@settings(deadline=None)
@given(shard, st.integers(2, 5))
def test_merging_equal_shards_changes_nothing(values, copies):
    one = np.quantile(values, levels)
    merged = merge_quantiles(np.stack([one] * copies), [3] * copies, levels)
    assert np.allclose(merged, one, rtol=0, atol=2e-5 * max(1e-30, float(np.ptp(one))))


@given(st.lists(st.floats(-1e3, 1e3), min_size=16, max_size=64), st.floats(0.1, 10))
def test_error_scales_with_the_unit(values, factor):
    numbers = np.arange(len(values))
    error = monte_carlo_error(values, numbers)
    assert np.isclose(monte_carlo_error(np.multiply(values, factor), numbers), factor * error, rtol=1e-6, atol=1e-9)
