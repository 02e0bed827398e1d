"""A theory fitted to what was known at a cut-off."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..case.records import Case, Target
from ..errors import InputError
from ..study.sampling import SCRAMBLES, world_points
from .likelihood import MONTHLY_POWER, Likelihood, make_likelihood
from .observations import Observed, SeriesReader, case_series, observe, targets_of
from .sampler import Population, SamplerOptions, initial_population, sample
from .worlds import Cutoff, CutoffWorlds

__all__ = ["FEWEST_MONTHS", "Workshop", "measures_needed", "months_known", "random_for", "refuse_draws", "series_ahead"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
FEWEST_MONTHS = 48
"""A series is used only with four years before the cut-off."""
REFERENCE_THEORY = "even"
"""Forms of the discrepancy are weighed on worlds of this theory, so that all theories face one likelihood."""


def refuse_draws(draws: int) -> None:
    """Refuse a number of draws that eight islands cannot share.

    Raises
    ------
    InputError
        If it is no multiple of eight, or below 16.
    """
    if draws < 2 * SCRAMBLES or draws % SCRAMBLES:
        raise InputError("not a usable number of draws", given=draws, expected="a multiple of 8, from 16")


def measures_needed(case: Case) -> tuple[str, ...]:
    """Measures that the targets of a case are made of."""
    return tuple(
        sorted({
            name for target in case.targets.values()
            for name in (*target.measures, *target.over, *target.times)
        })
    )  # fmt: skip


def months_known(observed: Observed) -> int:
    """Months from the beginning of the first period to the end of the last."""
    if not len(observed.ends):
        return 0
    length = 1 if observed.target.frequency == "month" else 12
    return int(observed.ends[-1] - observed.ends[0]) + length


def random_for(seed: int, *words: object) -> np.random.Generator:
    """A generator of its own for a seed and some words, the same on any machine."""
    key = zlib.crc32(" ".join(map(str, words)).encode())
    return np.random.Generator(np.random.PCG64([seed, key]))


@dataclass(frozen=True)
class Workshop:
    """Everything that fits of all theories at one cut-off share."""

    case: Case
    cutoff: Cutoff
    seed: int
    worlds: CutoffWorlds
    likelihood: Likelihood

    @classmethod
    def at(
        cls, case: Case, cutoff: Cutoff, seed: int, draws: int, read: SeriesReader = case_series,
        monthly_power: float = MONTHLY_POWER,
    ) -> Workshop:  # fmt: skip
        """Set up a cut-off: the simulator, the fitted series up to it, and the weighed forms of their discrepancy.

        Parameters
        ----------
        case : Case
        cutoff : Cutoff
        seed : int
        draws : int
            Worlds of the prior on which the forms are weighed; at most 512 are used.
        read : callable, optional
            Where observations come from.
        monthly_power : float
            Power of monthly series in the likelihood.
        """
        worlds = CutoffWorlds(case, cutoff, seed, measures_needed(case))
        count = min(draws, 512)
        theory = REFERENCE_THEORY if REFERENCE_THEORY in case.theories else next(iter(case.theories))
        prior = worlds.past(theory, world_points(seed, np.arange(count), worlds.dimensions), np.arange(count))
        known = [observe(case, target, read).until(cutoff.month) for target in targets_of(case, fit=True)]
        enough = [item for item in known if months_known(item) >= FEWEST_MONTHS]
        return cls(case, cutoff, seed, worlds, make_likelihood(enough, prior, monthly_power=monthly_power))

    def evaluate(self, theory: str) -> Callable[[Floats, Integers], tuple[Floats, Floats]]:
        """Log likelihoods of points and streams under a theory, before any observation and with all of them."""

        def both(points: Floats, streams: Integers) -> tuple[Floats, Floats]:
            paths = self.worlds.past(theory, points, streams)
            return np.zeros(len(points)), self.likelihood.log_likelihood(paths)

        return both

    def fit(
        self, theory: str, draws: int, options: SamplerOptions, progress: Callable[[float], None] | None = None
    ) -> Population:
        """Posterior worlds of a theory."""
        points = world_points(self.seed, np.arange(draws), self.worlds.dimensions)
        evaluate = self.evaluate(theory)
        random = random_for(self.seed, "fit", self.cutoff.label, theory)
        return sample(initial_population(points, evaluate), evaluate, random, options, progress)


def series_ahead(
    case: Case, target: Target, cutoff: Cutoff, read: SeriesReader = case_series
) -> tuple[Observed, Observed] | None:
    """A target's observations up to a cut-off and after it; None where too few are known before."""
    found = observe(case, target, read)
    known = found.until(cutoff.month)
    return (known, found.after(cutoff.month).until(cutoff.until)) if months_known(known) >= FEWEST_MONTHS else None
