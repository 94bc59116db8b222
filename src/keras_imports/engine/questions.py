"""Ask the engine what is wrong with a module in a target, without changing it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from keras_imports.engine.changes import Change, Wrong
from keras_imports.engine.codes import DEFAULT, NOT_THERE
from keras_imports.engine.findings import Finding
from keras_imports.engine.job import UsedElsewhere
from keras_imports.engine.module import ModuleInMigration
from keras_imports.engine.name_writer import NameWriter
from keras_imports.engine.passes import CAUSE, CAUSES, PASSES
from keras_imports.flavours import flavour_of
from keras_imports.knowledge.detection import detect_origins
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.target import Target
from keras_imports.python.edits import Edit, Span, Text, apply
from keras_imports.python.paths import callee
from keras_imports.python.references import Module
from keras_imports.python.tree import Tree

_LONG = 100  # characters of code that are still shown whole


def flavours_in(resolved: Module) -> set[str]:
    """Return the flavours that a module uses."""
    names = {callee(path) for each in resolved.references for path in each.paths}
    return {flavour_of(name) for name in names if is_keras_path(name)} - {""}


def wrong_in(text: Text, tree: ast.Module, resolved: Module, target: Target) -> Iterator[Finding]:
    """Yield what fails, differs or is private of the uses of the target's own flavour.

    Import statements are not among it: whether a path is there is asked of the atlas alone.
    """
    own = _of_flavour(resolved, target.flavour)
    origins = dict(detect_origins(own, text.text, tree, target).origins)
    for origin in [*origins.values()]:
        if (origin.flavour, origin.release) == (target.flavour, target.release):
            origins[origin.flavour] = replace(origin, exact=True)  # nothing tells that it is older
    module = ModuleInMigration(
        text=text,
        tree=Tree(tree, text),
        references=own.references,
        calls=own.calls,
        target=target,
        origins=origins,
        used=UsedElsewhere(),
    )
    changes: list[Change] = []
    told: dict[str, list[Span]] = {}  # messages, and the lines that they are about
    for each in PASSES:
        if not each.applies(module):
            continue
        for fix in each.run(module):
            if isinstance(fix, Finding):
                # Paths are the atlas's to tell of, and a doubt about the release is none here.
                if fix.reason == "style":
                    continue
                if fix.code not in (NOT_THERE.name, DEFAULT.name):
                    told.setdefault(fix.message, []).append(Span(fix.line, fix.line))
                    yield fix
            elif isinstance(fix, Change):
                changes.append(fix)
            else:
                changes.append(_alone(module, fix, CAUSES.get(each, CAUSE)))
    writer = NameWriter(module) if changes else None
    has_star = any(each.kind == "star" for each in own.references)
    for change in changes:
        edits = [writer.written(edit) for edit in change.edits] if writer else []
        edits = [edit for edit in edits if _is_real(text, edit)]
        wrong = change.wrong() if edits else None
        if wrong is None or (change.is_path and wrong.code is NOT_THERE and not has_star):
            continue
        finding = _finding(text, change, wrong, edits, target)
        last, _ = text.place(change.span.end)
        lines = told.setdefault(finding.message, [])
        if not any(each.start <= last and finding.line <= each.end for each in lines):
            lines.append(Span(finding.line, last))
            yield finding


def _of_flavour(resolved: Module, flavour: str) -> Module:
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


def _alone(module: ModuleInMigration, edit: Edit, cause: Wrong) -> Change:
    """Return the edit of a pass as a change of its line, with what the pass is about."""
    text = module.text.text
    start, end = module.text.line_around(Span(edit.start, max(edit.start, edit.end - 1)))
    line = text[start:end]
    start += len(line) - len(line.lstrip())
    message = cause.message.format(target=module.target)
    wrong = Wrong(cause.code, message, cause.reason)
    place = edit.start + (text[edit.start] == "." if edit.start < len(text) else 0)
    return Change(
        Span(start, start + len(line.strip())), place, (edit,), lambda: wrong, is_path=False
    )


def _is_real(text: Text, edit: Edit) -> bool:
    """Return whether an edit changes anything: a name may be written as it was."""
    pieces = (
        text.text[piece.start : piece.end] if isinstance(piece, Span) else str(piece)
        for piece in edit.pieces
    )
    return "".join(pieces) != text.text[edit.start : edit.end]


def _finding(
    text: Text, change: Change, wrong: Wrong, edits: list[Edit], target: Target
) -> Finding:
    """Return what is wrong with a piece of code, and what to write instead."""
    line, column = text.place(change.place)
    source = text.text[change.span.start : change.span.end].partition("\n")[0]
    return Finding(
        line,
        column,
        source,
        wrong.message,
        _advice(text, change, edits, target),
        wrong.code.name,
        wrong.reason,
        severity=wrong.code.severity if wrong.certain else "warning",
        certain=wrong.certain,
        edits=tuple(edits),
    )


def _advice(text: Text, change: Change, edits: list[Edit], target: Target) -> str:
    """Return what to write instead, where that is one line."""
    start = min(change.span.start, *(edit.start for edit in edits))
    end = max(change.span.end, *(edit.end for edit in edits))
    new = apply(text.text[start:end], [_moved(edit, -start) for edit in edits]).strip()
    if not new:
        return "remove it"
    if "\n" in new or len(new) > _LONG:
        return f"`keras-imports migrate --to {target}` writes it as it has to be"
    return f"write `{new}`"


def _moved(edit: Edit, by: int) -> Edit:
    """Return an edit for a text that starts somewhere else."""
    pieces = tuple(
        Span(piece.start + by, piece.end + by) if isinstance(piece, Span) else piece
        for piece in edit.pieces
    )
    return Edit(edit.start + by, edit.end + by, pieces)
