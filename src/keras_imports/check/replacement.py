"""Find what to write instead of a path, in the form in which it is written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from keras_imports import atlas
from keras_imports.atlas import Environment
from keras_imports.check.installed import installed
from keras_imports.check.module import CheckedModule
from keras_imports.flavours import FLAVOURS, flavour_of
from keras_imports.knowledge.rules import sections
from keras_imports.python.expressions import dotted
from keras_imports.python.references import Reference


def replacement(module: CheckedModule, reference: Reference, symbol: str) -> str | None:
    """Return the code to write for a symbol where a reference names it in a way that fails.

    Preferred is the project's flavour, or else that of the reference; then comes what replaced it
    in Keras 3, then the other flavours. `None` if none of them has another public path for it, and
    if something else than another name replaced it.
    """
    for public in _public_paths(module, reference, symbol):
        if public is not None and public != reference.path:
            return as_written(reference, public)
    return None


def _public_paths(module: CheckedModule, reference: Reference, symbol: str) -> Iterator[str | None]:
    env = module.installed.env
    own = flavour_of(reference.path) or "keras"
    yield atlas.public_path(env, module.setting.flavour or own, symbol)
    yield _operation(env, own, symbol)
    if module.installed.generation(own) == "keras3" and symbol in sections()["keras3"]:
        for rule in sections()["keras3"][symbol]:
            yield from (atlas.public_path(env, own, name) for name in rule.to)
        return
    for flavour in FLAVOURS:
        yield atlas.public_path(env, flavour, symbol)


@lru_cache(maxsize=10_000)
def _operation(env: Environment, flavour: str, symbol: str) -> str | None:
    """Return the function of `ops` that has the name and parameters of one of `backend`."""
    module, _, name = symbol.rpartition(".")
    operation = installed(env).entry(f"{flavour}.ops.{name}")
    if module != "backend" or operation is None or operation.signature is None:
        return None
    names = [parameter.name for parameter in operation.signature]
    for spans in atlas.history(symbol).values():
        for span in spans:
            if span.signature is not None:
                same = [parameter.name for parameter in span.signature] == names
                return operation.path if same else None
    return None


def as_written(reference: Reference, public: str) -> str:
    """Return the import or attribute chain of a reference with a public path in its place."""
    node = reference.node
    if isinstance(node, ast.alias):
        if reference.kind == "star":
            return f"from {public} import *"
        alias = f" as {node.asname}" if node.asname else ""
        module, _, name = public.rpartition(".")
        if reference.kind == "from" and module:
            return f"from {module} import {name}{alias}"
        return f"import {public}{alias}"
    base, _ = dotted(node)
    start = reference.bindings[0].path
    if isinstance(base, ast.Name) and public.startswith(start + "."):
        return base.id + public[len(start) :]
    return public
