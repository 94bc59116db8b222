"""Whatever is in a file, it is moved or named: nothing is raised, broken, or changed twice.

Each kind of file begins with some that are as people write them, and is then made odd: pieces are
left out, doubled, mixed with those of others, or stand beside what is special somewhere.
`pytest tests/test_odd_files.py --examples 1000` tries more of each kind.
"""

from __future__ import annotations

import ast
import configparser
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement, Requirement

from keras_imports import atlas
from keras_imports.check.files import check_file
from keras_imports.check.setting import Setting
from keras_imports.commands.baseline import Baseline
from keras_imports.configuration.files import nearest
from keras_imports.engine.job import Job
from keras_imports.engine.outcome import Needs
from keras_imports.knowledge.declarations import Declarations
from keras_imports.knowledge.target import parse_target
from keras_imports.migrate.files.dependencies.files import plan_dependencies
from keras_imports.migrate.files.dependencies.goal import Goal
from keras_imports.migrate.files.source_files import plan_file
from keras_imports.python.files import read_bytes
from keras_imports.python.syntax import decode, parse
from keras_imports.toml import parse_toml

TARGETS = ("keras", "tf_keras", "tensorflow.keras", "keras==2.15")
SETTING = Setting(atlas.environment(["keras==3.15.1", "tensorflow==2.21.0"]))
# What means something somewhere.
ODD = [
    *"\r\n\t\0\v\f\x1b\x85\u2028\ufeffé😀#`{}[]()<>:;,.%!?=*@~^\\\"'",
    *("\r\n", "\\\n", "\n  ", "'''", '"""', "```", "==", "||", "...", "&a ", "*a", "<<", "!!str "),
    *("- ", "  ", "keras", "tensorflow", "${X}", "%(a)s", "0x", "1e999", "9" * 5000),
]
DATA = Path(__file__).parent / "data" / "odd_files.txt"


def texts(kind: str) -> list[str]:
    """The files of a kind."""
    blocks = re.split(r"^=== ", DATA.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return [text for name, _, text in (each.partition("\n") for each in blocks) if name == kind]


def odd(texts: list[str]) -> st.SearchStrategy[str]:
    """A text that was one of these, and what is done to it."""
    place = st.integers(0, 400)
    change = st.tuples(
        st.sampled_from(["insert", "insert", "leave out", "double", "mix"]),
        place,
        place,
        st.sampled_from(ODD),
        st.sampled_from(texts),
    )
    return st.builds(made, st.sampled_from(texts), st.lists(change, max_size=5))


def made(text: str, changes: list[tuple[str, int, int, str, str]]) -> str:
    for kind, start, length, more, other in changes:
        at = start % (len(text) + 1)
        end = at + length % 40
        if kind == "insert":
            text = text[:at] + more + text[at:]
        elif kind == "leave out":
            text = text[:at] + text[end:]
        elif kind == "double":
            text = text[:end] + text[at:end] + text[end:]
        else:
            text = text[:at] + other[at:end] + text[at:]
    return text


Run = Callable[..., None]


@pytest.fixture
def run(examples: settings, tmp_path: Path) -> Run:
    """Try a test with many texts, in one folder."""

    def with_texts(test: Callable[[Path, str, str], None], texts: list[str]) -> None:
        def once(text: str, to: str) -> None:
            test(tmp_path, text, to)

        examples(given(odd(texts), st.sampled_from(TARGETS))(once))()

    return with_texts


@contextmanager
def soon() -> Iterator[None]:
    before = time.process_time()
    yield
    assert time.process_time() - before < 10


def job(to: str) -> Job:
    return Job(parse_target(to), docs=True, is_pinned="==" in to)


def moved(path: Path, text: str, to: str) -> str | None:
    """Move a file as `migrate` does; return its text then, `None` if it stays."""
    path.write_bytes(text.encode())
    before = path.read_bytes()
    with soon():
        planned = plan_file(str(path), job(to))
    assert path.read_bytes() == before
    assert "fault" not in (planned.outcome.problem or ""), planned.outcome.problem
    if not planned.outcome.changed:
        return None
    assert planned.data != before
    path.write_bytes(planned.data)
    again = plan_file(str(path), job(to))
    assert not again.outcome.changed, (planned.outcome.text, again.outcome.text)
    return planned.data.decode("utf-8-sig")


def checked(path: Path) -> None:
    with soon():
        check_file(str(path), SETTING)


def module(folder: Path, text: str, to: str) -> None:
    path = folder / "module.py"
    path.write_bytes(text.encode())
    checked(path)
    if moved(path, text, to) is not None:
        parse(decode(path.read_bytes())[0])


def notebook(folder: Path, text: str, to: str) -> None:
    lines = text.splitlines(keepends=True)
    cells = [
        {"cell_type": "markdown", "source": text},
        {"cell_type": "code", "source": lines, "outputs": [text]},
        {"cell_type": "code", "source": "%time import keras\n!pip install keras==2.2.4\n"},
        {"cell_type": "code", "source": text},
    ]
    raw = json.dumps({"cells": cells, "metadata": {}}, ensure_ascii=len(text) % 2 == 0, indent=1)
    path = folder / "notebook.ipynb"
    path.write_bytes(raw.encode())
    assert not [
        each for each in check_file(str(path), SETTING).problems if "defect" in each.message
    ]
    new = moved(path, raw, to)
    if new is not None:
        data = json.loads(new)
        assert [cell["cell_type"] for cell in data["cells"]] == [
            cell["cell_type"] for cell in cells
        ]
        assert [cell.get("outputs") for cell in data["cells"]] == [None, [text], None, None]
        assert data["cells"][0] == cells[0]


def broken_notebook(folder: Path, text: str, to: str) -> None:
    path = folder / "notebook.ipynb"
    path.write_bytes(text.encode())
    assert not [
        each for each in check_file(str(path), SETTING).problems if "defect" in each.message
    ]
    new = moved(path, text, to)
    if new is not None:
        json.loads(new)


def document(name: str, folder: Path, text: str, to: str) -> None:
    moved(folder / name, text, to)


def declaring(
    name: str, is_read: Callable[[str], object], folder: Path, text: str, to: str
) -> None:
    """Change what a file requires: it stays of its format, and another run changes nothing."""
    path = folder / name
    path.write_bytes(text.encode())
    goal = Goal(parse_target(to), "==" in to, Needs(tensorflow=False, keras=True))
    with soon():
        Declarations().of(str(folder / "module.py"))
        planned = list(plan_dependencies([str(path)], goal, read_bytes, 30))
    assert not [outcome for _, outcome, _ in planned if "defect" in (outcome.problem or "")], (
        planned
    )
    for _, outcome, data in planned:
        assert "defect" not in (outcome.problem or ""), outcome.problem
        if outcome.changed:
            is_read(data.decode("utf-8-sig"))
            path.write_bytes(data)
            again = list(plan_dependencies([str(path)], goal, read_bytes, 30))
            assert not any(outcome.changed for _, outcome, _ in again)
            new = data.decode("utf-8-sig")
            text = text.removeprefix("\ufeff")
            assert other_lines(text) <= other_lines(new)
            assert broken_requirements(name, new) <= broken_requirements(name, text)


def other_lines(text: str) -> set[str]:
    """What stands on lines that have nothing to do with a Keras."""
    return {line for line in text.splitlines() if "keras" not in line and "tensor" not in line}


def broken_requirements(name: str, text: str) -> set[str]:
    """What begins as a requirement of a Keras and is none, as pip reads it."""
    if name == "requirements.txt":
        items = [line.partition(" #")[0] for line in text.splitlines()]
    elif name == "pyproject.toml":
        items = [*items_of(parse_toml(text))]
    else:
        return set()
    return {each for each in items if re.match(r"keras|tensorflow|tf", each) and not is_one(each)}


def items_of(data: object) -> Iterator[str]:
    """The strings in lists."""
    if isinstance(data, (dict, list)):
        for each in data.values() if isinstance(data, dict) else data:
            if isinstance(each, str) and isinstance(data, list):
                yield each
            yield from items_of(each)


def is_one(requirement: str) -> bool:
    try:
        Requirement(requirement)
    except InvalidRequirement:
        return False
    return True


def cfg(text: str) -> None:
    configparser.RawConfigParser().read_string(text.replace("\r\n", "\n").replace("\r", "\n"))


def refusal(read: Callable[[str], object], path: str) -> str:
    try:
        read(path)
    except ValueError as error:
        return str(error)
    return ""


def configured(folder: Path, text: str, to: str) -> None:
    for name in ("keras-imports.toml", "pyproject.toml"):
        (folder / name).write_bytes(text.encode())
        nearest.cache_clear()
        said = refusal(nearest, str(folder))
        assert said.startswith(os.path.relpath(folder / name)) or not said
        (folder / name).unlink()


def baseline(folder: Path, text: str, to: str) -> None:
    path = folder / "baseline.json"
    path.write_bytes(text.encode())
    said = refusal(Baseline.read, str(path))
    assert said.startswith(f"{path}: this is no baseline: ") or not said


NOTEBOOK = {"cells": [{"cell_type": "code", "source": texts("Python")[:2]}], "metadata": {}}
KINDS: dict[str, tuple[Callable[[Path, str, str], None], list[str]]] = {
    "Python": (module, texts("Python")),
    "notebooks": (notebook, [*texts("Python"), *texts("notebooks")]),
    "broken notebooks": (broken_notebook, [json.dumps(NOTEBOOK, indent=1)]),
    "Markdown": (partial(document, "a.md"), texts("documents")),
    "reStructuredText": (partial(document, "a.rst"), texts("documents")),
    "settings": (configured, texts("settings")),
    "baselines": (baseline, texts("baselines")),
}
FORMATS = {
    "requirements.txt": str,
    "environment.yml": yaml.compose,
    "pyproject.toml": parse_toml,
    "Pipfile": parse_toml,
    "setup.cfg": cfg,
    "setup.py": ast.parse,
}
KINDS |= {name: (partial(declaring, name, its), texts(name)) for name, its in FORMATS.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_an_odd_file_is_moved_or_named(kind: str, run: Run) -> None:
    run(*KINDS[kind])


# Texts of which a search that goes back over what it has read takes minutes.
LONG = {
    "brackets": ("pyproject.toml", "[" * 60_000 + "keras"),
    "lists that do not end": ("pyproject.toml", "dependencies = [\n" * 30_000 + "keras"),
    "spaces in a notebook": (
        "a.ipynb",
        json.dumps(
            {"cells": [{"cell_type": "code", "source": "import keras\n!ls\n" + " " * 60_000 + "x"}]}
        ),
    ),
    "imports on a line": ("a.py", "'keras " + "import " * 30_000 + "'\n"),
}


@pytest.mark.parametrize("name", LONG)
def test_nothing_is_searched_again_and_again(name: str, tmp_path: Path) -> None:
    file, text = LONG[name]
    path = tmp_path / file
    path.write_text(text)
    with soon():
        Declarations().of(str(tmp_path / "module.py"))
        if not file.endswith(".toml"):
            plan_file(str(path), job("keras"))
            check_file(str(path), SETTING)
