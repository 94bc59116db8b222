"""Write what a class passes to the class of Keras that it is derived from as the target takes it.

    super().__init__(output_dim=8)      super().__init__(units=8)
    super().call(inputs, **kwargs)      super().call(inputs)

So it is in a `class Mine(Dense)`. To a `call` that takes any argument Keras 2 passes `training`
since TensorFlow 2. What is passed to a class of the program's own stays, though that
one may be derived from Keras: its `__init__` takes what it says.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports import atlas
from keras_imports.engine.module import Fix, ModuleInMigration, always
from keras_imports.engine.nodes import is_super_init, methods, methods_by_name, own_nodes
from keras_imports.engine.planning.plan import plan_call
from keras_imports.engine.reference_plans import change
from keras_imports.python.edits import Edit
from keras_imports.python.tree import walk

applies = always  # the rules say for which targets they hold


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield what becomes of the arguments."""
    made_by_keras = _made_by_keras(module)
    for node, path in module.keras_classes.items():
        if node not in made_by_keras:
            continue
        resolved = module.resolve(path)
        if resolved is None or resolved.is_module:
            continue
        yield from _handed_on(module, node, resolved.symbol)
        for call in _base_calls(node):
            plan = plan_call(module.call(resolved, path, call.func, call), module.target)
            end = module.text.span(call.func).end
            edits = [edit for edit in plan.edits if edit.start >= end]
            yield from plan.left
            if any(edit.end > end for edit in plan.edits if edit not in edits):
                yield module.without_counterpart(call, resolved.path)
            elif edits:
                yield change(module, edits, path, call.func, call)


def _made_by_keras(module: ModuleInMigration) -> set[ast.ClassDef]:
    """Return the classes that inherit the `__init__` of Keras's, as far as one sees."""
    derived: dict[str, list[ast.ClassDef]] = {}  # by the first base, which `super()` is
    for kind in module.keras_classes:
        derived.setdefault(getattr(kind.bases[0], "id", ""), []).append(kind)
    found = {kind for kind in module.keras_classes if kind.bases[0] in module.reference_of}
    open_ = list(found)
    while open_:
        kind = open_.pop()
        if "__init__" not in methods_by_name(kind):
            new = set(derived.get(kind.name, ())) - found
            found |= new
            open_ += new
    return found


def _base_calls(node: ast.ClassDef) -> Iterator[ast.Call]:
    """Yield the calls by which a class makes what it is derived from: `super().__init__(…)`."""
    for method in methods(node):
        if method.name == "__init__":
            for call in walk(method):
                if isinstance(call, ast.Call) and is_super_init(call):
                    yield call


def _handed_on(module: ModuleInMigration, node: ast.ClassDef, symbol: str) -> Iterator[Fix]:
    """Yield the edits of what is handed on to a `call` that takes nothing but its inputs."""
    call, target = methods_by_name(node).get("call"), module.target
    rest = call.args.kwarg if call else None
    if call is None or rest is None or target.generation != "keras2":
        return
    member = atlas.member(target.env, f"{target.flavour}.{target.path(symbol)}", "call")
    if member is None or member.signature is None or len(member.signature) != 1:
        return
    for each in own_nodes(call):
        match each:
            case ast.Call(
                func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="call"),
                args=[*_, last],
                keywords=[ast.keyword(arg=None, value=ast.Name(id=name))],
            ) if name == rest.arg:
                start = module.text.span(last).end
                yield Edit(start, module.text.span(each).end, (")",))
