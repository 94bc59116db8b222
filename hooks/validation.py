"""Validate a project: check its Keras imports, then build, compile and train its model."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, fields, replace
from pathlib import Path

from environment import (
    BIN,
    DISK_FULL,
    PATIENCE,
    CannotValidate,
    Environment,
    find_python,
    find_uv,
    has_foreign_environment,
    plan_route,
    provide_environment,
    resolve_without_download,
)
from project import Project
from terminal import run, say

from keras_imports import atlas
from keras_imports.check import formats
from keras_imports.check.files import check_tree
from keras_imports.check.setting import Setting
from keras_imports.configuration.asked import Asked
from keras_imports.knowledge.declared import InstalledFor, newest

MODEL_SECONDS = 1800  # that building a model and training it for a step may take


class ModelFailed(Exception):  # noqa: N818, the text is all that is shown
    """The model does not work; the text holds the last lines of what it printed."""


@dataclass(frozen=True)
class CheckedImports:
    """The Keras import statements of a project, counted, and what is wrong with some of them."""

    root: str
    statements: int
    files: int
    problems: list[str]

    def row(self) -> dict[str, str]:
        """Return the row of the closing table for imports without a problem."""
        return {"imports": f"{self.statements} of {self.root} in {self.files} files, all right"}


@dataclass(frozen=True)
class ModelRun:
    """What the project's own `validate` command says of the model that it ran."""

    keras: str
    backend: str
    versions: dict[str, str]  # by distribution
    devices: list[str]
    precision: str
    model: str
    parameters: int
    loss: float


def check_imports(project: Project) -> CheckedImports:
    """Check every Python file of a project's own against the releases that it requires.

    What the project's configuration excludes or ignores is left out. Raises CannotValidate if it
    cannot be read.
    """
    files = [
        str(path)
        for folder in ("src", "tests")
        for path in sorted(project.path.glob(f"{folder}/**/*.py"))
        if path.name != "keras_flavour.py"  # it chooses the Keras that all others import
    ]
    flavour = project.root if project.keras == "portable" else project.keras
    roots = (str(project.path), str(project.path / "src"))
    setting = Setting(_required_releases(project), flavour, roots, frozenset(files))
    asked = Asked()

    def setting_of(file: str) -> Setting | None:
        if asked.is_excluded(file):
            return None
        packages = asked.configuration(file).packages
        return replace(setting, ignored=asked.ignored(file), packages=packages)

    try:
        results = list(check_tree(files, setting, setting_of))
    except ValueError as error:  # of a configuration
        raise CannotValidate(f"a configuration cannot be read: {error}") from None

    def shown(file: str) -> str:
        return os.path.relpath(file, project.path)

    problems = [
        name_option(
            str(replace(problem, file=shown(problem.file))),
            f"keras-imports check {shlex.quote(shown(problem.file))}",
        )
        for result in results
        for problem in result.problems
    ]
    findings = [
        replace(finding, file=shown(finding.file))
        for result in results
        for finding in result.findings
    ]
    problems += formats.lines(findings, "text")
    counts = [_count_imports(project.root, file) for file in files]
    return CheckedImports(project.root, sum(counts), sum(map(bool, counts)), problems)


def name_option(message: str, command: str) -> str:
    """Complete the option that a message names to a command: Copier has no such option."""
    return message.replace("`--time-limit`", f"`{command} --time-limit 300`")


def run_model(project: Project) -> dict[str, str]:
    """Make the environment and run the model in it; return the rows of the closing table.

    Raises CannotValidate, ModelFailed.
    """
    hardware = hardware_here(project)
    say(f"\nMaking the environment for {project.flavour.title} on {hardware.upper()}")
    environment = provide_environment(project, hardware)
    say("\nBuilding, compiling and training the model for a step")
    ran = run_validate(project, environment)
    names = project.facts.backends[ran.backend].distributions
    backend = next(f"{name} {ran.versions[name]}" for name in names if name in ran.versions)
    rows = {
        "flavour": f"{project.keras} {ran.keras} on {backend}",
        "python": f"{environment.version}, {environment.how}",
        "device": f"{', '.join(ran.devices)}, {ran.precision}",
        "model": f"{ran.model}, {ran.parameters:,} parameters, "
        f"loss {ran.loss:.3f} in its first step",
    }
    if hardware != project.hardware:
        rows |= check_gpu_requirements(project)
    return rows


def run_validate(project: Project, environment: Environment) -> ModelRun:
    """Run the project's own `validate` command. Raises CannotValidate, ModelFailed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        command = [environment.python, "-m", project.package, "validate", "--json", path]
        paths = [str(project.path / "src"), os.environ.get("PYTHONPATH", "")]
        variables = {
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "PYTHONIOENCODING": f"{sys.stdout.encoding if sys.stdout else 'utf-8'}:replace",
        }
        try:
            answer = run(
                command,
                cwd=project.path,
                env={**os.environ, **variables},
                stderr=subprocess.PIPE,
                timeout=MODEL_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise CannotValidate(
                f"the model has not ended its step in {MODEL_SECONDS} seconds"
            ) from None
        if answer.returncode < 0:
            raise CannotValidate(f"the process was ended by signal {-answer.returncode}")
        errors = answer.stderr.decode("utf-8", "replace").strip()
        if re.search(DISK_FULL, errors):
            raise CannotValidate("the disk is full")
        if answer.returncode:
            raise ModelFailed("\n".join(f"  {line}" for line in errors.splitlines()[-15:]))
        try:
            said = json.loads(path.read_text("utf-8"))
            return ModelRun(**{field.name: said[field.name] for field in fields(ModelRun)})
        except (KeyError, OSError, TypeError, ValueError):
            raise CannotValidate(f"{environment.python} did not say what it ran") from None


def check_gpu_requirements(project: Project) -> dict[str, str]:
    """Return the rows that a machine without a GPU can give for a GPU project."""
    platform = f"Linux x86-64, Python {project.answers['python']}"
    try:
        refusal = resolve_without_download(project, "gpu")
    except CannotValidate as reason:
        outcome = f"not checked, {str(reason).splitlines()[0]}; to check, with uv: uv lock"
    else:
        outcome = f"do not resolve: {refusal}" if refusal else f"resolve for {platform}"
    return {
        "gpu needs": f"{', '.join(project.keras_requirements('gpu'))} {outcome}",
        "not run": f"the model on a GPU; where there is one: {validate_command(project, 'gpu')}\n"
        "and the tests with pytest --require-gpu",
    }


def hardware_here(project: Project) -> str:
    """Return what the model runs on here: "gpu" if the project is for one and there is one."""
    return "gpu" if project.hardware == "gpu" and has_gpu() else "cpu"


def has_gpu() -> bool:
    """Tell whether NVIDIA's driver finds a GPU."""
    tool = shutil.which("nvidia-smi")
    if not tool:
        return False
    try:
        answer = subprocess.run([tool, "--list-gpus"], capture_output=True, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and b"GPU" in answer.stdout


def validate_command(project: Project, hardware: str) -> str:
    """Return the one shell line that validates the project on some hardware, from any folder."""
    steps = [["cd", str(project.path)]]
    if has_foreign_environment(project):
        steps.append(["move" if os.name == "nt" else "mv", ".venv", ".venv.old"])
    uv = find_uv()
    if uv and hardware == project.hardware:
        steps.append(["uv" if shutil.which("uv") else uv, "run", project.command, "validate"])
    else:
        route = plan_route(project, hardware, _find_or_name_python)
        steps += route.commands
        python = str(Path(".venv", BIN, "python"))
        steps.append([python, "-m", project.package, "validate"])
    join = subprocess.list2cmdline if os.name == "nt" else shlex.join
    return " && ".join(join(step) for step in steps)


def _find_or_name_python(project: Project) -> str:
    """Find an interpreter for the project, or name the one to be installed."""
    try:
        return find_python(project)
    except CannotValidate:
        return f"python{project.pythons[-1]}"


def _required_releases(project: Project) -> atlas.Environment:
    """Return the releases that the project requires, or the newest where the atlas has none."""
    try:
        return replace(InstalledFor()(str(project.path)).env, legacy_env=False)
    except ValueError:
        return newest()


def _count_imports(root: str, file: str) -> int:
    """Count the statements that import a root or what is below it."""
    text = Path(file).read_text("utf-8", errors="replace")
    return len(re.findall(rf"^\s*(?:from|import)\s+{re.escape(root)}\b", text, re.MULTILINE))
