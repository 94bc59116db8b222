"""Strings that are certainly code: the paths of what is imported or patched by them.

They start at a root, whatever the module imports. (Quoted annotations are references as others.)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from keras_imports import atlas
from keras_imports.flavours import flavour_of
from keras_imports.knowledge.counterparts import Resolved, counterpart, resolve
from keras_imports.knowledge.keras_names import ROOTS, is_keras_path
from keras_imports.knowledge.origin import Origin, entry_of
from keras_imports.knowledge.target import Target
from keras_imports.migrate.placeholders import TargetName
from keras_imports.migrate.planning.plan import Call, plan_call
from keras_imports.migrate.unfixed import Unfixed
from keras_imports.python.edits import Edit, Text
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
_LITERAL = re.compile(r"[rRuU]?(\"\"\"|'''|\"|')(.*)\1", re.DOTALL)
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
    """Whether a text may hold a path that is imported or patched."""
    return any(word in text for word in _WORDS) and _PATH.search(text) is not None


def paths(tree: Tree, target: Target, origins: Mapping[str, Origin]) -> Iterator[Edit | Unfixed]:
    """What becomes of the paths that are imported or patched by their strings."""
    if not mentions_path(tree.text.text):
        return
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
        path = _Path(tree.text, first, first.value, target, origins)
        try:
            if function == "unittest.mock.patch.multiple":
                yield path.edit(path.holder(_patched(node)))
            elif function in _PATCHES:
                yield path.edit(path.attribute(first.value))
            else:
                is_used = not isinstance(tree.parent(node), ast.Expr)
                yield path.edit(path.module(node, function, is_used))
        except _StayError as reason:
            yield reason.left


class _StayError(Exception):
    """A string stays as it is."""

    def __init__(self, left: Unfixed) -> None:
        self.left = left


class _Path:
    """One string with the dotted path of something of a Keras."""

    def __init__(
        self,
        text: Text,
        node: ast.Constant,
        value: str,
        target: Target,
        origins: Mapping[str, Origin],
    ) -> None:
        self.text = text
        self.node = node
        self.value = value
        self.target = target
        self.origins = origins

    def edit(self, path: str) -> Edit:
        """Write another path between the quotes."""
        start = _content(self.text, self.node)
        if start is None:
            raise self.stays("is not written in one piece", "write it as one plain string")
        return Edit(start, start + len(self.value), (path,))

    def stays(self, why: str, advice: str, path: str = "") -> _StayError:
        line, column = self.text.place(self.text.span(self.node).start)
        message = f"`{path or self.value}` {why}"
        return _StayError(Unfixed(line, column, self.text.of(self.node), message, advice))

    def no_counterpart(self, path: str) -> _StayError:
        root = path.partition(".")[0]
        advice = f"`keras-imports where {path}` says in which releases of {root} it is"
        return self.stays(f"has no counterpart in {self.target}", advice, path)

    def find(self, path: str) -> tuple[Resolved, str, Origin]:
        """What a path means, the path of the same in the target, and where the code is from."""
        origin = self.origins.get(flavour_of(path)) or _newest_with(path)
        found = resolve(path, origin) if origin else None
        if origin is None or found is None:
            raise self.no_counterpart(path)
        where = counterpart(found, self.target)
        if not found.is_module:
            where = self.plan(found, origin) or where
        if where is None:
            raise self.no_counterpart(path)
        return found, where, origin

    def plan(self, found: Resolved, origin: Origin, rest: str = "") -> str | None:
        """The name that a rule gives what is found, or a method of it; `None` if it stays."""
        function = ast.copy_location(ast.Name(found.path, ast.Load()), self.node)
        entry = found.entry
        call = Call(
            text=self.text,
            function=function,
            node=None,
            path=f"{found.path}(){rest}" if rest else found.path,
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
        """The path of something that is looked up by attributes."""
        found, where, origin = self.find(path)
        if atlas.lookup(self.target.env, _joined(self.target.flavour, where)) is None:
            raise self.no_counterpart(path)
        rest = path[len(found.path) :]
        if rest and not found.is_module:
            # A path alone does not tell the release; of what was renamed Keras 3 has nothing.
            new = self.plan(found, origin if origin.exact else _of_keras_2(origin), rest)
            rest = f".{new}" if new else rest
        return _joined(self.target.root, where) + rest

    def holder(self, names: list[str]) -> str:
        """The path of what holds all of the names in the target."""
        moved = [self.attribute(f"{self.value}.{name}") for name in names]
        holders = {path.rpartition(".")[0] for path in moved}
        if len(holders) != 1 or [path.rpartition(".")[2] for path in moved] != names:
            raise self.stays(
                "does not hold all of this in the target", "patch each name by its own path"
            )
        return holders.pop()

    def module(self, call: ast.Call, function: str, is_used: bool) -> str:
        """The path of a module that is imported."""
        path = self.value
        found, where, _ = self.find(path)
        new = _joined(self.target.root, where)
        entry = atlas.lookup(self.target.env, new)
        if path == new:
            return new
        if not found.is_module:
            raise self.no_counterpart(path)
        is_root = new == self.target.root
        if not is_root and (entry is None or not entry.module_path):
            raise self.stays(
                f"is `{new}` in {self.target}, which is no module to import", "import it"
            )
        if len(call.args) > 1 or call.keywords:
            if function == "pytest.importorskip":
                raise self.stays("is asked for with a version", "write that of the target")
        elif function == "__import__" and is_used and ("." in path or "." in new):
            raise self.stays("gives its first package alone here", "use importlib.import_module")
        return new


def _joined(root: str, path: str) -> str:
    return f"{root}.{path}" if path else root


def _newest_with(path: str) -> Origin | None:
    """The newest release that has a path."""
    flavour = flavour_of(path)
    for release in reversed(atlas.releases(flavour)):
        if entry_of(flavour, release, path) is not None:
            return Origin(flavour, release)
    return None


def _of_keras_2(origin: Origin) -> Origin:
    """The last release of a flavour before Keras 3."""
    found = [Origin(origin.flavour, release) for release in atlas.releases(origin.flavour)]
    return next((old for old in reversed(found) if old.generation != "keras3"), origin)


def _patched(call: ast.Call) -> list[str]:
    return [k.arg for k in call.keywords if k.arg and k.arg not in _OWN_OF_MULTIPLE]


def _imported(tree: Tree) -> dict[str, str]:
    """What the names that a module imports stand for, and those of pytest's fixtures."""
    names = {"monkeypatch": "monkeypatch", "mocker": "unittest.mock", "__import__": "__import__"}
    for found in _MONKEYS.finditer(tree.text.text):
        names[found[1] or found[2]] = "monkeypatch"
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
    """The dotted path of what is called, as far as imports tell."""
    parts, node = [], call.func
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in names:
        return ""
    return ".".join([names[node.id], *reversed(parts)])


def _content(text: Text, node: ast.Constant) -> int | None:
    """Where the content of a string starts, if it stands in the text as it is."""
    written = _LITERAL.fullmatch(text.of(node))
    if written is None or written[2] != node.value:
        return None
    return text.span(node).start + written.start(2)
