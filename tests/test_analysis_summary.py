"""Tables, matrices, consent, costs, priors and words on stored studies whose answer is known."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from crosscurrent.analysis import (
    comparison,
    cost_effects,
    distinguishable,
    dominated_by_prior,
    given_consent,
    matrix,
    plain_words,
)
from crosscurrent.analysis.numbers import fitted, scaled, shown
from crosscurrent.analysis.summary import quantiles
from crosscurrent.errors import InputError
from crosscurrent.study import QUANTILE_LEVELS, BatchResult, Study, execute
from crosscurrent.study.sampling import world_points

MONTHS = np.arange(159, 171)
POLICIES = ("status-quo", "unilateral-strikes", "joint-partnership", "dear")
THEORIES = ("force-deters", "force-provokes")


class KnownSimulator:
    """Effects set by hand: one policy lowers homicides under one theory and raises them under the other."""

    def __init__(self, study: Study) -> None:
        self.study = study

    def simulate(self, theory: str, first: int, last: int, stop: threading.Event) -> BatchResult:
        worlds = np.arange(first, last)
        points = world_points(self.study.seed, worlds, 6)
        base, size = 300_000 + 50_000 * points[:, 0], 1000 * (1 + points[:, 1])
        sign = -1.0 if theory == "force-deters" else 1.0
        zero = np.zeros(len(worlds))
        noise = 4000 * (points[:, 2] - 0.5)
        homicides = np.stack([base, base + sign * 5 * size, base + noise, base - noise])
        measures = {
            "homicides": homicides,
            "security_cooperation": np.stack([zero + 0.5, zero + 0.2, zero + 0.8, zero + 0.5]),
            "groups": np.stack([zero + 150, zero + 160, zero + 150, zero + 150]),
            "cost_us": np.stack([zero, zero + 2000, zero + 1000, zero - 5 + 10 * points[:, 3]]),
            "cost_mx": np.zeros((4, len(worlds))),
            "consented_weeks": np.stack([zero, zero, 50 * (points[:, 4] < 0.25), zero]),
        }
        failed = np.full((4, len(worlds)), -1, dtype=np.int32)
        failed[1, worlds == 3] = 700
        for values in measures.values():
            values[failed >= 0] = np.nan
        monthly = np.repeat(np.stack(list(measures.values()), axis=1)[..., None], len(MONTHS), axis=-1)
        count = max(0, min(last, self.study.full_paths) - first)
        return BatchResult(
            theory, worlds, self.study.policies, {"size": points[:, 1], "idle": points[:, 5]},
            {"removal": np.where(points[:, 1] < 0.5, "splits", "weakens").astype(object)},
            measures, failed, np.where(failed >= 0, "violence", "").astype(object),
            np.moveaxis(np.nanquantile(monthly, QUANTILE_LEVELS, axis=2), 0, -1).astype(np.float32),
            (failed < 0).sum(axis=1).astype(np.int64),
            np.moveaxis(monthly[:, :, :count], 2, 1).astype(np.float32), MONTHS, len(worlds) * 52, 0.01,
        )  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    study = Study(
        policies=POLICIES, theories=THEORIES, worlds=64,
        measures=("homicides", "security_cooperation", "groups", "cost_us", "cost_mx"),
    )  # fmt: skip
    return execute(study, KnownSimulator, tmp_path_factory.mktemp("known") / "out", case_digest="0")


def row_of(rows, **wanted):
    found = [row for row in rows if all(getattr(row, key) == value for key, value in wanted.items())]
    assert len(found) == 1
    return found[0]


def test_differences_are_paired_and_failed_worlds_are_left_out_and_counted(results):
    rows = comparison(results)
    assert len(rows) == 4 * 2 * 5
    found = row_of(rows, policy="unilateral-strikes", theory="force-deters", measure="homicides")
    assert (found.worlds, found.pairs, found.failed) == (63, 63, 1)
    points = world_points(0, np.arange(64), 6)
    expected = np.percentile(np.delete(-5000 * (1 + points[:, 1]), 3), [5, 50, 95])
    given = (found.difference_p05, found.difference_p50, found.difference_p95)
    assert given == pytest.approx(expected)
    assert found.difference_p95 - found.difference_p05 < 0.3 * (found.p95 - found.p05)
    assert 0 < found.mc_error < found.level_mc_error
    assert found.distinguishable


def test_the_status_quo_differs_from_itself_by_nothing(results):
    found = row_of(comparison(results), policy="status-quo", theory="force-deters", measure="homicides")
    assert (found.difference_p05, found.difference_p50, found.difference_p95, found.mc_error) == (0, 0, 0, 0)
    assert not found.distinguishable


def test_unknown_measures_are_refused_with_the_nearest(results):
    with pytest.raises(InputError, match="did you mean 'homicides'"):
        comparison(results, ["homicide"])
    with pytest.raises(InputError, match="did you mean 'homicides'"):
        matrix(results, "homicide")


def test_quantiles_agree_with_numpy_and_leave_out_nan():
    table = np.random.default_rng(3).normal(size=(3, 50))
    expected = np.moveaxis(np.percentile(table, [5, 50, 95], axis=-1), 0, -1)
    np.testing.assert_allclose(quantiles(table), expected)
    table[1, ::2] = np.nan
    table[2] = np.nan
    np.testing.assert_allclose(quantiles(table)[1], np.nanpercentile(table[1], [5, 50, 95]))
    assert np.isnan(quantiles(table)[2]).all()


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ((1, 2, 3, 0.1), True),
        ((-3, -2, -1, 0.1), True),
        ((-1, 2, 3, 0.1), False),
        ((1, 2, 3, 1.5), False),
        ((1, 2, 3, float("nan")), False),
        ((0, 0, 0, 0), False),
    ],
)
def test_told_apart_only_beyond_error_and_interval(figures, told):
    assert bool(distinguishable(*figures)) is told


def marks(results, measure, theory):
    place = results.theories.index(theory)
    return {row[place].policy: row[place] for row in matrix(results, measure)}


def test_the_matrix_marks_ends_that_change_with_the_theory(results):
    deters, provokes = (marks(results, "homicides", theory) for theory in THEORIES)
    assert deters["unilateral-strikes"].mark == "best"
    assert deters["unilateral-strikes"].shared == 1
    assert deters["unilateral-strikes"].against_status_quo == "preferred"
    assert provokes["unilateral-strikes"].mark == "worst"
    assert provokes["unilateral-strikes"].against_status_quo == "other"
    for policy in ("joint-partnership", "dear"):
        assert provokes[policy].mark == "not distinguishable"
        assert provokes[policy].against_status_quo == "not distinguishable"


def test_higher_is_preferred_where_the_model_says_so(results):
    cells = marks(results, "security_cooperation", "force-deters")
    assert cells["joint-partnership"].mark == "best"
    assert cells["unilateral-strikes"].mark == "worst"
    assert cells["status-quo"].mark == cells["dear"].mark == "between"


def test_a_measure_without_a_preferred_direction_has_no_best(results):
    cells = marks(results, "groups", "force-deters")
    assert {cell.mark for cell in cells.values()} == {"no preference"}
    assert cells["unilateral-strikes"].against_status_quo == "higher"


def test_given_consent_stands_beside_all_worlds(results):
    rows = given_consent(results, ["homicides"])
    assert {row.policy for row in rows} == {"joint-partnership"}
    row = row_of(rows, theory="force-deters")
    points = world_points(0, np.arange(64), 6)
    inside = points[:, 4] < 0.25
    assert (row.worlds, row.consented) == (64, int(inside.sum()))
    assert row.weeks_p50 == 50
    effect = 4000 * (points[:, 2] - 0.5)
    assert row.consented_p50 == pytest.approx(np.median(effect[inside]))
    assert row.p50 == pytest.approx(np.median(effect))


def test_cost_effects_only_where_the_policy_costs_more(results):
    rows = cost_effects(results, ["homicides"])
    found = row_of(rows, policy="unilateral-strikes", theory="force-deters")
    assert found.added_cost_p50 == pytest.approx(2.0)
    assert found.p50 == pytest.approx(-5000 * 1.5 / 2, rel=0.1)
    assert np.isnan(row_of(rows, policy="dear", theory="force-deters").p50)


def test_priors_name_what_moves_a_difference_and_nothing_else(results):
    rows = dominated_by_prior(results, None, ["homicides"], theory="force-deters", policies=["unilateral-strikes"])
    assert rows[0].name == "size"
    assert rows[0].share > 0.95
    assert rows[0].direction == -1
    assert {row.name for row in rows} == {"size", "removal"}
    assert dominated_by_prior(results, None, ["groups"], theory="force-deters") == []


def test_plain_words_never_name_a_winner_that_changes_without_saying_so(results):
    text = " ".join(plain_words(results))
    assert "unilateral-strikes would give the lowest figure under 1 of 2 theories (force-deters)." in text
    assert "So what stands lowest changes with the theory." in text
    assert "of 100 worlds under force-deters" in text
    assert "The direction changes with the theory with unilateral-strikes." in text
    for word in ("probability", " will ", "proves", "winner", "best", "worst", "clearly", "should"):
        assert word not in text.lower()


def test_plain_words_say_when_nothing_can_be_told(tmp_path):
    study = Study(policies=("status-quo", "joint-partnership"), theories=THEORIES, worlds=16, measures=("homicides",))

    class Narrow(KnownSimulator):
        def simulate(self, theory, first, last, stop):
            from dataclasses import replace

            whole = KnownSimulator(replace_policies(self.study, POLICIES)).simulate(theory, first, last, stop)
            keep = [0, 2]
            return replace(
                whole, policies=self.study.policies,
                measures={name: values[keep] for name, values in whole.measures.items()},
                failed_week=whole.failed_week[keep], failed_subsystem=whole.failed_subsystem[keep],
                quantiles=whole.quantiles[keep], world_count=whole.world_count[keep], paths=whole.paths[keep],
            )  # fmt: skip

    results = execute(study, Narrow, tmp_path / "out", case_digest="0")
    text = " ".join(plain_words(results))
    assert "Under none of the 2 theories can a policy be told as the lowest." in text
    assert "1 policy cannot be told from the status quo under any theory." in text


def replace_policies(study: Study, policies: tuple[str, ...]) -> Study:
    return Study(**{**study.model_dump(), "policies": policies})


def test_figures_fit_their_cells():
    assert [shown(value) for value in (-12345.6, 0.01234, 0.0)] == ["\u221212,300", "0.0123", "0"]
    assert fitted(float("nan"), 1.0) == "?"
    assert max(len(fitted(value, 999.0)) for value in (-999.0, 0.04, 12.3, -1.26)) <= 4
    assert scaled(4_100.0, "million USD") == (1000.0, "billion USD")
    assert scaled(0.3, "1")[0] == 1.0
