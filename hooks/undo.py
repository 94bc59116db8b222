"""Take the last update of a project back, by the record that the update made.

The update puts a copy of this file beside its record, in the project's git directory. It needs git
and the standard library. What was changed after the update is never lost: there it refuses.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

RECORD = "update.json"
ASIDE = "put-aside"  # what was replaced where nobody knows whether the update made it
FILE, EXECUTABLE, LINK, OTHER = "100644", "100755", "120000", "other"  # as git has them
# A repository's own settings must run nothing, and other variables must lead nowhere else.
SETTINGS = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX")
TEMPORARY = ".keras-imports-????????"  # what a killed migration left of a file that it wrote

State = dict[str, Any]


def look(path: Path, commit: str) -> State | None:
    """Return what is at a path, a file by the name of its blob; None where nothing is.

    `commit` is any commit's name: it tells by its length how the repository names things.
    """
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISLNK(mode):
        return {"kind": LINK, "content": os.readlink(path), "mode": 0}
    if not stat.S_ISREG(mode):
        return {"kind": OTHER, "content": "", "mode": 0}
    data = path.read_bytes()
    named = hashlib.new("sha256" if len(commit) == 64 else "sha1", usedforsecurity=False)
    named.update(b"blob %d\0" % len(data) + data)
    kind = EXECUTABLE if mode & stat.S_IXUSR else FILE
    return {"kind": kind, "content": named.hexdigest(), "mode": stat.S_IMODE(mode)}


def is_file(state: State | None) -> bool:
    """Tell whether there is a regular file."""
    return state is not None and state["kind"] in (FILE, EXECUTABLE)


def same(one: State | None, other: State | None) -> bool:
    """Tell whether git would see no difference."""
    if one is None or other is None:
        return one is other
    return (one["kind"], one["content"]) == (other["kind"], other["content"])


def put_back(project: Path, path: str, state: State | None) -> None:
    """Make a path what it was; a file that is replaced is replaced at once."""
    target = project / path
    if state is None:
        target.unlink(missing_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if state["kind"] == LINK:
        target.unlink(missing_ok=True)
        target.symlink_to(state["content"])
        return
    data = ask_git(project, "cat-file", "blob", state["content"])
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".keras-imports-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    os.chmod(temporary, state["mode"])
    os.replace(temporary, target)


def ask_git(project: Path, *arguments: str, given: bytes = b"") -> bytes:
    """Return what git answers. Raises OSError with what it says where it fails."""
    environment = {name: its for name, its in os.environ.items() if name not in ELSEWHERE}
    done = subprocess.run(
        ["git", *SETTINGS, *arguments],
        cwd=project,
        env=environment | {"LC_ALL": "C"},
        input=given,
        capture_output=True,
    )
    if done.returncode:
        raise OSError(done.stderr.decode("utf-8", "replace").strip())
    return done.stdout


def undo(folder: Path, commit: str) -> str:
    """Take back the update that is recorded in a folder; return what to say of it.

    `commit` is how the name of the commit begins that was updated. Raises OSError where nothing is
    taken back; the text says why.
    """
    record = json.loads((folder / RECORD).read_text("utf-8"))
    if not record["commit"].startswith(commit):
        raise OSError(f"the last update was one of {record['commit'][:10]}, and not of {commit}")
    project = Path(record["project"])
    if not project.is_dir():
        raise OSError(f"{project} is not there any more")
    before, after = record["before"], record["after"]
    now = {path: look(project / path, record["commit"]) for path in before}
    changed = [path for path in before if not same(now[path], before[path])]
    later = [path for path in changed if now[path] and after and not same(now[path], after[path])]
    staged = _staged(project, record["commit"], before)
    later += sorted(set(_unstaged(project, staged)) - set(later))
    if later:
        raise OSError(
            "these were changed after the update, and that would be lost:"
            + "".join(f"\n  {path}" for path in later)
            + "\nCopy them elsewhere, delete them here, and run this again."
        )
    if after is None:
        _put_aside(project, [path for path in changed if now[path]], folder / ASIDE)
    for path in changed:
        put_back(project, path, before[path])
    _unstage(project, record["commit"], staged)
    _clean_up(project, before, record["folders"])
    remove_temporary(record)
    return "\n".join(_said(project, record, changed, folder))


def remove_temporary(record: State) -> None:
    """Remove the folders that the Copier of an update left behind, if it was killed."""
    with contextlib.suppress(ProcessLookupError):
        if os.name == "posix":
            os.kill(record["copier"], 0)  # it is asked whether it is there, and nothing else
        return
    for folder in record["temporary"]:
        shutil.rmtree(folder, ignore_errors=True)


def _staged(project: Path, commit: str, paths: Iterable[str]) -> list[str]:
    """Return those of the paths, and of temporary files, that the index has unlike a commit."""
    options = ("--cached", "--name-only", "--no-renames", "--relative", "-z")
    listed = ask_git(project, "diff-index", *options, commit, "--", ".")
    names = {*paths}
    return [
        path
        for path in os.fsdecode(listed).split("\0")
        if path in names or fnmatch(Path(path).name, TEMPORARY)
    ]


def _unstaged(project: Path, staged: Iterable[str]) -> list[str]:
    """Return those of the staged paths, but for conflicts, whose files are others meanwhile."""
    listed = ask_git(project, "diff-files", "--name-status", "--relative", "-z", "--", ".")
    words = os.fsdecode(listed).split("\0")
    states: dict[str, str] = {}
    for state, path in zip(words[::2], words[1::2], strict=False):
        states[path] = states.get(path, "") + state
    return [path for path in staged if states.get(path, "U") in ("M", "T")]


def _unstage(project: Path, commit: str, paths: Iterable[str]) -> None:
    """Make the index what a commit has of the paths."""
    listed = ask_git(project, "ls-tree", "-r", "-z", commit, ".")
    entries: dict[str, str] = {}
    for entry in os.fsdecode(listed).split("\0")[:-1]:
        about, path = entry.split("\t", 1)
        entries[path] = about
    top = os.fsdecode(ask_git(project, "rev-parse", "--show-prefix").removesuffix(b"\n"))
    lines = [f"0 {'0' * len(commit)}\t{top}{path}\0" for path in paths]  # whatever is there
    for path in paths:
        if path in entries:
            mode, _, name = entries[path].split()
            lines.append(f"{mode} {name}\t{top}{path}\0")
    ask_git(project, "update-index", "-z", "--index-info", given=os.fsencode("".join(lines)))


def _put_aside(project: Path, paths: Iterable[str], folder: Path) -> None:
    for path in paths:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(project / path, target, follow_symlinks=False)


def _clean_up(project: Path, before: Mapping[str, Any], folders: Iterable[str]) -> None:
    """Remove temporary files beside what was written, and the folders that the update made."""
    kept = {*folders}
    beside = {parent for path in before for parent in Path(path).parents}
    for folder in sorted(beside, key=lambda folder: len(folder.parts), reverse=True):
        for temporary in (project / folder).glob(TEMPORARY):
            temporary.unlink(missing_ok=True)
        if folder.as_posix() not in kept:
            with contextlib.suppress(OSError):  # something else is in it
                (project / folder).rmdir()


def _said(project: Path, record: State, changed: list[str], folder: Path) -> Iterable[str]:
    commit = record["commit"][:10]
    yield f"{len(changed)} files of {project} are again as they were before the update of {commit}."
    if record["after"] is None and changed:
        yield f"The update did not end: what was in them until now is in {folder / ASIDE}"
    if ask_git(project, "rev-parse", "HEAD").decode().strip() != record["commit"]:
        yield "There are commits since then, which stay: `git commit` records that it is taken back"
    if (project / ".venv").exists():
        yield "Its .venv is left as it is: `uv sync`, or pip, brings it back to what is required"


def main() -> int:
    """Take the update back; return the exit code."""
    try:
        print(undo(Path(__file__).resolve().parent, *sys.argv[1:2] or [""]))
    except (OSError, ValueError) as reason:
        print(f"Nothing was taken back: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
