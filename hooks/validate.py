"""Prove that a generated project works: run by Copier after a copy, in the project's folder.

It checks the import lines, makes the environment, and has the project's own `validate` command
build, compile and train the model in it. A model that fails fails the copy. A machine that cannot
install does not: the project stays, and what was not checked is named. Only Copier's own
dependencies and the standard library are used.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from environment import (
    BIN,
    CannotInstall,
    Environment,
    find_uv,
    provide_environment,
    resolve_without_download,
)
from facts import Project, load_project
from imports import check_imports
from terminal import own_interrupts


class ModelFailed(Exception):  # noqa: N818, the text is all that is shown
    """The model does not work; the text holds the last lines of what it printed."""


def main(answers_file: str) -> int:
    """Validate the project in the current folder as far as its answers ask; give the exit code."""
    project = load_project(Path.cwd(), answers_file)
    started = time.perf_counter()
    checked = check_imports(project)
    if checked.problems:
        print("The Keras imports are wrong:", *checked.problems, sep="\n  ", file=sys.stderr)
        return 1
    rows = {
        "imports": f"{checked.statements} of {project.root} in {checked.files} files, all right"
    }
    if project.answers["validate"] == "static":
        show("IMPORTS CHECKED, the model was not run, as asked", rows)
        print(f"To run it: {later(project)}")
        return 0
    try:
        with own_interrupts():
            rows |= run_model(project)
    except ModelFailed as failure:
        print(f"\nThe model does not work:\n{failure}", file=sys.stderr)
        return 1
    except CannotInstall as reason:
        return give_up(project, rows, str(reason))
    except KeyboardInterrupt:
        return give_up(project, rows, "interrupted")
    rows["time"] = f"{time.perf_counter() - started:.1f} s"
    show("VALIDATED", rows)
    return 0


def run_model(project: Project) -> dict[str, str]:
    """Make the environment and run the model in it; give the rows of the closing table.

    Raises CannotInstall, ModelFailed.
    """
    hardware = "gpu" if project.hardware == "gpu" and has_gpu() else "cpu"
    print(f"\nMaking the environment for {project.flavour['title']} on {hardware.upper()}")
    environment = provide_environment(project, hardware)
    print("\nBuilding, compiling and training the model for a step")
    report = run_validate(project, environment)
    versions = report["versions"]
    names = project.facts["backends"][report["backend"]]["distributions"]
    backend = next(f"{name} {versions[name]}" for name in names if name in versions)
    rows = {
        "flavour": f"{project.answers['keras']} {report['keras']} on {backend}",
        "python": f"{environment.release}, {environment.how}",
        "device": f"{', '.join(report['devices'])}, {report['precision']}",
        "model": f"{report['model']}, {report['parameters']:,} parameters, "
        f"loss {report['loss']:.3f} in its first step",
    }
    if hardware != project.hardware:
        rows |= check_gpu_requirements(project)
    return rows


def run_validate(project: Project, environment: Environment) -> dict[str, Any]:
    """Run the project's own `validate` command; give its report. Raises ModelFailed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        command = [environment.python, "-m", project.package, "validate", "--json", path]
        paths = [str(project.path / "src"), os.environ.get("PYTHONPATH", "")]
        answer = subprocess.run(
            command,
            cwd=project.path,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            stderr=subprocess.PIPE,
        )
        if answer.returncode < 0:
            raise CannotInstall(f"the process was ended by signal {-answer.returncode}")
        if answer.returncode or not path.exists():
            last = answer.stderr.decode("utf-8", "replace").strip().splitlines()[-15:]
            raise ModelFailed("\n".join(f"  {line}" for line in last))
        return json.loads(path.read_text("utf-8"))


def check_gpu_requirements(project: Project) -> dict[str, str]:
    """Say what a machine without a GPU can say of a GPU project."""
    platform = f"Linux x86-64, Python {project.answers['python']}"
    try:
        refusal = resolve_without_download(project, "gpu")
    except CannotInstall as reason:
        found = f"not resolved, {reason}; to try: uv lock"
    else:
        found = f"do not resolve: {refusal}" if refusal else f"resolve for {platform}"
    return {
        "gpu needs": f"{', '.join(project.keras_requirements('gpu'))} {found}",
        "not run": "the model on a GPU; where there is one: "
        f"{later(project, 'validate')} and uv run pytest --require-gpu",
    }


def has_gpu() -> bool:
    """Tell whether NVIDIA's driver finds a GPU."""
    tool = shutil.which("nvidia-smi")
    if not tool:
        return False
    answer = subprocess.run([tool, "--list-gpus"], capture_output=True, text=True)
    return answer.returncode == 0 and "GPU" in answer.stdout


def give_up(project: Project, rows: dict[str, str], reason: str) -> int:
    """Say that nothing was validated and why; the project stays, so this is no failure."""
    show("NOT VALIDATED", {"reason": reason, **rows})
    print(f"The project is complete. To validate it later: {later(project)}")
    return 0


def later(project: Project, command: str = "validate") -> str:
    """Give the one command that validates the project, from any folder."""
    go = f"cd {project.path} && "
    if find_uv():
        return f"{go}uv run {project.command} {command}"
    python = str(Path(".venv", BIN, "python"))
    return (
        f"{go}python3 -m venv .venv && {python} -m pip install --upgrade pip && "
        f"{python} -m pip install --editable . --group dev && "
        f"{python} -m {project.package} {command}"
    )


def show(heading: str, rows: dict[str, str]) -> None:
    """Print a heading and a table of two columns."""
    print(f"\n{heading}")
    for name, value in rows.items():
        first, *rest = value.splitlines() or [""]
        print(f"  {name:10} {first}")
        print(*(f"  {'':10} {line}\n" for line in rest), sep="", end="")
    print(flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
