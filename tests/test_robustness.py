"""The portfolio of criteria on studies whose answers are known, and how sure it says they are."""

from __future__ import annotations

import json

import numpy as np
import pytest
from decision_fakes import Known, stored

from crosscurrent import cli
from crosscurrent.analysis.preferences import read_preferences
from crosscurrent.analysis.rank_stability import (
    critical_value,
    leading_difference,
    rank_intervals,
    rank_shares,
    weight_draws,
)
from crosscurrent.analysis.robustness import robustness
from crosscurrent.analysis.robustness_words import caution_words, portfolio_words
from crosscurrent.commands import robustness as command
from crosscurrent.errors import InputError
from crosscurrent.study import extend

POLICIES = ("status-quo", "sure", "risky", "twin")
THEORIES = ("force-deters", "force-provokes", "even")
MEASURES = ("homicides", "trust", "groups", "cost_us")


def measures_of(theory: str, points: np.ndarray) -> dict[str, np.ndarray]:
    """Homicides are straight lines in one uniform draw, so that every criterion has a closed form."""
    u, noise = points[:, 0], points[:, 1]
    sign = -1.0 if theory == "force-deters" else 1.0
    status_quo = 1000 + 100 * u
    homicides = np.stack([status_quo, 1060 + 0 * u, 1000 + sign * 20 + 200 * u - 50, status_quo])
    zero = 0 * u
    return {
        "homicides": homicides,
        "trust": np.stack([zero + 0.5, zero + 0.6, 0.5 + 0.001 * (noise - 0.5), 0.5 - 0.001 * (noise - 0.5)]),
        "groups": np.stack([zero + 150, zero + 160, zero + 140, zero + 150]),
        "cost_us": np.stack([zero, zero + 10, zero, zero]),
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("robust") / "out"
    stored(out, Known(measures_of), POLICIES, THEORIES, MEASURES, 1024)
    return out


@pytest.fixture(scope="module")
def found(folder):
    from crosscurrent import open_results

    return robustness(open_results(folder), MEASURES, [])


def of(found, name):
    return next(item for item in found.portfolios if item.preferences.name == name)


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        ("expected", (1050, 1060, 1070, 1050)),
        ("percentile", (1090, 1060, 1150, 1090)),
        ("cvar", (1095, 1060, 1160, 1095)),
        ("worst", (1100, 1060, 1170, 1100)),
        ("hurwicz", (1050, 1060, 1070, 1050)),
        # Least loss: 970 + 200 u below u = 0.3, 1000 + 100 u up to 0.6, then 1060.
        ("regret", (40, 90, 110, 40)),
        ("regret-percentile", (30, 70, 90, 30)),
    ],
)
def test_criteria_have_their_closed_forms(found, criterion, expected):
    ranking = of(found, "homicides").ranking(criterion, "force-provokes")
    for value, error, truth in zip(ranking.values, ranking.errors, expected, strict=True):
        assert value == pytest.approx(truth, abs=max(1.0, 4 * error))


def test_what_is_first_depends_on_criterion_and_theory(found):
    portfolio = of(found, "homicides")
    assert portfolio.ranking("expected", "force-provokes").preferred() == (0, 3)
    assert portfolio.ranking("expected", "force-deters").preferred() == (2,)
    assert portfolio.ranking("cvar", "force-provokes").preferred() == (1,)
    assert portfolio.ranking("expected", over="regret over theories").values == pytest.approx((20, 30, 20, 20), abs=1)


def test_policies_alike_share_ranks_and_are_equal_not_open(found):
    ranking = of(found, "homicides").ranking("expected", "force-provokes")
    assert ranking.first_rank == (1, 3, 4, 1)
    assert ranking.last_rank == (2, 3, 4, 2)
    assert [row[0] for row in ranking.rank_shares] == pytest.approx([0.5, 0, 0, 0.5])
    assert ranking.leading.verdict == "equal"
    assert ranking.leading.difference == 0


def test_the_mixture_is_shown_and_not_counted_among_theories(found):
    portfolio = of(found, "homicides")
    assert portfolio.theories == THEORIES[:2]
    assert portfolio.ranking("expected", "even").values == portfolio.ranking("expected", "force-provokes").values
    domain = portfolio.ranking("expected", over="any weights")
    # Risky has 30 less or 20 more than the status quo there, so it is first from a weight of 2/5 on.
    assert domain.values[2] == pytest.approx(0.5, abs=0.05)
    assert not [item for item in portfolio.rankings if item.over == "stated weights"]


def test_higher_is_better_where_that_is_agreed(found):
    ranking = of(found, "trust").ranking("expected", "force-deters")
    assert ranking.preferred() == (1,)
    assert ranking.values[1] == pytest.approx(0.6)
    assert ranking.differences[1] == pytest.approx(0.1)
    assert ranking.leading.difference == pytest.approx(0.1)


def test_no_direction_no_ranking(found):
    portfolio = of(found, "groups")
    assert not portfolio.ranked
    ranking = portfolio.ranking("expected", "force-deters")
    assert (ranking.first_rank, ranking.rank_shares, ranking.leading) == ((), (), None)
    assert ranking.differences == (0, 10, -10, 0)
    assert {item.criterion for item in portfolio.rankings} == {"expected"}
    assert "not ranked" in portfolio_words(found, portfolio)[0]


def test_relative_regret_is_defined_at_a_zero_baseline(found):
    ranking = of(found, "cost_us").ranking("relative-regret", "even")
    assert ranking.values == (0, 1, 0, 0)


def test_preferences_weigh_state_thresholds_and_directions(folder, tmp_path):
    from crosscurrent import open_results

    file = tmp_path / "mine.yaml"
    file.write_text(
        "label: Mine\ntheory_weights: {force-deters: 1, force-provokes: 3}\nmeasures:\n"
        "  homicides: {weight: 1, per: 10, at_most: 0}\n  groups: {direction: lower, weight: 1, per: 5}\n"
        "  cost_us: {weight: 3, per: 10, at_most: 5, of: level}\n"
    )
    results = open_results(folder)
    found = robustness(results, None, [read_preferences(file, results.measures, results.theories)])
    portfolio = of(found, "mine")
    # Homicides: -30 or +20 in risky, +10 in sure; groups -2 and +2; cost 3 in sure.
    stated = portfolio.ranking("expected", over="stated weights")
    assert stated.differences == pytest.approx((0, 1 + 2 + 3, 0.25 * -2 + 0.75 * 2 - 2 - 0.0, 0), abs=0.6)
    share = portfolio.ranking("satisficing", "force-provokes")
    assert share.values == pytest.approx((1, 0, 0.3, 1), abs=0.01)
    assert portfolio.steadiness.near_weights[0][2] == pytest.approx(1.0)
    assert len(portfolio.steadiness.any_weights[0]) == len(POLICIES)
    assert portfolio.steadiness.thresholds[1][0] != ()
    assert of(found, "groups").ranked
    assert "First with the weights stated for theories" in " ".join(portfolio_words(found, portfolio))


def test_failed_worlds_are_left_out_for_all_and_counted(tmp_path):
    def fails(theory, worlds):
        cells = np.zeros((len(POLICIES), len(worlds)), dtype=bool)
        cells[2] = (worlds < 80) & (theory == "force-deters")
        return cells

    results = stored(tmp_path / "out", Known(measures_of, fails=fails), POLICIES, THEORIES, MEASURES, 512)
    found = robustness(results, ["homicides"], [])
    portfolio = found.measures[0]
    assert portfolio.failed[0] == (0, 0, 80, 0)
    assert portfolio.worlds == (432, 512, 512)
    ranking = portfolio.ranking("expected", "force-deters")
    worlds = results.table("homicides")[:, 0, 80:]
    assert ranking.values == pytest.approx(worlds.mean(axis=-1))
    assert any("80 of 512" in text for text in caution_words(found))


def test_too_few_worlds_are_refused(tmp_path):
    results = stored(tmp_path / "out", Known(measures_of), POLICIES, THEORIES, MEASURES, 24)
    with pytest.raises(InputError, match="too few worlds") as caught:
        robustness(results, ["homicides"], [])
    assert "extend" in str(caught.value)
    with pytest.raises(InputError, match="did you mean 'homicides'"):
        robustness(results, ["homicide"], [])


def test_equal_policies_are_told_apart_as_rarely_as_stated():
    """Twelve policies without any difference: each is wrongly told from some other in at most 5 % of cases."""
    generator = np.random.default_rng(5)
    told = []
    for _ in range(400):
        parts = generator.normal(size=(8, 12))
        first, last = rank_intervals(parts.mean(axis=0), parts)
        told.append((first[0] != 1) | (last[0] != 12))
    assert np.mean(told) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


def test_asking_again_with_more_worlds_does_not_settle_by_chance():
    """Two policies without a difference, looked at after each of four doublings: settled at last in at most 5 %."""
    generator, settled = np.random.default_rng(8), 0
    for _ in range(400):
        worlds = generator.normal(size=(8, 128))
        for count in (8, 16, 32, 64, 128):
            parts = np.stack([worlds[:, :count].mean(axis=1), np.zeros(8), np.full(8, 5.0)], axis=1)
            lead = leading_difference(parts.mean(axis=0), parts, 8 * count, looks=5)
            if lead.verdict == "settled":
                settled += 1
                break
    assert settled / 400 < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


def test_resamples_spread_as_the_error_does():
    """A difference of one error: another choice of worlds would reverse it in about one case of six."""
    generator = np.random.default_rng(2)
    parts = np.zeros((8, 2))
    parts[:, 1] = generator.normal(size=8)
    parts[:, 1] -= parts[:, 1].mean()
    error = parts[:, 1].std(ddof=1) / np.sqrt(8)
    shares = rank_shares(np.array([0.0, error]), parts + np.array([0.0, error]), resamples=4000)
    assert shares[0, 0] == pytest.approx(0.84, abs=0.05)


def test_enough_worlds_are_enough():
    """The number of worlds given brings the error down to what telling apart needs."""
    noise = np.tile([-1.0, 1.0], 4)[:, None]
    parts = np.hstack([0 * noise, noise + 0.5, 0 * noise + 10])
    lead = leading_difference(parts.mean(axis=0), parts, 800)
    assert (lead.verdict, lead.first, lead.second) == ("open", 0, 1)
    bound = critical_value(3, 8) * lead.error * np.sqrt(800 / lead.worlds_needed)
    assert bound <= lead.difference * 1.01
    assert lead.worlds_needed < 1.2 * 800 * (critical_value(3, 8) * lead.error / lead.difference) ** 2
    settled = leading_difference(np.array([0.0, 5.0]), noise * [0.0, 1.0] + [0.0, 5.0], 800)
    assert (settled.verdict, settled.worlds_needed) == ("settled", 800)
    alike = leading_difference(np.array([0.0, 0.01, 900.0]), 0.001 * noise + np.array([0.0, 0.01, 900.0]), 800)
    assert alike.verdict in ("settled", "equal")


def test_weights_near_the_stated_ones_vary_by_half_their_size():
    draws = weight_draws(np.ones(5), near=True, draws=20_000)
    np.testing.assert_allclose(draws.sum(axis=1), 1)
    np.testing.assert_allclose(draws.mean(axis=0), 0.2, atol=0.005)
    np.testing.assert_allclose(draws.std(axis=0), 0.1, rtol=0.05)


def call(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        cli.main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


def test_the_command_prints_one_document(folder, capsys):
    code, out, _ = call(capsys, "robustness", folder, "--measures", "homicides,groups", "--json")
    assert code == 0
    document = json.loads(out)
    assert document["policies"] == list(POLICIES)
    names = [item["name"] for item in document["portfolios"]]
    assert names == ["homicides", "groups"]
    ranking = document["portfolios"][0]["rankings"][0]
    assert len(ranking["values"]) == len(ranking["mc_errors"]) == len(POLICIES)
    assert {item["id"] for item in document["criteria"]} >= {"expected", "cvar", "regret", "satisficing"}


@pytest.mark.parametrize("wanted", [("--full",), ("--measures", "homicides")])
def test_the_command_tells_people(folder, capsys, wanted):
    code, out, err = call(capsys, "robustness", folder, *wanted)
    assert (code, err) == (0, "")
    assert "risky would be first under 1 of 2 theories (force-deters)" in " ".join(out.split())
    assert "share ranks" in out
    for word in ("probability", "proves", "winner", "should"):
        assert word not in out.lower()


def test_without_a_name_the_command_is_short_and_says_how_to_read_more(folder, capsys):
    code, out, err = call(capsys, "robustness", folder)
    assert (code, err) == (0, "")
    words = " ".join(out.split())
    assert "First by each criterion" not in words
    assert "smallest regret over theories" in words
    assert "--measures homicides" in words
    full = call(capsys, "robustness", folder, "--full")[1]
    assert len(out.splitlines()) < len(full.splitlines()) / 2


def test_the_command_refuses_what_it_does_not_know(folder, capsys):
    code, _, err = call(capsys, "robustness", folder, "--preferences", "live-first")
    assert (code, err.count("\n")) == (2, 1)
    assert "did you mean 'lives-first'" in err


def test_worlds_double_until_who_is_first_is_settled(tmp_path, monkeypatch, capsys):
    """Two policies that differ by a little in noise: open at 64 worlds, settled with more."""

    def close(theory, points):
        noise = 30 * np.sin(9973 * points[:, 1])  # so rough that even spacing gains nothing
        return {"homicides": np.stack([100 + 0 * noise, 98 + noise, 110 + 0 * noise])}

    known = Known(close)
    stored(tmp_path / "out", known, POLICIES[:3], ("even",), ("homicides",), 64)

    def more(folder, worlds, progress=None, on_compile=None):
        return extend(folder, worlds, known, progress=progress, case_digest="0")

    monkeypatch.setattr("crosscurrent.study.running.extend_study", more)
    code, out, err = call(capsys, "robustness", tmp_path / "out", "--until-stable", "--json")
    assert code == 0
    document = json.loads(out)
    assert document["settled"]
    assert 64 < document["study"]["worlds"] <= command.MOST_WORLDS
    assert "not settled at 64 worlds: homicides under even" in err


def test_doubling_stops_at_the_cap(tmp_path, monkeypatch, capsys):
    def hopeless(theory, points):
        noise = np.where(points[:, 1] > 0.5, 1.0, -1.0) * points[:, 2]
        return {"homicides": np.stack([100 + 0 * noise, 100 + noise * 30, 105 + 0 * noise])}

    stored(tmp_path / "out", Known(hopeless), POLICIES[:3], ("even",), ("homicides",), 64)
    monkeypatch.setattr(command, "MOST_WORLDS", 64)
    code, out, err = call(capsys, "robustness", tmp_path / "out", "--until-stable", "--json")
    assert code == 0
    assert not json.loads(out)["settled"]
    assert "stopped at 64 worlds per theory" in err


def test_the_report_has_a_section(folder):
    from crosscurrent import load_case, open_results
    from crosscurrent.report.robustness_section import section

    found = section(open_results(folder), load_case("us_mexico"))
    assert found.id == "robustness"
    assert str(found.body).count('<svg class="ranks"') == 1
    assert "risky would be first under 1 of 2 theories" in found.body
    assert len(found.body) < 60_000


def test_the_section_says_why_it_is_empty(tmp_path):
    from crosscurrent import load_case
    from crosscurrent.report.robustness_section import section

    few = stored(tmp_path / "few", Known(measures_of), POLICIES, THEORIES, MEASURES, 16)
    assert "too few worlds" in section(few, load_case("us_mexico")).body
