"""Report a model that is compiled, then frozen for a second one, and trained by itself after that.

    d.compile("sgd", "mse")
    d.trainable = False             freezes `d` itself, too, in Keras 3
    gan = Model(z, d(g(z)))
    d.train_on_batch(x, y)          trains nothing any more

Keras 1 and 2 go on training what was compiled before it was frozen. Nothing is edited, since the
places to thaw and freeze it again are the program's.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration

_FREEZES = re.compile(r"\.\s*trainable\s*=\s*False\b")
_THAWS = r"\s*\.\s*trainable\s*=(?!\s*False\b|=)"
_TRAINS = r"\s*\.\s*(?:train_on_batch|fit|fit_generator)\s*\("
_COMPILES = r"\s*\.\s*compile\s*\("
_CALLS = r"\s*(?:\(|\.\s*outputs?\b|\.\s*__call__\b)"


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3."""
    return module.target.generation == "keras3"


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding where such a model is frozen."""
    for node in module.tree.matching(_FREEZES):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
            model = module.text.of(node.targets[0].value)
            if re.fullmatch(r"[\w.]+", model) and _is_trained_frozen(module, model, node):
                message = (
                    f"`{model}` was compiled before, and is frozen for its own training, too, "
                    f"in {module.target}"
                )
                advice = (
                    f"set `{model}.trainable = True` before its own `train_on_batch` or `fit`, "
                    "and `False` after"
                )
                yield module.unfixed(node, message, advice)


def _is_trained_frozen(module: ModuleInMigration, model: str, frozen: ast.Assign) -> bool:
    """Return whether a model is compiled before it is frozen, part of another, and trained."""
    text, place = module.text.text, module.text.span(frozen).start

    def places(pattern: str) -> list[int]:
        name = rf"(?<![\w.]){re.escape(model)}"
        return [match.start() for match in re.finditer(name + pattern, text)]

    is_compiled = any(at < place for at in places(_COMPILES))
    is_part = any(at > place for at in places(_CALLS)) or bool(
        re.search(rf"\.\s*add\s*\(\s*{re.escape(model)}\s*\)", text[place:])
    )
    return is_compiled and is_part and bool(places(_TRAINS)) and not places(_THAWS)
