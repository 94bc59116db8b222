"""Find the files that belong to a project."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator

from keras_imports.python.files import Problem, walk

PORTABLE = "keras_flavour"  # the module of portable generated projects that hands out Keras


def project_files(paths: Iterable[str], suffixes: tuple[str, ...]) -> Iterator[str | Problem]:
    """Yield the files with one of the suffixes at and below the paths.

    Below a directory those are left out that git ignores, that are links out of it, or that are
    about all flavours on purpose. A file that is named itself always counts.
    """
    for path in paths:
        ignored = _ignored(path) if os.path.isdir(path) else frozenset()
        base = os.path.join(os.path.realpath(path), "")
        for item in walk([path], suffixes):
            if isinstance(item, str) and item != path:
                if os.path.splitext(item)[0].endswith(PORTABLE):
                    continue
                whole = base + item[len(path) :].lstrip(os.sep)
                if os.path.islink(item):  # no directory on the way is one
                    whole = os.path.realpath(item)
                if any(whole == i or whole.startswith(i + os.sep) for i in ignored):
                    continue
                if not whole.startswith(base):
                    item = Problem(item, "a link to a file outside, not followed")
            yield item


def _ignored(directory: str) -> frozenset[str]:
    """Return the paths that git ignores; none where there is no git, or no repository."""
    command = ["git", "ls-files", "-z", "--others", "--ignored", "--exclude-standard"]
    try:
        listed = subprocess.run(
            [*command, "--directory"], cwd=directory, capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return frozenset()
    base = os.path.realpath(directory)
    names = os.fsdecode(listed.stdout).split("\0")
    return frozenset(os.path.join(base, name.rstrip("/")) for name in names if name)
