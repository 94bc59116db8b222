"""KI103: find convolutions written for Keras 1, whose kernel is now read as a stride."""

from __future__ import annotations

import re

from keras_imports.check.module import CheckedModule
from keras_imports.check.rule import Rule, Violation, Violations
from keras_imports.engine.findings import Code, Example
from keras_imports.flavours import flavour_of
from keras_imports.python.arguments import constant

KI103 = Code(
    "KI103",
    "warning",
    "kernel size that is read as a stride",
    "Keras 1 took the second and third argument of a convolution as the rows and columns of "
    "the kernel; every later Keras takes the third as the stride. Write by name which of them "
    "is meant.",
    "differs",
    since="keras 2.4 and later, every TensorFlow",
    example=Example.of(
        """
        from keras.layers import Conv2D

        layer = Conv2D(8, 3, 3)
        """,
        """
        from keras.layers import Conv2D

        layer = Conv2D(8, kernel_size=(3, 3))
        """,
    ),
)

_CONVOLUTION = re.compile(r"(?:Separable)?Conv(?:olution)?[23]D(?:Transpose)?")
_KERAS_1_NAMES = ("Convolution", "SeparableConvolution", "Deconvolution")


def kernel_or_stride(module: CheckedModule) -> Violations:
    """Find convolutions with the same size twice; with any two sizes under a name of Keras 1."""
    for call in module.named_calls:
        symbol = call.symbol.rpartition(".")[2]
        if call.generation not in ("keras2", "keras3") or not _CONVOLUTION.fullmatch(symbol):
            continue
        sizes = [constant(argument) for argument in call.node.args[1:3]]
        if len(sizes) < 2 or any(type(size) is not int for size in sizes) or sizes == [1, 1]:
            continue
        rows, columns = sizes
        if rows != columns and not call.name.startswith(_KERAS_1_NAMES):
            continue
        if module.is_surely_keras_3(flavour_of(call.path)):
            return
        message = (
            f"`{call.name}(…, {rows}, {columns})` has a kernel of {rows}×{rows} and a stride "
            f"of {columns} in {call.release}; in Keras 1 it had a kernel of {rows}×{columns}"
        )
        write = f"kernel_size={rows}, strides={columns}"
        yield Violation(KI103, call.node.args[2], message, write)


RULE = Rule(kernel_or_stride, (KI103,))
