"""Let Ctrl-C reach the hook alone, so that the hook decides what becomes of the project."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def own_interrupts() -> Iterator[None]:
    """Take the terminal's foreground while the block runs, and turn SIGTERM into Ctrl-C.

    A terminal sends Ctrl-C to all processes in its foreground, Copier among them, which would end
    before the hook could say what it left behind. Without a terminal nothing changes.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if not _in_foreground():
        yield
        return
    before = os.getpgrp()
    # Only the foreground may write its settings; here the background has to.
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(sys.stdin.fileno(), os.getpgrp())
    try:
        yield
    finally:
        os.tcsetpgrp(sys.stdin.fileno(), before)


def _in_foreground() -> bool:
    try:
        return os.isatty(sys.stdin.fileno()) and (
            os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp() != os.getpid()
        )
    except (AttributeError, OSError, ValueError):  # Windows; no standard input
        return False
