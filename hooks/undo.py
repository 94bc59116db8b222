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
PARTS = {"project": str, "prefix": str, "commit": str, "before": dict, "folders": list}  # of it
ASIDE = "put-aside"  # what was replaced where nobody knows whether the update made it
FILE, EXECUTABLE, LINK, OTHER = "100644", "100755", "120000", "other"  # as git has them
# A repository's own settings must run nothing, and other variables must lead nowhere else.
SETTINGS = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "safe.bareRepository=explicit")
ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX")
TEMPORARY = ".keras-imports-????????"  # what a killed migration left of a file that it wrote

State = dict[str, Any]


class StoppedError(Exception):
    """A part of an update is taken back and the rest is not; the text says why."""


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
    settings = [word for setting in SETTINGS for word in ("-c", setting)]
    environment = {name: its for name, its in os.environ.items() if name not in ELSEWHERE}
    done = subprocess.run(
        ["git", *settings, *arguments],
        cwd=project,
        env=environment | ENVIRONMENT,
        input=given,
        capture_output=True,
    )
    if done.returncode:
        raise OSError(done.stderr.decode("utf-8", "replace").strip())
    return done.stdout


def undo(folder: Path, commit: str) -> str:
    """Take back the update that is recorded in a folder; return what to say of it.

    `commit` is how the name of the commit begins that was updated. Raises OSError where nothing is
    taken back, the text says why, and StoppedError where a part is.
    """
    record = read(folder)
    if not record["commit"].startswith(commit):
        raise OSError(f"the last update was one of {record['commit'][:10]}, and not of {commit}")
    project = _find_project(folder, record)
    head = ask_git(project, "rev-parse", "HEAD").decode().strip()
    before, after = record["before"], record["after"]
    now = {path: look(project / path, record["commit"]) for path in before}
    changed = [path for path in before if not same(now[path], before[path])]
    if after is None and changed and head != record["commit"]:
        raise OSError(
            "the update did not end, and there are commits since then, which may hold later work: "
            f"`git diff {record['commit'][:10]}` shows all that changed since it began"
        )
    later = [path for path in changed if now[path] and after and not same(now[path], after[path])]
    staged = _staged(project, record["commit"], before)
    later += sorted(set(_unstaged(project, staged)) - set(later))
    if later:
        raise OSError(
            "these were changed after the update, and that would be lost:"
            + "".join(f"\n  {path}" for path in later)
            + "\nCopy them elsewhere, delete them here, and run this again."
        )
    aside = None
    if after is None and changed:
        aside = _put_aside(project, [path for path in changed if now[path]], folder / ASIDE)
    # The index comes first: once files are back, what is staged would look like later work.
    _unstage(project, record["commit"], staged)
    done = 0
    try:
        for path in changed:
            put_back(project, path, before[path])
            done += 1
        _clean_up(project, before, record["folders"])
    except OSError as reason:
        raise StoppedError(
            f"Stopped after {done} of {len(changed)} files: {reason}\n"
            "The others are as they were until now. Mend that, then run it again."
        ) from None
    # What is changed from now on is later work.
    write(folder, record | {"after": before})
    return "\n".join(_said(project, record, changed, aside, head))


def read(folder: Path) -> State:
    """Return the record of a folder; raise OSError, which says what is left, if it is damaged."""
    try:
        record: State = json.loads((folder / RECORD).read_text("utf-8"))
        if not all(isinstance(record[key], kind) for key, kind in PARTS.items()):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise OSError(
            f"{folder / RECORD} is damaged, and nothing else says what the update made. What is "
            "committed is not lost: `git diff HEAD` shows all that differs from the last commit, "
            "and `git restore --staged --worktree .` brings that back. Of files that git does not "
            "know, `git fsck --lost-found` finds what they were before the update"
        ) from None
    return record


def write(folder: Path, record: State) -> None:
    """Write a record into its folder, at once."""
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / "update.new"
    temporary.write_text(json.dumps(record), "utf-8")
    temporary.replace(folder / RECORD)


def _find_project(folder: Path, record: State) -> Path:
    """Return where the project of a record's folder is: it may have been moved, or copied."""
    prefix = Path(record["prefix"])
    directory = folder.parents[len(prefix.parts)]
    for project in (Path(record["project"]), directory.parent / prefix):
        if project.is_dir():
            found = ask_git(project, "rev-parse", "--absolute-git-dir").removesuffix(b"\n")
            if os.path.samefile(os.fsdecode(found), directory):
                return project
    raise OSError(f"{record['project']} is no project of {directory} any more")


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


def _put_aside(project: Path, paths: Iterable[str], folder: Path) -> Path:
    """Copy files to where nothing else is put, ever; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="", dir=folder))
    for path in paths:
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(project / path, target, follow_symlinks=False)
    return place


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


def _said(
    project: Path, record: State, changed: list[str], aside: Path | None, head: str
) -> Iterable[str]:
    then = f"as they were before the update of {record['commit'][:10]}"
    if changed:
        yield f"{len(changed)} files of {project} are again {then}."
    else:
        yield f"No file was left to take back: those of {project} are {then}."
    if aside:
        yield f"The update did not end: what was in them until now is in {aside}"
    if head != record["commit"]:
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
    except StoppedError as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
