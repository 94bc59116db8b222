"""Make a module of a few lines of code that were pasted, and move it as `migrate` would.

What the lines use without importing it is imported above them, and `model` or `self.model` is made
a model there, as far as their names and methods tell what is meant.
"""

from __future__ import annotations

import ast
import builtins
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from keras_imports import atlas
from keras_imports.asking.members import owners
from keras_imports.engine.job import Job, UsedElsewhere
from keras_imports.engine.text import migrate_text
from keras_imports.flavours import FLAVOURS
from keras_imports.knowledge.target import Target
from keras_imports.python.syntax import parse

_MARK = "# pasted:"
_LENGTH = 4_000  # characters of code that are looked at
_LINES = 40
# What makes a statement of code that ends before its body.
_ENDS = (" pass", "\npass", "\nclass _: pass")
_EMPTY = re.compile(r"=\s*(?=[,)])")  # `lr=` without a value
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_ABBREVIATIONS = {
    "tf": "import tensorflow as tf",
    "K": "from keras import backend as K",
    "keras": "import keras",
    "tensorflow": "import tensorflow",
    "tf_keras": "import tf_keras",
    "keras_core": "import keras_core",
    "np": "import numpy as np",
}
# Where functions are that are called by their names alone, as `load_model`.
_FUNCTIONS = ("models.", "saving.", "utils.", "layers.", "regularizers.", "preprocessing.")
# What stands for an object of which only a method is known, by the module of its class.
_OBJECTS = {
    "models": "keras.Sequential()",
    "layers": "keras.layers.Dense(1)",
    "optimizers": "keras.optimizers.SGD()",
}


@dataclass(frozen=True)
class Fragment:
    """Pasted code as a module: `above` makes its names known, `names` are those written for others.

    `code` ends with `closed`, which is not in what was pasted.
    """

    code: str
    tree: ast.Module
    above: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    closed: str = ""

    def shown(self, code: str) -> str:
        """Return code of the module as it was pasted."""
        for written, name in self.names:
            code = re.sub(rf"\b{written}\b", name, code)
        return code.removesuffix(self.closed).strip()


@dataclass(frozen=True)
class Moved:
    """What a fragment becomes in a target: its code, imports that it needs, what is left to do."""

    code: str
    imports: tuple[str, ...]
    left: tuple[str, ...]
    changed: bool


def read_fragment(text: str, root: str = "keras", is_first: bool = False) -> Fragment | None:
    """Return pasted code as a fragment, whose names are of the Keras of a root.

    `None` for what is no Python. With `is_first` it is the first statement alone.
    """
    code, closed, tree = _parsed(text, is_first)
    if tree is None:
        return None
    names: list[tuple[str, str]] = []
    for receiver in sorted(_receivers(tree), key=len, reverse=True):  # `self.model` is a name here
        written = receiver.replace(".", "_")
        code = re.sub(rf"(?<![\w.]){re.escape(receiver)}(?=\.)", written, code)
        names.append((written, receiver))
    tree = parse(code)
    above = tuple(dict.fromkeys(_above(tree, root)))
    return Fragment(code, tree, above, tuple(names), closed)


def moved(fragment: Fragment, target: Target) -> Moved | None:
    """Return what `migrate` makes of a fragment; `None` if it cannot say."""
    before = [*fragment.above, _MARK, fragment.code]
    outcome = migrate_text("\n".join(before) + "\n", Job(target), UsedElsewhere(is_open=True))
    above, mark, code = outcome.text.partition(_MARK + "\n")
    if outcome.problem or not mark:
        return None
    first = len(fragment.above) + 1
    left = tuple(dict.fromkeys(each.says for each in outcome.left if each.line > first))
    now = fragment.shown(code.rstrip("\n"))
    new = (line for line in above.splitlines() if line and line not in fragment.above)
    imports = tuple(line for line in new if _is_used(line, code))
    return Moved(now, imports, left, now != fragment.shown(fragment.code))


def _is_used(line: str, code: str) -> bool:
    """Return whether code uses a name that an import statement binds."""
    try:
        names = _bound(parse(line))
    except SyntaxError:  # a part of a longer statement
        return True
    return any(re.search(rf"(?<![\w.]){name}\b", code) for name in names)


def imported_paths(fragment: Fragment) -> tuple[str, ...]:
    """Return the paths that the import statements of a fragment name."""
    found = []
    for node in ast.walk(fragment.tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [
                node.module if alias.name == "*" else f"{node.module}.{alias.name}"
                for alias in node.names
            ]
    return tuple(dict.fromkeys(map(atlas.written_out, found)))


def _parsed(text: str, is_first: bool) -> tuple[str, str, ast.Module | None]:
    """Return code that can be parsed, what was written behind it, and its tree.

    Lines behind it that are no Python are left out.
    """
    text = textwrap.dedent(text[:_LENGTH]).strip()
    lines = text.splitlines()[:_LINES]
    ends = range(1, len(lines) + 1) if is_first else range(len(lines), 0, -1)
    codes = [_EMPTY.sub("=...", "\n".join(lines[:end]).strip()) for end in ends]
    whole = ((code, "") for code in codes)
    opened = ((code, more) for code in codes for more in (_closing(code), *_ENDS))
    for code, closed in (*whole, *opened):
        try:
            return code + closed, closed, parse(code + closed)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return text, "", None


def _closing(code: str) -> str:
    """Return the brackets that code leaves open, as far as strings do not hide them."""
    stack = []
    for char in re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", "", code):
        if char in _CLOSING:
            stack.append(_CLOSING[char])
        elif stack and char == stack[-1]:
            stack.pop()
    return "".join(reversed(stack))


def _receivers(tree: ast.Module) -> set[str]:
    """Return the objects such as `self.model`, of whose methods code makes use."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            head = node.value.value
            is_own = isinstance(head, ast.Name) and head.id in ("self", "cls")
            if is_own and owners(node.attr):
                found.add(ast.unparse(node.value))
    return found


def _above(tree: ast.Module, root: str) -> Iterator[str]:
    """Yield the statements that make the names of code known."""
    bound = _bound(tree)
    asked = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in bound:
            line = _import_of(node.id, root, id(node) in asked)
            if line:
                bound.add(node.id)
                yield line
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            continue
        name = node.value.id
        if name in bound or name in ("self", "cls") or hasattr(builtins, name):
            continue
        made = _object_with(node.attr)
        if made:
            bound.add(name)
            if root != "keras":
                package, _, leaf = root.rpartition(".")
                yield f"from {package} import {leaf}" if package else f"import {root} as keras"
            else:
                yield "import keras"
            yield f"{name} = {made}"


def _bound(tree: ast.Module) -> set[str]:
    """Return the names that code binds itself."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            found.add(node.name)
    return found


def _import_of(name: str, root: str, is_asked: bool) -> str:
    """Return the statement that imports a name of Keras, "" for one that may be anything.

    `is_asked` tells that something of it is asked for, as of the module in `layers.Dense`.
    """
    if name in _ABBREVIATIONS:
        line = _ABBREVIATIONS[name]
        return line.replace("keras", root, 1) if name == "K" else line
    if hasattr(builtins, name):
        return ""
    if name[:1].islower():
        newest = atlas.releases("keras")[-1]
        entry = atlas.lookup(atlas.flavour_environment("keras", newest), f"keras.{name}")
        if is_asked and entry and entry.kind == "module":
            return f"from {root} import {name}"
        if not any(symbol.startswith(_FUNCTIONS) for symbol in atlas.symbols(name)):
            return ""
    path = newest_path(name, root)
    package, _, leaf = path.rpartition(".")
    return f"from {package} import {leaf}" if path else ""


def newest_path(name: str, root: str) -> str:
    """Return the path of a name in the newest release of a flavour that has it, or of another."""
    for flavour in (root, *(each for each in FLAVOURS if each != root)):
        if flavour not in FLAVOURS:
            continue
        for release in reversed(atlas.releases(flavour)):
            env = atlas.flavour_environment(flavour, release)
            symbols = atlas.symbols(name)
            paths = [atlas.public_path(env, flavour, each, like=name) for each in symbols]
            named = [path for path in paths if path and path.rpartition(".")[2] == name]
            if named:
                return min(named, key=lambda path: (".legacy" in path, path.count("."), path))
    return ""


def _object_with(attribute: str) -> str:
    """Return code that makes an object with a method or attribute, "" for one of any class."""
    families = (owner.symbol.partition(".")[0] for owner in owners(attribute))
    return next((_OBJECTS[family] for family in families if family in _OBJECTS), "")
