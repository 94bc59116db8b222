"""Read what pyproject.toml and Pipfiles declare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from keras_imports.flavours import BUILDS, canonical
from keras_imports.knowledge import toml_tables as tables
from keras_imports.migrate.files.dependencies.declaration import (
    SPECIFIER,
    Declaration,
    Declarations,
    Unread,
    known_name,
    module_of,
    newline_of,
    parse_declaration,
    parse_source,
)
from keras_imports.toml import parse_toml

_TOML = re.compile(
    r"(?P<comment>\#[^\n]*)"
    r"|(?P<string>\"\"\"(?:\\.|[^\\])*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')"
    r"|(?P<open>[\[{])|(?P<close>[\]}])|(?P<equals>=)|(?P<comma>,)|(?P<newline>\n)|(?P<word>[\w.-]+)",
    re.DOTALL,
)


# The keys of a table that say where a requirement counts.
_CONDITIONS = {"python", "markers", "platform"}
_IN_SOURCES = "counts in the place of the release that is required"
_FROM_INDEX = "says where what is required is had from"
_IN_EXTRAS = "names what is required, and has to go with it"


def read_pyproject(text: str) -> Declarations:
    """Yield what the lists and tables of a pyproject.toml declare."""
    newline = newline_of(text)
    rows: set[tables.Path] = set()  # of several values, that were yielded
    for value in _toml(text):
        path = value.path
        index = tables.row_of(path, not value.is_list, known_name)
        if index is not None and path[:index] == tables.SOURCES:
            if path[: index + 1] not in rows:
                yield from value.of_sources(text, index)
        elif index == len(path) - 1 and tables.is_poetry(path):
            yield from value.of_table(text, path[-1], newline)
        elif index is not None:
            if path[: index + 1] not in rows:
                yield value.unread(text, index)
        elif path[:3] == tables.EXTRAS:
            yield from value.of_extras()
        else:
            if tables.is_list(path):
                yield from value.of_list(text, newline)
            yield from value.of_inner(text)
        if index is not None:
            rows.add(path[: index + 1])


def read_pipfile(text: str) -> Declarations:
    """Yield what a Pipfile declares."""
    newline = newline_of(text)
    for value in _toml(text):
        if tables.is_packages(value.path[0]) and len(value.path) == 2:
            yield from value.of_table(text, value.path[1], newline)


@dataclass(frozen=True)
class _String:
    """A string in a value of a TOML file: what it says, and the keys that lead to it there."""

    start: int
    end: int
    text: str
    keys: tuple[str, ...]
    is_item: bool  # of a list

    def is_plain(self, text: str) -> bool:
        """Return whether it stands in a text as what it says, with one quote at each end."""
        return text[self.start + 1 : self.end - 1] == self.text


@dataclass(frozen=True)
class _Value:
    """A value of a TOML file, and the strings in it."""

    path: tables.Path
    header: tuple[int, int]  # where its table begins, and how many parts of the path stand there
    key: tuple[int, int]
    end: int
    is_list: bool
    strings: tuple[_String, ...]

    def of_list(self, text: str, newline: str) -> Declarations:
        """Yield the requirements in a list."""
        is_one_line = "\n" not in text[self.key[0] : self.end]
        for string in self.strings:
            start, end = string.start, string.end
            if string.keys:
                continue
            width = 3 if text[start : start + 3] in ('"""', "'''") else 1
            between = " " if is_one_line else newline + _indent(text, start)
            declared = parse_declaration(
                string.text,
                start + width,
                (start, end),
                f",{between}",
                _without_comma(text, start, end),
                ".".join(self.path),
                optional=self.path[:2] != ("project", "dependencies"),
            )
            if isinstance(declared, Declaration) and text[start + width : end - width] != (
                string.text
            ):
                declared = Unread.of(declared.name, start, string.text)
            if declared is not None:
                yield declared

    def of_inner(self, text: str) -> Declarations:
        """Yield what the lists and tables in tables that stand on a line require."""
        for each in self.strings:
            path = (*self.path, *each.keys)
            index = tables.row_of(path, not each.is_item, known_name)
            if not each.keys:
                continue
            if index is not None:
                yield self.unread(text, index, each.keys)
            elif each.is_item and tables.is_list(path) and (name := known_name(each.text)):
                yield Unread.of(name, each.start, each.text)

    def of_extras(self) -> Declarations:
        """Yield the names in Poetry's lists of what an extra brings."""
        for each in self.strings:
            if name := known_name(each.text):
                yield Unread(module_of(name), each.start, name, None, _IN_EXTRAS, is_beside=True)

    def of_sources(self, text: str, index: int) -> Declarations:
        """Yield a row of uv's about where something is had from, once for each source in it."""
        row = self.unread(text, index)
        for told in tables.sources(text, self.path[index]) or [{}]:
            if "index" in told:
                yield replace(row, why=_FROM_INDEX, is_beside=True)
                continue
            place = told.get("git") or told.get("url") or told.get("path") or ""
            source = parse_source(f"{place}@{told['tag']}" if "tag" in told else place, row.start)
            specifier = source.specifier if source else None
            yield replace(row, specifier=specifier, why=_IN_SOURCES, overrules=True)

    def unread(self, text: str, index: int, keys: tables.Path = ()) -> Unread:
        """Return a row that is not edited: its name is a part of the path, or of keys after it."""
        start, count = self.header
        start = start if index < count else self.key[0]
        line = re.compile(r"[^\r\n#]*").match(text, start)
        name = (*self.path, *keys)[index]
        return Unread(module_of(name), start, line[0].strip() if line else name, None)

    def of_table(self, text: str, name: str, newline: str) -> Declarations:
        """Yield the requirement that a key and its value make."""
        if known_name(name) != name:
            return
        versions = [each for each in self.strings if each.keys in ((), ("version",))]
        content = versions[0].text if len(versions) == 1 else "?"
        if content[:1].isdigit():
            content = f"=={content}"
        is_plain = text[self.key[0]] not in "\"'" and all(each.is_plain(text) for each in versions)
        if not re.fullmatch(SPECIFIER, content) or not is_plain:
            yield self.unread(text, len(self.path) - 1)
            return
        if canonical(name) in BUILDS:
            row = self.unread(text, len(self.path) - 1)
            told = Unread.of(name, row.start, f"{name}{content.strip('*')}")
            yield replace(told, text=row.text)
            return
        (version,) = versions
        start = self.key[0] - len(_indent(text, self.key[0]))
        following = re.compile(r"[ \t]*\r?\n?").match(text, self.end)
        more = {".".join(each.keys) for each in self.strings} - {"", "version"}
        yield Declaration(
            name=name,
            extras="",
            specifier=content,
            names=self.key,
            specifiers=(version.start + 1, version.end - 1),
            whole=(start, self.end),
            between=newline,
            removed=(start, following.end() if following else self.end),
            group=".".join(self.path[:-1]),
            condition=text[self.key[1] : version.start] + text[version.end : self.end]
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
    header = 0
    index = 0
    tokens = [t for t in _TOML.finditer(text) if t.lastgroup != "comment"]
    while index < len(tokens):
        token = tokens[index]
        if token.lastgroup == "open" and token[0] == "[":
            words, header = [], token.start()
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
        strings: list[_String] = []
        is_list = index < len(tokens) and tokens[index][0] == "["
        # The brackets around a value, each with the keys that lead to what is within.
        around: list[tuple[str, tuple[str, ...]]] = []
        within: tuple[str, ...] = ()  # the keys that lead to what comes next
        end = last.end()
        while index < len(tokens) and (around or tokens[index].lastgroup != "newline"):
            token = tokens[index]
            kind = token.lastgroup
            is_table = bool(around) and around[-1][0] == "{"
            if is_table and kind in ("string", "word") and within == around[-1][1]:
                key = []
                while index < len(tokens) and tokens[index].lastgroup in ("word", "string"):
                    key += _parts(tokens[index])
                    index += 1
                within += tuple(key)
                continue
            if kind == "string":
                is_item = bool(around) and not is_table
                strings.append(_String(*token.span(), _content(token[0]), within, is_item))
            elif kind == "open":
                around.append((token[0], within))
            elif kind == "close" and around:
                _, within = around.pop()
            elif kind == "comma" and is_table:
                _, within = around[-1]
            if kind != "newline":
                end = token.end()
            index += 1
        if around:
            raise ValueError("not TOML: a list or table does not end")
        yield _Value(
            (*table, *keys),
            (header, len(table)),
            (first.start(), last.end()),
            end,
            is_list,
            tuple(strings),
        )


def _parts(token: re.Match[str]) -> list[str]:
    """Return the parts of a key."""
    if token.lastgroup == "string":
        return [_content(token[0])]
    return [part for part in token[0].split(".") if part] if token.lastgroup == "word" else []


def _content(string: str) -> str:
    """Return what a string of TOML says."""
    width = 3 if string[:3] in ('"""', "'''") else 1
    if "\\" in string or width == 3:
        with suppress(ValueError):
            return str(parse_toml(f"x = {string}")["x"])
    return string[width:-width]
