"""An update to another flavour or version carries over what the user did, and says what it left."""

from __future__ import annotations

import ast
import contextlib
import functools
import itertools
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import copier
import pytest
from _pytest.mark import ParameterSet
from before_update import begin
from project import TEMPLATE, Project, load_facts
from projects import Made, environment_of, name_of, versions_of
from proof import missing_requirements
from rendering import FACTS, flavour_answers, plain_template
from updating import MODULES, commit, copy, edit, fork_template, git, imported, update, work

TENSORFLOW = "tensorflow"
FLAVOURS = [
    answers | {"backend": answers.get("backend", TENSORFLOW)} for answers in flavour_answers()
]
ANSWERS = ".copier-answers.yml"
KERAS, TENSORFLOW_KERAS, TF_KERAS, PORTABLE = (f"{keras}-tensorflow" for keras in FACTS["flavours"])
OWN = {*MODULES, "notebooks/look.ipynb"}
# From each flavour to the next one, and from the last to the first.
ROUND = list(itertools.pairwise([*FACTS["flavours"], next(iter(FACTS["flavours"]))]))


def pairs(quick: list[tuple[str, str]]) -> list[ParameterSet]:
    """Give all pairs of projects, with the marks that say when they run.

    The quick ones always run. Where it may be slow, so do a round through the flavours on
    TensorFlow, and one in which each project is the old and the new one once. The rest run with
    --all.
    """
    result = []
    for old, new in itertools.permutations(FLAVOURS, 2):
        marks = [pytest.mark.slow]
        on_tensorflow = old["backend"] == new["backend"] == TENSORFLOW
        if on_tensorflow and (old["keras"], new["keras"]) in quick:
            marks = []
        elif on_tensorflow and (old["keras"], new["keras"]) in ROUND:
            pass
        elif FLAVOURS.index(new) != (FLAVOURS.index(old) + 1) % len(FLAVOURS):
            marks.append(pytest.mark.rest)
        result.append(pytest.param(old, new, id=f"{name_of(old)}-to-{name_of(new)}", marks=marks))
    return result


def asked(answers: dict[str, str]) -> list[str]:
    """The questions that have a choice: those that a project's name is made of elsewhere."""
    alone = len(FACTS["flavours"][answers["keras"]]["backends"]) == 1
    return ["keras"] if alone else ["keras", "backend"]


def root_of(answers: dict[str, str]) -> str:
    return FACTS["flavours"][answers["keras"]]["root"].format(package="digits")


@functools.cache
def untouched(name: str) -> Path:
    """A project as Copier made it, committed; made once."""
    answers = next(answers for answers in FLAVOURS if name_of(answers) == name)
    return copy(Path(tempfile.mkdtemp(prefix="copier-keras-")) / name, **answers)


@functools.cache
def worked(name: str) -> Path:
    """The same with a user's work in it."""
    answers = next(answers for answers in FLAVOURS if name_of(answers) == name)
    project = untouched(name).with_name(f"{name}-worked")
    shutil.copytree(untouched(name), project)
    work(project, root_of(answers))
    return project


def files_of(project: Path) -> dict[str, bytes]:
    """What is in a project's files, but for git's own."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file() and path.relative_to(project).parts[0] != ".git"
    }


def contents(project: Path) -> dict[str, bytes]:
    """The same without Copier's answers."""
    return {name: content for name, content in files_of(project).items() if name != ANSWERS}


def migrate(
    project: Path, template: Path = TEMPLATE, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run what Copier runs at the end of an update."""
    return subprocess.run(
        [sys.executable, template / "hooks/after_update.py", ANSWERS, "{}"],
        cwd=project,
        env=os.environ | variables,
        capture_output=True,
        text=True,
    )


def finish_copy(project: Path) -> str:
    """Run what Copier runs at the end of a copy; return what that prints."""
    command = [sys.executable, TEMPLATE / "hooks/after_copy.py", ANSWERS]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    return done.stdout


def switch(project: Path, old: str, new: str) -> str:
    """Do what an update does to files that the user left alone, and give the migration's report.

    Copier makes them those of a fresh copy, as test_an_untouched_project_becomes_a_fresh_copy
    shows. To have it done by Copier takes most of an update's time.
    """
    begin(project, ANSWERS)
    before, after = (files_of(untouched(name)) for name in (old, new))
    for path in before.keys() | after.keys():
        file = project / path
        if path in before and (not file.exists() or file.read_bytes() != before[path]):
            continue
        if path in after:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(after[path])
        else:
            file.unlink()
            with contextlib.suppress(OSError):  # other files are in it
                os.removedirs(file.parent)
    return migrate(project).stdout


@pytest.mark.parametrize(("old", "new"), pairs(ROUND[::2]))
def test_a_user_s_work_arrives_in_every_flavour(
    old: dict[str, str], new: dict[str, str], tmp_path: Path, capfd: pytest.CaptureFixture
) -> None:
    """The update of the work is the work on a fresh copy: no line is lost, and none is silly."""
    project = tmp_path / "project"
    shutil.copytree(worked(name_of(old)), project)
    update(project, **new)
    report = capfd.readouterr().out
    assert "left to you" not in report, report
    assert git(project, "ls-files", "--unmerged") == ""
    found, expected = contents(project), contents(worked(name_of(new)))
    assert found.keys() == expected.keys()
    for name, content in found.items():
        if name in OWN:
            roots = [f"{used}.".startswith(f"{root_of(new)}.") for used in imported(project / name)]
            assert roots, f"{name} imports no Keras"
            assert all(roots), content.decode()
        else:
            assert content.decode() == expected[name].decode(), name


def is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.rest) for seed in range(3, 10))]
)
def test_any_lines_that_a_user_changes_arrive(seed: int, tmp_path: Path) -> None:
    """The same lines inserted, removed and replaced before an update or in a fresh copy."""
    choose = random.Random(seed)  # noqa: S311
    old, new = choose.sample(FLAVOURS, 2)
    project, fresh = tmp_path / "project", untouched(name_of(new))
    shutil.copytree(untouched(name_of(old)), project)
    expected = {}
    for name in ("model", "training", "task", "validation"):
        path = f"src/digits/{name}.py"
        before, after = (
            (folder / path).read_text("utf-8").splitlines(True) for folder in (project, fresh)
        )
        line = next(i for i, text in enumerate(before) if text.startswith(f"from {root_of(old)} "))
        places = [*range(line - 3, line), *range(line + 1, line + 5), choose.randrange(len(before))]
        for place in sorted({choose.choice(places) for _ in range(3)} - {line}, reverse=True):
            change = choose.choice([["# mine\n"], [], ["# mine\n", before[place]]])
            changed = [*before[:place], *change, *before[place + 1 :]]
            if is_python("".join(changed)):
                before, after = changed, [*after[:place], *change, *after[place + 1 :]]
        (project / path).write_text("".join(before), "utf-8")
        expected[path] = "".join(after)
    commit(project)
    update(project, **new)
    assert {path: (project / path).read_text("utf-8") for path in expected} == expected


@pytest.mark.parametrize(("old", "new"), pairs(ROUND[:1]))
def test_an_untouched_project_becomes_a_fresh_copy(
    old: dict[str, str], new: dict[str, str], tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(untouched(name_of(old)), project)
    update(project, **new)
    assert contents(project) == contents(untouched(name_of(new)))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of the user's, in the flavour keras."""
    project = tmp_path / "project"
    shutil.copytree(untouched(KERAS), project)
    return project


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A template that a test may change."""
    return fork_template(tmp_path / "template")


def test_the_report_says_what_was_done_and_what_is_left(
    tmp_path: Path, capfd: pytest.CaptureFixture
) -> None:
    """All that a report can have, but for a validation."""
    project = tmp_path / "project"
    shutil.copytree(untouched("tensorflow.keras-tensorflow"), project)
    edit(project / "src/digits/model.py", ("import Model, layers", "import Model, layers, random"))
    edit(project / "README.md", ("**tensorflow.keras**, on the CPU", "tensorflow.keras, for now"))
    (project / "mine.py").write_text("from tensorflow.keras import layers\n", "utf-8")
    (project / "old.py").write_text("import keras\nprint 'Python 2'\n", "utf-8")
    commit(project)
    capfd.readouterr()
    update(project, keras="portable", backend="jax")
    report = capfd.readouterr().out
    report = report.replace(str(project), "PROJECT").replace(
        git(project, "rev-parse", "HEAD")[:10], "COMMIT"
    )
    report = re.sub("(left as it was: |To validate it[^:]*: ).*", r"\1...", report)
    report = re.sub("then .*copier update", "then copier update", report)
    assert report == REPORT


REPORT = """\
To take this update back, also where it is cut off: python3 PROJECT/.git/keras-update/undo.py COMMIT

UPDATED, NOT VALIDATED
  keras       tensorflow.keras on TensorFlow -> portable on JAX
  moved       mine.py
  re-merged   src/digits/model.py
  left to you old.py:1: left as it was: ...
              README.md:5: a conflict: choose a side, then `git add`
  reason      conflicts are left

To validate it, once that is settled: ...
To undo all of it: python3 PROJECT/.git/keras-update/undo.py COMMIT
To run it again: undo it, then copier update --trust --vcs-ref :current: --defaults --data backend=jax --data keras=portable PROJECT
"""  # noqa: E501


def test_a_real_conflict_stays_one_with_both_sides_in_the_new_flavour(
    template: Path, tmp_path: Path, capfd: pytest.CaptureFixture
) -> None:
    project = copy(tmp_path / "project", template)
    edit(
        project / "src/digits/model.py",
        ("import Model, layers\n", "import Model, layers, regularizers\n"),
        (
            "    x = layers.Dense(128,",
            "    from keras import constraints\n    x = layers.Dense(64,",
        ),
    )
    commit(project)
    edit(template / "includes/models/mlp.py.jinja", ("layers.Dense(128,", "layers.Dense(256,"))
    commit(template)
    update(project, "HEAD", keras="tf_keras")
    text = (project / "src/digits/model.py").read_text("utf-8")
    assert "\nfrom tf_keras import Model, layers, regularizers\n" in text
    conflict = text[
        text.index("<<<<<<< before updating\n") : text.index(">>>>>>> after updating\n")
    ]
    ours, theirs = conflict.split("=======\n")
    assert "from tf_keras import constraints\n    x = layers.Dense(64," in ours
    assert "layers.Dense(256," in theirs
    assert "from keras" not in text
    assert git(project, "ls-files", "--unmerged").count("src/digits/model.py") == 3
    report = capfd.readouterr().out
    line = text[: text.index("<<<<<<<")].count("\n") + 1
    assert f"src/digits/model.py:{line}: a conflict" in report
    assert re.search("reason +conflicts are left", report)


@pytest.mark.slow
def test_imports_that_both_sides_changed_are_no_conflict(template: Path, tmp_path: Path) -> None:
    project = copy(tmp_path / "project", template)
    edit(
        project / "src/digits/model.py",
        ("import Model, layers\n", "import Model, layers, regularizers\n"),
    )
    commit(project)
    edit(
        template / "includes/models/mlp.py.jinja",
        ("'Model', 'layers'", "'Model', 'callbacks', 'layers'"),
    )
    commit(template)
    update(project, "HEAD", keras="tf_keras")
    line = "from tf_keras import Model, callbacks, layers, regularizers\n"
    assert line in (project / "src/digits/model.py").read_text("utf-8")
    assert git(project, "ls-files", "--unmerged") == ""


OF_TENSORFLOW = "import tensorflow as tf\n\ntf.keras.layers.Dense(3)\n"


@pytest.mark.slow
def test_an_update_that_leaves_keras_alone_leaves_the_user_s_modules_alone(
    template: Path, tmp_path: Path, capfd: pytest.CaptureFixture
) -> None:
    project = copy(tmp_path / "project", template)
    (project / "mine.py").write_text(OF_TENSORFLOW)
    edit(project / "pyproject.toml", ("keras>=3.15.1,<3.16", "keras==3.15.1"))
    commit(project)
    edit(
        template / "template/src/{{ package_name }}/config.py.jinja",
        ("epochs: int = 40", "epochs: int = 41"),
    )
    commit(template)
    update(project, "HEAD")
    assert (project / "mine.py").read_text() == OF_TENSORFLOW
    assert "moved" not in capfd.readouterr().out


def test_a_migration_that_finds_the_same_keras_leaves_the_user_s_modules_alone(
    project: Path,
) -> None:
    (project / "mine.py").write_text(OF_TENSORFLOW)
    edit(project / "pyproject.toml", ("keras>=3.15.1,<3.16", "keras==3.15.1"))
    commit(project)
    begin(project, ANSWERS)
    report = migrate(project).stdout
    assert "UPDATED, NOT VALIDATED" in report
    assert (project / "mine.py").read_text() == OF_TENSORFLOW
    assert "moved" not in report


@pytest.mark.slow
def test_a_new_range_of_keras_moves_the_user_s_modules(template: Path, tmp_path: Path) -> None:
    project = copy(tmp_path / "project", template)
    (project / "mine.py").write_text(OF_TENSORFLOW)
    commit(project)
    edit(template / "flavours.yml", ("keras>=3.15.1,<3.16", "keras>=3.15.1,<3.17"))
    commit(template)
    update(project, "HEAD")
    assert "tensorflow" not in (project / "mine.py").read_text()


def test_a_migration_that_finds_a_new_range_moves_the_user_s_modules(project: Path) -> None:
    pyproject = project / "pyproject.toml"
    new = pyproject.read_text("utf-8")
    edit(pyproject, ("keras>=3.15.1,<3.16", "keras>=3.14,<3.15"))
    (project / "mine.py").write_text(OF_TENSORFLOW)
    commit(project)
    begin(project, ANSWERS)
    pyproject.write_text(new, "utf-8")
    assert re.search(r"moved +mine.py\n", migrate(project).stdout)
    assert "tensorflow" not in (project / "mine.py").read_text()


@pytest.mark.slow
def test_rejects_are_merged_again_like_conflicts(
    project: Path, capfd: pytest.CaptureFixture
) -> None:
    model = project / "src/digits/model.py"
    edit(model, ("from keras import Model, layers", "from keras import Layer, Model, layers"))
    edit(project / "pyproject.toml", ("keras>=3.15.1,<3.16", "keras==3.15.1"))
    commit(project)
    update(project, given={"conflict": "rej"}, keras="tf_keras")
    report = capfd.readouterr().out
    assert re.search("re-merged +src/digits/model.py\n", report)
    assert "from tf_keras.layers import Layer" in model.read_text("utf-8")
    assert "pyproject.toml.rej: not merged" in report
    assert [path.name for path in project.rglob("*.rej")] == ["pyproject.toml.rej"]
    assert "<<<<<<<" not in (project / "pyproject.toml").read_text("utf-8")


def test_the_report_is_written_where_a_variable_says(project: Path, tmp_path: Path) -> None:
    (project / "README.md").write_text("Ours.\n", "utf-8")
    commit(project)
    begin(project, ANSWERS)
    said = migrate(project, COPIER_KERAS_REPORT=str(tmp_path / "report.txt")).stdout
    written = (tmp_path / "report.txt").read_text("utf-8")
    assert written.startswith("UPDATED, NOT VALIDATED\n  keras ")
    assert written in said
    assert (
        "The report could not be written"
        in migrate(project, COPIER_KERAS_REPORT=str(tmp_path)).stdout
    )


def test_a_migration_that_cannot_begin_names_what_takes_the_update_back(project: Path) -> None:
    begun = begin(project, ANSWERS)
    (project / ANSWERS).write_text("keras: [", "utf-8")
    said = migrate(project).stdout
    assert "UPDATED IN PART" in said
    assert f"To take the update back: {begun.command()}\n" in said


def test_a_copy_names_what_it_did_not_look_at(project: Path) -> None:
    edit(project / ANSWERS, ("validate: skip", "validate: static"))
    assert "Not looked at" not in finish_copy(project)
    for path in ("models/net.py", "models/deep/other.py", "train it.py", "src/digits/mine.py"):
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text("import keras\n", "utf-8")
    commit(project)
    said = finish_copy(project)
    assert "being neither in src nor in tests: 3 of your files.\n" in said
    assert "keras-imports migrate models 'train it.py' --to keras --diff\n" in said


def test_a_copy_beside_a_pyproject_of_ones_own_says_what_that_lacks(project: Path) -> None:
    """And does not say that the model does not work, without its packages."""
    edit(project / ANSWERS, ("validate: skip", "validate: full"))
    edit(
        project / "pyproject.toml", ('    "click', '    "other'), ('    "keras', '    "keras-other')
    )
    said = finish_copy(project)
    assert "NOT VALIDATED" in said
    assert "pyproject.toml was there before, and does not ask for click" in said
    assert "scikit" not in said


@pytest.mark.parametrize(
    "text",
    ['dependencies = ["Scikit_Learn>=1"]', "scikit.learn = '1'", 'dynamic = ["dependencies"]'],
)
def test_what_a_pyproject_of_ones_own_names_otherwise_is_there(text: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[project]\n{text}\n", "utf-8")
    answers = {"keras": "keras", "hardware": "cpu"}
    lacking = missing_requirements(Project(tmp_path, answers, load_facts()))
    assert "scikit-learn" not in lacking
    assert not lacking or "click" in lacking


@pytest.mark.slow
def test_what_is_left_by_others_is_found(project: Path, capfd: pytest.CaptureFixture) -> None:
    """Markers of an earlier merge that were committed, and those of Copier's other mode."""
    (project / "notes.txt").write_text("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n", "utf-8")
    edit(project / "pyproject.toml", ("keras>=3.15.1,<3.16", "keras==3.15.1"))
    commit(project)
    update(project, given={"conflict": "rej"}, keras="tf_keras")
    report = capfd.readouterr().out
    assert "notes.txt:2: a conflict: an old one" in report
    assert "pyproject.toml.rej: not merged" in report


def test_a_migration_changes_what_git_knows_and_is_python(project: Path, tmp_path: Path) -> None:
    """And names what it leaves alone, and what others left unmerged."""
    old = b"import keras\r\nprint 'caf\xe9'\n\n\n"
    (project / "old.py").write_bytes(old)
    outside = tmp_path / "outside.py"
    text = "from keras import layers\n"
    outside.write_text(text, "utf-8")
    (project / "link.py").symlink_to(outside)
    (project / "own").mkdir()
    edit(project / ".gitignore", ("runs/\n", "runs/\nown/\n*.rej\n"))
    (project / "own/ignored.py").write_text(text, "utf-8")
    (project / ".venv/lib").mkdir(parents=True)
    (project / ".venv/lib/library.py").write_text(text, "utf-8")
    (project / "known.py").write_text(text, "utf-8")
    (project / "notes.txt").write_text("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n", "utf-8")
    commit(project)
    (project / "pyproject.toml.rej").write_text("diff\n", "utf-8")
    report = switch(project, KERAS, TF_KERAS)
    assert (project / "old.py").read_bytes() == old
    assert "old.py:1: left as it was: " in report
    assert (project / "link.py").is_symlink()
    for path in (outside, project / "own/ignored.py", project / ".venv/lib/library.py"):
        assert path.read_text("utf-8") == text
    assert (project / "known.py").read_text("utf-8") == "from tf_keras import layers\n"
    assert "notes.txt:2: a conflict: an old one" in report
    assert "pyproject.toml.rej: not merged" in report
    assert re.search("reason +conflicts are left", report)


def test_what_a_flavour_does_not_have_is_removed_and_named(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(untouched(PORTABLE), project)
    report = switch(project, PORTABLE, KERAS)
    assert re.search(
        r"removed +src/digits/keras_flavour.py\n +tests/test_keras_flavour.py\n", report
    )
    assert contents(project) == contents(untouched(KERAS))


def break_migration(template: Path, failure: str) -> None:
    last = "    report.removed +="
    edit(template / "hooks/migration.py", (last, f"    raise {failure}\n{last}"))


def undo(project: Path, report: str) -> None:
    """Do what a report says."""
    command = re.search(r"To undo all of it: (.*)\n", report)[1]
    subprocess.run(command, shell=True, check=True, capture_output=True)  # noqa: S602


def test_a_migration_that_fails_says_so(project: Path, template: Path) -> None:
    break_migration(template, "RuntimeError('broken')")
    (project / "mine.py").write_text("from tensorflow import keras\n", "utf-8")
    edit(project / ANSWERS, ("keras: keras", "keras: portable"))
    commit(project)
    before = contents(project)
    begin(project, ANSWERS)
    edit(project / ANSWERS, ("keras: portable", "keras: keras"))
    done = migrate(project, template)
    assert done.returncode == 1
    assert "UPDATED IN PART, the migration stopped" in done.stdout
    assert "RuntimeError: broken" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert contents(project) != before
    undo(project, done.stdout)
    assert contents(project) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("nested", "failure", "said"),
    [
        pytest.param(False, "RuntimeError('broken')", "RuntimeError: broken", id="alone"),
        pytest.param(True, "KeyboardInterrupt", "interrupted", id="nested"),
    ],
)
def test_an_update_whose_migration_fails_can_be_undone(
    nested: bool,
    failure: str,
    said: str,
    template: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture,
) -> None:
    break_migration(template, failure)
    commit(template)
    top = tmp_path / "top"
    top.mkdir()
    (top / "keras_user.py").write_text("import keras\n", "utf-8")
    if nested:
        git(top, "init", "--quiet")
    project = copy(top / "project", template)
    (project / "mine.py").write_text("import keras\n", "utf-8")
    commit(project)
    before = contents(project)
    with pytest.raises(copier.errors.TaskError):
        update(project, keras="portable", backend="tensorflow")
    report = capfd.readouterr().out
    assert "UPDATED IN PART, the migration stopped" in report
    assert said in report
    assert "Traceback" not in report
    assert contents(project) != before
    undo(project, report)
    assert contents(project) == before
    assert git(project, "status", "--porcelain") == ""


@pytest.mark.slow
def test_a_project_in_a_folder_of_a_repository(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    git(top, "init", "--quiet")
    (top / "other.py").write_text("import keras\n", "utf-8")
    project = copy(top / "deep" / "project", keras="keras", backend="tensorflow")
    work(project, "keras")
    update(project, keras="tf_keras")
    expected = contents(worked(name_of({"keras": "tf_keras", "backend": "tensorflow"})))
    for name, content in contents(project).items():
        assert content == expected[name] or name in OWN, name
    assert (top / "other.py").read_text("utf-8") == "import keras\n"
    assert git(top, "ls-files", "--unmerged") == ""


@pytest.mark.slow
def test_it_needs_no_name_for_commits(project: Path, tmp_path: Path) -> None:
    """And exits with 0, as `copier update` does, when something is left."""
    work(project, "keras")
    nobody = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    nobody |= {
        "HOME": str(tmp_path),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
    }
    done = subprocess.run(
        [
            *(sys.executable, "-m", "copier", "update", "--trust", "--defaults"),
            *("--vcs-ref", ":current:", "--data", "keras=tf_keras"),
        ],
        cwd=project,
        env=nobody,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "re-merged" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    "new",
    [
        pytest.param(
            new,
            id=name_of(new),
            marks=[
                pytest.mark.xdist_group(name_of({name: new[name] for name in asked(new)})),
                # By their backends projects of a flavour differ in what they require alone.
                # The others are validated as they are copied.
                *([] if name_of(new) == KERAS else [pytest.mark.rest]),
            ],
        )
        for new in FLAVOURS
    ],
)
def test_an_updated_project_works_in_its_new_environment(
    new: dict[str, str],
    shared: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture,
    request: pytest.FixtureRequest,
) -> None:
    """Validated by the update, and by the project's own tests.

    With --all whichever flavour it had; else on its way from the one before in their order, and the
    tests run in the first environment: in the others those of a fresh copy do.
    """
    active = environment_of(shared, **{name: new[name] for name in asked(new)})
    monkeypatch.setenv("VIRTUAL_ENV", str(active))
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    everything = request.config.getoption("--all")
    others = [old for old in FLAVOURS if old != new]
    if not everything:
        others = [FLAVOURS[FLAVOURS.index(new) - 1]]
    tested: list[dict[str, bytes]] = []
    for old in others:
        project = tmp_path / name_of(old)
        shutil.copytree(worked(name_of(old)), project)
        update(project, **new, validate="skip" if tested else "full")
        report = capfd.readouterr().out
        assert "UPDATED AND VALIDATED" in report or tested, report
        updated = contents(project)
        if updated in tested:  # the same to the byte, as it should be: it works as well
            continue
        tested.append(updated)
        if everything or new == FLAVOURS[0]:
            made = Made(project, active / "bin/python", "")
            done = made.run("pytest", "-q", "-p", "no:cacheprovider")
            assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_an_update_brings_the_project_s_environment_along(tmp_path: Path, capfd) -> None:
    project = copy(tmp_path / "project", validate="full", keras="keras", backend="jax")
    update(project, keras="tf_keras")
    report = capfd.readouterr().out
    assert "UPDATED AND VALIDATED" in report, report
    assert ".venv, made by uv sync" in report
    assert "tf_keras 2.21" in report
    assert "jax" not in versions_of(project / ".venv/bin/python")


@pytest.mark.slow
def test_every_release_can_be_updated_to_what_is_here(tmp_path: Path) -> None:
    """Without a release the last commit stands for one."""
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        pytest.skip("there is no repository to clone")
    template = tmp_path / "template"
    git(tmp_path, "clone", "--quiet", str(root), str(template))
    tags = git(template, "tag").split() or ["v0.0.1"]
    if not git(template, "tag"):
        git(template, "tag", tags[0])
    for path in git(template, "ls-files").splitlines():
        (template / path).unlink()
    shutil.copytree(plain_template(), template, dirs_exist_ok=True)
    commit(template)
    git(template, "tag", "v9999")
    fresh = contents(copy(tmp_path / "fresh", template, vcs_ref="v9999"))
    for tag in tags:
        project = copy(tmp_path / tag, template, vcs_ref=tag)
        update(project, None)
        assert contents(project) == fresh, tag
        assert "_commit: v9999\n" in (project / ".copier-answers.yml").read_text("utf-8")


def test_no_file_of_the_template_was_ever_renamed() -> None:
    """Copier knows no renames: what users changed in the old file would not be in the new one."""
    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        pytest.skip("there is no repository with a history")
    shown = git(
        root, "log", "--format=", "--name-only", "--no-renames", "--diff-filter=D", "--", "template"
    )
    paths = [path for path in shown.splitlines() if path]
    rendered = ["", ".jinja"]  # a file that is rendered since then has the same name in a project
    gone = {path for path in paths if not any((root / f"{path}{end}").exists() for end in rendered)}
    before_the_first_version = {
        "template/src/{{ package_name }}/flavour.json.jinja",
        "template/tests/test_model.py.jinja",
        "template/tests/test_training.py.jinja",
    }
    stubs = "template/typings/"
    assert {path for path in gone if not path.startswith(stubs)} == before_the_first_version


@pytest.mark.slow
def test_what_both_sides_add_to_pyproject_is_not_left_broken(
    project: Path, capfd: pytest.CaptureFixture
) -> None:
    """The same table from both sides is no conflict to git where they put it at two places."""
    path = project / "pyproject.toml"
    path.write_text(
        path.read_text("utf-8") + '\n[tool.uv.sources]\nmine = { path = "." }\n', "utf-8"
    )
    commit(project)
    update(project, backend="torch")
    if sys.version_info >= (3, 11):
        assert re.search(r"left to you pyproject.toml: .*sources", capfd.readouterr().out)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 has no TOML parser")
def test_a_pyproject_that_does_not_parse_is_named(project: Path) -> None:
    path = project / "pyproject.toml"
    commit(project)
    begin(project, ANSWERS)
    path.write_text(path.read_text("utf-8") + "\n[project]\n", "utf-8")
    report = migrate(project).stdout
    assert "left to you pyproject.toml: " in report
    assert re.search("reason +pyproject.toml does not parse", report)


def test_a_configuration_that_cannot_be_read_is_named(project: Path) -> None:
    commit(project)
    begin(project, ANSWERS)
    (project / "keras-imports.toml").write_text("selekt = ['KI1']\n", "utf-8")
    done = migrate(project)
    assert done.returncode == 0, done.stderr
    assert "UPDATED, NOT VALIDATED" in done.stdout
    assert re.search("reason +a configuration cannot be read: keras-imports.toml: ", done.stdout)


def test_a_project_in_a_folder_of_a_repository_is_all_that_is_changed(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "other.py").write_text("import keras\n", "utf-8")
    project = tmp_path / "deep" / "project"
    shutil.copytree(untouched(KERAS), project, ignore=shutil.ignore_patterns(".git"))
    (project / "mine.py").write_text("import keras\n", "utf-8")
    commit(tmp_path)
    assert re.search(r"moved +mine.py\n", switch(project, KERAS, TF_KERAS))
    assert contents(project) == contents(untouched(TF_KERAS)) | {
        "mine.py": b"import tf_keras as keras\n"
    }
    assert (tmp_path / "other.py").read_text("utf-8") == "import keras\n"


@pytest.mark.slow
def test_a_package_cannot_be_renamed_by_an_update(project: Path) -> None:
    before = contents(project)
    with pytest.raises(ValueError, match="the project's package is 'digits'"):
        update(project, package_name="figures")
    assert contents(project) == before
