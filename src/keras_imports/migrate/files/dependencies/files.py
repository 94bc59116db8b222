"""Plan what becomes of dependency files."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from keras_imports.engine.findings import Finding
from keras_imports.engine.outcome import Outcome
from keras_imports.flavours import PROVIDERS
from keras_imports.knowledge.toml_tables import requirement_files
from keras_imports.migrate.files.dependencies.declaration import (
    BACKENDS,
    Declaration,
    Reader,
    Unread,
    known_name,
    module_of,
)
from keras_imports.migrate.files.dependencies.formats import all_else, reader, stated
from keras_imports.migrate.files.dependencies.goal import Goal
from keras_imports.migrate.files.dependencies.line_formats import (
    other_files,
    read_constraints,
    read_requirements,
)
from keras_imports.migrate.files.dependencies.plan import Around, New, planned, same
from keras_imports.migrate.files.dependencies.toml_formats import read_pyproject
from keras_imports.parallel import Work
from keras_imports.python.edits import Edit, Span, Text, apply
from keras_imports.python.files import UnreadableError
from keras_imports.python.syntax import decode_utf8, with_mark_of

ContentOf = Callable[[str], bytes]
LOCKS = {"poetry.lock": "poetry lock", "uv.lock": "uv lock", "Pipfile.lock": "pipenv lock"}
_LARGEST = 1_000_000  # bytes; what people write is a thousand times as short
# What may require something that is of interest: TOML and YAML may write letters as escapes.
_FIRST_WORDS = "|".join({name.partition("-")[0] for name in PROVIDERS})
_MENTIONS = re.compile(rf"(?<![\w-])(?:{_FIRST_WORDS})|\\[uUx]", re.IGNORECASE)
_OF_PIP = (read_requirements, read_constraints)
_ADDING_NOTHING = Around(keras=True, tensorflow=True, backend=True)
_NOT_THERE = "names a file that is not looked at"
_COMPILED = re.compile(r"^#.*(?:pip-compile|uv pip compile|pip freeze)", re.MULTILINE)


@dataclass(frozen=True)
class File:
    """A dependency file, read."""

    path: str
    how: Reader
    text: str
    data: bytes = b""  # what it was read from
    declarations: tuple[Declaration, ...] = ()
    unread: tuple[Unread, ...] = ()
    problem: str | None = None


def read(path: str, how: Reader, content_of: ContentOf) -> File:
    """Read a dependency file; its line ends are kept."""
    try:
        data = content_of(path)
        return _read(path, how, decode_utf8(data), data)
    except UnreadableError as error:
        # Of one that holds code, too, that is said with the code.
        return File(path, how, "", problem=None if _is_code(path) else str(error))


def _is_code(path: str) -> bool:
    return path.endswith((".py", ".ipynb"))


def _read(path: str, how: Reader, text: str, data: bytes = b"") -> File:
    if not _MENTIONS.search(text):
        return File(path, how, text, data)
    if len(data) > _LARGEST and not _is_code(path):
        return File(path, how, text, data, problem=f"more than {_LARGEST // 1000} kB, not read")
    try:
        read = list(how(text))
        read += _overlooked(text, stated(path, text), read)
    except ValueError as error:
        return File(path, how, text, data, problem=str(error))
    declarations = tuple(each for each in read if isinstance(each, Declaration))
    unread = tuple(each for each in read if isinstance(each, Unread))
    return File(path, how, text, data, declarations, unread)


def _overlooked(
    text: str, required: Iterable[str], read: Iterable[Declaration | Unread]
) -> Iterator[Unread]:
    """Yield what a file requires without a place having been found for it: nothing is silent."""
    found = list(read)
    stated = Counter(module_of(known_name(each) or "") for each in required)
    missing = stated - Counter(each.module for each in found)
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
        yield Unread(module, start, shown, None)


def _around(files: Sequence[File]) -> Around:
    """Return what files that are read together declare; constraints declare nothing."""
    files = [file for file in files if file.how is not read_constraints]
    modules = {each.module for file in files for each in file.declarations}
    modules |= {each.module for file in files for each in file.unread}
    always = any(e.module == "tensorflow" and not e.optional for f in files for e in f.declarations)
    return Around(
        keras=bool(modules - {"", "tensorflow", *BACKENDS}),
        tensorflow=always,
        # Who installs one package in a notebook has the others already.
        backend=not modules.isdisjoint({"tensorflow", *BACKENDS})
        or any(file.path.endswith(".ipynb") for file in files),
    )


def plan_dependencies(
    paths: Sequence[str], goal: Goal, content_of: ContentOf, seconds: float
) -> Iterator[tuple[File, Outcome, bytes]]:
    """Plan what becomes of dependency files, in some time each; yield file, outcome and content.

    Of the paths those that are no such file are passed over. `content_of` reads one, or says why
    it cannot be read. Requirement files of one directory are read together: one may declare what
    another leaves out.
    """
    readers, elsewhere = _readers(paths, content_of, goal)
    groups: dict[tuple[str, str], list[str]] = {}
    for path, how in readers.items():
        folder, name = os.path.split(path)
        groups.setdefault((folder, "" if how in _OF_PIP else name), []).append(path)

    def plan(names: list[str]) -> list[tuple[File, Outcome]]:
        files = (read(path, readers[path], content_of) for path in names)
        files = (replace(f, unread=(*f.unread, *elsewhere.get(f.path, ()))) for f in files)
        return list(_together([*files], goal))

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
                yield File(path, read_requirements, ""), Outcome("", left=(left,)), b""


def _readers(
    paths: Sequence[str], content_of: ContentOf, goal: Goal
) -> tuple[dict[str, Reader], dict[str, list[Unread]]]:
    """Return how each dependency file is read, and what files name others that are not there.

    Requirement files may name others, whatever those are called, and so may a pyproject.toml.
    """
    readers = {path: how for path in paths if (how := reader(path)) is not None}
    there = {os.path.normpath(path): path for path in paths}
    elsewhere: dict[str, list[Unread]] = {}
    queue = [path for path, how in readers.items() if how in (*_OF_PIP, read_pyproject)]
    for path in queue:  # it grows by those that they name
        try:
            text = decode_utf8(content_of(path))
        except UnreadableError:
            continue
        named_here = _named_in_pyproject if readers[path] is read_pyproject else other_files
        for start, name, is_constraint in named_here(text):
            place = os.path.normpath(os.path.join(os.path.dirname(path), name))
            other = there.get(place)
            if other is None:
                if "://" in name or os.path.exists(place):
                    line = text[start:].partition("\n")[0] if readers[path] in _OF_PIP else name
                    is_fine = "://" in name or _fits(place, content_of, goal)
                    named = Unread("", start, line, None, _NOT_THERE, is_beside=is_fine)
                    elsewhere.setdefault(path, []).append(named)
                continue
            if other not in readers:
                queue.append(other)
            if is_constraint:  # requirements may be constraints of others, and stay what they are
                readers.setdefault(other, read_constraints)
            elif readers.get(other, read_constraints) is read_constraints:
                readers[other] = read_requirements
    return readers, elsewhere


def _named_in_pyproject(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the requirement files that a pyproject.toml names, as `other_files` does."""
    if "dynamic" not in text or len(text) > _LARGEST:
        return
    try:
        names = requirement_files(text)
    except ValueError:  # it is said where the file is read
        return
    for name in names:
        yield max(text.find(name), 0), name, False


def _fits(path: str, content_of: ContentOf, goal: Goal) -> bool:
    """Return whether what a file of another place requires is right already, or nothing of ours."""
    try:
        read = [*read_requirements(decode_utf8(content_of(path)))]
    except UnreadableError:
        return False
    return all(
        each.module in BACKENDS
        or (each.specifier is not None and goal.admits(each.module, each.specifier))
        for each in read
    )


def _lost(names: list[str], why: str) -> list[tuple[File, Outcome]]:
    """Return files that are read together, and cannot be planned."""
    files = (File(path, read_requirements, "", problem=why) for path in names)
    return [(file, Outcome("", problem=why)) for file in files]


def _together(files: list[File], goal: Goal) -> Iterator[tuple[File, Outcome]]:
    """Yield what becomes of files that are read together; each is right as a whole, or stays."""
    around = _around(files)
    outcomes = [_moved(file, goal, around) for file in files]
    again = [
        _read(file.path, file.how, outcome.text) if outcome.changed else file
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
    return [
        (*each, declaration.condition)
        for declaration, new in _plans(file, goal, around)
        for each in ([same(declaration)] if new is None else new)
    ]


def _plans(
    file: File, goal: Goal, around: Around
) -> Iterator[tuple[Declaration, list[New] | None]]:
    """Yield each declaration of a file with what takes its place."""
    if file.how is read_constraints:
        around = _ADDING_NOTHING
    yield from zip(file.declarations, planned(file.declarations, goal, around), strict=True)


def _moved(file: File, goal: Goal, around: Around, unedited: str = "") -> Outcome:
    """Return a file with new requirements, and what a person has to write.

    All of it has to be written by a person where there is a reason why the file is `unedited`.
    """
    if file.problem:
        return Outcome(file.text, problem=file.problem)
    plans = list(_plans(file, goal, around))
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
    changing = {its.module for its, new in plans if same(its) not in (new or ())}
    for one in file.unread if goal.code.keras else ():
        if one.module in BACKENDS or not _matters(one, goal, changing):
            continue
        line, column = text.place(one.start)
        message = f"`{one.text.strip()}` {one.why}"
        advice = "see by hand that it fits what is required now"
        if one.module and not one.is_beside:
            advice = f"see by hand that it fits {goal.target}{_instead_of(one, goal, around)}"
        left.append(Finding(line, column, one.text, message, advice))
    places = sorted(dict.fromkeys(left), key=lambda place: (place.line, place.column))
    result = apply(file.text, edits)
    return Outcome(result, result != file.text, tuple(places))


def _matters(one: Unread, goal: Goal, changing: Collection[str]) -> bool:
    """Return whether a person has to look at what is not edited; these modules change."""
    if one.is_beside:
        return one.module in changing or bool(changing and not one.module)
    return one.specifier is None or not goal.admits(one.module, one.specifier)


def _instead_of(one: Unread, goal: Goal, around: Around) -> str:
    """Return what else may be required in the place of what is not edited."""
    its = Declaration.named(one.module, one.specifier or "==0")
    (new,) = planned([its], goal, around)
    if not new or one.overrules:
        return ", or remove it"
    if new == [same(its)]:
        return ""
    wanted = " and ".join(f"`{name}{specifier}`" for name, specifier in new)
    return f", or require {wanted} instead"


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
