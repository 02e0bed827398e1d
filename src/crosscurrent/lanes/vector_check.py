"""Have the lane loops become vector code?  Reads the optimised LLVM code; no timing, so it can run in any test suite.

LLVM turns a loop over lanes into a vector loop plus a scalar rest loop and marks both
``llvm.loop.isvectorized``.  An innermost
loop that works on real numbers, has no such mark and holds no vector instruction has been lost; so has a vector
loop with
scalar arithmetic or calls in it.  Independent of the vector width (SSE, AVX2, AVX-512, NEON).

The number of lost loops is read by regular expression from LLVM's text: a new LLVM may need a change here.  A
function in
which no vector loop is found fails, so the check does not fall silent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from . import compiler

__all__ = ["Report", "check", "inspect", "known_processor"]

REAL_TYPE = "double" if compiler.REAL is np.float64 else "float"
VECTOR = re.compile(rf"<(\d+) x {REAL_TYPE}>")
SCALAR_WORK = re.compile(
    rf"= f(?:add|sub|mul|div|neg|cmp)\b[a-z ]* {REAL_TYPE} |call\b[^\n<]* {REAL_TYPE} @|call\b[^\n]*@(?!llvm\.)|"
    r"@llvm\.(?:exp|log|pow|sin|cos|tan|asin|acos|atan)"
)
SCALAR_LOAD = re.compile(rf"= load {REAL_TYPE},")


class Report(NamedTuple):
    """What became of one lane loop."""

    name: str
    vector_loops: int
    lost_loops: int
    width: int
    """Widest vector, in real numbers."""
    double_precision: bool
    """A stray double in a single-precision loop."""


def known_processor() -> bool:
    """Whether the check knows what to expect of this processor: 64-bit x86 with SSE4.2 or better, or 64-bit ARM."""
    import platform

    import llvmlite.binding

    features = llvmlite.binding.get_host_cpu_features()
    return platform.machine() in ("arm64", "aarch64") or bool(features.get("sse4.2"))


def _innermost_loops(code: str) -> Iterator[tuple[str, str]]:
    """Text of each innermost loop, and of the branch that closes it (a branch to an earlier or the same label)."""
    parts = re.split(r"^([\w.$\"-]+):[^\n]*\n", code, flags=re.M)
    labels, bodies = ["entry"] + [x.strip('"') for x in parts[1::2]], parts[0::2]
    place = {label: k for k, label in enumerate(labels)}
    loops = []
    for last, body in enumerate(bodies):
        for line in body.splitlines():
            if line.lstrip().startswith("br "):
                starts = [place[x] for x in re.findall(r'label %"?([\w.$-]+)', line) if place.get(x, last + 1) <= last]
                loops += [(first, last, line) for first in starts]
    for first, last, branch in loops:
        if not any((a, b) != (first, last) and first <= a and b <= last for a, b, _ in loops):
            yield "".join(bodies[first : last + 1]), branch


def inspect(function: Any) -> Report:
    """Report on the compiled code of one lane loop (compile it first, by calling it or its caller)."""
    code = function.inspect_llvm(function.signatures[-1])
    flags = set(re.findall(r'^(!\d+) = !\{!"llvm.loop.isvectorized"', code, flags=re.M))
    marked = {
        name
        for name, text in re.findall(r"^(!\d+) = distinct !\{(.*)\}$", code, flags=re.M)
        if flags & set(text.split(", "))
    }
    texts = re.findall(r"^define .*?^\}", code, flags=re.M | re.S)
    main = next(t for t in texts if "cpython" not in t.splitlines()[0] and "cfunc" not in t.splitlines()[0])
    vector = lost = 0
    for body, branch in _innermost_loops(main):
        mark = re.search(r"!llvm\.loop (!\d+)", branch)
        if VECTOR.search(body):
            vector += 1
            lost += bool(SCALAR_WORK.search(body))
        elif (SCALAR_WORK.search(body) or SCALAR_LOAD.search(body)) and not (mark and mark.group(1) in marked):
            lost += 1
    width = max(map(int, VECTOR.findall(main)), default=1)
    vector += bool(re.search(r"@llvm\.mem(?:set|cpy|move)", main))  # the whole loop became one instruction
    double = REAL_TYPE == "float" and bool(re.search(r"\bdouble\b", main))
    return Report(function.py_func.__name__, vector, lost, width, double)


def check(functions: Iterable[Any]) -> list[Report]:
    """Inspect compiled lane loops.

    Raises
    ------
    AssertionError
        With the names of those that lost their vectorisation.
    """
    reports = [inspect(function) for function in functions]
    bad = [r for r in reports if r.lost_loops or r.double_precision or not r.vector_loops]
    assert not bad, "not vectorised: " + ", ".join(map(str, bad))
    return reports
