"""Write the first part of a dotted path that is put together and imported.

    import_module("tensorflow.keras.applications." + name)
    import_module("keras.applications." + name)

That is right for the modules that the target has, too; the others are named. (Whole paths are those
of `paths_in_strings`.)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports import atlas
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.flavours import flavour_of
from keras_imports.knowledge.counterparts import counterpart, resolve
from keras_imports.knowledge.keras_names import ROOTS, is_keras_path
from keras_imports.knowledge.origin import Origin
from keras_imports.python.edits import Edit

_HEAD = re.compile(rf"['\"]((?:{'|'.join(sorted(ROOTS))})\.[\w.]*)(?:['\"]\s*(?:\+|\.join)|%|\{{)")
_IMPORTS = frozenset({"import_module", "importlib.import_module", "__import__", "importorskip"})


def mentions_part(text: str) -> bool:
    """Return whether a text may hold the first part of a path that is imported."""
    return "import" in text and _HEAD.search(text) is not None


def applies(module: ModuleInMigration) -> bool:
    """Return whether there may be any."""
    return mentions_part(module.text.text)


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of such strings, and findings for what they cannot lead to any more."""
    for node in module.tree.matching(_HEAD):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _IMPORTS and node.args:
            yield from _path(module, node.args[0])


def _path(module: ModuleInMigration, node: ast.expr) -> Iterator[Fix]:
    """Yield what becomes of a path that is put together."""
    text, span = module.text, module.text.span(node)
    head = _HEAD.search(text.text, span.start, span.end + 1)
    if head is None or head.start() > span.start + 1 or not is_keras_path(head[1]):
        return
    old, _, leaf = head[1].rpartition(".")
    if module.stays and flavour_of(old) != module.target.flavour:
        return
    origin = module.origins.get(flavour_of(old)) or _newest(old)
    resolved = resolve(old, origin)
    relative = counterpart(resolved, module.target) if resolved and resolved.is_module else None
    new = None if relative is None else module.below_root(relative)
    before = _modules(atlas.flavour_environment(origin.flavour, origin.release), old, leaf)
    after = _modules(module.target.env, new, leaf) if new else set()
    if new is None or not before & after:
        message = f"no module of `{old}` can be imported by its name in {module.target}"
        yield module.unfixed(node, message, "import what is used of it by its own name")
        return
    if new != old:
        yield Edit(head.start(1), head.start(1) + len(old), (new,))
    gone = [f"`{name}`" for name in sorted(before - after)]
    if gone:
        message = f"`{new}` of {module.target} does not have all of its modules"
        yield module.unfixed(node, message, f"do without {', '.join(gone)}")


def _newest(path: str) -> Origin:
    flavour = flavour_of(path)
    return Origin(flavour, atlas.releases(flavour)[-1])


def _modules(env: atlas.Environment, package: str, leaf: str) -> set[str]:
    """Return the modules that can be imported from a package, whose names begin with a leaf."""
    entries = {name: atlas.lookup(env, f"{package}.{name}") for name in atlas.names(env, package)}
    return {
        name
        for name, entry in entries.items()
        if name.startswith(leaf) and entry and entry.module_path
    }
