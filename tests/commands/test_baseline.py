"""A baseline leaves out what was there before, and nothing else."""

from __future__ import annotations

import json
import os
import sys

import pytest
from releases import KERAS, TENSORFLOW

from keras_imports.cli import main

K3 = ["--installed", f"keras=={KERAS}", "--installed", f"tensorflow=={TENSORFLOW}"]
OLD = "from keras.layers.core import Dense\nx = Dense(3, init='zero')\n"
NEW = "from keras.layers.core import Dropout\n"


@pytest.fixture
def project(tmp_path, monkeypatch, capsys):
    """A project with some old code and its baseline, which is the current directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TF_USE_LEGACY_KERAS", raising=False)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text(OLD, "utf-8")
    (tmp_path / "b.py").write_text(OLD, "utf-8")
    assert main(["check", ".", *K3, "--write-baseline", "known.json"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("(as named): 4 findings written to known.json\n")
    return tmp_path


def check(capsys, *paths, baseline="known.json"):
    """Return the exit status, the places that are reported, and the summary."""
    status = main(["check", *(paths or ["."]), *K3, "--baseline", baseline])
    out, err = capsys.readouterr()
    places = [line.partition(": ")[0] for line in out.splitlines()]
    return status, places, err


def test_what_was_there_is_left_out_and_counted(project, capsys):
    status, places, said = check(capsys)
    assert (status, places) == (0, [])
    assert said.endswith(": nothing new; 4 findings left out, which the baseline has\n")


def test_lines_may_move_and_be_indented(project, capsys):
    moved = "# one more line\nif True:\n    " + OLD.replace("\n", "\n    ")
    (project / "b.py").write_text(moved, "utf-8")
    assert check(capsys)[:2] == (0, [])


def test_what_is_new_is_reported(project, capsys):
    (project / "b.py").write_text(NEW + OLD, "utf-8")
    (project / "c.py").write_text(OLD, "utf-8")
    status, places, said = check(capsys)
    assert (status, places) == (1, ["b.py:1:31", "c.py:1:31", "c.py:2:5"])
    assert said.endswith(": 3 errors; 4 findings left out, which the baseline has\n")


def test_of_lines_that_are_alike_as_many_are_known_as_there_were(project, capsys):
    (project / "b.py").write_text(OLD + OLD, "utf-8")
    assert check(capsys)[1] == ["b.py:3:31", "b.py:4:5"]


def test_another_code_in_a_known_line_is_new(project, capsys):
    table = json.loads((project / "known.json").read_text("utf-8"))
    table["findings"]["b.py"]["KI108"] = table["findings"]["b.py"].pop("KI001")
    (project / "known.json").write_text(json.dumps(table), "utf-8")
    assert check(capsys)[1] == ["b.py:1:31"]


def test_paths_are_those_from_the_baseline_on(project, capsys, monkeypatch):
    monkeypatch.chdir(project / "src")
    assert check(capsys, "a.py", "../b.py", baseline="../known.json")[:2] == (0, [])


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_may_lead_to_it(project, capsys):
    (project / "link").symlink_to(project, target_is_directory=True)
    assert check(capsys, "b.py", baseline="link/known.json")[:2] == (0, [])
    assert check(capsys, "link/b.py")[:2] == (0, [])


def test_it_is_made_to_be_compared(project, capsys):
    before = (project / "known.json").read_bytes()
    main(["check", "src", "b.py", *K3, "--write-baseline", "known.json"])
    assert (project / "known.json").read_bytes() == before
    table = json.loads(before)
    assert list(table["findings"]) == ["b.py", "src/a.py"]
    assert table["findings"]["b.py"]["KI007"] == {"x = Dense(3, init='zero')": 1}
    assert before.endswith(b"}\n")
    assert [path.name for path in project.iterdir() if "keras-imports" in path.name] == []


def files_in(project):
    return set(json.loads((project / "known.json").read_bytes())["findings"])


def test_what_it_has_of_other_files_stays_as_long_as_they_are_there(project, capsys):
    (project / "b.py").write_text("", "utf-8")
    assert main(["check", "b.py", *K3, "--write-baseline", "known.json"]) == 0
    said = ": 0 findings written to known.json, which keeps those of 1 file not looked at\n"
    assert capsys.readouterr().err.endswith(said)
    assert files_in(project) == {"src/a.py"}
    (project / "src" / "a.py").unlink()
    main(["check", "b.py", *K3, "--write-baseline", "known.json"])
    assert files_in(project) == set()


def test_what_it_has_of_codes_that_are_not_looked_for_stays(project, capsys):
    written = ["check", ".", *K3, "--select", "KI001", "--write-baseline", "known.json"]
    assert main(written) == 0
    said = ": 2 findings written to known.json, which keeps 2 findings not looked for\n"
    assert capsys.readouterr().err.endswith(said)
    assert check(capsys)[:2] == (0, [])


def test_what_it_has_of_a_file_that_cannot_be_read_now_stays(project):
    (project / "b.py").write_text("import keras\nprint keras\n", "utf-8")
    assert main(["check", ".", *K3, "--write-baseline", "known.json"]) == 2
    assert files_in(project) == {"b.py", "src/a.py"}


def test_it_replaces_no_other_file(project, capsys):
    assert main(["check", "b.py", *K3, "--write-baseline", "b.py"]) == 2
    assert "b.py: this is no baseline: " in capsys.readouterr().err
    assert (project / "b.py").read_text("utf-8") == OLD
    assert main(["check", "b.py", *K3, "--write-baseline", os.devnull]) == 2
    assert not os.path.isfile(os.devnull)


def test_it_is_written_or_counted(project, capsys):
    assert main(["check", ".", *K3, "--statistics", "--write-baseline", "known.json"]) == 2
    assert "--write-baseline reports nothing" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_a_file_may_have_any_name(project, capsys):
    (project / os.fsdecode(b"\xe9.py")).write_text(OLD, "utf-8")
    main(["check", ".", *K3, "--write-baseline", "known.json"])
    capsys.readouterr()
    assert check(capsys)[:2] == (0, [])


@pytest.mark.skipif(os.name == "nt", reason="no modes there")
def test_others_may_read_it(project):
    mask = os.umask(0)
    os.umask(mask)
    assert (project / "known.json").stat().st_mode & 0o777 == 0o666 & ~mask


def test_cells_of_notebooks_may_move(project, capsys):
    def notebook(*cells):
        rows = [{"cell_type": "code", "source": cell, "outputs": []} for cell in cells]
        (project / "n.ipynb").write_text(json.dumps({"cells": rows, "nbformat": 4}), "utf-8")

    notebook(OLD)
    main(["check", "n.ipynb", *K3, "--write-baseline", "known.json"])
    notebook("import keras\n", "# a comment\n" + OLD, NEW)
    capsys.readouterr()
    assert check(capsys, "n.ipynb")[1] == ["n.ipynb:cell 3:1:31"]


def test_what_is_left_after_fixes_may_be_known(project, capsys):
    text = "import keras\n\nkeras.Sequential().predict_classes(x)\n"
    (project / "b.py").write_text(OLD + text, "utf-8")
    main(["check", "b.py", *K3, "--fix", "--write-baseline", "known.json"])
    capsys.readouterr()
    assert check(capsys, "b.py")[:2] == (0, [])


def test_what_cannot_be_read_is_a_problem_all_the_same(project, capsys):
    (project / "c.py").write_text("import keras\nprint keras\n", "utf-8")
    status, places, said = check(capsys)
    assert (status, places) == (2, [])
    assert "1 problem; 4 findings left out" in said
    assert main(["check", ".", *K3, "--write-baseline", "known.json"]) == 2
    assert ": 1 problem; 4 findings written to known.json" in capsys.readouterr().err


def test_a_report_for_programs_is_one_where_a_baseline_is_written(project, capsys):
    main(["check", ".", *K3, "--write-baseline", "known.json", "--json"])
    assert json.loads(capsys.readouterr().out)["findings"] == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"version": 2, "findings": {}}', "its version is 2, and 1 is known"),
        ('{"findings": {}}', "it says no version"),
        ("[]", "it says no version"),
        ('{"version": 1}', "its findings are not counts by file, code and line"),
        ('{"version": 1, "findings": {"a.py": {"KI001": ["x"]}}}', "its findings are not counts"),
        ('{"version": 1, "findings": {"a.py": {"KI001": {"x": {}}}}}', "are not counts"),
        ('{"version": 1, "findings": {"a.py": {"KI001": {"x": 1e999}}}}', "are not counts"),
        ('{"version": 1,', "this is no baseline: Expecting"),
        ("[" * 100_000, "this is no baseline: "),
    ],
)
def test_what_is_no_baseline_is_refused_in_a_line(project, capsys, text, says):
    (project / "known.json").write_text(text, "utf-8")
    status, places, said = check(capsys)
    assert (status, places) == (2, [])
    assert said.startswith("keras-imports: known.json: ")
    assert says in said
    assert said.count("\n") == 1


def test_without_a_file_it_is_said_how_to_make_it(project, capsys):
    _, _, said = check(capsys, baseline="none.json")
    assert said == (
        "keras-imports: none.json: no such file; `--write-baseline none.json` makes it\n"
    )


def test_a_folder_that_is_not_there_is_one_line(project, capsys):
    assert main(["check", ".", *K3, "--write-baseline", "none/known.json"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("keras-imports: none/known.json: there is no folder ")
    assert said.count("\n") == 1


def test_where_it_cannot_be_written_it_is_said(project, capsys, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied", ".keras-imports-x")

    monkeypatch.setattr("keras_imports.commands.baseline.write_atomically", refuse)
    assert main(["check", ".", *K3, "--write-baseline", "known.json"]) == 2
    said = "keras-imports: known.json: permission denied; no baseline is written\n"
    assert capsys.readouterr().err == said
