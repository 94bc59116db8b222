"""What functions of TensorFlow are given, as Keras takes it."""

from __future__ import annotations

import pytest

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target

ANY = Job(parse_target("keras", backend="any"))


def moved(call):
    found = migrate_text(f"import tensorflow as tf\n{call}\n", ANY)
    return found.text.splitlines()[-1], [each.advice for each in found.left]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tf.matmul(a, b, transpose_b=True)", "ops.matmul(a, ops.swapaxes(b, -1, -2))"),
        ("tf.matmul(a, b, True)", "ops.matmul(ops.swapaxes(a, -1, -2), b)"),
        ("tf.matmul(a, b, transpose_a=False)", "ops.matmul(a, b)"),
        ("tf.fill([2], 3)", "ops.full([2], 3, dtype='int32')"),
        ("tf.fill([2], 3.0)", "ops.full([2], 3.0)"),
        ("tf.fill([2], n)", "ops.full([2], n)"),
        ("tf.split(x, 2)", "ops.split(x, 2)"),
        ("tf.split(x, [1, 2, n])", "ops.split(x, [1, 3])"),
        ("tf.split(x, (n, m, -1))", "ops.split(x, [n, n + m])"),
        ("tf.nn.max_pool(x, [1, 2, 3, 1], (1, 2, 2, 1), 'SAME')",
         "ops.max_pool(x, (2, 3), (2, 2), 'same')"),
        ("tf.nn.max_pool(x, 2, [2, 2], 'SAME')", "ops.max_pool(x, 2, [2, 2], 'same')"),
        ("tf.image.resize(x, s)", "ops.image.resize(ops.cast(x, 'float32'), s)"),
        ("tf.image.resize(x, s, 'nearest')", "ops.image.resize(x, s, 'nearest')"),
        ("tf.image.resize(x, s, tf.image.ResizeMethod.BICUBIC)",
         "ops.image.resize(ops.cast(x, 'float32'), s, 'bicubic')"),
        ("tf.random.uniform(s, dtype=tf.float32)", "random.uniform(s, dtype='float32')"),
        ("tf.constant([1, 2])", "ops.convert_to_tensor([1, 2])"),
    ],
)  # fmt: skip
def test_what_keras_takes_otherwise(before, after):
    assert moved(before) == (after, [])


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        ("tf.matmul(a, b, transpose_b=flag)", "use `ops.swapaxes(x2, -1, -2)`"),
        ("tf.split(x, [f(x), 2])", "pass where to split"),
        ("tf.split(x, parts)", "pass where to split"),
        ("tf.nn.max_pool(x, size, 2, 'SAME')", "height and width"),
        ("tf.image.resize(x, s, 'area')", "use bilinear"),
        ("tf.random.uniform(s, 0, 9, tf.int32)", "`keras.random.randint`"),
        ("tf.constant(['a', 'b'])", "keep text in lists"),
    ],
)
def test_what_is_left(call, advice):
    line, advices = moved(call)
    assert line.startswith(call.partition("(")[0])
    assert any(advice in each for each in advices), advices


@pytest.mark.parametrize(
    ("line", "is_count"),
    [
        ("range(self.sizes)", True),
        ("n // self.sizes", True),
        ("n % sizes", True),
        ("range(self.sizes[0])", False),
        ("range(sizes.pop())", False),
        ("range(sizes (0))", False),
        ("n // sizes[0]", False),
        ("range(sizes_of)", False),
        ("'in %s' % sizes", False),
    ],
)
def test_parts_are_counted_where_the_name_itself_is_a_number(line, is_count):
    found = migrate_text(f"import tensorflow as tf\n{line}\ntf.split(x, self.sizes, axis=1)\n", ANY)
    assert bool(found.left) != is_count
    assert ("ops.split(x, self.sizes, axis=1)" in found.text) == is_count
