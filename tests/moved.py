"""Single calls moved by the knowledge alone, without the rest of the codemod."""

from __future__ import annotations

import ast

from keras_imports import atlas
from keras_imports.engine.findings import Finding
from keras_imports.engine.placeholders import InsertedFunction, TargetName
from keras_imports.engine.planning.plan import Call, plan_call
from keras_imports.knowledge.origin import Origin
from keras_imports.knowledge.symbols import shared_symbol
from keras_imports.knowledge.target import Target, parse_target
from keras_imports.python.edits import Edit, Text, apply

ALIASES = {"K": "backend"}
OBJECTS = {
    "model": "models.Sequential()",
    "layer": "layers.Layer()",
    "weight": "Variable()",
    "optimizer": "optimizers.SGD()",
    "metric": "metrics.Mean()",
    "callback": "callbacks.Callback()",
    "anything": "?",
}


def move(
    code: str,
    source: str,
    target: str | Target,
    exact: bool = True,
    rooted: bool = True,
    root: str = "",
) -> tuple[str, list[Finding]]:
    """Code whose names are below a Keras (`layers.Dense(3)`, `K.mean(x)`), and what was left.

    `model`, `layer` and `optimizer` are objects of the source. Names that are moved are written
    with the root of the target, if that is wanted; `root` is the source's, if not its flavour.
    """
    to = parse_target(target) if isinstance(target, str) else target
    flavour, _, release = source.partition("==")
    release = release or atlas.releases(flavour)[-1]
    text, tree = Text(code), ast.parse(code)
    edits: list[Edit] = []
    left: list[Finding] = []
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        call = _call(text, node, parents, f"{flavour}=={release}", exact, root)
        if call is None:
            continue
        plan = plan_call(call, to)
        left += plan.left
        edits += plan.edits
        path = _named(call, flavour, to)
        if path and not plan.left:
            span = text.span(call.function)
            edits.append(Edit(span.start, span.end, (TargetName(path),)))
    prefix = f"{to.root}." if rooted else ""

    def written(name: TargetName | InsertedFunction) -> str:
        return name.name if isinstance(name, InsertedFunction) else prefix + name.path

    return apply(code, edits, written), left


def _named(call: Call, flavour: str, to: Target) -> str | None:
    """The path of a symbol in the target: the same if it is there, too."""
    path, symbol = call.path.removeprefix(f"{flavour}."), shared_symbol(call.path, call.symbol)
    same = atlas.lookup(to.env, f"{to.flavour}.{path}")
    return path if same and same.public and same.symbol == symbol else to.path(symbol)


def _call(
    text: Text, node: ast.AST, parents: dict[ast.AST, ast.AST], source: str, exact: bool, root: str
) -> Call | None:
    flavour, _, release = source.partition("==")
    if isinstance(node, ast.Call):
        function, whole = node.func, node
    elif isinstance(node, (ast.Attribute, ast.Name)) and node is not getattr(
        parents.get(node), "func", None
    ):
        function, whole = node, None
    else:
        return None
    dotted = ast.unparse(function)
    head, _, rest = dotted.partition(".")
    path = f"{root or flavour}.{ALIASES.get(head, head)}" + (f".{rest}" if rest else "")
    origin = Origin(flavour, release, exact)
    if head in OBJECTS:
        path = ".".join(filter(None, (f"{flavour}.{OBJECTS[head]}", rest)))
        path = path.partition(f"{flavour}.")[2] if head == "anything" else path
        return Call(text, function, whole, path, "", None, origin, parents.get)
    entry = atlas.lookup(atlas.flavour_environment(flavour, release), path)
    if entry is None or entry.kind == "module":
        return None
    symbol, signature = entry.symbol, entry.signature
    return Call(text, function, whole, path, symbol, signature, origin, parents.get)
