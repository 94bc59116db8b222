"""`keras-imports atlas`."""

from __future__ import annotations

import json
import re

import pytest
from releases import KERAS

from keras_imports import cli


def diff(capsys, a, b):
    assert cli.main(["atlas", "diff", a, b, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_what_differs_between_releases(capsys):
    found = diff(capsys, "keras==2.15", f"keras=={KERAS}")
    assert "layers.LocallyConnected1D" in found["left"]
    assert "ops.mean" in found["came"]
    assert found["moved"]["layers.experimental.preprocessing.Rescaling"] == "layers.Rescaling"
    assert "-time_major" in found["changed"]["layers.LSTM"]
    assert not set(found["left"]) & set(found["moved"])


def test_a_release_does_not_differ_from_itself(capsys):
    found = diff(capsys, "tensorflow==2.10", "tensorflow.keras==2.10")
    assert not any(found.values())


def test_the_difference_as_text(capsys):
    assert cli.main(["atlas", "diff", "keras==3.13", "keras==3.14"]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith("left 0, came ")
    assert "~ layers.BatchNormalization: +renorm +renorm_clipping +renorm_momentum" in rest


@pytest.mark.parametrize("text", ["keras", "torch==2", "keras==99"])
def test_a_release_that_cannot_be_compared(text, capsys):
    assert cli.main(["atlas", "diff", text, "keras==2.15"]) == 2
    assert re.search(r"FLAVOUR==RELEASE|not in the atlas", capsys.readouterr().err)
