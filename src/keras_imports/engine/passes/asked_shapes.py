"""Ask whether a shape is one of several where code asks for a tuple: TensorFlow's are none.

    def build(self, input_shape):
        if not isinstance(input_shape, tuple):      if isinstance(input_shape, list):

The Keras 2 of TensorFlow gives a layer a `TensorShape`, and a list of these for several inputs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.nodes import methods_by_name, set_by
from keras_imports.python.definitions import Definition
from keras_imports.python.edits import Edit, Piece
from keras_imports.python.tree import walk

_ASKED = re.compile(r"\btuple\b")
_METHODS = ("build", "compute_output_shape")
_OLDER = frozenset({"keras1", "standalone"})


def applies(module: ModuleInMigration) -> bool:
    """Return whether code whose shapes were tuples is moved to the Keras 2 of TensorFlow."""
    if module.target.generation != "keras2" or not _ASKED.search(module.text.text):
        return False
    return any(origin.generation in _OLDER for origin in module.origins.values())


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of the questions, and findings for those that a list would answer, too."""
    for layer in module.classes("Layer"):
        own = methods_by_name(layer)
        for method in (own[name] for name in _METHODS if name in own):
            names = [each.arg for each in method.args.args]
            if len(names) > 1 and not _is_set(method, names[1]):
                for node in walk(method):
                    yield from _asked(module, node, names[1])


def _is_set(method: Definition, name: str) -> bool:
    """Return whether a method gives a parameter another value."""
    targets = (each for node in walk(method) for each in set_by(node))
    return any(isinstance(each, ast.Name) and each.id == name for each in targets)


def _asked(module: ModuleInMigration, node: ast.AST, name: str) -> Iterator[Fix]:
    """Yield what becomes of a question for the type of a shape, or of the first of several."""
    match node:
        case ast.Call(func=ast.Name(id="isinstance"), args=[asked, ast.Name(id="tuple")]):
            part = asked.value if isinstance(asked, ast.Subscript) else asked
            if not isinstance(part, ast.Name) or part.id != name:
                return
            above = module.tree.parent(node)
            is_negated = isinstance(above, ast.UnaryOp) and isinstance(above.op, ast.Not)
            is_list = is_negated if part is asked else not is_negated
            span = module.text.span(above if is_negated and above is not None else node)
            pieces: tuple[Piece, ...] = ("isinstance(", module.text.span(part), ", list)")
            yield Edit(span.start, span.end, pieces if is_list else ("not ", *pieces))
        case ast.Call(
            func=ast.Name(id="isinstance"), args=[ast.Name(id=asked), ast.Tuple(elts=kinds)]
        ) if asked == name and {"tuple", "list"} == {*map(ast.unparse, kinds)}:
            message = f"a shape of {module.target} is a `TensorShape`, neither a tuple nor a list"
            yield module.differs(
                node, message, f"ask `isinstance({name}, list)` for several inputs"
            )
