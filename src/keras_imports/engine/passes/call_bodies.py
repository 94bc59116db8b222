"""Report what `call` of a layer, losses and metrics cannot do in Keras 3 as they did in Keras 2.

    if tf.reduce_sum(x) > 0:            a tensor has no truth value there
    for i in tf.range(3):
    self.dense = layers.Dense(1)        a layer that was called has all its parts

Keras 2 converted such code by autograph, and let a layer make its parts in its first call.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.engine.compiled import METRICS, compiled, functions_in
from keras_imports.engine.module import Fix, ModuleInMigration, to_keras_3
from keras_imports.engine.nodes import methods, methods_by_name, own_nodes
from keras_imports.python.definitions import Definition
from keras_imports.python.expressions import is_own
from keras_imports.python.tree import walk

_BRANCHES = (ast.If, ast.IfExp, ast.While)
_ADVICE = "use `ops.cond`, `ops.where`, `ops.while_loop` or `ops.fori_loop`"
_CALLED = ("call", "update_state", "result")
_IDENTITY = (ast.Is, ast.IsNot, ast.In, ast.NotIn)
# Functions of TensorFlow whose results have no value while a graph is made.
_OF_TENSORFLOW = re.compile(
    r"tensorflow\.(?:reduce_\w+|math\.\w+|random\.\w+|equal|not_equal|greater\w*|less\w*|shape|rank"
    r"|size|abs|cast|norm|logical_\w+|range)"
)
_OF_BACKEND = re.compile(
    r"backend\.(?:sum|mean|max|min|prod|std|var|any|all|equal|not_equal|greater\w*|less\w*|cast|shape"
    r"|argmax|argmin|abs|arange|random_\w+)"
)
_RANGES = frozenset({"tensorflow.range", "backend.arange"})


applies = to_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield a finding at each such place, once a place."""
    told: set[ast.AST] = set()
    for function, name in _called_by_keras(module):
        for node in _tensors_asked(module, function):
            if node not in told:
                told.add(node)
                message = (
                    f"`{name}` branches or loops on a tensor, which {module.target} does not "
                    "convert by autograph"
                )
                yield module.unfixed(node, message, _ADVICE)
    for layer in module.classes("Layer", "Model"):
        for method in methods(layer):
            if method.name == "call":
                yield from _made_late(module, method)


def _called_by_keras(module: ModuleInMigration) -> Iterator[tuple[Definition, str]]:
    """Yield what Keras 2 converted, with the name to tell it by: `call`, losses and metrics."""
    for kind in module.classes("Layer", "Model", "Loss", "Metric"):
        for method in _reached(kind, _CALLED):
            yield method, f"{kind.name}.{method.name}"
    for its in compiled(module):
        for given in ("loss", *METRICS):
            for function in functions_in(module, its.given.get(given)):
                yield function, function.name


def _reached(kind: ast.ClassDef, names: tuple[str, ...]) -> list[Definition]:
    """Return the methods of a class that some of them call by `self`, and these."""
    own = methods_by_name(kind)
    reached: dict[str, Definition] = {}
    agenda = [name for name in names if name in own]
    while agenda:
        name = agenda.pop()
        if name in reached or own[name].decorator_list:  # such as `tf.function`
            continue
        reached[name] = own[name]
        for node in walk(own[name]):
            if isinstance(node, ast.Call) and is_own(node.func) and node.func.attr in own:
                agenda.append(node.func.attr)
    return [*reached.values()]


def _tensors_asked(module: ModuleInMigration, function: Definition) -> Iterator[ast.expr]:
    """Yield what of a function asks a tensor whether it is true, or goes through one."""
    for node in own_nodes(function):
        if isinstance(node, _BRANCHES) and _is_tensor(module, node.test, function):
            yield node.test
        if isinstance(node, ast.For) and _is_range(module, node.iter):
            yield node.iter


def _is_range(module: ModuleInMigration, node: ast.expr) -> bool:
    """Return whether an expression is a range that is a tensor."""
    return isinstance(node, ast.Call) and _path(module, node.func) in _RANGES


def _is_tensor(module: ModuleInMigration, node: ast.expr, function: Definition) -> bool:
    """Return whether an expression visibly is a tensor that has no value in a graph."""

    def is_one(each: ast.expr) -> bool:
        return _is_tensor(module, each, function)

    match node:
        case ast.Call(func=called):
            path = _path(module, called)
            return bool(_OF_TENSORFLOW.fullmatch(path) or _OF_BACKEND.fullmatch(path))
        case ast.Compare(left=left, ops=operators, comparators=others):
            is_asked = not any(isinstance(each, _IDENTITY) for each in operators)
            return is_asked and any(map(is_one, (left, *others)))
        case ast.BoolOp(values=values):
            return any(map(is_one, values))
        case ast.UnaryOp(operand=inner) | ast.Subscript(value=inner):
            return is_one(inner)
        case ast.BinOp(left=left, right=right):
            return is_one(left) or is_one(right)
        case ast.Name(id=name):
            values = [*_assigned(function, name)]
            return bool(values) and all(isinstance(v, ast.Call) and is_one(v) for v in values)
    return False


def _assigned(function: Definition, name: str) -> Iterator[ast.expr]:
    """Yield what a function assigns to a name."""
    for node in walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    yield node.value


def _path(module: ModuleInMigration, node: ast.expr) -> str:
    """Return what a function is: a path of TensorFlow, or a symbol of Keras."""
    known = module.reference_of.get(node)
    return module.symbol(node) or (known.path if known else "")


def _made_late(module: ModuleInMigration, call: Definition) -> Iterator[Fix]:
    """Yield a finding for each layer or weight that `call` makes as a part of its own layer."""
    for node in walk(call):
        made = node.value if isinstance(node, ast.Assign) and is_own(node.targets[0]) else None
        if not isinstance(made, ast.Call):
            continue
        is_weight = is_own(made.func) and made.func.attr == "add_weight"
        symbol = module.symbol(made.func)
        if is_weight or (symbol.startswith("layers.") and symbol.rpartition(".")[2][0].isupper()):
            message = f"{module.target} does not let a layer make its parts in `call`"
            yield module.unfixed(node, message, "make it in `__init__` or in `build`")
