"""Pathways for the page: maps read beside a stored study, or simulated theory by theory while somebody looks.

A theory is simulated in steps of more worlds, by one thread, in a folder that is deleted at once.  What was asked for
last comes first; a theory that nobody asks for any more is left where it is.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from ..analysis.pathways import ObjectiveMap, map_document, pathway_map, read_maps
from ..analysis.tipping import judged_within
from ..calendar import month_label, month_of_date, parse_month
from ..errors import CrosscurrentError, InputError, Interrupted, did_you_mean
from ..model.schema import MEASURES
from ..study.pathway_run import STEP, pathway_folder, pathway_study, simulate_pathways
from ..study.specification import Study
from .questions import Name, checked_theory

if TYPE_CHECKING:
    from ..case.pathway_records import Objective, Pathway, Transfer
    from .laboratory import Laboratory

__all__ = ["PATHWAY_STEPS", "PathwayMaps", "PathwayQuestion"]

PATHWAY_STEPS = (64, 256)
"""Worlds of a theory, first and in the end: the first within seconds, the last as the command does it."""
_PATIENCE = 20.0
"""Seconds after the last question for a theory during which a further step of it is begun."""
_DIGITS = 4
_OF_PATHWAYS = (
    "switching_cost", "programme_cost", "programme_cost_error", "longer", "longer_error", "shorter", "shorter_error",
)  # fmt: skip
YEAR = 12

Note = Callable[[str, int, int], None]


class PathwayQuestion(BaseModel):
    """What becomes of one objective under one theory."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    objective: Name = "homicides-below-the-worst-year"
    theory: Name = "removal-splits"


@dataclass
class _Work:
    """What is known of a theory, and how far the next step is."""

    maps: list[ObjectiveMap] = field(default_factory=list)
    worlds: int = 0
    """Behind ``maps``; 0 if nothing is there yet."""
    wanted: int = 0
    """Worlds of the step in work; 0 if none is."""
    done: int = 0
    """Policies simulated in this step, of ``total``."""
    total: int = 0
    begun: float = 0.0
    asked: float = 0.0
    error: str = ""

    def state(self) -> dict[str, Any]:
        """How far the step in work is, and in about how many seconds it is done; None before that can be told."""
        passed = time.monotonic() - self.begun
        left = passed * (self.total - self.done) / self.done if self.wanted and self.done else None
        return {
            "worlds": self.wanted, "done": self.done, "total": self.total, "error": self.error,
            "seconds": None if left is None else round(left, 1),
        }  # fmt: skip


class PathwayMaps:
    """Maps of the case's pathways under every theory of the page.

    Parameters
    ----------
    laboratory : Laboratory
    folder : path, optional
        A stored study; pathways simulated beside it are read, otherwise its settings are used.
    steps : tuple of int
        Worlds of a theory, first and in the end.
    """

    def __init__(
        self, laboratory: Laboratory, folder: Path | None = None, steps: tuple[int, ...] = PATHWAY_STEPS
    ) -> None:
        self._laboratory, self._case, self._folder, self._steps = laboratory, laboratory.case, folder, steps
        self._study: Study | None = None
        self._looked = folder is None
        self._work: dict[str, _Work] = {theory: _Work() for theory in laboratory.theories}
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def close(self) -> None:
        """Give up what is being simulated, and wait until it has ended."""
        self._stop.set()
        thread = self._thread
        if thread is not None:
            thread.join(timeout=5.0)

    # ---- definitions ----

    def about(self) -> dict[str, Any]:
        """Objectives and pathways as the case states them."""
        months = YEAR * self._settings().years
        return {
            "objectives": [_objective(each, self._case.folder, months) for each in self._case.objectives.values()],
            "worlds": list(self._steps),
        }

    def evidence(self) -> tuple[str, ...]:
        """Records that objectives and transfers name."""
        found: dict[str, None] = {}
        for objective in self._case.objectives.values():
            found |= dict.fromkeys(objective.evidence)
            for step in (step for pathway in objective.pathways.values() for step in pathway.transfers):
                found |= dict.fromkeys(step.evidence)
        return tuple(found)

    # ---- answers ----

    def ask(self, question: PathwayQuestion) -> dict[str, Any]:
        """The map of an objective under a theory, with the worlds there are so far; begins what is missing.

        Raises
        ------
        InputError
            If the case has no such objective, or the page no such theory.
        """
        checked_theory(question.theory, self._laboratory.theories)
        if question.objective not in self._case.objectives:
            raise InputError(
                "unknown objective" if self._case.objectives else "the case has no pathways",
                given=question.objective, fix=did_you_mean(question.objective, self._case.objectives),
            )  # fmt: skip
        work = self._work[question.theory]
        with self._lock:
            work.asked = time.monotonic()
            self._read_stored()
            if not work.error and work.worlds < self._steps[-1] and self._thread is None and not self._stop.is_set():
                self._thread = threading.Thread(target=self._simulate_all, name="crosscurrent-pathways", daemon=True)
                self._thread.start()
            return self._answer(question.objective, question.theory)

    def everything(self, worlds: int, note: Note) -> dict[str, dict[str, Any]]:
        """Maps of all objectives by theory, simulated here and now where they are not stored.

        Parameters
        ----------
        worlds : int
            Of each theory that is simulated, 32 to 500.
        note : callable
            Told what is being computed, and how many of how many are done.

        Raises
        ------
        InputError, StoreError, ComputeError
            If the pathways cannot be read or simulated.
        """
        if not self._case.objectives:
            return {}
        self._read_stored()
        for work in self._work.values():
            if work.error:
                raise InputError(work.error)
        for number, (theory, work) in enumerate(self._work.items()):
            note("pathways", number, len(self._work))
            if not work.worlds:
                with tempfile.TemporaryDirectory(prefix="crosscurrent-page-") as scratch:
                    self._simulate(theory, work, worlds, Path(scratch))
        return {
            theory: {key: self._answer(key, theory) | {"computing": None} for key in self._case.objectives}
            for theory in self._work
        }

    def _answer(self, objective: str, theory: str) -> dict[str, Any]:
        work, study = self._work[theory], self._settings()
        found = next((each for each in work.maps if each.objective == objective), None)
        state = work.state() if work.worlds < self._steps[-1] else None
        known = {"objective": objective, "theory": theory, "seed": study.seed, "computing": state}
        if not work.worlds:
            return {"computed": False, **known}
        if found is None:
            return {"computed": True, "judged": False, "worlds": work.worlds, **known}
        return {"computed": True, "judged": True, **known, **_document(found, theory, self._case.objectives[objective])}

    # ---- where maps come from ----

    def _settings(self) -> Study:
        """Decision, horizon, seed and beliefs: of the stored study, or of the page's worlds."""
        if self._study is None:
            if self._folder is not None:
                from ..study.results import open_results

                self._study = open_results(self._folder, verify=False).study
            else:
                study = self._laboratory.blocks.simulator.study
                self._study = Study(
                    case=str(self._case.folder), decision=study.decision, years=study.years, seed=study.seed,
                    beliefs=study.beliefs,
                )  # fmt: skip
        return self._study

    def _read_stored(self) -> None:
        """Take the maps that were simulated beside the stored study, once."""
        if self._looked or self._folder is None:
            return
        self._looked = True
        from ..study.results import open_results

        try:
            maps = read_maps(pathway_folder(open_results(self._folder, verify=False), self._case))
        except CrosscurrentError as error:
            for work in self._work.values():
                work.error = str(error)
            return
        for theory, work in self._work.items():
            mine = [each for each in maps if theory in each.theories]
            if mine:
                work.maps, work.worlds = mine, max(self._steps[-1], mine[0].worlds)

    def _simulate_all(self) -> None:
        """Steps of theories until nobody waits for one."""
        while True:
            with self._lock:
                theory = self._next()
                if theory is None:
                    self._thread = None
                    return
                work = self._work[theory]
                worlds = next(step for step in self._steps if step > work.worlds)
            try:
                with tempfile.TemporaryDirectory(prefix="crosscurrent-page-") as scratch:
                    self._simulate(theory, work, worlds, Path(scratch))
            except Interrupted:
                continue
            except (CrosscurrentError, ArithmeticError, ValueError, MemoryError, OSError) as error:
                work.error = str(error) or type(error).__name__

    def _next(self) -> str | None:
        """The theory with the fewest worlds among those that somebody waits for; of several, the last asked for."""
        now = time.monotonic()
        waiting = {
            theory: work
            for theory, work in self._work.items()
            if work.worlds < self._steps[-1] and not work.error and work.asked and now - work.asked < _PATIENCE
        }
        if self._stop.is_set() or not waiting:
            return None
        return min(waiting, key=lambda theory: (waiting[theory].worlds, -waiting[theory].asked))

    def _simulate(self, theory: str, work: _Work, worlds: int, scratch: Path) -> None:
        """One step of a theory.

        Raises
        ------
        CrosscurrentError
            As :func:`crosscurrent.study.pathway_run.simulate_pathways`.
        """
        study = Study(**{**self._settings().model_dump(), "theories": (theory,), "policies": ()})
        wanted, _ = pathway_study(self._case, study, worlds)
        work.begun, work.done, work.total, work.wanted = time.monotonic(), 0, len(wanted.policies), worlds

        def told() -> None:
            work.done += 1

        try:
            found = simulate_pathways(
                self._case, study, scratch / "pathways", worlds, on_policy=told, stop=self._stop
            )  # fmt: skip
            months = len(found.paths(STEP).months)
            maps = [
                pathway_map(found, self._case, each)
                for each in self._case.objectives.values()
                if judged_within(each, months)
            ]
            with self._lock:
                work.maps, work.worlds = maps, worlds
        finally:
            work.wanted = 0


def _objective(objective: Objective, folder: Path, months: int) -> dict[str, Any]:
    bound = objective.at_most if objective.at_most is not None else objective.at_least
    return {
        "id": objective.id, "label": objective.label, "measure": objective.measure, **_quantity(objective.measure),
        "kind": "at_most" if objective.at_most is not None else "at_least", "bound": bound,
        "from_months": objective.from_months, "for_months": objective.for_months,
        "judged": judged_within(objective, months), "reasoning": objective.reasoning, "grade": objective.grade,
        "evidence": list(objective.evidence), "place": f"{folder.name}/{objective.file}:{objective.line}",
        "pathways": [_pathway(key, pathway) for key, pathway in objective.pathways.items()],
    }  # fmt: skip


def _quantity(name: str) -> dict[str, Any]:
    """Unit of a measure; a state has none that is shown."""
    measure = MEASURES.get(name)
    return {"unit": measure.unit if measure else "", "flow": measure is not None and measure.kind == "flow"}


def _pathway(key: str, pathway: Pathway) -> dict[str, Any]:
    return {
        "id": key, "label": pathway.label, "description": pathway.description, "start": pathway.start,
        "transfers": [_transfer(step) for step in pathway.transfers],
    }  # fmt: skip


def _transfer(step: Transfer) -> dict[str, Any]:
    return {
        "to": step.to, "keeps": step.keeps, "signpost": step.signpost, **_quantity(step.signpost),
        "above": step.above, "below": step.below, "for_weeks": step.for_weeks, "lead_weeks": step.lead_weeks,
        "release": step.release, "irreversible": step.irreversible, "cost": step.cost, "grade": step.grade,
        "reasoning": step.reasoning, "evidence": list(step.evidence),
    }  # fmt: skip


def _document(found: ObjectiveMap, theory: str, objective: Objective) -> dict[str, Any]:
    """What of a map concerns one theory."""
    (plain,) = map_document([found])
    place = found.theories.index(theory)
    lines = [
        {"id": line["id"], "parts": line["id"].split("+"), **_row(line["tipping"][place])} for line in plain["lines"]
    ]
    pathways = [
        {
            "id": each["pathway"], **_row(each["tipping"]),
            "transfers": [_short(step) for step in each["transfers"]],
            **_short({key: each[key] for key in _OF_PATHWAYS}),
        }
        for each in plain["pathways"]
        if each["theory"] == theory
    ]  # fmt: skip
    first = month_of_date(parse_month(found.first_month))
    return {
        "worlds": found.worlds, "failed": sum(row["failed"] for row in (*lines, *pathways)),
        "runs": found.worlds * (len(lines) + len(pathways)), "first_month": found.first_month,
        "last_month": found.last_month, "judged_month": month_label(first + max(objective.from_months, YEAR) - 1),
        "lines": lines, "pathways": pathways,
    }  # fmt: skip


def _row(tipping: dict[str, Any]) -> dict[str, Any]:
    return _short({key: value for key, value in tipping.items() if key not in ("policy", "theory")})


def _short(values: dict[str, Any]) -> dict[str, Any]:
    """Shares and costs to four decimals: a world of 256 is not lost, and nothing finer is known."""
    return {key: round(value, _DIGITS) if isinstance(value, float) else value for key, value in values.items()}
