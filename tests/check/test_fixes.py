"""What a finding says mends it, does; and it is placed in the file as that is stored."""

from __future__ import annotations

import ast
import json
from collections import Counter

import pytest
from releases import KERAS, TENSORFLOW

from keras_imports import atlas
from keras_imports.check.files import check_file
from keras_imports.check.setting import Setting

SETTING = Setting(atlas.environment([f"keras=={KERAS}", f"tensorflow=={TENSORFLOW}"]))


def offset(text, place):
    line, column = place
    return sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + column - 1


def mended(text, finding):
    """Return a file's text with a finding's fix in it."""
    for each in sorted(finding.fix, key=lambda each: each.start, reverse=True):
        start, end = offset(text, each.start), offset(text, each.end)
        text = text[:start] + each.text + text[end:]
    return text


@pytest.fixture
def check(tmp_path):
    """Check a text as a file: return the findings."""

    def check(text, name="a.py"):
        (tmp_path / name).write_text(text, "utf-8")
        return check_file(str(tmp_path / name), SETTING).findings

    return check


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("from keras.layers.core import Dense", "from keras.layers import Dense"),
        (
            "from keras.layers.core import Dense as D  # all",
            "from keras.layers import Dense as D  # all",
        ),
        (
            "if True:\n    from keras.layers.core import Dense, np",
            "if True:\n    from keras.layers.core import np\n    from keras.layers import Dense",
        ),
        (
            'import keras\nkeras.layers.Dense(3, init="é", W_regularizer=None)',
            'import keras\nkeras.layers.Dense(3, kernel_initializer="é", kernel_regularizer=None)',
        ),
    ],
)
def test_a_fix_changes_what_is_wrong_and_nothing_else(check, old, new):
    finding, *_ = check(old)
    assert mended(old, finding) == new
    same = [each for each in check(new) if each.message == finding.message]
    assert same == []


@pytest.mark.parametrize(
    "text",
    [
        "if True: from keras.layers.core import Dense, np",
        "from keras.layers.core import (\n    Dense,\n    Dropout,\n)",
        "import keras\nkeras.nothing",
        "import keras.backend as K\nK.exp(x)",
    ],
)
def test_there_is_no_fix_where_more_would_have_to_change(check, text):
    findings = check(text)
    assert findings
    assert not any(each.fix for each in findings)


LINES = [
    '# größer "quoted" \\ 😀\n',
    "from keras.layers.core import Dense, Dropout\n",
    "\n",
    's = "😀"; layer = Dense(3, init="uniform")\n',
    "%time layer(1)",
]


@pytest.mark.parametrize("source", [LINES, "".join(LINES)], ids=["lines", "one string"])
@pytest.mark.parametrize("layout", [{"indent": 1, "ensure_ascii": False}, {"indent": 2}, {}])
def test_a_notebook_is_mended_within_its_json(check, source, layout):
    cells = [
        {"cell_type": "markdown", "source": ["from keras.layers.core import Dense"]},
        {"cell_type": "code", "source": "import keras"},
        {"cell_type": "code", "source": source},
    ]
    raw = json.dumps({"cells": cells, "nbformat": 4}, **layout)
    findings = check(raw, "n.ipynb")
    assert [(each.cell, each.line) for each in findings] == [(3, 2), (3, 2), (3, 4)]
    for finding, word in zip(findings, ("Dense, Drop", "Dropout", "Dense(3"), strict=True):
        assert raw[offset(raw, finding.stored) :].startswith(word)
        after = json.loads(mended(raw, finding))["cells"]
        assert after[:2] == cells[:2]
        code = "".join(after[2]["source"])
        ast.parse(code.replace("%time ", ""))
        assert code != "".join(LINES)
        still = Counter(each.message for each in check(mended(raw, finding), "n.ipynb"))
        assert still[finding.message] == 0


@pytest.mark.parametrize("line_end", ["\r", "\r\n"])
def test_other_line_ends_in_a_cell_are_counted(check, line_end):
    source = line_end.join(["", "", "import keras", "keras.engine"])
    raw = json.dumps({"cells": [{"cell_type": "code", "source": source}]})
    (finding,) = check(raw, "n.ipynb")
    assert (finding.cell, finding.line) == (1, 4)
    assert raw[offset(raw, finding.stored) :].startswith("keras.engine")
