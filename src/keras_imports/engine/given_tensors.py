"""Find the expressions that are tensors in functions which Keras calls: layers, losses, metrics."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.compiled import compiled, functions_in
from keras_imports.engine.module import ModuleInMigration
from keras_imports.engine.nodes import methods_by_name, own_nodes, passed, set_by
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.python.definitions import Function
from keras_imports.python.expressions import is_own
from keras_imports.python.tree import FUNCTIONS, walk

_METHODS = {"Layer": "call", "Model": "call", "Loss": "call", "Metric": "update_state"}
_NO_TENSORS = frozenset({"self", "training", "mask"})
_OF_LOSSES = ["y_true", "y_pred"]
_CALLED = ("call", "__call__")
_ABOUT_TENSORS = frozenset({"shape", "int_shape", "ndim", "rank", "size", "dtype"})
_COMPUTES = (".ops.", ".backend.", ".activations.", ".losses.")


def tensors(module: ModuleInMigration) -> list[ast.expr]:
    """Return the expressions that are tensors, in functions that Keras calls with some."""
    found: dict[ast.expr, None] = {}
    for function in dict.fromkeys(_functions(module)):
        for node in _tensors_in(module, function):
            found[node] = None
    return [*found]


def _functions(module: ModuleInMigration) -> Iterator[Function]:
    for kind, name in _METHODS.items():
        for node in module.classes(kind):
            method = methods_by_name(node).get(name)
            yield from [method] if method is not None else []
    for given in (each.given for each in compiled(module)):
        yield from functions_in(module, given.get("loss"))
        yield from functions_in(module, given.get("metrics"))
    for each in module.tree.blocks:
        if isinstance(each, ast.FunctionDef):
            names = [given.arg for given in each.args.args]
            if names == _OF_LOSSES or (names == ["self", *_OF_LOSSES] and each.name in _CALLED):
                yield each
    yield from functions_of_lambdas(module)


def functions_of_lambdas(module: ModuleInMigration) -> Iterator[Function]:
    """Yield the functions of the layers `Lambda`."""
    for reference in module.references:
        if reference.call is None or module.symbol(reference.node) != "layers.Lambda":
            continue
        function = passed(reference.call, 0, "function")
        if isinstance(function, ast.Lambda):
            yield function
        elif isinstance(function, ast.Name):
            yield from (n for n in module.tree.binders(function.id) if isinstance(n, FUNCTIONS))


def _tensors_in(module: ModuleInMigration, function: Function) -> Iterator[ast.expr]:
    """Yield the tensors of a function, as its statements follow each other."""
    given = [*function.args.posonlyargs, *function.args.args]
    required = given[: len(given) - len(function.args.defaults)]
    names = {each.arg for each in required} - _NO_TENSORS
    if isinstance(function, ast.Lambda):
        yield from _among(module, walk(function.body), names)
        return
    statements = [node for node in own_nodes(function) if isinstance(node, ast.stmt)]
    for statement in sorted(statements, key=lambda each: (each.lineno, each.col_offset)):
        yield from _among(module, _own_expressions(statement), names)
        value = getattr(statement, "value", None)
        for target in set_by(statement):
            if isinstance(target, ast.Name) and isinstance(value, ast.expr):
                is_kept = isinstance(statement, ast.AugAssign) and target.id in names
                known = is_kept or _is_tensor(module, value, names)
                (names.add if known else names.discard)(target.id)


def _own_expressions(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the nodes of a statement that stand in no other one."""
    for each in ast.iter_child_nodes(statement):
        if isinstance(each, ast.expr):
            yield from walk(each)


def _among(
    module: ModuleInMigration, nodes: Iterator[ast.AST] | list[ast.AST], names: set[str]
) -> Iterator[ast.expr]:
    for node in nodes:
        if isinstance(node, ast.expr) and _is_tensor(module, node, names):
            yield node


def _is_tensor(module: ModuleInMigration, node: ast.expr, names: set[str]) -> bool:
    """Return whether an expression is a tensor where the variables `names` are."""
    match node:
        case ast.Name(id=name):
            return name in names
        case ast.BinOp(left=left, right=right) | ast.Compare(left=left, comparators=[right]):
            return _is_tensor(module, left, names) or _is_tensor(module, right, names)
        case ast.UnaryOp(operand=inner) | ast.Subscript(value=inner):
            return _is_tensor(module, inner, names)
        case ast.Call(func=function, args=args):
            return _gives_tensor(module, function) and any(
                _is_tensor(module, each, names) for each in args
            )
    return False


def _gives_tensor(module: ModuleInMigration, function: ast.expr) -> bool:
    """Return whether a function makes a tensor of one: Keras's, TensorFlow's, or an own layer."""
    if is_own(function):
        return True
    known = module.reference_of.get(function)
    if known is None or known.path.rpartition(".")[2] in _ABOUT_TENSORS:
        return False
    path = known.path
    return any(part in path for part in _COMPUTES) or (
        path.startswith("tensorflow.") and not is_keras_path(path)
    )
