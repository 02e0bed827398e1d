"""The report of a study: one HTML file that opens without a network and has a table behind each chart."""

from __future__ import annotations

from .write import write_report

__all__ = ["write_report"]
