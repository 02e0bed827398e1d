"""Results as a labelled xarray dataset."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .batch import QUANTILE_LEVELS
from .labels import Label
from .shards import AXIS, PARAMETER

if TYPE_CHECKING:
    import xarray

    from .results import Results

__all__ = ["results_dataset"]

_WORLD_DIMS = ("policy", "theory", "world")


def results_dataset(results: Results, measures: Sequence[str] | None = None) -> xarray.Dataset:
    """A dataset with dimensions policy, theory, world, quantile, time and path_world.

    ``<measure>`` is its value in each world, ``<measure>_quantiles`` and ``<measure>_paths`` its monthly
    path; ``parameter_<name>`` and ``axis_<name>`` are what each world drew; ``failed_week`` is -1 where a
    world did not fail.
    """
    import xarray

    labels = results.labels
    tables = results.tables(measures)
    variables: dict[str, Any] = {}
    months: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)
    path_worlds = months
    for name, table in tables.items():
        attributes = _attributes(labels.get(name), name)
        quantiles, paths = results.quantiles(name), results.paths(name)
        months, path_worlds = quantiles.months, paths.worlds
        variables[name] = (_WORLD_DIMS, table, attributes)
        dims = ("policy", "theory", "time", "quantile")
        variables[f"{name}_quantiles"] = (dims, quantiles.values.astype(np.float32), attributes)
        dims = ("policy", "theory", "path_world", "time")
        variables[f"{name}_paths"] = (dims, paths.values.astype(np.float32), attributes)
    for prefix, drawn in (
        (PARAMETER, _drawn(results, results.parameters)),
        (AXIS, _drawn(results, results.axes)),
    ):
        for name, values in drawn.items():
            attributes = _attributes(labels.get(prefix + name), name)
            variables[prefix + name] = (("theory", "world"), values, attributes)
    weeks = {
        "units": "weeks since 2012-01-02",
        "long_name": "week in which the world failed; -1 if it did not",
    }
    variables["failed_week"] = (_WORLD_DIMS, results.failed_weeks(), weeks)
    coordinates = {
        "policy": list(results.policies),
        "theory": list(results.theories),
        "world": results.worlds,
        "quantile": list(QUANTILE_LEVELS),
        "time": (np.datetime64("2012-01", "M") + months).astype("datetime64[ns]"),
        "path_world": path_worlds,
    }
    return xarray.Dataset(variables, coordinates, _study_attributes(results))


def _drawn(
    results: Results, read: Callable[[str], dict[str, npt.NDArray[Any]]]
) -> dict[str, npt.NDArray[Any]]:
    """Drawn values of all theories, [theory, world]; a parameter that a theory lacks is empty there."""
    tables: dict[str, npt.NDArray[Any]] = {}
    for index, theory in enumerate(results.theories):
        for name, values in read(theory).items():
            if name not in tables:
                empty: Any = np.nan if values.dtype.kind == "f" else None
                tables[name] = np.full((len(results.theories), len(values)), empty, dtype=values.dtype)
            tables[name][index] = values
    return tables


def _attributes(label: Label | None, name: str) -> dict[str, str]:
    long_name = label.long_name if label is not None and label.long_name else name.replace("_", " ")
    return (
        {"units": label.unit, "long_name": long_name}
        if label is not None and label.unit
        else {"long_name": long_name}
    )


def _study_attributes(results: Results) -> dict[str, Any]:
    manifest = results.manifest
    return {
        "title": f"crosscurrent study {results.study.name}",
        "study": results.study.to_yaml(),
        "study_digest": manifest.study_digest,
        "case_digest": manifest.case_digest,
        "seed": results.study.seed,
        "worlds": results.study.worlds,
        "failed_worlds": results.failed_worlds,
        "versions": json.dumps(asdict(manifest.environment), sort_keys=True),
    }
