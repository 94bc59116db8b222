"""The picture of ARCHITECTURE.md is the code's: its arrows hold, and what the page names exists."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "keras_imports"
PAGE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
MODULES = sorted(PACKAGE.rglob("*.py"))


def layers() -> list[set[str]]:
    """Return the layers of the tool as the picture draws them, the top one first."""
    picture = re.search(r"<!-- layers -->\n```text\n(.*?)```", PAGE, re.DOTALL)
    assert picture, "ARCHITECTURE.md has no picture below `<!-- layers -->`"
    lines = (re.findall(r"\b(\w+)(?:/|\.py)", line) for line in picture[1].splitlines())
    in_package = ({name for name in names if part(name)} for names in lines)
    return [layer for layer in in_package if layer]


def part(name: str) -> Path | None:
    """Return the folder or module of the package that has this name."""
    paths = (PACKAGE / name / "__init__.py", PACKAGE / f"{name}.py")
    return next((path for path in paths if path.is_file()), None)


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the dotted name of everything of the package that a module imports.

    Imports within functions count, and relative ones are refused: they hide where they lead.
    """
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == PACKAGE.name:
                    yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            if node.module == PACKAGE.name:
                yield from ((node.lineno, f"{PACKAGE.name}.{alias.name}") for alias in node.names)
            elif node.module and node.module.split(".")[0] == PACKAGE.name:
                yield node.lineno, node.module


def own_part(path: Path) -> str:
    """Return the layer's name that a module belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_the_picture_has_every_part_of_the_package_once():
    drawn = [name for layer in layers() for name in sorted(layer)]
    there = {own_part(path) for path in MODULES} - {"__init__"}
    assert sorted(drawn) == sorted(there)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_from_its_own_part_and_from_below(path):
    order = layers()
    level = {name: number for number, layer in enumerate(order) for name in layer}
    own = own_part(path)
    for line, name in imported(path):
        parts = name.split(".")
        other = parts[1] if len(parts) > 1 else ""
        if other not in level:
            assert other == "__version__", f"{path}:{line} imports {name}"
        elif own == "__init__":
            pytest.fail(f"{path}:{line}: the package itself imports nothing, as it starts first")
        elif other != own:
            assert level[own] < level[other], f"{path}:{line}: {own} imports {name}"


def test_only_the_atlas_command_imports_the_builder_which_a_wheel_leaves_out():
    for path in MODULES:
        own = path.is_relative_to(PACKAGE / "atlas" / "build") or "commands/atlas" in str(path)
        names = [] if own else [name for _, name in imported(path)]
        assert not [name for name in names if "atlas.build" in name], path


def test_hooks_and_tool_import_nothing_that_copier_does_not_bring():
    """What Copier runs must run where Copier is, and the tool without any install."""
    brought = {"packaging", "yaml", "jinja2", "copier", "platformdirs", "pathspec", "plumbum"}
    brought |= {"tomli"}  # only where Python is 3.10, and without it that is said
    own = {"keras_imports"} | {path.stem for path in (ROOT / "hooks").iterdir()}
    hooks = sorted((ROOT / "hooks").rglob("*.py"))
    for path in [*MODULES, *hooks]:
        if path.is_relative_to(PACKAGE / "atlas" / "build"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            for name in names:
                root = name.split(".")[0]
                known = root in sys.stdlib_module_names or root in brought | own
                assert known, f"{path}:{node.lineno} imports {name}"


def test_no_hook_imports_one_that_copier_runs():
    """It would be loaded a second time, beside the one that runs."""
    run = {"after_copy", "after_update", "before_update"}
    for path in (ROOT / "hooks").rglob("*.py"):
        nodes = [*ast.walk(ast.parse(path.read_text("utf-8")))]
        names = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
        names |= {a.name for node in nodes if isinstance(node, ast.Import) for a in node.names}
        assert not run & names, path


def test_paths_that_the_page_names_exist():
    path = r"(?:[\w.-]+/)+(?:[\w-]+\.\w+)?|[\w.-]+\.(?:py|yml|md|jinja)"
    named = set(re.findall(rf"(?<![\w./])({path})(?![\w/])", PAGE))
    bases = (ROOT, PACKAGE)
    generated = {"train.py", ".copier-answers.yml"}
    missing = {name for name in named if not any((base / name).exists() for base in bases)}
    assert missing == generated
    assert len(named) > 20


def test_the_glossary_is_short():
    glossary = PAGE.partition("\n## Glossary\n")[2].partition("\n## ")[0]
    assert len(re.findall(r"^\| (?!word |---)", glossary, re.MULTILINE)) <= 15
