"""A laboratory and a server of the page that the tests of the page share."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@functools.cache
def laboratory() -> Any:
    """The shipped case, ready to answer; one for all tests of a run."""
    from crosscurrent.case import load_case
    from crosscurrent.web.laboratory import Laboratory

    made = Laboratory(load_case("us_mexico"))
    made.warm()
    return made


@contextlib.contextmanager
def served(protocol: Any = "auto", **settings: Any) -> Iterator[str]:
    """Address of a server on a free port, in a thread of this process."""
    import uvicorn

    from crosscurrent.web.application import make_application

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    application = make_application(laboratory(), **settings)
    server = uvicorn.Server(
        uvicorn.Config(application, log_level="error", access_log=False, server_header=False, http=protocol)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


def chromium() -> str:
    """Path of a Chromium on this computer; skips the test where there is none."""
    for name in (os.environ.get("CROSSCURRENT_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name) if name else None
        if found:
            return found
    pytest.skip("no Chromium was found: install the Debian package chromium, or set CROSSCURRENT_CHROMIUM")


@contextlib.contextmanager
def browser() -> Iterator[Any]:
    """A headless browser."""
    path = chromium()
    sync = pytest.importorskip("playwright.sync_api")
    with sync.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        try:
            yield started
        finally:
            started.close()


def until(page: Any, condition: str, seconds: float = 60.0) -> None:
    """Wait until an expression is true in the page (whose policy forbids the usual way, which evaluates text)."""
    end = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < end, f"never came true: {condition}"
        page.wait_for_timeout(25)


def box(page: Any, selector: str) -> dict[str, float]:
    """Where the first such element lies, read at one moment: a table that is drawn anew meanwhile takes it away."""
    read = "name => document.querySelector(name).getBoundingClientRect().toJSON()"
    found: dict[str, float] = page.evaluate(read, selector)
    return found


class Watched:
    """A page of a browser, with everything it complained about and asked for."""

    def __init__(self, started: Any, size: tuple[int, int], **settings: Any) -> None:
        self.context = started.new_context(viewport={"width": size[0], "height": size[1]}, **settings)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def open(self, address: str) -> Any:
        """Go to an address and wait until the first worlds are drawn and settled."""
        self.page.goto(address)
        self.page.wait_for_selector("body[data-ready]", timeout=30_000)
        return self.page

    def visit(self, address: str) -> Any:
        """Go to an address and, where it is a comparison, wait until its words are written."""
        page = self.open(address)
        if "/compare" in address:
            self.settle()
        return page

    def settle(self) -> None:
        """Wait until words are written: at least 256 worlds a theory, or all of a file."""
        until(self.page, "CC.asking.settled")

    def close(self) -> None:
        """Close the page and its context."""
        self.context.close()


def write_page_of(folder: Path, worlds: int = 16) -> Path:
    """A small stored study of three policies, exported as one file."""
    from crosscurrent.study.running import run_study
    from crosscurrent.study.specification import Study
    from crosscurrent.web.export import write_page

    case = laboratory().case
    study = Study(policies=("coordinated-strikes", "demand-side"), worlds=worlds)
    results = run_study(study, folder / "study", case=case)
    write_page(case, results, folder / "page.html", lambda part, done, total: None)
    return folder / "page.html"
