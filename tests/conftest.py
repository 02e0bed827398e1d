"""What every test run needs, however it was started."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that runs the tests in the background makes them deaf to interrupts, which several tests send.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="module")
def started() -> Iterator[Any]:
    """A browser; one for the tests of a file."""
    from page_server import browser

    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Address of a server of the page; one for the tests of a file."""
    from page_server import served

    with served() as found:
        yield found


@pytest.fixture
def opened() -> Iterator[list[Any]]:
    """Pages that a test opens: closed at its end, when none may have complained of anything."""
    found: list[Any] = []
    yield found
    for watched in found:
        watched.close()
    assert not [text for watched in found for text in watched.complaints]


@pytest.fixture
def visit(started: Any, address: str, opened: list[Any]) -> Iterator[Callable[..., Any]]:
    """Open an address of the page, a comparison settled; it may have asked nobody but its own server for anything."""
    from page_server import Watched

    def go(where: str, size: tuple[int, int] = (1440, 900), **settings: Any) -> Any:
        watched = Watched(started, size, **settings)
        opened.append(watched)
        return watched.visit(address + where)

    yield go
    assert not [url for watched in opened for url in watched.asked if not url.startswith((address, "data:", "blob:"))]


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study exported as one file, which takes a while and which nobody changes."""
    from page_server import write_page_of

    return write_page_of(tmp_path_factory.mktemp("page"))
