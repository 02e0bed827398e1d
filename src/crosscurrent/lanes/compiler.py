"""How model code becomes machine code.  Four decorators, one literal rule, one safe cache.  Nothing here knows
the model.

    @equation      scalar function of one world; inlined into the loops; plain Python through ``.py_func``
    @lane_loop     loops over the worlds of a block; must vectorise (see vector_check.py)
    @scalar_loop   the same for rare events with branches; not expected to vectorise
    @checked_loop  looks for values that are not finite or out of bounds: ordinary IEEE rules, no fast maths
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pathlib
import platform
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import llvmlite
import llvmlite.binding
import numba
import numpy as np
from numba.core import ir
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.untyped_passes import IRProcessing

__all__ = [
    "LANE_LOOPS",
    "PRECISION",
    "REAL",
    "Real",
    "cache_folder",
    "checked_loop",
    "compile_options",
    "equation",
    "fingerprint",
    "lane_loop",
    "numba_cache",
    "scalar_loop",
]

PRECISION = os.environ.get("CROSSCURRENT_PRECISION", "float32")
"""``float32``, or ``float64`` as a test mode from the same source (environment variable CROSSCURRENT_PRECISION)."""
REAL: Any = np.float64 if PRECISION == "float64" else np.float32
# No 'reassoc': sums keep their order, so the bits do not depend on the width of the vectors.
Real = float
"""Type of a number of one world in an equation; Numba compiles it as PRECISION says."""
FASTMATH = {"contract", "nsz", "arcp", "nnan", "ninf", "afn"}
Function = TypeVar("Function", bound=Callable[..., Any])
LANE_LOOPS: dict[str, Any] = {}
"""Every lane loop by name: filled by the decorator, read by vector_check."""
KEPT_CACHES = 6


@register_pass(mutates_CFG=False, analysis_only=False)
class RealLiterals(FunctionPass):  # type: ignore[misc]
    """Read the literal 0.5 as REAL(0.5); else Numba computes ``0.5 * x`` in double precision and halves the speed."""

    _name = "real_literals"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        found = [
            assign.value
            for block in state.func_ir.blocks.values()
            for assign in block.find_insts(ir.Assign)
            if isinstance(assign.value, ir.Const | ir.Global | ir.FreeVar) and type(assign.value.value) is float
        ]
        for constant in found:
            constant.value = REAL(constant.value)
        return bool(found)


class RealCompiler(CompilerBase):  # type: ignore[misc]
    """Numba's pipeline plus the literal rule, with the promise that no two arguments overlap."""

    def define_pipelines(self) -> list[Any]:
        self.state.flags.noalias = True
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(RealLiterals, IRProcessing)
        passes.finalize()
        return [passes]


compile_options: dict[str, Any] = {"fastmath": FASTMATH, "error_model": "numpy", "pipeline_class": RealCompiler}
_compile_equation: Callable[..., Any] = numba.njit(**compile_options, forceinline=True)
scalar_loop: Callable[..., Any] = numba.njit(**compile_options)
checked_loop: Callable[..., Any] = numba.njit(error_model="numpy", pipeline_class=RealCompiler)


def equation(function: Function) -> Function:
    """Compile a scalar equation of one world; it is inlined into the loops that call it."""
    compiled: Function = _compile_equation(function)
    return compiled


def lane_loop(function: Callable[..., Any]) -> Any:
    """Compile a loop over lanes and list it for the vectorisation check."""
    compiled = scalar_loop(function)
    LANE_LOOPS[function.__name__] = compiled
    return compiled


def fingerprint(sources: Iterable[pathlib.Path], texts: Iterable[str] = ()) -> str:
    """Hash of all that can change the machine code: source files, generated texts, versions, CPU, precision,
    settings."""
    digest = hashlib.sha256()
    for path in sorted(sources):
        digest.update(path.name.encode() + path.read_bytes())
    for text in texts:
        digest.update(text.encode())
    settings = sorted(
        (name, value)
        for name, value in os.environ.items()
        if name.startswith("NUMBA_") and name not in {"NUMBA_NUM_THREADS", "NUMBA_CACHE_DIR"}
    )
    versions = platform.python_version(), numba.__version__, llvmlite.__version__, np.__version__
    cpu = llvmlite.binding.get_host_cpu_name(), str(llvmlite.binding.get_host_cpu_features())
    digest.update(repr((versions, cpu, PRECISION, settings)).encode())
    return digest.hexdigest()[:16]


def cache_folder(name: str) -> pathlib.Path:
    """Folder for compiled code of one fingerprint; made on demand, the oldest others pruned.

    ``CROSSCURRENT_CACHE`` sets the place (default ``~/.cache/crosscurrent``).  Where that cannot be written, a
    temporary folder is used: slower starts, same results.
    """
    root = pathlib.Path(os.environ.get("CROSSCURRENT_CACHE") or pathlib.Path.home() / ".cache" / "crosscurrent")
    folder = root / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        with contextlib.suppress(OSError):
            _prune(root, keep=folder)
        return folder if os.access(folder, os.W_OK) else _temporary(name)
    except OSError:
        return _temporary(name)


def _temporary(name: str) -> pathlib.Path:
    import tempfile

    folder = pathlib.Path(tempfile.gettempdir()) / f"crosscurrent-{os.getuid() if hasattr(os, 'getuid') else 0}-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _prune(root: pathlib.Path, keep: pathlib.Path) -> None:
    """Remove all but the newest caches; a cache used within the last day stays."""
    folders = sorted((f for f in root.iterdir() if f.is_dir()), key=lambda f: f.stat().st_mtime, reverse=True)
    for folder in folders[KEPT_CACHES:]:
        if folder != keep and time.time() - folder.stat().st_mtime > 86_400:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def numba_cache(folder: pathlib.Path) -> Iterator[None]:
    """Numba's own cache looks only at the file of the jitted function: an edit to an inlined equation elsewhere would
    be missed.  So our functions are cached in a folder named by the fingerprint; other people's caches are
    untouched."""
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(folder)
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before
