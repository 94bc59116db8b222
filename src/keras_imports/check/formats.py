"""Print findings as text, JSON, GitHub annotations or SARIF."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from keras_imports import __version__
from keras_imports.check.rules import CODES
from keras_imports.engine.findings import Finding

_COLOURS = {"error": "31", "warning": "33"}


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
    message = _in_cell(finding)
    place = f"file={_property(finding.file)},line={finding.line},col={finding.column}"
    return f"::{finding.severity} {place},title={finding.code}::{_escaped(message)}"


def _in_cell(finding: Finding) -> str:
    """Return the advice with the cell of a notebook, for formats that have no place for it."""
    return finding.says if finding.cell is None else f"cell {finding.cell}: {finding.says}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _json(findings: Iterable[Finding]) -> Iterator[str]:
    before = "["
    for finding in findings:
        yield before + "\n  " + json.dumps(finding.row(), ensure_ascii=False)
        before = ","
    yield "[]" if before == "[" else "]"


def _sarif(findings: Iterable[Finding]) -> Iterator[str]:
    rules = [
        {
            "id": code.name,
            "shortDescription": {"text": code.title},
            "fullDescription": {"text": code.explanation},
            "defaultConfiguration": {"level": code.severity},
        }
        for code in CODES.values()
    ]
    driver = {"name": "keras-imports", "version": __version__, "rules": rules}
    yield '{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",'
    yield f'"runs": [{{"tool": {{"driver": {json.dumps(driver)}}}, "columnKind": '
    yield '"unicodeCodePoints", "results": ['
    before = ""
    for finding in findings:
        yield before + json.dumps(_sarif_result(finding), ensure_ascii=False)
        before = ","
    yield "]}]}"


def _sarif_result(finding: Finding) -> dict[str, object]:
    place = {
        "artifactLocation": {"uri": quote(Path(finding.file).as_posix())},
        "region": {"startLine": finding.line, "startColumn": finding.column},
    }
    return {
        "ruleId": finding.code,
        "level": finding.severity,
        "message": {"text": _in_cell(finding)},
        "locations": [{"physicalLocation": place}],
    }
