"""A headless Firefox, spoken to in its own protocol (Marionette) with nothing but the standard library."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

KEYS = {"Escape": "\ue00c", "Enter": "\ue007", "ArrowRight": "\ue014", "ArrowDown": "\ue015", "Tab": "\ue004"}
SETTLED = "!!document.querySelector('#answer').textContent && !document.querySelector('.answer.wait')"
"""Words are written. What scripts of the page keep to themselves is out of sight here."""
_PREFERENCES = {
    "marionette.port": 0,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}
_COMPLAINTS = """return Services.console.getMessageArray()
    .filter(one => one instanceof Ci.nsIScriptError && /^(http|file):/.test(one.sourceName) && !(one.flags & 1))
    .map(one => one.errorMessage)"""
_SIZE = """const part = gBrowser.selectedBrowser, [wide, tall] = arguments;
    for (const edge of ['width', 'min-width', 'max-width']) part.style.setProperty(edge, wide + 'px');
    for (const edge of ['height', 'min-height', 'max-height']) part.style.setProperty(edge, tall + 'px');"""


def firefox() -> str:
    """Path of a Firefox on this computer; skips the test where there is none."""
    for name in (os.environ.get("CROSSCURRENT_FIREFOX", ""), "firefox-esr", "firefox"):
        found = shutil.which(name) if name else None
        if found:
            return found
    pytest.skip("no Firefox was found: install the Debian package firefox-esr, or set CROSSCURRENT_FIREFOX")


def _inflated(part: bytes) -> bytes:
    return zlib.decompressobj().decompress(part)


class Firefox:
    """One window of a browser."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._number = 0
        self._receive()
        self.call("WebDriver:NewSession")

    def _receive(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self._exactly(1)
        return json.loads(self._exactly(int(length[:-1])))

    def _exactly(self, count: int) -> bytes:
        parts = b""
        while len(parts) < count:
            part = self._socket.recv(count - len(parts))
            if not part:
                raise ConnectionError("Firefox has gone")
            parts += part
        return parts

    def call(self, command: str, **given: Any) -> Any:
        """Answer to one command; an error of the browser is one of the test."""
        self._number += 1
        text = json.dumps([0, self._number, command, given]).encode()
        self._socket.sendall(b"%d:%s" % (len(text), text))
        _, _, error, found = self._receive()
        assert not error, f"{command}: {error['message']}"
        return found.get("value", found) if isinstance(found, dict) else found

    def evaluate(self, expression: str, *given: Any) -> Any:
        """Value of an expression in the page."""
        return self.call("WebDriver:ExecuteScript", script=f"return ({expression})", args=list(given))

    def privileged(self, script: str, *given: Any) -> Any:
        """What a script with the rights of the browser itself returns."""
        self.call("Marionette:SetContext", value="chrome")
        try:
            return self.call("WebDriver:ExecuteScript", script=script, args=list(given))
        finally:
            self.call("Marionette:SetContext", value="content")

    def until(self, condition: str, seconds: float = 60.0) -> None:
        """Wait until an expression is true in the page."""
        end = time.monotonic() + seconds
        while not self.evaluate(condition):
            assert time.monotonic() < end, f"never came true: {condition}"
            time.sleep(0.05)

    def open(self, address: str) -> None:
        """Go to an address of the page, anew, and wait until its first worlds are settled.

        Scripts of the page that is left may be stopped and say so a little later: that is not counted to the new one.
        """
        self.call("WebDriver:Navigate", url="about:blank")
        time.sleep(0.5)
        self.privileged("Services.console.reset()")
        self.call("WebDriver:Navigate", url=address)
        self.until("!!document.body.dataset.ready")
        if "/compare" in address:
            self.until(SETTLED)

    def size(self, width: int, height: int) -> None:
        """Give the page a width and height that no window could have."""
        self.privileged(_SIZE, width, height)
        self.until(f"innerWidth === {width}")

    def click(self, selector: str) -> None:
        """Click the first element that a selector finds."""
        found = self.call("WebDriver:FindElement", using="css selector", value=selector)
        self.call("WebDriver:ElementClick", id=next(iter(found.values())))

    def press(self, *names: str) -> None:
        """Press and let go of keys, one after the other."""
        keys = [KEYS.get(name, name) for name in names]
        turns = [{"type": turn, "value": key} for key in keys for turn in ("keyDown", "keyUp")]
        self.call("WebDriver:PerformActions", actions=[{"type": "key", "id": "keys", "actions": turns}])

    def sheets(self) -> int:
        """Number of sheets on which the page would be printed, its parts never made smaller."""
        found = base64.b64decode(self.call("WebDriver:Print", shrinkToFit=False))
        parts = re.findall(rb"/ObjStm.*?stream\r?\n(.*?)endstream", found, re.DOTALL)
        return len(re.findall(rb"/Type\s*/Page\b", found + b"".join(map(_inflated, parts))))

    def complaints(self) -> list[str]:
        """Errors of scripts and of the content policy since the page was opened; warnings (flag 1) are left out."""
        return self.privileged(_COMPLAINTS)


@contextlib.contextmanager
def started_firefox(folder: Path) -> Iterator[Firefox]:
    """A browser with a new profile in a folder, closed at the end."""
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _PREFERENCES.items()]
    (folder / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [firefox(), "--headless", "--marionette", "--remote-allow-system-access", "--profile", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        file, end = folder / "MarionetteActivePort", time.monotonic() + 60
        while not (file.exists() and file.read_text().strip()):
            assert process.poll() is None, "Firefox did not start"
            assert time.monotonic() < end, "Firefox did not open its port"
            time.sleep(0.1)
        yield Firefox(int(file.read_text()))
    finally:
        process.terminate()
        process.wait(timeout=20)
