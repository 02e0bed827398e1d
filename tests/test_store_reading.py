import json

import duckdb
import numpy as np
import pytest
from study_fakes import LABELS, MONTHS, run_fast, small_study

from crosscurrent.errors import InputError
from crosscurrent.study.quantiles import merge_quantiles


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return run_fast(small_study(seed=4), tmp_path_factory.mktemp("reading") / "out")


def test_dataset_has_units_and_origin(results):
    data = results.dataset()
    assert dict(data.sizes) == {
        "policy": 3, "theory": 2, "world": 600, "quantile": 23, "time": 24, "path_world": 16
    }  # fmt: skip
    assert data.homicides.attrs == {"units": "deaths", "long_name": "homicides over the projection"}
    assert data.parameter_split.attrs["units"] == "1"
    assert data.trust.attrs["long_name"] == "trust"
    assert str(data.time.values[0])[:10] == "2025-04-01"
    assert data.attrs["seed"] == 4
    assert json.loads(data.attrs["versions"])["crosscurrent"]
    median = data.homicides_quantiles.sel(policy="status-quo", theory="removal-splits", quantile=0.5).isel(time=-1)
    assert np.isclose(median, data.homicides.sel(policy="status-quo", theory="removal-splits").median(), rtol=0.01)
    assert set(np.unique(data.axis_removal)) == {"splits", "weakens"}
    assert int((data.failed_week >= 0).sum()) == results.failed_worlds == 2


def test_dataset_of_some_measures(results):
    data = results.dataset(["trust"])
    assert "trust_paths" in data
    assert "homicides" not in data


def test_labels(results):
    assert results.labels["homicides"] == LABELS["homicides"]
    assert results.measures == ("homicides", "overdose_deaths", "trust")


def test_unknown_names(results):
    for call in (results.table, results.quantiles, results.paths):
        with pytest.raises(InputError, match="did you mean 'homicides'"):
            call("homicide")
    with pytest.raises(InputError, match="theory"):
        results.parameters("none")


def test_duckdb_reads_the_files(results):
    folder = results.folder / "shards"
    query = f"""
        select policy, count(*), count(homicides), avg(homicides), max(failed_week)
        from '{folder}/*[0-9].parquet' where theory = 'removal-splits' group by policy order by policy"""
    rows = {row[0]: row[1:] for row in duckdb.sql(query).fetchall()}
    table = results.table("homicides")[:, 1]
    for index, policy in enumerate(results.policies):
        count, finite, mean, week = rows[policy]
        assert (count, finite) == (600, int(np.isfinite(table[index]).sum()))
        assert np.isclose(mean, np.nanmean(table[index]))
        assert week == (700 if index == 1 else -1)
    months = duckdb.sql(f"select min(month), max(month), min(\"q0.5\") from '{folder}/*-quantiles.parquet'").fetchall()
    assert months[0][:2] == (MONTHS[0], MONTHS[-1])


def test_repeated_columns_cost_next_to_nothing(tmp_path):
    policies = ("status-quo", *(f"policy-{index}" for index in range(13)))
    few = run_fast(small_study(policies=policies[:2], theories=("even",), worlds=2048, full_paths=0), tmp_path / "few")
    many = run_fast(small_study(policies=policies, theories=("even",), worlds=2048, full_paths=0), tmp_path / "many")

    def size(results):
        return sum(shard.files["worlds"].bytes for shard in results.manifest.shards)

    # Twelve more policies add their three measures at eight bytes a number, and little else.
    assert size(many) - size(few) < 12 * 2048 * 3 * 8 * 1.1


def test_merged_quantiles_are_those_of_the_whole():
    generator = np.random.default_rng(5)
    levels = np.array([0, 0.025, *np.arange(0.05, 0.96, 0.05), 0.975, 1])
    samples = [generator.lognormal(mean, 0.5, 2000) for mean in (0.0, 1.0, 1.5)]
    values = np.stack([np.quantile(sample, levels) for sample in samples])
    merged = merge_quantiles(values, [2000, 2000, 2000], levels)
    truth = np.quantile(np.concatenate(samples), levels)
    body = (levels >= 0.05) & (levels <= 0.9)
    assert np.allclose(merged[body], truth[body], rtol=0.02)
    # Linear between the last two levels, a long tail is drawn a little too wide, never too narrow.
    assert (merged[-4:-1] / truth[-4:-1] > 0.995).all()
    assert (merged[-4:-1] / truth[-4:-1] < 1.05).all()
    assert merged[[0, -1]].tolist() == truth[[0, -1]].tolist()
    assert not np.allclose(values.mean(axis=0), truth, rtol=0.1)


def test_merged_quantiles_with_ties_weights_and_gaps():
    levels = [0.0, 0.25, 0.5, 0.75, 1.0]
    atoms = merge_quantiles([[0.0] * 5, [1.0] * 5], [1, 3], levels)
    assert np.allclose(atoms, [0, 0, 1, 1, 1], atol=1e-5)
    assert np.allclose(merge_quantiles([[2.0] * 5, [2.0] * 5], [1, 3], levels), 2.0)
    gap = merge_quantiles([[np.nan] * 5, [0.0, 1.0, 2.0, 3.0, 4.0]], [0, 3], levels)
    assert np.allclose(gap, [0, 1, 2, 3, 4], atol=1e-4)
    assert np.isnan(merge_quantiles([[np.nan] * 5, [np.nan] * 5], [0, 0], levels)).all()
