"""Find or make the environment in which a generated project runs."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.tags import sys_tags
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from project import Project
from terminal import run, say

BIN = "Scripts" if os.name == "nt" else "bin"
PATIENCE = 60  # seconds that an interpreter may take to say what it is
DISK_FULL = r"No space left on device|os error 28|not enough space on the disk"
# What an interpreter says of itself and of what is installed for it.
DESCRIBE = """
import json, sys
from importlib import metadata
print(json.dumps({
    "version": "%d.%d.%d" % sys.version_info[:3],
    "installed": {d.name: d.version for d in metadata.distributions() if d.name},
}))
"""
# What the tools' words mean. The first that fits counts: a refused request is a failed one, too.
REASONS = {
    DISK_FULL: "the disk is full",
    r"No interpreter found|requires a different Python|project's Python requirement": (
        "no suitable Python is installed"
    ),
    r"Permission ?[Dd]enied|Read-only file system": "the folder cannot be written",
    r"\b40[13]\b|Forbidden|Unauthorized": "the package index refuses",
    r"dns error|error sending request|Failed to fetch|Connection|timed out|network"
    r"|Temporary failure in name resolution": "the package index cannot be reached",
    r"No matching distribution found": (  # pip does not tell these apart
        "the package index refuses, or does not have what is needed"
    ),
}
# What `python -m venv` may put into an environment by itself.
SEED = {"pip", "setuptools", "wheel"}


class CannotValidate(Exception):  # noqa: N818, it is no error of the project's
    """Whether the project works cannot be told on this machine; the text says why."""


@dataclass(frozen=True)
class Interpreter:
    """What a Python interpreter says of itself."""

    version: str  # 3.11.7
    installed: dict[str, str]  # versions by distribution

    @property
    def release(self) -> str:
        """Return the version without its last part: 3.11."""
        return self.version.rpartition(".")[0]


@dataclass(frozen=True)
class Environment:
    """An interpreter with the project's requirements, and how it came about, in words."""

    python: Path
    version: str
    how: str


@dataclass(frozen=True)
class Route:
    """A way to make .venv: commands for the project's folder, and what they run with."""

    how: str
    commands: list[list[str]]
    variables: dict[str, str]


def provide_environment(project: Project, hardware: str) -> Environment:
    """Use an environment that satisfies the project, or make .venv with uv, or with venv and pip.

    `hardware` is what the environment is for: a GPU project is checked on a CPU where there is no
    GPU. Raises CannotValidate.
    """
    for prefix in (project.path / ".venv", *_active_prefixes()):
        python = prefix / BIN / "python"
        described = describe(python)
        if described and _satisfies(described, project, hardware):
            shown = ".venv" if prefix.parent == project.path else prefix
            return Environment(python, described.version, f"{shown}, used as it was")
    if has_foreign_environment(project):
        raise CannotValidate(
            ".venv was there already and is not this project's; it is left as it is"
        )
    route = plan_route(project, hardware, find_python)
    for command in route.commands:
        _run(command, project.path, route.variables)
    python = project.path / ".venv" / BIN / "python"
    described = describe(python)
    if not described:
        raise CannotValidate(f"{python} does not say what it is")
    return Environment(python, described.version, f".venv, made by {route.how}")


def has_foreign_environment(project: Project) -> bool:
    """Tell whether .venv is the user's own: to install into it could break what it serves."""
    path = project.path / ".venv"
    if not os.path.lexists(path):
        return False
    described = describe(path / BIN / "python")
    if not described:
        return True
    names = {canonicalize_name(name) for name in described.installed}
    return not names <= SEED and canonicalize_name(project.command) not in names


def plan_route(project: Project, hardware: str, find_python: Callable[[Project], str]) -> Route:
    """Plan how .venv is made: with uv where there is one, else with venv and pip.

    uv finds a Python by itself, or downloads it; for pip `find_python` is asked.
    """
    uv = find_uv()
    if uv:
        return _plan_uv(project, hardware, uv)
    return _plan_pip(project, hardware, find_python(project))


def find_python(project: Project) -> str:
    """Find an interpreter that the project supports: Copier's own if it does, else on PATH.

    Raises CannotValidate.
    """
    running: str = getattr(sys, "_base_executable", None) or sys.executable
    on_path = (shutil.which(f"python{release}") for release in reversed(project.pythons))
    seen = []
    for candidate in filter(None, [running, *on_path]):
        described = describe(Path(candidate))
        if described:
            if described.release in project.pythons:
                return candidate
            seen.append(described.version)
    wanted = " or ".join(project.pythons)
    raise CannotValidate(
        f"no suitable Python is installed: it needs {wanted}, found {', '.join(seen) or 'none'}"
    )


def describe(python: Path) -> Interpreter | None:
    """Ask an interpreter for its version and what is installed for it; None if it does not say so.

    It imports nothing of the current folder, which is the project's.
    """
    if not python.exists():
        return None
    command: list[str | Path] = [python, "-I", "-c", DESCRIBE]
    try:
        answer = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE
        )
        said = json.loads(answer.stdout)
        return Interpreter(str(said["version"]), dict(said["installed"]))
    except (KeyError, OSError, TypeError, ValueError, subprocess.TimeoutExpired):
        return None  # it does not start, says something else, or nothing in time


def missing(requirements: Sequence[str], installed: Mapping[str, str]) -> list[str]:
    """Name the requirements that no installed distribution satisfies."""
    versions = {canonicalize_name(name): version for name, version in installed.items()}
    result = []
    for text in requirements:
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate():
            continue
        version = versions.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            result.append(text)
    return result


def find_uv() -> str | None:
    """Find uv on PATH or beside Copier."""
    return shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))


def resolve_without_download(project: Project, hardware: str) -> str | None:
    """Resolve a project's requirements for Linux x86-64 with uv, downloading metadata alone.

    Return None if they resolve, else what is in the way. Raises CannotValidate if nobody can tell.
    """
    uv = find_uv()
    if uv is None:
        raise CannotValidate("there is no uv")
    platform = ["--python-platform", "x86_64-manylinux_2_28"]
    target = ["--python-version", project.answers["python"], *platform]
    command = [uv, "pip", "compile", "-", "--python", sys.executable, *target]
    # Wheels at hand are for this machine; the question is what the index has.
    variables = {k: v for k, v in _uv_variables().items() if k != "UV_FIND_LINKS"}
    answer = subprocess.run(
        command,
        input="\n".join(project.requirements(hardware)),
        capture_output=True,
        text=True,
        env=variables,
    )
    if answer.returncode == 0:
        return None
    # uv also finds no solution where it could not ask.
    if _meaning(answer.stderr) or "No solution found" not in answer.stderr:
        raise CannotValidate(_reason(answer.stderr))
    return answer.stderr.strip()


def _satisfies(python: Interpreter, project: Project, hardware: str) -> bool:
    return python.release in project.pythons and not missing(
        project.requirements(hardware), python.installed
    )


def _active_prefixes() -> list[Path]:
    names = ("VIRTUAL_ENV", "CONDA_PREFIX")
    return [Path(os.environ[name]) for name in names if os.environ.get(name)]


def _plan_uv(project: Project, hardware: str, uv: str) -> Route:
    wheel = _wheel_at_hand(project, hardware)
    if hardware == project.hardware and not wheel:
        return Route("uv sync", [[uv, "sync"]], _uv_variables())
    # The project's own sources name what is not wanted here, CUDA or an index: leave its lock be.
    install = [uv, "pip", "install", "--python", ".venv"]
    if project.backend_index(hardware) and not wheel:
        install += ["--torch-backend", hardware]
    # A wheel at hand fits the Python that runs this.
    python = ["--python", f"{sys.version_info[0]}.{sys.version_info[1]}"] if wheel else []
    commands = [
        [uv, "venv", "--allow-existing", *python],
        [*install, *project.requirements(hardware)],
        [*install, "--no-deps", "--editable", "."],
    ]
    how = f"uv pip install, with {wheel}" if wheel else "uv pip install"
    return Route(how, commands, _uv_variables())


def _plan_pip(project: Project, hardware: str, python: str) -> Route:
    pip = [str(Path(".venv", BIN, "python")), "-m", "pip", "--disable-pip-version-check", "install"]
    commands = [
        [python, "-m", "venv", ".venv"],
        [*pip, "--quiet", "--upgrade", "pip>=25.1"],
    ]
    index = project.backend_index(hardware)
    if index:
        # Alone and first: with the default index at hand pip would take another build, of CUDA.
        backend = _backend_requirements(project, hardware)
        commands.append([*pip, "--no-deps", "--index-url", index, *backend])
    if hardware == project.hardware:
        commands.append([*pip, "--editable", ".", "--group", "dev"])
    else:
        commands.append([*pip, *project.requirements(hardware)])
        commands.append([*pip, "--no-deps", "--editable", "."])
    return Route("venv and pip", commands, dict(os.environ))


def _uv_variables() -> dict[str, str]:
    # An active environment is Copier's own; and uv does not read where pip finds wheels.
    environment = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    links = _find_links()
    if links:
        environment["UV_FIND_LINKS"] = ",".join(links)
    return environment


def _find_links() -> list[str]:
    own = os.environ.get("UV_FIND_LINKS", "").split(",")
    return [link for link in own + os.environ.get("PIP_FIND_LINKS", "").split() if link]


def _backend_requirements(project: Project, hardware: str) -> list[str]:
    names = project.facts.backends[project.backend].distributions
    return [r for r in project.keras_requirements(hardware) if Requirement(r).name in names]


def _wheel_at_hand(project: Project, hardware: str) -> str | None:
    """Find the user's own wheel of a backend that has an index of its own.

    The wheel has to serve the project and this interpreter.
    """
    if not project.backend_index(hardware):
        return None
    if "{}.{}".format(*sys.version_info) not in project.pythons:
        return None
    tags = set(sys_tags())
    wheels = [path for link in _find_links() for path in Path(link).glob("*.whl")]
    wanted = map(Requirement, _backend_requirements(project, hardware))
    for requirement, path in itertools.product(wanted, wheels):
        try:
            name, version, _, supported = parse_wheel_filename(path.name)
        except InvalidWheelFilename:
            continue
        if (
            name == canonicalize_name(requirement.name)
            and supported & tags
            and requirement.specifier.contains(version, prereleases=True)
        ):
            return path.name
    return None


def _run(command: list[str], cwd: Path, variables: Mapping[str, str]) -> None:
    say(f"  {' '.join(_shown(part) for part in command)}")
    try:
        answer = run(
            command, cwd=cwd, env=variables, stderr=subprocess.STDOUT, stdout=subprocess.PIPE
        )
    except OSError as error:
        raise CannotValidate(str(error)) from error
    if answer.returncode:
        raise CannotValidate(_reason(answer.stdout.decode("utf-8", "replace")))


def _shown(part: str) -> str:
    return Path(part).name if os.path.isabs(part) else part


def _reason(output: str) -> str:
    last = "\n".join(output.strip().splitlines()[-8:])
    return f"{_meaning(output) or 'the installation failed'}\n{last}"


def _meaning(output: str) -> str | None:
    return next((reason for words, reason in REASONS.items() if re.search(words, output)), None)
