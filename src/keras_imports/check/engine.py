"""Run rules over one module, ask the engine, and give what they find as one list of findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain

from keras_imports.check.fixes import import_edits
from keras_imports.check.module import CheckedModule
from keras_imports.check.rule import Violation
from keras_imports.check.rules import RULES
from keras_imports.check.target_findings import target_findings
from keras_imports.engine.codes import MEMBER
from keras_imports.engine.findings import Finding
from keras_imports.python.edits import Span

_WORD = re.compile(r"\w+")
_NAME = re.compile(r"`[\w.]+`")  # the first one of a message is what it is about
_ARGUMENTS = ("KI007", "KI008", "KI103", "KI105", "KI106")  # said of one argument of a call


def check_module(module: CheckedModule) -> list[Finding]:
    """Return the findings of all rules and of the engine in one module, one a place, in order."""
    rules = [rule for rule in RULES if rule.applies_to_stubs or not module.is_stub]
    own = findings(module, chain.from_iterable(rule.check(module) for rule in rules))
    if module.is_stub:
        return own
    places = {(each.cell, each.line, each.column): number for number, each in enumerate(own)}
    arguments = {
        number: _span(module, each) for number, each in enumerate(own) if each.code in _ARGUMENTS
    }
    for each in target_findings(module):
        place = (each.cell, each.line, each.column)
        if _is_set(module, each):
            continue
        told = _told_by(module, each, arguments)
        if place in places:
            own[places[place]] = _advised(own[places[place]], each)
        elif not told:
            places[place] = len(own)
            own.append(each)
        for number in told:
            own[number] = _mended(own[number], each)
    return sorted(own, key=lambda each: (each.cell or 0, each.line, each.column))


def _advised(finding: Finding, other: Finding) -> Finding:
    """Return a finding with advice and edits of another one on the same name, if it has none."""
    name, other_name = (_NAME.search(each.message) for each in (finding, other))
    if name is None or other_name is None or name[0] != other_name[0]:
        return finding
    return replace(_mended(finding, other), advice=finding.advice or other.advice)


def _mended(finding: Finding, other: Finding) -> Finding:
    """Return a finding with the edits of another one, if it has none."""
    if finding.edits:
        return finding
    return replace(finding, edits=other.edits, complete=other.complete)


def _span(module: CheckedModule, finding: Finding) -> Span:
    """Return where the code of a finding stands, its first line at least."""
    start = module.offset(finding)
    return Span(start, start + len(finding.source))


def _is_set(module: CheckedModule, finding: Finding) -> bool:
    """Return whether the module itself sets the attribute that is said to be gone."""
    if finding.code != MEMBER.name:
        return False
    place, text = module.offset(finding), module.text.text
    is_name = bool(finding.edits) and text[place - 1 : place] == "."
    word = _WORD.match(text, place) if is_name else None
    name = word[0] if word else finding.source.partition("(")[0].rpartition(".")[2]
    return name in module.attributes_set


def _told_by(module: CheckedModule, finding: Finding, arguments: Mapping[int, Span]) -> list[int]:
    """Return those of the rules' findings that say the same as the engine, of an argument."""
    if not finding.edits:
        here = module.offset(finding)
        return [number for number, each in arguments.items() if each.start <= here < each.end]
    if finding.code != "KI007":
        return []
    start = min(edit.start for edit in finding.edits)
    end = max(edit.end for edit in finding.edits)
    return [number for number, each in arguments.items() if start <= each.start < end]


def findings(module: CheckedModule, violations: Iterable[Violation]) -> list[Finding]:
    """Return violations as findings in the order of their places.

    Left out are those whose code a `# noqa` names, and the second of one code at one place.
    """
    at_place: dict[tuple[int, int, str], Finding] = {}
    for violation in violations:
        node, code = violation.node, violation.code.name
        if not module.noqa.keep(module.tree, node.lineno, code):
            finding = _finding(module, violation)
            at_place.setdefault((node.lineno, finding.column, code), finding)
    return [at_place[key] for key in sorted(at_place)]


def _finding(module: CheckedModule, violation: Violation) -> Finding:
    code, source, write = violation.code, module.source, violation.replacement
    finding = Finding.at(
        module.text,
        violation.node,
        violation.message,
        f"write `{write}`" if write else violation.advice,
        code.name,
        code.reason,
    )
    cell, line = source.place(finding.line)
    severity = violation.severity or code.severity
    edits = import_edits(module, violation.node, write) if write else ()
    return replace(
        finding,
        file=source.file,
        line=line,
        cell=cell,
        severity=severity,
        edits=edits,
        complete=bool(edits),
    )
