"""Whether a program sets `TF_USE_LEGACY_KERAS=1`, and whether that comes in time.

TensorFlow looks at the variable twice. When it is imported it decides what
`from tensorflow.keras import …` finds from then on; when `tf.keras` is asked for as an attribute
for the first time, it decides what that is. Set in between, the two are different Keras.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

SWITCH = "TF_USE_LEGACY_KERAS"
_TRUE = ("1", "true", "True", True, 1)
_IMPORTS_TENSORFLOW = re.compile(r"(?:tensorflow|keras|tf)(?:_\w+)?(?:\.|$)")
_Functions = dict[str, ast.FunctionDef]


@dataclass(frozen=True)
class Step:
    """A statement that matters here: it imports a module, or sets the variable.

    `module` is the name that is imported, with a dot before each level of a relative one; "" if the
    statement sets the variable, so that the legacy Keras `is_on` from then on or not.
    """

    statement: ast.stmt
    module: str = ""
    is_on: bool = False

    @property
    def imports_tensorflow(self) -> bool:
        """Whether the module is TensorFlow, or one of those that import it."""
        return _IMPORTS_TENSORFLOW.match(self.module) is not None


# Returns the steps of a module that a file imports, if the program has it, and its own file.
Follow = Callable[[str, str], "tuple[str, list[Step]] | None"]


@dataclass(frozen=True)
class Switch:
    """Where a program asks for the legacy Keras: before TensorFlow is imported, or too late."""

    in_time: bool = False
    too_late: ast.stmt | None = None


def mentions_switch(text: str) -> bool:
    """Return whether a text may set the variable; never wrongly false, and quick."""
    return SWITCH in text


def find_switch(steps: Iterable[Step]) -> Switch:
    """Return what a sequence of steps comes to, as Python runs them."""
    is_on = False
    rest = iter(steps)
    for step in rest:
        if not step.module:
            is_on = step.is_on
        elif step.imports_tensorflow:
            break
    late = [step for step in rest if not step.module]
    too_late = late[-1].statement if late and late[-1].is_on and not is_on else None
    return Switch(is_on, too_late)


def takes_keras_by_import(steps: Iterable[Step]) -> bool:
    """Return whether something is imported from below `tensorflow.keras`.

    `tf.keras.…` and `from tensorflow import keras` ask for an attribute instead.
    """
    return any(
        step.module.startswith("tensorflow.keras")
        and not (
            isinstance(step.statement, ast.ImportFrom) and step.statement.module == "tensorflow"
        )
        for step in steps
    )


def through_program(file: str, steps: Iterable[Step], follow: Follow) -> Iterator[Step]:
    """Yield the steps of a file, and in the place of what it imports of its program, theirs."""
    yield from _through(file, steps, follow, {file})


def _through(file: str, steps: Iterable[Step], follow: Follow, seen: set[str]) -> Iterator[Step]:
    for step in steps:
        yield step
        if not step.module or step.imports_tensorflow:
            continue
        followed = follow(file, step.module)
        if followed is not None and followed[0] not in seen:
            seen.add(followed[0])
            yield from _through(*followed, follow, seen)


def steps_of(tree: ast.Module) -> list[Step]:
    """Return the steps of a module in the order in which they run when it is imported.

    What stands in a function counts where a statement of the module calls it.
    """
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    return list(_steps(tree.body, functions))


def _steps(body: Iterable[ast.stmt], functions: _Functions) -> Iterator[Step]:
    for statement in body:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                yield Step(statement, alias.name)
        elif isinstance(statement, ast.ImportFrom):
            module = "." * statement.level + (statement.module or "")
            yield Step(statement, module)
            start = module if module.endswith(".") else f"{module}."
            for alias in statement.names:
                yield Step(statement, start + alias.name)
        elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        elif (called := _called(statement, functions)) is not None:
            inner = {name: node for name, node in functions.items() if node is not called}
            yield from _steps(called.body, inner)
        elif (is_on := _sets(statement)) is not None:
            yield Step(statement, is_on=is_on)
        else:
            for block in _blocks(statement):
                yield from _steps(block, functions)


def _called(statement: ast.stmt, functions: _Functions) -> ast.FunctionDef | None:
    """Return the function of the module that a statement calls, if it does nothing else."""
    value = statement.value if isinstance(statement, (ast.Expr, ast.Assign)) else None
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return functions.get(value.func.id)
    return None


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Yield the blocks of a compound statement, in the order of the text."""
    for name in ("body", "handlers", "cases", "orelse", "finalbody"):
        parts: list[ast.stmt | ast.ExceptHandler | ast.match_case] = getattr(statement, name, [])
        yield [part for part in parts if isinstance(part, ast.stmt)]
        yield from (part.body for part in parts if not isinstance(part, ast.stmt))


def _sets(statement: ast.stmt) -> bool | None:
    """Return what a statement sets the variable to, `None` if it does not.

    `os.putenv` changes what other programs see, and not what TensorFlow asks for.
    """
    if isinstance(statement, ast.Assign):
        if any(_is_variable(target) for target in statement.targets):
            return _is_true(statement.value)
    elif isinstance(statement, ast.AugAssign) and _is_environment(statement.target):
        return _in_dictionary(statement.value)
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return _by_method(statement.value)
    return None


def _by_method(call: ast.Call) -> bool | None:
    """Return what `os.environ.setdefault(…)` or `os.environ.update(…)` sets the variable to."""
    function = call.func
    if not isinstance(function, ast.Attribute) or not _is_environment(function.value):
        return None
    if function.attr == "setdefault" and len(call.args) == 2 and _is_name(call.args[0]):
        return _is_true(call.args[1])
    if function.attr == "update":
        for keyword in call.keywords:
            if keyword.arg == SWITCH:
                return _is_true(keyword.value)
        return _in_dictionary(call.args[0]) if call.args else None
    return None


def _in_dictionary(node: ast.expr) -> bool | None:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None and _is_name(key):
                return _is_true(value)
    return None


def _is_variable(node: ast.expr) -> bool:
    return isinstance(node, ast.Subscript) and _is_environment(node.value) and _is_name(node.slice)


def _is_environment(node: ast.expr) -> bool:
    """Return whether an expression is `os.environ`, however `os` is called."""
    if isinstance(node, ast.Attribute):
        return node.attr == "environ" and isinstance(node.value, ast.Name)
    return isinstance(node, ast.Name) and node.id == "environ"


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == SWITCH


def _is_true(node: ast.expr) -> bool:
    """Return whether TensorFlow takes a value for true; one that is not known may be."""
    if isinstance(node, ast.Call) and len(node.args) == 1:  # str(1)
        return _is_true(node.args[0])
    return not isinstance(node, ast.Constant) or node.value in _TRUE
