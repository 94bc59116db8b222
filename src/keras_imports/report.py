"""Findings, and how they are printed: text, JSON, GitHub annotations and SARIF."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

from keras_imports.knowledge import tables

_COLOURS = {"error": "31", "warning": "33"}


@dataclass(frozen=True)
class Code:
    """One kind of finding, as `codes.yml` describes it."""

    severity: str
    title: str
    explanation: str


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong at one place; `line` and `column` count from 1.

    In a notebook `line` counts within the cell, and `cell` among all cells.
    """

    file: str
    line: int
    column: int
    code: str
    severity: str
    message: str
    replacement: str | None = None
    cell: int | None = None

    @property
    def place(self) -> str:
        """`file:line:column`, as editors understand it."""
        cell = "" if self.cell is None else f":cell {self.cell}"
        return f"{self.file}{cell}:{self.line}:{self.column}"


@cache
def codes() -> dict[str, Code]:
    """All codes of findings, in their order."""
    return {
        code: Code(row["severity"], row["title"], row["explanation"].strip())
        for code, row in tables.read("codes.yml").items()
    }


def use_colour(stream: TextIO) -> bool:
    """Colours only on a terminal, and not against the user's NO_COLOR."""
    return stream.isatty() and not os.environ.get("NO_COLOR")


def lines(findings: Iterable[Finding], form: str, colour: bool = False) -> Iterator[str]:
    """The report, line by line, as the findings come in."""
    if form == "text":
        return (_text(finding, colour) for finding in findings)
    if form == "github":
        return map(_github, findings)
    if form == "json":
        return _json(findings)
    return _sarif(findings)


def _text(finding: Finding, colour: bool) -> str:
    code, severity = finding.code, finding.severity
    if colour:
        start = f"\033[{_COLOURS[severity]}m"
        severity = f"{start}{severity}\033[0m"
        code = f"{start}{code}\033[0m"
    text = f"{finding.place}: {severity} {code} {finding.message}"
    if finding.replacement:
        text += f"; write `{finding.replacement}`"
    return text


def _github(finding: Finding) -> str:
    message = finding.message
    if finding.replacement:
        message += f"; write `{finding.replacement}`"
    if finding.cell is not None:
        message = f"cell {finding.cell}: {message}"
    place = f"file={_property(finding.file)},line={finding.line},col={finding.column}"
    return f"::{finding.severity} {place},title={finding.code}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _json(findings: Iterable[Finding]) -> Iterator[str]:
    before = "["
    for finding in findings:
        row = asdict(finding)
        if finding.cell is None:
            del row["cell"]
        yield before + "\n  " + json.dumps(row, ensure_ascii=False)
        before = ","
    yield "[]" if before == "[" else "]"


def _sarif(findings: Iterable[Finding]) -> Iterator[str]:
    rules = [
        {
            "id": code,
            "shortDescription": {"text": row.title},
            "fullDescription": {"text": row.explanation},
            "defaultConfiguration": {"level": row.severity},
        }
        for code, row in codes().items()
    ]
    driver = {"name": "keras-imports", "rules": rules}
    yield '{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",'
    yield f'"runs": [{{"tool": {{"driver": {json.dumps(driver)}}}, "columnKind": '
    yield '"unicodeCodePoints", "results": ['
    before = ""
    for finding in findings:
        yield before + json.dumps(_sarif_result(finding), ensure_ascii=False)
        before = ","
    yield "]}]}"


def _sarif_result(finding: Finding) -> dict[str, object]:
    message = finding.message
    if finding.cell is not None:
        message = f"cell {finding.cell}: {message}"
    if finding.replacement:
        message += f"; write `{finding.replacement}`"
    place = {
        "artifactLocation": {"uri": quote(Path(finding.file).as_posix())},
        "region": {"startLine": finding.line, "startColumn": finding.column},
    }
    return {
        "ruleId": finding.code,
        "level": finding.severity,
        "message": {"text": message},
        "locations": [{"physicalLocation": place}],
    }
