"""The versions and processor a number came from.

Draws are the same anywhere, but the last bits of a float depend on the compiler, the vector instructions
and the libraries. Mixing shards from two of them would break "identical bits", so the store records them
and refuses the mixture.
"""

from __future__ import annotations

import functools
import hashlib
import platform
from dataclasses import asdict, dataclass
from importlib import metadata

__all__ = ["Environment", "this_environment"]

_PACKAGES = ("crosscurrent", "numpy", "scipy", "numba", "llvmlite")


@dataclass(frozen=True)
class Environment:
    """What besides the study can move a bit, and (``python``, ``pyarrow``) what else one wants to know."""

    crosscurrent: str
    numpy: str
    scipy: str
    numba: str
    llvmlite: str
    processor: str
    processor_features: str
    precision: str
    python: str
    pyarrow: str

    def differences(self, other: Environment) -> list[str]:
        """What differs from another environment in a way that can move a bit, in words."""
        mine, others = asdict(self), asdict(other)
        return [
            f"{name.replace('_', ' ')} {others[name]} then, {mine[name]} now"
            for name in mine
            if name not in ("python", "pyarrow") and mine[name] != others[name]
        ]


@functools.cache
def _processor() -> tuple[str, str]:
    """Name of the processor and a short hash of the instructions it offers."""
    from llvmlite import binding

    features = binding.get_host_cpu_features()
    text = ",".join(sorted(name for name, present in features.items() if present))
    return str(binding.get_host_cpu_name()), hashlib.sha256(text.encode()).hexdigest()[:16]


def this_environment(precision: str) -> Environment:
    """The environment of this process."""
    versions = {name: _version(name) for name in (*_PACKAGES, "pyarrow")}
    name, features = _processor()
    return Environment(
        **versions,
        processor=name,
        processor_features=features,
        precision=precision,
        python=platform.python_version(),
    )


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "unknown"
