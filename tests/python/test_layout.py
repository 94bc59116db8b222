"""Statements are laid out as Ruff does, which does nearly as Black, or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from keras_imports.python.layout import laid_out

WIDTHS = (30, 44, 60, 88)
STATEMENTS = (
    "x = keras.layers.Dense(units)",
    "x = keras.layers.Dense(units, activation='relu', name=f'head_{number}')(x)",
    "x = keras.layers.Dense(\n    units, activation='relu'\n)(x)",
    "x = Dense(\n    3,\n    activation='relu',\n)(x)",
    "model = Sequential([Dense(3, name='a'), Dense(4, kernel_initializer=zeros(shape))])",
    "model = Sequential(\n    [\n        Dense(3),\n    ]\n)",
    "return self.layer(x, training=training), mask",
    "return keras.ops.reshape(x, (keras.ops.shape(x)[0], -1, self.heads, self.units))",
    "model.compile(optimizer=Adam(learning_rate=0.1), loss='mse', metrics=['accuracy'])",
    "def build(self, inputs: Tensor, *, training: bool = False) -> Tensor:\n    pass",
    "def build(self, inputs, training=False, mask=None):\n    pass",
    "sizes = [layer.output.shape for layer in model.layers if layer.trainable]",
    "sizes = {layer.name: layer.output.shape[1:] for layer, _ in zip(model.layers, names)}",
    "outputs: List[keras.layers.Layer] = attr.ib(factory=list, init=False)",
    "weights[name] = keras.ops.convert_to_numpy(self.model.get_layer(name).kernel)",
    "if isinstance(layer, keras.layers.Wrapper) and layer.trainable:\n    pass",
    "if isinstance(layer, (keras.layers.Wrapper, keras.layers.Layer)):\n    pass",
    "x = (1,)",
    "x = first + second * keras.ops.mean(values, axis=(1, 2)) - third",
    "x = f(lambda a, b: a + b, keras.ops.zeros((1, 2, 3)), lambda c: c)",
    "x = f(a if keras.backend.image_data_format() == 'channels_first' else b, [])",
    "x = f()(keras.layers.Dense(3, name='name'))()",
    "raise ValueError('Expected a tensor with a rank of four, not ' + str(len(x.shape)))",
    "x = keras.layers.Add()([first, second])  # what was said of it",
    "a.b(c).d(e).f(keras.ops.ones(shape=(1, 2, 3, 4)))",
    "f(*values, **{'name': keras.ops.mean(values), 'axis': -1})",
)


@pytest.mark.parametrize("width", WIDTHS)
def test_ruff_does_the_same(width: int, tmp_path: Path) -> None:
    for number, code in enumerate(STATEMENTS):
        (tmp_path / f"{number}.py").write_text(f"{code}\n", "utf-8")
    options = ["--isolated", "--quiet", f"--line-length={width}"]
    quotes = ["--config", "format.quote-style='preserve'"]
    subprocess.run(
        [sys.executable, "-m", "ruff", "format", *options, *quotes, tmp_path], check=True
    )
    known = 0
    for number, code in enumerate(STATEMENTS):
        expected = (tmp_path / f"{number}.py").read_text("utf-8").rstrip("\n")
        for given in (code, expected):
            laid = laid_out(given.removesuffix("\n    pass"), 0, width)
            assert laid in (None, expected.removesuffix("\n    pass"))
            known += laid is not None
    assert known > len(STATEMENTS) // 2


@pytest.mark.parametrize(
    "code",
    [
        "x = f(  # why\n    1\n)",
        'x = f("""a\nb""")',
        "x = 1; y = 2",
        "x = \\\n    1",
        "import keras\nx = 1",
        "x = (",
    ],
)
def test_what_is_not_known(code: str) -> None:
    assert laid_out(code, 0, 88) is None
