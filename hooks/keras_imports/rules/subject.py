"""What the rules share: the module that is checked, what the atlas says, how a finding is made."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from keras_imports import atlas
from keras_imports.atlas import Entry, Environment
from keras_imports.bindings import Module, is_keras_path
from keras_imports.report import Finding, codes
from keras_imports.sources import Source

_ROOT = re.compile(r"(?:tensorflow(?:_core)?(?:\.\w+)*?\.keras|keras|tf_keras|keras_core)(?!\w)")


@dataclass(frozen=True)
class Subject:
    """One module, and the environment and flavour that it is checked against."""

    source: Source
    module: Module
    env: Environment
    flavour: str | None = None
    imported: frozenset[str] = field(init=False)  # what some statement here imports, and all above it

    def __post_init__(self) -> None:
        modules: set[str] = set()
        for reference in self.module.references:
            if reference.kind in ("import", "from", "star"):
                modules.add(reference.path)
        for module in tuple(modules):
            while "." in module:
                module = module.rpartition(".")[0]
                modules.add(module)
        object.__setattr__(self, "imported", frozenset(modules))


@dataclass(frozen=True)
class Found:
    """A finding and the node that it is about."""

    finding: Finding
    node: ast.AST


Findings = Iterator[Found]


def found(
    subject: Subject,
    node: ast.AST,
    code: str,
    message: str,
    replacement: str | None = None,
    severity: str | None = None,
) -> Found:
    """A finding at the place of a node; its severity is that of its code unless given."""
    source = subject.source
    line, offset = node.lineno, node.col_offset  # type: ignore[attr-defined]
    text = source.text.split("\n", line)[line - 1]
    column = len(text.encode()[:offset].decode(errors="replace")) + 1
    cell, place = source.place(line)
    severity = severity or codes()[code].severity
    row = Finding(source.file, place, column, code, severity, message, replacement, cell)
    return Found(row, node)


# What the atlas says


@lru_cache(maxsize=100_000)
def entry_of(env: Environment, path: str) -> Entry | None:
    """`atlas.lookup`, remembered."""
    return atlas.lookup(env, path)


@lru_cache(maxsize=100_000)
def covers(env: Environment, path: str) -> bool:
    """Whether `path` belongs to a Keras that the atlas knows."""
    return is_keras_path(path) and (not is_installed(env, path) or atlas.covers(env, path))


def is_installed(env: Environment, path: str) -> bool:
    """Whether the package that a path starts with is there at all."""
    top = path.partition(".")[0].replace("tensorflow_core", "tensorflow")
    return getattr(env, top, None) is not None


@cache
def engine_of(env: Environment, root: str) -> str | None:
    """`atlas.which_keras`, remembered."""
    return atlas.which_keras(env, root)


def root_of(path: str) -> str | None:
    """The Keras that a path starts with, e.g. `tensorflow.compat.v1.keras`."""
    match = _ROOT.match(path)
    return match[0] if match else None


def flavour_of(path: str) -> str | None:
    """The flavour that a path belongs to: `tensorflow.keras` for all inside of TensorFlow."""
    if path.startswith("tensorflow"):
        return "tensorflow.keras"
    return root_of(path)


@cache
def generation(env: Environment, root: str) -> str | None:
    """How the Keras of a root behaves: keras1, standalone (2.0 to 2.3), keras2 or keras3."""
    engine = engine_of(env, root)
    if engine is None or engine == "keras_core":
        return engine and "keras3"
    if engine != "keras" or env.keras is None:
        return "keras2"
    major, minor = (int(part) for part in env.keras.split(".")[:2])
    if major == 2:
        return "standalone" if minor < 4 else "keras2"
    return "keras1" if major < 2 else "keras3"


def release(env: Environment, path: str) -> str:
    """The installed release that decides about a path, as messages name it."""
    flavour = flavour_of(path)
    if flavour == "tensorflow.keras":
        return f"tensorflow {env.tensorflow}"
    return f"{flavour} {getattr(env, flavour or '', None)}"


def counterpart(env: Environment, root: str, symbol: str) -> str | None:
    """The path to write for a symbol below another root."""
    return atlas.public_path(env, flavour_of(root) or "keras", symbol)


def constant(node: ast.expr) -> object:
    """The value of a literal number, string or name constant; `None` for anything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = constant(node.operand)
        return -value if isinstance(value, (int, float)) else None
    return node.value if isinstance(node, ast.Constant) else None
