"""The command line: help with examples, quick, one line for each error."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress

import pytest

from keras_imports import atlas, cli
from keras_imports.check.engine import check_module


def help_of(capsys, *arguments):
    with pytest.raises(SystemExit) as exit_:
        cli.main([*arguments, "--help"])
    assert exit_.value.code == 0
    return capsys.readouterr().out


def test_help_lists_the_commands(capsys):
    text = help_of(capsys)
    for command in cli.COMMANDS:
        assert f"\n    {command} " in text
    assert "exit status: 0 all is well, 1 there are findings, 2 wrong usage or input" in text


@pytest.mark.parametrize(
    "command",
    [
        ["where"],
        ["check"],
        ["migrate"],
        ["doctor"],
        ["atlas", "build"],
        ["atlas", "add"],
        ["atlas", "diff"],
    ],
)
def test_help_has_examples_that_parse(capsys, command):
    text = help_of(capsys, *command)
    examples = [line.strip() for line in text.partition("examples:\n")[2].splitlines()]
    assert examples
    for example in examples:
        words = example.split()
        start = words.index("keras-imports")
        args = cli.parser(words[start + 1]).parse_args(words[start + 1 :])
        assert words[start + 1] == args.command


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["atlas"], ["where"], ["check"]])
def test_wrong_usage_exits_with_2(capsys, arguments):
    with pytest.raises(SystemExit) as exit_:
        cli.main(arguments)
    assert exit_.value.code == 2
    assert "usage: keras-imports" in capsys.readouterr().err


@pytest.mark.parametrize("error", [ValueError("no such release"), OSError("disk is full")])
def test_errors_are_one_line(capsys, monkeypatch, error):
    def fail(args):
        raise error

    monkeypatch.setattr("keras_imports.commands.where.run", fail)
    assert cli.main(["where", "Dense"]) == 2
    assert capsys.readouterr().err == f"keras-imports: {error}\n"


def test_a_file_that_fails_is_named(capsys, monkeypatch):
    def fail(args):
        raise PermissionError(13, "Permission denied", "a\nb")

    monkeypatch.setattr("keras_imports.commands.where.run", fail)
    assert cli.main(["where", "Dense"]) == 2
    assert capsys.readouterr().err == "keras-imports: a\\nb: permission denied\n"


@pytest.mark.skipif(os.name == "nt", reason="a folder in use stays there")
@pytest.mark.parametrize("command", ["check", "migrate"])
def test_a_folder_that_is_gone_is_said(tmp_path, command):
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [command, "."] + ["--to", "keras"] * (command == "migrate")
    done = subprocess.run(
        [
            "sh",
            "-c",
            'rmdir "$0"; exec "$@"',
            tmp_path,
            sys.executable,
            "-m",
            "keras_imports",
            *words,
        ],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("keras-imports: the current folder is not there any more")
    assert done.stderr.count("\n") == 1


def test_a_damaged_atlas_is_one_line(capsys, monkeypatch):
    def fail(args):
        raise atlas.AtlasError("the atlas cannot be read")

    monkeypatch.setattr("keras_imports.commands.where.run", fail)
    assert cli.main(["where", "Dense"]) == 2
    assert capsys.readouterr().err == "keras-imports: the atlas cannot be read\n"


def test_a_bug_is_not_hidden(monkeypatch, capsys):
    def fail(args):
        raise KeyError("bug")

    monkeypatch.setattr("keras_imports.commands.where.run", fail)
    with pytest.raises(KeyError):
        cli.main(["where", "Dense"])
    assert capsys.readouterr().err.startswith(
        "keras-imports: this is a defect of keras-imports; please report it as an issue"
    )


def test_a_bug_in_one_file_keeps_no_other_from_being_checked(monkeypatch, capsys, tmp_path):
    def fail(module):
        if module.source.file.endswith("a.py"):
            raise KeyError("bug")
        return check_module(module)

    monkeypatch.setattr("keras_imports.check.files.check_module", fail)
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("from keras.layers.core import Dense\n")
    assert cli.main(["check", str(tmp_path), "--installed", "keras==3.15.1"]) == 2
    out, err = capsys.readouterr()
    assert "b.py:1:" in out
    assert "a.py: a defect of keras-imports, and not of the file (KeyError: 'bug' in " in err
    assert "please report it as an issue, with the file" in err


@pytest.mark.skipif(os.name == "nt", reason="it has no such terminals")
def test_a_terminal_obeys_no_file(tmp_path):
    import pty

    attack = "\x1b]0;title\x07\x9b2J\u202e"
    (tmp_path / f"a{attack}.py").write_text("from keras.layers.core import Dense\n")
    (tmp_path / "b.py").write_text(f"from keras.layers.core import Dense  # {attack}\r\n")
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    environ.pop("NO_COLOR", None)
    said = b""
    for words in (["check", "."], ["migrate", ".", "--to", "keras", "--diff"], ["where", attack]):
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "keras_imports", *words]
        with subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=theirs, stderr=theirs):
            os.close(theirs)
            with suppress(OSError):  # what there is at the end
                while more := os.read(ours, 4096):
                    said += more
    text = said.decode()
    assert "\x1b[31m" in text, "colours are ours"
    assert "a\\x1b]0;title\\x07\\x9b2J\\u202e.py:1:" in text
    assert not {"\x07", "\x9b", "\u202e"} & {*text}
    assert "\x1b]" not in text


def test_help_loads_no_command():
    code = (
        "import sys; from keras_imports import cli; cli.parser().format_help();"
        "print([m for m in sys.modules if m.startswith(('keras_imports.', 'yaml'))])"
    )
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environ, check=True
    )
    assert done.stdout.strip() == "['keras_imports.interrupts', 'keras_imports.cli']"


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_a_command_loads_no_other(command):
    code = (
        "import sys; from keras_imports import cli; cli.parser(sys.argv[1]);"
        "print(*({f'keras_imports.commands.{c}' for c in cli.COMMANDS} & sys.modules.keys()))"
    )
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code, command],
        capture_output=True,
        text=True,
        env=environ,
        check=True,
    )
    assert done.stdout.split() == [f"keras_imports.commands.{command}"]


def test_the_module_runs():
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-m", "keras_imports", "--help"],
        capture_output=True,
        text=True,
        env=environ,
    )
    assert done.returncode == 0
    assert done.stdout.startswith("usage: keras-imports")


@pytest.mark.skipif(os.name == "nt", reason="no such shell there")
@pytest.mark.parametrize(("closed", "other"), [(">&-", "stderr"), ("2>&-", "stdout")])
def test_a_stream_that_is_closed_is_no_error(tmp_path, closed, other):
    (tmp_path / "a.py").write_text("from keras.layers.core import Dense\n", "utf-8")
    command = f'"$0" -m keras_imports check a.py --json --installed keras==3.15.1 {closed}'
    run = subprocess.run(
        ["sh", "-c", command, sys.executable],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert run.returncode == 1
    text = getattr(run, other)
    assert text.startswith('{"version"' if other == "stdout" else "1 file against ")
    assert "1 file against " not in run.stdout
