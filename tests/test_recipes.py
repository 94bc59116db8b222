"""The recipes of CONTRIBUTING.md: each is followed to the word in a copy of the repository.

A recipe is a section "### …" below "## Recipes". Its steps are two kinds of sentences, each with a
block of code: "Add to `FILE`, below `LINE`:" or "Add at the end of `FILE`:", and "Run:". The last
command is the proof; without the last edit it fails.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
STEP = re.compile(
    r"(?:Add\s+to\s+`(?P<file>[^`]+)`,\s+below\s+(?P<ticks>`+)(?P<line>.+?)(?P=ticks)"
    r"|Add\s+at\s+the\s+end\s+of\s+`(?P<end>[^`]+)`"
    r"|(?P<run>Run)):\n\n```\w+\n(?P<code>.*?)```",
    re.DOTALL,
)
# How many files and commands a recipe may take besides its proof; its case is among them.
PLACES = {
    "a rename rule": 2,
    "a check rule": 2,
    "a release": 1,
    "a backend": 2,
    "a question": 3,
}

MADE_BY_COMMANDS = {
    "src/keras_imports/atlas/data/atlas.bin",
    "src/keras_imports/atlas/data/releases.yml",
}

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("recipes")]


@dataclass(frozen=True)
class Edit:
    """Lines to be added to a file, below a line of it or at its end."""

    file: str
    below: str | None
    code: str

    def apply(self, tree: Path) -> None:
        """Make the edit in a copy of the repository."""
        path = tree / self.file
        text = path.read_text("utf-8") if path.exists() else ""
        if self.below is None:
            path.write_text(text + self.code, "utf-8")
            return
        lines = text.splitlines(keepends=True)
        [number] = [n for n, line in enumerate(lines) if line.strip() == self.below]
        lines.insert(number + 1, self.code)
        path.write_text("".join(lines), "utf-8")


def recipes() -> dict[str, tuple[list[Edit], list[str]]]:
    """Return the edits and the commands of each recipe by its name."""
    found = {}
    chapter = PAGE.partition("\n## Recipes\n")[2].partition("\n## ")[0]
    for section in chapter.split("\n### Add ")[1:]:
        name, _, body = section.partition("\n")
        edits, commands = [], []
        for step in STEP.finditer(body):
            if step["run"]:
                commands += step["code"].splitlines()
            else:
                below = " ".join(step["line"].split()) if step["line"] else None
                edits.append(Edit(step["file"] or step["end"], below, step["code"]))
        found[name] = (edits, commands)
    return found


RECIPES = recipes()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Make a repository of what is here, uncommitted changes included."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True)
    for name in filter(None, done.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / ".venv").symlink_to(sys.prefix)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "all")
    return tmp_path


def git(tree: Path, *arguments: str) -> str:
    """Run git in a copy of the repository."""
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=tree, check=True, capture_output=True, text=True).stdout


def run(command: str, tree: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of a recipe, with the sources of the copy and this environment's tools."""
    unwanted = ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST")
    environment = {k: v for k, v in os.environ.items() if k not in unwanted}
    environment["PYTHONPATH"] = str(tree / "src")
    return subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", command],
        cwd=tree,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_there_is_a_recipe_for_each_usual_change():
    assert list(RECIPES) == list(PLACES)


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_works_as_it_is_written(name, tree):
    edits, commands = RECIPES[name]
    *preparation, proof = commands
    for edit in edits[:-1]:
        edit.apply(tree)
    if edits:
        assert run(proof, tree).returncode, "the proof passes without the last edit"
        edits[-1].apply(tree)
    for command in [*preparation, proof]:
        done = run(command, tree)
        assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout, done.stdout
    listed = git(tree, "status", "--porcelain", "-z", "--untracked-files=all").split("\0")
    touched = {line[3:] for line in listed if line}
    assert {edit.file for edit in edits} == touched - MADE_BY_COMMANDS
    assert len(touched - MADE_BY_COMMANDS) + len(preparation) <= PLACES[name]
