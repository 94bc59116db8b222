"""Shapes that are computed with, and are tuples in Keras 3."""

from __future__ import annotations

from module_cases import alone, cases, check, moved


def function(root: str, name: str, returned: str) -> str:
    return f"from {root} import {name}\ndef sizes(x, factor=32):\n    return {returned}\n"


@cases(
    scaled=moved(
        function("keras", "backend as K", "K.shape(x)[1:3] * factor"),
        function("keras", "ops", "ops.convert_to_tensor(ops.shape(x)[1:3]) * factor"),
    ),
    one_size=moved(
        function("keras", "backend as K", "K.shape(x)[1] * factor"),
        function("keras", "ops", "ops.shape(x)[1] * factor"),
    ),
    beside_a_star_that_may_hide_it=moved(
        "from keras.layers import *\n" + function("keras", "backend as K", "K.shape(x)[1:] * 2"),
        "from keras.layers import *\n"
        + function("keras", "ops", "ops.convert_to_tensor(ops.shape(x)[1:]) * 2"),
    ),
    for_keras_2=moved(
        function("keras", "backend as K", "K.shape(x)[1:3] * factor"),
        function("tf_keras", "backend as K", "K.shape(x)[1:3] * factor"),
        to="tf_keras",
    ),
    joined=alone(function("keras", "ops", "ops.shape(x)[:1] + (factor,)")),
)
def test_a_shape_is_computed_with_as_a_tensor(case):
    check(case)
