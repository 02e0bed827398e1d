"""Does calibration recover parameters that are known?  Simulation-based calibration on synthetic data.

A world is drawn from the prior, its series are made with a discrepancy drawn from its own prior, and the sampler is
set on them.  If sampler and likelihood are right, the true value falls anywhere in the posterior with equal chance:
ranks are uniform and a 90 per cent interval holds the truth nine times in ten [1]_.  The formal likelihood is checked
(monthly series with power 1); the coarsened one that calibration uses is wider, so its intervals hold the truth more
often.

References
----------
.. [1] Talts S, Betancourt M, Simpson D, Vehtari A, Gelman A (2018) Validating Bayesian inference algorithms with
   simulation-based calibration. https://doi.org/10.48550/arXiv.1804.06788
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ..case.records import Case
from ..model.schema import PARAMETERS
from ..study.posterior import learned_dimensions
from .backtest import LAST_MONTH
from .discrepancy import covariance, typical_step
from .fitting import REFERENCE_THEORY, Workshop, random_for
from .likelihood import Likelihood, SeriesLikelihood, observed_scale, period_numbers, season_of
from .observations import Observed, model_series, on_scale
from .sampler import Evaluate, SamplerOptions, initial_population, sample
from .worlds import Cutoff, Paths

__all__ = ["Recovery", "coverage_of", "rank_of", "recover", "synthetic"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Recovery:
    """Ranks of true values in their posteriors."""

    names: tuple[str, ...]
    ranks: Floats
    """Share of posterior draws below the truth, ties broken evenly [replicate, name], 0-1."""
    spread: Floats
    """Standard deviation of the posterior over that of the prior [replicate, name]."""
    draws: int
    monthly_power: float

    def coverage(self, level: float) -> tuple[float, float]:
        """Share of true values inside central intervals, over names and replicates, with its standard error from the
        replicates."""
        return coverage_of(self.ranks, level)

    def by_name(self, level: float) -> dict[str, float]:
        """Share of replicates whose interval holds the truth, by name."""
        inside = np.abs(self.ranks - 0.5) <= 0.5 * level
        return dict(zip(self.names, inside.mean(axis=0).tolist(), strict=True))


def coverage_of(ranks: Floats, level: float) -> tuple[float, float]:
    """Share of ranks [replicate, name] within a central interval, and its standard error.

    >>> coverage_of(np.array([[0.5, 0.99], [0.4, 0.6]]), 0.9)
    (0.75, 0.25)
    """
    by_replicate = (np.abs(ranks - 0.5) <= 0.5 * level).mean(axis=1)
    error = float(by_replicate.std(ddof=1) / np.sqrt(len(by_replicate))) if len(by_replicate) > 1 else float("nan")
    return float(by_replicate.mean()), error


def rank_of(draws: Floats, truth: Floats, random: np.random.Generator) -> Floats:
    """Place of the truth [name] among draws [draw, name], as a share; a tie counts by chance."""
    below, equal = (draws < truth).sum(axis=0), (draws == truth).sum(axis=0)
    return np.asarray((below + random.random(len(truth)) * (equal + 1)) / (len(draws) + 1))


def synthetic(series: SeriesLikelihood, paths: Paths, random: np.random.Generator) -> SeriesLikelihood:
    """A series as a world would have made it, with a discrepancy drawn from the forms and their weights.

    Parameters
    ----------
    series : SeriesLikelihood
        Gives periods, forms and weights.
    paths : Paths
        Of one world.
    """
    observed, target = series.observed, series.observed.target
    weights = np.exp(series.log_weights)
    form = series.ready[int(random.choice(len(weights), p=weights / weights.sum()))].form
    step = typical_step(observed_scale(observed))
    times = period_numbers(target, observed.ends)
    whole = covariance(form, times, step, target.level_margin, season_of(target))
    wander = np.linalg.cholesky(whole) @ random.standard_normal(len(times))
    made = on_scale(model_series(target, paths.measures, observed.ends), target.scale)[:, 0]
    drawn = wander - made if target.falling else wander + made
    values = np.exp(drawn) if target.scale == "log" else 100.0 / (1.0 + np.exp(-drawn))
    return replace(series, observed=Observed(target, observed.ends, values, observed.unit))


def _one(
    workshop: Workshop, draws: int, sampler: SamplerOptions, replicate: int, dimensions: npt.NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Ranks and spreads of one replicate."""
    random = random_for(workshop.seed, "recovery", replicate)
    count = workshop.worlds.dimensions
    truth = random.random((1, count))
    stream = np.array([10_000_000 + replicate], dtype=np.int64)
    paths = workshop.worlds.past(REFERENCE_THEORY, truth, stream)
    likelihood = Likelihood(tuple(synthetic(item, paths, random) for item in workshop.likelihood.series))

    def evaluate(points: Floats, streams: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
        return np.zeros(len(points)), likelihood.log_likelihood(workshop.worlds.past(REFERENCE_THEORY, points, streams))

    start: Evaluate = evaluate
    population = sample(initial_population(random.random((draws, count)), start), start, random, sampler)
    points = population.points[:, dimensions]
    return rank_of(points, truth[0, dimensions], random), points.std(axis=0) * np.sqrt(12.0)


def recover(
    case: Case,
    replicates: int = 40,
    draws: int = 128,
    seed: int = 0,
    monthly_power: float = 1.0,
    sampler: SamplerOptions | None = None,
    last_month: int = LAST_MONTH,
    progress: Callable[[float], None] | None = None,
) -> Recovery:
    """Simulation-based calibration of the whole model under the theory ``even``.

    Parameters
    ----------
    case : Case
    replicates : int
        Synthetic pasts.
    draws : int
        Posterior draws of each, a multiple of eight.
    seed : int
    monthly_power : float
        Power of monthly series; 1 for the formal likelihood, where coverage must be right.
    sampler : SamplerOptions, optional
    last_month : int
        Last month of the synthetic series.
    progress : callable, optional
        Told the share of the way (0-1).
    """
    given = sampler or SamplerOptions(moves=4, final_moves=8)
    workshop = Workshop.at(case, Cutoff(last_month, last_month + 1), seed, draws, monthly_power=monthly_power)
    dimensions = learned_dimensions(case)
    names: Sequence[str] = (*case.axes, *PARAMETERS)
    ranks, spreads = [], []
    for replicate in range(replicates):
        rank, spread = _one(workshop, draws, given, replicate, dimensions)
        ranks.append(rank)
        spreads.append(spread)
        if progress:
            progress((replicate + 1) / replicates)
    return Recovery(
        tuple(names[place] for place in dimensions), np.array(ranks), np.array(spreads), draws, monthly_power
    )
