"""Find the interpreter that `doctor` is about, and ask it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from threading import Event, Timer
from typing import Any

from keras_imports.commands.installed_there import MARK
from keras_imports.flavours import DISTRIBUTIONS, NIGHTLIES

PATIENCE = 120  # seconds; a cold import of TensorFlow takes up to 30
_MOST = 10_000_000  # bytes that an answer may have
_SCRIPT = Path(__file__).with_name("installed_there.py")
_ERROR = re.compile(r"[\w.]+(?:Error|Exception|Exit|Interrupt)\b")


class NoAnswerError(Exception):
    """An interpreter does not say what it was asked; the text is why."""


@dataclass(frozen=True)
class Interpreter:
    """A Python, and why it is the one that is meant; `is_own` if this program runs in it."""

    executable: str
    why: str
    is_own: bool = False

    def ask(self, question: str, *arguments: str) -> dict[str, Any]:
        """Return the answer to a question of the script; raise `NoAnswerError` without one.

        With `-I` neither the current folder nor what is in it is on the interpreter's path.
        """
        command = [self.executable, "-I", "-c", _SCRIPT.read_text("utf-8"), question, *arguments]
        environ = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
        try:
            child = subprocess.Popen(
                command,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise NoAnswerError(f"it cannot be run: {error.strerror}") from None
        late = Event()

        def give_up() -> None:
            late.set()
            _end(child)

        timer = Timer(PATIENCE, give_up)
        timer.start()
        try:
            with child:
                assert child.stdout is not None  # noqa: S101, it is a pipe
                said = child.stdout.read(_MOST).decode("utf-8", "replace")
                if len(said) >= _MOST:
                    _end(child)
        finally:
            _end(child)
            timer.cancel()
        if len(said) >= _MOST:
            raise NoAnswerError("it prints without an end")
        if late.is_set():
            raise NoAnswerError(f"no answer within {PATIENCE} seconds")
        return _answer(said, child.returncode)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a process with all that it has started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()


def _answer(said: str, status: int) -> dict[str, Any]:
    """Return what a process answered, or raise `NoAnswerError` with the line that says why not."""
    if status == 0:
        lines = [line for line in said.splitlines() if line.startswith(MARK)]
        with suppress(ValueError):
            answer = json.loads(lines[-1].removeprefix(MARK)) if lines else None
            if isinstance(answer, dict):
                return answer
        raise NoAnswerError("the answer cannot be read")
    if status < 0:
        raise NoAnswerError(f"the process was ended by signal {-status}")
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if _ERROR.match(line)]
    raise NoAnswerError((errors or lines or [f"exit status {status}"])[-1][:300])


def choose(given: str | None) -> Interpreter:
    """Return the interpreter that is meant; raise `ValueError` if the given one is none.

    Where no environment is active, and this program's own has no Keras (it has been installed by
    uvx or pipx, say), the project's `.venv` is meant.
    """
    if given is not None:
        return Interpreter(_executable(given), "given by --python")
    own = Interpreter(sys.executable, "which runs keras-imports", is_own=True)
    if sys.prefix != sys.base_prefix and _has_keras():
        return own
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        active = os.environ.get(variable)
        if active and (python := _in_environment(Path(active))):
            is_own = os.path.realpath(active) == os.path.realpath(sys.prefix)
            return own if is_own else Interpreter(python, f"active, by {variable}")
    here = Path.cwd()
    for folder in (here, *here.parents):
        if python := _in_environment(folder / ".venv"):
            return Interpreter(python, "the project's .venv, as no environment is active")
        if (folder / ".git").exists():
            break
    return own


def _has_keras() -> bool:
    """Return whether this program's own environment has a Keras."""
    return any(
        True for name in (*DISTRIBUTIONS, *NIGHTLIES) for _ in metadata.distributions(name=name)
    )


def _executable(given: str) -> str:
    """Return the interpreter that a path, the folder of an environment or a command names."""
    if os.path.isdir(given):
        python = _in_environment(Path(given))
        if python is None:
            raise ValueError(f"{given} is a folder, and no environment: it has no bin/python")
        return python
    python = shutil.which(given)
    if python is None:
        raise ValueError(f"there is no program {given}")
    return os.path.abspath(python)


def _in_environment(folder: Path) -> str | None:
    """Return the interpreter of an environment, if it has one."""
    paths = (folder / "bin" / "python", folder / "Scripts" / "python.exe", folder / "python.exe")
    return next((str(path.absolute()) for path in paths if path.is_file()), None)
