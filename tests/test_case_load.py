"""Loading, copying and looking things up in a case."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from case_sample import NAMES, Sample

from crosscurrent.case import (
    Case,
    check_case,
    evidence_for,
    load_case,
    new_case,
    origin_count,
    parameter_distribution,
)
from crosscurrent.errors import CaseError, InputError


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return load_case(Sample().write(tmp_path / "small"), NAMES)


def test_a_case_has_typed_records_that_know_their_place(case: Case) -> None:
    assert case.id == "small"
    assert case.meta.reference[1].year == 2019
    assert [group.rank for group in case.groups] == [1, 2, 3]
    split = case.parameters["split_probability"]
    assert (split.file, split.subsystem, split.unit) == (
        "parameters/organizations.yaml",
        "organizations",
        "1",
    )
    lines = (case.folder / split.file).read_text().splitlines()
    assert lines[split.line - 1].startswith("split_probability")
    assert case.policies["graduated"].rules[0].then == {"leadership_strikes": 0.0}
    assert case.policies["graduated"].rules[1].for_weeks == 1
    assert case.policies["graduated"].variants["full"].levers == {"treatment": 1.0}
    assert case.claims["talks"].test is None
    assert [event.rank_class for event in case.events] == ["top", None]
    assert case.series["deaths"].points[0].line == 2
    assert case.levers["treatment"].implementation == "split_probability"


def test_a_case_can_be_sent_to_another_process(case: Case) -> None:
    assert pickle.loads(pickle.dumps(case)) == case


def test_a_rival_has_its_own_distribution_or_the_common_one(case: Case) -> None:
    split = case.parameters["split_probability"]
    assert parameter_distribution(split, "splits").numbers == (6.0, 3.0)
    assert parameter_distribution(split, "weakens") == parameter_distribution(split) == split.distribution
    with pytest.raises(InputError, match="did you mean 'splits'"):
        parameter_distribution(split, "split")
    with pytest.raises(InputError, match="no axis"):
        parameter_distribution(case.parameters["recovery_weeks"], "splits")


def test_the_digest_follows_names_and_contents_only(tmp_path: Path) -> None:
    first = load_case(Sample().write(tmp_path / "one"), NAMES).digest
    changed = Sample()
    changed.data = dict(reversed(changed.data.items()))
    assert load_case(changed.write(tmp_path / "two"), NAMES).digest == first
    changed["policies.yaml"]["graduated"]["label"] = "Other"
    assert load_case(changed.write(tmp_path / "three"), NAMES).digest != first


def test_yaml_1_2_keeps_no_as_text(tmp_path: Path) -> None:
    sample = Sample()
    sample.edits["theories.yaml"] = lambda raw: raw.replace(b"description: Fixes nothing.", b"description: NO")
    assert load_case(sample.write(tmp_path), NAMES).theories["even"].description == "NO"


def test_the_error_shows_the_first_problem_and_the_count(tmp_path: Path) -> None:
    sample = Sample()
    sample["levers.yaml"]["treatment"]["unit"] = "kg"
    sample["policies.yaml"]["graduated"]["levers"]["treatment"] = 7
    with pytest.raises(CaseError, match=r"levers\.yaml:\d+: treatment: unit is 'kg'.*; 1 more") as caught:
        load_case(sample.write(tmp_path), NAMES)
    assert caught.value.exit_code == 2


def test_no_such_case() -> None:
    with pytest.raises(InputError, match="no such case"):
        load_case("us_mexiko", NAMES)


def test_evidence_by_name_counts_each_origin_once(case: Case) -> None:
    assert [record.id for record in evidence_for(case, "split_probability")] == ["study-one"]
    kits = evidence_for(case, "naloxone_kits")
    assert [record.id for record in kits] == ["study-one", "study-two"]
    assert origin_count(kits) == 1
    assert [record.id for record in evidence_for(case, "study-doubtful")] == ["study-doubtful"]
    with pytest.raises(InputError, match="did you mean 'treatment'"):
        evidence_for(case, "treatmen")


def test_a_new_case_is_a_copy_and_overwrites_nothing(case: Case, tmp_path: Path) -> None:
    folder = new_case(tmp_path / "mine", case.folder)
    assert load_case(folder, NAMES).digest == case.digest
    with pytest.raises(InputError, match="not empty"):
        new_case(folder, case.folder)
    with pytest.raises(InputError, match="into itself"):
        new_case(case.folder / "inside", case.folder)
    (tmp_path / "file").write_text("text")
    with pytest.raises(InputError, match="cannot be written"):
        new_case(tmp_path / "file" / "below", case.folder)


def test_grades_are_shares_by_subsystem(tmp_path: Path) -> None:
    grades = check_case(Sample().write(tmp_path), NAMES).grades
    assert grades["organizations"]["weak"] == 1.0
    assert grades["overall"] == {"strong": 0.0, "moderate": 0.0, "weak": 0.5, "assumption": 0.5}


def test_importing_the_package_pulls_in_nothing_heavy() -> None:
    program = (
        "import sys, crosscurrent.case\n"
        "heavy = ('numba', 'scipy', 'pandas', 'ruamel.yaml', 'pydantic')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_shipped_case_passes() -> None:
    report = check_case("us_mexico")
    assert report.passed, "\n".join(problem.text() for problem in report.problems[:40])
    assert load_case("us_mexico").digest == load_case("us_mexico").digest
