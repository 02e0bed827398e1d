"""What an uncertain number may be: eight families, each truncated to the range the model allows.

A world is a point of a low-discrepancy design, so everything is drawn through the quantile function: the same
coordinate of the same world gives the same number under every policy, and a wider design only adds worlds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

__all__ = [
    "DISTRIBUTIONS",
    "Distribution",
    "Summary",
    "central_value",
    "describe",
    "faults",
    "quantile",
    "summary",
    "support",
]

DISTRIBUTIONS: Mapping[str, tuple[str, ...]] = {
    "constant": ("value",),
    "uniform": ("low", "high"),
    "loguniform": ("low", "high"),
    "normal": ("mean", "standard deviation"),
    "lognormal": ("median", "standard deviation of the logarithm"),
    "beta": ("a", "b"),
    "scaled_beta": ("a", "b", "low", "high"),
    "triangular": ("low", "mode", "high"),
}
"""Family and the meaning of its numbers, in the order in which a case writes them."""


@dataclass(frozen=True)
class Distribution:
    """A family and its numbers, before truncation.

    >>> describe(Distribution("beta", (2.0, 3.0)))
    'beta 2, 3'
    """

    kind: str
    numbers: tuple[float, ...]


class Summary(NamedTuple):
    """Figures of a truncated distribution, in the unit of its parameter."""

    mean: float
    median: float
    p05: float
    p95: float


def describe(distribution: Distribution) -> str:
    """Short text for tables and ``explain``."""
    shown = [f"{number:.6g}" for number in distribution.numbers]
    match distribution.kind:
        case "constant":
            return f"constant {shown[0]}"
        case "uniform" | "loguniform":
            return f"{distribution.kind} {shown[0]} to {shown[1]}"
        case "normal":
            return f"normal, mean {shown[0]}, sd {shown[1]}"
        case "lognormal":
            return f"lognormal, median {shown[0]}, log sd {shown[1]}"
        case "scaled_beta":
            return f"beta {shown[0]}, {shown[1]} scaled to {shown[2]} to {shown[3]}"
        case "triangular":
            return f"triangular {shown[0]} to {shown[2]}, mode {shown[1]}"
        case _:
            return f"{distribution.kind} {', '.join(shown)}"


def faults(distribution: Distribution) -> list[str]:
    """What is impossible about the numbers themselves; empty if nothing is."""
    numbers, found = distribution.numbers, []
    if not all(math.isfinite(number) for number in numbers):
        return ["every number must be finite"]
    match distribution.kind:
        case "uniform" | "loguniform" if numbers[0] >= numbers[1]:
            found.append("low must lie below high; a single value is written constant")
        case "normal" | "lognormal" if numbers[1] <= 0:
            found.append("the standard deviation must be above 0")
        case "beta" | "scaled_beta" if min(numbers[:2]) <= 0:
            found.append("a and b must be above 0")
        case "triangular" if not (numbers[0] <= numbers[1] <= numbers[2] and numbers[0] < numbers[2]):
            found.append("low, mode and high must rise")
    if distribution.kind in {"loguniform", "lognormal"} and numbers[0] <= 0:
        found.append("a logarithmic family needs positive numbers")
    if distribution.kind == "scaled_beta" and numbers[2] >= numbers[3]:
        found.append("low must lie below high")
    return found


def support(distribution: Distribution) -> tuple[float, float]:
    """Range of possible values before truncation."""
    numbers = distribution.numbers
    match distribution.kind:
        case "constant":
            return numbers[0], numbers[0]
        case "uniform" | "loguniform":
            return numbers[0], numbers[1]
        case "normal":
            return -math.inf, math.inf
        case "lognormal":
            return 0.0, math.inf
        case "beta":
            return 0.0, 1.0
        case "scaled_beta":
            return numbers[2], numbers[3]
        case _:
            return numbers[0], numbers[2]


def central_value(distribution: Distribution) -> float:
    """Mean, or the median of a lognormal, before truncation: it must lie inside the model's range."""
    numbers = distribution.numbers
    match distribution.kind:
        case "uniform":
            return (numbers[0] + numbers[1]) / 2
        case "loguniform":
            return math.sqrt(numbers[0] * numbers[1])
        case "beta":
            return numbers[0] / (numbers[0] + numbers[1])
        case "scaled_beta":
            return numbers[2] + (numbers[3] - numbers[2]) * numbers[0] / (numbers[0] + numbers[1])
        case "triangular":
            return sum(numbers) / 3
        case _:
            return numbers[0]


def _normal_cdf(value: FloatArray | float) -> Any:
    from scipy.special import ndtr

    return ndtr(value)


def _cumulative(distribution: Distribution, value: float) -> float:
    """Probability below a value, before truncation."""
    from scipy.special import betainc

    first, last = support(distribution)
    if value <= first:
        return 0.0
    if value >= last:
        return 1.0
    numbers = distribution.numbers
    match distribution.kind:
        case "uniform":
            return (value - first) / (last - first)
        case "loguniform":
            return math.log(value / first) / math.log(last / first)
        case "normal":
            return float(_normal_cdf((value - numbers[0]) / numbers[1]))
        case "lognormal":
            return float(_normal_cdf(math.log(value / numbers[0]) / numbers[1]))
        case "beta" | "scaled_beta":
            return float(betainc(numbers[0], numbers[1], (value - first) / (last - first)))
        case _:
            mode = numbers[1]
            if value < mode:
                return (value - first) ** 2 / ((last - first) * (mode - first))
            return 1.0 - (last - value) ** 2 / ((last - first) * (last - mode))


def _inverse(distribution: Distribution, probability: FloatArray) -> FloatArray:
    """Value below which the probability lies, before truncation."""
    import numpy as np
    from scipy.special import betaincinv, ndtri

    numbers = distribution.numbers
    first, last = support(distribution)
    match distribution.kind:
        case "uniform":
            value = first + (last - first) * probability
        case "loguniform":
            value = first * np.exp(probability * math.log(last / first))
        case "normal":
            value = numbers[0] + numbers[1] * ndtri(probability)
        case "lognormal":
            value = numbers[0] * np.exp(numbers[1] * ndtri(probability))
        case "beta" | "scaled_beta":
            # SciPy's inverse is NaN for some tiny probabilities; no design has points below this but 0.
            floored = np.where(probability > 0.0, np.maximum(probability, 1e-15), 0.0)
            value = first + (last - first) * betaincinv(numbers[0], numbers[1], floored)
        case _:
            mode, width = numbers[1], last - first
            rising = first + np.sqrt(probability * width * (mode - first))
            falling = last - np.sqrt((1.0 - probability) * width * (last - mode))
            value = np.where(probability * width < mode - first, rising, falling)
    return np.asarray(value, dtype=np.float64)


def _range(distribution: Distribution, low: float, high: float) -> tuple[float, float]:
    """Range that remains after truncation."""
    first, last = support(distribution)
    left, right = max(first, low), min(last, high)
    if left > right or (left == right and distribution.kind != "constant"):
        raise InputError(
            "a distribution has nothing inside its bounds",
            given=describe(distribution),
            expected=f"values within {low:g} to {high:g}",
        )
    return left, right


def quantile(
    distribution: Distribution, u: npt.ArrayLike, low: float = -math.inf, high: float = math.inf
) -> FloatArray:
    """Values of the truncated distribution at cumulative probabilities.

    Parameters
    ----------
    distribution : Distribution
    u : array of float
        Probabilities, 0-1, of any shape.
    low, high : float
        Bounds of the model's schema, in the parameter's unit.

    Returns
    -------
    array of float64
        Of the shape of ``u``, every value within ``low`` and ``high``, rising with ``u``.

    Raises
    ------
    InputError
        If a probability is not within 0-1, the numbers are impossible, or nothing is left inside the bounds.

    >>> quantile(Distribution("uniform", (0.0, 2.0)), [0.0, 0.5, 1.0], high=1.0).tolist()
    [0.0, 0.5, 1.0]
    """
    import numpy as np

    probability = np.asarray(u, dtype=np.float64)
    if not np.all((probability >= 0.0) & (probability <= 1.0)):
        raise InputError("a cumulative probability lies outside 0 to 1", expected="numbers from 0 to 1")
    wrong = faults(distribution)
    if wrong:
        raise InputError("impossible distribution", given=describe(distribution), expected=wrong[0])
    left, right = _range(distribution, low, high)
    if distribution.kind == "constant":
        return np.full(probability.shape, distribution.numbers[0])
    below, above = _cumulative(distribution, left), _cumulative(distribution, right)
    if not above > below:
        raise InputError(
            "a distribution has no probability inside its bounds",
            given=describe(distribution),
            expected=f"values within {low:g} to {high:g}",
        )
    inside = np.clip(below + (above - below) * probability, below, above)
    return np.clip(_inverse(distribution, inside), left, right)


def _mean(distribution: Distribution, low: float, high: float) -> float:
    """Mean of the truncated distribution, in closed form."""
    from scipy.special import betainc

    left, right = _range(distribution, low, high)
    numbers = distribution.numbers
    if distribution.kind in {"constant", "uniform"}:
        return (left + right) / 2
    if distribution.kind == "loguniform":
        return (right - left) / math.log(right / left)
    mass = _cumulative(distribution, right) - _cumulative(distribution, left)
    first, last = support(distribution)
    match distribution.kind:
        case "normal":
            alpha, beta = (left - numbers[0]) / numbers[1], (right - numbers[0]) / numbers[1]
            density = (math.exp(-0.5 * alpha * alpha) - math.exp(-0.5 * beta * beta)) / math.sqrt(2 * math.pi)
            return numbers[0] + numbers[1] * density / mass
        case "lognormal":
            alpha = math.log(left / numbers[0]) / numbers[1] if left > 0 else -math.inf
            beta = math.log(right / numbers[0]) / numbers[1] if right < math.inf else math.inf
            share = float(_normal_cdf(beta - numbers[1]) - _normal_cdf(alpha - numbers[1]))
            return numbers[0] * math.exp(numbers[1] ** 2 / 2) * share / mass
        case "beta" | "scaled_beta":
            a, b, width = numbers[0], numbers[1], last - first
            share = betainc(a + 1, b, (right - first) / width) - betainc(a + 1, b, (left - first) / width)
            return first + width * a / (a + b) * float(share) / mass
        case _:
            return _triangular_mean(distribution, left, right) / mass


def _triangular_mean(distribution: Distribution, left: float, right: float) -> float:
    """Integral of value times density between two bounds (divide by the mass for the mean)."""
    low, mode, high = distribution.numbers

    def rising(value: float) -> float:
        return 2 * (value**3 / 3 - low * value**2 / 2) / ((high - low) * (mode - low))

    def falling(value: float) -> float:
        return 2 * (high * value**2 / 2 - value**3 / 3) / ((high - low) * (high - mode))

    total = 0.0
    if left < mode:
        total += rising(min(mode, right)) - rising(left)
    if right > mode:
        total += falling(right) - falling(max(mode, left))
    return total


def summary(distribution: Distribution, low: float = -math.inf, high: float = math.inf) -> Summary:
    """Mean, median and 5-95 % range of the truncated distribution.

    >>> summary(Distribution("triangular", (0.0, 1.0, 2.0))).median
    1.0
    """
    p05, median, p95 = quantile(distribution, [0.05, 0.5, 0.95], low, high).tolist()
    return Summary(_mean(distribution, low, high), median, p05, p95)
