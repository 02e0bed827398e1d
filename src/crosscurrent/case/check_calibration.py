"""Rules for what the model is set against, how drivers go on, and what data may teach."""

from __future__ import annotations

from ..errors import did_you_mean
from .check_tables import check_unit
from .draft import Draft
from .names import NameTables
from .problems import Notebook
from .records import Axis, DriverRule, Learned, Parameter, Series, Target

__all__ = ["check_calibration"]


def _check_series(target: Target, draft: Draft, notes: Notebook) -> None:
    """Series and definitions that a target names exist."""
    series: dict[str, Series] = draft.named("series")
    wanted = [("series", target.series, target.definition)]
    if target.minus is not None:
        wanted.append(("minus", target.minus.series, target.minus.definition))
    for key, name, definition in wanted:
        line = draft.line(target, key)
        if name not in series:
            hint = did_you_mean(name, series) if series else "add the series first"
            notes.add("unknown-series", target.file, line, f"{target.id}: unknown series {name!r}", hint)
            continue
        written = sorted({point.definition for point in series[name].points})
        if not any(text.startswith(definition) for text in written):
            message = f"{target.id}: {name} has no definition that begins with {definition!r}"
            hint = f"the first of its definitions is {written[0]!r}" if written else "the series is empty"
            notes.add("unknown-series", target.file, line, message, hint)


def _check_target(target: Target, draft: Draft, names: NameTables, notes: Notebook) -> None:
    _check_series(target, draft, notes)
    if target.published is not None:
        check_unit(target.published.unit, names, notes, target.file, draft.line(target, "published"))
    for key in ("measures", "over", "times"):
        for measure in getattr(target, key):
            if measure not in names.measures and measure not in names.observables:
                hint = did_you_mean(measure, (*names.measures, *names.observables))
                line = draft.line(target, key, measure)
                message = f"{target.id}: unknown measure {measure!r}"
                notes.add("unknown-measure", target.file, line, message, hint)


def _check_rule(rule: DriverRule, names: NameTables, draft: Draft, notes: Notebook) -> None:
    if rule.id not in names.levers and rule.id not in names.drivers:
        hint = did_you_mean(rule.id, (*names.levers, *names.drivers))
        notes.add("unknown-name", rule.file, rule.line, f"{rule.id!r} is no lever and no driver", hint)


def _check_learned(entries: list[Learned], draft: Draft, names: NameTables, notes: Notebook) -> None:
    """What is learned exists, and never apart from the axis it depends on."""
    axes: dict[str, Axis] = draft.named("axes.yaml")
    parameters: dict[str, Parameter] = draft.named("parameters")
    learned_axes = {name for entry in entries for name in entry.axes}
    for entry in entries:
        for name in entry.axes:
            line = draft.line(entry, "axes", entry.axes.index(name))
            if name not in draft.written("axes.yaml"):
                hint = did_you_mean(name, draft.written("axes.yaml"))
                notes.add("unknown-axis", entry.file, line, f"{entry.id}: unknown axis {name!r}", hint)
            elif name in axes and (weights := axes[name].weights_given) and weights.axis not in learned_axes:
                message = f"{entry.id}: the weights of axis {name} depend on {weights.axis}, which is not learned"
                notes.add("half-learned", entry.file, line, message, f"learn {weights.axis} too")
        for place, name in enumerate(entry.parameters):
            line = draft.line(entry, "parameters", place)
            if name not in names.parameters:
                hint = did_you_mean(name, names.parameters)
                notes.add("unknown-parameter", entry.file, line, f"{entry.id}: unknown parameter {name!r}", hint)
            elif name in parameters and (axis := parameters[name].axis) and axis not in learned_axes:
                message = f"{entry.id}: {name} depends on axis {axis}, which is not learned"
                notes.add("half-learned", entry.file, line, message, f"learn {axis} too, or leave {name} out")


def check_calibration(draft: Draft, names: NameTables, notes: Notebook) -> None:
    """Apply the rules for targets, driver rules and learned entries.

    Parameters
    ----------
    draft : Draft
        The case as read.
    names : NameTables
        Names of the model.
    notes : Notebook
        Receives what is wrong.
    """
    for target in draft.get("targets.yaml"):
        _check_target(target, draft, names, notes)
    for rule in draft.get("driver_rules.yaml"):
        _check_rule(rule, names, draft, notes)
    _check_learned(draft.get("learned.yaml"), draft, names, notes)
