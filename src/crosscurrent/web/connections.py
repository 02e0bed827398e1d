"""Connections that bring no question: closed after a while, and counted by address, so that nobody holds all places."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["PatientProtocol"]


class PatientProtocol(H11Protocol):
    """Uvicorn's HTTP/1.1 with two limits; Uvicorn itself waits for the head of a question for ever."""

    head_seconds: ClassVar[float] = 10.0
    """Time in which the head of a question must have arrived."""
    most: ClassVar[int] = 256
    """Connections of one address: a page has six, and behind a proxy all pages have one address."""
    of_address: ClassVar[Counter[str]] = Counter()
    address = ""
    timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Count the connection, and begin to wait for the head of its first question."""
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        self.of_address[self.address] += 1
        if self.of_address[self.address] > self.most:
            transport.close()
        else:
            self._wait_for_a_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop counting the connection."""
        self.of_address[self.address] -= 1
        if self.of_address[self.address] <= 0:
            del self.of_address[self.address]
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what arrived; half a head does not count as one."""
        super().data_received(data)
        if not self._has_no_question():
            self._stop_waiting()
        elif self.timer is None:
            self._wait_for_a_head()

    def _has_no_question(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait_for_a_head(self) -> None:
        self.timer = self.loop.call_later(self.head_seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def _give_up(self) -> None:
        self.timer = None
        if self._has_no_question() and not self.transport.is_closing():
            self.transport.close()
