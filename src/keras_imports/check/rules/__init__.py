"""What is wrong with a module's use of Keras in one environment."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from keras_imports.check.rules.arguments import wrong_arguments
from keras_imports.check.rules.mixing import mixed_flavours, overridden_training
from keras_imports.check.rules.paths import other_flavour, wrong_paths
from keras_imports.check.rules.subject import Findings, Subject
from keras_imports.python.sources import Source
from keras_imports.report import Finding

Rules = tuple[Callable[[Subject], Findings], ...]

RULES: Rules = (wrong_paths, other_flavour, wrong_arguments, mixed_flavours, overridden_training)
STUB_RULES: Rules = (wrong_paths,)

_NOQA = re.compile(r"#\s*noqa\b(?!:\s*[a-z]+\d+)|#\s*noqa:(?P<codes>[\sA-Z\d,]+)", re.IGNORECASE)


def check(subject: Subject, only: Rules | None = None) -> list[Finding]:
    """All findings in one module, by line; those under `# noqa` left out."""
    statements = {r.node: r.statement for r in subject.module.references}
    rows: dict[tuple[int, int, str], Finding] = {}
    failing: set[ast.AST] = set()
    for rule in only or (STUB_RULES if subject.is_stub else RULES):
        for found in rule(subject):
            if found.finding.severity == "error":
                failing.add(found.node)
            elif found.finding.code == "KI005" and found.node in failing:
                continue  # what does not work at all need not be of the right flavour
            finding = found.finding
            node = found.node
            spans = (node, statements.get(node, node))
            if not _is_silenced(subject.source, finding.code, spans):
                key = (node.lineno, finding.column, finding.code)
                rows.setdefault(key, finding)
    return [rows[key] for key in sorted(rows)]


def _is_silenced(source: Source, code: str, spans: tuple[ast.AST, ...]) -> bool:
    """Whether a first or last line of what is found has a `# noqa` for this code."""
    for line in {number for node in spans for number in (node.lineno, node.end_lineno)}:
        match = _NOQA.search(source.lines[line - 1])
        if match is None:
            continue
        named = match["codes"]
        if named is None or code in named.upper().replace(",", " ").split():
            return True
    return False
