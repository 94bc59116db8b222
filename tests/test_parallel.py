"""Work on many files comes to its end, whatever happens to one of them or to a process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from keras_imports import parallel
from keras_imports.parallel import Work, spread

SRC = Path(__file__).parents[1] / "src"
HERE = os.getpid()


def lost(item: int, why: str) -> str:
    return f"{item}: {why}"


def double(item: int) -> str:
    return str(2 * item)


def die_at_40(item: int) -> str:
    if item == 40 and os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return double(item)


def fail_at_40(item: int) -> str:
    if item == 40:
        raise RuntimeError("broken")
    return double(item)


def hang_at_40(item: int) -> str:
    while item == 40:
        with suppress(Exception):
            sum(range(1000))
    return double(item)


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "cores", lambda: 2)


@pytest.mark.parametrize("alone", [8, 1000], ids=["processes", "alone"])
@pytest.mark.parametrize(
    ("do", "of_40"),
    [
        (double, "80"),
        (fail_at_40, "40: a defect of keras-imports"),
        (hang_at_40, "40: took longer than 0.2 s; `--time-limit` gives it more"),
    ],
)
def test_results_come_in_order_and_what_is_lost_is_named(do, of_40, alone):
    results = list(spread(Work(do, lost, 0.2), range(200), alone))
    assert results.pop(40).startswith(of_40)
    assert results == [double(item) for item in range(200) if item != 40]


def test_a_process_that_is_killed_takes_one_file_with_it():
    results = list(spread(Work(die_at_40, lost), range(200), 8))
    assert results.pop(40).startswith("40: its process was ended from outside")
    assert results == [double(item) for item in range(200) if item != 40]


def test_the_processes_end_when_nobody_wants_more():
    results = spread(Work(double, lost), range(10_000), 8)
    assert [next(results) for _ in range(100)] == [double(item) for item in range(100)]
    results.close()
    assert multiprocessing.active_children() == []


def test_the_processes_end_with_the_first_one():
    code = (
        "import os, time; from keras_imports import parallel; parallel.cores = lambda: 2\n"
        "def do(item):\n    print(os.getpid(), flush=True)\n    time.sleep(item and 30)\n"
        "work = parallel.Work(do, lambda item, why: why)\n"
        "list(parallel.spread(work, [0] + [1] * 100, 1))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(SRC)}
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        first, *others = [int(process.stdout.readline()) for _ in range(3)]
        assert first == process.pid
        process.kill()
        assert process.stdout.read() == ""  # nobody holds it open any more
        assert first not in others
