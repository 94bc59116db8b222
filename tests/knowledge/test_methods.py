"""Methods and attributes of objects, by their paths."""

from __future__ import annotations

import pytest

from keras_imports.knowledge.methods import Method, method_of


@pytest.mark.parametrize(("path", "owner", "name", "key", "shown"), [
    ("keras.Sequential().fit", "keras.Sequential", "fit", "Model().fit", "Sequential.fit"),
    ("keras.Sequential().output", "keras.Sequential", "output", "Sequential().output",
     "Sequential.output"),
    ("tf_keras.applications.VGG16().fit", "tf_keras.applications.VGG16", "fit", "Model().fit",
     "VGG16.fit"),
    ("keras.engine.topology.Layer().add_weight", "keras.engine.topology.Layer", "add_weight",
     "Layer().add_weight", "Layer.add_weight"),
    ("keras.src.layers.Dense().output_shape", "keras.src.layers.Dense", "output_shape",
     "Layer().output_shape", "Dense.output_shape"),
    ("keras.Model().optimizer.lr", "keras.Model", "optimizer.lr", "Model().optimizer.lr",
     "Model.optimizer.lr"),
    ("tensorflow.keras.optimizers.SGD().lr", "tensorflow.keras.optimizers.SGD", "lr",
     "Optimizer().lr", "SGD.lr"),
    ("keras.optimizers.get().lr", "keras.optimizers.get", "lr", "Optimizer().lr", "Optimizer.lr"),
    ("?.fit_generator", None, "fit_generator", "", "fit_generator"),
])  # fmt: skip
def test_a_method(path, owner, name, key, shown):
    method = method_of(path)
    assert method == Method(owner, name)
    assert (method.key, method.shown) == (key, shown)


@pytest.mark.parametrize("path", ["keras.layers.Dense", "keras", "keras.layers"])
def test_no_method(path):
    assert method_of(path) is None


def test_what_the_result_of_an_object_has_is_no_method_of_it():
    assert method_of("keras.layers.Dense()().output_shape").key != "Layer().output_shape"
