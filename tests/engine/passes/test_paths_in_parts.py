"""The first parts of paths that are put together and imported."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.origin import parse_origin
from keras_imports.knowledge.target import parse_target

HEAD = "import importlib\n"


def moved(code, to="keras", source="tensorflow.keras==2.4"):
    job = Job(parse_target(to), (parse_origin(source),))
    found = migrate_text(HEAD + code, job)
    return found.text.removeprefix(HEAD), [each.message for each in found.left]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("'tensorflow.keras.applications.' + name", "'keras.applications.' + name"),
        ("f'tensorflow.keras.applications.{name}'", "f'keras.applications.{name}'"),
        ("'tensorflow.keras.applications.%s' % name", "'keras.applications.%s' % name"),
        ("'tensorflow.keras.applications.{}'.format(n)", "'keras.applications.{}'.format(n)"),
        ("'tensorflow.keras.applications.vgg' + size", "'keras.applications.vgg' + size"),
    ],
)
def test_first_parts(before, after):
    code = "importlib.import_module({})"
    assert moved(code.format(before)) == (code.format(after), [])


def test_modules_that_are_gone_are_named():
    code = "importlib.import_module('tensorflow.keras.applications.' + name)"
    _, (message,) = moved(code, source="tensorflow.keras==2.10")
    assert "does not have all of its modules" in message
    code = "importlib.import_module('keras.layers.' + name)"
    text, (message,) = moved(code, source="keras==2.2.4")
    assert text == code
    assert "no module of `keras.layers`" in message


@pytest.mark.parametrize(
    "code",
    [
        "importlib.import_module('mine.keras.applications.' + name)",
        "importlib.import_module(prefix + 'keras.applications')",
        "importlib.import_module('numpy.' + name)",
        "print('tensorflow.keras.applications.' + name)",
    ],
)
def test_what_is_no_path_of_keras_stays(code):
    assert moved(code) == (code, [])
