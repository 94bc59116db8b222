"""Find the statements that only set up TensorFlow, which other backends have no use for.

    config = tf.ConfigProto()
    config.gpu_options.allow_growth = True
    K.set_session(tf.Session(config=config))

A name that is set for that counts only if nothing else uses it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from keras_imports.knowledge.backends import plain_name, tie
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.python.paths import has_call
from keras_imports.python.references import Reference
from keras_imports.python.statements import target_names
from keras_imports.python.tree import Tree, walk

_OF_KERAS = ("backend.set_session", "backend.manual_variable_initialization")
# What gives something that only settings use, if nothing else does.
_GIVING = frozenset(
    {
        *("ConfigProto", "GPUOptions", "Session", "InteractiveSession", "get_default_graph"),
        *("config.list_physical_devices", "config.experimental.list_physical_devices"),
        *("config.list_logical_devices", "config.experimental.list_logical_devices"),
    }
)
_SESSION_OF_KERAS = "backend.get_session"
_METHODS = frozenset({"run", "close", "as_default"})


def settings(tree: Tree, references: Iterable[Reference]) -> frozenset[ast.stmt]:
    """Return the statements that only set up TensorFlow, those around them included."""
    paths: dict[ast.AST, str] = {r.node: r.path for r in references if isinstance(r.node, ast.expr)}
    found = _Settings(tree, paths)
    if not any(map(found.is_about_tensorflow, paths)):
        return frozenset()
    return found.all()


class _Settings:
    """The statements of one module that may be settings, and the names that are set for them."""

    def __init__(self, tree: Tree, paths: Mapping[ast.AST, str]) -> None:
        self.tree = tree
        self.paths = paths
        self.names = set(self._given())

    def is_about_tensorflow(self, node: ast.AST) -> bool:
        """Return whether an expression names something that sets up TensorFlow."""
        path = self.paths.get(node, "")
        if is_keras_path(path):
            return path.endswith((*_OF_KERAS, _SESSION_OF_KERAS))
        name = plain_name(path) if path.startswith("tensorflow.") else ""
        return bool(name) and (tie(name).sets or name in _GIVING)

    def all(self) -> frozenset[ast.stmt]:
        """Return the settings, once no name is among them that anything else uses."""
        while True:
            found = {node for node in self.tree.blocks if self._is_setting(node)}
            inside = {id(n) for node in found for n in walk(node) if isinstance(n, ast.Name)}
            used = {
                node.id
                for node in walk(self.tree.module)
                if isinstance(node, ast.Name) and node.id in self.names and id(node) not in inside
            }
            if not used:
                return frozenset(found)
            self.names -= used

    def _given(self) -> Iterator[str]:
        """Yield the names that only such calls give a value."""
        for node in self.tree.blocks:
            if isinstance(node, ast.Assign) and self._gives(node.value):
                name = node.targets[0]
                if isinstance(name, ast.Name) and len(node.targets) == 1:
                    yield name.id
            elif isinstance(node, ast.For) and self._gives(node.iter):
                yield from target_names(node.target)

    def _gives(self, node: ast.expr) -> bool:
        """Return whether a value is only of use for settings."""
        if isinstance(node, ast.Subscript):
            node = node.value
        return isinstance(node, ast.Call) and self.is_about_tensorflow(node.func)

    def _is_setting(self, node: ast.stmt) -> bool:
        match node:
            case ast.Expr(value=ast.Call() as call):
                return self._sets(call)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                return name in self.names and self._gives(value)
            case ast.Assign(targets=[ast.Attribute() as target]):
                return self._root(target) in self.names
            case ast.For(iter=given, body=body, orelse=[]):
                is_given = self._gives(given) or self._root(given) in self.names
                return is_given and all(map(self._is_setting, body))
            case ast.If(test=test, body=body, orelse=[]):
                names = {n.id for n in walk(test) if isinstance(n, ast.Name)} - {"len"}
                return names <= self.names and bool(names) and all(map(self._is_setting, body))
            case ast.Try(body=body, orelse=[], finalbody=[]):
                return all(map(self._is_setting, body))
        return False

    def _sets(self, call: ast.Call) -> bool:
        """Return whether a call by itself only sets up TensorFlow."""
        path, function = self.paths.get(call.func, ""), call.func
        if is_keras_path(path) and not has_call(path):
            return path.endswith(_OF_KERAS)
        if path.startswith("tensorflow.") and not has_call(path):
            return tie(plain_name(path)).sets
        if not isinstance(function, ast.Attribute):
            return False
        if isinstance(function.value, ast.Call) and self._sets(function.value):
            return True  # `tf.get_logger().setLevel(…)`
        is_given = self._root(function) in self.names or self._gives(function.value)
        is_method = function.attr in _METHODS and is_given
        return is_method and all(isinstance(a, ast.Call) and self._sets(a) for a in call.args)

    def _root(self, node: ast.expr) -> str:
        """Return the name that an expression starts with."""
        while isinstance(node, (ast.Attribute, ast.Subscript)):
            node = node.value
        return node.id if isinstance(node, ast.Name) else ""
