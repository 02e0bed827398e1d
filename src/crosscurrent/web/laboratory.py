"""The laboratory behind the page: from a checked question to a document of figures."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..case.records import Case
from ..study.blocks import Orders, WorldBlocks
from ..study.posterior import refuse_beliefs
from .answers import compare_cells, difference_cell, direction, figures
from .blending import BLEND, blended_cell, checked_blend
from .case_words import case_catalogue
from .catalogues import LANGUAGES
from .description import description
from .questions import (
    WORLD_STEPS,
    Question,
    SwitchQuestion,
    TableQuestion,
    ask_orders,
    checked_measures,
    checked_point,
    checked_theory,
    page_theories,
)
from .worlds import Ensemble, Worlds

__all__ = ["Laboratory"]


class Laboratory:
    """A case, its worlds, and the answers to questions.

    Parameters
    ----------
    case : Case
    decision : str, optional
        ``YYYY-MM``; the case's own by default.
    years, seed : int
    beliefs : str
        As of a study.
    threads : int, optional
        Threads that compute.
    theories : sequence of str, optional
        Those of the case, its mixture left out, by default.
    """

    def __init__(
        self, case: Case, *, decision: str | None = None, years: int = 10, seed: int = 0,
        beliefs: str = "prior", threads: int | None = None, theories: Sequence[str] | None = None,
    ) -> None:  # fmt: skip
        self.case = case
        refuse_beliefs(str(case.folder), beliefs, WORLD_STEPS[-1], seed)
        self.blocks = WorldBlocks(case, decision or case.meta.default_decision, years, seed, beliefs=beliefs)
        self.worlds = Worlds(self.blocks, threads)
        self.theories = page_theories(case, theories)

    def close(self) -> None:
        """Stop computing."""
        self.worlds.close()

    def warm(self) -> None:
        """Compile the kernel and compute what the first screen needs, its words included."""
        self.blocks.compile()
        for language in LANGUAGES:
            case_catalogue(language, self.case)
        self.compare(Question())

    def describe(self) -> dict[str, Any]:
        """Names and ranges of the page."""
        return description(self.case, self.blocks, self.theories)

    def compare(self, question: Question) -> dict[str, Any]:
        """Bands, differences and shares of every measure asked for, by theory; with a blend, beside them its own.

        Raises
        ------
        InputError
            If a name is unknown or a value out of range.
        Superseded
            If a later question of the same page arrived.
        """
        measures = checked_measures(question.measures)
        shares = {} if question.blend is None else checked_blend(question.blend, self.theories)
        a, b = ask_orders(self.blocks, question.a, question.b, question.levers)
        stop = self.worlds.begin(question.session, question.sequence)
        of_a, of_b = self._both(a, b, question.worlds, stop, measures)
        cells = compare_cells(of_a, of_b, measures, measures, with_a=question.with_a)
        failed = {name: int((of_a[name].failed | of_b[name].failed).sum()) for name in self.theories}
        for measure in measures if shares else ():
            cells[measure][BLEND] = blended_cell(
                of_a, of_b, measures.index(measure), measure, shares, with_a=question.with_a
            )
        blend = {"weights": list(question.blend or ()), "failed": sum(failed[name] for name in shares)}
        return {
            "worlds": question.worlds,
            "failed": failed,
            "levers": dict(b.changed),
            "sequence": question.sequence,
            "same": a == b or (self.blocks.levers(a) == self.blocks.levers(b) and self._unruled(a, b)),
            "cells": figures(cells),
        } | ({"blend": blend} if shares else {})

    def _unruled(self, a: Orders, b: Orders) -> bool:
        return not any(self.case.policies[orders.policy].rules for orders in (a, b))

    def _both(
        self, a: Orders, b: Orders, worlds: int, stop: threading.Event, measures: Sequence[str]
    ) -> tuple[dict[str, Ensemble], dict[str, Ensemble]]:
        of_a = self.worlds.ensembles(a, self.theories, worlds, stop, measures)
        return of_a, of_a if a == b else self.worlds.ensembles(b, self.theories, worlds, stop, measures)

    def table(self, question: TableQuestion) -> dict[str, Any]:
        """Paired difference of every policy, and of B as edited, from A in one measure and quarter, by theory.

        Raises
        ------
        InputError
            If a name is unknown or the quarter is beyond the projection.
        """
        (measure,) = checked_measures((question.measure,))
        point = checked_point(question.point, self.blocks.points)
        a, b = ask_orders(self.blocks, question.a, question.b or question.a, question.levers)
        sign, stop = direction(measure), threading.Event()
        of_a = self.worlds.ensembles(a, self.theories, question.worlds, stop, (measure,))
        rows = {}
        for policy in self.case.policies:
            if policy == question.a:
                continue
            of_b = self.worlds.ensembles(Orders(policy), self.theories, question.worlds, stop, (measure,))
            rows[policy] = {
                theory: _at_point(of_a[theory], of_b[theory], point, sign) for theory in self.theories
            }
        edited = None
        if question.b is not None and b.changed:
            of_b = self.worlds.ensembles(b, self.theories, question.worlds, stop, (measure,))
            edited = {theory: _at_point(of_a[theory], of_b[theory], point, sign) for theory in self.theories}
        return {
            "worlds": question.worlds, "measure": measure, "point": point, "rows": figures(rows),
            "edited": figures(edited),
        }  # fmt: skip

    def switches(self, question: SwitchQuestion) -> dict[str, Any]:
        """What each change of B adds to the difference from A: the same worlds with that one lever back at A's level.

        Raises
        ------
        InputError
            If a name is unknown or the quarter is beyond the projection.
        """
        (measure,) = checked_measures((question.measure,))
        point = checked_point(question.point, self.blocks.points)
        theory = checked_theory(question.theory, self.theories)
        a, b = ask_orders(self.blocks, question.a, question.b, question.levers)
        levers_a, levers_b = self.blocks.levers(a), self.blocks.levers(b)
        stop = threading.Event()
        whole = self.worlds.ensembles(b, (theory,), 256, stop, (measure,))[theory]
        rows = {}
        for lever in (name for name in levers_b if levers_b[name] != levers_a[name]):
            back = self.blocks.orders(question.b, {**question.levers, lever: levers_a[lever]})
            without = self.worlds.ensembles(back, (theory,), 256, stop, (measure,))[theory]
            rows[lever] = _at_point(without, whole, point, direction(measure))
        return {"worlds": 256, "theory": theory, "measure": measure, "point": point, "levers": figures(rows)}


def _at_point(a: Ensemble, b: Ensemble, point: int, sign: int) -> dict[str, Any]:
    """Paired difference of the one measure asked for at one point: band, shares, error and verdict as plain figures."""
    worlds = np.flatnonzero(~(a.failed | b.failed))
    if worlds.size == 0:
        return {"worlds": 0}
    found = difference_cell(a.values[0, point, worlds], b.values[0, point, worlds], sign, worlds)
    plain = {key: value if np.ndim(value) else value[()] for key, value in found.items()}
    return {"worlds": int(worlds.size), **{key: _scalar(value) for key, value in plain.items()}}


def _scalar(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
