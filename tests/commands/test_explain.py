"""The command `explain`: what a code means."""

from __future__ import annotations

import pytest

from keras_imports.check.rules import CODES
from keras_imports.cli import main


def test_one_code(capsys):
    assert main(["explain", "ki108"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(
        "KI108  no such method or attribute in the installed release (error; fails: it raises"
    )
    assert "\n  Earlier releases of the class have the method or attribute." in out
    assert "\n  In which releases: every release; " in out
    assert "      print(model.optimizer.lr)\n" in out
    assert "      print(model.optimizer.learning_rate)\n" in out
    assert "`# noqa: KI108` at the end of a statement" in out
    assert out.endswith('      [tool.keras-imports]\n      ignore = ["KI108"]\n')


def test_an_example_for_older_releases_names_them(capsys):
    assert main(["explain", "KI008"]) == 0
    assert "  Found against keras==2.3.1, tensorflow==2.1.4:\n" in capsys.readouterr().out


def test_all_codes_by_their_names(capsys):
    assert main(["explain"]) == 0
    heads = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line[:2] == "KI"]
    assert heads == list(CODES)


@pytest.mark.parametrize("code", ["KI999", "dense"])
def test_a_code_that_there_is_not(code, capsys):
    assert main(["explain", code]) == 2
    assert f"there is no code {code.upper()}; they are KI001, " in capsys.readouterr().err
