"""`migrate --docs` moves the code in documents, and nothing else of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from keras_imports.cli import main
from keras_imports.codemod import aim, migrate_file

MOVED = {  # a name: the file, its text, its text after `--to keras`
    "a block": (
        "a.md",
        "Use `tf.keras`:\n\n```python\nimport tensorflow as tf\n\nx = tf.keras.Model()  # tf.keras\n```\n",
        "Use `tf.keras`:\n\n```python\nimport keras\n\nx = keras.Model()  # tf.keras\n```\n",
    ),
    "tildes and attributes": (
        "a.markdown",
        "~~~~ {.python .numberLines}\nfrom tensorflow.keras import Model\n~~~~\n",
        "~~~~ {.python .numberLines}\nfrom keras import Model\n~~~~\n",
    ),
    "py, and no end": (
        "a.md",
        "```py\nfrom tensorflow.keras import Model\n",
        "```py\nfrom keras import Model\n",
    ),
    "in a list": (
        "a.md",
        "1. First\n\n   ```python\n   if x:\n       from tensorflow.keras import Model\n\n       y()\n   ```\n",
        "1. First\n\n   ```python\n   if x:\n       from keras import Model\n\n       y()\n   ```\n",
    ),
    "the first of an item": (
        "a.md",
        "- ```python\n  import tensorflow as tf\n  tf.keras.Model(tf.nn)\n  ```\n",
        "- ```python\n  import keras\n  import tensorflow as tf\n  keras.Model(tf.nn)\n  ```\n",
    ),
    "with magics": (
        "a.md",
        "```python\n!pip install keras\n%matplotlib inline\nfrom tensorflow.keras import Model\n```\n",
        "```python\n!pip install keras\n%matplotlib inline\nfrom keras import Model\n```\n",
    ),
    "names of an earlier block": (
        "a.md",
        "```python\nimport tensorflow as tf\n```\n\nThen\n\n```python\nm = tf.keras.Model()\n```\n",
        "```python\nimport keras\n```\n\nThen\n\n```python\nm = keras.Model()\n```\n",
    ),
    "a name that a later block needs": (
        "a.md",
        "```python\nimport tensorflow as tf\n```\n```python\ntf.keras.Model(tf.constant(1))\n```\n",
        "```python\nimport keras\nimport tensorflow as tf\n```\n"
        "```python\nkeras.Model(tf.constant(1))\n```\n",
    ),
    "each block its own import": (
        "a.md",
        "```python\nimport tensorflow as tf\ntf.keras.Model()\n```\n" * 2,
        "```python\nimport keras\nkeras.Model()\n```\n" * 2,
    ),
    "doctests in a block": (
        "a.md",
        "```python\n>>> import tensorflow as tf\n>>> tf.keras.layers.Dense(\n...     3)\n<keras.Dense>\n"
        ">>> tf.constant(1)\n```\n",
        "```python\n>>> import keras\n>>> import tensorflow as tf\n>>> keras.layers.Dense(\n...     3)\n"
        "<keras.Dense>\n>>> tf.constant(1)\n```\n",
    ),
    "a call": (
        "a.md",
        "```pycon\n>>> from keras.optimizers import Adam\n>>> Adam(lr=0.1)\n```\n",
        "```pycon\n>>> from keras.optimizers import Adam\n>>> Adam(learning_rate=0.1)\n```\n",
    ),
    "a directive": (
        "a.rst",
        "See\n\n.. code-block:: python\n   :linenos:\n\n   import tensorflow as tf\n\n   tf.keras.Model()\n"
        "\nEnd tf.keras\n",
        "See\n\n.. code-block:: python\n   :linenos:\n\n   import keras\n\n   keras.Model()\n"
        "\nEnd tf.keras\n",
    ),
    "an indented directive": (
        "a.rst",
        "* See\n\n  .. code:: python\n\n    from tensorflow.keras import Model\n  end\n",
        "* See\n\n  .. code:: python\n\n    from keras import Model\n  end\n",
    ),
    "doctests": (
        "a.rst",
        "See\n\n>>> from tensorflow.keras import Model\n>>> Model\n<keras.Model>\n",
        "See\n\n>>> from keras import Model\n>>> Model\n<keras.Model>\n",
    ),
    "a docstring that imports": (
        "a.py",
        'def f():\n    """F.\n\n    >>> import tensorflow as tf\n    >>> tf.keras.Model()\n    tf.keras\n    """\n',
        'def f():\n    """F.\n\n    >>> import keras\n    >>> keras.Model()\n    tf.keras\n    """\n',
    ),
    "a docstring with its module's names": (
        "a.py",
        '"""M.\n\n>>> tf.keras.Model(\n...     1)\n"""\nimport tensorflow as tf\n\ntf.keras.Model(tf.nn)\n',
        '"""M.\n\n>>> keras.Model(\n...     1)\n"""\nimport keras\nimport tensorflow as tf\n\n'
        "keras.Model(tf.nn)\n",
    ),
    "docstrings are apart": (
        "a.py",
        'def f():\n    """F.\n\n    >>> import tensorflow as tf\n    >>> tf.keras.Model()\n    """\n\n\n'
        'class G:\n    """G.\n\n    >>> tf = 1\n    >>> tf.keras\n    """\n',
        'def f():\n    """F.\n\n    >>> import keras\n    >>> keras.Model()\n    """\n\n\n'
        'class G:\n    """G.\n\n    >>> tf = 1\n    >>> tf.keras\n    """\n',
    ),
    "line ends of DOS": (
        "a.md",
        "a\r\n```python\r\nimport tensorflow as tf\r\ntf.keras.Model(tf.nn)\r\n```\r\n",
        "a\r\n```python\r\nimport keras\r\nimport tensorflow as tf\r\nkeras.Model(tf.nn)\r\n```\r\n",
    ),
    "a byte order mark, tabs and no last newline": (
        "a.md",
        "\ufeff\t```python\n\tfrom tensorflow.keras import Model\n\n\t```\n\tä",
        "\ufeff\t```python\n\tfrom keras import Model\n\n\t```\n\tä",
    ),
}

CODE = "import tensorflow as tf\ntf.keras.Model()\n"
ALONE = {  # what stays as it is, without a word
    "prose": ("a.md", f"Write\n{CODE}"),
    "a code span": ("a.md", "`import keras.layers.core`"),
    "another language": ("a.md", f"```bash\n{CODE}```\n"),
    "no language": ("a.md", f"```\n{CODE}```\n"),
    "a role of MyST": ("a.md", f"```{{py:function}} f\n{CODE}```\n"),
    "an indented block": ("a.md", "    import tensorflow.keras\n"),
    "a fence inside of another": ("a.md", f"````text\n```python\n{CODE}```\n````\n"),
    "examples outside of a block": ("a.md", ">>> import tensorflow.keras\n"),
    "not Python, not Keras": ("a.md", "```python\nx = (\n```\n"),
    "without an import": ("a.md", "```python\ntf.keras.Model()\n```\n"),
    "names of a later block": ("a.md", "```python\ntf.keras.Model\n```\n```python\ntf = 1\n```\n"),
    "the output of a doctest": ("a.rst", ">>> x\nfrom tensorflow.keras import Model\n"),
    "a directive of another language": ("a.rst", ".. code-block:: c\n\n   import keras.engine\n"),
    "a literal block": ("a.rst", "So::\n\n   import tensorflow.keras\n"),
    "a comment that shows a doctest": ("a.py", "# >>> import tensorflow.keras.layers\n"),
    "a string that is no docstring": ("a.py", 'x = """\n>>> import tensorflow.keras\n"""\n'),
    "a docstring with escapes": (
        "a.py",
        '"""M.\n\n>>> import tensorflow.keras; print("\\n")\n"""\n',
    ),
    "another file": ("a.txt", f"```python\n{CODE}```\n"),
}


def migrate(folder: Path, name: str, text: str, *options: str) -> tuple[int, str]:
    path = folder / name
    path.write_bytes(text.encode())
    code = main(["migrate", str(folder), "--to", "keras", *options])
    return code, path.read_bytes().decode()


@pytest.mark.parametrize("case", MOVED)
def test_moved(case: str, tmp_path: Path) -> None:
    name, text, expected = MOVED[case]
    assert migrate(tmp_path, name, text, "--docs") == (0, expected)
    assert migrate(tmp_path, name, expected, "--docs") == (0, expected)


@pytest.mark.parametrize("case", ALONE)
def test_left_alone(case: str, tmp_path: Path) -> None:
    name, text = ALONE[case]
    assert migrate(tmp_path, name, text, "--docs") == (0, text)


@pytest.mark.parametrize(
    ("name", "text", "line", "column", "message"),
    [
        ("a.md", "\n```python\nimport keras\nm = keras.(\n```\n", 3, 1, "not Python 3"),
        (
            "a.md",
            "- a\n\n  ```py\n  x\n  from keras.backend import set_session\n  ```\n",
            5,
            29,
            "no counterpart",
        ),
        ("a.rst", "a\n\n>>> print 'keras'\n", 3, 5, "Python 2"),
        (
            "a.py",
            'def f():\n    """F.\n\n    >>> K.set_session\n    """\n\n\nimport keras.backend as K\n',
            4,
            9,
            "no counterpart",
        ),
    ],
)
def test_left_and_said(
    name: str, text: str, line: int, column: int, message: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(text)
    outcome = migrate_file(str(path), aim("keras"), docs=True)
    assert [(left.line, left.column) for left in outcome.left] == [(line, column)]
    assert message in outcome.left[0].message
    assert path.read_text() == text


def test_documents_are_not_looked_at_unless_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, text, _ = MOVED["a block"]
    assert migrate(tmp_path, name, text) == (0, text)
    assert "0 of 0 files" in capsys.readouterr().err
    name, text, _ = MOVED["a docstring that imports"]
    assert migrate(tmp_path, name, text) == (0, text)


def test_a_broken_module_is_reported_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = '"""\n>>> import keras\n"""\nimport keras\nx = (\n'
    assert migrate(tmp_path, "a.py", text, "--docs") == (2, text)
    assert capsys.readouterr().err.count("a.py: not Python 3") == 1


def test_not_utf_8(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"\xe4\n```python\nimport keras\n```\n")
    assert main(["migrate", str(path), "--to", "tf_keras", "--docs"]) == 2
    assert "a.md: not UTF-8: byte 0xe4; left as it is" in capsys.readouterr().err


def test_check_and_diff_write_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, text, _ = MOVED["a block"]
    assert migrate(tmp_path, name, text, "--docs", "--check") == (1, text)
    assert "would move" in capsys.readouterr().out
    assert migrate(tmp_path, name, text, "--docs", "--diff") == (0, text)
    assert "\n+import keras\n" in capsys.readouterr().out


def test_report_for_programs(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    text = "```python\nfrom keras.backend import set_session\n```\n"
    code, _ = migrate(tmp_path, "a.md", text, "--docs", "--json", str(report))
    assert code == 1
    (row,) = json.loads(report.read_text())["files"]
    assert (row["file"], row["left"][0]["line"]) == (str(tmp_path / "a.md"), 2)
