"""Whatever a file is like, only what is to change in it changes, and nothing of it is lost."""

from __future__ import annotations

import codecs
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from keras_imports import cli
from keras_imports.codemod import aim, files, migrate_file
from keras_imports.sources import LARGEST

HOOKS = Path(__file__).parents[2] / "hooks"
KERAS = aim("keras")
OLD = "from tensorflow.keras import layers\n\nx = layers.Dense(3)  # drei\n"
NEW = "from keras import layers\n\nx = layers.Dense(3)  # drei\n"


def write(path: Path, data: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def migrate(*arguments: object) -> int:
    """Run the command."""
    return cli.main(["migrate", *map(str, arguments), "--to", "keras"])


# The bytes of a file


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OLD.encode(), NEW.encode()),
        (OLD.replace("\n", "\r\n").encode(), NEW.replace("\n", "\r\n").encode()),
        (OLD.replace("\n", "\r\n", 1).encode(), NEW.replace("\n", "\r\n", 1).encode()),
        (OLD.rstrip("\n").encode(), NEW.rstrip("\n").encode()),
        (codecs.BOM_UTF8 + OLD.encode(), codecs.BOM_UTF8 + NEW.encode()),
        (
            codecs.BOM_UTF8 + OLD.replace("\n", "\r\n").encode(),
            codecs.BOM_UTF8 + NEW.replace("\n", "\r\n").encode(),
        ),
        (f"# ü\n{OLD}# 😀".encode(), f"# ü\n{NEW}# 😀".encode()),
        (f"# coding: latin-1\ny = 'ü'; {OLD}".encode("latin-1"),)
        + (f"# coding: latin-1\ny = 'ü'; {NEW}".encode("latin-1"),),
        (f"#!/bin/python\n# -*- coding: cp1251 -*-\n# Ж\n{OLD}".encode("cp1251"),)
        + (f"#!/bin/python\n# -*- coding: cp1251 -*-\n# Ж\n{NEW}".encode("cp1251"),),
        (f"# vim: set fileencoding=shift_jis :\n# 表\n{OLD}".encode("shift_jis"),)
        + (f"# vim: set fileencoding=shift_jis :\n# 表\n{NEW}".encode("shift_jis"),),
        (
            f"if True:\n\tpass \t \n\x0c\n{OLD}\n\n\n".encode(),
            f"if True:\n\tpass \t \n\x0c\n{NEW}\n\n\n".encode(),
        ),
        (f"y = '''\r\n'''\n{OLD}".encode(), f"y = '''\r\n'''\n{NEW}".encode()),
        (f"y = 'a\u2028b\x85c\x1cd'\n{OLD}".encode(), f"y = 'a\u2028b\x85c\x1cd'\n{NEW}".encode()),
        (b"import tensorflow as tf\r\nx = tf.keras.Model, tf.nn\r\n",)
        + (b"import keras\r\nimport tensorflow as tf\r\nx = keras.Model, tf.nn\r\n",),
    ],
    ids=[
        "plain",
        "crlf",
        "mixed",
        "no final line end",
        "bom",
        "bom and crlf",
        "utf-8",
        "latin-1",
        "cp1251",
        "shift-jis",
        "tabs and form feeds",
        "crlf in a string",
        "other line ends in a string",
        "a new line",
    ],
)
def test_what_does_not_change_stays(tmp_path: Path, before: bytes, after: bytes) -> None:
    file = write(tmp_path / "mine.py", before)
    outcome = migrate_file(str(file), KERAS)
    assert (outcome.changed, outcome.left, outcome.problem) == (True, (), None)
    assert file.read_bytes() == after
    assert not migrate_file(str(file), KERAS).changed
    assert file.read_bytes() == after


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (f"{OLD}print 'x'\n", "Python 2, not Python 3"),
        (f"{OLD}def f(:\n", "not Python 3: invalid syntax"),
        (f"{OLD}x = '", "not Python 3: unterminated string literal"),
        (f"{OLD}\0", "not Python: contains a NUL byte"),
        (b"# \xfc\n" + OLD.encode(), "not UTF-8, and no encoding is declared"),
        (f"{OLD}# ü\n".encode("latin-1"), "not UTF-8: byte 0xfc"),
        (f"# coding: klingon\n{OLD}", "cannot be decoded: unknown encoding: klingon"),
        (f"# coding: ascii\n{OLD}# ü\n", "not ASCII: byte 0xc3"),
        (f"# coding: rot13\n{OLD}", "cannot be decoded"),
        (OLD.replace("\n", "\r"), "has carriage returns inside of its lines"),
        (f"y = '''\r'''\n{OLD}", "has carriage returns inside of its lines"),
        (f"{OLD}y = {'(' * 500}{')' * 500}\n", "not Python 3"),
        (f"{OLD}y = {'-' * 50_000}1\n", "nested too deeply"),
        (f"{OLD}y = 1{' + 1' * 50_000}\n", "nested too deeply"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 60 else "",
)
def test_what_is_no_python_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes | str, problem: str
) -> None:
    file = write(tmp_path / "bad.py", data)
    good = write(tmp_path / "good.py", OLD)
    before = file.read_bytes()
    assert migrate(tmp_path) == 2
    assert file.read_bytes() == before
    assert good.read_text("utf-8") == NEW
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 2
    assert errors[0].startswith(f"{file}: ")
    assert problem in errors[0]
    assert errors[0].endswith("; left as it is")
    assert errors[1] == f"1 of 2 files moved to {KERAS}; 1 problem"


@pytest.mark.parametrize(
    "data",
    ["", "\n", "\ufeff", "x = 1\n", "print 'x'\n", "x = '\0'", "\x80\x81", "# keras\r\ny = 1\r"],
    ids=repr,
)
def test_what_has_no_keras_is_not_looked_at(tmp_path: Path, data: str) -> None:
    file = write(tmp_path / "mine.py", data.encode("latin-1", "replace"))
    before, status = file.read_bytes(), file.stat()
    assert migrate(tmp_path) in (0, 2)
    assert file.read_bytes() == before
    assert file.stat().st_mtime_ns == status.st_mtime_ns


def test_too_large(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "large.py", OLD)
    with file.open("ab") as stream:
        stream.truncate(LARGEST + 1)
    assert migrate(file) == 2
    assert "too large for source code" in capsys.readouterr().err
    assert file.stat().st_size == LARGEST + 1


@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o444, 0o4755])
def test_the_mode_stays(tmp_path: Path, mode: int) -> None:
    file = write(tmp_path / "mine.py", OLD)
    file.chmod(mode)
    assert migrate(file) == 0
    assert file.read_text("utf-8") == NEW
    assert stat.S_IMODE(file.stat().st_mode) == mode


def test_a_directory_that_cannot_be_written_to(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("nothing is read-only for root")
    file = write(tmp_path / "locked/mine.py", OLD)
    file.parent.chmod(0o555)
    try:
        outcome = migrate_file(str(file), KERAS)
    finally:
        file.parent.chmod(0o755)
    assert outcome.problem == "cannot be written: permission denied"
    assert not outcome.changed
    assert file.read_text("utf-8") == OLD


@pytest.mark.parametrize("step", ["tempfile.mkstemp", "os.fsync", "os.chmod", "os.replace"])
def test_a_disk_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], step: str
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    file = write(tmp_path / "mine.py", OLD)
    monkeypatch.setattr(f"{files.__name__}.{step}", fail)
    assert migrate(file) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"{file}: cannot be written: no space left on device; left as it is",
        f"0 of 1 files moved to {KERAS}; 1 problem",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]
    assert file.read_text("utf-8") == OLD


def test_a_run_that_is_killed(tmp_path: Path) -> None:
    old = OLD + "y = 3\n" * 1_000
    paths = [write(tmp_path / f"{number:03}.py", old) for number in range(150)]
    process = subprocess.Popen(
        [sys.executable, "-m", "keras_imports", "migrate", str(tmp_path), "--to", "keras"],
        env={**os.environ, "PYTHONPATH": str(HOOKS)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while paths[5].stat().st_size == len(old) and process.poll() is None:
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    texts = [path.read_text("utf-8") for path in paths]
    new = old.replace(OLD, NEW)
    assert {*texts} == {old, new}


# Which files


def test_links(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outside = write(tmp_path / "outside/mine.py", OLD)
    inside = write(tmp_path / "project/src/mine.py", OLD)
    project = tmp_path / "project"
    (project / "out.py").symlink_to(outside)
    (project / "in.py").symlink_to("src/mine.py")
    (project / "folder").symlink_to(outside.parent)
    (project / "nothing.py").symlink_to("nowhere.py")
    (project / "loop").symlink_to(project)
    assert migrate(project) == 2
    assert outside.read_text("utf-8") == OLD
    assert inside.read_text("utf-8") == NEW
    assert all((project / name).is_symlink() for name in ("out.py", "in.py", "folder", "loop"))
    errors = capsys.readouterr().err
    assert f"{project / 'out.py'}: a link to a file outside, not followed" in errors
    assert f"{project / 'nothing.py'}: a link to a file that does not exist" in errors
    assert f"{project / 'loop'}: a link back to a directory above it, not followed" in errors


def test_a_link_that_is_named(tmp_path: Path) -> None:
    file = write(tmp_path / "outside/mine.py", OLD)
    link = tmp_path / "link.py"
    link.symlink_to(file)
    assert migrate(link) == 0
    assert link.is_symlink()
    assert file.read_text("utf-8") == NEW


def test_what_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "folder.py").mkdir()
    assert migrate(tmp_path, tmp_path / "nowhere") == 2
    errors = capsys.readouterr().err
    assert f"{tmp_path / 'pipe.py'}: not a regular file; left as it is" in errors
    assert f"{tmp_path / 'nowhere'}: no such file or directory" in errors


def test_what_is_not_the_project_s(tmp_path: Path) -> None:
    skipped = [
        write(tmp_path / name, OLD)
        for name in (
            ".git/hooks/mine.py",
            ".venv/lib/mine.py",
            "environment/lib/mine.py",
            "ignored/mine.py",
            "src/made_1.py",
            "build/lib/mine.py",
            "src/__pycache__/mine.py",
            "src/mine.txt",
        )
    ]
    write(tmp_path / "environment/pyvenv.cfg", "")
    write(tmp_path / ".gitignore", "ignored/\nmade_*.py\n")
    moved = [write(tmp_path / name, OLD) for name in ("mine.py", "src/mine.py", "src/mine.pyi")]
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    assert migrate(tmp_path) == 0
    assert {path.read_text("utf-8") for path in skipped} == {OLD}
    assert {path.read_text("utf-8") for path in moved} == {NEW}


def test_a_tracked_file_is_not_ignored(tmp_path: Path) -> None:
    file = write(tmp_path / "made.py", OLD)
    write(tmp_path / ".gitignore", "made.py\n")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "--force", "."], cwd=tmp_path, check=True)
    assert migrate(tmp_path) == 0
    assert file.read_text("utf-8") == NEW


# The command


def test_the_exit_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "mine.py", OLD)
    assert migrate(file, "--check") == 1
    assert capsys.readouterr().out == f"would move {file}\n"
    assert file.read_text("utf-8") == OLD
    assert migrate(file) == 0
    assert capsys.readouterr().out == f"moved {file}\n"
    assert migrate(file) == 0
    assert capsys.readouterr().out == ""
    assert migrate(file, "--check") == 0
    write(file, "import keras\nx = keras.nothing\n")
    assert migrate(file) == 1
    assert f"{file}:2:5: `keras.nothing` has no counterpart" in capsys.readouterr().err


@pytest.mark.parametrize("to", ["caffe", "keras==0.1", "keras=3", "portable", "keras==x", ""])
def test_a_target_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str], to: str) -> None:
    file = write(tmp_path / "mine.py", OLD)
    assert cli.main(["migrate", str(file), "--to", to]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("keras-imports: ")
    assert file.read_text("utf-8") == OLD


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_the_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str) -> None:
    file = write(tmp_path / "mine.py", f"# coding: {encoding}\n# ü\n{OLD}".encode(encoding))
    before = file.read_bytes()
    assert migrate(file, "--diff") == 0
    assert file.read_bytes() == before
    assert capsys.readouterr().out == (
        f"--- a{file}\n+++ b{file}\n@@ -1,5 +1,5 @@\n"
        f" # coding: {encoding}\n # ü\n-from tensorflow.keras import layers\n"
        "+from keras import layers\n \n x = layers.Dense(3)  # drei\n"
    )


def test_the_difference_can_be_applied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "crlf.py", OLD.replace("\n", "\r\n"))
    write(tmp_path / "feed.py", f"{OLD}\x0c\ny = '\u2028'\n")
    write(tmp_path / "sub/open.py", OLD.rstrip("\n"))
    monkeypatch.chdir(tmp_path)
    assert migrate(".", "--diff") == 0
    patch = capsys.readouterr().out.encode()
    subprocess.run(["git", "apply", "--binary", "-"], input=patch, cwd=tmp_path, check=True)
    assert (tmp_path / "crlf.py").read_bytes() == NEW.replace("\n", "\r\n").encode()
    assert (tmp_path / "feed.py").read_text("utf-8") == f"{NEW}\x0c\ny = '\u2028'\n"
    assert (tmp_path / "sub/open.py").read_bytes() == NEW.rstrip("\n").encode()


def test_the_report(tmp_path: Path) -> None:
    moved = write(tmp_path / "a.py", OLD)
    left = write(tmp_path / "b.py", "import keras\nx = keras.nothing\n")
    bad = write(tmp_path / "c.py", f"{OLD}print 'x'\n")
    write(tmp_path / "d.py", NEW)
    report = tmp_path / "report.json"
    assert migrate(tmp_path, "--json", report) == 2
    found = json.loads(report.read_text("utf-8"))
    assert found["to"] == str(KERAS)
    rows = {row["file"]: row for row in found["files"]}
    assert list(rows) == [str(moved), str(left), str(bad)]
    assert rows[str(moved)] == {"file": str(moved), "changed": True, "left": []}
    assert rows[str(bad)]["problem"] == "Python 2, not Python 3"
    [place] = rows[str(left)]["left"]
    assert (place["line"], place["column"], place["code"]) == (2, 5, "keras.nothing")
    assert place["message"] == f"`keras.nothing` has no counterpart in {KERAS}"
    assert "keras-imports where" in place["advice"]


def test_many_files_on_all_cores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [write(tmp_path / f"{number:03}.py", OLD) for number in range(200)]
    assert migrate(tmp_path) == 0
    assert {path.read_text("utf-8") for path in paths} == {NEW}
    assert capsys.readouterr().out.splitlines() == [f"moved {path}" for path in paths]
