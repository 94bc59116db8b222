"""Turn the signals that ask a program to end into one exception, which says what became of it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ENDING = tuple(  # Windows has two of them
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class Interrupted(KeyboardInterrupt):
    """A signal asked the program to end; the text is what became of its work."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.left = ""

    def __str__(self) -> str:
        return f"interrupted; {self.left}" if self.left else "interrupted"


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise `Interrupted` at the first signal that asks the program to end; ignore those after it.

    What the caller's process ignores, as below `nohup`, is still ignored.
    """
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in ENDING:
            if signal.getsignal(number) not in (signal.SIG_IGN, None):
                before[number] = signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def leaving(what: str) -> Iterator[None]:
    """Note on an interrupt inside the block what it leaves behind, unless that is noted already."""
    try:
        yield
    except Interrupted as error:
        error.left = error.left or what
        raise


def _interrupt(number: int, _: object) -> None:
    for each in ENDING:  # once is enough: it is to be heard what is said now
        signal.signal(each, signal.SIG_IGN)
    raise Interrupted(number)
