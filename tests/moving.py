"""Single calls moved by the knowledge alone, without the rest of the codemod."""

from __future__ import annotations

import ast

from keras_imports import atlas
from keras_imports.codemod.aim import Aim, aim, generation
from keras_imports.codemod.calls import Call, plan_call
from keras_imports.codemod.edits import Edit, Left, Symbol, Text, apply

ALIASES = {"K": "backend"}


def move(code: str, source: str, target: str | Aim, exact: bool = True) -> tuple[str, list[Left]]:
    """Code whose names are below a Keras (`layers.Dense(3)`, `K.mean(x)`), and what was left.

    Names that are moved are written with the root of the target.
    """
    to = aim(target) if isinstance(target, str) else target
    flavour, _, release = source.partition("==")
    release = release or atlas.releases(flavour)[-1]
    text, tree = Text(code), ast.parse(code)
    edits: list[Edit] = []
    left: list[Left] = []
    functions: set[ast.expr] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            functions.add(node.func)
        call = _call(text, node, node in functions, f"{flavour}=={release}", exact)
        if call is None:
            continue
        plan = plan_call(call, to)
        left += plan.left
        edits += plan.edits
        path = to.path(call.symbol)
        if path and not plan.left:
            span = text.span(call.function)
            edits.append(Edit(span.start, span.end, (Symbol(path),)))
    return apply(code, edits, lambda symbol: f"{to.root}.{symbol.path}"), left


def _call(text: Text, node: ast.AST, called: bool, source: str, exact: bool) -> Call | None:
    flavour, _, release = source.partition("==")
    if isinstance(node, ast.Call):
        function, whole = node.func, node
    elif isinstance(node, (ast.Attribute, ast.Name)) and not called:
        function, whole = node, None
    else:
        return None
    dotted = ast.unparse(function)
    head, _, rest = dotted.partition(".")
    path = f"{flavour}.{ALIASES.get(head, head)}" + (f".{rest}" if rest else "")
    entry = atlas.lookup(atlas.flavour_environment(flavour, release), path)
    if entry is None or entry.kind == "module":
        return None
    kind = generation(flavour, release)
    return Call(text, function, whole, path, entry.symbol, entry.signature, kind, release, exact)
