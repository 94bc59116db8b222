"""`keras-imports explain`: what a code means that `check` and `migrate` print."""

from __future__ import annotations

import argparse
from textwrap import fill, indent

from keras_imports.check.rules import CODES
from keras_imports.commands import add_examples
from keras_imports.engine.findings import Code

_REASONS = {
    "fails": "it raises, now or later",
    "differs": "it runs, and means something else",
    "private": "it works, by a path that is not public",
    "style": "it works, and is only another or an older way",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_examples(parser, "keras-imports explain KI007", "keras-imports explain")
    parser.add_argument("code", nargs="*", metavar="CODE", help="as in KI007; default: all")


def run(args: argparse.Namespace) -> int:
    """Print what the codes mean; raise `ValueError` for one that there is not."""
    names = [code.upper() for code in args.code]
    for name in names:
        if name not in CODES:
            raise ValueError(f"there is no code {name}; they are {', '.join(CODES)}")
    texts = [_whole(CODES[name]) for name in names] or [_short(code) for code in CODES.values()]
    print("\n\n".join(texts))
    return 0


def _short(code: Code) -> str:
    """Return what a code means, in a few lines."""
    reason = f"{code.reason}: {_REASONS[code.reason]}"
    head = f"{code.name}  {code.title} ({code.severity}; {reason})"
    return f"{head}\n{_paragraph(code.explanation)}"


def _whole(code: Code) -> str:
    """Return what a code means, with an example, and how it is silenced."""
    parts = [_short(code), _paragraph(f"In which releases: {code.since}.")]
    if code.example:
        against = ", ".join(code.example.installed)
        before = f"Found{f' against {against}' if against else ''}:"
        parts += [_code(before, code.example.before), _code("To be written:", code.example.after)]
    where = f"{code.silence} To silence it everywhere, write into pyproject.toml:"
    settings = f'[tool.keras-imports]\nignore = ["{code.name}"]'
    parts.append(f"{_paragraph(where)}\n{indent(settings, '      ')}")
    return "\n\n".join(parts)


def _paragraph(text: str) -> str:
    return fill(text, 88, initial_indent="  ", subsequent_indent="  ")


def _code(head: str, code: str) -> str:
    return f"  {head}\n{indent(code.rstrip(), '      ')}"
