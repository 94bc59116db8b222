"""Functions of `Lambda` layers keep the values that the variables of a loop had."""

from __future__ import annotations

import pytest
from releases import KERAS

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.origin import Origin
from keras_imports.knowledge.target import parse_target

HEAD = "from keras.layers import Lambda\n"
OLD = Origin("keras", "2.2.4", exact=True)


def moved(code, to="keras", source=OLD):
    return migrate_text(HEAD + code, Job(parse_target(to), (source,))).text.removeprefix(HEAD)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("for i in r:\n    y = Lambda(lambda x: x[i])(x)\n", "lambda x, i=i: x[i]"),
        ("for i, j in r:\n    y = Lambda(lambda x, k=1: x[j:k + i])(x)\n", "x, k=1, j=j, i=i: x["),
        ("while i < 3:\n    j = 2 * i\n    i += 1\n    Lambda(lambda x: x[j])\n", "x, j=j: x[j]"),
        ("[Lambda(lambda x: x[i])(x) for i in r]\n", "lambda x, i=i: x[i]"),
    ],
)
def test_a_variable_of_a_loop_is_kept(code, expected):
    assert expected in moved(code)
    assert moved(moved(code), source=Origin("keras", KERAS)) == moved(code)


@pytest.mark.parametrize(
    "code",
    [
        "for i in r:\n    y = Lambda(lambda x: x[0])(x)\n",
        "for i in r:\n    y = Lambda(lambda i: i[0])(x)\n",
        "for i in r:\n    y = Lambda(lambda x: x[n])(x)\n    n = 3\n",
        "for i in r:\n    pass\ny = Lambda(lambda x: x[i])(x)\n",
        "for i in r:\n    def f(i):\n        return Lambda(lambda x: x[i])\n",
        "for i in r:\n    y = Lambda(f)(x)\n",
    ],
)
def test_what_stays(code):
    assert moved(code) == code


def test_it_was_so_in_keras_3_itself():
    code = "for i in r:\n    y = Lambda(lambda x: x[i])(x)\n"
    assert moved(code, source=Origin("keras", "3.0.5", exact=True)) == code
