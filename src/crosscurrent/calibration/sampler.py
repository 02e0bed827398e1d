"""Sequential Monte Carlo in the unit cube: from the prior to the posterior in steps, with moves that keep the prior.

A world is a point of the cube (axes and parameters) and the number of its random stream.  Points are seen as
standard normal numbers; a move mixes some of them with fresh ones, z' = sqrt(1 - b^2) z + b x, which keeps the prior
exactly, so that only the likelihood decides (preconditioned Crank-Nicolson [2]_ inside a tempered sampler [1]_, [3]_).
The number of uncertain parameters hardly matters then, and switch axes need nothing of their own.  Chance is part of
a world: its stream is kept with its point, so that noise does not blur the comparison of two points.

The worlds are split over eight islands that are resampled apart; the spread between islands gives the error.

References
----------
.. [1] Del Moral P, Doucet A, Jasra A (2006) Sequential Monte Carlo samplers. J. R. Stat. Soc. B 68(3).
   https://doi.org/10.1111/j.1467-9868.2006.00553.x
.. [2] Cotter SL, Roberts GO, Stuart AM, White D (2013) MCMC methods for functions. Statistical Science 28(3).
   https://doi.org/10.1214/13-STS421
.. [3] Kantas N, Beskos A, Jasra A (2014) Sequential Monte Carlo methods for high-dimensional inverse problems.
   SIAM/ASA J. Uncertainty Quantification 2(1). https://doi.org/10.1137/130930364
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ..errors import ComputeError
from ..study.sampling import SCRAMBLES

__all__ = ["Evaluate", "Population", "SamplerOptions", "effective_size", "initial_population", "sample"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Evaluate = Callable[[Floats, Integers], tuple[Floats, Floats]]
"""From points of the cube [world, dimension] and streams [world] to the log likelihood that holds already and the
one to reach, both [world]; minus infinity for a failed world."""

SUBSETS = (1.0, 0.3, 0.06)
"""Shares of the dimensions that a move touches, taken in turn: all a little, or few a lot."""


@dataclass(frozen=True)
class SamplerOptions:
    """How hard to work."""

    moves: int = 5
    """Moves after each step of the tempering."""
    final_moves: int = 10
    """Further moves at the end."""
    share_kept: float = 0.5
    """Effective share of the worlds that a step may leave."""
    new_stream: float = 0.15
    """Share of proposals that also change the random stream."""
    acceptance: float = 0.3
    """Rate of acceptance that step lengths are steered to."""
    most_steps: int = 60


@dataclass(frozen=True)
class Population:
    """Worlds of one theory on the way from prior to posterior."""

    normals: Floats
    """Points as standard normal numbers [world, dimension]."""
    streams: Integers
    held: Floats
    """Log likelihood that holds already [world]."""
    wanted: Floats
    """Log likelihood to reach [world]."""
    lengths: tuple[float, ...] = tuple(0.5 for _ in SUBSETS)
    """Step length of each kind of move, 0-1."""
    next_stream: int = 0
    accepted: tuple[float, ...] = ()
    """Rate of acceptance of the last moves, oldest first."""
    steps: tuple[float, ...] = field(default=())
    """Tempering reached after each step, 0-1."""
    log_evidence: float = 0.0
    """Log of the mean likelihood under the prior, as far as the steps have come."""

    @property
    def points(self) -> Floats:
        """Points of the unit cube [world, dimension]."""
        return to_cube(self.normals)


def to_cube(normals: Floats) -> Floats:
    """Standard normal numbers as points strictly inside the unit cube."""
    from scipy.special import ndtr

    return np.asarray(np.clip(ndtr(normals), 2.0**-31, 1.0 - 2.0**-31))


def to_normals(points: Floats) -> Floats:
    """Points of the unit cube as standard normal numbers."""
    from scipy.special import ndtri

    return np.asarray(ndtri(points))


def effective_size(log_weights: Floats) -> float:
    """Effective number of worlds behind weights (Kish).

    >>> effective_size(np.zeros(4))
    4.0
    """
    finite = np.isfinite(log_weights)
    if not finite.any():
        return 0.0
    weights = np.exp(log_weights[finite] - log_weights[finite].max())
    return float(weights.sum() ** 2 / (weights**2).sum())


def initial_population(points: Floats, evaluate: Evaluate) -> Population:
    """Worlds of the prior."""
    streams = np.arange(len(points), dtype=np.int64)
    held, wanted = evaluate(points, streams)
    if not np.isfinite(wanted).any():
        raise ComputeError("no world of the prior is possible under the observations", fix="widen the priors")
    return Population(to_normals(points), streams, held, wanted, next_stream=len(points))


def _difference(population: Population) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(population.wanted), population.wanted - population.held, -np.inf)


def _log_mean(values: Floats) -> float:
    top = float(values.max())
    return top + float(np.log(np.exp(values - top).mean()))


def _next_temper(change: Floats, reached: float, share: float) -> float:
    """Largest temper that leaves the wanted effective share, by bisection."""
    enough = share * len(change)
    if effective_size((1.0 - reached) * change) >= enough:
        return 1.0
    low, high = reached, 1.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        if effective_size((middle - reached) * change) >= enough:
            low = middle
        else:
            high = middle
    return max(low, reached + 1e-4)


def _resampled(population: Population, log_weights: Floats, random: np.random.Generator) -> Population:
    """Systematic resampling within each island; world numbers keep their island."""
    chosen = np.arange(len(log_weights))
    for island in range(SCRAMBLES):
        inside = chosen[island::SCRAMBLES].copy()
        weights = np.exp(log_weights[inside] - np.max(log_weights[inside]))
        if not np.isfinite(weights).all() or weights.sum() <= 0:
            continue
        places = (np.arange(len(inside)) + random.random()) / len(inside)
        picked = np.searchsorted(np.cumsum(weights) / weights.sum(), places)
        chosen[island::SCRAMBLES] = inside[np.minimum(picked, len(inside) - 1)]
    return replace(
        population, normals=population.normals[chosen], streams=population.streams[chosen],
        held=population.held[chosen], wanted=population.wanted[chosen],
    )  # fmt: skip


def _tempered(held: Floats, wanted: Floats, temper: float) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(wanted), held + temper * (wanted - held), -np.inf)


def _moved(
    population: Population, temper: float, kind: int, evaluate: Evaluate, options: SamplerOptions,
    random: np.random.Generator,
) -> Population:  # fmt: skip
    """One move of every world."""
    count, dimensions = population.normals.shape
    length = population.lengths[kind]
    touched = random.random((count, dimensions)) < SUBSETS[kind]
    fresh = np.sqrt(1.0 - length**2) * population.normals + length * random.standard_normal((count, dimensions))
    normals = np.where(touched, fresh, population.normals)
    renewed = random.random(count) < options.new_stream
    streams = np.where(renewed, population.next_stream + np.arange(count), population.streams)
    held, wanted = evaluate(to_cube(normals), streams)
    now = _tempered(population.held, population.wanted, temper)
    with np.errstate(invalid="ignore", over="ignore"):
        gain = _tempered(held, wanted, temper) - now
        accept = np.log(random.random(count)) < np.where(np.isnan(gain), -np.inf, gain)
    rate = float(accept.mean())
    steered = float(np.clip(length * np.exp(1.5 * (rate - options.acceptance)), 0.02, 1.0))
    lengths = tuple(steered if place == kind else value for place, value in enumerate(population.lengths))
    return replace(
        population,
        normals=np.where(accept[:, None], normals, population.normals),
        streams=np.where(accept, streams, population.streams),
        held=np.where(accept, held, population.held),
        wanted=np.where(accept, wanted, population.wanted),
        lengths=lengths,
        next_stream=population.next_stream + count,
        accepted=(*population.accepted, rate),
    )


def sample(
    population: Population,
    evaluate: Evaluate,
    random: np.random.Generator,
    options: SamplerOptions | None = None,
    progress: Callable[[float], None] | None = None,
) -> Population:
    """Worlds of the posterior, equally weighted.

    Parameters
    ----------
    population : Population
        From :func:`initial_population`, or an earlier posterior whose ``held`` is what it was sampled from.
    evaluate : callable
    random : numpy Generator
    options : SamplerOptions, optional
    progress : callable, optional
        Told the share of the way (0-1) after every move.

    Raises
    ------
    ComputeError
        If the tempering needs more than ``most_steps`` steps.
    """
    given = options or SamplerOptions()
    reached, number = 0.0, 0
    while reached < 1.0:
        change = _difference(population)
        temper = _next_temper(change, reached, given.share_kept)
        gained = _log_mean((temper - reached) * change)
        population = _resampled(population, (temper - reached) * change, random)
        population = replace(population, log_evidence=population.log_evidence + gained)
        reached = temper
        population = replace(population, steps=(*population.steps, reached))
        if len(population.steps) > given.most_steps:
            raise ComputeError("the sampler does not get from the prior to the data", fix="widen the level margins")
        for _ in range(given.moves + (given.final_moves if reached >= 1.0 else 0)):
            population = _moved(population, reached, number % len(SUBSETS), evaluate, given, random)
            number += 1
            if progress:
                progress(reached)
    return population
