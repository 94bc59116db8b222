"""How findings are printed, where the command's own tests do not show it."""

from __future__ import annotations

import json
import os

import pytest

from keras_imports import __version__
from keras_imports.check.formats import lines
from keras_imports.check.rules import CODES
from keras_imports.engine.findings import Finding, Replacement


def test_github_escapes():
    finding = Finding(1, 2, "", "50%\nof it", code="KI001", file="a:b,c%.py")
    [line] = lines([finding], "github")
    assert line == "::error file=a%3Ab%2Cc%25.py,line=1,col=2,title=KI001::50%25%0Aof it"


def test_github_marks_a_notebook_where_its_file_has_the_line(monkeypatch):
    finding = Finding(2, 5, "", "gone", code="KI001", file="n.ipynb", cell=3, stored=(41, 12))
    [line] = lines([finding], "github")
    assert line == "::error file=n.ipynb,line=41,col=12,title=KI001::cell 3, line 2: gone"


def test_github_names_files_from_the_root_of_the_repository(monkeypatch, tmp_path):
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    for file in ("src/a.py", str(tmp_path / "project" / "src" / "a.py")):
        [line] = lines([Finding(1, 1, "", "gone", file=file)], "github")
        assert line.startswith("::error file=project/src/a.py,line=1,")
    [line] = lines([Finding(1, 1, "", "gone", file="/elsewhere/a.py")], "github")
    assert line.startswith("::error file=/elsewhere/a.py,line=1,")


def sarif(*findings):
    [run] = json.loads("".join(lines(findings, "sarif")))["runs"]
    return run


def test_sarif_describes_every_code_and_names_the_version():
    driver = sarif()["tool"]["driver"]
    assert driver["version"] == __version__
    assert [rule["id"] for rule in driver["rules"]] == list(CODES)
    for rule, code in zip(driver["rules"], CODES.values(), strict=True):
        assert rule["shortDescription"] == {"text": code.title}
        assert rule["fullDescription"] == {"text": code.explanation}
        assert rule["defaultConfiguration"] == {"level": code.severity}
        assert rule["help"]["text"] == f"{code.explanation} {code.silence}"
        said = (code.explanation, code.since, code.silence)
        shown = (f"```python\n{its}```" for its in (code.example.before, code.example.after))
        assert all(each in rule["help"]["markdown"] for each in (*said, *shown))


def test_sarif_places_files_below_the_current_folder_or_on_the_machine(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    files = ("src/ä b.py", str(tmp_path / "c:d.py"), "../e.py", "/elsewhere/f.py")
    run = sarif(*(Finding(1, 1, "", "gone", file=file, code="KI001") for file in files))
    assert run["originalUriBaseIds"] == {"%SRCROOT%": {"uri": f"{tmp_path.as_uri()}/"}}
    places = [each["locations"][0]["physicalLocation"] for each in run["results"]]
    assert [each["artifactLocation"] for each in places] == [
        {"uri": "src/%C3%A4%20b.py", "uriBaseId": "%SRCROOT%"},
        {"uri": "c%3Ad.py", "uriBaseId": "%SRCROOT%"},
        {"uri": f"{tmp_path.parent.as_uri()}/e.py"},
        {"uri": "file:///elsewhere/f.py"},
    ]


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_reports_are_json_whatever_the_names_and_the_encoding(form):
    files = ("é😀.py", os.fsdecode(b"\xe9.py"))
    findings = [Finding(1, 1, "x = 'é😀'", "gone", file=file, code="KI001") for file in files]
    shown = "".join(lines(findings, form))
    assert shown.isascii()
    assert json.loads(shown)


def test_sarif_has_the_fix_of_a_finding():
    fix = (Replacement((3, 5), (3, 9), "epochs"), Replacement((4, 1), (4, 1), "x"))
    finding = Finding(1, 2, "", "gone", "write it", "KI007", file="n.ipynb", stored=(3, 5), fix=fix)
    run = sarif(finding)
    [result] = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "KI007"
    place = result["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 3, "startColumn": 5}
    [mending] = result["fixes"]
    assert mending["description"] == {"text": "write it"}
    [change] = mending["artifactChanges"]
    assert change["artifactLocation"] == place["artifactLocation"]
    first, second = change["replacements"]
    assert first == {
        "deletedRegion": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9},
        "insertedContent": {"text": "epochs"},
    }
    assert second["insertedContent"] == {"text": "x"}
