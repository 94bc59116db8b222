"""Migrate one file in place: whatever is not to change in it stays byte for byte."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace

from keras_imports.engine.findings import Finding
from keras_imports.engine.job import Job, UsedElsewhere
from keras_imports.engine.mentions import mentions_in_bytes
from keras_imports.engine.outcome import Outcome
from keras_imports.engine.text import migrate_text
from keras_imports.migrate.files.atomic import write_atomically
from keras_imports.python.files import SUFFIXES, UnreadableError, read_bytes, reason
from keras_imports.python.line_ends import with_ends_of
from keras_imports.python.notebooks import BrokenNotebookError, Notebook
from keras_imports.python.syntax import decode, decode_utf8, nul_reason, with_mark_of

MARKDOWN = (".md", ".markdown")
DOCUMENTS = (*MARKDOWN, ".rst")

Migrate = Callable[[str], Outcome]


@dataclass(frozen=True)
class Planned:
    """What is to become of a file; if it changes, its content that was read, and the new one."""

    outcome: Outcome
    read: bytes = b""
    data: bytes = b""


def plan_file(path: str, job: Job, imported: frozenset[str] = frozenset()) -> Planned:
    """Plan the migration of a Python file or notebook, or a document.

    `imported` is what others import from it. Encoding, byte order mark and line ends stay.
    """
    try:
        data = read_bytes(path)
    except UnreadableError as error:
        return Planned(Outcome("", problem=str(error)))
    if job.told is None and not mentions_in_bytes(data, job.portable, job.packages):
        is_unread = path.endswith(SUFFIXES) and b"\0" in data[:4096]
        return Planned(Outcome("", problem=nul_reason(data)[0] if is_unread else None))
    try:
        outcome, new = _migrate(path, data, job, used_elsewhere(path, imported))
    except UnreadableError as error:
        return Planned(Outcome("", problem=str(error)))
    return Planned(outcome, data, new) if outcome.changed else Planned(outcome)


def migrate_file(path: str, job: Job, imported: frozenset[str] = frozenset()) -> Outcome:
    """Migrate one file by itself, and write it; it is replaced at once or not at all."""
    planned = plan_file(path, job, imported)
    outcome = planned.outcome
    if outcome.changed:
        try:
            write_atomically(path, planned.data)
        except OSError as error:
            problem = f"cannot be written: {reason(error)}"
            return replace(outcome, changed=False, problem=problem)
    return outcome


def used_elsewhere(path: str, imported: frozenset[str] = frozenset()) -> UsedElsewhere:
    """Return what is used of a file's names, of which others are known to import some."""
    is_package = os.path.basename(path) == "__init__.py"
    is_open = is_package or path.endswith(DOCUMENTS) or "*" in imported
    return UsedElsewhere(imported, is_open=is_open)


def decoded(path: str, data: bytes) -> str:
    """Return the text of a file that could be migrated, and so be read."""
    is_module = path.endswith(SUFFIXES) and not path.endswith(".ipynb")
    return decode(data)[0] if is_module else decode_utf8(data)


def _migrate(path: str, data: bytes, job: Job, used: UsedElsewhere) -> tuple[Outcome, bytes]:
    """Return what becomes of a file's content, as text and as bytes."""

    def migrate(text: str) -> Outcome:
        return migrate_text(text, job, used)

    if path.endswith(".ipynb"):
        return _notebook(data, job, used)
    if job.docs and path.endswith(DOCUMENTS):
        from keras_imports.migrate.files import documents  # as few ask for it

        is_root_known = job.target.root == "keras"
        text = decode_utf8(data)
        outcome = documents.document(text, path.endswith(MARKDOWN), is_root_known, migrate)
        return outcome, with_mark_of(data, outcome.text)
    return _module(data, migrate, job.docs)


def _module(data: bytes, migrate: Migrate, docs: bool) -> tuple[Outcome, bytes]:
    if b"\0" in data:
        return Outcome("", problem=nul_reason(data)[0]), data
    raw, encoding = decode(data)
    if _encoded(raw, encoding) != data:
        return Outcome(raw, problem=f"{encoding} text, which cannot be written as it was"), data
    text = raw.replace("\r\n", "\n")
    if "\r" in text:
        return Outcome(raw, problem="has carriage returns inside of its lines"), data
    if docs and ">>>" in text:
        from keras_imports.migrate.files import documents

        outcome = documents.module(text, migrate)
    else:
        outcome = migrate(text)
    new = with_ends_of(raw, outcome.text)
    written = _encoded(new, encoding)
    if written is None:
        problem = f"what it would become cannot be written in {encoding}"
        return Outcome(raw, problem=problem), data
    return replace(outcome, text=new), written


def _encoded(text: str, encoding: str) -> bytes | None:
    try:
        return text.encode(encoding)
    except UnicodeError:
        return None


def _notebook(data: bytes, job: Job, used: UsedElsewhere) -> tuple[Outcome, bytes]:
    raw = decode_utf8(data)
    try:
        notebook = Notebook(raw)
    except BrokenNotebookError as error:
        return Outcome(raw, problem=str(error)), data
    outcome = migrate_text(notebook.code, job, replace(used, mentioned=notebook.words))
    if not outcome.changed:
        left = tuple(_in_cell(unfixed, notebook, notebook) for unfixed in outcome.left)
        return replace(outcome, text=raw, left=left, notes=notebook.notes), data
    text = notebook.with_code(outcome.text)
    now = Notebook(text)
    left = tuple(_in_cell(unfixed, notebook, now) for unfixed in outcome.left)
    outcome = replace(outcome, text=text, left=left, notes=notebook.notes)
    return outcome, with_mark_of(data, text)


def _in_cell(unfixed: Finding, notebook: Notebook, now: Notebook) -> Finding:
    """Return a finding in the code of a notebook as one in its cell, as it was and is now."""
    cell, line = notebook.place(unfixed.line)
    line_now = now.place(unfixed.line_now)[1] if unfixed.line_now else None
    return replace(unfixed, line=line, cell=cell, line_now=line_now)
