"""Find the folders that the Copier of an update makes for itself, and leaves behind if killed."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

RECENT = 60  # seconds: Copier makes them right before the hook runs
CLONES = 2  # of the template as it was, and as it is, by the time the hook runs
TEMPLATE = Path(__file__).resolve().parent.parent


def temporary_folders(prefix: str, answers_file: str, answers: dict[str, Any]) -> list[str]:
    """Return those of the update that runs now; what may be that of another one is left out.

    They are the template's clones, the old rendering of the project, which has its answers in the
    folder `prefix`, and the place for the new one, which is empty yet.
    """
    clones = _recent("_vcs.clone")
    old = [
        folder
        for folder in _recent("_main.old_copy")
        if _answers(folder / prefix / answers_file) == answers
    ]
    new = [folder for folder in _recent("_main.new_copy") if not any(folder.iterdir())]
    if len(clones) != CLONES or TEMPLATE not in clones or (len(old), len(new)) != (1, 1):
        return []
    return [str(folder) for folder in (*clones, *old, *new)]


def _recent(kind: str) -> list[Path]:
    folders = Path(tempfile.gettempdir()).resolve().glob(f"copier.{kind}.*")
    found = []
    for folder in folders:
        about = folder.lstat()
        is_own = not hasattr(os, "getuid") or about.st_uid == os.getuid()
        if is_own and time.time() - about.st_mtime < RECENT:
            found.append(folder)
    return found


def _answers(file: Path) -> object:
    try:
        return yaml.safe_load(file.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return None
