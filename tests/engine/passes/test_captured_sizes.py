"""Sizes of tensors that a `Lambda` uses and is not given."""

from __future__ import annotations

from module_cases import alone, cases, check, moved

HEAD = """\
from {root} import backend as K
from {root}.layers import Input, Lambda
k = Input((3, 4))
"""
OLD, NEW = HEAD.format(root="keras"), HEAD.format(root="tf_keras")
USE = "y = Lambda(lambda x: x / size)(k)\n"


@cases(
    known=moved(
        f'{OLD}size = K.cast(K.shape(k)[-1], "float32")\n{USE}',
        f'{NEW}size = K.cast(k.shape[-1], "float32")\n{USE}',
        to="tf_keras",
    ),
    of_the_batch=moved(
        f"{OLD}size = K.shape(k)[0]\n{USE}",
        f"{NEW}size = K.shape(k)[0]\n{USE}",
        to="tf_keras",
        left=("compute it in the function of the `Lambda`",),
    ),
    given=alone(f"{NEW}y = Lambda(lambda x: x / K.shape(x)[-1])(k)\n", to="tf_keras"),
    used_elsewhere=alone(f"{NEW}size = K.shape(k)[-1]\nz = K.zeros((size,))\n", to="tf_keras"),
    before_tensorflow_2_4=alone(
        f"{HEAD.format(root='tensorflow.keras')}size = K.shape(k)[1]\n{USE}",
        to="tensorflow.keras==2.3.1",
    ),
)
def test_a_size_that_is_known_is_a_number(case):
    check(case)
