"""Makes the README's picture and example anew from real runs:  python docs/refresh.py

Run it when results may have moved.  The example between the two marks of the README is what the command
that the first mark names prints, to the end of its first table.
"""

import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).resolve().parent
README = DOCS.parent / "README.md"
EXAMPLE = re.compile(r"(<!-- example: (.+?) -->\n)(.*?)(<!-- end of the example -->)", re.DOTALL)


def output_of(command: str, folder: str) -> str:
    """What a command of the package prints, run in a folder."""
    program = Path(sys.executable).with_name("crosscurrent")
    words = [str(program), *shlex.split(command)[1:]]
    return subprocess.run(words, cwd=folder, stdout=subprocess.PIPE, text=True, check=True).stdout


def first_table(text: str) -> str:
    """The lines of an output before the second measure's heading."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    end = next((number for number, line in enumerate(lines) if number > 3 and not line), len(lines))
    return "\n".join(lines[:end])


def refresh_example() -> None:
    """Run the command that the README names and put its first table in."""
    text = README.read_text(encoding="utf-8")
    found = EXAMPLE.search(text)
    assert found is not None
    with tempfile.TemporaryDirectory() as folder:
        table = first_table(output_of(found[2], folder))
    shown = f"{found[1]}```console\n$ {found[2]}\n{table}\n```\n{found[4]}"
    README.write_text(text[: found.start()] + shown + text[found.end() :], encoding="utf-8")


def refresh_picture() -> None:
    """Run the default comparison and draw it."""
    with tempfile.TemporaryDirectory() as folder:
        output_of("crosscurrent compare --out results", folder)
        script = DOCS / "images" / "draw_comparison.py"
        subprocess.run([sys.executable, str(script), str(Path(folder) / "results")], check=True)


if __name__ == "__main__":
    refresh_example()
    refresh_picture()
