"""Find or make the environment in which a generated project runs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from facts import Project
from packaging.requirements import Requirement
from packaging.tags import sys_tags
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

BIN = "Scripts" if os.name == "nt" else "bin"
# What an interpreter says of itself and of what is installed for it.
DESCRIBE = """
import json, sys
from importlib import metadata
print(json.dumps({
    "python": "%d.%d.%d" % sys.version_info[:3],
    "installed": {d.name: d.version for d in metadata.distributions() if d.name},
}))
"""
REASONS = {
    r"No space left on device|os error 28": "the disk is full",
    r"No interpreter found|no suitable Python|requires-python": "no suitable Python is installed",
    r"dns error|error sending request|Failed to fetch|Connection|NewConnectionError|timed out"
    r"|Temporary failure in name resolution|network": "the package index cannot be reached",
    r"40[13] |Forbidden|Unauthorized": "the package index refuses",
    r"[Pp]ermission denied|Read-only file system": "the folder cannot be written",
}


class CannotInstall(Exception):  # noqa: N818, it is no error of the project's
    """The environment cannot be made on this machine; the text says why."""


@dataclass(frozen=True)
class Environment:
    """An interpreter with the project's requirements, and how it came about, in words."""

    python: Path
    release: str
    how: str


def provide_environment(project: Project, hardware: str) -> Environment:
    """Use an environment that satisfies the project, or make .venv with uv, or with venv and pip.

    `hardware` is what the environment is for: a GPU project is checked on a CPU where there is no
    GPU. Raises CannotInstall.
    """
    for prefix in (project.path / ".venv", *_active_prefixes()):
        python = prefix / BIN / "python"
        described = describe(python)
        if described and not missing(project.requirements(hardware), described["installed"]):
            shown = ".venv" if prefix.parent == project.path else prefix
            return Environment(python, described["python"], f"{shown}, used as it was")
    uv = find_uv()
    how = _install_with_uv(project, hardware, uv) if uv else _install_with_pip(project, hardware)
    python = project.path / ".venv" / BIN / "python"
    described = describe(python)
    if not described:
        raise CannotInstall(f"{python} does not start")
    return Environment(python, described["python"], f".venv, made by {how}")


def describe(python: Path) -> dict | None:
    """Ask an interpreter for its release and what is installed for it; None if it does not run."""
    if not python.exists():
        return None
    try:
        answer = subprocess.run([python, "-c", DESCRIBE], capture_output=True, text=True)
        return json.loads(answer.stdout)
    except (OSError, ValueError):
        return None


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

    Gives None if they resolve, else the reason. Raises CannotInstall if there is no uv to ask.
    """
    uv = find_uv()
    if uv is None:
        raise CannotInstall("there is no uv")
    platform = ["--python-platform", "x86_64-manylinux_2_28"]
    command = [uv, "pip", "compile", "-", "--python-version", project.answers["python"], *platform]
    # Wheels at hand are for this machine; the question is what the index has.
    environment = {k: v for k, v in os.environ.items() if k != "UV_FIND_LINKS"}
    answer = subprocess.run(
        command,
        input="\n".join(project.requirements(hardware)),
        capture_output=True,
        text=True,
        env=environment,
    )
    return None if answer.returncode == 0 else _reason(answer.stderr)


def _active_prefixes() -> list[Path]:
    names = ("VIRTUAL_ENV", "CONDA_PREFIX")
    return [Path(os.environ[name]) for name in names if os.environ.get(name)]


def _install_with_uv(project: Project, hardware: str, uv: str) -> str:
    environment = _uv_environment()
    wheel = _torch_wheel_at_hand(project, hardware)
    if hardware == project.hardware and not wheel:
        _run([uv, "sync"], project.path, environment)
        return "uv sync"
    # The project's own sources name what is not wanted here, CUDA or an index: leave its lock be.
    requirements = project.requirements(hardware)
    install = [uv, "pip", "install", "--python", ".venv"]
    index = project.torch_index(hardware)
    if index and not wheel:
        install += ["--torch-backend", hardware]
    _run([uv, "venv", "--clear", "--python", _find_python(project)], project.path, environment)
    _run([*install, *requirements], project.path, environment)
    _run([*install, "--no-deps", "--editable", "."], project.path, environment)
    return f"uv pip install, with {wheel}" if wheel else "uv pip install"


def _install_with_pip(project: Project, hardware: str) -> str:
    _run([_find_python(project), "-m", "venv", "--clear", ".venv"], project.path)
    pip = [str(Path(".venv", BIN, "python")), "-m", "pip", "--disable-pip-version-check", "install"]
    _run([*pip, "--quiet", "--upgrade", "pip>=25.1"], project.path)
    index = project.torch_index(hardware)
    if index:
        # Alone and first: with the default index at hand pip would take the CUDA build.
        torch = [r for r in project.keras_requirements(hardware) if Requirement(r).name == "torch"]
        _run([*pip, "--no-deps", "--index-url", index, *torch], project.path)
    if hardware == project.hardware:
        _run([*pip, "--editable", ".", "--group", "dev"], project.path)
    else:
        _run([*pip, *project.requirements(hardware)], project.path)
        _run([*pip, "--no-deps", "--editable", "."], project.path)
    return "venv and pip"


def _uv_environment() -> dict[str, str]:
    # An active environment is Copier's own; and uv does not read where pip finds wheels.
    environment = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    links = _find_links()
    if links:
        environment["UV_FIND_LINKS"] = ",".join(links)
    return environment


def _find_links() -> list[str]:
    own = os.environ.get("UV_FIND_LINKS", "").split(",")
    return [link for link in own + os.environ.get("PIP_FIND_LINKS", "").split() if link]


def _torch_wheel_at_hand(project: Project, hardware: str) -> str | None:
    """Find a torch wheel of the user's own that serves the project on this interpreter."""
    if not project.torch_index(hardware):
        return None
    tags = set(sys_tags())
    wanted = [Requirement(text) for text in project.keras_requirements(hardware)]
    specifier = next(r.specifier for r in wanted if r.name == "torch")
    for link in _find_links():
        for path in Path(link).glob("torch-*.whl"):
            try:
                _, version, _, supported = parse_wheel_filename(path.name)
            except InvalidWheelFilename:
                continue
            if supported & tags and specifier.contains(version, prereleases=True):
                return path.name
    return None


def _find_python(project: Project) -> str:
    """Find an interpreter that the project supports: Copier's own if it does, else on PATH."""
    running = getattr(sys, "_base_executable", None) or sys.executable
    seen = []
    for candidate in [running, *(shutil.which(f"python{r}") for r in reversed(project.pythons))]:
        described = describe(Path(candidate)) if candidate else None
        if described:
            release = ".".join(described["python"].split(".")[:2])
            if release in project.pythons:
                return candidate
            seen.append(described["python"])
    wanted = f"{project.pythons[0]} to {project.pythons[-1]}"
    found = f"found {', '.join(seen)}" if seen else "found none"
    raise CannotInstall(f"no suitable Python is installed: it needs {wanted}, {found}")


def _run(command: list[str], cwd: Path, environment: Mapping[str, str] | None = None) -> None:
    print(f"  {' '.join(_shown(part) for part in command)}", flush=True)
    try:
        answer = subprocess.run(
            command, cwd=cwd, env=environment, stderr=subprocess.STDOUT, stdout=subprocess.PIPE
        )
    except OSError as error:
        raise CannotInstall(str(error)) from error
    if answer.returncode:
        raise CannotInstall(_reason(answer.stdout.decode("utf-8", "replace")))


def _shown(part: str) -> str:
    return Path(part).name if os.path.isabs(part) else part


def _reason(output: str) -> str:
    last = "\n".join(output.strip().splitlines()[-8:])
    for pattern, reason in REASONS.items():
        if re.search(pattern, output):
            return f"{reason}\n{last}"
    return f"the installation failed\n{last}"
