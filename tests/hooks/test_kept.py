"""What git cannot merge in an update stays the user's, and is named."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import before_update
import copier
import pytest
from merge.conflicts import remerge
from merging import keep_line_ends
from project import TEMPLATE
from updating import commit, copy, edit, git, state_of, take_back, update

ANSWERS = "answers.yml"
UTF_16 = "# Ünsers\r\n".encode("utf-16")
FLAVOUR = "src/digits/keras_flavour.py"


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with files that git does not track, or cannot merge."""
    project = copy(tmp_path_factory.mktemp("kept") / "project", answers_file=ANSWERS)
    edit(project / ".gitignore", ("runs/\n", "runs/\nDockerfile\n.devcontainer/\n"))
    edit(project / ANSWERS, ("ci: github", "ci: github\nretired: 3"))  # an answer to no question
    (project / "README.md").write_bytes(UTF_16)
    (project / ".dockerignore").write_text("ours/\n", "utf-8")
    (project / FLAVOUR).write_text("import keras\n\nlayers = keras.layers\n", "utf-8")
    edit(
        project / "pyproject.toml",
        ("[project.scripts]", '[tool.keras-imports]\nexclude = ["vendor"]\n\n[project.scripts]'),
    )
    (project / "vendor").mkdir()
    (project / "vendor/theirs.py").write_text("import keras\n", "utf-8")
    (project / "ours.py").write_text("import keras\n", "utf-8")
    for path in ("pyproject.toml", "src/digits/model.py", "src/digits/task.py"):
        data = (project / path).read_bytes()
        (project / path).write_bytes(data.replace(b"\n", b"\r\n"))
    commit(project)
    (project / "Dockerfile").write_text("FROM ours\n", "utf-8")
    (project / ".devcontainer").mkdir()
    (project / ".devcontainer/devcontainer.json").write_text("{}", "utf-8")
    return project


def test_an_update_keeps_what_it_cannot_merge_and_is_taken_back(
    worked: Path, capfd: pytest.CaptureFixture
) -> None:
    before = state_of(worked)
    with pytest.raises(ValueError, match=r"no question called contaner \(did you mean container\?"):
        update(worked, given={"answers_file": ANSWERS}, contaner=True)
    assert state_of(worked) == before
    capfd.readouterr()
    answers = {"keras": "portable", "backend": "jax", "container": True}
    given = {"answers_file": ANSWERS, "context_lines": 2, "exclude": ["*.md5", "x"]}
    update(worked, given=given, **answers)
    report = capfd.readouterr().out
    # What git does not track, or does not merge.
    assert (worked / "README.md").read_bytes() == UTF_16
    assert (worked / "Dockerfile").read_text("utf-8") == "FROM ours\n"
    assert (worked / ".devcontainer/devcontainer.json").read_text("utf-8") == "{}"
    for name, reason in (("Dockerfile", "does not track"), ("README.md", "for binary")):
        said = re.search(rf"{name}: kept as it was, .*{reason}.*; the template's: (.*)\n", report)
        assert said, report
        assert len(git(worked, *said[1].split()[1:])) > 200
    # What both sides made has no common base.
    unmerged = {line.split("\t")[1] for line in git(worked, "ls-files", "-u").splitlines()}
    assert unmerged == {".dockerignore", FLAVOUR}
    text = (worked / FLAVOUR).read_text("utf-8")
    assert text.startswith("<<<<<<< before updating\nimport keras\n\nlayers = keras.layers\n=====")
    assert (worked / ".dockerignore").read_text("utf-8").startswith("<<<<<<< before updating\nours")
    # Line ends are no change by themselves, and stay.
    for path in ("pyproject.toml", "src/digits/model.py", "src/digits/task.py"):
        data = (worked / path).read_bytes()
        assert data.count(b"\n") == data.count(b"\r\n") > 20
        assert b"<<<<<<<" not in data
    assert b"from digits.keras_flavour import" in (worked / "src/digits/task.py").read_bytes()
    # What is excluded is not moved.
    assert (worked / "vendor/theirs.py").read_text("utf-8") == "import keras\n"
    assert "digits.keras_flavour" in (worked / "ours.py").read_text("utf-8")
    # The commands are whole.
    again = re.search("To run it again: undo it, then .*update (.*)\n", report)[1]
    options = "--defaults --context-lines 2 --exclude '*.md5' --exclude x "
    assert f"--answers-file {ANSWERS} {options}" in again
    assert again.endswith(f" {worked}")
    code, said = take_back(re.search("To undo all of it: (.*)\n", report)[1])
    assert code == 0, said
    assert state_of(worked) == before


def test_a_project_that_an_outer_repository_ignores_is_not_updated(
    tmp_path: Path, capfd: pytest.CaptureFixture
) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text("project/\n", "utf-8")
    commit(tmp_path)
    project = copy(tmp_path / "project")
    edit(project / "README.md", ("# Digits", "# Ours"))
    before = state_of(project)
    with pytest.raises(copier.errors.TaskError):
        update(project, keras="tf_keras")
    assert "git has no .copier-answers.yml in its last commit" in capfd.readouterr().out
    assert state_of(project) == before


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        (b"a\nb\nc\n", b"A\r\nb\r\nc\r\n", b"a\nb\nC\n", b"A\r\nb\r\nC\r\n"),
        (b"a\r\nb\r\nc\r\n", b"A\nb\nc\n", b"a\r\nb\r\nC\r\n", b"A\nb\nC\n"),
        (b"", b"a\r\n", b"a\n", b"a\r\n"),
        (b"", b"a\n", b"b\n", None),
        (b"a\n", b"b\r\n", b"c\n", None),
    ],
)
@pytest.mark.parametrize("name", ["list.txt", "module.py"])
def test_line_ends_are_no_change_and_an_empty_base_is_none(
    name: str, base: bytes, ours: bytes, theirs: bytes, merged: bytes | None, tmp_path: Path
) -> None:
    git(tmp_path, "init", "--quiet")
    versions = {}
    for number, data in enumerate((base, ours, theirs), 1):
        (tmp_path / name).write_bytes(data)
        versions[number] = git(tmp_path, "hash-object", "-w", name).strip()
    text, clean = remerge(tmp_path, name, versions, None)
    assert clean == (merged is not None)
    end = b"\r\n" if b"\r\n" in ours else b"\n"
    conflict = [b"<<<<<<< before updating", ours.strip(), b"=======", theirs.strip()]
    expected = merged or end.join([*conflict, b">>>>>>> after updating", b""])
    assert text == expected


def test_a_file_that_is_written_anew_keeps_its_line_ends(tmp_path: Path) -> None:
    """Where git has other ones than the folder, as it does on Windows."""
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "core.autocrlf", "true")
    (tmp_path / ".copier-answers.yml").write_bytes(b"package_name: digits\n")
    (tmp_path / "README.md").write_bytes(b"# Old\r\n\r\nText\r\n")
    commit(tmp_path)
    begun = before_update.begin(tmp_path, ".copier-answers.yml")
    (tmp_path / "README.md").write_bytes(b"# New\n\nText\n")
    (tmp_path / ".copier-answers.yml").write_bytes(b"package_name: digits\nnew: 1\n")
    keep_line_ends(tmp_path, begun)
    assert (tmp_path / "README.md").read_bytes() == b"# New\r\n\r\nText\r\n"
    assert b"\r" not in (tmp_path / ".copier-answers.yml").read_bytes()


@pytest.mark.parametrize(
    ("hook", "arguments", "module", "code", "said"),
    [
        ("after_copy", [ANSWERS], "proof", 0, "\nNOT VALIDATED\n"),
        ("after_update", [ANSWERS, "{}"], "migration", 1, "\nUPDATED IN PART"),
    ],
)
def test_an_interrupt_is_heard_before_a_hook_is_loaded(
    hook: str, arguments: list[str], module: str, code: int, said: str, tmp_path: Path
) -> None:
    """Which takes long enough for an impatient user."""
    hooks = tmp_path / "hooks"
    shutil.copytree(TEMPLATE / "hooks", hooks)
    (hooks / f"{module}.py").write_text("print('loads')\nimport time\ntime.sleep(60)\n", "utf-8")
    command = [sys.executable, hooks / f"{hook}.py", *arguments]
    running = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={"PYTHONPATH": str(TEMPLATE / "src")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell has its background ignore it, and so has whatever is started there.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert running.stdout.readline() == "loads\n"
    running.send_signal(signal.SIGINT)
    output, errors = running.communicate(timeout=30)
    assert (running.returncode, errors) == (code, "")
    assert said in output
    assert "interrupted" in output
