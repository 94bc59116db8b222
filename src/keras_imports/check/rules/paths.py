"""Imports and attribute chains: KI001, KI002, KI003 and, for the project's flavour, KI005."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache

from keras_imports import atlas
from keras_imports.atlas import Entry, Environment
from keras_imports.check.rules.subject import (
    Findings,
    Found,
    Knowledge,
    Subject,
    found,
    knowledge,
)
from keras_imports.flavours import FLAVOURS, flavour_of, root_of
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.python.paths import has_call
from keras_imports.python.references import Reference

_IMPORTS = ("import", "from", "star")
_BY_VERSION = re.compile(r"version|hasattr|find_spec|tf_?[12]\b|keras_?[123]\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Verdict:
    failed: str | None = None  # the shortest part of the path that does not exist
    entry: Entry | None = None  # what a reference is, where that is worth a word


_FINE = _Verdict()


def _verdict(subject: Subject, kind: str, path: str, start: str) -> _Verdict:
    """Whether a path works as it is used; its import answers for `start`, a part of it."""
    if kind != "attribute":
        return _import_verdict(subject.known, kind, path)
    verdict = _attribute_verdict(subject.known, path, start, frozenset())
    if verdict.failed is None:
        return verdict
    return _attribute_verdict(subject.known, path, start, subject.imported)


@lru_cache(maxsize=1 << 16)
def _import_verdict(known: Knowledge, kind: str, path: str) -> _Verdict:
    if not known.covers(path):
        return _FINE
    entry = known.entry(path)
    if kind == "from":
        if entry is not None and entry.importable:
            return _Verdict(None, entry)
        module = path.rpartition(".")[0]
        is_there = not known.covers(module) or known.entry(module) is not None
        return _Verdict(path if is_there else module)
    return _Verdict(None if entry is not None and entry.module_path else path, entry)


@lru_cache(maxsize=1 << 16)
def _attribute_verdict(
    known: Knowledge, path: str, start: str, imported: frozenset[str]
) -> _Verdict:
    origin = known.entry(start) if known.covers(start) else None
    if known.covers(start) and (origin is None or origin.kind != "module"):
        return _FINE
    entry, prefix = origin, start
    for part in path[len(start) + 1 :].split("."):
        if part.startswith("__"):
            return _FINE  # every module has such
        prefix = f"{prefix}.{part}"
        if not known.covers(prefix):
            continue
        entry = known.entry(prefix)
        if entry is None or not _is_loaded(entry, imported):
            return _Verdict(prefix)
        if entry.kind != "module":
            entry = entry if prefix == path else None
            break
    if origin is not None and not origin.public:
        return _FINE  # its import is reported
    return _Verdict(None, entry)


def _is_loaded(entry: Entry, imported: frozenset[str]) -> bool:
    """Whether a name is there without an import of its own."""
    if entry.attribute or entry.path in imported:
        return True
    if entry.path.startswith(("tensorflow.python.", "tensorflow._api.")):
        return True  # `import tensorflow` has loaded most of its private modules
    return entry.kind != "module" and entry.path.rpartition(".")[0] in imported


def wrong_paths(subject: Subject) -> Findings:
    """Paths that do not exist in the environment, or are private in it."""
    verdicts: list[tuple[Reference, list[_Verdict]]] = []
    failed_imports: set[str | None] = set()
    importing: set[ast.stmt] = set()  # `try` statements whose body imports some Keras
    failing: set[ast.stmt] = set()  # those whose body fails
    alternatives: set[tuple[ast.stmt, str, str | None]] = set()
    for reference in subject.module.references:
        if reference.kind == "name" or has_call(reference.path):
            continue  # its parts are references of their own
        results = [
            _verdict(subject, reference.kind, path, binding.path)
            for path, binding in zip(reference.paths, reference.bindings, strict=True)
        ]
        verdicts.append((reference, results))
        works = any(result.failed is None for result in results)
        if not works and reference.kind == "import":
            failed_imports.add(results[0].failed)
        for arm in reference.context.arms:
            if arm.part == "body" and reference.kind in _IMPORTS:
                importing.add(arm.node)
            if arm.part == "body" and not works:
                failing.add(arm.node)
            if works:
                alternatives.add((arm.node, arm.part, _bound_name(reference)))
    for reference, results in verdicts:
        if any(
            arm.part == "handler" and arm.node in importing and arm.node not in failing
            for arm in reference.context.arms
        ):
            continue  # the handler never runs
        working = next((i for i, result in enumerate(results) if result.failed is None), None)
        if working is not None:
            entry = results[working].entry
            is_dunder = reference.paths[working].endswith("__")  # keras.__version__
            if entry is not None and not (entry.public or is_dunder or subject.is_stub):
                yield from _private(subject, reference, working, entry)
        elif reference.certain and not _is_expected(reference, alternatives):
            failed = results[0].failed or ""
            if reference.kind in _IMPORTS or failed not in failed_imports:
                yield _missing(subject, reference, failed)


def _bound_name(reference: Reference) -> str | None:
    alias = reference.node
    return (alias.asname or alias.name) if isinstance(alias, ast.alias) else None


def _is_expected(reference: Reference, alternatives: set[tuple[ast.stmt, str, str | None]]) -> bool:
    """Whether the code is prepared for the failure, or chooses by what is installed."""
    for arm in reference.context.arms:
        if arm.attempt:
            return True
        if isinstance(arm.node, ast.If):
            other = "else" if arm.part == "body" else "body"
            if (arm.node, other, _bound_name(reference)) in alternatives:
                return True
            if _BY_VERSION.search(ast.unparse(arm.node.test)):
                return True
    return False


def _missing(subject: Subject, reference: Reference, failed: str) -> Found:
    known, path = subject.known, reference.path
    severity = "warning" if reference.context.typing or subject.is_stub else None
    if not known.has(path):
        message = f"`{path}` needs {path.partition('.')[0]}, which is not installed"
        same = path[len(root_of(path)) + 1 :]
        replacement = _replacement(subject, reference, same) if same else None
        return found(subject, reference.node, "KI003", message, replacement, severity)
    code, message = "KI001", f"{known.release(path)} has no `{failed}`"
    # The V1 classes are the second choice: nobody wants them for the name alone.
    candidates = sorted(atlas.symbols(path), key=lambda symbol: symbol.startswith("compat.v1."))
    if lifetime := _lifetime(path):
        message += f" (it was in {lifetime})"
    elif other := _same_path_elsewhere(path):
        code, candidates = "KI003", candidates or list(atlas.symbols(other))
        message += f"; it exists as `{other}`"
    replacement = _replacement(subject, reference, candidates[0]) if candidates else None
    return found(subject, reference.node, code, message, replacement, severity)


@lru_cache(maxsize=10_000)
def _lifetime(path: str) -> str | None:
    """The first and the last release that had a path."""
    flavour = flavour_of(path)
    if not flavour:
        return None
    having = [
        release
        for release in atlas.releases(flavour)
        if atlas.lookup(atlas.flavour_environment(flavour, release), path) is not None
    ]
    if not having:
        return None
    first, last = (release.partition(".dev")[0] for release in (having[0], having[-1]))
    return f"{flavour} {first}" if first == last else f"{flavour} {first} to {last}"


def _same_path_elsewhere(path: str) -> str | None:
    """The path below another flavour's root, if there is one in some release."""
    root = root_of(path)
    if root not in FLAVOURS:
        return None
    others = (flavour + path[len(root) :] for flavour in FLAVOURS if flavour != root)
    return next((other for other in others if atlas.symbols(other)), None)


def _private(subject: Subject, reference: Reference, index: int, entry: Entry) -> Findings:
    known, path = subject.known, reference.paths[index]
    replacement = _replacement(subject, reference, entry.symbol)
    message = f"`{path}` is a private path of {known.release(path)}"
    if replacement is None:
        if known.generation(root_of(path)) in ("keras1", "standalone"):
            return  # these drew no such line; the module's path may be the only one
        message += ", without a public one"
    yield found(subject, reference.node, "KI002", message, replacement)


def _replacement(subject: Subject, reference: Reference, symbol: str) -> str | None:
    """The code to write instead, in the form of the reference."""
    env = subject.env
    own = flavour_of(reference.path) or "keras"
    preferred = [subject.flavour] if subject.flavour else [own]
    for flavour in (*preferred, "ops", *FLAVOURS):
        if flavour == "ops":
            public = _operation(env, own, symbol)
        else:
            public = atlas.public_path(env, flavour, symbol)
        if public is not None and public != reference.path:
            return _as_written(reference, public)
    return None


@lru_cache(maxsize=10_000)
def _operation(env: Environment, flavour: str, symbol: str) -> str | None:
    """The function of `ops` that takes over from one of `backend`: same name, same parameters."""
    module, _, name = symbol.rpartition(".")
    operation = knowledge(env).entry(f"{flavour}.ops.{name}")
    if module != "backend" or operation is None or operation.signature is None:
        return None
    names = [parameter.name for parameter in operation.signature]
    for spans in atlas.history(symbol).values():
        for span in spans:
            if span.signature is not None:
                same = [parameter.name for parameter in span.signature] == names
                return operation.path if same else None
    return None


def _as_written(reference: Reference, public: str) -> str:
    node = reference.node
    if isinstance(node, ast.alias):
        if reference.kind == "star":
            return f"from {public} import *"
        alias = f" as {node.asname}" if node.asname else ""
        module, _, name = public.rpartition(".")
        if reference.kind == "from" and module:
            return f"from {module} import {name}{alias}"
        return f"import {public}{alias}"
    base: ast.expr = node
    while isinstance(base, ast.Attribute):
        base = base.value
    start = reference.bindings[0].path
    if isinstance(base, ast.Name) and public.startswith(start + "."):
        return base.id + public[len(start) :]
    return public


def other_flavour(subject: Subject) -> Findings:
    """Imports of another flavour than the project's."""
    if subject.flavour is None:
        return
    for reference in subject.module.references:
        path = reference.path
        if reference.kind == "name" or has_call(path) or not is_keras_path(path):
            continue
        if reference.kind == "attribute" and is_keras_path(reference.bindings[0].path):
            continue  # its import is reported
        flavours = {flavour_of(path) for path in reference.paths}
        if subject.flavour in flavours:
            continue
        entry = subject.known.entry(path) if subject.known.covers(path) else None
        replacement = None
        if entry is not None:
            public = atlas.public_path(subject.env, subject.flavour, entry.symbol)
            replacement = public and _as_written(reference, public)
        message = f"`{path}` is {flavour_of(path)}, but the project is {subject.flavour}"
        yield found(subject, reference.node, "KI005", message, replacement)
