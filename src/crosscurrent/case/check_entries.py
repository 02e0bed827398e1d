"""Rules for products, corridors, levers, parameters, axes and theories."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..errors import did_you_mean
from .check_tables import check_unit
from .distributions import Distribution, central_value, describe, support
from .draft import Draft
from .names import NameTables
from .problems import Notebook
from .records import Axis, Corridor, Lever, Parameter, Theory

__all__ = ["check_entries"]

_SUM_TOLERANCE = 1e-6


def _check_corridors(draft: Draft, notes: Notebook) -> None:
    corridors: list[Corridor] = draft.get("corridors.yaml")
    products = draft.written("products.yaml")
    totals = dict.fromkeys(products, 0.0)
    for corridor in corridors:
        for product, part in corridor.base_share.items():
            if product not in products:
                line = draft.line(corridor, "base_share", product)
                notes.add(
                    "unknown-product",
                    corridor.file,
                    line,
                    f"unknown product {product!r}",
                    did_you_mean(product, products),
                )
            else:
                totals[product] += part
        for product in sorted(products - set(corridor.base_share)):
            line = draft.line(corridor, "base_share")
            notes.add(
                "missing-share",
                corridor.file,
                line,
                f"{corridor.id}: no share of {product}",
                "write 0 if there is none",
            )
    # A corridor that could not be read is missing from the sums; its own problem is enough.
    if len(corridors) == len(draft.written("corridors.yaml")):
        for product, total in sorted(totals.items()):
            if corridors and abs(total - 1.0) > _SUM_TOLERANCE:
                line = min(corridor.line for corridor in corridors)
                notes.add(
                    "sum-not-one",
                    "corridors.yaml",
                    line,
                    f"shares of {product} add up to {total:.6f}",
                    "divide each by the sum",
                )


def _check_lever(lever: Lever, draft: Draft, names: NameTables, notes: Notebook) -> None:
    def note(rule: str, key: str, message: str, suggestion: str) -> None:
        notes.add(rule, lever.file, draft.line(lever, key), f"{lever.id}: {message}", suggestion)

    model = names.levers.get(lever.id)
    if model is not None:
        if lever.unit != model.unit:
            note("wrong-unit", "unit", f"unit is {lever.unit!r}", f"the model has {model.unit!r}")
        if lever.owner != model.owner:
            note("lever-mismatch", "owner", f"owner is {lever.owner!r}", f"the model has {model.owner!r}")
        carried = "full" if lever.implementation == 1 else lever.implementation
        if carried != model.implementation:
            hint = "write 1" if model.implementation == "full" else f"write {model.implementation}"
            note("lever-mismatch", "implementation", f"implementation is {carried!r}", hint)
        for key, bound in (("low", lever.low), ("high", lever.high)):
            if not model.low <= bound <= model.high:
                note(
                    "out-of-range",
                    key,
                    f"{key} is {bound:g}",
                    f"the model allows {model.low:g} to {model.high:g}",
                )
    if lever.low >= lever.high:
        note(
            "impossible-bounds",
            "low",
            f"low {lever.low:g} is not below high {lever.high:g}",
            "swap or mend them",
        )
    else:
        extra = (
            {} if lever.extrapolation_above is None else {"extrapolation_above": lever.extrapolation_above}
        )
        for key, value in {"status_quo": lever.status_quo, "reference": lever.reference, **extra}.items():
            if not lever.low <= value <= lever.high:
                note("out-of-range", key, f"{key} is {value:g}", f"give {lever.low:g} to {lever.high:g}")
    if isinstance(lever.cost, str) and lever.cost not in names.parameters:
        note(
            "unknown-parameter",
            "cost",
            f"unknown parameter {lever.cost!r}",
            did_you_mean(lever.cost, names.parameters),
        )
    if isinstance(lever.implementation, str) and lever.implementation not in {*names.parameters, "full"}:
        hint = did_you_mean(lever.implementation, names.parameters)
        note("unknown-parameter", "implementation", f"unknown parameter {lever.implementation!r}", hint)


def _check_levers(draft: Draft, names: NameTables, notes: Notebook) -> None:
    written = draft.written("levers.yaml")
    lines = {raw.id: raw.line for raw in draft.raw.values() if raw.file == "levers.yaml"}
    for name in sorted(written - set(names.levers)):
        notes.add(
            "unknown-lever",
            "levers.yaml",
            lines.get(name, 0),
            f"the model has no lever {name!r}",
            did_you_mean(name, names.levers),
        )
    for name in names.levers:
        if written and name not in written:
            notes.add("missing-lever", "levers.yaml", 0, f"lever {name!r} of the model is missing", "add it")
    for lever in draft.get("levers.yaml"):
        _check_lever(lever, draft, names, notes)


def _check_parameter_names(draft: Draft, names: NameTables, notes: Notebook) -> None:
    seen: dict[str, str] = {}
    for raw in draft.raw_parameters:
        model = names.parameters.get(raw.id)
        if model is None:
            hint = did_you_mean(raw.id, names.parameters)
            notes.add("unknown-parameter", raw.file, raw.line, f"the model never reads {raw.id!r}", hint)
        elif Path(raw.file).stem != model.subsystem:
            hint = f"move it to parameters/{model.subsystem}.yaml"
            notes.add(
                "misplaced-parameter", raw.file, raw.line, f"{raw.id} belongs to {model.subsystem}", hint
            )
        if raw.id in seen:
            notes.add(
                "duplicate-parameter", raw.file, raw.line, f"{raw.id} is also at {seen[raw.id]}", "keep one"
            )
        seen.setdefault(raw.id, f"{raw.file}:{raw.line}")
    for name, model in names.parameters.items():
        if name not in seen:
            file = f"parameters/{model.subsystem}.yaml"
            notes.add(
                "missing-parameter",
                file,
                0,
                f"parameter {name!r} of the model is missing",
                "add it with its evidence",
            )


def _range_fault(distribution: Distribution, low: float, high: float) -> str | None:
    """Why a distribution does not fit the model's range; None if it fits."""
    first, last = support(distribution)
    bounded = distribution.kind in {"constant", "uniform", "loguniform", "triangular"}
    slack = 1e-12 * max(1.0, abs(low), abs(high))
    if bounded and (first < low - slack or last > high + slack):
        return f"{describe(distribution)} leaves the range of the model"
    centre = central_value(distribution)
    if not low <= centre <= high:
        return f"the centre of {describe(distribution)}, {centre:g}, is outside the range of the model"
    return None


def _check_parameter(
    parameter: Parameter, axes: dict[str, Axis], draft: Draft, names: NameTables, notes: Notebook
) -> None:
    def note(rule: str, path: Iterable[str], message: str, suggestion: str) -> None:
        notes.add(
            rule, parameter.file, draft.line(parameter, *path), f"{parameter.id}: {message}", suggestion
        )

    model = names.parameters.get(parameter.id)
    if model is not None:
        if parameter.unit != model.unit:
            note("wrong-unit", ["unit"], f"unit is {parameter.unit!r}", f"the model has {model.unit!r}")
        whole = {("distribution",): parameter.distribution}
        for path, distribution in (
            whole | {("rivals", rival): d for rival, d in parameter.rivals.items()}
        ).items():
            fault = _range_fault(distribution, model.low, model.high)
            if fault:
                note("out-of-range", path, fault, f"stay within {model.low:g} to {model.high:g}")
    if parameter.axis is None:
        if parameter.rivals:
            note("unknown-axis", ["rivals"], "rivals without an axis", "name the axis they belong to")
        return
    if parameter.axis not in draft.written("axes.yaml"):
        hint = did_you_mean(parameter.axis, draft.written("axes.yaml"))
        note("unknown-axis", ["axis"], f"unknown axis {parameter.axis!r}", hint)
        return
    if not parameter.rivals:
        note(
            "missing-rival",
            ["axis"],
            f"axis {parameter.axis} changes nothing here",
            "give rivals, or no axis",
        )
    axis = axes.get(parameter.axis)
    for rival in parameter.rivals:
        if axis is not None and rival not in axis.rivals:
            note(
                "unknown-rival",
                ["rivals", rival],
                f"axis {axis.id} has no rival {rival!r}",
                did_you_mean(rival, axis.rivals),
            )


def _check_weights(axis: Axis, axes: dict[str, Axis], draft: Draft, notes: Notebook) -> None:
    """Rules for weights that depend on another axis."""
    given = axis.weights_given
    if given is None:
        return

    def note(rule: str, path: Iterable[str], message: str, suggestion: str) -> None:
        notes.add(
            rule, axis.file, draft.line(axis, "weights_given", *path), f"{axis.id}: {message}", suggestion
        )

    other = axes.get(given.axis)
    if given.axis not in draft.written("axes.yaml") or given.axis == axis.id:
        hint = did_you_mean(given.axis, draft.written("axes.yaml") - {axis.id})
        note("unknown-axis", ["axis"], f"unknown or own axis {given.axis!r}", hint)
    elif other is not None:
        if other.weights_given is not None:
            note(
                "unknown-axis",
                ["axis"],
                f"{given.axis} depends on another axis itself",
                "only one step is allowed",
            )
        for rival in sorted(set(given.table) - set(other.rivals)):
            note(
                "unknown-rival",
                ["table", rival],
                f"axis {other.id} has no rival {rival!r}",
                did_you_mean(rival, other.rivals),
            )
        for rival in sorted(set(other.rivals) - set(given.table)):
            note(
                "missing-rival", ["table"], f"no weights given {other.id} {rival}", "add a row for each rival"
            )
    for row, weights in given.table.items():
        for rival in sorted(set(weights) - set(axis.rivals)):
            note(
                "unknown-rival",
                ["table", row, rival],
                f"no rival {rival!r} here",
                did_you_mean(rival, axis.rivals),
            )
        for rival in sorted(set(axis.rivals) - set(weights)):
            note(
                "missing-rival",
                ["table", row],
                f"no weight for {rival} given {row}",
                "write 0 if there is none",
            )
        if abs(sum(weights.values()) - 1.0) > _SUM_TOLERANCE:
            note(
                "sum-not-one",
                ["table", row],
                f"weights given {row} add up to {sum(weights.values()):g}",
                "make it 1",
            )


def _check_axes(axes: dict[str, Axis], draft: Draft, notes: Notebook) -> None:
    used = {parameter.axis for parameter in draft.get("parameters")}
    for axis in axes.values():
        if len(axis.rivals) < 2:
            notes.add(
                "missing-rival",
                axis.file,
                draft.line(axis, "rivals"),
                f"{axis.id} has fewer than two rivals",
                "a disagreement has two sides",
            )
        if axis.id not in used:
            notes.add("unused-axis", axis.file, axis.line, f"no parameter depends on axis {axis.id}")
        _check_weights(axis, axes, draft, notes)


def _check_theories(axes: dict[str, Axis], draft: Draft, notes: Notebook) -> None:
    theories: list[Theory] = draft.get("theories.yaml")
    written = draft.written("theories.yaml")
    if written and "even" not in written:
        notes.add("missing-even", "theories.yaml", 0, "theory 'even' is missing", "add it, fixing nothing")
    for theory in theories:
        if theory.id == "even" and theory.fixes:
            notes.add(
                "missing-even",
                theory.file,
                draft.line(theory, "fixes"),
                "theory 'even' fixes an axis",
                "it fixes none",
            )
        for name, rival in theory.fixes.items():
            line = draft.line(theory, "fixes", name)
            if name not in draft.written("axes.yaml"):
                hint = did_you_mean(name, draft.written("axes.yaml"))
                notes.add("unknown-axis", theory.file, line, f"{theory.id}: unknown axis {name!r}", hint)
            elif name in axes and rival not in axes[name].rivals:
                hint = did_you_mean(rival, axes[name].rivals)
                notes.add(
                    "unknown-rival",
                    theory.file,
                    line,
                    f"{theory.id}: axis {name} has no rival {rival!r}",
                    hint,
                )


def check_entries(draft: Draft, names: NameTables, notes: Notebook) -> None:
    """Apply the rules for products, corridors, levers, parameters, axes and theories.

    Parameters
    ----------
    draft : Draft
        The case as read.
    names : NameTables
        Names of the model.
    notes : Notebook
        Receives what is wrong.
    """
    for product in draft.get("products.yaml"):
        check_unit(product.unit, names, notes, product.file, draft.line(product, "unit"))
    _check_corridors(draft, notes)
    _check_levers(draft, names, notes)
    _check_parameter_names(draft, names, notes)
    axes: dict[str, Axis] = draft.named("axes.yaml")
    for parameter in draft.get("parameters"):
        _check_parameter(parameter, axes, draft, names, notes)
    _check_axes(axes, draft, notes)
    _check_theories(axes, draft, notes)
