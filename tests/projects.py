"""Real projects, made once for a test run by a real `copier copy` that validates them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock
from rendering import plain_template, sampled_answers

PACKAGE = "digits"


@dataclass(frozen=True)
class Made:
    """A project, the interpreter that runs it, and what Copier printed."""

    path: Path
    python: Path
    output: str

    def run(
        self, *command: str | Path, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the project's folder, with its environment activated."""
        executable, *arguments = command
        own = {
            "PATH": os.pathsep.join([str(self.python.parent), os.environ["PATH"]]),
            "PYTHONPATH": str(self.path / "src"),
            **(env or {}),
        }
        return subprocess.run(
            [self.python.parent / executable, *arguments],
            cwd=self.path,
            env=environment(**own),
            capture_output=True,
            text=True,
        )


def environment(**own: str) -> dict[str, str]:
    """The variables of a child process, without those that choose a Keras or an environment."""
    # Without bytecode every process would compile all of TensorFlow again.
    chosen = re.compile(
        "KERAS_|TF_USE_LEGACY_KERAS|VIRTUAL_ENV|CONDA_PREFIX|PYTEST_|COLUMNS"
        "|PYTHONDONTWRITEBYTECODE"
    )
    clean = {name: value for name, value in os.environ.items() if not chosen.match(name)}
    if "PIP_FIND_LINKS" in clean:
        clean.setdefault("UV_FIND_LINKS", clean["PIP_FIND_LINKS"])
    return {**clean, **own}


def find_uv() -> str | None:
    """uv on PATH, or beside the interpreter, where the README's command puts it."""
    return shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))


def name_of(answers: Mapping[str, Any]) -> str:
    """A folder's name for a set of answers."""
    return "-".join(str(value) for value in answers.values())


def make(shared: Path, active: Path | None = None, **answers: Any) -> Made:
    """Copy a project with full validation, or give the one that was made before.

    `shared` is a folder of the whole test run, which may have several processes; `active` an
    environment that Copier is run in, as if a user had activated it.
    """
    path = shared / name_of(answers)
    with FileLock(f"{path}.lock"):
        log = Path(f"{path}.json")
        if not log.exists():
            data = {"package_name": PACKAGE, "project_name": "Digits", **answers}
            own = {"VIRTUAL_ENV": str(active)} if active else {}
            done = subprocess.run(
                [
                    *(sys.executable, "-m", "copier", "copy", "--trust", "--defaults", "--quiet"),
                    *(part for name, value in data.items() for part in ("-d", f"{name}={value}")),
                    *(plain_template(), path),
                ],
                env=environment(**own),
                capture_output=True,
                text=True,
            )
            if done.returncode:
                raise RuntimeError(f"{answers}:\n{done.stdout}\n{done.stderr}")
            log.write_text(json.dumps(done.stdout), "utf-8")
    python = (active or path / ".venv") / "bin/python"
    return Made(path, python, json.loads(log.read_text("utf-8")))


def sampled(shared: Path, **flavour: Any) -> Made:
    """The project of a flavour on its backend that has an environment of its own."""
    answers = next(a for a in sampled_answers() if flavour.items() <= a.items())
    return make(shared, **answers)


def environment_of(shared: Path, **flavour: Any) -> Path:
    """The environment of a flavour on its backend, made once for a test run."""
    return sampled(shared, **flavour).path / ".venv"


def versions_of(python: Path) -> dict[str, str]:
    """The distributions that an interpreter has."""
    script = "import importlib.metadata as m, json;print(json.dumps({d.name.lower(): d.version for d in m.distributions()}))"  # noqa: E501
    done = subprocess.run([python, "-c", script], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
