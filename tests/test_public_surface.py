"""The public surface: what it is, that it is lazy, and that the command line answers at once."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import crosscurrent

PUBLIC = [
    "CaseError", "ComputeError", "CrosscurrentError", "InputError", "Interrupted", "Mechanism", "Results",
    "StoreError", "Study", "__version__", "audit_claims", "check_case", "comparison", "discover", "drivers_of",
    "explain", "extend_study", "find_flips", "fit_history", "load_case", "matrix", "merge", "new_case", "open_results",
    "pathway_map", "read_search", "resume_study", "run_pathways", "run_search", "run_sobol", "run_study",
    "sensitivities", "simulate_history", "write_report",
    "read_preferences", "robustness", "value_of_information",
]  # fmt: skip
HEAVY = ("numba", "scipy", "pandas", "xarray", "pyarrow", "altair", "pydantic", "ruamel", "numpy", "jinja2")


def loaded_after(code: str) -> set[str]:
    """Heavy packages that a fresh interpreter has loaded after some code."""
    text = f"{code}\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n")[-2].split())


def test_the_surface_is_pinned():
    assert sorted(crosscurrent.__all__) == sorted(PUBLIC)
    assert set(PUBLIC) <= set(dir(crosscurrent))


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there(name):
    assert getattr(crosscurrent, name) is not None


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = crosscurrent.nothing


@pytest.mark.parametrize("package", ["analysis", "calibration", "study"])
def test_subpackages_give_what_they_list(package):
    module = importlib.import_module(f"crosscurrent.{package}")
    for name in module.__all__:
        assert getattr(module, name) is not None


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_after("import crosscurrent, crosscurrent.analysis, crosscurrent.study") == set()


def test_help_loads_nothing_heavy_of_ours():
    code = "import contextlib\nfrom crosscurrent.cli import main\nwith contextlib.suppress(SystemExit):\n"
    code += "    main(['compare', '--help'])"
    assert loaded_after(code) <= {"pydantic"}  # newer versions of the parser use it themselves
