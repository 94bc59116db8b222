"""Whatever a file is like, only what is to change in it changes, and nothing of it is lost."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from keras_imports import cli
from keras_imports.engine.job import Job
from keras_imports.knowledge.origin import parse_origin
from keras_imports.knowledge.target import parse_target
from keras_imports.migrate.files.source_files import migrate_file
from keras_imports.python.files import LARGEST

SRC = Path(__file__).parents[3] / "src"
KERAS = parse_target("keras")
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


DOS, DOS_NEW = OLD.replace("\n", "\r\n"), NEW.replace("\n", "\r\n")
# An encoding, and a text in which {} stands for the code that changes.
TEXTS = {
    "plain": ("utf-8", "{}"),
    "more lines": ("utf-8", "'A module.'\n{}\n\n\n"),
    "utf-8": ("utf-8", "# ü\n{}# 😀"),
    "a byte order mark": ("utf-8-sig", "# ü\n{}"),
    "latin-1": ("latin-1", "# coding: latin-1\ny = 'ü'; {}"),
    "cp1251": ("cp1251", "#!/bin/python\n# -*- coding: cp1251 -*-\n# Ж\n{}"),
    "shift-jis": ("shift_jis", "# vim: set fileencoding=shift_jis :\n# 表\n{}"),
    "tabs and form feeds": ("utf-8", "if True:\n\tpass \t \n\x0c\n{}"),
    "a line end of its own in a string": ("utf-8", 'y = """\r\n"""\n{}'),
    "other line ends in a string": ("utf-8", "y = 'a\u2028b\x85c\x1cd'\n{}"),
}
BYTES = {
    **{
        name: [text.replace("{}", code).encode(encoding) for code in (OLD, NEW)]
        for name, (encoding, text) in TEXTS.items()
    },
    "no final line end": [OLD.rstrip().encode(), NEW.rstrip().encode()],
    "crlf": [DOS.encode(), DOS_NEW.encode()],
    "crlf and a byte order mark": [DOS.encode("utf-8-sig"), DOS_NEW.encode("utf-8-sig")],
    "mixed line ends": [f"y = 1\r\n{OLD}".encode(), f"y = 1\r\n{NEW}".encode()],
    "lines that change places among other line ends": [
        b"import numpy\r\nfrom tensorflow.keras import (\n  layers,\r\n  backend as K)\n"
        b"K.mean, layers, numpy\n",
        b"import numpy\r\nfrom keras import (\n  layers,\r\n  ops)\nops.mean, layers, numpy\n",
    ],
    "a block of imports among other line ends": [
        b"from tensorflow.keras import layers\r\nfrom tensorflow.keras import (\r\n    Model,\n"
        b"    Input,\r\n)\nlayers, Model, Input\n",
        b"from keras import layers\r\nfrom keras import (\r\n    Model,\n"
        b"    Input,\r\n)\nlayers, Model, Input\n",
    ],
    "one more line": [
        b"import tensorflow as tf\r\nx = tf.keras.Model, tf.nn\r\n",
        b"import keras\r\nimport tensorflow as tf\r\nx = keras.Model, tf.nn\r\n",
    ],
}


@pytest.mark.parametrize(("before", "after"), BYTES.values(), ids=BYTES)
def test_what_does_not_change_stays(tmp_path: Path, before: bytes, after: bytes) -> None:
    file = write(tmp_path / "mine.py", before)
    outcome = migrate_file(str(file), Job(KERAS))
    assert (outcome.changed, outcome.left, outcome.problem) == (True, (), None)
    assert file.read_bytes() == after
    assert not migrate_file(str(file), Job(KERAS)).changed
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
        (f"# coding: undefined\n{OLD}", "declared as undefined, in which code is not read"),
        (f"# coding: utf-7\n{OLD}", "declared as utf-7, in which code is not read"),
        (f"# coding: utf-16\n{OLD}", "declared as utf-16, in which code is not read"),
        (f"# coding: idna\n{OLD}", "declared as idna, in which code is not read"),
        (f"# coding: unicode_escape\n{OLD}", "declared as unicode_escape, in which"),
        (f"# coding: raw_unicode_escape\n{OLD}# \\u0041", "cannot be written as it was"),
        (OLD.encode("utf-16"), "UTF-16 text; it has to be UTF-8"),
        (OLD.encode("utf-16-be"), "contains a NUL byte"),
        (OLD.replace("\n", "\r"), "has carriage returns inside of its lines"),
        (f"y = '''\r'''\n{OLD}", "has carriage returns inside of its lines"),
        (f"{OLD}y = {'(' * 500}{')' * 500}\n", "not Python 3"),
        (f"{OLD}y = {'-' * 50_000}1\n", "nested too deeply"),
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
    undo = f"`keras-imports migrate --undo {tmp_path}` takes it back"
    assert errors[1] == f"1 of 2 files moved to {KERAS}; 1 problem; {undo}"


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


@pytest.mark.parametrize("first", ["#作者作者", '# ab"', ""])
def test_what_does_not_stand_in_a_file_is_not_asked_of_its_text(tmp_path: Path, first: str) -> None:
    """A default that changes has no place: what stands at its own in a rule is something else."""
    code = "from keras.preprocessing import image\nimage.load_img(p, target_size=s, *a)\n"
    file = write(tmp_path / "a.py", f"{first}\n{code}")
    outcome = migrate_file(str(file), Job(KERAS, given=(parse_origin("keras==1.2.2"),)))
    assert outcome.problem is None
    assert '"rgb"' not in outcome.text
    assert outcome.text.startswith(f"{first}\n")


def test_names_that_no_call_can_have_are_no_fault_of_the_file(tmp_path: Path) -> None:
    code = (
        "import keras\nkeras.layers.Dense(3, **{'a b': 1, 'class': 2, 'lambda': 3, 'init': 'x'})\n"
    )
    outcome = migrate_file(str(write(tmp_path / "a.py", code)), Job(KERAS))
    assert outcome.problem is None
    assert [each.line for each in outcome.left] == [2]


def test_a_link_that_is_cut_and_a_file_that_is_not_to_be_written_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, other = write(tmp_path / "a.py", OLD), tmp_path / "other"
    os.link(file, other)
    file.chmod(0o444)
    assert migrate(file) == 0
    assert (file.read_text("utf-8"), other.read_text("utf-8")) == (NEW, OLD)
    assert capsys.readouterr().out == (
        f"moved {file} (it is read-only, and stays so; the old text stays in 1 other hard link to "
        "it)\n"
    )


@pytest.mark.skipif(os.name == "nt", reason="it has no pipes in folders")
def test_a_report_takes_the_place_of_no_pipe_or_device(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, pipe = write(tmp_path / "a.py", OLD), tmp_path / "report.json"
    os.mkfifo(pipe)
    assert migrate(file, "--json", pipe) == 2
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert "report.json: not a regular file; nothing is changed" in capsys.readouterr().err
    assert file.read_text("utf-8") == OLD


RESERVED = "__keras_imports_{}_0__"
SCOPE = f"{OLD}def {RESERVED.format('scope')}():\n    '>>> layers'\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.ipynb", f"{OLD}{RESERVED.format('cell')}\n"),
        ("a.ipynb", f"{OLD}# {RESERVED.format('magic')}\n"),
        ("a.ipynb", f"{OLD}{RESERVED.format('timed')};y = 1\n"),
        ("a.md", f"```python\n{OLD}{RESERVED.format('cell')}\n```\n"),
        ("a.py", SCOPE),
    ],
)
def test_a_name_that_stands_for_something_else_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: str
) -> None:
    content = json.dumps(notebook(data)) if name.endswith(".ipynb") else data
    file = write(tmp_path / name, content)
    assert migrate(tmp_path, "--docs") in (1, 2)
    assert file.read_text("utf-8") == content
    said = capsys.readouterr().err
    assert "keras-imports writes" in said or "keras-imports gives" in said


def test_a_line_that_looks_like_another_one_stays_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "a\nb\x1b[2J.py", OLD)
    write(tmp_path / "c\r.py", f"{OLD}(")
    assert migrate(tmp_path) == 2
    out, err = capsys.readouterr()
    assert out == f"moved {tmp_path}/a\\nb\\x1b[2J.py\n"
    assert err.startswith(f"{tmp_path}/c\\r.py: not Python 3: ")


def test_too_large(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "large.py", OLD)
    with file.open("ab") as stream:
        stream.truncate(LARGEST + 1)
    assert migrate(file) == 2
    assert "too large for source code" in capsys.readouterr().err
    assert file.stat().st_size == LARGEST + 1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid(), reason="root alone gives away")
def test_the_owner_stays(tmp_path: Path) -> None:
    file = write(tmp_path / "mine.py", OLD)
    os.chown(file, 1234, 4321)
    assert migrate(file) == 0
    assert (file.stat().st_uid, file.stat().st_gid) == (1234, 4321)


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
        outcome = migrate_file(str(file), Job(KERAS))
    finally:
        file.parent.chmod(0o755)
    assert outcome.problem == "cannot be written: permission denied"
    assert not outcome.changed
    assert file.read_text("utf-8") == OLD


@pytest.mark.parametrize("step", ["tempfile.mkdtemp", "tempfile.mkstemp", "os.fsync", "os.mkdir"])
def test_a_disk_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], step: str
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    file = write(tmp_path / "mine.py", OLD)
    monkeypatch.setattr(step, fail)
    assert migrate(file) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith(": cannot be written: no space left on device; nothing is changed")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]
    assert file.read_text("utf-8") == OLD


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
    assert f"{file}:2:5: KI001 `keras.nothing` has no counterpart" in capsys.readouterr().err


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
    assert (found["version"], found["to"]) == (1, str(KERAS))
    rows = {row["file"]: row for row in found["files"]}
    assert list(rows) == [str(moved), str(left), str(bad)]
    assert rows[str(moved)] == {"file": str(moved), "changed": True, "left": []}
    assert rows[str(bad)]["problem"] == "Python 2, not Python 3"
    [place] = rows[str(left)]["left"]
    assert (place["line"], place["column"], place["source"]) == (2, 5, "keras.nothing")
    assert place["message"] == f"`keras.nothing` has no counterpart in {KERAS}"
    assert "no release that is known has it" in place["advice"]


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_the_report_has_names_that_are_no_text(tmp_path: Path) -> None:
    write(tmp_path / os.fsdecode(b"\xe9.py"), OLD)
    assert migrate(tmp_path, "--json", tmp_path / "report.json") == 0
    [row] = json.loads((tmp_path / "report.json").read_text("utf-8"))["files"]
    assert os.fsencode(row["file"]).endswith(b"\xe9.py")


def test_without_a_folder_for_the_report_nothing_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "a.py", OLD)
    assert migrate(file, "--json", tmp_path / "none/report.json") == 2
    assert "no folder for the report; nothing is changed" in capsys.readouterr().err
    assert file.read_text("utf-8") == OLD


def test_many_files_on_all_cores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [write(tmp_path / f"{number:03}.py", OLD) for number in range(200)]
    assert migrate(tmp_path) == 0
    assert {path.read_text("utf-8") for path in paths} == {NEW}
    assert capsys.readouterr().out.splitlines() == [f"moved {path}" for path in paths]


# Notebooks


LINES = OLD.splitlines(keepends=True)


def notebook(*cells: object, kind: str = "code", **metadata: object) -> dict:
    rows = [
        {
            "cell_type": kind,
            "execution_count": 3,
            "metadata": {"tags": ["ü"]},
            "outputs": [{"name": "stdout", "text": ["from tensorflow.keras import layers\n"]}],
            "source": source,
        }
        for source in cells
    ]
    return {"cells": rows, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def moved_source(source: object) -> object:
    """A cell's source as it should become."""
    if isinstance(source, str):
        return source.replace(OLD, NEW)
    return [line.replace(LINES[0], NEW.splitlines(keepends=True)[0]) for line in source]


@pytest.mark.parametrize("indent", [None, 1, 2, "\t"], ids=repr)
@pytest.mark.parametrize("is_ascii", [True, False], ids=["ascii", "not ascii"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=repr)
@pytest.mark.parametrize("final", ["", "\n"], ids=["", "final line end"])
def test_a_notebook_s_formatting(
    tmp_path: Path, indent: int | str | None, is_ascii: bool, line_end: str, final: str
) -> None:
    def text(made: dict) -> bytes:
        raw = json.dumps(made, indent=indent, ensure_ascii=is_ascii) + final
        return raw.replace("\n", line_end).encode()

    cells = [[], "", ["# ü 😀\n", *LINES], OLD, "x = 1  # ü\n", ["y = 2"], LINES]
    file = write(tmp_path / "look.ipynb", text(notebook(*cells)))
    assert migrate_file(str(file), Job(KERAS)).changed
    after = text(notebook(*map(moved_source, cells)))
    assert file.read_bytes() == after
    assert not migrate_file(str(file), Job(KERAS)).changed
    assert file.read_bytes() == after


def test_escapes_of_lines_that_stay(tmp_path: Path) -> None:
    raw = json.dumps(notebook(["x = 'ü/'\n", *LINES])).replace("/", "\\/")
    file = write(tmp_path / "look.ipynb", raw)
    assert migrate(file) == 0
    start, _, cell = raw.rpartition("from tensorflow.keras")
    assert file.read_text("utf-8") == f"{start}from keras{cell}"


@pytest.mark.parametrize(
    "cell",
    [
        ["%matplotlib inline\n", "!pip install keras\n", *LINES],
        ["files = !ls\n", "%time x = 3\n", "?x\n", "x??\n", *LINES],
        ["!pip install \\\n", "    keras\n", *LINES],
        ["%env A=b\n", "if True:\n", "    %set_env TF_CPP_MIN_LOG_LEVEL 3\n", *LINES],
        ["if True:\n", "    !pip install \\\n", "      keras\n", "    %time x = 3\n", *LINES],
        ["%%time\n", "\n", *LINES],
        ["%%timeit -n 3 tf.keras.Model\n", *LINES],
        ["'''\n", "%matplotlib\n", "'''\n", "%time\n", *LINES],
        ["await x\n", *LINES],
        [line.replace("\n", "\r\n") for line in LINES],
        ["x = '\u2028'\n", *LINES],
        "".join(["%matplotlib inline\n", *LINES]),
    ],
    ids=lambda cell: "".join(cell)[:20],
)
def test_a_cell_with_more_than_python(tmp_path: Path, cell: list[str] | str) -> None:
    file = write(tmp_path / "look.ipynb", json.dumps(notebook(cell), indent=1))
    outcome = migrate_file(str(file), Job(KERAS))
    assert (outcome.changed, outcome.notes, outcome.problem) == (True, (), None)
    expected = "".join(cell).replace("from tensorflow.keras import", "from keras import")
    [row] = json.loads(file.read_bytes())["cells"]
    assert "".join(row["source"]) == expected
    assert type(row["source"]) is type(cell)


@pytest.mark.parametrize(
    "cell",
    [
        ["%%bash\n", "for i in 1; do\n", "  echo 'from tensorflow.keras import layers'\n", "done"],
        ["%%writefile mine.py\n", *LINES],
        ["%%javascript\n", *LINES],
        ["%%html\n", "<b>", *LINES],
    ],
    ids=lambda cell: cell[0],
)
def test_a_cell_of_another_language(tmp_path: Path, cell: list[str]) -> None:
    file = write(tmp_path / "look.ipynb", json.dumps(notebook(cell, LINES)))
    outcome = migrate_file(str(file), Job(KERAS))
    assert (outcome.changed, outcome.notes) == (True, ())
    assert json.loads(file.read_bytes()) == notebook(cell, moved_source(LINES))


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("print 'tensorflow.keras'", "Python 2, not Python 3"),
        ("from tensorflow.keras import", "not Python 3"),
        (OLD.replace("\n", "\r"), "carriage returns inside of lines"),
        (f"{OLD}'\ud800'", "not Python 3"),
    ],
)
def test_a_cell_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cell: str, reason: str
) -> None:
    file = write(tmp_path / "look.ipynb", json.dumps(notebook("x = 1", cell, OLD)))
    assert migrate(file) == 2
    assert json.loads(file.read_bytes()) == notebook("x = 1", cell, NEW)
    errors = capsys.readouterr().err
    assert f"{file}: cell 2: " in errors
    assert reason in errors


def test_a_notebook_that_asks_for_the_legacy_keras(tmp_path: Path) -> None:
    cells = [
        "%env TF_USE_LEGACY_KERAS=1",
        "import tensorflow as tf\ntf.keras.Model().fit_generator(x)",
    ]
    file = write(tmp_path / "look.ipynb", json.dumps(notebook(*cells)))
    assert not migrate_file(str(file), Job(parse_target("tensorflow.keras"))).changed
    file = write(tmp_path / "late.ipynb", json.dumps(notebook(*reversed(cells))))
    assert migrate_file(str(file), Job(parse_target("tensorflow.keras"))).changed


def test_the_place_of_what_is_left_in_a_notebook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = notebook("%matplotlib\n\nimport keras", ["x = 1\n", "y = keras.nothing"])
    made["cells"].insert(1, {"cell_type": "markdown", "source": ["import keras"], "metadata": {}})
    file = write(tmp_path / "look.ipynb", json.dumps(made))
    assert migrate(file) == 1
    assert f"{file}:cell 3:2:5: KI001 `keras.nothing` has no" in capsys.readouterr().err
    assert json.loads(file.read_bytes()) == made


def test_a_notebook_is_one_module(tmp_path: Path) -> None:
    cells = ["import tensorflow as tf\n", "x = tf.nn", "y = tf.keras.Model"]
    file = write(tmp_path / "look.ipynb", json.dumps(notebook(*cells)))
    assert migrate(file) == 0
    new = ["import keras\nimport tensorflow as tf\n", "x = tf.nn", "y = keras.Model"]
    assert json.loads(file.read_bytes()) == notebook(*new)


def test_a_notebook_of_format_3(tmp_path: Path) -> None:
    def made(source: list[str]) -> dict:
        cell = {"cell_type": "code", "input": source, "language": "python", "outputs": []}
        return {"worksheets": [{"cells": [cell]}], "metadata": {}, "nbformat": 3}

    file = write(tmp_path / "look.ipynb", json.dumps(made(LINES)))
    assert migrate(file) == 0
    assert json.loads(file.read_bytes()) == made(moved_source(LINES))


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_cells_without_code(tmp_path: Path, kind: str) -> None:
    file = write(tmp_path / "look.ipynb", json.dumps(notebook(LINES, OLD, kind=kind)))
    before = file.read_bytes()
    assert migrate(file) == 0
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"language": "R", "name": "ir"}},
        {"kernelspec": {"name": "ir"}, "language_info": {"name": "R"}},
    ],
)
def test_a_notebook_of_another_language(tmp_path: Path, metadata: dict) -> None:
    file = write(tmp_path / "look.ipynb", json.dumps(notebook(OLD, **metadata)))
    before = file.read_bytes()
    assert migrate(file) == 0
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "metadata",
    [{"kernelspec": None}, {"kernelspec": {"language": "python"}, "language_info": {}}],
)
def test_a_notebook_that_says_little_of_itself(tmp_path: Path, metadata: dict) -> None:
    file = write(tmp_path / "look.ipynb", json.dumps(notebook(OLD, **metadata)))
    assert migrate(file) == 0
    assert json.loads(file.read_bytes()) == notebook(NEW, **metadata)


@pytest.mark.parametrize(
    "text",
    [
        '{"cells": keras}',
        '["keras"]',
        '"keras"',
        '{"keras": 1}',
        '{"cells": ["keras"]}',
        '{"cells": [{"source": "keras"}]}',
        '{"cells": [{"cell_type": "code", "source": 3, "keras": 1}]}',
        '{"cells": [{"cell_type": "code", "source": ["keras", 3]}]}',
        "[" * 100_000 + '"keras"',
        "keras",
        "",
    ],
    ids=lambda text: text[:60],
)
def test_a_broken_notebook(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    file = write(tmp_path / "look.ipynb", text)
    assert migrate(file) == (2 if text else 0)
    if text:
        assert f"{file}: broken notebook: " in capsys.readouterr().err
    assert file.read_text("utf-8") == text


def test_portable_projects_are_known_by_their_answers(tmp_path: Path) -> None:
    write(tmp_path / ".copier-answers.yml", "keras: portable\n")
    flavour = write(tmp_path / "src/mine/keras_flavour.py", "import keras\nimport tf_keras\n")
    module = write(tmp_path / "src/mine/model.py", "import keras\n\nx = keras.layers.Dense(3)\n")
    portable = "from mine.keras_flavour import keras\n\nx = keras.layers.Dense(3)\n"
    legacy = "import tf_keras as keras\n\nx = keras.layers.Dense(3)\n"
    for target, expected in (("portable", portable), ("tf_keras", legacy), ("portable", portable)):
        assert cli.main(["migrate", str(tmp_path / "src"), "--to", target]) == 0
        assert module.read_text("utf-8") == expected
        assert flavour.read_text("utf-8") == "import keras\nimport tf_keras\n"


def test_elsewhere_there_is_no_portable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "mine.py", OLD)
    assert cli.main(["migrate", str(file), "--to", "portable"]) == 2
    assert "this is none" in capsys.readouterr().err
    assert file.read_text("utf-8") == OLD


SHARED = "from keras import backend as K\n\n\ndef f(x):\n    return K.sum(x)\n"


@pytest.mark.parametrize(
    "user", ["from utils import K, f\n", "from .utils import (\n    f,\n    K,\n)\n"]
)
def test_what_another_file_imports_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], user: str
) -> None:
    file = write(tmp_path / "utils.py", SHARED)
    write(tmp_path / "train.py", f"{user}print(K.sum(1))\n")
    assert migrate(tmp_path) == 1
    assert file.read_text("utf-8").startswith("from keras import backend as K, ops\n")
    assert "utils.py:1:19: KI206 `K` is imported by other files" in capsys.readouterr().err


def test_what_nobody_else_imports_goes(tmp_path: Path) -> None:
    file = write(tmp_path / "utils.py", SHARED)
    write(tmp_path / "train.py", "from utils import f\nfrom other import K\n")
    assert migrate(tmp_path) == 0
    assert file.read_text("utf-8").startswith("from keras import ops\n")


def test_a_star_that_another_file_imports_stays_one(tmp_path: Path) -> None:
    file = write(tmp_path / "common.py", "from tensorflow.keras.layers import *\nx = Dense\n")
    write(tmp_path / "net.py", "from common import *\nx = Input, Flatten\n")
    assert migrate(tmp_path) == 0
    assert file.read_text("utf-8") == "from keras.layers import *\nx = Dense\n"


def test_what_is_no_python_in_a_notebook_uses_names(tmp_path: Path) -> None:
    first = [
        "import tensorflow as tf\n",
        "from tensorflow.keras import backend as K\n",
        "K.mean(x)",
    ]
    magic = ["%%html\n", "{K.sum(x)}"], ["!echo {tf.__version__}"]
    cells = [{"cell_type": "code", "source": source} for source in (first, *magic)]
    file = write(tmp_path / "a.ipynb", json.dumps({"cells": cells, "metadata": {}}))
    migrate(file)
    source = "".join(json.loads(file.read_text("utf-8"))["cells"][0]["source"])
    assert "import tensorflow as tf\n" in source
    assert "from keras import backend as K" in source
    assert "keras.ops.mean(x)" in source or "ops.mean(x)" in source


def test_statements_that_a_magic_runs_are_moved(tmp_path: Path) -> None:
    lines = {
        "%%time\n": "%%time\n",
        "from keras.layers.core import Dense\n": "from keras.layers import Dense\n",
        "%time from keras import backend as K\n": "%time from keras import ops\n",
        "for _ in range(3):\n": "for _ in range(3):\n",
        "    %timeit -n 10 -r3 y = K.sum(x)\n": "    %timeit -n 10 -r3 y = ops.sum(x)\n",
        "%time Dense(3, init='zero')\n": "%time Dense(3, kernel_initializer='zero')\n",
        "%prun\n": "%prun\n",
        "%time this is no Python\n": "%time this is no Python\n",
        "%timeit -q K.sum(x); K.mean(x)": "%timeit -q ops.sum(x); ops.mean(x)",
    }
    cell = {"cell_type": "code", "source": [*lines]}
    file = write(tmp_path / "a.ipynb", json.dumps({"cells": [cell], "metadata": {}}))
    migrate(file)
    assert json.loads(file.read_text("utf-8"))["cells"][0]["source"] == [*lines.values()]


@pytest.mark.parametrize(
    ("requirement", "is_old"),
    [
        ("keras==2.2.2", True),
        ("Keras==2.1.5", True),  # which the atlas does not have itself
        ("keras>=2.1,<2.3", True),
        ("keras==2.3.1", False),
        ("keras>=2.1", False),
        ("keras>=3.15", False),
        ("keras==9.9", False),
        ("tensorflow==1.15", False),
    ],
)
def test_the_release_that_is_declared_tells_defaults(
    tmp_path: Path, requirement: str, is_old: bool
) -> None:
    write(tmp_path / "requirements.txt", f"{requirement}\n")
    code = "from keras.layers import LSTM\nx = LSTM(3)\n"
    file = write(tmp_path / "mine.py", code)
    migrate(tmp_path)
    moved = file.read_text("utf-8")
    assert ("recurrent_activation" in moved) is is_old
    migrate(tmp_path)
    assert file.read_text("utf-8") == moved


def test_what_is_newer_than_declared_was_moved_already(tmp_path: Path) -> None:
    write(tmp_path / "requirements.txt", "keras==2.2.2\n")
    code = "from keras import layers, ops\nx = ops.mean(layers.LSTM(3)(y))\n"
    file = write(tmp_path / "mine.py", code)
    assert migrate(tmp_path) == 1
    assert file.read_text("utf-8") == code
