"""Plan what becomes of dependency files."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from keras_imports.engine.findings import Finding
from keras_imports.engine.outcome import Outcome
from keras_imports.migrate.files.dependencies.declaration import (
    BACKENDS,
    Declaration,
    Unread,
    known_name,
    module_of,
    specifier_of,
)
from keras_imports.migrate.files.dependencies.formats import all_else, is_data, reader, stated
from keras_imports.migrate.files.dependencies.goal import Goal
from keras_imports.migrate.files.dependencies.line_formats import read_requirements
from keras_imports.migrate.files.dependencies.plan import Around, New, planned, same
from keras_imports.parallel import Work
from keras_imports.python.edits import Edit, Span, Text, apply
from keras_imports.python.files import UnreadableError
from keras_imports.python.syntax import decode_utf8, with_mark_of

LOCKS = {"poetry.lock": "poetry lock", "uv.lock": "uv lock", "Pipfile.lock": "pipenv lock"}
_LARGEST = 1_000_000  # bytes; what people write is a thousand times as short
# What may require something that is of interest: TOML and YAML may write letters as escapes.
_MENTIONS = re.compile(r"(?<![\w-])(?:keras|tensorflow|tf[-_.])|\\[uUx]", re.IGNORECASE)
_COMPILED = re.compile(r"^#.*(?:pip-compile|uv pip compile|pip freeze)", re.MULTILINE)


@dataclass(frozen=True)
class File:
    """A dependency file, read."""

    path: str
    text: str
    data: bytes = b""  # what it was read from
    declarations: tuple[Declaration, ...] = ()
    unread: tuple[Unread, ...] = ()
    problem: str | None = None


def read(path: str, content_of: Callable[[str], bytes]) -> File:
    """Read a dependency file; its line ends are kept."""
    try:
        data = content_of(path)
        return _read(path, decode_utf8(data), data)
    except UnreadableError as error:
        # Of one that holds code, too, that is said with the code.
        return File(path, "", problem=str(error) if is_data(path) else None)


def _read(path: str, text: str, data: bytes = b"") -> File:
    how = reader(path)
    if how is None or not _MENTIONS.search(text):
        return File(path, text, data)
    if len(data) > _LARGEST and is_data(path):
        return File(path, text, data, problem=f"more than {_LARGEST // 1000} kB, not read")
    try:
        read = list(how(text))
        read += _overlooked(text, stated(path, text), read)
    except ValueError as error:
        return File(path, text, data, problem=str(error))
    declarations = tuple(each for each in read if isinstance(each, Declaration))
    unread = tuple(each for each in read if isinstance(each, Unread))
    return File(path, text, data, declarations, unread)


def _overlooked(
    text: str, names: Iterable[str], read: Iterable[Declaration | Unread]
) -> Iterator[Unread]:
    """Yield what a file requires without a place having been found for it: nothing is silent."""
    found = list(read)
    missing = Counter(map(module_of, names)) - Counter(each.module for each in found)
    known = {each.start if isinstance(each, Unread) else each.names[0] for each in found}
    for module in missing:
        places = (m.start() for m in _MENTIONS.finditer(text) if m.start() not in known)
        its = (
            place
            for place in places
            if module_of(known_name(text[place : place + 100]) or "") == module
        )
        start = next(its, 0)
        end = text.find("\n", start)
        shown = text[start : min(end, start + 100)] if end >= 0 else module
        yield Unread(module, start, shown, is_whole=False)


def _around(files: Sequence[File]) -> Around:
    """Return what files that are read together declare."""
    modules = {each.module for file in files for each in file.declarations}
    modules |= {each.module for file in files for each in file.unread}
    always = any(e.module == "tensorflow" and not e.optional for f in files for e in f.declarations)
    return Around(
        keras=bool(modules - {"tensorflow", *BACKENDS}),
        tensorflow=always,
        # Who installs one package in a notebook has the others already.
        backend=not modules.isdisjoint({"tensorflow", *BACKENDS})
        or any(file.path.endswith(".ipynb") for file in files),
    )


def plan_dependencies(
    paths: Iterable[str], goal: Goal, content_of: Callable[[str], bytes], seconds: float
) -> Iterator[tuple[File, Outcome, bytes]]:
    """Plan what becomes of dependency files, in some time each; yield file, outcome and content.

    Of the paths those that are no such file are passed over. `content_of` reads one, or says why
    it cannot be read. Requirement files of one directory are read together: one may declare what
    another leaves out.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for path in paths:
        if reader(path) is not None:
            folder, name = os.path.split(path)
            together = "" if reader(path) is read_requirements else name
            groups.setdefault((folder, together), []).append(path)

    def plan(names: list[str]) -> list[tuple[File, Outcome]]:
        return list(_together([read(path, content_of) for path in names], goal))

    planned_together = Work(plan, _lost, seconds)
    changed: dict[str, None] = {}
    for (folder, _), names in groups.items():
        for file, outcome in planned_together.all_done([names])[0]:
            if outcome.changed:
                changed[folder] = None
            if file.declarations or file.unread or file.problem:
                yield file, outcome, with_mark_of(file.data, outcome.text)
    for folder in changed:
        for lock, command in LOCKS.items():
            path = os.path.join(folder, lock)
            if os.path.exists(path):
                left = Finding(
                    1, 1, "", "it locks what was required before the migration", f"run `{command}`"
                )
                yield File(path, ""), Outcome("", left=(left,)), b""


def _lost(names: list[str], why: str) -> list[tuple[File, Outcome]]:
    """Return files that are read together, and cannot be planned."""
    return [(File(path, "", problem=why), Outcome("", problem=why)) for path in names]


def _together(files: list[File], goal: Goal) -> Iterator[tuple[File, Outcome]]:
    """Yield what becomes of files that are read together; each is right as a whole, or stays."""
    around = _around(files)
    outcomes = [_moved(file, goal, around) for file in files]
    again = [
        _read(file.path, outcome.text) if outcome.changed else file
        for file, outcome in zip(files, outcomes, strict=True)
    ]
    around_then = _around(again)
    is_stable = not any(_moved(file, goal, around_then).changed for file in again)
    for file, now, outcome in zip(files, again, outcomes, strict=True):
        if outcome.changed and not (
            is_stable
            and _only_requirements_differ(file, outcome)
            and _said(now) == _planned(file, goal, around)
        ):
            why = "it could not be changed without changing more than what is required"
            yield file, _moved(file, goal, around, why)
        else:
            yield file, outcome


def _only_requirements_differ(file: File, outcome: Outcome) -> bool:
    """Return whether a changed file says the same as before, but for what provides a Keras."""
    try:
        return all_else(file.path, file.text) == all_else(file.path, outcome.text)
    except ValueError:
        return False


def _said(file: File) -> list[tuple[str, str, str]]:
    """Return what a file declares: names, specifiers and on what condition."""
    return [(*same(each), each.condition) for each in file.declarations]


def _planned(file: File, goal: Goal, around: Around) -> list[tuple[str, str, str]]:
    """Return what a file is to declare."""
    plans = zip(file.declarations, planned(file.declarations, goal, around), strict=True)
    return [
        (*each, declaration.condition)
        for declaration, new in plans
        for each in ([same(declaration)] if new is None else new)
    ]


def _moved(file: File, goal: Goal, around: Around, unedited: str = "") -> Outcome:
    """Return a file with new requirements, and what a person has to write.

    All of it has to be written by a person where there is a reason why the file is `unedited`.
    """
    if file.problem:
        return Outcome(file.text, problem=file.problem)
    plans = list(zip(file.declarations, planned(file.declarations, goal, around), strict=True))
    text = Text(file.text)
    left: list[Finding] = []
    edits: list[Edit] = []
    unedited = unedited or _unedited(file)
    for declaration, new in plans:
        if new == [same(declaration)]:
            continue
        if new is None:
            message = f"`{declaration.name}` has no release that {goal.target} runs on"
            left.append(_left(text, declaration, message, "require `tensorflow`, and its CUDA"))
        elif unedited or (declaration.is_single and len(new) > 1):
            wanted = " and ".join(f"`{name}{specifier}`" for name, specifier in new)
            advice = f"require {wanted}" if wanted else "remove it"
            why = unedited or f"`{declaration.name}` is required with more than a version"
            left.append(_left(text, declaration, why, advice))
        else:
            edits += _edits(file.text, declaration, new)
    for one in file.unread:
        is_right = one.is_whole and goal.admits(one.module, specifier_of(one.text))
        if one.module in BACKENDS or is_right:
            continue
        line, column = text.place(one.start)
        message = f"`{one.text.strip()}` is written in a form that is not edited"
        left.append(
            Finding(line, column, one.text, message, f"see by hand that it fits {goal.target}")
        )
    left.sort(key=lambda place: (place.line, place.column))
    result = apply(file.text, edits)
    return Outcome(result, result != file.text, tuple(left))


def _unedited(file: File) -> str:
    """Return why a file is only looked at, "" for one that may be edited."""
    if os.path.basename(file.path) == "setup.py":
        return "setup.py is a program, and not edited"
    if _COMPILED.search(file.text[:2000]):
        return "this file was written by a tool, and is not edited"
    return ""


def _left(text: Text, declaration: Declaration, message: str, advice: str) -> Finding:
    line, column = text.place(declaration.names[0])
    return Finding(
        line,
        column,
        f"{declaration.name}{declaration.extras}{declaration.specifier}",
        message,
        advice,
    )


def _edits(text: str, declaration: Declaration, new: list[New]) -> Iterator[Edit]:
    """Yield what writes requirements in the place of one: the last there, the others before it.

    They are written as that one is, with all that it says besides.
    """
    if not new:
        yield Edit(*declaration.removed, ())
        return
    (start, end), (name_start, name_end) = declaration.whole, declaration.names
    first, last = declaration.specifiers
    before, gap, after = text[start:name_start], text[name_end:first], text[last:end]
    gap = "" if gap.isspace() else gap
    quote = declaration.quote
    others = [
        f"{before}{quote}{name}{gap}{specifier}{quote}{after}{declaration.between}"
        for name, specifier in new[:-1]
    ]
    name, specifier = new[-1]
    yield Edit(start, name_end, (*others, Span(start, name_start), f"{quote}{name}"))
    yield Edit(first, last, (f"{specifier}{quote}",))
