"""Read what conda environments declare, by the events of a YAML parser, which has their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from keras_imports.migrate.files.dependencies.declaration import (
    Declaration,
    Declarations,
    Unread,
    known_name,
    newline_of,
    parse_declaration,
    parse_source,
    specifier_of,
)

_DEEPEST = 50  # levels of lists and mappings
# What conda alone has parts and builds of these two as.
_OF_CONDA = re.compile(r"(?P<module>keras|tensorflow)-(?:base|eigen|gpu|mkl)\b(?!-)")
_CHANNEL = re.compile(r"[\w.-]{1,100}::")
_BEFORE = re.compile(r"[ \t]*-[ \t]+")
_AFTER = re.compile(r"[ \t]*(?P<comment>#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")


def events_of(text: str) -> Iterator[yaml.Event]:
    """Yield the events of a YAML file, no anchor followed.

    Raise `ValueError` if it is none, or is nested as no environment is.
    """
    depth = 0
    try:
        for event in yaml.parse(text, yaml.SafeLoader):
            yield event
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                raise ValueError(f"nested more than {_DEEPEST} levels deep")
    except yaml.YAMLError as error:
        raise ValueError(f"this is no YAML: {_reason(error)}") from None


def _reason(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return f"{said}, in line {mark.line + 1}" if mark else said


@dataclass
class _Level:
    """A mapping or a list that is not closed: where it stands, and its last key."""

    path: tuple[str, ...]
    is_mapping: bool
    anchor: str | None
    key: str | None = None

    def step(self, event: yaml.Event) -> tuple[str, ...] | None:
        """Return the path of what an event begins, `None` if that is a key."""
        if not self.is_mapping:
            return (*self.path, "")
        if self.key is None:
            self.key = event.value if isinstance(event, yaml.ScalarEvent) else "?"
            return None
        key, self.key = self.key, None
        return (*self.path, key)


def read_environment(text: str) -> Declarations:
    """Yield what a conda environment declares, for conda and for pip."""
    levels: list[_Level] = []
    newline = newline_of(text)
    anchored: dict[str | None, list[Unread]] = {}  # what stands at anchors
    for event in events_of(text):
        if isinstance(event, yaml.CollectionEndEvent):
            levels.pop()
        if not isinstance(event, yaml.NodeEvent):
            continue
        path = levels[-1].step(event) if levels else ()
        if isinstance(event, yaml.CollectionStartEvent):
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            levels.append(_Level(("?",) if path is None else path, is_mapping, event.anchor))
        elif path is None:
            continue
        elif isinstance(event, yaml.AliasEvent):
            if path[0] in ("dependencies", "<<"):
                for one in anchored.get(event.anchor, ()):
                    text_here = f"*{event.anchor} ({one.text.strip()})"
                    yield Unread(one.module, _span(event)[0], text_here, one.specifier)
        elif isinstance(event, yaml.ScalarEvent):
            is_required = path in (("dependencies", ""), ("dependencies", "", "pip", ""))
            declared = _of_scalar(text, event, newline, takes_extras="pip" in path)
            if declared is None:
                continue
            for name in {event.anchor, *(each.anchor for each in levels)} - {None}:
                specifier = declared.specifier
                one = Unread(declared.module, _span(event)[0], event.value, specifier)
                anchored.setdefault(name, []).append(one)
            if is_required:
                yield declared


def _span(event: yaml.Event) -> tuple[int, int]:
    """Return the offsets of what an event is about."""
    assert event.start_mark and event.end_mark  # noqa: S101, PT018, there are places in a text
    return event.start_mark.index, event.end_mark.index


def _of_scalar(
    text: str, event: yaml.ScalarEvent, newline: str, takes_extras: bool
) -> Declaration | Unread | None:
    """Return what an item of a list requires; it is edited where it stands alone on a line."""
    channel = _CHANNEL.match(event.value)
    value = event.value[channel.end() :] if channel else event.value
    part = _OF_CONDA.match(value)
    name = known_name(value)
    start, end = _span(event)
    if name is None:
        if part:
            return Unread(part["module"], start, value, specifier_of(value))
        return parse_source(event.value, start)
    quote = event.style or ""
    first = max(text.rfind(end, 0, start) for end in newline) + 1
    after = _AFTER.match(text, end)
    is_plain = quote in ("", "'", '"') and text[start:end] == f"{quote}{event.value}{quote}"
    if not (is_plain and after and _BEFORE.fullmatch(text, first, start)):
        return Unread.of(name, start, event.value)
    return parse_declaration(
        value,
        end - len(quote) - len(value),
        (first, end),
        newline,
        (first, end if after["comment"] else after.end()),
        "dependencies",
        takes_extras=takes_extras,
    )
