"""Read what requirement files, setup.cfg and setup.py declare."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from keras_imports.migrate.files.dependencies.declaration import (
    Declaration,
    Declarations,
    Unread,
    newline_of,
    parse_declaration,
)

_LINE = re.compile(
    r"(?P<indent>[ \t]*)(?P<text>[^\s#;](?:.*?\S)??)(?P<after>[ \t]*(?:(?<=[ \t])#.*)?)$"
)
_OTHER_FILE = re.compile(r"(?P<option>-[rc]|--(?:requirement|constraint))[ =]*(?P<file>[^\s#]+)")
_LISTS = ("install_requires", "setup_requires", "tests_require")  # of a setup.cfg
_ENDS = "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # of lines, as `str.splitlines` knows them


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text, with their ends, and where they start."""
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, line
        start += len(line)


def _of_line(
    line: str, start: int, group: str, newline: str, **more: bool
) -> Declaration | Unread | None:
    """Return the requirement on a line of its own."""
    parts = _LINE.match(line.rstrip(_ENDS))
    if parts is None:
        return None
    end = start + len(line)
    if parts["after"]:
        end = start + parts.start("after")  # a comment stays
    place = start + parts.start("text")
    whole = (start, start + parts.end("text"))
    return parse_declaration(parts["text"], place, whole, newline, (start, end), group, **more)


def read_requirements(text: str) -> Declarations:
    """Yield what a file of requirements declares."""
    return _requirements(text, takes_extras=True)


def read_constraints(text: str) -> Declarations:
    """Yield what a file of constraints says of what is required elsewhere."""
    return _requirements(text, takes_extras=False)


def _requirements(text: str, takes_extras: bool) -> Declarations:
    newline = newline_of(text)
    for start, line in _lines(text):
        declared = _of_line(line, start, "requirements", newline, takes_extras=takes_extras)
        if declared is not None:
            yield declared


def other_files(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the other files that a file of requirements names, and whether they are constraints."""
    for start, line in _lines(text):
        if other := _OTHER_FILE.match(line):
            yield start, other["file"], other["option"] in ("-c", "--constraint")


def read_setup_cfg(text: str) -> Declarations:
    """Yield what the lists of a setup.cfg declare, those of extras among them."""
    section, option, newline = "", "", newline_of(text)
    lines = [*_lines(text), (len(text), "")]
    for (start, line), (_, following) in pairwise(lines):
        header = re.match(r"\[([^\]]+)\]", line)
        key = re.match(r"([\w.-]+)[ \t]*[=:][ \t]*", line)
        if header is not None:
            section, option = header[1].strip(), ""
        elif key is not None:
            option = key[1]
        is_extra = option != "install_requires"
        if not is_list(section, option):
            continue
        if key is not None:  # the first requirement may stand beside the name, or all of them
            is_alone = not following[:1].isspace() or not following.strip()
            between = f"{newline}    "
            value = line[key.end() :].rstrip()
            if is_alone and ";" in value:
                yield from _in_one_line(value, start + key.end(), option, is_extra)
                continue
            place = start + key.end()
            whole = (place, place + len(value))
            declared = parse_declaration(
                value, place, whole, between, whole, option, optional=is_extra
            )
        elif header is None:
            declared = _of_line(line, start, option, newline, optional=is_extra)
        else:
            continue
        if declared is not None:
            yield declared


def is_list(section: str, option: str) -> bool:
    """Return whether an option of a setup.cfg is a list of requirements."""
    if section == "options.extras_require":
        return bool(option)
    return section == "options" and option.lower().replace("-", "_") in _LISTS


def _in_one_line(value: str, start: int, group: str, is_extra: bool) -> Declarations:
    """Yield the requirements of a list with semicolons: there are no markers in it."""
    for part in re.finditer(r"[^\s;](?:[^;]*[^\s;])?", value):
        whole = (start + part.start(), start + part.end())
        after = re.compile(r"[ \t]*;[ \t]*").match(value, part.end())
        removed = (whole[0], start + after.end()) if after else whole
        declared = parse_declaration(
            part[0], whole[0], whole, "; ", removed, group, optional=is_extra
        )
        if declared is not None:
            yield declared


def read_setup_py(text: str) -> Declarations:
    """Yield what a setup.py declares; it is a program, and not edited."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    offsets = [0]
    for line in text.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    for node in ast.walk(tree):
        name, value = "", None
        if isinstance(node, ast.keyword):
            name, value = node.arg or "", node.value
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name, value = node.targets[0].id, node.value
        if value is None or not re.search("req|depend", name, re.IGNORECASE):
            continue
        for inner in ast.walk(value):
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                start = offsets[inner.lineno - 1] + inner.col_offset
                declared = parse_declaration(inner.value, start, (0, 0), "", (0, 0), name)
                if declared is not None:
                    yield declared
