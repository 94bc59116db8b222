"""KI001, KI002, KI003: find paths that the environment does not have, or has only in private."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from keras_imports import atlas
from keras_imports.atlas import Entry
from keras_imports.check.availability import Availability, availability
from keras_imports.check.installed import Installed
from keras_imports.check.module import CheckedModule
from keras_imports.check.replacement import as_written, replacement
from keras_imports.check.rule import Rule, Violation, Violations
from keras_imports.engine.codes import NOT_THERE, PRIVATE, private_message
from keras_imports.engine.findings import Code, Example, Severity
from keras_imports.flavours import FLAVOURS, flavour_of, root_of
from keras_imports.knowledge.lifetimes import releases_with
from keras_imports.python.references import Reference
from keras_imports.versions import short, version_key

KI001, KI002 = NOT_THERE, PRIVATE
KI003 = Code(
    "KI003",
    "error",
    "name of another flavour",
    "The path exists in another Keras (keras, tensorflow.keras, tf_keras, keras_core) but not "
    "in this one, or the package that it starts with is not installed.",
    since="every release",
    example=Example.of(
        """
        from tensorflow.keras.utils.np_utils import to_categorical
        """,
        """
        from tensorflow.keras.utils import to_categorical
        """,
    ),
)

_IMPORTS = ("import", "from", "star")
_BY_VERSION = re.compile(r"version|hasattr|find_spec|tf_?[12]\b|keras_?[123]\b", re.IGNORECASE)


def unavailable_paths(module: CheckedModule) -> Violations:
    """Find paths that do not exist in the environment, or are private in it."""
    references = [
        (reference, availability(module, reference))
        for reference in module.names
        if reference.kind != "name"  # its parts are references of their own
    ]
    branches = _branches(references)
    failed_imports = {
        results[0].missing
        for reference, results in references
        if reference.kind == "import" and not _works(results)
    }
    for reference, results in references:
        if branches.never_runs(reference):
            continue
        working = next((i for i, result in enumerate(results) if result.missing is None), None)
        if working is not None:
            entry = results[working].entry
            is_dunder = reference.paths[working].endswith("__")  # keras.__version__
            if entry is not None and not (entry.public or is_dunder or module.is_stub):
                yield from _private(module, reference, reference.paths[working], entry)
        elif reference.certain and not branches.expect_failure(reference):
            missing = results[0].missing or ""
            if reference.kind in _IMPORTS or missing not in failed_imports:
                yield _missing(module, reference, missing)


RULE = Rule(unavailable_paths, (KI001, KI002, KI003), applies_to_stubs=True)


def _works(results: list[Availability]) -> bool:
    return any(result.missing is None for result in results)


@dataclass
class _Branches:
    """What is known of the alternative parts of `try` and `if` in a module."""

    importing: set[ast.stmt] = field(default_factory=set)  # whose body imports some Keras
    failing: set[ast.stmt] = field(default_factory=set)  # whose body fails
    # What works in which part of which statement, by the name that it binds.
    alternatives: set[tuple[ast.stmt, str, str | None]] = field(default_factory=set)

    def never_runs(self, reference: Reference) -> bool:
        """Return whether a reference stands in the handler of an import that works."""
        return any(
            arm.part == "handler" and arm.node in self.importing and arm.node not in self.failing
            for arm in reference.context.arms
        )

    def expect_failure(self, reference: Reference) -> bool:
        """Return whether the code is prepared for a failure, or chooses by what is installed."""
        for arm in reference.context.arms:
            if arm.attempt:
                return True
            if isinstance(arm.node, ast.If):
                other = "else" if arm.part == "body" else "body"
                if (arm.node, other, _bound_name(reference)) in self.alternatives:
                    return True
                if _BY_VERSION.search(ast.unparse(arm.node.test)):
                    return True
        return False


def _branches(references: list[tuple[Reference, list[Availability]]]) -> _Branches:
    branches = _Branches()
    for reference, results in references:
        for arm in reference.context.arms:
            if arm.part == "body" and reference.kind in _IMPORTS:
                branches.importing.add(arm.node)
            if arm.part == "body" and not _works(results):
                branches.failing.add(arm.node)
            if _works(results):
                branches.alternatives.add((arm.node, arm.part, _bound_name(reference)))
    return branches


def _bound_name(reference: Reference) -> str | None:
    alias = reference.node
    return (alias.asname or alias.name) if isinstance(alias, ast.alias) else None


def _missing(module: CheckedModule, reference: Reference, missing: str) -> Violation:
    path, installed = reference.path, module.installed
    code, symbols = KI001, atlas.symbols(path)
    if not installed.has(path):
        below_root = path[len(root_of(path)) + 1 :]
        code, symbols = KI003, (below_root,) if below_root else ()
        message = f"`{path}` needs {path.partition('.')[0]}, which is not installed"
    elif other := None if releases_with(path) else _same_path_elsewhere(path):
        code, symbols = KI003, symbols or atlas.symbols(other)
        message = f"{installed.release(path)} has no `{path}`: it is a path of {flavour_of(other)}"
    elif installed.entry(missing) is not None and installed.entry(path) is not None:
        message = _why_unusable(reference, missing, installed.release(path))
    else:
        gone = missing if installed.entry(missing) is None else path
        message = _why_missing(path, gone, installed)
    write = None
    if reference.kind == "import" and installed.entry(missing) is not None:
        write = as_written(replace(reference, kind="from"), path)
    elif symbols:
        # The V1 classes are the second choice: nobody wants them for the name alone.
        symbol = min(symbols, key=lambda symbol: symbol.startswith("compat.v1."))
        write = replacement(module, reference, symbol)
    severity: Severity | None = "warning" if reference.context.typing or module.is_stub else None
    return Violation(code, reference.node, message, write, severity)


def _why_unusable(reference: Reference, path: str, release: str) -> str:
    """Return why a path fails although the release has what it names."""
    package, _, name = path.rpartition(".")
    if reference.kind == "attribute":
        return f"no import of this file loads `{path}` of {release}; `import {path}` does"
    if reference.kind == "from":
        return (
            f"`{name}` cannot be imported from `{package}` of {release}: it is an attribute of it"
        )
    return f"`{path}` of {release} is not a module, and only modules follow `import`"


def _why_missing(path: str, missing: str, installed: Installed) -> str:
    """Return when a path, or the part of it that is missing, was removed or added."""
    release, legacy = installed.release(path), installed.env.legacy_env
    package, _, version = release.partition(" ")
    for name in (path, missing):
        having = releases_with(name)
        if not having or version in having:
            continue
        before = [each for each in having if version_key(each) < version_key(version)]
        if not before:
            return f"{release} has no `{name}`: it was added in {package} {short(having[0])}"
        known = atlas.releases(flavour_of(name))
        removed = known[known.index(before[-1]) + 1]
        return f"`{name}` was removed in {package} {short(removed)}"
    return f"{release}{' with TF_USE_LEGACY_KERAS=1' if legacy else ''} has no `{missing}`"


def _same_path_elsewhere(path: str) -> str | None:
    """Return the path below another flavour's root, if there is one in some release."""
    root = root_of(path)
    if root not in FLAVOURS:
        return None
    others = (flavour + path[len(root) :] for flavour in FLAVOURS if flavour != root)
    return next((other for other in others if atlas.symbols(other)), None)


def _private(
    module: CheckedModule, reference: Reference, path: str, entry: Entry
) -> Iterator[Violation]:
    installed = module.installed
    write = replacement(module, reference, entry.symbol)
    message = f"`{path}` is private in {installed.release(path)}"
    if write is None:
        if installed.generation(root_of(path)) in ("keras1", "standalone"):
            return  # these drew no such line; the module's path may be the only one
        message = private_message(path, installed.release(path))
    elif entry.kind == "module":
        public = atlas.public_path(installed.env, flavour_of(path), entry.symbol)
        if public and not _has_all(public, module, reference, path):
            message += f", and `{public}` is less than it: it may move in any release"
            write = None
    yield Violation(KI002, reference.node, message, write)


def _has_all(public: str, module: CheckedModule, imported: Reference, path: str) -> bool:
    """Return whether a public module has all that is used of an imported private one."""
    for reference in module.names:
        if reference.kind == "name" and path in reference.paths:
            binding = reference.bindings[reference.paths.index(path)]
            if binding.node is imported.statement:
                return False  # the module itself is handed on
        if reference.kind == "attribute" and reference.path.startswith(f"{path}."):
            name = reference.path[len(path) + 1 :].partition(".")[0]
            if module.installed.entry(f"{public}.{name}") is None:
                return False
    return True
