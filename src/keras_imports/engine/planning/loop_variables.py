"""Keep the values that variables of a loop have for the function of a `Lambda` layer.

    Lambda(lambda x: x[i])      Lambda(lambda x, i=i: x[i])

On TensorFlow 1 such a function was called once, where the layer was; now it is called again each
time that the model is, and would find what the variables became by then.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.planning.call import Call
from keras_imports.knowledge.target import Target
from keras_imports.python.edits import Edit
from keras_imports.python.tree import FUNCTIONS, walk
from keras_imports.versions import version_key

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
_SCOPES = (*FUNCTIONS, ast.ClassDef)


def values_kept(call: Call, target: Target) -> Iterator[Edit]:
    """Yield the edit that keeps the variables' values, if there are any."""
    if call.symbol != "layers.Lambda" or call.node is None or not call.node.args:
        return
    function = call.node.args[0]
    if not isinstance(function, ast.Lambda) or not _was_called_once(call, target):
        return
    arguments = function.args
    if not arguments.args or arguments.vararg or arguments.kwonlyargs or arguments.kwarg:
        return
    own = {argument.arg for argument in arguments.args}
    used = dict.fromkeys(n.id for n in walk(function.body) if isinstance(n, ast.Name))
    changing = set(_changing(call)) - own
    kept = [name for name in used if name in changing]
    if kept:
        last = (arguments.defaults or arguments.args)[-1]
        end = call.text.span(last).end
        yield Edit(end, end, ("".join(f", {name}={name}" for name in kept),))


def _was_called_once(call: Call, target: Target) -> bool:
    """Return whether the source may call it once; nobody means what a loop leaves behind."""
    if target.generation not in ("keras2", "keras3"):
        return False
    if call.origin.generation in ("keras1", "standalone") or not call.origin.exact:
        return True
    return call.path.startswith("tensorflow") and version_key(call.origin.release) < (2,)


def _changing(call: Call) -> Iterator[str]:
    """Yield the variables that a loop around a call has set before it."""
    whole = call.node
    if whole is None:
        return
    for node in call.around(whole):
        if isinstance(node, _SCOPES):
            break
        if isinstance(node, _COMPREHENSIONS):
            for generator in node.generators:
                yield from _set(generator.target)
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            yield from _set(node.target)
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            for statement in node.body:
                if statement.lineno < whole.lineno:
                    yield from _set(statement)


def _set(node: ast.AST) -> Iterator[str]:
    """Yield the names that are set inside of a node."""
    for inner in walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id
