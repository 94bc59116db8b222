"""Files, moved in place: whatever is not to change in them stays byte for byte."""

from __future__ import annotations

import codecs
import json
import os
import stat
import tempfile
import tokenize
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path

from keras_imports.knowledge.origin import Origin, named
from keras_imports.knowledge.target import Target
from keras_imports.migrate.module import move
from keras_imports.migrate.outcome import Outcome
from keras_imports.migrate.passes.strings import mentions_path
from keras_imports.migrate.unfixed import Unfixed
from keras_imports.python import sources
from keras_imports.python.bindings import mentions_import
from keras_imports.python.notebooks import CannotReadError, Notebook

MARKDOWN = (".md", ".markdown")
DOCUMENTS = (*MARKDOWN, ".rst")
Move = Callable[..., Outcome]

_DEEP = "nested too deeply to be followed"


def migrate_text(
    text: str,
    target: Target,
    *,
    source: str | None = None,
    portable: str | None = None,
    file: str = "<text>",
) -> Outcome:
    """Python code moved to the target.

    `source` is the flavour and release that it is known to be written for; `portable` the module
    of a generated project that hands out Keras. Nothing is raised for code that cannot be moved.
    """
    given = [named(source)] if source else []
    return _mover(target, given, portable, file, frozenset())(text)


def _mover(
    target: Target, given: Iterable[Origin], portable: str | None, file: str, shared: frozenset[str]
) -> Move:
    """What moves a text to the target, as that of a file."""
    exports = os.path.basename(file) == "__init__.py" or file.endswith(DOCUMENTS) or "*" in shared
    known = {"portable": portable, "exports": exports, "shared": shared}
    return partial(_python, target=target, given=given, **known)


def _python(
    text: str,
    target: Target,
    given: Iterable[Origin],
    portable: str | None,
    exports: bool,
    shared: frozenset[str],
    kept: frozenset[str] = frozenset(),
) -> Outcome:
    if not _mentions(text, portable):
        return Outcome(text)
    try:
        tree = sources.parse(text)
        moved = move(text, tree, target, given, portable, exports, shared, kept)
        sources.parse(moved.proof)
    except SyntaxError as error:
        return Outcome(text, problem=sources.syntax_reason(error))
    except RecursionError:
        return Outcome(text, problem=_DEEP)
    return Outcome(moved.text, moved.text != text, moved.left)


def _mentions(text: str, portable: str | None) -> bool:
    leaf = portable.rpartition(".")[2] if portable else ""
    return mentions_import(text) or mentions_path(text) or bool(leaf and leaf in text)


def migrate_file(
    path: str,
    target: Target,
    *,
    given: Iterable[Origin] = (),
    portable: str | None = None,
    write: bool = True,
    docs: bool = False,
    shared: frozenset[str] = frozenset(),
) -> Outcome:
    """A Python file or notebook moved to the target, and written unless `write` is false.

    `given` are the releases that the code is known to be written for. With `docs` the file may be
    a document, too, and the doctests of a Python file are moved.
    Encoding, byte order mark, line ends and mode stay; the file is replaced at once or not at all.
    """
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            return Outcome("", problem="not a regular file")
        if status.st_size > sources.LARGEST:
            return Outcome("", problem="too large for source code, not read")
        data = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = sources.reason(error) if isinstance(error, OSError) else str(error)
        return Outcome("", problem=reason)
    move = _mover(target, given, portable, path, shared)
    leaf = (portable or "keras").rpartition(".")[2].encode()
    if b"keras" not in data and b"tensorflow" not in data and leaf not in data:
        return Outcome("")
    try:
        if path.endswith(".ipynb"):
            outcome, new = _notebook(data, move)
        elif docs and path.endswith(DOCUMENTS):
            is_markdown = path.endswith(MARKDOWN)
            outcome, new = _document(data, is_markdown, target.root == "keras", move)
        else:
            outcome, new = _module(data, move, docs)
    except (SyntaxError, UnicodeError, LookupError) as error:
        return Outcome("", problem=sources.decoding_reason(error))
    if outcome.changed and write:
        try:
            write_atomically(path, new)
        except OSError as error:
            problem = f"cannot be written: {sources.reason(error)}"
            return replace(outcome, changed=False, problem=problem)
    return outcome


def _module(data: bytes, move: Move, docs: bool) -> tuple[Outcome, bytes]:
    if b"\0" in data:
        return Outcome("", problem="not Python: contains a NUL byte"), data
    encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
    raw = data.decode(encoding)
    text = raw.replace("\r\n", "\n")
    is_dos = "\r" in raw and "\n" in text and raw.count("\r\n") == text.count("\n")
    if not is_dos:
        text = raw
    if "\r" in text.replace("\r\n", "\n"):
        return Outcome(raw, problem="has carriage returns inside of its lines"), data
    if docs and ">>>" in text:
        from keras_imports.migrate.files import documents as prose  # as few ask for it

        outcome = prose.module(text, move)
    else:
        outcome = move(text)
    new = outcome.text.replace("\n", "\r\n") if is_dos else outcome.text
    return replace(outcome, text=new), new.encode(encoding)


def _document(
    data: bytes, is_markdown: bool, is_root_known: bool, move: Move
) -> tuple[Outcome, bytes]:
    from keras_imports.migrate.files import documents as prose

    outcome = prose.document(data.decode("utf-8-sig"), is_markdown, is_root_known, move)
    return outcome, _mark(data) + outcome.text.encode()


def _mark(data: bytes) -> bytes:
    """The byte order mark, if there is one."""
    return codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""


def _notebook(data: bytes, move: Move) -> tuple[Outcome, bytes]:
    raw = data.decode("utf-8-sig")
    try:
        notebook = Notebook(raw)
    except CannotReadError as error:
        return Outcome(raw, problem=str(error)), data
    outcome = move(notebook.code, kept=notebook.words)
    left = tuple(_in_cell(notebook, unfixed) for unfixed in outcome.left)
    if not outcome.changed:
        return replace(outcome, text=raw, left=left, notes=notebook.notes), data
    text = notebook.with_code(outcome.text)
    json.loads(text)
    return Outcome(text, True, left, None, notebook.notes), _mark(data) + text.encode()


def _in_cell(notebook: Notebook, unfixed: Unfixed) -> Unfixed:
    """Return a finding in the code of a notebook as one in its cell."""
    cell, line = notebook.place(unfixed.line)
    return replace(unfixed, line=line, cell=cell, line_now=None)


def write_atomically(path: str, data: bytes) -> None:
    """Replace a file's content at once, keeping mode and owner; `OSError` if it cannot be done."""
    target = os.path.realpath(path)
    status = os.stat(target)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".keras-imports-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if hasattr(os, "chown"):
            with suppress(OSError):  # nobody but root may give a file away
                os.chown(temporary, status.st_uid, status.st_gid)
        os.chmod(temporary, stat.S_IMODE(status.st_mode))
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
