"""Patterns mean the files of a project as those of other tools do."""

from __future__ import annotations

import pytest

from keras_imports.configuration.patterns import Pattern, parse_pattern


@pytest.mark.parametrize(
    ("pattern", "meant", "others"),
    [
        ("vendor", ["vendor/a.py", "src/vendor/b/c.py", "vendor"], ["vendors/a.py", "a.py"]),
        ("vendor/", ["vendor/a.py", "src/vendor/b/c.py"], ["src/vendors/a.py"]),
        ("*.ipynb", ["a.ipynb", "notebooks/b.ipynb"], ["a.py"]),
        ("src/old", ["src/old/a.py"], ["old/a.py", "lib/src/old/a.py"]),
        ("./src/old/", ["src/old/a.py"], ["lib/src/old/a.py"]),
        ("src/*.py", ["src/a.py"], ["src/b/a.py", "a.py"]),
        ("src/**", ["src/a.py", "src/b/a.py"], ["a.py"]),
        ("src/**/old", ["src/old/a.py", "src/b/c/old/a.py"], ["src/a.py"]),
        ("**/test_*.py", ["test_a.py", "b/c/test_a.py"], ["a.py"]),
        ("[ab].py", ["a.py", "c/b.py"], ["c.py"]),
    ],
)
def test_a_pattern_matches(tmp_path, pattern, meant, others):
    its = Pattern(pattern, str(tmp_path))
    assert all(its.matches(str(tmp_path / file)) for file in meant)
    assert not any(its.matches(str(tmp_path / file)) for file in others)


def test_a_whole_path_matches(tmp_path):
    its = Pattern(f"{tmp_path}/src/*.py", str(tmp_path))
    assert its.matches(str(tmp_path / "src" / "a.py"))
    assert not its.matches(str(tmp_path / "a.py"))
    assert Pattern(str(tmp_path), str(tmp_path)).matches(str(tmp_path / "a.py"))


def test_nothing_outside_of_the_directory_is_meant(tmp_path):
    assert not Pattern("*.py", str(tmp_path / "a")).matches(str(tmp_path / "b.py"))


@pytest.mark.parametrize("text", ["", ".", "./", "/", "..", "../a.py", "a//b", "!a.py"])
def test_a_pattern_that_matches_nothing_is_refused(tmp_path, text):
    with pytest.raises(ValueError, match=r"names no file below|takes files back"):
        parse_pattern(text, str(tmp_path))
