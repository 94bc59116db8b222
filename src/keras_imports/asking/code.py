"""Tell what became of the names, methods and arguments that a few lines of code use."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports import atlas
from keras_imports.asking.arguments import about_argument, is_in_newest, is_taken_in_newest
from keras_imports.asking.fragments import Fragment, imported_paths, newest_path
from keras_imports.asking.members import about_member, owners
from keras_imports.asking.paths import instead_of
from keras_imports.flavours import flavour_of, root_of
from keras_imports.knowledge.lifetimes import elsewhere, lifetime, releases_with
from keras_imports.knowledge.methods import instead
from keras_imports.knowledge.target import Target


def uses_keras(fragment: Fragment) -> bool:
    """Return whether code imports, calls or asks anything of Keras or TensorFlow."""
    return bool(fragment.above) or any(
        root_of(path) or path.partition(".")[0] == "tensorflow" for path in imported_paths(fragment)
    )


def about_code(fragment: Fragment, target: Target) -> Iterator[str]:
    """Yield what became of what code uses, each in a sentence, where a target lacks it."""
    said = [*_paths(fragment, target), *_members(fragment, target), *_arguments(fragment, target)]
    yield from dict.fromkeys(said)


def _paths(fragment: Fragment, target: Target) -> Iterator[str]:
    for path in dict.fromkeys([*imported_paths(fragment), *_used_paths(fragment)]):
        flavour = flavour_of(path)
        having = releases_with(path)
        if not root_of(path) or (having and having[-1] == atlas.releases(flavour)[-1]):
            continue
        yield f"`{path}` {lifetime(flavour, having)}."
        if not having:
            yield from elsewhere(path)
        yield from _advised(instead_of(path, target))


def _used_paths(fragment: Fragment) -> Iterator[str]:
    """Yield the paths that code follows from a module: `keras.layers.core.Dense`."""
    inner = {id(node.value) for node in ast.walk(fragment.tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(fragment.tree):
        if isinstance(node, ast.Attribute) and id(node) not in inner:
            path = atlas.written_out(ast.unparse(node))
            path = f"keras.{path}" if path.startswith("backend.") else path
            if root_of(path) and path.replace(".", "").replace("_", "").isalnum():
                yield path


def _members(fragment: Fragment, target: Target) -> Iterator[str]:
    for node in ast.walk(fragment.tree):
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            continue
        found = owners(f"{node.value.id}.{node.attr}") if _is_made(fragment, node.value.id) else ()
        for owner in found[:1]:
            newest = atlas.releases(target.flavour)[-1]
            if newest not in owner.releases(target.flavour, True):
                yield about_member(target.flavour, owner)
                yield from _advised([instead(owner.symbol, owner.name)])


def _is_made(fragment: Fragment, name: str) -> bool:
    """Return whether a name stands for an object that was made above the code."""
    return any(line.startswith(f"{name} = ") for line in fragment.above)


def _arguments(fragment: Fragment, target: Target) -> Iterator[str]:
    for node in ast.walk(fragment.tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        is_method = isinstance(node.func, ast.Attribute) and bool(owners(name))
        if not is_method and not newest_path(name, target.flavour):
            continue
        if not is_in_newest(target.flavour, name):
            continue
        for keyword in node.keywords:
            if keyword.arg and not is_taken_in_newest(target.flavour, name, keyword.arg):
                yield about_argument(target.flavour, name, keyword.arg)


def _advised(advice: Iterator[str] | list[str]) -> Iterator[str]:
    """Yield advice as sentences, without what the moved code says itself."""
    for each in advice:
        if each and not each.startswith("write `"):
            yield f"{each[0].upper()}{each[1:]}."
