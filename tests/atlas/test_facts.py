"""The atlas against what really imported, to which object, in environments of real packages."""

import json
from pathlib import Path

import pytest

from keras_imports import atlas

DATA = Path(__file__).parents[1] / "data"
FACTS = [json.loads((DATA / f"imports_{name}.json").read_text()) for name in ("bn", "other")]
EXPLAINED = {
    (item["statement"], name)
    for item in json.loads((DATA / "imports_explained.json").read_text())
    for name in item["environments"].split()
}
CELLS = [
    (name, statement, found)
    for facts in FACTS
    for statement, groups in facts["rows"]
    for found, names in groups.items()
    for name in names.split()
]


class FailedError(Exception):
    """The statement would raise."""


def run(env, statement):
    """The entry that X is after a statement of the fact files, `None` where the atlas is silent."""
    bound = {}  # name -> path, and whether an import statement gave just that path
    for part in statement.split("; "):
        words = part.split()
        if words[0] == "from":
            for item in part.partition(" import ")[2].split(", "):
                leaf, _, alias = item.partition(" as ")
                path = f"{words[1]}.{leaf}"
                require(env, path, "importable")
                bound[alias or leaf] = (path, True)
        elif words[0] == "import":
            require(env, words[1], "module_path")
            alias = words[3] if "as" in words else words[1].partition(".")[0]
            bound[alias] = (words[1] if "as" in words else alias, "." in words[1])
        else:
            name, _, value = part.partition("=")
            head, _, rest = value.strip().partition(".")
            path, direct = bound[head]
            path = f"{path}.{rest}" if rest else path
            require(env, path, None if direct else "attribute")
            bound[name.strip()] = (path, direct)
    path = bound["X"][0]
    return atlas.lookup(env, path) if atlas.covers(env, path) else None


def require(env, path, how):
    entry = atlas.lookup(env, path)
    if entry is None and not atlas.covers(env, path):
        return None
    if entry is None or (how and not getattr(entry, how)):
        raise FailedError(path)
    return entry


@pytest.mark.parametrize("name", FACTS[0]["environments"])
def test_every_row_agrees(name):
    env = atlas.environment(FACTS[0]["environments"][name])
    wrong = []
    for where, statement, expected in CELLS:
        if where != name or (statement, name) in EXPLAINED:
            continue
        try:
            entry = run(env, statement)
            found = f"module {entry.object}" if entry and entry.kind == "module" else None
            if entry and entry.kind in ("class", "function"):
                found = entry.object
        except FailedError:
            entry, found = None, ""
            if not expected:
                continue
        if (found is not None and found != expected) or (entry and not expected):
            wrong.append((statement, found, expected))
    assert not wrong


def test_what_is_not_covered_is_little():
    silent = 0
    for name, statement, _ in CELLS:
        env = atlas.environment(FACTS[0]["environments"][name])
        try:
            silent += run(env, statement) is None
        except FailedError:
            continue
    assert silent <= 25, "only TensorFlow's own functions, such as tf.nn.fused_batch_norm"


def test_explanations_are_still_needed():
    for statement, name in EXPLAINED:
        env = atlas.environment(FACTS[0]["environments"][name])
        expected = next(f for n, s, f in CELLS if (n, s) == (name, statement))
        entry = run(env, statement)
        assert entry is not None
        assert entry.object != expected
