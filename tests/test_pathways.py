"""Tipping points with known dates, pathways that round-trip to rules, and what is refused."""

from __future__ import annotations

import re
import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscurrent.analysis.pathways import map_document, map_from_document, pathway_map, read_maps, store_maps
from crosscurrent.analysis.tipping import (
    first_run,
    share_below,
    share_missing,
    tipping_months,
    tipping_points,
    yearly,
)
from crosscurrent.calendar import month_label
from crosscurrent.case import Objective, load_case
from crosscurrent.errors import InputError, StoreError
from crosscurrent.study import QUANTILE_LEVELS, BatchResult, Study, execute
from crosscurrent.study.pathway_policy import pathway_policy, pathway_states, policy_steps
from crosscurrent.study.pathway_run import STEP, objectives_for, pathway_study, usual_levels
from crosscurrent.study.tables import policy_rules

MONTHS = np.arange(159, 159 + 96)
CASE = load_case()
USUAL = usual_levels(CASE, "2025-04", 10)
PLACES = [(objective, name) for objective in CASE.objectives.values() for name in objective.pathways]
FORCE = ("leadership_strikes", "logistics_strikes")


def objective(**fields) -> Objective:
    known = {
        "id": "held", "label": "Held", "measure": "trust", "at_most": None, "at_least": 0.5, "from_months": 12,
        "for_months": 1, "pathways": {}, "evidence": (), "reasoning": "", "grade": "assumption",
        "file": "pathways.yaml", "line": 1,
    }  # fmt: skip
    return Objective(**{**known, **fields})


class Drift:
    """Trust falls in a straight line, in world w and policy p by (p + 1) * (1 + w % 8) thousandths a month."""

    def __init__(self, study: Study) -> None:
        self.study = study

    def simulate(self, theory: str, first: int, last: int, stop: threading.Event) -> BatchResult:
        worlds, policies = np.arange(first, last), self.study.policies
        slopes = 1e-3 * (np.arange(len(policies))[:, None] + 1) * (1 + worlds % 8)
        trust = 0.8 - slopes[..., None] * np.arange(len(MONTHS))
        steps = np.stack([self.steps(policy, worlds) for policy in policies])
        paths = dict.fromkeys(self.study.measures, trust) | {STEP: steps}
        paths |= {name: np.full_like(trust, 1.0 + p) for p, name in enumerate(("cost_us", "cost_mx"))}
        kept = [paths[name] for name in (*self.study.measures, STEP)]
        table = np.stack(kept, axis=1)
        failed = np.full((len(policies), len(worlds)), -1, np.int32)
        failed[0, worlds == 3] = 800
        measures = {
            name: np.where(failed < 0, found[..., -1], np.nan)
            for name, found in zip((*self.study.measures, STEP), kept, strict=True)
        }
        count = max(0, min(last, self.study.full_paths) - first)
        return BatchResult(
            theory, worlds, policies, {"slope": slopes[0]}, {"removal": np.full(len(worlds), "splits", object)},
            measures, failed, np.where(failed >= 0, "diplomacy", "").astype(object),
            np.moveaxis(np.quantile(table, QUANTILE_LEVELS, axis=2), 0, -1).astype(np.float32),
            (failed < 0).sum(axis=1).astype(np.int64), np.moveaxis(table[:, :, :count], 2, 1).astype(np.float32),
            MONTHS, len(worlds) * 417, 0.01,
        )  # fmt: skip

    def steps(self, policy: str, worlds: np.ndarray) -> np.ndarray:
        """A pathway's first transfer is made in month 20 + w % 8 by even worlds, and taken back by world 0 mod 8."""
        months = np.arange(len(MONTHS))
        if "-then-" not in policy:
            return np.zeros((len(worlds), len(months)))
        made = (months >= 20 + (worlds % 8)[:, None]) & (worlds % 2 == 0)[:, None]
        return np.where((worlds % 8 == 0)[:, None] & (months >= 40), False, made).astype(float)


def drift_results(folder, **fields):
    study = {"policies": ("status-quo", "demand-side"), "theories": ("even",), "worlds": 64, "full_paths": 64,
             "measures": ("trust",)}  # fmt: skip
    return execute(Study(**{**study, **fields}), Drift, folder, case_digest="0", labels={})


@pytest.fixture(scope="module")
def drift(tmp_path_factory):
    return drift_results(tmp_path_factory.mktemp("drift") / "out")


def known_tip(slope: float, threshold: float = 0.5) -> int:
    """Month in which the mean of twelve months falls below a threshold; -1 if later than the horizon."""
    month = int(np.floor((0.8 - threshold) / slope + 5.5 + 1e-9)) + 1
    return month if month < len(MONTHS) else -1


def test_tipping_dates_of_straight_lines_are_known(drift):
    for point in tipping_points(drift, objective()):
        number = drift.policies.index(point.policy)
        kept = [w for w in range(64) if not (number == 0 and w == 3)]
        tips = np.array([max(known_tip(1e-3 * (number + 1) * (1 + w % 8)), -1) for w in kept])
        assert (point.worlds, point.failed) == (len(kept), 64 - len(kept))
        assert point.never == pytest.approx((tips < 0).mean())
        assert point.from_start == 0.0
        assert point.reached == pytest.approx((tips >= 0).mean())
        assert point.met_at_end == pytest.approx((tips < 0).mean())
        scrambles = [np.mean(tips[[w % 8 == s for w in kept]] >= 0) for s in range(8)]
        assert point.reached_error == pytest.approx(np.std(scrambles, ddof=1) / np.sqrt(8))
        assert point.never_error == pytest.approx(point.reached_error)
        assert point.met_at_end_error == pytest.approx(point.reached_error)
        assert point.from_start_error == 0.0
        reached = np.sort(tips[tips >= 0])
        middle = [int(reached[int(np.ceil(q * len(reached))) - 1]) for q in (0.05, 0.5, 0.95)]
        expected = [month_label(int(MONTHS[0]) + month) for month in middle]
        assert [point.dates.first, point.dates.middle, point.dates.last] == expected


def test_a_policy_that_misses_from_the_start_and_one_that_never_does(drift):
    (_, start) = tipping_points(drift, objective(at_least=0.99))
    assert (start.from_start, start.reached, start.never) == (1.0, 0.0, 0.0)
    assert start.state == "from the start"
    assert start.dates.middle == ""
    (_, never) = tipping_points(drift, objective(at_least=-9.0))
    assert never.state == "never within the horizon"
    assert never.never_error == 0.0


def test_a_run_that_the_horizon_cuts_off_does_not_count():
    path = np.r_[np.ones(90), np.zeros(6)]
    assert tipping_months(path, objective(for_months=3, at_least=0.9), flow=False) == 91
    assert tipping_months(path, objective(for_months=6, at_least=0.9), flow=False) == -1


def test_a_flow_is_a_sum_of_twelve_months():
    assert yearly(np.full(24, 100.0), flow=True)[-1] == 1200.0
    path = np.r_[np.full(24, 100.0), np.full(24, 200.0)]
    assert tipping_months(path, objective(at_most=1800.0, at_least=None), flow=True) == 30


def test_judging_begins_when_the_objective_says():
    path = np.zeros(60)
    assert tipping_months(path, objective(from_months=36), flow=False) == 35


@given(st.lists(st.booleans(), max_size=30), st.integers(1, 5))
def test_the_first_run_is_found(flags, length):
    wanted = next((i for i in range(len(flags) - length + 1) if all(flags[i : i + length])), -1)
    assert first_run(np.array(flags, dtype=bool), length) == wanted


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.floats(-0.5, 1.5))
def test_a_share_below_a_bound_is_a_share_and_rises_with_the_bound(values, bound):
    ordered, levels = np.sort(np.array(values)), np.array([0.0, 0.5, 1.0])
    low, high = (float(share_below(ordered, b, levels)) for b in (bound, bound + 0.1))
    assert 0.0 <= low <= high + 1e-9 <= 1.0 + 1e-9


def test_monthly_shares_need_no_whole_paths(tmp_path):
    results = drift_results(tmp_path / "out", full_paths=0)
    share, months = share_missing(results, objective())
    assert months.tolist() == MONTHS.tolist()
    slopes = 1e-3 * (1 + np.arange(64) % 8)
    for month in (0, 55, 95):
        exact = (0.8 - slopes * month < 0.5).mean()
        assert share[0, 0, month] == pytest.approx(exact, abs=1 / 8)
    with pytest.raises(InputError, match=r"too few whole paths.*crosscurrent pathways"):
        tipping_points(results, objective())


@pytest.mark.parametrize(("goal", "name"), PLACES, ids=[name for _, name in PLACES])
def test_a_pathway_round_trips_to_rules(goal, name):
    """Levers read back from the simulated policy's rules are those of the pathway's steps."""
    pathway = goal.pathways[name]
    policy = pathway_policy(CASE, goal, name, USUAL)
    own = len(CASE.policies[pathway.start].rules)
    states = pathway_states(CASE, pathway)
    wanted = policy_steps(replace(policy, rules=policy.rules[:own], levers=states[0].levers), own, USUAL)
    read = policy_steps(policy, own, USUAL)
    assert read[0] == wanted[0]
    for step, state in zip(read[1:], states[1:], strict=True):
        assert step == policy_steps(replace(policy, levers=state.levers, rules=()), 0, USUAL)[0]
    for rule, transfer in zip(policy.rules[own:], pathway.transfers, strict=True):
        assert (rule.when, rule.above, rule.below) == (transfer.signpost, transfer.above, transfer.below)
        assert rule.delay_weeks == transfer.lead_weeks
    needed = [rule.for_weeks + rule.delay_weeks for rule in policy.rules[own:]]
    assert needed == sorted(needed)


@pytest.mark.parametrize("key", list(CASE.objectives))
def test_every_objective_has_pathways_from_both_sides(key):
    """Pathways that start with strikes and pathways that start without, in the shipped case."""
    starts = [CASE.policies[pathway.start].levers for pathway in CASE.objectives[key].pathways.values()]
    force = [any(levers.get(name, 0.0) > 0.0 for name in FORCE) for levers in starts]
    assert any(force)
    assert not all(force)


def test_a_transfer_that_cannot_be_taken_back_is_never_released():
    goal = CASE.objectives["homicides-below-the-worst-year"]
    policy = pathway_policy(CASE, goal, "unilateral-then-partnership", USUAL)
    for rule in policy_rules(policy, {name: np.array([value]) for name, value in USUAL.items()}):
        assert rule.sign * rule.release < -1e9


def changed(name: str, **fields):
    """The first objective with one pathway, some of whose fields are changed."""
    goal = CASE.objectives["homicides-below-the-worst-year"]
    return replace(goal, pathways={name: replace(goal.pathways[name], **fields)})


def test_too_many_changes_of_levers_are_refused():
    name = "consented-campaign-then-prevention"
    steps = changed(name).pathways[name].transfers
    goal = changed(name, transfers=(replace(steps[0], keeps=False),))
    with pytest.raises(InputError, match=r"pathways\.yaml:\d+: .*changes too many levers.*at most 8"):
        pathway_policy(CASE, goal, name, USUAL)


def test_a_transfer_that_changes_nothing_is_refused():
    name = "consented-campaign-then-prevention"
    steps = changed(name).pathways[name].transfers
    goal = changed(name, transfers=(replace(steps[0], to="consented-campaign"),))
    with pytest.raises(InputError, match="changes nothing"):
        pathway_policy(CASE, goal, name, USUAL)


def test_a_case_without_pathways_and_unusable_worlds_are_refused():
    with pytest.raises(InputError, match=r"no pathways.*pathways\.yaml"):
        pathway_study(replace(CASE, objectives={}), Study(), 64)
    with pytest.raises(InputError, match="32 to 500"):
        pathway_study(CASE, Study(), 501)


def test_a_measure_without_an_objective_is_refused():
    with pytest.raises(InputError, match=r"no objective for this measure.*trust"):
        objectives_for(CASE, "trust")
    with pytest.raises(InputError, match="did you mean 'homicides'"):
        objectives_for(CASE, "homicide")


@pytest.fixture(scope="module")
def known_map(tmp_path_factory):
    study, _ = pathway_study(CASE, Study(theories=("even", "force-deters")), 64)
    goal = replace(CASE.objectives["cooperation-holds"], at_least=0.5, for_months=1)
    results = execute(study, Drift, tmp_path_factory.mktemp("map") / "out", case_digest="0", labels={})
    return results, pathway_map(results, CASE, goal)


def test_the_map_counts_transfers_world_by_world(known_map):
    _, found = known_map
    outcome = next(item for item in found.pathways if item.pathway == "unilateral-then-talks")
    (step,) = outcome.transfers
    assert (step.leaves, step.enters) == ("unilateral-strikes", "joint-partnership")
    assert step.share == 0.5
    assert step.share_error == pytest.approx(np.std([1, 0] * 4, ddof=1) / np.sqrt(8))
    assert step.taken_back == 0.125
    assert [step.dates.first, step.dates.last] == [month_label(159 + 20), month_label(159 + 26)]
    assert outcome.locked_in == 0.5
    assert outcome.switching_cost == 0.5 * 150


def test_each_pathway_is_paired_with_its_first_policy_kept(known_map):
    """World by world: which of the two is met longer; a world that never tips outlasts every other."""
    results, found = known_map
    goal = replace(CASE.objectives["cooperation-holds"], at_least=0.5, for_months=1)
    paths = results.paths(goal.measure).values
    ends = tipping_months(paths, goal, flow=False).astype(float)
    ends[ends < 0] = np.inf
    for item in found.pathways:
        t = results.theories.index(item.theory)
        mine, kept = (ends[results.policies.index(name), t] for name in (item.pathway, item.transfers[0].leaves))
        assert item.longer == np.mean(mine > kept)
        assert item.shorter == np.mean(mine < kept)
        assert np.isfinite([item.longer_error, item.shorter_error]).all()


def test_the_map_has_a_line_for_every_state_of_its_pathways(known_map):
    _, found = known_map
    goal = CASE.objectives["cooperation-holds"]
    states = {state.id for pathway in goal.pathways.values() for state in pathway_states(CASE, pathway)}
    assert {line.id for line in found.lines} == states | {"status-quo"}
    assert all(len(line.tipping) == 2 for line in found.lines)


def test_a_map_survives_its_file(known_map, tmp_path):
    _, found = known_map
    store_maps(tmp_path, [found])
    (back,) = read_maps(tmp_path)
    assert map_document([back]) == map_document([found])
    assert map_from_document(map_document([found])[0]).pathways[0].transfers == found.pathways[0].transfers
    (tmp_path / "pathways.json").write_text("[{}]")
    with pytest.raises(StoreError, match="delete the file"):
        read_maps(tmp_path)
    assert read_maps(tmp_path / "nowhere") == []


def test_a_horizon_that_is_too_short_is_refused_and_not_called_never(drift):
    with pytest.raises(InputError, match="ends before objective 'held' can be judged"):
        tipping_points(drift, objective(from_months=96, for_months=6))


def test_results_without_the_pathways_are_refused(drift):
    goal = CASE.objectives["cooperation-holds"]
    with pytest.raises(InputError, match="do not hold the pathways"):
        pathway_map(drift, CASE, replace(goal, measure="trust"))


def test_the_report_draws_the_maps_or_says_how_to_get_them(known_map, tmp_path):
    from crosscurrent.language import marked, speaking
    from crosscurrent.report.pathways_section import section
    from crosscurrent.study.pathway_run import pathway_folder

    results = drift_results(tmp_path / "out", measures=("security_cooperation",))
    without = section(results, CASE)
    assert "crosscurrent pathways DIR" in without.body
    folder = pathway_folder(results, CASE)
    folder.mkdir()
    store_maps(folder, [known_map[1]])
    with speaking("es"):
        spanish = marked(section(results, CASE).body)
    assert "líneas con sus cambios" in spanish
    assert not re.search(r"\b(the|under|with|worlds)\b", re.sub(r"<[^>]*>", " ", spanish))
    drawn = section(results, CASE).body
    assert drawn.count('class="paths"') == 1, "theories under which the drawing is the same share it"
    assert 'class="gone"' in drawn
    assert 'class="move"' in drawn
    assert len(drawn.encode()) < 60_000
    assert section(drift_results(tmp_path / "other"), CASE) is None
    name = "consented-campaign-then-dialogue"
    goal = CASE.objectives["cooperation-holds"]
    step = replace(goal.pathways[name].transfers[0], keeps=False)
    heavy = replace(goal, pathways={name: replace(goal.pathways[name], transfers=(step,))})
    said = section(results, replace(CASE, objectives={goal.id: heavy})).body
    assert "They cannot be: " in said, "one bad pathway does not take the report with it"
