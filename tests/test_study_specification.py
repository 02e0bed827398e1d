import numpy as np
import pytest
from study_fakes import NAMES, small_study

from crosscurrent.errors import InputError
from crosscurrent.study import Study


def write(tmp_path, text):
    path = tmp_path / "study.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_yaml_round_trip(tmp_path):
    study = small_study(seed=7, years=25, precision="float64", decision="2025-04-08", full_paths=0)
    assert Study.from_yaml(write(tmp_path, study.to_yaml()), NAMES) == study


def test_defaults_follow_the_contract():
    study = Study()
    assert (study.case, study.worlds, study.decision, study.years, study.seed) == (
        "us_mexico",
        256,
        "2025-04",
        10,
        0,
    )


def test_empty_lists_become_all_of_the_case(tmp_path):
    study = Study.from_yaml(write(tmp_path, "worlds: 8\npolicies:\n"), NAMES)
    assert (study.policies, study.theories, study.measures) == (
        NAMES.policies,
        NAMES.theories,
        NAMES.measures,
    )


def test_status_quo_is_always_there():
    assert Study(policies=["demand-side"]).policies == ("status-quo", "demand-side")


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("worlds: 8\nwrolds: 9\n", 2, "did you mean 'worlds'"),
        ("worlds: 8\npolicies:\n- status-quo\n- demand-sid\n", 4, "did you mean 'demand-side'"),
        ("theories: [even, removal-split]\n", 1, "did you mean 'removal-splits'"),
        ("\nmeasures: homicide\n", 2, "did you mean 'homicides'"),
        ("worlds: 8\nyears: 26\n", 2, "less than or equal to 25"),
        ("worlds: 8\nyears: ten\n", 2, "whole number"),
        ("seed: -1\n", 1, "greater than or equal to 0"),
        ("full_paths: 501\n", 1, "500"),
        ("precision: float16\n", 1, "float32"),
        ("decision: 2025-13\n", 1, "YYYY-MM"),
        ("decision: 2011-12\n", 1, "2012-01"),
        ("worlds: 8\nworlds: 9\n", 2, "duplicate key"),
        ("policies: [demand-side, demand-side]\n", 1, "every name once"),
        ("worlds: 8\n\tseed: 1\n", 2, "YAML"),
        ("worlds: true\n", 1, "whole number"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, text, line, hint):
    path = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        Study.from_yaml(path, NAMES)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert hint in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"- a\n- b\n", b""])
def test_a_file_that_is_no_study(tmp_path, content):
    path = tmp_path / "study.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"study\.yaml"):
        Study.from_yaml(path, NAMES)


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError, match="cannot read the study file"):
        Study.from_yaml(tmp_path / "none.yaml", NAMES)


def test_unknown_fields_and_names_in_python():
    with pytest.raises(InputError, match="did you mean 'worlds'"):
        Study(world=3)
    with pytest.raises(InputError, match="did you mean 'even'"):
        Study(theories=("evn",)).resolved(NAMES)


def test_unknown_case():
    with pytest.raises(InputError, match="no such case"):
        Study(case="atlantis").resolved()


def test_digest_covers_what_moves_a_number():
    study = small_study()
    assert study.with_worlds(9999).digest() == study.digest()
    assert small_study(policies=NAMES.policies[::-1]).digest() == study.digest()
    changes = [
        {"seed": 1},
        {"years": 9},
        {"decision": "2024-04"},
        {"full_paths": 1},
        {"precision": "float64"},
        {"case": "other"},
        {"measures": ("trust",)},
        {"policies": ("status-quo",)},
        {"theories": ("even",)},
    ]
    assert len({study.digest(), *(small_study(**change).digest() for change in changes)}) == 1 + len(changes)


def test_names_are_safe_for_folders():
    assert Study(case="/some where/my case").name.startswith("my-case-2025-04-10y-seed0-")


def test_numbers_from_numpy_are_refused_clearly():
    with pytest.raises(InputError, match="worlds"):
        Study(worlds=np.float64(3.5))
