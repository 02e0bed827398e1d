"""Counter-based random numbers: 64 bits that depend on (seed, world), stream, week and item, and on nothing else.

So results are identical for any number of threads, any batch and any machine, and two policies of one world share every
draw (common random numbers).  ``item`` is a lineage for events of groups: a splinter keeps its draws whatever
slot it lies in.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .compiler import REAL, equation, lane_loop
from .vector_math import log

__all__ = ["draw_normal_row", "draw_uniform_row", "lineage_of_child", "normal", "random_bits", "uniform", "world_keys"]

GOLDEN, MIX_1, MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
U2, U3, U27, U30, U31, U32, U33, U52, LOW_32 = (np.uint64(k) for k in (2, 3, 27, 30, 31, 32, 33, 52, 0xFFFFFFFF))


@equation
def mix(z: Any) -> Any:
    """Splitmix64 finaliser: 64 well-mixed bits from any 64-bit number."""
    z = (z ^ (z >> U30)) * MIX_1
    z = (z ^ (z >> U27)) * MIX_2
    return z ^ (z >> U31)


_plain_mix: Any = getattr(mix, "py_func", mix)


def world_keys(seed: int, worlds: np.ndarray[Any, np.dtype[Any]]) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """One random key for each world number."""
    with np.errstate(over="ignore"):
        return np.asarray(_plain_mix(_plain_mix(np.uint64(seed)) + worlds.astype(np.uint64) * GOLDEN), dtype=np.uint64)


@equation
def random_bits(key: Any, stream: Any, week: Any, item: Any) -> Any:
    """64 bits from 12 bits of stream, 20 bits of week and 32 bits of item."""
    return mix(key + ((np.uint64(stream) << U52) + (np.uint64(week) << U32) + np.uint64(item)) * GOLDEN)


@equation
def lineage_of_child(lineage: Any, week: Any, number: Any) -> Any:
    """32-bit lineage of the number-th group to split off from a group in a week."""
    return mix(np.uint64(lineage) * GOLDEN + (np.uint64(week) << U32) + np.uint64(number) + GOLDEN) & LOW_32


@equation
def uniform(bits: Any) -> Any:
    """A number in (0, 1) from the top 31 bits."""
    return REAL(np.int32(bits >> U33)) * 2.0**-31 + 2.0**-32


@equation
def normal(bits: Any) -> Any:
    """A standard normal number: Box-Muller with the sine and cosine as polynomials.

    Radius from the top 31 bits, quadrant from bits 0-1, angle from bits 2-31.
    """
    radius = np.sqrt(-2.0 * log(uniform(bits))) * 0.70710678118654752
    a = REAL(np.int32((bits & LOW_32) >> U2)) * 2.0**-30 * 1.5707963267948966 - 0.78539816339744831
    b = a * a
    sine = a * (1.0 + b * (-1 / 6 + b * (1 / 120 + b * (-1 / 5040 + b * (1 / 362880)))))
    cosine = 1.0 + b * (-1 / 2 + b * (1 / 24 + b * (-1 / 720 + b * (1 / 40320))))
    quadrant = np.int32(bits & U3)
    x = radius * (cosine - sine) if quadrant & 1 else radius * (cosine + sine)
    return x if quadrant & 2 else -x


@lane_loop
def draw_uniform_row(row: Any, key: Any, stream: Any, week: Any, first: Any, last: Any) -> None:
    """One uniform number a lane."""
    for lane in range(first, last):
        row[lane] = uniform(random_bits(key[lane], stream, week, 0))


@lane_loop
def draw_normal_row(row: Any, key: Any, stream: Any, week: Any, first: Any, last: Any) -> None:
    """One standard normal number a lane."""
    for lane in range(first, last):
        row[lane] = normal(random_bits(key[lane], stream, week, 0))
