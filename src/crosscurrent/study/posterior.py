"""Posterior draws beside the priors: what they hold, how they are kept, and how a study's worlds take them.

Only what the case lists as learned has posterior values; everything else keeps its prior, whatever the data would have
done to it (a posterior with cut feedback [1]_).  Draws are points of the unit cube in 16 bits, with the number of each
world's random stream, so that a world's past is the one that was fitted.

References
----------
.. [1] Plummer M (2015) Cuts in Bayesian graphical models. Statistics and Computing 25.
   https://doi.org/10.1007/s11222-014-9503-z
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..case.records import Case
from ..errors import InputError, StoreError, did_you_mean
from ..model.schema import PARAMETERS

__all__ = [
    "POSTERIOR_NAME",
    "Posterior",
    "learned_dimensions",
    "learned_names",
    "posterior_digest",
    "posterior_path",
    "read_posterior",
    "refuse_beliefs",
    "shipped_folder",
    "to_steps",
    "write_posterior",
]

POSTERIOR_NAME = "posterior.npz"

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
_STEPS = 2**16
_SHIPPED = Path(__file__).parent.parent / "shipped"
_CASES = Path(__file__).resolve().parent.parent / "cases"


def learned_names(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Axes and parameters that the data may move, in the order of the cube's dimensions."""
    axes = {name for entry in case.learned.values() for name in entry.axes}
    parameters = {name for entry in case.learned.values() for name in entry.parameters}
    return tuple(name for name in case.axes if name in axes), tuple(name for name in PARAMETERS if name in parameters)


def learned_dimensions(case: Case) -> Integers:
    """Numbers of the learned dimensions of the unit cube: axes first, then parameters."""
    axes, parameters = learned_names(case)
    order = {name: place for place, name in enumerate(case.axes)}
    places = {name: len(case.axes) + place for place, name in enumerate(PARAMETERS)}
    return np.array([*(order[name] for name in axes), *(places[name] for name in parameters)], dtype=np.int64)


@dataclass(frozen=True)
class Posterior:
    """Draws of every theory.

    A posterior is made by :func:`crosscurrent.calibration.calibration.calibrate`.
    """

    theories: tuple[str, ...]
    names: tuple[str, ...]
    """Learned axes, then learned parameters, in the order of the columns."""
    points: Mapping[str, npt.NDArray[np.uint16]]
    """By theory [draw, name], in steps of 2^-16."""
    streams: Mapping[str, Integers]
    """By theory, number of the random stream of each draw."""
    record: Mapping[str, Any] = field(default_factory=dict)
    """Cut-off, seed, options, digest of the case, versions, diagnostics."""

    @property
    def draws(self) -> int:
        """Draws of each theory."""
        return min(len(points) for points in self.points.values())

    @property
    def seed(self) -> int:
        """Seed that keys the random streams."""
        return int(self.record["seed"])

    def cube(self, theory: str) -> Floats:
        """Learned points of a theory in (0, 1) [draw, name]."""
        if theory not in self.points:
            raise InputError("the posterior lacks this theory", given=theory, fix=did_you_mean(theory, self.theories))
        return (self.points[theory].astype(np.float64) + 0.5) / _STEPS

    def places(self, worlds: Integers, seed: int) -> Integers:
        """Draw that each world of a study takes; another seed begins elsewhere, islands stay together.

        Raises
        ------
        InputError
            If the study asks for more worlds than there are draws.
        """
        from .sampling import SCRAMBLES

        if worlds.size and worlds.max() >= self.draws:
            raise InputError(
                "the posterior has fewer draws than the study has worlds",
                given=int(worlds.max()) + 1, expected=f"at most {self.draws} worlds a theory",
                fix="ask for fewer worlds, or calibrate with more: crosscurrent calibrate --draws N",
            )  # fmt: skip
        turns = self.draws // SCRAMBLES
        return np.asarray((worlds + SCRAMBLES * (seed % turns)) % (turns * SCRAMBLES))

    def replace_learned(
        self, case: Case, theory: str, points: Floats, worlds: Integers, seed: int
    ) -> tuple[Floats, Integers]:
        """Points of the prior with the learned dimensions replaced, and the streams of the draws taken.

        Raises
        ------
        InputError
            If the posterior was made for other learned names, or lacks the theory or the draws.
        """
        axes, parameters = learned_names(case)
        if (*axes, *parameters) != self.names:
            raise InputError(
                "the posterior was made for another list of learned names", given=str(case.folder),
                fix="make it anew: crosscurrent calibrate",
            )  # fmt: skip
        places = self.places(worlds, seed)
        replaced = points.copy()
        replaced[:, learned_dimensions(case)] = self.cube(theory)[places]
        return replaced, self.streams[theory][places]


def to_steps(points: Floats) -> npt.NDArray[np.uint16]:
    """Points of the unit cube in 16 bits."""
    return np.clip(np.floor(points * _STEPS), 0, _STEPS - 1).astype(np.uint16)


def posterior_bytes(posterior: Posterior) -> bytes:
    """The whole posterior as one compressed NumPy archive (no pickled objects)."""
    arrays: dict[str, Any] = {"names": np.array(posterior.names), "theories": np.array(posterior.theories)}
    for theory in posterior.theories:
        arrays[f"points {theory}"] = posterior.points[theory]
        arrays[f"streams {theory}"] = posterior.streams[theory].astype(np.int32)
    arrays["record"] = np.array(json.dumps(dict(posterior.record), sort_keys=True))
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def write_posterior(posterior: Posterior, path: Path) -> str:
    """Write a posterior as one file, whole or not at all; gives its SHA-256."""
    from .atomic import write_whole

    content = posterior_bytes(posterior)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)
    return hashlib.sha256(content).hexdigest()


def read_posterior(path: Path) -> Posterior:
    """Read a posterior.

    Raises
    ------
    InputError
        If there is no such file.
    StoreError
        If the file is damaged.
    """
    if not path.is_file():
        raise InputError(
            "there is no posterior here", given=str(path), fix="make one: crosscurrent calibrate; give its file"
        )
    try:
        with np.load(path, allow_pickle=False) as found:
            theories = tuple(str(name) for name in found["theories"])
            return Posterior(
                theories,
                tuple(str(name) for name in found["names"]),
                {theory: found[f"points {theory}"] for theory in theories},
                {theory: found[f"streams {theory}"].astype(np.int64) for theory in theories},
                json.loads(str(found["record"])),
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise StoreError(
            f"the posterior cannot be read: {error}", fix="make it anew: crosscurrent calibrate", file=path
        ) from error


def shipped_folder(case: str) -> Path:
    """Folder of what is shipped ready made for a case: posterior and back-test.

    For a case of a user's own, whatever its name, a folder that is not there.
    """
    path = Path(case)
    own = path.is_dir() and path.resolve().parent != _CASES
    return _SHIPPED / ("own" if own else path.name)


def posterior_path(case: str, beliefs: str) -> Path:
    """File of a posterior: the one shipped for the case, or a file that the study names."""
    return shipped_folder(case) / POSTERIOR_NAME if beliefs == "posterior" else Path(beliefs)


def refuse_beliefs(case: str, beliefs: str, worlds: int, seed: int) -> None:
    """Refuse a study whose posterior is missing, damaged or too small, before anything is written.

    Raises
    ------
    InputError, StoreError
        As :func:`read_posterior` and :meth:`Posterior.places`.
    """
    if beliefs != "prior":
        read_posterior(posterior_path(case, beliefs)).places(np.array([worlds - 1]), seed)


def posterior_digest(path: Path) -> str:
    """SHA-256 of a posterior's file.

    Raises
    ------
    InputError
        If there is no such file.
    """
    if not path.is_file():
        raise InputError(
            "there is no posterior here", given=str(path), fix="make one: crosscurrent calibrate; give its file"
        )
    return hashlib.sha256(path.read_bytes()).hexdigest()
