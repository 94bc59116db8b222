"""Migrate Python code that is given as text."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace

from keras_imports.atlas import Environment
from keras_imports.engine.analysis import analysed, flavours_in
from keras_imports.engine.changes import Wrong
from keras_imports.engine.findings import Finding
from keras_imports.engine.following import Step, line_in, with_new_lines
from keras_imports.engine.import_writer import rewrite_imports
from keras_imports.engine.job import Job, UsedElsewhere
from keras_imports.engine.mentions import may_change, mentions_in_text
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.engine.name_writer import NameWriter
from keras_imports.engine.noqa import Noqa
from keras_imports.engine.outcome import Outcome
from keras_imports.engine.passes import CAUSE, CAUSES, PASSES
from keras_imports.engine.reference_plans import is_kept
from keras_imports.engine.settling import settled
from keras_imports.engine.star_names import star_names
from keras_imports.engine.unseen import unseen_in
from keras_imports.engine.unused_tensorflow import removed_at
from keras_imports.knowledge.keras_names import tracked
from keras_imports.knowledge.legacy_switch import find_switch, mentions_switch, steps_of
from keras_imports.knowledge.origin import Origin
from keras_imports.knowledge.target import as_switched, targets_in
from keras_imports.python import bindings
from keras_imports.python.alignment import realigned
from keras_imports.python.edits import Edit, Span, Text, apply_and_follow, apply_and_map
from keras_imports.python.quotes import Quotes
from keras_imports.python.reformatting import reformatted
from keras_imports.python.syntax import parse, syntax_reason
from keras_imports.python.syntax_check import abridged

_NOWHERE = UsedElsewhere()
_FAULT = "what it would become is no Python, which is a fault of keras-imports and not of the file"


def migrate_text(text: str, job: Job, used: UsedElsewhere = _NOWHERE) -> Outcome:
    """Return what becomes of a module's text; nothing is raised for one that is no Python."""
    first = _migrate_once(text, job, used)
    if not first.changed or job.installed is not None:
        return first
    target = job.target
    moved = Origin(target.flavour, target.release, exact=True)
    # What stays old by wish tells no age any more.
    is_told = bool(job.given or job.ignored or Noqa.of(text).codes)
    again = replace(job, given=(moved,)) if is_told else job
    return settled(text, first, lambda text: _migrate_once(text, again, used))


def _migrate_once(text: str, job: Job, used: UsedElsewhere) -> Outcome:
    if job.told is None and not mentions_in_text(text, job.portable, job.packages):
        return Outcome(text)
    try:
        tree = parse(text)
    except SyntaxError as error:
        return Outcome(text, problem=syntax_reason(error))
    try:
        if job.installed is not None:
            return _fitted(text, job, job.installed, used)
        module = _analysed(text, tree, job, used)
        return _migrated(module) if module is not None else Outcome(text)
    except RecursionError:
        return Outcome(text, problem="nested too deeply to be followed")


def _fitted(text: str, job: Job, installed: Environment, used: UsedElsewhere) -> Outcome:
    """Return what becomes of a text when the uses of each Keras fit the installed release of it."""
    resolved = bindings.resolve(text, parse(text), tracked(star_names), surroundings=job.told)
    used_here = flavours_in(resolved.references)
    outcome = Outcome(text)
    for target in targets_in(installed, used_here, job.target.backend):
        its_job = replace(job, target=target, installed=None, stays=True)
        its = migrate_text(outcome.text, its_job, used)
        if its.problem:
            return replace(its, text=text)
        now, before, left = outcome.text, outcome.left, its.left
        if now != text:
            left = tuple(replace(each, line=line_in(text, now, each.line)) for each in left)
        if its.changed:
            before = tuple(
                replace(each, line_now=line_in(its.text, now, each.line_now or each.line))
                for each in before
            )
        outcome = replace(its, changed=outcome.changed or its.changed, left=(*before, *left))
    return outcome


def _analysed(
    text: str, tree: ast.Module, job: Job, used: UsedElsewhere
) -> ModuleInMigration | None:
    """Find out what the names of a module stand for; return `None` if it does not use Keras."""
    resolved = bindings.resolve(
        text, tree, tracked(star_names, job.portable), surroundings=job.told
    )
    if not may_change(text, resolved.references, job.packages):
        return None
    if _asks_for_keras_2(text, tree):
        job = replace(job, target=as_switched(job.target))
    return analysed(Text(text), tree, resolved, job, used)


def _asks_for_keras_2(text: str, tree: ast.Module) -> bool:
    """Return whether a module sets `TF_USE_LEGACY_KERAS`, and before it imports TensorFlow."""
    return mentions_switch(text) and find_switch(steps_of(tree)).in_time


def _migrated(module: ModuleInMigration) -> Outcome:
    """Run all passes, write the names and imports that their edits need, and make the edits.

    If the result is no Python, the text stays, and the outcome says so.
    """
    edits: list[Edit] = []
    left: list[Finding] = []

    def add(fixes: Iterable[Fix], cause: Wrong | None = CAUSE) -> None:
        for fix in fixes:
            if isinstance(fix, Edit):
                line, _ = module.text.place(fix.start)
                is_left = cause is not None and module.is_kept(line, cause.code.name)
                edits.extend([] if is_left else [fix])
            elif isinstance(fix, Finding):
                left.extend([] if module.is_kept(fix.line, fix.code) else [fix])
            else:
                edits.extend([] if is_kept(module, fix) else fix.edits)

    for each in PASSES:
        if each.applies(module):
            add(each.run(module), CAUSES.get(each, CAUSE))
    writer = NameWriter(module)
    quotes = Quotes(module.text, ast.walk(module.tree.module))
    # What several fixes need is made once.
    edits[:] = [quotes.written(writer.written(edit)) for edit in dict.fromkeys(edits)]
    add(rewrite_imports(module, writer), cause=None)  # it knows which of them stay
    edits[:0] = writer.inserted(edits)
    old = module.text.text
    new, offsets, copied = apply_and_map(old, edits)
    if new != old and not _is_python(abridged(module.text, module.tree.module, edits)):
        return Outcome(old, problem=_FAULT)
    gone = _written_elsewhere(edits) | removed_at(module)
    left = [each for each in left if _offset(module.text, each) not in gone]
    left.sort(key=lambda each: (each.line, each.column))
    steps: list[Step] = [(new, offsets)]
    if new != old:
        width, statements = module.line_length, module.tree.blocks
        layout = list(reformatted(module.text, statements, new, copied, width))
        steps.append(apply_and_follow(new, [*layout, *realigned(old, new, copied)]))
    moved = with_new_lines(dict.fromkeys(left), module.text, steps)
    return Outcome(
        steps[-1][0],
        new != old,
        tuple(moved),
        evidence=module.evidence,
        uses_keras=bool(module.origins),
        unseen=tuple(unseen_in(module.text, module.tree, module.references, module.told.imports)),
    )


def _written_elsewhere(edits: Iterable[Edit]) -> set[int]:
    """Return where the pieces begin that edits write in other places: they are moved."""
    pieces = ((piece, edit) for edit in edits for piece in edit.pieces if isinstance(piece, Span))
    return {piece.start for piece, edit in pieces if not edit.start <= piece.start < edit.end}


def _offset(text: Text, finding: Finding) -> int:
    return text.start_of(finding.line) + finding.column - 1


def _is_python(text: str) -> bool:
    try:
        parse(text)
    except SyntaxError:
        return False
    return True
