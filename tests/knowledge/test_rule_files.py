"""The files of rules are well formed, and their keywords are documented."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest
from releases import KERAS, TF_KERAS

from keras_imports.engine.planning import fixers
from keras_imports.engine.planning.fixers import ARGUMENTS, CALLS
from keras_imports.knowledge import rules, tables
from keras_imports.knowledge.origin import Origin
from keras_imports.knowledge.rules import Change, Rule, RuleError, includes, leading_to, sections
from keras_imports.knowledge.target import parse_target

FOLDER = tables.DIRECTORY / "renames"
README = (FOLDER / "README.md").read_text("utf-8")


def documented(heading):
    """The keywords in the table below a heading."""
    part = README.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)


@pytest.mark.parametrize(
    ("heading", "kind"), [("Keywords of a rule", Rule), ("Keywords of an argument", Change)]
)
def test_each_keyword_is_documented(heading, kind):
    assert sorted(documented(heading)) == sorted(field.name for field in fields(kind))


def test_each_file_is_read_and_documented():
    assert {path.stem for path in FOLDER.glob("*.yml")} == set(rules.FILES)
    assert all(f"| `{name}.yml` |" in README for name in rules.FILES)


def all_rules():
    of_functions = ((rule,) for rule in rules.tensorflow_functions().values())
    its_of_sections = (its for section in sections().values() for its in section.values())
    for its in (*its_of_sections, *of_functions):
        for rule in its:
            yield from (rule, *rule.cases.values())


def test_each_keyword_is_used_more_than_twice():
    used = Counter()
    for rule in all_rules():
        for part in (rule, *rule.arguments.values()):
            usual = type(part)()
            for field in fields(part):
                is_used = getattr(part, field.name) != getattr(usual, field.name)
                used[type(part), field.name] += is_used
    assert min(used.values()) > 2, used


def test_each_fixer_is_used():
    named = {rule.fixer for rule in all_rules()} - {""}
    assert named == CALLS.keys()
    named = {change.fixer for rule in all_rules() for change in rule.arguments.values()} - {""}
    assert named == ARGUMENTS.keys()


@pytest.mark.parametrize(("entry", "message"), [
    ({"renamed": "layers.B"}, "keras3: layers.A: no keyword is 'renamed'"),
    ({"arguments": {"x": {"too": "y"}}}, "keras3: layers.A: x: no keyword is 'too'"),
    ({"by": "x", "cases": {"a": {"two": "b"}}}, "keras3: layers.A: a: no keyword is 'two'"),
    ({"since": 3.1}, "keras3: layers.A: write the release of `since` in quotes"),
])  # fmt: skip
def test_a_rule_that_is_none_is_an_error_that_names_it(monkeypatch, entry, message):
    raw = {name: {} for name in rules.SECTIONS} | {"keras3": {"layers.A": entry}}
    monkeypatch.setattr(rules, "_raw", lambda: raw)
    with pytest.raises(RuleError, match=re.escape(message)):
        sections.__wrapped__()


@pytest.mark.parametrize(("release", "expected"), [
    ("keras==3.3.3", False), ("keras==3.4.1", True), (f"keras=={KERAS}", True),
    ("keras==2.15.0", False), (f"tf_keras=={TF_KERAS}", False), ("keras_core==0.1.7", False),
    ("tensorflow.keras==2.15.1", False), ("tensorflow.keras==2.16.2", True),
])  # fmt: skip
def test_what_includes_a_change_within_keras_3(release, expected):
    assert includes("3.4", Origin(*release.split("=="))) == expected


@pytest.mark.parametrize(("target", "forwards", "backwards"), [
    (f"keras=={KERAS}", 1, 0), ("keras==3.3.3", 0, 1), (f"tf_keras=={TF_KERAS}", 0, 1),
])  # fmt: skip
def test_a_rule_since_a_release_leads_to_it_and_back(target, forwards, backwards):
    to = parse_target(target)
    assert len([*leading_to(to, "keras3", "ops.image.resize")]) == forwards
    assert len([*leading_to(to, "back", "ops.image.resize")]) == backwards


def test_back_within_keras_3_leads_nothing_else():
    assert [*leading_to(parse_target("keras==3.0.5"), "back", "ops.argmax")] == []
    assert len([*leading_to(parse_target(f"tf_keras=={TF_KERAS}"), "back", "ops.argmax")]) == 1


def test_each_module_of_fixers_has_tests_beside_it():
    modules = {path.stem for path in Path(fixers.__file__).parent.glob("*.py")}
    tests = Path(__file__).parents[1] / "engine" / "planning" / "fixers"
    tested = {path.stem.removeprefix("test_") for path in tests.glob("test_*.py")}
    assert tested == modules - {"__init__", "releases"}
