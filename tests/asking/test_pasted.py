"""Texts as people paste them: what is put around a message does not change the answer."""

from __future__ import annotations

import json
import time

import pytest

from keras_imports.asking.answers import explain
from keras_imports.asking.pasted import read_pasted

LINE = "model.fit(x, y, nb_epoch=3)"
MESSAGE = "TypeError: fit() got an unexpected keyword argument 'nb_epoch'"
PLAIN = f"""\
Traceback (most recent call last):
  File "/home/me/train.py", line 12, in <module>
    {LINE}
  File "/env/lib/python3.11/site-packages/keras/src/utils/traceback_utils.py", line 122, in handler
    raise e.with_traceback(filtered_tb) from None
{MESSAGE}
"""
CELL = f"""\
---------------------------------------------------------------------------
TypeError                                 Traceback (most recent call last)
Cell In[7], line 2
      1 x, y = data()
----> 2 {LINE}
      3 print("done")

File /env/lib/python3.11/site-packages/keras/src/utils/traceback_utils.py:122, in handler(*args)
    121 try:
--> 122     raise e.with_traceback(filtered_tb) from None

{MESSAGE}
"""
SHAPES = {
    "plain": PLAIN,
    "coloured": PLAIN.replace("File", "\x1b[1;31mFile\x1b[0m").replace(
        "fit(", "\x1b[36mfit\x1b[0m("
    ),
    "Windows": PLAIN.replace("/home/me/", "C:\\me\\").replace("\n", "\r\n"),
    "quoted": "".join(f"> {line}\n" for line in PLAIN.splitlines()),
    "indented": "".join(f"        {line}\n" for line in PLAIN.splitlines()),
    "of a container": "".join(f"web_1  | {line}\n" for line in PLAIN.splitlines()),
    "logged": "".join(f"2024-05-01 10:00:00,123 ERROR {line}\n" for line in PLAIN.splitlines()),
    "logged as a document": json.dumps({"trace": PLAIN}),
    "as a page": PLAIN.replace("'", "&#39;").replace('"', "&quot;"),
    "below others": "2024-05-01 10:00:00.1: I tensorflow/core/util/port.cc:153] oneDNN\n" * 9
    + PLAIN,
    "cell": CELL,
    "older cell": CELL.replace("Cell In[7], line 2", "<ipython-input-7-5a5c> in <module>()"),
    "Colab": CELL.replace(
        "Cell In[7], line 2", "[<ipython-input-7-5a5c>](https://localhost:8080/#) in"
    ).replace("in\n", "in <cell line: 1>()\n"),
    "editor": CELL.replace(
        "----> 2 ", "----> [2](vscode-notebook-cell:?execution_count=7&line=2) "
    ),
    "test": f"""\
    def test_training():
>       {LINE}
E       {MESSAGE}

test_train.py:12: TypeError
""",
    "rich": f"""\
╭───────────── Traceback (most recent call last) ──────────────╮
│ /home/me/train.py:12 in main                                 │
│                                                              │
│   11 │   x, y = data()                                       │
│ ❱ 12 │   {LINE}                         │
╰──────────────────────────────────────────────────────────────╯
{MESSAGE}
""",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_message_and_line_are_found_in_every_shape(shape):
    answer = explain(SHAPES[shape])
    said = "\n".join(answer.lines)
    assert answer.is_known
    assert answer.lines[0] == MESSAGE
    assert "    model.fit(x, y, epochs=3)" in said.splitlines(), said


@pytest.mark.parametrize(
    "text",
    [
        "cannot import name 'Adam'\nfrom 'keras.optimizers'",
        "ImportError: cannot import name 'Adam' from 'keras.opt\nimizers' (/env/keras/o.py)",
        "so I get “cannot import name ‘Adam’ from ‘keras.optimizers’”, why?",
        "**ImportError: cannot import name 'Adam' from 'keras.optimizers'**",
    ],
)
def test_a_message_may_be_broken_or_stand_in_a_sentence(text):
    answer = explain(text)
    assert answer.is_known
    assert "`keras.optimizers.Adam` is in keras 1.0 to 2.4" in " ".join(answer.lines)


def test_the_last_error_counts():
    first = PLAIN.replace(MESSAGE, "KeyError: 'acc'")
    text = (
        f"{first}\nDuring handling of the above exception, another exception occurred:\n\n{PLAIN}"
    )
    assert explain(text).lines[0] == MESSAGE


def test_an_earlier_error_counts_where_the_last_is_not_of_keras():
    text = PLAIN + "\nDuring handling of the above exception:\n\nRuntimeError: training failed\n"
    assert explain(text).lines[0] == MESSAGE


def test_the_line_of_another_package_is_named_as_one():
    text = PLAIN.replace("/home/me/train.py", "/env/lib/python3.11/site-packages/tcn/tcn.py")
    said = " ".join(explain(text).lines)
    assert "The line is in the package tcn, in tcn.py:" in said
    assert "look for a newer release of tcn" in said


@pytest.mark.parametrize(
    "text",
    [
        "KeyError: 'name'",
        "ModuleNotFoundError: No module named 'flask'",
        "AttributeError: 'DataFrame' object has no attribute 'append'",
        "AttributeError: 'list' object has no attribute 'shape'",
        "AttributeError: module 'tensorflow' has no attribute 'nothing_of_it'",
        "ImportError: cannot import name 'Mapping' from 'collections'",
        "hello",
    ],
)
def test_what_is_not_known_is_said_to_be_so(text):
    answer = explain(text)
    assert not answer.is_known
    assert "no message that is known here" in " ".join(answer.lines)


def test_what_is_not_known_leads_to_the_file_that_is_named():
    text = PLAIN.replace(MESSAGE, "ValueError: something else")
    assert "`keras-imports check /home/me/train.py`" in " ".join(explain(text).lines)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "File " * 200_000,
        "Error: " * 150_000,
        "".join(f"ValueError: number {number}\n" for number in range(45_000)),
        "'a' " * 250_000,
        ("----> 1 " + "(" * 100 + "\n") * 9_000,
        "No module named '" * 60_000,
        PLAIN * 3_000,
        "\x1b[" * 500_000,
        "[a](http" * 125_000,
        "\n" * 1_000_000,
    ],
    ids=range(11),
)
def test_a_megabyte_takes_no_two_seconds(text):
    explain(MESSAGE)  # what is read once
    start = time.process_time()
    explain(text)
    assert time.process_time() - start < 2


def test_frames_are_those_outside_of_keras():
    pasted = read_pasted(PLAIN)
    assert [(frame.file, frame.code) for frame in pasted.frames] == [("/home/me/train.py", LINE)]
    assert pasted.files == ("/home/me/train.py",)


@pytest.mark.parametrize(("line", "becomes"), [(LINE, "model.fit(x, y, epochs=3)"), ("f(x)", "")])
def test_of_an_unknown_message_the_line_is_moved_that_failed(line, becomes):
    said = explain(PLAIN.replace(MESSAGE, "ValueError: nobody knows").replace(LINE, line))
    assert not said.is_known
    assert [each.strip() for each in said.lines if each.startswith("    ")][1:] == (
        [becomes] if becomes else []
    )
