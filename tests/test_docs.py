"""Documentation that cannot rot: snippets run, links lead somewhere, commands exist, pages match the code."""

import re
import shlex
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "src").rglob("README.md")])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE_NAME = re.compile(r"^# file: (\w+\.py)\n")


def page_id(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(page: Path, language: str) -> list[str]:
    """Fenced blocks of a language, in order."""
    return [text for found, text in FENCE.findall(page.read_text(encoding="utf-8")) if found == language]


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """A folder with the results that pages refer to: those of the tutorial's own study."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "crosscurrent-results").mkdir()
    code = next(text for text in blocks(DOCS / "tutorial.md", "python") if "run_study(" in text)
    exec(
        compile(code.replace("crosscurrent-results", str(folder / "crosscurrent-results")), "tutorial.md", "exec"),
        {},
    )
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=page_id)
def test_snippets_run(page, example, monkeypatch):
    """The Python of a page runs from top to bottom; a block that names a file is saved as that file."""
    monkeypatch.chdir(example)
    monkeypatch.syspath_prepend(str(example))
    names = {"__name__": "snippet"}
    before = set(sys.modules)
    for number, code in enumerate(blocks(page, "python"), start=1):
        named = FILE_NAME.match(code)
        if named:
            (example / named[1]).write_text(code, encoding="utf-8")
        else:
            exec(compile(code, f"{page_id(page)}, snippet {number}", "exec"), names)
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(example)):
            del sys.modules[name]


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_somewhere(page):
    """Relative links name files that exist, and headings that exist in them."""
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if target.startswith(("https://", "http://")):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(target)
    assert not broken


def test_every_page_is_reachable():
    """From the index a reader gets to every page of the documentation."""
    seen, waiting = set(), [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        targets = re.findall(r"\]\(([^)#\s]+)", prose(page))
        waiting += [(page.parent / name).resolve() for name in targets if not name.startswith("http")]
    assert set(DOCS.rglob("*.md")) <= seen


def command_lines() -> list[tuple[str, str]]:
    lines = []
    for page in PAGES:
        for text in (*blocks(page, "sh"), *blocks(page, "console")):
            for command in re.split(r"\n|&&", text):
                plain = command.strip().removeprefix("$ ").removeprefix(".venv/bin/")
                if plain.startswith("crosscurrent "):
                    lines.append((page_id(page), plain))
        lines += [(page_id(page), text) for text in re.findall(r"`(crosscurrent [a-z][^`]*)`", prose(page))]
    return lines


@pytest.mark.parametrize(("page", "line"), command_lines())
def test_commands_exist(page, line):
    """Every command shown is a command, with options it has."""
    import typer

    from crosscurrent.cli import app

    name, *rest = shlex.split(line)[1:]
    group = typer.main.get_command(app)
    if name == "--help":
        return
    assert name in group.commands, f"{page}: {line}"
    command = group.commands[name]
    if hasattr(command, "commands"):  # a group of commands, such as data: the next word is one of them
        assert rest, f"{page}: {line}"
        assert rest[0] in command.commands, f"{page}: {line}"
        command = command.commands[rest[0]]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    unknown = [word for word in rest if word.startswith("--") and word.split("=")[0] not in known]
    assert not unknown, f"{page}: {line}"


def test_the_model_page_follows_the_week():
    """The table of docs/odd.md lists the parts of the week, all of them, in their order."""
    from crosscurrent.kernel.week import WEEK

    text = (DOCS / "odd.md").read_text(encoding="utf-8")
    section = text.split("## 3. ")[1].split("## 4. ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    listed = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert listed == [getattr(entry, "name", None) or entry.function for entry in WEEK]


def test_the_model_page_has_every_subsystem():
    from crosscurrent.model.schema import SUBSYSTEMS

    headings = re.findall(r"^### (\w+)$", (DOCS / "odd.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == list(SUBSYSTEMS)


def test_the_changelog_knows_this_version():
    import tomllib

    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"version: {version}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
