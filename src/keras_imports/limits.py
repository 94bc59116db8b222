"""Limit the time that is taken for one file."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 30.0  # of processor time; of 900 published files that use Keras none took two


class TookTooLong(BaseException):
    """The time for a piece of work is over."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise `TookTooLong` within once the process has taken so much processor time.

    Where there are no such signals, as on Windows and in other threads, nothing is limited.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGPROF, _raise)
    # Once more each second: Python drops what is raised while it collects garbage.
    signal.setitimer(signal.ITIMER_PROF, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _raise(*_: object) -> None:
    raise TookTooLong
