"""Write the dotted paths in strings that are certainly code: what is imported or patched by them.

    importlib.import_module("keras.layers.core")        import_module("keras.layers")
    @patch("tensorflow.keras.layers.Dense")             @patch("keras.layers.Dense")

They start at a root, whatever the module imports. (Quoted annotations are references as others.)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from keras_imports import atlas
from keras_imports.engine.findings import Finding
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.placeholders import TargetName
from keras_imports.engine.planning.plan import Call, plan_call
from keras_imports.flavours import flavour_of
from keras_imports.knowledge.counterparts import Resolved, counterpart, resolve
from keras_imports.knowledge.keras_names import ROOTS, is_keras_path
from keras_imports.knowledge.origin import Origin, entry_of
from keras_imports.python.edits import Edit
from keras_imports.python.quotes import start_of_content
from keras_imports.python.tree import Tree

_WORDS = (
    "import_module(",
    "__import__(",
    "importorskip(",
    "setattr(",
    "delattr(",
    "patch(",
    "patch.",
)
_PATH = re.compile(
    r"(?:\b(?:import_module|__import__|importorskip|setattr|delattr|patch(?:\.dict|\.multiple)?))"
    rf"\(\s*[rRuU]?(?:\"\"\"|'''|['\"])(?:{'|'.join(sorted(ROOTS))})\b"
)
_MONKEYS = re.compile(r"\bmonkeypatch\.context\(\) as (\w+)|\b(\w+) = pytest\.MonkeyPatch\(\)")
_IMPORTS = frozenset({"importlib.import_module", "pytest.importorskip", "__import__"})
_PATCHES = frozenset(
    {
        *("unittest.mock.patch", "unittest.mock.patch.dict", "unittest.mock.patch.multiple"),
        *("monkeypatch.setattr", "monkeypatch.delattr"),
    }
)
_OWN_OF_MULTIPLE = frozenset({"spec", "create", "spec_set", "autospec", "new_callable"})


def mentions_path(text: str) -> bool:
    """Return whether a text may hold a path that is imported or patched."""
    return any(word in text for word in _WORDS) and _PATH.search(text) is not None


def applies(module: ModuleInMigration) -> bool:
    """Return whether there may be any."""
    return mentions_path(module.text.text)


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits of the strings, and findings for those that no other path stands for."""
    tree = module.tree
    calls = [node for node in tree.matching(_PATH) if isinstance(node, ast.Call) and node.args]
    names = _imported(tree) if calls else {}
    for node in calls:
        function, first = _called(node, names), node.args[0]
        if function not in _IMPORTS | _PATCHES or not isinstance(first, ast.Constant):
            continue
        if not isinstance(first.value, str) or not is_keras_path(first.value):
            continue
        if function == "monkeypatch.setattr" and len(node.args) > 2:  # of the string itself
            continue
        path = _Path(module, first, first.value)
        try:
            if function == "unittest.mock.patch.multiple":
                yield path.edit(path.holder(_patched(node)))
            elif function in _PATCHES:
                yield path.edit(path.attribute(first.value))
            else:
                is_used = not isinstance(tree.parent(node), ast.Expr)
                yield path.edit(path.imported(node, function, is_used))
        except _StayError as reason:
            yield reason.unfixed


class _StayError(Exception):
    """A string stays as it is."""

    def __init__(self, unfixed: Finding) -> None:
        self.unfixed = unfixed


class _Path:
    """One string with the dotted path of something of a Keras."""

    def __init__(self, module: ModuleInMigration, node: ast.Constant, value: str) -> None:
        self.module = module
        self.target = module.target
        self.node = node
        self.value = value

    def edit(self, path: str) -> Edit:
        """Return the edit that writes another path between the quotes."""
        start = start_of_content(self.module.text, self.node)
        if start is None:
            raise self.stays("is not written in one piece", "write it as one plain string")
        return Edit(start, start + len(self.value), (path,))

    def stays(self, why: str, advice: str, path: str = "") -> _StayError:
        """Return the error that leaves the string as it is."""
        return _StayError(self.module.unfixed(self.node, f"`{path or self.value}` {why}", advice))

    def no_counterpart(self, path: str) -> _StayError:
        """Return the error for a path that stands for nothing in the target."""
        return _StayError(self.module.without_counterpart(self.node, path))

    def find(self, path: str) -> tuple[Resolved, str, Origin]:
        """Return what a path means, the path of the same in the target, and where it is from."""
        origin = self.module.origins.get(flavour_of(path)) or _newest_with(path)
        resolved = resolve(path, origin) if origin else None
        if origin is None or resolved is None:
            raise self.no_counterpart(path)
        relative = counterpart(resolved, self.target)
        if not resolved.is_module:
            relative = self.renamed(resolved, origin) or relative
        if relative is None:
            raise self.no_counterpart(path)
        return resolved, relative, origin

    def renamed(self, resolved: Resolved, origin: Origin, rest: str = "") -> str | None:
        """Return the name that a rule gives something, or its method; `None` if it stays."""
        function = ast.copy_location(ast.Name(resolved.path, ast.Load()), self.node)
        entry = resolved.entry
        call = Call(
            text=self.module.text,
            function=function,
            node=None,
            path=f"{resolved.path}(){rest}" if rest else resolved.path,
            symbol="" if rest else entry.symbol,
            signature=None if rest else entry.signature,
            origin=origin,
        )
        plan = plan_call(call, self.target)  # what it reports is about calls
        pieces = [piece for edit in plan.edits for piece in edit.pieces]
        if not pieces:
            return None
        new = pieces[0].path if isinstance(pieces[0], TargetName) else pieces[0]
        if len(pieces) > 1 or not isinstance(new, str) or not new.replace(".", "").isidentifier():
            raise self.no_counterpart(call.path)
        return new

    def attribute(self, path: str) -> str:
        """Return the path of something that is looked up by attributes."""
        resolved, relative, origin = self.find(path)
        if atlas.lookup(self.target.env, _joined(self.target.flavour, relative)) is None:
            raise self.no_counterpart(path)
        rest = path[len(resolved.path) :]
        if rest and not resolved.is_module:
            # A path alone does not tell the release; of what was renamed Keras 3 has nothing.
            old = origin if origin.exact else _of_keras_2(origin)
            new = self.renamed(resolved, old, rest)
            rest = f".{new}" if new else rest
        return self.module.below_root(relative) + rest

    def holder(self, names: list[str]) -> str:
        """Return the path of what holds all of the names in the target."""
        moved = [self.attribute(f"{self.value}.{name}") for name in names]
        holders = {path.rpartition(".")[0] for path in moved}
        if len(holders) != 1 or [path.rpartition(".")[2] for path in moved] != names:
            why = f"does not hold all of these names in {self.target}"
            raise self.stays(why, "patch each name by its own path")
        return holders.pop()

    def imported(self, call: ast.Call, function: str, is_used: bool) -> str:
        """Return the path of a module that is imported."""
        path = self.value
        resolved, relative, _ = self.find(path)
        new = self.module.below_root(relative)
        entry = atlas.lookup(self.target.env, new)
        if path == new:
            return new
        if not resolved.is_module:
            raise self.no_counterpart(path)
        is_root = new == self.target.root
        if not is_root and (entry is None or not entry.module_path):
            parent, _, leaf = new.rpartition(".")
            why = f"is `{new}` in {self.target}, which cannot be imported as a module"
            raise self.stays(why, f"write `from {parent} import {leaf}`")
        if len(call.args) > 1 or call.keywords:
            if function == "pytest.importorskip":
                why = f"is asked for with a version, which is none of `{new}`"
                raise self.stays(why, f"write `{new}` and a version of it")
        elif function == "__import__" and is_used and ("." in path or "." in new):
            why = "gives its first package alone here"
            raise self.stays(why, "use `importlib.import_module`, which gives the module itself")
        return new


def _joined(root: str, path: str) -> str:
    return f"{root}.{path}" if path else root


def _newest_with(path: str) -> Origin | None:
    """Return the newest release that has a path."""
    flavour = flavour_of(path)
    for release in reversed(atlas.releases(flavour)):
        if entry_of(flavour, release, path) is not None:
            return Origin(flavour, release)
    return None


def _of_keras_2(origin: Origin) -> Origin:
    """Return the last release of a flavour before Keras 3."""
    origins = [Origin(origin.flavour, release) for release in atlas.releases(origin.flavour)]
    return next((old for old in reversed(origins) if old.generation != "keras3"), origin)


def _patched(call: ast.Call) -> list[str]:
    """Return the names that `patch.multiple` replaces."""
    return [k.arg for k in call.keywords if k.arg and k.arg not in _OWN_OF_MULTIPLE]


def _imported(tree: Tree) -> dict[str, str]:
    """Return what the names that a module imports stand for, and those of pytest's fixtures."""
    names = {"monkeypatch": "monkeypatch", "mocker": "unittest.mock", "__import__": "__import__"}
    for made in _MONKEYS.finditer(tree.text.text):
        names[made[1] or made[2]] = "monkeypatch"
    for node in tree.blocks:
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.partition(".")[0]
                names[alias.asname or root] = alias.name if alias.asname else root
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    # The package `mock` is the standard library's, for older Pythons.
    return {
        name: f"unittest.{path}" if path.split(".")[0] == "mock" else path
        for name, path in names.items()
    }


def _called(call: ast.Call, names: Mapping[str, str]) -> str:
    """Return the dotted path of what is called, as far as imports tell."""
    parts, node = [], call.func
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in names:
        return ""
    return ".".join([names[node.id], *reversed(parts)])
