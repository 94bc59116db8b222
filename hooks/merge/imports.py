"""Settle what git calls a conflict of Python code where both sides only changed import lines."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import NamedTuple

WIDTH = 100  # that of the template's files
# As `git merge-file --diff3` writes a conflict.
HUNK = re.compile(
    r"^(?P<start><{7}[^\n]*\n)(?P<ours>.*?)^\|{7}[^\n]*\n(?P<base>.*?)"
    r"^(?P<middle>={7}\r?\n)(?P<theirs>.*?)^(?P<end>>{7}[^\n]*(?:\n|\Z))",
    re.MULTILINE | re.DOTALL,
)

Lines = Sequence[str]


class Imported(NamedTuple):
    """A name as an import statement binds it: `from module import name as alias`."""

    module: str | None  # None: `import name`
    name: str
    alias: str | None

    @property
    def statement(self) -> tuple[bool, str]:
        """Return what names of one statement share, which sorts as statements do in a file."""
        return (self.module is not None, self.module or self.name)


def settle_imports(text: str, related: bool = True) -> tuple[str, int]:
    """Merge the conflicts that are about imports alone; return the text, and how many are left.

    None is merged where the sides are not `related`, but of two files that happen to have one name.
    A conflict that is left loses its base and what both sides have in common.
    """
    left = 0

    def settle(hunk: re.Match[str]) -> str:
        nonlocal left
        base, ours, theirs = (hunk[side].splitlines(True) for side in ("base", "ours", "theirs"))
        merged = merge_imports(base, ours, theirs) if related else None
        if merged is not None:
            return "".join(merged)
        left += 1
        before = _common(ours, theirs)
        ours, theirs = ours[len(before) :], theirs[len(before) :]
        after = _common(ours[::-1], theirs[::-1])[::-1]
        ours, theirs = (side[: len(side) - len(after)] for side in (ours, theirs))
        return "".join(
            [*before, hunk["start"], *ours, hunk["middle"], *theirs, hunk["end"], *after]
        )

    return HUNK.sub(settle, text), left


def merge_imports(base: Lines, ours: Lines, theirs: Lines) -> list[str] | None:
    """Merge blocks of import statements by what they import.

    None where anything else is in them, a comment for one: nobody knows which name it is about.
    """
    before, mine, other = _imports(base), _imports(ours), _imports(theirs)
    if before is None or mine is None or other is None:
        return None
    gone = [name for name in before if name not in other]
    new = [name for name in other if name not in before and name not in mine]
    merged = [name for name in mine if name not in gone] + new
    end = "\r\n" if "".join([*ours, *theirs]).endswith("\r\n") else "\n"
    statements = list(dict.fromkeys(name.statement for name in merged if name not in new))
    for statement in dict.fromkeys(name.statement for name in new):
        if statement not in statements:
            later = [i for i, other in enumerate(statements) if other > statement]
            statements.insert(later[0] if later else len(statements), statement)
    return [
        line + end
        for statement in statements
        for line in _written(name for name in merged if name.statement == statement)
    ]


def _common(one: Lines, other: Lines) -> list[str]:
    """Return the lines that both begin with."""
    pairs = zip(one, other, strict=False)
    return [line for line, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)]


def _imports(lines: Lines) -> list[Imported] | None:
    """Return what import statements bind; None where anything else is among them."""
    text = "".join(lines)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    names: list[Imported] = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            names += [Imported(module, alias.name, alias.asname) for alias in node.names]
        elif isinstance(node, ast.Import):
            names += [Imported(None, alias.name, alias.asname) for alias in node.names]
        else:
            return None
    return None if "#" in text or not all(map(str.strip, lines)) else names


def _written(names: Iterable[Imported]) -> list[str]:
    """Write one statement, in the order that isort and ruff have."""
    ordered = sorted(set(names), key=_place)
    shown = [f"{n.name} as {n.alias}" if n.alias else n.name for n in ordered]
    module = ordered[0].module
    if module is None:
        return [f"import {name}" for name in shown]
    line = f"from {module} import {', '.join(shown)}"
    if len(line) <= WIDTH:
        return [line]
    return [f"from {module} import (", *(f"    {name}," for name in shown), ")"]


def _place(imported: Imported) -> tuple[int, str, str]:
    name = imported.name
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name.lower(), imported.alias or ""
