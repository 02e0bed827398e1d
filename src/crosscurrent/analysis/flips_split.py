"""How much of the side goes with theories, with axes left open, with parameters, and with none of them.

The variance of the outcome is divided between and within theories [1]_.  Within theories, a ridge regression [2]_ on
rivals and on ranks of parameters is made on seven scrambles and scored on the eighth; what it tells there is a lower
bound, because effects that are neither additive nor of one direction are left in the rest, with chance.

References
----------
.. [1] Searle SR, Casella G, McCulloch CE (1992) Variance Components. Wiley.
   https://doi.org/10.1002/9780470316856
.. [2] Hoerl AE, Kennard RW (1970) Ridge regression: biased estimation for nonorthogonal problems. Technometrics 12(1).
   https://doi.org/10.1080/00401706.1970.10488634
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..study.sampling import SCRAMBLES
from .flips_design import BINS, Counts, Design, Floats
from .flips_records import Share, SignSplit

__all__ = ["between_share", "sign_split"]

_PENALTIES = (0.3, 3.0, 30.0)
"""Ridge penalties tried, in units of the number of columns."""


def between_share(outcome: Floats, groups: Counts) -> float:
    """Share of variance between groups, less what chance alone would give (epsilon squared), 0-1.

    >>> between_share(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0, 0, 1, 1]))
    1.0
    """
    total = float(((outcome - outcome.mean()) ** 2).sum())
    counts = np.bincount(groups).astype(np.float64)
    present, size = int((counts > 0).sum()), len(outcome)
    if total <= 0 or present < 2 or present >= size:
        return 0.0
    means = np.bincount(groups, weights=outcome) / np.maximum(counts, 1.0)
    inside = float(((outcome - means[groups]) ** 2).sum())
    return max(0.0, 1.0 - inside / (size - present) * (size - 1) / total)


def sign_split(design: Design, rows: Counts, outcome: Floats) -> SignSplit:
    """Divide the variance of an outcome [used] over pooled worlds; all zero if it does not vary."""
    scrambles, groups = design.scrambles[rows], design.theory[rows]
    none = Share(0.0, 0.0)
    if np.ptp(outcome) == 0:
        return SignSplit(none, none, none, 0.0)
    between = between_share(outcome, groups)
    parts = [between_share(outcome[scrambles == s], groups[scrambles == s]) for s in range(SCRAMBLES)]
    theories = Share(between, float(np.std(parts, ddof=1) / np.sqrt(SCRAMBLES)))
    left = _centred(outcome[:, None], groups)[:, 0]
    if between > 1.0 - 1e-9 or float((left**2).sum()) < 1e-12:
        return SignSplit(theories, none, none, max(0.0, 1.0 - between))
    axes, both = _told(design, rows, left, scrambles, groups)
    within = 1.0 - between
    axes_share = _share(axes, within, 0.0)
    parameters = _share(both - axes, within, 0.0)
    rest = max(0.0, 1.0 - theories.value - axes_share.value - parameters.value)
    return SignSplit(theories, axes_share, parameters, rest)


def _share(folds: Floats, within: float, least: float) -> Share:
    value = max(least, float(folds.sum()) * within)
    return Share(value, float(np.std(folds, ddof=1) * np.sqrt(SCRAMBLES)) * within)


def _centred(columns: npt.NDArray[np.floating], groups: Counts) -> Floats:
    """Columns less their mean in each group."""
    table = np.array(columns, dtype=np.float64 if columns.shape[1] == 1 else np.float32)
    for group in np.unique(groups):
        here = groups == group
        table[here] -= table[here].mean(axis=0)
    return np.asarray(table)


def _columns(design: Design, rows: Counts) -> tuple[npt.NDArray[np.float32], int]:
    """Rivals as 0 and 1, then ranks of parameters, with how many columns belong to axes."""
    found, axes = [], 0
    for number, item in enumerate(design.assumptions):
        row = design.bins[number][rows]
        if item.kind == "axis":
            found += [(row == code).astype(np.float32) for code in range(1, len(item.rivals))]
            axes = len(found)
        elif item.kind == "parameter":
            found.append((row / np.float32(BINS) - np.float32(0.5)).astype(np.float32) * np.float32(np.sqrt(12.0)))
    return np.stack(found, axis=1) if found else np.zeros((len(rows), 0), dtype=np.float32), axes


def _told(design: Design, rows: Counts, left: Floats, scrambles: Counts, groups: Counts) -> tuple[Floats, Floats]:
    """What each scramble adds to the share told by axes, and by axes and parameters, of what theories leave."""
    columns, axes = _columns(design, rows)
    table, target = _centred(columns, groups).astype(np.float32), left.astype(np.float32)
    size = table.shape[1]
    grams, crosses = np.empty((SCRAMBLES, size, size)), np.empty((SCRAMBLES, size))
    for fold in range(SCRAMBLES):
        part = table[scrambles == fold]
        grams[fold], crosses[fold] = part.T @ part, part.T @ target[scrambles == fold]
    total = float((left**2).sum())
    first = _best(grams[:, :axes, :axes], crosses[:, :axes], total)
    both = _best(grams, crosses, total)
    return first, both if both.sum() > first.sum() else first


def _best(grams: Floats, crosses: Floats, total: float) -> Floats:
    """The penalty that tells most, and what each scramble adds: 2 b'c - b'Gb, over the sum of squares."""
    size = grams.shape[-1]
    best = np.zeros(SCRAMBLES)
    if not size:
        return best
    whole_g, whole_c = grams.sum(axis=0), crosses.sum(axis=0)
    for penalty in _PENALTIES:
        folds = np.empty(SCRAMBLES)
        for fold in range(SCRAMBLES):
            ridge = whole_g - grams[fold] + penalty * size * np.eye(size)
            found = np.linalg.solve(ridge, whole_c - crosses[fold])
            folds[fold] = (2.0 * found @ crosses[fold] - found @ grams[fold] @ found) / total
        if folds.sum() > best.sum():
            best = folds
    return best
