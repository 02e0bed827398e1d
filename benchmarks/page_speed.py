"""From a lever's movement to its picture, in a real browser: `python benchmarks/page_speed.py [--address URL]`.

Starts the page on a free port (unless an address is given), opens it in headless Chromium, moves a lever step by step
and reads the browser's own measurements: input event to the frame that shows the first 64 worlds a theory (server and
drawing together), the time of the drawing script, and frames a second while the lever keeps moving.  Before that, the
view of flips is opened with an edited policy: seconds to its sentence, and until all worlds are in; and new pages are
opened: until the first worlds are drawn, and the bytes of the page itself.  At the end fifty clients ask at once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

MOVES = 60
SECONDS = 3.0

SINGLE = """async ([moves, salt]) => {
  const times = [], raf = () => new Promise(requestAnimationFrame);
  const input = document.querySelector('#l-leadership_strikes');
  for (let move = 0; move < moves; move++) {
    performance.clearMeasures();
    CC.state.over.dialogue = salt + move / 10000;  // no question twice: nothing comes from memory
    input.value = 0.5 + (move % 37) * 0.5;
    input.dispatchEvent(new Event('input', {bubbles: true}));
    const begun = performance.now();
    while (!performance.getEntriesByName('lever-to-picture').length && performance.now() - begun < 5000) await raf();
    const [found] = performance.getEntriesByName('lever-to-picture');
    if (found) times.push(found.duration);
    await new Promise(done => setTimeout(done, 60));
  }
  return times; }"""

LOADED = """() => ({
  milliseconds: Math.round(performance.now()),
  kilobytes: Math.round(performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
    .filter(one => !one.name.includes('/api/')).reduce((sum, one) => sum + one.decodedBodySize, 0) / 1000)})"""

SCRIPT = """() => { const times = [];
  for (let turn = 0; turn < 120; turn++) {
    const begun = performance.now();
    CC.compare.paint();
    times.push(performance.now() - begun);
  }
  return times; }"""

MOVING = """async seconds => {
  const input = document.querySelector('#l-logistics_strikes'), raf = () => new Promise(requestAnimationFrame);
  let frames = 0, longest = 0, before = performance.now(); const begun = before; performance.clearMeasures();
  while (performance.now() - begun < seconds * 1000) {
    await raf(); const now = performance.now(); longest = Math.max(longest, now - before); before = now;
    input.value = 20 + 19 * Math.sin(frames++ / 20); input.dispatchEvent(new Event('input', {bubbles: true}));
  }
  return {frames_per_second: frames / seconds, longest_frame_ms: longest,
          pictures_per_second: performance.getEntriesByName('lever-to-picture').length / seconds}; }"""


def quantile(values: list[float], share: float) -> float:
    """A value of a sorted list, rounded."""
    return round(sorted(values)[min(len(values) - 1, int(share * len(values)))], 1)


@contextlib.contextmanager
def serving(address: str | None) -> Iterator[str]:
    """A server of the page in a process of its own."""
    if address:
        yield address
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "crosscurrent", "serve", "--port", str(port)])
    try:
        url = f"http://127.0.0.1:{port}/"
        for _ in range(1200):
            with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=1):
                break
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def measure_flips(page: Any) -> dict[str, float]:
    """Seconds from opening the view of flips to its sentence, by worlds a theory."""
    begun, found = time.monotonic(), {}
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    for worlds in (256, 1024):
        while not page.evaluate(f"CC.flips.found && CC.flips.found.worlds === {worlds}"):
            page.wait_for_timeout(50)
        found[str(worlds)] = round(time.monotonic() - begun, 1)
    return found


def measure_opening(started: Any, url: str) -> dict[str, float]:
    """From an address to its first picture, each time in a browser that has seen nothing."""
    opened = []
    for _ in range(9):
        context = started.new_context()
        page = context.new_page()
        page.goto(url + "#/compare?lang=es&b=unilateral-strikes")
        page.wait_for_selector("body[data-ready]", timeout=60_000)
        opened.append(page.evaluate(LOADED))
        context.close()
    times = [one["milliseconds"] for one in opened]
    return {"median_ms": quantile(times, 0.5), "slowest_ms": max(times), "own_files_kb": opened[0]["kilobytes"]}


def measure_crowd(url: str, clients: int = 50) -> dict[str, float]:
    """Seconds that clients wait who all ask something else in the same moment."""

    def one(number: int) -> float:
        question = {
            "b": "coordinated-strikes", "levers": {"dialogue": 0.5 + 0.007 * number}, "worlds": 64,
            "session": f"c{number}",
        }  # fmt: skip
        asked = urllib.request.Request(
            url + "api/compare", json.dumps(question).encode(), {"content-type": "application/json"}
        )
        begun = time.monotonic()
        with urllib.request.urlopen(asked, timeout=60) as answer:
            answer.read()
        return time.monotonic() - begun

    with ThreadPoolExecutor(clients) as pool:
        waits = list(pool.map(one, range(clients)))
    return {"clients": clients, "median_seconds": quantile(waits, 0.5), "slowest_seconds": quantile(waits, 1.0)}


def measure(page: Any, salt: float) -> dict[str, Any]:
    """All figures of one page."""
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    while not page.evaluate("CC.asking.settled && CC.asking.answer.worlds === 1024"):
        page.wait_for_timeout(50)
    page.evaluate(SINGLE, [5, salt])
    times = page.evaluate(SINGLE, [MOVES, salt + 0.1])
    page.wait_for_timeout(500)
    script = page.evaluate(SCRIPT)
    moving = page.evaluate(MOVING, SECONDS)
    return {
        "lever_to_picture_ms": {"median": quantile(times, 0.5), "p95": quantile(times, 0.95), "moves": len(times)},
        "drawing_script_ms": {"median": quantile(script, 0.5), "p95": quantile(script, 0.95)},
        "while_moving": {key: round(value, 1) for key, value in moving.items()},
    }


def main() -> None:
    """Print the figures as JSON."""
    from page_server import browser

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", help="of a page that runs already")
    parser.add_argument("--blend", help="weights of a blend beside the theories, as 2,1,0,1,1,1", default="")
    given = parser.parse_args()
    found = {"processors": os.cpu_count(), "load": round(os.getloadavg()[0], 1), "blend": given.blend}
    asked = f"&blend={given.blend}" if given.blend else ""
    with serving(given.address) as url, browser() as started:
        page = started.new_page()
        page.goto(url + "#/flips?lang=en&b=coordinated-strikes&b.treatment=0.71")
        found["flips_seconds"] = measure_flips(page)
        page.close()
        found["opening"] = measure_opening(started, url)
        for salt, (name, size) in enumerate((("wide", (1440, 900)), ("small", (390, 844)))):
            context = started.new_context(viewport={"width": size[0], "height": size[1]})
            page = context.new_page()
            page.goto(url + "#/compare?lang=en&b=unilateral-strikes" + asked)
            found[name] = measure(page, 0.1 + 0.3 * salt)
            context.close()
        found["crowd"] = measure_crowd(url)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
