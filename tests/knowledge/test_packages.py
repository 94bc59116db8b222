"""The table of packages that belong to one Keras, and what it says of their uses."""

from __future__ import annotations

import ast
import re

import pytest

from keras_imports import atlas
from keras_imports.flavours import GENERATIONS
from keras_imports.knowledge.packages import may_import_package, misuses, packages
from keras_imports.versions import version_key

NEWEST = atlas.flavour_environment("keras", atlas.releases("keras")[-1])


def found(code, *generations):
    return [(m.node.lineno, m.message) for m in misuses(code, ast.parse(code), generations)]


@pytest.mark.parametrize("name", packages())
def test_a_row_is_of_a_generation_and_says_what_was_read(name):
    package = packages()[name]
    assert package.needs in GENERATIONS
    assert list(package.read) == sorted(package.read, key=version_key)
    assert package.supports is None or package.supports in package.read
    assert not package.instead.endswith(".")


@pytest.mark.parametrize("name", packages())
def test_what_replaced_it_is_in_the_newest_keras(name):
    package = packages()[name]
    texts = [package.instead, *package.uses.values()]
    paths = re.findall(r"`(keras\.[\w.]+)`", " ".join(texts))
    missing = [path for path in paths if not _is_public(path)]
    assert not missing
    assert all(package.bound(f"{name}.{part}") for part in package.uses)


def _is_public(path):
    entry = atlas.lookup(NEWEST, path)
    return entry is not None and entry.public


def test_a_package_is_named_once_for_its_import_and_once_for_each_use():
    code = "import tensorflow_addons as tfa\na = tfa.layers.GELU()\nb = tfa.layers.GELU()\n"
    (line, first), *uses = found(code, "keras3")
    assert (line, "cannot be imported" in first) == (1, True)
    assert [line for line, _ in uses] == [2, 3]


def test_the_keras_that_it_needs_is_enough():
    code = "import tensorflow_addons as tfa\nlayer = tfa.layers.GELU()\n"
    assert not found(code, "keras2")
    assert not found(code, "keras2", "keras3")
    assert not found(code)  # where nothing is known of the Keras beside it


def test_a_method_of_a_class_names_the_class():
    ((_, message),) = found(
        "import transformers\ntransformers.TFBertModel.from_config(c)", "keras3"
    )
    assert message.startswith("`transformers.TFBertModel` needs")


@pytest.mark.parametrize(
    "code",
    [
        "import tensorflow_hub as hub\nhub.load(address)",
        "from tensorflow_probability import distributions\ndistributions.Normal(0, 1)",
        "from transformers import AutoModel\nAutoModel.from_pretrained(name)",
        "import keras_tuner, scikeras.wrappers, keras_cv, autokeras",
        "from keras_preprocessing.sequence import pad_sequences",
        "url = 1\nworld = url\nclass rl:\n    pass\nrl.x",
    ],
)
def test_what_belongs_to_no_keras_is_left_alone(code):
    assert not found(code, "keras3")


def test_most_texts_need_no_second_look():
    assert may_import_package("from rl.agents import DQNAgent")
    assert not may_import_package("import keras\nurl = world(keras)")
