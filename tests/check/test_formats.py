"""How findings are printed, where the command's own tests do not show it."""

from __future__ import annotations

import json

from keras_imports import __version__
from keras_imports.check.formats import lines
from keras_imports.check.rules import CODES
from keras_imports.engine.findings import Finding


def test_github_escapes():
    finding = Finding(1, 2, "", "50%\nof it", code="KI001", file="a:b,c%.py")
    [line] = lines([finding], "github")
    assert line == "::error file=a%3Ab%2Cc%25.py,line=1,col=2,title=KI001::50%25%0Aof it"


def test_sarif_describes_every_code_and_names_the_version():
    [run] = json.loads("".join(lines([], "sarif")))["runs"]
    driver = run["tool"]["driver"]
    assert driver["version"] == __version__
    assert driver["rules"] == [
        {
            "id": code.name,
            "shortDescription": {"text": code.title},
            "fullDescription": {"text": code.explanation},
            "defaultConfiguration": {"level": code.severity},
        }
        for code in CODES.values()
    ]
