"""The page on Keras's own guide: each point is met as its table says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from releases import KERAS, TENSORFLOW
from test_scripts import script

from keras_imports import cli
from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.origin import Origin
from keras_imports.knowledge.target import parse_target

PAGE = Path(__file__).resolve().parent.parent / "docs" / "keras2-to-keras3.md"
ROW = re.compile(r"^\| .+ \| (moves|names|same) \| (KI\d+|nothing) \| `(.+)` \|$", re.MULTILINE)
ROWS = {name: (verb, code) for verb, code, name in ROW.findall(PAGE.read_text("utf-8"))}

compare_behaviour = script("compare_behaviour")
PROGRAMS = {case.name: case for case in compare_behaviour.cases(compare_behaviour.load())}
VERDICTS = {"moves": ("", "handled"), "names": ("reported",), "same": ("", "harmless")}


def text_of(name: str) -> str:
    return compare_behaviour.HEADER + PROGRAMS[name].code


def test_every_point_of_the_guide_has_a_row():
    of_guide = {name for name in PROGRAMS if re.match(r"guide \d+\w*:", name)}
    assert of_guide <= {*ROWS, "guide 14b: K.random_normal with a seed in a layer"}


@pytest.mark.parametrize("name", ROWS)
def test_migrate_meets_a_point_as_the_table_says(name):
    verb, _ = ROWS[name]
    assert PROGRAMS[name].verdict in VERDICTS[verb]
    given = (Origin("tensorflow.keras", "2.15", exact=True),)
    outcome = migrate_text(text_of(name), Job(parse_target("keras"), given))
    assert bool(outcome.left) == (verb == "names"), outcome.left


def test_check_finds_what_the_table_says(tmp_path, capsys):
    files = {name: tmp_path / f"program_{number}.py" for number, name in enumerate(ROWS)}
    for name, file in files.items():
        file.write_text(text_of(name), "utf-8")
    installed = ["--installed", f"keras=={KERAS}", "--installed", f"tensorflow=={TENSORFLOW}"]
    cli.main(["check", str(tmp_path), "--json", *installed])
    rows = json.loads(capsys.readouterr().out)["findings"]
    found = {name: {r["code"] for r in rows if Path(r["file"]) == files[name]} for name in ROWS}
    said = {name: {code} - {"nothing"} for name, (_, code) in ROWS.items()}
    assert {name: codes for name, codes in found.items() if not said[name] <= codes} == {}
    assert {name: codes for name, codes in found.items() if codes and not said[name]} == {}
