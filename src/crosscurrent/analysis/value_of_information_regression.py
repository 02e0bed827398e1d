"""What knowing something would be worth: regressions that are fitted on some worlds and judged on others.

The expected value of knowing a parameter is what is gained by choosing the policy after learning it.  The loss
that is to be expected given the parameter is a regression of the worlds' losses on it [1]_.  A regression that
is judged on the worlds it was fitted to finds gains in noise, because the least of several noisy figures is too
low.  So the policy for the worlds of one scramble is chosen by a regression on the other seven, and the gain is
counted with the losses of that scramble: what is left is what a rule learned elsewhere would really gain.

References
----------
.. [1] Strong M, Oakley JE, Brennan A (2014) Estimating multiparameter partial expected value of perfect information
   from a probabilistic sensitivity analysis sample: a nonparametric regression approach. Med. Decis. Making 34(3).
   https://doi.org/10.1177/0272989X13505910
.. [2] Golub GH, Heath M, Wahba G (1979) Generalized cross-validation as a method for choosing a good ridge
   parameter. Technometrics 21(2). https://doi.org/10.1080/00401706.1979.10489751
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Gain", "Judged", "category_basis", "closed_form_two_policies", "perfect_information", "spline_basis"]

_PENALTIES = 10.0 ** np.arange(-4.0, 4.01, 0.5)
"""Ridge penalties tried, relative to the mean eigenvalue; no regression at all is tried too."""

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Gain:
    """What choosing with knowledge would gain over choosing without, in the unit of the losses."""

    value: float
    """Gain in worlds that the rule was not learned from; it may be below zero by chance."""
    error: float
    """Monte-Carlo error of the value."""
    in_sample: float
    """Gain by a regression on the very worlds it is judged in, which tends to be too large."""
    switched: float
    """Share of worlds (0-1) in which another policy would be chosen."""
    choices: tuple[float, ...]
    """Share of worlds in which each policy would be chosen, [policy]."""


def closed_form_two_policies(mean: float, spread: float) -> float:
    """Value of knowing all that moves a difference of two policies' losses, normal with mean and spread.

    E[max(0, d)] - max(0, E[d]): the textbook case that the regressions are tested on.

    >>> round(closed_form_two_policies(0.0, 1.0), 4)
    0.3989
    """
    from scipy.stats import norm

    ratio = mean / spread
    return float(spread * norm.pdf(ratio) + mean * norm.cdf(ratio) - max(mean, 0.0))


@functools.lru_cache(maxsize=8)
def _spline_table(places: int, functions: int) -> Floats:
    """Cubic B-splines with even knots at so many even places of 0-1, [place, function]."""
    from scipy.interpolate import BSpline

    knots = np.concatenate([np.zeros(3), np.linspace(0.0, 1.0, functions - 2), np.ones(3)])
    even = (np.arange(places) + 0.5) / places
    return np.asarray(BSpline.design_matrix(even, knots, 3).toarray())


def spline_basis(values: Floats, functions: int = 8) -> Floats:
    """Cubic B-splines of the ranks of values, [world, function]; equal values share a row.

    Ranks make every parameter's basis alike, whatever its distribution, so that one set of shuffles serves all.
    """
    from scipy.stats import rankdata

    places = np.rint(rankdata(values) - 1.0).astype(np.int64)
    return np.asarray(_spline_table(values.size, functions)[places])


def category_basis(values: npt.NDArray[np.object_]) -> Floats:
    """One column of zeros and ones for each category, [world, category]."""
    names = sorted({str(value) for value in values})
    return np.stack([values.astype(str) == name for name in names], axis=1).astype(np.float64)


class Judged:
    """Losses of all policies by scramble, ready for regressions on one basis after another."""

    def __init__(self, losses: Floats, scramble: Whole) -> None:
        """Losses are [policy, world]; the scramble of each world is 0-7, each with at least one world."""
        self.order = np.argsort(scramble, kind="stable")
        counts = np.bincount(scramble[self.order])
        ends = np.cumsum(counts[counts > 0])
        self.slices = [slice(int(end - count), int(end)) for end, count in zip(ends, counts[counts > 0], strict=True)]
        # Differences from one policy: what all policies share in a world cancels in every choice.
        self.losses = np.ascontiguousarray((losses - losses[0]).T[self.order])
        self.counts = np.array([part.stop - part.start for part in self.slices], dtype=np.float64)
        self._sums = np.stack([self.losses[part].sum(axis=0) for part in self.slices])
        self._squares = np.stack([(self.losses[part] ** 2).sum(axis=0) for part in self.slices])
        self._others = self.counts.sum() - self.counts
        self._means = (self._sums.sum(axis=0) - self._sums) / self._others[:, None]
        self.usual = self._means.argmin(axis=1)
        """Policy with the least mean loss in the other scrambles, [scramble]."""

    def gain(self, basis: Floats, *, in_sample: bool = True) -> Gain:
        """Value of knowing what a basis [world, function] spans."""
        design = basis[self.order]
        slopes, centres = self._fits(design)
        chosen = [
            ((design[part] - centres[fold]) @ slopes[fold] + self._means[fold]).argmin(axis=1)
            for fold, part in enumerate(self.slices)
        ]
        return self._judge(chosen, self._in_sample(design) if in_sample else float("nan"))

    def perfect(self) -> Gain:
        """Value of knowing everything about a world, chance included."""
        chosen = [self.losses[part].argmin(axis=1) for part in self.slices]
        gain = float(self.losses.mean(axis=0).min() - self.losses.min(axis=1).mean())
        return self._judge(chosen, gain)

    def _judge(self, chosen: list[Whole], in_sample: float) -> Gain:
        """Count the gain of choices in each scramble with its own losses."""
        gains, switched = [], 0
        choices = np.zeros(self.losses.shape[1])
        for fold, part in enumerate(self.slices):
            losses = self.losses[part]
            usual, taken = losses[:, self.usual[fold]], losses[np.arange(len(losses)), chosen[fold]]
            gains.append((usual - taken).mean())
            switched += int((chosen[fold] != self.usual[fold]).sum())
            choices += np.bincount(chosen[fold], minlength=len(choices))
        by_scramble, worlds = np.array(gains), float(self.counts.sum())
        error = float(by_scramble.std(ddof=1) / np.sqrt(len(by_scramble)))
        value = float(by_scramble @ self.counts / worlds)
        return Gain(value, error, in_sample, switched / worlds, tuple((choices / worlds).tolist()))

    def _fits(self, design: Floats) -> tuple[Floats, Floats]:
        """Slopes [scramble, function, policy] and centres [scramble, function] of fits on the other scrambles."""
        parts = [design[part] for part in self.slices]
        outer = np.stack([part.T @ part for part in parts])
        cross = np.stack([part.T @ self.losses[place] for part, place in zip(parts, self.slices, strict=True)])
        sums = np.stack([part.sum(axis=0) for part in parts])
        rest = [total.sum(axis=0) - total for total in (outer, cross, sums, self._squares)]
        return _ridge(rest[0], rest[1], rest[2], self._means, rest[3], self._others)

    def _in_sample(self, design: Floats) -> float:
        """The regression estimate with all worlds, judged by its own fitted values."""
        worlds = np.array([self.counts.sum()])
        means = self._sums.sum(axis=0)[None] / worlds[:, None]
        slopes, centres = _ridge(
            (design.T @ design)[None], (design.T @ self.losses)[None], design.sum(axis=0)[None], means,
            self._squares.sum(axis=0)[None], worlds,
        )  # fmt: skip
        fitted = (design - centres[0]) @ slopes[0] + means[0]
        return float(means[0].min() - fitted.min(axis=1).mean())


def _ridge(
    outer: Floats, cross: Floats, sums: Floats, means: Floats, squares: Floats, worlds: Floats
) -> tuple[Floats, Floats]:
    """Ridge regressions from sums over worlds, a stack of them at once; penalties by generalised cross-validation.

    Parameters
    ----------
    outer, cross, sums : float arrays [fit, function, function], [fit, function, policy], [fit, function]
        Sums of products of the basis with itself and with the losses, and of the basis.
    means, squares : float arrays [fit, policy]
        Means and sums of squares of the losses.
    worlds : float array [fit]

    Returns
    -------
    Slopes [fit, function, policy] and centres of the basis [fit, function].
    """
    count = worlds[:, None]
    centres = sums / count
    spread = outer - count[..., None] * centres[:, :, None] * centres[:, None, :]
    shared = cross - count[..., None] * centres[:, :, None] * means[:, None, :]
    total = squares - count * means**2
    values, vectors = np.linalg.eigh(spread)
    values = np.maximum(values, 0.0)
    turned = np.swapaxes(vectors, 1, 2) @ shared
    scale = np.maximum(values.mean(axis=1), 1e-300)
    penalties = _PENALTIES[:, None] * scale
    inverse = 1.0 / (values + penalties[..., None])
    kept = (values * inverse).sum(axis=-1)
    explained = np.einsum("lfk,fkp->lfp", inverse * (2.0 - values * inverse), turned**2)
    left = np.maximum(total - explained, 0.0)
    score = left / np.maximum(worlds - 1.0 - kept, 1e-9)[..., None] ** 2
    nothing = total / (worlds - 1.0)[:, None] ** 2
    best = score.argmin(axis=0)
    fits, policies = np.indices(best.shape)
    weights = np.moveaxis(inverse[best, fits], 2, 1)
    use = score[best, fits, policies] < nothing
    slopes = vectors @ (weights * turned * use[:, None, :])
    return np.asarray(slopes), np.asarray(centres)


def perfect_information(losses: Floats, scramble: Whole) -> Gain:
    """Value of knowing everything about a world, from losses [policy, world]."""
    return Judged(losses, scramble).perfect()
