"""Print findings as text, JSON, GitHub annotations or SARIF."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from keras_imports import __version__
from keras_imports.check.rules import CODES
from keras_imports.engine.findings import Code, Finding, Replacement

JSON_VERSION = 1  # of the JSON report; a key that is renamed or removed makes it another one

_COLOURS = {"error": "31", "warning": "33"}
_BASE = "%SRCROOT%"  # what SARIF calls the folder that paths start from


def lines(findings: Iterable[Finding], form: str, colour: bool = False) -> Iterator[str]:
    """Yield the report in a form, line by line, as the findings come in.

    The forms are "text", which alone may have colours, "github", "json" and "sarif".
    """
    if form == "text":
        return (_text(finding, colour) for finding in findings)
    if form == "github":
        return map(_github, findings)
    if form == "json":
        return _json(findings)
    return _sarif(findings)


def _text(finding: Finding, colour: bool) -> str:
    code, severity = finding.code, str(finding.severity)
    if colour:
        start = f"\033[{_COLOURS[severity]}m"
        severity = f"{start}{severity}\033[0m"
        code = f"{start}{code}\033[0m"
    return f"{finding.place}: {severity} {code} {finding.says}"


def _github(finding: Finding) -> str:
    line, column = finding.stored or (finding.line, finding.column)
    place = f"file={_property(_in_workspace(finding.file))},line={line},col={column}"
    return f"::{finding.severity} {place},title={finding.code}::{_escaped(_in_cell(finding))}"


def _in_workspace(file: str) -> str:
    """Return a path as seen from the root of the repository, wherever in it a workflow runs."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    whole = Path(file).absolute()
    if workspace and whole.is_relative_to(workspace):
        return whole.relative_to(workspace).as_posix()
    return Path(file).as_posix()


def _in_cell(finding: Finding) -> str:
    """Return the message with the cell of a notebook, for formats that have no place for it."""
    if finding.cell is None:
        return finding.says
    return f"cell {finding.cell}, line {finding.line}: {finding.says}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _json(findings: Iterable[Finding]) -> Iterator[str]:
    before = f'{{"version": {JSON_VERSION}, "findings": ['
    for finding in findings:
        yield before + "\n  " + json.dumps(finding.row())
        before = ","
    yield "]}" if before == "," else before + "]}"


def _sarif(findings: Iterable[Finding]) -> Iterator[str]:
    rules = [_sarif_rule(code) for code in CODES.values()]
    driver = {"name": "keras-imports", "version": __version__, "rules": rules}
    here = {"uri": Path.cwd().as_uri() + "/"}
    about = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {_BASE: here},
        "columnKind": "unicodeCodePoints",
    }
    yield '{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",'
    yield f'"runs": [{json.dumps(about)[:-1]}, "results": ['
    before = ""
    for finding in findings:
        yield before + json.dumps(_sarif_result(finding))
        before = ","
    yield "]}]}"


def _sarif_rule(code: Code) -> dict[str, object]:
    return {
        "id": code.name,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.explanation},
        "help": {"text": f"{code.explanation} {code.silence}", "markdown": _help(code)},
        "defaultConfiguration": {"level": code.severity},
    }


def _help(code: Code) -> str:
    """Return in Markdown what `explain` says of a code."""
    parts = [f"**{code.name}: {code.title}**", code.explanation]
    if code.since:
        parts.append(f"In which releases: {code.since}.")
    if code.example:
        parts += [f"```python\n{code.example.before}```", "To be written:"]
        parts.append(f"```python\n{code.example.after}```")
    return "\n\n".join([*parts, code.silence])


def _sarif_result(finding: Finding) -> dict[str, object]:
    line, column = finding.stored or (finding.line, finding.column)
    artifact = _artifact(finding.file)
    place = {
        "artifactLocation": artifact,
        "region": {"startLine": line, "startColumn": column},
    }
    result: dict[str, object] = {
        "ruleId": finding.code,
        "ruleIndex": [*CODES].index(finding.code),
        "level": finding.severity,
        "message": {"text": _in_cell(finding)},
        "locations": [{"physicalLocation": place}],
    }
    if finding.fix:
        replacements = [*map(_sarif_replacement, finding.fix)]
        change = {"artifactLocation": artifact, "replacements": replacements}
        result["fixes"] = [
            {"description": {"text": finding.advice or "mend it"}, "artifactChanges": [change]}
        ]
    return result


def _artifact(file: str) -> dict[str, str]:
    """Return where a file is: below the current folder, or else anywhere on the machine."""
    path = Path(file)
    with suppress(ValueError):
        path = path.relative_to(Path.cwd()) if path.is_absolute() else path
    if path.is_absolute() or ".." in path.parts:
        return {"uri": Path(os.path.abspath(path)).as_uri()}
    return {"uri": quote(os.fsencode(path.as_posix())), "uriBaseId": _BASE}


def _sarif_replacement(replacement: Replacement) -> dict[str, object]:
    (line, column), (end_line, end_column) = replacement.start, replacement.end
    return {
        "deletedRegion": {
            "startLine": line,
            "startColumn": column,
            "endLine": end_line,
            "endColumn": end_column,
        },
        "insertedContent": {"text": replacement.text},
    }
