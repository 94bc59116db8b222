"""The codes: their examples are what `check` finds, and what `migrate` makes of it."""

from __future__ import annotations

import pytest
from releases import KERAS, TENSORFLOW, TF_KERAS

from keras_imports import atlas
from keras_imports.check.engine import check_module
from keras_imports.check.module import CheckedModule
from keras_imports.check.rules import CODES
from keras_imports.check.setting import Setting
from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import targets_in
from keras_imports.python.sources import Source
from keras_imports.python.syntax import parse

NEWEST = (f"keras=={KERAS}", f"tensorflow=={TENSORFLOW}", f"tf-keras=={TF_KERAS}")
FLAVOURS = {"KI005": "keras"}  # what is asked for
BACKENDS = {"KI401": "jax", "KI402": "jax"}


def found(name, code, file):
    """Return the codes of what is found in an example of one."""
    env = atlas.environment(CODES[name].example.installed or NEWEST)
    setting = Setting(env, FLAVOURS.get(name), backend=BACKENDS.get(name, ""))
    source = Source(str(file), code, parse(code))
    return {finding.code for finding in check_module(CheckedModule(source, setting))}


@pytest.mark.parametrize("name", CODES)
def test_an_example_has_the_finding_and_is_right_without_it(name, tmp_path):
    example = CODES[name].example
    folders = {"before": tmp_path / "before", "after": tmp_path / "after"}
    for folder in folders.values():
        folder.mkdir()
    if name == "KI006":
        (folders["before"] / "keras.py").touch()
        (folders["after"] / "my_keras.py").touch()
    assert name in found(name, example.before, folders["before"] / "case.py")
    assert not found(name, example.after, folders["after"] / "case.py")


@pytest.mark.parametrize("name", CODES)
def test_an_example_becomes_what_migrate_makes_of_it(name):
    example = CODES[name].example
    env = atlas.environment(example.installed or NEWEST)
    (target, *_) = targets_in(env, frozenset(), BACKENDS.get(name, ""))
    outcome = migrate_text(example.before, Job(target, installed=env))
    assert outcome.text in (example.before, example.after)


@pytest.mark.parametrize("name", CODES)
def test_a_code_says_all_that_is_asked_of_it(name):
    code = CODES[name]
    assert code.since
    assert code.explanation.endswith(".")
    assert not code.title.endswith(".")
