"""Render a project's template once more, for what Copier does not keep of an update.

Where it is told to leave `.rej` files (`--conflict rej`), it leaves neither the text that the
project was made from nor the new one, and a merge needs both.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import copier
import git
from merge.conflicts import BASE, OURS, THEIRS
from project import TEMPLATE, Project


def render_versions(
    project: Project, old: Project, ours: Mapping[str, str]
) -> dict[str, dict[int, str]]:
    """Return three versions of each file that both templates have, as blobs.

    `ours` has the blob of each file as it was before the update. Raises whatever Copier raises.
    """
    with tempfile.TemporaryDirectory() as folder:
        base, theirs = Path(folder, "base"), Path(folder, "theirs")
        _render(str(old.answers["_src_path"]), str(old.answers["_commit"]), old, base)
        _render(str(TEMPLATE), "HEAD", project, theirs)
        both = [path for path in ours if (base / path).is_file() and (theirs / path).is_file()]
        bases = git.store(project.path, [str(base / path) for path in both])
        new = git.store(project.path, [str(theirs / path) for path in both])
    return {
        path: {BASE: one, OURS: ours[path], THEIRS: other}
        for path, one, other in zip(both, bases, new, strict=True)
    }


def _render(source: str, commit: str, project: Project, folder: Path) -> None:
    answers = {name: value for name, value in project.answers.items() if not name.startswith("_")}
    copier.run_copy(
        source,
        folder,
        data=answers,
        vcs_ref=commit,
        defaults=True,
        quiet=True,
        unsafe=True,  # the template has tasks, which are skipped
        skip_tasks=True,
    )
