"""The members of classes: how they are read, what the atlas says of them, and the proof of it."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from releases import KERAS, NEWEST, TENSORFLOW, TF_KERAS

from keras_imports import atlas
from keras_imports.atlas.build.classes import Class, read_class
from keras_imports.atlas.build.interpret import Interpreter

PROBE = Path(__file__).parents[1] / "data" / "probe_members.py"


def read(source, name="A", **files):
    """What is read of a class in `p/__init__.py`, beside modules given as `a='source'`."""
    texts = {f"p/{module}.py": text for module, text in files.items()}
    interpreter = Interpreter({"p/__init__.py": source, **texts}, "p", True, False)
    interpreter.run()
    return read_class(interpreter, f"p:{name}")


# How a class is read


def test_methods_properties_and_attributes_are_told_apart():
    source = """
class A:
    limit = 3
    def fit(self, x, *, epochs=1): self.history = x
    @property
    def lr(self): pass
    @lr.setter
    def lr(self, value): pass
    @staticmethod
    def made(x): pass
    @classmethod
    def from_config(cls, config): pass
    predict_proba = fit
    variables = property(made)
"""
    assert read(source).members == {
        "fit": "mx\n*\nepochs=1",
        "from_config": "mconfig",
        "history": "a",
        "limit": "a",
        "lr": "p",
        "made": "mx",
        "predict_proba": "mx\n*\nepochs=1",
        "variables": "p",
    }


@pytest.mark.parametrize(
    "statement",
    [
        "self.x = 1",
        "y, self.x = 1, 2",
        "self.x: int = 1",
        "with a as self.x: pass",
        "for self.x in a: pass",
        "def inner(): self.x = 1",
        "setattr(self, 'x', 1)",
        "super().__setattr__('x', 1)",
    ],
)
def test_what_a_method_sets_on_self_is_an_attribute(statement):
    found = read(f"class A:\n  def build(self, a):\n    {statement}")
    assert found == Class((), {"build": "ma", "x": "a"})


def test_what_is_set_on_something_else_is_none():
    assert read("class A:\n  def f(self, a): a.x = 1").members == {"f": "ma"}


@pytest.mark.parametrize(
    "method",
    [
        "def __getattr__(self, name): pass",
        "def __getattribute__(self, name): pass",
        "def __init__(self, **given): self.__dict__.update(given)",
        "def __init__(self, **given):\n    for name in given: setattr(self, name, 1)",
    ],
)
def test_a_class_that_makes_its_names_as_it_runs_may_have_any(method):
    assert read(f"class A:\n  {method}").bases == ("?",)


@pytest.mark.parametrize(
    "method",
    [
        "def __setattr__(self, name, value): setattr(self, name, value)",
        "def __setstate__(self, state): self.__dict__.update(state)",
    ],
)
def test_setting_what_others_named_makes_no_names(method):
    assert read(f"class A:\n  {method}").bases == ()


@pytest.mark.parametrize(
    ("base", "code"),
    [
        ("B", "p:B"),
        ("a.C", "p.a:C"),
        ("object", "~builtins.object"),
        ("abc.ABC", "~abc.ABC"),
        ("tf.Module", "~tensorflow.Module"),
        ("namedtuple('A', 'x')", "?"),
        ("six.with_metaclass(abc.ABCMeta, B)", "p:B"),
    ],
)
def test_bases(base, code):
    source = (
        "import abc, six\nimport tensorflow as tf\nfrom p import a\nclass B: pass\n"
        f"class A({base}): pass"
    )
    assert read(source, a="class C: pass").bases == (code,)


def test_the_class_that_new_returns_is_known():
    source = (
        "class A:\n  def __new__(cls, *args):\n    from p import a\n    if args:\n"
        "      return a.B(*args)\n    return super().__new__(cls)"
    )
    assert read(source, a="class B: pass").bases == ("=p.a:B",)


# What the atlas says


def ask(requirement, path, name):
    return atlas.member(atlas.environment([requirement]), path, name)


@pytest.mark.parametrize(
    ("requirement", "path", "name", "kind", "owner"),
    [
        ("keras==1.2.2", "keras.models.Sequential", "predict_classes", "method",
         "models.Sequential"),
        ("tensorflow==2.5.3", "tensorflow.keras.Sequential", "predict_classes", "method",
         "models.Sequential"),
        ("keras==2.3.1", "keras.models.Sequential", "fit_generator", "method", "models.Model"),
        (f"keras=={KERAS}", "keras.layers.Dense", "kernel", "property", "layers.Dense"),
        (f"keras=={KERAS}", "keras.Sequential", "optimizer", "attribute",
         "trainers.trainer.Trainer"),
        (f"keras=={KERAS}", "keras.optimizers.Adam", "learning_rate", "property",
         "optimizers.base_optimizer.BaseOptimizer"),
        (f"tf-keras=={TF_KERAS}", "tf_keras.layers.Dense", "with_name_scope", "method",
         "tensorflow.compat.v2.Module"),
        (f"tensorflow=={TENSORFLOW}", "tensorflow.keras.callbacks.History", "set_model", "method",
         "callbacks.Callback"),
    ],
)  # fmt: skip
def test_a_member_and_the_class_that_defines_it(requirement, path, name, kind, owner):
    found = ask(requirement, path, name)
    assert (found.kind, found.owner) == (kind, owner)


@pytest.mark.parametrize(
    ("requirement", "path", "name"),
    [
        ("tensorflow==2.6.5", "tensorflow.keras.Sequential", "predict_classes"),
        (f"keras=={KERAS}", "keras.Model", "fit_generator"),
        (f"keras=={KERAS}", "keras.Model", "_make_predict_function"),
        (f"keras=={KERAS}", "keras.optimizers.SGD", "lr"),
        (f"keras=={KERAS}", "keras.optimizers.SGD", "get_updates"),
        (f"keras=={KERAS}", "keras.layers.Dense", "output_shape"),
        (f"tf-keras=={TF_KERAS}", "tf_keras.Model", "predict_classes"),
        ("keras==1.2.2", "keras.models.Model", "add_metric"),
    ],
)
def test_a_member_that_a_release_does_not_have(requirement, path, name):
    assert ask(requirement, path, name) is None


@pytest.mark.parametrize(
    ("requirement", "path", "name"),
    [
        # `lr` is looked up by `__getattribute__` there.
        ("tensorflow==2.4.4", "tensorflow.keras.optimizers.SGD", "lr"),
        # With PyTorch as the backend a layer is a `torch.nn.Module`.
        (f"keras=={KERAS}", "keras.layers.Dense", "state_dict"),
        # `Model(inputs, outputs)` is a `Functional`.
        (f"keras=={KERAS}", "keras.Model", "input_shape"),
        # The base is a class of TensorFlow, which has private names of its own.
        (f"keras=={KERAS}", "keras.layers.Dense", "_track_trackable"),
        # No class, or none that the atlas has.
        (f"keras=={KERAS}", "keras.ops.mean", "x"),
        (f"tensorflow=={TENSORFLOW}", "tensorflow.data.Dataset", "x"),
        ("keras==2.3.1", "keras.initializers.Gone", "x"),
    ],
)
def test_what_is_not_known_is_not_denied(requirement, path, name):
    assert ask(requirement, path, name).kind == "unknown"


def test_the_signature_of_a_method_has_no_self():
    found = ask("keras==2.3.1", "keras.models.Sequential", "predict_classes")
    assert [parameter.name for parameter in found.signature] == ["x", "batch_size", "verbose"]


def test_a_property_is_one_where_a_class_below_sets_it():
    assert ask(f"keras=={KERAS}", "keras.layers.LSTM", "input_spec").kind == "property"


def test_which_classes_have_a_member_and_when():
    history = atlas.member_history("predict_classes")
    assert list(history) == ["models.Sequential"]
    ends = {
        flavour: (spans[-1].first, spans[0].last)
        for flavour, spans in history["models.Sequential"].items()
    }
    assert ends["keras"] == (atlas.releases("keras")[0], "2.5.0.dev2021032900")
    assert ends["tensorflow.keras"] == (atlas.releases("tensorflow.keras")[0], "2.5.3")
    assert not {"tf_keras", "keras_core"} & ends.keys()


def test_a_class_that_inherits_a_member_is_not_listed_for_it():
    assert "models.Sequential" not in atlas.member_history("compile")


def test_asking_for_paths_reads_no_members(monkeypatch):
    from keras_imports.atlas import storage

    parts = []
    real = storage.read_part.__wrapped__
    monkeypatch.setattr(storage, "read_part", lambda name: parts.append(name) or real(name))
    atlas.lookup(atlas.environment([f"keras=={KERAS}"]), "keras.layers.Dense")
    assert not [part for part in parts if part.startswith(("classes/", "members/"))]


def test_the_atlas_stays_small():
    from keras_imports.atlas import storage

    assert os.path.getsize(storage.PATH) < 2_000_000


# Proof


@pytest.mark.slow
def test_every_member_is_what_is_installed_and_no_other(installed):
    env = atlas.environment(NEWEST)
    roots = ("keras", "tensorflow.keras", "tf_keras")
    paths = [path for root in roots for path in atlas.api(env, root)]
    classes = [path for path in paths if atlas.lookup(env, path).kind == "class"]
    probe = subprocess.run(
        [installed, PROBE],
        input=json.dumps(classes),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": ""},
    )
    wrong = []
    real = json.loads(probe.stdout)
    assert len(real) > 1000
    for path, names in real.items():
        stored = atlas.members(env, path)
        # What a method sets on `self` is not seen on a class.
        wrong += [
            (path, name, "is not there")
            for name, member in stored.items()
            if name not in names and member.kind != "attribute"
        ]
        for name, what in names.items():
            member = stored.get(name)
            if name.startswith("_") and (member is None or member.kind == "attribute"):
                continue  # TensorFlow's own
            if member is None:
                wrong.append((path, name, "is not in the atlas"))
            elif what == "property" and member.kind != "property":
                wrong.append((path, name, f"is no {member.kind}"))
            elif isinstance(what, list) and member.signature is not None:
                taken = [parameter.name for parameter in member.signature]
                wrong += [(path, name, "takes other arguments")] if taken != what else []
    assert wrong == []
