"""Units and meanings of columns, so that a file explains itself without this package."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Label", "model_labels"]


class Label(NamedTuple):
    """What a column holds."""

    unit: str
    long_name: str


def model_labels() -> dict[str, Label]:
    """Labels of the model's parameters, measures and observables, by column name (``parameter_<name>``)."""
    from ..model import schema

    labels = {}
    for name, measure in {**schema.MEASURES, **schema.OBSERVABLES}.items():
        labels[name] = Label(measure.unit, measure.meaning)
    for name, parameter in schema.PARAMETERS.items():
        labels[f"parameter_{name}"] = Label(parameter.unit, name.replace("_", " "))
    return labels
