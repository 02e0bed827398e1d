"""Worlds behind the page: blocks computed on a few threads, kept in memory, cancelled when nobody waits.

A question needs a number of blocks.  Blocks that are at hand are used; the others are put in a queue, the first
blocks of every question before the later ones, so that a moving lever never waits for somebody's thousandth world.
"""

from __future__ import annotations

import itertools
import os
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, InvalidStateError
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import ComputeError, CrosscurrentError
from ..study.batch import StopRequested
from ..study.blocks import BLOCK_WORLDS, BlockPaths, Orders, WorldBlocks

__all__ = ["Busy", "Closing", "Ensemble", "Superseded", "Worlds"]

_KEPT_BYTES = 300_000_000
_LONGEST_QUEUE = 20_000
"""Blocks waiting at most: about two minutes of two cores."""
_LONGEST_WAIT = 120.0
"""Seconds after which a question is given up."""

Singles = npt.NDArray[np.float32]
Key = tuple[Orders, str, int]


class Busy(ComputeError):
    """Too many questions wait."""


class Closing(ComputeError):
    """The server is being stopped."""


class Superseded(StopRequested):
    """A later question of the same page has arrived."""


class Ensemble(NamedTuple):
    """Worlds of one theory under some orders."""

    values: Singles
    """[measure asked for, point, world]."""
    failed: npt.NDArray[np.bool_]
    """[world]."""


def _size(block: BlockPaths) -> int:
    return block.values.nbytes + block.totals.nbytes


def _joined(parts: Sequence[BlockPaths], worlds: int, places: Sequence[int] | None) -> Ensemble:
    """Blocks as one; only the measures asked for are copied, since a question of 1,024 worlds has 40 MB of all."""
    chosen = slice(None) if places is None else list(places)
    return Ensemble(
        np.concatenate([part.values[chosen] for part in parts], axis=-1)[..., :worlds],
        np.concatenate([part.failed for part in parts])[:worlds],
    )


def _settle(future: Future[BlockPaths], outcome: BlockPaths | BaseException) -> None:
    """Give a future its outcome, unless the server has given up on it meanwhile."""
    try:
        if isinstance(outcome, BaseException):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
    except InvalidStateError:
        return


class _Wanted:
    """A block in the queue, and who waits for it."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.future: Future[BlockPaths] = Future()
        self.waiting: list[threading.Event] = []


class Worlds:
    """Answers questions for ensembles; serves many pages at once.

    Parameters
    ----------
    blocks : WorldBlocks
    threads : int, optional
        As many as there are processors by default.
    kept_bytes : int
        Memory for blocks that were computed.
    """

    def __init__(self, blocks: WorldBlocks, threads: int | None = None, kept_bytes: int = _KEPT_BYTES) -> None:
        self.blocks = blocks
        self._kept: OrderedDict[Key, BlockPaths] = OrderedDict()
        self._kept_bytes, self._bytes = kept_bytes, 0
        self._wanted: dict[Key, _Wanted] = {}
        self._queue: queue.PriorityQueue[tuple[int, int, _Wanted | None]] = queue.PriorityQueue()
        self._ticket = itertools.count()
        self._lock = threading.Lock()
        self._closed = False
        self._sessions: OrderedDict[str, tuple[int, threading.Event]] = OrderedDict()
        self.computed = 0
        """Blocks computed so far."""
        self._threads = [
            threading.Thread(target=self._work, name=f"crosscurrent-page-{number}", daemon=True)
            for number in range(threads or os.cpu_count() or 1)
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop the threads; what waits is given up."""
        self.give_up()
        for _ in self._threads:
            self._queue.put((-1, next(self._ticket), None))
        for thread in self._threads:
            thread.join(timeout=2.0)

    def give_up(self) -> None:
        """Answer everybody who waits that the server is being stopped, and take no question any more."""
        with self._lock:
            self._closed = True
            waiting, self._wanted = list(self._wanted.values()), {}
        for wanted in waiting:
            _settle(wanted.future, Closing("the server is being stopped"))

    def begin(self, session: str, sequence: int) -> threading.Event:
        """Announce a question of a page; an earlier one still in work is stopped.

        Raises
        ------
        Superseded
            If a later question of the page has been announced already.
        """
        stop = threading.Event()
        if not session:
            return stop
        with self._lock:
            latest, earlier = self._sessions.get(session, (-1, None))
            if sequence < latest:
                raise Superseded("a later question of this page has arrived")
            if earlier is not None:
                earlier.set()
            self._sessions[session] = sequence, stop
            self._sessions.move_to_end(session)
            while len(self._sessions) > 1000:
                self._sessions.popitem(last=False)
        return stop

    def ensembles(
        self, orders: Orders, theories: Sequence[str], worlds: int, stop: threading.Event,
        measures: Sequence[str] | None = None,
    ) -> dict[str, Ensemble]:  # fmt: skip
        """Worlds 0 to ``worlds - 1`` of each theory under some orders: of some measures in their order, or of all.

        Raises
        ------
        Busy
            If too much waits already.
        Closing
            If the server is being stopped.
        Superseded
            If the question was stopped.
        """
        places = None if measures is None else [self.blocks.names.index(name) for name in measures]
        found = self._blocks(orders, theories, worlds, stop)
        return {theory: _joined(parts, worlds, places) for theory, parts in found}

    def totals(
        self, orders: Orders, theories: Sequence[str], worlds: int, measure: str, stop: threading.Event,
        note: Callable[[], None],
    ) -> npt.NDArray[np.float64]:  # fmt: skip
        """A measure's total in worlds 0 to ``worlds - 1`` under some orders, [theory, world]; NaN where one failed.

        ``note`` is called once a block, by the thread that computed it.

        Raises
        ------
        Busy, Closing, Superseded
            As :meth:`ensembles`.
        """
        place, found = self.blocks.names.index(measure), []
        for _, parts in self._blocks(orders, theories, worlds, stop, note):
            cells = [np.where(part.failed, np.nan, part.totals[place]) for part in parts]
            found.append(np.concatenate(cells)[:worlds])
        return np.stack(found)

    def _blocks(
        self, orders: Orders, theories: Sequence[str], worlds: int, stop: threading.Event,
        note: Callable[[], None] = lambda: None,
    ) -> Iterator[tuple[str, list[BlockPaths]]]:  # fmt: skip
        """Blocks of each theory; all are asked for before the first is waited for."""
        numbers = range(-(-worlds // BLOCK_WORLDS))
        self.blocks.prepare(orders)
        futures = {
            (theory, number): self._ask((orders, theory, number), stop) for theory in theories for number in numbers
        }
        for future in futures.values():
            future.add_done_callback(lambda _: note())
        for theory in theories:
            yield theory, [self._wait(futures[theory, number], stop) for number in numbers]

    def _ask(self, key: Key, stop: threading.Event) -> Future[BlockPaths]:
        with self._lock:
            if self._closed:
                raise Closing("the server is being stopped")
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                done: Future[BlockPaths] = Future()
                done.set_result(kept)
                return done
            wanted = self._wanted.get(key)
            if wanted is None:
                if self._queue.qsize() > _LONGEST_QUEUE:
                    raise Busy("too many questions wait", fix="ask again in a moment")
                wanted = self._wanted[key] = _Wanted(key)
                self._queue.put((key[2], next(self._ticket), wanted))
            wanted.waiting.append(stop)
            return wanted.future

    @staticmethod
    def _wait(future: Future[BlockPaths], stop: threading.Event) -> BlockPaths:
        if stop.is_set():
            raise Superseded("a later question of this page has arrived")
        try:
            return future.result(timeout=_LONGEST_WAIT)
        except TimeoutError as error:
            raise Busy("the question waited too long", fix="ask again in a moment") from error
        except StopRequested as error:
            raise Superseded("a later question of this page has arrived") from error

    def _work(self) -> None:
        while True:
            _, _, wanted = self._queue.get()
            if wanted is None:
                return
            with self._lock:
                if all(stop.is_set() for stop in wanted.waiting):
                    self._wanted.pop(wanted.key, None)
                    _settle(wanted.future, StopRequested("nobody waits for this block"))
                    continue
            try:
                found = self.blocks.paths(*wanted.key)
            except (CrosscurrentError, ArithmeticError, ValueError, MemoryError) as error:
                with self._lock:
                    self._wanted.pop(wanted.key, None)
                _settle(wanted.future, error)
                continue
            self._keep(wanted.key, found)
            _settle(wanted.future, found)

    def _keep(self, key: Key, found: BlockPaths) -> None:
        with self._lock:
            self._wanted.pop(key, None)
            self._kept[key] = found
            self._bytes += _size(found)
            self.computed += 1
            while self._bytes > self._kept_bytes and len(self._kept) > 1:
                _, old = self._kept.popitem(last=False)
                self._bytes -= _size(old)
