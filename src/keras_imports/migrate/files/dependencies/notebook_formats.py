"""Read what the cells of a notebook install: `!pip install tensorflow==2.4`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keras_imports.flavours import PROVIDERS, canonical
from keras_imports.migrate.files.dependencies.declaration import (
    Declarations,
    parse_declaration,
)
from keras_imports.python.magics import INSTALL
from keras_imports.python.notebooks import BrokenNotebookError, placed_code

_LINE = re.compile(r"(?:[^\\]|\\[^n])+(?:\\n)?")  # of a string as JSON has it
_END = re.compile(r"[;&|#]|\\n$")
_WORD = re.compile(
    r"""(?P<quote>\\"|')(?P<quoted>.*?)(?P=quote)|(?P<bare>(?:[^\s\\"';]|\\[^n])+)"""
)


@dataclass(frozen=True)
class _Word:
    """A requirement or an option of a command, and where it stands with its quotes."""

    text: str
    start: int
    end: int
    quote: str

    @property
    def provides_keras(self) -> bool:
        """Whether it is the requirement of something that provides a Keras."""
        name = re.match(r"[\w.-]+", self.text)
        return name is not None and canonical(name[0]) in PROVIDERS


@dataclass(frozen=True)
class _Command:
    """A command that installs, on the line from `start` to `end`."""

    start: int
    end: int
    words: tuple[_Word, ...]

    @property
    def requirements(self) -> list[_Word]:
        """The words that are no options."""
        return [word for word in self.words if not word.text.startswith("-")]


def _commands(text: str) -> Iterator[_Command]:
    """Yield the commands that install something; none of what is no notebook."""
    try:
        strings = placed_code(text)
    except BrokenNotebookError:
        return
    for first, last in strings:
        for line in _LINE.finditer(text, first, last):
            command = INSTALL.match(line[0])
            if command is None:
                continue
            start = line.start() + command.start("what")
            end = _END.search(text, start, line.end())
            words = _WORD.finditer(text, start, end.start() if end else line.end())
            its = tuple(
                _Word(word["quoted"] or word["bare"] or "", *word.span(), word["quote"] or "")
                for word in words
            )
            yield _Command(*line.span(), its)


def read_notebook(text: str) -> Declarations:
    """Yield what a notebook installs that provides a Keras."""
    for command in _commands(text):
        is_only = len(command.requirements) == 1
        for word in command.requirements:
            before = len(text[: word.start]) - len(text[: word.start].rstrip(" \t"))
            quote = "" if word.quote else "'"
            declared = parse_declaration(
                word.text,
                word.start + len(word.quote),
                (word.start, word.end),
                " ",
                (command.start, command.end) if is_only else (word.start - before, word.end),
                f"line at {command.start}",
                quote=quote,
            )
            if declared is not None:
                yield declared


def without_installed(text: str) -> str:
    """Return a notebook without what provides a Keras, and commands that install nothing else."""
    parts, position = [], 0
    for command in _commands(text):
        if not any(word.provides_keras for word in command.words):
            continue
        others = [word.text for word in command.words if not word.provides_keras]
        is_empty = all(word.provides_keras for word in command.requirements)
        parts += [text[position : command.start], "" if is_empty else " ".join(others)]
        position = command.end
    return "".join([*parts, text[position:]])
