"""Ranges whose end is the size of a tensor."""

from __future__ import annotations

from module_cases import alone, cases, check, moved


def ranged(root: str, arguments: str) -> str:
    return f"from {root} import backend as K\ndef places(x):\n    return K.arange({arguments})\n"


@cases(
    size=moved(
        ranged("keras", "K.shape(x)[1]"), ranged("tf_keras", "0, K.shape(x)[1]"), to="tf_keras"
    ),
    of_tensorflow=moved(
        ranged("keras", "K.shape(x)[1]"),
        ranged("tensorflow.keras", "0, K.shape(x)[1]"),
        to="tensorflow.keras==2.10.1",
    ),
    number=alone(ranged("tf_keras", "3"), to="tf_keras"),
    with_a_start=alone(ranged("tf_keras", "1, K.shape(x)[1]"), to="tf_keras"),
)
def test_a_range_starts_where_it_did(case):
    check(case)
