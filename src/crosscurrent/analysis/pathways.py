"""Pathways: what became of them world by world, and the map that shows them.

Lines of the map are what is in force (a policy, or policies joined); a line ends where its tipping points lie; circles
are transfers.  Lines and transfers are those of the :class:`crosscurrent.case.Pathway` that was simulated.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..calendar import month_label
from ..case.pathway_records import Objective, Pathway
from ..case.records import Case
from ..errors import InputError, StoreError
from ..study.atomic import write_whole
from ..study.pathway_policy import pathway_states
from ..study.pathway_run import STEP
from ..study.results import Results
from ..study.specification import STATUS_QUO
from .tipping import (
    NEVER,
    Floats,
    Interval,
    TippingPoint,
    interval,
    is_flow,
    share_error,
    sound_paths,
    tipping_months,
    tipping_points,
)

__all__ = [
    "MAP_NAME",
    "ObjectiveMap",
    "PathwayLine",
    "PathwayOutcome",
    "TransferOutcome",
    "map_document",
    "map_from_document",
    "pathway_map",
    "read_maps",
    "store_maps",
]

MAP_NAME = "pathways.json"
"""File of the maps, in the folder of the simulated pathways."""


@dataclass(frozen=True)
class TransferOutcome:
    """One transfer of a pathway under a theory."""

    step: int
    """1 for the first transfer."""
    leaves: str
    """What was in force before."""
    enters: str
    """What is in force after."""
    share: float
    """Share of worlds that make it within the horizon, 0-1."""
    share_error: float
    dates: Interval
    too_late: float
    """Share of worlds that make it after the objective was no longer met, 0-1."""
    taken_back: float
    """Share of worlds in which it is not in force any more at the horizon, 0-1."""
    irreversible: bool
    cost: float
    """Cost of switching once, million USD."""
    too_late_error: float = math.nan
    """Monte-Carlo standard error of ``too_late``; NaN in maps kept by an older version."""
    taken_back_error: float = math.nan
    """Monte-Carlo standard error of ``taken_back``; NaN in maps kept by an older version."""


@dataclass(frozen=True)
class PathwayOutcome:
    """What became of a pathway under a theory."""

    pathway: str
    label: str
    theory: str
    tipping: TippingPoint
    """When the objective is no longer met along the pathway, transfers included."""
    transfers: tuple[TransferOutcome, ...]
    switching_cost: float
    """Cost of first switches, mean over worlds, million USD."""
    programme_cost: float
    """Cost of both countries above the status quo, median over worlds, million USD."""
    programme_cost_error: float
    locked_in: float
    """Share of worlds that have made a transfer that cannot be taken back, 0-1."""
    longer: float = math.nan
    """Share of worlds in which the objective is met longer than with the first policy kept in the same world, 0-1."""
    longer_error: float = math.nan
    """Monte-Carlo standard error of ``longer``."""
    shorter: float = math.nan
    """Share in which it is met less long, 0-1; in the others nothing differs.  NaN in maps kept by an older version."""
    shorter_error: float = math.nan
    """Monte-Carlo standard error of ``shorter``."""


@dataclass(frozen=True)
class PathwayLine:
    """A line of the map: what is in force, with its tipping point under each theory."""

    id: str
    label: str
    tipping: tuple[TippingPoint, ...]


@dataclass(frozen=True)
class ObjectiveMap:
    """Everything about one objective."""

    objective: str
    label: str
    measure: str
    threshold: float
    kind: str
    """``at most`` or ``at least``."""
    from_months: int
    for_months: int
    theories: tuple[str, ...]
    first_month: str
    """First month of the horizon, YYYY-MM."""
    last_month: str
    worlds: int
    lines: tuple[PathwayLine, ...]
    pathways: tuple[PathwayOutcome, ...]


def pathway_map(results: Results, case: Case, objective: Objective) -> ObjectiveMap:
    """Tipping points of all lines and what became of all pathways of an objective.

    Parameters
    ----------
    results : Results
        As :func:`crosscurrent.study.pathway_run.run_pathways` gives them.
    case : Case
    objective : Objective

    Raises
    ------
    InputError
        If the results hold other pathways, or fewer than 32 worlds.
    """
    lines = _lines(case, objective)
    for name in (*lines, *objective.pathways):
        if name not in results.policies:
            raise InputError(
                "these results do not hold the pathways of the case", given=name,
                fix="run `crosscurrent pathways DIR` on the study",
            )  # fmt: skip
    points = tipping_points(results, objective, [*lines, *objective.pathways])
    by_policy = {name: tuple(p for p in points if p.policy == name) for name in (*lines, *objective.pathways)}
    reader = _Reader(results, case, objective)
    months = results.paths(STEP).months
    bound = objective.at_most if objective.at_most is not None else objective.at_least
    assert bound is not None
    return ObjectiveMap(
        objective.id, objective.label, objective.measure, bound,
        "at most" if objective.at_most is not None else "at least", objective.from_months, objective.for_months,
        results.theories, month_label(int(months[0])), month_label(int(months[-1])), len(reader.worlds),
        tuple(PathwayLine(name, label, by_policy[name]) for name, label in lines.items()),
        tuple(
            reader.outcome(name, pathway, t, by_policy[name][t])
            for name, pathway in objective.pathways.items()
            for t in range(len(results.theories))
        ),
    )  # fmt: skip


def _lines(case: Case, objective: Objective) -> dict[str, str]:
    """Lines of the map with their labels: the status quo, then what pathways put in force, in their order."""
    found = {STATUS_QUO: case.policies[STATUS_QUO].label}
    for pathway in objective.pathways.values():
        for state in pathway_states(case, pathway):
            found[state.id] = " + ".join(case.policies[part].label for part in state.id.split("+"))
    return found


class _Reader:
    """Reads paths and costs once for all pathways of an objective."""

    def __init__(self, results: Results, case: Case, objective: Objective) -> None:
        self.results, self.case = results, case
        paths, self.worlds, months = sound_paths(results, objective.measure)
        self.sound: npt.NDArray[np.bool_] = np.asarray(np.isfinite(paths).all(axis=-1))
        self.tips = tipping_months(paths, objective, flow=is_flow(objective.measure))
        self.steps = results.paths(STEP).values
        self.first_month = int(months[0])
        tables = results.tables(["cost_us", "cost_mx"])
        self.cost: Floats = tables["cost_us"] + tables["cost_mx"]

    def outcome(self, name: str, pathway: Pathway, t: int, tipping: TippingPoint) -> PathwayOutcome:
        from ..study.sampling import monte_carlo_error

        p, reference = self.results.policies.index(name), self.results.policies.index(STATUS_QUO)
        states = pathway_states(self.case, pathway)
        transfers = tuple(
            self._transfer(pathway, number, (states[number].id, states[number + 1].id), (p, t))
            for number in range(len(pathway.transfers))
        )
        added = self.cost[p, t] - self.cost[reference, t]
        one_way = [step.share for step in transfers if step.irreversible]
        return PathwayOutcome(
            name, pathway.label, self.results.theories[t], tipping, transfers,
            sum(step.share * step.cost for step in transfers), float(np.nanmedian(added)),
            float(monte_carlo_error(added, self.results.worlds)), max(one_way, default=0.0),
            *self._against_first(states[0].id, p, t),
        )  # fmt: skip

    def _against_first(self, first: str, p: int, t: int) -> tuple[float, float, float, float]:
        """Shares of worlds that tip later, and earlier, than with the first policy kept, each with its error."""
        kept = self.results.policies.index(first)
        sound = self.sound[p, t] & self.sound[kept, t]
        ends = [np.where(tips == NEVER, np.inf, tips) for tips in (self.tips[p, t], self.tips[kept, t])]
        found: list[float] = []
        for flags in (ends[0] > ends[1], ends[0] < ends[1]):
            share = float(flags[sound].mean()) if sound.any() else math.nan
            found += [share, float(share_error(np.where(sound, flags, np.nan), self.worlds))]
        return found[0], found[1], found[2], found[3]

    def _transfer(
        self, pathway: Pathway, number: int, names: tuple[str, str], place: tuple[int, int]
    ) -> TransferOutcome:
        """A transfer world by world: in force from the month after which it is first seen."""
        sound, transfer = self.sound[place], pathway.transfers[number]
        in_force: npt.NDArray[np.bool_] = np.asarray(self.steps[place] > number)
        made: npt.NDArray[np.bool_] = in_force.any(axis=-1) & sound
        when = np.where(made, in_force.argmax(axis=-1), NEVER)
        tip = self.tips[place]
        flags = made, made & (tip != NEVER) & (when > tip), made & ~in_force[:, -1]
        count = max(int(sound.sum()), 1)
        share, late, back = (float(each.sum() / count) for each in flags)
        errors = [float(share_error(np.where(sound, each, np.nan), self.worlds)) for each in flags]
        return TransferOutcome(
            number + 1, *names, share, errors[0], interval(when[sound], self.first_month), late, back,
            transfer.irreversible, transfer.cost, *errors[1:],
        )  # fmt: skip


def map_document(maps: Sequence[ObjectiveMap]) -> list[dict[str, Any]]:
    """Maps as plain data for JSON; a figure that is none becomes null."""
    found: list[dict[str, Any]] = _plain([asdict(item) for item in maps])
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value


def store_maps(folder: Path, maps: Sequence[ObjectiveMap]) -> Path:
    """Keep maps beside the results that they were read from; gives the file.

    Raises
    ------
    StoreError
        If the folder cannot be written.
    """
    target = folder / MAP_NAME
    write_whole(target, json.dumps(map_document(maps), ensure_ascii=False, allow_nan=False).encode())
    return target


def read_maps(folder: Path) -> list[ObjectiveMap]:
    """Maps kept by :func:`store_maps`; none if there is no such file.

    Raises
    ------
    StoreError
        If the file is damaged.
    """
    path = folder / MAP_NAME
    if not path.is_file():
        return []
    try:
        return [map_from_document(entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            "the stored pathways cannot be read", file=path, fix="delete the file and run `crosscurrent pathways` again"
        ) from error


def map_from_document(entry: dict[str, Any]) -> ObjectiveMap:
    """A map from plain data, as :func:`map_document` gives it."""

    def tipping(found: dict[str, Any]) -> TippingPoint:
        return TippingPoint(**{**_floats(found), "dates": Interval(**found["dates"])})

    def outcome(found: dict[str, Any]) -> PathwayOutcome:
        transfers = tuple(
            TransferOutcome(**{**_floats(step), "dates": Interval(**step["dates"])}) for step in found["transfers"]
        )
        return PathwayOutcome(**{**_floats(found), "tipping": tipping(found["tipping"]), "transfers": transfers})

    lines = tuple(
        PathwayLine(line["id"], line["label"], tuple(tipping(point) for point in line["tipping"]))
        for line in entry["lines"]
    )
    pathways = tuple(outcome(found) for found in entry["pathways"])
    return ObjectiveMap(**{**entry, "theories": tuple(entry["theories"]), "lines": lines, "pathways": pathways})


def _floats(entry: dict[str, Any]) -> dict[str, Any]:
    """Null stands for a figure that is none."""
    return {key: float("nan") if value is None else value for key, value in entry.items()}
