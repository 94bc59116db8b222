"""Call git in a folder without running anything that the repository there configures.

Whoever looks at foreign code must not run it, and git runs programs that a repository names, such
as one that watches its files.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_SETTINGS = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "safe.bareRepository=explicit",  # a folder of a clone may look like a repository
)
_ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX")
_NO_REPOSITORY = "not a git repository (or any"
_PATIENCE = 60  # seconds


class NotAskedError(Exception):
    """git cannot say anything about a folder; the text is why."""


def run_git(
    folder: str | Path, *arguments: str, timeout: float | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run git in a folder, about the repository that the folder lies in."""
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    environment = {name: its for name, its in os.environ.items() if name not in _ELSEWHERE}
    return subprocess.run(
        ["git", *settings, *arguments],
        cwd=folder,
        env=environment | _ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout,
    )


def ignored_in(directory: str) -> frozenset[str]:
    """Return the files and directories that git ignores in a directory; none without a repository.

    They are whole paths, links resolved. Raise `NotAskedError` where git cannot tell.
    """
    options = ("--others", "--ignored", "--exclude-standard", "--directory")
    try:
        listed = run_git(directory, "ls-files", "-z", *options, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        raise NotAskedError(f"no answer within {_PATIENCE} seconds") from None
    except OSError:
        if _is_in_repository(directory):
            raise NotAskedError("it cannot be run") from None
        return frozenset()
    if listed.returncode:
        reason = _reason(listed.stderr.decode("utf-8", "replace"))
        if _NO_REPOSITORY in reason:
            return frozenset()
        raise NotAskedError(reason)
    base = os.path.realpath(directory)
    names = os.fsdecode(listed.stdout).split("\0")[:-1]
    paths = (os.path.join(base, name.rstrip("/")) for name in names)
    return frozenset(path for path in paths if path != os.path.join(base, os.curdir))


def _is_in_repository(directory: str) -> bool:
    whole = Path(os.path.realpath(directory))
    return any((each / ".git").exists() for each in (whole, *whole.parents))


def _reason(said: str) -> str:
    """Return the line that says why git failed."""
    lines = said.splitlines() or ["no reason given"]
    fatal = [line for line in lines if line.startswith("fatal: ")]
    return (fatal or lines)[0].removeprefix("fatal: ")
