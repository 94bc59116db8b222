"""Ask the engine what is wrong with a module in a target, without changing it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from keras_imports import atlas
from keras_imports.engine.analysis import analysed
from keras_imports.engine.bound_names import is_star
from keras_imports.engine.changes import Change, Wrong
from keras_imports.engine.codes import DEFAULT, NOT_THERE
from keras_imports.engine.findings import Finding
from keras_imports.engine.job import Job, UsedElsewhere
from keras_imports.engine.module import ModuleInMigration
from keras_imports.engine.name_writer import NameWriter
from keras_imports.engine.passes import CAUSE, CAUSES, PASSES
from keras_imports.engine.told import Told
from keras_imports.engine.unused_tensorflow import left_unused, removed
from keras_imports.knowledge.keras_names import is_keras_path
from keras_imports.knowledge.target import Target
from keras_imports.python.edits import Edit, Span, Text, apply
from keras_imports.python.references import Module, Reference

_LONG = 100  # characters of code that are still shown whole


def wrong_in(
    text: Text, tree: ast.Module, resolved: Module, target: Target, told: Told | None = None
) -> Iterator[Finding]:
    """Yield what fails, differs or is private of the uses of the target's own flavour.

    `told` is what other files tell of the module. Neither import statements are among it, of which
    the atlas alone is asked, nor the uses of names that cannot be imported.
    """
    module = analysed(text, tree, resolved, Job(target, stays=True, told=told), UsedElsewhere())
    imports = _Imports(module)
    changes: list[Change] = []
    said: dict[str, set[int]] = {}  # messages, and the lines that they are about
    for each in PASSES:
        if not each.applies(module):
            continue
        for fix in each.run(module):
            if isinstance(fix, Finding):
                # A doubt about the release is none here.
                if fix.reason == "style" or fix.code == DEFAULT.name:
                    continue
                start = text.start_of(fix.line) + fix.column - 1
                if fix.code != NOT_THERE.name or not imports.tell_of(start):
                    said.setdefault(fix.message, set()).add(fix.line)
                    yield fix
            elif isinstance(fix, Change):
                changes.append(fix)
            else:
                changes.append(_alone(module, fix, CAUSES.get(each, CAUSE)))
    yield from removed(module)
    yield from left_unused(module)
    writer = NameWriter(module) if changes else None
    for change in changes:
        written = [(edit, writer.written(edit)) for edit in change.edits] if writer else []
        real = [(edit, new) for edit, new in written if _is_real(text, new)]
        edits = [new for _, new in real]
        wrong = change.wrong() if edits else None
        if wrong is None or (wrong.code is NOT_THERE and imports.tell_of(change.span.start)):
            continue
        finding = _finding(text, change, wrong, edits, target)
        # A name that is written may need an import.
        finding = replace(finding, complete=all(edit is new for edit, new in real))
        last, _ = text.place(change.span.end)
        lines, its_lines = said.setdefault(finding.message, set()), range(finding.line, last + 1)
        if lines.isdisjoint(its_lines):
            lines.update(its_lines)
            yield finding


class _Imports:
    """What the imports of a module give in the target."""

    def __init__(self, module: ModuleInMigration) -> None:
        self._module = module
        self._env = module.target.env

    @cached_property
    def _at(self) -> dict[int, Reference]:
        text = self._module.text
        return {text.span(each.node).start: each for each in self._module.references}

    def tell_of(self, start: int) -> bool:
        """Return whether a name that starts at an offset is an import's, or of one that fails.

        So is one that may also stand for something else.
        """
        reference = self._at.get(start)
        if reference is None:
            return False
        if isinstance(reference.node, ast.alias):
            return is_keras_path(reference.path)
        if not reference.certain:
            return True
        return all(
            isinstance(binding.node, (ast.Import, ast.ImportFrom))
            and not is_star(binding.node)
            and is_keras_path(binding.path)
            and atlas.lookup(self._env, binding.path) is None
            for binding in reference.bindings
        )


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
