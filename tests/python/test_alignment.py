"""Continuation lines after what stands before their bracket has changed its length."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from keras_imports.python.alignment import realigned
from keras_imports.python.edits import Edit, apply, apply_and_map


def changed(code: str, old: str, new: str) -> str:
    """The code with every `old` replaced by `new`, and aligned again."""
    starts = [place for place in range(len(code)) if code.startswith(old, place)]
    edits = [Edit(start, start + len(old), (new,)) for start in starts]
    text, _, copied = apply_and_map(code, edits)
    result = apply(text, realigned(code, text, copied))
    assert ast.dump(ast.parse(result)) == ast.dump(ast.parse(text))
    return result


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tf.keras.f(1,\n           2)\n", "keras.f(1,\n        2)\n"),
        (
            "tf.keras.f(1,\n           g(2,\n             3),\n           )\n",
            "keras.f(1,\n        g(2,\n          3),\n        )\n",
        ),
        (
            "tf.keras.f([\n    1,\n    2,\n])\n",
            "keras.f([\n    1,\n    2,\n])\n",
        ),
        (
            "x = tf.keras.f(1,\n               [\n                   2,\n               ])\n",
            "x = keras.f(1,\n            [\n                2,\n            ])\n",
        ),
        ("tf.keras.f(\n    1,\n    2)\n", "keras.f(\n    1,\n    2)\n"),
        ("tf.keras.f(1,\n    2)\n", "keras.f(1,\n    2)\n"),
        (
            "x = tf.keras.f(1,\n\n               2)  # why\n",
            "x = keras.f(1,\n\n            2)  # why\n",
        ),
    ],
)
def test_lines_are_where_they_were(before: str, after: str) -> None:
    assert changed(before, "tf.keras", "keras") == after


def test_they_move_to_the_right_as_well() -> None:
    assert changed("f(1,\n  2)\n", "f", "keras.f") == "keras.f(1,\n        2)\n"


def test_the_text_of_strings_stays() -> None:
    code = dedent('''\
        x = tf.keras.f(1, """a
                       b""", f"""{1}
                       {2}""",
                       3)
        ''')
    assert changed(code, "tf.keras", "keras") == code.replace("tf.keras", "keras").replace(
        "               3", "            3"
    )


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "  # why", "\n    ", "\r\n"])
def test_a_text_ends_as_it_does(end: str) -> None:
    code = f"if x:\n    tf.keras.f(1,\n               2){end}"
    assert changed(code, "tf.keras", "keras") == code.replace("tf.keras", "keras").replace(
        "               2", "            2"
    )
