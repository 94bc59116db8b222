"""`keras-imports check`, run by the user of a generated project, finds nothing to say."""

from __future__ import annotations

import pytest
from rendering import EXAMPLES, FACTS, flavour_answers, render, rendered

from keras_imports.cli import main


@pytest.fixture(autouse=True)
def _no_legacy(monkeypatch):
    monkeypatch.delenv("TF_USE_LEGACY_KERAS", raising=False)


@pytest.mark.xdist_group("rendered")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: "-".join(example.values()))
@pytest.mark.parametrize("answers", list(flavour_answers()), ids=lambda a: "-".join(a.values()))
def test_nothing_is_found(answers, example, monkeypatch, capsys):
    monkeypatch.chdir(rendered(**answers, **example))
    wanted = [] if answers["keras"] == "portable" else ["--flavour", answers["keras"]]
    assert main(["check", ".", *wanted]) == 0, capsys.readouterr().out
    assert "(declared in pyproject.toml): all is well" in capsys.readouterr().err


@pytest.mark.parametrize("keras", FACTS["flavours"])
def test_the_target_is_what_the_project_requires(keras, monkeypatch, capsys):
    monkeypatch.chdir(rendered(keras=keras))
    main(["check", "."])
    against = capsys.readouterr().err
    assert "keras 3." in against  # TensorFlow requires it where the project does not
    assert ("tf_keras" in against) == (keras in ("tf_keras", "portable"))
    assert "keras_core" not in against  # the linter's settings name it


def test_a_wrong_import_is_found(tmp_path, monkeypatch, capsys):
    project = render(tmp_path / "project", keras="tensorflow.keras")
    monkeypatch.chdir(project)
    (project / "tests/test_more.py").write_text("from keras.engine import Layer\n", "utf-8")
    assert main(["check", "."]) == 1
    assert "test_more.py:1:26: error KI001" in capsys.readouterr().out
