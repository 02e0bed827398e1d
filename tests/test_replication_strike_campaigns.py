"""Strikes elsewhere: the kernel's own draws, the series rightly read, coverage a share, errors clear."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from crosscurrent.case import load_case
from crosscurrent.errors import InputError
from crosscurrent.kernel import operations_draws
from crosscurrent.lanes.random_streams import normal, random_bits, uniform
from crosscurrent.replications import strike_campaigns
from crosscurrent.replications.strike_campaigns import (
    CAMPAIGNS,
    REPLICATION,
    CampaignYear,
    Prediction,
    campaign_years,
    coverage,
    official_total,
    predict_year,
    weeks_of_strikes,
)

SERIES = load_case("us_mexico").series


def bits(key, stream, week, item=0):
    """Random bits as a number that the next compiled function accepts."""
    return np.uint64(random_bits(key, stream, week, item))


def altered(name, **changes):
    """The series with every point of one of them changed."""
    points = tuple(replace(point, **changes) for point in SERIES[name].points)
    return {**SERIES, name: replace(SERIES[name], points=points)}


def without(name, definition, year):
    points = tuple(p for p in SERIES[name].points if not (p.definition == definition and p.period == year))
    return {**SERIES, name: replace(SERIES[name], points=points)}


@pytest.fixture(scope="module")
def rows():
    return REPLICATION.rows()


def test_all_rows_are_anchors_with_and_without_the_transfer_weight(rows):
    assert {row.tier for row in rows} == {3}
    assert {row.id for row in rows} == {f"SC-{number}" for number in range(1, 7)}
    assert all(row.verdict in ("pass", "gap") and np.isfinite(row.ours) for row in rows)
    for number in range(1, 6):
        scopes = [row.quantity for row in rows if row.id == f"SC-{number}"]
        assert any("transfer weight 1" in scope for scope in scopes)
        assert any("transfer weight as drawn" in scope for scope in scopes)


@pytest.mark.parametrize("week", range(12))
def test_a_week_is_drawn_as_the_kernel_draws_it(week, monkeypatch):
    """The same numbers from the same random bits as in the compiled part of the week."""
    key = np.array([123456789 + week], dtype=np.uint64)
    names = ("leadership_strikes_expected", "logistics_strikes_expected", "leader_hit_probability", "top_hit_share")
    names += ("logistics_hit_probability", "leadership_strikes_flown", "logistics_strikes_flown", "leader_hits")
    names += ("top_struck", "top_removed", "middle_removed", "production_hits", "route_hits", "civilians_killed")
    fields = {name: np.zeros(1) for name in (*names, "strike_members_killed")}
    fields |= {"key": key, "strike_dispersion": np.array([0.8]), "killed_per_strike": np.array([6.0])}
    fields |= {"civilian_share": np.array([0.2])}
    worlds = SimpleNamespace(**fields)
    worlds.leadership_strikes_expected[0] = worlds.logistics_strikes_expected[0] = 1.5
    monkeypatch.setattr(operations_draws, "random_bits", bits)
    monkeypatch.setattr(operations_draws, "draw", operations_draws.draw.py_func)
    operations_draws.draw_strikes.py_func(worlds, week, 0)
    flown = int(worlds.leadership_strikes_flown[0] + worlds.logistics_strikes_flown[0])
    shock = normal(bits(key[0], operations_draws.KILLED, week, 1))
    u = [uniform(bits(key[0], stream, week)) for stream in (operations_draws.KILLED, operations_draws.CIVILIANS)]
    fixed = (np.array([value]) for value in (flown, 6.0, 0.8, 0.2))
    (killed,), (civilians,) = weeks_of_strikes(*fixed, np.array([[shock], [u[0]], [u[1]]]))
    assert civilians == worlds.civilians_killed[0]
    assert killed == worlds.civilians_killed[0] + worlds.strike_members_killed[0]


def test_means_of_a_week_are_those_of_the_equations():
    generator = np.random.default_rng(1)
    draws = np.concatenate([generator.standard_normal((1, 6000)), generator.random((2, 6000))])
    killed, civilians = weeks_of_strikes(*(np.full(6000, value) for value in (2.0, 5.0, 0.6, 0.2)), draws)
    assert killed.mean() == pytest.approx(10.0, rel=0.05)
    assert civilians.sum() / killed.sum() == pytest.approx(0.2, abs=0.01)
    assert killed.var() > 2.0 * killed.mean(), "counts are over-dispersed"
    assert (civilians <= killed).all()


def test_counts_of_trackers_are_read():
    by_year = {year.year: year for year in campaign_years(SERIES, CAMPAIGNS[0])}
    assert by_year[2010] == CampaignYear(2010, (128, 128), (755, 1108), (89, 197))
    assert [len(campaign_years(SERIES, campaign)) for campaign in CAMPAIGNS] == [15, 15, 8, 10]
    total = official_total(SERIES)
    assert (total.strikes[0], total.killed[0], total.civilians[0]) == (473, 2372 + 64, 64)


def test_intervals_narrow_with_strikes_and_the_weight_carries_lethality_over():
    few, many = predict_year(2), predict_year(100)
    assert np.ptp(np.quantile(few.killed_per_strike, (0.05, 0.95))) > np.ptp(
        np.quantile(many.killed_per_strike, (0.05, 0.95))
    )
    assert np.median(predict_year(100, carried=True).killed_per_strike) > np.median(many.killed_per_strike)
    official, independent = (predict_year(40, rival).civilians_per_strike for rival in ("official", "independent"))
    assert np.median(official) < np.median(independent)


def test_coverage_is_the_share_of_years_inside():
    values = np.linspace(0.0, 10.0, 101)
    years = [CampaignYear(year, (1, 1), (dead, dead), (0, 0)) for year, dead in ((2010, 5), (2011, 9.9))]
    assert coverage(years, [Prediction(values, values)] * 2, "killed_per_strike") == 0.5


@pytest.mark.parametrize(
    ("series", "message"),
    [
        ({}, "a series of strikes is missing"),
        (altered("strikes_pakistan_tbij", definition="strikes"), "no figures of this definition"),
        (altered("strikes_pakistan_tbij", value=float("nan")), "not a count of a year"),
        (altered("strikes_pakistan_tbij", value=-1.0), "not a count of a year"),
        (altered("strikes_pakistan_tbij", period="2010-05"), "not a count of a year"),
        (without("strikes_pakistan_tbij", "drone strikes: killed (min)", "2010"), "incomplete in 2010"),
    ],
)
def test_missing_or_malformed_series_say_what_is_wrong(series, message):
    with pytest.raises(InputError, match=message):
        campaign_years(series, CAMPAIGNS[0])


def test_a_malformed_official_series_says_what_is_wrong():
    with pytest.raises(InputError, match="a series of strikes is missing"):
        official_total({})
    with pytest.raises(InputError, match="has no strikes"):
        official_total(altered("strikes_official", value=0.0))


def test_wrong_inputs_say_what_is_wrong():
    with pytest.raises(InputError, match="needs strikes"):
        predict_year(0)
    with pytest.raises(InputError, match="did you mean 'official'"):
        predict_year(3, "offical")


def test_charts_hold_one_value_a_year():
    charts = strike_campaigns.REPLICATION.charts()
    assert len(charts) == 2 * len(CAMPAIGNS)
    assert all(len(values) == len(chart.x) for chart in charts for values in chart.series.values())
