"""What may move a result: every drawn parameter, every axis and the theory, world by world over theories.

Worlds of all chosen theories stand one after the other, so that the theory is a factor like any other.  An axis works
through the parameters that it governs, and a theory through the axes that it fixes: the three overlap on purpose, and
shares that they explain do not add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..case.records import Case
from ..errors import InputError, did_you_mean
from ..study.results import Results
from ..study.sampling import scramble_of

__all__ = ["THEORY", "Factor", "Factors", "gather_factors"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
THEORY = "theory"
"""Name of the factor that says which theory a world belongs to."""


@dataclass(frozen=True)
class Factor:
    """One thing that differs between worlds."""

    name: str
    kind: Literal["parameter", "axis", "theory"]
    unit: str = ""
    """Unit of a parameter."""
    grade: str = ""
    """Grade of the evidence behind a parameter; empty without a case and for the other kinds."""
    categories: tuple[str, ...] = ()
    """Rivals of an axis, or theories; empty for a parameter."""


@dataclass(frozen=True)
class Factors:
    """Drawn values of worlds, those of the theories one after the other."""

    factors: tuple[Factor, ...]
    """Parameters first, then axes, then the theory."""
    numbers: Floats
    """[parameter, world], in the parameter's unit."""
    codes: Ints
    """[axis or theory, world], place among the factor's categories."""
    worlds: Ints
    """[world], number of the world within its theory."""
    theories: tuple[str, ...]

    @property
    def scrambles(self) -> Ints:
        """[world], scramble (0-7) that the world belongs to."""
        return scramble_of(self.worlds)

    def kept(self, rows: npt.NDArray[np.bool_]) -> Factors:
        """The same factors in some of the worlds; parameters that do not vary there stay."""
        return Factors(self.factors, self.numbers[:, rows], self.codes[:, rows], self.worlds[rows], self.theories)


def gather_factors(results: Results, case: Case | None = None, theories: Sequence[str] | None = None) -> Factors:
    """Factors of a study that vary between its worlds.

    Parameters
    ----------
    results : Results
    case : Case, optional
        Gives the grades of parameters.
    theories : sequence of str, optional
        All of the study's by default.

    Raises
    ------
    InputError
        If a theory is not in the results, or a drawn value is missing or not finite.
    """
    chosen = _chosen_theories(results, theories)
    drawn, rivals = [], []
    for theory in chosen:
        drawn.append(results.parameters(theory))
        rivals.append(results.axes(theory))
    labels = results.labels
    factors, numbers = [], []
    for name in drawn[0]:
        values = np.concatenate([part[name] for part in drawn])
        if not np.isfinite(values).all():
            raise InputError("a drawn parameter is missing or not finite in some world", given=name)
        if values.max() > values.min():
            label = labels.get(f"parameter_{name}")
            entry = case.parameters.get(name) if case is not None else None
            grade = entry.grade if entry is not None else ""
            factors.append(Factor(name, "parameter", label.unit if label else "", grade))
            numbers.append(values)
    codes = []
    for name in rivals[0]:
        found = np.concatenate([part[name] for part in rivals])
        if any(value is None for value in found):
            raise InputError("the rival of an axis is missing in some world", given=name)
        known, places = np.unique(found.astype(str), return_inverse=True)
        if len(known) > 1:
            factors.append(Factor(name, "axis", categories=tuple(map(str, known))))
            codes.append(places)
    count = results.study.worlds
    if len(chosen) > 1:
        factors.append(Factor(THEORY, "theory", categories=chosen))
        codes.append(np.repeat(np.arange(len(chosen)), count))
    rows = len(chosen) * count
    return Factors(
        tuple(factors),
        np.stack(numbers) if numbers else np.zeros((0, rows)),
        np.stack(codes).astype(np.int64) if codes else np.zeros((0, rows), dtype=np.int64),
        np.tile(np.arange(count), len(chosen)),
        chosen,
    )


def _chosen_theories(results: Results, theories: Sequence[str] | None) -> tuple[str, ...]:
    if theories is None or not theories:
        return results.theories
    for name in theories:
        if name not in results.theories:
            raise InputError("unknown theory in these results", given=name, fix=did_you_mean(name, results.theories))
    return tuple(theories)
