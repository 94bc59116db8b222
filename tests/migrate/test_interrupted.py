"""A run that is ended at any moment leaves whole files, and the next does what it would have."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from keras_imports import cli

SRC = Path(__file__).parents[2] / "src"
COMMAND = [sys.executable, "-m", "keras_imports", "migrate", ".", "--to", "keras"]
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# What `open.py` is written for is known only as long as the others are not moved.
FILES = {
    "open.py": "from keras.layers import LSTM\n\nx = LSTM(3)\n",
    "zz.py": "from keras.layers.core import Dense\n\nDense(output_dim=3)\n",
    "left.py": "import keras\n\nkeras.nothing\n",
}
for number in range(97):
    FILES[f"{number:03}_{'long' * 30}.py"] = (
        f"from keras.layers.core import Dense\n\nx = {number}\n"
    )


def write_files(folder: Path) -> None:
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.py"))}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], str, list[str]]:
    """What a run that nothing interrupts makes of the files, its report, and what it prints."""
    base = tmp_path_factory.mktemp("whole")
    write_files(base / "project")
    command = [*COMMAND, "--json", "../report.json"]
    done = subprocess.run(command, cwd=base / "project", capture_output=True, text=True)
    report = (base / "report.json").read_text("utf-8")
    return texts(base / "project"), report, done.stderr.splitlines()


@contextmanager
def started(project: Path) -> Iterator[subprocess.Popen[str]]:
    """A run, in a group of its own, that cannot say much before somebody reads it."""
    reading, writing = os.pipe()
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    process = subprocess.Popen(
        [*COMMAND, "--json", "../report.json"],
        cwd=project,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SRC)},
        start_new_session=True,
        preexec_fn=lambda: [signal.signal(each, signal.SIG_DFL) for each in ENDING],
    )
    os.close(writing)
    with process, os.fdopen(reading) as process.stdout:
        try:
            yield process
        finally:
            process.kill()


def is_gone(group: int) -> bool:
    """Whether all processes of a group end by themselves."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="pipes have a size of their own elsewhere")
@pytest.mark.parametrize(
    "seed", [*range(10), *(pytest.param(seed, marks=pytest.mark.rest) for seed in range(10, 50))]
)
def test_a_run_that_is_ended(tmp_path, whole, monkeypatch, capsys, seed):
    chance = random.Random(seed)  # noqa: S311
    number = (signal.SIGKILL, *ENDING)[seed % 4]
    is_writing = seed % 2 < 1 if seed % 4 != seed % 8 else seed % 2 > 0
    project = tmp_path / "project"
    write_files(project)
    with started(project) as process:
        if is_writing:
            for _ in range(chance.randrange(1, 60)):
                process.stdout.readline()
        else:
            time.sleep(chance.random())
        to_all = chance.random() < 0.5  # as a terminal does
        (os.killpg if to_all else os.kill)(process.pid, number)
        _, said = process.communicate()
    assert is_gone(process.pid)

    after, report, lines = whole
    now = texts(project)
    assert now.keys() == after.keys()
    assert all(text in (FILES[name], after[name]) for name, text in now.items())
    assert not [*project.rglob(".keras-imports-*"), *tmp_path.glob(".keras-imports-*")]
    moved = sum(text != FILES[name] for name, text in now.items())
    if moved:
        assert (tmp_path / "report.json").read_text("utf-8") == report
        assert set(lines[:-1]) <= set(said.splitlines())
    if number != signal.SIGKILL and process.returncode > 2:
        assert process.returncode == 128 + number
        assert "Traceback" not in said
        last = said.splitlines()[-1].removeprefix("keras-imports: interrupted")
        if moved:
            assert f"; {moved} of {len(FILES) - 1} files moved: the next run takes them" in last
        else:
            assert last in ("", "; no file was moved")

    monkeypatch.chdir(project)
    capsys.readouterr()
    assert cli.main([*COMMAND[3:], "--json", "../report.json"]) == 1
    if moved < len(FILES) - 1:
        assert texts(project) == after
        assert (tmp_path / "report.json").read_text("utf-8") == report
        first, *rest = capsys.readouterr().err.splitlines()
        taken_back = f"the interrupted run was taken back first: {moved} files"
        assert [*([] if first == taken_back else [first]), *rest] == lines
        assert cli.main(["migrate", "--undo"]) == 0
        assert texts(project) == FILES
        assert sorted(path.name for path in project.iterdir()) == sorted(FILES)
