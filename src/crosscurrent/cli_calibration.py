"""Commands that set the model against data: calibration, back-test, forecast, new data."""

from __future__ import annotations

__all__: list[str] = []
