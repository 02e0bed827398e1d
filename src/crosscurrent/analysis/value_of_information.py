"""Which uncertainty, if it were resolved, would change the choice of a policy most: a research agenda.

For one measure, or stated preferences over several, the decision is the policy with the least expected loss.  The
value of knowing something is the expected loss that could be avoided by choosing after learning it.  It is in the
unit of the measure: deaths that would be avoided, say.  What would not change the choice has no value, however much
it moves the outcome.

A value is told from nothing by two tests.  It must beat shuffled copies, which have no value; and its spread between
scrambles must leave little room for chance, after allowing for how many were tried [1]_.  The second is needed
because in one scramble two of several hundred parameters can go together by accident, which shuffling undoes.

References
----------
.. [1] Benjamini Y, Hochberg Y (1995) Controlling the false discovery rate: a practical and powerful approach to
   multiple testing. J. R. Stat. Soc. B 57(1). https://doi.org/10.1111/j.2517-6161.1995.tb02031.x
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..case.records import Case, Parameter
from ..errors import InputError, did_you_mean
from ..study.results import Results
from ..study.sampling import SCRAMBLES
from ..study.specification import STATUS_QUO
from .criteria import expected_loss
from .preferences import Preferences, single_measure
from .robustness import MIXTURE
from .robustness_sample import Losses, losses_of
from .summary import main_measures
from .value_of_information_regression import Gain, Judged, category_basis, spline_basis
from .value_of_information_theories import TheoryWorth, theory_worth

__all__ = ["SHUFFLES", "ValueOfInformation", "Worth", "discoveries", "p_value", "value_of_information"]

SHUFFLES = 199
"""Shuffled copies that a parameter must beat, all of them; an axis must beat half as many of its own."""
FALSE_SHARE = 0.1
"""Share of wrong ones tolerated among those of a kind that are told from nothing."""
_GROUP_FUNCTIONS = 4
"""Spline functions for each member of a group: fewer than for one alone, because there are many members."""

Floats = npt.NDArray[np.float64]
Kind = Literal["axis", "parameter", "axis group", "subsystem"]


@dataclass(frozen=True)
class Worth:
    """What it would be worth to know an axis, a parameter or a group of them."""

    kind: Kind
    name: str
    label: str
    members: tuple[str, ...]
    """What a group is made of; the name itself for a single one."""
    value: float
    """Expected loss avoided, in worlds that the rule was not learned from; it may be below zero by chance."""
    error: float
    """Monte-Carlo error of the value."""
    in_sample: float
    """The same by a regression judged in its own worlds, which tends to be too large."""
    switched: float
    """Share of worlds (0-1) in which another policy would be chosen."""
    choices: tuple[float, ...]
    """Share of worlds in which each policy would be chosen, [policy]."""
    floor: float
    """Largest value among its shuffled copies; NaN for groups, which are not shuffled."""
    told: bool
    """Whether the value is told from nothing: above the floor, if there is one, and by the scrambles."""
    p_value: float
    """How often chance alone would give so large a value, by the spread between scrambles, before allowing for how
    many were tried.
    """
    grade: str
    """Grade of a parameter's evidence; that of the weakest member of a group; empty without a case."""
    evidence: tuple[str, ...]
    """Records of evidence that it rests on now."""
    origins: int
    """Independent sources behind these records."""


@dataclass(frozen=True)
class ValueOfInformation:
    """The agenda for one decision."""

    preferences: Preferences
    unit: str
    policies: tuple[str, ...]
    theory: str
    """Theory within which axes and parameters are judged."""
    worlds: int
    """Worlds that no policy failed."""
    failed: int
    """Worlds left out because some policy failed."""
    usual: tuple[int, ...]
    """Policies with the least expected loss as long as nothing is learned, by scramble left out; one if they agree."""
    perfect: Gain
    """Value of knowing everything about a world, chance included: no research can be worth more."""
    perfect_by_theory: tuple[tuple[str, float, float], ...]
    """The same within each theory: name, value, error."""
    theories: TheoryWorth | None
    """Value of knowing which theory holds; None with a single theory."""
    worths: tuple[Worth, ...]
    """The largest value first, within each kind."""
    shuffles: int

    def of_kind(self, kind: Kind) -> tuple[Worth, ...]:
        """Those of one kind, the largest value first."""
        return tuple(item for item in self.worths if item.kind == kind)


def value_of_information(
    results: Results,
    case: Case | None = None,
    preferences: Preferences | None = None,
    *,
    measure: str | None = None,
    theory: str | None = None,
    shuffles: int = SHUFFLES,
    groups: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> ValueOfInformation:
    """What it would be worth to know each axis, parameter and group of them.

    Parameters
    ----------
    results : Results
    case : Case, optional
        Gives labels, groups, grades and evidence.
    preferences : Preferences, optional
        Weights of several measures; or, with a measure, its direction.
    measure : str, optional
        The first main measure by default, if there are no preferences.
    theory : str, optional
        ``even`` by default, in which no axis is fixed; else the last of the study.
    shuffles : int
        How many shuffled parameters to compare with.
    groups : bool
        Whether axes with their parameters, and subsystems, are judged too.
    progress : callable, optional
        Called with how many are done, of how many.

    Returns
    -------
    ValueOfInformation

    Raises
    ------
    InputError
        If a name is unknown, no direction is known, no weight is stated, or too few worlds are left.
    """
    wanted = _decision(results, preferences, measure)
    chosen = _theory(results, theory)
    tables, reference = results.tables(wanted.measures), results.policies.index(STATUS_QUO)
    losses = [losses_of(tables, wanted, place, reference) for place in range(len(results.theories))]
    here = losses[results.theories.index(chosen)]
    judged = Judged(here.sample.loss, here.scramble)
    drawn = _Drawn(results, chosen, here)
    kinds = _groups(drawn, case) if groups else []
    with _one_thread():
        worths = _tested(list(_worths(judged, drawn, case, shuffles, (kinds, progress))))
    label = results.labels.get(wanted.weighted[0].measure)
    unit = (label.unit if label else "") if wanted.in_own_unit else "weighted units"
    return ValueOfInformation(
        wanted, unit, results.policies, chosen,
        here.worlds, int(here.sound.size - here.worlds), tuple(sorted(set(judged.usual.tolist()))), judged.perfect(),
        tuple(_perfect(name, part) for name, part in zip(results.theories, losses, strict=True)),
        _theories(results, losses, wanted), tuple(sorted(worths, key=lambda item: (item.kind, -item.value))), shuffles,
    )  # fmt: skip


def _decision(results: Results, preferences: Preferences | None, measure: str | None) -> Preferences:
    """What is to be decided on, every name checked."""
    if measure is not None and measure not in results.measures:
        raise InputError(
            "unknown measure in these results", given=measure, fix=did_you_mean(measure, results.measures)
        )
    if measure is not None or preferences is None:
        wanted = single_measure(measure or main_measures(results)[0], preferences)
    else:
        wanted = preferences
    if not wanted.weighted:
        raise InputError("these preferences weigh nothing", given=wanted.name, fix="give measures a weight and a per")
    if any(wish.direction == "none" for wish in wanted.wishes):
        raise InputError(
            "no direction is agreed for this measure", given=wanted.name,
            fix="state one in a preferences file, such as {direction: lower, weight: 1, per: 1}",
        )  # fmt: skip
    return wanted


def _theory(results: Results, theory: str | None) -> str:
    if theory is None:
        return MIXTURE if MIXTURE in results.theories else results.theories[-1]
    if theory not in results.theories:
        raise InputError("unknown theory in these results", given=theory, fix=did_you_mean(theory, results.theories))
    return theory


def _perfect(name: str, losses: Losses) -> tuple[str, float, float]:
    found = Judged(losses.sample.loss, losses.scramble).perfect()
    return name, found.value, found.error


def _theories(results: Results, losses: list[Losses], wanted: Preferences) -> TheoryWorth | None:
    """Value of knowing the theory, over the theories that are not the mixture unless weights say otherwise."""
    stated = {name: weight for name, weight in wanted.theory_weights.items() if weight > 0}
    names = [name for name in results.theories if name in stated or (not stated and name != MIXTURE)]
    if len(names) < 2:
        return None
    parts = [losses[results.theories.index(name)] for name in names]
    means = np.stack([[expected_loss(part.loss) for part in item.parts] for item in parts], axis=-1)
    worlds = np.stack([np.bincount(item.scramble, minlength=SCRAMBLES) for item in parts], axis=-1)
    return theory_worth(means, worlds.astype(np.float64), names, stated or None)


def _one_thread() -> contextlib.AbstractContextManager[Any]:
    """Thousands of small matrices: threads inside each would only wait for one another."""
    try:
        control: Any = importlib.import_module("threadpoolctl")
    except ImportError:  # comes with the analysis extra; without it the work is slower on a busy machine
        return contextlib.nullcontext()
    limited: contextlib.AbstractContextManager[Any] = control.threadpool_limits(1)
    return limited


class _Drawn:
    """What the worlds of a theory drew, in the worlds that no policy failed."""

    def __init__(self, results: Results, theory: str, losses: Losses) -> None:
        drawn = results.parameters(theory)
        self.parameters = {
            name: values[losses.sound] for name, values in drawn.items() if np.ptp(values[losses.sound]) > 0
        }
        axes = results.axes(theory)
        self.axes: dict[str, npt.NDArray[Any]] = {
            name: values[losses.sound] for name, values in axes.items() if len(set(values[losses.sound])) > 1
        }

    def basis(self, name: str, functions: int = 8) -> Floats:
        """Columns that span what depends on an axis or a parameter alone, [world, column]."""
        if name in self.axes:
            return category_basis(self.axes[name])
        return spline_basis(self.parameters[name], functions)


def _worths(
    judged: Judged,
    drawn: _Drawn,
    case: Case | None,
    shuffles: int,
    also: tuple[list[tuple[Kind, str, tuple[str, ...]]], Callable[[int, int], None] | None],
) -> Iterator[Worth]:
    """Worths not yet tested; ``also`` are the groups to judge and what is told of progress."""
    groups, progress = also
    steps = shuffles + len(drawn.parameters) + len(drawn.axes) * (1 + shuffles // 2) + 10 * len(groups)
    done = 0

    def step(count: int = 1) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done, steps)

    generator = np.random.Generator(np.random.PCG64(2014))
    floor = _floor(judged, spline_basis(np.arange(float(len(judged.losses)))), shuffles, generator, step)
    for name in drawn.parameters:
        gain = judged.gain(drawn.basis(name))
        step()
        yield _worth("parameter", name, (name,), gain, floor, case)
    for name in drawn.axes:
        basis = drawn.basis(name)
        own = _floor(judged, basis, shuffles // 2, generator, step)
        step()
        yield _worth("axis", name, (name,), judged.gain(basis), own, case)
    for kind, name, members in groups:
        basis = np.hstack([drawn.basis(member, _GROUP_FUNCTIONS) for member in members])
        gain = judged.gain(basis)
        step(10)
        yield _worth(kind, name, members, gain, float("nan"), case)


def _floor(
    judged: Judged, basis: Floats, shuffles: int, generator: np.random.Generator, step: Callable[[], None]
) -> float:
    """Largest value among shuffled copies of a basis, which have no value."""
    largest = 0.0
    for _ in range(shuffles):
        largest = max(largest, judged.gain(generator.permutation(basis, axis=0), in_sample=False).value)
        step()
    return largest


def _groups(drawn: _Drawn, case: Case | None) -> list[tuple[Kind, str, tuple[str, ...]]]:
    """Axes with the parameters that they govern, and all parameters of each subsystem."""
    if case is None:
        return []
    known = {name: case.parameters[name] for name in drawn.parameters if name in case.parameters}
    groups: list[tuple[Kind, str, tuple[str, ...]]] = []
    for axis in case.axes:
        members = tuple(name for name, entry in known.items() if entry.axis == axis)
        if members:
            groups.append(("axis group", axis, (*((axis,) if axis in drawn.axes else ()), *members)))
    for subsystem in dict.fromkeys(entry.subsystem for entry in known.values()):
        groups.append(("subsystem", subsystem, tuple(n for n, entry in known.items() if entry.subsystem == subsystem)))
    return groups


def _worth(
    kind: Kind,
    name: str,
    members: tuple[str, ...],
    gain: Gain,
    floor: float,
    case: Case | None,
) -> Worth:
    """A worth before it is known how many others there are."""
    label, grade, evidence, origins = _sources(kind, name, members, case)
    return Worth(
        kind, name, label, members, gain.value, gain.error, gain.in_sample, gain.switched, gain.choices, floor,
        False, p_value(gain), grade, evidence, origins,
    )  # fmt: skip


def p_value(gain: Gain) -> float:
    """How often chance alone would give so large a gain: Student's t over the scrambles.

    Two-sided, because the rule has learned the sign of an effect from the scrambles too.
    """
    from scipy.stats import t

    if gain.value <= 0:
        return 1.0
    return float(2.0 * t.sf(gain.value / gain.error, SCRAMBLES - 1)) if gain.error > 0 else 0.0


def _tested(worths: list[Worth]) -> list[Worth]:
    """Which are told from nothing, kind by kind."""
    found = []
    for kind in dict.fromkeys(item.kind for item in worths):
        same = [item for item in worths if item.kind == kind]
        passed = discoveries(np.array([item.p_value for item in same]))
        found += [
            replace(item, told=bool(good and not item.floor >= item.value))
            for item, good in zip(same, passed, strict=True)
        ]
    return found


def discoveries(p_values: Floats, false_share: float = FALSE_SHARE) -> npt.NDArray[np.bool_]:
    """Which of several tests to believe, so that no more than a share of those is expected to be wrong [1]_.

    >>> discoveries(np.array([0.001, 0.04, 0.9, 0.06])).tolist()
    [True, True, False, True]
    """
    order = np.argsort(p_values)
    allowed = false_share * np.arange(1, p_values.size + 1) / max(p_values.size, 1)
    passing = np.flatnonzero(p_values[order] <= allowed)
    bound = p_values[order][passing[-1]] if passing.size else -1.0
    return np.asarray(p_values <= bound)


def _sources(
    kind: Kind, name: str, members: tuple[str, ...], case: Case | None
) -> tuple[str, str, tuple[str, ...], int]:
    """Label, grade, records and number of independent sources."""
    from ..case.evidence import origin_count
    from ..case.words import GRADES

    if case is None:
        return name, "", (), 0
    entries: list[Any] = [case.parameters.get(member) or case.axes.get(member) for member in members]
    entries = [entry for entry in entries if entry is not None]
    ids = tuple(dict.fromkeys(key for entry in entries for key in entry.evidence))
    grades = [entry.grade for entry in entries if isinstance(entry, Parameter)]
    grade = max(grades, key=GRADES.index) if grades else ""
    labels: dict[str, Mapping[str, Any]] = {"axis": case.axes, "axis group": case.axes, "parameter": case.parameters}
    entry: Any = labels.get(kind, {}).get(name)
    label = entry.label if entry is not None else name
    return label, grade, ids, origin_count(case.evidence[key] for key in ids if key in case.evidence)
