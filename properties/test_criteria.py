import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from crosscurrent.analysis import criteria
from crosscurrent.analysis.rank_stability import agreement, rank_intervals, rank_shares

losses = arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(1, 40)), elements=st.integers(-50, 50))
tails = st.floats(0.01, 0.99)
SIMPLE = (
    criteria.expected_loss, criteria.worst_loss, criteria.percentile_loss, criteria.conditional_value_at_risk,
    criteria.hurwicz,
)  # fmt: skip


@given(losses, st.integers(-9, 9), st.sampled_from([0.5, 2.0, 4.0]))
def test_criteria_follow_a_change_of_unit(loss, shift, factor):
    for criterion in SIMPLE:
        np.testing.assert_allclose(criterion(factor * loss + shift), factor * criterion(loss) + shift, atol=1e-9)
    np.testing.assert_allclose(criteria.regret(factor * loss + shift), factor * criteria.regret(loss), atol=1e-9)


@given(losses, losses)
def test_a_policy_that_is_never_better_is_never_preferred(loss, more):
    worse = loss + np.resize(np.abs(more), loss.shape)
    for criterion in SIMPLE:
        assert (criterion(worse) >= criterion(loss) - 1e-9).all()


@given(losses, tails)
def test_tail_criteria_lie_between_mean_and_worst(loss, tail):
    mean_of_tail = criteria.conditional_value_at_risk(loss, tail)
    assert (mean_of_tail >= criteria.percentile_loss(loss, tail) - 1e-9).all()
    assert (mean_of_tail >= criteria.expected_loss(loss) - 1e-9).all()
    assert (mean_of_tail <= criteria.worst_loss(loss) + 1e-9).all()


@given(losses, tails)
def test_conditional_value_at_risk_is_the_least_of_the_formula_it_is_defined_by(loss, tail):
    edges = np.unique(loss)
    by_definition = np.min(
        [edge + np.maximum(loss - edge, 0).mean(axis=-1) / tail for edge in edges], axis=0
    )
    np.testing.assert_allclose(criteria.conditional_value_at_risk(loss, tail), by_definition, atol=1e-9)


@given(losses)
def test_someone_has_no_regret_in_every_world(loss):
    lost, relative = criteria.regret(loss), criteria.relative_regret(loss)
    assert (lost.min(axis=0) == 0).all()
    assert np.isfinite(relative).all()
    assert ((relative >= 0) & (relative <= 2)).all()
    assert ((relative == 0) == (lost == 0)).all()
    assert criteria.near_best(loss)[loss.argmin(axis=0), np.arange(loss.shape[1])].all()


@given(losses)
def test_expected_regret_orders_policies_as_expected_value_does(loss):
    gap = criteria.regret(loss).mean(axis=-1) - criteria.expected_loss(loss)
    np.testing.assert_allclose(gap, gap[0], atol=1e-9)


@given(losses)
def test_the_domain_criterion_shares_out_all_weightings(score):
    weights = np.random.default_rng(0).dirichlet(np.ones(score.shape[1]), 50)
    share = criteria.theory_domain(score, weights)
    assert abs(share.sum() - 1) < 1e-9
    better_everywhere = (score[:, None] > score[None]).all(axis=-1).any(axis=1)
    assert (share[better_everywhere] == 0).all()


@settings(deadline=None)
@given(arrays(np.float64, st.tuples(st.just(8), st.integers(2, 6)), elements=st.integers(-50, 50)))
def test_ranks_and_their_shares_are_whole(parts):
    score = parts.mean(axis=0)
    first, last = rank_intervals(score, parts)
    shares = rank_shares(score, parts, resamples=50)
    assert (first <= last).all()
    assert first.min() == 1
    assert last.max() == len(score)
    np.testing.assert_allclose(shares.sum(axis=0), 1)
    np.testing.assert_allclose(shares.sum(axis=1), 1)


@given(st.permutations(range(5)))
def test_agreement_counts_pairs_in_the_same_order(order):
    plain = np.arange(5.0)
    moved = np.array(order, dtype=np.float64)
    pairs = [(i, j) for i in range(5) for j in range(i)]
    same = sum((moved[i] > moved[j]) == (plain[i] > plain[j]) for i, j in pairs) / len(pairs)
    assert abs(agreement(np.stack([plain, moved])) - same) < 1e-12
