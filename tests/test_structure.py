"""The house rules a reader relies on: who may import whom, small files, no persons, no machine's paths."""

import ast
import csv
import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "crosscurrent"
FOLDERS = ("src", "tests", "properties", "benchmarks", "docs", "examples", ".ci")
TEXT = {
    ".py",
    ".md",
    ".yaml",
    ".yml",
    ".csv",
    ".cff",
    ".toml",
    ".j2",
    ".html",
    ".css",
    ".js",
    ".svg",
    ".po",
    ".pot",
    ".txt",
    "",
}
MOST_LINES, MOST_IN_A_FUNCTION = 500, 60

# What each part may import of the others.
MAY_IMPORT = {
    "errors": set(),
    "calendar": {"errors"},
    "language": {"errors", "web.catalogues"},
    "lanes": {"errors"},
    "model": {"lanes", "errors"},
    "kernel": {"model", "lanes", "errors", "calendar"},
    "case": {"model.schema", "errors", "calendar"},
    "study": {"case", "kernel", "model", "lanes", "errors", "calendar"},
    "analysis": {"study", "case", "model.schema", "errors", "calendar", "language"},
    "report": {"calibration", "analysis", "study", "case", "model.schema", "errors", "calendar", "language"},
    "calibration": {"analysis", "study", "case", "kernel", "model", "lanes", "errors", "calendar"},
    "web": {"report", "calibration", "analysis", "study", "case", "model.schema", "errors", "calendar"},
    "replications": {"report", "analysis", "study", "case", "kernel", "model", "lanes", "errors", "calendar"},
}

# Surnames and nicknames of office holders and group leaders, as hashes, so that this file holds none either.
NAME_HASHES = {
    "224295af5371", "2f5bfc91e72c", "3885e45983bd", "3c4176708f67", "3c4e5fb63540", "40dd93f6e4be",
    "462eb68e18e8", "5a0448693b0c", "5e335ae21993", "7acc9dab8d5a", "84895f67e957", "8afa0408f915",
    "8f114030d036", "ac79a622fc34", "ae31c3b66d8f", "c2819b3971a6", "e8d637ac9607", "faaa23fccb08",
}  # fmt: skip


def text_files() -> list[Path]:
    """Every text file of the project, generated ones left out."""
    inside = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*"))]
    top = sorted(path for path in ROOT.iterdir() if not path.name.startswith(".") or path.name == ".gitignore")
    return [
        path for path in (*inside, *top) if path.is_file() and path.suffix in TEXT and "__pycache__" not in path.parts
    ]


def python_files() -> list[Path]:
    return [path for path in text_files() if path.suffix == ".py"]


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported_parts(path: Path) -> set[str]:
    """Modules of the package that a file imports, as dotted names below ``crosscurrent``."""
    package = ["crosscurrent", *path.relative_to(PACKAGE).parent.parts]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            deep = {f"{module}.{alias.name}" for alias in node.names}
            found |= deep if (PACKAGE.parent / Path(*module.split("."))).is_dir() else {module}
    return {name.removeprefix("crosscurrent.") for name in found if name.startswith("crosscurrent.")}


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_imports_go_one_way(part):
    """Data flows from case to study to analysis to report; lanes know no model, analysis knows no kernel."""
    allowed = MAY_IMPORT[part]
    wrong = [
        f"{short(path)} imports crosscurrent.{name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if part_of(path) == part
        for name in sorted(imported_parts(path))
        if name.split(".")[0] != part and not any(name == good or name.startswith(good + ".") for good in allowed)
    ]
    assert not wrong


def test_every_part_has_an_import_rule():
    parts = {path.parent.name for path in PACKAGE.glob("*/__init__.py")} - {"cases", "commands"}
    assert parts <= set(MAY_IMPORT)


def test_files_are_short():
    long = {short(path): lines for path in python_files() if (lines := len(path.read_text().splitlines())) > MOST_LINES}
    assert not long


def test_functions_are_short():
    long = {
        f"{short(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > MOST_IN_A_FUNCTION
    }
    assert not long


def test_public_names_have_docstrings():
    """Whatever a module of the package names in ``__all__`` says what it is."""
    bare = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        public = {
            constant.value
            for node in tree.body
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
            for constant in ast.walk(node.value)
            if isinstance(constant, ast.Constant)
        }
        if not ast.get_docstring(tree):
            bare.append(short(path))
        bare += [
            f"{short(path)}: {node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in public and not ast.get_docstring(node)
        ]
    assert not bare


def test_no_blanket_except():
    wrong = [
        f"{short(path)}:{node.lineno}"
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException"))
    ]
    assert not wrong


def test_the_package_says_that_it_is_typed():
    assert (PACKAGE / "py.typed").is_file()


def name_hash(word: str) -> str:
    return hashlib.sha256(f"crosscurrent {word}".encode()).hexdigest()[:12]


def test_no_person_is_named():
    """Offices and ranks only; no author cited in the evidence bears a name on this list."""
    found = []
    for path in text_files():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            words = set(re.findall(r"[^\W\d_]+", line.lower()))
            found += [f"{short(path)}:{number}: {word}" for word in words if name_hash(word) in NAME_HASHES]
    assert not found


def test_no_columns_for_persons_or_places():
    from crosscurrent.case.words import forbidden

    wrong = []
    for path in (path for path in text_files() if path.suffix == ".csv"):
        with path.open(encoding="utf-8", newline="") as file:
            wrong += [f"{short(path)}: {name}" for name in next(csv.reader(file)) if forbidden(name)]
    assert not wrong


def test_no_paths_of_a_machine():
    """Nothing points at the folder of whoever wrote it."""
    homes = "|".join(("work", "home", "root", "Users"))
    machine = re.compile(rf"(?<![\w.~/])/({homes})/\w|\b[A-Z]:\\\\?\w")
    wrong = [
        f"{short(path)}:{number}: {line.strip()[:80]}"
        for path in text_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if machine.search(line)
    ]
    assert not wrong


def test_importing_the_package_is_cheap():
    """Nothing heavy is loaded until it is used."""
    heavy = ("numba", "scipy", "xarray", "pyarrow", "altair", "pandas", "pydantic", "ruamel")
    code = f"import sys, crosscurrent; print([name for name in {heavy!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
