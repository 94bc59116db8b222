"""What `keras-imports where` says of a line of code: the line to write in each flavour, and why."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from keras_imports.asking.code import about_code, uses_keras
from keras_imports.asking.fragments import Fragment, Moved, moved, read_fragment
from keras_imports.commands.where import wrapped
from keras_imports.flavours import TARGETS
from keras_imports.knowledge.target import Target, parse_target

_Rows = Sequence[tuple[Target, Moved]]


def answer(code: str, flavours: list[str], release: str | None, as_json: bool) -> int:
    """Print what code becomes in each flavour; return 1 if it uses nothing of Keras."""
    targets = list(_targets(flavours, release))
    fragment = read_fragment(code)
    if not targets or fragment is None or not uses_keras(fragment):
        what = "uses nothing of Keras" if fragment else "is neither Python nor a name of Keras"
        print(json.dumps([]) if as_json else f"{code.strip()!r} {what}")
        return 1
    found = [(target, its) for target in targets if (its := moved(fragment, target))]
    said = list(about_code(fragment, targets[0]))
    if as_json:
        print(json.dumps(_as_json(fragment, found, said), indent=2))
    else:
        print("\n".join(_text(fragment, found, said)))
    return 0


def _targets(flavours: list[str], release: str | None) -> Iterator[Target]:
    """Yield what code is moved to: the flavours that are targets, in a release that they have."""
    asked = [flavour for flavour in flavours if flavour in TARGETS]
    for number, flavour in enumerate(asked):
        try:
            yield parse_target(f"{flavour}=={release}" if release else flavour)
        except ValueError:  # another flavour has that release
            if number == len(asked) - 1:
                return


def _text(fragment: Fragment, rows: _Rows, said: list[str]) -> Iterator[str]:
    code = fragment.shown(fragment.code)
    yield from code.splitlines()
    width = max(len(f"{target.flavour} {target.release}") for target, _ in rows)
    for target, its in rows:
        lines = [*its.imports, *its.code.splitlines()]
        shown = lines if its.changed else ["as it is" if not its.left else "cannot stay as it is"]
        label = f"{target.flavour} {target.release}"
        yield f"  {label:{width}}  {shown[0]}"
        yield from textwrap.indent("\n".join(shown[1:]), " " * (width + 4)).splitlines()
    if said:
        yield ""
    for each in said:
        yield from wrapped("", each)
    advice = dict.fromkeys(_advice(each, said) for _, its in rows for each in its.left)
    for each in advice:
        is_said = any(each[1:] in other or other.startswith("Import what") for other in said)
        if "keras-imports where" not in each and not is_said:
            yield from wrapped("", f"{each[0].upper()}{each[1:]}.")


def _advice(left: str, said: list[str]) -> str:
    """Return what to do about what was left, with the argument that it is for if none said so."""
    what, _, advice = left.rpartition("; ")
    argument = re.search(r"takes no (`\w+`)", what)
    if argument and not any(argument[1] in other for other in said):
        return f"for {argument[1]}: {advice}"
    return advice


def _as_json(fragment: Fragment, rows: _Rows, said: list[str]) -> list[dict[str, object]]:
    """Return the same for programs."""
    becomes = {str(target): asdict(its) for target, its in rows}
    code = fragment.shown(fragment.code)
    return [{"code": code, "becomes": becomes, "said": said}]
