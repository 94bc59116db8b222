"""Find out what a module uses of Keras, and which release it was written for."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from keras_imports.engine.job import Job, UsedElsewhere
from keras_imports.engine.module import ModuleInMigration
from keras_imports.engine.noqa import Noqa
from keras_imports.engine.told import Told
from keras_imports.flavours import flavour_of
from keras_imports.knowledge.detection import detect_origins
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.python.edits import Text
from keras_imports.python.paths import callee
from keras_imports.python.references import Module, Reference
from keras_imports.python.tree import Tree


def analysed(
    text: Text, tree: ast.Module, resolved: Module, job: Job, used: UsedElsewhere
) -> ModuleInMigration:
    """Return a module as the passes see it, with the releases that it was written for."""
    target = job.target
    if job.stays:
        resolved = of_flavour(resolved, flavour_of(target.root) or target.flavour)
    nodes = Tree(tree, text)
    telling = _not_kept(resolved, nodes) if job.stays else resolved
    detected = detect_origins(telling, text.text, tree, target, job.known)
    origins = dict(detected.origins)
    if job.stays:
        for flavour, origin in origins.items():
            if (origin.flavour, origin.release) == (target.flavour, target.release):
                origins[flavour] = replace(origin, exact=True)  # nothing tells that it is older
    return ModuleInMigration(
        text=text,
        tree=nodes,
        references=resolved.references,
        calls=resolved.calls,
        target=target,
        origins=origins,
        used=used,
        modernize=job.modernize,
        stays=job.stays,
        ignored=job.ignored,
        packages=job.packages,
        evidence=detected.evidence,
        told=job.told or Told(),
    )


def _not_kept(resolved: Module, tree: Tree) -> Module:
    """Return a module without the lines that comments keep: what stays old tells no age."""
    noqa = Noqa.of(tree.text.text)
    if not noqa.codes:
        return resolved
    return Module(
        tuple([each for each in resolved.references if not noqa.keep(tree, each.node.lineno)]),
        tuple([each for each in resolved.calls if not noqa.keep(tree, each.call.lineno)]),
        resolved.exports,
    )


def flavours_in(references: Iterable[Reference]) -> frozenset[str]:
    """Return the flavours that a module uses."""
    names = {callee(path) for each in references for path in each.paths}
    return frozenset(flavour_of(name) for name in names if is_keras_path(name)) - {""}


def of_flavour(resolved: Module, flavour: str) -> Module:
    """Return a module without what it uses of other flavours."""

    def is_own(paths: Iterable[str]) -> bool:
        return all(_flavour_of(path) in ("", flavour) for path in paths)

    return Module(
        tuple([each for each in resolved.references if is_own(each.paths)]),
        tuple([each for each in resolved.calls if is_own(each.paths)]),
        resolved.exports,
    )


@lru_cache(maxsize=1 << 14)
def _flavour_of(path: str) -> str:
    """Return the flavour of what a path starts with, "" if that is no Keras."""
    name = callee(path)
    return flavour_of(name) if is_keras_path(name) else ""
