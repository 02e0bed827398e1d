"""The compute ground floor: vector maths against NumPy, random streams, wiring by name, records."""

from __future__ import annotations

import numpy as np
import pytest

from crosscurrent.errors import InputError
from crosscurrent.lanes import compiler, random_streams, vector_math
from crosscurrent.lanes.records import aligned, copy_blocks, record
from crosscurrent.lanes.wiring import Draw, Loop, loop_source, step


def trust(trust: float, trust_target: float, trust_speed: float) -> float:
    """Next trust."""
    return trust + trust_speed * (trust_target - trust)


def test_exp_and_log_are_accurate_to_single_precision() -> None:
    x = np.linspace(-20, 20, 2001, dtype=np.float32)
    np.testing.assert_allclose([vector_math.exp(v) for v in x], np.exp(x.astype(float)), rtol=4e-7)
    positive = np.exp(x)
    np.testing.assert_allclose(
        [vector_math.log(v) for v in positive], np.log(positive.astype(float)), rtol=4e-7, atol=3e-7
    )


def test_power_is_exactly_one_at_exponent_zero() -> None:
    assert all(vector_math.power(np.float32(base), np.float32(0.0)) == 1.0 for base in (1e-9, 0.3, 1.0, 7.0))


def test_relative_is_one_until_a_reference_has_been_measured() -> None:
    assert vector_math.relative(np.float32(3.0), np.float32(0.0)) == 1.0
    assert vector_math.relative(np.float32(3.0), np.float32(2.0)) == 1.5


def test_normal_numbers_have_mean_zero_and_unit_variance() -> None:
    keys = random_streams.world_keys(0, np.arange(40_000))
    draws = np.array([random_streams.normal(np.uint64(random_streams.random_bits(key, 3, 5, 0))) for key in keys])
    assert abs(draws.mean()) < 0.02
    assert abs(draws.std() - 1.0) < 0.02
    assert abs((draws**3).mean()) < 0.05
    assert abs((draws**4).mean() - 3.0) < 0.15


def test_streams_weeks_and_items_are_independent() -> None:
    key = random_streams.world_keys(0, np.arange(1))[0]
    u = [
        random_streams.uniform(np.uint64(random_streams.random_bits(key, stream, week, item)))
        for stream in range(8)
        for week in range(40)
        for item in range(40)
    ]
    assert len(set(u)) > 12_780
    counts, _ = np.histogram(u, bins=20, range=(0, 1))
    assert ((counts - 640) ** 2 / 640).sum() < 45.0


def test_seed_zero_is_a_seed_like_any_other() -> None:
    assert len({int(random_streams.world_keys(seed, np.arange(1))[0]) for seed in range(100)}) == 100


def test_lineages_of_children_differ() -> None:
    children = {
        int(random_streams.lineage_of_child(parent, week, number))
        for parent in range(50)
        for week in range(50)
        for number in (1, 2)
    }
    assert len(children) >= 4998


def test_an_equation_is_wired_by_the_names_of_its_arguments() -> None:
    text, calls = loop_source(Loop("t", [step(trust)]), ["trust", "trust_target", "trust_speed"])
    (name,) = calls
    assert f"trust = {name}(trust, trust_target, trust_speed)" in text
    assert "worlds.trust[lane] = trust" in text


def test_swapped_arguments_cannot_go_unnoticed() -> None:
    with pytest.raises(InputError, match=r"does not exist.*did you mean 'trust_speed'"):
        loop_source(Loop("t", [step(trust, trust_speed="trust_sped")]), ["trust", "trust_target", "trust_speed"])
    with pytest.raises(InputError, match=r"no such argument.*did you mean 'trust_target'"):
        step(trust, trust_targt="x")


def test_a_draw_needs_a_row() -> None:
    with pytest.raises(InputError, match="draws into a row that does not exist"):
        loop_source(Loop("t", [Draw("nowhere", "uniform", 1)]), ["trust"])


def test_records_refuse_duplicate_names_and_are_aligned() -> None:
    with pytest.raises(ValueError, match="duplicate names"):
        record([("a", np.float32, (4,)), ("a", np.float32, (4,))])
    kind = record([("a", np.float32, (5,)), ("b", np.float32, (5,))])
    blocks = aligned(3, kind)
    assert blocks.ctypes.data % 64 == 0
    blocks["a"] = 2.0
    copy = copy_blocks(blocks)
    copy["a"] = 3.0
    assert (blocks["a"] == 2.0).all()


def test_the_fingerprint_covers_sources_texts_and_precision(tmp_path) -> None:
    source = tmp_path / "equation.py"
    source.write_text("a")
    first = compiler.fingerprint([source], ["week"])
    assert first == compiler.fingerprint([source], ["week"])
    source.write_text("b")
    assert first != compiler.fingerprint([source], ["week"])
    source.write_text("a")
    assert first != compiler.fingerprint([source], ["other"])


def test_old_cache_folders_are_pruned(tmp_path, monkeypatch) -> None:
    import os

    monkeypatch.setenv("CROSSCURRENT_CACHE", str(tmp_path))
    for number in range(10):
        folder = tmp_path / f"old{number}"
        folder.mkdir()
        os.utime(folder, (number, number))
    kept = compiler.cache_folder("new")
    assert kept.is_dir()
    assert len(list(tmp_path.iterdir())) <= compiler.KEPT_CACHES + 1
