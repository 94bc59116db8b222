"""Know which classes of Keras a method or attribute is of, where that is sure."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from keras_imports import atlas
from keras_imports.engine.module import ModuleInMigration
from keras_imports.knowledge.target import Target
from keras_imports.python.paths import after_call, callee
from keras_imports.python.references import Arm, Reference

_MAKES_MODEL = re.compile(
    r"applications\.(?:\w+\.)*[A-Z]\w*|(?:models|saving)\.(?:load_model|clone_model|model_from_\w+)"
)
_TOLERATED = ("AttributeError", "TypeError", "Exception", "BaseException")
_BY_FEATURE = re.compile(r"version|hasattr|\bdir\(", re.IGNORECASE)


def owners(module: ModuleInMigration, reference: Reference) -> tuple[str, ...]:
    """Return the classes of which a reference may name a member; none if they are not all known.

    They are given as symbols: `models.Sequential` for `keras.Sequential().fit`.
    """
    found = [_of_path(module, path) for path in reference.paths]
    return tuple(symbol for its in found for symbol in its) if all(found) else ()


def _of_path(module: ModuleInMigration, path: str) -> tuple[str, ...]:
    """Return the classes whose member a path may name; none if they are not known.

    What is loaded is a `Model` or a `Sequential`, and all optimizers of a model are taken for one
    of the base class.
    """
    rest = after_call(path)
    resolved = module.resolve(callee(path)) if rest is not None else None
    if rest is None or resolved is None or resolved.is_module or resolved.rest:
        return ()
    symbol, kind = resolved.entry.symbol, resolved.entry.kind
    owners: tuple[str, ...] = (symbol,) if kind == "class" else ()
    if kind == "function" and _MAKES_MODEL.fullmatch(symbol):
        owners = ("models.Model", "models.Sequential")
    if rest.startswith(".optimizer.") and owners and owners[0].startswith("models."):
        owners, rest = ("optimizers.Optimizer",), rest.removeprefix(".optimizer")
    return owners if re.fullmatch(r"\.\w+", rest) else ()


def signature_of(target: Target, symbol: str, name: str) -> atlas.Signature | None:
    """Return the signature of a method of a class in a target, `None` where it is not known."""
    path = atlas.public_path(target.env, target.flavour, symbol)
    member = atlas.member(target.env, path, name) if path is not None else None
    return member.signature if member is not None and member.kind == "method" else None


def is_prepared(reference: Reference) -> bool:
    """Return whether the code around a use catches what fails, or asks first what there is."""
    return any(map(_is_prepared, reference.context.arms))


@lru_cache(maxsize=4096)  # many uses stand in the same
def _is_prepared(arm: Arm) -> bool:
    if isinstance(arm.node, ast.If):
        return _BY_FEATURE.search(ast.unparse(arm.node.test)) is not None
    if isinstance(arm.node, ast.Try) and arm.part == "body":
        caught = [handler.type for handler in arm.node.handlers]
        return any(
            kind is None or any(name in ast.unparse(kind) for name in _TOLERATED) for kind in caught
        )
    return False
