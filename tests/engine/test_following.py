"""Where findings are after the edits."""

from __future__ import annotations

from keras_imports.engine.job import Job
from keras_imports.engine.text import migrate_text
from keras_imports.knowledge.target import parse_target


def test_what_is_left_is_found_where_it_is_now():
    before = (
        "from keras.layers import (\n    Dense,\n)\nimport tensorflow as tf\n"
        "from keras.utils import multi_gpu_model\n\n\n"
        "def f(m):\n    tf.nn.relu(Dense(3), tf.keras.Model)\n"
        "    return multi_gpu_model(\n        tf.keras.backend.get_session(),\n    )\n"
    )
    outcome = migrate_text(before, Job(parse_target("keras")))
    now = outcome.text.split("\n")
    found = [(left.source.partition("(")[0], left) for left in outcome.left]
    assert [name for name, _ in found] == ["multi_gpu_model", "tf.keras.backend.get_session"]
    for name, left in found:
        assert name in before.split("\n")[left.line - 1]
        assert name in now[left.line_now - 1]
    assert any(left.line != left.line_now for _, left in found)
