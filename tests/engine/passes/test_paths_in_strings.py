"""`migrate` moves strings that are certainly code, and no others."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = """\
import importlib
from typing import TYPE_CHECKING, Annotated, Literal, Optional, cast
from unittest import mock
from unittest.mock import patch

import pytest

"""

MOVED = {  # a name: a line, the target, the line after
    "mock.patch": (
        '@mock.patch("tensorflow.keras.layers.Dense", autospec=True)\ndef f(d): ...',
        "keras",
        '@mock.patch("keras.layers.Dense", autospec=True)\ndef f(d): ...',
    ),
    "patch, single quotes": (
        "with patch('keras.models.load_model'): pass",
        "tf_keras",
        "with patch('tf_keras.models.load_model'): pass",
    ),
    "a rule renames it": (
        'mock.patch("tensorflow.keras.backend.mean")',
        "keras",
        'mock.patch("keras.ops.mean")',
    ),
    "another path": (
        'mock.patch("keras.layers.normalization.BatchNormalization")',
        "keras",
        'mock.patch("keras.layers.BatchNormalization")',
    ),
    "an old name": (
        'mock.patch("keras.layers.Convolution2D")',
        "tf_keras",
        'mock.patch("tf_keras.layers.Convolution2D")',
    ),
    "a method": (
        'mock.patch("tensorflow.keras.Model.call")',
        "keras",
        'mock.patch("keras.Model.call")',
    ),
    "a method that was renamed": (
        'mock.patch("tensorflow.keras.Model.fit_generator")',
        "keras",
        'mock.patch("keras.Model.fit")',
    ),
    "patch.multiple": (
        'mock.patch.multiple("keras.layers", Dense=1, Conv2D=2)',
        "tensorflow.keras",
        'mock.patch.multiple("tensorflow.keras.layers", Dense=1, Conv2D=2)',
    ),
    "monkeypatch": (
        'def test(monkeypatch): monkeypatch.setattr("keras.models.load_model", None)',
        "tf_keras",
        'def test(monkeypatch): monkeypatch.setattr("tf_keras.models.load_model", None)',
    ),
    "a context of monkeypatch": (
        'with monkeypatch.context() as m: m.delattr("keras.models.load_model")',
        "tf_keras",
        'with monkeypatch.context() as m: m.delattr("tf_keras.models.load_model")',
    ),
    "mocker": (
        'def test(mocker): mocker.patch("keras.utils.to_categorical")',
        "tf_keras",
        'def test(mocker): mocker.patch("tf_keras.utils.to_categorical")',
    ),
    "import_module": (
        'layers = importlib.import_module("tensorflow.keras.layers")',
        "keras",
        'layers = importlib.import_module("keras.layers")',
    ),
    "__import__": ('K = __import__("keras")', "tf_keras", 'K = __import__("tf_keras")'),
    "importorskip": (
        'keras = pytest.importorskip("keras")',
        "tf_keras",
        'keras = pytest.importorskip("tf_keras")',
    ),
    "a raw string": ('patch(r"keras.layers.Dense")', "tf_keras", 'patch(r"tf_keras.layers.Dense")'),
    "an annotation": (
        'from tensorflow import keras\ndef f(m: "keras.Model") -> "keras.Model": ...',
        "tf_keras",
        'import tf_keras as keras\ndef f(m: "keras.Model") -> "keras.Model": ...',
    ),
    "an annotation inside of another": (
        'import tensorflow as tf\nx: Optional["tf.keras.layers.Layer | None"] = None',
        "keras",
        'import keras\nx: Optional["keras.layers.Layer | None"] = None',
    ),
    "an annotation after other letters": (
        'import tensorflow as tf\ndef f(ä="ß", m: "dict[str, tf.keras.Model]" = 1): ...',
        "keras",
        'import keras\ndef f(ä="ß", m: "dict[str, keras.Model]" = 1): ...',
    ),
    "an annotation keeps TensorFlow": (
        'import tensorflow as tf\ndef f(x: "tf.Tensor") -> "tf.keras.Model": ...',
        "keras",
        'import keras\nimport tensorflow as tf\ndef f(x: "tf.Tensor") -> "keras.Model": ...',
    ),
    "an annotation's import for type checkers": (
        'if TYPE_CHECKING:\n    from keras.engine import Layer\ndef f(x: "Layer"): ...',
        "keras",
        'if TYPE_CHECKING:\n    from keras.layers import Layer\ndef f(x: "Layer"): ...',
    ),
    "the first of Annotated": (
        'import tensorflow as tf\nx: Annotated["tf.keras.Model", "tf.keras.Model"]',
        "keras",
        'import keras\nx: Annotated["keras.Model", "tf.keras.Model"]',
    ),
    "typing.cast": (
        'import tensorflow as tf\nm = cast("tf.keras.Model", f())',
        "keras",
        'import keras\nm = cast("keras.Model", f())',
    ),
}

ALONE = {  # what is left as it is, without a word, beside code that moves
    "a text": 'x = "keras.layers.Dense"',
    "a key": 'd["tensorflow.keras.Model"] = {"keras.Model": 1}',
    "a name": 'layer(name="keras.layers")',
    "a message": 'raise ValueError("tf.keras.layers.Dense")',
    "not of Keras": 'mock.patch("tensorflow.nn.relu")',
    "of the project": 'mock.patch("project.keras.layers.Dense")',
    "another function": 'def patch_all(name): ...\npatch_all("keras.layers.Dense")',
    "a method of something": 'client.patch("keras.layers.Dense")',
    "patch.object": 'patch.object(thing, "keras.layers.Dense")',
    "the builtin setattr": 'setattr("keras.models", "x", 1)',
    "a name in Literal": 'x: Literal["tf.keras.Model"] = "tf.keras.Model"',
    "a default": 'def f(x="tf.keras.Model"): ...',
    "not an expression": 'x: "a tf.keras.Model of ours" = 1',
    "an unknown name": 'x: "nn.keras.Model" = 1',
    "importorskip of TensorFlow": 'tf = pytest.importorskip("tensorflow")',
    "a relative import": 'importlib.import_module(".keras", "project")',
}

LEFT = {  # what cannot be moved, the target, and a part of the report
    "no counterpart": ('mock.patch("keras.backend.set_session")', "keras", "is not in keras"),
    "takes more than a name": ('patch("keras.backend.ctc_decode")', "keras", ""),
    "a module that is none": (
        'importlib.import_module("tensorflow.keras.layers.experimental.preprocessing")',
        "keras",
        "has no counterpart",
    ),
    "not in one piece": ('patch("tensorflow." "keras.layers.Dense")', "keras", "in one piece"),
    "the first package": ('k = __import__("tensorflow.keras")', "keras", "first package alone"),
    "a version": (
        'pytest.importorskip("keras", minversion="2.4")',
        "tf_keras",
        "asked for with a version",
    ),
    "not all in one module": (
        'mock.patch.multiple("tensorflow.keras.backend", mean=1, floatx=2)',
        "keras",
        "patch each name",
    ),
}


def text_of(line: str) -> str:
    return f"{HEAD}{line}\n"


@pytest.mark.parametrize("case", MOVED)
def test_moved(case: str) -> None:
    line, to, expected = MOVED[case]
    outcome = migrate_text(text_of(line), Job(parse_target(to)))
    assert outcome.text == text_of(expected)
    assert outcome.left == ()
    assert migrate_text(outcome.text, Job(parse_target(to))).text == outcome.text


@pytest.mark.parametrize("case", ALONE)
def test_left_alone(case: str) -> None:
    imports = "import tensorflow as tf\nfrom tensorflow import keras\n"
    text = text_of(f"{imports}{ALONE[case]}\nkeras.Model(tf.nn)")
    outcome = migrate_text(text, Job(parse_target("tf_keras")))
    assert outcome.text == text.replace("from tensorflow import keras", "import tf_keras as keras")
    assert outcome.left == ()


@pytest.mark.parametrize("case", LEFT)
def test_left_and_said(case: str) -> None:
    line, to, report = LEFT[case]
    outcome = migrate_text(text_of(line), Job(parse_target(to)))
    assert outcome.text == text_of(line)
    assert [left.line for left in outcome.left] == [text_of(line).count("\n")]
    assert report in f"{outcome.left[0].message}; {outcome.left[0].advice}"


def test_portable_is_patched_by_attributes_and_never_imported_below() -> None:
    text = text_of('patch("keras.layers.Dense")\nimportlib.import_module("keras.layers")')
    outcome = migrate_text(text, Job(parse_target("portable", portable="digits.keras_flavour")))
    assert 'patch("digits.keras_flavour.layers.Dense")' in outcome.text
    assert 'import_module("keras.layers")' in outcome.text
    assert "cannot be imported as a module" in outcome.left[0].message
