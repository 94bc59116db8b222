"""Record what a project was before and after an update, so that all of it can be taken back.

The record is kept in the project's git directory, with a copy of `undo.py` that reads it. The bytes
of files that git does not have yet are kept among git's objects.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import git
import undo

TEMPLATE = Path(__file__).resolve().parent.parent / "template"
CODE = (".py", ".pyi", ".ipynb")
LOCK = "uv.lock"  # of which uv makes a new one when it installs

State = dict[str, Any]


@dataclass
class Record:
    """Where a project is, which commit is updated, and what every path was, and is now.

    `before` has all that an update may touch: the template's files, whether they are there or not,
    what Copier leaves beside them, and the code that git tracks. `untracked` are those of the
    template's that are there and have no history. `folders` were there, too. `prefix` is where the
    project is in its repository.
    """

    project: str
    prefix: str
    commit: str
    before: dict[str, State | None]
    folders: list[str]
    untracked: list[str]
    after: dict[str, State | None] | None = None

    def command(self) -> str:
        """Return the command that takes the update back."""
        python = "python3" if shutil.which("python3") else sys.executable
        command = [python, str(_folder(Path(self.project)) / "undo.py"), self.commit[:10]]
        return subprocess.list2cmdline(command) if os.name == "nt" else shlex.join(command)

    def look(self, path: str) -> State | None:
        """Return what a path is now."""
        return undo.look(Path(self.project, path), self.commit)

    def restore(self, path: str) -> str:
        """Put what a path is now back to what it was; return the name that git keeps it under."""
        project = Path(self.project)
        name = git.store(project, [path])[0] if self.look(path) else ""
        undo.put_back(project, path, self.before[path])
        return name

    def finish(self) -> None:
        """Note what every path is now, and those that are gone."""
        project = Path(self.project)
        for path, mode, blob in git.gone_files(project):
            old = {"kind": mode, "content": blob, "mode": int(mode, 8) & 0o777}
            self.before.setdefault(path, old)
        self.after = {path: self.look(path) for path in self.before}
        self._write()

    def _write(self) -> None:
        undo.write(_folder(Path(self.project)), vars(self))


def begin(project: Path, answers_file: str, answers: dict[str, Any]) -> Record:
    """Record what a project is before it is updated."""
    package = answers["package_name"]
    tracked = git.tracked_blobs(project)
    rendered = set(template_paths(answers_file, package))
    paths = {path for path in tracked if path.endswith(CODE)} | rendered | {LOCK}
    paths |= {f"{path}.rej" for path in rendered}
    commit = git.last_commit(project)
    before = {path: undo.look(project / path, commit) for path in sorted(paths)}
    there = {path: state for path, state in before.items() if state}
    files = {path: state["content"] for path, state in there.items() if undo.is_file(state)}
    git.store(project, [path for path, blob in files.items() if blob != tracked.get(path)])
    parents = {parent for path in paths for parent in Path(path).parents}
    folders = sorted(each.as_posix() for each in parents if (project / each).is_dir())
    untracked = sorted((there.keys() & rendered) - tracked.keys())
    record = Record(str(project), git.prefix(project), commit, before, folders, untracked)
    record._write()
    shutil.copyfile(undo.__file__, _folder(project) / "undo.py")
    return record


def load(project: Path) -> Record:
    """Return the record of the update that is going on."""
    return Record(**undo.read(_folder(project)))


def template_paths(answers_file: str, package: str) -> Iterable[str]:
    """Yield the paths of all files that the template may write into a project."""
    for file in TEMPLATE.rglob("*"):
        if file.is_file():
            path = file.relative_to(TEMPLATE).as_posix().removesuffix(".jinja")
            path = path.replace("{{ package_name }}", package)
            yield path.replace("{{ _copier_conf.answers_file }}", answers_file)


def _folder(project: Path) -> Path:
    """Return the folder of a project's record: its own one, where a repository has several."""
    return git.directory(project) / "keras-update" / git.prefix(project)
