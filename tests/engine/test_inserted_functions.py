"""Functions that are written into modules, as they are in no Keras any more."""

from __future__ import annotations

import ast
import json
import re
import subprocess

import pytest
from projects import environment

from keras_imports.atlas.build import archives
from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.origin import parse_origin
from keras_imports.knowledge.target import parse_target


def moved(code, to="keras", source="keras==2.2.4"):
    return migrate_text(code, Job(parse_target(to), (parse_origin(source),)))


def outline(text):
    """A module's lines without what stands in its functions."""
    return [line for line in text.split("\n") if line and not line.startswith(" ")]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "from keras import backend as K\n# Why\n@own\ndef f(x):\n    return K.batch_dot(x, x)",
            ["from keras import ops", "def batch_dot(x, y, axes=None):",
             "# Why", "@own", "def f(x):"],
        ),
        (
            "import keras.backend as K; f = 1; z = K.batch_dot(a, b)\ny = K.batch_dot(b, a)",
            ["def batch_dot(x, y, axes=None):",
             "from keras import ops; f = 1; z = batch_dot(a, b)", "y = batch_dot(b, a)"],
        ),
        (
            "import keras.backend as K\n\nbatch_dot = 3\nprint(K.batch_dot(a, b))",
            ["from keras import ops", "batch_dot = 3",
             "def keras_batch_dot(x, y, axes=None):", "print(keras_batch_dot(a, b))"],
        ),
        (
            "from keras.backend import batch_dot\n\nbatch_dot(a, b)",
            ["from keras.ops import expand_dims, einsum, squeeze",
             "def batch_dot(x, y, axes=None):", "batch_dot(a, b)"],
        ),
    ],
)  # fmt: skip
def test_where_it_stands_and_what_it_is_called(code, expected):
    found = moved(code)
    assert outline(found.text) == expected
    assert not found.left


def test_it_uses_the_tensorflow_that_is_there():
    code = (
        "import keras.backend as K\nimport tensorflow as tf\n\nf = lambda x: K.batch_dot(x, x, 3)\n"
    )
    text = moved(code, "tf_keras").text
    assert outline(text)[0] == "import tensorflow as tf"
    assert "tf.einsum(" in text
    assert "keras" not in text


def test_reports_follow_to_their_new_lines():
    code = "from keras import backend as K\n\nx = K.batch_dot(a, b)\n\ny = K.foldl(f, x)\n"
    found = moved(code)
    lines = found.text.split("\n")
    assert ["foldl" in lines[left.line_now - 1] for left in found.left] == [True]


def test_nothing_is_written_in_that_could_not_see_its_imports():
    code = "def f(x):\n    from keras import backend as K\n    return K.batch_dot(x, x)\n"
    found = moved(code)
    assert found.text == code
    assert "has no counterpart" in found.left[0].message


def test_a_move_again_changes_nothing():
    code = "from keras import backend as K\n\nx = K.batch_dot(a, b)\n"
    text = moved(code).text
    assert migrate_text(text, Job(parse_target("keras"))).text == text


# Runs what the old release did beside what is written in, on all ranks and axes.
COMPARED = """
import itertools, json, sys
import keras, numpy, tensorflow as tf
old, new, newest = json.load(sys.stdin)
names = {"tf": tf, "py_any": any, "ndim": lambda x: len(x.shape), "expand_dims": tf.expand_dims}
exec(old, names)
written = [{}, {}]
exec(new, written[0])
exec(newest, written[1])
random, count = numpy.random.default_rng(3), 0
arrays = [tf.constant(random.normal(size=(3, *rest)), "float32")
          for rest in [(4,), (3,), (4, 4), (4, 5), (2, 4, 4), (2, 4, 5), (4, 4, 4), (2, 2, 4, 4)]]
axes = [None, -1, 1, 2, 3, 4, *itertools.product([1, 2, 3, 4], repeat=2)]
for x, y, axes in itertools.product(arrays, arrays, axes):
    try:
        expected = names["batch_dot"](x, y, axes)
    except Exception:
        continue
    for its in written:
        found = its["batch_dot"](x, y, axes)
        assert found.shape == expected.shape, (x.shape, y.shape, axes)
        assert numpy.allclose(found, expected, atol=1e-5), (x.shape, y.shape, axes)
    count += 1
first, second = keras.Input((4, 4)), keras.Input((4, 4, 4))
model = keras.Model([first, second], written[1]["batch_dot"](first, second, [2, 3]))
assert model.output_shape == (None, 4, 4)
print(count)
"""


@pytest.mark.slow
def test_batch_dot_is_that_of_old(installed, tmp_path):
    files = archives.sources(
        "keras", "2.2.4", re.compile(r"keras/backend/tensorflow_backend\.py$"), tmp_path
    )
    (source,) = files.values()
    (old,) = [
        ast.get_source_segment(source, node)
        for node in ast.parse(source).body
        if getattr(node, "name", "") == "batch_dot"
    ]
    use = "batch_dot(x, y, 3)"
    code = f"import keras.backend as K\nK.{use}"
    texts = [
        old,
        *(moved(code, to).text.replace(f"\n{use}", "") for to in ("tf_keras", "keras")),
    ]
    done = subprocess.run(
        [installed, "-c", COMPARED],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.splitlines()[-1]) > 250
