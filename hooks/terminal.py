"""Talk to the terminal, and decide what an interrupt ends: the children, never the project."""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

STOPPED = "UPDATED IN PART, the migration stopped"  # the heading of a table
PR_SET_PDEATHSIG = 1
NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
ENDS = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]  # Windows has two


def print_as_it_comes() -> None:
    """Print each line at once, in order with those of child processes.

    A character that the terminal does not have is printed as a question mark.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace", line_buffering=True)


def say(text: str = "") -> None:
    """Print a text on standard output; where that cannot be written, it and all else is lost.

    What child processes print is lost then, too, and the work goes on: that of an update which was
    piped into `head`, for one, or into a file on a full disk.
    """
    try:
        print(text)
    except (OSError, ValueError):  # ValueError: it was closed
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_table(heading: str, rows: Mapping[str, str]) -> None:
    """Print a heading and a table of two columns."""
    say(f"\n{as_table(heading, rows)}\n")


def as_table(heading: str, rows: Mapping[str, str]) -> str:
    """Return a heading and a table of two columns; a value may have several lines."""
    width = max([10, *map(len, rows)])
    lines = [heading]
    for name, value in rows.items():
        for number, line in enumerate(value.splitlines() or [""]):
            lines.append(f"  {'' if number else name:{width}} {line}")
    return "\n".join(lines)


def run(command: Sequence[Any], **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run a command that ends when this process ends, however that comes about.

    On an interrupt Copier kills the hook without a last word. On Linux the kernel then ends its
    child; elsewhere the child runs to its own end.
    """
    if sys.platform == "linux":
        options["preexec_fn"] = _end_with_parent
    return subprocess.run(command, **options)


@contextlib.contextmanager
def own_interrupts() -> Iterator[None]:
    """Turn what ends a program into one KeyboardInterrupt, and take the terminal's foreground.

    A terminal sends Ctrl-C to all processes in its foreground, Copier among them, which would end
    before the hook could say what it left behind. Without a terminal nothing is taken.
    """
    for number in ENDS:
        if signal.getsignal(number) != signal.SIG_IGN:  # as nohup has it
            signal.signal(number, _interrupt)
    if sys.platform == "linux":
        _end_with_parent()
    if not _in_foreground():
        yield
        return
    before = os.getpgrp()
    # Only the foreground may write its settings; here the background has to.
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    # Ctrl-Z would stop the hook behind the shell's back, which waits for Copier: for ever.
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(sys.stdin.fileno(), os.getpgrp())
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # the terminal was closed
            os.tcsetpgrp(sys.stdin.fileno(), before)


def _interrupt(*_: object) -> None:
    for number in ENDS:  # once is enough: what is being said now shall be heard
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _in_foreground() -> bool:
    """Tell whether this process shares the terminal's foreground with the one that started it."""
    try:
        return os.isatty(sys.stdin.fileno()) and (
            os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp() != os.getpid()
        )
    except (AttributeError, OSError, ValueError):  # Windows; no standard input
        return False
