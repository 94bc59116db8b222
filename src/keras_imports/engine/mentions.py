"""Tell quickly which files are worth parsing: a test that never says no by mistake."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from keras_imports.engine.passes.paths_in_parts import mentions_part
from keras_imports.engine.passes.paths_in_strings import mentions_path
from keras_imports.knowledge.keras_names import TRACKED
from keras_imports.knowledge.packages import MorePackages, may_import_package, words
from keras_imports.python.references import Reference


def mentions_in_bytes(
    data: bytes, portable: str | None = None, packages: MorePackages = ()
) -> bool:
    """Return whether a file may use Keras, TensorFlow or a package that is bound to one."""
    leaf = (portable or "keras").rpartition(".")[2].encode()
    return leaf in data or any(word in data for word in _words(packages))


def mentions_in_text(text: str, portable: str | None = None, packages: MorePackages = ()) -> bool:
    """Return whether a text may, as far as its import statements and strings tell."""
    leaf = portable.rpartition(".")[2] if portable else ""
    return (
        TRACKED.may_be_imported_in(text)
        or mentions_in_strings(text)
        or may_import_package(text, packages)
        or bool(leaf and leaf in text)
    )


def may_change(text: str, references: Collection[Reference], packages: MorePackages = ()) -> bool:
    """Return whether a text uses what a migration is about, once its names are resolved."""
    return bool(references) or mentions_in_strings(text) or may_import_package(text, packages)


def mentions_in_strings(text: str) -> bool:
    """Return whether a text may hold a string, or a part of one, that leads to some Keras."""
    return mentions_path(text) or mentions_part(text)


@cache
def _words(packages: MorePackages) -> tuple[bytes, ...]:
    return (b"keras", b"tensorflow", *(word.encode() for word in words(packages)))
