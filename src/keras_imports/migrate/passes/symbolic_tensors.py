"""Call functions of Keras where TensorFlow's are given the tensors of a model.

    x = tf.concat([x, y], 1)        x = keras.ops.concatenate([x, y], 1)
    tf.shape(x)[0]                  keras.ops.shape(x)[0]

Such a tensor is an `Input`, what layers give, and what is computed of these. Keras 3 does not give
them to other functions. Left to a person is a function that Keras does not have.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.rules import Rule, tensor_functions
from keras_imports.migrate.module import Fix, ModuleInMigration
from keras_imports.migrate.placeholders import TargetName
from keras_imports.python.arguments import bind, rewrite
from keras_imports.python.edits import Edit
from keras_imports.python.paths import is_result, last_callee
from keras_imports.python.references import Binding
from keras_imports.python.tree import FUNCTIONS

_LAYER = re.compile(r"keras\.(?:\w+\.)*layers\.(?:\w+\.)*\w+$")
_CALLS = frozenset({"call", "train_step", "test_step", "predict_step"})
_SAME_FLOW = (ast.If, ast.With)


def applies(module: ModuleInMigration) -> bool:
    """Return whether code that may be old is moved to Keras 3."""
    mentions = "tensorflow" in module.text.text
    return mentions and module.target.generation == "keras3" and not module.is_surely_keras_3


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of such calls, and findings for those that Keras has no function for."""
    yield from _Functions(module).run()


class _Functions:
    """One run over a module; it remembers which expressions are tensors of a model."""

    def __init__(self, module: ModuleInMigration) -> None:
        self.module = module
        self.tree = module.tree
        self.named = {r.node: r for r in module.references if isinstance(r.node, ast.expr)}
        self.known: dict[ast.AST, bool] = {}

    def run(self) -> Iterator[Fix]:
        """Yield what becomes of the calls."""
        calls: dict[ast.AST, ast.Call] = {call.func: call for call in self.calls()}
        if not calls:
            return
        # In their order, so that what is assigned is known where it is used.
        for node in sorted(self.named, key=lambda node: _end(calls.get(node) or node)):
            if node not in calls:
                self.is_symbolic(node)
                continue
            call, name = calls[node], self.named[node].path.removeprefix("tensorflow.")
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            if any(map(self.is_symbolic, given)):
                if name != "shape":
                    self.known[call] = True
                yield from self.moved(call, name)

    def calls(self) -> Iterator[ast.Call]:
        """Yield the calls of functions of TensorFlow, where tensors of a model may be given."""
        for node, reference in self.named.items():
            is_one = len(reference.paths) == 1 and reference.path.startswith("tensorflow.")
            call = self.tree.parent(node) if is_one and not is_keras_path(reference.path) else None
            if isinstance(call, ast.Call) and call.func is node and not self.is_inside(node):
                yield call

    def is_inside(self, node: ast.AST) -> bool:
        """Return whether a node stands in a function that is given tensors with values."""
        inside = (above for above in self.tree.above(node) if isinstance(above, FUNCTIONS))
        function = next(inside, None)
        return isinstance(function, ast.Lambda) or getattr(function, "name", "") in _CALLS

    def is_symbolic(self, node: ast.AST) -> bool:
        """Return whether an expression is a tensor of a model, or has some, as far as one sees."""
        if node not in self.known:
            self.known[node] = False  # until more is known: it may be assigned to itself
            self.known[node] = self.is_tensor(node)
        return self.known[node]

    def is_tensor(self, node: ast.AST) -> bool:
        match node:
            case ast.Name():
                reference = self.named.get(node)
                if reference is None:
                    return self.is_assigned(node)
                return all(map(self.is_output, reference.paths, reference.bindings))
            case ast.Call(func=ast.Call(func=function)):
                # Who creates a layer only to call it, in a function, builds a functional model.
                is_given = self.is_in_function(node) or any(map(self.is_symbolic, node.args))
                return is_given and all(map(_is_layer, self.paths(function)))
            case ast.Call(func=function):
                is_made = all(map(_is_made, self.paths(function)))
                return is_made and any(map(self.is_symbolic, node.args))
            case ast.BinOp(left=left, right=right):
                return self.is_symbolic(left) or self.is_symbolic(right)
            case ast.Subscript(value=inner) | ast.UnaryOp(operand=inner):
                return self.is_symbolic(inner)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return any(map(self.is_symbolic, items))
        return False

    def paths(self, function: ast.expr) -> tuple[str, ...]:
        reference = self.named.get(function)
        return reference.paths if reference else ("",)

    def is_in_function(self, node: ast.AST) -> bool:
        return any(isinstance(above, FUNCTIONS) for above in self.tree.above(node))

    def is_output(self, path: str, binding: Binding) -> bool:
        """Return whether a name that stands for a path is a tensor of a model."""
        if is_result(path) and last_callee(path).endswith("Input"):
            return True
        assigned = binding.node.value if isinstance(binding.node, ast.Assign) else None
        return (
            is_result(path)
            and _is_made(last_callee(path))
            and (binding.symbolic or (assigned is not None and self.is_symbolic(assigned)))
        )

    def is_assigned(self, name: ast.Name) -> bool:
        """Return whether what was assigned to a name before is such a tensor, or used as one."""
        is_inside = self.is_in_function(name)
        for statement in [node for node in self.tree.above(name) if isinstance(node, ast.stmt)]:
            parent, block = self.tree.blocks[statement]
            index = block.index(statement)
            if is_inside and any(self.is_given(block[index:], name.id)):
                return True
            for before in reversed(block[:index]):
                if _stores(before, name.id):
                    if not isinstance(before, ast.Assign) or len(before.targets) > 1:
                        return False
                    is_name = isinstance(before.targets[0], ast.Name)
                    return is_name and self.is_symbolic(before.value)
                if is_inside and any(self.is_given([before], name.id)):
                    return True
            if not isinstance(parent, _SAME_FLOW):
                break
        return False

    def is_given(self, block: list[ast.stmt], name: str) -> Iterator[bool]:
        """Yield whether a variable is given to layers made only for that, before it is set."""
        for statement in block:
            for node in ast.walk(statement):
                match node:
                    case ast.Call(func=ast.Call(func=function), args=[ast.Name(id=given), *_]):
                        is_layer = all(map(_is_layer, self.paths(function)))
                        yield given == name and is_layer
            if _stores(statement, name):
                return

    def moved(self, call: ast.Call, name: str) -> Iterator[Fix]:
        """Yield the edits that call the same function of Keras, or a finding if there is none."""
        text, rule = self.tree.text, tensor_functions().get(name.removeprefix("math."), Rule())
        before = bind(text, call, list(rule.arguments))
        is_known = all(argument.name in rule.arguments for argument in before)
        if not rule.to or not is_known or (name == "shape" and not self.is_taken_apart(call)):
            message = f"`tf.{name}` does not take the tensors of a model of {self.module.target}"
            advice = "use a function of `keras.ops`, or a `Lambda` layer"
            yield self.module.unfixed(call, message, advice)
            return
        after = [replace(each, name=rule.arguments[each.name].to[0]) for each in before]
        function = text.span(call.func)
        yield Edit(function.start, function.end, (TargetName(f"ops.{rule.to[0]}"),))
        yield from rewrite(text, call, before, after, None)

    def is_taken_apart(self, call: ast.Call) -> bool:
        """Return whether only single numbers of a shape are used, which is a tuple now, or none."""
        parent = self.tree.parent(call)
        if isinstance(parent, ast.Subscript):
            return isinstance(parent.slice, (ast.Constant, ast.UnaryOp))
        name = parent.targets[0] if isinstance(parent, ast.Assign) else None
        return isinstance(name, ast.Name) and len([*self.tree.text.places(name.id)]) == 1


def _stores(statement: ast.stmt, name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        for node in ast.walk(statement)
    )


def _end(node: ast.AST) -> tuple[int, int]:
    return node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]


def _of_keras(path: str) -> str:
    """Return a path of some Keras without its flavour's root: `keras.layers.Dense`."""
    return f"keras{path[path.index('keras') + len('keras') :]}" if is_keras_path(path) else ""


def _is_layer(path: str) -> bool:
    return bool(_LAYER.match(_of_keras(path)))


def _is_made(path: str) -> bool:
    """Return whether a path is that of a layer that was made."""
    return is_result(path) and _is_layer(last_callee(path))
