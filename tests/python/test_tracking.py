"""What is tracked is told by the packages' names alone, whichever packages they are."""

from __future__ import annotations

import ast

import pytest

from keras_imports.knowledge.keras_names import TRACKED
from keras_imports.python.bindings import resolve
from keras_imports.python.tracking import StandIn, Tracked

NUMPY = Tracked(
    roots=frozenset({"numpy"}),
    has_results=lambda path: True,
    gives_symbolic=lambda path: path.endswith("variable"),
    symbolic_attributes=frozenset({"T"}),
    stand_in=StandIn("app.arrays", "numpy"),
)


def references(text):
    return [(r.kind, r.path) for r in resolve(text, ast.parse(text), NUMPY).references]


def test_a_quick_look_is_never_wrongly_false():
    mentions = TRACKED.may_be_imported_in
    assert mentions("from \\\n  keras import x")
    assert mentions("import os, tensorflow as tf")
    assert mentions("print('#'); import keras")
    assert mentions("# keras\nimport tf_keras")
    assert not mentions("import autokeras, keras_bert")
    assert not mentions("from .mine import x  # keras")


def test_any_package_can_be_tracked():
    assert references("import numpy as np, keras\nkeras.x\nnp.ones(3).sum") == [
        ("import", "numpy"),
        ("attribute", "numpy.ones"),
        ("attribute", "numpy.ones().sum"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "from app import arrays\narrays.ones",
        "from app import arrays as a\na.ones",
        "from . import arrays\narrays.ones",
        "import app.arrays as a\na.ones",
        "from app.arrays import numpy\nnumpy.ones",
        "from .arrays import numpy as np\nnp.ones",
        "from app.arrays import ones\nones",
    ],
)
def test_a_stand_in_hands_out_the_package(text):
    assert references(text)[-1][1] == "numpy.ones"


def test_a_stand_in_by_its_full_name_binds_its_package():
    assert references("import app.arrays\napp.ones") == [("import", "numpy")]


def test_what_is_made_of_a_symbolic_value_is_symbolic():
    text = "import numpy as np\nx = np.variable()\ny = np.exp(x)\nz = np.exp(1)\nnp.f(y, z, z.T)"
    *_, last = resolve(text, ast.parse(text), NUMPY).calls
    assert [b.symbolic for _, known in last.arguments for b in known] == [True, False, True]
