"""Figures that the tests of claims need, read from a stored study: totals and stocks at a date, world by world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..calendar import parse_month
from ..case.records import ClaimTest
from ..model.schema import MEASURES, OBSERVABLES
from ..study.shards import read_columns
from ..study.specification import STATUS_QUO
from .claims_records import Need
from .claims_tests import outcome, together
from .flips_design import Floats

if TYPE_CHECKING:
    from ..study.results import Results

__all__ = ["Figures", "dates_of"]

_COSTS = ("cost_us", "cost_mx")
_FIRST_YEAR = 2012
"""Months of paths are counted from January of this year."""


def dates_of(test: ClaimTest, main: ClaimTest) -> tuple[int, ...]:
    """Dates of a test; a further test without dates of its own has those of the main one."""
    return test.at_months or main.at_months


class Figures:
    """Figures of a study by measure, policy and month, each [theory, world].

    The last month of the projection is read from all worlds, earlier ones from the worlds that keep their paths.
    """

    def __init__(self, results: Results) -> None:
        self.results, self.months = results, 12 * results.study.years
        self.path_worlds = min(results.study.full_paths, results.study.worlds)
        self._stored = frozenset(results.measures)
        self._known: dict[tuple[str, str, int], Floats] = {}
        decision = parse_month(results.study.decision)
        self._decision = 12 * (decision.year - _FIRST_YEAR) + decision.month - 1

    def needs(self, test: ClaimTest, month: int) -> list[Need]:
        """What the study lacks to read a test at a date; empty if nothing."""
        found = [Need("policy", name) for name in self._policies(test) if name not in self.results.policies]
        found += [Need("measure", name) for name in self._measures(test) if name not in self._stored]
        last = max(month, test.versus_month or 0)
        if last > self.months:
            found.append(Need("years", str(-(-last // 12))))
        early = month < self.months or (test.versus_month or self.months) < self.months
        if last <= self.months and early and self.path_worlds == 0:
            found.append(Need("paths", ""))
        return found

    @staticmethod
    def _policies(test: ClaimTest) -> tuple[str, ...]:
        names = (test.policy, test.versus, *((STATUS_QUO,) if test.per_cost else ()))
        return tuple(dict.fromkeys(names))

    @staticmethod
    def _measures(test: ClaimTest) -> tuple[str, ...]:
        names = (test.measure, test.versus_measure or test.measure, *(_COSTS if test.per_cost else ()))
        return tuple(dict.fromkeys(names))

    def load(self, wanted: Iterable[tuple[ClaimTest, int]]) -> None:
        """Read what some tests at some dates need: one pass over totals, one over whole paths."""
        places: dict[str, set[tuple[str, int]]] = {}
        for test, month in wanted:
            for measure in self._measures(test):
                for at in {month, test.versus_month or month}:
                    places.setdefault(measure, set()).update((policy, at) for policy in self._policies(test))
        final = [name for name, found in places.items() if any(at == self.months for _, at in found)]
        for name, table in (self.results.tables(final) if final else {}).items():
            for policy, at in places[name]:
                if at == self.months:
                    self._known[name, policy, at] = table[self.results.policies.index(policy)]
        early = {name: [place for place in found if place[1] < self.months] for name, found in places.items()}
        early = {name: found for name, found in early.items() if found}
        if early:
            self._read_paths(early)

    def _read_paths(self, early: Mapping[str, Sequence[tuple[str, int]]]) -> None:
        """Totals since the decision, or the stock in the month, from whole paths."""
        results, names = self.results, list(early)
        shape = (len(results.theories), self.path_worlds)
        for name, found in early.items():
            self._known.update({(name, policy, at): np.full(shape, np.nan) for policy, at in found})
        for shard in results.manifest.shards:
            if shard.theory not in results.theories or shard.first >= self.path_worlds or "paths" not in shard.files:
                continue
            columns = read_columns(results.folder / shard.files["paths"].name, [*names, "policy", "month"])
            size = len(np.unique(columns["month"]))
            order = [str(name) for name in columns["policy"].reshape(len(results.policies), -1)[:, 0]]
            place, count = results.theories.index(shard.theory), self.path_worlds - shard.first
            first = int(np.searchsorted(columns["month"][:size], self._decision))
            for name, found in early.items():
                paths = columns[name].reshape(len(order), -1, size)[:, :count]
                for policy, at in found:
                    figure = _figure_at(name, paths[order.index(policy)], first, at)
                    self._known[name, policy, at][place, shard.first : shard.first + len(figure)] = figure

    def both(self, test: ClaimTest, month: int) -> tuple[Floats, Floats]:
        """The figure and the other one in each world, [theory, world]; NaN where a world failed or has none."""
        figure = self._figure(test, test.measure, test.policy, month)
        other = self._figure(test, test.versus_measure or test.measure, test.versus, test.versus_month or month)
        count = min(figure.shape[-1], other.shape[-1])
        return figure[:, :count], other[:, :count]

    def _figure(self, test: ClaimTest, measure: str, policy: str, month: int) -> Floats:
        if not test.per_cost:
            return self._known[measure, policy, month]
        change = self._change(measure, policy, month)
        added = self._change(_COSTS[0], policy, month) + self._change(_COSTS[1], policy, month)
        return np.asarray(np.divide(change, added, out=np.full(change.shape, np.nan), where=added > 0))

    def _change(self, measure: str, policy: str, month: int) -> Floats:
        return np.asarray(self._known[measure, policy, month] - self._known[measure, STATUS_QUO, month])

    def outcome(self, test: ClaimTest, others: Iterable[ClaimTest], month: int) -> Floats:
        """Outcome of a test, and of those that must hold with it, at a date, [theory, world]."""
        found = []
        for each in (test, *others):
            own = each.at_months[0] if len(each.at_months) == 1 and each is not test else month
            found.append(outcome(each.direction, each.margin, *self.both(each, own)))
        count = min(values.shape[-1] for values in found)
        return together([values[:, :count] for values in found])


def _figure_at(measure: str, paths: npt.NDArray[Any], first: int, at: int) -> Floats:
    """A flow's total since the decision, or a stock's mean in the month, from paths [world, month]."""
    known = MEASURES.get(measure) or OBSERVABLES.get(measure)
    if known is not None and known.kind == "flow":
        return np.asarray(paths[:, first : first + at].sum(axis=-1, dtype=np.float64))
    return np.asarray(paths[:, first + at - 1], dtype=np.float64)
