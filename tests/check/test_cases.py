"""`check` finds each planted error, on its line, and nothing else."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from releases import KERAS, TENSORFLOW, TF_KERAS

from keras_imports import atlas
from keras_imports.check.engine import check_module
from keras_imports.check.module import CheckedModule
from keras_imports.check.rules import CODES
from keras_imports.check.setting import Setting
from keras_imports.python.sources import Source
from keras_imports.python.syntax import parse

FILE = Path(__file__).parents[1] / "data" / "check_cases.txt"
ENVIRONMENTS = {
    "k1": ["keras==1.2.2", "tensorflow==1.4.1"],
    "k224": ["keras==2.2.4", "tensorflow==1.15.0"],
    "k231": ["keras==2.3.1", "tensorflow==2.1.4"],
    "tf115": ["keras==2.3.1", "tensorflow==1.15.0"],
    "tf24": ["keras==2.4.3", "tensorflow==2.4.4"],
    "tf25": ["tensorflow==2.5.3"],
    "tf26": ["keras==2.6.0", "tensorflow==2.6.5"],
    "tf210": ["keras==2.10.0", "tensorflow==2.10.1"],
    "tf215": ["keras==2.15.0", "tensorflow==2.15.1"],
    "core": ["keras==2.13.1", "tensorflow==2.13.1", "keras-core==0.1.7"],
    "k30": ["keras==3.0.5", "tensorflow==2.16.2"],
    "k3": [f"keras=={KERAS}", f"tensorflow=={TENSORFLOW}", f"tf-keras=={TF_KERAS}"],
    "legacy": [f"keras=={KERAS}", f"tensorflow=={TENSORFLOW}", f"tf-keras=={TF_KERAS}"],
    "any": [f"keras=={KERAS}", f"tensorflow=={TENSORFLOW}"],
    "nokeras": [f"keras=={KERAS}"],
}


@cache
def environment(name):
    return atlas.environment(ENVIRONMENTS[name], legacy=name == "legacy")


def cases():
    for block in re.split(r"^=== ", FILE.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        head, _, text = block.partition("\n")
        name, _, title = head.partition(": ")
        yield pytest.param(name, text, id=f"{name}: {title}")


def expected(text):
    return [
        (number, code)
        for number, line in enumerate(text.split("\n"), 1)
        for code in line.partition("#: ")[2].split()
    ]


@pytest.mark.parametrize(("name", "text"), list(cases()))
def test_planted(name, text):
    source = Source("case.py", text, parse(text))
    backend = "any" if name == "any" else ""
    found = check_module(CheckedModule(source, Setting(environment(name), backend=backend)))
    assert sorted((f.line, f.code) for f in found) == sorted(expected(text)), found


def test_every_code_is_planted():
    planted = {code for case in cases() for _, code in expected(case.values[1])}
    needs_more_than_a_text = {"KI005", "KI006"}  # a flavour, other files: see test_check.py
    assert planted | needs_more_than_a_text == set(CODES)
