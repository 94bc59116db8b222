"""Each pass is a module of its own, in the tuple and with tests, and shows what it does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from keras_imports.engine import passes

PACKAGE = Path(passes.__file__).parent
NAMES = [each.__name__.rpartition(".")[2] for each in passes.PASSES]


def test_every_module_is_a_pass():
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    assert modules == {*NAMES}
    assert len(NAMES) == len({*NAMES})


@pytest.mark.parametrize("name", NAMES)
def test_a_pass_has_tests_and_an_example(name):
    assert (Path(__file__).parent / "passes" / f"test_{name}.py").is_file()
    module = ast.parse((PACKAGE / f"{name}.py").read_text("utf-8"))
    assert "\n\n    " in (ast.get_docstring(module, clean=False) or "")
