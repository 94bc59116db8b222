"""Say of a defect of this tool what a user may do about it, in one line."""

from __future__ import annotations

import os
import traceback

REPORT = (
    "this is a defect of keras-imports; please report it as an issue, with what follows. "
    "Every file is as it was, or moved as a whole"
)


def reported(error: Exception) -> str:
    """Return why a file could not be worked on, where nothing is known to be wrong with it."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    what = f"{type(error).__name__}: {error}".rstrip(": ")
    return (
        f"a defect of keras-imports, and not of the file ({what}{where}): please report it as an "
        "issue, with the file"
    )
