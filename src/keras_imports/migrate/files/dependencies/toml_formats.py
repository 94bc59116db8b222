"""Read what pyproject.toml and Pipfiles declare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keras_imports.flavours import DISTRIBUTIONS, canonical
from keras_imports.migrate.files.dependencies.declaration import (
    BACKENDS,
    SPECIFIER,
    Declaration,
    Declarations,
    Unread,
    module_of,
    newline_of,
    parse_declaration,
)

_TOML = re.compile(
    r"(?P<comment>\#[^\n]*)"
    r"|(?P<string>\"\"\"(?:\\.|[^\\])*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')"
    r"|(?P<open>[\[{])|(?P<close>[\]}])|(?P<equals>=)|(?P<newline>\n)|(?P<word>[\w.-]+)",
    re.DOTALL,
)


PACKAGES = ("packages", "dev-packages")  # the tables of a Pipfile
# The keys of a table that say where a requirement counts.
_CONDITIONS = {"python", "markers", "platform"}


def requires(path: tuple[str, ...]) -> bool:
    """Return whether the value at a path of a pyproject.toml is about what is required."""
    if is_poetry(path):
        return path[-1].endswith("dependencies")
    return any(part.endswith("dependencies") or part == "dependency-groups" for part in path)


def is_poetry(path: tuple[str, ...]) -> bool:
    """Return whether a path is one of Poetry's, whose tables have a row for each requirement."""
    return path[:2] == ("tool", "poetry")


def read_pyproject(text: str) -> Declarations:
    """Yield what the lists and Poetry's tables of a pyproject.toml declare."""
    newline = newline_of(text)
    for value in _toml(text):
        if is_poetry(value.path) and requires(value.path[:-1]):
            yield from value.of_table(text, value.path[-1], newline)
        elif not is_poetry(value.path) and requires(value.path):
            yield from value.of_list(text, newline)


def read_pipfile(text: str) -> Declarations:
    """Yield what a Pipfile declares."""
    newline = newline_of(text)
    for value in _toml(text):
        if value.path[0] in PACKAGES and len(value.path) == 2:
            yield from value.of_table(text, value.path[1], newline)


@dataclass(frozen=True)
class _Value:
    """A value of a TOML file, and the strings in it: where each stands, and the key it is of."""

    path: tuple[str, ...]
    key: tuple[int, int]
    end: int
    strings: tuple[tuple[int, int, str], ...]

    def of_list(self, text: str, newline: str) -> Declarations:
        """Yield the requirements in a list."""
        is_one_line = "\n" not in text[self.key[0] : self.end]
        for start, end, key in self.strings:
            if key:
                continue
            width = 3 if text[start : start + 3] in ('"""', "'''") else 1
            between = " " if is_one_line else newline + _indent(text, start)
            declared = parse_declaration(
                text[start + width : end - width],
                start + width,
                (start, end),
                f",{between}",
                _without_comma(text, start, end),
                ".".join(self.path),
                optional=self.path[:2] != ("project", "dependencies"),
            )
            if declared is not None:
                yield declared

    def of_table(self, text: str, name: str, newline: str) -> Declarations:
        """Yield the requirement that a key and its value make."""
        if canonical(name) not in (*DISTRIBUTIONS, *BACKENDS):
            return
        versions = [(s, e) for s, e, key in self.strings if key in ("", "version")]
        line = text[self.key[0] : self.end]
        content = text[versions[0][0] + 1 : versions[0][1] - 1] if len(versions) == 1 else "?"
        if content[:1].isdigit():
            content = f"=={content}"
        if not re.fullmatch(SPECIFIER, content) or text[self.key[0]] in "\"'":
            yield Unread(module_of(name), self.key[0], line.partition("\n")[0], is_whole=False)
            return
        start = self.key[0] - len(_indent(text, self.key[0]))
        following = re.compile(r"[ \t]*\r?\n?").match(text, self.end)
        more = {key for _, _, key in self.strings} - {"", "version"}
        yield Declaration(
            name=name,
            extras="",
            specifier=content,
            names=self.key,
            specifiers=(versions[0][0] + 1, versions[0][1] - 1),
            whole=(start, self.end),
            between=newline,
            removed=(start, following.end() if following else self.end),
            group=".".join(self.path[:-1]),
            condition=text[self.key[1] : versions[0][0]] + text[versions[0][1] : self.end]
            if more
            else "",
            is_single=not more <= _CONDITIONS,
            optional=self.path[:-1] not in (("tool", "poetry", "dependencies"), ("packages",)),
            takes_extras=False,
        )


def _indent(text: str, start: int) -> str:
    """Return the white space before an offset, if nothing else stands on its line there."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    return before if before.isspace() else ""


def _without_comma(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of an element of a list with its comma, or with its line if alone there."""
    after = re.compile(r"[ \t]*,?[ \t]*").match(text, end)
    stop = after.end() if after else end
    first = text.rfind("\n", 0, start) + 1
    newline = re.compile(r"\r?\n").match(text, stop)
    if not text[first:start].strip() and newline is not None:
        return first, newline.end()
    if "," not in text[end:stop]:
        before = text[:start].rstrip(" \t")
        return (len(before) - 1 if before.endswith(",") else start), end
    return start, stop


def _toml(text: str) -> Iterator[_Value]:
    """Yield the values of a TOML file, with their places, which no parser gives.

    Raise `ValueError` for one that does not end.
    """
    table: tuple[str, ...] = ()
    index = 0
    tokens = [t for t in _TOML.finditer(text) if t.lastgroup != "comment"]
    while index < len(tokens):
        token = tokens[index]
        if token.lastgroup == "open" and token[0] == "[":
            words = []
            while index < len(tokens) and tokens[index].lastgroup != "newline":
                words += _parts(tokens[index])
                index += 1
            table = tuple(words)
            continue
        if token.lastgroup not in ("word", "string"):
            index += 1
            continue
        first, last, keys = token, token, []
        while index < len(tokens) and tokens[index].lastgroup in ("word", "string"):
            keys += _parts(tokens[index])
            last = tokens[index]
            index += 1
        index += 1  # the equals sign
        strings: list[tuple[int, int, str]] = []
        names, end = [""], last.end()  # of the tables and lists around a value
        while index < len(tokens) and (len(names) > 1 or tokens[index].lastgroup != "newline"):
            token = tokens[index]
            kind = token.lastgroup
            if kind == "string":
                strings.append((token.start(), token.end(), names[-1]))
            elif kind == "word":
                names[-1] = token[0]
            elif kind == "open":
                names.append(names[-1] if token[0] == "[" else "")
            elif kind == "close" and len(names) > 1:
                names.pop()
            if kind != "newline":
                end = token.end()
            index += 1
        if len(names) > 1:
            raise ValueError("not TOML: a list or table does not end")
        yield _Value((*table, *keys), (first.start(), last.end()), end, tuple(strings))


def _parts(token: re.Match[str]) -> list[str]:
    """Return the parts of a key."""
    if token.lastgroup == "string":
        return [token[0][1:-1]]
    return [part for part in token[0].split(".") if part] if token.lastgroup == "word" else []
