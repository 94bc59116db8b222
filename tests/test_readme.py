"""The README: what it says of questions and flavours is so, and its first command works."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
FACTS = yaml.safe_load((ROOT / "flavours.yml").read_text("utf-8"))
QUESTIONS = {
    name: question
    for name, question in yaml.safe_load((ROOT / "copier.yml").read_text("utf-8")).items()
    if not name.startswith("_") and question.get("when", True) is not False
}
# Questions whose choices copier.yml makes of these.
CHOICES_OF_FACTS = {
    "keras": list(FACTS["flavours"]),
    "backend": list(FACTS["backends"]),
    "hardware": list(FACTS["hardware"]),
    "python": FACTS["python"],
}
# The Python releases of the default flavour.
SUPPORTED = FACTS["python"][FACTS["python"].index(FACTS["flavours"]["keras"]["python"]) :]


def table(heading: str) -> dict[str, list[str]]:
    """Give the first table below a heading: the rows by what stands in their first cell."""
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = re.findall(r"^\| (.*) \|$", section, re.MULTILINE)[2:]
    rows = [line.split(" | ") for line in lines]
    return {row[0].strip("`"): row[1:] for row in rows}


def quoted(cell: str) -> list[str]:
    """Give what stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def command(marker: str) -> str:
    """Give the command below a marker."""
    return re.search(rf"<!-- {marker} -->\n```console\n(.*)\n```", README)[1]


def choices(name: str) -> list[str]:
    """Give the answers that copier.yml has for a question; none where any text will do."""
    question = QUESTIONS[name]
    if question["type"] == "bool":
        return ["true", "false"]
    return CHOICES_OF_FACTS.get(name) or list(question.get("choices", {}).values())


def test_the_table_has_all_questions_in_their_order():
    assert list(table("The questions")) == list(QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_table_has_the_answers_of_a_question(name):
    assert quoted(table("The questions")[name][1]) == choices(name)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_table_has_the_default_of_a_question(name):
    shown, default = table("The questions")[name][2], QUESTIONS[name]["default"]
    if choices(name):
        assert shown == f"`{json.dumps(default) if isinstance(default, bool) else default}`"
    elif default == "":
        assert shown == "empty"
    else:
        assert shown not in ("", "empty"), "a default that is made of other answers is described"


def test_the_table_has_all_flavours_in_their_order():
    assert list(table("The flavours")) == list(FACTS["flavours"])


@pytest.mark.parametrize("name", FACTS["flavours"])
def test_the_table_says_of_a_flavour_what_the_facts_say(name):
    flavour = FACTS["flavours"][name]
    root = flavour["root"].replace("{package}", "my_project")
    line, backends, python, requires = table("The flavours")[name]
    assert quoted(line) == [f"from {root} import layers"]
    assert quoted(backends) == flavour["backends"]
    assert python == flavour["python"]
    assert quoted(requires) == flavour["requires"]


def test_the_start_names_the_pythons_of_the_default_flavour():
    named = re.search(r"You need Python ([\d., or]+), git", README)[1]
    assert re.split(", | or ", named) == SUPPORTED


def test_links_lead_to_what_is_there():
    headings = re.findall(r"^#+ (.*)$", README, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    for target in re.findall(r"\]\(([^)]+)\)", README):
        if target.startswith("#"):
            assert target[1:] in anchors
        elif "://" not in target:
            assert (ROOT / target).exists(), target


@pytest.mark.parametrize("path", re.findall(r"python ((?:scripts|benchmarks)/\w+\.py)", README))
def test_scripts_that_it_names_exist(path):
    assert (ROOT / path).is_file()


@pytest.mark.slow
def test_the_first_command_makes_a_project_and_trains_it(tmp_path):
    if not (ROOT / ".git").exists():
        pytest.skip("there is no repository to clone")
    if f"{sys.version_info[0]}.{sys.version_info[1]}" not in SUPPORTED:
        pytest.skip(f"the README's command is for Python {', '.join(SUPPORTED)}")
    subprocess.run(["git", "clone", "--quiet", str(ROOT), "clone"], cwd=tmp_path, check=True)
    # Python, git and what a system has, but no uv.
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "python3").write_text(f'#!/bin/sh\nexec "{sys._base_executable}" "$@"\n', "utf-8")
    (tools / "python3").chmod(0o755)
    folders = [f for f in os.environ["PATH"].split(os.pathsep) if not shutil.which("uv", path=f)]
    path = os.pathsep.join([str(tools), *folders])
    unwanted = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    done = subprocess.run(
        ["/bin/sh", "-c", command("copy")],
        cwd=tmp_path / "clone",
        env=environment | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert "\nVALIDATED" in done.stdout
    [metrics] = (tmp_path / "my-project" / "runs").glob("*/metrics.json")
    assert json.loads(metrics.read_text("utf-8"))
    assert not (tmp_path / "clone" / "runs").exists()


def shown(marker: str, language: str) -> str:
    """Give the block below a marker."""
    return re.search(rf"<!-- {marker} -->\n```{language}\n(.*?)```", README, re.DOTALL)[1]


def test_the_migration_that_is_shown_is_a_real_one(tmp_path):
    script = tmp_path / "train.py"
    script.write_text(shown("before", "python"), "utf-8")
    command, *report = shown("report", "console").splitlines()
    arguments = command.removeprefix("$ .venv/bin/keras-imports ").split()

    def run(*more):
        command = [sys.executable, "-m", "keras_imports", *arguments, *more]
        own = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        return subprocess.run(command, cwd=tmp_path, env=own, capture_output=True, text=True)

    assert run("--diff").stdout.rstrip() == shown("diff", "diff").rstrip()
    done = run()
    assert (done.stdout + done.stderr).splitlines() == report
    assert run("--diff").stdout == ""
