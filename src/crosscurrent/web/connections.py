"""Connections that bring no question: closed after a while, and counted by address, so that nobody holds all places."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

__all__ = ["CONNECTIONS_AN_ADDRESS", "HEAD_SECONDS", "patient_protocol"]

HEAD_SECONDS = 10.0
"""Time in which the head of a question must have arrived."""
CONNECTIONS_AN_ADDRESS = 256
"""Connections of one address at most: a page has six, and behind a proxy all have one address."""


def patient_protocol(seconds: float = HEAD_SECONDS, most: int = CONNECTIONS_AN_ADDRESS) -> type[Any]:
    """Uvicorn's HTTP/1.1 with both limits; Uvicorn itself waits for a head as long as the other side likes.

    Parameters
    ----------
    seconds : float
        Time for a head.
    most : int
        Connections of one address.
    """
    from uvicorn.protocols.http.h11_impl import H11Protocol

    of_address: Counter[str] = Counter()

    class PatientProtocol(H11Protocol):
        """Closes what stays silent."""

        _address = ""
        _timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            """Count the connection, and begin to wait for the head of its first question."""
            super().connection_made(transport)
            self._address = self.client[0] if self.client else ""
            of_address[self._address] += 1
            if of_address[self._address] > most:
                transport.close()
            else:
                self._wait_for_a_head()

        def connection_lost(self, exc: Exception | None) -> None:
            """Stop counting the connection."""
            of_address[self._address] -= 1
            if of_address[self._address] <= 0:
                del of_address[self._address]
            self._stop_waiting()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            """Take what arrived; half a head does not count as one."""
            super().data_received(data)
            if not self._has_no_question():
                self._stop_waiting()
            elif self._timer is None:
                self._wait_for_a_head()

        def _has_no_question(self) -> bool:
            return self.cycle is None or self.cycle.response_complete

        def _wait_for_a_head(self) -> None:
            self._timer = self.loop.call_later(seconds, self._give_up)

        def _stop_waiting(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

        def _give_up(self) -> None:
            self._timer = None
            if self._has_no_question() and not self.transport.is_closing():
                self.transport.close()

    return PatientProtocol
