"""The size of the batch, which is not known where a functional model is built."""

from __future__ import annotations

from module_cases import cases, check, moved

HEAD = """\
from keras import backend as K
from keras.layers import Input
x = Input((3, 4))
"""
NEW_HEAD = """\
from keras import ops
from keras.layers import Input
x = Input((3, 4))
"""
NONE = "the size of the batch is `None`"


@cases(
    first=moved(
        f"{HEAD}y = K.reshape(x, (K.shape(x)[0], 12))\n",
        f"{NEW_HEAD}y = ops.reshape(x, (-1, 12))\n",
    ),
    by_a_variable=moved(
        f"{HEAD}s = K.shape(x)\ny = K.reshape(x, (s[0], s[1] * s[2]))\n",
        f"{NEW_HEAD}s = ops.shape(x)\ny = ops.reshape(x, (-1, s[1] * s[2]))\n",
    ),
    of_something_else=moved(
        f"{HEAD}y = K.zeros((K.shape(x)[0], 2))\n",
        f"{NEW_HEAD}y = ops.zeros((ops.shape(x)[0], 2))\n",
        left=(NONE,),
    ),
    all_sizes=moved(
        f"{HEAD}y = K.ones(K.shape(x))\n", f"{NEW_HEAD}y = ops.ones(ops.shape(x))\n", left=(NONE,)
    ),
    others=moved(
        f"{HEAD}n = len(K.shape(x)), K.shape(x)[1:]\n",
        f"{NEW_HEAD}n = len(ops.shape(x)), ops.shape(x)[1:]\n",
    ),
)
def test_the_size_of_the_batch(case):
    check(case)
