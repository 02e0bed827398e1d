"""What every test run needs, however it was started."""

from __future__ import annotations

import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that runs the tests in the background makes them deaf to interrupts, which several tests send.
    signal.signal(signal.SIGINT, signal.default_int_handler)
