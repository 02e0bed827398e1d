"""Commands that ask what follows from a stored study: robustness, flips, discovery, claims, pathways, search."""

from __future__ import annotations

__all__: list[str] = []
