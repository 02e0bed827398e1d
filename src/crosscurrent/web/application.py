"""Addresses of the page: its files, and the questions it asks.  All answers are functions of the question alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import anyio
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from ..errors import CrosscurrentError, InputError
from .case_words import case_catalogue
from .catalogues import LANGUAGES
from .files import SCRIPT, STYLE, linked_page, page_parts
from .guard import Guard
from .laboratory import Laboratory
from .lookups import Lookups
from .packing import PackedFile, Packing
from .pathways import PathwayQuestion
from .questions import FlipQuestion, Problem, Question, SwitchQuestion, TableQuestion
from .worlds import Busy, Closing, Superseded

__all__ = ["make_application"]

_SMALLEST_PACKED = 2_000
"""Bytes from which an answer is compressed, at the quickest level: 1 ms for a picture, to four tenths of its size."""
_AT_ONCE = 64
"""Quick questions in work at once; further ones wait for a place."""
_WORLDS_AT_ONCE = {64: 64, 256: 16, 1024: 4}
"""Comparisons in work at once by their worlds a theory: what they hold in memory grows with both."""


class JSON(JSONResponse):
    """A document without spaces; figures that are none are null already."""

    def render(self, content: Any) -> bytes:
        """Bytes of a document."""
        return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def make_application(
    laboratory: Laboratory, *, token: str | None = None, hosts: tuple[str, ...] | None = None,
    lookups: Lookups | None = None, **guarded: Any,
) -> Any:  # fmt: skip
    """The page's server as an ASGI application.

    Parameters
    ----------
    laboratory : Laboratory
    token : str, optional
        Asked for with every question.
    hosts : tuple of str, optional
        Names the server may be called by; this computer's own by default, any if empty.
    lookups : Lookups, optional
        Sources, past and stored results.
    guarded
        Further arguments of :class:`.guard.Guard`.
    """
    application = FastAPI(
        title="Crosscurrent", docs_url=None, redoc_url=None, openapi_url="/openapi.json",
        description="Questions that the page asks. Every answer is a function of the question, the case and the seed.",
    )  # fmt: skip
    _serve_files(application)
    _serve_questions(application, laboratory)
    _serve_lookups(application, lookups or Lookups(laboratory))
    _answer_errors(application)
    if hosts is not None:
        guarded["hosts"] = hosts
    application.add_middleware(Packing, minimum_size=_SMALLEST_PACKED, compresslevel=1)
    return Guard(application, token, **guarded)


def _serve_files(application: FastAPI) -> None:
    parts = page_parts()
    page = PackedFile(linked_page(parts), "text/html")
    files = {STYLE: PackedFile(parts.style, "text/css"), SCRIPT: PackedFile(parts.script, "text/javascript")}

    @application.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def document(request: Request) -> Response:
        return page.answer(request)

    @application.api_route("/static/{name}", methods=["GET", "HEAD"], include_in_schema=False)
    async def file(name: str, request: Request) -> Response:
        if name not in files:
            return JSON({"error": "there is no such file"}, status_code=404)
        return files[name].answer(request)

    @application.get("/favicon.ico", include_in_schema=False)
    async def icon() -> Response:
        return Response(status_code=204)


_ERRORS: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "A later question of the same page has arrived."},
    422: {"model": Problem, "description": "A name is unknown or a number out of range; one sentence says which."},
    429: {"model": Problem, "description": "Too many questions at once."},
    503: {"model": Problem, "description": "The server is being stopped."},
}


def _serve_questions(application: FastAPI, laboratory: Laboratory) -> None:
    limiters = {worlds: anyio.CapacityLimiter(places) for worlds, places in _WORLDS_AT_ONCE.items()}
    names = anyio.CapacityLimiter(_AT_ONCE)

    async def answer(work: Callable[..., Any], *given: Any, limiter: anyio.CapacityLimiter) -> Response:
        return JSON(await anyio.to_thread.run_sync(work, *given, limiter=limiter))

    @application.get("/api/case")
    async def case() -> Response:
        """Names, levers, policies, measures and calendar."""
        return await answer(laboratory.describe, limiter=names)

    @application.get("/api/words/{language}", responses=_ERRORS)
    async def words(language: str) -> Response:
        """Messages of a language."""
        if language not in LANGUAGES:
            raise InputError("no such language", given=language, expected=" or ".join(LANGUAGES))
        return await answer(case_catalogue, language, laboratory.case, limiter=names)

    @application.post("/api/compare", responses=_ERRORS)
    async def compare(question: Question) -> Response:
        """Policy B against policy A in the same worlds, under every theory."""
        return await answer(laboratory.compare, question, limiter=limiters[question.worlds])

    @application.post("/api/table", responses=_ERRORS)
    async def table(question: TableQuestion) -> Response:
        """Every policy against A in one measure and quarter."""
        return await answer(laboratory.table, question, limiter=limiters[1024])

    @application.post("/api/switches", responses=_ERRORS)
    async def switches(question: SwitchQuestion) -> Response:
        """What each change of B adds to a difference."""
        return await answer(laboratory.switches, question, limiter=limiters[256])


def _serve_lookups(application: FastAPI, lookups: Lookups) -> None:
    limiter = anyio.CapacityLimiter(_AT_ONCE)

    async def answer(work: Callable[..., Any], *given: Any) -> Response:
        return JSON(await anyio.to_thread.run_sync(work, *given, limiter=limiter))

    @application.get("/api/explain/{name}", responses=_ERRORS)
    async def explain(name: str) -> Response:
        """Definition, equations, values by theory, evidence of a name."""
        return await answer(lookups.explain, name)

    @application.get("/api/words/{language}/sources", responses=_ERRORS)
    async def source_words(language: str) -> Response:
        """Translations of parameters, evidence and definitions; none where they are in that language already."""
        if language not in LANGUAGES:
            raise InputError("no such language", given=language, expected=" or ".join(LANGUAGES))
        return await answer(lookups.source_words, language)

    @application.get("/api/sources")
    async def sources() -> Response:
        """Parameters with their grades, and records of evidence with their origins."""
        return await answer(lookups.sources)

    @application.get("/api/record")
    async def record() -> Response:
        """The model's past against public series, by theory."""
        return await answer(lookups.record)

    @application.get("/api/score")
    async def score() -> Response:
        """Scores on years that forecasts did not see, by series and theory."""
        return await answer(lookups.score)

    @application.get("/api/claims")
    async def claims() -> Response:
        """Claims of the documents, and in which share of worlds each holds, where that was computed."""
        return await answer(lookups.claims)

    @application.post("/api/flips", responses=_ERRORS)
    async def flips(question: FlipQuestion) -> Response:
        """What would have to be true for the comparison of two policies to turn."""
        return await answer(lookups.flips, question)

    @application.get("/api/pathways")
    async def pathway_names() -> Response:
        """Objectives and pathways of the case, with the records behind them."""
        return await answer(lookups.pathway_names)

    @application.post("/api/pathways", responses=_ERRORS)
    async def pathways(question: PathwayQuestion) -> Response:
        """When what is in force would stop meeting an objective, and who would switch when."""
        return await answer(lookups.pathway_map, question)


def _answer_errors(application: FastAPI) -> None:
    @application.exception_handler(CrosscurrentError)
    async def ours(_: Request, error: CrosscurrentError) -> Response:
        status = 422 if isinstance(error, InputError) else 500
        if isinstance(error, Superseded):
            status = 409
        if isinstance(error, Busy):
            status = 429
        if isinstance(error, Closing):
            status = 503
        return JSON({"error": str(error)}, status_code=status, headers={"retry-after": "1"} if status == 429 else None)

    @application.exception_handler(RequestValidationError)
    async def unread(_: Request, error: RequestValidationError) -> Response:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"] if part != "body")
        text = f"{where}: {problem['msg']}" if where else str(problem["msg"])
        return JSON({"error": text, "field": where}, status_code=422)

    @application.exception_handler(HTTPException)
    async def other(_: Request, error: HTTPException) -> Response:
        return JSON({"error": str(error.detail)}, status_code=error.status_code, headers=error.headers)
