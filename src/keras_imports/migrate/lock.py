"""Let one process work in a place at a time; the lock of a process that has ended holds nobody."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class LockedError(Exception):
    """Another process has the lock."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock, which is a file; raise `LockedError` if another process holds it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        try:
            _lock(handle)
            # Whoever had it may have removed the file: then this is the lock of nobody else.
            is_it = os.fstat(handle).st_ino == os.stat(path).st_ino
        except (BlockingIOError, PermissionError, FileNotFoundError):
            is_it = False
        if not is_it:
            raise LockedError
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    if fcntl:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
