"""Blocks of worlds kept at the decision date and continued under any levers: what a page asks for while one moves.

The past of a block is computed once; every question forks it.  A block holds the same worlds as a study with the same
case, decision, years and seed, so a figure on the page is a figure of that study.
"""

from __future__ import annotations

import copy
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .. import calendar
from ..case.records import Case
from ..errors import InputError, did_you_mean
from ..kernel import run
from ..kernel.setting import RECORDED, Setting
from ..lanes.records import LANES
from ..model.schema import LEVERS, MEASURES
from .batch import StopRequested
from .simulation import CaseSimulator
from .specification import STATUS_QUO, Study
from .tables import RELATIVE, chosen_policy

__all__ = ["BLOCK_WORLDS", "QUARTER", "BlockPaths", "Orders", "WorldBlocks", "trailing_years"]

BLOCK_WORLDS = LANES
"""Worlds in a block."""
QUARTER = 3
"""Months from one point of a path to the next."""
_MONTHS_A_YEAR = 12
_KEPT_SETTINGS = 32

Singles = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Orders:
    """A policy, with levers set to other values than its own."""

    policy: str
    changed: tuple[tuple[str, float], ...] = ()
    """Lever and value, by name."""


class BlockPaths(NamedTuple):
    """One block of worlds of a theory under some orders."""

    values: Singles
    """[measure, point, world]: flows of the twelve months before a point, stocks of its month."""
    failed: npt.NDArray[np.bool_]
    """Which worlds failed [world]."""
    totals: npt.NDArray[np.float64]
    """[measure, world]: flows summed over the projection, stocks at its end, as a study stores them."""


class _Past(NamedTuple):
    blocks: Any
    months: Singles
    """Months from the twelfth before the decision to the continuation [measure, month, world]."""


def trailing_years(months: Singles, flows: npt.NDArray[np.bool_]) -> Singles:
    """Every third month from the twelfth on: sums over twelve months of flows, the month itself of stocks.

    Parameters
    ----------
    months
        [quantity, month, world].
    flows
        Which quantities are flows [quantity].

    >>> months = np.ones((2, 15, 1), np.float32)
    >>> trailing_years(months, np.array([True, False]))[:, :, 0].tolist()
    [[12.0, 12.0], [1.0, 1.0]]
    """
    picked = months[:, _MONTHS_A_YEAR - 1 :: QUARTER]
    count = picked.shape[1]
    quarters = months[:, : (count + 3) * QUARTER][flows].reshape(int(flows.sum()), count + 3, QUARTER, -1).sum(axis=2)
    found = picked.copy()
    found[flows] = quarters[:, 3:] + quarters[:, 2:-1] + quarters[:, 1:-2] + quarters[:, :-3]
    return found


class WorldBlocks:
    """Worlds of every theory at the decision date; serves several threads at once.

    Parameters
    ----------
    case : Case
    decision : str
        ``YYYY-MM``.
    years : int
        Length of the projection.
    seed : int
    beliefs : str
        Where parameters come from, as of a study: ``prior``, ``posterior`` or a posterior's file.
    kept_pasts : int
        Blocks kept at the decision date, a megabyte each.
    """

    names: tuple[str, ...] = tuple(MEASURES)
    """Measures, the first dimension of paths."""

    def __init__(
        self, case: Case, decision: str, years: int, seed: int, *, beliefs: str = "prior", kept_pasts: int = 128
    ) -> None:  # fmt: skip
        study = Study(
            case=str(case.folder), policies=(STATUS_QUO,), theories=tuple(case.theories), decision=decision,
            years=years, seed=seed, beliefs=beliefs,
        )  # fmt: skip
        self.case = case
        self.simulator = CaseSimulator(study, case)
        decided = calendar.parse_month(self.simulator.study.decision)
        self._base = calendar.month_of_date(decided) - 1
        self._years = years
        # A study of whole weeks may end some days before the anniversary: the last month is then run to its end.
        self._last_week = self.simulator.end_week
        while calendar.month_of_date(calendar.date_of_week(self._last_week)) <= self._base + _MONTHS_A_YEAR * years:
            self._last_week += 1
        self.flows = np.array([MEASURES[name].kind == "flow" for name in self.names])
        recorded = list(RECORDED)
        self._rows = [recorded.index(name) for name in self.names]
        self._pasts: OrderedDict[tuple[str, int], _Past] = OrderedDict()
        self._settings: OrderedDict[Orders, Setting] = OrderedDict()
        self._kept_pasts = kept_pasts
        self._lock = threading.Lock()
        self._making: dict[tuple[str, int], threading.Lock] = {}

    @property
    def points(self) -> int:
        """Points of a path: the decision, and the end of every quarter after it."""
        return self._years * _MONTHS_A_YEAR // QUARTER + 1

    @property
    def _months(self) -> tuple[int, int]:
        """Months that the continuation records: from that of the decision's week on, as many as its weeks touch."""
        return self.simulator.first_month, calendar.month_of_date(calendar.date_of_week(self._last_week))

    def compile(self) -> float:
        """Compile the kernel, or load it from the disk; seconds it took."""
        return self.simulator.compile()

    def value_at_decision(self, lever: str) -> float:
        """Level of a lever in the status quo; 1 for those that multiply the status quo."""
        if LEVERS[lever].unit == RELATIVE:
            return 1.0
        return float(self.simulator.tables.usual[lever][-1])

    def levers(self, orders: Orders) -> dict[str, float]:
        """Every lever as orders set it at the decision."""
        own = chosen_policy(self.case, orders.policy).levers
        return {name: self.value_at_decision(name) for name in LEVERS} | dict(own) | dict(orders.changed)

    def orders(self, policy: str, changed: dict[str, float]) -> Orders:
        """Orders with every name and range checked; values that the policy has anyway are left out.

        Raises
        ------
        InputError
            If the policy or a lever is unknown, or a value is outside the lever's range.
        """
        if policy not in self.case.policies:
            raise InputError("unknown policy", given=policy, fix=did_you_mean(policy, self.case.policies))
        usual = self.levers(Orders(policy))
        for name, value in changed.items():
            if name not in LEVERS:
                raise InputError("unknown lever", given=name, fix=did_you_mean(name, LEVERS))
            if not LEVERS[name].low <= value <= LEVERS[name].high:
                raise InputError(
                    f"lever {name} is out of its range", given=value,
                    expected=f"{LEVERS[name].low:g} to {LEVERS[name].high:g} {LEVERS[name].unit}",
                )  # fmt: skip
        kept = {name: float(value) for name, value in changed.items() if float(value) != usual[name]}
        return Orders(policy, tuple(sorted(kept.items())))

    def paths(
        self, orders: Orders, theory: str, number: int, stop: threading.Event | None = None
    ) -> BlockPaths:
        """Block ``number`` of a theory (worlds ``64 number`` to ``64 number + 63``) under some orders.

        Raises
        ------
        StopRequested
            If the stop event is set before the block is begun.
        """
        past = self._past(theory, number)
        if stop is not None and stop.is_set():
            raise StopRequested("nobody waits for this block")
        simulator, future, setting = self.simulator, run.fork(past.blocks), self._setting(orders)
        first, last = self._months
        months = run.advance(
            simulator.kernel, future, setting, simulator.decision_week, simulator.end_week, last - first
        )
        failed = run.failures(future, BLOCK_WORLDS).week >= 0
        totals = run.totals(future, BLOCK_WORLDS)
        run.advance(
            simulator.kernel, future, setting, simulator.end_week, self._last_week, last - first, out=months
        )
        whole = np.concatenate([past.months, months[self._rows]], axis=1)[:, : _MONTHS_A_YEAR * (self._years + 1)]
        return BlockPaths(trailing_years(whole, self.flows), failed, np.stack([totals[name] for name in self.names]))

    def prepare(self, orders: Orders) -> None:
        """Make the weekly tables of some orders, so that the threads that follow find them."""
        self._setting(orders)

    def _past(self, theory: str, number: int) -> _Past:
        """The block at the decision date, from memory or computed by the one thread that comes first."""
        key = theory, number
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                found = self._pasts.get(key)
                if found is not None:
                    self._pasts.move_to_end(key)
                    return found
            made = self._make_past(theory, number)
            with self._lock:
                self._pasts[key] = made
                while len(self._pasts) > self._kept_pasts:
                    self._pasts.popitem(last=False)
                self._making.pop(key, None)
            return made

    def _make_past(self, theory: str, number: int) -> _Past:
        worlds = np.arange(number * BLOCK_WORLDS, (number + 1) * BLOCK_WORLDS)
        draws = self.simulator.draw(theory, worlds)
        months_before = self._base - _MONTHS_A_YEAR + 1, self.simulator.first_month
        blocks, months, _ = self.simulator.past(draws, worlds, months=months_before)
        run.begin_projection(blocks)
        return _Past(blocks, months[self._rows])

    def _setting(self, orders: Orders) -> Setting:
        with self._lock:
            if orders in self._settings:
                self._settings.move_to_end(orders)
                return self._settings[orders]
        own = chosen_policy(self.case, orders.policy)
        edited = replace(own, id="asked", levers={**own.levers, **dict(orders.changed)})
        view = copy.copy(self.simulator)
        view.case = replace(self.case, policies={**self.case.policies, "asked": edited})
        made = view.setting("asked", self._months)
        with self._lock:
            self._settings[orders] = made
            while len(self._settings) > _KEPT_SETTINGS:
                self._settings.popitem(last=False)
        return made
