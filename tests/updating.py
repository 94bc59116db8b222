"""Projects under version control that a user works on, and real updates of them."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import copier
from rendering import plain_template, remember_what_does_not_change

PACKAGE = "digits"
IDENTITY = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody; give what it prints."""
    done = subprocess.run(
        ["git", *IDENTITY, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


def commit(folder: Path) -> None:
    """Commit everything."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "change")


@functools.cache
def committed_template() -> Path:
    """The template as it is in the working tree, as a repository of one commit."""
    template = Path(tempfile.mkdtemp(prefix="copier-keras-")) / "template"
    shutil.copytree(plain_template(), template, ignore=shutil.ignore_patterns("__pycache__"))
    git(template, "init", "--quiet")
    commit(template)
    return template


def copy(destination: Path, template: Path | None = None, **answers: Any) -> Path:
    """Copy a project and commit it; the answers decide how it is validated."""
    remember_what_does_not_change()
    data = {"package_name": PACKAGE, "project_name": "Digits", "validate": "skip", **answers}
    copier.run_copy(
        str(template or committed_template()),
        destination,
        data=data,
        defaults=True,
        quiet=True,
        unsafe=True,
        vcs_ref="HEAD",
    )
    if not (destination / ".git").exists() and not _in_repository(destination):
        git(destination, "init", "--quiet")
    commit(destination)
    return destination


def update(project: Path, vcs_ref: Any = copier.VcsRef.CURRENT, **answers: Any) -> None:
    """Update a project, by default to other answers of the same version."""
    remember_what_does_not_change()
    copier.run_update(
        project,
        data=answers,
        defaults=True,
        overwrite=True,
        quiet=True,
        unsafe=True,
        vcs_ref=vcs_ref,
    )


def _in_repository(folder: Path) -> bool:
    done = subprocess.run(["git", "rev-parse"], cwd=folder, capture_output=True)
    return done.returncode == 0
