"""Check the Keras imports of a project without running it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from project import Project

from keras_imports import report
from keras_imports.atlas import Environment
from keras_imports.check import program
from keras_imports.check.files import Setting, check_tree
from keras_imports.knowledge.declared import newest, resolve_installed


@dataclass(frozen=True)
class Checked:
    """The Keras import statements that were found, and what is wrong with some of them."""

    statements: int
    files: int
    problems: list[str]


def check_imports(project: Project) -> Checked:
    """Check every Python file of a project's own against the releases that it requires."""
    files = [
        str(path)
        for folder in ("src", "tests")
        for path in sorted(project.path.glob(f"{folder}/**/*.py"))
        if path.name != "keras_flavour.py"  # it chooses the Keras that all others import
    ]
    wanted = project.answers["keras"]
    flavour = project.root if wanted == "portable" else wanted
    roots = (str(project.path), str(project.path / "src"))
    setting = Setting(_environment(project), flavour, roots, frozenset(files))
    results = list(check_tree(files, setting))
    links = [result.link for result in results if result.link is not None]
    findings = [finding for result in results for finding in result.findings]
    findings += program.mixed(links, setting.env, roots)
    problems = [
        str(replace(problem, file=_shown(project, problem.file)))
        for result in results
        for problem in result.problems
    ]
    problems += report.lines([replace(f, file=_shown(project, f.file)) for f in findings], "text")
    counts = [_statements(project.root, file) for file in files]
    return Checked(sum(counts), sum(map(bool, counts)), problems)


def _environment(project: Project) -> Environment:
    """The releases that the project requires, or the newest ones where the atlas has none."""
    try:
        return replace(resolve_installed((), [str(project.path)]).env, legacy_env=False)
    except ValueError:
        return newest()


def _shown(project: Project, file: str) -> str:
    return os.path.relpath(file, project.path)


def _statements(root: str, file: str) -> int:
    """How many statements import a root or what is below it."""
    text = Path(file).read_text("utf-8", errors="replace")
    return len(re.findall(rf"^\s*(?:from|import)\s+{re.escape(root)}\b", text, re.MULTILINE))
