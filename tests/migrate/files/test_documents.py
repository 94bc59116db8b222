"""`migrate --docs` moves the code in documents, and nothing else of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from keras_imports.cli import main
from keras_imports.engine.job import Job
from keras_imports.knowledge.target import parse_target
from keras_imports.migrate.files.source_files import migrate_file

EXAMPLE = ">>> import tensorflow as tf\n>>> tf.keras.Model()\n"
DOCUMENT = f"Use it:\n\n```python\n{EXAMPLE}```\n"
DATA = Path(__file__).parents[2] / "data" / "docs_cases.txt"
BYTES = [
    pytest.param(
        "a\r\n```py\r\nimport tensorflow as tf\r\ntf.keras.Model(tf.nn)\r\n```\r\n",
        "a\r\n```py\r\nimport keras\r\nimport tensorflow as tf\r\nkeras.Model(tf.nn)\r\n```\r\n",
        id="line ends of DOS",
    ),
    pytest.param(
        "```py\n>>> if x:\n...     from tensorflow.keras import Model\n... \n```\n",
        "```py\n>>> if x:\n...     from keras import Model\n... \n```\n",
        id="a space at the end of a line",
    ),
    pytest.param(
        "\ufeff\t```python\n\tfrom tensorflow.keras import Model\n\n\t```\n\tä",
        "\ufeff\t```python\n\tfrom keras import Model\n\n\t```\n\tä",
        id="a byte order mark, tabs and no last newline",
    ),
]


def cases() -> Iterator:
    """Documents, and what becomes of them with `--to keras`; without that they stay."""
    for block in re.split(r"^=== ", DATA.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        title, _, texts = block.partition("\n")
        before, _, after = texts.partition("--->\n")
        yield pytest.param(title.partition(":")[0], before, after or before, id=title)


def migrate(folder: Path, name: str, text: str, *options: str) -> tuple[int, str]:
    path = folder / name
    path.write_bytes(text.encode())
    code = main(["migrate", str(folder), "--to", "keras", *options])
    return code, path.read_bytes().decode()


@pytest.mark.parametrize(("name", "text", "expected"), list(cases()))
def test_case(name: str, text: str, expected: str, tmp_path: Path) -> None:
    assert migrate(tmp_path, name, text, "--docs") == (0, expected)
    assert migrate(tmp_path, name, expected, "--docs") == (0, expected)


@pytest.mark.parametrize(("text", "expected"), BYTES)
def test_all_else_stays_as_it_is(text: str, expected: str, tmp_path: Path) -> None:
    assert migrate(tmp_path, "a.md", text, "--docs") == (0, expected)


def test_much_is_left_alone() -> None:
    found = [case.values for case in cases()]
    assert sum(before == after for _, before, after in found) >= len(found) / 3


@pytest.mark.parametrize(
    ("name", "text", "line", "column", "message"),
    [
        ("a.md", "\n```python\nimport keras\nm = keras.(\n```\n", 3, 1, "not Python 3"),
        (
            "a.md",
            "- a\n\n  ```py\n  x\n  from keras.backend import set_session\n  ```\n",
            5,
            29,
            "is not in",
        ),
        ("a.rst", "a\n\n>>> print 'keras'\n", 3, 5, "Python 2"),
        (
            "a.py",
            'def f():\n    """F.\n\n    >>> K.set_session\n    """\n\n\n'
            "import keras.backend as K\n",
            4,
            9,
            "is not in",
        ),
    ],
)
def test_left_and_said(
    name: str, text: str, line: int, column: int, message: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(text)
    outcome = migrate_file(str(path), Job(parse_target("keras"), docs=True))
    assert [(left.line, left.column) for left in outcome.left] == [(line, column)]
    assert message in outcome.left[0].message
    assert path.read_text() == text


def test_documents_are_not_looked_at_unless_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert migrate(tmp_path, "a.md", DOCUMENT) == (0, DOCUMENT)
    assert "0 of 0 files" in capsys.readouterr().err
    text = f'"""M.\n\n{EXAMPLE}"""\n'
    assert migrate(tmp_path, "a.py", text) == (0, text)


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
    assert migrate(tmp_path, "a.md", DOCUMENT, "--docs", "--check") == (1, DOCUMENT)
    assert "would move" in capsys.readouterr().out
    assert migrate(tmp_path, "a.md", DOCUMENT, "--docs", "--diff") == (0, DOCUMENT)
    assert "\n+>>> import keras\n" in capsys.readouterr().out


def test_report_for_programs(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    text = "```python\nfrom keras.backend import set_session\n```\n"
    code, _ = migrate(tmp_path, "a.md", text, "--docs", "--json", str(report))
    assert code == 1
    (row,) = json.loads(report.read_text())["files"]
    assert (row["file"], row["left"][0]["line"]) == (str(tmp_path / "a.md"), 2)
