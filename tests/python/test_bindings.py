"""Name resolution follows Python's scoping and never breaks on valid Python."""

from __future__ import annotations

import ast
import sys
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_imports.knowledge.keras_names import TRACKED, tracked
from keras_imports.python import bindings
from keras_imports.python.paths import root
from keras_imports.python.references import Module


def resolve(text, star=lambda _: ()):
    return bindings.resolve(text, ast.parse(text), tracked(star))


def paths(text, star=lambda _: ()):
    """What each reference stands for, as `line path`, imports left out; `?` if not certain."""
    module = resolve(text, star)
    return [
        f"{r.node.lineno} {'|'.join(r.paths)}{'' if r.certain else '?'}"
        for r in sorted(module.references, key=lambda r: (r.node.lineno, r.node.col_offset))
        if r.kind in ("name", "attribute")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import keras\nkeras.layers.Dense", "keras.layers.Dense"),
        ("import keras.backend as K\nK.mean", "keras.backend.mean"),
        ("import keras.layers.core\nkeras.layers.core.Dense", "keras.layers.core.Dense"),
        ("import tensorflow.keras as tfk\ntfk.Model", "tensorflow.keras.Model"),
        ("from tensorflow import keras\nkeras.Model", "tensorflow.keras.Model"),
        ("from tensorflow import keras as k\nk.Model", "tensorflow.keras.Model"),
        ("import tensorflow as tf\ntf.keras.Model", "tensorflow.keras.Model"),
        ("from keras.layers import Dense as D\nD", "keras.layers.Dense"),
        ("from keras import (layers,\n models)\nmodels.X", "keras.models.X"),
        ("from keras import \\\n  layers\nlayers.X", "keras.layers.X"),
        ("import os; import keras; keras.X", "keras.X"),
        ("import keras\n@keras.saving.register()\nclass A: pass", "keras.saving.register"),
        ("import keras\nclass A(keras.Model): pass", "keras.Model"),
        ("import keras\ndef f(x: keras.Model): pass", "keras.Model"),
        ("import keras\ndef f() -> keras.Model: pass", "keras.Model"),
        ("import keras\ndef f(x=keras.Model): pass", "keras.Model"),
        ("import keras\ndef f():\n  return keras.X", "keras.X"),
        ("def f():\n  import keras\n  return keras.X", "keras.X"),
        ("import keras\nf = lambda x: keras.X", "keras.X"),
        ("import keras\n[keras.X for x in y]", "keras.X"),
        ("import keras\nasync def f():\n  await keras.X", "keras.X"),
        ("import keras\nf'{keras.X}'", "keras.X"),
        ("import keras\nx = {keras.X: 1}", "keras.X"),
        ("import keras\nisinstance(x, (int, keras.X))", "keras.X"),
        ("import keras\ny[keras.X] = 1", "keras.X"),
        ("import keras\nwith a as b:\n  keras.X", "keras.X"),
        ("import keras\nmatch x:\n  case keras.X: pass", "keras.X"),
        ("import keras\nmatch x:\n  case keras.X(): pass", "keras.X"),
        ("import keras\nassert keras.X", "keras.X"),
        ("import keras\nraise keras.X", "keras.X"),
        ("import keras\ndel keras.X", "keras.X"),
        ("import keras\nkeras.X += 1", "keras.X"),
        ("def g():\n  global keras\n  import keras\ndef f():\n  keras.X", "keras.X"),
        ("def f():\n  keras.X\ndef g():\n  global keras\n  import keras", "keras.X"),
        (
            "def f():\n  k = 0\n  def g():\n    nonlocal k\n    import keras as k\n    k.X",
            "keras.X?",
        ),
        ("import keras\nclass A:\n  keras = 1\n  def f(self):\n    keras.X", "keras.X"),
    ],
)
def test_follows(text, expected):
    found = [line.split(" ", 1)[1] for line in paths(text)]
    assert expected in found


@pytest.mark.parametrize(
    "text",
    [
        "import os\nkeras.X",
        "keras = object()\nkeras.X",
        "from . import keras\nkeras.X",
        "from .keras import layers\nlayers.X",
        "from ..tensorflow import keras\nkeras.X",
        "from mypackage import keras\nkeras.X",
        "from mypackage.keras import layers\nlayers.X",
        "import mypackage.keras as keras\nkeras.X",
        "import keras\ndef f(keras):\n  keras.X",
        "import keras\ndef f(*keras):\n  keras.X",
        "import keras\ndef f(**keras):\n  keras.X",
        "import keras\ndef f(*, keras=1):\n  keras.X",
        "import keras\nlambda keras: keras.X",
        "import keras\n[keras.X for keras in y]",
        "import keras\n{keras.X: 1 for a in b for keras in y}",
        "import keras\ndef f():\n  keras.X\n  keras = 1",
        "import keras\ndef f():\n  for keras in y: keras.X",
        "import keras\ndef f():\n  with y as keras: keras.X",
        "import keras\ndef f():\n  def keras(): pass\n  keras.X",
        "import keras\ndef f():\n  class keras: pass\n  keras.X",
        "import keras\ndef f():\n  if (keras := g()): keras.X",
        "import keras\ndef f():\n  from mine import keras\n  keras.X",
        "import keras\ndef f():\n  try: g()\n  except E as keras: keras.X",
        "import keras\ndef f():\n  match x:\n    case [keras]: keras.X",
        "import keras\nkeras = mine()\nkeras.X",
        "import keras\ndel keras\nkeras.X",
        "import keras\nclass A:\n  keras = 1\n  y = keras.X",
        "import keras\nclass keras: pass\nkeras.X",
        "import keras\nself.keras.X",
        "import keras\nx().keras.X",
        "import keras\n'keras.X'",
        "def f():\n  import keras\nkeras.X",
        "class A:\n  import keras\n  def f(self):\n    keras.X",
        "class A:\n  import keras\nkeras.X",
        "from keras import layers\nlayers = [1]\nlayers.append(2)",
        "import keras\nfor keras in z: keras.X",
        "import keras\nkeras, y = 1, 2\nkeras.X",
        "import keras\n(*keras, y) = z\nkeras.X",
        "import keras\nkeras += 1\nkeras.X",
        "import tensorflow as tf\ndef f(tf):\n  tf.keras.X",
    ],
)
def test_is_not_keras(text):
    assert not [line for line in paths(text) if ".X" in line or ".append" in line]


def test_aliases_of_modules_and_classes():
    text = "import tensorflow as tf\nlayers = tf.keras.layers\nD = layers.Dense\nD(3)"
    assert paths(text)[-1] == "4 tensorflow.keras.layers.Dense"
    assert paths("import keras\na, b = keras.layers, keras.ops\nb.X")[-1] == "3 keras.ops.X"
    assert paths("import keras\nif (k := keras.ops): k.X")[-1] == "2 keras.ops.X"
    assert paths("import keras\nk: object = keras.ops\nk.X")[-1] == "3 keras.ops.X"


def test_branches_are_alternatives():
    text = "try:\n  from tensorflow import keras\nexcept ImportError:\n  import keras\nkeras.X"
    assert paths(text) == ["5 tensorflow.keras.X|keras.X"]
    text = "if a:\n  import keras as k\nelse:\n  import tf_keras as k\nk.X"
    assert paths(text) == ["5 keras.X|tf_keras.X"]
    text = "if a:\n  import keras as k\nelse:\n  k = fake()\nk.X"
    assert paths(text) == ["5 keras.X?"]
    text = "if a:\n  import keras as k\nelse:\n  raise E\nk.X"
    assert paths(text) == ["5 keras.X"]


def test_none_in_a_fallback_is_not_another_meaning():
    text = "try:\n  import keras\nexcept ImportError:\n  keras = None\nkeras.X"
    assert paths(text) == ["5 keras.X"]


def test_the_binding_before_the_use_counts():
    text = "import keras as k\nk.A\nimport tf_keras as k\nk.B"
    assert paths(text) == ["2 keras.A", "4 tf_keras.B"]
    text = "import keras as k\ndef f():\n  k.A\nimport tf_keras as k"
    assert paths(text) == ["3 keras.A|tf_keras.A"]


def test_star_imports_bind_what_the_module_has():
    def star(module):
        return {"keras.layers": ("Dense", "LSTM")}[module]

    assert paths("from keras.layers import *\nDense(3)\nOther(3)", star) == ["2 keras.layers.Dense"]


def test_calls_say_what_flows_into_what():
    text = (
        "from keras import Input, Model, layers\n"
        "x = Input((3,))\n"
        "y = layers.Dense(1)(x)\n"
        "model = Model(inputs=[x], outputs=[y])\n"
        "model.compile('sgd')\n"
    )
    calls = {c.paths[0]: c for c in resolve(text).calls}
    assert list(calls) == [
        "keras.Input",
        "keras.layers.Dense",
        "keras.layers.Dense()",
        "keras.Model",
        "keras.Model().compile",
    ]
    [(_, (given,))] = calls["keras.layers.Dense()"].arguments
    assert (given.path, given.symbolic) == ("keras.Input()", True)
    assert [known[0].path for _, known in calls["keras.Model"].arguments] == [
        "keras.Input()",
        "keras.layers.Dense()()",
    ]


def test_a_call_without_an_input_is_not_symbolic():
    text = "import keras\nlayer = keras.layers.Dense(1)\ny = layer(data)\nlayer(y)"
    calls = resolve(text).calls
    assert [b.symbolic for _, known in calls[-1].arguments for b in known] == [False]


def test_context_of_imports():
    text = (
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n  import keras\n"
        "try:\n  import tf_keras\nexcept (ImportError, OSError):\n  import keras_core\n"
        "def f():\n  import tensorflow\n"
    )
    found = {r.path: r for r in resolve(text).references}
    assert found["keras"].context.typing
    assert found["tf_keras"].context.arms[0].attempt
    assert found["keras_core"].context.arms[0].part == "handler"
    assert found["tensorflow"].context.function
    assert not found["tf_keras"].context.function


def test_a_handler_that_gives_up_does_not_make_an_attempt():
    text = "try:\n  import keras\nexcept ImportError as e:\n  raise SystemExit from e"
    [reference] = resolve(text).references
    assert not reference.context.arms[0].attempt


def test_spans_are_exact():
    text = 'x = "é"; import keras\nprint("é", keras . layers.Dense)\n'
    reference = resolve(text).references[-1]
    assert ast.get_source_segment(text, reference.node) == "keras . layers.Dense"


def standard_library():
    root = Path(sysconfig.get_path("stdlib"))
    return sorted(root.glob("*.py")) + sorted(root.glob("asyncio/*.py"))


def renamed(text, names=("os", "sys", "re")):
    """The same text with Keras in the place of some imports."""
    for name, new in zip(names, ("keras", "tensorflow", "tf_keras"), strict=True):
        text = text.replace(f"import {name}\n", f"import {new} as {name}\n")
    return text


def test_the_standard_library_has_no_keras():
    for file in standard_library():
        text = file.read_text("utf-8", errors="replace")
        if "keras" not in text:
            assert resolve(text) == Module()


def test_the_standard_library_with_keras_imports_is_followed():
    found = 0
    for file in standard_library()[::3]:
        text = renamed(file.read_text("utf-8", errors="replace"))
        found += len(resolve(text).references)
    assert found > 300


NAMES = st.sampled_from(["keras", "layers", "x", "tf"])
EXPRESSIONS = st.recursive(
    NAMES | st.just("(1)"),
    lambda inner: st.one_of(
        st.builds("{}.a".format, inner),
        st.builds("({}, {})".format, inner, inner),
        st.builds("{}({}, k={})".format, inner, inner, inner),
        st.builds("(lambda {}: {})".format, NAMES, inner),
        st.builds("[{} for {} in {} if {}]".format, inner, NAMES, inner, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("({} := {})".format, NAMES, inner),
    ),
    max_leaves=6,
)
SIMPLE = st.one_of(
    EXPRESSIONS,
    st.sampled_from(
        [
            "import keras",
            "import keras.layers as layers",
            "from keras import *",
            "from tensorflow import keras",
            "import tensorflow as tf",
            "from . import keras",
            "pass",
            "return",
            "global x",
            "del x",
        ]
    ),
    st.builds("{} = {}".format, NAMES, EXPRESSIONS),
    st.builds("{}, *{} = {}".format, NAMES, NAMES, EXPRESSIONS),
    st.builds("{}: {} = {}".format, NAMES, EXPRESSIONS, EXPRESSIONS),
)


def indented(lines):
    return ["  " + line for line in lines]


def compound(inner):
    block = st.lists(inner, min_size=1, max_size=3).map(
        lambda b: [line for part in b for line in indented(part)]
    )
    return st.one_of(
        st.builds(lambda e, b, c: [f"if {e}:", *b, "else:", *c], EXPRESSIONS, block, block),
        st.builds(lambda n, b: [f"def f({n}=1, *a):", *b], NAMES, block),
        st.builds(lambda n, b: [f"class {n}:", *b], NAMES, block),
        st.builds(lambda n, b: [f"for {n} in y:", *b, "else: pass"], NAMES, block),
        st.builds(lambda n, b: [f"with y as {n}:", *b], NAMES, block),
        st.builds(lambda n, b: ["match x:", f"  case [{n}]:", *indented(b)], NAMES, block),
        st.builds(
            lambda b, n, c: ["try:", *b, f"except ImportError as {n}:", *c, "finally: x"],
            block,
            NAMES,
            block,
        ),
    )


PROGRAMS = st.lists(
    st.recursive(SIMPLE.map(lambda s: [s]), compound, max_leaves=8), min_size=1, max_size=6
).map(lambda blocks: "\n".join(line for block in blocks for line in block) + "\n")


@settings(max_examples=100, deadline=None)
@given(PROGRAMS)
def test_any_program_is_resolved(text):
    module = resolve(text, lambda _: ("layers", "Dense"))
    for reference in module.references:
        assert len(reference.paths) == len(reference.bindings)
        assert root(reference.path) in TRACKED.roots
        if reference.kind == "name":  # it stands in the text where it says
            line = text.split("\n")[reference.node.lineno - 1]
            assert line[reference.node.col_offset :].startswith(reference.node.id)


@settings(max_examples=40, deadline=None)
@given(PROGRAMS)
def test_a_program_without_an_import_has_no_references(text):
    text = text.replace("import", "assert").replace("from ", "0; ").replace(" as layers", "")
    try:
        module = resolve(text)
    except SyntaxError:
        return
    assert not module.references


def test_deep_nesting_is_followed():
    limit = sys.getrecursionlimit()
    text = "import keras\n" + "if a:\n  keras.X\nel" * 150 + "se: pass\n"
    sys.setrecursionlimit(6000)
    try:
        assert len(paths(text)) == 150
    finally:
        sys.setrecursionlimit(limit)
