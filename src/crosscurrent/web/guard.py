"""What stands before the page: sizes, rates, hosts, origins, the token and the headers of every answer."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

__all__ = ["LONGEST_BODY", "POLICY", "Guard", "RateLimit"]

LONGEST_BODY = 16_384
"""Bytes of a question at most; a usual one has three hundred."""
LONGEST_ADDRESS = 4_096
_BODY_SECONDS = 10.0
"""Time in which a question must have arrived whole."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Content security policy: nothing from elsewhere, nothing inline, nothing evaluated."""
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_LOCAL = ("127.0.0.1", "localhost", "::1", "[::1]")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class RateLimit:
    """A bucket of questions an address: full at first, filled up at a steady rate.

    Parameters
    ----------
    burst : int
        Questions at once.
    per_second : float
        Questions a second in the long run.

    >>> limit = RateLimit(2, 1.0)
    >>> [limit.allows("a", now=0.0), limit.allows("a", now=0.0), limit.allows("a", now=0.0), limit.allows("a", now=1.0)]
    [True, True, False, True]
    """

    def __init__(self, burst: int, per_second: float) -> None:
        self.burst, self.per_second = burst, per_second
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, address: str, now: float | None = None) -> bool:
        """Take one question from an address's bucket; False if it is empty."""
        moment = time.monotonic() if now is None else now
        left, before = self._left.pop(address, (float(self.burst), moment))
        left = min(self.burst, left + (moment - before) * self.per_second)
        self._left[address] = (max(left - 1.0, left if left < 1.0 else 0.0), moment)
        while len(self._left) > 10_000:
            self._left.popitem(last=False)
        return left >= 1.0


class Guard:
    """Middleware that refuses what the page never sends, and dresses every answer.

    Parameters
    ----------
    application
        What is guarded.
    token : str, optional
        Asked for on every question (not on the page itself) when the server is bound to more than this computer.
    hosts : tuple of str
        Names the server may be called by; any if empty.
    """

    def __init__(
        self, application: Application, token: str | None = None, hosts: tuple[str, ...] = _LOCAL,
        limit: RateLimit | None = None,
    ) -> None:  # fmt: skip
        self.application, self.token, self.hosts = application, token, hosts
        self.limit = limit or RateLimit(300, 80.0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await _refuse(send, *refusal)
            return
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await _read_body(receive)
        except TimeoutError:
            await _refuse(send, 408, "the question did not arrive in time")
            return
        if body is None:
            await _refuse(send, 413, f"the question is longer than {LONGEST_BODY} bytes")
            return
        begun = False

        async def noted(message: MutableMapping[str, Any]) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.application(scope, _replay(body, receive), _dressed(noted))
        except asyncio.CancelledError:  # only a server that stops cancels: no fault to report, and the page is told
            if not begun:
                await _refuse(send, 503, "the server is being stopped")

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get(b"host", "")
        if self.hosts and _name(host) not in self.hosts:
            return 421, "this server is not called by that name"
        origin, path = headers.get(b"origin"), str(scope["path"])
        from_elsewhere = headers.get(b"sec-fetch-site") == "cross-site" and not _opens_the_page(scope, path, headers)
        if (origin is not None and _after_scheme(origin) != host) or from_elsewhere:
            return 403, "questions from other sites are refused"
        asked = len(scope.get("raw_path") or b"") + len(scope.get("query_string", b""))
        if asked > LONGEST_ADDRESS:
            return 414, "the address is too long"
        if not path.startswith("/api/"):
            return None
        given = headers.get(b"x-crosscurrent-token", "").encode("latin-1")
        if self.token and not hmac.compare_digest(given, self.token.encode()):
            return 401, "the token is missing or wrong: open the address that the server printed"
        address = (scope.get("client") or ("", 0))[0]
        return None if self.limit.allows(address) else (429, "too many questions at once; ask again in a moment")


def _opens_the_page(scope: Scope, path: str, headers: dict[bytes, str]) -> bool:
    """Whether somebody follows a link to the page itself, from wherever: it holds no figure before it asks."""
    navigates = headers.get(b"sec-fetch-mode") == "navigate" and headers.get(b"sec-fetch-dest") == "document"
    return path == "/" and scope["method"] == "GET" and navigates


def _name(host: str) -> str:
    """A host without its port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()


def _after_scheme(origin: str) -> str:
    return origin.partition("://")[2]


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body, or None when it is too long."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body
        body += bytes(message.get("body", b""))
        if len(body) > LONGEST_BODY:
            return None
        if not message.get("more_body"):
            return body


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> MutableMapping[str, Any]:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _dressed(send: Send) -> Send:
    async def dressed(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message.get("headers", [])}
            extra = [
                (name.encode(), value.encode()) for name, value in _HEADERS.items() if name.encode() not in present
            ]
            message = {**message, "headers": [*message.get("headers", []), *extra]}
        await send(message)

    return dressed


async def _refuse(send: Send, status: int, message: str) -> None:
    body = json.dumps({"error": message}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 429:
        headers.append((b"retry-after", b"1"))
    dressed = _dressed(send)
    await dressed({"type": "http.response.start", "status": status, "headers": headers})
    await dressed({"type": "http.response.body", "body": body})
