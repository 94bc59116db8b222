"""What code does about an import that fails: `try`, `suppress`, `pytest.raises`."""

from __future__ import annotations

import ast

from keras_imports.python.expressions import last_name

_ERRORS = frozenset(
    {"ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException"}
)
_CONTEXTS = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex"})
_EXITS = frozenset({"exit", "_exit", "quit"})


def catches_import_error(handler: ast.ExceptHandler) -> bool:
    """Return whether a handler is run when an import fails."""
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(last_name(kind) in _ERRORS for kind in types)


def handles_import_error(handler: ast.ExceptHandler) -> bool:
    """Return whether the program goes on after a failed import that a handler catches."""
    last = handler.body[-1]
    gives_up = isinstance(last, ast.Raise) or (
        isinstance(last, ast.Expr)
        and isinstance(last.value, ast.Call)
        and last_name(last.value.func) in _EXITS
    )
    return catches_import_error(handler) and not gives_up


def swallows_import_error(manager: ast.expr) -> bool:
    """Return whether a context manager ends a failed import, as `suppress(ImportError)` does."""
    return (
        isinstance(manager, ast.Call)
        and last_name(manager.func) in _CONTEXTS
        and any(last_name(argument) in _ERRORS for argument in manager.args)
    )
