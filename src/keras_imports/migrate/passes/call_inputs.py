"""Layers whose `call` takes all by `*args`, where Keras 3 has to know the first argument."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from keras_imports.knowledge.target import Target
from keras_imports.migrate.unfixed import Unfixed
from keras_imports.python.edits import Edit, Text

_NAME = "inputs"


def input_edits(
    text: Text, layers: Iterable[ast.ClassDef], target: Target
) -> Iterator[Edit | Unfixed]:
    """`def call(self, *args)` takes `inputs, *args`, and hands both on.

    By the shape of what is called so a layer is built; of `*args` Keras 3 finds none.
    """
    methods = [node for layer in layers for node in layer.body if target.generation == "keras3"]
    for method in methods:
        if not isinstance(method, ast.FunctionDef) or method.name != "call":
            continue
        taken, rest = method.args, method.args.vararg
        if rest is None or len(taken.args) != 1 or taken.posonlyargs:
            continue
        inside = [*ast.walk(method)]
        names = [node for node in inside if isinstance(node, ast.Name)]
        handed_on = [
            node.args[0]
            for node in inside
            if isinstance(node, ast.Call)
            and node.args
            and isinstance(node.args[0], ast.Starred)
            and getattr(node.args[0].value, "id", "") == rest.arg
        ]
        known = {node.id for node in names} | {each.arg for each in taken.kwonlyargs}
        if [n.id for n in names].count(rest.arg) != len(handed_on) or _NAME in known:
            continue
        start = text.text.rindex("*", 0, text.span(rest).start)
        for place in (start, *(text.span(node).start for node in handed_on)):
            yield Edit(place, place, (f"{_NAME}, ",))
        if all(each.arg != "training" for each in taken.kwonlyargs):
            line, column = text.place(text.span(method).start)
            code = text.of(method).partition("\n")[0]
            message = f"a `call` that does not name `training` is not given it in {target}"
            yield Unfixed(line, column, code, message, "name it, and pass it on, if it matters")
