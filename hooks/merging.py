"""Settle what Copier could not merge, or merged although it had no business with the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import git
import undo
from merge.conflicts import BASE, CODE, OURS, THEIRS, line_end, remerge, with_line_end
from moving import chooses_keras
from project import Project
from record import Record
from rendered import render_versions
from report import Report

from keras_imports.engine.job import Job
from keras_imports.migrate.files.atomic import write_atomically
from keras_imports.migrate.files.line_length import line_length
from keras_imports.migrate.files.source_files import migrate_file


def merge_again(
    project: Project, old: Project | None, begun: Record, job: Job, report: Report
) -> None:
    """Merge what is in conflict, or was rejected, with what is known of its kind of file."""
    unmerged = git.unmerged_files(project.path)
    for path in code_last(unmerged):
        if unmerged[path].keys() != {BASE, OURS, THEIRS}:
            continue
        text, clean = _remerge(project, path, unmerged[path], job)
        write_atomically(str(project.path / path), text)
        if clean:
            git.mark_merged(project.path, path)
            report.merged.append(path)
    rejected = read_rejected(project, old, begun, report)
    for path in code_last(rejected):
        text, clean = _remerge(project, path, rejected[path], job)
        if clean:
            write_atomically(str(project.path / path), text)
            (project.path / f"{path}.rej").unlink()
            report.merged.append(path)


def _remerge(project: Project, path: str, versions: dict[int, str], job: Job) -> tuple[bytes, bool]:
    def migrate(file: Path) -> None:
        width = line_length(str(project.path))
        migrate_file(str(file), replace(job, line_length=width))

    return remerge(project.path, path, versions, None if chooses_keras(path, project) else migrate)


def code_last(paths: Iterable[str]) -> list[str]:
    """Return the paths in the order to merge them: pyproject.toml says how long code lines are."""
    return sorted(paths, key=lambda path: (path.endswith(CODE), path))


def read_rejected(
    project: Project, old: Project | None, begun: Record, report: Report
) -> dict[str, dict[int, str]]:
    """Return the versions of each file beside which Copier left a new `.rej` file."""
    paths = [path.removesuffix(".rej") for path in git.rejects(project.path)]
    new = [path for path in paths if begun.before.get(f"{path}.rej", True) is None]
    before = {path: begun.before[path] for path in new}
    ours = {
        path: state["content"] for path, state in before.items() if state and undo.is_file(state)
    }
    if not (old and ours):
        return {}
    try:
        return render_versions(project, old, ours)
    except Exception as error:  # a template that is not to be had any more, for one
        reason = f"{type(error).__name__}: {error}"
        report.left.append(f"`.rej` files could not be merged again: {reason}")
        return {}


def keep_what_cannot_be_merged(project: Path, begun: Record, report: Report) -> None:
    """Put back the files that Copier replaced, or removed, where git could not merge them."""
    for path, before in begun.before.items():
        now = begun.look(path)
        if before is None or undo.same(before, now):
            continue
        if path in begun.untracked:
            reason = "git does not track it"
        elif now and not undo.is_file(before):
            reason = "it is a link"
        elif now and git.is_binary(project, before["content"]):
            reason = "git takes it for binary and merges no such file"
        else:
            continue
        name = begun.restore(path)
        if name:
            shown = f"git show {name[:10]}"
            report.left.append(f"{path}: kept as it was, {reason}; the template's: {shown}")


def keep_line_ends(project: Path, begun: Record) -> None:
    """Give the files that Copier wrote anew the line ends that they had."""
    for path, before in begun.before.items():
        now = begun.look(path)
        if before is None or undo.same(before, now):
            continue
        if not (undo.is_file(before) and undo.is_file(now)):
            continue
        end = line_end(git.read_version(project, before["content"]))
        data = (project / path).read_bytes()
        if line_end(data) != end:
            write_atomically(str(project / path), with_line_end(data, end))
