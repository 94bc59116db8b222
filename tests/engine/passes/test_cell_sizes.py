"""Sizes of the states of a recurrent cell."""

from __future__ import annotations

from module_cases import alone, cases, check

CELL = """\
from tensorflow import TensorShape
from {root}.layers import Layer

class Cell({base}):
    def __init__(self, units):
        super().__init__()
        self.{name} = {size}
        self.shape = TensorShape([units])
"""


def cell(root="keras", base="Layer", name="state_size", size="TensorShape([units])"):
    return CELL.format(root=root, base=base, name=name, size=size)


@cases(
    shape=alone(cell(), left=("`state_size` of a cell has to be a whole number",)),
    of_several=alone(
        cell(size="[TensorShape([units]), units]"), left=("write the number of units",)
    ),
    number=alone(cell(size="units")),
    another_attribute=alone(cell(name="size")),
    another_class=alone(cell(base="object")),
    keras_2=alone(cell(root="tf_keras"), to="tf_keras"),
)
def test_a_shape_is_no_size_of_a_state(case):
    check(case)
