"""``serve`` and ``report --page`` on the command line: clear refusals, the address, the token, a clean end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import pytest

from crosscurrent.cli import main

COMMAND = [sys.executable, "-m", "crosscurrent"]


def refused(arguments: list[str], capsys) -> str:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    text = capsys.readouterr().err
    assert text.count("\n") == 1
    assert "Traceback" not in text
    return text


def test_a_bad_port_is_refused(capsys):
    assert "0 to 65535" in refused(["serve", "--port", "99999"], capsys)


def test_a_port_in_use_is_refused(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert "cannot listen" in refused(["serve", "--port", str(taken.getsockname()[1])], capsys)


def test_a_bad_host_is_refused(capsys):
    assert "cannot listen" in refused(["serve", "--host", "no such host", "--port", "0"], capsys)


def test_a_missing_case_or_folder_is_refused(capsys, tmp_path):
    assert "case" in refused(["serve", "--port", "0", "--case", "no-such-case"], capsys)
    assert refused(["report", str(tmp_path), "--page", str(tmp_path / "page.html")], capsys)


def test_a_calendar_or_posterior_that_cannot_be_is_refused(capsys, tmp_path):
    assert "equal to 25" in refused(["serve", "--port", "0", "--years", "90"], capsys)
    assert "YYYY-MM" in refused(["serve", "--port", "0", "--decision", "soon"], capsys)
    assert "no posterior" in refused(["serve", "--port", "0", "--beliefs", str(tmp_path / "none.npz")], capsys)


def test_a_stored_study_sets_case_calendar_seed_and_beliefs(tmp_path):
    """Claims and flips of a study stand on the page beside worlds of the same kind, or nothing is shown at all."""
    from study_fakes import LABELS, fast, run_fast, small_study

    from crosscurrent.case import load_case
    from crosscurrent.commands.page import _as_stored
    from crosscurrent.errors import InputError
    from crosscurrent.study import execute

    wanted = dict.fromkeys(("case", "decision", "years", "seed", "beliefs"))
    study = small_study(worlds=16, years=4, seed=3)
    execute(study, fast, tmp_path / "a", case_digest=load_case("us_mexico").digest, labels=LABELS)
    found = _as_stored(wanted, tmp_path / "a")
    assert (found["years"], found["seed"], found["beliefs"]) == (4, 3, "prior")
    assert _as_stored(wanted | {"case": "us_mexico", "years": 4}, tmp_path / "a") == found
    for name, other in (("seed", 5), ("beliefs", "posterior"), ("years", 10), ("decision", "2024-01")):
        with pytest.raises(InputError, match=f"another {name}"):
            _as_stored(wanted | {name: other}, tmp_path / "a")
    run_fast(study, tmp_path / "b")
    with pytest.raises(InputError, match="another version of the case"):
        _as_stored(wanted, tmp_path / "b")


def test_a_missing_package_is_named(monkeypatch, capsys):
    import importlib.util

    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "fastapi" else found(name))
    assert "pip install 'crosscurrent[web]'" in refused(["serve", "--port", "0"], capsys)


@pytest.mark.slow
def test_it_serves_until_it_is_interrupted():
    """The address is printed, the page answers there, and Ctrl-C ends it without a traceback."""
    process = subprocess.Popen([*COMMAND, "serve", "--port", "0"], stderr=subprocess.PIPE, text=True)
    try:
        address = _printed(process)
        with urllib.request.urlopen(address, timeout=20) as page:
            assert b"Crosscurrent" in page.read()
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert rest.split() == ["stopped"]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_while_it_compares_it_ends_at_once(number):
    """A question in work is answered that the server stops; it does not hold the end up."""
    process = subprocess.Popen([*COMMAND, "serve", "--port", "0"], stderr=subprocess.PIPE, text=True)
    answers = []
    try:
        address = _printed(process)
        question = b'{"worlds": 1024, "b": "graduated", "levers": {"surveillance": 0.31}}'

        def ask():
            asked = urllib.request.Request(address + "api/compare", question, {"content-type": "application/json"})
            try:
                urllib.request.urlopen(asked, timeout=60)
            except urllib.error.HTTPError as error:
                answers.append(error.code)

        thread = threading.Thread(target=ask)
        thread.start()
        time.sleep(1.0)
        begun = time.monotonic()
        process.send_signal(number)
        _, rest = process.communicate(timeout=60)
        thread.join(timeout=10)
    finally:
        process.kill()
    assert time.monotonic() - begun < 20
    assert answers == [503]
    assert rest.split() == ["stopped"]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_while_it_computes_a_study_it_leaves_nothing(number, tmp_path):
    """The study behind the claims is given up, and its folder is gone."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"], stderr=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    try:
        address = _printed(process)
        with urllib.request.urlopen(address + "api/claims", timeout=20) as found:
            assert b'"computed":false' in found.read()
        while not list(tmp_path.glob("crosscurrent-page-*")):
            time.sleep(0.05)
        time.sleep(1.0)
        process.send_signal(number)
        _, rest = process.communicate(timeout=30)
    finally:
        process.kill()
    assert "Traceback" not in rest
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_bound_to_more_than_this_computer_it_asks_for_a_token():
    command = [*COMMAND, "serve", "--host", "0.0.0.0", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        address = _printed(process)
        token = re.search(r"token=([\w-]{20,})", address)[1]
        port = re.search(r":(\d+)/", address)[1]
        local = f"http://127.0.0.1:{port}/api/words/en"
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(local, timeout=20)
        asked = urllib.request.Request(local, headers={"x-crosscurrent-token": token})
        with urllib.request.urlopen(asked, timeout=20) as answer:
            assert answer.status == 200
    finally:
        process.kill()


def _printed(process: subprocess.Popen) -> str:
    """The address on standard error, after whatever else is told first."""
    for line in process.stderr:
        found = re.search(r"http://\S+", line)
        if found:
            return found[0]
    raise AssertionError(f"no address was printed; it ended with {process.wait(timeout=10)}")
