"""Find out which expressions of a module are tensors of a model, as far as one sees."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from keras_imports.engine.around import call_of, reads_of
from keras_imports.engine.nodes import own_nodes
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.python.expressions import last_name
from keras_imports.python.paths import is_result, last_callee
from keras_imports.python.references import Binding, Reference
from keras_imports.python.statements import target_names
from keras_imports.python.tree import FUNCTIONS, Tree, walk

_CALLS = frozenset({"call", "train_step", "test_step", "predict_step"})
_LAYER = re.compile(r"keras\.(?:\w+\.)*layers\.(?:\w+\.)*\w+$")
_SAME_FLOW = (ast.If, ast.With)
_BACKEND = re.compile(r"tensorflow\.keras\.backend\.[a-z]\w*")
_TAKE_ANY = frozenset({"int_shape", "is_keras_tensor"})  # the tensors of a model, too
_GIVE_NONE = frozenset({"shape", "ndim", "dtype", "count_params"})


@dataclass
class _Names:
    """The variables that a statement sets, and those that it gives to layers made only for that."""

    stored: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)


class SymbolicTensors:
    """The tensors of a functional model: an `Input`, what layers give, what is computed of these.

    What was found out is remembered; so it pays to ask in the order of the text.
    """

    def __init__(self, tree: Tree, references: Iterable[Reference]) -> None:
        self.tree = tree
        self.named = {r.node: r for r in references if isinstance(r.node, ast.expr)}
        self.known: dict[ast.AST, bool] = {}
        self.names: dict[ast.stmt, _Names] = {}

    def is_symbolic(self, node: ast.AST) -> bool:
        """Return whether an expression is a tensor of a model, or has some, as far as one sees."""
        if node not in self.known:
            self.known[node] = False  # until more is known: it may be assigned to itself
            self.known[node] = self._is_tensor(node)
        return self.known[node]

    def _is_tensor(self, node: ast.AST) -> bool:
        """Return the same for one that is asked about for the first time."""
        match node:
            case ast.Name():
                reference = self.named.get(node)
                if reference is None:
                    through = self._iterated(node)
                    return self.is_symbolic(through) if through else self._is_assigned(node)
                is_given = any(isinstance(b.node, FUNCTIONS) for b in reference.bindings)
                return all(map(self._is_output, reference.paths, reference.bindings)) or (
                    is_given and self._is_assigned(node)
                )
            case ast.Call(func=ast.Call(func=function)):
                # Who creates a layer only to call it, in a function, builds a functional model.
                is_given = self._is_in_function(node) or any(map(self.is_symbolic, node.args))
                return is_given and all(map(_is_layer, self._paths(function)))
            case ast.Call(func=function):
                paths = self._paths(function)
                if all(is_keras_path(path) and path.endswith(".Input") for path in paths):
                    return True
                if all(map(_is_made, paths)):
                    return any(map(self.is_symbolic, node.args))
                if all(map(_computes, paths)):
                    return self.is_given_tensors(node)
                return paths == ("",) and self._gives_tensor(node)
            case ast.BinOp(left=left, right=right) | ast.Compare(left=left, comparators=[right]):
                return self.is_symbolic(left) or self.is_symbolic(right)
            case ast.Subscript(value=inner) | ast.UnaryOp(operand=inner):
                return self.is_symbolic(inner)
            case ast.ListComp(elt=inner) | ast.GeneratorExp(elt=inner):
                return self.is_symbolic(inner)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return any(map(self.is_symbolic, items))
        return False

    def is_symbolic_here(self, node: ast.AST) -> bool:
        """Return the same, and that no function is around that is given tensors with values."""
        return not _has_values(self.tree, node) and self.is_symbolic(node)

    def is_given_tensors(self, call: ast.Call) -> bool:
        """Return whether any argument of a call is such a tensor, where it may be one."""
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        return not _has_values(self.tree, call) and any(map(self.is_symbolic, given))

    def _gives_tensor(self, call: ast.Call) -> bool:
        """Return whether a function of the program makes such a tensor of those it is given."""
        if call.args and not any(map(self.is_symbolic, call.args)):
            return False
        functions = [
            binder
            for binder in self.tree.binders(last_name(call.func) or "")
            if isinstance(binder, ast.FunctionDef)
        ]
        if len(functions) != 1:
            return False
        returned = (each.value for each in own_nodes(functions[0]) if isinstance(each, ast.Return))
        return any(value is not None and self.is_symbolic(value) for value in returned)

    def _paths(self, function: ast.expr) -> tuple[str, ...]:
        """Return what a called expression may stand for."""
        reference = self.named.get(function)
        return reference.paths if reference else ("",)

    def _is_in_function(self, node: ast.AST) -> bool:
        return self.tree.function_around(node) is not None

    def _is_output(self, path: str, binding: Binding) -> bool:
        """Return whether a name that stands for a path is a tensor of a model."""
        if is_result(path) and last_callee(path).endswith("Input"):
            return True
        assigned = binding.node.value if isinstance(binding.node, ast.Assign) else None
        return (
            is_result(path)
            and (_is_made(last_callee(path)) or _computes(last_callee(path)))
            and (binding.symbolic or (assigned is not None and self.is_symbolic(assigned)))
        )

    def _iterated(self, name: ast.Name) -> ast.expr | None:
        """Return what a name goes through, in a comprehension or loop around it."""
        for above in self.tree.above(name):
            if isinstance(above, FUNCTIONS):
                break
            loops = [above] if isinstance(above, ast.For) else getattr(above, "generators", ())
            for loop in loops:
                if name.id in target_names(loop.target):
                    return loop.iter
        return None

    def _is_assigned(self, name: ast.Name) -> bool:
        """Return whether what was assigned to a name before is such a tensor, or used as one."""
        is_inside = self._is_in_function(name)
        for statement in [node for node in self.tree.above(name) if isinstance(node, ast.stmt)]:
            parent, block = self.tree.blocks[statement]
            index = block.index(statement)
            if is_inside and self._is_given(block[index:], name.id):
                return True
            for before in reversed(block[:index]):
                names = self._names_in(before)
                if name.id in names.stored:
                    if not isinstance(before, ast.Assign) or len(before.targets) > 1:
                        return False
                    is_name = isinstance(before.targets[0], ast.Name)
                    return is_name and self.is_symbolic(before.value)
                if is_inside and name.id in names.given:
                    return True
            if not isinstance(parent, _SAME_FLOW):
                break
        return False

    def _is_given(self, block: list[ast.stmt], name: str) -> bool:
        """Return whether a variable is given to layers made only for that, before it is set."""
        for statement in block:
            names = self._names_in(statement)
            if name in names.given:
                return True
            if name in names.stored:
                break
        return False

    def _names_in(self, statement: ast.stmt) -> _Names:
        """Return what a statement, with those inside of it, does to variables."""
        names = self.names.get(statement)
        if names is None:
            names = self.names[statement] = _Names()
            for node in walk(statement):
                match node:
                    case ast.Name(id=name, ctx=ast.Store()):
                        names.stored.add(name)
                    case ast.Call(func=ast.Call(func=function), args=[given, *_]):
                        if all(map(_is_layer, self._paths(function))):
                            items = getattr(given, "elts", [given])
                            names.given.update(i.id for i in items if isinstance(i, ast.Name))
        return names


def uses_of(tree: Tree, value: ast.expr) -> Iterator[ast.expr]:
    """Yield an expression itself, or where the variable is read that its value is assigned to."""
    statement = tree.parent(value)
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
        yield value
        return
    name = statement.targets[0].id
    function = tree.function_around(statement)
    for node in reads_of(tree, name):
        if function is None or function in tree.above(node):
            yield node


def calls_on_tensors(tensors: SymbolicTensors) -> frozenset[ast.Call]:
    """Return the calls of TensorFlow's functions, and the old backend's, on tensors of a model."""
    calls = {
        call
        for node, reference in tensors.named.items()
        if len(reference.paths) == 1
        and (_is_of_tensorflow(reference.path) or _is_of_backend(reference.path))
        and (call := call_of(tensors.tree, node))
    }
    # In their order, so that what is assigned is known where it is used.
    return frozenset(filter(tensors.is_given_tensors, sorted(calls, key=_end)))


def _is_of_tensorflow(path: str) -> bool:
    """Return whether a path is that of a function of TensorFlow's own."""
    return path.startswith("tensorflow.") and not is_keras_path(path)


def _is_of_backend(path: str) -> bool:
    """Return whether a path is that of a function of `tf.keras.backend` that takes tensors."""
    return bool(_BACKEND.fullmatch(path)) and path.rpartition(".")[2] not in _TAKE_ANY


def _computes(path: str) -> bool:
    """Return whether a function of TensorFlow gives a tensor of a model for one."""
    if _is_of_backend(path):
        return path.rpartition(".")[2] not in _GIVE_NONE
    return _is_of_tensorflow(path) and path != "tensorflow.shape"


def _has_values(tree: Tree, node: ast.AST) -> bool:
    """Return whether a node stands in a function that is given tensors with values."""
    function = tree.function_around(node)
    return isinstance(function, ast.Lambda) or getattr(function, "name", "") in _CALLS


def _end(node: ast.expr) -> tuple[int, int]:
    """Return the line and column where an expression ends."""
    return node.end_lineno or 0, node.end_col_offset or 0


def _of_keras(path: str) -> str:
    """Return a path of some Keras without its flavour's root: `keras.layers.Dense`."""
    return f"keras{path[path.index('keras') + len('keras') :]}" if is_keras_path(path) else ""


def _is_layer(path: str) -> bool:
    """Return whether a path is that of a class of layers."""
    return bool(_LAYER.match(_of_keras(path)))


def _is_made(path: str) -> bool:
    """Return whether a path is that of a layer that was made."""
    return is_result(path) and _is_layer(last_callee(path))
