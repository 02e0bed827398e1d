"""Flips of the comparison that is on the page: searched in its own worlds, or in a stored study that holds both.

A search takes seconds, so it runs beside the questions and is asked after: each answer says how far it is.  A search
that no page waits for any more is given up; what was found is kept by question.
"""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..analysis.flips import Pair, find_flips, flips_between
from ..analysis.flips_design import Design, make_design, rounded_off
from ..errors import CrosscurrentError, InputError
from ..model.schema import MEASURES
from ..study.blocks import BLOCK_WORLDS, Orders
from .documents import flip_document
from .questions import FlipQuestion, checked_measures
from .worlds import Busy, Superseded

if TYPE_CHECKING:
    from ..study.results import Results
    from .laboratory import Laboratory
    from .studies import StudyBehind

__all__ = ["FlipSearches"]

ANSWER_SECONDS = 0.8
"""Time after which a question is told how far its search is."""
_KEPT = 200
_WAITING = 32
"""Searches that wait at most: about two minutes."""
_AT_ONCE = 2
_SESSIONS = 1000
_LIGHT = 0.2
"""What a block of B costs of one of A, whose past may have to be computed as well."""
_ROW_SECONDS = 4e-4
"""First guess of a search's time for each world of its pool, its assumptions read; then what the last one took."""


class _Search:
    """One question's search, and who waits for it."""

    def __init__(self, make: Callable[[_Search], dict[str, Any]], worlds: int, rows: int) -> None:
        self.make, self.worlds, self.rows = make, worlds, rows
        self.stop, self.finished = threading.Event(), threading.Event()
        self.waiting: set[object] = set()
        self.document: dict[str, Any] | None = None
        self.error = ""
        self.began = 0.0
        self._blocks, self._counting = 0, threading.Lock()

    def note(self) -> None:
        """One block more is done."""
        with self._counting:
            self._blocks += 1

    @property
    def done(self) -> int:
        """Worlds computed, of both policies."""
        return min(self._blocks * BLOCK_WORLDS, self.worlds)

    def seconds(self, pace: float) -> float | None:
        """Estimate of what is left; None while it has not begun."""
        if not self.began:
            return None
        spent, searching = time.monotonic() - self.began, pace * self.rows
        if not self.worlds:
            return max(searching - spent, 0.5)
        half = self.worlds / 2
        work, whole = min(self.done, half) + _LIGHT * max(self.done - half, 0.0), (1.0 + _LIGHT) * half
        return None if not work else max(spent * (whole - work) / work + searching, 0.5)


class FlipSearches:
    """Answers questions for flips.

    Parameters
    ----------
    laboratory : Laboratory
        Gives the worlds of policies as they stand on the page.
    study : StudyBehind
        A stored study is read for policies that nobody has changed, if one was given and holds them.
    """

    def __init__(self, laboratory: Laboratory, study: StudyBehind) -> None:
        self.laboratory, self.study = laboratory, study
        self._kept: OrderedDict[Any, _Search] = OrderedDict()
        self._sessions: OrderedDict[str, tuple[int, _Search]] = OrderedDict()
        self._queue: queue.PriorityQueue[tuple[int, int, _Search]] = queue.PriorityQueue()
        self._ticket = itertools.count()
        self._lock, self._laying = threading.Lock(), threading.Lock()
        self._designs: dict[int, Design] = {}
        self._pace = _ROW_SECONDS
        self._turns = threading.Semaphore(_AT_ONCE)

    def close(self) -> None:
        """Give up what is being searched."""
        with self._lock:
            for search in self._kept.values():
                search.stop.set()

    def ask(self, question: FlipQuestion, seconds: float = ANSWER_SECONDS) -> dict[str, Any]:
        """What was found, or how far the search is after so many seconds at most.

        Raises
        ------
        InputError
            If a name is unknown, a value out of range, or both policies are the same.
        Superseded
            If a later question of the same page has arrived.
        Busy
            If too many searches wait.
        """
        key, make, worlds, rows = self._wanted(question)
        with self._lock:
            self._check(question)
            search = self._kept.get(key)
            if search is None:
                if self._queue.qsize() >= _WAITING:
                    raise Busy("too many searches wait", fix="ask again in a moment")
                search = self._kept[key] = _Search(make, worlds, rows)
                self._queue.put((rows, next(self._ticket), search))
                threading.Thread(target=self._work, name="crosscurrent-flips", daemon=True).start()
            self._kept.move_to_end(key)
            self._attach(question, search)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        search.finished.wait(seconds)
        return self._state(key, search)

    def _wanted(self, question: FlipQuestion) -> tuple[Any, Callable[[_Search], dict[str, Any]], int, int]:
        """Key of a question, how it is answered, worlds to compute, and worlds in the pool."""
        checked_measures((question.measure,))
        a, b = self.laboratory.blocks.orders(question.a, {}), self.laboratory.blocks.orders(question.b, question.levers)
        if a == b:
            raise InputError("the two policies are the same", given=question.a, expected="two policies")
        stored = self.study.stored()
        if stored is not None and not b.changed and _holds(stored, question):
            rows = stored.study.worlds * len(stored.theories)
            return ("study", a, b, question.measure), lambda _: self._in_study(stored, question), 0, rows
        rows = question.worlds * len(self.laboratory.theories)
        key = (a, b, question.measure, question.worlds)
        return key, lambda search: self._in_worlds(a, b, question, search), 2 * rows, rows

    def _check(self, question: FlipQuestion) -> None:
        if question.session and question.sequence < self._sessions.get(question.session, (-1, None))[0]:
            raise Superseded("a later question of this page has arrived")

    def _attach(self, question: FlipQuestion, search: _Search) -> None:
        """Wait for a search, and no longer for what the page asked before."""
        if not question.session:
            search.waiting.add(object())
            return
        _, earlier = self._sessions.get(question.session, (-1, search))
        if earlier is not search:
            earlier.waiting.discard(question.session)
            if not earlier.waiting and not earlier.finished.is_set():
                earlier.stop.set()
                for key in [key for key, kept in self._kept.items() if kept is earlier]:
                    del self._kept[key]
        search.waiting.add(question.session)
        self._sessions[question.session] = question.sequence, search
        self._sessions.move_to_end(question.session)
        while len(self._sessions) > _SESSIONS:
            self._sessions.popitem(last=False)

    def _state(self, key: Any, search: _Search) -> dict[str, Any]:
        if search.document is not None:
            return {"computed": True, **search.document}
        if search.error:
            with self._lock:
                if self._kept.get(key) is search:
                    del self._kept[key]
        seconds = None if search.finished.is_set() else search.seconds(self._pace)
        return {
            "computed": False,
            "computing": {"done": search.done, "total": search.worlds, "seconds": seconds, "error": search.error},
        }

    def _work(self) -> None:
        """Do the most urgent search when there is a turn: there are as many threads as searches that wait."""
        with self._turns:
            search = self._queue.get()[2]
            search.began = time.monotonic()
            try:
                if not search.stop.is_set():
                    search.document = search.make(search)
            except Superseded:
                search.error = "given up: a later question has arrived"
            except (CrosscurrentError, ArithmeticError, ValueError, MemoryError) as error:
                search.error = str(error)
            finally:
                if search.document is None and not search.error:
                    search.error = "the search failed"
                search.finished.set()

    def _in_worlds(self, a: Orders, b: Orders, question: FlipQuestion, search: _Search) -> dict[str, Any]:
        laboratory, measure = self.laboratory, question.measure
        of_a, of_b = (
            laboratory.worlds.totals(orders, laboratory.theories, question.worlds, measure, search.stop, search.note)
            for orders in (a, b)
        )
        begun = time.monotonic()
        design = self._design(question.worlds)
        pair = Pair(
            question.a, question.b, measure, MEASURES[measure].unit, laboratory.theories, rounded_off(of_a, of_b)
        )
        found = flips_between(pair, design, laboratory.case)
        self._pace = (time.monotonic() - begun) / search.rows
        study = laboratory.blocks.simulator.study
        return {
            "from": "page", "levers": dict(b.changed), "worlds": question.worlds, "seed": study.seed,
            "decision": study.decision, "years": study.years, **flip_document(found, laboratory.case),
        }  # fmt: skip

    def _design(self, worlds: int) -> Design:
        """Assumptions of the page's first worlds; laid out once."""
        with self._laying:
            if worlds not in self._designs:
                simulator, theories = self.laboratory.blocks.simulator, self.laboratory.theories
                draws = [simulator.draw(theory, np.arange(worlds)) for theory in theories]
                self._designs[worlds] = make_design(
                    theories, worlds, [drawn.parameters for drawn in draws], [drawn.axes for drawn in draws]
                )
            return self._designs[worlds]

    def _in_study(self, results: Results, question: FlipQuestion) -> dict[str, Any]:
        case, study = self.laboratory.case, results.study
        found = find_flips(results, case, question.a, question.b, question.measure)
        return {
            "from": "study", "levers": {}, "worlds": study.worlds, "seed": study.seed, "decision": study.decision,
            "years": study.years, **flip_document(found, case),
        }  # fmt: skip


def _holds(results: Results, question: FlipQuestion) -> bool:
    return {question.a, question.b} <= set(results.policies) and question.measure in results.measures
