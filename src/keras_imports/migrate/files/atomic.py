"""Replace the content of a file at once or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import suppress

TEMPORARY = ".keras-imports-"  # what begins the names of files that are to take another's place


def write_atomically(path: str, data: bytes) -> None:
    """Replace a file's content, keeping mode and owner, or make the file.

    Raise `OSError` if it cannot be done, as where a device or a pipe is.
    """
    target = os.path.realpath(path)
    status = os.stat(target) if os.path.exists(target) else None
    if status is not None and not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "Not a regular file", path)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=TEMPORARY)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if status is not None and hasattr(os, "chown"):
            with suppress(OSError):  # nobody but root may give a file away
                os.chown(temporary, status.st_uid, status.st_gid)
        os.chmod(temporary, _usual_mode() if status is None else stat.S_IMODE(status.st_mode))
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _usual_mode() -> int:
    """Return the mode that files are made with here."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
