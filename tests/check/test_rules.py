"""The rules of `check`: how they are found, and what they can know of a module."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import chain
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
from releases import KERAS

from keras_imports import atlas
from keras_imports.check import rules
from keras_imports.check.module import CheckedModule
from keras_imports.check.setting import Setting
from keras_imports.engine.codes import CODES as ENGINE_CODES
from keras_imports.python.sources import Source
from keras_imports.python.syntax import parse

PACKAGE = Path(rules.__file__).parents[2]

# A rule on a method, as a contributor would write it: one file.
SUMMARIES = '''
"""KI999: find `summary`, which prints a table."""

from keras_imports.engine.findings import Code
from keras_imports.check.rule import Rule, Violation

KI999 = Code("KI999", "error", "long output", "The method prints a table.")


def summaries(module):
    for call in module.calls:
        if call.paths[0].endswith("().summary"):
            yield Violation(KI999, call.call, "`summary` prints a table", "count_params")


RULE = Rule(summaries, (KI999,))
'''


def checked(text):
    setting = Setting(atlas.environment([f"keras=={KERAS}"]))
    return CheckedModule(Source("case.py", text, parse(text)), setting)


def test_every_code_belongs_to_one_rule_or_to_the_engine():
    names = [code.name for code in chain.from_iterable(rule.codes for rule in rules.RULES)]
    assert len(set(names)) == len(names)
    assert sorted({*names, *ENGINE_CODES}) == list(rules.CODES)


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.check.__name__)
def test_a_rule_is_described_where_it_stands(rule):
    module = sys.modules[rule.check.__module__]
    named = module.__doc__.partition("\n\n")[0]
    assert named.partition(":")[0].split(", ") == [code.name for code in rule.codes]
    assert module.__name__.rpartition(".")[2] == rule.check.__name__


MODEL = "import keras\nmodel = keras.Sequential()\nmodel.fit_generator(data)\n"


@pytest.mark.parametrize("more", ["", "layer(x, training=True)\n"])
def test_names_never_hold_what_only_calls_tell(more):
    module = checked(MODEL + more)
    assert {path for use in module.names for path in use.paths} == {"keras", "keras.Sequential"}
    assert "keras.Sequential().fit_generator" in {call.paths[0] for call in module.calls}


def test_a_new_rule_is_one_file(tmp_path):
    copytree(PACKAGE, tmp_path / "keras_imports", ignore=ignore_patterns("__pycache__"))
    package = tmp_path / "keras_imports" / "check" / "rules"
    (package / "summaries.py").write_text(SUMMARIES.lstrip(), "utf-8")
    program = "import keras\nmodel = keras.Sequential()\nmodel.summary()\n"
    (tmp_path / "case.py").write_text(program, "utf-8")
    command = [sys.executable, "-m", "keras_imports", "check", "case.py"]
    done = subprocess.run(
        [*command, "--installed", f"keras=={KERAS}"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.stdout == (
        "case.py:3:1: error KI999 `summary` prints a table; write `count_params`\n"
    )
