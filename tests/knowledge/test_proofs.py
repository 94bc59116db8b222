"""Every rule is proved: some case has another result without it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from moved import move
from rule_cases import NEW, OLD, VALUES, calls_that_stay, cases, symbols_that_stay

from keras_imports import atlas
from keras_imports.engine.planning import selection
from keras_imports.knowledge import rules as knowledge
from keras_imports.knowledge.rules import sections
from keras_imports.knowledge.target import parse_target

# The rules, by section, symbol and place in their list, that no case can prove, and why.
UNPROVED: dict[tuple[str, str, int], str] = {
    ("keras3", "Model().load_weights().expect_partial", 0): "a call of a call, tested with files",
    **{
        ("keras3", f"ImageDataGenerator().{name}().next", 0): "a call of a call, in the reports"
        for name in ("flow", "flow_from_directory", "flow_from_dataframe")
    },
    ("keras2", "Layer().get_weights", 0): "empty, so that the rule of models does not hold",
    ("keras2", "Layer().set_weights", 0): "empty, so that the rule of models does not hold",
}


class Run(NamedTuple):
    """What is moved from where to where, as `moving.move` takes it."""

    code: str
    source: str
    target: str
    exact: bool = True
    rooted: bool = False
    root: str = ""


def forwards() -> Iterator[Run]:
    """Yield all that is moved in tests of rules."""
    for case in cases():
        yield Run(case.code, case.source, case.target, case.exact)
    for codes in VALUES.values():
        for code in codes:
            yield Run(code, OLD, NEW)
    for section, symbol in symbols_that_stay():
        for call in calls_that_stay(section, symbol):
            yield Run(*call)
    frozen = "f(layers.BatchNormalization(), trainable=False)"
    yield Run(frozen, "tensorflow.keras==2.10.1", NEW, root="tensorflow.compat.v1.keras")
    for symbol in sections()["gone"]:
        if symbol.startswith("legacy_tf_layers."):
            code = f"layers.{symbol.rpartition('.')[2]}(x)"
            yield Run(code, "tensorflow.keras==2.10.1", NEW, root="tensorflow.compat.v1")
            yield Run(code, "tensorflow.keras==1.15.5", NEW, root="tensorflow")


def backwards() -> Iterator[Run]:
    """Yield what Keras 3 makes of all that, to be moved back."""
    for run in dict.fromkeys(forwards()):
        if run.target == NEW:
            moved, left = move(*run)
            if not left:
                yield Run(moved, NEW, OLD)


def test_what_is_moved_back_and_again_is_the_same(monkeypatch):
    whole, compared = sections(), 0
    inverted = {**whole, "back": knowledge.backwards(whole["keras3"])}
    for run in dict.fromkeys(backwards()):
        old, left = _moved_by(monkeypatch, inverted, run)
        if left or old == run.code:
            continue
        again, left = move(old, OLD, NEW, rooted=False)
        if not left:
            assert passed(again) == passed(run.code), old
            compared += 1
    assert compared > 100


def passed(code):
    """What is called in Keras 3, and the names of the arguments, by position or not."""
    statement = ast.parse(code).body[0]
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return code
    entry = atlas.lookup(parse_target(NEW).env, f"keras.{ast.unparse(call.func)}")
    names = [p.name for p in (entry and entry.signature) or ()][: len(call.args)]
    by_name = {keyword.arg for keyword in call.keywords}
    return ast.unparse(call.func), by_name.union(names), len(call.args) - len(names)


def test_every_rule_is_proved_or_named_as_unprovable(monkeypatch):
    runs = list(dict.fromkeys((*forwards(), *backwards())))
    whole, read = sections(), set()
    results, readers = {}, {}
    watched = {name: _Watched(name, rules, read) for name, rules in whole.items()}
    for run in runs:
        read.clear()
        results[run] = _moved_by(monkeypatch, watched, run)
        for key in read:
            readers.setdefault(key, []).append(run)
    unproved = {
        (section, symbol, place)
        for section, rules in whole.items()
        for symbol, its in rules.items()
        for place in range(len(its))
        if all(
            _moved_by(monkeypatch, _without(whole, section, symbol, place), run) == results[run]
            for run in readers.get((section, symbol), ())
        )
    }
    assert unproved == UNPROVED.keys()
    assert all(UNPROVED.values())


class _Watched(dict):
    """The rules of a section that tell which symbols were looked up."""

    def __init__(self, section, rules, read):
        super().__init__(rules)
        self.section, self.read = section, read

    def get(self, key, default=None):
        if key in self:
            self.read.add((self.section, key))
        return super().get(key, default)


def _without(whole, section, symbol, place):
    """Return the rules without one of them."""
    its = whole[section][symbol]
    rules = {**whole[section], symbol: (*its[:place], *its[place + 1 :])}
    return {**whole, section: rules}


def _moved_by(monkeypatch, rules, run):
    """Return what rules make of a call, or the error that they lead to."""
    with monkeypatch.context() as patch:
        patch.setattr(knowledge, "sections", lambda: rules)
        selection.outline.cache_clear()
        knowledge.methods_of_rules.cache_clear()
        knowledge.methods_anywhere.cache_clear()
        try:
            return move(*run)
        except Exception as error:
            return type(error)


@pytest.fixture(autouse=True, scope="module")
def _own_caches():
    """Leave no cache behind that other rules filled."""
    yield
    selection.outline.cache_clear()
    knowledge.methods_of_rules.cache_clear()
    knowledge.methods_anywhere.cache_clear()
