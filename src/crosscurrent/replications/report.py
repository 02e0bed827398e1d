"""The report of replications: one HTML file with its drawings inside."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import InputError
from .target import Replication, Row

__all__ = ["check_target", "counted", "figure", "write_replications"]

_TEMPLATES = Path(__file__).parent / "templates"
_STYLES = Path(__file__).parent.parent / "report" / "templates"


def figure(value: float | str) -> str:
    """A published or computed value to three digits or to the unit; words stay as they are.

    >>> figure(173800.1), figure(0.1290322), figure("sign"), figure(-25.797), figure(6500.0), figure(18.97)
    ('173,800', '0.129', 'sign', '−25.8', '6,500', '19.0')
    """
    if isinstance(value, str):
        return value
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    if value == 0.0 or (value == round(value) and size < 1e12):
        text = f"{size:,.0f}"
    elif not 1e-4 <= size < 1e12:
        text = f"{size:.3g}"
    else:
        text = f"{size:,.{max(0, 2 - math.floor(math.log10(size)))}f}"
    return f"−{text}" if value < 0 else text


def counted(rows: Sequence[Row]) -> dict[str, int]:
    """Rows by verdict, and all."""
    counts = {name: sum(row.verdict == name for row in rows) for name in ("pass", "gap", "fail")}
    return {**counts, "total": len(rows)}


def check_target(path: Path) -> None:
    """Refuse a file that cannot be written before anything is computed; its folder is made if need be.

    Raises
    ------
    InputError
        If it is a folder, or lies below a file.
    StoreError
        If its folder is read-only.
    """
    from ..study.atomic import make_folder

    if path.is_dir():
        raise InputError("the report's file is a folder", given=str(path), expected="a file to write, like report.html")
    make_folder(path.parent)


def write_replications(path: Path, results: Mapping[str, tuple[Replication, Sequence[Row]]]) -> Path:
    """Write the report of replications and their rows; draws the charts.

    Raises
    ------
    InputError, StoreError
        If the file cannot be written.
    """
    from ..study.atomic import write_whole

    check_target(path)
    write_whole(path, _render(results).encode())
    return path


def _render(results: Mapping[str, tuple[Replication, Sequence[Row]]]) -> str:
    from importlib import metadata

    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader((_TEMPLATES, _STYLES)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    parts = [_part(model, rows) for model, rows in results.values()]
    every = [row for _, rows in results.values() for row in rows]
    return environment.get_template("replications.html.j2").render(
        parts=parts, counts=counted(every), version=metadata.version("crosscurrent")
    )


def _part(model: Replication, rows: Sequence[Row]) -> dict[str, Any]:
    from .drawing import draw

    shown = [replace(row, published=figure(row.published)) for row in rows]
    return {
        "model": model,
        "counts": counted(rows),
        "rows": [{**vars(row), "ours": figure(row.ours)} for row in shown],
        "charts": [{"title": chart.title, "drawing": draw(chart)} for chart in model.charts()],
    }
