"""The copy hook under faults: `copier copy` on machines that lack something.

A machine is a folder of commands, all that PATH holds, and a Copier that has no uv beside it. Where
Keras would only cost time, an environment is a script that answers like one; where Copier would,
the hook runs in a project that was rendered before, as Copier would run it.
"""

import contextlib
import functools
import json
import os
import pty
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml
from copier import run_copy
from packaging.requirements import Requirement
from projects import environment_of, find_uv, name_of

REPOSITORY = Path(__file__).parents[2]
FACTS = yaml.safe_load((REPOSITORY / "flavours.yml").read_text("utf-8"))
UV = find_uv()
RELEASE = f"{sys.version_info[0]}.{sys.version_info[1]}"
HAS_PRCTL = sys.platform == "linux"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stubs are shell scripts")
needs_uv = pytest.mark.skipif(UV is None, reason="there is no uv")


# ---- Machines ------------------------------------------------------------------------------------


@dataclass
class Machine:
    """What one `copier copy` finds: Copier's interpreter, a template, commands and variables."""

    copier: Path
    template: Path
    commands: Path
    render: Callable[..., Path]
    variables: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("UV_", "PIP_", "VIRTUAL_ENV", "CONDA_", "PYTHON", "KERAS"))
        }
        return {**kept, "PATH": str(self.commands), **self.variables}

    def command(self, project: Path, **answers: str) -> list[str]:
        answers = {"backend": "jax", **answers}
        data = [part for name, value in answers.items() for part in ("-d", f"{name}={value}")]
        copy = ["copy", "--trust", "--defaults", "--quiet", *data]
        return [str(self.copier), "-m", "copier", *copy, str(self.template), str(project)]

    def hook(self) -> list[str]:
        """What Copier runs in the project's folder."""
        hook = self.template / "hooks" / "after_copy.py"
        return [str(self.copier), str(hook), ".copier-answers.yml"]

    def copy(self, project: Path, **answers: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            self.command(project, **answers),
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    def validate(self, project: Path, **answers: str) -> subprocess.CompletedProcess:
        """What `copy` does, without the time that Copier takes."""
        shutil.copytree(self.render(**answers), project, dirs_exist_ok=True)
        return subprocess.run(
            self.hook(),
            cwd=project,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    def start(self, project: Path, **answers: str) -> subprocess.Popen:
        return subprocess.Popen(
            self.command(project, **answers),
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def add(self, name: str, script: str) -> None:
        write_command(self.commands / name, script)


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


def write_command(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def copy_template(folder: Path) -> Path:
    """A plain folder, not a git repository, so that what is tested is what lies here."""
    folder.mkdir()
    for name in ("copier.yml", "flavours.yml", "reserved_names.json"):
        shutil.copy(REPOSITORY / name, folder)
    for name in ("hooks", "includes", "src", "template"):
        shutil.copytree(REPOSITORY / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_template(tmp_path_factory.mktemp("source") / "template")


@pytest.fixture(scope="session")
def bare_copier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Copier of these tests, in an environment with nothing beside it."""
    prefix = tmp_path_factory.mktemp("copier") / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", prefix], check=True)
    library = prefix / "lib" / f"python{RELEASE}" / "site-packages"
    (library / "tests.pth").write_text(sysconfig.get_path("purelib"))
    return prefix / "bin" / "python"


@pytest.fixture(scope="session")
def render(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Render a project once for each set of answers."""

    @functools.cache
    def rendered(**answers: str) -> Path:
        folder = tmp_path_factory.mktemp("rendered") / "my digits"
        data = {"backend": "jax", **answers}
        run_copy(str(template), folder, data, defaults=True, quiet=True, skip_tasks=True)
        return folder

    return rendered


@pytest.fixture
def machine(template: Path, bare_copier: Path, render: Callable, tmp_path: Path) -> Machine:
    """A machine with git and a shell, no uv, no other Python and no environment."""
    commands = tmp_path / "commands"
    commands.mkdir()
    for name in ("git", "sh", "env", "sleep", "cp", "rm", "mkdir", "mv"):
        (commands / name).symlink_to(shutil.which(name))
    return Machine(bare_copier, template, commands, render)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return tmp_path / "my digits"


# ---- Stand-ins -----------------------------------------------------------------------------------

REPORT = {
    "flavour": "keras",
    "keras": "3.15.1",
    "backend": "jax",
    "versions": {"jax": "0.10.2"},
    "devices": ["CPU"],
    "precision": "float32",
    "model": "mlp",
    "parameters": 9994,
    "loss": 2.5,
}
WORKS = f"Path(sys.argv[-1]).write_text({json.dumps(json.dumps(REPORT))})"


def satisfied() -> dict[str, str]:
    """The oldest versions that satisfy a Keras 3 project on JAX."""
    texts = [*FACTS["requires"], *FACTS["development"], *FACTS["flavours"]["keras"]["requires"]]
    texts += FACTS["backends"]["jax"]["requires"]["cpu"]
    versions = {}
    for requirement in map(Requirement, texts):
        lowest = next(s.version for s in requirement.specifier if s.operator in (">=", "=="))
        versions[requirement.name] = lowest
    return versions


def pretend_environment(
    prefix: Path,
    model: str = WORKS,
    installed: dict[str, str] | None = None,
    python: str = "3.12.1",
) -> Path:
    """Make an environment whose Python tells what is installed, and runs `model` to validate."""
    described = {"version": python, "installed": satisfied() if installed is None else installed}
    (prefix / "bin").mkdir(parents=True)
    (prefix / "answer.py").write_text(
        "import os, sys, time\nfrom pathlib import Path\n"
        f"if '-c' in sys.argv:\n    print({json.dumps(json.dumps(described))})\n"
        f"else:\n    {model}\n"
    )
    script = shlex.join([sys.executable, str(prefix / "answer.py")])
    write_command(prefix / "bin" / "python", f'exec {script} "$@"')
    return prefix


def stub_uv(machine: Machine, folder: Path, makes: Path | None = None) -> Path:
    """Add a uv that writes down how it is called; `sync` makes .venv like another environment."""
    log = folder / "uv.log"
    make = f"cp -R {shlex.quote(str(makes))} .venv" if makes else "exit 0"
    machine.add(
        "uv",
        f'echo "$@" >> {shlex.quote(str(log))}\n'
        f'case "$1" in sync|venv) {make} ;; pip) cat >/dev/null 2>&1 ;; esac; exit 0',
    )
    return log


def assert_given_up(answer: subprocess.CompletedProcess, project: Path, reason: str) -> str:
    """The project is whole, the copy succeeded, and the output says why nothing ran; give it."""
    output = answer.stdout + answer.stderr
    assert answer.returncode == 0, output
    assert "NOT VALIDATED" in output
    assert "\nVALIDATED" not in output
    assert re.search(rf"reason +{reason}", output), output
    assert "Traceback" not in output
    assert_whole(project)
    assert later(output).startswith(f"cd {shlex.quote(str(project))} && ")
    return output


def assert_whole(project: Path) -> None:
    for name in ("pyproject.toml", "README.md", "src/my_digits/model.py", "tests/test_example.py"):
        assert (project / name).stat().st_size > 0


def later(output: str) -> str:
    """The command that the output gives."""
    return re.search(r"To (?:validate it later|run it): (.*)", output)[1]


# ---- What is installed already -------------------------------------------------------------------


def test_an_environment_that_satisfies_the_project_is_used_as_it_is(machine, project, tmp_path):
    log = stub_uv(machine, tmp_path)
    prefix = pretend_environment(tmp_path / "ready")
    machine.variables["VIRTUAL_ENV"] = str(prefix)
    answer = machine.copy(project)  # by Copier itself, as copier.yml has it
    assert answer.returncode == 0, answer.stderr
    assert "\nVALIDATED\n" in answer.stdout
    assert f"{prefix}, used as it was" in answer.stdout
    assert "9,994 parameters" in answer.stdout
    assert not log.exists()
    assert not (project / ".venv").exists()


@pytest.mark.parametrize(
    ("installed", "python"),
    [({}, "3.12.1"), ({"keras": "3.14.0"}, "3.12.1"), ({}, "3.10.4")],
    ids=["nothing installed", "an older Keras", "an older Python"],
)
def test_another_environment_is_left_alone(machine, project, tmp_path, installed, python):
    if python == "3.12.1":
        versions = {**satisfied(), **installed} if installed else {}
    else:
        versions = satisfied()
    prefix = pretend_environment(tmp_path / "other", "os._exit(9)", versions, python)
    before = read_all(prefix)
    machine.variables["VIRTUAL_ENV"] = str(prefix)
    log = stub_uv(machine, tmp_path, makes=pretend_environment(tmp_path / "made"))
    answer = machine.validate(project)
    assert answer.returncode == 0, answer.stderr
    assert ".venv, made by uv sync" in answer.stdout
    assert log.read_text() == "sync\n"
    assert read_all(prefix) == before


# ---- What the user already has -------------------------------------------------------------------


def read_all(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def foreign_python(venv: Path) -> None:
    pretend_environment(venv, installed={"pip": "24.0", "flask": "3.0"})


def foreign_folder(venv: Path) -> None:
    venv.mkdir()
    (venv / "notes.txt").write_text("mine")


def foreign_file(venv: Path) -> None:
    venv.write_text("mine")


def foreign_link(venv: Path) -> None:
    venv.symlink_to("nowhere")


@pytest.mark.parametrize("make", [foreign_python, foreign_folder, foreign_file, foreign_link])
def test_an_unrelated_venv_is_left_as_it_is(machine, project, tmp_path, make):
    log = stub_uv(machine, tmp_path)
    project.mkdir()
    make(project / ".venv")
    (project / "thesis.txt").write_text("mine")
    before = read_all(project)
    answer = machine.validate(project)
    output = assert_given_up(answer, project, ".venv was there already and is not this project's")
    assert not log.exists()
    assert os.path.lexists(project / ".venv")
    after = read_all(project)
    assert {name: after[name] for name in before} == before
    assert "mv .venv .venv.old && uv run" in later(output)


@pytest.mark.parametrize(
    "installed",
    [{"pip": "24.0"}, {"My.Digits": "0.1.0", "keras": "3.0.0"}],
    ids=["nothing installed", "the project's own"],
)
def test_a_venv_with_nothing_to_lose_is_brought_up_to_date(machine, project, tmp_path, installed):
    log = stub_uv(machine, tmp_path)
    pretend_environment(project / ".venv", installed=installed)
    answer = machine.validate(project)
    assert answer.returncode == 0, answer.stderr
    assert ".venv, made by uv sync" in answer.stdout
    assert log.read_text() == "sync\n"


@pytest.mark.slow
def test_files_of_the_users_own_are_never_overwritten(machine, project):
    project.mkdir()
    (project / "README.md").write_text("mine")
    answer = machine.copy(project)
    assert answer.returncode == 1
    assert "--overwrite" in answer.stderr
    assert (project / "README.md").read_text() == "mine"


@pytest.mark.slow
def test_a_model_that_fails_costs_no_file_of_the_users_own(machine, project, tmp_path):
    project.mkdir()
    (project / "thesis.txt").write_text("mine")
    prefix = pretend_environment(tmp_path / "ready", "raise SystemExit(1)")
    machine.variables["VIRTUAL_ENV"] = str(prefix)
    assert machine.copy(project).returncode == 1
    assert (project / "thesis.txt").read_text() == "mine"


# ---- A machine that cannot install ---------------------------------------------------------------


@pytest.mark.parametrize(
    "how", [Machine.validate, pytest.param(Machine.copy, marks=pytest.mark.slow)]
)
def test_no_git(machine, project, tmp_path, how):
    (machine.commands / "git").unlink()
    machine.variables["VIRTUAL_ENV"] = str(pretend_environment(tmp_path / "ready"))
    answer = how(machine, project)
    assert answer.returncode == 0, answer.stderr
    assert "\nVALIDATED\n" in answer.stdout
    assert_whole(project)


@pytest.fixture
def closed_port() -> int:
    """A port of this machine that nobody listens to."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def refusing_index() -> Iterator[str]:
    """A package index that answers each request with 403."""

    class Refuse(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(403)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Refuse)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/simple"
    server.shutdown()
    server.server_close()


def add_uv(machine: Machine, **variables: object) -> None:
    """Give a machine the real uv, with an empty cache and no Python to download."""
    (machine.commands / "uv").symlink_to(UV)
    machine.variables |= {
        "UV_CACHE_DIR": str(machine.commands.parent / "cache"),
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_PYTHON": sys.executable,
        "UV_NO_CONFIG": "1",
        "UV_HTTP_RETRIES": "0",
        **{name: str(value) for name, value in variables.items()},
    }


@needs_uv
def test_an_index_that_cannot_be_reached(machine, project, closed_port):
    add_uv(machine, UV_DEFAULT_INDEX=f"http://127.0.0.1:{closed_port}/simple")
    answer = machine.validate(project)
    output = assert_given_up(answer, project, "the package index cannot be reached")
    assert later(output) == f"cd {shlex.quote(str(project))} && uv run my-digits validate"


@needs_uv
def test_offline_with_an_empty_cache(machine, project):
    add_uv(machine, UV_OFFLINE=1)
    assert_given_up(machine.validate(project), project, "the package index cannot be reached")


@needs_uv
def test_an_index_that_refuses(machine, project, refusing_index):
    add_uv(machine, UV_DEFAULT_INDEX=refusing_index)
    assert_given_up(machine.validate(project), project, "the package index refuses")


def add_pip(machine: Machine, **variables: object) -> None:
    """Keep pip to what a test says."""
    machine.variables |= {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_RETRIES": "1",
        "PIP_NO_CACHE_DIR": "1",
        **{name: str(value) for name, value in variables.items()},
    }


needs_supported_python = pytest.mark.skipif(
    RELEASE not in FACTS["python"][1:], reason=f"no project of Keras 3 runs on Python {RELEASE}"
)


@pytest.mark.slow
@needs_supported_python
@pytest.mark.parametrize("fault", ["closed", "refusing", "none"])
def test_pip_without_an_index(machine, project, closed_port, refusing_index, fault):
    closed = f"http://127.0.0.1:{closed_port}/simple"
    variables, reason = {
        "closed": ({"PIP_INDEX_URL": closed}, "the package index cannot be reached"),
        "refusing": ({"PIP_INDEX_URL": refusing_index}, "the package index refuses, or"),
        "none": ({"PIP_NO_INDEX": 1}, "the package index refuses, or does not have"),
    }[fault]
    add_pip(machine, **variables)
    output = assert_given_up(machine.validate(project), project, reason)
    assert "python -m pip install --editable . --group dev" in later(output).replace(
        "--disable-pip-version-check ", ""
    )


@needs_uv
def test_uv_finds_no_python_that_is_new_enough(machine, project):
    add_uv(machine, UV_PYTHON_PREFERENCE="only-system")
    del machine.variables["UV_PYTHON"]
    old = find_interpreter("3.10")
    if old:
        (machine.commands / "python3.10").symlink_to(old)
    output = assert_given_up(machine.validate(project), project, "no suitable Python is installed")
    assert ">=3.11" in output


@pytest.mark.skipif(FACTS["python"][-1] == RELEASE, reason=f"Python {RELEASE} is new enough")
def test_without_uv_there_is_no_python_that_is_new_enough(machine, project):
    newest = FACTS["python"][-1]
    reason = f"no suitable Python is installed: it needs {newest}, found {RELEASE}"
    output = assert_given_up(machine.validate(project, python=newest), project, reason)
    assert f"&& python{newest} -m venv .venv && " in later(output)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("error: failed to write: No space left on device (os error 28)", "the disk is full"),
        ("error: failed to open: Permission denied (os error 13)", "the folder cannot be written"),
        ("error: a sentence that nobody foresaw", "the installation failed"),
    ],
)
def test_what_uv_says_is_shown_with_its_meaning(machine, project, said, reason):
    machine.add("uv", f"echo {shlex.quote(said)} >&2; exit 1")
    output = assert_given_up(machine.validate(project), project, reason)
    assert said in output


def test_a_uv_that_does_not_start(machine, project):
    machine.add("uv", "")
    (machine.commands / "uv").write_text("#!/nowhere/at/all\n")
    assert_given_up(machine.validate(project), project, ".*No such file")


@needs_uv
@pytest.mark.skipif(
    os.getuid() == 0 and not shutil.which("setpriv"),
    reason="root may write everywhere, and there is no setpriv to drop that right",
)
def test_a_folder_in_which_nothing_can_be_made(machine, project):
    """The project's files can be written, its folder cannot."""
    add_uv(machine)
    shutil.copytree(machine.render(), project)
    project.chmod(0o555)
    command = machine.hook()
    if os.getuid() == 0:
        rights = "-dac_override,-dac_read_search"
        command = [shutil.which("setpriv"), "--bounding-set", rights, *command]
    answer = subprocess.run(
        command, cwd=project, env=machine.environment(), capture_output=True, text=True
    )
    project.chmod(0o755)
    assert_given_up(answer, project, "the folder cannot be written")


def test_a_disk_that_is_full_is_no_fault_of_the_model(machine, project, tmp_path):
    prefix = pretend_environment(
        tmp_path / "ready", "sys.exit('OSError: [Errno 28] No space left on device')"
    )
    machine.variables["VIRTUAL_ENV"] = str(prefix)
    assert_given_up(machine.validate(project), project, "the disk is full")


def test_no_temporary_folder(machine, project, tmp_path):
    prefix = pretend_environment(tmp_path / "ready", "os._exit(9)")
    hook = [str(machine.copier), str(machine.template / "hooks" / "after_copy.py")]
    shutil.copytree(machine.render(), project)
    variables = {"VIRTUAL_ENV": str(prefix)}
    code = (
        "import runpy, sys, tempfile\n"
        "def full(*_, **__): raise OSError(28, 'No space left on device')\n"
        "tempfile.TemporaryDirectory = full\n"
        "sys.argv = sys.argv[1:]; sys.path.insert(0, sys.argv[0].rsplit('/', 1)[0])\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
    )
    answer = subprocess.run(
        [hook[0], "-c", code, hook[1], ".copier-answers.yml"],
        cwd=project,
        env={**machine.environment(), **variables},
        capture_output=True,
        text=True,
    )
    assert_given_up(answer, project, ".*No space left on device")


def test_a_process_that_is_ended_is_no_fault_of_the_model(machine, project, tmp_path):
    prefix = pretend_environment(tmp_path / "ready", "os.kill(os.getpid(), 9)")
    machine.variables["VIRTUAL_ENV"] = str(prefix)
    assert_given_up(machine.validate(project), project, "the process was ended by signal 9")


# ---- A model that does not work ------------------------------------------------------------------


def test_a_model_that_fails_fails_the_copy(machine, project, tmp_path):
    prefix = pretend_environment(
        tmp_path / "ready", "raise ValueError('Dense got ' + 'an ' * 3 + 'odd shape')"
    )
    machine.variables["VIRTUAL_ENV"] = str(prefix)
    answer = machine.copy(project)
    assert answer.returncode == 1
    assert "The model does not work" in answer.stderr
    assert "  ValueError: Dense got an an an odd shape" in answer.stderr
    assert "VALIDATED" not in answer.stdout
    assert "--data validate=skip" in answer.stderr
    assert not project.exists()


def test_a_wrong_import_fails_the_copy(machine, project, tmp_path):
    machine.template = copy_template(tmp_path / "broken")
    test = machine.template / "template" / "tests" / "test_example.py.jinja"
    test.write_text("from tf_keras.layers import Dense\n" + test.read_text())
    answer = machine.copy(project, validate="static")
    assert answer.returncode == 1
    assert "tests/test_example.py:1:29: error KI003" in answer.stderr
    assert "write `from keras.layers import Dense`" in answer.stderr


def test_a_configuration_that_cannot_be_read_costs_no_project(machine, project):
    """It may be that of a folder around the project, and somebody else's."""
    (project.parent / "pyproject.toml").write_text("[tool.keras-imports]\nselekt = ['KI1']\n")
    answer = machine.validate(project, validate="static")
    assert_given_up(answer, project, r"a configuration cannot be read: \.\./pyproject\.toml: ")


# ---- Less than everything ------------------------------------------------------------------------


def test_static_checks_the_imports_alone(machine, project, tmp_path):
    log = stub_uv(machine, tmp_path)
    answer = machine.validate(project, validate="static")
    assert answer.returncode == 0, answer.stderr
    assert "IMPORTS CHECKED, the model was not run, as asked" in answer.stdout
    assert re.search(r"imports +\d+ of keras in \d+ files, all right", answer.stdout)
    assert later(answer.stdout).endswith(" && uv run my-digits validate")
    assert not log.exists()
    assert_whole(project)


@pytest.mark.parametrize("output", ["| true", "> /dev/full", ">&-"])
def test_a_copy_goes_on_when_nobody_reads_what_it_says(machine, project, output):
    shutil.copytree(machine.render(validate="static"), project)
    # The pipe is given the time to break.
    line = f"( sleep 0.1; {shlex.join(map(str, machine.hook()))}; echo $? >&2 ) {output}"
    answer = subprocess.run(
        ["sh", "-c", line],
        cwd=project,
        env=machine.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert answer.stderr == "0\n"


@pytest.mark.parametrize("variables", [{}, {"PYTHONSAFEPATH": "1"}], ids=["plain", "safe path"])
def test_what_is_installed_beside_copier_is_not_used(machine, project, tmp_path, variables):
    """An older keras_imports, say, or another distribution with a module of a hook's name."""
    for name in ("keras_imports", "git", "merge", "project", "terminal", "validation"):
        (tmp_path / "installed" / name).mkdir(parents=True)
        (tmp_path / "installed" / name / "__init__.py").write_text("raise SystemExit('installed')")
    machine.variables |= {"PYTHONPATH": str(tmp_path / "installed"), **variables}
    answer = machine.validate(project, validate="static")
    assert answer.returncode == 0, answer.stderr
    assert "IMPORTS CHECKED" in answer.stdout
    update = [machine.copier, machine.template / "hooks" / "after_update.py"]
    done = subprocess.run(
        [*update, ".copier-answers.yml", "{}"],
        cwd=project,
        env=machine.environment(),
        capture_output=True,
        text=True,
    )
    assert "UPDATED" in done.stdout, done.stderr


def test_skip_checks_nothing(machine, project, tmp_path):
    log = stub_uv(machine, tmp_path)
    answer = machine.copy(project, validate="skip")
    assert answer.returncode == 0, answer.stderr
    assert "CHECKED" not in answer.stdout
    assert "VALIDATED" not in answer.stdout
    assert not log.exists()
    assert_whole(project)


@pytest.mark.parametrize(
    "how", [Machine.validate, pytest.param(Machine.copy, marks=pytest.mark.slow)]
)
def test_a_terminal_that_knows_no_accents(machine, tmp_path, how):
    project = tmp_path / "Zürich – 数字"
    machine.variables |= {
        "VIRTUAL_ENV": str(pretend_environment(tmp_path / "ready", f"print('━'); {WORKS}")),
        "PYTHONIOENCODING": "ascii",
    }
    answer = how(machine, project, project_name="My digits")
    assert answer.returncode == 0, answer.stderr
    assert "\nVALIDATED\n" in answer.stdout
    answer = machine.validate(tmp_path / "数", project_name="My digits", validate="static")
    assert answer.returncode == 0, answer.stderr


# ---- A GPU project -------------------------------------------------------------------------------


def test_a_gpu_project_runs_on_the_cpu_where_there_is_no_gpu(machine, project, tmp_path):
    machine.variables["VIRTUAL_ENV"] = str(pretend_environment(tmp_path / "ready"))
    log = stub_uv(machine, tmp_path)
    answer = machine.validate(project, hardware="gpu")
    assert answer.returncode == 0, answer.stderr
    assert "Making the environment for Keras 3 on CPU" in answer.stdout
    assert re.search(r"gpu needs .*jax\[cuda13\].* resolve for Linux x86-64", answer.stdout)
    assert re.search(r"not run +the model on a GPU", answer.stdout)
    (call,) = log.read_text().splitlines()
    assert call.startswith("pip compile - ")


def test_a_gpu_project_whose_requirements_do_not_resolve_says_so(machine, project, tmp_path):
    machine.variables["VIRTUAL_ENV"] = str(pretend_environment(tmp_path / "ready"))
    machine.add("uv", "echo 'error: No solution found, because' >&2; exit 1")
    answer = machine.validate(project, hardware="gpu")
    assert answer.returncode == 0, answer.stderr
    assert re.search(r"gpu needs .* do not resolve: ", answer.stdout)
    assert "No solution found" in answer.stdout


def test_a_gpu_project_that_uv_cannot_ask_for_is_unchecked(machine, project, tmp_path):
    machine.variables["VIRTUAL_ENV"] = str(pretend_environment(tmp_path / "ready"))
    machine.add("uv", "echo 'error: No solution found; hint: the network was disabled' >&2; exit 1")
    answer = machine.validate(project, hardware="gpu")
    assert answer.returncode == 0, answer.stderr
    assert re.search(r"gpu needs .* not checked, the package index cannot be", answer.stdout)
    assert "do not resolve" not in answer.stdout


def test_a_gpu_project_without_uv_names_what_is_unchecked(machine, project, tmp_path):
    machine.variables["VIRTUAL_ENV"] = str(pretend_environment(tmp_path / "ready"))
    answer = machine.validate(project, hardware="gpu")
    assert answer.returncode == 0, answer.stderr
    assert re.search(r"gpu needs .* not checked, there is no uv; to check", answer.stdout)


def test_a_gpu_project_never_installs_cuda_on_a_machine_without_a_gpu(machine, project, tmp_path):
    log = stub_uv(machine, tmp_path, makes=pretend_environment(tmp_path / "made"))
    answer = machine.validate(project, hardware="gpu")
    assert answer.returncode == 0, answer.stderr
    installs = [line for line in log.read_text().splitlines() if "install" in line]
    assert any("jax>=" in line for line in installs)
    assert not any("cuda" in line for line in installs)
    assert "sync" not in log.read_text()


def test_the_later_command_of_a_gpu_project_installs_no_cuda_either(machine, project):
    machine.add("uv", "echo 'dns error' >&2; exit 1")
    output = assert_given_up(
        machine.validate(project, hardware="gpu"), project, "the package index cannot be reached"
    )
    assert "jax>=" in later(output)
    assert "cuda" not in later(output)


def test_a_gpu_project_gets_its_own_requirements_where_there_is_a_gpu(machine, project, tmp_path):
    machine.add("nvidia-smi", "echo GPU 0: a stand-in")
    log = stub_uv(machine, tmp_path, makes=pretend_environment(tmp_path / "made"))
    answer = machine.validate(project, hardware="gpu")
    assert answer.returncode == 0, answer.stderr
    assert log.read_text() == "sync\n"
    assert "not run" not in answer.stdout


@needs_uv
@pytest.mark.slow
def test_the_gpu_requirements_are_resolved_without_a_download(machine, project, tmp_path):
    (machine.commands / "uv").symlink_to(UV)
    machine.variables |= {
        "VIRTUAL_ENV": str(pretend_environment(tmp_path / "ready")),
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "UV_PYTHON": sys.executable,
    }
    answer = machine.copy(project, hardware="gpu")
    assert answer.returncode == 0, answer.stderr
    assert re.search(r"gpu needs .* resolve for Linux x86-64", answer.stdout), answer.stdout
    size = sum(path.stat().st_size for path in (tmp_path / "cache").rglob("*") if path.is_file())
    assert size < 100e6, "metadata is small; CUDA is not"


def test_without_uv_torch_for_the_cpu_comes_from_its_own_index(machine, project):
    answer = machine.validate(project, backend="torch", validate="static")
    steps = later(answer.stdout).split(" && ")
    torch = next(i for i, step in enumerate(steps) if "torch>=" in step)
    everything = next(i for i, step in enumerate(steps) if "--editable" in step)
    assert f"--index-url {FACTS['backends']['torch']['index']['cpu']}" in steps[torch]
    assert torch < everything


# ---- Interrupted ---------------------------------------------------------------------------------


def wait_for(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def runs(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits for its parent does not."""
    answer = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return answer.stdout.strip()[:1] not in ("", "Z")


@pytest.fixture(params=["installing", "training"])
def busy(request, machine, tmp_path) -> Iterator[Path]:
    """A machine that installs or trains for a minute; gives the file with that process's id."""
    child = tmp_path / "child"
    if request.param == "installing":
        machine.add("uv", f"echo $$ > {shlex.quote(str(child))}; exec sleep 60")
    else:
        model = f"Path({str(child)!r}).write_text(str(os.getpid()) + chr(10)); time.sleep(60)"
        machine.variables["VIRTUAL_ENV"] = str(pretend_environment(tmp_path / "ready", model))
    yield child
    with contextlib.suppress(OSError, ValueError):
        os.kill(int(child.read_text()), signal.SIGKILL)


@pytest.fixture(autouse=True)
def signals_as_in_a_terminal() -> Iterator[None]:
    """A test run in the background ignores some signals, and its children would inherit that."""
    ignored = [number for number in SIGNALS if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


def child_of(busy: Path) -> int:
    wait_for(lambda: busy.exists() and busy.read_text().endswith("\n"))
    return int(busy.read_text())


def parent_of(pid: int) -> int:
    answer = subprocess.run(["ps", "-o", "ppid=", "-p", str(pid)], capture_output=True, text=True)
    return int(answer.stdout)


def in_terminal(machine: Machine, project: Path, type_keys: Callable[[int], None]) -> tuple:
    """Run a copy in a terminal of its own; give its exit code and all that the terminal shows."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(machine.copier, machine.command(project), machine.environment())  # noqa: S606
    shown = bytearray()

    def read() -> None:
        with contextlib.suppress(OSError):
            while chunk := os.read(terminal, 4096):
                shown.extend(chunk)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        type_keys(terminal)
        wait_for(lambda: not runs(pid))
    finally:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    reader.join(5)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("busy", "keys"),
    [
        pytest.param("installing", "\x03", marks=pytest.mark.slow),
        ("training", "\x03"),
        pytest.param("training", "\x1a\x03", marks=pytest.mark.slow),
        pytest.param("training", "\x1c", marks=pytest.mark.slow),
    ],
    ids=["installing", "training", "Ctrl-Z first", "Ctrl-backslash"],
    indirect=["busy"],
)
def test_ctrl_c_in_a_terminal_keeps_the_project(machine, project, busy, keys):
    children = []

    def type_keys(terminal: int) -> None:
        children.append(child_of(busy))
        for key in keys:
            os.write(terminal, key.encode())
            time.sleep(0.05)

    code, shown = in_terminal(machine, project, type_keys)
    assert_given_up(subprocess.CompletedProcess([], code, shown, ""), project, "interrupted")
    wait_for(lambda: not runs(children[0]), 5)


@pytest.mark.slow
@pytest.mark.parametrize("busy", ["training"], indirect=True)
def test_impatient_ctrl_c_keeps_the_project_too(machine, project, busy):
    """Copier may get the last of them, and ends with a word of its own."""

    def type_keys(terminal: int) -> None:
        child_of(busy)
        for _ in range(5):
            os.write(terminal, b"\x03")
            time.sleep(0.02)

    _, shown = in_terminal(machine, project, type_keys)
    assert "NOT VALIDATED" in shown
    assert "Traceback" not in shown
    assert_whole(project)


@pytest.mark.parametrize(
    "busy", ["training", pytest.param("installing", marks=pytest.mark.slow)], indirect=True
)
def test_a_hook_that_is_ended_keeps_the_project(machine, project, busy):
    copier = machine.start(project)
    child = child_of(busy)
    os.kill(parent_of(child), signal.SIGTERM)
    output, _ = copier.communicate(timeout=20)
    answer = subprocess.CompletedProcess([], copier.returncode, output, "")
    assert_given_up(answer, project, "interrupted")
    wait_for(lambda: not runs(child), 5)


@pytest.mark.slow
def test_a_hang_up_is_ignored_under_nohup(machine, project, tmp_path):
    child = tmp_path / "child"
    model = f"Path({str(child)!r}).write_text(str(os.getpid()) + chr(10)); time.sleep(1); {WORKS}"
    machine.variables["VIRTUAL_ENV"] = str(pretend_environment(tmp_path / "ready", model))
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        copier = machine.start(project)
    finally:
        signal.signal(signal.SIGHUP, before)
    os.kill(parent_of(child_of(child)), signal.SIGHUP)
    output, _ = copier.communicate(timeout=20)
    assert copier.returncode == 0
    assert "\nVALIDATED\n" in output


@pytest.mark.skipif(not HAS_PRCTL, reason="only Linux ends a process with its parent")
@pytest.mark.parametrize(
    ("busy", "number"),
    [
        ("installing", signal.SIGINT),
        pytest.param("training", signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param("installing", signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param("training", signal.SIGINT, marks=pytest.mark.slow),
    ],
    indirect=["busy"],
)
def test_when_copier_alone_is_ended_nothing_is_left_running(machine, project, busy, number):
    copier = machine.start(project)
    child = child_of(busy)
    hook = parent_of(child)
    copier.send_signal(number)
    output, _ = copier.communicate(timeout=20)
    assert copier.returncode != 0
    wait_for(lambda: not runs(child) and not runs(hook), 5)
    assert "Traceback" not in output
    assert_whole(project)


# ---- The real thing ------------------------------------------------------------------------------


def real_variables() -> dict[str, str]:
    """What the user's own uv and pip are told, and where uv finds the wheels that pip finds."""
    told = {k: v for k, v in os.environ.items() if k.startswith(("UV_", "PIP_"))}
    if "PIP_FIND_LINKS" in told:
        told.setdefault("UV_FIND_LINKS", ",".join(told["PIP_FIND_LINKS"].split()))
    return told


@pytest.fixture
def ready(shared: Path) -> Path:
    """An environment with all that a Keras 3 project on JAX needs."""
    if UV is None:
        pytest.skip("there is no uv to make the environment")
    return environment_of(shared, **JAX)


JAX = {"keras": "keras", "backend": "jax"}
with_jax = pytest.mark.xdist_group(name_of(JAX))  # in the process that makes the environment


@with_jax
@pytest.mark.slow
def test_a_real_environment_is_used_as_it_is(machine, project, ready):
    machine.variables["VIRTUAL_ENV"] = str(ready)
    before = sorted(path.name for path in ready.glob("lib/*/site-packages/*.dist-info"))
    answer = machine.copy(project)
    assert answer.returncode == 0, answer.stderr
    assert "\nVALIDATED\n" in answer.stdout
    assert "9,994 parameters" in answer.stdout
    assert not (project / ".venv").exists()
    assert sorted(path.name for path in ready.glob("lib/*/site-packages/*.dist-info")) == before


@with_jax
@pytest.mark.slow
@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("layers.Dense(128,", "layers.Dense(-128,", "ValueError"),
        (
            'outputs = layers.Activation("softmax", dtype="float32", name="probabilities")(x)',
            'outputs = layers.Lambda(lambda x: x / 0, name="probabilities")(x)',
            "the loss of the first step is",
        ),
        (
            "layers.BatchNormalization(momentum=0.9, ",
            "layers.BatchNormalization(momentum=1.0, ",
            "left BatchNormalization's statistics alone",
        ),
    ],
    ids=["does not compile", "not finite", "no statistics"],
)
def test_a_real_model_that_is_wrong_fails_the_copy(
    machine, project, ready, tmp_path, right, wrong, said
):
    machine.template = copy_template(tmp_path / "broken")
    model = machine.template / "includes" / "models" / "mlp.py.jinja"
    text = model.read_text()
    assert right in text
    model.write_text(text.replace(right, wrong))
    machine.variables["VIRTUAL_ENV"] = str(ready)
    answer = machine.copy(project)
    assert answer.returncode == 1, answer.stdout
    assert "The model does not work" in answer.stderr
    assert said in answer.stderr


@pytest.mark.slow
@needs_supported_python
def test_without_uv_the_environment_is_made_with_venv_and_pip(machine, project):
    machine.variables = real_variables()
    answer = machine.copy(project)
    assert answer.returncode == 0, answer.stderr
    assert "\nVALIDATED\n" in answer.stdout
    assert ".venv, made by venv and pip" in answer.stdout
    assert (project / ".venv" / "bin" / "my-digits").exists()


@needs_uv
@pytest.mark.slow
def test_what_failed_offline_is_validated_later(machine, project):
    add_uv(machine, UV_OFFLINE=1)
    output = assert_given_up(machine.copy(project), project, "the package index cannot be reached")
    machine.variables = {**real_variables(), "UV_PYTHON": sys.executable}
    answer = in_shell(machine, later(output))
    assert answer.returncode == 0, answer.stderr
    assert "Validated: mlp on jax" in answer.stdout


def in_shell(machine: Machine, line: str) -> subprocess.CompletedProcess:
    """Run what a user would paste."""
    command = ["sh", "-c", line]
    return subprocess.run(command, env=machine.environment(), capture_output=True, text=True)


def find_interpreter(release: str) -> str | None:
    """Find a Python release: this one, pyenv's, or on PATH, where pyenv's may refuse to start."""
    pyenv = (Path.home() / ".pyenv" / "versions").glob(f"{release}.*/bin/python{release}")
    own = [sys.executable] if release == RELEASE else []
    for candidate in [*own, *map(str, pyenv), shutil.which(f"python{release}")]:
        if candidate:
            answer = subprocess.run([candidate, "-c", ""], capture_output=True)
            if answer.returncode == 0:
                return candidate
    return None


@needs_uv
@with_jax
@pytest.mark.slow
@pytest.mark.parametrize(
    "release",
    [
        "3.10",
        pytest.param("3.11", marks=pytest.mark.rest),
        pytest.param("3.12", marks=pytest.mark.rest),
        "3.13",
        "3.14",
    ],
)
def test_the_hook_runs_under_each_python_of_copiers(machine, project, ready, tmp_path, release):
    interpreter = find_interpreter(release)
    if interpreter is None:
        pytest.skip(f"Python {release} is not installed here")
    prefix = tmp_path / "copier"
    variables = {**os.environ, **real_variables()}
    subprocess.run([UV, "venv", "-q", "--python", interpreter, prefix], check=True, env=variables)
    install = [UV, "pip", "install", "-q", "--python", prefix, "copier>=9.19"]
    subprocess.run(install, check=True, env=variables)
    machine.copier = prefix / "bin" / "python"
    answer = machine.copy(project, validate="static")
    assert answer.returncode == 0, answer.stderr
    assert "IMPORTS CHECKED" in answer.stdout
    machine.variables["VIRTUAL_ENV"] = str(ready)
    answer = machine.copy(project.parent / "validated", package_name="my_digits")
    assert answer.returncode == 0, answer.stderr
    assert "\nVALIDATED\n" in answer.stdout
