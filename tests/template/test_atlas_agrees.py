"""What the template says of Keras is what the atlas says of it."""

from __future__ import annotations

import ast

import pytest
from rendering import EXAMPLES, FACTS, flavour_answers, rendered

from keras_imports import atlas

CANDIDATES = FACTS["flavours"]["portable"]["candidates"]
NEWEST = atlas.environment(
    f"{name}=={atlas.releases(flavour)[-1]}"
    for name, flavour in {
        "keras": "keras",
        "tensorflow": "tensorflow.keras",
        "tf-keras": "tf_keras",
    }.items()
)


@pytest.mark.parametrize("flavour", CANDIDATES)
def test_every_flavour_has_public_layers(flavour: str) -> None:
    entry = atlas.lookup(NEWEST, f"{FACTS['flavours'][flavour]['root']}.layers.BatchNormalization")
    assert entry
    assert entry.public
    assert entry.symbol == "layers.BatchNormalization"


@pytest.mark.parametrize("path", FACTS["private"])
def test_what_is_banned_is_no_public_path_of_the_newest_releases(path: str) -> None:
    entry = atlas.lookup(NEWEST, f"{path}.layers.BatchNormalization")
    if path == "tensorflow.compat.v1.keras":
        # Public in name; another class in TensorFlow 1 and 2, and no Keras of its own since 2.16.
        assert not entry or not entry.importable
    else:
        assert not entry or not entry.public


@pytest.mark.xdist_group("rendered")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: "-".join(example.values()))
def test_every_name_that_the_template_imports_is_public(example: dict[str, str]) -> None:
    found = set()
    for answers in flavour_answers():
        project = rendered(**answers, **example)
        root = FACTS["flavours"][answers["keras"]]["root"].format(package="digits")
        for path in [*project.glob("src/**/*.py"), *project.glob("tests/*.py")]:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module == root:
                    found |= {(root, alias.name) for alias in node.names}
    assert {name for _, name in found} >= {"Model", "layers", "callbacks", "utils"}
    for root, name in found:
        # Portable code imports what each of its candidates has.
        for flavour in [root] if root in CANDIDATES else CANDIDATES:
            entry = atlas.lookup(NEWEST, f"{flavour}.{name}")
            assert entry, (flavour, name)
            assert entry.importable, (flavour, name)
            assert entry.public, (flavour, name)
