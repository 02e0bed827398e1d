"""``explain``: from any name to its definition, equation, values by theory and sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..case.distributions import describe, quantile, summary
from ..case.evidence import effect_words, evidence_for, origin_count
from ..case.records import Axis, Case, EvidenceRecord, Parameter, Theory, Variant
from ..errors import InputError, did_you_mean
from ..model.schema import DRIVERS, LEVERS, MEASURES, OBSERVABLES, PARAMETERS, STATES
from .drivers import Drivers, drivers_of

if TYPE_CHECKING:
    from ..study.wiring_graph import Equation

__all__ = ["Explanation", "TheoryValue", "explain", "explained_names", "parameter_by_theory", "rival_weights"]

_GRID = 400
"""Points of each rival's distribution in a mixture: quantiles then agree to a fraction of a per cent."""


@dataclass(frozen=True)
class TheoryValue:
    """A parameter under a theory, before anything is run."""

    theory: str
    p05: float
    p50: float
    p95: float
    rivals: str
    """Which rivals are mixed."""


@dataclass(frozen=True)
class Explanation:
    """All that is known about a name."""

    name: str
    kind: str
    title: str
    definition: str
    facts: tuple[tuple[str, str], ...]
    """Label and text: unit, range, distribution, grade and the like."""
    equations: tuple[Equation, ...] = ()
    """Equations that give it, or for a parameter those that read it."""
    by_theory: tuple[TheoryValue, ...] = ()
    evidence: tuple[EvidenceRecord, ...] = ()
    drivers: Drivers | None = None
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Further lines under a heading."""

    @property
    def origins(self) -> int:
        """Independent sources: records that share an origin count once."""
        return origin_count(self.evidence)


def _tables(case: Case) -> tuple[tuple[str, Mapping[str, Any], Callable[[Case, str], Explanation]], ...]:
    """Kinds of names in the order in which a name is looked up."""
    return (
        ("measure", {**MEASURES, **OBSERVABLES}, _measure),
        ("policy", case.policies, _policy),
        ("policy variant", _variants(case), _variant),
        ("theory", case.theories, _theory),
        ("axis", case.axes, _axis),
        ("parameter", case.parameters, _parameter),
        ("lever", LEVERS, _lever),
        ("driver", DRIVERS, _driver),
        ("state", STATES, _state),
        ("evidence", case.evidence, _evidence),
    )


def explained_names(case: Case) -> dict[str, str]:
    """Every name that can be explained, with its kind.

    Where two kinds share a name, it stands for the first, and the other is asked for as ``kind.name``
    (``lever.prevention``, beside the axis).
    """
    found: dict[str, str] = {}
    for kind, table, _ in _tables(case):
        for name in table:
            found[name if name not in found else f"{kind}.{name}"] = kind
    return found


def explain(case: Case, name: str) -> Explanation:
    """Explain a parameter, measure, lever, axis, theory, policy, state, driver or record of evidence.

    Parameters
    ----------
    case : Case
    name : str
        One of :func:`explained_names`, or ``kind.name``.

    Raises
    ------
    InputError
        If nothing has that name; the message names the nearest one.
    """
    for kind, table, make in _tables(case):
        for own in (name, name.removeprefix(f"{kind}.")):
            if own in table:
                return make(case, own)
    raise InputError("nothing has this name", given=name, fix=did_you_mean(name, explained_names(case)))


def _range(low: float, high: float) -> str:
    return f"{low:.6g} to {high:.6g}"


def _measure(case: Case, name: str) -> Explanation:
    measure = MEASURES.get(name) or OBSERVABLES[name]
    total = "a flow: total over the projection"
    kind = total if measure.kind == "flow" else "a stock: value at the end of the projection"
    preferred = "none: people dispute it, or it says nothing by itself"
    facts = (
        ("unit", measure.unit),
        ("flow or stock", kind),
        ("preferred direction", measure.preferred if measure.preferred != "none" else preferred),
        ("read from", measure.source),
    )
    drivers = drivers_of(name)
    role = "Measure" if name in MEASURES else "Observable"
    found = drivers.equations
    return Explanation(
        name, role.lower(), name.replace("_", " "), measure.meaning, facts, found, drivers=drivers
    )


def _state(case: Case, name: str) -> Explanation:
    state, drivers = STATES[name], drivers_of(name)
    start = f"parameter {state.initial}" if isinstance(state.initial, str) else f"{state.initial:g}"
    facts = (
        ("unit", state.unit),
        ("possible range", f"{_range(state.low, state.high)}; a world outside it has failed"),
        ("value in week 0", start),
        ("subsystem", state.subsystem),
    )
    return Explanation(
        name, "state", name.replace("_", " "), state.meaning, facts, drivers.equations, drivers=drivers
    )


def rival_weights(case: Case, axis: Axis, theory: Theory) -> dict[str, float]:
    """Weight of each rival of an axis under a theory: 1 where it is fixed, equal or by table elsewhere."""
    if axis.id in theory.fixes:
        return {theory.fixes[axis.id]: 1.0}
    if axis.weights_given is None:
        return {rival: 1.0 / len(axis.rivals) for rival in axis.rivals}
    weights: dict[str, float] = {}
    for other, share in rival_weights(case, case.axes[axis.weights_given.axis], theory).items():
        row = axis.weights_given.table.get(other) or {rival: 1.0 / len(axis.rivals) for rival in axis.rivals}
        for rival, weight in row.items():
            weights[rival] = weights.get(rival, 0.0) + share * weight
    return weights


def parameter_by_theory(case: Case, parameter: Parameter) -> tuple[TheoryValue, ...]:
    """Median and 5-95 % of a parameter under every theory of the case, from its distributions alone."""
    schema = PARAMETERS[parameter.id]
    low, high = schema.low, schema.high
    whole = summary(parameter.distribution, low, high)
    values = []
    for theory in case.theories.values():
        if parameter.axis is None or not parameter.rivals:
            values.append(TheoryValue(theory.id, whole.p05, whole.median, whole.p95, ""))
            continue
        weights = rival_weights(case, case.axes[parameter.axis], theory)
        shown = ", ".join(f"{rival} {weight:.0%}" for rival, weight in weights.items())
        grid = (np.arange(_GRID) + 0.5) / _GRID
        points = [
            quantile(parameter.rivals.get(rival, parameter.distribution), grid, low, high)
            for rival in weights
        ]
        mass = np.repeat(list(weights.values()), _GRID) / _GRID
        p05, p50, p95 = _weighted_quantiles(np.concatenate(points), mass)
        values.append(TheoryValue(theory.id, p05, p50, p95, shown))
    return tuple(values)


def _weighted_quantiles(values: Any, mass: Any) -> tuple[float, float, float]:
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(mass[order]) - 0.5 * mass[order]
    found = np.interp((0.05, 0.5, 0.95), reached, values[order])
    return float(found[0]), float(found[1]), float(found[2])


def _distribution_label(parameter: Parameter) -> str:
    """Where every rival has its own distribution, the one written first is in use nowhere."""
    covered = bool(parameter.rivals) and set(parameter.known_rivals) <= set(parameter.rivals)
    return "distribution (not in use: every rival below has its own)" if covered else "distribution"


def _parameter(case: Case, name: str) -> Explanation:
    from ..study.wiring_graph import wiring_graph

    parameter, schema = case.parameters[name], PARAMETERS[name]
    rivals = [(f"if {rival} ({parameter.axis})", describe(what)) for rival, what in parameter.rivals.items()]
    facts = (
        ("unit", parameter.unit),
        ("possible range", _range(schema.low, schema.high)),
        (_distribution_label(parameter), describe(parameter.distribution)),
        *rivals,
        ("grade of evidence", parameter.grade),
        ("reasoning", parameter.reasoning),
        ("subsystem", parameter.subsystem),
        ("written in", f"{parameter.file}:{parameter.line}"),
    )
    graph = wiring_graph()
    readers = [found for group in graph.equations.values() for found in group if name in found.reads]
    unique = list({found.function: found for found in readers}.values())
    values, records = parameter_by_theory(case, parameter), evidence_for(case, name)
    return Explanation(
        name, "parameter", parameter.label, parameter.label, facts, tuple(unique), values, records
    )


def _lever(case: Case, name: str) -> Explanation:
    from ..study.wiring_graph import wiring_graph

    lever, schema = case.levers.get(name), LEVERS[name]
    facts = [("unit", schema.unit), ("range", _range(schema.low, schema.high)), ("owner", schema.owner)]
    carried = (
        "as ordered" if schema.implementation == "full" else f"in part: parameter {schema.implementation}"
    )
    facts += [("carried out", carried)]
    if lever is not None:
        facts += [
            ("status quo", f"{lever.status_quo:g}"),
            ("cost", f"{lever.cost} million USD per unit and year, paid by {lever.cost_owner}"),
            ("grade of evidence", lever.grade),
            ("reasoning", lever.reasoning),
            ("written in", f"{lever.file}:{lever.line}"),
        ]
        if lever.extrapolation_above is not None:
            facts.append(("without precedent above", f"{lever.extrapolation_above:g}"))
    graph = wiring_graph()
    readers = [found for group in graph.equations.values() for found in group if _reads_lever(found, name)]
    set_by = tuple(
        f"{policy.id}: {policy.levers[name]:g}" for policy in case.policies.values() if name in policy.levers
    )
    moved = graph.downstream(name)
    measures = [
        (moved[measure.source], measure.name) for measure in MEASURES.values() if measure.source in moved
    ]
    lists = (
        ("set by policies", set_by),
        ("moves, nearest first", tuple(entry for _, entry in sorted(measures))),
    )
    label = lever.label if lever is not None else name.replace("_", " ")
    unique = tuple({found.function: found for found in readers}.values())
    records = evidence_for(case, name) if lever is not None else ()
    return Explanation(name, "lever", label, label, tuple(facts), unique, evidence=records, lists=lists)


def _reads_lever(equation: Equation, name: str) -> bool:
    rows = {name, f"ordered_{name}", f"usual_{name}"}
    return bool(rows & set(equation.reads)) and equation.into not in rows


def _driver(case: Case, name: str) -> Explanation:
    driver = DRIVERS[name]
    rows = [row for row in case.history if row.name == name]
    years = tuple(f"{row.year}: {row.value:g} ± {row.plus_minus:g} ({row.basis})" for row in rows)
    facts = (
        ("unit", driver.unit),
        ("largest possible value", f"{driver.high:g}"),
        ("after the last year", "carried forward"),
        ("placed within its margin by", f"parameter {driver.error}"),
    )
    title = name.replace("_", " ")
    meaning = f"{title[:1].upper()}{title[1:]}: what comes from outside the system, year by year"
    records = evidence_for(case, name) if rows else ()
    return Explanation(name, "driver", title, meaning, facts, evidence=records, lists=(("by year", years),))


def _axis(case: Case, name: str) -> Explanation:
    axis = case.axes[name]
    rivals = tuple(f"{key}: {rival.statement}" for key, rival in axis.rivals.items())
    fixed = tuple(
        f"{theory.id}: {theory.fixes[name]}" for theory in case.theories.values() if name in theory.fixes
    )
    moved = tuple(parameter.id for parameter in case.parameters.values() if parameter.axis == name)
    weights = "equal" if axis.weights_given is None else f"depend on the axis {axis.weights_given.axis}"
    lists = (("rivals", rivals), ("fixed by theories", fixed), ("parameters that it moves", moved))
    facts = (("weights where no theory fixes it", weights), ("written in", f"{axis.file}:{axis.line}"))
    records = evidence_for(case, name)
    return Explanation(name, "axis", axis.label, axis.question, facts, evidence=records, lists=lists)


def _theory(case: Case, name: str) -> Explanation:
    theory = case.theories[name]
    fixed = tuple(
        f"{axis}: {rival} — {case.axes[axis].rivals[rival].statement}" for axis, rival in theory.fixes.items()
    )
    mixed = tuple(axis for axis in case.axes if axis not in theory.fixes)
    lists = (("fixes", fixed or ("nothing",)), ("leaves open (rivals mixed)", mixed))
    facts = (("written in", f"{theory.file}:{theory.line}"),)
    records = _gathered(case, theory.fixes)
    return Explanation(name, "theory", theory.label, theory.description, facts, evidence=records, lists=lists)


def _gathered(case: Case, names: Iterable[str]) -> tuple[EvidenceRecord, ...]:
    found = {record.id: record for name in names for record in evidence_for(case, name)}
    return tuple(found.values())


def _variants(case: Case) -> dict[str, Variant]:
    """Variants of policies by ``policy@variant``."""
    return {
        f"{policy.id}@{key}": found
        for policy in case.policies.values()
        for key, found in policy.variants.items()
    }


def _variant(case: Case, name: str) -> Explanation:
    variant, policy = _variants(case)[name], case.policies[name.partition("@")[0]]
    levers = {**policy.levers, **variant.levers}
    lists = (("levers", tuple(_orders(case, levers, policy.starts))), ("of the policy", (policy.label,)))
    records = _gathered(case, (lever for lever in levers if lever in case.levers))
    return Explanation(
        name, "policy variant", variant.label, variant.description, (), evidence=records, lists=lists
    )


def _policy(case: Case, name: str) -> Explanation:
    policy = case.policies[name]
    lists = (
        ("levers", tuple(_orders(case, policy.levers, policy.starts)) or ("all as in the status quo",)),
        ("rules", tuple(_rule_text(rule) for rule in policy.rules)),
        ("variants", tuple(f"{key}: {variant.label}" for key, variant in policy.variants.items())),
    )
    facts = (("written in", f"{policy.file}:{policy.line}"),)
    records = _gathered(case, (lever for lever in policy.levers if lever in case.levers))
    return Explanation(name, "policy", policy.label, policy.description, facts, evidence=records, lists=lists)


def _orders(case: Case, levers: Mapping[str, float], starts: Mapping[str, int]) -> Iterator[str]:
    for lever, value in levers.items():
        entry = case.levers.get(lever)
        limit = entry.extrapolation_above if entry is not None else None
        after = f", from week {starts[lever]} after the decision" if starts.get(lever) else ""
        beyond = " (beyond any precedent)" if limit is not None and value > limit else ""
        unit = "" if LEVERS[lever].unit == "1" else f" {LEVERS[lever].unit}"
        yield f"{lever} = {value:g}{unit}{after}{beyond}"


def _rule_text(rule: Any) -> str:
    bound = f"above {rule.above:g}" if rule.above is not None else f"below {rule.below:g}"
    orders = ", ".join(f"{lever} = {value:g}" for lever, value in rule.then.items())
    release = f"; let go at {rule.release:g}" if rule.release is not None else ""
    delay = f", {rule.delay_weeks} weeks later" if rule.delay_weeks else ""
    return f"when {rule.when} is {bound} for {rule.for_weeks} weeks, then{delay} {orders}{release}"


def _evidence(case: Case, name: str) -> Explanation:
    record = case.evidence[name]
    facts = tuple(
        (label, value)
        for label, value in (
            ("estimate", record.estimate), ("unit", record.unit), ("interval", record.interval),
            ("setting", record.setting), ("effect", effect_words(record)), ("method", record.method),
            ("citation", record.citation), ("locator", record.locator), ("origin", record.origin),
            ("kind", record.kind), ("verified", record.verified), ("note", record.note),
            ("written in", f"{record.file}:{record.line}"),
        )
        if value
    )  # fmt: skip
    same = tuple(
        other.id for other in case.evidence.values() if other.origin == record.origin and other.id != name
    )
    lists = (("used by", tuple(_users(case, name))), ("same origin, so not independent of it", same))
    return Explanation(name, "evidence", name, record.mechanism, facts, lists=lists)


def _users(case: Case, evidence: str) -> Iterator[str]:
    tables = (
        ("parameter", case.parameters), ("lever", case.levers), ("axis", case.axes),
        ("corridor", case.corridors), ("product", case.products),
    )  # fmt: skip
    for kind, table in tables:
        for entry in table.values():
            if evidence in entry.evidence:
                yield f"{kind} {entry.id}"
    names = dict.fromkeys(row.name for row in case.history if evidence in row.evidence)
    yield from (f"history of {name}" for name in names)
    if any(evidence in event.evidence for event in case.events):
        yield "dated events"
