"""Take out the statements that only set up TensorFlow, in code that is to run on other backends.

    K.set_session(tf.Session(config=config))

The comment above them goes as well. (Which they are, `engine/tensorflow_settings.py` finds out.)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_imports.engine.changes import Change, Wrong
from keras_imports.engine.codes import NEEDS_TENSORFLOW
from keras_imports.engine.module import Fix, ModuleInMigration
from keras_imports.python.edits import Edit, Span

_WRONG = Wrong.of(NEEDS_TENSORFLOW, "this only sets up TensorFlow")


def applies(module: ModuleInMigration) -> bool:
    """Return whether the code is to run on other backends."""
    return bool(module.target.backend)


def run(module: ModuleInMigration) -> Iterator[Fix]:
    """Yield the edits that take such statements out, those that follow each other at once."""
    for run_ in _runs(module):
        first, last = module.text.span(run_[0]), module.text.span(run_[-1])
        edit = _removal(module, run_, Span(first.start, last.end))
        yield Change(Span(first.start, last.end), first.start, (edit,), lambda: _WRONG, False)


def _runs(module: ModuleInMigration) -> Iterator[list[ast.stmt]]:
    """Yield the settings that follow each other in one block, the outermost alone."""
    found = module.settings
    seen: set[ast.stmt] = set()
    for node in sorted(found, key=lambda node: (node.lineno, node.col_offset)):
        _, block = module.tree.blocks[node]
        if node in seen or any(above in found for above in module.tree.above(node)):
            continue
        run_ = []
        for each in block[block.index(node) :]:
            if each not in found:
                break
            run_.append(each)
        seen.update(run_)
        yield run_


def _removal(module: ModuleInMigration, nodes: list[ast.stmt], span: Span) -> Edit:
    """Return the edit that takes statements out with their lines, as far as they have their own."""
    text, whole = module.text, module.text.text
    _, block = module.tree.blocks[nodes[0]]
    start, end = text.line_around(span)
    has_own_lines = not whole[start : span.start].strip() and (
        not whole[span.end : end].strip() or whole[span.end : end].strip().startswith("#")
    )
    if len(nodes) == len(block) and block is not module.tree.module.body:
        return Edit(span.start, span.end, ("pass",))
    if not has_own_lines:
        return Edit(span.start, span.end, ("pass",))
    lines = whole.split("\n")
    first, last = text.place(start)[0] - 1, text.place(span.end)[0]
    head = first
    while head and lines[head - 1].lstrip().startswith("#"):
        head -= 1
    gap, rest = _blanks(lines[:head][::-1]), _blanks(lines[last:-1])
    if not rest and last < len(lines) - 1:
        return Edit(start, end, ())  # the comment above is about what follows, too
    opens_block = not "".join(lines[:head]).strip() or lines[head - gap - 1].rstrip().endswith(":")
    gone = rest if opens_block else min(gap, rest)
    return Edit(text.start_of(head + 1), text.start_of(last + gone + 1), ())


def _blanks(lines: list[str]) -> int:
    """Return how many of the first lines are blank."""
    return next((index for index, line in enumerate(lines) if line.strip()), len(lines))
