"""Ways to break the calibration files of the small case, each with the rule that must find it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from case_sample import Sample

Change = Callable[[Sample], None]


def put(file: str, key: str, value: Any) -> Change:
    """Set a key of the first entry; ``a.b`` reaches inside."""

    def change(sample: Sample) -> None:
        *outer, last = key.split(".")
        place: Any = sample.entry(file)
        for part in outer:
            place = place[part]
        place[last] = value

    return change


def renamed(file: str, name: str) -> Change:
    """Give the first entry another id."""

    def change(sample: Sample) -> None:
        data = sample[file]
        data[name] = data.pop(next(iter(data)))

    return change


T, D, L = "targets.yaml", "driver_rules.yaml", "learned.yaml"

CALIBRATION_BREAKS: list[tuple[str, str, Change]] = [
    ("not-finite", T, put(T, "level_margin", float("nan"))),
    ("not-finite", T, put(T, "background", float("inf"))),
    ("wrong-type", T, put(T, "fit", "maybe")),
    ("unknown-choice", T, put(T, "frequency", "week")),
    ("unknown-choice", T, put(T, "score", "best")),
    ("unknown-choice", T, put(T, "scale", "linear")),
    ("out-of-range", T, put(T, "level_margin", 0)),
    ("out-of-range", T, put(T, "published.per_unit", -1)),
    ("unknown-series", T, put(T, "series", "death")),
    ("unknown-series", T, put(T, "definition", "every")),
    ("unknown-series", T, put(T, "minus.definition", "week")),
    ("unknown-measure", T, put(T, "measures", {"homicide": 1})),
    ("unknown-measure", T, put(T, "over", {"mising": 1})),
    ("wrong-unit", T, put(T, "published.unit", "furlongs")),
    ("id-form", T, renamed(T, "Deaths Annual")),
    ("unknown-choice", D, put(D, "scale", "cubic")),
    ("unknown-choice", D, put(D, "trend", "up")),
    ("out-of-range", D, put(D, "least_change", 0)),
    ("not-finite", D, put(D, "least_change", float("nan"))),
    ("wrong-type", D, put(D, "least_change", "small")),
    ("unknown-name", D, renamed(D, "naloxone_kit")),
    ("id-form", D, renamed(D, "Naloxone Kits")),
    ("unknown-axis", L, put(L, "axes", ["removals"])),
    ("unknown-parameter", L, put(L, "parameters", ["split_probabilty"])),
    ("half-learned", L, put(L, "axes", [])),
    ("half-learned", L, put(L, "axes", ["number"])),
    ("wrong-type", L, put(L, "axes", 3)),
    ("id-form", L, renamed(L, "The Groups")),
]
