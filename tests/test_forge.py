"""What the forge and pre-commit read of this repository: it parses, and its scripts work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import keras_imports

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")


def load(path: Path) -> dict[Any, Any]:
    """Parse a YAML file."""
    return yaml.safe_load(path.read_text("utf-8"))


def script(workflow: str, job: str, containing: str) -> str:
    """Return the one script of a workflow's job that contains a text."""
    steps = load(ROOT / ".github" / "workflows" / workflow)["jobs"][job]["steps"]
    [found] = [step["run"] for step in steps if containing in step.get("run", "")]
    return found


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_says_when_it_runs_and_with_which_rights(path):
    workflow = load(path)
    assert workflow[True], "YAML reads `on` as a truth value"
    assert workflow["permissions"] == {"contents": "read"}, "more is given to the job that needs it"
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 180
        for step in job["steps"]:
            assert ("run" in step) != ("uses" in step)
            assert re.fullmatch(r"[\w-]+/[\w-]+@(v\d+|release/v\d+)", step.get("uses", "a/b@v1"))


def test_every_push_runs_the_command_of_the_readme():
    assert script("ci.yml", "all", ".ci/run") == "bash .ci/run"


def test_the_tool_is_tried_on_every_python_that_it_claims():
    claimed = set(re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text("utf-8")))
    jobs = load(ROOT / ".github/workflows/ci.yml")["jobs"]
    tried = {jobs["all"]["steps"][1]["with"]["python-version"]}
    assert claimed == tried | set(jobs["fast"]["strategy"]["matrix"]["python-version"])


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_asks_for_what_is_needed(path):
    form = load(path)
    if path.stem == "config":
        assert form == {"blank_issues_enabled": True}
        return
    assert {"name", "description", "body"} <= set(form)
    names = [field["id"] for field in form["body"]]
    assert len(names) == len(set(names))
    assert any(field.get("validations", {}).get("required") for field in form["body"])


@pytest.mark.parametrize("name", [".pre-commit-config.yaml", ".pre-commit-hooks.yaml"])
def test_what_pre_commit_reads_names_commands_that_exist(name):
    content = load(ROOT / name)
    hooks = content["repos"][0]["hooks"] if name == ".pre-commit-config.yaml" else content
    for hook in hooks:
        assert {"id", "name", "entry", "language"} <= set(hook)
        command = hook["entry"].split()[0].removeprefix(".venv/bin/")
        assert command in ("ruff", "mypy", "keras-imports")


def test_the_changelog_has_the_version_and_then_older_ones():
    versions = re.findall(r"^## \[(.+?)\](?: - (\d{4}-\d\d-\d\d))?$", CHANGELOG, re.MULTILINE)
    assert versions[0] == ("Unreleased", "")
    assert versions[1][0] == keras_imports.__version__
    assert all(date for _, date in versions[1:])
    dates = [date for _, date in versions[1:]]
    assert dates == sorted(dates, reverse=True)


def repository(folder: Path) -> Path:
    """Make a repository with what a release reads."""
    (folder / "src" / "keras_imports").mkdir(parents=True)
    for name in ("CHANGELOG.md", "src/keras_imports/__init__.py"):
        shutil.copyfile(ROOT / name, folder / name)
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    subprocess.run(["git", "add", "--all"], cwd=folder, check=True)
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    commit = ["commit", "--quiet", "--message", "all"]
    subprocess.run(["git", *identity, *commit], cwd=folder, check=True)
    return folder


def bash(text: str, cwd: Path, **environment: str) -> None:
    """Run a script as the forge does."""
    path = f"{cwd / 'bin'}:/usr/bin:/bin"
    subprocess.run(
        ["/bin/bash", "-eo", "pipefail", "-c", text],
        cwd=cwd,
        env={"PATH": path, **environment},
        check=True,
    )


def test_a_release_is_made_of_a_version_that_has_no_tag(tmp_path):
    folder = repository(tmp_path)
    output = folder / "output"
    step = script("release.yml", "build", "GITHUB_OUTPUT")
    version = keras_imports.__version__
    bash(step, folder, GITHUB_OUTPUT=str(output))
    assert output.read_text("utf-8") == f"version={version}\nnew=true\n"
    output.unlink()
    subprocess.run(["git", "tag", f"v{version}"], cwd=folder, check=True)
    bash(step, folder, GITHUB_OUTPUT=str(output))
    assert output.read_text("utf-8") == f"version={version}\nnew=false\n"


def test_a_release_without_an_entry_in_the_changelog_is_refused(tmp_path):
    folder = repository(tmp_path)
    (folder / "CHANGELOG.md").write_text("# Changelog\n", "utf-8")
    step = script("release.yml", "build", "GITHUB_OUTPUT")
    with pytest.raises(subprocess.CalledProcessError):
        bash(step, folder, GITHUB_OUTPUT=str(folder / "output"))


def test_the_notes_of_a_release_are_its_part_of_the_changelog(tmp_path):
    folder = repository(tmp_path)
    (folder / "bin").mkdir()
    forge = folder / "bin" / "gh"
    forge.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > asked\n', "utf-8")
    forge.chmod(0o755)
    version = keras_imports.__version__
    bash(script("release.yml", "tag", "gh release"), folder, VERSION=version, GITHUB_SHA="0a1b")
    notes = (folder / "notes.md").read_text("utf-8")
    part = CHANGELOG.split(f"## [{version}]")[1].split("\n", 1)[1].split("\n## [")[0]
    assert notes.strip() == part.strip()
    asked = (folder / "asked").read_text("utf-8").split()
    assert asked[:5] == ["release", "create", f"v{version}", "--target", "0a1b"]


# The action and the hooks


WRONG = "from keras.layers.core import Dense\n\nDense(3, init='uniform')\n"
MENDED = "from keras.layers import Dense\n\nDense(3, kernel_initializer='uniform')\n"


@pytest.fixture
def project(tmp_path):
    """A repository of somebody, with a module that is wrong and one that has nothing to say."""
    folder = tmp_path / "their project"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "net.py").write_text(WRONG, "utf-8")
    (folder / "src" / "plain.py").write_text("import os\n", "utf-8")
    (folder / "requirements.txt").write_text("keras==3.15.1\n", "utf-8")
    for arguments in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return folder


@pytest.mark.slow
def test_the_steps_of_the_action_run_as_they_are_written(project, tmp_path):
    action = load(ROOT / "action.yml")
    checkout = tmp_path / "its checkout"
    checkout.mkdir()
    for name in ("pyproject.toml", "LICENSE", "docs/keras-imports.md"):
        (checkout / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, checkout / name)
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "src", checkout / "src", ignore=ignored)
    given = {f"inputs.{name}": its["default"] for name, its in action["inputs"].items()}
    given |= {
        "inputs.paths": "src\nnowhere/$(touch ran)",
        "inputs.args": "--installed keras==3.15.1 --exclude *.txt;touch",
        "steps.python.outputs.python-path": sys.executable,
    }
    runner = {"RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": str(checkout)}
    done = None
    for step in action["runs"]["steps"]:
        if "uses" in step:
            continue
        assert step["shell"] == "bash"
        own = {
            name: re.sub(r"\$\{\{ (\S+) \}\}", lambda match: given[match[1]], value)
            for name, value in step["env"].items()
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=project,
            env={**os.environ, "GITHUB_WORKSPACE": str(project), **runner, **own},
            capture_output=True,
            text=True,
        )
        if "check" not in step["run"]:
            assert done.returncode == 0, done.stderr
    assert done is not None
    first, second = done.stdout.splitlines()
    assert first.startswith("::error file=src/net.py,line=1,col=31,title=KI001::`keras.layers.core")
    assert second.startswith("::error file=src/net.py,line=3,col=")
    assert "nowhere/$(touch: no such file or directory\n" in done.stderr
    assert done.returncode == 2
    assert not (project / "ran").exists()


@pytest.mark.slow
def test_the_hooks_of_pre_commit_find_and_mend(project, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "--all-files", "--verbose"],
        cwd=project,
        env={**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
    )
    found, mended = done.stdout.split("- hook id: keras-imports-fix\n")
    assert "- exit code: 1\n" in found
    assert "src/net.py:1:31: error KI001 `keras.layers.core.Dense`" in found
    assert "(declared in requirements.txt): 2 errors\n" in found
    assert "fixed src/net.py\n" in mended
    assert "- files were modified by this hook\n" in mended
    assert (project / "src" / "net.py").read_text("utf-8") == MENDED
