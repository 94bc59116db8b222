"""Report `build` of a model whose class does not say how: it makes no weights in Keras 3.

    net = Net()
    net.build((None, 28, 28))           net(numpy.zeros((1, 28, 28)))
    net.load_weights(path)

Keras 2 called the model on a placeholder. Keras 3 only notes that the model is built, so that
`load_weights` finds no weights to load, and `summary` none to count.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.nodes import methods, set_by
from keras_imports.python.tree import CALLED

_BUILDS = re.compile(r"\.\s*build\s*\(\s*[^\s)]")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the target is Keras 3, and something is built by a shape."""
    return module.target.generation == "keras3" and _BUILDS.search(module.text.text) is not None


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding for each such call."""
    classes = {node.name for node in module.classes("Model") if _is_built_by_call(module, node)}
    models = {ast.unparse(target) for target in _assigned(module, classes)}
    for node in module.tree.matching(_BUILDS):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="build")):
                made = owner.func if isinstance(owner, ast.Call) else None
                if getattr(made, "id", "") in classes or ast.unparse(owner) in models:
                    message = (
                        f"`build` makes no weights in {module.target} for a class of one's own"
                    )
                    advice = "call the model on data of that shape, or define `build` in its class"
                    yield module.differs(node, message, advice)


def _is_built_by_call(module: ModuleInMigration, node: ast.ClassDef) -> bool:
    """Return whether a class has a `call`, and no `build` that it or its own base defines."""
    own = {base.id for base in node.bases if isinstance(base, ast.Name)}
    family = [node, *(each for each in module.keras_classes if each.name in own)]
    names = {method.name for each in family for method in methods(each)}
    return "call" in names and "build" not in names


def _assigned(module: ModuleInMigration, classes: set[str]) -> Iterator[ast.expr]:
    """Yield what objects of some classes are assigned to."""
    for name in sorted(classes):
        for node in module.tree.naming(name, CALLED):
            match node:
                case ast.Assign(value=ast.Call(func=ast.Name(id=made))) if made == name:
                    yield from set_by(node)
