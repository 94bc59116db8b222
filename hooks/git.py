"""What git knows of a project, asked in its folder.

All paths are relative to that folder, which may lie deep in a repository: nothing outside of it is
looked at. Nothing that the repository configures is run, but the filters of a file that is staged.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from keras_imports.git import run_git

REGULAR = ("100644", "100755")  # neither a link nor a repository in the repository
PLAIN = ("--no-color", "--no-column", "--no-heading", "--no-full-name")  # whatever is configured
AT_ONCE = 200  # files that one command names: Windows takes no long ones
CONFLICT = "^<<<<<<< "  # the first line of one, whoever left it


class GitFailed(Exception):  # noqa: N818, the text is all that is shown
    """git did not do what it was asked; the text is what it said."""


def committed(project: Path, path: str) -> bytes | None:
    """Return a file as the last commit has it; None where it has none."""
    done = run_git(project, "show", f"HEAD:./{path}")
    return None if done.returncode else done.stdout


def last_commit(project: Path) -> str:
    """Return the whole name of the last commit."""
    return _ask(project, "rev-parse", "HEAD").decode().strip()


def directory(project: Path) -> Path:
    """Return where git keeps what it knows of the project: of its worktree, if it is in one."""
    return Path(os.fsdecode(_ask(project, "rev-parse", "--absolute-git-dir")).removesuffix("\n"))


def prefix(project: Path) -> str:
    """Return the project's path in its repository; empty where it is all of it."""
    return os.fsdecode(_ask(project, "rev-parse", "--show-prefix")).removesuffix("\n")


def tracked_blobs(project: Path) -> dict[str, str]:
    """Return the name of the blob that the index has of each file."""
    entries = (e.split("\t", 1) for e in _entries(project, "ls-files", "--stage", "-z"))
    return {path: about.split()[1] for about, path in entries}


def store(project: Path, paths: Sequence[str]) -> list[str]:
    """Store the bytes of files among git's objects as they are; return the names of the blobs."""
    names: list[str] = []
    for start in range(0, len(paths), AT_ONCE):
        some = paths[start : start + AT_ONCE]
        names += _ask(project, "hash-object", "-w", "--no-filters", "--", *some).decode().split()
    return names


def gone_files(project: Path) -> list[tuple[str, str, str]]:
    """Return the regular files of the last commit that are gone: path, mode and blob."""
    entries = (e.split("\t", 1) for e in _entries(project, "ls-tree", "-r", "-z", "HEAD", "."))
    last = {path: about.split() for about, path in entries}
    gone = ((path, last[path][0], last[path][2]) for path in removed_files(project))
    return [(path, mode, blob) for path, mode, blob in gone if mode in REGULAR]


def tracked_files(project: Path, suffixes: tuple[str, ...]) -> list[str]:
    """Return the files under version control that end so; neither links nor files in conflict."""
    paths = []
    for entry in _entries(project, "ls-files", "--stage", "-z"):
        about, path = entry.split("\t", 1)
        mode, _, stage = about.split()
        whole = stage == "0" and mode in REGULAR and path.endswith(suffixes)
        if whole and (project / path).is_file() and not (project / path).is_symlink():
            paths.append(path)
    return paths


def unmerged_files(project: Path) -> dict[str, dict[int, str]]:
    """Return the versions of every file in conflict: 1 is the base, 2 is ours, 3 is theirs.

    A version is the name of its blob.
    """
    versions: dict[str, dict[int, str]] = defaultdict(dict)
    for entry in _entries(project, "ls-files", "--unmerged", "-z"):
        about, path = entry.split("\t", 1)
        _, blob, stage = about.split()
        versions[path][int(stage)] = blob
    return dict(versions)


def read_version(project: Path, blob: str) -> bytes:
    """Return the content of one version, by the name of its blob."""
    return _ask(project, "cat-file", "blob", blob)


def is_binary(project: Path, blob: str) -> bool:
    """Tell whether git takes a version for binary, as it does UTF-16, and so does not merge it."""
    return b"\0" in read_version(project, blob)[:8000]


def mark_merged(project: Path, path: str) -> None:
    """Stage a file that was in conflict."""
    _ask(project, "add", "--", path)


def removed_files(project: Path) -> list[str]:
    """Return the files of the last commit that are gone from the folder."""
    options = ["--name-only", "--no-renames", "--diff-filter=D", "--relative", "-z"]
    return _entries(project, "diff-index", *options, "HEAD")


def conflicts(project: Path) -> list[tuple[str, int]]:
    """Find the conflict markers in all text files: the path, and the line where one begins."""
    options = ["--untracked", "-I", "--line-number", "--null", *PLAIN]
    done = run_git(project, "grep", *options, "-e", CONFLICT, "--", ".")
    if done.returncode > 1:
        raise GitFailed(done.stderr.decode("utf-8", "replace").strip())
    places = []
    for line in done.stdout.decode("utf-8", "surrogateescape").split("\n")[:-1]:
        path, number, _ = line.split("\0", 2)
        places.append((path, int(number)))
    return places


def rejects(project: Path) -> list[str]:
    """Return the `.rej` files, where Copier leaves what it could not merge if it is told to."""
    others = ["ls-files", "--others", "--exclude-standard", "-z"]
    ignored = [*others, "--ignored", "--directory"]
    paths = {*_entries(project, *others), *_entries(project, *ignored)}
    return sorted(path for path in paths if path.endswith(".rej"))


def merge_files(
    project: Path, ours: Path, base: Path, theirs: Path, labels: Sequence[str]
) -> bytes:
    """Merge three versions as git does; each conflict in the text has its base, too.

    `labels` are shown beside the markers: those of ours, of the base and of theirs. Raises
    GitFailed.
    """
    named = [part for label in labels for part in ("-L", label)]
    options = ["--stdout", "--diff3", *named]
    done = run_git(project, "merge-file", *options, str(ours), str(base), str(theirs))
    if done.returncode > 127:  # below it is the number of conflicts
        raise GitFailed(done.stderr.decode("utf-8", "replace").strip())
    return done.stdout


def _entries(project: Path, *arguments: str) -> list[str]:
    output = _ask(project, *arguments).decode("utf-8", "surrogateescape")
    return output.split("\0")[:-1]


def _ask(project: Path, *arguments: str) -> bytes:
    done = run_git(project, *arguments)
    if done.returncode:
        raise GitFailed(done.stderr.decode("utf-8", "replace").strip())
    return done.stdout
