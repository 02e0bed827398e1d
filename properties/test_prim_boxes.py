"""What holds for PRIM whatever the data."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscurrent.analysis.prim import make_space, peel, rows_inside
from crosscurrent.analysis.prim_choice import pruned

seeds = st.integers(0, 2**31)


def draw(seed: int, worlds: int, numbers: int, kinds: int):
    generator = np.random.default_rng(seed)
    table = np.round(generator.random((numbers, worlds)), generator.integers(1, 6))
    codes = generator.integers(0, 3, (kinds, worlds))
    interest = generator.random(worlds) < 0.1 + 0.6 * (table[0] > 0.6) if numbers else codes[0] == 1
    return make_space(table, codes, [3] * kinds), interest


@settings(max_examples=40, deadline=None)
@given(seeds, st.integers(40, 300), st.integers(1, 5), st.integers(0, 2))
def test_boxes_shrink_grow_denser_and_count_their_worlds(seed, worlds, numbers, kinds):
    space, interest = draw(seed, worlds, numbers, kinds)
    steps = peel(space, interest)
    assert steps[0].count == worlds
    peeled = [step for step in steps if not step.pasted]
    for before, after in itertools.pairwise(peeled):
        assert after.count < before.count
        assert after.hits * before.count > before.hits * after.count
    for step in steps:
        inside = rows_inside(space, step.limits)
        assert len(inside) == step.count
        assert interest[inside].sum() == step.hits
        assert step.count >= 0.05 * worlds


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(60, 300))
def test_neither_order_of_worlds_nor_scale_of_factors_matters(seed, worlds):
    space, interest = draw(seed, worlds, 3, 1)
    order = np.random.default_rng(seed + 1).permutation(worlds)
    table = np.stack([space.bins.lowest[row][space.codes[row]] for row in range(3)])
    again = make_space(np.exp(3 * table[:, order]), space.codes[3:, order].astype(np.int64), [3])
    first, second = peel(space, interest), peel(again, interest[order])
    assert [(step.count, step.hits) for step in first] == [(step.count, step.hits) for step in second]


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(60, 300))
def test_dropping_restrictions_only_widens(seed, worlds):
    space, interest = draw(seed, worlds, 4, 1)
    if not interest.any():
        return
    limits = peel(space, interest)[-1].limits
    box = pruned(space, interest, np.arange(worlds), limits)
    inside = rows_inside(space, limits)
    assert set(inside.tolist()) <= set(box.rows.tolist())
    np.testing.assert_array_equal(rows_inside(space, box.limits), box.rows)
    assert box.hits == interest[box.rows].sum()
