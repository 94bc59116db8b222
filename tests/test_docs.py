"""The pages: what they say of questions and flavours is so, and what they show was printed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from keras_imports.configuration.table import KEYS, parse_table
from keras_imports.engine.findings import Finding

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md"), *(ROOT / ".github").rglob("*.md")])
TEXTS = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in PAGES}
FACTS = yaml.safe_load((ROOT / "flavours.yml").read_text("utf-8"))
QUESTIONS = {
    name: question
    for name, question in yaml.safe_load((ROOT / "copier.yml").read_text("utf-8")).items()
    if not name.startswith("_") and question.get("when", True) is not False
}
# Questions whose choices copier.yml makes of these.
CHOICES_OF_FACTS = {
    "keras": list(FACTS["flavours"]),
    "backend": [],  # the page leads to flavours.yml, so that a new one stands there alone
    "hardware": list(FACTS["hardware"]),
    "data": list(FACTS["data"]),
    "model": FACTS["data"]["digits"]["models"],
    "python": FACTS["python"],
}


def table(page: str, number: int = 0) -> dict[str, list[str]]:
    """Return a table of a page: the rows by what stands in their first cell."""
    lines = re.findall(r"\n\n((?:\|.*\|\n)+)", TEXTS[f"docs/{page}.md"])[number]
    rows = [line.strip("|").strip().split(" | ") for line in lines.splitlines()[2:]]
    return {row[0].strip("`"): row[1:] for row in rows}


def quoted(cell: str) -> list[str]:
    """Return what stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def choices(name: str) -> list[str]:
    """Return the answers that copier.yml has for a question; none where any text will do."""
    question = QUESTIONS[name]
    if question["type"] == "bool":
        return ["true", "false"]
    if name in CHOICES_OF_FACTS:
        return CHOICES_OF_FACTS[name]
    return list(question.get("choices", {}).values())


def test_the_table_has_all_questions_in_their_order():
    assert list(table("questions")) == list(QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_table_has_the_answers_of_a_question(name):
    assert quoted(table("questions")[name][1]) == choices(name)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_table_has_the_default_of_a_question(name):
    shown, default = table("questions")[name][2], QUESTIONS[name]["default"]
    if name == "model":
        default = FACTS["data"]["digits"]["models"][0]
    if choices(name) or name == "backend":
        assert shown == f"`{json.dumps(default) if isinstance(default, bool) else default}`"
    elif default == "":
        assert shown == "empty"
    else:
        assert shown not in ("", "empty"), "a default that is made of other answers is described"


def test_the_table_has_all_flavours_in_their_order():
    assert list(table("flavours")) == list(FACTS["flavours"])


@pytest.mark.parametrize("name", FACTS["flavours"])
def test_the_table_says_of_a_flavour_what_the_facts_say(name):
    flavour = FACTS["flavours"][name]
    root = flavour["root"].replace("{package}", "my_project")
    line, backends, python, requires = table("flavours")[name]
    assert quoted(line) == [f"from {root} import layers"]
    if flavour["backends"] == list(FACTS["backends"]):
        assert backends == "all"
    else:
        assert quoted(backends) == flavour["backends"]
    assert python == flavour["python"]
    assert quoted(requires) == flavour["requires"]


def anchors(text: str) -> set[str]:
    """Return the anchors that a page has, as forges make them of its headings."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", TEXTS)
def test_links_lead_to_what_is_there(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", TEXTS[page]):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file.read_text("utf-8")), target


@pytest.mark.parametrize("page", TEXTS)
def test_scripts_that_a_page_names_exist(page):
    for path in re.findall(r"\b((?:scripts|benchmarks|hooks)/[\w/]+\.py)", TEXTS[page]):
        assert (ROOT / path).is_file(), path


@pytest.mark.parametrize("page", TEXTS)
def test_lines_are_no_longer_than_an_editor_is_wide(page):
    text = re.sub(r"```.*?```", "", TEXTS[page], flags=re.DOTALL)  # code is as it is
    long = [line for line in text.splitlines() if len(line) > 120 and not line.startswith("|")]
    assert not long


def block(page: str, marker: str, language: str) -> str:
    """Return the code below a marker of a page."""
    pattern = rf"<!-- {marker} -->\n```{language}\n(.*?)```"
    match = re.search(pattern, TEXTS[f"docs/{page}.md"], re.DOTALL)
    assert match, f"docs/{page}.md has no {language} below `<!-- {marker} -->`"
    return match[1]


def run(line: str, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run a command line that a page shows."""
    arguments = line.removeprefix("$ keras-imports ").split()
    return subprocess.run(
        [sys.executable, "-m", "keras_imports", *arguments, *more],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
    )


def masked(lines: list[str]) -> list[str]:
    """Return lines without the releases of Keras 3 and of what runs on it.

    A page stays right when a release comes that changes nothing but these.
    """
    release = r"\b(?:3\.\d+|2\.(?:1[6-9]|2\d))(?:\.\d+)?\b"
    return [re.sub(r" +", " ", re.sub(release, "RELEASE", line)) for line in lines]


SHOWN = [
    (page, code)
    for page, text in TEXTS.items()
    for code in re.findall(r"<!-- shown -->\n```console\n(.*?)```", text, re.DOTALL)
]


@pytest.mark.parametrize(("page", "code"), SHOWN, ids=[page for page, _ in SHOWN])
def test_what_a_page_shows_is_what_the_command_prints(page, code, tmp_path):
    line, *shown = code.splitlines()
    printed = run(line, tmp_path).stdout.splitlines()
    if shown[-1] == "...":
        printed = [*printed[: len(shown) - 1], "..."]
    assert masked(printed) == masked(shown)


def test_the_check_that_is_shown_is_a_real_one(tmp_path):
    (tmp_path / "train.py").write_text(block("check", "checked", "python"), "utf-8")
    line, *findings = block("check", "findings", "console").splitlines()
    done = run(line, tmp_path)
    assert masked((done.stdout + done.stderr).splitlines()) == masked(findings)


def test_every_key_of_the_json_report_is_described():
    whole = Finding(1, 1, "x", "gone", "write y", "KI001", "fails", "a.py", cell=1, certain=False)
    assert list(table("integrations", 1)) == list(whole.row())


def test_the_inputs_of_the_action_are_described():
    inputs = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["inputs"]
    shown = {name: quoted(default) for name, (_, default) in table("integrations").items()}
    assert shown == {
        name: [each["default"]] if each["default"] else [] for name, each in inputs.items()
    }


def test_the_workflow_and_the_hook_that_are_shown_ask_for_what_there_is():
    blocks = re.findall(r"```yaml\n(.*?)```", TEXTS["docs/integrations.md"], re.DOTALL)
    hooks, workflow, *_ = map(yaml.safe_load, blocks)
    known = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    named = {hook["id"] for repo in hooks["repos"] for hook in repo["hooks"]}
    assert named <= {hook["id"] for hook in known}
    [step] = [each for each in workflow["jobs"]["check"]["steps"] if "OWNER" in each["uses"]]
    inputs = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["inputs"]
    assert set(step["with"]) <= set(inputs)


def test_the_configuration_that_is_shown_has_all_keys_and_is_read(tmp_path):
    tomllib = pytest.importorskip("tomllib", reason="Python 3.10 has no TOML parser")
    table = tomllib.loads(block("configuration", "configuration", "toml"))["tool"]["keras-imports"]
    values = parse_table(table, str(tmp_path))
    assert {key.replace("_", "-") for key in values} == set(KEYS) == set(table)
    rows = re.findall(r"^\| (`.*?`) \|", TEXTS["docs/configuration.md"], re.MULTILINE)
    assert [key for row in rows for key in quoted(row)] == list(KEYS)


def test_what_is_refused_of_a_configuration_is_shown_as_it_is(tmp_path):
    line, shown = block("configuration", "refused", "console").splitlines()
    (tmp_path / "train.py").write_text("import keras\n", "utf-8")
    text = "[tool.keras-imports.per-file-ignore]\n"
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    done = run(line, tmp_path)
    assert (done.returncode, done.stderr.splitlines()) == (2, [shown])


def test_the_baseline_that_is_shown_is_a_real_one(tmp_path):
    (tmp_path / "train.py").write_text("from keras.layers.core import Dense\n", "utf-8")
    lines = block("configuration", "baseline", "console").splitlines()
    for line, shown in zip(lines[::2], lines[1::2], strict=True):
        assert masked(run(line, tmp_path).stderr.splitlines()) == masked([shown])


def test_the_migration_that_is_shown_is_a_real_one(tmp_path):
    script = tmp_path / "train.py"
    script.write_text(block("migrate", "before", "python"), "utf-8")
    line, *report = block("migrate", "report", "console").splitlines()
    difference = run(line, tmp_path, "--diff").stdout
    assert masked([difference.rstrip()]) == masked([block("migrate", "diff", "diff").rstrip()])
    done = run(line, tmp_path)
    *findings, summary = done.stderr.splitlines()
    assert masked([*findings, *done.stdout.splitlines(), summary]) == masked(report)
    assert run(line, tmp_path, "--diff").stdout == ""
    line, *shown = block("migrate", "undo", "console").splitlines()
    done = run(line, tmp_path)
    assert (done.stdout + done.stderr).splitlines() == shown
    assert script.read_text("utf-8") == block("migrate", "before", "python")


def test_the_package_that_is_shown_is_named_so(tmp_path):
    (tmp_path / "norm.py").write_text("import tensorflow_addons as tfa\n", "utf-8")
    line, shown = block("migrate", "package", "console").splitlines()
    done = run(line, tmp_path)
    assert shown in (done.stdout + done.stderr).splitlines()


def test_what_is_moved_to_any_backend_is_shown_as_it_is(tmp_path):
    (tmp_path / "loss.py").write_text(block("migrate", "tied", "python"), "utf-8")
    line, *shown = block("migrate", "untied", "console").splitlines()
    done = run(line, tmp_path)
    assert masked((done.stdout + done.stderr).splitlines()) == masked(shown)
