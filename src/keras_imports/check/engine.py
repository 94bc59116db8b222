"""Run rules over one module, and turn what they find into findings at places of the file."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from keras_imports.check.findings import Finding
from keras_imports.check.module import CheckedModule
from keras_imports.check.noqa import is_silenced
from keras_imports.check.rule import Violation
from keras_imports.check.rules import RULES


def check_module(module: CheckedModule) -> list[Finding]:
    """Return the findings of all rules in one module, in the order of their places."""
    if not module.names:
        return []
    rules = [rule for rule in RULES if rule.applies_to_stubs or not module.is_stub]
    return findings(module, chain.from_iterable(rule.check(module) for rule in rules))


def findings(module: CheckedModule, violations: Iterable[Violation]) -> list[Finding]:
    """Return violations as findings in the order of their places.

    Left out are those under a `# noqa`, and the second of one code at one place.
    """
    at_place: dict[tuple[int, int, str], Finding] = {}
    for violation in violations:
        node, code = violation.node, violation.code.name
        if not is_silenced(module.source, code, (node, module.statement_of(node))):
            finding = _finding(module, violation)
            at_place.setdefault((node.lineno, finding.column, code), finding)
    return [at_place[key] for key in sorted(at_place)]


def _finding(module: CheckedModule, violation: Violation) -> Finding:
    source, node, code = module.source, violation.node, violation.code
    cell, line = source.place(node.lineno)
    before = source.lines[node.lineno - 1].encode()[: node.col_offset]
    return Finding(
        file=source.file,
        line=line,
        column=len(before.decode(errors="replace")) + 1,
        code=code.name,
        severity=violation.severity or code.severity,
        message=violation.message,
        replacement=violation.replacement,
        cell=cell,
    )
