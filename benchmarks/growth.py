"""How the time of `migrate` and `check` grows with the size of a file, for files of many shapes.

Run `python benchmarks/growth.py [SHAPE …]`. Each file is given to both at two sizes. Printed is the
exponent of the growth, after the time for a file of size 0: 1 is in proportion, 2 is by the square.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from measuring import TOOL, TOOL_ENVIRONMENT, processor_seconds

SIZES = (700, 2800)
LIMIT = 1.1  # of the exponent
LEAST = 0.1  # seconds that are told from nothing
TIMEOUT = 300
COMMANDS = {
    "migrate": ["migrate", "--to", "keras"],
    "check": ["check", "--installed", "keras==3.15.1", "--installed", "tensorflow==2.21.0"],
}
HEAD = """\
import keras
from keras import backend as K
from keras.layers import BatchNormalization, Dense
from keras.models import Model, Sequential
"""
OLD = 'init="uniform"'  # of Keras 1


def repeated(line: str, before: str = "", after: str = "") -> Callable[[int], str]:
    """Return what writes a line many times, `#` for its number and `~` for the one above."""

    def write(size: int) -> str:
        lines = (line.replace("#", str(n + 1)).replace("~", str(n)) for n in range(size))
        return HEAD + before + "".join(lines) + after.replace("#", str(size))

    return write


def joined(item: str, before: str, between: str, after: str) -> Callable[[int], str]:
    """Return what writes an item many times on one line."""
    return lambda size: (
        HEAD + before + between.join(item.replace("#", str(n)) for n in range(size)) + after
    )


INPUT = "x = first = keras.Input((3,))\n"
SHAPES: dict[str, Callable[[int], str]] = {
    "names in one import": joined("Dense as D#", "from keras.layers.core import ", ", ", "\n"),
    "imports": repeated("from keras.layers.core import Dense as D#\n"),
    "imports that may fail": repeated(
        "try:\n    from keras.layers import Dense\n"
        "except ImportError:\n    from tensorflow.keras.layers import Dense\n",
    ),
    "imports in branches": repeated(
        "try:\n    from keras.layers import Dense as D#\n"
        "except ImportError:\n    from tensorflow.keras.layers import Dense as D#\n",
    ),
    "imports of modules": repeated("import keras.layers.core as c#\nc#.Dense(3)\n"),
    "imports in functions": repeated(
        "def f#(x):\n    from keras.layers import Dense\n    return Dense(#)(x)\n"
    ),
    "imports of everything": repeated("from keras.layers import *\n"),
    "calls": repeated(f"d# = Dense(#, {OLD})\n"),
    "calls on one line": joined(f"Dense(#, {OLD})", "x = [", ", ", "]\n"),
    "arguments of a call": joined("a#=#", "Dense(", ", ", ")\n"),
    "values of a dictionary": joined(f'"#": Dense(#, {OLD})', "d = {", ", ", "}\n"),
    "aliases of aliases": repeated("a# = a~\n", "a0 = keras\n", "a#.layers.core.Dense(3)\n"),
    "attributes of attributes": joined("a", "keras.", ".", "\n"),
    "classes of classes": repeated(
        "class C#(C~):\n    def call(self, x):\n        return K.mean(x)\n",
        "class C0(keras.layers.Layer):\n    pass\n",
    ),
    "functions of functions": repeated(
        f"def f#(x):\n    return f~(Dense(#, {OLD})(x))\n", "def f0(x):\n    return Dense(3)(x)\n"
    ),
    "layers that are added": repeated(
        f"m.add(Dense(#, {OLD}))\n", "m = Sequential()\n", "m.fit(x, y, nb_epoch=3)\n"
    ),
    "models of one's own": repeated(
        "class C#(Model):\n    def call(self, x):\n        return x\n"
        "m = C#()\nm.compile('sgd')\nm.fit(x, nb_epoch=3)\n"
    ),
    "layers that are frozen": repeated("m.layers[#].trainable = False\n", "m = Sequential()\n"),
    "layers of a functional model": repeated(
        "x = Dense(#)(x)\nx = BatchNormalization(mode=0)(x)\n", INPUT, "m = Model(first, x)\n"
    ),
    "tensors that are computed": repeated("x = K.sum(x, axis=-1) + K.mean(x)\n", INPUT),
    "methods of a model": repeated(
        "h# = m.fit_generator(g, nb_epoch=#)\nprint(h#.history['acc'])\n", "m = Sequential()\n"
    ),
    "weights of a layer": repeated(
        "        tf.keras.backend.mean(self.w#)\n        self.w# = self.add_weight(name='#')\n",
        "import tensorflow as tf\nclass C(tf.keras.layers.Layer):\n    def build(self, shape):\n",
    ),
    "sizes that are named": repeated("n = #\nd = Dense(n)\n"),
    "else after else": repeated(
        f"elif a == #:\n    d = Dense(#, {OLD})\n", "if a == 0:\n    d = 0\n"
    ),
    "branches": repeated(f"if a == #:\n    d = Dense(#, {OLD})\n", "d = None\n", "d(3)\n"),
    "blocks": repeated(f"with f() as g#:\n    Dense(#, {OLD})\n"),
    "lambdas": repeated("d# = keras.layers.Lambda(lambda x: K.sum(x, axis=#))\n"),
    "code without Keras": repeated('v# = [v~, "text #"] + f(v~, #)\n', "", "Dense(3)\n"),
}


def seconds(command: list[str], text: str) -> float:
    """Return the processor time of a command for one file."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "module.py").write_text(text, "utf-8")

        def work() -> None:
            subprocess.run(
                [*TOOL, *command, "module.py"],
                cwd=folder,
                env=TOOL_ENVIRONMENT,
                capture_output=True,
                check=False,
                timeout=TIMEOUT,
            )

        return processor_seconds(work)


def exponent(command: list[str], write: Callable[[int], str]) -> float:
    """Return how the time grows with the size of a file."""
    start, small, large = (min(seconds(command, write(n)) for _ in (1, 2)) for n in (0, *SIZES))
    ratio = max(large - start, LEAST) / max(small - start, LEAST)
    return math.log(ratio) / math.log(SIZES[1] / SIZES[0])


def main() -> None:
    """Print the exponents, and which of them are over the limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", help="a part of the name of some")
    wanted = parser.parse_args().shapes
    print(f"{'exponent of growth':30}", *(f"{name:>8}" for name in COMMANDS), f"(limit {LIMIT})")
    for shape, write in SHAPES.items():
        if wanted and not any(part in shape for part in wanted):
            continue
        found = [exponent(command, write) for command in COMMANDS.values()]
        missed = " missed" if max(found) > LIMIT else ""
        print(f"{shape:30}", *(f"{each:8.2f}" for each in found), missed, flush=True)


if __name__ == "__main__":
    main()
