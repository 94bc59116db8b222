"""Whatever is wrong with a file becomes one clear line, and the other files are still read."""

from __future__ import annotations

import json
import os

import pytest

from keras_imports.engine.program import Program
from keras_imports.migrate.files.shared_names import SharedNames
from keras_imports.python.files import LARGEST, Problem
from keras_imports.python.magics import without_magics
from keras_imports.python.sources import Wanted, read
from keras_imports.python.syntax import parse
from keras_imports.python.walk import walk

CODE = "import keras\n"


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)


def notebook(*cells, **metadata):
    rows = [
        {"cell_type": kind, "source": text, "metadata": {}, "outputs": []} for kind, text in cells
    ]
    return json.dumps({"cells": rows, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("import keras\nprint 'x'\n", "2: Python 2, not Python 3"),
        ("import keras\ntry: x\nexcept A, b: pass\n", "3: Python 2, not Python 3"),
        ("import keras\ndef f(:\n", "2: not Python 3: invalid syntax"),
        (b"import keras\n\0\n", "2: not Python: contains a NUL byte"),
        (b"# caf\xe9\nimport keras\n", ": not UTF-8, and no encoding is declared"),
        (b"# coding: klingon\nimport keras\n", ": cannot be decoded: unknown encoding: klingon"),
        (b"\xff\xfe" + CODE.encode("utf-16-le"), ": UTF-16 text"),
        ("import keras\nx = " + "(" * 500 + ")" * 500, "not Python 3: "),
    ],
)
def test_bad_files_are_one_line(tmp_path, data, message):
    file = write(tmp_path / "bad.py", data)
    source, problems = read(file)
    assert source is None
    [line] = map(str, problems)
    assert "\n" not in line
    assert message in line
    assert line.startswith(file)


def test_too_large(tmp_path):
    file = tmp_path / "large.py"
    with file.open("wb") as stream:
        stream.truncate(LARGEST + 1)
    assert "too large for source code (10 MB)" in str(read(str(file))[1][0])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbfimport keras\n", "import keras\n"),
        (b"# -*- coding: latin-1 -*-\ns = '\xe9'; import keras\n", "é"),
        (b"import keras\r\nx = 1\rz = 2\n", "import keras\nx = 1\nz = 2\n"),
        ("import keras\nx = '\\d'\n", "\\d"),
    ],
)
def test_odd_encodings_are_read(tmp_path, data, expected):
    source, problems = read(write(tmp_path / "a.py", data))
    assert not problems
    assert expected in source.text


def test_no_permission(tmp_path):
    file = tmp_path / "secret.py"
    file.write_text(CODE)
    file.chmod(0)
    if os.access(file, os.R_OK):
        pytest.skip("the superuser may read everything")
    assert str(read(str(file))[1][0]).endswith("permission denied")


def test_links(tmp_path):
    (tmp_path / "a.py").write_text(CODE)
    (tmp_path / "dangling.py").symlink_to("nowhere.py")
    (tmp_path / "itself.py").symlink_to("itself.py")
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "loop").symlink_to("..")
    (tmp_path / "elsewhere").symlink_to(tmp_path / "package")
    found = walk([str(tmp_path)]).items
    files = [os.path.basename(item) for item in found if isinstance(item, str)]
    assert files == ["a.py", "dangling.py", "itself.py"]
    [loop] = [item for item in found if isinstance(item, Problem)]
    assert "a link back to a directory above it" in str(loop)
    assert "a link to a file that does not exist" in str(read(str(tmp_path / "dangling.py"))[1][0])
    assert "symbolic links" in str(read(str(tmp_path / "itself.py"))[1][0])


def test_not_a_regular_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.py")
    assert "not a regular file" in str(read(str(tmp_path / "pipe.py"))[1][0])


def test_what_is_walked(tmp_path):
    for name in ("a.py", "b.pyi", "c.ipynb", "d.txt", ".hidden/e.py", "build/f.py", "pkg/g.py"):
        write(tmp_path / name, CODE)
    write(tmp_path / "env" / "pyvenv.cfg", "")
    write(tmp_path / "env" / "lib" / "h.py", CODE)
    found = [os.path.relpath(item, tmp_path) for item in walk([str(tmp_path)]).files]
    assert found == ["a.py", "b.pyi", "c.ipynb", os.path.join("pkg", "g.py")]
    assert walk([str(tmp_path / "d.txt")]).items == [str(tmp_path / "d.txt")]
    assert "no such file" in str(walk([str(tmp_path / "nowhere")]).items[0])


def test_only_what_is_wanted_is_parsed(tmp_path):
    wanted = Wanted(lambda data: b"keras" in data, lambda text: "import" in text)
    wrong = write(tmp_path / "a.py", "def f(:\n")
    assert read(wrong, wanted) == (None, [])
    assert read(wrong)[1]
    mentioned = write(tmp_path / "b.py", "# keras\ndef f(:\n")
    assert read(mentioned, wanted) == (None, [])
    imported = write(tmp_path / "c.py", "import keras\ndef f(:\n")
    assert read(imported, wanted)[1]


def test_a_notebook_is_one_module_with_places(tmp_path):
    cells = [
        ("markdown", "# keras"),
        ("code", ["%matplotlib inline\n", "!pip install keras\n", "import keras"]),
        ("code", "%%bash\nimport keras.engine"),
        ("code", "x = !ls\nfiles = %who_ls\nkeras.layers?\n?keras\nkeras.engine"),
    ]
    source, problems = read(write(tmp_path / "n.ipynb", notebook(*cells)))
    assert not problems
    lines = source.text.split("\n")
    assert source.place(lines.index("import keras") + 1) == (2, 3)
    assert source.place(lines.index("keras.engine") + 1) == (4, 5)
    assert "bash" not in source.text


def test_a_broken_cell_leaves_the_others(tmp_path):
    cells = [("code", "import keras"), ("code", "def f(:"), ("code", "keras.engine")]
    source, problems = read(write(tmp_path / "n.ipynb", notebook(*cells)))
    assert [str(p).partition("n.ipynb")[2] for p in problems] == [
        ":cell 2:1: not Python 3: invalid syntax"
    ]
    assert "keras.engine" in source.text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("keras {", "broken notebook: not JSON"),
        ('{"keras": 1}', "broken notebook: JSON, but without a notebook's cells"),
        ('["keras"]', "broken notebook: the whole is no object of JSON"),
        ('{"cells": "keras"}', "broken notebook: `cells` is no list"),
        ('{"cells": ["keras"]}', "broken notebook: cell 1 is no object of JSON"),
        ('{"cells": [{"source": "keras"}]}', "broken notebook: cell 1 has no `cell_type`"),
        (
            '{"cells": [{"cell_type": "code", "source": ["keras", 5]}]}',
            "broken notebook: the source of cell 1 is neither a string nor a list of strings",
        ),
        (
            '{"cells": [{"cell_type": "code", "source": {"keras": 1}}]}',
            "broken notebook: the source of cell 1 is neither a string nor a list of strings",
        ),
        ('{"cells": [], "metadata": 5, "a": "keras"}', "broken notebook: `metadata` is no object"),
        (
            '{"cells": [], "metadata": {"kernelspec": "keras"}}',
            "broken notebook: `metadata.kernelspec` is no object of JSON",
        ),
        ('{"worksheets": {"keras": 1}}', "broken notebook: `worksheets` is no list"),
        ('{"worksheets": [["keras"]]}', "broken notebook: a worksheet is no object of JSON"),
        ("[" * 100_000 + "keras", "broken notebook: not JSON"),
    ],
)
def test_broken_notebooks(tmp_path, text, message):
    [problem] = read(write(tmp_path / "n.ipynb", text))[1]
    assert problem.message.startswith(message)


@pytest.mark.parametrize(
    "metadata", [{"kernelspec": {"language": "R"}}, {"language_info": {"name": "R"}}]
)
def test_a_notebook_of_another_language(tmp_path, metadata):
    text = notebook(("code", "library(keras)"), **metadata)
    source, problems = read(write(tmp_path / "n.ipynb", text))
    assert (source.text, problems) == ("", [])


def test_python_is_not_taken_for_magic():
    code = 'x = """\n%d\n!x\n"""\n# why?\n'
    assert without_magics(code) == code
    assert without_magics("%%time\nimport keras") == "pass\nimport keras"
    assert without_magics("%env A=b") == without_magics("%set_env A b") == "os.environ['A'] = 'b'"
    assert without_magics("%env\n%env A\n!env A=b") == "pass\npass\npass"
    assert parse(without_magics("if x:\n    !ls \\\n      -l\n# why?\n"))


def test_no_reader_takes_a_file_that_is_too_large(tmp_path):
    path = write(tmp_path / "large.py", "from helpers import model\nimport keras\n")
    os.truncate(path, LARGEST + 1)
    (problem,) = read(path)[1]
    assert problem.message == "too large for source code (10 MB), not read"
    assert SharedNames.of([path]).by_module == {}
    assert Program([path], ()).keras == set()
