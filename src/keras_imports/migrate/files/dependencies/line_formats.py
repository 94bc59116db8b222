"""Read what requirement files, setup.cfg, conda environments and setup.py declare."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_imports.migrate.files.dependencies.declaration import (
    Declaration,
    Declarations,
    Unread,
    newline_of,
    parse_declaration,
)

_LINE = re.compile(
    r"(?P<indent>[ \t]*)(?P<text>[^\s#;](?:.*?\S)??)(?P<after>[ \t]*(?:(?<=[ \t])#.*)?)\r?$"
)
_ITEM = re.compile(
    r"(?P<indent>[ \t]*-[ \t]+)(?P<quote>[\"']?)(?:[\w.-]+::)?"
    r"(?P<text>[^\s\"'#:](?:[^\"'#]*[^\s\"'#])?)(?P=quote)(?P<after>[ \t]*(?:#.*)?)\r?$"
)
# What conda alone has parts and builds of these two as.
_OF_CONDA = re.compile(r"(?P<module>keras|tensorflow)-(?:base|eigen|gpu|mkl)\b(?!-)")


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
    parts = _LINE.match(line.rstrip("\n"))
    if parts is None:
        return None
    end = start + len(line)
    if parts["after"]:
        end = start + parts.start("after")  # a comment stays
    place = start + parts.start("text")
    added = (parts["indent"], "", newline)
    return parse_declaration(parts["text"], place, (start, end), start, added, group, **more)


def read_requirements(text: str) -> Declarations:
    """Yield what a file of requirements declares."""
    for start, line in _lines(text):
        declared = _of_line(line, start, "requirements", newline_of(text))
        if declared is not None:
            yield declared


def read_setup_cfg(text: str) -> Declarations:
    """Yield what `install_requires` and `extras_require` of a setup.cfg declare."""
    section, option = "", ""
    for start, line in _lines(text):
        header = re.match(r"\[([^\]]+)\]", line)
        key = re.match(r"([\w.-]+)[ \t]*[=:][ \t]*", line)
        if header is not None:
            section, option = header[1].strip(), ""
        elif key is not None:
            option = key[1]
        is_extra = section == "options.extras_require"
        if not (is_extra and option) and (section, option) != ("options", "install_requires"):
            continue
        if key is not None:  # the first requirement may stand beside the name
            value, place = line[key.end() :].rstrip(), start + key.end()
            span, added = (place, place + len(value)), ("", "", f"{newline_of(text)}    ")
            declared = parse_declaration(
                value, place, span, place, added, option, optional=is_extra
            )
        elif header is None:
            declared = _of_line(line, start, option, newline_of(text), optional=is_extra)
        else:
            continue
        if declared is not None:
            yield declared


def read_environment(text: str) -> Declarations:
    """Yield what a conda environment declares, for conda and for pip."""
    is_inside, pip = False, -1  # how far the list for pip is indented, at least
    for start, line in _lines(text):
        depth = len(line) - len(line.lstrip())
        if re.match(r"[\w-]+:", line):
            is_inside = line.startswith("dependencies:")
        if depth <= pip:
            pip = -1
        if re.match(r"[ \t]*-[ \t]+pip:[ \t]*\r?$", line):
            pip = depth
            continue
        item = _ITEM.match(line.rstrip("\n"))
        if not is_inside or item is None:
            continue
        place = start + item.start("text")
        end = start + (item.start("after") if item["after"].strip() else len(line))
        added = (item["indent"] + item["quote"], "", item["quote"] + newline_of(text))
        declared = parse_declaration(
            item["text"],
            place,
            (start, end),
            start,
            added,
            "dependencies",
            takes_extras=pip >= 0,
        )
        if declared is not None:
            yield declared
        elif part := _OF_CONDA.match(item["text"]):
            yield Unread(part["module"], place, item["text"])


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
                declared = parse_declaration(inner.value, start, (0, 0), 0, ("", "", ""), name)
                if declared is not None:
                    yield declared
