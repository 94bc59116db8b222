"""Where dependency files declare what provides some Keras, so that only that is edited."""

from __future__ import annotations

import ast
import configparser
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from keras_imports.flavours import DISTRIBUTIONS, canonical

try:
    import tomllib
except ImportError:  # Python 3.10 has none
    tomllib = None

BACKENDS = ("jax", "torch")  # what Keras 3 runs on besides TensorFlow

_SPECIFIER = r"(?:(?:===?|~=|!=|<=|>=|<|>|=|\^|~)[ ]*[\w.*]+[ ]*,?[ ]*|\*)*"
_REQUIREMENT = re.compile(
    rf"(?P<name>[\w.-]+)(?P<extras>\[[^\]]*\])?(?P<gap>[ \t]*)\(?(?P<specifier>{_SPECIFIER})\)?"
    r"(?P<rest>[ \t]*(?:;.*)?)"
)
_LINE = re.compile(r"(?P<indent>[ \t]*)(?P<text>[^\s#;].*?)(?P<after>[ \t]*(?:(?<=[ \t])#.*)?)\r?$")
_ITEM = re.compile(
    r"(?P<indent>[ \t]*-[ \t]+)(?P<quote>[\"']?)(?:[\w.-]+::)?(?P<text>[^\s\"'#:][^\"'#]*?)"
    r"(?P=quote)(?P<after>[ \t]*(?:#.*)?)\r?$"
)
# What conda alone has parts and builds of these two as.
_OF_CONDA = re.compile(r"(?P<module>keras|tensorflow)-(?:base|eigen|gpu|mkl)\b(?!-)")
_TOML = re.compile(
    r"(?P<comment>\#[^\n]*)"
    r"|(?P<string>\"\"\"(?:\\.|[^\\])*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')"
    r"|(?P<open>[\[{])|(?P<close>[\]}])|(?P<equals>=)|(?P<newline>\n)|(?P<word>[\w.-]+)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Entry:
    """One declaration of something that provides a Keras, or that one runs on.

    `name` (with extras) and `specifier` are the spans of what may change, `removed` that of the
    whole. `group` is the list it stands in, `optional` whether that is an extra. `added` is what
    stands before, between and after the name and the specifier of another one, at `start`.
    """

    name: str
    extras: str
    specifier: str
    names: tuple[int, int]
    specifiers: tuple[int, int]
    removed: tuple[int, int]
    start: int
    added: tuple[str, str, str]
    group: str
    optional: bool = False
    takes_extras: bool = True

    @property
    def module(self) -> str:
        """The module that it provides."""
        return module_of(self.name)


@dataclass(frozen=True)
class Unread:
    """A declaration that is not of a form that can be edited, at an offset."""

    module: str
    start: int
    text: str


Found = Iterator["Entry | Unread"]


def module_of(name: str) -> str:
    """The module that a distribution provides, of those that are of interest."""
    return DISTRIBUTIONS.get(canonical(name), canonical(name))


def reader(path: str) -> Callable[[str], Found] | None:
    """What reads a dependency file; `None` for any other file."""
    folder, name = os.path.split(path)
    if name == "pyproject.toml":
        return read_pyproject
    if name == "Pipfile":
        return read_pipfile
    if name == "setup.cfg":
        return read_setup_cfg
    if name == "setup.py":
        return read_setup_py
    if name in ("environment.yml", "environment.yaml"):
        return read_environment
    in_requirements = os.path.basename(folder) == "requirements"
    if name.endswith((".txt", ".in")) and (name.startswith("requirements") or in_requirements):
        return read_requirements
    return None


def rest(path: str, text: str) -> Any:
    """All that a file says but what provides a Keras. `ValueError` if it is broken."""
    name = os.path.basename(path)
    try:
        if name.endswith((".yml", ".yaml")):
            return _other(yaml.safe_load(text))
        if name == "setup.cfg":
            config = configparser.RawConfigParser()
            config.read_string(text)
            return _other({s: {k: _bare(v) for k, v in config[s].items()} for s in config})
    except (yaml.YAMLError, configparser.Error) as error:
        raise ValueError(str(error).partition("\n")[0]) from None
    if name.endswith(".toml") or name == "Pipfile":
        return _other(tomllib.loads(text)) if tomllib else None
    return _other(_bare(text))


def _bare(text: str) -> list[str]:
    """The lines of a text without comments and empty ones."""
    return [line for line in re.sub(r"(?m)(?:^|[ \t])#.*", "", text).splitlines() if line.strip()]


def _other(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _other(value) for key, value in data.items() if not _provides(key)}
    if isinstance(data, list):
        return [_other(value) for value in data if not _provides(value)]
    return data


def _provides(value: object) -> bool:
    if not isinstance(value, str):
        return False
    name = re.match(r"\s*(?:[\w.-]+::)?([\w.-]+)", value)
    return name is not None and canonical(name[1]) in DISTRIBUTIONS


def _parsed(text: str) -> re.Match[str] | None:
    """A requirement as it is written, if it is one of something that is of interest."""
    found = _REQUIREMENT.match(text)
    return found if found and canonical(found["name"]) in (*DISTRIBUTIONS, *BACKENDS) else None


def _entry(
    text: str,
    start: int,
    removed: tuple[int, int],
    at: int,
    added: tuple[str, str, str],
    group: str,
    **more: bool,
) -> Entry | Unread | None:
    """What a requirement that starts at an offset declares; `None` for other distributions."""
    found = _parsed(text)
    if found is None:
        return None
    if found.end() != len(text):
        return Unread(module_of(found["name"]), start, text)
    return Entry(
        name=found["name"],
        extras=found["extras"] or "",
        specifier=found["specifier"].strip(),
        names=(start, start + found.end("extras" if found["extras"] else "name")),
        specifiers=(
            start + found.start("specifier"),
            start + found.start("specifier") + len(found["specifier"].rstrip()),
        ),
        removed=removed,
        start=at,
        added=added,
        group=group,
        **more,
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a text, with their ends, and where they start."""
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, line
        start += len(line)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _of_line(
    line: str, start: int, group: str, newline: str, **more: bool
) -> Entry | Unread | None:
    """The requirement on a line of its own."""
    found = _LINE.match(line.rstrip("\n"))
    if found is None:
        return None
    end = start + len(line)
    if found["after"]:
        end = start + found.start("after")  # a comment stays
    place = start + found.start("text")
    added = (found["indent"], "", newline)
    return _entry(found["text"], place, (start, end), start, added, group, **more)


def read_requirements(text: str) -> Found:
    """What a file of requirements declares."""
    for start, line in _lines(text):
        found = _of_line(line, start, "requirements", _newline(text))
        if found is not None:
            yield found


def read_setup_cfg(text: str) -> Found:
    """What `install_requires` and `extras_require` of a setup.cfg declare."""
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
            span, added = (place, place + len(value)), ("", "", f"{_newline(text)}    ")
            found = _entry(value, place, span, place, added, option, optional=is_extra)
        elif header is None:
            found = _of_line(line, start, option, _newline(text), optional=is_extra)
        else:
            continue
        if found is not None:
            yield found


def read_environment(text: str) -> Found:
    """What a conda environment declares, for conda and for pip."""
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
        found = _ITEM.match(line.rstrip("\n"))
        if not is_inside or found is None:
            continue
        place = start + found.start("text")
        end = start + (found.start("after") if found["after"].strip() else len(line))
        added = (found["indent"] + found["quote"], "", found["quote"] + _newline(text))
        entry = _entry(
            found["text"],
            place,
            (start, end),
            start,
            added,
            "dependencies",
            takes_extras=pip >= 0,
        )
        if entry is not None:
            yield entry
        elif part := _OF_CONDA.match(found["text"]):
            yield Unread(part["module"], place, found["text"])


def read_pyproject(text: str) -> Found:
    """What the lists and Poetry's tables of a pyproject.toml declare."""
    for value in _toml(text):
        *above, last = value.path
        is_poetry = value.path[:2] == ("tool", "poetry")
        if is_poetry and above[-1].endswith("dependencies"):
            yield from value.of_table(text, last)
        elif not is_poetry and any(
            part.endswith("dependencies") or part == "dependency-groups" for part in value.path
        ):
            yield from value.of_list(text)


def read_pipfile(text: str) -> Found:
    """What a Pipfile declares."""
    for value in _toml(text):
        if value.path[0] in ("packages", "dev-packages") and len(value.path) == 2:
            yield from value.of_table(text, value.path[1])


@dataclass(frozen=True)
class _Value:
    """A value of a TOML file, and the strings in it: where each stands, and the key it is of."""

    path: tuple[str, ...]
    key: tuple[int, int]
    end: int
    strings: tuple[tuple[int, int, str], ...]

    def of_list(self, text: str) -> Found:
        """The requirements in a list."""
        is_one_line = "\n" not in text[self.key[0] : self.end]
        for start, end, key in self.strings:
            if key:
                continue
            quote = text[start]
            removed = _without_comma(text, start, end)
            between = " " if is_one_line else _newline(text) + _indent(text, start)
            entry = _entry(
                text[start + 1 : end - 1],
                start + 1,
                removed,
                start,
                (quote, "", f"{quote},{between}"),
                ".".join(self.path),
                optional=self.path[:2] != ("project", "dependencies"),
            )
            if entry is not None:
                yield entry

    def of_table(self, text: str, name: str) -> Found:
        """The requirement that a key and its value make."""
        if canonical(name) not in (*DISTRIBUTIONS, *BACKENDS):
            return
        versions = [(s, e) for s, e, key in self.strings if key in ("", "version")]
        line = text[self.key[0] : self.end]
        content = text[versions[0][0] + 1 : versions[0][1] - 1] if len(versions) == 1 else "?"
        if content[:1].isdigit():
            content = f"=={content}"
        if not re.fullmatch(_SPECIFIER, content) or text[self.key[0]] in "\"'":
            yield Unread(module_of(name), self.key[0], line.partition("\n")[0])
            return
        start = self.key[0] - len(_indent(text, self.key[0]))
        following = re.compile(r"[ \t]*\r?\n?").match(text, self.end)
        yield Entry(
            name=name,
            extras="",
            specifier=content,
            names=self.key,
            specifiers=(versions[0][0] + 1, versions[0][1] - 1),
            removed=(start, following.end() if following else self.end),
            start=start,
            added=(_indent(text, self.key[0]), ' = "', f'"{_newline(text)}'),
            group=".".join(self.path[:-1]),
            optional=self.path[:-1] not in (("tool", "poetry", "dependencies"), ("packages",)),
            takes_extras=False,
        )


def _indent(text: str, start: int) -> str:
    before = text[text.rfind("\n", 0, start) + 1 : start]
    return before if before.isspace() else ""


def _without_comma(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of an element of a list with its comma, and with its line if it is alone there."""
    after = re.compile(r"[ \t]*,?[ \t]*").match(text, end)
    stop = after.end() if after else end
    first = text.rfind("\n", 0, start) + 1
    newline = re.compile(r"\r?\n").match(text, stop)
    if not text[first:start].strip() and newline is not None:
        return first, newline.end()
    if "," not in text[end:stop]:
        before = re.compile(r",[ \t]*$").search(text[:start])
        return (before.start() if before else start), end
    return start, stop


def _toml(text: str) -> Iterator[_Value]:
    """The values of a TOML file, whose parser gives no places. `ValueError` if one does not end."""
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
        strings, names, end = [], [""], last.end()  # of the tables and lists around a value
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
    if token.lastgroup == "string":
        return [token[0][1:-1]]
    return [part for part in token[0].split(".") if part] if token.lastgroup == "word" else []


def read_setup_py(text: str) -> Found:
    """What a setup.py declares; it is a program, and not edited."""
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
                entry = _entry(inner.value, start, (0, 0), 0, ("", "", ""), name)
                if entry is not None:
                    yield entry
