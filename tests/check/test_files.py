"""Trees of files: each is checked once, in order, on all cores."""

from __future__ import annotations

import os

from releases import KERAS

from keras_imports import atlas, parallel
from keras_imports.check import files
from keras_imports.check.setting import Setting
from keras_imports.python.walk import walk

WRONG = "from keras.layers.normalization import BatchNormalization\n"


def test_many_files_are_checked_by_several_processes(tmp_path, monkeypatch):
    monkeypatch.setattr(parallel, "cores", lambda: 2)
    monkeypatch.setattr(files, "_ALONE", 40)
    for number in range(200):
        text = WRONG if number % 50 == 7 else "import keras\n"
        (tmp_path / f"m{number:03}.py").write_text(text, "utf-8")
    setting = Setting(atlas.environment([f"keras=={KERAS}"]))
    results = list(files.check_tree(walk([str(tmp_path)]).items, setting))
    assert len(results) == 200
    named = [os.path.basename(f.file) for result in results for f in result.findings]
    assert named == ["m007.py", "m057.py", "m107.py", "m157.py"]


def test_a_file_that_is_named_twice_is_looked_at_once(tmp_path):
    script = str(tmp_path / "a.py")
    (tmp_path / "a.py").write_text(WRONG, "utf-8")
    setting = Setting(atlas.environment([f"keras=={KERAS}"]))
    there = walk([os.path.relpath(script), script, str(tmp_path)])
    results = [*files.check_tree(there.items, setting)]
    assert [(each.file, len(each.findings)) for each in results] == [(os.path.relpath(script), 1)]
