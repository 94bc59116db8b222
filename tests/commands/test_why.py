"""The command `why`: what an error message means."""

from __future__ import annotations

import io

import pytest

from keras_imports.cli import main

MESSAGE = "cannot import name 'Adam' from 'keras.optimizers'"


def test_a_message_as_one_argument(capsys):
    assert main(["why", MESSAGE]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{MESSAGE}\n\n`keras.optimizers.Adam` is in keras 1.0 to 2.4 and 2.9 ")
    assert "\nWhat to do: `from tensorflow.keras.optimizers import Adam` works in every " in out


def test_a_message_whose_quotes_the_shell_took(capsys):
    assert main(["why", "module", "tensorflow", "has", "no", "attribute", "Session"]) == 0
    assert "tf.compat.v1.Session" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["why"], ["why", "-"]])
def test_a_message_on_standard_input(arguments, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"ImportError: {MESSAGE}\n"))
    assert main(arguments) == 0
    assert capsys.readouterr().out.startswith(f"ImportError: {MESSAGE}\n")


def test_a_target(capsys):
    message = "module 'keras.backend' has no attribute 'mean'"
    assert main(["why", message, "--to", "tf_keras"]) == 0
    assert "`from tf_keras.backend import mean`" in capsys.readouterr().out


def test_a_message_that_is_not_known(capsys):
    assert main(["why", "ValueError: nothing of Keras"]) == 1
    assert "no message that is known here" in capsys.readouterr().out


def test_no_message_at_all(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert main(["why"]) == 2
    assert capsys.readouterr().err.startswith("keras-imports: there is no text: ")


def test_an_input_that_is_closed_holds_no_text(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    assert main(["why"]) == 2
    assert capsys.readouterr().err.startswith("keras-imports: there is no text: ")
