"""How much of the side goes with theories, with axes left open, with parameters, and with none of them.

The variance of the outcome is divided between and within theories [1]_.  Within theories, a ridge regression [2]_ on
all rivals and on those parameters that add to what better assumptions tell is made on seven scrambles and scored on
the eighth; what it tells there is a lower bound, because effects that are not additive are left in the rest, with
chance.

References
----------
.. [1] Searle SR, Casella G, McCulloch CE (1992) Variance Components. Wiley.
   https://doi.org/10.1002/9780470316856
.. [2] Hoerl AE, Kennard RW (1970) Ridge regression: biased estimation for nonorthogonal problems. Technometrics 12(1).
   https://doi.org/10.1080/00401706.1970.10488634
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..study.sampling import SCRAMBLES
from .flips_design import BINS, Counts, Design, Floats
from .flips_records import Share, SignSplit

__all__ = ["between_share", "sign_split"]

_PENALTY = 0.3
"""Ridge penalty in units of the number of columns; keeps rivals that hardly occur from doing harm."""


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


def sign_split(design: Design, rows: Counts, outcome: Floats, adding: Sequence[int]) -> SignSplit:
    """Divide the variance of an outcome [used] over pooled worlds; all zero if it does not vary.

    ``adding`` are the places of those assumptions that add to what better ones tell.
    """
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
    axes, both = _told(design, rows, left, adding)
    within = 1.0 - between
    axes_share = _share(axes, within)
    parameters = _share(both - axes, within)
    rest = max(0.0, 1.0 - theories.value - axes_share.value - parameters.value)
    return SignSplit(theories, axes_share, parameters, rest)


def _share(folds: Floats, within: float) -> Share:
    value = max(0.0, float(folds.sum()) * within)
    return Share(value, float(np.std(folds, ddof=1) * np.sqrt(SCRAMBLES)) * within)


def _centred(columns: Floats, groups: Counts) -> Floats:
    """Columns less their mean in each group."""
    table = np.array(columns)
    for group in np.unique(groups):
        here = groups == group
        table[here] -= table[here].mean(axis=0)
    return table


def _columns(design: Design, rows: Counts, adding: Sequence[int]) -> tuple[Floats, int]:
    """Rivals of all axes as 0 and 1, then ranks of some parameters and their squares, with how many belong to axes."""
    found = [
        (design.bins[number][rows] == code).astype(np.float64)
        for number, item in enumerate(design.assumptions)
        if item.kind == "axis"
        for code in range(1, len(item.rivals))
    ]
    axes = len(found)
    for number in adding:
        if design.assumptions[number].kind == "parameter":
            rank = design.bins[number][rows] / BINS - 0.5
            found += [np.sqrt(12.0) * rank, np.sqrt(180.0) * (rank**2 - 1.0 / 12.0)]
    return np.stack(found, axis=1) if found else np.zeros((len(rows), 0)), axes


def _told(design: Design, rows: Counts, left: Floats, adding: Sequence[int]) -> tuple[Floats, Floats]:
    """What each scramble adds to the share told by axes, and by axes and parameters, of what theories leave."""
    columns, axes = _columns(design, rows, adding)
    scrambles, table = design.scrambles[rows], _centred(columns, design.theory[rows])
    size = table.shape[1]
    grams, crosses = np.empty((SCRAMBLES, size, size)), np.empty((SCRAMBLES, size))
    for fold in range(SCRAMBLES):
        part = table[scrambles == fold]
        grams[fold], crosses[fold] = part.T @ part, part.T @ left[scrambles == fold]
    total = float((left**2).sum())
    first = _scored(grams[:, :axes, :axes], crosses[:, :axes], total)
    both = _scored(grams, crosses, total)
    return first, both if both.sum() > first.sum() else first


def _scored(grams: Floats, crosses: Floats, total: float) -> Floats:
    """What each scramble adds, its own worlds left out of the fit: 2 b'c - b'Gb, over the sum of squares."""
    size = grams.shape[-1]
    folds = np.zeros(SCRAMBLES)
    if not size:
        return folds
    whole_g, whole_c = grams.sum(axis=0), crosses.sum(axis=0)
    for fold in range(SCRAMBLES):
        ridge = whole_g - grams[fold] + _PENALTY * size * np.eye(size)
        found = np.linalg.solve(ridge, whole_c - crosses[fold])
        folds[fold] = (2.0 * found @ crosses[fold] - found @ grams[fold] @ found) / total
    return folds
