"""exp, log, power and sigmoid as plain arithmetic, so that LLVM can turn them into vector instructions
(``math.exp`` is a call into the C library, one world at a time).  Single precision: 1-2 units in the last place.

In the float64 test mode they are NumPy's own functions: exact, scalar, slow.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .compiler import REAL, equation

__all__ = ["approach", "clip", "exp", "log", "nothing", "power", "relative", "sigmoid"]


@equation
def _exp_single(x: Any) -> Any:
    """e**x for |x| < 87 (clipped beyond): range reduction by powers of two, then a polynomial."""
    x = min(max(REAL(x), -87.0), 88.0)
    n = np.floor(x * 1.4426950408889634 + 0.5)
    r = (x - n * 0.693359375) + n * 2.12194440054690583e-4
    series = 1.0 + r * (1.0 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720))))))
    return series * np.int32((np.int32(n) + 127) << 23).view(np.float32)


@equation
def _log_single(x: Any) -> Any:
    """Natural logarithm of a positive normal number: exponent from the bits, polynomial for the rest."""
    bits = np.float32(x).view(np.int32)
    exponent = np.int32((bits - 0x3F3504F3) >> 23)
    f = np.int32(bits - np.int32(exponent << 23)).view(np.float32) - 1.0
    z = f * f
    y = 7.0376836292e-2 * f - 1.1514610310e-1
    y = y * f + 1.1676998740e-1
    y = y * f - 1.2420140846e-1
    y = y * f + 1.4249322787e-1
    y = y * f - 1.6668057665e-1
    y = y * f + 2.0000714765e-1
    y = y * f - 2.4999993993e-1
    y = (y * f + 3.3333331174e-1) * f * z
    e = REAL(exponent)
    return f + (y - 0.5 * z) - e * 2.12194440054690583e-4 + e * 0.693359375


@equation
def _exp_double(x: Any) -> Any:
    return np.exp(x)


@equation
def _log_double(x: Any) -> Any:
    return np.log(x)


exp = _exp_double if REAL is np.float64 else _exp_single
log = _log_double if REAL is np.float64 else _log_single


@equation
def sigmoid(x: Any) -> Any:
    """Logistic function, 0-1."""
    return 1.0 / (1.0 + exp(-x))


@equation
def clip(x: Any, low: Any, high: Any) -> Any:
    """x kept within [low, high]."""
    return min(max(x, low), high)


@equation
def power(base: Any, exponent: Any) -> Any:
    """base ** exponent for a positive base; exactly 1 when the exponent is 0."""
    return exp(exponent * log(max(base, 1e-20)))


@equation
def relative(level: Any, reference: Any) -> Any:
    """Level over its mean in the reference period; 1 while that mean has not been measured yet (reference 0)."""
    return level / reference if reference > 0.0 else 1.0


@equation
def approach(level: Any, target: Any, speed: Any) -> Any:
    """One week's move of a level towards its target; speed in 1/week."""
    return level + speed * (target - level)


@equation
def nothing() -> Any:
    """Zero: a sum before its first term."""
    return REAL(0.0)
