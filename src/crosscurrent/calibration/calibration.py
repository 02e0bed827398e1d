"""Calibration of every theory: posterior draws beside the priors, with what the data did and did not teach."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import calendar
from ..case.records import Case
from ..errors import InputError, did_you_mean
from ..model.schema import PARAMETERS
from ..study.draws import draw_worlds
from ..study.environment import this_environment
from ..study.posterior import Posterior, learned_dimensions, learned_names, read_posterior, to_steps, write_posterior
from ..study.sampling import SCRAMBLES
from .fitting import Workshop, refuse_draws
from .keeping import digest_of, model_digest
from .observations import SeriesReader, case_series
from .sampler import Population, SamplerOptions
from .worlds import Cutoff

__all__ = ["CalibrationOptions", "calibrate", "what_was_learned"]

Floats = npt.NDArray[np.float64]
UNIFORM_DEVIATION = 12.0**-0.5


@dataclass(frozen=True)
class CalibrationOptions:
    """How much work a calibration is."""

    draws: int = 1024
    """Draws of each theory; a multiple of eight."""
    sampler: SamplerOptions = field(default_factory=SamplerOptions)
    seed: int = 0
    last_month: str = "2024-12"
    """Last month whose observations are used."""

    def __post_init__(self) -> None:
        refuse_draws(self.draws)


def what_was_learned(points: Floats, names: Sequence[str]) -> dict[str, dict[str, float]]:
    """How far draws moved from their prior, by dimension of the unit cube.

    Parameters
    ----------
    points : float array [draw, name]
        In the unit cube, where the prior is uniform.
    names : sequence of str

    Returns
    -------
    dict
        By name: ``spread``, standard deviation over that of the prior (1: nothing learned, 0: everything);
        ``shift``, move of the mean in prior standard deviations; ``error``, standard error of the shift, from the
        eight islands.
    """
    found = {}
    for place, name in enumerate(names):
        drawn = points[:, place]
        islands = np.array([drawn[island::SCRAMBLES].mean() for island in range(SCRAMBLES)])
        found[name] = {
            "spread": round(float(drawn.std()) / UNIFORM_DEVIATION, 4),
            "shift": round((float(drawn.mean()) - 0.5) / UNIFORM_DEVIATION, 4),
            "error": round(float(islands.std(ddof=1)) / SCRAMBLES**0.5 / UNIFORM_DEVIATION, 4),
        }
    return found


def _rival_shares(case: Case, theory: str, points: Floats) -> dict[str, dict[str, list[float]]]:
    """Share of draws on each rival of the axes that a theory leaves open, with its error from the islands."""
    axes = draw_worlds(case, case.theories[theory], points).axes
    found: dict[str, dict[str, list[float]]] = {}
    for axis, drawn in axes.items():
        if axis in case.theories[theory].fixes:
            continue
        for rival in case.axes[axis].rivals:
            islands = np.array([(drawn[island::SCRAMBLES] == rival).mean() for island in range(SCRAMBLES)])
            error = float(islands.std(ddof=1)) / SCRAMBLES**0.5
            found.setdefault(axis, {})[rival] = [round(float(islands.mean()), 4), round(error, 4)]
    return found


def _theory_record(case: Case, theory: str, population: Population) -> dict[str, Any]:
    """What is worth keeping of one theory's sampling."""
    dimensions = learned_dimensions(case)
    names = (*case.axes, *PARAMETERS)
    learned = [names[place] for place in dimensions]
    rest = np.setdiff1d(np.arange(len(names)), dimensions)
    points = population.points
    return {
        "steps": len(population.steps),
        "accepted": round(float(np.mean(population.accepted[-10:])), 3),
        "different_streams": len(np.unique(population.streams)),
        "different_points": len(np.unique(population.normals[:, 0])),
        "log_evidence": round(population.log_evidence, 2),
        "learned": what_was_learned(points[:, dimensions], learned),
        "kept_wide": what_was_learned(points[:, rest], [names[place] for place in rest]),
        "rivals": _rival_shares(case, theory, points),
    }


def _one_theory(
    workshop: Workshop, theory: str, options: CalibrationOptions, progress: Callable[[float], None]
) -> Posterior:
    case = workshop.case
    population = workshop.fit(theory, options.draws, options.sampler, progress)
    axes, parameters = learned_names(case)
    return Posterior(
        (theory,), (*axes, *parameters),
        {theory: to_steps(population.points[:, learned_dimensions(case)])}, {theory: population.streams},
        {"theories": {theory: _theory_record(case, theory, population)}},
    )  # fmt: skip


def calibrate(
    case: Case,
    folder: Path,
    theories: Sequence[str] | None = None,
    options: CalibrationOptions | None = None,
    read: SeriesReader = case_series,
    progress: Callable[[str, float], None] | None = None,
) -> Posterior:
    """Fit every theory to the series of a case.

    Finished theories are kept in ``folder``, so that an interrupted calibration goes on where it stopped; the whole
    is written there as ``posterior.npz``.

    Parameters
    ----------
    case : Case
    folder : Path
    theories : sequence of str, optional
        All of the case by default.
    options : CalibrationOptions, optional
    read : callable, optional
        Where observations come from.
    progress : callable, optional
        Told theory and share of the way (0-1).

    Raises
    ------
    InputError
        If a theory is unknown or the case has no targets to fit.
    """
    given = options or CalibrationOptions()
    chosen = tuple(theories or case.theories)
    for name in chosen:
        if name not in case.theories:
            raise InputError("unknown theory", given=name, fix=did_you_mean(name, case.theories))
    if not any(target.fit for target in case.targets.values()):
        raise InputError("the case has nothing to be fitted to", given=str(case.folder), fix="add targets.yaml")
    month = calendar.month_of_date(calendar.parse_month(given.last_month))
    made_of = digest_of(model_digest(case), given)
    _refuse_other(folder / "posterior.npz", made_of)
    tell = progress or (lambda name, share: None)
    workshop: list[Workshop] = []
    parts = []
    for theory in chosen:
        path = folder / f"{theory}.npz"
        part = _kept(path, made_of)
        if part is None:
            if not workshop:
                workshop.append(Workshop.at(case, Cutoff(month, month + 1), given.seed, given.draws, read))
            part = _one_theory(workshop[0], theory, given, lambda share, name=theory: tell(name, share))  # type: ignore[misc]
            part = Posterior(part.theories, part.names, part.points, part.streams, {**part.record, "made_of": made_of})
            write_posterior(part, path)
        tell(theory, 1.0)
        parts.append(part)
    whole = _joined(case, chosen, parts, given, made_of)
    write_posterior(whole, folder / "posterior.npz")
    return whole


def _refuse_other(path: Path, made_of: str) -> None:
    """A posterior that studies may rest on is never replaced by another."""
    from ..errors import StoreError

    if not path.is_file():
        return
    try:
        found = read_posterior(path).record.get("made_of")
    except StoreError:  # a damaged one is no use to anybody
        return
    if found != made_of:
        raise InputError(
            "the folder holds a calibration made with other options or data",
            given=str(path),
            fix="give another folder with --out",
        )


def _kept(path: Path, made_of: str) -> Posterior | None:
    from ..errors import StoreError

    if not path.is_file():
        return None
    try:
        found = read_posterior(path)
    except StoreError:  # a damaged part is made anew
        return None
    return found if found.record.get("made_of") == made_of else None


def _joined(
    case: Case, theories: tuple[str, ...], parts: Sequence[Posterior], options: CalibrationOptions, made_of: str
) -> Posterior:
    environment = this_environment("float32")
    record = {
        "seed": options.seed, "last_month": options.last_month, "draws": options.draws,
        "moves": options.sampler.moves, "final_moves": options.sampler.final_moves,
        "case": case.id, "case_digest": case.digest, "model_digest": model_digest(case), "made_of": made_of,
        "crosscurrent": environment.crosscurrent,
        "theories": {theory: part.record["theories"][theory] for theory, part in zip(theories, parts, strict=True)},
    }  # fmt: skip
    return Posterior(
        theories, parts[0].names,
        {theory: part.points[theory] for theory, part in zip(theories, parts, strict=True)},
        {theory: part.streams[theory] for theory, part in zip(theories, parts, strict=True)}, record,
    )  # fmt: skip
