"""Name random numbers that JAX does not draw: in a layer they need a generator that it holds.

    Lambda(lambda x: x + random.normal((3,)))

Left to a person is where the generator is made: `self.seed = keras.random.SeedGenerator()`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.around import function_around
from keras_imports.engine.codes import NEEDS_TENSORFLOW
from keras_imports.engine.module import Fix, ModuleInMigration

_DRAWS = re.compile(
    r"(?:keras\.random\.|(?:tensorflow\.)?keras\.backend\.random_|tensorflow\.(?:random\.|random_))"
    r"(?:normal|uniform|truncated_normal)$"
)
_GIVEN_TO_LAMBDA = re.compile(r"\bLambda\(\s*(?:function\s*=\s*)?(\w+)")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the code is to run on JAX, too."""
    return module.target.backend in ("any", "jax")


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each call that draws numbers in a layer without such a generator."""
    given = set(_GIVEN_TO_LAMBDA.findall(module.text.text))
    for reference in module.references:
        call = reference.call
        if call is None or not any(map(_DRAWS.match, reference.paths)):
            continue
        function = function_around(module.tree, call)
        name = getattr(function, "name", "")
        in_layer = isinstance(function, ast.Lambda) or name == "call" or name in given
        if in_layer and all(keyword.arg not in ("seed", None) for keyword in call.keywords):
            message = "JAX draws no random numbers in a layer without a seed generator"
            advice = "pass `seed=` a `keras.random.SeedGenerator` that the layer holds"
            yield module.unfixed(reference.node, message, advice, NEEDS_TENSORFLOW.name)
