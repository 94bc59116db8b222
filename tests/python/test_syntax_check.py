"""An abridged text is Python only if the whole edited one is, and much shorter."""

from __future__ import annotations

import ast

import pytest

from keras_imports.python.edits import Edit, Text, apply
from keras_imports.python.syntax_check import abridged

CODE = '''\
"""A module."""

import keras


class Net(keras.Model):
    """What it is."""

    def build(self, shape):
        if shape:
            self.dense = keras.layers.Dense(3)
        elif self.name:
            raise ValueError(shape)

    @property
    def size(self):
        return """3"""


def other(x):
    return [x]
'''


def abridged_after(*changes: tuple[str, str]) -> str:
    edits = [Edit(CODE.index(old), CODE.index(old) + len(old), (new,)) for old, new in changes]
    shown = abridged(Text(CODE), ast.parse(CODE), edits)
    whole = apply(CODE, edits)
    if is_python(shown):
        assert is_python(whole)
    return shown


def is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def test_what_does_not_change_is_not_parsed_again() -> None:
    shown = abridged_after(("import keras", "import tf_keras"))
    assert is_python(shown)
    assert "import tf_keras" in shown
    assert "class" not in shown
    assert "return" not in shown


def test_what_stands_around_a_change_is() -> None:
    shown = abridged_after(("Dense(3)", "Dense(4)"))
    assert is_python(shown)
    assert "self.dense = keras.layers.Dense(4)" in shown
    assert "elif self.name:" in shown
    assert "ValueError" not in shown
    assert "@property" not in shown


@pytest.mark.parametrize(
    "changes",
    [
        [("keras.layers.Dense(3)", "keras.layers.Dense(3")],
        [("keras.layers.Dense(3)", "x\n  y")],
        [("keras\n\n", "keras, (\n\n"), ("[x]", ")")],  # each would be right with the other
        [("import keras", 'x = """'), ("[x]", '"""')],
        [("import keras", "x = '''"), ("[x]", "'''")],
        [("if shape", "with shape")],
    ],
)
def test_a_wrong_edit_is_found(changes: list[tuple[str, str]]) -> None:
    assert not is_python(abridged_after(*changes))


def test_a_statement_added_at_the_end_of_a_block_belongs_to_it() -> None:
    end = CODE.index("\n\ndef other")
    edit = Edit(end, end, ('        print("never")\n',))
    assert is_python(abridged(Text(CODE), ast.parse(CODE), [edit]))
