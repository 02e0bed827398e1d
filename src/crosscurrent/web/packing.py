"""Compressed answers for those who can unpack them, and files that a browser has already (RFC 9110, 12.5.3, 13.1.2)."""

from __future__ import annotations

import gzip
import hashlib
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

__all__ = ["PackedFile", "Packing", "is_known", "takes_gzip"]

_WEIGHT = re.compile(r"q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*")


def takes_gzip(accepted: str) -> bool:
    """Whether a value of ``Accept-Encoding`` allows gzip.

    >>> [takes_gzip(value) for value in ("gzip, br", "GZIP;q=0.5", "*", "gzip;q=0, *", "gzipped", "gzip;q=many", "")]
    [True, True, True, False, False, False, False]
    """
    weights = {}
    for part in accepted.split(","):
        name, _, weight = part.partition(";")
        found = _WEIGHT.fullmatch(weight.strip())
        weights[name.strip().lower()] = float(found[1]) if found else float(not weight.strip())
    return weights.get("gzip", weights.get("*", 0.0)) > 0.0


def is_known(conditions: list[str], tag: str) -> bool:
    """Whether values of ``If-None-Match`` name a tag, compared weakly.

    Parameters
    ----------
    conditions : list of str
        One for each header line.
    tag : str
        With its quotes, without ``W/``.

    >>> [is_known(given, '"a"') for given in (['W/"a"'], ['"b", "a"'], ["*"], ['"b"', '"a"'], ['"ab"'], [])]
    [True, True, True, True, False, False]
    """
    given = [part.strip().removeprefix("W/") for condition in conditions for part in condition.split(",")]
    return "*" in given or tag in given


class Packing(GZipMiddleware):
    """Compresses answers, but not for those who say that they refuse it (the original looks for the bare word)."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            headers = MutableHeaders(raw=list(scope["headers"]))
            accepted = ", ".join(headers.getlist("accept-encoding"))
            del headers["accept-encoding"]
            if takes_gzip(accepted):
                headers["accept-encoding"] = "gzip"
            scope = {**scope, "headers": headers.raw}
        await super().__call__(scope, receive, send)


class PackedFile:
    """A file of the page that never changes while the server runs, compressed once.

    Parameters
    ----------
    text : str
    kind : str
        Media type without its character set.
    """

    def __init__(self, text: str, kind: str) -> None:
        self.body, self.kind = text.encode(), f"{kind}; charset=utf-8"
        self.packed = gzip.compress(self.body, 9, mtime=0)
        self.tag = f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'

    def answer(self, request: Request) -> Response:
        """The file, or that it is unchanged."""
        headers = {"cache-control": "no-cache", "etag": f"W/{self.tag}"}
        varies = {**headers, "vary": "Accept-Encoding"}  # the middleware says it of the rest
        given: Headers = request.headers
        if is_known(given.getlist("if-none-match"), self.tag):
            return Response(status_code=304, headers=varies)
        if takes_gzip(given.get("accept-encoding", "")):
            return Response(self.packed, media_type=self.kind, headers={**varies, "content-encoding": "gzip"})
        return Response(self.body, media_type=self.kind, headers=headers)
