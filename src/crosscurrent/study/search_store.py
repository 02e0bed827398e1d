"""The folder of a search: what is searched, every generation, and what the front came to on fresh worlds.

::

    search.json                     whose search this is: digests, versions, processor
    generations/00001.json          points asked for and their figures, one file a generation
    fresh.json                      the front on worlds that the search has not used
    front.json, front.yaml          the result; the second in the form of a case's policies.yaml
    search.html                     charts

Every file is written whole, so that a search killed at any instant goes on where it was.  Nothing is unpickled: a
search goes on by replaying its generations.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import StoreError
from .atomic import make_folder, write_whole
from .environment import Environment, this_environment
from .search_algorithm import require_pymoo
from .search_file import SearchStudy
from .search_worlds import Judged, Verdict

__all__ = ["Generation", "SearchFolder"]

Floats = npt.NDArray[np.float64]
IDENTITY, FRESH = "search.json", "fresh.json"
_DELETE = "delete it and the generations after it"


class Generation(NamedTuple):
    """Policies that were judged together."""

    points: Floats
    """[policy, coordinate]"""
    objectives: Floats
    """[policy, objective]"""
    violations: Floats
    """[policy, constraint]"""
    failed: npt.NDArray[np.int64]
    """Failed worlds of each policy."""


class SearchFolder:
    """Reads and writes a search's folder.

    Parameters
    ----------
    folder : Path
    search : SearchStudy
    case_digest : str

    Raises
    ------
    InputError
        If the folder cannot be made, or pymoo is not installed.
    StoreError
        If it belongs to another search, or was written under other versions or on another processor.
    """

    def __init__(self, folder: Path, search: SearchStudy, case_digest: str) -> None:
        self.folder = folder
        make_folder(folder / "generations")
        here = this_environment(search.study().precision)
        identity = {
            "search": search.digest(), "case": case_digest, "pymoo": require_pymoo(), "environment": asdict(here),
        }  # fmt: skip
        path = folder / IDENTITY
        if not path.exists():
            if any((folder / "generations").iterdir()):
                raise StoreError("the folder has generations of an unknown search", file=folder, fix="choose another")
            self._write(path, {**identity, "name": search.name})
            return
        known = self._read(path)
        for key, what in (
            ("search", "another search"),
            ("case", "a search on other data of the case"),
            ("pymoo", "a search made with another version of pymoo"),
        ):
            if known.get(key) != identity[key]:
                raise StoreError(f"the folder holds {what}", given=str(folder), fix="choose another folder with --out")
        changes = here.differences(Environment(**known["environment"]))
        if changes:
            raise StoreError(
                f"the folder holds a search made elsewhere: {'; '.join(changes)}", given=str(folder),
                fix="choose another folder with --out",
            )  # fmt: skip

    def _write(self, path: Path, document: Any) -> None:
        write_whole(path, json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1).encode())

    def _read(self, path: Path) -> Any:
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError("a file of the search is damaged", file=path, fix=_DELETE) from error

    def _path(self, number: int) -> Path:
        return self.folder / "generations" / f"{number:05d}.json"

    def keep(self, number: int, points: Floats, judged: list[Judged]) -> Generation:
        """Store a generation, numbered from 1."""
        document = {
            "points": points.tolist(), "objectives": [list(one.objectives) for one in judged],
            "violations": [list(one.violations) for one in judged], "failed": [one.failed for one in judged],
        }  # fmt: skip
        self._write(self._path(number), document)
        return self.generation(number)

    def generation(self, number: int) -> Generation:
        """A stored generation.

        Raises
        ------
        StoreError
            If its file is damaged.
        """
        found = self._read(self._path(number))
        try:
            return Generation(
                np.array(found["points"], dtype=np.float64), np.array(found["objectives"], dtype=np.float64),
                np.array(found["violations"], dtype=np.float64), np.array(found["failed"], dtype=np.int64),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError) as error:
            raise StoreError("a generation is damaged", file=self._path(number), fix=_DELETE) from error

    def has(self, number: int) -> bool:
        """Whether a generation is stored."""
        return self._path(number).is_file()

    def fresh(self) -> dict[str, Verdict]:
        """Policies already judged on fresh worlds, by id."""
        path = self.folder / FRESH
        if not path.exists():
            return {}
        return {
            key: Verdict(
                _tuple(entry["values"]), _tuple(entry["errors"]), _tuple(entry["violations"]), entry["failed"]
            )
            for key, entry in self._read(path).items()
        }  # fmt: skip

    def keep_fresh(self, verdicts: dict[str, Verdict]) -> None:
        """Store what policies came to on fresh worlds."""
        document = {
            key: {
                "values": _list(one.values), "errors": _list(one.errors), "violations": _list(one.violations),
                "failed": one.failed,
            }
            for key, one in verdicts.items()
        }  # fmt: skip
        self._write(self.folder / FRESH, document)

    def write(self, name: str, data: bytes) -> Path:
        """Write a file of the result."""
        write_whole(self.folder / name, data)
        return self.folder / name


def _list(values: tuple[float, ...]) -> list[float | None]:
    return [value if np.isfinite(value) else None for value in values]


def _tuple(values: list[float | None]) -> tuple[float, ...]:
    return tuple(float("nan") if value is None else float(value) for value in values)
