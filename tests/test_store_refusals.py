import dataclasses
import errno
import json
import os

import numpy as np
import pytest
from study_fakes import CASE, LABELS, fast, run_fast, shard_bytes, small_study

from crosscurrent.errors import InputError, StoreError
from crosscurrent.study import atomic, environment, execute, extend, open_results, resume, store


def go_on(folder):
    return resume(folder, fast, case_digest=CASE, labels=LABELS)


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "results"
    run_fast(small_study(worlds=300), path)
    return path


def damage(path, kind):
    data = path.read_bytes()
    if kind == "missing":
        path.unlink()
    elif kind == "truncated":
        path.write_bytes(data[: len(data) // 2])
    else:
        path.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])


@pytest.mark.parametrize("kind", ["missing", "truncated", "edited"])
@pytest.mark.parametrize("suffix", ["", "-quantiles", "-paths"])
def test_a_damaged_shard_is_named_and_mended(folder, kind, suffix):
    whole = shard_bytes(folder)
    name = f"removal-splits-0000000-0000256{suffix}.parquet"
    damage(folder / "shards" / name, kind)
    calls = [lambda: open_results(folder), lambda: run_fast(small_study(worlds=300), folder),
             lambda: extend(folder, 400, fast, case_digest=CASE)]  # fmt: skip
    for call in calls:
        with pytest.raises(StoreError, match=rf"{name} .*{kind}.*crosscurrent resume"):
            call()
    assert not go_on(folder).missing
    assert shard_bytes(folder) == whole


def test_an_edited_manifest_is_refused(folder):
    path = folder / "manifest.json"
    text = path.read_text()
    for edited in (text.replace('"seed": 0', '"seed": 1'), text[:-40], "[]", "", "{}"):
        path.write_text(edited)
        for call in (lambda: open_results(folder), lambda: go_on(folder)):
            with pytest.raises(StoreError, match="manifest was edited or damaged"):
                call()
    whole = shard_bytes(folder)
    path.unlink()
    with pytest.raises(StoreError, match="cannot read the manifest"):
        open_results(folder)
    run_fast(small_study(worlds=300), folder)  # as the message advises
    assert shard_bytes(folder) == whole


def test_an_edited_study_is_refused(folder):
    path = folder / "study.yaml"
    path.write_text(path.read_text().replace("years: 10", "years: 11"))
    with pytest.raises(StoreError, match=r"study\.yaml was changed"):
        open_results(folder)


def test_another_study_is_refused(folder):
    with pytest.raises(StoreError, match=r"another study \(other years, seed\)"):
        run_fast(small_study(years=5, seed=3), folder)


def test_another_case_is_refused(folder):
    with pytest.raises(StoreError, match="data have changed"):
        execute(small_study(worlds=300), fast, folder, case_digest="another")


@pytest.mark.parametrize(("field", "value"), [("crosscurrent", "9.9"), ("numba", "0.1"), ("processor_features", "x")])
def test_another_environment_cannot_add(folder, monkeypatch, field, value):
    here = environment.this_environment("float32")
    monkeypatch.setattr(store, "this_environment", lambda precision: dataclasses.replace(here, **{field: value}))
    run_fast(small_study(worlds=300), folder)  # complete: nothing to mix
    open_results(folder)
    with pytest.raises(StoreError, match=rf"identical bits not guaranteed.*{field.replace('_', ' ')}.*{value}"):
        extend(folder, 400, fast, case_digest=CASE)


def test_another_precision_is_another_study(folder):
    with pytest.raises(StoreError, match="other precision"):
        run_fast(small_study(worlds=300, precision="float64"), folder)


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("keep")
    with pytest.raises(InputError, match=r"holds other files, such as thesis\.txt"):
        run_fast(small_study(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != ".lock") == ["thesis.txt"]


def test_a_file_in_the_way(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InputError, match="cannot make the output folder"):
            run_fast(small_study(), path)


def test_a_read_only_folder(tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()
    # Permissions do not bind a superuser, so the system's answer is what is replaced.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(StoreError, match="read-only"):
        run_fast(small_study(), tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize(("number", "message"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "cannot write")])
@pytest.mark.parametrize("writes_before", [0, 1, 3, 5, 9])
def test_a_full_disk_loses_nothing(tmp_path, monkeypatch, number, message, writes_before):
    folder = tmp_path / "out"
    direct = run_fast(small_study(), tmp_path / "direct")
    real, count = os.fsync, 0

    def full(descriptor):
        nonlocal count
        count += 1
        if count > writes_before:
            raise OSError(number, os.strerror(number))
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StoreError, match=message) as caught:
            run_fast(small_study(), folder)
    assert number != errno.ENOSPC or f"crosscurrent resume {folder}" in str(caught.value)
    assert not list(folder.rglob("*.partial"))
    run_fast(small_study(), folder)
    assert shard_bytes(folder) == shard_bytes(direct.folder)


def test_two_writers_in_one_folder(folder):
    with atomic.folder_lock(folder):
        with pytest.raises(StoreError, match=rf"another process \(number {os.getpid()}\)"):
            go_on(folder)
        open_results(folder)  # reading is always possible
    go_on(folder)


def test_what_a_killed_process_left_is_swept_up(folder):
    (folder / "shards" / ".x.parquet.123.partial").write_bytes(b"half")
    (folder / ".manifest.json.123.partial").write_bytes(b"half")
    (folder / ".lock").write_text("999999\n")
    go_on(folder)
    assert not list(folder.rglob("*.partial"))


def test_the_manifest_says_whose_numbers_these_are(folder):
    fields = json.loads((folder / "manifest.json").read_text())
    assert fields["case_digest"] == CASE
    assert fields["environment"]["precision"] == "float32"
    assert fields["shards"][0]["name"] == "removal-splits-0000000-0000256"
    file = fields["shards"][0]["files"]["worlds"]
    assert (folder / file["name"]).stat().st_size == file["bytes"]


def test_not_a_results_folder(tmp_path):
    for call in (open_results, go_on):
        with pytest.raises(InputError, match="not a results folder"):
            call(tmp_path)


def test_asking_for_worlds_that_are_not_there(folder):
    with pytest.raises(InputError, match="at most 300"):
        open_results(folder, worlds=301)
    assert np.shape(open_results(folder, worlds=10).table("trust")) == (3, 2, 10)


def test_a_refusal_changes_no_file(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    damage(folder / "shards" / "removal-weakens-0000000-0000256.parquet", "edited")
    with pytest.raises(StoreError):
        extend(folder, 400, fast, case_digest=CASE)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_killed_before_the_study_was_written_down(folder):
    whole = shard_bytes(folder)
    (folder / "study.yaml").unlink()
    run_fast(small_study(worlds=300), folder)
    assert shard_bytes(folder) == whole
    (folder / "study.yaml").unlink()
    with pytest.raises(StoreError, match="different studies"):
        run_fast(small_study(worlds=300, seed=1), folder)
