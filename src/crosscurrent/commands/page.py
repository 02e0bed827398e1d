"""``serve`` and ``report --page``: the page live, and as one file."""

from __future__ import annotations

import ipaddress
import secrets
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import InputError, Interrupted
from .common import console, note, run_command

__all__ = ["serve", "write_file"]

_NEEDED = ("fastapi", "uvicorn", "babel")
_TELL_SECONDS = 10.0
_WAITING = 256
"""Connections that wait at most until they are accepted."""
_LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")


def _require(*packages: str) -> None:
    """The page needs packages that the laboratory itself does not.

    Raises
    ------
    InputError
        If one is missing.
    """
    from importlib.util import find_spec

    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise InputError(
            f"the page needs {', '.join(missing)}", fix="install it with: pip install 'crosscurrent[web]'"
        )


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _reached(host: str) -> str:
    """How others reach a host that the server listens on: this computer's own address where it listens on all."""
    if host in ("0.0.0.0", "::"):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(("192.0.2.1", 9))  # nothing is sent: the way there names our own address
                return str(probe.getsockname()[0])
            except OSError:
                return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises
    ------
    InputError
        If the address or port cannot be used.
    """
    if not 0 <= port <= 65535:
        raise InputError("not a port", given=port, expected="0 to 65535")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "the address cannot be used"
        raise InputError(
            f"cannot listen: {reason}", given=f"{host}:{port}", fix="choose another --port or --host"
        ) from error
    return listener


def serve(host: str, port: int, wanted: dict[str, Any], results: Path | None, browser: bool) -> None:
    """Serve the page until interrupted.

    Parameters
    ----------
    host : str
    port : int
    wanted : dict
        Of ``case``, ``decision``, ``years``, ``seed`` and ``beliefs``, as of a study; None for what was not stated.
    results : path, optional
        A stored study: the page then has its case, calendar, seed and beliefs.
    browser : bool
        Whether to open a browser.

    Raises
    ------
    InputError
        If a package is missing, or the case, folder, address or seed cannot be used.
    """
    _require(*_NEEDED)
    listener = _listen(host, port)
    try:
        token = None if _is_local(host) else secrets.token_urlsafe(18)
        application, laboratory, lookups = _application(wanted, results, host, token)
        listener.listen(_WAITING)
        address = f"http://{_reached(host)}:{listener.getsockname()[1]}/"
        note(f"The page is at {address}{f'?token={token}' if token else ''}   (stop with Ctrl-C)")
        if browser:
            import webbrowser

            webbrowser.open(address)
        try:
            _run(application, listener, laboratory.worlds.give_up)
        except KeyboardInterrupt:  # the way to end it: the server hands the signal on once it has closed
            note("stopped")
        finally:
            lookups.close()
            laboratory.close()
    finally:
        listener.close()


def _run(application: Any, listener: socket.socket, on_leaving: Callable[[], None]) -> None:
    """Serve until a signal; whoever waits for worlds then is told at once, and no answer is waited for any longer."""
    import uvicorn

    from ..web.connections import PatientProtocol

    settings = uvicorn.Config(
        application, log_level="warning", access_log=False, server_header=False, timeout_keep_alive=30,
        timeout_graceful_shutdown=3, limit_concurrency=1000, http=PatientProtocol,
    )  # fmt: skip
    server = uvicorn.Server(settings)
    leave = server.handle_exit

    def answer_first(number: int, frame: Any) -> None:
        on_leaving()
        leave(number, frame)

    server.handle_exit = answer_first  # type: ignore[assignment, method-assign]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does: nothing is left behind
    server.run(sockets=[listener])


def _application(
    wanted: dict[str, Any], results: Path | None, host: str, token: str | None
) -> tuple[Any, Any, Any]:
    from ..case import load_case
    from ..study.running import needs_compiling
    from ..web.application import make_application
    from ..web.laboratory import Laboratory
    from ..web.lookups import Lookups

    if results is not None:
        wanted = _as_stored(wanted, results)
    case = load_case(wanted.pop("case") or "us_mexico")
    laboratory = Laboratory(case, **{name: value for name, value in wanted.items() if value is not None})
    if needs_compiling(laboratory.blocks.simulator):
        note("Compiling the model for this computer: one to two minutes, once.")
    laboratory.warm()
    lookups = Lookups(laboratory, results)
    hosts = tuple({*_LOCAL_NAMES, f"[{host}]" if ":" in host else host}) if _is_local(host) else ()
    return make_application(laboratory, token=token, hosts=hosts, lookups=lookups), laboratory, lookups


def _as_stored(wanted: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Case, calendar, seed and beliefs of a stored study, so that the whole page speaks of the same worlds.

    Raises
    ------
    InputError
        If the study has another value than one that was stated, or was computed with another version of the case.
    """
    from ..case import load_case
    from ..study.results import open_results

    results = open_results(folder, verify=False)
    stored = {name: getattr(results.study, name) for name in wanted}
    for name, value in wanted.items():
        stated = str(load_case(value).folder) if name == "case" and value else value
        known = str(load_case(stored[name]).folder) if name == "case" else stored[name]
        if stated is not None and stated != known:
            raise InputError(
                f"the results have another {name}", given=value, expected=f"{stored[name]}, as in {folder}",
                fix=f"leave --{name} away, or run compare anew",
            )  # fmt: skip
    if results.manifest.case_digest != load_case(stored["case"]).digest:
        raise InputError("the results come from another version of the case", given=str(folder), fix="run compare anew")
    return stored


def write_file(folder: Path, path: Path) -> None:
    """Write the page of a stored study as one file.

    Raises
    ------
    InputError
        If a package is missing, or the study cannot make a page.
    """
    _require("babel", "pydantic")
    from ..case import load_case
    from ..study.results import open_results
    from ..web.export import write_page

    results = open_results(folder)
    try:
        size = write_page(load_case(results.study.case), results, path, _Telling())
    except (KeyboardInterrupt, Interrupted) as error:
        raise Interrupted(
            "interrupted; no page was written", fix=run_command("report", folder, "--page", path)
        ) from error
    console().print(f"{path}  ({size / 1e6:.1f} MB, opens without a network)", markup=False, soft_wrap=True)


class _Telling:
    """Lines on what is being computed, one at the start of each part and one every ten seconds with an estimate."""

    def __init__(self) -> None:
        self._part, self._begun, self._told = "", 0.0, 0.0

    def __call__(self, part: str, done: int, total: int) -> None:
        now = time.monotonic()
        if part != self._part:
            self._part, self._begun, self._told = part, now, now
            note(f"{part}: {total} to compute")
        elif now - self._told > _TELL_SECONDS and done:
            self._told = now
            note(f"{part}: {done} of {total}, about {(now - self._begun) / done * (total - done):.0f} s to go")
