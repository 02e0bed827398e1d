"""The page: the laboratory in a browser, live or as one file, in English and Spanish.

The parts: :mod:`.questions` (what may be asked), :mod:`.worlds` (blocks of worlds, kept and cancelled),
:mod:`.answers` (figures of an answer), :mod:`.description` and :mod:`.lookups` (the case, its sources, its past),
:mod:`.catalogues` (words), :mod:`.application` (addresses), :mod:`.guard` (limits), :mod:`.export` (one file).
"""

from __future__ import annotations

__all__: list[str] = []
