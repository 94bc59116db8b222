"""Names of layers with `/` in them, which Keras 3 does not take."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

HEAD = "from keras.layers import Conv2D\n"


def moved(code, to="keras"):
    result = migrate_text(HEAD + code, Job(parse_target(to)))
    return result.text.removeprefix(HEAD), result.left


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("Conv2D(3, 3, name='a/b')", "Conv2D(3, 3, name='a_b')"),
        ("Conv2D(3, 3, name=\n    'a/b')", "Conv2D(3, 3, name=\n    'a_b')"),
        ("Conv2D(3, 3, name='a' + n + \"/b\")", "Conv2D(3, 3, name='a' + n + \"_b\")"),
        ("Conv2D(3, 3, name='a{}/b'.format(i / 2))", "Conv2D(3, 3, name='a{}_b'.format(i / 2))"),
        ("Conv2D(3, 3, name=f'a{i}/b')", "Conv2D(3, 3, name=f'a{i}_b')"),
        (
            "base = 'a/'\nConv2D(3, 3, name=base + n)",
            "base = 'a/'\nConv2D(3, 3, name=(base + n).replace('/', '_'))",
        ),
        (
            "n = str(i) + '/b'\nx = Own(name=n)(x)",
            "n = str(i) + '/b'\nx = Own(name=n.replace('/', '_'))(x)",
        ),
        ("x = Own(name='a/b')(x)", "x = Own(name='a_b')(x)"),
        ("model.add(Own(name='a/b'))", "model.add(Own(name='a_b'))"),
        ("model.get_layer('a/b').output", "model.get_layer('a_b').output"),
    ],
)
def test_names_have_no_slash(code, expected):
    text, (left,) = moved(code)
    assert text == expected
    assert left.source in code


@pytest.mark.parametrize(
    "code",
    [
        "Conv2D(3, 3, name='a_b')",
        "Conv2D(3, 3, name=name)",
        "Conv2D(3, 3, name=f'a{i / 2}/b')",
        "open(name='a/b')",
        "name = 'a/b'",
        "base = 'a/'\nother = 'b'\nConv2D(3, 3, name=other)",
        "base = 'a/'\nConv2D(3, 3, name='b')",
        "tf.name_scope(name='a/b')",
    ],
)
def test_what_stays(code):
    assert moved(code) == (code, ())


def test_other_flavours_take_them():
    assert moved("Conv2D(3, 3, name='a/b')", "tf_keras")[0].endswith("name='a/b')")
