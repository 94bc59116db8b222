"""Objects are followed into functions and classes of a module, and out of them."""

from __future__ import annotations

import ast

import pytest

from keras_imports.knowledge.keras_names import tracked
from keras_imports.python.bindings import resolve

HEAD = """\
import keras
from keras import Sequential
from keras.models import load_model
from keras.optimizers import Adam
"""


def owners(code: str) -> list[str]:
    """What `.used` is read from in some code, in its order, one entry for each place."""
    text = HEAD + code
    module = resolve(text, ast.parse(text), tracked(lambda _: ()))
    uses = [r for r in module.references if r.path.endswith(".used")]
    uses.sort(key=lambda r: (r.node.lineno, r.node.col_offset))
    return [
        "|".join(path.removesuffix(".used").removeprefix("keras.") for path in r.paths)
        + ("" if r.certain else "?")
        for r in uses
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        # attributes of `self`
        (
            "class A:\n  def __init__(self):\n    self.m = Sequential()\n"
            "  def f(self):\n    self.m.used",
            ["Sequential()"],
        ),
        (
            "class A:\n  def f(self):\n    self.m.used\n  def g(self):\n    self.m = Sequential()",
            ["Sequential()"],
        ),
        (
            "class A:\n  def f(self):\n    self.o, self.m = Adam(), load_model('m')\n"
            "class B(A):\n  def g(self):\n    self.o.used, self.m.used",
            ["optimizers.Adam()", "models.load_model()"],
        ),
        ("class A:\n  m = Sequential()\n  def f(self):\n    self.m.used", ["Sequential()"]),
        (
            "class A:\n  def f(self):\n    self.m = Sequential()\n"
            "  def g(self):\n    def h():\n      self.m.used\n    return h",
            ["Sequential()"],
        ),
        (
            "class A:\n  def __init__(self, m=None):\n    self.m = m or Sequential()\n"
            "  def f(self):\n    self.m.used",
            ["Sequential()?"],
        ),
        (
            "class A:\n  def f(self):\n    self.m = None\n    self.m = Adam()\n    self.m.used",
            ["optimizers.Adam()"],
        ),
        # what functions, methods and properties return
        ("def f():\n  return Sequential()\nf().used", ["Sequential()"]),
        ("def g():\n  f().used\ndef f():\n  m = Sequential()\n  return m", ["Sequential()"]),
        (
            "def f():\n  return g()\ndef g():\n  return Adam()\nx = f()\nx.used",
            ["optimizers.Adam()"],
        ),
        (
            "class A:\n  @property\n  def m(self):\n    return Sequential()\n"
            "  def f(self):\n    self.m.used",
            ["Sequential()"],
        ),
        (
            "class A:\n  def make(self):\n    return Sequential()\n"
            "  def f(self):\n    self.m = self.make()\n  def g(self):\n    self.m.used",
            ["Sequential()"],
        ),
        ("def f() -> keras.Model:\n  return g()\nf().used", ["Model()"]),
        ("def f(a):\n  if a:\n    return Sequential()\nf(1).used", ["Sequential()?"]),
        # parameters
        ("def f(m):\n  m.used\nf(Sequential())", ["Sequential()"]),
        ("def f(other, m):\n  m.used\ndef g():\n  f(1, m=Sequential())\ng()", ["Sequential()"]),
        ("def f(m):\n  return m\nx = f(Sequential())\nx.used", ["Sequential()"]),
        ("def f(m):\n  g(m)\ndef g(n):\n  n.used\nf(Sequential())", ["Sequential()"]),
        ("def f(m):\n  m.used\nf(Sequential())\nf(Adam())", ["Sequential()|optimizers.Adam()"]),
        ("def f(m: keras.Model):\n  m.used", ["Model()"]),
        ("def f(o=Adam()):\n  o.used", ["optimizers.Adam()"]),
        (
            "class A:\n  def __init__(self, m):\n    self.m = m\n"
            "  def f(self):\n    self.m.used\nA(Sequential())",
            ["Sequential()"],
        ),
        (
            "class A:\n  def f(self):\n    self.g(Sequential())\n  def g(self, net):\n    net.used",
            ["Sequential()"],
        ),
        # names bound otherwise
        ("with Sequential() as m:\n  m.used", ["Sequential()"]),
        ("if (m := Sequential()):\n  m.used", ["Sequential()"]),
        ("for m in (Sequential(), Adam()):\n  m.used", ["Sequential()|optimizers.Adam()"]),
        ("m = Sequential() if x else Adam()\nm.used", ["Sequential()|optimizers.Adam()"]),
        # the layers of a model
        ("m = Sequential()\nfor x in m.layers:\n  x.used", ["layers.Layer()"]),
        ("m = Sequential()\nfor i, x in enumerate(m.layers[1:]):\n  x.used", ["layers.Layer()"]),
        (
            "a, b = Sequential(), Sequential()\nfor x, y in zip(a.layers, reversed(b.layers)):\n"
            "  x.used, y.used",
            ["layers.Layer()"] * 2,
        ),
        ("m = load_model('m')\n[x.used for x in m.layers if x.used]", ["layers.Layer()"] * 2),
        ("m = load_model('m')\n{x.used: y.used for x in m.layers for y in x.layers}", None),
        ("m = load_model('m')\nm.layers[-1].used, m.get_layer('x').used", ["layers.Layer()"] * 2),
        ("m = keras.applications.VGG16()\nx = m.layers[3]\nx.used", ["layers.Layer()"]),
    ],
)
def test_what_an_object_is(code: str, expected: list[str] | None) -> None:
    assert owners(code) == (["layers.Layer()"] * 2 if expected is None else expected)


@pytest.mark.parametrize(
    "code",
    [
        "class A:\n  def f(self):\n    self.m = Sequential()\n"
        "class B:\n  def f(self):\n    self.m.used",
        "class A:\n  def f(self):\n    self.m = Sequential()\n  @staticmethod\n  def g(self):\n"
        "    self.m.used",
        "def f():\n  yield Sequential()\nf().used",
        "async def f():\n  return Sequential()\nf().used",
        "@other\ndef f():\n  return Sequential()\nf().used",
        "def f():\n  return Sequential()\ndef g(f):\n  f().used",
        "def f(m):\n  m = other()\n  m.used\nf(Sequential())",
        "def f(m):\n  def g(m):\n    m.used\nf(Sequential())",
        "def f(*m):\n  m.used\nf(Sequential())",
        "def f(kind):\n  kind.used\nf(Sequential)",
        "m = Adam()\nfor x in m.layers:\n  x.used",
        "m = Sequential()\n[x for x in m.layers]\nx.used",
        "m = Sequential()\nfor x in m.losses:\n  x.used",
    ],
)
def test_what_is_not_known_is_not_said(code: str) -> None:
    assert owners(code) == []


@pytest.mark.parametrize(
    "code",
    [
        "def f(m):\n  return f(m.layers[0])\nf(Sequential()).used",
        "def f(m):\n  return g(m)\ndef g(m):\n  return f(m.x())\nf(Sequential())",
        "class A:\n  def f(self):\n    self.m = self.f().g()\n    return self.m\n"
        "  def g(self):\n    self.m = Sequential()",
        "class A(A):\n  def f(self):\n    self.m.used",
        "f = lambda m: f(m)\nf(Sequential())",
        "\n".join(f"def f{n}(m):\n  f{n + 1}(m)\n  return f{n + 1}(m)" for n in range(60))
        + "\ndef f60(m):\n  return m\nf0(Sequential())",
    ],
)
def test_what_calls_itself_comes_to_an_end(code: str) -> None:
    owners(code)


def test_each_use_is_reported_once_however_often_a_function_is_walked() -> None:
    code = "def f(m):\n  m.used\n" + "\n".join(f"f({kind}())" for kind in ("Sequential", "Adam"))
    later = f"{code}\ndef g():\n  f(load_model('m'))\n  f(keras.Model())\n"
    assert len(owners(later)) == 1


def test_a_tensor_given_to_a_function_is_symbolic_there() -> None:
    text = HEAD + "x = keras.Input((3,))\ndef f(t):\n  t\nf(x)\n"
    module = resolve(text, ast.parse(text), tracked(lambda _: ()))
    (use,) = [r for r in module.references if ast.unparse(r.node) == "t"]
    assert [binding.symbolic for binding in use.bindings] == [True]
