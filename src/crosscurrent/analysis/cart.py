"""CART: worlds split in two again and again, and the leaves in which interesting worlds are dense [1]_.

Where PRIM gives one box with a trade-off, a classification tree gives boxes that do not overlap and together hold all
worlds.  The size of the tree is chosen by how well it predicts halves of the worlds that it was not fitted to.

References
----------
.. [1] Lempert RJ, Bryant BP, Bankes SC (2008) Comparing algorithms for scenario discovery. RAND WR-557-NSF; the
   method is that of Breiman, Friedman, Olshen and Stone (1984), Classification and Regression Trees.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from .bins import Bins, bin_numbers
from .discovery import Box, Restriction, box_errors
from .factors import Factor, Factors
from .prim import FINEST
from .prim_resampling import halves
from .repeated_worlds import design_effect

__all__ = ["cart_boxes", "tree_features"]

Floats = npt.NDArray[np.float32]
Booleans = npt.NDArray[np.bool_]
MOST_LEAVES, LEAST_SHARE = 12, 0.05
FIT_WORLDS, HALF_WORLDS = 8192, 4096
"""The tree is grown on at most so many worlds, and tried on halves of at most so many: growing it costs more than
all the rest, while coverage and density are those of all worlds.
"""
MOST_HALVES = 8
NO_SPLIT = "no tree predicts worlds that it was not grown on better than the share of interest alone"
NO_LEAF = "no other leaf holds a larger share of interesting worlds than all worlds do"


class _Feature(NamedTuple):
    """A column that the tree may split: a number, or whether a category holds."""

    factor: Factor
    category: str
    """Empty for a number."""


def tree_features(factors: Factors) -> tuple[Floats, list[_Feature], Bins]:
    """Columns to split [world, column], numbers as places of their bins and one column a category; the bins.

    Bins, because the library takes a column whose values lie within 1e-7 of each other for constant.
    """
    columns, features = [], []
    bins = bin_numbers(factors.numbers, FINEST)
    numbers = [factor for factor in factors.factors if factor.kind == "parameter"]
    for factor, values in zip(numbers, bins.codes, strict=True):
        columns.append(values)
        features.append(_Feature(factor, ""))
    others = [factor for factor in factors.factors if factor.kind != "parameter"]
    for factor, codes in zip(others, factors.codes, strict=True):
        for place, name in enumerate(factor.categories):
            columns.append(codes == place)
            features.append(_Feature(factor, name))
    table = np.empty((factors.numbers.shape[1], len(columns)), dtype=np.float32)
    for number, column in enumerate(columns):
        table[:, number] = column
    return table, features, bins


def cart_boxes(
    factors: Factors, interest: Booleans, *, density: float | None, most: int, resamples: int, seed: int
) -> tuple[tuple[Box, ...], str]:
    """Leaves denser than all worlds, densest first, and why there are no more.

    The figures on worlds held out are those of all dense leaves together.  ``density`` is not used.

    Raises
    ------
    InputError
        If scikit-learn is not installed.
    """
    table, features, bins = tree_features(factors)
    leaves, held_out, used = _tried(table, features, interest, factors.scrambles, min(resamples, MOST_HALVES), seed)
    if leaves < 2:
        return (), NO_SPLIT
    tree = (
        _grown(table[:FIT_WORLDS], interest[:FIT_WORLDS], leaves)
        if len(table) <= FIT_WORLDS
        else _grown_on_part(table, interest, leaves, seed)
    )
    where, effect = tree.apply(table), design_effect(interest, factors.worlds)
    found = []
    for leaf in np.unique(where).tolist():
        inside = where == leaf
        share = float(interest[inside].mean())
        error = np.sqrt(share * (1 - share) * effect / int(inside.sum()))
        if share > interest.mean() + 2 * error:
            found.append((share, leaf, inside))
    found.sort(key=lambda entry: -entry[0])
    boxes = tuple(
        _box(tree, leaf, inside, interest, (table, features, bins), factors, held_out, used)
        for _, leaf, inside in found[:most]
    )
    return boxes, "" if len(found) > most else NO_LEAF


def _grown(table: Floats, interest: Booleans, leaves: int) -> Any:
    try:
        from sklearn.tree import DecisionTreeClassifier  # type: ignore[import-untyped]
    except ImportError as error:
        raise InputError(
            "CART needs scikit-learn, which is not installed", fix="pip install 'crosscurrent[analysis]'"
        ) from error
    # Columns are looked at in a fixed order, so that equal splits fall the same way every time.
    tree = DecisionTreeClassifier(
        max_leaf_nodes=leaves, min_samples_leaf=max(1, int(LEAST_SHARE * len(table))), random_state=0
    )
    return tree.fit(table, interest)


def _grown_on_part(table: Floats, interest: Booleans, leaves: int, seed: int) -> Any:
    rows = np.sort(np.random.default_rng([seed, 4201]).permutation(len(table))[:FIT_WORLDS])
    return _grown(table[rows], interest[rows], leaves)


def _tried(
    table: Floats,
    features: list[_Feature],
    interest: Booleans,
    scrambles: npt.NDArray[np.int64],
    count: int,
    seed: int,
) -> tuple[int, tuple[float, float], dict[str, float]]:
    """Leaves of the tree that predicts halves held out best (1 if none helps); density and coverage of its dense
    leaves there; share of halves in which each factor is split.
    """
    generator = np.random.default_rng([seed, 4211])
    trees, gains = [], np.zeros((count, MOST_LEAVES + 1))
    for number, half in enumerate(halves(seed, count)):
        inner = np.flatnonzero(np.isin(scrambles, half))
        outer = np.flatnonzero(~np.isin(scrambles, half))
        inner, outer = (np.sort(generator.permutation(rows)[:HALF_WORLDS]) for rows in (inner, outer))
        tree = _grown(table[inner], interest[inner], MOST_LEAVES)
        trees.append((tree, inner, outer))
        blank = float(np.mean((interest[outer] - interest[inner].mean()) ** 2))
        for leaves in range(2, MOST_LEAVES + 1):
            places = _truncated(tree, table[outer], leaves)
            shares = tree.tree_.value[places, 0, -1]
            gains[number, leaves] = blank - float(np.mean((interest[outer] - shares) ** 2))
    gains[:, :2] = 0.0
    best = int(np.argmax(np.median(gains, axis=0)))
    if best < 2 or (gains[:, best] > 0).mean() < 0.9:
        return 1, (float("nan"), float("nan")), {}
    held, used = [], dict.fromkeys([feature.factor.name for feature in features], 0.0)
    for tree, inner, outer in trees:
        held.append(_union(tree, table[outer], interest[outer], best, float(interest[inner].mean())))
        split = tree.tree_.feature[: 2 * best - 1]
        open_ = (tree.tree_.children_left[: 2 * best - 1] < 2 * best - 1) & (split >= 0)
        for name in {features[place].factor.name for place in split[open_].tolist()}:
            used[name] += 1 / count
    density, coverage = np.nanmedian(np.array(held), axis=0).tolist()
    return best, (density, coverage), used


def _truncated(tree: Any, table: Floats, leaves: int) -> npt.NDArray[np.int64]:
    """Node in which each world ends if the tree had stopped at fewer leaves.

    Nodes are numbered as they are made, the best split first, so the tree with k leaves is its first 2k - 1 nodes.
    """
    path = tree.decision_path(table)
    deepest = np.zeros(len(table), dtype=np.int64)
    for node in range(1, min(2 * leaves - 1, tree.tree_.node_count)):
        deepest[np.asarray(path[:, node].todense()).ravel() > 0] = node
    return deepest


def _union(tree: Any, table: Floats, interest: Booleans, leaves: int, base: float) -> tuple[float, float]:
    """Density and coverage of all leaves that were dense where the tree was grown."""
    inside = tree.tree_.value[_truncated(tree, table, leaves), 0, -1] > base
    if not inside.any() or not interest.any():
        return float("nan"), float("nan")
    return float(interest[inside].mean()), float((interest & inside).sum() / interest.sum())


def _box(
    tree: Any,
    leaf: int,
    inside: Booleans,
    interest: Booleans,
    columns: tuple[Floats, list[_Feature], Bins],
    factors: Factors,
    held_out: tuple[float, float],
    used: dict[str, float],
) -> Box:
    table, features, bins = columns
    limits: dict[int, list[float]] = {}
    for column, threshold, above in _way_to(tree, leaf):
        low, high = limits.setdefault(column, [-np.inf, np.inf])
        limits[column] = [max(low, threshold), high] if above else [low, min(high, threshold)]
    hits, count = int(interest[inside].sum()), int(inside.sum())
    coverage_error, density_error = box_errors(inside, interest, factors.scrambles)
    return Box(
        _restrictions(table, (features, bins), limits, used), hits / int(interest.sum()), coverage_error, hits / count,
        density_error, count / len(interest), count, hits, held_out[0], held_out[1], (), 0,
    )  # fmt: skip


def _way_to(tree: Any, leaf: int) -> list[tuple[int, float, bool]]:
    """Splits on the way to a leaf: column, threshold, whether the leaf lies above it."""
    nodes = tree.tree_
    way, node = [], leaf
    while node != 0:
        parent = int(np.flatnonzero((nodes.children_left == node) | (nodes.children_right == node))[0])
        way.append((int(nodes.feature[parent]), float(nodes.threshold[parent]), nodes.children_right[parent] == node))
        node = parent
    return way[::-1]


def _restrictions(
    table: Floats, columns: tuple[list[_Feature], Bins], limits: dict[int, list[float]], used: dict[str, float]
) -> tuple[Restriction, ...]:
    features, bins = columns
    inside: dict[str, set[str]] = {}
    found: dict[str, Restriction] = {}
    for column, (low, high) in limits.items():
        factor, category = features[column]
        values, name = table[:, column], factor.name
        if not category:
            found[name] = Restriction(
                name, factor.kind, factor.unit, factor.grade,
                None if low == -np.inf else bins.cut_below(column, int(np.ceil(low))),
                None if high == np.inf else bins.cut_above(column, int(np.floor(high))),
                None if low == -np.inf else float(np.mean(values <= low)),
                None if high == np.inf else float(np.mean(values <= high)), (), (), None, None, used.get(name),
            )  # fmt: skip
            continue
        left = inside.setdefault(name, set(factor.categories))
        inside[name] = left & {category} if low > 0 else left - {category}
        kept = tuple(entry for entry in factor.categories if entry in inside[name])
        out = tuple(entry for entry in factor.categories if entry not in kept)
        found[name] = Restriction(
            name, factor.kind, "", "", None, None, None, None, kept, out, None, None, used.get(name)
        )
    return tuple(found.values())
