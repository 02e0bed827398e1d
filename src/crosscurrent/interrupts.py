"""Interrupts that are not lost in a callback from C."""

from __future__ import annotations

import _thread
import contextlib
import sys
import threading
from collections.abc import Iterator
from typing import Any

__all__ = ["interrupts_kept"]

_AGAIN = 0.05
"""Seconds until a dropped interrupt comes again: the callback has returned by then."""


@contextlib.contextmanager
def interrupts_kept() -> Iterator[None]:
    """An interrupt that Python would print and drop comes again a moment later.

    The compiler's library calls back into Python while it reads a compiled function.  An exception raised there cannot
    be passed through C, so without this a Ctrl-C of that moment would be lost and the work would go on.
    """
    others = sys.unraisablehook

    def hook(found: Any) -> None:
        if issubclass(found.exc_type, KeyboardInterrupt):
            again = threading.Timer(_AGAIN, _thread.interrupt_main)
            again.daemon = True
            again.start()
        else:
            others(found)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = others
