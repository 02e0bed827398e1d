"""What happens to a command from outside: an interrupt, a poor encoding, a full device, an impossible path."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from crosscurrent.interrupts import interrupts_kept

COMMAND = [shutil.which("crosscurrent", path=os.path.dirname(sys.executable)) or "crosscurrent"]


def call(*arguments, **options):
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False, **options)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.4, 1.5])
def test_an_interrupt_anywhere_is_answered_with_the_command_that_goes_on(seconds):
    process = subprocess.Popen(
        [*COMMAND, "history", "--worlds", "4096"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    begin = time.monotonic()
    _, error = process.communicate()
    assert process.returncode == 130
    assert "begins again: crosscurrent history --worlds 4096" in error
    assert "Traceback" not in error
    assert time.monotonic() - begin < 4.0


def test_an_interrupt_within_a_callback_from_c_is_not_lost(capsys):
    """The compiler calls Python while it reads what was compiled; ctypes prints and drops what is raised there."""
    callback = ctypes.CFUNCTYPE(None)(lambda: signal.raise_signal(signal.SIGINT))
    before = sys.unraisablehook

    def work():
        callback()
        time.sleep(10)

    with pytest.raises(KeyboardInterrupt), interrupts_kept():
        work()
    assert sys.unraisablehook is before
    assert "Traceback" not in capsys.readouterr().err


def test_an_encoding_that_cannot_show_a_character_is_no_error():
    done = call("explain", "homicides", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")
def test_a_full_device_is_one_line_and_exit_code_1():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*COMMAND, "explain", "homicides"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("command", ["check-case", "new-case", "resume"])
def test_a_name_too_long_for_the_system_is_bad_input(command):
    done = call(command, "a" * 300)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_what_nobody_foresaw_is_one_line(tmp_path):
    """A fault of the program itself: one line and exit code 1, and the trace on request."""
    script = (
        "import sys; from crosscurrent import cli\n"
        "cli.app.registered_commands[0].callback = None\n"
        "cli._refuse_unknown_command = lambda words: 1 / 0\n"
        "cli.main(['history'])\n"
    )
    run = [sys.executable, "-c", script]
    quiet = subprocess.run(run, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert quiet.returncode == 1
    assert quiet.stderr.strip() == (
        "error: unexpected ZeroDivisionError: division by zero; CROSSCURRENT_TRACEBACK=1 shows where it came from"
    )
    loud = subprocess.run(
        run, capture_output=True, text=True, check=False, env={**os.environ, "CROSSCURRENT_TRACEBACK": "1"}
    )
    assert "Traceback" in loud.stderr
