"""What `check` keeps from run to run changes nothing but the time that it takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from releases import KERAS, TENSORFLOW

from keras_imports.cli import main

K3 = ["--installed", f"keras=={KERAS}", "--installed", f"tensorflow=={TENSORFLOW}"]
COMMAND = [sys.executable, "-m", "keras_imports", "check", ".", *K3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
BUILD = "import keras\n\ndef build():\n    return keras.Sequential()\n"
OTHER = "def build():\n    return 1\n"
USE = "from model import build\n\nbuild().predict_classes(rows)\n"


@pytest.fixture
def project(repository):
    """A project with a folder for results, which is the current directory."""
    (repository / ".keras_imports_cache").mkdir()
    (repository / "model.py").write_text(BUILD, "utf-8")
    (repository / "use.py").write_text(USE, "utf-8")
    return repository


@pytest.fixture
def check(capsys):
    """Run `check`; return the exit status and what it prints."""

    def run(*arguments):
        return main(["check", ".", *(arguments or K3)]), *capsys.readouterr()

    return run


def kept(project):
    return sorted((project / ".keras_imports_cache").glob("*.json"))


def remember(project):
    """Change what is kept of each finding, so that it is seen where it is printed again."""
    for path in kept(project):
        row = json.loads(path.read_bytes())
        for finding in row["findings"]:
            finding["message"] = "remembered"
        path.write_text(json.dumps(row), "utf-8")


def is_remembered(out):
    return "remembered" in out


def test_a_second_run_says_the_same_and_looks_at_nothing_again(project, check):
    first = check()
    assert "use.py:3:1: error KI108" in first[1]
    assert check() == first
    remember(project)
    status, out, err = check()
    assert (status, err, is_remembered(out)) == (first[0], first[2], True)


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
def test_every_form_is_the_same(project, check, form):
    cell = {"cell_type": "code", "source": "from keras.layers.core import Dense\n", "outputs": []}
    text = json.dumps({"cells": [cell, cell], "nbformat": 4})
    (project / "n.ipynb").write_text(text, "utf-8")
    (project / "broken.py").write_text("import keras\nprint keras\n", "utf-8")
    (project / "unseen.py").write_text("import keras\ngetattr(keras.layers, name)\n", "utf-8")
    first = check(*K3, "--format", form)
    assert kept(project)
    assert check(*K3, "--format", form) == first


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("model.py", OTHER),  # another file tells another thing
        ("use.py", USE + "# a comment\n"),
        ("keras.py", ""),  # it hides the package
        ("model/__init__.py", BUILD),  # another file is imported
        ("keras-imports.toml", 'ignore = ["KI2"]\n'),
        ("new.py", "from model import build\n"),  # one more is connected
    ],
)
def test_what_a_result_depends_on_makes_it_be_found_anew(project, check, name, text):
    check()
    remember(project)
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text(text, "utf-8")
    if name.startswith("model/"):
        (project / "model.py").unlink()
    done = subprocess.run(COMMAND, env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode in (0, 1)
    assert not is_remembered(done.stdout)


def test_what_is_lost_is_found_by_what_the_others_tell(project, check):
    first = check()
    for lost in kept(project):
        text = lost.read_bytes()
        lost.unlink()
        assert check() == first
        assert lost.read_bytes() == text


def test_what_it_does_not_depend_on_changes_nothing(project, check):
    check()
    remember(project)
    (project / "alone.py").write_text("import keras\n\nkeras.engine\n", "utf-8")
    out = check()[1]
    assert is_remembered(out)
    assert "alone.py:3:1: error KI001" in out


def test_other_releases_find_something_else(project, check):
    check("--installed", "keras==2.2.4")
    assert "KI108" in check()[1]
    remember(project)
    assert "KI108" not in check("--installed", "keras==2.2.4")[1]


def test_what_is_declared_counts(project, check):
    (project / "requirements.txt").write_text("keras==2.2.4\n", "utf-8")
    assert "KI108" not in check(*["--select", "KI1"])[1]
    (project / "requirements.txt").write_text(f"keras=={KERAS}\n", "utf-8")
    assert "KI108" in check(*["--select", "KI1"])[1]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": 1}', "\0" * 9, "null", "[" * 100_000])
def test_what_was_damaged_is_made_anew(project, check, text):
    first = check()
    for path in kept(project):
        path.write_text(text, "utf-8")
    assert check() == first
    assert all(json.loads(path.read_bytes())["key"] for path in kept(project))


def test_what_is_kept_in_another_shape_is_found_anew(project, check):
    first = check()
    for path in kept(project):
        row = json.loads(path.read_bytes())
        path.write_text(json.dumps({"key": row["key"], "findings": [{"line": 1}]}), "utf-8")
    assert check() == first


def test_no_link_of_the_folder_is_followed(project, check, tmp_path_factory):
    """A repository may have put it there."""
    first = check()
    outside = tmp_path_factory.mktemp("outside") / "mine"
    outside.write_text("mine", "utf-8")
    for path in [*kept(project), project / ".keras_imports_cache" / ".gitignore"]:
        path.unlink()
        path.symlink_to("/dev/zero" if path.suffix == ".json" else outside)
        path.with_name(f"{path.name}.{os.getpid()}").symlink_to(outside)
    assert check() == first
    assert outside.read_text("utf-8") == "mine"


def test_it_is_no_matter_of_git(project, check):
    check()
    assert (project / ".keras_imports_cache" / ".gitignore").read_text("utf-8") == "*\n"


def test_a_folder_that_is_no_folder_is_no_matter(project, check):
    (project / ".keras_imports_cache").rmdir()
    (project / ".keras_imports_cache").write_text("", "utf-8")
    assert check()[0] == 1
    assert (project / ".keras_imports_cache").read_text("utf-8") == ""


def test_nothing_is_written_through_a_link(project, check, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (project / ".keras_imports_cache").rmdir()
    (project / ".keras_imports_cache").symlink_to(elsewhere)
    assert check()[0] == 1
    assert not [*elsewhere.iterdir()]


def test_few_files_leave_no_folder(project, check):
    (project / ".keras_imports_cache").rmdir()
    check()
    assert not (project / ".keras_imports_cache").exists()
    for number in range(64):
        (project / f"m{number}.py").write_text("import keras\n", "utf-8")
    check()
    assert len(kept(project)) == 66


def test_nothing_is_kept_by_wish(project, check):
    check()
    remember(project)
    before = {path: path.read_bytes() for path in kept(project)}
    (project / "new.py").write_text("import keras\n", "utf-8")
    assert not is_remembered(check(*K3, "--no-cache")[1])
    assert {path: path.read_bytes() for path in kept(project)} == before


def test_two_at_once_do_not_disturb_each_other(project):
    for number in range(20):
        text = f"from keras.layers.core import Dense\nx = {number}\n"
        (project / f"m{number}.py").write_text(text, "utf-8")
    runs = [
        subprocess.Popen(COMMAND, env=ENVIRONMENT, text=True, stdout=subprocess.PIPE, stderr=-1)
        for _ in range(2)
    ]
    first, second = [run.communicate() for run in runs]
    assert first[0].count("KI001") == 20
    assert second == first
    assert len(kept(project)) == 22
    assert len([*(project / ".keras_imports_cache").iterdir()]) == 23  # and .gitignore
