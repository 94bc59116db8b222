"""Layers with several outputs whose base tells of one."""

from __future__ import annotations

from module_cases import alone, cases, check, moved

TWICE = """\
from {root} import layers

class Twice(layers.{base}):
    def call(self, inputs):
        outputs = super().call(inputs)
        return {returned}
"""
ADDED = """
    def compute_output_spec(self, *args, **kwargs):
        return keras.Operation.compute_output_spec(self, *args, **kwargs)
"""


def layer(base: str, returned: str, root: str = "keras") -> str:
    return TWICE.format(base=base, returned=returned, root=root)


@cases(
    two=moved(
        layer("Dense", "outputs, 2 * outputs", "tensorflow.keras"),
        f"import keras\n{layer('Dense', 'outputs, 2 * outputs')}{ADDED}",
    ),
    one=alone(layer("Dense", "2 * outputs")),
    base_that_tells_nothing=alone(layer("Layer", "inputs, 2 * inputs")),
    base_of_several=alone(layer("LSTM", "outputs, outputs")),
    keras_2=alone(layer("Dense", "outputs, 2 * outputs", "tf_keras"), to="tf_keras"),
)
def test_a_layer_tells_all_of_its_outputs(case):
    check(case)
