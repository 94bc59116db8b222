"""Name what an update leaves to the user: conflicts, rejects, and files that are gone."""

from __future__ import annotations

import sys
from pathlib import Path

import git
from report import Report

from keras_imports.toml import parse_toml


def note_left_overs(project: Path, report: Report) -> None:
    """Search the whole project for what is not merged, this time or another."""
    unmerged = git.unmerged_files(project)
    for path, line in git.conflicts(project):
        advice = "choose a side, then `git add`" if path in unmerged else "an old one, settle it"
        report.left.append(f"{path}:{line}: a conflict: {advice}")
    rejects = git.rejects(project)
    report.left += [f"{path}: not merged: do it by hand, then remove this file" for path in rejects]
    if unmerged or rejects:
        report.obstacle = "conflicts are left"
    elif error := toml_error(project / "pyproject.toml"):
        report.obstacle = "pyproject.toml does not parse"
        report.left.append(f"pyproject.toml: {error}")


def toml_error(path: Path) -> str | None:
    """Say what is wrong with a TOML file, a table from both sides for one; None if nothing is."""
    if sys.version_info < (3, 11) or not path.is_file():  # Python 3.10 has no parser
        return None
    try:
        parse_toml(path.read_text("utf-8"))
    except ValueError as error:
        return str(error)
    return None


def whole_folders(project: Path, removed: list[str]) -> list[str]:
    """Return the removed paths, with a folder that is gone instead of all that was in it."""
    shown = []
    for path in map(Path, removed):
        gone = [folder for folder in path.parents if not (project / folder).exists()]
        shown.append(f"{gone[-1].as_posix()}/" if gone else path.as_posix())
    return list(dict.fromkeys(shown))
