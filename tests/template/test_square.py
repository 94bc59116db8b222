"""The square commutes: a copy that is moved to other answers is what a copy with those would be."""

from __future__ import annotations

import functools
import itertools
from typing import Any

import pytest
from projects import name_of
from rendering import EXAMPLES, FACTS, flavour_answers, rendered

from keras_imports.engine.job import Job
from keras_imports.engine.outcome import Outcome
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.origin import parse_origin
from keras_imports.knowledge.target import parse_target
from keras_imports.migrate.files.source_files import used_elsewhere

# Every other one for a GPU, so that pairs cross the hardware, too.
ANSWERS = [
    answers | {"hardware": hardware}
    for answers, hardware in zip(
        flavour_answers(), itertools.cycle(FACTS["hardware"]), strict=False
    )
]
# These are about the flavour and its backend, and Copier alone changes them.
NOT_MOVED = (
    *(f"src/digits/{name}.py" for name in ("__init__", "doctor", "flavour", "hardware")),
    *("src/digits/keras_flavour.py", "src/digits/versions.py"),
    *("tests/test_imports.py", "tests/test_keras_flavour.py"),
)

Answers = dict[str, Any]


def names(pair: tuple[Answers, Answers]) -> str:
    return "-to-".join(map(name_of, pair))


@functools.cache
def python_files(name: str, data: str, model: str) -> dict[str, str]:
    """The Python files of a fresh copy."""
    answers = next(answers for answers in ANSWERS if name_of(answers) == name)
    project = rendered(data=data, model=model, **answers)
    paths = {path.relative_to(project).as_posix(): path for path in sorted(project.rglob("*.py"))}
    return {name: path.read_text("utf-8") for name, path in paths.items() if name not in NOT_MOVED}


@functools.cache
def moved(text: str, file: str, old: str, new: str) -> Outcome:
    """A file of a copy in one flavour, in another."""
    to, source = (parse_target(keras, portable=root(keras)) for keras in (new, old))
    portable = root(old) if old == "portable" else None
    job = Job(to, (parse_origin(str(source)),), portable)
    return migrate_text(text, job, used_elsewhere(file))


def root(keras: str) -> str:
    return FACTS["flavours"][keras]["root"].format(package="digits")


@pytest.mark.xdist_group("rendered")  # one process renders each copy once
@pytest.mark.parametrize("pair", [*itertools.permutations(ANSWERS, 2)], ids=names)
def test_a_moved_copy_is_a_copy_of_the_other(pair: tuple[Answers, Answers]) -> None:
    old, new = pair
    for example in EXAMPLES:
        before, wanted = (python_files(name_of(answers), **example) for answers in pair)
        assert before.keys() == wanted.keys()
        for file, text in before.items():
            outcome = moved(text, file, old["keras"], new["keras"])
            assert outcome.text == wanted[file], file
            assert (outcome.left, outcome.problem) == ((), None), file


# What a user may have written in the project's own flavour.
STYLES = [
    "from {root} import layers\n\n\nlayers.Dense(3)\n",
    "import numpy as np\nfrom {root} import Model, layers as kl\n\nx = kl.Dense(3), Model, np\n",
    "from {root} import callbacks, models, utils  # noqa: F401\n",
    "def f():\n    from {root} import (\n        layers,  # ours\n    )\n    return layers.Dense\n",
]


@pytest.mark.parametrize("pair", [*itertools.permutations(FACTS["flavours"], 2)], ids="-to-".join)
def test_there_and_back_is_where_it_was(pair: tuple[str, str]) -> None:
    old, new = pair
    for style in STYLES:
        text = style.replace("{root}", root(old))
        there = moved(text, "mine.py", old, new)
        assert there.text == style.replace("{root}", root(new))
        assert moved(there.text, "mine.py", new, old).text == text
